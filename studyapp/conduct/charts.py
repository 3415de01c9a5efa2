"""Figures drawn with signs, for every face: values in, lines out, in full signs or in ASCII alone.

Nothing is said by colour: heights, densities and shapes of signs carry everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """What is drawn with. `shades` go from nothing to most, `heights` from an empty cell to a full one.

    `surely`, `perhaps` and `hardly` fill a bar below an interval, in it and above it; `point` and `faint` mark what is
    sure and what rests on little; `mark` is what a line of comparison is made of, `diagonal` one from corner to corner.
    """

    shades: str
    heights: str
    surely: str
    perhaps: str
    hardly: str
    point: str
    faint: str
    mark: str
    diagonal: str
    whisker: str
    wall: str
    corner: str
    floor: str


FULL = Signs("·░▒▓█", " ▁▂▃▄▅▆▇█", "█", "▒", "░", "●", "○", "┄", "·", "┃", "│", "└", "─")
ASCII = Signs(".-+*#", " .:#", "#", "=", ".", "@", "o", "~", ".", "!", "|", "+", "-")

FLATTENS = 3
LABEL = 6
"""Cells of the labels at the left of a chart, with the wall."""


def interval_bar(low: float, high: float, width: int, signs: Signs) -> str:
    """A scale from 0 to 1 on which what lies below the interval is full, what lies in it half, and the rest empty."""
    begins = max(0, min(width - 1, round(low * width)))
    ends = max(begins + 1, min(width, round(high * width)))
    return signs.surely * begins + signs.perhaps * (ends - begins) + signs.hardly * (width - ends)


def columns(values: Sequence[float], high: int, signs: Signs, *, cell: int = 1, mark: float | None = None) -> list[str]:
    """Columns side by side with their scale at the left, `high` lines and the floor; `mark` is a line across, left out
    where it would press the columns flat.

    What is more than nothing is seen, however little it is. The top of the scale is the greatest of all.
    """
    most = max(values, default=0.0)
    mark = mark if mark is not None and mark <= FLATTENS * most else None
    top = max(most, mark or 0.0, 1e-9)
    steps = len(signs.heights) - 1
    parts = [max(1, round(value / top * high * steps)) if value > 0 else 0 for value in values]
    marked = None if mark is None else max(0, min(high - 1, round(mark / top * high) - 1))
    lines = []
    for row in reversed(range(high)):
        empty = signs.mark if row == marked else " "
        body = "".join(
            (signs.heights[filled] if filled else empty) * max(1, cell - 1) + (empty if cell > 1 else "")
            for filled in (max(0, min(steps, int(part) - row * steps)) for part in parts)
        )
        label = top if row == high - 1 else mark if row == marked else None
        lines.append(_labelled("" if label is None else _number(label), body, signs))
    lines.append(f"{_label('0')}{signs.corner}{signs.floor * (len(values) * cell)}")
    return lines


def plot(
    points: Mapping[tuple[int, int], str], width: int, high: int, labels: Mapping[int, str], signs: Signs
) -> list[str]:
    """A field of `high` lines in which each point (column from the left, line from the bottom) has its sign; `labels`
    stand at the left of their lines.
    """
    lines = [
        _labelled(labels.get(y, ""), "".join(points.get((x, y), " ") for x in range(width)), signs)
        for y in reversed(range(high))
    ]
    lines.append(f"{_label('')}{signs.corner}{signs.floor * width}")
    return lines


def height_of(value: float, low: float, high: float, lines: int) -> int:
    """The line from the bottom at which a value stands on a scale."""
    return max(0, min(lines - 1, round((value - low) / (high - low) * (lines - 1))))


def below(labels: Mapping[int, str], width: int) -> str:
    """The line under a chart: labels that begin at their columns; one that would run into the one before is left out,
    and one that would stick out is moved.
    """
    line = ""
    for column, label in sorted(labels.items()):
        column = min(column, width - len(label))
        if column > len(line) or (column == 0 and not line):
            line = line.ljust(column) + label
    return " " * LABEL + line


def _number(value: float) -> str:
    """A number that fits beside the wall."""
    return f"{value:,.0f}" if value < 9_999.5 else f"{value / 1000:.0f}k"


def _label(text: str) -> str:
    return f"{text:>{LABEL - 1}}"


def _labelled(label: str, body: str, signs: Signs) -> str:
    return f"{_label(label)}{signs.wall}{body}".rstrip()
