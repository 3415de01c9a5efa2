"""Lines of text that fit a width, measured in the columns of a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

WIDEST = 80
"""Columns that a line of prose takes at most, however wide the window is."""
NARROWEST = 20
"""Columns below which lines are no longer made to fit."""


def columns(text: str) -> int:
    """The columns that a text takes: two for a wide character, none for one that joins the character before it."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> Iterator[str]:
    """The lines of a paragraph: `first` stands before the first, `rest` (spaces as wide) before the others.

    A newline in the text begins a new line; other white space than blanks joins words. A word wider than the line stays
    whole, so that an address can be copied.
    """
    rest = " " * columns(first) if rest is None else rest
    before = first
    for part in text.split("\n"):
        line, used = before, columns(before)
        empty = True
        for word in filter(None, part.split(" ")):
            needed = columns(word)
            if not empty and used + 1 + needed > width:
                yield line
                line, used, empty = rest, columns(rest), True
            line, used = (line + word, used + needed) if empty else (f"{line} {word}", used + 1 + needed)
            empty = False
        yield line.rstrip()
        before = rest


def indented(lines: Iterable[str], first: str, rest: str | None = None) -> Iterator[str]:
    """Lines with something before the first, and something before the others; empty lines stay empty."""
    rest = " " * columns(first) if rest is None else rest
    before = first
    for line in lines:
        yield (before + line).rstrip()
        before = rest
