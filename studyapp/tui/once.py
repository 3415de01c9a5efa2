"""What lies over a screen hands its answer back once, however long a key is held down."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Once(ModalScreen[Result]):
    """A screen over another one, in a frame; what it shows is in a box with the id `box`."""

    DEFAULT_CSS = """
    Once > #box {
        max-width: 100%;
        height: auto;
        max-height: 100%;
        background: $surface;
        color: $foreground;
        border: round $primary;
        padding: 0 1;
        scrollbar-size-vertical: 1;
    }
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Hand back the answer. Once that is done, the next key would take away the screen below."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
