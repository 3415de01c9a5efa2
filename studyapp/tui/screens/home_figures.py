"""What stands beside the list of the first screen in a broad window: what there is to learn, or how much is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from textual.content import Content

from studyapp.conduct.agenda import counted
from studyapp.conduct.charts import ASCII, FULL
from studyapp.conduct.pictures import picture
from studyapp.conduct.statistics import Statistics
from studyapp.conduct.table_words import lines_of
from studyapp.conduct.tables import tables
from studyapp.packs.facts import Facts
from studyapp.packs.pack import Pack
from studyapp.tui.text import shows_unicode, words
from studyapp.tui.widgets.charts import Chart
from studyapp.tui.widgets.flow import Ends, Gap, Piece, Run

Group = tuple[Piece, ...]
TOLD = ("readiness", "mastery")
"""Tables that are told in full, and drawn."""
DRAWN = ("forecast", "days")
"""Tables of which the picture says enough."""


@dataclass(frozen=True, slots=True)
class AsManyAsFit:
    """Groups of pieces one below the other; one that would go beyond the `height` is left out as a whole."""

    groups: tuple[Group, ...]
    height: int

    def lines(self, width: int) -> list[Content]:
        """The lines of those that fit."""
        found: list[Content] = []
        for group in self.groups:
            lines = [line for piece in group for line in piece.lines(width)]
            if len(found) + len(lines) <= self.height:
                found += lines
        return found


def groups(found: Statistics, pack: Pack, facts: Facts) -> tuple[Group, ...]:
    """The figures in the order of their weight; before there are any, what there is to learn."""
    return tuple(_groups(found, pack, facts)) if found.figures.answers else (_to_learn(found, pack),)


def _groups(found: Statistics, pack: Pack, facts: Facts) -> Iterator[Group]:
    every = tables(found, pack, facts)
    named = {each.name: each for each in every}
    rows = {each.name: each.rows for each in every}
    signs = FULL if shows_unicode() else ASCII
    for name in TOLD:
        if name == "mastery" and not any(row["enough"] for row in rows[name]):
            yield _to_learn(found, pack)
        else:
            yield _under(named[name].title, Chart(partial(lines_of, named[name], every, found.today, signs), signs))
    for name in DRAWN:
        if rows[name]:
            drawn = partial(picture, name, rows, found.today, signs=signs)
            yield _under(named[name].title, Chart(drawn, signs))


def _to_learn(found: Statistics, pack: Pack) -> Group:
    """The objectives, and how many of their questions have been met."""
    lines = (
        Ends(
            words("  " * each.objective.count("/") + pack.objective_title(each.objective)),
            Content.styled(f"{each.seen} of {counted(each.families, 'question')} met", "$quiet"),
        )
        for each in found.masteries
    )
    return _under("What there is to learn", *lines)


def _under(title: str, *pieces: Piece) -> Group:
    return (Run(Content.styled(title, "bold $primary")), *pieces, Gap())
