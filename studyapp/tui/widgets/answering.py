"""What every form of answering is to the screens: something is answered, changed, locked and judged in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.message import Message
from textual.widget import Widget

from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Response
from studyapp.tui.widgets.flow import Piece


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a line after the answer: right or not, in a word and a style, whether it was chosen (where that
    is to be said), and the pieces of the reason.
    """

    right: bool
    word: str
    style: str
    mine: bool
    reason: tuple[Piece, ...]


class AnswerForm(Widget):
    """A form to answer in. `response` is what is answered so far."""

    ALLOW_SELECT = False
    KINDS: ClassVar[frozenset[str]] = frozenset()
    """The kinds of questions that are answered in it."""

    @dataclass
    class Changed(Message):
        """Another answer: `response` holds what is answered now."""

        form: AnswerForm
        response: Response

        @property
        def control(self) -> AnswerForm:
            """The form that it was given in."""
            return self.form

    @dataclass
    class Locked(Message):
        """The answer is to be given as it is."""

        form: AnswerForm
        response: Response

        @property
        def control(self) -> AnswerForm:
            """The form that it was given in."""
            return self.form

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.variant: Variant | None = None
        self.response: Response = NOTHING
        self.locked = False
        self.can_lock = True
        """Whether `enter` locks the answer; where it does not, the key leads on."""
        self.keep: Callable[[Response], bool] | None = None
        """Records an answer as it is given; only one that it accepts is shown."""

    @property
    def guide(self) -> str:
        """How one answers, as a sentence."""
        return ""

    @property
    def lacking(self) -> str:
        """Why what is there is no answer yet, as a sentence."""
        return "There is no answer yet."

    def show(self, variant: Variant, response: Response = NOTHING) -> None:
        """Ask this variant, with what has been answered already."""
        raise NotImplementedError

    def hold(self, locked: bool = True) -> None:
        """Take no more changes, or take them again."""
        raise NotImplementedError

    def judge(self, judged: Mapping[int, Judged]) -> None:
        """Show what there is to say of each line, by its place in the author's order."""
        raise NotImplementedError

    def flush(self) -> None:
        """Have recorded what has not been."""

    def respond(self, response: Response) -> bool:
        """Take another answer; where answers are recorded as they are given, it is on disk before it shows."""
        if response == self.response:
            return True
        if self.keep is not None and not self.keep(response):
            return False
        self.response = response
        self.post_message(self.Changed(self, response))
        return True
