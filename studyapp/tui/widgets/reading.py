"""Something to be read that may be longer than the place there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.message import Message

from studyapp.tui import keys


class Page(VerticalScroll, inherit_bindings=False):
    """Scrolls by the keys that scroll everywhere."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.SCROLL]


class LessonPage(Page):
    """The text of a lesson; says when it has been scrolled."""

    @dataclass
    class Scrolled(Message):
        """The page shows another part of the text."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scroll, and say so."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled())
