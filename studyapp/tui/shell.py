"""What every program on the full screen has: what is set, help, the command palette, and a window that may be small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual import events, on
from textual.app import App
from textual.binding import Binding
from textual.color import Color
from textual.command import Provider
from textual.filter import LineFilter
from textual.widgets import Input

from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.folding import in_ascii
from studyapp.tui.keeping import keep
from studyapp.tui.screens.base import too_small
from studyapp.tui.text import shows_unicode
from studyapp.tui.themes import THEMES, without_colours
from studyapp.tui.wanted import Changed

MOST_PASTED = 10_000
"""Characters that are taken of what is pasted."""
QUIT_KEYS = ("ctrl+q", "ctrl+c")
"""What still works when the window is too small."""


def commands() -> type[Provider]:
    """What the command palette searches; imported when it is first opened."""
    from studyapp.tui.palette import Commands

    return Commands


class AsciiOnly(LineFilter):
    """Has everything on the screen written in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same columns, in ASCII."""
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]


class Shell(App[int]):
    """A program on the full screen; whoever runs it says what its first screen is."""

    TITLE = "studyapp"
    CSS_PATH: ClassVar[keys.Styles] = ["styles/app.tcss"]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {commands}
    BINDINGS: ClassVar[keys.Keys] = [*keys.EVERYWHERE]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        for theme in THEMES.values():
            self.register_theme(without_colours(theme) if self.no_color else theme)
        self.moving = self.animation_level
        self.ascii_only = AsciiOnly(enabled=not shows_unicode())
        self.obey()

    def action_command_palette(self) -> None:
        """Show what can be done, to be found by its name."""
        from studyapp.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_show_help(self) -> None:
        """Show every key."""
        from studyapp.tui.screens.help import Help

        if not isinstance(self.screen, Help):
            self.push_screen(Help(self.screen.active_bindings, self.desk.settings.keys))

    def action_switch_theme(self) -> None:
        """Change to the next theme, and remember it."""
        names = list(THEMES)
        following = names[(names.index(self.desk.settings.theme) + 1) % len(names)]
        keep(self, self.desk, replace(self.desk.settings, theme=following))

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
        """Take no key for a screen that cannot be seen, and of what is pasted no more than anything here may hold."""
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return  # what is typed while the program ends
        if isinstance(event, events.Key) and too_small(*self.size) and event.key not in QUIT_KEYS:
            return
        if isinstance(event, events.Paste) and len(event.text) > MOST_PASTED:
            # Imported here, so that the first paint does not wait for it.
            from textual.widgets import TextArea

            event = events.Paste(event.text[:MOST_PASTED])
            if self.focused is not None and isinstance(self.focused, Input | TextArea):
                told = f"That is too long: only its first {MOST_PASTED:,} characters are taken."
                self.notify(told, markup=False, severity="warning")
        await super().on_event(event)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through on its way to the terminal."""
        filters = super().get_line_filters()
        return [*filters, self.ascii_only] if self.ascii_only.enabled else filters

    def get_key_display(self, binding: Binding) -> str:
        """Keys as people write them."""
        return binding.key_display or keys.shown(binding.key)
