"""What all screens share: the line at the top, the bar of keys, and what happens when the window is too small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from studyapp.tui import keys
from studyapp.tui.once import Once
from studyapp.tui.spoken import NamesKeys, keymap_of
from studyapp.tui.widgets.flow import BLANK, Ends, Flow
from studyapp.tui.widgets.keybar import KeyBar

LEAST_WIDTH = 60
LEAST_HEIGHT = 16

BROAD = 120
"""Columns from which on there is room for a list and something as wide beside it."""
BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (BROAD, "-broad")]
"""From these many columns on there is room for a list beside the text, or for a picture; one class at a time."""
HEIGHTS = [(40, "-tall")]
"""From these many lines on there is room for a picture and much below it."""


def too_small(width: int, height: int) -> bool:
    """Whether a window is smaller than the program needs."""
    return width < LEAST_WIDTH or height < LEAST_HEIGHT


class Cover(Widget):
    """Hides a screen whose window is too small, and says how large it must be; what is below stays as it is."""

    DEFAULT_CSS = """
    Cover {
        layer: cover;
        dock: top;
        width: 100%;
        height: 100%;
        background: $background;
        color: $foreground;
        text-wrap: nowrap;
    }
    """

    def render(self) -> Content:
        """One line, cut to the width there is."""
        width, height = self.app.size
        return Content(f"The window must be {LEAST_WIDTH}×{LEAST_HEIGHT} (now {width}×{height}).")


class TopBar(Flow):
    """The line at the top: where one is, and what there is to know all the time."""

    DEFAULT_CSS = """
    TopBar {
        dock: top;
        height: 1;
        padding: 0 1;
        background: $surface;
        color: $foreground;
    }
    """

    def say(self, left: Content, right: Content = BLANK) -> None:
        """Show this at the two ends."""
        self.show([Ends(left.stylize_before("bold"), right)])


class Covering:
    """Puts a cover over a screen while its window is too small. Mixed into screens."""

    async def on_event(self, event: events.Event) -> None:
        """A screen that is left before it has been shown has nothing in it to begin with: keys may be held down."""
        assert isinstance(self, Screen)
        if self.is_attached or not isinstance(event, events.Mount):
            await super().on_event(event)  # type: ignore[misc]  # the screen that this is mixed into

    def cover_if_small(self, width: int, height: int) -> None:
        """Bring or take away the cover."""
        assert isinstance(self, Screen)
        covers = self.query(Cover)
        if too_small(width, height):
            if covers:
                covers.first(Cover).refresh()
            else:
                self.mount(Cover())
        elif covers:
            covers.remove()

    def on_resize(self, event: events.Resize) -> None:
        """See whether the window is large enough."""
        self.cover_if_small(event.size.width, event.size.height)


class StudyScreen(Covering, Screen[None]):
    """A whole screen. `esc` goes back."""

    BINDINGS: ClassVar[keys.Keys] = [keys.BACK]
    AUTO_FOCUS = ""
    LEADS_ELSEWHERE: ClassVar[bool] = True
    """Whether other screens may be opened from here by name."""
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    VERTICAL_BREAKPOINTS = HEIGHTS
    _keys_named: Mapping[str, str] | None = None
    """The keys of a person's own that its texts name; None before it has been seen."""
    DEFAULT_CSS = """
    StudyScreen { layers: base cover; }
    """

    def compose(self) -> ComposeResult:
        """The top line, what the screen is about, and the keys."""
        yield TopBar(id="top")
        yield from self.body()
        yield KeyBar(id="keys")

    def body(self) -> Iterator[Widget]:
        """What the screen is about."""
        yield from ()

    def on_screen_resume(self) -> None:
        """Where a person has given other keys meanwhile, name those."""
        before, self._keys_named = self._keys_named, dict(keymap_of(self.app))
        if before is not None and before != self._keys_named:
            for each in (self, *self.query("*")):
                if isinstance(each, NamesKeys):
                    each.name_keys()

    @property
    def top(self) -> TopBar:
        """The line at the top."""
        return self.query_one("#top", TopBar)

    def action_back(self) -> None:
        """Go back to the screen before."""
        if self.app.screen is self:
            self.app.pop_screen()


class Dialog(Covering, Once[object]):
    """Something asked or shown in front of a screen."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    DEFAULT_CSS = """
    Dialog {
        layers: base cover;
        align: center middle;
    }
    Dialog > #box {
        width: 76;
    }
    Dialog > #box KeyBar { background: $surface; }
    """
