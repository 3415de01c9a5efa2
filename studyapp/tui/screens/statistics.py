"""Where one stands: every figure drawn where that helps, with its number beside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.content import Content
from textual.widget import Widget

from studyapp.conduct.charts import ASCII, FULL
from studyapp.conduct.statistics import Statistics, statistics
from studyapp.conduct.table_words import lines_of
from studyapp.conduct.tables import tables
from studyapp.packs.content import Pack
from studyapp.store.errors import StoreError
from studyapp.tui.desk import Desk
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.text import shows_unicode, words
from studyapp.tui.widgets.charts import Chart
from studyapp.tui.widgets.columns import Columns
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run
from studyapp.tui.widgets.reading import Page


class StatisticsScreen(StudyScreen):
    """One page of figures, in two columns where there is room."""

    CSS_PATH = "../styles/statistics.tcss"

    def __init__(self, desk: Desk, pack: Pack) -> None:
        super().__init__()
        self.desk = desk
        self.pack = pack

    def body(self) -> Iterator[Widget]:
        """The page."""
        with Page(id="page"):
            yield Flow(id="figures")

    def on_mount(self) -> None:
        """Read the figures and show them."""
        self.top.say(Content("Statistics"), words(self.pack.title))
        self.query_one("#page").focus()
        try:
            pieces: list[Piece] = [
                Columns(tuple(self._groups(statistics(self.desk.services, self.pack, self.desk.now()))))
            ]
        except StoreError as error:
            pieces = [Run(words(str(error), "bold $error"))]
        self.query_one("#figures", Flow).show(pieces)

    def _groups(self, found: Statistics) -> Iterator[tuple[Piece, ...]]:
        """A heading and what stands below it, for each table."""
        every = tables(found, self.pack, self.desk.services.facts)
        signs = FULL if shows_unicode() else ASCII
        for table in every:
            drawn = Chart(partial(lines_of, table, every, found.today, signs), signs)
            yield Run(Content.styled(table.title, "bold $primary")), drawn, Gap()
