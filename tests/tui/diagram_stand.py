"""A diagram in a window, and a hand that uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual import on
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Button, Footer

from studyapp.cluster.describe import Component
from studyapp.cluster.scenario import Act, Scenario
from studyapp.tui.widgets.diagram import Diagram

CRASH = Act("crash", ("host2",))
Hand = Callable[[Pilot[None], Diagram], Awaitable[None]]


class Stand(App[None]):
    """A diagram in a window, with something else that can have the focus."""

    def __init__(self, diagram: Diagram, *, animated: bool = False) -> None:
        super().__init__()
        self.animation_level = "full" if animated else "none"
        self.diagram = diagram
        self.changes: list[tuple[Act, ...]] = []
        self.moves: list[tuple[int, bool]] = []
        self.leaked: list[str] = []

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield self.diagram
            yield Button("elsewhere")
        yield Footer()

    def on_key(self, event: object) -> None:
        self.leaked.append(str(getattr(event, "key", "")))

    @on(Diagram.Changed)
    def changed(self, event: Diagram.Changed) -> None:
        self.changes.append(event.acts)

    @on(Diagram.Moved)
    def moved(self, event: Diagram.Moved) -> None:
        self.moves.append((event.at_ms, event.at_end))


def use(diagram: Diagram, hand: Hand, *, animated: bool = False, size: tuple[int, int] = (80, 24)) -> Stand:
    """Let a hand use a diagram that has the focus."""
    app = Stand(diagram, animated=animated)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            diagram.focus()
            await pilot.pause()
            await hand(pilot, diagram)

    asyncio.run(run())
    return app


def shown(diagram: Diagram) -> str:
    """What is painted, read from the widget's own lines."""
    return "\n".join(diagram.render_line(y).text for y in range(diagram.size.height))


def live(scenario: Scenario) -> Diagram:
    return Diagram(scenario, ascii_only=False)


def selected(diagram: Diagram) -> Component:
    assert diagram.selected is not None
    return diagram.selected.component


def acts(diagram: Diagram) -> tuple[Act, ...]:
    """What has been done on it."""
    return diagram.acts


def ended(diagram: Diagram) -> bool:
    """Nothing more happens."""
    return diagram.at_end


def playing(diagram: Diagram) -> bool:
    """It goes on by itself."""
    return diagram.playing


def as_screen(pilot: Pilot[None]) -> str:
    """All text of the screen on top."""
    return " ".join(
        "".join(widget.render_line(y).text for y in range(widget.size.height))
        for widget in pilot.app.screen.query("*")
        if not widget.children
    )
