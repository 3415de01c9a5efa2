"""What comes up over a diagram: a menu of what may be done to a thing, and a note that explains something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from studyapp.cluster.deeds import Deed
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import Flow, Piece, Run
from studyapp.tui.widgets.keybar import KeyBar

Result = TypeVar("Result")


class Above(ModalScreen[Result]):
    """Something at the bottom of the window, over a picture that stays in sight."""

    DEFAULT_CSS = """
    Above { align: center bottom; }
    """

    def on_mount(self) -> None:
        """Let the picture be seen, whatever ground the program gives its screens."""
        self.styles.background = "transparent"


class DiagramMenu(Above[Deed | None]):
    """A short menu; a number, enter or a click chooses, `esc` leaves everything as it is."""

    BINDINGS: ClassVar[list[Binding | tuple[str, str] | tuple[str, str, str]]] = [
        Binding("escape,x,r,q", "leave", "Back", tooltip="Leave everything as it is", id="diagram-menu.leave"),
        *(Binding(str(n), f"choose({n - 1})", f"Choose {n}", show=False, id=f"diagram-menu.{n}") for n in range(1, 10)),
    ]
    DEFAULT_CSS = """
    DiagramMenu {
        & > Vertical {
            width: auto;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $surface;
            color: $foreground;
            border: round $primary;
            padding: 0 1;
        }
        & Static {
            width: auto;
            max-width: 100%;
            text-style: bold;
            padding: 0 1;
        }
        & OptionList {
            width: auto;
            max-width: 100%;
            height: auto;
            max-height: 16;
            background: $surface;
            border: none;
            padding: 0;
            &:focus { border: none; }
        }
    }
    """

    def __init__(self, title: str, deeds: Sequence[Deed]) -> None:
        super().__init__()
        self._title = title
        self.deeds = tuple(deeds)

    def compose(self) -> ComposeResult:
        """The title and the deeds, numbered as far as there are digits."""
        yield KeyBar()
        with Vertical():
            yield Static(words(self._title))
            yield OptionList(
                *(
                    Content.assemble((f"{n} " if n < 10 else "  ", "bold"), words(deed.label))
                    for n, deed in enumerate(self.deeds, start=1)
                )
            )

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Hand back what was chosen."""
        event.stop()
        self.action_choose(event.option_index)

    def action_choose(self, number: int) -> None:
        """Hand back a deed by its place in the list; a number that there is not does nothing."""
        if 0 <= number < len(self.deeds):
            self.dismiss(self.deeds[number])

    def action_leave(self) -> None:
        """Hand back nothing."""
        self.dismiss(None)


class DiagramNote(Above[None]):
    """Some lines to read; any of the usual keys puts them away."""

    BINDINGS: ClassVar[list[Binding | tuple[str, str] | tuple[str, str, str]]] = [
        Binding("escape,enter,space,w,l,q", "leave", "Back", tooltip="Go back to the picture", id="diagram-note.leave")
    ]
    DEFAULT_CSS = """
    DiagramNote {
        & > VerticalScroll {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $surface;
            color: $foreground;
            border: round $primary;
            padding: 0 1;
            scrollbar-size-vertical: 1;
        }
    }
    """

    def __init__(self, title: str, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._pieces = [Run(words(title, "bold")), *pieces]

    def compose(self) -> ComposeResult:
        """The title and the lines."""
        yield KeyBar()
        with VerticalScroll():
            yield Flow(self._pieces)

    def action_leave(self) -> None:
        """Go back to the picture."""
        self.dismiss(None)
