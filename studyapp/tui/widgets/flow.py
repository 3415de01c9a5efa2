"""Text that flows: pieces that know how to fill a width, and the one widget that shows any number of them.

A lesson's section, a question's feedback and an exam's rules are each a single widget, however long they are: a screen
of a few widgets answers a key at once, a screen of hundreds does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

BLANK = Content("")
NARROWEST = 8
"""Cells that a piece is laid out in at the least; what is wider than its place is cut off there."""


class Piece(Protocol):
    """Something that fills a width with lines."""

    def lines(self, width: int) -> list[Content]:
        """The lines of this piece, none wider than `width` cells where that can be helped."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """Running text, with `first` before its first line and `rest` before the others; both of one width."""

    content: Content
    first: Content = BLANK
    rest: Content = BLANK

    def lines(self, width: int) -> list[Content]:
        """The text, wrapped between words."""
        room = max(NARROWEST, width - max(self.first.cell_length, self.rest.cell_length))
        wrapped = self.content.wrap(room)
        return [(self.rest if number else self.first) + line for number, line in enumerate(wrapped)]


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""

    def lines(self, width: int) -> list[Content]:
        """One line."""
        return [BLANK]


@dataclass(frozen=True, slots=True)
class Line:
    """A line across."""

    style: str = "$line"

    def lines(self, width: int) -> list[Content]:
        """One line."""
        return [Content.styled("─" * max(0, width), self.style)]


@dataclass(frozen=True, slots=True)
class Ends:
    """One line with something at either end; where both do not fit, the left end is cut."""

    left: Content
    right: Content

    def lines(self, width: int) -> list[Content]:
        """One line."""
        return [ends(self.left, self.right, width)]


@dataclass(frozen=True, slots=True)
class Indented:
    """Pieces with something before each of their lines."""

    pieces: tuple[Piece, ...]
    first: Content
    rest: Content

    def lines(self, width: int) -> list[Content]:
        """The lines of the pieces, one piece after another."""
        room = max(NARROWEST, width - max(self.first.cell_length, self.rest.cell_length))
        inner = [line for piece in self.pieces for line in piece.lines(room)]
        return [(self.rest if number else self.first) + line for number, line in enumerate(inner)]


@dataclass(frozen=True, slots=True)
class Written:
    """Text shown as it is written, on ground of its own; a line that is too long goes on in the next."""

    content: Content
    style: str = "on $panel"

    def lines(self, width: int) -> list[Content]:
        """The lines, each as wide as the piece."""
        room = max(NARROWEST, width - 2)
        folded = [
            part for line in self.content.split(allow_blank=True) for part in (line.fold(room) if line else [line])
        ]
        return [
            part.pad_left(1).pad_right(max(0, width - 1 - part.cell_length)).stylize_before(self.style)
            for part in folded
        ]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a header; where the window is too narrow for columns, each row becomes a list of its cells."""

    header: tuple[Content, ...]
    rows: tuple[tuple[Content, ...], ...]

    def lines(self, width: int) -> list[Content]:
        """The table as lines."""
        columns = len(self.header)
        room = width - 3 * (columns - 1)
        if not columns or room < columns * NARROWEST:
            return self._listed(width)
        widths = column_widths(
            [max(row[i].cell_length for row in (self.header, *self.rows)) for i in range(columns)], room
        )
        between = Content.styled(" │ ", "$line")
        lines = self._row(tuple(cell.stylize_before("bold") for cell in self.header), widths, between)
        lines.append(Content.styled("─┼─".join("─" * each for each in widths), "$line"))
        several = any(len(self._row(row, widths, between)) > 1 for row in self.rows)
        for number, row in enumerate(self.rows):
            if several and number:
                lines.append(between.join(Content(" " * each) for each in widths))
            lines.extend(self._row(row, widths, between))
        return lines

    def _row(self, cells: tuple[Content, ...], widths: Sequence[int], between: Content) -> list[Content]:
        wrapped = [cell.wrap(width) for cell, width in zip(cells, widths, strict=True)]
        height = max(len(cell) for cell in wrapped)
        return [
            between.join(
                (cell[y] if y < len(cell) else BLANK).pad_right(
                    max(0, width - (cell[y].cell_length if y < len(cell) else 0))
                )
                for cell, width in zip(wrapped, widths, strict=True)
            )
            for y in range(height)
        ]

    def _listed(self, width: int) -> list[Content]:
        lines: list[Content] = []
        for number, row in enumerate(self.rows):
            lines += [BLANK] if number else []
            for name, cell in zip(self.header, row, strict=True):
                label = name.stylize_before("bold") + Content(": ") if name else BLANK
                lines += Run(label + cell, rest=Content("  "), first=BLANK).lines(width)
        return lines


def column_widths(natural: Sequence[int], room: int) -> list[int]:
    """Widths that sum to at most `room`: each as wide as it wants to be; where that is too much the widest give way."""
    widths = [max(1, each) for each in natural]
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda i: widths[i])
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return widths


def ends(left: Content, right: Content, width: int) -> Content:
    """One line with something at either end; the left end is cut where both do not fit, and the right one too where
    that would leave nothing of the left.
    """
    room = width - right.cell_length - 1 if right else width
    if room < NARROWEST and right:
        left = left.truncate(max(0, min(left.cell_length, (width + 1) // 2)), ellipsis=True)
        room = left.cell_length
        right = right.truncate(max(0, width - room - 1), ellipsis=True)
    left = left.truncate(room, ellipsis=True) if left.cell_length > room else left
    return left + Content(" " * max(0, width - left.cell_length - right.cell_length)) + right


def joined(groups: Iterable[Sequence[Piece]]) -> list[Piece]:
    """Groups of pieces with an empty line between them; empty groups leave nothing behind."""
    found: list[Piece] = []
    for group in groups:
        if group:
            found += [Gap(), *group] if found else list(group)
    return found


class Flow(Widget):
    """Shows pieces one below the other, as high as they are at the width there is."""

    DEFAULT_CSS = """
    Flow {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    def __init__(self, pieces: Sequence[Piece] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pieces = tuple(pieces)
        self._laid_out: tuple[int, list[Content]] | None = None

    def show(self, pieces: Sequence[Piece]) -> None:
        """Show these pieces from now on."""
        self._pieces = tuple(pieces)
        self._laid_out = None
        self.refresh(layout=True)

    def laid_out(self, width: int) -> list[Content]:
        """The lines at a width."""
        if self._laid_out is None or self._laid_out[0] != width:
            self._laid_out = (width, [line for piece in self._pieces for line in piece.lines(width)])
        return self._laid_out[1]

    def line_of(self, piece: int) -> int:
        """The line on which the piece with this place begins, at the width there is."""
        width = self.content_size.width
        return sum(len(each.lines(width)) for each in self._pieces[:piece])

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room for."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the lines at this width."""
        return len(self.laid_out(width)) if width else 0

    def render(self) -> Content:
        """The lines at the width there is."""
        return Content("\n").join(self.laid_out(self.content_size.width))
