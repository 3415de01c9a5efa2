"""A typed answer: a number or a short text, in a field of one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from studyapp.questions.parts import NumberPart
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Number, Response, Text
from studyapp.questions.values import LONGEST_TEXT, read_number, with_unit
from studyapp.tui import keys
from studyapp.tui.widgets.answering import AnswerForm, Judged


def _number(variant: Variant, typed: str) -> Response:
    value = read_number(typed, _unit(variant))
    return NOTHING if value is None else Number(value)


def _text(variant: Variant, typed: str) -> Response:
    return Text(typed.strip()) or NOTHING


READERS: Mapping[str, Callable[[Variant, str], Response]] = {"number": _number, "text": _text}
"""What is typed as an answer, by the kind of question."""


def _unit(variant: Variant | None) -> str:
    answer = variant.question.answer if variant is not None else None
    return answer.unit if isinstance(answer, NumberPart) else ""


class Field(Input):
    """A field for an answer; in an exam `enter` goes on, as it does in questions with options."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.TYPED]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The answer is given where one can be locked."""
        return not (action == "submit" and isinstance(self.parent, AnswerForm) and not self.parent.can_lock)


class TypedAnswer(AnswerForm):
    """A field to type an answer in; letters are text in it, and `enter` gives the answer."""

    KINDS = frozenset(READERS)
    DEFAULT_CSS = """
    TypedAnswer {
        width: 1fr;
        height: auto;
    }
    TypedAnswer > Input {
        max-width: 60;
    }
    """

    def compose(self) -> ComposeResult:
        """One field."""
        yield Field(max_length=LONGEST_TEXT)

    @property
    def field(self) -> Input:
        """What is typed in."""
        return self.query_one(Input)

    @property
    def _number(self) -> bool:
        return self.variant is not None and self.variant.question.kind == "number"

    @property
    def guide(self) -> str:
        """What to type."""
        if not self._number:
            return "Type your answer; capitals and a final stop do not matter."
        unit = _unit(self.variant)
        return f"Type a number, in {unit}." if unit else "Type a number."

    @property
    def lacking(self) -> str:
        """What is missing or wrong."""
        if self._number and self.field.value.strip():
            return (
                f"This is not a number{' in ' + _unit(self.variant) if _unit(self.variant) else ''}: write 12 or 12.5."
            )
        return "Nothing is typed yet."

    def show(self, variant: Variant, response: Response = NOTHING) -> None:
        """Ask this variant, with what has been answered already."""
        self.variant = variant
        self.response = response
        self.locked = False
        text = with_unit(response.value, "") if isinstance(response, Number) else ""
        with self.prevent(Input.Changed):
            self.field.value = response.text if isinstance(response, Text) else text
        self.field.disabled = False

    def hold(self, locked: bool = True) -> None:
        """Take no more changes, or take them again."""
        self.locked = locked
        self.field.disabled = locked
        if not locked:
            self.field.focus(scroll_visible=False)

    def judge(self, judged: Mapping[int, Judged]) -> None:
        """The verdict says what there is to say."""
        self.hold()

    def focus(self, scroll_visible: bool = True, from_app_focus: bool = False) -> Any:
        """The field has the focus."""
        self.field.focus(scroll_visible)
        return self

    def flush(self) -> None:
        """Have recorded what stands in the field."""
        if self.variant is not None and not self.locked:
            self.respond(READERS[self.variant.question.kind](self.variant, self.field.value))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Where answers are recorded, that waits for a pause; else what is typed is the answer at once."""
        event.stop()
        if self.keep is None:
            self.flush()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the answer."""
        event.stop()
        self.flush()
        self.post_message(self.Locked(self, self.response))
