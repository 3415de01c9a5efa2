"""What comes up over a diagram: a menu of what may be done to a thing, and a note that explains something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from studyapp.cluster.deeds import Deed
from studyapp.tui.diagram_keys import MENU, NOTE
from studyapp.tui.keys import Keys
from studyapp.tui.once import Once
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import Flow, Piece, Run
from studyapp.tui.widgets.keybar import KeyBar
from studyapp.tui.widgets.rows import Row, Rows

Result = TypeVar("Result")
AROUND = 10
"""Columns of the frame, the cursor and the number around a line of a menu."""


class Above(Once[Result]):
    """Something at the bottom of the window, over a picture that stays in sight."""

    DEFAULT_CSS = """
    Above {
        align: center bottom;
    }
    """

    def on_mount(self) -> None:
        """Let the picture be seen, whatever ground the program gives its screens."""
        self.styles.background = "transparent"


class DiagramMenu(Above[Deed | None]):
    """A short menu; a number, enter or a click chooses, `esc` leaves everything as it is."""

    BINDINGS: ClassVar[Keys] = [*MENU]

    def __init__(self, title: str, deeds: Sequence[Deed]) -> None:
        super().__init__()
        self._title = words(title, "bold")
        self.deeds = tuple(deeds)

    def compose(self) -> ComposeResult:
        """The title and the deeds, numbered as far as there are digits."""
        labels = [words(deed.label) for deed in self.deeds]
        yield KeyBar()
        with VerticalScroll(id="box", can_focus=False) as box:
            box.styles.width = max(each.cell_length for each in (self._title, *labels)) + AROUND
            yield Flow([Run(self._title)])
            yield Rows([Row(label, id=str(number), numbered=True) for number, label in enumerate(labels)])

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Hand back what was chosen."""
        self.dismiss(self.deeds[int(event.row)])

    def action_leave(self) -> None:
        """Hand back nothing."""
        self.dismiss(None)


class DiagramNote(Above[None]):
    """Some lines to read; any of the usual keys puts them away."""

    BINDINGS: ClassVar[Keys] = [*NOTE]
    DEFAULT_CSS = """
    DiagramNote > #box {
        width: 76;
    }
    """

    def __init__(self, title: str, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._pieces = [Run(words(title, "bold")), *pieces]

    def compose(self) -> ComposeResult:
        """The title and the lines."""
        yield KeyBar()
        with VerticalScroll(id="box"):
            yield Flow(self._pieces)

    def action_leave(self) -> None:
        """Go back to the picture."""
        self.dismiss(None)
