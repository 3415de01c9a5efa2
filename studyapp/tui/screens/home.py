"""The first screen: go on where you were, lessons, practice, exams. One `enter` starts the most useful thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from studyapp.exams.blueprint import Blueprint
from studyapp.store.errors import StoreError
from studyapp.store.peek import Peek, peek
from studyapp.study.review import LessonPlace
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import bar, clock, count
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.text import words
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.flow import BLANK, Flow, Gap, Run
from studyapp.tui.widgets.rows import Row, Rows

LATELY = timedelta(days=1)


class Home(StudyScreen):
    """Says what there is and what comes next; the app opens what is chosen."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.HOME]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.known = Peek()
        self.places: dict[str, LessonPlace] = {}
        self.best: dict[str, int] = {}
        self.trouble: str | None = None
        self.look()

    def body(self) -> Iterator[Widget]:
        """The rows, and what is wrong if anything is."""
        with VerticalScroll(id="page", can_focus=False):
            yield Flow(id="note")
            yield Rows(id="rows")

    def on_mount(self) -> None:
        """Show what is known already."""
        self.tell()
        self.query_one(Rows).focus()

    def on_screen_resume(self) -> None:
        """Look again: something may have been done since."""
        self.look()
        self.tell()

    # -- what is known -------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read the figures; quick enough to be done before the first paint."""
        try:
            self.known = peek(self.desk.database, self.desk.pack_id, self.desk.now() - LATELY)
            self.trouble = None
        except StoreError as error:
            self.trouble = str(error)
        store = self.desk.store
        if store is None:
            return
        try:
            self.places = {place.lesson_id: place for place in store.lesson_places(self.desk.pack_id)}
            self.best = {}
            for sitting in store.sittings(self.desk.pack_id):
                if sitting.result is not None:
                    self.best[sitting.blueprint_id] = max(sitting.result.scaled, self.best.get(sitting.blueprint_id, 0))
        except StoreError as error:
            self.trouble = str(error)

    def tell(self) -> None:
        """Show what is known."""
        pack = self.desk.pack
        title = words(pack.title) if pack is not None else Content("studyapp")
        self.top.say(title, Content.styled("studyapp", "$quiet") if pack is not None else BLANK)
        notes = [note for note in (*self.desk.refused, self.desk.unopened, self.trouble) if note]
        self.query_one("#note", Flow).show(
            [piece for note in notes for piece in (Run(words(note, "bold $warning")), Gap())]
        )
        self.query_one(Rows).show(self.rows())

    # -- the rows ------------------------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """Everything that can be chosen, the most useful first."""
        return [*self._first(), Row(BLANK), *self._lessons(), Row(BLANK), *self._practice(), Row(BLANK), *self._exams()]

    def _first(self) -> Iterator[Row]:
        what, below = self._most_useful()
        yield _heading("Continue" if self._begun else "Start here")
        yield Row(what, below=(below.stylize_before("$quiet"),), id="first")

    @property
    def _begun(self) -> bool:
        return self.known.answers > 0 or self.known.place is not None or self.known.open_sitting is not None

    def _most_useful(self) -> tuple[Content, Content]:
        """What `enter` starts, in two lines."""
        pack, sitting, place = self.desk.pack, self.known.open_sitting, self.known.place
        if sitting is not None:
            left = sitting.ends - self.desk.now()
            title = words(self._exam_title(sitting.blueprint_id))
            if left > timedelta(0):
                return (Content("Exam · ") + title, Content(f"open, {clock(left)} left: the clock runs on"))
            return (Content("Exam · ") + title, Content("its time is up: see the result"))
        if pack is None:
            if place is not None:
                return Content("The lesson where you were"), Content("press enter to go on")
            return Content("The first lesson"), Content("press enter to start")
        lesson_id = self.next_lesson()
        if lesson_id is not None:
            number = next(i for i, lesson in enumerate(pack.lessons, start=1) if lesson.id == lesson_id)
            lesson = pack.lesson(lesson_id)
            here = self.places.get(lesson_id) or (place if place is not None and place.lesson_id == lesson_id else None)
            if here is not None and here.section:
                section = min(here.section, len(lesson.sections) - 1)
                below = f"section {section + 1} of {len(lesson.sections)}: {lesson.sections[section].title}"
            else:
                below = f"about {count(lesson.minutes, 'minute')}" if lesson.minutes else "press enter to start"
            return Content(f"Lesson {number} · ") + words(lesson.title), words(below)
        return Content("Practice"), Content("all lessons are read: " + self._practice_state())

    def next_lesson(self) -> str | None:
        """The lesson to go on with: the one opened last, or the first that is not read; None when all are."""
        pack, place = self.desk.pack, self.known.place
        if pack is None or not pack.lessons:
            return None
        ids = [lesson.id for lesson in pack.lessons]
        if place is not None and place.lesson_id in ids and not place.finished:
            return place.lesson_id
        after = ids.index(place.lesson_id) + 1 if place is not None and place.lesson_id in ids else 0
        in_turn = [*ids[after:], *ids[:after]]
        return next((each for each in in_turn if not self._finished(each)), None)

    def _finished(self, lesson_id: str) -> bool:
        place = self.places.get(lesson_id)
        return place is not None and place.finished

    def _lessons(self) -> Iterator[Row]:
        pack = self.desk.pack
        yield _heading("Lessons")
        if pack is None:
            reading = "The lessons cannot be read." if self.desk.refused else "Reading the pack …"
            yield Row(Content.styled(reading, "$quiet"))
            return
        if not pack.lessons:
            yield Row(Content.styled("This pack has no lessons. Practice is below.", "$quiet"))
        for lesson in pack.lessons:
            place = self.places.get(lesson.id)
            sections = max(1, len(lesson.sections))
            if place is None:
                state, share = f"{lesson.minutes} min" if lesson.minutes else "", 0.0
            elif place.finished:
                state, share = "read", 1.0
            else:
                state, share = f"{place.section + 1} of {sections}", place.section / sections
            right = bar(share) + Content.styled(f" {state:>8}", "$quiet")
            yield Row(words(lesson.title), right, id=f"lesson:{lesson.id}", numbered=True)

    def _practice(self) -> Iterator[Row]:
        yield _heading("Practice")
        state = self._practice_state()
        yield Row(Content("Answer questions, with reasons"), Content.styled(state, "$quiet"), id="practice")

    def _practice_state(self) -> str:
        if not self.known.answers:
            return "nothing answered yet"
        seen = f"{self.known.questions} answered"
        if self.desk.pack is not None:
            seen = f"{self.known.questions} of {len(self.desk.pack.questions)} answered"
        return f"{seen}, {self.known.missed} to look at again" if self.known.missed else seen

    def _exams(self) -> Iterator[Row]:
        yield _heading("Exam")
        pack = self.desk.pack
        if pack is None:
            yield Row(Content("Sit a practice exam"), id="exam")
            return
        if not pack.blueprints:
            yield Row(Content.styled("This pack has no exam.", "$quiet"))
        for blueprint in pack.blueprints:
            yield Row(
                words(blueprint.title), Content.styled(self._exam_state(blueprint), "$quiet"), id=f"exam:{blueprint.id}"
            )

    def _exam_state(self, blueprint: Blueprint) -> str:
        what = f"{count(blueprint.questions, 'question')}, {blueprint.minutes} min"
        best = self.best.get(blueprint.id)
        return f"{what} · best {best} of 1000" if best is not None else what

    def _exam_title(self, blueprint_id: str) -> str:
        pack = self.desk.pack
        return next((b.title for b in pack.blueprints if b.id == blueprint_id), "exam") if pack else "the open exam"

    # -- what is done --------------------------------------------------------------------------------------------------

    @on(Rows.Chosen)
    def open_row(self, event: Rows.Chosen) -> None:
        """Open what is chosen."""
        what, _, which = event.row.partition(":")
        if what == "first":
            self.action_continue()
        else:
            self.post_message(Wanted(what, which))

    def action_continue(self) -> None:
        """Go on with the most useful thing."""
        if self.known.open_sitting is not None:
            self.post_message(Wanted("exam", self.known.open_sitting.blueprint_id))
        elif self.desk.pack is None:
            self.post_message(Wanted("first"))
        elif (lesson := self.next_lesson()) is not None:
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

    def action_back(self) -> None:
        """There is nothing behind this screen."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`esc` has nothing to do here."""
        return action != "back"


def _heading(text: str) -> Row:
    return Row(Content.styled(text, "bold $primary"))
