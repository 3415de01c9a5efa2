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
from decimal import Decimal

from studyapp.packs.interchange.items import Refused, named

_ESCAPED = "~=#{}:\\"
# Decoded text holds no lone half of a character: an escaped sign can stand as one while signs are looked for.
_HIDE = {sign: chr(0xD800 + ord(sign)) for sign in (*_ESCAPED, "\n")}
_SHOW = {ord(hidden): sign for sign, hidden in _HIDE.items()}
_TO_ESCAPE = re.compile(r"[~=#{}:\\\n]")
_CATEGORY = "$CATEGORY:"
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][-+]?[0-9]{1,2})?\Z")
_LARGEST = Decimal(10) ** 12


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
    its braces.
    """

    piece: Piece
    comments: tuple[str, ...]
    category: bool = False
    gaps: bool = False


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
    reader = _Reader()
    offset = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        stripped = line.strip()
        start = offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        if stripped.startswith("//"):
            reader.comments.append(stripped[2:].strip())
        elif stripped.startswith(_CATEGORY):
            yield from reader.ended()
            yield Paragraph(_piece([(stripped, start)]), (), category=True)
        elif stripped:
            reader.add(stripped, start)
        elif reader.open and _closes(lines, number):
            reader.gaps = True
        else:
            yield from reader.ended()
    yield from reader.ended()


MOST_GAPS = 200
"""Lines that are looked through for the brace that closes a question with blank lines in it."""


def _closes(lines: list[str], number: int) -> bool:
    """Whether a brace closes what is open before another one opens."""
    for line in lines[number + 1 : number + MOST_GAPS]:
        stripped = line.strip()
        if stripped.startswith("//"):
            continue
        bare = re.sub(r"\\.", "", stripped)
        brace = re.search(r"[{}]", bare)
        if stripped.startswith(("::", _CATEGORY)):
            return False
        if brace is not None:
            return brace[0] == "}"
    return False


class _Reader:
    """Gathers the lines of one paragraph."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int]] = []
        self.comments: list[str] = []
        self.open = False
        self.gaps = False

    def add(self, line: str, start: int) -> None:
        self.lines.append((line, start))
        for sign in re.findall(r"[{}]", re.sub(r"\\.", "", line)):
            self.open = sign == "{"

    def ended(self) -> Iterator[Paragraph]:
        if self.lines:
            yield Paragraph(_piece(self.lines), tuple(self.comments), gaps=self.gaps)
            self.comments = []
        self.lines, self.open, self.gaps = [], False, False


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
