"""What lies over a screen hands its answer back once, however long a key is held down."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Once(ModalScreen[Result]):
    """A screen over another one."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Hand back the answer. Once that is done, the next key would take away the screen below."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
