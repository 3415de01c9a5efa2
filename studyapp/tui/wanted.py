"""What a screen says when something is to be opened; the app opens it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class Wanted(Message):
    """Something is to be opened.

    `what` is `lesson`, `practice`, `exam`, `bench`, `pack`, or `first` for whatever is most useful; `which` is the id
    of a lesson, an exam, a scenario or a pack, or how many questions to practise; `instead` of the screen that asks, or
    over that.
    """

    what: str
    which: str = ""
    instead: bool = False


class Changed(Message):
    """Something in the settings has been changed."""
