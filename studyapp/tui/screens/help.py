"""Every key: first those that work on the screen one came from, then all the others by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import VerticalScroll
from textual.content import Content

from studyapp.tui import keys
from studyapp.tui.keymap import changed, places
from studyapp.tui.screens.base import Dialog
from studyapp.tui.spoken import quietly
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run

KEYS_WIDTH = 17
"""Columns for the keys of one action: `esc ? F1 q enter` are the most."""


class Help(Dialog):
    """Shows the keys; any of the keys that go back closes it."""

    CSS_PATH = "../styles/help.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.HELP]

    def __init__(self, active: Mapping[str, ActiveBinding], keymap: Mapping[str, str]) -> None:
        """`active` are the keys of the screen it is called from, `keymap` what the person has changed."""
        super().__init__()
        self._keymap = keymap
        self._here = [each.binding for each in active.values() if each.enabled and each.binding.id]

    def compose(self) -> ComposeResult:
        """One long text in a box."""
        with VerticalScroll(id="box"):
            yield Flow(list(self._text()))

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one("#box").focus()

    def _text(self) -> Iterator[Piece]:
        yield _heading("Keys that work here")
        here = list(keys.by_action(self._here))
        yield from _table(here)
        known = {binding.id for _, binding in here}
        for place, bindings in places():
            others = [
                (names, binding)
                for names, binding in keys.by_action(changed(bindings, self._keymap))
                if binding.id not in known
            ]
            if others:
                yield Gap()
                yield _heading(place)
                yield from _table(others)
        yield Gap()
        end = "{scroll.page-up} and {scroll.page-down} scroll everywhere; {app.back} closes this list."
        yield Run(quietly(end, self._keymap))

    def action_close(self) -> None:
        """Close the list."""
        self.dismiss(None)


def _heading(text: str) -> Piece:
    return Run(Content.styled(text, "bold $primary"))


def _table(rows: Iterable[tuple[tuple[str, ...], Binding]]) -> Iterator[Piece]:
    for names, binding in rows:
        label = " ".join(keys.shown(name) for name in names)
        padded = label.ljust(KEYS_WIDTH)
        mark = Content.styled(padded + " ", "bold $accent")
        yield Run(Content(binding.tooltip or binding.description), mark, Content(" " * mark.cell_length))
