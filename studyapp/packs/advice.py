"""Advice on questions that are right: options that nobody would choose, or that give the answer away by their looks.

Each piece says the numbers that show it. None of it is an error: a person judges.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import takewhile

from studyapp.cluster.claims.claim import Claim
from studyapp.packs.findings import Findings
from studyapp.packs.judgement import Foresight, Judged
from studyapp.packs.likeness import pairs
from studyapp.packs.problems import Problem
from studyapp.packs.questions import QuestionSource
from studyapp.packs.worlds import CannotRun, Worlds, truth_if

WORDS_A_MINUTE = 200
"""Words of technical prose that are read in a minute, at an unhurried pace."""
MOST_SECONDS = 90
"""Seconds that a question may take to read: an exam leaves about as many to read and to answer."""
FEWEST_OPTIONS = 3
"""Options of a question below which none is called weak."""
FEWEST = 8
"""Questions, or options, below which nothing is said of how they look over the pack."""
DEVIATIONS = 2.0
"""Standard deviations from chance beyond which looks give the answer away."""
SHORTEST_STEM = 5
"""Letters below which a word that differs is another word, not another form of it."""
LONGEST_STEM = 60
"""Letters above which a word is none, and is not compared letter by letter."""
SAME_STEM = 0.85
NAMED = 3
"""Questions that advice over the pack names as examples."""

_ABSOLUTE = re.compile(r"\b(?:always|never)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:[.,:]\d+)*(?![\w-])")
_WORD = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)*")
_ARTICLES = frozenset(("a", "an", "the"))


@dataclass(frozen=True, slots=True)
class Looks:
    """How the options of a choice look, over its variants; each number is a share of them.

    `longest`: the right option is longer than every other. `lone`: one option alone has a number, and `lone_right`: it
    is the right one. `absolute` counts options with words such as *always*, `absolute_right` those of them that hold.
    """

    options: int
    longest: float
    lone: float
    lone_right: float
    absolute: float
    absolute_right: float


# -- one question -----------------------------------------------------------------------------------------------------


def looks_of(source: QuestionSource, tried: Sequence[Judged]) -> Looks | None:
    """How the options of a choice look; None for other kinds, and where nothing could be tried."""
    if source.question.kind != "choice" or not tried:
        return None
    longest = lone = lone_right = absolute = absolute_right = 0
    for judged in tried:
        texts = [option.text for option in sorted(judged.variant.options, key=lambda option: option.index)]
        right = [index for index, holds in enumerate(judged.key) if holds]
        most = max(map(len, texts))
        longest += right == [index for index, text in enumerate(texts) if len(text) == most]
        numbered = [index for index, text in enumerate(texts) if _NUMBER.search(text)]
        lone += len(numbered) == 1
        lone_right += len(numbered) == 1 and numbered == right
        strong = [index for index, text in enumerate(texts) if _ABSOLUTE.search(text)]
        absolute += len(strong)
        absolute_right += len(set(strong) & set(right))
    shares = (count / len(tried) for count in (longest, lone, lone_right, absolute, absolute_right))
    return Looks(len(source.question.options), *shares)


def advise(
    source: QuestionSource, tried: Sequence[Judged], foresight: Foresight | None, worlds: Worlds, findings: Findings
) -> None:
    """Advice on one question, whose variants are right so far as they were tried."""
    if not tried:
        return
    if foresight is not None:
        _weak(source, tried, foresight, worlds, findings)
    _alike(source, tried, findings)
    _reading_time(source, tried, findings)


def _weak(
    source: QuestionSource, tried: Sequence[Judged], foresight: Foresight, worlds: Worlds, findings: Findings
) -> None:
    """A wrong option that the model decides is right in another variant, or somebody may believe it, if only that what
    was so before goes on. Of two options the wrong one is all that is left.
    """
    if source.question.kind not in ("choice", "multi") or len(source.question.options) < FEWEST_OPTIONS:
        return
    believed = foresight.beliefs or {}
    for index, claim in source.answer.claims:
        known = index in believed or not source.answer.decided[index] or any(judged.key[index] for judged in tried)
        if not known and not any(_was_so(claim.claim, judged, worlds) for judged in tried):
            variants = "its one variant" if len(tried) == 1 else f"none of {len(tried):,} variants"
            right = "not right in" if len(tried) == 1 else "right in"
            count = len(foresight.tried)
            beliefs = f"none of the {count} misconceptions that bear on it leads" if count else "no misconception leads"
            message = f"the option is {right} {variants}, and {beliefs} to it"
            findings.say(source.answer.places[index], "weak-option", message)


def _was_so(claim: Claim, judged: Judged, worlds: Worlds) -> bool:
    """The claim held before the timeline."""
    scenario = judged.variant.scenario
    if scenario is None:
        return False
    try:
        before = worlds.outcome(replace(scenario, timeline=(), until_ms=None))
    except CannotRun:
        return False
    truth = truth_if(claim, before, judged.variant.names)
    return truth is not None and truth.holds is True


def _alike(source: QuestionSource, tried: Sequence[Judged], findings: Findings) -> None:
    """No two options say nearly the same, or rest on one claim."""
    claims: dict[str, int] = {}
    for index, claim in source.answer.claims if source.question.options else ():
        if not source.answer.decided[index]:
            continue
        other = claims.setdefault("".join(claim.claim.text.split()), index)
        if other != index:
            message = f"options {other + 1} and {index + 1} have the same claim"
            findings.say(source.answer.places[index], "alike-options", message)
    seen = set()
    for judged in tried:
        texts = [option.text for option in sorted(judged.variant.options, key=lambda option: option.index)]
        for index, text in enumerate(texts) if source.question.options else ():
            for other in range(index):
                if (other, index) not in seen and nearly_same(texts[other], text):
                    seen.add((other, index))
                    message = f"options {other + 1} and {index + 1} differ in next to nothing"
                    values = judged.variant.names
                    findings.say(source.answer.places[index], "alike-options", message, values=values)


def nearly_same(one: str, other: str) -> bool:
    """Two texts that read differently only in stops, articles or the form of one word."""
    if one.casefold() == other.casefold():
        return False
    mine, others = _words(one), _words(other)
    if not mine or len(mine) != len(others):
        return False
    apart = [(a, b) for a, b in zip(mine, others, strict=True) if a != b]
    return (not apart and _bare(one) != _bare(other)) or (len(apart) == 1 and _same_stem(*apart[0]))


def _bare(text: str) -> str:
    return " ".join(text.casefold().replace("*", "").replace("`", "").split())


def _same_stem(one: str, other: str) -> bool:
    """Two forms of a word; what holds a digit is a name or a number."""
    lengths = sorted((len(one), len(other)))
    if not (one.isalpha() and other.isalpha() and lengths[0] >= SHORTEST_STEM and lengths[1] <= LONGEST_STEM):
        return False
    if one[:3] != other[:3]:
        return False
    return SequenceMatcher(None, one, other).ratio() >= SAME_STEM


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _ARTICLES]


def _reading_time(source: QuestionSource, tried: Sequence[Judged], findings: Findings) -> None:
    """The longest variant can be read in a fair time."""
    judged = max(tried, key=lambda judged: _length(judged))
    words = _length(judged)
    seconds = round(words * 60 / WORDS_A_MINUTE)
    if seconds > MOST_SECONDS:
        message = f"it takes {seconds} s to read its {words} words; more than {MOST_SECONDS} s is long"
        findings.say((source.question.line, 1), "long-reading", message, values=judged.variant.names)


def _length(judged: Judged) -> int:
    variant = judged.variant
    return sum(len(text.split()) for text in (variant.prompt, *(option.text for option in variant.options)))


# -- over the pack ----------------------------------------------------------------------------------------------------


def advise_pack(looks: Sequence[tuple[str, Looks]], path: str) -> Iterator[Problem]:
    """Advice on how right and wrong options look over the pack; `looks` has those of each choice by its id."""
    longest = [(name, each.longest, 1.0, 1 / each.options) for name, each in looks]
    yield from _cue(
        longest,
        path,
        "longest-option",
        lambda share, chance, all_: (
            f"the right option is the longest in {share:.0%} of the questions; by chance it would be in {chance:.0%}"
        ),
    )
    numbered = [(name, each.lone_right, each.lone, each.lone / each.options) for name, each in looks if each.lone]
    yield from _cue(
        numbered,
        path,
        "only-number",
        lambda share, chance, all_: (
            f"where one option alone has a number, it is the right one in {share:.0%} of {all_:.0f} questions; by "
            f"chance it would be in {chance:.0%}"
        ),
    )
    absolute = [
        (name, each.absolute - each.absolute_right, each.absolute, each.absolute * (1 - 1 / each.options))
        for name, each in looks
        if each.absolute
    ]
    yield from _cue(
        absolute,
        path,
        "absolute-words",
        lambda share, chance, all_: (
            f"of {all_:.0f} options with always or never {share:.0%} are wrong; by chance {chance:.0%} would be"
        ),
    )


def _cue(
    rows: Sequence[tuple[str, float, float, float]], path: str, code: str, words: Callable[[float, float, float], str]
) -> Iterator[Problem]:
    """A finding where something is seen more often than chance allows. A row is the id of a question, how often it is
    seen there, of how many, and how often chance would have it.
    """
    all_ = sum(row[2] for row in rows)
    if all_ < FEWEST:
        return
    often = sum(row[1] for row in rows)
    expected = sum(row[3] for row in rows)
    spread = math.sqrt(sum(row[3] * (1 - row[3] / row[2]) for row in rows))
    if often > expected + DEVIATIONS * spread:
        shown = [name for name, seen, _, _ in sorted(rows, key=lambda row: -row[1]) if seen][:NAMED]
        message = f"{words(often / all_, expected / all_, all_)}; for one, in {', '.join(shown)}"
        yield Problem(path, 1, 1, code, message)


def check_alike(sources: Iterable[QuestionSource]) -> Iterator[Problem]:
    """No two questions ask nearly the same, but for those that extend one another: their author says so."""
    known = list(sources)
    texts = [_asked(source) for source in known]
    for one, other, share in pairs(texts):
        first, second = known[one].question, known[other].question
        if _root(known[one]) == _root(known[other]):
            continue
        same = f"{share:.0%} of it is the same"
        message = f"it asks nearly what {first.id} asks: {same}"
        yield Problem(second.path, second.line, 1, "alike-questions", message)


def _root(source: QuestionSource) -> str:
    """The file that a question, through whichever others, extends; its own where it extends none."""
    return source.origin.starts[-1][1] if source.origin is not None else source.question.path


def _asked(source: QuestionSource) -> tuple[str, ...]:
    """The words of everything that sets a question apart: what is varied, what happens, what is asked and answered."""
    lines = takewhile(lambda line: not line.startswith("## "), source.lines)
    return tuple(word for line in lines for word in _WORD.findall(line.casefold()))
