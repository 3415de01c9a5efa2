"""A section of a lesson as widgets: runs of text as one widget each, and what is alive between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from textual.content import Content
from textual.widget import Widget

from studyapp.packs.content import Lesson
from studyapp.packs.lesson_parts import (
    CheckpointPart,
    ComparePart,
    DiagramPart,
    LessonPart,
    Prose,
    Section,
    WorkedPart,
)
from studyapp.packs.prose import Block, Span
from studyapp.tui.keymap import DIAGRAM_PLACE
from studyapp.tui.spoken import NamesKeys, keymap_of, quietly, written_keys
from studyapp.tui.text import of_spans, words
from studyapp.tui.widgets.compare import Compare
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.flow import Flow, Gap, Line, Piece, Run
from studyapp.tui.widgets.prose import pieces
from studyapp.tui.widgets.question import QuestionPane
from studyapp.tui.widgets.rows import Row

FOUND = "underline bold"
"""The style of words that were looked for."""
FOUND_HERE = "reverse bold"
"""The style of those that one is at."""
HERE = "▸"
"""Stands before the words that one is at."""


class Checkpoint(QuestionPane):
    """Where a question is asked in a lesson; whoever shows the lesson asks it."""

    def __init__(self, question_id: str) -> None:
        super().__init__(classes="live -inline")
        self.question_id = question_id

    def guide(self) -> None:
        """Say how one answers, and to who reads past it how one gets there."""
        if self.variant is None or self.form.has_focus_within:
            super().guide()
        else:
            self._say(
                [Run(quietly("{lesson.next-part} steps in here to answer; so does a click.", keymap_of(self.app)))]
            )

    def on_descendant_focus(self) -> None:
        """One is in it now."""
        self._guide_again()

    def on_descendant_blur(self) -> None:
        """One has left it, and keys do other things."""
        self._guide_again()

    def _guide_again(self) -> None:
        if self.feedback is None and not self.form.locked:
            self.guide()


class WorkedExample(Checkpoint):
    """Where a question is shown worked out, and asked with steps left out."""


@dataclass(slots=True)
class Marker:
    """Marks words in one run of text after another; `here` is which of the places is the one that one is at."""

    wanted: re.Pattern[str] | None = None
    here: int = -1
    seen: int = field(default=0, init=False)

    def __call__(self, text: Content) -> Content:
        """The run with its marks."""
        if self.wanted is None:
            return text
        mark: int | None = None
        for begin, end in (found.span() for found in self.wanted.finditer(text.plain)):
            if self.seen == self.here:
                mark = begin
            text = text.stylize(FOUND_HERE if mark == begin else FOUND, begin, end)
            self.seen += 1
        if mark is None:
            return text
        return text[:mark] + Content.styled(HERE, FOUND_HERE) + text[mark:]


NO_MARKS = Marker()
EVERYWHERE_HERE = ("Lesson", "Everywhere", "Text", DIAGRAM_PLACE)
KEYS_AFTER: Mapping[type[LessonPart], tuple[str, ...]] = {
    DiagramPart: (DIAGRAM_PLACE, *EVERYWHERE_HERE),
    ComparePart: (DIAGRAM_PLACE, *EVERYWHERE_HERE),
    **dict.fromkeys((CheckpointPart, WorkedPart), ("Feedback", "Question", "How sure you are", *EVERYWHERE_HERE)),
}
"""Where the keys are used that a text speaks of, by what stands before it: what it tells of what was just seen."""


def keys_after(part: LessonPart | None) -> tuple[str, ...]:
    """The places whose keys a text speaks of after something alive, or (None) at the beginning of a section."""
    return KEYS_AFTER.get(type(part), EVERYWHERE_HERE) if part is not None else EVERYWHERE_HERE


class SectionText(NamesKeys, Flow):
    """A run of text in a section, after its heading or after something that is alive."""

    def __init__(self, title: str | None, blocks: Sequence[Block], after: LessonPart | None, *, line: bool) -> None:
        """`title` is the heading, None after something alive; `line`: there is a line across above it."""
        super().__init__(classes="text")
        self._title = title
        self._blocks = blocks
        self._keys = keys_after(after)
        self._line = line

    def on_mount(self) -> None:
        """Show the text."""
        self.write()

    def write(self, marker: Marker = NO_MARKS) -> None:
        """Show the text with the keys that the person has given, and with marks at words."""
        keymap = keymap_of(self.app)
        names = written_keys(keymap, self._keys) if keymap else {}
        found: list[Piece] = [Gap()] if self._title is None else [Line(), Gap()] if self._line else []
        if self._title is not None:
            found += [Run(marker(words(self._title)).stylize_before("bold $primary")), Gap()]
        if self._blocks:
            found += [*pieces(self._blocks, lambda spans: marker(of_spans(_renamed(spans, names)))), Gap()]
        self.show(found)

    def name_keys(self) -> None:
        """Show the text with other keys."""
        self.write()

    @property
    def line_here(self) -> int | None:
        """The line with the words that one is at; None where they stand elsewhere."""
        lines = self.laid_out(self.content_size.width)
        return next((n for n, line in enumerate(lines) if any(span.style == FOUND_HERE for span in line.spans)), None)


def _renamed(spans: tuple[Span, ...], names: Mapping[str, str]) -> tuple[Span, ...]:
    """A run of text in which each key that is set apart by backticks has its name of now."""
    if not names:
        return spans
    return tuple(
        replace(each, text=names.get(each.text, each.text)) if "code" in each.style else each for each in spans
    )


def section_widgets(section: Section, *, first: bool) -> Iterator[Widget]:
    """The widgets of a section, text at their beginning; there is a line above each but the `first` of a lesson."""
    title: str | None = section.title
    after: LessonPart | None = None
    blocks: tuple[Block, ...] = ()
    for part in section.parts:
        if isinstance(part, Prose):
            blocks += part.blocks
            continue
        yield SectionText(title, blocks, after, line=not first)
        yield _live(part)
        title, blocks, after = None, (), part
    yield SectionText(title, blocks, after, line=not first)


def _live(part: DiagramPart | ComparePart | CheckpointPart) -> Widget:
    match part:
        case DiagramPart(scenario=scenario):
            return Diagram(scenario, classes="live")
        case ComparePart(left=left, right=right):
            return Compare(left, right, classes="live")
        case WorkedPart(question_id=question_id):
            return WorkedExample(question_id)
        case CheckpointPart(question_id=question_id):
            return Checkpoint(question_id)


def onward_rows(after: Lesson | None) -> list[Row]:
    """Where one can go from the end of a lesson; `after` is the next one."""
    following = [] if after is None else [("next", Content("Next lesson: ") + words(after.title))]
    ways = (*following, ("practice", Content("Practise what you have read")), ("back", Content("Back to the start")))
    return [Row(Content("")), *(Row(told, id=way, numbered=True) for way, told in ways)]
