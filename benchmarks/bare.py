"""The floor: a Textual app with one Static, which an arrow key changes."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One Static; each press of the down key counts."""

    BINDINGS: ClassVar = [("down", "count", "count")]
    presses = 0

    def compose(self) -> ComposeResult:
        """The one widget."""
        yield Static("ready 0", id="one")

    def action_count(self) -> None:
        """Show the next number."""
        self.presses += 1
        self.query_one("#one", Static).update(f"ready {self.presses}")


if __name__ == "__main__":
    Bare().run()
