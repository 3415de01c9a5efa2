"""The syntax of Moodle's GIFT: paragraphs, comments, escapes, and pieces of text that know where they stand.

It follows the importer that Moodle has, `question/format/gift/format.php`: a blank line ends a question, lines lose
the spaces at their ends, and the escapes `\\~ \\= \\# \\{ \\} \\: \\n` and `\\\\` are known:
any other backslash is text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from studyapp.packs.interchange.items import Refused, named

_ESCAPED = "~=#{}:\\"
# Decoded text holds no lone half of a character: an escaped sign can stand as one while signs are looked for.
_HIDE = {sign: chr(0xD800 + ord(sign)) for sign in (*_ESCAPED, "\n")}
_SHOW = {ord(hidden): sign for sign, hidden in _HIDE.items()}
_TO_ESCAPE = re.compile(r"[~=#{}:\\\n]")
_CATEGORY = "$CATEGORY:"
_TITLED = re.compile(r"::.*?::")
_NAMED = re.compile(r"question: [\d.]+\s+name: (?!Switch category to )(.*)")
"""What Moodle writes before a question; of one that it cannot write nothing follows."""
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][-+]?[0-9]{1,2})?\Z")
_LARGEST = Decimal(10) ** 12
MOST_ANSWERS = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph, escaped signs hidden; `at` is the offset in the source of each character, `end` that
    of what follows.
    """

    text: str
    at: tuple[int, ...]
    end: int

    @property
    def start(self) -> int:
        """Where it begins in the source."""
        return self.at[0] if self.at else self.end

    def cut(self, start: int, end: int | None = None) -> Piece:
        """A part of it."""
        stop = len(self.text) if end is None else end
        return Piece(self.text[start:stop], self.at[start:stop], self.at[stop] if stop < len(self.at) else self.end)

    def stripped(self) -> Piece:
        """Without spaces at its ends."""
        left = len(self.text) - len(self.text.lstrip())
        return self.cut(left, max(len(self.text.rstrip()), left))

    def split(self, sign: str) -> Iterator[Piece]:
        """The parts between each `sign`."""
        start = 0
        while (found := self.text.find(sign, start)) >= 0:
            yield self.cut(start, found)
            start = found + len(sign)
        yield self.cut(start)

    def shown(self) -> str:
        """The text, escaped signs in their places."""
        return self.text.translate(_SHOW).strip()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands between blank lines: its text, and the comments before and in it. `gaps`: it has blank lines inside
    its braces. `close`: no blank line stands before it. `absent`: there is only a comment that names a question.
    """

    piece: Piece
    comments: tuple[str, ...]
    category: bool = False
    gaps: bool = False
    close: bool = False
    absent: bool = False


class Places:
    """Line and column of each offset of a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def __call__(self, offset: int) -> tuple[int, int]:
        """Both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def escape(text: str) -> str:
    """Text as GIFT writes it, on one line."""
    return _TO_ESCAPE.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", text)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The questions and categories of a source whose lines end in newlines."""
    reader = _Reader(text.split("\n"))
    offset = 0
    for number, line in enumerate(reader.source):
        stripped = line.strip()
        start = offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        if stripped.startswith("//"):
            reader.comment(stripped, start)
        elif stripped.startswith(_CATEGORY):
            yield from reader.ended()
            reader.forget()
            yield Paragraph(_piece([(stripped, start)]), (), category=True)
        elif stripped:
            if reader.begins(stripped):
                yield from reader.ended()
                reader.close = True
            reader.add(stripped, start)
        elif reader.open and reader.closes(number):
            reader.gaps = True
        else:
            yield from reader.ended()
            yield from reader.absent()
    yield from reader.ended()
    yield from reader.absent()


MOST_GAPS = 200
"""Lines that are looked through for the brace that closes a question with blank lines in it."""


class _Reader:
    """Gathers the lines of one paragraph."""

    def __init__(self, source: list[str]) -> None:
        self.source = source
        self.lines: list[tuple[str, int]] = []
        self.comments: list[str] = []
        self.named: tuple[str, int] | None = None
        self.open = False
        self.gaps = False
        self.close = False
        self.closed_at = -1
        # Comments below the last line: they belong to what follows, unless a blank line does.
        self.below: list[str] = []

    def comment(self, line: str, start: int) -> None:
        self.below.append(line[2:].strip())
        if found := _NAMED.fullmatch(self.below[-1]):
            self.named = found[1], start

    def begins(self, line: str) -> bool:
        """Whether a line has the title of another question, though no blank line stands before it."""
        if not self.lines or not _TITLED.match(line) or (self.open and "{" not in line):
            return False
        first = self.lines[0][0]
        return not first.startswith("::") or "::" in "\n".join(text for text, _ in self.lines)[2:]

    def add(self, line: str, start: int) -> None:
        self.comments += self.below
        self.below, self.named = [], None
        self.lines.append((line, start))
        for sign in re.findall(r"[{}]", re.sub(r"\\.", "", line)):
            self.open = sign == "{"

    def closes(self, number: int) -> bool:
        """Whether a brace closes what is open at a blank line before another one opens."""
        if number > self.closed_at:
            self.closed_at = self._closing(number)
        return number < self.closed_at

    def _closing(self, number: int) -> int:
        for place, line in enumerate(self.source[number + 1 : number + MOST_GAPS], start=number + 1):
            stripped = line.strip()
            if stripped.startswith("//"):
                continue
            brace = re.search(r"[{}]", re.sub(r"\\.", "", stripped))
            if stripped.startswith(("::", _CATEGORY)):
                return -1
            if brace is not None:
                return place if brace[0] == "}" else -1
        return -1

    def ended(self) -> Iterator[Paragraph]:
        if self.lines:
            yield Paragraph(_piece(self.lines), tuple(self.comments), gaps=self.gaps, close=self.close)
        self.lines, self.comments, self.open, self.gaps, self.close = [], [], False, False, False

    def absent(self) -> Iterator[Paragraph]:
        """What a blank line leaves of the comments above it."""
        if self.named is not None:
            name, start = self.named
            yield Paragraph(Piece(name, (start,) * len(name), start), (), absent=True)
        self.forget()

    def forget(self) -> None:
        self.below, self.named = [], None


def _piece(lines: list[tuple[str, int]]) -> Piece:
    signs: list[str] = []
    at: list[int] = []
    for line, start in lines:
        place = 0
        while place < len(line):
            pair = line[place : place + 2]
            escaped = len(pair) == 2 and pair[0] == "\\" and (pair[1] in _ESCAPED or pair[1] == "n")
            signs.append(_HIDE["\n" if pair[1] == "n" else pair[1]] if escaped else line[place])
            at.append(start + place)
            place += 2 if escaped else 1
        signs.append("\n")
        at.append(start + len(line))
    return Piece("".join(signs), tuple(at), at[-1]).stripped()


_WEIGHT = re.compile(r"%(-*[0-9]{1,2}\.?[0-9]*)%")


@dataclass(frozen=True, slots=True)
class Weighed:
    """An answer: its text, its share of the points in hundredths (None: not said), and the feedback on it."""

    text: Piece
    weight: Decimal | None
    feedback: Piece | None
    equals: bool

    @property
    def share(self) -> Decimal:
        """Its share of the points in hundredths; an answer of which nothing is said is right by its sign."""
        return self.weight if self.weight is not None else Decimal(100 if self.equals else 0)


def answers(answer: Piece, signs: str) -> Iterator[tuple[str, Piece]]:
    """The parts that begin with one of the signs, each with its sign; what stands before the first has none. Raises
    Refused.
    """
    marks = [place for place, sign in enumerate(answer.text) if sign in signs]
    if len(marks) > MOST_ANSWERS:
        raise Refused(f"more than {MOST_ANSWERS} answers", answer.cut(marks[MOST_ANSWERS]).start)
    first = answer.cut(0, marks[0] if marks else None).stripped()
    if first.text:
        yield "", first
    for place, end in zip(marks, [*marks[1:], len(answer.text)], strict=False):
        part = answer.cut(place + 1, end).stripped()
        # `~=` is one sign to Moodle.
        if part.text or answer.text[end : end + 1] != "=" or answer.text[place] != "~":
            yield answer.text[place], part


def weighed(piece: Piece, *, equals: bool) -> Weighed:
    """One answer, without its sign. Raises Refused."""
    piece = piece.stripped()
    found = _WEIGHT.match(piece.text)
    weight = None
    if found is not None:
        try:
            weight = Decimal(found[1])
        except InvalidOperation:
            raise Refused(f"the weight {found[0]} is no number", piece.start) from None
        piece = piece.cut(found.end()).stripped()
    at = piece.text.find("#")
    feedback = piece.cut(at + 1).stripped() if at >= 0 else None
    text = piece.cut(0, at).stripped() if at >= 0 else piece
    if not text.text:
        raise Refused("an answer is empty: signs in a text are written '\\=' and '\\~'", piece.start)
    return Weighed(text, weight, feedback if feedback is not None and feedback.text else None, equals)


def interval(piece: Piece) -> tuple[Decimal, Decimal]:
    """A number and how far one may be off, out of `3`, `3:0.5` or `2.5..3.5`. Raises Refused."""
    text = piece.shown()
    low, dots, high = text.partition("..")
    if dots:
        first, last = _decimal(low, piece), _decimal(high, piece)
        number, tolerance = (first + last) / 2, (last - first) / 2
    else:
        value, _, off = text.partition(":")
        number, tolerance = _decimal(value, piece), _decimal(off, piece) if off else Decimal(0)
    if tolerance < 0:
        raise Refused("the range ends before it begins", piece.start)
    if abs(number) > _LARGEST or tolerance > _LARGEST:
        raise Refused("the number is too large", piece.start)
    return number, tolerance


def _decimal(text: str, piece: Piece) -> Decimal:
    if not _NUMBER.match(text.strip()):
        raise Refused(f"{named(text, 30)!r} is no number", piece.start)
    return Decimal(text.strip())
