"""The preview of a pack on a screen of a given size, and a hand that presses keys and writes files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from studyapp.tui.desk import Desk
from studyapp.tui.preview import PreviewApp
from studyapp.tui.screens.preview import PreviewScreen
from studyapp.tui.widgets.files import FileList
from studyapp.wiring import Paths, make_services
from tests.tui.room import Watched


@dataclass
class Look(Watched[PreviewApp]):
    """The preview as it runs."""

    folder: Path
    app: PreviewApp
    pilot: Pilot[Any]
    LOOKS = 1_500  # a proof begins a process of its own

    async def go(self, name: str) -> None:
        """Put the cursor on a file, and wait until it is shown."""
        files = self.screen.query_one(FileList)
        await self.until(lambda: name in files.names)
        files.move_to(name)
        await self.until(lambda: self.screen.view is not None and self.screen.view.page.name == name)
        await self.pilot.pause()

    def write(self, name: str, text: str) -> None:
        """Save a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    @property
    def screen(self) -> PreviewScreen:
        """The preview, whatever is in front of it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, PreviewScreen)
        return screen

    @property
    def columns(self) -> list[str]:
        """The lines of the list of files."""
        files = self.screen.query_one(FileList)
        return [line[: files.region.right].replace("❯", " ") for line in self.text.split("\n")[1:-1]]

    @property
    def flat(self) -> str:
        """The same as running text; the list of files is left out where it stands beside the file."""
        files = self.screen.query_one(FileList)
        wide = 0 if self.app.screen is not self.screen else files.region.right + 1 if files.region else 0
        lines = self.text.split("\n")
        said = " ".join((lines[0], *(line[wide:] for line in lines[1:])))
        return " ".join(said.translate({ord(sign): " " for sign in "│▌█╭╮╰╯─"}).split())


def preview(folder: Path, hand: Callable[[Look], Awaitable[None]], *, size: tuple[int, int] = (120, 40)) -> None:
    """Show the preview of a pack and let a hand use it."""
    paths = Paths(folder.parent / "data", folder.parent / "cache")
    app = PreviewApp(Desk(make_services(paths=paths)), folder)
    app.animation_level = "none"

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await hand(Look(folder, app, pilot))

    asyncio.run(run())
