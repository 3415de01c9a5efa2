"""Small programs that `benchmarks.screens` times, each with its floor: `python -m benchmarks.stands NAME`.

`picture` steps a diagram to and fro with the down key, `picture-floor` shows the same text in a Static; `question` asks
a question that has never been shown at each press, `question-floor` shows two that have been shown before in turn.
"""

from __future__ import annotations

import sys
from itertools import cycle
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from studyapp.cluster.bench import Bench
from studyapp.cluster.scenario import Act
from studyapp.packs.pack import Pack
from studyapp.questions.variants import pick_variant
from studyapp.tui.themes import DARK
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.diagram_canvas import as_text
from studyapp.tui.widgets.diagram_stage import draw_stage, make_stage
from studyapp.tui.widgets.question import QuestionPane
from studyapp.wiring import make_services

SCENARIO = "both-layers"
VARIANTS = 200
"""Presses that show something new."""


def course() -> Pack:
    """The pack that comes with the program."""
    return make_services().open_pack()


class Stand(App[None]):
    """Counts presses of the down key in the last line of the window, after what each press shows."""

    BINDINGS: ClassVar = [("down", "press", "press")]
    CSS = "#count { dock: bottom; height: 1; }"
    AUTO_FOCUS = ""
    presses = 0

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def on_mount(self) -> None:
        """Ready."""
        self.query_one("#count", Static).update("ready 0")

    def action_press(self) -> None:
        """Show what comes next, and the number of the press."""
        self.presses += 1
        self.show()
        self.query_one("#count", Static).update(f"ready {self.presses}")

    def show(self) -> None:
        """Show what comes next."""
        raise NotImplementedError


def broken() -> Bench:
    """A cluster that a host has been lost from."""
    return Bench.of(course().scenarios[SCENARIO]).with_act(Act("crash", ("host1",)))


class Picture(Stand):
    """A diagram that steps to its end, and from its start again."""

    def compose(self) -> ComposeResult:
        """The diagram and the count."""
        yield Diagram(id="picture")
        yield Static(id="count")

    def on_mount(self) -> None:
        """Show the cluster."""
        super().on_mount()
        self.query_one(Diagram)._put((broken().seek(0),), live=True)

    def show(self) -> None:
        """One event on."""
        diagram = self.query_one(Diagram)
        if diagram.at_end:
            diagram._move(tuple(bench.seek(0) for bench in diagram.benches))
        else:
            diagram.action_step(1)


class PictureFloor(Stand):
    """The same text in a Static."""

    def compose(self) -> ComposeResult:
        """A Static and the count."""
        yield Static(id="picture", markup=False)
        yield Static(id="count")

    def on_mount(self) -> None:
        """Draw all moments before they are shown."""
        super().on_mount()
        bench = broken()
        width = self.size.width
        stage = make_stage((bench,), width, None)
        moments = [bench.seek(seq) for seq in range(len(bench.trace.events) + 1)]
        self.texts = cycle([Content(as_text(draw_stage(stage, (each,)).lines)) for each in moments])
        self.query_one("#picture", Static).update(next(self.texts))

    def show(self) -> None:
        """The next text."""
        self.query_one("#picture", Static).update(next(self.texts))


class Questions(Stand):
    """Variants of the course's questions, one after another."""

    CSS_PATH: ClassVar = ["../studyapp/tui/styles/question.tcss"]

    def compose(self) -> ComposeResult:
        """The question and the count."""
        yield QuestionPane(id="pane")
        yield Static(id="count")

    def on_mount(self) -> None:
        """Draw the variants."""
        super().on_mount()
        questions = [each for each in course().questions if each.kind in ("choice", "multi")]
        self.variants = iter([pick_variant(questions[n % len(questions)], n) for n in range(VARIANTS)])
        self.show()

    def show(self) -> None:
        """The next."""
        self.query_one(QuestionPane).ask(next(self.variants))


class QuestionsFloor(Questions):
    """Two questions that have been shown, in turn."""

    def on_mount(self) -> None:
        """Show both."""
        super().on_mount()
        two = [next(self.variants) for _ in range(2)]
        self.variants = cycle(two)


STANDS: dict[str, type[Stand]] = {
    "picture": Picture,
    "picture-floor": PictureFloor,
    "question": Questions,
    "question-floor": QuestionsFloor,
}

if __name__ == "__main__":
    STANDS[sys.argv[1]]().run()
