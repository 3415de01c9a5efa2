"""A lesson: contents at the left, text with live diagrams and checkpoints in the middle, the next lesson at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from studyapp.conduct.practice import Practice, checkpoint
from studyapp.conduct.progress import lesson_places
from studyapp.conduct.terms import section_terms
from studyapp.conduct.trouble import ConductError
from studyapp.conduct.worked import Worked
from studyapp.packs.content import Lesson, Pack
from studyapp.store.errors import StoreError
from studyapp.study.review import LessonPlace
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import bar
from studyapp.tui.screens.asking import ASKING, IDLE, Asker, AskingKeys
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.finding import Finding, FindLine
from studyapp.tui.screens.marking import Marking
from studyapp.tui.screens.predicting import Predicting
from studyapp.tui.screens.terms import Terms
from studyapp.tui.text import words
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.compare import Compare
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.flow import BLANK, Flow
from studyapp.tui.widgets.options import Options
from studyapp.tui.widgets.question import QuestionPane
from studyapp.tui.widgets.reading import LessonPage
from studyapp.tui.widgets.rows import Row, Rows
from studyapp.tui.widgets.section import Checkpoint, SectionText, WorkedExample, onward_rows, section_widgets
from studyapp.tui.widgets.sight import bring_into_sight

LOOK_AHEAD = 3
"""Lines below the top of the page at which a section counts as the one that is read."""


class LessonScreen(AskingKeys, Marking, Finding, StudyScreen):
    """Shows one lesson and remembers how far it has been read."""

    CSS_PATH: ClassVar[keys.Styles] = ["../styles/question.tcss", "../styles/lesson.tcss"]
    BINDINGS: ClassVar[keys.Keys] = [*keys.CERTAINTY, *keys.CHECKPOINT, *keys.QUESTION, *keys.LESSON, keys.BACK]

    def __init__(self, desk: Desk, pack: Pack, lesson: Lesson, section: int | None = None) -> None:
        """`section` is where to begin; without it, where the reading stopped."""
        super().__init__()
        self._begin_at = section
        self.desk = desk
        self.pack = pack
        self.lesson = lesson
        self.askers: dict[QuestionPane, Asker] = {}
        self._predictions: dict[Diagram, Predicting] = {}
        self.section = 0
        self.finished = False
        self.trouble: str | None = None
        self._starts: list[Widget] = []
        self.texts: list[list[SectionText]] = []
        self._placed = self._at_end = False

    # -- what is shown -------------------------------------------------------------------------------------------------

    def body(self) -> Iterator[Widget]:
        """The contents, and the text down to where the reading begins; the rest is made once that can be seen."""
        self._find_place()
        with Horizontal(id="book"):
            with VerticalScroll(id="aside", can_focus=False):
                yield Rows(id="contents")
            with LessonPage(id="page"):
                yield from self._text(self.section + 1)
        yield FindLine()

    def _text(self, end: int) -> Iterator[Widget]:
        """The widgets of the sections that have none yet, up to one."""
        begin = len(self._starts)
        for number, section in enumerate(self.lesson.sections[begin:end], start=begin):
            self.texts.append([])
            for place, widget in enumerate(section_widgets(section, first=not number)):
                if not place:
                    self._starts.append(widget)
                if isinstance(widget, SectionText):
                    self.texts[-1].append(widget)
                yield widget
                if isinstance(widget, Diagram) and not isinstance(widget, Compare):
                    told = Flow(classes="text predicted")
                    if self.desk.settings.predict:
                        self._predictions[widget] = Predicting(self.desk, self.pack, self.lesson, widget, told)
                    yield told

    def _neighbour(self, by: int) -> Lesson | None:
        lessons = self.pack.lessons
        number = next((i for i, each in enumerate(lessons) if each.id == self.lesson.id), 0) + by
        return lessons[number] if 0 <= number < len(lessons) else None

    # -- opening -------------------------------------------------------------------------------------------------------

    def _find_place(self) -> None:
        """Where the reading stopped, or is to begin."""
        try:
            place = lesson_places(self.desk.services.store, self.pack).get(self.lesson.id)
        except StoreError as error:
            place, self.trouble = None, str(error)
        if place is not None:
            self.finished = place.finished
            self.section = 0 if place.finished else min(place.section, len(self.lesson.sections) - 1)
        if self._begin_at is not None:
            self.section = min(self._begin_at, len(self.lesson.sections) - 1)

    def on_mount(self) -> None:
        """Show where one is, then the rest."""
        self.marks_changed()
        self._tell()
        self.query_one(LessonPage).focus(scroll_visible=False)
        self.call_after_refresh(self._show_all)

    async def _show_all(self) -> None:
        """Show the rest of the text, and ask the checkpoints."""
        if not self.is_attached:
            return
        onward = Rows(onward_rows(self._neighbour(1)), id="onward")
        await self.query_one(LessonPage).mount_all([*self._text(len(self.lesson.sections)), onward])
        for pane in self.query(Checkpoint):
            self._ask(pane, pane.question_id)
        self.call_after_refresh(self._go_to_place)

    def marks_changed(self) -> None:
        """Show the contents, with the marks at each section."""
        signs = self.signs()
        self.query_one("#contents", Rows).show(
            [
                Row(words(section.title), signs.get(number, BLANK), id=f"section:{number}", numbered=True)
                for number, section in enumerate(self.lesson.sections)
            ]
        )

    def _ask(self, pane: QuestionPane, question_id: str) -> None:
        """Ask a checkpoint in its place, or say why it cannot be asked."""
        asker = self.askers.setdefault(pane, Asker(pane, self.desk, self.refresh_bindings))
        try:
            session = self._session(pane, question_id)
        except KeyError:
            pane.say(f"The pack has no question {question_id}.")
        except (ConductError, StoreError) as error:
            pane.say(str(error))
        else:
            asker.ask(session, focus=False)

    def _session(self, pane: QuestionPane, question_id: str) -> Practice | Worked:
        services = self.desk.services
        if isinstance(pane, WorkedExample):
            return Worked(services, self.pack, self.lesson.id, question_id, services.entropy())
        return checkpoint(services, self.pack, question_id, services.entropy())

    def _go_to_place(self) -> None:
        self._show_section(self.section)
        self._placed = True
        self._remember()
        self.on_lesson_page_scrolled()

    @on(Diagram.Moved)
    def _seen(self, event: Diagram.Moved) -> None:
        """Say what came of a prediction, once it can be seen."""
        predicting = self._predictions.get(event.diagram)
        if event.at_end and predicting is not None:
            predicting.tell()

    # -- the place -----------------------------------------------------------------------------------------------------

    def on_lesson_page_scrolled(self) -> None:
        """See which section is read now."""
        if not self._placed:
            return
        page = self.query_one(LessonPage)
        top = page.scroll_y + LOOK_AHEAD
        section = max((i for i, start in enumerate(self._starts) if start.virtual_region.y <= top), default=0)
        self._at_end = at_end = page.scroll_y >= page.max_scroll_y
        if at_end:
            section = len(self._starts) - 1
        if section != self.section or (at_end and not self.finished):
            self.section = section
            self.finished = self.finished or at_end
            self._remember()
            self._tell()

    def _remember(self) -> None:
        """Keep the place; where that fails, say so at the top and go on."""
        try:
            self.desk.services.store.set_lesson_place(
                LessonPlace(self.pack.id, self.lesson.id, self.section, self.finished, self.desk.now())
            )
            self.trouble = None
        except StoreError as error:
            self.trouble = str(error)
            self.notify(
                f"{error.what} The place in the lesson is not kept. {error.try_}", markup=False, severity="warning"
            )

    def _tell(self) -> None:
        number = next((i for i, each in enumerate(self.pack.lessons, start=1) if each.id == self.lesson.id), 0)
        sections = len(self.lesson.sections)
        share = (self.section + 1) / max(1, sections)
        where = Content(f"{self.section + 1} of {sections}  ") + bar(share)
        if self.trouble:
            where = Content.styled("place not saved  ", "bold $warning") + where
        self.top.say(Content(f"Lesson {number} · ") + words(self.lesson.title), where)
        contents = self.query_one("#contents", Rows)
        if not contents.has_focus:
            contents.move_to(f"section:{self.section}")

    def _show_section(self, section: int) -> None:
        if 0 <= section < len(self._starts):
            page = self.query_one(LessonPage)
            start = self._starts[section]
            page.scroll_to(y=start.virtual_region.y + (2 if section else 0), animate=False, force=True)

    def on_resize(self, event: events.Resize) -> None:
        """Text takes other lines in another width: stay in the section, or at the end."""
        super().on_resize(event)
        if self._placed:
            self._placed = False
            self.call_after_refresh(self._stay)

    def _stay(self) -> None:
        page = self.query_one(LessonPage)
        if self._at_end:
            page.scroll_to(y=page.max_scroll_y, animate=False, force=True)
        else:
            self._show_section(self.section)
        self._placed = True

    # -- keys ----------------------------------------------------------------------------------------------------------

    @property
    def asker(self) -> Asker | None:
        """The checkpoint that has the focus."""
        focused = self.focused
        for pane, asker in self.askers.items():
            if focused is not None and pane in focused.ancestors_with_self:
                return asker
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of a question work on the checkpoint that has the focus."""
        if action == "go_on":
            return isinstance(self.focused, LessonPage)
        if action == "next_lesson":
            return self._neighbour(1) is not None
        if action == "previous_lesson":
            return self._neighbour(-1) is not None
        if action == "terms":
            return bool(self.pack.glossary)
        return self.allows(action)

    def on_key(self, event: events.Key) -> None:
        """A number answers the checkpoint that can be seen, although the text has the focus."""
        page = self.query_one(LessonPage)
        if self.focused is not page or event.character is None or event.character not in "123456789":
            return
        for pane, asker in self.askers.items():
            if asker.phase == ASKING and page.region.overlaps(pane.form.region):
                event.stop()
                pane.form.focus(scroll_visible=False)
                if isinstance(pane.form, Options):
                    pane.form.press(int(event.character))
                return

    def action_go_on(self) -> None:
        """Read on; at the end, do what the marked line says."""
        page = self.query_one(LessonPage)
        if not self._placed:
            return
        if page.is_vertical_scroll_end:
            self.query_one("#onward", Rows).action_choose()
        else:
            page.scroll_page_down(animate=False)

    def action_focus_part(self, by: int) -> None:
        """Go to the next live part that is not above the page, or back to the text."""
        page = self.query_one(LessonPage)
        parts = [
            part
            for part in page.query("Diagram, Compare, Options, Input, Rows").results(Widget)
            if part.focusable and all(around.display for around in part.ancestors_with_self)
        ]
        if self.focused in parts:
            here = parts.index(self.focused) + by
        else:
            top = page.region.y
            below = (i for i, part in enumerate(parts) if part.region.bottom > top + 1)
            here = next(below, len(parts)) - (0 if by > 0 else 1)
        if 0 <= here < len(parts):
            parts[here].focus()
        else:
            page.focus(scroll_visible=False)

    def action_section(self, by: int) -> None:
        """Go to another section."""
        wanted = max(0, min(len(self._starts) - 1, self.section + by))
        self._show_section(wanted)
        self.query_one(LessonPage).focus(scroll_visible=False)

    def action_contents(self) -> None:
        """Show or hide the contents."""
        wide = not self.has_class("-narrow")
        name = "-no-contents" if wide else "-contents"
        self.toggle_class(name)
        shown = self.has_class(name) != wide
        (self.query_one("#contents", Rows) if shown else self.query_one(LessonPage)).focus(scroll_visible=False)

    def action_back(self) -> None:
        """Put away what lies over the text; from what is alive in it go to the text, and from there leave."""
        page = self.query_one(LessonPage)
        if self.finding:
            self.stop_finding()
        elif self.has_class("-contents"):
            self.action_contents()
        elif self.focused not in (page, None):
            page.focus(scroll_visible=False)
        else:
            self._leave()

    def _leave(self) -> None:
        if self.may_leave(self.askers.values()):
            super().action_back()

    def action_search(self) -> None:
        """Search, this lesson first."""
        self.post_message(Wanted("search", self.lesson.id))

    def action_terms(self) -> None:
        """Show what the terms in the section that is read mean."""
        section = self.lesson.sections[self.section]
        self.app.push_screen(Terms(self.pack, f"Terms · {section.title}", section_terms(self.pack, section)))

    def action_next_lesson(self) -> None:
        """Go on to the next lesson."""
        after = self._neighbour(1)
        if after is not None:
            self.post_message(Wanted("lesson", after.id, instead=True))

    def action_previous_lesson(self) -> None:
        """Go to the lesson before."""
        before = self._neighbour(-1)
        if before is not None:
            self.post_message(Wanted("lesson", before.id, instead=True))

    @on(Rows.Chosen, "#contents")
    def go_to_section(self, event: Rows.Chosen) -> None:
        """Go to the section chosen; in a narrow window the contents make room again."""
        self.set_class(False, "-contents")
        self._show_section(int(event.row.removeprefix("section:")))
        self.query_one(LessonPage).focus(scroll_visible=False)

    @on(Rows.Chosen, "#onward")
    def go_on(self, event: Rows.Chosen) -> None:
        """Go where the end of the lesson leads."""
        if event.row == "next":
            self.action_next_lesson()
        elif event.row == "practice":
            self.post_message(Wanted("practice", instead=True))
        else:
            self._leave()

    # -- checkpoints ---------------------------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        """Other keys work now."""
        self.refresh_bindings()

    def action_next(self) -> None:
        """Go on with a worked example, else go on reading."""
        asker = self.asker
        if asker is not None and isinstance(asker.session, Worked) and asker.session.more:
            asker.session.advance()
            asker.ask(asker.session)
            self.call_after_refresh(bring_into_sight, asker.pane.query_one(".prompt"), 0, 1, at_top=True)
            return
        self.query_one(LessonPage).focus(scroll_visible=False)
        self.action_go_on()

    def action_variant(self) -> None:
        """Ask another variant in the same place."""
        asker = self.asker
        if asker is not None and asker.phase != IDLE and asker.pane.variant is not None:
            self._ask(asker.pane, asker.pane.variant.question.id)
            asker.pane.form.focus()
