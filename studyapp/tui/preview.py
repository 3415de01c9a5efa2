"""The preview of a pack as a program of its own: for its author, with nobody's answers open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.screens.preview import PreviewScreen
from studyapp.tui.shell import Shell

if TYPE_CHECKING:
    from studyapp.wiring import Services


class PreviewApp(Shell):
    """Shows one pack while it is written."""

    # The styles of a first screen are not read with it.
    CSS_PATH: ClassVar[keys.Styles] = ["styles/app.tcss", "styles/question.tcss", "styles/preview.tcss"]

    def __init__(self, desk: Desk, folder: Path) -> None:
        super().__init__(desk)
        self._folder = folder

    def get_default_screen(self) -> PreviewScreen:
        """The first and only screen."""
        return PreviewScreen(self._folder, self.desk.services.paths.cache)


def run(services: Services, folder: Path) -> int:
    """Show the preview of the pack in a folder until it is left. Gives an exit code."""
    return PreviewApp(Desk(services), folder).run() or 0
