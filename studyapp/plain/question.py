"""A question asked in lines: the prompt, the cluster in words, the options by number."""

from __future__ import annotations

import re

from studyapp.cluster.bench import Bench
from studyapp.packs.prose import parse_prose
from studyapp.plain.diagram import standing
from studyapp.plain.prose import one_line, prose_lines
from studyapp.plain.sayings import joined
from studyapp.plain.talk import Talk, Word
from studyapp.questions.question import Response, Variant

NUMBERS = re.compile(r"\d+(?:(?:\s*,\s*|\s+and\s+|\s+)\d+)*", re.IGNORECASE)
"""One number or several: `2`, `1 3`, `1, 3`, `1 and 3`."""


def tell_markdown(talk: Talk, markdown: str) -> None:
    """Say a text of a pack."""
    talk.lines(prose_lines(parse_prose(markdown), talk.width))


def plainly(markdown: str) -> str:
    """A short text of a pack in one paragraph."""
    return one_line(parse_prose(markdown))


def tell_question(talk: Talk, variant: Variant) -> None:
    """Say the prompt, the cluster before anything happens, and the options in the order shown."""
    tell_markdown(talk, variant.prompt)
    if variant.scenario is not None:
        talk.gap()
        talk.say("The cluster, before anything happens:")
        talk.items(standing(Bench.of(variant.scenario)))
    talk.gap()
    talk.say("Options, one of them is right:" if variant.question.kind == "choice" else "Options, any may be right:")
    talk.numbered(plainly(option.text) for option in variant.options)


def prompt_for(variant: Variant) -> str:
    """The prompt at which the options are chosen."""
    last = len(variant.options)
    return f"Your answer, 1 to {last}" if variant.question.kind == "choice" else "Your answers, such as 1 3"


def words_for(variant: Variant) -> tuple[Word, ...]:
    """What may be typed to choose options."""
    last = len(variant.options)
    if variant.question.kind == "choice":
        return (Word(f"1 to {last}", "choose that option"),)
    return (Word("1 3", f"choose the options 1 and 3, and no others; any numbers from 1 to {last}"),)


def chosen(variant: Variant, typed: str) -> Response | str:
    """The options that numbers mean, or a sentence that says what is wrong with them."""
    last = len(variant.options)
    numbers = sorted({int(number) for number in re.findall(r"\d+", typed)})
    if any(not 1 <= number <= last for number in numbers):
        return f"The options are numbered 1 to {last}."
    if variant.question.kind == "choice" and len(numbers) > 1:
        return "Only one option is right: type one number."
    return frozenset(variant.options[number - 1].index for number in numbers)


def are_numbers(typed: str) -> bool:
    """Whether what was typed is one number or several."""
    return NUMBERS.fullmatch(typed) is not None


def numbers_of(variant: Variant, response: Response) -> str:
    """Chosen options by the numbers shown: `2`, `1 and 3`."""
    return joined(str(place) for place, option in enumerate(variant.options, start=1) if option.index in response)
