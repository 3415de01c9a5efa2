"""A list to choose from: one widget however long it is, with a number key for each of the first nine rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from studyapp.tui import keys
from studyapp.tui.widgets.flow import BLANK, ends
from studyapp.tui.widgets.sight import bring_into_sight

MARK = Content("❯ ")
BLURRED_MARK = Content("› ")
NO_MARK = Content("  ")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `left` and `right` on its first line, `below` on further ones. One without an `id` cannot be chosen.

    `number` asks for a number key; `plain` rows are shown without the space for the cursor's mark.
    """

    left: Content
    right: Content = BLANK
    below: tuple[Content, ...] = ()
    id: str | None = None
    numbered: bool = False


def heading(text: str) -> Row:
    """A row that cannot be chosen, over those that can."""
    return Row(Content.styled(text, "bold $primary"))


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Row
    number: int | None
    top: int
    height: int


@dataclass(slots=True)
class _Layout:
    width: int = -1
    placed: list[_Placed] = field(default_factory=list)
    height: int = 0


class Rows(Widget, can_focus=True):
    """Rows to choose from with arrows, `enter`, a number or the mouse."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[keys.Keys] = [*keys.LIST, *keys.LIST_PAGES]
    DEFAULT_CSS = """
    Rows {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    cursor: reactive[int] = reactive(-1)
    """The place of the row under the cursor among all rows; -1 where none can be chosen."""

    @dataclass
    class Chosen(Message):
        """A row has been chosen; `row` is its id."""

        rows: Rows
        row: str

        @property
        def control(self) -> Rows:
            """The list it was chosen in."""
            return self.rows

    @dataclass
    class Moved(Message):
        """The cursor is on another row; `row` is its id."""

        rows: Rows
        row: str

        @property
        def control(self) -> Rows:
            """The list that it moved in."""
            return self.rows

    def __init__(self, rows: Sequence[Row] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: tuple[Row, ...] = ()
        self._arranged = _Layout()
        self.show(rows)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show(self, rows: Sequence[Row], *, at: str | None = None) -> None:
        """Show these rows; the cursor goes to the row `at`, else stays on the row it was on, else goes to the first."""
        wanted = at or self.current
        self._rows = tuple(rows)
        self._arranged = _Layout()
        found = [i for i in self._choosable() if self._rows[i].id == wanted]
        cursor = found[0] if found else next(iter(self._choosable()), -1)
        self.set_reactive(Rows.cursor, cursor)
        if self.is_attached:
            self.refresh(layout=True)
            if at is not None:
                self.call_after_refresh(self._keep_in_sight)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows shown."""
        return self._rows

    @property
    def current(self) -> str | None:
        """The id of the row under the cursor."""
        return self._rows[self.cursor].id if 0 <= self.cursor < len(self._rows) else None

    def move_to(self, row_id: str) -> None:
        """Put the cursor on a row, if it is there."""
        for i in self._choosable():
            if self._rows[i].id == row_id:
                self.cursor = i

    def _choosable(self) -> list[int]:
        return [i for i, row in enumerate(self._rows) if row.id is not None]

    def _laid_out(self) -> _Layout:
        layout = self._arranged
        if not layout.placed and self._rows:
            number = 0
            for row in self._rows:
                if row.numbered:
                    number += 1
                height = 1 + len(row.below)
                layout.placed.append(_Placed(row, number if row.numbered else None, layout.height, height))
                layout.height += height
        return layout

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room for."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line a row, and those below."""
        return self._laid_out().height

    def render(self) -> Content:
        """All rows; the one under the cursor has a mark, which is there without colours too."""
        width = self.content_size.width
        lines: list[Content] = []
        for i, placed in enumerate(self._laid_out().placed):
            here = i == self.cursor
            lead = (MARK if self.has_focus else BLURRED_MARK) if here else NO_MARK
            if placed.number is not None:
                lead += Content(f"{placed.number} " if placed.number < 10 else "  ").stylize("$quiet")
            if placed.row.id is None:
                lead = BLANK
            first = ends(lead + placed.row.left, placed.row.right, width - 1) + Content(" ")
            below = [Content(" " * lead.cell_length) + line for line in placed.row.below]
            for line in (first, *below):
                shown = line.truncate(width, ellipsis=True) if line.cell_length > width else line
                if here:
                    shown = shown.pad_right(max(0, width - shown.cell_length))
                    shown = shown.stylize_before("bold on $chosen" if self.has_focus else "on $panel")
                lines.append(shown)
        return Content("\n").join(lines)

    # -- what is done --------------------------------------------------------------------------------------------------

    def watch_cursor(self) -> None:
        """Keep the cursor in sight, and say where it is."""
        self._keep_in_sight()
        if self.current is not None and self.is_attached:
            self.post_message(self.Moved(self, self.current))

    def _keep_in_sight(self) -> None:
        if not 0 <= self.cursor < len(self._rows) or not self.is_attached:
            return
        placed = self._laid_out().placed[self.cursor]
        if self.cursor == self._choosable()[0]:
            # What stands above the first row has no cursor of its own to be reached with.
            bring_into_sight(self, -self.virtual_region.y, 1)
        bring_into_sight(self, placed.top, placed.height)

    def action_cursor(self, by: int) -> None:
        """Move the cursor over rows that can be chosen; at either end, leave the key to what scrolls."""
        places = self._choosable()
        here = places.index(self.cursor) if self.cursor in places else 0
        there = max(0, min(len(places) - 1, here + by))
        if not places or places[there] == self.cursor:
            raise SkipAction
        self.cursor = places[there]

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_key(self, event: events.Key) -> None:
        """A number chooses the row that shows it."""
        if event.character is None or not event.character.isdecimal():
            return
        for i, placed in enumerate(self._laid_out().placed):
            if placed.number is not None and str(placed.number) == event.character and placed.row.id is not None:
                event.stop()
                self.cursor = i
                self.action_choose()
                return

    def on_click(self, event: events.Click) -> None:
        """A click on a row chooses it."""
        for i, placed in enumerate(self._laid_out().placed):
            if placed.top <= event.y < placed.top + placed.height and placed.row.id is not None:
                self.cursor = i
                self.action_choose()
                return
