"""What a file of a pack looks like: a lesson or a question as learners meet it, a scenario to try, an exam's plan."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from studyapp.cluster.scenario import Scenario
from studyapp.exams.blueprint import Blueprint
from studyapp.exams.sections import plan_of
from studyapp.packs.content import Lesson
from studyapp.packs.glossary import GlossarySource
from studyapp.packs.manifest import Manifest
from studyapp.packs.questions import QuestionSource
from studyapp.questions.response import NOTHING
from studyapp.tui.previewing import View
from studyapp.tui.sayings import count
from studyapp.tui.text import words
from studyapp.tui.widgets.claims import below_question, beside_options, claim_lines, heading
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.flow import Flow, Gap, Grid, Piece, Run
from studyapp.tui.widgets.options import Options
from studyapp.tui.widgets.prose import term_pieces
from studyapp.tui.widgets.question import QuestionPane
from studyapp.tui.widgets.section import Checkpoint, WorkedExample, section_widgets

CLAIMS, ASKED, TOLD = FACES = ("with claims", "as it is asked", "as it is told after the answer")
"""The ways to look at a question."""


class Shown(Vertical):
    """Shows one view after another; what is still the same stays as it is."""

    DEFAULT_CSS = """
    Shown, Shown > #made {
        height: auto;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._kind: type | None = None
        self._lesson: Lesson | None = None

    def compose(self) -> ComposeResult:
        """A question is asked again and again in the same place."""
        pane = QuestionPane(classes="-inline")
        pane.display = False
        yield pane
        yield Vertical(id="made")

    async def show(self, view: View, face: str) -> None:
        """Show this view, a question in one of `FACES`."""
        pane = self.query_one(QuestionPane)
        pane.display = view.variant is not None
        made = self.query_one("#made")
        if view.variant is not None:
            await made.remove_children()
            self._lesson = None
            self._ask(pane, view, face)
            return
        content = view.page.content
        if not isinstance(content, Lesson) or content != self._lesson:
            await made.remove_children()
            await made.mount_all(_widgets(view))
        self._lesson = content if isinstance(content, Lesson) else None
        for checkpoint in made.query(Checkpoint):
            self._checkpoint(checkpoint, view)
        for claims in made.query(".claims").results(Flow):
            claims.show(_lesson_claims(view))

    def _ask(self, pane: QuestionPane, view: View, face: str) -> None:
        assert view.variant is not None, "asked only where there is a variant"
        pane.ask(view.variant)
        if face == TOLD and view.feedback is not None:
            pane.show_feedback(view.feedback, NOTHING)
        elif face != ASKED:
            pane.annotate(beside_options(view), below_question(view))
        _look_only(pane)

    def _checkpoint(self, pane: Checkpoint, view: View) -> None:
        variant = view.asks.get(pane.question_id)
        worked = view.worked.get(pane.question_id) if isinstance(pane, WorkedExample) else None
        if worked is not None:
            pane.ask(worked[0])
            pane.show_feedback(worked[1], NOTHING, move=False)
        elif variant is None:
            pane.say(f"The question {pane.question_id} cannot be shown here: look at its file.")
        else:
            pane.ask(variant)
        _look_only(pane)


def _look_only(pane: QuestionPane) -> None:
    """Nothing is answered here: the keys stay with the list and the page."""
    for form in pane.forms:
        if isinstance(form, Options):
            form.can_focus = False
        else:
            form.disabled = True


def _widgets(view: View) -> Iterator[Widget]:
    match view.page.content:
        case Lesson() as lesson:
            for number, section in enumerate(lesson.sections):
                yield from section_widgets(section, first=not number)
            yield Flow(classes="claims")
        case Scenario() as scenario:
            yield Flow(_scenario(scenario))
            yield Diagram(scenario)
        case Blueprint() as blueprint:
            yield Flow(_blueprint(blueprint))
        case Manifest() as manifest:
            yield Flow(_manifest(manifest))
        case GlossarySource(terms=terms):
            yield Flow(term_pieces(terms))
        case QuestionSource() | None:
            return


def _lesson_claims(view: View) -> list[Piece]:
    if not view.claims:
        return []
    return [Gap(), heading("What the lesson claims, and does not show"), *claim_lines(view.claims)]


def _scenario(scenario: Scenario) -> list[Piece]:
    steps = count(len(scenario.timeline), "step") if scenario.timeline else "nothing happens by itself"
    about = f"{scenario.release}, {count(len(scenario.hosts), 'host')}, {count(len(scenario.vms), 'virtual machine')}"
    return [Run(words(scenario.title, "bold $primary")), Run(words(f"{about}, {steps}", "$quiet")), Gap()]


def _blueprint(blueprint: Blueprint) -> list[Piece]:
    rows = tuple((words(objective), words(f"{share:g} %")) for objective, share in blueprint.draw)
    found: list[Piece] = [
        Run(words(blueprint.title, "bold $primary")),
        Run(
            words(f"{count(blueprint.questions, 'question')} in {count(blueprint.minutes, 'minute')}, {blueprint.mode}")
        ),
        Run(words(f"{blueprint.pass_mark} of 1000 passes, at {blueprint.pass_share * 100:g} % of the points")),
        Gap(),
        Grid((Content("Drawn from"), Content("Share")), rows),
    ]
    sections = tuple((words(title), words(what)) for title, what in plan_of(blueprint))
    return [*found, Gap(), Grid((Content("Section"), Content("What it has")), sections)] if sections else found


def _manifest(manifest: Manifest) -> list[Piece]:
    depth = {objective.id: 0 for objective in manifest.objectives}
    for objective in manifest.objectives:
        depth[objective.id] = depth.get(objective.parent or "", -1) + 1
    rows = tuple(
        (
            words("  " * depth[each.id] + each.title),
            words(each.id),
            words(f"{each.weight:g} %" if each.weight is not None else ""),
        )
        for each in manifest.objectives
    )
    description: list[Piece] = [Run(words(manifest.description)), Gap()] if manifest.description else []
    return [
        Run(words(manifest.title, "bold $primary")),
        *description,
        Run(words(f"{manifest.id} {manifest.version}, {manifest.language}, {manifest.license or 'no licence'}")),
        Run(words(f"by {', '.join(manifest.authors) or 'nobody who is named'}")),
        *([Run(words(f"homepage: {manifest.homepage}"))] if manifest.homepage else []),
        Gap(),
        Grid((Content("Objective"), Content("Id"), Content("Weight")), rows),
    ]
