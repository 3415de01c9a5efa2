"""A grid of cells to draw on: text with styles, and lines that join by themselves where they meet.

No Textual here: what is drawn can be read as plain text in a test.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len

from studyapp.cluster.describe import Component
from studyapp.tui import folding

LIGHT, HEAVY, DOUBLE = 1, 2, 3
"""Weights of lines; a cluster keeps one weight all over a picture."""

UP, RIGHT, DOWN, LEFT = range(4)

# One row for each weight: the 16 joints by which of up, right, down and left they lead to, as bits 1, 2, 4, 8.
_SAME = {
    LIGHT: " ╵╶└╷│┌├╴┘─┴┐┤┬┼",
    HEAVY: " ╹╺┗╻┃┏┣╸┛━┻┓┫┳╋",
    DOUBLE: " ║═╚║║╔╠═╝═╩╗╣╦╬",
}
# (up, right, down, left) where weights meet.
_MIXED = {
    (0, 1, 3, 0): "╓",
    (3, 1, 3, 0): "╟",
    (3, 1, 3, 1): "╫",
    (0, 1, 3, 1): "╥",
    (3, 1, 0, 1): "╨",
    (1, 3, 1, 3): "╪",
    (1, 3, 1, 0): "╞",
    (0, 1, 2, 0): "┎",
    (2, 1, 2, 0): "┠",
    (2, 1, 2, 1): "╂",
    (0, 1, 2, 1): "┰",
    (2, 1, 0, 1): "┸",
    (1, 2, 1, 2): "┿",
    (1, 2, 1, 0): "┝",
    (2, 3, 2, 3): "╬",
    (3, 2, 3, 2): "╋",
}
_ASCII_LINES = {LIGHT: "|-", HEAVY: "|~", DOUBLE: "|="}

SIGNS = {
    "up": "●",
    "down": "✖",
    "silent": "◌",
    "cut off": "⊘",
    "role": "★",
    "starting": "☆",
    "beat": "♥",
    "full": "█",
    "empty": "░",
    "now": "▸",
    "more": "…",
    "dot": "·",
    "split": "│",
}
ASCII_SIGNS = {
    "up": "o",
    "down": "x",
    "silent": "?",
    "cut off": "%",
    "role": "*",
    "starting": "+",
    "beat": "",
    "full": "#",
    "empty": ".",
    "now": ">",
    "more": "~",
    "dot": "-",
    "split": "|",
}


_TO_ASCII = {**folding.SIGNS, **{SIGNS[name]: ASCII_SIGNS[name] or " " for name in SIGNS}}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one style. `style` names what it is (`up`, `role`, `frame` …), never a colour."""

    text: str
    style: str = "text"
    selected: bool = False
    fresh: bool = False
    """Something has just happened to it."""


Line = tuple[Piece, ...]
Cell = tuple[str, tuple[str, bool, bool]]
"""A character, empty where a wide one before it goes on, and its style, whether it is selected, and fresh."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a thing is on the picture: `x`, `y` of its first cell, and how many cells wide and lines high it is."""

    x: int
    y: int
    width: int
    height: int
    component: Component

    def covers(self, x: int, y: int) -> bool:
        """The cell belongs to it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@lru_cache(maxsize=4096)
def cell_width(character: str) -> int:
    """Columns that one character takes: 0, 1 or 2."""
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc") else min(2, cell_len(character))


def cells(text: str) -> int:
    """Columns that a text takes."""
    return len(text) if text.isascii() else sum(map(cell_width, text))


def fit(text: str, width: int, more: str = "…") -> str:
    """The text in at most `width` columns; what is left out is told by `more`."""
    if cells(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = "", 0
    for character in text:
        used += cell_width(character)
        if used > width - 1:
            break
        kept += character
    return kept + more


def wrapped(text: str, width: int) -> Iterator[str]:
    """The words of a text in lines of at most `width` columns; a word that is longer is cut."""
    line = ""
    for word in text.split():
        if line and cells(line) + 1 + cells(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else fit(word, width)
    if line:
        yield line


def in_ascii(text: str) -> str:
    """The text for a terminal that shows nothing else, with the signs of pictures as their legend tells them."""
    return folding.in_ascii(text, _TO_ASCII)


class Canvas:
    """Cells that are written once and read out as lines. What falls outside is left out."""

    def __init__(self, width: int, height: int, *, ascii_only: bool = False) -> None:
        self.width, self.height, self.ascii_only = width, height, ascii_only
        self.signs = ASCII_SIGNS if ascii_only else SIGNS
        self._text: dict[tuple[int, int], Cell] = {}
        self._joints: dict[tuple[int, int], list[int]] = {}
        self._line_styles: dict[tuple[int, int], str] = {}

    def text(
        self, x: int, y: int, text: str, style: str = "text", *, selected: bool = False, fresh: bool = False
    ) -> int:
        """Write over whatever is there; return the column after it. A character that would not fit is left out."""
        look = (style, selected, fresh)
        for character in in_ascii(text) if self.ascii_only else text:
            wide = cell_width(character)
            if not wide:
                self._add_mark(x - 1, y, character)
                continue
            if x + wide > self.width:
                break
            self._text[(x, y)] = (character, look)
            for covered in range(x + 1, x + wide):
                self._text[(covered, y)] = ("", look)
            x += wide
        return x

    def _add_mark(self, x: int, y: int, mark: str) -> None:
        """Put an accent on the character before; what else has no width is left out."""
        if unicodedata.category(mark) == "Mn" and not "\ufe00" <= mark <= "\ufe0f" and (x, y) in self._text:
            character, look = self._text[(x, y)]
            if character:
                self._text[(x, y)] = (character + mark, look)

    def horizontal(self, x: int, end: int, y: int, weight: int, style: str) -> None:
        """A line from column `x` to column `end`."""
        for column in range(x, end):
            self._join(column, y, RIGHT, weight, style)
            self._join(column + 1, y, LEFT, weight, style)

    def vertical(self, x: int, y: int, end: int, weight: int, style: str) -> None:
        """A line from row `y` down to row `end`."""
        for row in range(y, end):
            self._join(x, row, DOWN, weight, style)
            self._join(x, row + 1, UP, weight, style)

    def stub(self, x: int, y: int, side: int, weight: int, style: str) -> None:
        """Half a line from the middle of a cell to one side."""
        self._join(x, y, side, weight, style)

    def box(self, x: int, y: int, width: int, height: int, style: str) -> None:
        """A light frame."""
        right, bottom = x + width - 1, y + height - 1
        for row in (y, bottom):
            self.horizontal(x, right, row, LIGHT, style)
        for column in (x, right):
            self.vertical(column, y, bottom, LIGHT, style)

    def plain_line_at(self, x: int, y: int) -> bool:
        """Nothing but a horizontal line passes here."""
        up, right, down, left = self._joints.get((x, y), [0, 0, 0, 0])
        return (x, y) not in self._text and bool(right and left and not up and not down)

    def _join(self, x: int, y: int, side: int, weight: int, style: str) -> None:
        joint = self._joints.setdefault((x, y), [0, 0, 0, 0])
        if weight >= joint[side]:
            joint[side] = weight
            self._line_styles[(x, y)] = style

    def line_sample(self, weight: int) -> str:
        """One cell of a horizontal line."""
        return _ASCII_LINES[weight][1] if self.ascii_only else _SAME[weight][0b1010]

    def rows(self) -> tuple[Line, ...]:
        """Everything that was drawn, with neighbours of one style joined; each line is exactly `width` columns."""
        rows = [[_EMPTY] * self.width for _ in range(self.height)]
        for (x, y), joint in self._joints.items():
            if 0 <= x < self.width and 0 <= y < self.height:
                character = _line_character(*joint, ascii_only=self.ascii_only)
                rows[y][x] = (character, (self._line_styles[(x, y)], False, False))
        for (x, y), cell in self._text.items():
            if 0 <= x < self.width and 0 <= y < self.height:
                rows[y][x] = cell
        return tuple(tuple(_pieces(row)) for row in rows)


_EMPTY: Cell = (" ", ("text", False, False))


def _pieces(row: Iterable[Cell]) -> Iterator[Piece]:
    for look, cells_ in groupby(row, key=itemgetter(1)):
        text = "".join(character for character, _ in cells_)
        if text:
            yield Piece(text, *look)


@lru_cache(maxsize=1024)
def _line_character(up: int, right: int, down: int, left: int, *, ascii_only: bool) -> str:
    """What joins lines of these weights."""
    heaviest = max(up, right, down, left)
    if ascii_only:
        across, along = bool(left or right), bool(up or down)
        return "+" if across and along else _ASCII_LINES[heaviest][int(across)]
    mixed = _MIXED.get((up, right, down, left))
    return mixed or _SAME[heaviest][bool(up) + 2 * bool(right) + 4 * bool(down) + 8 * bool(left)]


def as_text(lines: Iterable[Line], *, marks: bool = False) -> str:
    """The lines without styles, for people and tests; with `marks`, what is selected stands in « »."""
    return "".join(
        "".join(f"«{p.text}»" if marks and p.selected else p.text for p in line).rstrip() + "\n" for line in lines
    )
