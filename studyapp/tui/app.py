"""The full screen: starts at once, reads the pack and opens the store behind the first screen, opens the others."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import App
from textual.binding import Binding
from textual.command import Provider
from textual.message import Message

from studyapp.store.errors import StoreError
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.screens.base import too_small
from studyapp.tui.screens.home import Home
from studyapp.tui.themes import THEMES
from studyapp.tui.wanted import Changed, Wanted

if TYPE_CHECKING:
    from studyapp.cluster.scenario import Scenario
    from studyapp.wiring import Services

QUIT_KEYS = ("ctrl+q", "ctrl+c")
"""What still works when the window is too small."""


def commands() -> type[Provider]:
    """What the command palette searches; imported when it is first opened."""
    from studyapp.tui.palette import Commands

    return Commands


class StudyApp(App[int]):
    """The program on a full screen."""

    TITLE = "studyapp"
    CSS_PATH = "styles/app.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {commands}
    BINDINGS: ClassVar[keys.Keys] = [*keys.EVERYWHERE]
    ENABLE_COMMAND_PALETTE = True

    class Read(Message):
        """The pack has been read, or it is known why not."""

    class Ready(Message):
        """The pack has been read and the store is open, or it is known why not."""

    def __init__(self, desk: Desk, wanted: Wanted | None = None) -> None:
        """`wanted` is opened as soon as it can be."""
        super().__init__()
        self.desk = desk
        self._wanted = wanted
        self.loaded = False
        for theme in THEMES.values():
            self.register_theme(theme)
        self.moving = self.animation_level
        self.obey()

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
        self.desk.open_store()
        import studyapp.tui.screens.opening  # noqa: F401  # imported here, so that opening a screen does not wait for it

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
        elif event.instead and len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def turn_to(self, pack: str) -> None:
        """Go back to the first screen, and read another pack."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.desk.turn_to(pack)
        self.loaded = False
        self.tell()
        self.load()

    def action_show_help(self) -> None:
        """Show every key."""
        from studyapp.tui.screens.help import Help

        if not isinstance(self.screen, Help):
            self.push_screen(Help(self.screen.active_bindings, self.desk.settings.keys))

    def action_switch_theme(self) -> None:
        """Change to the next theme, and remember it."""
        names = list(THEMES)
        following = names[(names.index(self.desk.settings.theme) + 1) % len(names)]
        try:
            self.desk.set(replace(self.desk.settings, theme=following))
        except StoreError as error:
            self.notify(str(error), severity="error", markup=False, timeout=10)
        self.obey()

    def action_settings(self) -> None:
        """Show what can be set."""
        from studyapp.tui.screens.settings import SettingsScreen

        if not any(isinstance(screen, SettingsScreen) for screen in self.screen_stack):
            self.push_screen(SettingsScreen(self.desk))

    # -- what is set ---------------------------------------------------------------------------------------------------

    @on(Changed)
    def obey(self) -> None:
        """Do as the settings say."""
        settings = self.desk.settings
        self.theme = THEMES[settings.theme].name
        self.animation_level = self.moving if settings.animation else "none"
        if settings.keys:
            from studyapp.tui.keymap import sound

            keymap, troubles = sound(settings.keys)
            self.desk.settings = replace(settings, keys=keymap)
            self.desk.unset = (*self.desk.unset, *troubles)
        self.set_keymap(self.desk.settings.keys)

    # -- the window ----------------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Take no key for a screen that cannot be seen."""
        if isinstance(event, events.Key) and too_small(*self.size) and event.key not in QUIT_KEYS:
            return
        await super().on_event(event)

    def get_key_display(self, binding: Binding) -> str:
        """Keys as people write them."""
        return binding.key_display or keys.shown(binding.key)


def run(
    services: Services,
    pack: str | None = None,
    open_on: str = "home",
    seed: int | None = None,
    *,
    lesson: str | None = None,
    size: int | None = None,
    scenario: Scenario | str = "",
) -> int:
    """Show the full screen until it is left. Returns an exit code.

    `pack` is an id or a folder, None the first pack. `open_on` is `home`, `learn`, `practice`, `exam` or `lab`: it is
    opened as soon as the pack has been read; `learn` goes on where the person was, or opens the `lesson` with this id;
    `practice` asks how many questions unless `size` says so; `lab` shows the `scenario`, one of the pack's by its id,
    or lets one choose. `seed` draws the same questions again.
    """
    wanted = {
        "home": None,
        "learn": Wanted("lesson", lesson) if lesson is not None else Wanted("first"),
        "practice": Wanted("practice", str(size) if size is not None else ""),
        "exam": Wanted("exam"),
        "lab": Wanted("bench", scenario if isinstance(scenario, str) else ""),
    }[open_on]
    brought = None if isinstance(scenario, str) else scenario
    return StudyApp(Desk(services, pack, seed, brought), wanted).run() or 0
