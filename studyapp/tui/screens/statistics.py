"""Where one stands: every figure drawn where that helps, with its number beside."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.widget import Widget

from studyapp.conduct.statistics import Statistics, statistics
from studyapp.conduct.tables import Table, lines_of, tables
from studyapp.packs.content import Pack
from studyapp.store.errors import StoreError
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import bar
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.text import shows_unicode, words
from studyapp.tui.widgets.flow import Ends, Flow, Gap, Piece, Run
from studyapp.tui.widgets.reading import Page

WIDEST = 100
BAR = 20


class StatisticsScreen(StudyScreen):
    """One long page of figures."""

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
            found = statistics(self.desk.services, self.pack, self.desk.now())
            pieces = list(self._pieces(found))
        except StoreError as error:
            pieces = [Run(words(str(error), "bold $error"))]
        self.query_one("#figures", Flow).show(pieces)

    def _pieces(self, found: Statistics) -> Iterator[Piece]:
        for table in tables(found, self.pack, self.desk.services.facts):
            yield Run(Content.styled(table.title, "bold $primary"))
            yield from self._table(found, table)
            yield Gap()

    def _table(self, found: Statistics, table: Table) -> Iterator[Piece]:
        if table.name == "mastery" and table.rows:
            for row in table.rows:
                share = row["share"] if row["enough"] else None
                known = f"{row['low']:4.0%} to {row['high']:4.0%}" if share is not None else "not enough answers yet"
                title = "  " * row["objective"].count("/") + row["title"]
                yield Ends(words(title), bar(share or 0.0, BAR) + Content(f"  {known:<23}"))
            return
        if table.name == "forecast" and table.rows:
            most = max(row["due"] for row in table.rows)
            for row in table.rows:
                drawn = bar(row["due"] / most, BAR, "$primary")
                yield Run(Content(f"{row['day']}  ") + drawn + Content(f"  {row['due']:,} due"))
            return
        width = min(WIDEST, self.app.size.width - 6)
        unicode = shows_unicode()
        for line in lines_of(found, table, width, unicode=unicode):
            yield Run(words(line))
