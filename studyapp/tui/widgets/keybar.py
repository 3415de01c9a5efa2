"""The bar at the bottom: the keys that work here, as many as fit, in one widget."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from textual import events
from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from studyapp.tui import keys

LAST = (keys.BACK.id, "app.help")
"""The ids of the keys that are always shown, at the right."""


class KeyBar(Widget):
    """Shows each key of the focused widget, the screen and the program that has a word; a click presses it.

    Where one types, keys that would be text there are left out for others that do the same.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        width: 1fr;
        height: 1;
        padding: 0 1;
        background: $footer-background;
        color: $footer-description-foreground;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Follow what the screen says about its keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """Stop following."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh()

    def render(self) -> Content:
        """The keys that fit, and help at the end."""
        width = self.content_size.width
        first: dict[str, tuple[str, ActiveBinding]] = {}
        typing = isinstance(self.screen.focused, Input)
        for name, active in _in_order(self.screen.active_bindings):
            if active.binding.show and active.enabled and not (typing and keys.is_typed(name)):
                first.setdefault(active.binding.action, (name, active))
        last = [each for each in first.values() if each[1].binding.id in LAST]
        others = [each for each in first.values() if each[1].binding.id not in LAST]
        tail = Content("  ").join(_entry(name, active) for name, active in last)
        self._places = []
        line = Content("")
        for name, active in others:
            entry = _entry(name, active)
            start = line.cell_length
            if start + entry.cell_length + 2 + tail.cell_length > width:
                continue
            self._places.append((start, start + entry.cell_length, name))
            line += entry + Content("  ")
        room = max(0, width - line.cell_length - tail.cell_length)
        start = width - tail.cell_length
        for name, active in last:
            end = start + _entry(name, active).cell_length
            self._places.append((start, end, name))
            start = end + 2
        return line + Content(" " * room) + tail

    def on_click(self, event: events.Click) -> None:
        """Press the key that is clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        app: App[object] = self.app
        for start, end, name in self._places:
            if start <= offset.x < end:
                app.simulate_key(name)
                return


def _in_order(bindings: Mapping[str, ActiveBinding]) -> list[tuple[str, ActiveBinding]]:
    """The keys of one widget after those of another, each in the order in which its class has them: an action that a
    person has given another key stays where it was.
    """
    nodes = list(dict.fromkeys(active.node for active in bindings.values()))
    places = {node: _places(type(node)) for node in nodes}
    return sorted(
        bindings.items(),
        key=lambda each: (nodes.index(each[1].node), places[each[1].node].get(each[1].binding.id, 0)),
    )


@cache
def _places(cls: type) -> dict[str | None, int]:
    """The places that the ids of a class's keys have among them, with those that it inherits."""
    given = [each for above in reversed(cls.__mro__) for each in vars(above).get("BINDINGS", ())]
    return {binding.id: place for place, binding in enumerate(Binding.make_bindings(given))}


def _entry(name: str, active: ActiveBinding) -> Content:
    return Content.assemble(
        Content.styled(keys.shown(name), "bold $footer-key-foreground"), " ", active.binding.description
    )
