"""Free play: a list of the pack's scenarios, and one of them to break and repair with nothing graded."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from studyapp.cluster.scenario import Scenario
from studyapp.packs.pack import Pack
from studyapp.tui.sayings import count
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.spoken import NamesKeys, keymap_of, quietly
from studyapp.tui.text import words
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run
from studyapp.tui.widgets.rows import Row, Rows

HOW = (
    "Select with {diagram.left} {diagram.right}, break with {diagram.break}, repair with {diagram.repair}, play with "
    "{diagram.play}. {diagram.why} says why, {diagram.undo} takes back, {diagram.start-over} starts over."
)


class BenchList(StudyScreen):
    """Which cluster to play with."""

    CSS_PATH = "../styles/bench.tcss"

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack = pack

    def body(self) -> Iterator[Widget]:
        """One list."""
        with VerticalScroll(id="page", can_focus=False):
            yield Flow(
                [Run(Content.styled("Choose a cluster to break and repair. Nothing is graded.", "$quiet")), Gap()]
            )
            yield Rows(
                [
                    Row(
                        words(scenario.title),
                        below=(_size(scenario),),
                        id=name,
                        numbered=True,
                    )
                    for name, scenario in self.pack.scenarios.items()
                ],
                id="rows",
            )

    def on_mount(self) -> None:
        """Let one choose."""
        self.top.say(Content("Free play"), words(self.pack.title))
        self.query_one(Rows).focus()

    @on(Rows.Chosen)
    def play(self, event: Rows.Chosen) -> None:
        """Open a cluster."""
        self.post_message(Wanted("bench", event.row))


class BenchScreen(NamesKeys, StudyScreen):
    """One cluster on the whole screen."""

    CSS_PATH = "../styles/bench.tcss"

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario

    def body(self) -> Iterator[Widget]:
        """The cluster, and what happens; what one can do is said above in a large window, else below."""
        with Vertical(id="above"):
            yield Flow(classes="how")
        with VerticalScroll(id="page", can_focus=False):
            yield Diagram(self.scenario, id="bench")
            yield Flow(classes="how")

    def on_mount(self) -> None:
        """Begin."""
        self.name_keys()
        self.top.say(words(self.scenario.title), Content("free play"))
        self.query_one(Diagram).focus()

    def name_keys(self) -> None:
        """Say what one can do."""
        said: list[Piece] = [Gap(), Run(quietly(HOW, keymap_of(self.app)))]
        for flow in self.query(".how").results(Flow):
            flow.show(said)


def _size(scenario: Scenario) -> Content:
    """How large a cluster is, in a few words."""
    parts = ((len(scenario.host), "host"), (len(scenario.vm), "VM"), (len(scenario.clusters), "cluster"))
    return Content.styled(", ".join(count(number, what) for number, what in parts if number), "$quiet")
