"""Finding words in the lesson that is read: a line to type in, the number of places, and one place after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from studyapp.conduct.finding import Passage, passages, pattern
from studyapp.packs.content import Lesson
from studyapp.tui import keys
from studyapp.tui.widgets.flow import Ends, Flow
from studyapp.tui.widgets.section import Marker, SectionText
from studyapp.tui.widgets.sight import bring_into_sight

LONGEST = 100
"""Characters that can be looked for."""
AROUND = 3
"""Lines that are brought into sight with what was found, above it and below."""


class FindField(Input):
    """Where the words are typed. Its keys go from place to place: there are no lines above and below in it."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.FIND]

    @dataclass
    class Step(Message):
        """Another place is to be shown: the next, or the one before."""

        by: int

    class Closed(Message):
        """Nothing is looked for any more."""

    def action_find(self, by: int) -> None:
        """Another place."""
        self.post_message(self.Step(by))

    def action_close(self) -> None:
        """No more."""
        self.post_message(self.Closed())


class FindLine(Horizontal):
    """A line to type words in, and how many places there are, and which one is shown."""

    def compose(self) -> ComposeResult:
        """The field and the count."""
        yield FindField(max_length=LONGEST, compact=True, placeholder="Find in this lesson")
        yield Flow()

    def say(self, text: str) -> None:
        """Say how many there are."""
        self.query_one(Flow).show([Ends(Content(""), Content.styled(text, "bold"))])

    @property
    def field(self) -> FindField:
        """What is typed in."""
        return self.query_one(FindField)


class Finding:
    """What a lesson's screen does to find words. Mixed into it; `texts` are the runs of text of each section."""

    lesson: Lesson
    section: int
    texts: Sequence[Sequence[SectionText]]
    _wanted = ""
    _found: tuple[Passage, ...] = ()
    _at = 0

    @property
    def finding(self) -> bool:
        """Whether the line to type in can be seen."""
        assert isinstance(self, Screen)
        return self.has_class("-finding")

    def action_find(self) -> None:
        """Show the line to type in, with what was looked for last."""
        assert isinstance(self, Screen)
        self.set_class(True, "-finding")
        line = self.query_one(FindLine)
        line.field.focus(scroll_visible=False)
        line.field.select_all()
        self._look(line.field.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find other words."""
        if isinstance(event.input, FindField) and self.finding:
            self._look(event.value)

    def _look(self, wanted: str) -> None:
        """Find the words, and show the first place from the section on that is read."""
        self._unmark()
        self._wanted, self._found = wanted, passages(self.lesson, wanted)
        self._at = next((n for n, each in enumerate(self._found) if each.section >= self.section), 0)
        self._show()

    def on_find_field_step(self, event: FindField.Step) -> None:
        """Show another place."""
        if self._found:
            self._unmark()
            self._at = (self._at + event.by) % len(self._found)
            self._show()

    def _show(self) -> None:
        assert isinstance(self, Screen)
        line = self.query_one(FindLine)
        if not self._found:
            line.say("not in this lesson" if self._wanted.strip() else "")
            return
        line.say(f"{self._at + 1} of {len(self._found)}")
        passage = self._found[self._at]
        marker = Marker(pattern(self._wanted), passage.number)
        for text in self.texts[passage.section]:
            text.write(marker)
        self.call_after_refresh(self._see, passage)

    def _see(self, passage: Passage) -> None:
        for text in self.texts[passage.section]:
            if text.line_here is not None:
                bring_into_sight(text, max(0, text.line_here - AROUND), 2 * AROUND + 1, at_top=True)
                return

    def _unmark(self) -> None:
        if self._found:
            for text in self.texts[self._found[self._at].section]:
                text.write()

    def on_find_field_closed(self) -> None:
        """Stop."""
        self.stop_finding()

    def stop_finding(self) -> None:
        """Put the line and the marks away."""
        assert isinstance(self, Screen)
        self._unmark()
        self._found = ()
        self.set_class(False, "-finding")
        self.query_one("#page").focus(scroll_visible=False)
