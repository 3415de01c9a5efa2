"""All questions of a running exam with their states, and what is to do before handing in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from studyapp.conduct.exam import ExamConductor
from studyapp.exams.sections import stretches
from studyapp.packs.prose import parse_prose, plain_text
from studyapp.tui import keys
from studyapp.tui.sayings import count
from studyapp.tui.screens.base import Dialog
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import BLANK, Flow, Gap, Run
from studyapp.tui.widgets.keybar import KeyBar
from studyapp.tui.widgets.rows import Row, Rows

HAND_IN = "hand-in"
AROUND = 6
"""Lines of the frame, the heading and the keys."""
BEGINNING = 200
"""Characters of a prompt that are shown."""


class Overview(Dialog):
    """Lists questions to jump to: all of them, or those without an answer or with a flag.

    Hands back a number from 0, `HAND_IN`, or None.
    """

    CSS_PATH = "../styles/exam.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.EXAM_REVIEW, *keys.OVERVIEW]

    def __init__(self, conductor: ExamConductor, item: int, *, whole: bool) -> None:
        super().__init__()
        self.conductor = conductor
        self.item = item
        self.whole = whole

    def compose(self) -> ComposeResult:
        """A heading, the list, the keys."""
        with Vertical(id="box"):
            yield Flow(id="told")
            with VerticalScroll(id="list", can_focus=False):
                yield Rows(id="questions")
            yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Show the list, the cursor on the question one came from."""
        sitting = self.conductor.sitting
        missing, flagged = len(sitting.unanswered), len(sitting.flags)
        states = f"{len(sitting.answers)} of {self.conductor.total} answered, {missing} not, {count(flagged, 'flag')}"
        title = "All questions" if self.whole else "Review before handing in"
        self.query_one("#told", Flow).show([Run(Content.styled(title, "bold $primary")), Run(Content(states)), Gap()])
        questions = self.query_one(Rows)
        rows = list(self._rows())
        here = str(self.item)
        at = here if any(row.id == here for row in rows) and self.whole else None
        questions.show(rows, at=at)
        questions.focus()

    def on_resize(self, event: events.Resize) -> None:
        """The list takes what the frame, the heading and the keys leave, and scrolls where that is not enough."""
        super().on_resize(event)
        self.query_one("#list").styles.max_height = max(1, event.size.height - AROUND)

    def _rows(self) -> Iterator[Row]:
        sitting = self.conductor.sitting
        if not self.whole:
            yield Row(Content("Hand in"), Content.styled("you will be asked once more", "$quiet"), id=HAND_IN)
            yield Row(BLANK)
        left = {
            item
            for item in range(self.conductor.total)
            if self.whole or item not in sitting.answers or item in sitting.flags
        }
        if not left:
            yield Row(Content.styled("Every question is answered and none is flagged.", "$quiet"))
        for stretch in stretches(sitting):
            if sitting.form.sections:
                yield Row(words(stretch.title, "bold $primary"), Content.styled(stretch.state, "$quiet"))
            yield from (self._row(item) for item in stretch.items if item in left)

    def _row(self, item: int) -> Row:
        """A question; one that is closed cannot be chosen."""
        sitting = self.conductor.sitting
        answered, closed = item in sitting.answers, item in sitting.closed
        sign = Content.styled("● ", "$success") if answered else Content.styled("○ ", "$warning")
        state = Content.styled("answered  " if answered else "unanswered", "$quiet" if answered else "bold")
        mark = Content.styled(" ⚑ flagged", "$warning") if item in sitting.flags else Content("          ")
        mark = Content.styled("  closed  ", "$quiet") if closed else mark
        prompt = " ".join(plain_text(parse_prose(self.conductor.variant(item).prompt)).split())[:BEGINNING]
        left = Content(f"{item + 1:>2} ") + sign + words(prompt, "$quiet" if closed else "")
        return Row(left, state + mark, id=None if closed else str(item))

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Hand back what is chosen."""
        self.dismiss(HAND_IN if event.row == HAND_IN else int(event.row))

    def action_hand_in(self) -> None:
        """Hand in."""
        self.dismiss(HAND_IN)

    def action_close(self) -> None:
        """Back to the question."""
        self.dismiss(None)
