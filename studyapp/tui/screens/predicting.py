"""Before a diagram of a lesson is played: what will happen, and how sure one is. `esc` just watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from studyapp.conduct.predicting import BEFORE, CHOICES, CameOut, predict, to_ask
from studyapp.packs.content import Lesson, Pack
from studyapp.questions.predictions import Asked
from studyapp.store.errors import StoreError
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.screens.base import Dialog
from studyapp.tui.spoken import keymap_of, quietly
from studyapp.tui.text import words
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.feedback import SIGNS
from studyapp.tui.widgets.flow import Flow, Gap, Run
from studyapp.tui.widgets.rows import Row, Rows
from studyapp.tui.widgets.sight import bring_into_sight

SURE = (("guess", "a guess"), ("think-so", "I think so"), ("sure", "sure"))


class Predicting:
    """Asks about one diagram before it is first played, and tells below it what came of that."""

    def __init__(self, desk: Desk, pack: Pack, lesson: Lesson, diagram: Diagram, told: Flow) -> None:
        self._desk = desk
        self._pack = pack
        self._lesson = lesson
        self._told = told
        self._came: CameOut | None = None
        self._diagram = diagram
        diagram.first = self._ask

    def _ask(self, then: Callable[[], None]) -> bool:
        scenarios = [bench.scenario for bench in self._diagram.benches]
        try:
            asked = to_ask(self._desk.services, self._pack, self._lesson, scenarios)
        except StoreError:
            # Reading on matters more than a prediction that cannot be kept.
            return False
        if asked is None:
            return False

        def go_on(said: object) -> None:
            if isinstance(said, tuple):
                self._keep(asked, *said)
            then()

        self._diagram.app.push_screen(PredictDialog(asked), go_on)
        return True

    def _keep(self, asked: Asked, said: str, certainty: str) -> None:
        try:
            self._came = predict(self._desk.services, self._pack, self._lesson, asked, said, certainty)
        except StoreError as error:
            self._diagram.notify(f"{error.what} What you said is not kept.", markup=False, severity="warning")

    def tell(self) -> None:
        """Say once what came of it, where it can be seen; nothing where nothing was said."""
        came, self._came = self._came, None
        if came is not None:
            sign, style = SIGNS["right" if came.right else "wrong"]
            self._told.show([Run(words(came.line, f"bold {style}"), Content.styled(f"{sign} ", f"bold {style}"))])
            self._told.call_after_refresh(lambda: bring_into_sight(self._told, 0, self._told.size.height))


class PredictDialog(Dialog):
    """Asks what will happen, then how sure one is. Gives both, or None."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.PREDICT]

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self._asked = asked
        self._said = ""

    def compose(self) -> ComposeResult:
        """The question and the answers."""
        with Vertical(id="box"):
            yield Flow(
                [
                    Run(Content.styled(BEFORE, "$quiet")),
                    Run(words(self._asked.text, "bold")),
                    Gap(),
                ]
            )
            yield Rows([Row(Content(text), id=said, numbered=True) for said, text in CHOICES])
            yield Flow([Gap(), Run(quietly("{predict.close} just watches", keymap_of(self.app)))])

    def on_mount(self) -> None:
        """The list takes the keys."""
        self.query_one(Rows).focus()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Then how sure; then go."""
        if event.row in dict(CHOICES) and self._said:
            return  # a key that was held down has chosen twice from the list that is gone
        if self._said:
            self.dismiss((self._said, event.row))
            return
        self._said = event.row
        self.query_one(Flow).show(
            [
                Run(Content.styled(f"You say: {dict(CHOICES)[event.row]}.", "$quiet")),
                Run(Content.styled("How sure are you?", "bold")),
                Gap(),
            ]
        )
        self.query_one(Rows).show([Row(Content(text), id=name, numbered=True) for name, text in SURE], at="think-so")

    def action_close(self) -> None:
        """Just watch."""
        self.dismiss(None)
