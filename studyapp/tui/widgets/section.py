"""A section of a lesson as widgets: runs of text as one widget each, and what is alive between them."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widget import Widget

from studyapp.packs.lesson_parts import CheckpointPart, ComparePart, DiagramPart, Prose, Section
from studyapp.tui.text import words
from studyapp.tui.widgets.compare import Compare
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.flow import Flow, Gap, Line, Piece, Run
from studyapp.tui.widgets.prose import pieces
from studyapp.tui.widgets.question import QuestionPane


class Checkpoint(QuestionPane):
    """Where a question is asked in a lesson; whoever shows the lesson asks it."""

    def __init__(self, question_id: str) -> None:
        super().__init__(classes="live -inline")
        self.question_id = question_id


def section_widgets(section: Section, *, first: bool) -> Iterator[Widget]:
    """The widgets of a section, text at their beginning; there is a line above each but the `first` of a lesson."""
    waiting: list[Piece] = [] if first else [Line(), Gap()]
    waiting += [Run(words(section.title, "bold $primary")), Gap()]
    for part in section.parts:
        if isinstance(part, Prose):
            waiting += [*pieces(part.blocks), Gap()]
            continue
        if waiting:
            yield Flow(waiting, classes="text")
            waiting = []
        yield _live(part)
        waiting.append(Gap())
    if waiting:
        yield Flow(waiting, classes="text")


def _live(part: DiagramPart | ComparePart | CheckpointPart) -> Widget:
    match part:
        case DiagramPart(scenario=scenario):
            return Diagram(scenario, classes="live")
        case ComparePart(left=left, right=right):
            return Compare(left, right, classes="live")
        case CheckpointPart(question_id=question_id):
            return Checkpoint(question_id)
