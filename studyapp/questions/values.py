"""A value: a number within a tolerance, a text that matches, a set of names."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from studyapp.cluster.claims.claim import Claim, parse_claim
from studyapp.cluster.describe import components, join
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.questions.filling import fill
from studyapp.questions.grader import PARTLY, RIGHT, WRONG, Grader, Marks, Part, Wish, marked
from studyapp.questions.parts import NumberPart, PointPart, TextPart
from studyapp.questions.question import FilledOption, Question, Variant
from studyapp.questions.response import Number, Picked, Response, Text
from studyapp.questions.runs import EMPTY, Run, Unanswerable, value_of

POINTABLE = {
    "hosts": "host",
    "vms": "vm",
    "clusters": "cluster",
    "roles": "role",
    "services": "service",
    "witness": "witness",
    "storage": "storage",
    "networks": "network",
}
"""What may be pointed at: the word of `among`, and the kind of component that it means."""
TIMES = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}
"""Units of time, each with its milliseconds."""
ANY_WORDS = "*"
LONGEST_TEXT = 200
"""Characters of a text that is typed."""
EXACT = 14
"""Digits of a fraction that count: what comes after them is the noise of sums of binary fractions."""
SHOWN = 10
"""Digits of a number that are shown."""

DIGITS = 15
"""Digits of a number that is typed, before its point and behind it."""
MOST_TYPED = 10**DIGITS - 1
"""The largest number that can be typed."""
_D = f"[0-9]{{1,{DIGITS}}}"
_NUMBER = re.compile(rf"([-+]?(?:{_D}(?:\.(?:{_D})?)?|\.{_D}))\s*([^\s0-9.]?.{{0,20}})")


class NumberGrader(Grader[NumberPart, float, Number]):
    """A number is typed."""

    part_type = NumberPart
    form = Number

    def entry(self, variant: Variant, index: int, run: Run) -> float:
        """The value of the claim."""
        value = value_of(self.part(variant.question).claim, variant, run, index)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unanswerable(index, "bad-claim", f"the claim is {value!r}, not a number")
        if not math.isfinite(value):
            hint = "ask for something that happens in every variant"
            raise Unanswerable(index, "not-finite", "the number is not finite: nobody can type it", hint)
        return value

    def mark(self, variant: Variant, key: tuple[float | None, ...], response: Response, run: Run) -> Marks:
        """Right within the tolerance, its edges included."""
        part = self.part(variant.question)
        given, right = self.given(response), key[0]
        near = given is not None and right is not None and off(given.value, right) <= Fraction(repr(part.tolerance))
        wanted = with_unit(right, part.unit) if right is not None else ""
        typed = with_unit(given.value, part.unit) if given is not None else ""
        return marked([Part(0, given is not None, near, given=typed, wanted=wanted)], float(near), wanted)

    def wishes(self, variant: Variant, response: Number, parts: Sequence[Part]) -> Iterator[Wish]:
        """The number that was typed."""
        asked = self.part(variant.question)
        if not parts[0].holds:
            low, high = response.value - asked.tolerance, response.value + asked.tolerance
            typed = parse_claim(f"{low!r} <= ({asked.claim.text}) <= {high!r}")
            yield Wish(f"{with_unit(response.value, asked.unit)} right", typed)

    def misfit(self, variant: Variant, response: Number) -> str:
        """Any number of which there is an end."""
        return "" if math.isfinite(response.value) else "Type a number."

    def told(self, variant: Variant, response: Number) -> str:
        """The number with its unit."""
        return with_unit(response.value, self.part(variant.question).unit)

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """The one that gives the number."""
        return [self.part(variant.question).claim]


def read_number(typed: str, unit: str) -> float | None:
    """The number that somebody types for a question in a unit, with or without it; None where it is none.

    A time may be typed in another unit of time.
    """
    found = _NUMBER.fullmatch(typed.strip())
    if found is None:
        return None
    value, given = float(found[1]), found[2].strip().casefold()
    if not given or given == unit.casefold():
        return value
    if unit in TIMES and given in TIMES:
        return float(Fraction(found[1]) * TIMES[given] / TIMES[unit])
    return None


def nearest_typed(value: float) -> float:
    """What is typed by somebody who knows a value: as it is shown, for there is an end to the digits that are read."""
    whole = max(-MOST_TYPED, min(MOST_TYPED, value))
    return float(f"{float(with_unit(whole, '')):.{DIGITS}f}")


def off(given: float, right: float) -> Fraction:
    """How far two numbers are apart, as they are written: 0.3 and 0.4 are a tenth apart, 0.1 + 0.2 and 0.3 nothing."""
    return abs(_written(given) - _written(right))


def _written(value: float) -> Fraction:
    """A number without the noise of its binary fraction."""
    return Fraction(value) if value == int(value) else Fraction(f"{value:.{EXACT}g}")


def with_unit(value: float, unit: str) -> str:
    """A number as people write it, with its unit."""
    digits = str(int(value)) if value == int(value) else f"{value:.{SHOWN}g}"
    return f"{digits} {unit}" if unit else digits


class TextGrader(Grader[TextPart, frozenset[str], Text]):
    """A short answer is typed."""

    part_type = TextPart
    form = Text

    def entry(self, variant: Variant, index: int, run: Run) -> frozenset[str]:
        """The texts that are accepted, filled."""
        return frozenset(accepted(variant))

    def mark(self, variant: Variant, key: tuple[frozenset[str] | None, ...], response: Response, run: Run) -> Marks:
        """Right where one of the texts matches."""
        given = self.given(response)
        right = given is not None and any(matches(pattern, given.text) for pattern in key[0] or ())
        wanted = next((text for text in accepted(variant) if ANY_WORDS not in text), accepted(variant)[0])
        typed = given.text if given is not None else ""
        return marked([Part(0, given is not None, right, given=typed, wanted=wanted)], float(right), wanted)

    def misfit(self, variant: Variant, response: Text) -> str:
        """Not too long."""
        return "" if len(response.text) <= LONGEST_TEXT else f"Type at most {LONGEST_TEXT} characters."

    def told(self, variant: Variant, response: Text) -> str:
        """The text in quotes."""
        return f'"{" ".join(response.text.split())}"'

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """None: the author decides."""
        return []


def accepted(variant: Variant) -> tuple[str, ...]:
    """The texts that a variant of this kind accepts, in the author's order."""
    answer = variant.question.answer
    assert isinstance(answer, TextPart), "the kind of a question goes with its answer part"
    return tuple(fill(text, variant.names) for text in answer.accept)


def folded(text: str) -> str:
    """A text without what does not matter: capitals, spaces around and between words, the final stop."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    return " ".join(plain.split()).rstrip(" .").strip()


def matches(pattern: str, text: str) -> bool:
    """Whether a text is what a pattern says, both folded; `*` in the pattern stands for any words, also for none."""
    return _matches(folded(pattern).split(), folded(text).split())


def _matches(pattern: list[str], words: list[str]) -> bool:
    """Word by word; after a `*` the shortest stretch that lets the rest match is as good as any."""
    place = since = 0
    star = -1
    for_words = 0
    while for_words < len(words):
        if place < len(pattern) and pattern[place] == ANY_WORDS:
            star, since = place, for_words
            place += 1
        elif place < len(pattern) and pattern[place] == words[for_words]:
            place += 1
            for_words += 1
        elif star >= 0:
            since += 1
            place, for_words = star + 1, since
        else:
            return False
    return all(word == ANY_WORDS for word in pattern[place:])


class PointGrader(Grader[PointPart, frozenset[str], Picked]):
    """Components are pointed at."""

    part_type = PointPart
    form = Picked

    def options(
        self, question: Question, values: Mapping[str, Value], scenario: Scenario | None
    ) -> tuple[FilledOption, ...]:
        """The components among which the answer is, in the order of the scenario."""
        kinds = {POINTABLE[word] for word in self.part(question).among or POINTABLE}
        there = components(scenario or EMPTY)
        names = dict.fromkeys(component.name for component in there if component.kind in kinds)
        return tuple(FilledOption(index, name) for index, name in enumerate(names))

    def entry(self, variant: Variant, index: int, run: Run) -> frozenset[str]:
        """The names that the claim gives."""
        value = value_of(self.part(variant.question).claim, variant, run, index)
        if not isinstance(value, tuple):
            raise Unanswerable(index, "bad-claim", f"the claim is {value!r}, not a list of names")
        known = {option.text for option in variant.options}
        for name in value:
            if name not in known:
                hint = "say in 'among' what kinds of components there are to choose from"
                raise Unanswerable(index, "not-among", f"{name!r} is none of the components to point at", hint)
        if not value:
            raise Unanswerable(index, "no-right-option", "there is nothing to point at")
        return frozenset(str(name) for name in value)

    def mark(self, variant: Variant, key: tuple[frozenset[str] | None, ...], response: Response, run: Run) -> Marks:
        """The same set, or nothing."""
        given = self.given(response)
        picked, right = given.names if given is not None else frozenset(), key[0] or frozenset()
        parts = tuple(
            Part(o.index, o.text in picked, o.text in right, label=str(number), text=o.text)
            for number, o in enumerate(variant.options, start=1)
        )
        part_of_it = bool(picked & right) and (picked < right or picked > right)
        verdict = RIGHT if picked == right else PARTLY if part_of_it else WRONG
        return Marks(float(picked == right), verdict, parts, join(tuple(p.text for p in parts if p.holds)))

    def wishes(self, variant: Variant, response: Picked, parts: Sequence[Part]) -> Iterator[Wish]:
        """All that was pointed at, and nothing else."""
        found = f"({self.part(variant.question).claim.text})"
        if any(part.chosen != part.holds for part in parts):
            each = [f"{name!r} in {found}" for name in sorted(response.names)]
            exactly = parse_claim(" and ".join([*each, f"len{found} == {len(each)}"]))
            yield Wish(f"{picked_words(variant, response)} right", exactly)

    def misfit(self, variant: Variant, response: Picked) -> str:
        """Components that there are."""
        return not_there(variant, response)

    def told(self, variant: Variant, response: Picked) -> str:
        """The names, in the order shown."""
        return picked_words(variant, response)

    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """The one that gives the names."""
        return [self.part(variant.question).claim]


def not_there(variant: Variant, response: Picked) -> str:
    """A sentence on the first name that is none of those to choose from; empty where there is none."""
    known = {option.text for option in variant.options}
    return next((f"There is no {name} to choose." for name in sorted(response.names) if name not in known), "")


def picked_words(variant: Variant, response: Picked) -> str:
    """What was picked, in the order shown."""
    return join(tuple(option.text for option in variant.options if option.text in response.names))
