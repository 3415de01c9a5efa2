"""Before an exam: the rules, and extra time for those who need it. The clock starts when the person says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from studyapp.conduct.exam import ExamConductor
from studyapp.conduct.trouble import ConductError
from studyapp.exams.blueprint import Blueprint
from studyapp.exams.sections import plan_of
from studyapp.exams.sitting import EXTRA_TIMES
from studyapp.packs.pack import Pack
from studyapp.store.errors import StoreError
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import count, duration
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.sitting import SittingScreen
from studyapp.tui.spoken import quietly, spoken
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import Ends, Flow, Gap, Piece, Run


class ExamRules(StudyScreen):
    """Says how the exam goes, then starts it."""

    CSS_PATH = "../styles/exam.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.EXAM_RULES]

    def __init__(self, desk: Desk, pack: Pack, blueprint: Blueprint) -> None:
        super().__init__()
        self.desk = desk
        self.pack = pack
        self.blueprint = blueprint
        self.extra = EXTRA_TIMES[0]
        self.trouble = ""

    def body(self) -> Iterator[Widget]:
        """One text."""
        with VerticalScroll(id="page"):
            yield Flow(id="rules")

    def on_mount(self) -> None:
        """Show the rules."""
        self.query_one("#page").focus()
        self.tell()

    def tell(self) -> None:
        """Show the rules as they are with the extra time chosen."""
        self.top.say(Content("Exam · ") + words(self.blueprint.title), Content("the clock has not started"))
        self.query_one("#rules", Flow).show(list(self._rules()))

    def _rules(self) -> Iterator[Piece]:
        blueprint = self.blueprint
        if self.trouble:
            yield Run(words(self.trouble, "bold $error"))
            yield Gap()
        time = duration(timedelta(minutes=blueprint.minutes) * self.extra)
        facts = f"{count(blueprint.questions, 'question')} · {time} · you pass with {blueprint.pass_mark} of 1000"
        yield Run(Content.styled(facts, "bold"))
        yield Gap()
        locked = any(section.locked for section in blueprint.sections)
        for rule in (
            "You can go back and forth, change answers and flag questions until you hand in"
            + (", except in locked sections: they say so before they begin." if locked else "."),
            "You will not be told what is right before that. A wrong answer costs nothing, so answer every question.",
            "The clock runs on when you leave or close the program. Come back, and everything is as you left it.",
            "When the time is up, the exam is handed in by itself with all your answers.",
        ):
            yield Run(Content(rule), Content.styled("• ", "$primary"), Content("  "))
        yield Gap()
        asked = "What is asked outside sections" if blueprint.sections else "What is asked"
        yield Run(Content.styled(asked, "bold $primary"))
        for objective, share in blueprint.draw:
            yield Ends(words(self.pack.objective_title(objective)), Content(f"{share:g} %"))
        yield Gap()
        if blueprint.sections:
            yield Run(Content.styled("Sections, in this order", "bold $primary"))
            for title, what in plan_of(blueprint):
                yield Ends(words(title), Content(what))
            yield Gap()
        keymap = self.desk.settings.keys
        given = f"×{self.extra:g}" if self.extra > 1 else "none"
        yield Run(
            Content.assemble(
                "Extra time: ",
                Content.styled(given, "bold"),
                quietly("   {exam.extra} changes it", keymap),
            )
        )
        yield Gap()
        yield Run(
            Content.assemble(
                "Press ",
                Content.styled(spoken("{exam.start}", keymap), "bold $accent"),
                " to start the clock, ",
                Content.styled(spoken("{app.back}", keymap), "bold $accent"),
                " to go back.",
            )
        )

    def action_extra(self) -> None:
        """The next of the extra times, and none after the last."""
        self.extra = EXTRA_TIMES[(EXTRA_TIMES.index(self.extra) + 1) % len(EXTRA_TIMES)]
        self.tell()

    def action_start(self) -> None:
        """Start the clock, once however long the key is held down."""
        if self.app.screen is not self:
            return
        seed, now = self.desk.next_seed(), self.desk.now()
        try:
            conductor = ExamConductor.start(self.desk.services, self.pack, self.blueprint, seed, now, self.extra)
        except (ConductError, StoreError) as error:
            self.trouble = str(error)
            self.tell()
            return
        self.app.switch_screen(SittingScreen(self.desk, self.pack, conductor))
