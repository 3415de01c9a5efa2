"""Pieces side by side where a window is wide, and one below the other where it is not."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from studyapp.tui.widgets.flow import BLANK, Piece

BETWEEN = 4
"""Empty cells between columns."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Groups of pieces, each kept together, in as many columns of at least `least` cells as fit; read one by one."""

    groups: tuple[tuple[Piece, ...], ...]
    least: int = 70

    def lines(self, width: int) -> list[Content]:
        """The columns beside each other, of about one height."""
        many = max(1, (width + BETWEEN) // (self.least + BETWEEN))
        room = (width - BETWEEN * (many - 1)) // many
        drawn = [[line for piece in group for line in piece.lines(room)] for group in self.groups]
        whole = sum(map(len, drawn))
        found: list[list[Content]] = [[] for _ in range(many)]
        done = 0
        for group in drawn:
            # A group stands in the column in which its middle would be.
            found[min(many - 1, int((done + len(group) / 2) * many / max(1, whole)))] += group
            done += len(group)
        return [
            Content("").join(
                line if place == many - 1 else line.pad_right(room + BETWEEN - line.cell_length)
                for place, column in enumerate(found)
                for line in [column[row] if row < len(column) else BLANK]
            )
            for row in range(max(map(len, found)))
        ]
