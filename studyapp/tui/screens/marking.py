"""Notes and bookmarks in a lesson: what is kept at each section, and where one writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import TextArea

from studyapp.conduct.marking import mark, marks
from studyapp.packs.content import Lesson, Pack
from studyapp.store.errors import StoreError
from studyapp.study.marks import BOOKMARK, LONGEST_NOTE, NOTE
from studyapp.tui import keys
from studyapp.tui.desk import Desk
from studyapp.tui.screens.base import Dialog
from studyapp.tui.spoken import keymap_of, quietly
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import BLANK, Flow, Gap, Run

SIGNS: Mapping[str, Content] = {BOOKMARK: Content.styled(" ⚑", "$accent"), NOTE: Content.styled(" ✎", "$secondary")}
HINT = "{note.close} keeps it and goes back; an empty note is taken away"


class Marking:
    """What a lesson's screen does with marks. Mixed into it."""

    desk: Desk
    pack: Pack
    lesson: Lesson
    section: int

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        raise NotImplementedError

    def noted(self, kind: str) -> Mapping[int, str]:
        """The texts of the marks in this lesson, by their sections; none where they cannot be read."""
        try:
            found = marks(self.desk.services.store, self.pack, kind)
        except StoreError:
            return {}
        return {section: text for (lesson_id, section), text in found.items() if lesson_id == self.lesson.id}

    def signs(self) -> Mapping[int, Content]:
        """What the contents show of the marks, by the sections that have any."""
        found: dict[int, Content] = {}
        for kind, sign in SIGNS.items():
            for section in self.noted(kind):
                found[section] = found.get(section, BLANK) + sign
        return found

    def action_bookmark(self) -> None:
        """Put a bookmark at the section that is read, or take it away."""
        there = self.noted(BOOKMARK).get(self.section)
        if self._keep(self.section, BOOKMARK, "" if there else "here"):
            self._say("Bookmark taken away." if there else "Bookmark set. The search finds it.")

    def action_note(self) -> None:
        """Write a note at the section that is read."""
        assert isinstance(self, Screen)
        section = self.section
        before = self.noted(NOTE).get(section, "")

        def keep(text: object) -> None:
            if isinstance(text, str) and text.strip() != before and self._keep(section, NOTE, text):
                self._say("Note kept. The search finds it." if text.strip() else "Note taken away.")

        self.app.push_screen(NoteDialog(f"Note · {self.lesson.headings[section]}", before), keep)

    def _keep(self, section: int, kind: str, text: str) -> bool:
        try:
            mark(self.desk.services, self.pack, self.lesson, section, kind, text)
        except StoreError as error:
            self._say(f"{error.what} It is not kept. {error.try_}")
            return False
        self.marks_changed()
        return True

    def _say(self, text: str) -> None:
        assert isinstance(self, Screen)
        self.notify(text, markup=False, timeout=4)


class NoteDialog(Dialog):
    """A field to write in; leaving it keeps what is written, and an empty one takes the note away. Gives the text."""

    CSS_PATH = "../styles/note.tcss"
    BINDINGS: ClassVar[keys.Keys] = [*keys.NOTE]

    def __init__(self, heading: str, text: str, hint: str = HINT) -> None:
        super().__init__()
        self._heading = heading
        self._text = text
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The heading and the field."""
        with Vertical(id="box"):
            yield Flow([Run(words(self._heading, "bold"))])
            yield TextArea(self._text, id="text", soft_wrap=True)
            yield Flow([Gap(), Run(quietly(self._hint, keymap_of(self.app)))])

    def on_mount(self) -> None:
        """Write at the end of what is there."""
        field = self.query_one(TextArea)
        field.focus()
        field.move_cursor(field.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """No more than is kept."""
        if len(event.text_area.text) > LONGEST_NOTE:
            event.text_area.load_text(event.text_area.text[:LONGEST_NOTE])
            self.notify(f"A note has at most {LONGEST_NOTE:,} characters.", markup=False, timeout=4)

    def action_close(self) -> None:
        """Keep it."""
        self.dismiss(self.query_one(TextArea).text)
