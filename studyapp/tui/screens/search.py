"""One box over lessons, questions that have been met, and clusters to play with; it finds as one types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from studyapp.conduct.searching import search_index
from studyapp.packs.content import Pack
from studyapp.store.errors import StoreError
from studyapp.store.search import Found, SearchIndex
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import count
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.terms import Terms
from studyapp.tui.spoken import spoken
from studyapp.tui.text import words
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.flow import Flow, Piece, Run
from studyapp.tui.widgets.rows import Row, Rows

LONGEST = 100
MOST = 50
HOW = (
    "Type some words, or their beginnings. It looks in lessons, the glossary, your notes, questions you have met, and "
    "clusters."
)
KINDS = {
    "note": "your note",
    "bookmark": "bookmark",
    "lesson": "lesson",
    "question": "question",
    "bench": "free play",
    "term": "glossary",
}


class SearchScreen(StudyScreen):
    """Shows what fits what has been typed so far; `enter` opens the marked one."""

    CSS_PATH = "../styles/search.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.SEARCH]

    def __init__(self, desk: Desk, pack: Pack, lesson: str = "") -> None:
        """What is found in the `lesson` with this id comes first."""
        super().__init__()
        self.desk = desk
        self.pack = pack
        self.lesson = lesson
        self.index: SearchIndex | None = None
        self.trouble = ""

    def body(self) -> Iterator[Widget]:
        """The box and what it finds."""
        with Vertical(id="search"):
            yield Input(id="box", max_length=LONGEST, placeholder="Search")
            with VerticalScroll(id="page", can_focus=False):
                yield Flow(id="said")
                yield Rows(id="rows")

    def on_mount(self) -> None:
        """Read everything that can be found, while the person begins to type."""
        self.top.say(Content("Search"), words(self.pack.title))
        self.query_one(Input).focus()
        self.tell()
        self._read()

    @work(thread=True, exclusive=True, group="search")
    def _read(self) -> None:
        try:
            index = search_index(self.pack, self.desk.services.store)
        except StoreError as error:
            self.trouble = str(error)
        else:
            self.index = index
        self.app.call_from_thread(self.tell)

    @on(Input.Changed)
    def tell(self) -> None:
        """Show what fits."""
        if not self.is_mounted:
            return
        typed = self.query_one(Input).value
        found = self.index.find(typed, MOST) if self.index is not None else ()
        here = f"lesson:{self.lesson}:"
        ordered = sorted(found, key=lambda each: not each.entry.key.startswith(here)) if self.lesson else found
        self.query_one("#said", Flow).show([self._said(typed, len(found))])
        self.query_one(Rows).show([_row(each) for each in ordered], at=ordered[0].entry.key if ordered else None)

    def _said(self, typed: str, found: int) -> Piece:
        if self.trouble:
            return Run(words(self.trouble, "bold $error"))
        if not typed.strip():
            return Run(Content.styled(HOW, "$quiet"))
        if self.index is None:
            return Run(Content.styled("Reading …", "$quiet"))
        if not found:
            return Run(Content("Nothing found. Try fewer or shorter words."))
        more = " or more" if found == MOST else ""
        opens = spoken("{search.open} opens the marked one", self.desk.settings.keys)
        return Run(words(f"{count(found, 'place')}{more} · {opens}", "$quiet"))

    # -- what is done --------------------------------------------------------------------------------------------------

    def action_cursor(self, by: int) -> None:
        """Move over what was found, from where one types."""
        self.query_one(Rows).action_cursor(by)

    @on(Input.Submitted)
    def action_choose(self) -> None:
        """Open what is marked."""
        self.query_one(Rows).action_choose()

    @on(Rows.Chosen)
    def open_found(self, event: Rows.Chosen) -> None:
        """Open what is chosen."""
        kind, _, rest = event.row.partition(":")
        if kind in ("lesson", "note", "bookmark"):
            self.post_message(Wanted("lesson", rest.replace(":", "#")))
        elif kind == "term":
            self.app.push_screen(Terms(self.pack, "Glossary", [self.pack.glossary[int(rest)]]))
        else:
            self.post_message(Wanted(kind, rest))


def _row(found: Found) -> Row:
    excerpt = words(found.excerpt, "$quiet")
    for begin, end in found.marks:
        excerpt = excerpt.stylize("bold $accent", begin, end)
    kind = Content.styled(KINDS[found.entry.key.partition(":")[0]], "$quiet")
    return Row(words(found.entry.title), kind, below=(excerpt,), id=found.entry.key)
