"""What stands beside the list of the first screen in a broad window: what there is to learn, or how much is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from textual.content import Content

from studyapp.conduct.agenda import counted
from studyapp.conduct.charts import ASCII, FULL, Signs, interval_bar
from studyapp.conduct.pictures import picture
from studyapp.conduct.statistics import Statistics
from studyapp.conduct.table_words import lines_of
from studyapp.conduct.tables import tables
from studyapp.packs.facts import Facts
from studyapp.packs.pack import Pack
from studyapp.study.mastery import Mastery
from studyapp.tui.text import shows_unicode, words
from studyapp.tui.widgets.charts import Chart, coloured, looks_of
from studyapp.tui.widgets.flow import Ends, Gap, Piece, Run

Group = tuple[Piece, ...]
BAR = 10
"""Cells of the bar of an objective."""
NOT_ENOUGH = "not enough yet"
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
    readiness = named["readiness"]
    yield _under(readiness.title, Chart(partial(lines_of, readiness, every, found.today, signs), signs))
    if any(each.enough for each in found.masteries):
        yield _under(named["mastery"].title, *(_known(each, pack, signs) for each in found.masteries))
    else:
        yield _to_learn(found, pack)
    for name in DRAWN:
        if rows[name]:
            yield _under(named[name].title, Chart(partial(picture, name, rows, found.today, signs=signs), signs))


def _known(each: Mastery, pack: Pack, signs: Signs) -> Piece:
    """How much of an objective is known, drawn and in numbers."""
    low, high = each.expected.low, each.expected.high
    drawn = interval_bar(low, high, BAR, signs) if each.enough else signs.hardly * BAR
    said = f"{low:4.0%} to {high:4.0%}" if each.enough else NOT_ENOUGH
    return Ends(_title(each, pack), coloured(drawn, looks_of(signs)) + Content.styled(f"  {said:>14}", "$quiet"))


def _to_learn(found: Statistics, pack: Pack) -> Group:
    """The objectives, and how many of their questions have been answered."""
    lines = (
        Ends(
            _title(each, pack),
            Content.styled(f"{each.seen} of {counted(each.families, 'question')} answered", "$quiet"),
        )
        for each in found.masteries
    )
    return _under("What there is to learn", *lines)


def _title(each: Mastery, pack: Pack) -> Content:
    return words("  " * each.objective.count("/") + pack.objective_title(each.objective))


def _under(title: str, *pieces: Piece) -> Group:
    return (Run(Content.styled(title, "bold $primary")), *pieces, Gap())
