"""A section of an exam: what there is to know before it begins, and its cluster, to be looked at again later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from studyapp.cluster.scenario import Scenario
from studyapp.exams.form import FormSection
from studyapp.exams.sections import NO_WAY_BACK, before
from studyapp.tui import keys
from studyapp.tui.screens.base import Dialog
from studyapp.tui.text import words
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.flow import Flow, Gap, Piece, Run
from studyapp.tui.widgets.keybar import KeyBar
from studyapp.tui.widgets.reading import Page


class _AboutSection(Dialog):
    """Says something of a section, and draws its cluster as it is before anything happens, if it is about one."""

    CSS_PATH = "../styles/exam.tcss"

    def __init__(self, section: FormSection, case: Scenario | None) -> None:
        super().__init__()
        self.section = section
        self.case = case

    def compose(self) -> ComposeResult:
        """What is said, the cluster, the keys."""
        with Page(id="box"):
            yield Flow([*self.told(), Gap()])
            if self.case is not None:
                yield Flow([Run(words(self.case.title, "bold $primary"))])
                yield Diagram(self.case, live=False)
            yield KeyBar(id="keys")

    def told(self) -> Iterator[Piece]:
        """What is said of the section."""
        yield Run(Content.styled("Section · ", "$quiet") + words(self.section.title, "bold"))

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(Page).focus()


class SectionOpening(_AboutSection):
    """Says what holds in a section before its first question. Hands back whether to begin it."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.SECTION]

    def told(self) -> Iterator[Piece]:
        """All that has to be known before it begins."""
        yield from super().told()
        yield Gap()
        for sentence in before(self.section):
            style = "bold $warning" if sentence == NO_WAY_BACK else ""
            yield Run(words(sentence, style), Content.styled("• ", "$primary"), Content("  "))

    def action_answer(self, answer: bool) -> None:
        """Hand back the answer."""
        self.dismiss(answer)


class CaseStudy(_AboutSection):
    """Shows the cluster of a case study beside one of its questions."""

    BINDINGS: ClassVar[keys.Keys] = [*keys.CASE]

    def action_close(self) -> None:
        """Back to the question."""
        self.dismiss(None)
