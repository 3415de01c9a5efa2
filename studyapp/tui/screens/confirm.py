"""The one way to ask before something is done, and the one way to ask for a line of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from studyapp.tui import keys
from studyapp.tui.screens.base import Dialog
from studyapp.tui.spoken import keymap_of, quietly, spoken
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run
from studyapp.tui.widgets.keybar import KeyBar
from studyapp.tui.widgets.rows import Row, Rows

LONGEST = 1_000
"""Characters of a line."""


class Confirm(Dialog):
    """Asks before something that is not easily taken back; the safe answer has the cursor. Hands back whether to do it.

    `told` are the lines that say why it is asked.
    """

    CSS_PATH = "../styles/dialogs.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.CONFIRM]

    def __init__(self, question: str, told: Sequence[str], yes: str, no: str) -> None:
        super().__init__()
        self._texts = (question, told, yes, no)

    def compose(self) -> ComposeResult:
        """The question and the two answers."""
        question, told, yes, no = self._texts
        keymap = keymap_of(self.app)
        with Vertical(id="box"):
            yield Flow([Run(words(question, "bold")), Gap(), *(Run(words(line)) for line in told), Gap()])
            yield Rows(
                [
                    Row(words(no), Content.styled(spoken("{confirm.no}", keymap), "$quiet"), id="no"),
                    Row(words(yes), Content.styled(spoken("{confirm.yes}", keymap), "$quiet"), id="yes"),
                ]
            )

    def on_mount(self) -> None:
        """The list takes the keys."""
        self.query_one(Rows).focus()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Hand back the answer."""
        self.dismiss(event.row == "yes")

    def action_answer(self, answer: bool) -> None:
        """Hand back the answer."""
        self.dismiss(answer)


class AskLine(Dialog):
    """Asks for a line of text. Hands it back, or None.

    `wrong` says why a line will not do, as a sentence; empty where it will.
    """

    CSS_PATH = "../styles/dialogs.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.LINE]

    def __init__(self, question: str, told: str, wrong: Callable[[str], str], *, given: str = "") -> None:
        super().__init__()
        self._question = question
        self._told = told
        self._wrong = wrong
        self._given = given

    def compose(self) -> ComposeResult:
        """The question, the field, what is wrong with what stands in it, the keys."""
        with Vertical(id="box"):
            yield Flow([Run(words(self._question, "bold")), Run(words(self._told, "$quiet")), Gap()])
            yield Input(self._given, id="line", max_length=LONGEST)
            yield Flow([self._how], id="wrong")
            yield KeyBar(id="keys")

    @property
    def _how(self) -> Piece:
        return Run(quietly("{line.take} takes it", keymap_of(self.app)))

    def on_mount(self) -> None:
        """The field takes the keys."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def forget(self) -> None:
        """What was wrong with another line is no longer."""
        self.query_one("#wrong", Flow).show([self._how])

    @on(Input.Submitted)
    def action_take(self) -> None:
        """Hand the line back, if it will do."""
        typed = self.query_one(Input).value.strip()
        wrong = self._wrong(typed)
        if wrong:
            self.query_one("#wrong", Flow).show([Run(words(wrong, "bold $warning"))])
        else:
            self.dismiss(typed)

    def action_close(self) -> None:
        """Hand nothing back."""
        self.dismiss(None)
