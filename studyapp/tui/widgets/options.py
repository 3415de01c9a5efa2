"""The options of a question: one widget, from the first look to the reason beside each option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from studyapp.questions.question import Response, Variant
from studyapp.tui import keys
from studyapp.tui.widgets.flow import Gap, Indented, Piece
from studyapp.tui.widgets.prose import markdown
from studyapp.tui.widgets.sight import bring_into_sight


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of an option after the answer: a sign and a word, whether it holds, and the pieces of the reason."""

    word: str
    holds: bool
    reason: tuple[Piece, ...]


SIGNS = {
    ("choice", False): "( )",
    ("choice", True): "(●)",
    ("multi", False): "[ ]",
    ("multi", True): "[x]",
}


class Options(Widget, can_focus=True):
    """Options to choose from: by number, or with arrows and `space`.

    `response` is what is chosen, in the author's order.
    """

    ALLOW_SELECT = False
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
    """The place of the option under the cursor, in the order shown."""

    @dataclass
    class Changed(Message):
        """Another choice: `response` holds what is chosen now."""

        options: Options
        response: Response

        @property
        def control(self) -> Options:
            """The options it was chosen among."""
            return self.options

    @dataclass
    class Locked(Message):
        """The answer is to be given as it is."""

        options: Options
        response: Response

        @property
        def control(self) -> Options:
            """The options it was chosen among."""
            return self.options

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.variant: Variant | None = None
        self.response: Response = frozenset()
        self.struck: frozenset[int] = frozenset()
        self.locked = False
        self.can_lock = True
        """Whether `enter` locks the answer; where it does not, the key is the screen's."""
        self.keep: Callable[[Response], bool] | None = None
        """Records an answer as it is chosen; only one that it accepts is shown."""
        self._judged: Mapping[int, Judged] = {}
        self._texts: tuple[tuple[Piece, ...], ...] = ()
        self._laid_out: tuple[int, list[tuple[int, list[Content]]]] | None = None

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show(self, variant: Variant, response: Response = frozenset()) -> None:
        """Ask this variant, with what has been chosen already."""
        self.variant = variant
        self.response = response
        self.struck = frozenset()
        self.locked = False
        self._judged = {}
        self._texts = tuple(tuple(markdown(option.text)) for option in variant.options)
        chosen = [i for i, option in enumerate(variant.options) if option.index in response]
        self.set_reactive(Options.cursor, chosen[0] if chosen else 0)
        self._again()

    def hold(self, locked: bool = True) -> None:
        """Take no more changes, or take them again."""
        self.locked = locked
        self._again()

    def judge(self, judged: Mapping[int, Judged]) -> None:
        """Show what there is to say of each option, by its place in the author's order."""
        self.locked = True
        self._judged = judged
        self._again()

    def _again(self) -> None:
        self._laid_out = None
        self.refresh(layout=True)

    def laid_out(self, width: int) -> list[tuple[int, list[Content]]]:
        """For each option shown: its place from the top and its lines, at a width."""
        if self._laid_out is None or self._laid_out[0] != width:
            placed: list[tuple[int, list[Content]]] = []
            top = 0
            for place in range(len(self._texts)):
                lines = self._lines(place, width)
                placed.append((top, lines))
                top += len(lines)
            self._laid_out = (width, placed)
        return self._laid_out[1]

    def _lines(self, place: int, width: int) -> list[Content]:
        """The lines of one option."""
        if self.variant is None:
            return []
        option = self.variant.options[place]
        chosen = option.index in self.response
        judged = self._judged.get(option.index)
        sign = SIGNS[self.variant.question.kind, chosen]
        mark = Content.assemble(
            f"{place + 1} " if place < 9 else "  ", Content.styled(sign, "bold $accent" if chosen else ""), " "
        )
        under = Content(" " * mark.cell_length)
        lines = Indented(self._texts[place], mark, under).lines(width - 2)
        if option.index in self.struck and judged is None:
            lines = [line.stylize_before("strike $quiet") for line in lines]
        if judged is None:
            return lines
        style = "$success" if judged.holds else "$error" if chosen else "$quiet"
        word = Content.styled(("✔ " if judged.holds else "✖ ") + judged.word, f"bold {style}")
        if chosen:
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
        """As high as the options at this width."""
        placed = self.laid_out(width)
        return placed[-1][0] + len(placed[-1][1]) if placed else 0

    def render(self) -> Content:
        """All options; the cursor is a mark before one of them, which is there without colours too."""
        width = self.content_size.width
        shown: list[Content] = []
        for place, (_, lines) in enumerate(self.laid_out(width)):
            here = place == self.cursor and self.has_focus and not self.locked
            for number, line in enumerate(lines):
                lead = Content("❯ " if here and not number else "  ")
                full = lead + line
                if here:
                    full = full.pad_right(max(0, width - full.cell_length)).stylize_before("on $chosen")
                shown.append(full)
        return Content("\n").join(shown)

    # -- what is done --------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A locked answer takes no more keys."""
        if action == "lock" and not self.can_lock:
            return False
        return not (self.locked and action in ("cursor", "mark", "strike", "lock"))

    def watch_cursor(self) -> None:
        """Keep the option under the cursor in sight."""
        if self.is_attached and self.content_size.width and self.variant is not None:
            top, lines = self.laid_out(self.content_size.width)[self.cursor]
            bring_into_sight(self, top, len(lines))

    def action_cursor(self, by: int) -> None:
        """Move the cursor; at either end, leave the key to what scrolls."""
        last = len(self.variant.options) - 1 if self.variant is not None else 0
        if not 0 <= self.cursor + by <= last:
            raise SkipAction
        self.cursor += by

    def action_mark(self) -> None:
        """Choose the option under the cursor, or take it back."""
        self.choose(self.cursor, back=True)

    def action_strike(self) -> None:
        """Strike the option under the cursor out, or take that back."""
        if self.variant is not None:
            self.struck ^= {self.variant.options[self.cursor].index}
            self._again()

    def action_lock(self) -> None:
        """Give the answer as it is."""
        self.post_message(self.Locked(self, self.response))

    def choose(self, place: int, *, back: bool = False) -> None:
        """Choose the option at a place; with `back`, take it back if it is chosen already."""
        if self.variant is None or self.locked or not 0 <= place < len(self.variant.options):
            return
        index = self.variant.options[place].index
        self.cursor = place
        if self.variant.question.kind == "multi":
            response = self.response ^ {index}
        elif back and index in self.response:
            response = frozenset()
        else:
            response = frozenset({index})
        self.struck -= {index}
        # Where an answer is kept as it is chosen, it is on disk before the mark is drawn.
        if response != self.response and (self.keep is None or self.keep(response)):
            self.response = response
            self.post_message(self.Changed(self, response))
        self._again()

    def on_key(self, event: events.Key) -> None:
        """A number chooses the option that shows it; among several, a second press takes it back."""
        if not self.locked and event.character is not None and event.character in "123456789":
            event.stop()
            self.choose(int(event.character) - 1, back=False)

    def on_click(self, event: events.Click) -> None:
        """A click on an option chooses it."""
        for place, (top, lines) in enumerate(self.laid_out(self.content_size.width)):
            if top <= event.y < top + len(lines):
                self.choose(place, back=True)
