"""After an exam: the score, a bar for each objective, and every question with its answer and replay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from studyapp.conduct.exam import ExamConductor
from studyapp.exams.score import Report
from studyapp.packs.pack import Pack
from studyapp.packs.prose import parse_prose, plain_text
from studyapp.questions.response import NOTHING
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import bar, count, duration
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.text import words
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.feedback import SIGNS
from studyapp.tui.widgets.flow import Ends, Flow, Gap, Piece, Run
from studyapp.tui.widgets.question import QuestionPane
from studyapp.tui.widgets.rows import Row, Rows

PILES = ("right", "partly", "wrong", "unanswered", "withdrawn")
PILE_WORDS = {"withdrawn": "not counted"}
PILE_SIGNS = {**SIGNS, "unanswered": ("○", "$warning"), "withdrawn": ("–", "$quiet")}


class ResultScreen(StudyScreen):
    """Shows how the exam went."""

    CSS_PATH = "../styles/exam.tcss"

    def __init__(self, desk: Desk, pack: Pack, conductor: ExamConductor) -> None:
        super().__init__()
        self.desk = desk
        self.pack = pack
        self.conductor = conductor

    def body(self) -> Iterator[Widget]:
        """The score, then the questions."""
        with VerticalScroll(id="page", can_focus=False):
            yield Flow(id="score")
            yield Rows(id="questions")

    def on_mount(self) -> None:
        """Show the result."""
        report = self.conductor.report
        if report is None:
            return
        blueprint = self.conductor.blueprint
        self.top.say(Content("Exam · ") + words(blueprint.title if blueprint is not None else ""), Content("result"))
        self.query_one("#score", Flow).show(list(self._score(report)))
        questions = self.query_one(Rows)
        questions.show(list(self._questions(report)))
        questions.focus(scroll_visible=False)
        self.query_one("#page").scroll_home(animate=False)

    def _score(self, report: Report) -> Iterator[Piece]:
        sign, word, style = ("✔", "Passed", "$success") if report.passed else ("✖", "Not passed", "$error")
        yield Run(
            Content.assemble(
                Content.styled(f"{sign} {word}", f"bold {style}"),
                Content.styled(f"   {report.scaled} of 1000", "bold"),
                Content.styled(f"   {report.pass_mark} passes", "$quiet"),
            )
        )
        time = f"{duration(report.time_used)} of {duration(report.time_allowed)}"
        points = f"{report.points:g} of {report.out_of:g} points · {time}"
        if report.extra > 1:
            points += f" (×{report.extra:g})"
        if report.expired:
            points += " · handed in by itself when the time was up"
        yield Run(Content(points))
        if report.withdrawn:
            gone = count(len(report.withdrawn), "question")
            yield Run(Content(f"{gone} could not be graded and did not count."))
        yield Gap()
        pass_share = self.conductor.sitting.form.pass_share
        order = [objective.id for objective in self.pack.objectives]
        for objective, points_in, out_of in sorted(
            report.by_objective, key=lambda each: order.index(each[0]) if each[0] in order else len(order)
        ):
            yield _part(self.pack.objective_title(objective), points_in, out_of, pass_share)
        yield Gap()
        if report.by_section:
            yield Run(Content.styled("Sections", "bold $primary"))
            for title, points_in, out_of in report.by_section:
                yield _part(title, points_in, out_of, pass_share)
            yield Gap()
        yield Run(Content.styled("The scale is this program's own: the vendor does not say how it is made.", "$quiet"))
        yield Gap()
        yield Run(Content.styled("Questions", "bold $primary"))

    def _questions(self, report: Report) -> Iterator[Row]:
        piles = {item: pile for pile in PILES for item in getattr(report, pile)}
        for item in range(self.conductor.total):
            pile = piles[item]
            sign, style = PILE_SIGNS[pile]
            prompt = ""
            if item not in self.conductor.withdrawn:
                prompt = " ".join(plain_text(parse_prose(self.conductor.variant(item).prompt)).split())[:100]
            state = Content.styled(PILE_WORDS.get(pile, pile).rjust(11), style) + Content.styled(
                duration(report.time_by_item[item]).rjust(8), "$quiet"
            )
            left = Content(f"{item + 1:>2} ") + Content.styled(f"{sign} ", f"bold {style}") + words(prompt)
            yield Row(left, state, id=str(item) if item not in self.conductor.withdrawn else None)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Look at a question again."""
        if self.app.screen is self:
            self.app.push_screen(LookBack(self.desk, self.pack, self.conductor, int(event.row)))


def _part(title: str, points: float, out_of: float, pass_share: float) -> Piece:
    """What one part of the exam was worth, with a bar."""
    share = points / out_of if out_of else 0.0
    style = "$success" if share >= pass_share else "$warning"
    return Ends(words(title), bar(share, 20, style) + Content(f" {points:g} of {out_of:g}".rjust(12)))


class LookBack(StudyScreen):
    """Shows the questions of a past exam one by one, with the answers and the replays."""

    CSS_PATH: ClassVar[keys.Styles] = ["../styles/question.tcss", "../styles/exam.tcss"]
    BINDINGS: ClassVar[keys.Keys] = [*keys.LOOK_BACK]

    def __init__(self, desk: Desk, pack: Pack, conductor: ExamConductor, item: int) -> None:
        super().__init__()
        self.desk = desk
        self.pack = pack
        self.conductor = conductor
        self.item = item

    def body(self) -> Iterator[Widget]:
        """The question."""
        yield QuestionPane(id="pane")

    def on_mount(self) -> None:
        """Show the question that was chosen."""
        self.show_item(self.item)

    def show_item(self, item: int) -> None:
        """Show a question with what there is to say of its answer."""
        self.item = item
        self.top.say(Content(f"Question {item + 1} of {self.conductor.total}"), Content("looking back"))
        pane = self.query_one(QuestionPane)
        answer = self.conductor.sitting.answers.get(item, NOTHING)
        pane.ask(self.conductor.variant(item), answer)
        feedback = self.conductor.feedback(item)
        if feedback is None:
            pane.form.hold()
            pane.say("This question can no longer be graded, so it did not count.")
        else:
            pane.show_feedback(feedback, answer)
        pane.form.focus(scroll_visible=False)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The replay is stepped through where there is one."""
        feedback = self.query_one(QuestionPane).feedback if self.is_mounted else None
        if action == "what_if":
            return feedback is not None and bool(feedback.wishes)
        if action == "step":
            return feedback is not None and bool(feedback.replay)
        if action == "sources":
            return feedback is not None and bool(feedback.rules)
        if action == "read":
            return feedback is not None and feedback.lesson is not None
        return True

    def action_go(self, by: int) -> None:
        """Go to another question that the pack still has."""
        item = self.item + by
        while 0 <= item < self.conductor.total and item in self.conductor.withdrawn:
            item += by
        if 0 <= item < self.conductor.total:
            self.show_item(item)
        elif by > 0:
            self.action_back()

    def action_step(self, by: int) -> None:
        """Step through the replay."""
        self.query_one(QuestionPane).move_step(by)

    def action_what_if(self) -> None:
        """Ask what would make a wrong answer right."""
        self.query_one(QuestionPane).what_if(self.desk.services.facts)

    def action_sources(self) -> None:
        """Say where the rules come from."""
        self.query_one(QuestionPane).show_sources()

    def action_read(self) -> None:
        """Read the lesson about the belief behind the answer."""
        feedback = self.query_one(QuestionPane).feedback
        if feedback is not None and feedback.lesson is not None:
            self.post_message(Wanted("lesson", feedback.lesson))
