"""The lines of a question: one widget, from the first look to the reason beside each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive

from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Response
from studyapp.tui import keys
from studyapp.tui.spoken import keymap_of, spoken
from studyapp.tui.widgets.answering import AnswerForm, Judged
from studyapp.tui.widgets.flow import Gap, Indented, Piece
from studyapp.tui.widgets.lists import FORMS, ListForm
from studyapp.tui.widgets.prose import markdown
from studyapp.tui.widgets.sight import bring_into_sight


class Options(AnswerForm, can_focus=True):
    """Lines to choose, to judge or to put in order: by number, or with arrows and `space`."""

    KINDS = frozenset(FORMS)
    BINDINGS: ClassVar[keys.Keys] = [*keys.OPTIONS]
    DEFAULT_CSS = """
    Options {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    cursor: reactive[int] = reactive(0)
    """The line under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.struck: frozenset[int] = frozenset()
        self.held = False
        """The line under the cursor is taken up, to be moved."""
        self._judged: Mapping[int, Judged] = {}
        self._texts: tuple[tuple[Piece, ...], ...] = ()
        self._cells: tuple[tuple[Piece, ...], ...] = ()
        self._laid_out: tuple[int, list[tuple[int, list[Content]]]] | None = None

    @property
    def form(self) -> ListForm:
        """How the lines become an answer."""
        return FORMS[self.variant.question.kind if self.variant is not None else "choice"]

    @property
    def guide(self) -> str:
        """How one answers."""
        last = min(9, len(self.variant.options)) if self.variant is not None else 0
        return spoken(self.form.guide, keymap_of(self.app)).format(last=last)

    @property
    def lacking(self) -> str:
        """What to do."""
        return spoken(self.form.lacking, keymap_of(self.app))

    @property
    def _lines_of(self) -> tuple[int, ...]:
        return self.form.lines(self.variant, self.response) if self.variant is not None else ()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show(self, variant: Variant, response: Response = NOTHING) -> None:
        """Ask this variant, with what has been answered already."""
        self.variant = variant
        self.response = response
        self.struck = frozenset()
        self.locked = self.held = False
        self._judged = {}
        self._texts = tuple(tuple(markdown(option.text)) for option in variant.options)
        self._cells = tuple(tuple(markdown(cell.text)) for cell in variant.cells)
        answered = [n for n, place in enumerate(self._lines_of) if self.form.chosen(variant, response, place)]
        self.set_reactive(Options.cursor, answered[0] if answered else 0)
        self._again()

    def hold(self, locked: bool = True) -> None:
        """Take no more changes, or take them again."""
        self.locked = locked
        self.held = False
        self._again()

    def judge(self, judged: Mapping[int, Judged]) -> None:
        """Show what there is to say of each line."""
        self.locked = True
        self.held = False
        self._judged = judged
        self._again()

    def _again(self) -> None:
        self._laid_out = None
        self.refresh(layout=True)

    def laid_out(self, width: int) -> list[tuple[int, list[Content]]]:
        """For each line shown: its place from the top and its rows, at a width."""
        if self._laid_out is None or self._laid_out[0] != width:
            placed: list[tuple[int, list[Content]]] = []
            top = 0
            for place in self._lines_of:
                lines = self._lines(place, width)
                placed.append((top, lines))
                top += len(lines)
            self._laid_out = (width, placed)
        return self._laid_out[1]

    def below(self, width: int) -> list[Content]:
        """The right cells, for lines that are to be paired with them; lines that are judged end in an empty one."""
        found: list[Content] = [Content("")] if self._cells and not self._judged else []
        for number, text in enumerate(self._cells, start=1):
            mark = Content.styled(f"  {number} ", "bold")
            found += Indented(text, mark, Content(" " * mark.cell_length)).lines(width)
        return found

    def _lines(self, place: int, width: int) -> list[Content]:
        """The rows of one line."""
        if self.variant is None:
            return []
        option = self.variant.options[place]
        chosen = self.form.chosen(self.variant, self.response, place)
        judged = self._judged.get(option.index)
        sign = self.form.sign(self.variant, self.response, place)
        struck = option.index in self.struck and judged is None
        if struck:
            sign = sign.replace(" ", "-", 1)
        mark = Content.assemble(self.form.label(place), Content.styled(sign, "bold $accent" if chosen else ""), " ")
        under = Content(" " * mark.cell_length)
        lines = Indented(self._texts[place], mark, under).lines(width - 2)
        if struck:
            lines = [line.stylize_before("strike $quiet") for line in lines]
        if judged is None:
            return lines
        word = Content.styled(("✔ " if judged.right else "✖ ") + judged.word, f"bold {judged.style}")
        if judged.mine:
            word += Content.styled(" · your choice", "bold")
        if lines and lines[-1].cell_length + 3 + word.cell_length <= width - 2:
            lines = [*lines[:-1], lines[-1] + Content("   ") + word]
        else:
            lines = [*lines, under + word]
        return [*lines, *Indented(judged.reason, under, under).lines(width - 2), *Gap().lines(width)]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room for."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the lines at this width."""
        placed = self.laid_out(width)
        return (placed[-1][0] + len(placed[-1][1]) if placed else 0) + len(self.below(width))

    def render(self) -> Content:
        """All lines; the cursor is a mark before one of them, which is there without colours too."""
        width = self.content_size.width
        shown: list[Content] = []
        for number, (_, lines) in enumerate(self.laid_out(width)):
            here = number == self.cursor and self.has_focus and not self.locked
            for row, line in enumerate(lines):
                lead = Content(("⇕ " if self.held else "❯ ") if here and not row else "  ")
                full = lead + line
                if here:
                    full = full.pad_right(max(0, width - full.cell_length)).stylize_before("on $chosen")
                shown.append(full)
        return Content("\n").join([*shown, *self.below(width)])

    # -- what is done --------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A locked answer takes no more keys."""
        if action == "lock" and not self.can_lock:
            return False
        return not (self.locked and action in ("cursor", "mark", "strike", "lock"))

    def watch_cursor(self) -> None:
        """Keep the line under the cursor in sight."""
        if self.is_attached and self.content_size.width and self.variant is not None:
            top, lines = self.laid_out(self.content_size.width)[self.cursor]
            bring_into_sight(self, top, len(lines))

    def action_cursor(self, by: int) -> None:
        """Move the cursor, and the line with it that is taken up; at either end, leave the key to what scrolls."""
        last = len(self.variant.options) - 1 if self.variant is not None else 0
        if not 0 <= self.cursor + by <= last:
            raise SkipAction
        if self.held and self.variant is not None:
            self._take(self.form.moved(self.variant, self.response, self.cursor, by))
        self.cursor += by

    def action_mark(self) -> None:
        """Choose the line under the cursor, or take it back; take it up, or put it down."""
        if self.variant is None or self.locked:
            return
        place = self._lines_of[self.cursor]
        self.held = self.form.holds and not self.held
        self.struck -= {self.variant.options[place].index}
        self._take(self.form.toggled(self.variant, self.response, place))

    def action_strike(self) -> None:
        """Strike the line under the cursor out, or take that back."""
        if self.variant is not None:
            self.struck ^= {self.variant.options[self._lines_of[self.cursor]].index}
            self._again()

    def action_lock(self) -> None:
        """Give the answer as it is."""
        self.post_message(self.Locked(self, self.response))

    def press(self, number: int) -> None:
        """What a number does, on the line under the cursor or on the one that shows it."""
        if self.variant is None or self.locked:
            return
        response, line = self.form.numbered(self.variant, self.response, self.cursor, number)
        self.cursor = line
        if response != self.response and 0 < number <= len(self.variant.options):
            self.struck -= {self.variant.options[self._lines_of[line]].index}
        self._take(response)

    def _take(self, response: Response) -> None:
        self.respond(response)
        self._again()

    def on_key(self, event: events.Key) -> None:
        """A number chooses the line that shows it, or what goes with the line under the cursor."""
        if not self.locked and event.character is not None and event.character in "123456789":
            event.stop()
            self.press(int(event.character))

    def on_click(self, event: events.Click) -> None:
        """A click on a line chooses it, or goes to it where lines are moved or paired."""
        for number, (top, lines) in enumerate(self.laid_out(self.content_size.width)):
            if top <= event.y < top + len(lines) and not self.locked:
                self.cursor = number
                if not self.form.holds:
                    self.action_mark()
