"""The full screen: starts at once, reads the pack and opens the store behind the first screen, opens the others."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from studyapp.tui.desk import Desk
from studyapp.tui.known import likely_next, read_ahead
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.home import Home
from studyapp.tui.shell import Shell
from studyapp.tui.wanted import Wanted

if TYPE_CHECKING:
    from studyapp.cluster.scenario import Scenario
    from studyapp.wiring import Services


class StudyApp(Shell):
    """The program on a full screen."""

    class Read(Message):
        """The pack has been read, or it is known why not."""

    class Ready(Message):
        """The pack has been read and the store is open, or it is known why not."""

    def __init__(self, desk: Desk, wanted: Wanted | None = None) -> None:
        """`wanted` is opened as soon as it can be."""
        super().__init__(desk)
        self._wanted = wanted
        self._opened: tuple[StudyScreen, str, str] | None = None
        self.loaded = False

    def get_default_screen(self) -> Home:
        """The first screen."""
        return Home(self.desk)

    def on_mount(self) -> None:
        """Begin to read once the first screen has been painted."""
        self.call_after_refresh(self.load)

    # -- reading -------------------------------------------------------------------------------------------------------

    @work(thread=True, exclusive=True, group="load")
    def load(self) -> None:
        """Read the pack, open the store, and import what the other screens need; in a thread."""
        self.desk.read_pack()
        self.post_message(self.Read())
        ahead = likely_next(self.desk)
        self.desk.open_store()
        # Imported here, so that opening a screen does not wait for it.
        import studyapp.tui.screens.opening
        import studyapp.tui.screens.packs  # noqa: F401  # as above
        from studyapp.study.schedule import scheduler

        # Only now, when whatever reads has been imported: two threads that import one another's modules may both fail.
        read_ahead(ahead)
        # What the first answer needs and the first screen does not.
        scheduler()

        self.post_message(self.Ready())

    @on(Read)
    def tell(self) -> None:
        """Show what has been read."""
        home = self.screen_stack[0]
        if isinstance(home, Home):
            home.look()

    @on(Ready)
    def begin(self) -> None:
        """Open what was asked for meanwhile."""
        self.loaded = True
        if not self.is_headless:
            # What has been read stays for good. Looking through all of it again makes a key wait a tenth of a second.
            gc.freeze()
            gc.enable()
        self.tell()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.open(wanted)

    # -- opening -------------------------------------------------------------------------------------------------------

    @on(Wanted)
    def open(self, event: Wanted) -> None:
        """Open something, as soon as there is something to open."""
        if not self.loaded:
            self._wanted = event
            self.notify("It opens as soon as the pack has been read.", markup=False, timeout=2)
            return
        if event.what == "pack":
            self.turn_to(event.which)
            return
        if self._opened == (self.screen, event.what, event.which) and not event.again:
            return
        if event.what == "packs":
            from studyapp.tui.screens.packs import PacksScreen

            self._show(PacksScreen(self.desk), event)
            return
        if self.desk.pack is None:
            return
        home = self.screen_stack[0]
        if event.what == "first":
            if isinstance(home, Home):
                home.action_continue()
            return
        from studyapp.tui.screens.opening import screen_for

        screen = screen_for(self.desk, self.desk.pack, event.what, event.which)
        if isinstance(screen, str):
            self.notify(screen, markup=False, timeout=10)
        else:
            self._show(screen, event)

    def _show(self, screen: StudyScreen, event: Wanted) -> None:
        if event.instead and len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        self._opened = screen, event.what, event.which

    def turn_to(self, pack: str) -> None:
        """Go back to the first screen, and read another pack."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.desk.turn_to(pack)
        self.loaded = False
        self.tell()
        self.load()


def run(
    services: Services,
    pack: str | None = None,
    open_on: str = "home",
    seed: int | None = None,
    *,
    lesson: str | None = None,
    size: int | None = None,
    scenario: Scenario | str = "",
    tag: str = "",
) -> int:
    """Show the full screen until it is left. Returns an exit code.

    `pack` is an id or a folder, None the first pack. `open_on` is `home`, `learn`, `practice`, `exam` or `lab`: it is
    opened as soon as the pack has been read; `learn` goes on where the person was, or opens the `lesson` with this id;
    `practice` asks how many questions unless `size` says so, and with a `tag` only those that have it; `lab` shows the
    `scenario`, one of the pack's by its id, or lets one choose. `seed` draws the same questions again.
    """
    wanted = {
        "home": None,
        "learn": Wanted("lesson", lesson) if lesson is not None else Wanted("first"),
        "practice": Wanted("practice", f"{size if size is not None else ''}:{tag}"),
        "exam": Wanted("exam"),
        "lab": Wanted("bench", scenario if isinstance(scenario, str) else ""),
    }[open_on]
    brought = None if isinstance(scenario, str) else scenario
    return StudyApp(Desk(services, pack, seed, brought), wanted).run() or 0
