"""An exam while it runs: one question at a time, the time left, all questions at a glance, and handing in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from studyapp.conduct.exam import ExamConductor
from studyapp.exams.sections import asked_before
from studyapp.exams.sitting import IllegalMove
from studyapp.packs.pack import Pack
from studyapp.questions.response import NOTHING, Response
from studyapp.store.errors import StoreError
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import clock, count, duration
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.confirm import Confirm
from studyapp.tui.screens.overview import HAND_IN, Overview
from studyapp.tui.screens.result import ResultScreen
from studyapp.tui.screens.section import CaseStudy, SectionOpening
from studyapp.tui.spoken import spoken
from studyapp.tui.text import words
from studyapp.tui.widgets.answering import AnswerForm
from studyapp.tui.widgets.question import QuestionPane

LITTLE = timedelta(minutes=1)
UNSAVED_HERE = (
    "Something is not saved yet and would be lost. Press {exam.review} to try again, or {app.back} again to leave."
)


class SittingScreen(StudyScreen):
    """Shows the running exam. Every answer is on disk before it shows; nothing is judged."""

    CSS_PATH: ClassVar[keys.Styles] = ["../styles/question.tcss", "../styles/exam.tcss"]
    BINDINGS: ClassVar[keys.Keys] = [*keys.EXAM]
    LEADS_ELSEWHERE = False

    def __init__(self, desk: Desk, pack: Pack, conductor: ExamConductor) -> None:
        super().__init__()
        self.desk = desk
        self.pack = pack
        self.conductor = conductor
        self.time_shown = True
        self.item = -1
        self._warned = False
        self._warnings = [each for each in conductor.warnings if each < conductor.remaining(desk.now())]

    def body(self) -> Iterator[Widget]:
        """The question."""
        yield QuestionPane(id="pane")

    def on_mount(self) -> None:
        """Show the question where one was, and look at the clock each second."""
        for form in self.query_one(QuestionPane).forms:
            form.can_lock = False
            form.keep = self.keep
        self.show_item(self.conductor.sitting.position)
        self.set_interval(1, self.tick)
        opening = self.conductor.sitting.entered_by(self.item)
        if opening is not None:
            self.app.push_screen(SectionOpening(opening, self.conductor.case(self.item)))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_item(self, item: int) -> None:
        """Show a question with its answer so far."""
        self.item = item
        pane = self.query_one(QuestionPane)
        pane.ask(self.conductor.variant(item), self.conductor.sitting.answers.get(item, NOTHING))
        pane.form.focus(scroll_visible=False)
        self.tell()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The cluster of a case study is looked at where there is one."""
        return self.conductor.case(self.item) is not None if action == "case" and self.item >= 0 else True

    def tell(self) -> None:
        """The line at the top: which question, how many are answered, the time left."""
        sitting = self.conductor.sitting
        left = Content(f"Question {self.item + 1} of {self.conductor.total}")
        section = sitting.form.section(self.item)
        if section is not None:
            left += Content(" · locked · " if section.locked else " · ") + words(section.title)
        if self.item in sitting.flags:
            left += Content.styled("  ⚑ flagged", "$warning")
        right = Content.styled(f"{len(sitting.answers)} answered", "$quiet")
        if self.conductor.unsaved:
            right = Content.styled("not saved: r tries again", "bold $error")
        remaining = self.conductor.remaining(self.desk.now())
        if self.time_shown:
            right += Content.styled(f"   {clock(remaining)} left", "bold $error" if remaining <= LITTLE else "bold")
        self.top.say(left, right)

    def tick(self) -> None:
        """Keep what is being typed, show the time, warn when little is left, and hand in at zero."""
        now = self.desk.now()
        if self.conductor.running and not self.conductor.expired(now):
            self.form.flush()
        try:
            if self.conductor.tick(now) is not None:
                expired = self.conductor.sitting.expired
                self._over("The time is up: the exam has been handed in." if expired else None)
                return
        except StoreError as error:
            self.query_one(QuestionPane).say(f"{error} The exam tries again by itself.", "bold $error")
        remaining = self.conductor.remaining(now)
        due = [each for each in self._warnings if remaining <= each]
        if due:
            self._warnings = [each for each in self._warnings if each not in due]
            self.notify(f"{duration(due[-1])} left.", markup=False, severity="warning", timeout=6)
        if self.is_current:
            self.tell()

    def _over(self, why: str | None = None) -> None:
        """Show the result, whatever lies over this screen."""
        if why:
            self.notify(why, markup=False, timeout=8)
        while self.app.screen is not self and self in self.app.screen_stack:
            self.app.pop_screen()
        if self.app.screen is self:
            self.app.switch_screen(ResultScreen(self.desk, self.pack, self.conductor))

    # -- what is done --------------------------------------------------------------------------------------------------

    @property
    def form(self) -> AnswerForm:
        """Where the question is answered."""
        return self.query_one(QuestionPane).form

    def _do(self, move: Callable[[], None]) -> bool:
        """Do something that is kept on disk; False when it could not be, which is said on the screen."""
        try:
            move()
        except IllegalMove as error:
            if not self.conductor.running:
                self._over(str(error))
            return False
        except StoreError as error:
            kept = "It is kept here, but not on disk." if self.conductor.unsaved else ""
            self.query_one(QuestionPane).say(f"{error.what} {kept} {error.try_}", "bold $error")
            self.tell()
            return False
        return True

    def keep(self, response: Response) -> bool:
        """Record an answer; says whether it may be shown as given."""
        if self._do(lambda: self.conductor.answer(self.item, response, self.desk.now())):
            return True
        known = self.conductor.sitting.answers.get(self.item, NOTHING)
        if self.conductor.running and known != response:
            # The exam has been gone on with elsewhere: show what is known there.
            self.form.show(self.conductor.variant(self.item), known)
        return self.conductor.running and known == response

    def on_answer_form_locked(self) -> None:
        """What is typed is given: go on."""
        self.action_go(1)

    def on_answer_form_changed(self) -> None:
        """The answer is on disk, or kept here with the reason why it is not, which stays to be read."""
        if not self.conductor.unsaved:
            self.query_one(QuestionPane).guide()
        self.tell()

    def action_go(self, by: int) -> None:
        """Go to another question that is not closed; after the last comes the review."""
        self.form.flush()
        wanted = self.conductor.sitting.beside(self.item, by)
        if wanted is not None:
            self.jump(wanted)
        elif by > 0:
            self.action_review()

    def jump(self, item: int) -> None:
        """Go to a question, once it is confirmed that what this closes may close."""
        asked = asked_before(self.conductor.sitting, item)
        if asked is None:
            self._enter(item)
            return
        confirm = Confirm(*asked, "Go on, with no way back", "Stay here")
        self.app.push_screen(confirm, lambda leave: self._enter(item) if leave is True else None)

    def _enter(self, item: int) -> None:
        """Go to a question; what holds in a section is said before its first."""
        opening = self.conductor.sitting.entered_by(item)
        if opening is None or item == self.item:
            self._go(item)
            return
        screen = SectionOpening(opening, self.conductor.case(item))
        self.app.push_screen(screen, lambda begin: self._go(item) if begin is True else None)

    def _go(self, item: int) -> None:
        self._do(lambda: self.conductor.go(item, self.desk.now()))
        if self.conductor.running:
            sitting = self.conductor.sitting
            self.show_item(sitting.position if item in sitting.closed else item)

    def action_case(self) -> None:
        """Look at the cluster of the case study."""
        section, case = self.conductor.sitting.form.section(self.item), self.conductor.case(self.item)
        if section is not None and case is not None:
            self.form.flush()
            self.app.push_screen(CaseStudy(section, case))

    def action_flag(self) -> None:
        """Flag the question, or take the flag away."""
        move = self.conductor.unflag if self.item in self.conductor.sitting.flags else self.conductor.flag
        self._do(lambda: move(self.item, self.desk.now()))
        if self.conductor.running:
            self.tell()

    def action_time(self) -> None:
        """Hide or show the time left."""
        self.time_shown = not self.time_shown
        self.tell()

    def action_palette(self) -> None:
        """Show all questions."""
        self.form.flush()
        self.app.push_screen(Overview(self.conductor, self.item, whole=True), self._chosen)

    def action_review(self) -> None:
        """Show what is unanswered and flagged; hand in from there."""
        self.form.flush()
        if self.conductor.unsaved and self._do(self.conductor.retry):
            self.tell()
        self.app.push_screen(Overview(self.conductor, self.item, whole=False), self._chosen)

    def _chosen(self, chosen: object) -> None:
        if isinstance(chosen, int):
            self.jump(chosen)
        elif chosen == HAND_IN:
            missing = len(self.conductor.sitting.unanswered)
            has = "has" if missing == 1 else "have"
            told = (
                f"{count(missing, 'question')} {has} no answer yet and will count as wrong."
                if missing
                else "Every question is answered."
            )
            told += f" You have {clock(self.conductor.remaining(self.desk.now()))} left."
            self.app.push_screen(Confirm("Hand in now?", (told,), "Hand in", "Go on with the exam"), self._confirmed)

    def _confirmed(self, answer: object) -> None:
        if answer is True and self._do(self._hand_in):
            self._over()

    def _hand_in(self) -> None:
        self.conductor.hand_in(self.desk.now())

    def action_back(self) -> None:
        """Leave; the exam stays open and its clock runs on. What is not on disk is not left behind unasked."""
        self.form.flush()
        if (
            self.conductor.unsaved
            and not self._do(self.conductor.retry)
            and self.conductor.unsaved
            and not self._warned
        ):
            self._warned = True
            self.notify(spoken(UNSAVED_HERE, self.desk.settings.keys), markup=False, severity="warning", timeout=8)
            return
        left = clock(self.conductor.remaining(self.desk.now()))
        if self.app.screen is self:
            self.notify(f"The exam stays open, with {left} left. The clock runs on.", markup=False)
            self.app.pop_screen()


def title_of(conductor: ExamConductor) -> Content:
    """What the exam is called."""
    blueprint = conductor.blueprint
    return words(blueprint.title if blueprint is not None else conductor.sitting.blueprint_id)
