"""The first screen: go on where you were, lessons, practice, exams. One `enter` starts the most useful thing.

It is painted before anything that takes long is imported, and says more as soon as more is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from studyapp.store.errors import StoreError
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.known import look, next_lesson
from studyapp.tui.screens.base import BROAD, StudyScreen
from studyapp.tui.spoken import spoken
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.flow import BLANK, Flow
from studyapp.tui.widgets.rows import Row, Rows, heading

if TYPE_CHECKING:
    from studyapp.conduct.standing import Standing
    from studyapp.conduct.statistics import Statistics


class HomeRows(Rows, inherit_bindings=False):
    """The list of the first screen."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.HOME_LIST]


class Home(StudyScreen):
    """Says what there is and what comes next; the app opens what is chosen."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.HOME]

    class Stood(Message):
        """It is known where the person stands in the pack with this id; with all figures in a broad window."""

        def __init__(self, pack: str, standing: Standing, figures: Statistics | None) -> None:
            super().__init__()
            self.pack = pack
            self.standing = standing
            self.figures = figures

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.known = look(desk)
        self.standing: Standing | None = None
        self.figures: Statistics | None = None
        self.shown = False

    def body(self) -> Iterator[Widget]:
        """The rows, and what is wrong if anything is."""
        with VerticalScroll(id="page", can_focus=False):
            yield Flow(id="note")
            yield HomeRows(id="rows")

    def on_mount(self) -> None:
        """Show what is known already."""
        self.tell()
        self.query_one(Rows).focus()

    def on_screen_resume(self) -> None:
        """Look again where something may have been done since; at first, what was known a moment ago is shown."""
        if self.shown:
            self.look()
        self.shown = True

    def look(self) -> None:
        """Read what is known now, and show it."""
        self.known = look(self.desk)
        if self.desk.pack is None:
            # Another one may be read next.
            self.standing = self.figures = None
        self.tell()
        if self.desk.store is not None and self.desk.pack is not None:
            self.stand()

    @work(thread=True, exclusive=True, group="stand")
    def stand(self) -> None:
        """Find out where the person stands; in a thread, since it goes through everything that is remembered."""
        # Imported here, so that what shows it does not wait for it.
        import studyapp.conduct.table_words  # noqa: F401  # as above
        from studyapp.conduct.standing import standing, standing_of

        pack, services, now = self.desk.pack, self.desk.services, self.desk.now()
        if pack is None:
            return
        try:
            if self.broad:
                from studyapp.conduct.statistics import statistics

                found = statistics(services, pack, now)
                self.post_message(self.Stood(pack.id, standing_of(found.agenda, found.readiness), found))
            else:
                self.post_message(self.Stood(pack.id, standing(services, pack, now), None))
        except StoreError:
            # What cannot be read is said by what reads it at once: `look`.
            return

    @on(Stood)
    def tell_standing(self, event: Stood) -> None:
        """Say where the person stands, unless another pack has been chosen meanwhile."""
        if self.desk.pack is not None and self.desk.pack.id == event.pack:
            self.standing, self.figures = event.standing, event.figures
            self.tell()

    @property
    def broad(self) -> bool:
        """Whether there is room for figures beside the list."""
        return self.size.width >= BROAD

    def on_resize(self, event: events.Resize) -> None:
        """Where there is room now for more, or no more, show so."""
        super().on_resize(event)
        if self.standing is None:
            return
        if self.broad and self.figures is None:
            self.stand()
        else:
            self.tell()

    def tell(self) -> None:
        """Show what is known."""
        rows = self.query_one(Rows)
        if self.desk.pack is None and not self.desk.troubles and self.known.trouble is None:
            self.top.say(Content("studyapp"))
            rows.show(self._waiting())
            return
        # Whatever shows words of others is imported only when there are some.
        from studyapp.tui.screens import home_rows

        self.top.say(*home_rows.title(self.desk, self.known))
        self.query_one("#note", Flow).show(home_rows.notes(self.desk, self.known))
        beside = self.figures if self.broad else None
        rows.show(home_rows.rows(self.desk, self.known, self.standing, ready=beside is None))
        if beside is not None:
            self._tell_beside(beside)

    def _tell_beside(self, figures: Statistics) -> None:
        """Show figures beside the list, as far as the window is high."""
        from studyapp.tui.screens.home_figures import AsManyAsFit, groups

        if self.desk.pack is None:
            return
        found = groups(figures, self.desk.pack, self.desk.services.facts)
        aside = self.query("#aside")
        if not aside:
            self.mount(Flow(id="aside"), after="#page")
        self.query_one("#aside", Flow).show([AsManyAsFit(found, self.query_one("#page").size.height - 1)])

    def _waiting(self) -> list[Row]:
        """What can be chosen before the pack has been read."""
        figures = self.known.figures
        if figures.open_sitting is not None:
            what = "The open exam"
        elif figures.place is not None:
            what = "The lesson where you were"
        else:
            what = "The first lesson"
        answered = f"{figures.questions} answered" if figures.answers else "nothing answered yet"
        return [
            heading("Continue" if self.known.begun else "Start here"),
            Row(
                Content(what),
                below=(Content.styled(spoken("press {list.choose}", self.desk.settings.keys), "$quiet"),),
                id="first",
            ),
            Row(BLANK),
            heading("Today"),
            Row(Content("Practise"), Content.styled(answered, "$quiet"), id="practice"),
            Row(BLANK),
            heading("Lessons"),
            Row(Content.styled("Reading the pack …", "$quiet")),
            Row(BLANK),
            heading("Exam"),
            Row(Content("Sit a practice exam"), id="exam"),
        ]

    # -- what is done --------------------------------------------------------------------------------------------------

    @on(Rows.Chosen)
    def open_row(self, event: Rows.Chosen) -> None:
        """Open what is chosen."""
        what, _, which = event.row.partition(":")
        if what == "first":
            self.action_continue()
        elif what == "settings":
            self.app.call_later(self.app.run_action, "app.settings")
        else:
            self.post_message(Wanted(what, which))

    def action_continue(self) -> None:
        """Go on with the most useful thing."""
        sitting = self.known.figures.open_sitting
        if sitting is not None:
            self.post_message(Wanted("exam", sitting.blueprint_id))
        elif self.desk.pack is None:
            self.post_message(Wanted("first"))
        elif (lesson := next_lesson(self.desk.pack, self.known)) is not None:
            self.post_message(Wanted("lesson", lesson))
        else:
            self.post_message(Wanted("practice"))

    def action_lessons(self) -> None:
        """Put the cursor on the first lesson."""
        rows = self.query_one(Rows)
        first = next((row.id for row in rows.rows if row.id and row.id.startswith("lesson:")), None)
        if first is not None:
            rows.move_to(first)

    def action_practice(self) -> None:
        """Practise."""
        self.post_message(Wanted("practice"))

    def action_exam(self) -> None:
        """Sit an exam, or go on with the open one."""
        self.post_message(Wanted("exam"))

    def action_search(self) -> None:
        """Search."""
        self.post_message(Wanted("search"))

    def action_statistics(self) -> None:
        """Say where one stands."""
        self.post_message(Wanted("statistics"))

    def action_bench(self) -> None:
        """Play with a cluster."""
        self.post_message(Wanted("bench"))

    def action_packs(self) -> None:
        """See which packs there are, and do something with them."""
        self.post_message(Wanted("packs"))

    def action_back(self) -> None:
        """There is nothing behind this screen."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`esc` has nothing to do here."""
        return action != "back"
