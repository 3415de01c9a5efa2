"""Practice: how many questions, one after another with feedback in place, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from studyapp.conduct.agenda import agenda, comes_first, reasons
from studyapp.conduct.feedback import Feedback
from studyapp.conduct.placement import place, placement, told
from studyapp.conduct.practice import Practice, checkpoint
from studyapp.conduct.trouble import ConductError
from studyapp.conduct.worked import Worked
from studyapp.packs.pack import Pack
from studyapp.store.errors import StoreError
from studyapp.study.agenda import SECONDS, seconds_each
from studyapp.study.session import FEEDBACK
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.sayings import bar, count
from studyapp.tui.screens.asking import Asker, AskingKeys
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.text import words
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.feedback import SIGNS
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run
from studyapp.tui.widgets.question import QuestionPane
from studyapp.tui.widgets.rows import Row, Rows

SIZES = (5, 10, 20)
USUAL_SIZE = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the session that has been answered: what it was about, and the verdict."""

    about: str
    verdict: str


class PracticeScreen(AskingKeys, StudyScreen):
    """Asks how many questions, asks them, and says at the end what came of it."""

    CSS_PATH: ClassVar[keys.Styles] = ["../styles/question.tcss", "../styles/practice.tcss"]
    BINDINGS: ClassVar[keys.Keys] = [*keys.CERTAINTY, *keys.FEEDBACK, *keys.QUESTION, keys.BACK]

    def __init__(
        self,
        desk: Desk,
        pack: Pack,
        size: int | None = None,
        *,
        tag: str = "",
        question: str = "",
        placing: bool = False,
    ) -> None:
        """`size` is how many questions, all with a `tag` where one is given; without it the screen asks. Or one
        `question` is asked, by its id, or the quiz that finds out which lessons need not be read.
        """
        super().__init__()
        self.placing = placing
        self._began = desk.now()
        self.question_wanted = question
        self.tag = tag
        self.size_wanted = size
        self.desk = desk
        self.pack = pack
        self.session: Practice | None = None
        self.aside: Practice | None = None
        """Another variant of the question just answered, asked outside the session."""
        self.answered: list[Answered] = []
        self._asker: Asker | None = None

    @property
    def _called(self) -> str:
        return "Placement quiz" if self.placing else "Practice"

    @property
    def asker(self) -> Asker | None:
        """Leads the one question through its phases."""
        return self._asker

    def body(self) -> Iterator[Widget]:
        """A menu and the question; one of them is shown."""
        with VerticalScroll(id="menu", can_focus=False):
            yield Flow(id="told")
            yield Rows(id="choices")
        yield QuestionPane(id="pane")

    def on_mount(self) -> None:
        """Begin, or ask how many questions."""
        self._asker = Asker(self.query_one(QuestionPane), self.desk, self._changed, self._told)
        self.offer()
        if self.question_wanted or self.placing:
            self.begin(1)
        elif self.size_wanted is not None:
            self.begin(self.size_wanted)

    # -- before and after ----------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Ask how many questions."""
        self.top.say(Content("Practice"))
        there = len(self.pack.tagged(self.tag) if self.tag else self.pack.questions)
        if not there:
            lacks = f"questions with the tag {self.tag}." if self.tag else "questions to practise with."
            others = [] if not self.pack.tags else [Row(Content("Choose another tag"), id="tags", numbered=True)]
            self._menu([Run(words(f"This pack has no {lacks}")), Gap()], [_home(), *others])
            return
        about = f" tagged {self.tag}" if self.tag else ""
        sizes = [size for before, size in zip((0, *SIZES), SIZES, strict=False) if there > before]
        why, seconds = self._why()
        self._menu(
            [Run(words(f"How many questions{about}?", "bold")), Gap(), *why, Gap()],
            [
                Row(
                    Content(f"A round of {count(min(size, there), 'question')}"),
                    Content.styled(f"about {max(1, round(min(size, there) * seconds / 60))} min", "$quiet"),
                    id=f"size:{size}",
                    numbered=True,
                )
                for size in sizes
            ]
            + self._choice_of_tag(),
            at=f"size:{USUAL_SIZE}",
        )

    def _choice_of_tag(self) -> list[Row]:
        """The way to the tags of the pack, and back from one."""
        if not self.pack.tags:
            return []
        every = [Row(Content("All questions of the pack"), id="tag:", numbered=True)] if self.tag else []
        return [*every, Row(Content("Only questions with a tag …"), id="tags", numbered=True)]

    def offer_tags(self) -> None:
        """Ask which tag the questions are to have."""
        rows = [
            Row(words(tag), Content.styled(count(number, "question"), "$quiet"), id=f"tag:{tag}", numbered=True)
            for tag, number in self.pack.tags
        ]
        self._menu([Run(Content.styled("Which tag?", "bold")), Gap()], rows)

    def _why(self) -> tuple[list[Piece], float]:
        """What is asked and why, as far as that is known, and the seconds that a question takes."""
        services, now = self.desk.services, self.desk.now()
        try:
            known = agenda(services, self.pack, now)
        except StoreError:
            return [], SECONDS
        lines = [*reasons(known, now, services), *((comes_first(known),) if known.plan is None else ())]
        return [Run(words(line, "$quiet")) for line in lines], seconds_each(known.memories.values())

    def end(self) -> None:
        """Say what came of the session."""
        self.top.say(Content(self._called), Content("done"))
        right, total = sum(each.verdict == "right" for each in self.answered), len(self.answered)
        pieces: list[Piece] = [
            Run(
                Content.assemble(
                    Content.styled(f"{right} of {total} right", "bold"), "   ", bar(right / max(1, total), 20)
                )
            ),
            Gap(),
        ]
        for number, each in enumerate(self.answered, start=1):
            sign, style = SIGNS[each.verdict]
            mark = Content.assemble(
                f"{number:>3}  ", Content.styled(f"{sign} {each.verdict:<6}", f"bold {style}"), "  "
            )
            pieces.append(Run(words(each.about), mark, Content(" " * mark.cell_length)))
        if self.placing:
            pieces += [Gap(), *self._placed()]
        self._menu([*pieces, Gap()], [_home(), Row(Content("Practise again"), id="again", numbered=True)])

    def _placed(self) -> list[Piece]:
        """Which lessons need not be read."""
        try:
            return [Run(words(line)) for line in told(place(self.desk.services, self.pack, self._began))]
        except StoreError as error:
            return [Run(words(str(error), "bold $error"))]

    def _menu(self, pieces: Sequence[Piece], rows: Sequence[Row], at: str | None = None) -> None:
        self.set_class(True, "-menu")
        self.query_one("#told", Flow).show(pieces)
        choices = self.query_one(Rows)
        choices.show(rows, at=at)
        choices.focus()
        if self.asker is not None:
            self.asker.rest()

    @on(Rows.Chosen)
    def chosen(self, event: Rows.Chosen) -> None:
        """Begin, begin again, or go home."""
        what, _, which = event.row.partition(":")
        if what == "size":
            self.begin(int(which))
        elif what == "tags":
            self.offer_tags()
        elif what in ("again", "tag"):
            self.tag = which if what == "tag" else self.tag
            self.offer()
        else:
            self.action_back()

    # -- the questions -------------------------------------------------------------------------------------------------

    def begin(self, size: int) -> None:
        """Begin a session."""
        try:
            seed, services = self.desk.next_seed(), self.desk.services
            if self.question_wanted:
                self.session = checkpoint(services, self.pack, self.question_wanted, seed)
            elif self.placing:
                self.session = placement(services, self.pack, seed)
            else:
                self.session = Practice(services, self.pack, size, seed, tag=self.tag)
        except (ConductError, StoreError) as error:
            self._menu([Run(words(str(error), "bold $error")), Gap()], [_home(), Row(Content("Try again"), id="again")])
            return
        self.aside, self.answered = None, []
        self.set_class(False, "-menu")
        self.ask()

    def ask(self) -> None:
        """Ask the current question, or say that there is none any more."""
        asked = self.aside or self.session
        if asked is None or asked.current is None or self.asker is None:
            self.end()
        else:
            self.asker.ask(asked)

    def _changed(self) -> None:
        """Say where one is; the keys that work are others now."""
        self.refresh_bindings()
        session = self.session
        if session is None or self.has_class("-menu"):
            return
        where = "another variant" if self.aside is not None else f"{session.number} of {session.total}"
        tally = Content("   ").join(
            Content.styled(f"{sign} {number}", style)
            for verdict, (sign, style) in SIGNS.items()
            if (number := sum(each.verdict == verdict for each in self.answered))
        )
        self.top.say(Content(f"{self._called} · {where}"), tally)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the phase allows."""
        return self.allows(action)

    def _told(self, asked: Practice | Worked, feedback: Feedback) -> None:
        """Count an answer of the session that has just been saved."""
        if asked is self.session and asked.current is not None:
            about = self.pack.objective_title(asked.current.question.objective)
            self.answered.append(Answered(about, feedback.grade.verdict))

    def action_next(self) -> None:
        """Go on to the next question."""
        if self.aside is not None:
            self.aside = None
        if self.session is not None and self.session.phase == FEEDBACK:
            self.session.advance()
        self.ask()

    def action_back(self) -> None:
        """From another variant go back to the question that led to it, else leave; every answer is on disk."""
        if not self.may_leave([self._asker] if self._asker is not None else []):
            return
        if self.aside is not None:
            self.aside = None
            self.ask()
        else:
            super().action_back()

    def action_variant(self) -> None:
        """Ask another variant of the question."""
        current = self.query_one(QuestionPane).variant
        if current is None:
            return
        try:
            self.aside = checkpoint(self.desk.services, self.pack, current.question.id, self.desk.services.entropy())
        except (ConductError, StoreError) as error:
            self.query_one(QuestionPane).say(str(error), "bold $error")
            return
        self.ask()

    def action_read(self) -> None:
        """Read the lesson about the belief behind the answer."""
        feedback = self.query_one(QuestionPane).feedback
        if feedback is not None and feedback.lesson is not None:
            self.post_message(Wanted("lesson", feedback.lesson))


def _home() -> Row:
    return Row(Content("Go back to the start"), id="home", numbered=True)
