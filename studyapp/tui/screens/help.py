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
from studyapp.tui.widgets.columns import Columns
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run

KEYS_WIDTH = 17
"""Columns for the keys of one action: `esc ? F1 q enter` are the most."""
LEAST_WIDTH = 56
"""Columns that a list needs at the least to stand beside another."""


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
        """One long text in a box, in columns where there is room."""
        with VerticalScroll(id="box"):
            yield Flow([Columns(tuple(self._groups()), LEAST_WIDTH)])

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one("#box").focus()

    def _groups(self) -> Iterator[tuple[Piece, ...]]:
        """Headings with the keys below them; those that work here first."""
        here = list(keys.by_action(self._here))
        yield _group("Keys that work here", here)
        known = {binding.id for _, binding in here}
        for place, bindings in places():
            others = [
                (names, binding)
                for names, binding in keys.by_action(changed(bindings, self._keymap))
                if binding.id not in known
            ]
            if others:
                yield _group(place, others)
        end = "{scroll.page-up} and {scroll.page-down} scroll everywhere; {app.back} closes this list."
        yield (Run(quietly(end, self._keymap)),)

    def action_close(self) -> None:
        """Close the list."""
        self.dismiss(None)


def _group(title: str, rows: Iterable[tuple[tuple[str, ...], Binding]]) -> tuple[Piece, ...]:
    return (Run(Content.styled(title, "bold $primary")), *_table(rows), Gap())


def _table(rows: Iterable[tuple[tuple[str, ...], Binding]]) -> Iterator[Piece]:
    for names, binding in rows:
        label = " ".join(keys.shown(name) for name in names)
        padded = label.ljust(KEYS_WIDTH)
        mark = Content.styled(padded + " ", "bold $accent")
        yield Run(Content(binding.tooltip or binding.description), mark, Content(" " * mark.cell_length))
