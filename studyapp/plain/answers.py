"""How each kind of question is asked in lines, and how what is typed becomes an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from studyapp.packs.prose import parse_prose
from studyapp.plain.prose import one_line
from studyapp.plain.talk import Talk, Word
from studyapp.questions.arrangements import LETTERS
from studyapp.questions.kinds import misfit
from studyapp.questions.options import NO, YES
from studyapp.questions.parts import DesignPart, NumberPart
from studyapp.questions.question import Variant
from studyapp.questions.response import Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.questions.values import read_number

NUMBERS = re.compile(r"\d+(?:(?:\s*,\s*|\s+and\s+|\s+)\d+)*", re.IGNORECASE)
"""One number or several: `2`, `1 3`, `1, 3`, `1 and 3`."""
SAYINGS = {"y": YES, "yes": YES, "true": YES, "n": NO, "no": NO, "false": NO, "-": ""}
PAIRS = re.compile(r"(?:[a-i] ?\d(?:[\s,]+|$))+", re.IGNORECASE)
"""Letters with numbers: `a2 b1`, `A 2, B 1`."""
AS_TEXT = "="
"""What is typed before an answer that would otherwise be a word of this program."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind is asked and answered.

    `tell` says what there is to choose or arrange; `prompt` asks, `words` are what may be typed, and `wanted` says what
    is, as a sentence. `read` gives the answer, a sentence on what is wrong with it, or None for what is no answer.
    """

    tell: Callable[[Talk, Variant], None]
    prompt: Callable[[Variant], str]
    words: Callable[[Variant], tuple[Word, ...]]
    read: Callable[[Variant, str], Response | str | None]
    wanted: str
    echo: str = "You chose"


def plainly(markdown: str) -> str:
    """A short text of a pack in one paragraph."""
    return one_line(parse_prose(markdown))


def way_of(variant: Variant) -> Way:
    """How a variant is asked and answered."""
    return WAYS[variant.question.kind]


def read(variant: Variant, typed: str) -> Response | str | None:
    """The answer that was typed, a sentence on what is wrong with it, or None where it is no answer at all."""
    found = way_of(variant).read(variant, typed)
    if found is None or isinstance(found, str):
        return found
    return misfit(variant, found) or found


def _numbered(first: str) -> Callable[[Talk, Variant], None]:
    def tell(talk: Talk, variant: Variant) -> None:
        talk.say(first)
        talk.numbered(plainly(option.text) for option in variant.options)

    return tell


def _places(typed: str) -> list[int] | None:
    """The numbers typed, from 0; None where it is something else."""
    return [int(number) - 1 for number in re.findall(r"\d+", typed)] if NUMBERS.fullmatch(typed) else None


def _out_of_range(places: Iterable[int], variant: Variant, what: str) -> str:
    last = len(variant.options)
    return "" if all(0 <= place < last for place in places) else f"The {what} are numbered 1 to {last}."


# -- options --------------------------------------------------------------------------------------------------------


def _read_options(variant: Variant, typed: str) -> Response | str | None:
    places = _places(typed)
    if places is None:
        return None
    if variant.question.kind == "choice" and len(set(places)) > 1:
        return _out_of_range(places, variant, "options") or "Only one option is right: type one number."
    wrong = _out_of_range(places, variant, "options")
    return wrong or frozenset(variant.options[place].index for place in places)


def _read_series(variant: Variant, typed: str) -> Response | str | None:
    words = typed.casefold().replace(",", " ").split()
    if len(words) < 2 or any(word not in SAYINGS for word in words):
        return None
    if len(words) != len(variant.options):
        return f"Say yes or no to each of the {len(variant.options)} statements, in their order."
    said = {option.index: SAYINGS[word] for option, word in zip(variant.options, words, strict=True)}
    return Said(*(frozenset(index for index, word in said.items() if word == which) for which in (YES, NO)))


# -- values ---------------------------------------------------------------------------------------------------------


def unit_of(variant: Variant) -> str:
    """The unit of a number that is asked for; empty where it has none."""
    return variant.question.answer.unit if isinstance(variant.question.answer, NumberPart) else ""


def _tell_number(talk: Talk, variant: Variant) -> None:
    unit = unit_of(variant)
    talk.say(f"A number is asked for, in {unit}." if unit else "A number is asked for.")


def _prompt_number(variant: Variant) -> str:
    unit = unit_of(variant)
    return f"Your answer in {unit}" if unit else "Your answer, a number"


def _words_number(variant: Variant) -> tuple[Word, ...]:
    return (Word("12.5", f"answer with that number{' of ' + unit_of(variant) if unit_of(variant) else ''}"),)


def _read_number(variant: Variant, typed: str) -> Response | str | None:
    if not any(sign.isdecimal() for sign in typed):
        return None
    value = read_number(typed, unit_of(variant))
    return "Type the number with digits and a point, such as 12.5." if value is None else Number(value)


def _tell_text(talk: Talk, variant: Variant) -> None:
    talk.say("A short answer is asked for. Capitals and a final stop do not matter.")


def _read_text(variant: Variant, typed: str) -> Response | str | None:
    text = typed.removeprefix(AS_TEXT).strip()
    return Text(text) if text else None


# -- arrangements ---------------------------------------------------------------------------------------------------


def _read_order(variant: Variant, typed: str) -> Response | str | None:
    places = _places(typed)
    if places is None:
        return None
    wrong = _out_of_range(places, variant, "steps")
    return wrong or Ordered(tuple(variant.options[place].index for place in places))


def _tell_match(talk: Talk, variant: Variant) -> None:
    talk.say("Pair each of these:")
    for letter, option in zip(LETTERS, variant.options, strict=False):
        talk.say(plainly(option.text), f"{letter}. ")
    talk.say("with one of these:")
    talk.numbered(plainly(cell.text) for cell in variant.cells)


def _read_match(variant: Variant, typed: str) -> Response | str | None:
    if not PAIRS.fullmatch(typed):
        return None
    pairs: list[int | None] = [None] * len(variant.options)
    for letter, number in re.findall(r"([a-i]) ?(\d)", typed.casefold()):
        place, cell = LETTERS.lower().index(letter), int(number) - 1
        if place >= len(pairs) or not 0 <= cell < len(variant.cells):
            return f"Pair A to {LETTERS[len(pairs) - 1]} with 1 to {len(variant.cells)}, such as a2 b1."
        pairs[place] = variant.cells[cell].index
    return Paired(tuple(pairs))


# -- goals ----------------------------------------------------------------------------------------------------------


def _read_picked(variant: Variant, typed: str) -> Response | str | None:
    places = _places(typed)
    if places is not None:
        wrong = _out_of_range(places, variant, "lines")
        return wrong or Picked(frozenset(variant.options[place].text for place in places))
    known = {option.text.casefold(): option.text for option in variant.options}
    for words in (re.split(r"\s*,\s*|\s+and\s+", typed.casefold()), typed.casefold().split()):
        if all(word in known for word in words):
            return Picked(frozenset(known[word] for word in words))
    return None


def _tell_design(talk: Talk, variant: Variant) -> None:
    answer = variant.question.answer
    budget = answer.budget if isinstance(answer, DesignPart) else None
    most = f", for at most {budget} in all" if budget is not None else ""
    talk.say(f"Changes that are allowed{most}:")
    talk.numbered(plainly(option.text) for option in variant.options)


def _several(variant: Variant) -> tuple[Word, ...]:
    last = len(variant.options)
    return (Word("1 3", f"choose 1 and 3, and no others; any numbers from 1 to {last}"),)


PICK = "Type the numbers of all that belong to your answer."
WAYS: Mapping[str, Way] = {
    "choice": Way(
        _numbered("Options, one of them is right:"),
        lambda v: f"Your answer, 1 to {len(v.options)}",
        lambda v: (Word(f"1 to {len(v.options)}", "choose that option"),),
        _read_options,
        "Type the number of an option.",
    ),
    "multi": Way(
        _numbered("Options, any may be right:"),
        lambda v: "Your answers, such as 1 3",
        lambda v: (Word("1 3", f"choose the options 1 and 3, and no others; any numbers from 1 to {len(v.options)}"),),
        _read_options,
        "Type the number of an option.",
    ),
    "yes-no": Way(
        _numbered("Statements, each is true or not:"),
        lambda v: f"Yes or no to each of the {len(v.options)}, such as y n y",
        lambda v: (Word("yes no", "answer the statements in their order, one word for each"),),
        _read_series,
        "Type yes or no for each statement, in their order.",
        "You said",
    ),
    "number": Way(_tell_number, _prompt_number, _words_number, _read_number, "Type a number.", "Your answer is"),
    "text": Way(
        _tell_text,
        lambda v: "Your answer, in words",
        lambda v: (
            Word("some words", "answer with them"),
            Word(f"{AS_TEXT} and some words", "answer with them, even if they are among the words of this list"),
        ),
        _read_text,
        "Type your answer.",
        "Your answer is",
    ),
    "order": Way(
        _numbered("Steps, to be put in order:"),
        lambda v: "Their order, such as 2 3 1",
        lambda v: (Word("2 3 1", f"put 2 first, then 3, then 1; all of 1 to {len(v.options)}"),),
        _read_order,
        "Type the numbers of all steps, the first one first.",
        "Your order is",
    ),
    "match": Way(
        _tell_match,
        lambda v: "Your pairs, such as a2 b1",
        lambda v: (Word("a2 b1", "pair A with 2 and B with 1"),),
        _read_match,
        "Type each letter with its number, such as a2 b1.",
        "Your pairs are",
    ),
    "point": Way(
        _numbered("Components, any may belong to the answer:"),
        lambda v: "Your answer, such as 1 3",
        _several,
        _read_picked,
        PICK,
    ),
    "break": Way(
        _numbered("What may fail, all at once; a machine loses its power, anything else is gone:"),
        lambda v: "What you let fail, such as 1 3",
        _several,
        _read_picked,
        PICK,
    ),
    "design": Way(_tell_design, lambda v: "Your changes, such as 1 3", _several, _read_picked, PICK),
}
"""How each kind of question is asked and answered."""
