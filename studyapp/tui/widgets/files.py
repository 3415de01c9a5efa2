"""The files of a pack as a list that is quick however long: only the rows that can be seen are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from studyapp.tui import keys
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import ends

WHEEL = 3
"""Rows that the wheel of a mouse moves."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a file: a sign and a number, in a style."""

    sign: str
    style: str = ""


class FileList(Widget, can_focus=True):
    """Paths with slashes, those of one folder under its name; each with its mark at the right."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[keys.Keys] = [each for each in keys.LIST if each.id != "list.choose"]
    DEFAULT_CSS = """
    FileList {
        height: 1fr;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    cursor: reactive[int] = reactive(0)
    """The place of the file under the cursor."""

    @dataclass
    class Moved(Message):
        """The cursor is on another file; `name` is its path."""

        files: FileList
        name: str

        @property
        def control(self) -> FileList:
            """The list that it moved in."""
            return self.files

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names: tuple[str, ...] = ()
        self._rows: list[tuple[str, int | None]] = []
        self._marks: Mapping[str, Mark] = {}
        self._top = 0

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show(self, names: Sequence[str]) -> None:
        """Show these files; the cursor stays on its file, or else at its place."""
        if tuple(names) == self._names:
            return
        before = self.current
        self._names = tuple(names)
        self._rows = []
        folder = ""
        for place, name in enumerate(self._names):
            top, slash, rest = name.partition("/")
            if slash and top != folder:
                self._rows.append((top, None))
            folder = top if slash else ""
            self._rows.append((rest or name, place))
        at = self._names.index(before) if before in self._names else self.cursor
        self.set_reactive(FileList.cursor, max(0, min(at, len(self._names) - 1)))
        self._keep_in_sight()
        self.refresh()
        if self.current is not None and self.current != before:
            self.post_message(self.Moved(self, self.current))

    def mark(self, marks: Mapping[str, Mark]) -> None:
        """Show these marks from now on."""
        self._marks = marks
        self.refresh()

    @property
    def names(self) -> tuple[str, ...]:
        """The files shown."""
        return self._names

    @property
    def current(self) -> str | None:
        """The file under the cursor."""
        return self._names[self.cursor] if self.cursor < len(self._names) else None

    def move_to(self, name: str) -> None:
        """Put the cursor on a file, if it is there."""
        if name in self._names:
            self.cursor = self._names.index(name)

    def render(self) -> Content:
        """The rows in sight; the one under the cursor has a mark, which is there without colours too."""
        width, height = self.content_size
        return Content("\n").join(self._row(text, place, width) for text, place in self._seen(height))

    def _seen(self, height: int) -> list[tuple[str, int | None]]:
        return self._rows[self._top : self._top + height]

    def _row(self, text: str, place: int | None, width: int) -> Content:
        if place is None:
            return words(f"{text}/", "bold $primary").truncate(width, ellipsis=True)
        here = place == self.cursor
        mark = self._marks.get(self._names[place], Mark(""))
        lead = Content(("❯ " if self.has_focus else "› ") if here else "  ")
        line = ends(lead + words(text), Content.styled(mark.sign, mark.style), width)
        if not here:
            return line
        line = line.pad_right(max(0, width - line.cell_length))
        return line.stylize_before("bold on $chosen" if self.has_focus else "on $panel")

    # -- what is done --------------------------------------------------------------------------------------------------

    def watch_cursor(self) -> None:
        """Keep the cursor in sight, and say where it is."""
        self._keep_in_sight()
        if self.current is not None and self.is_attached:
            self.post_message(self.Moved(self, self.current))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._keep_in_sight()
        self.refresh()

    def _keep_in_sight(self) -> None:
        height = max(1, self.content_size.height)
        row = next((row for row, (_, place) in enumerate(self._rows) if place == self.cursor), 0)
        # The name of a folder is seen with its first file.
        first = row - 1 if row and self._rows[row - 1][1] is None else row
        self._top = max(0, min(self._top, first, len(self._rows) - height), row - height + 1)

    def action_cursor(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self._names) - 1, self.cursor + (by if abs(by) < 1000 else by * len(self._names))))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move on."""
        event.stop()
        self.action_cursor(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move back."""
        event.stop()
        self.action_cursor(-WHEEL)

    def on_click(self, event: events.Click) -> None:
        """A click on a file goes to it."""
        seen = self._seen(self.content_size.height)
        if event.y < len(seen) and seen[event.y][1] is not None:
            self.cursor = seen[event.y][1] or 0
