"""Values: `number`, `text`, `point`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studyapp.packs.claims import ClaimSource
from studyapp.packs.fields import Word
from studyapp.packs.findings import Findings, Place
from studyapp.packs.kinds.source import AnswerSource, Reading
from studyapp.packs.problems import quoted
from studyapp.packs.worlds import Worlds
from studyapp.questions.grader import Key
from studyapp.questions.parts import NumberPart, PointPart, TextPart
from studyapp.questions.question import Variant
from studyapp.questions.values import (
    ANY_WORDS,
    LONGEST_TEXT,
    POINTABLE,
    accepted,
    folded,
    matches,
    nearest_typed,
    off,
    with_unit,
)

MOST_TEXTS = 50
LONGEST_UNIT = 20
LARGEST = 1e12
"""The largest tolerance."""


class NumberSource(AnswerSource):
    """The claim that gives a number."""

    part: NumberPart

    def __init__(self, part: NumberPart, source: ClaimSource) -> None:
        super().__init__("number", part, (source.place(1),), ((0, source),))

    def shown(self, variant: Variant, key: Key) -> tuple[object, ...]:
        """The unit."""
        return (self.part.unit,)

    def check(self, variant: Variant, key: Key, worlds: Worlds, findings: Findings) -> None:
        """The number can be typed, or one that is near enough."""
        if off(nearest_typed(key[0]), key[0]) > Fraction(repr(self.part.tolerance)):
            message = f"the answer is {with_unit(key[0], self.part.unit)}, which nobody can type"
            hint = "give a tolerance, or ask in another unit: it has too many digits"
            findings.say(self.places[0], "not-typable", message, hint, values=variant.names)

    def words(self, key: Key, index: int) -> str:
        """The number."""
        return f"the answer is {with_unit(key[0], self.part.unit)}"

    def differs(self, entry: Any, other: Any) -> bool:
        """Two numbers further apart than the tolerance."""
        return bool(abs(entry - other) > self.part.tolerance)


def read_number(given: Reading) -> NumberSource | None:
    """`answer`, a claim that is a number; `unit`; `tolerance`."""
    source = given.claim("answer")
    unit = given.fields.word("unit")
    if unit is not None and len(unit.text) > LONGEST_UNIT:
        given.fields.say(unit, "out-of-range", f"unit has at most {LONGEST_UNIT} characters")
    tolerance = given.fields.number("tolerance", 0, LARGEST)
    given.whole_body()
    if source is None:
        return None
    return NumberSource(NumberPart(source.claim, unit.text if unit is not None else "", tolerance or 0.0), source)


class TextSource(AnswerSource):
    """The texts that are accepted."""

    def __init__(self, part: TextPart, words: tuple[Word, ...]) -> None:
        super().__init__("text", part, ((words[0].line, words[0].column),))
        self.accept_places: tuple[Place, ...] = tuple((word.line, word.column) for word in words)

    def check(self, variant: Variant, key: Key, worlds: Worlds, findings: Findings) -> None:
        """No text is empty or accepts everything, and none is accepted by another one already."""
        texts = accepted(variant)
        for index, (text, place) in enumerate(zip(texts, self.accept_places, strict=True)):
            words = folded(text).split()
            values = variant.names
            if not words:
                findings.say(place, "empty-text", "nothing is left to accept: the text is empty", values=values)
            elif _accepts_all(text):
                findings.say(place, "accepts-all", f"{quoted(text)} accepts every answer", values=values)
            elif any(ANY_WORDS in word and word != ANY_WORDS for word in words):
                hint = "set it apart by spaces, for any words"
                findings.say(
                    place, "bad-pattern", f"a {ANY_WORDS} in {quoted(text)} is part of a word", hint, values=values
                )
            else:
                self._alone(index, texts, findings, variant)

    def _alone(self, index: int, texts: tuple[str, ...], findings: Findings, variant: Variant) -> None:
        """No other text accepts this one; of two that accept each other the later one is too many."""
        for other, pattern in enumerate(texts):
            both = other > index and matches(texts[index], pattern)
            if other != index and not both and not _accepts_all(pattern) and matches(pattern, texts[index]):
                message = f"{quoted(texts[index])} is accepted by {quoted(pattern)} already"
                findings.say(self.accept_places[index], "same-text", message, "leave it out", values=variant.names)
                return


def _accepts_all(pattern: str) -> bool:
    return set(folded(pattern).split()) == {ANY_WORDS}


def read_text(given: Reading) -> TextSource | None:
    """`accept`, a list of texts."""
    words = given.fields.words("accept", needed=True)
    if given.fields.has("accept") and not given.fields.items("accept"):
        given.say(given.fields.key("accept"), "empty-list", "accept is a list of at least one text")
    if len(words) > MOST_TEXTS:
        given.fields.say(words[MOST_TEXTS], "out-of-range", f"accept has at most {MOST_TEXTS} texts")
    for word in words:
        if len(word.text) > LONGEST_TEXT:
            given.fields.say(word, "out-of-range", f"a text has at most {LONGEST_TEXT} characters")
    given.whole_body()
    return TextSource(TextPart(tuple(word.text for word in words)), words) if words else None


class PointSource(AnswerSource):
    """The claim that gives a list of names."""

    def __init__(self, part: PointPart, source: ClaimSource) -> None:
        super().__init__("point", part, (source.place(1),), ((0, source),))

    def words(self, key: Key, index: int) -> str:
        """The names."""
        return f"the answer is {', '.join(sorted(key[0]))}"


def read_point(given: Reading) -> PointSource | None:
    """`answer`, a claim that is a list of names; `among`, the kinds of components to choose from."""
    source = given.claim("answer")
    among = given.one_of_each("among", POINTABLE)
    given.whole_body()
    return PointSource(PointPart(source.claim, among), source) if source is not None else None
