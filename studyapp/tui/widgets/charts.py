"""Charts on the full screen: the lines that every face shares, coloured by their signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from textual.content import Content

from studyapp.conduct.charts import Signs
from studyapp.tui.text import words


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines of a chart and of words, drawn for the width there is. Colours repeat what the signs say."""

    drawn: Callable[[int], Iterable[str]]
    signs: Signs

    def lines(self, width: int) -> list[Content]:
        """The lines, cut where they are too wide for the window."""
        looks = looks_of(self.signs)
        return [coloured(line, looks).truncate(width) for line in self.drawn(width)]


def looks_of(signs: Signs) -> dict[str, str]:
    """The colour of each sign that is more than text; in ASCII the signs are text as well, and stay as they are."""
    if signs.shades.isascii():
        return {}
    quiet = dict.fromkeys((signs.hardly, signs.wall, signs.corner, signs.floor), "$line")
    full = dict.fromkeys((*signs.shades[2:], *signs.heights[1:], signs.surely, signs.whisker), "$primary")
    return {
        **full,
        **quiet,
        signs.point: "bold $success",
        signs.faint: "bold $warning",
        signs.mark: "$warning",
        signs.diagonal: "$quiet",
    }


def coloured(line: str, looks: dict[str, str]) -> Content:
    """A line with each of its signs in its colour."""
    runs = ((look, "".join(signs)) for look, signs in groupby(line, key=lambda sign: looks.get(sign, "")))
    return Content("").join(words(text, look) for look, text in runs)
