"""What a file of a pack shows its author: read and worked out in a thread, shown by the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from studyapp.cluster.bench import Bench
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.world import RunTooLong
from studyapp.conduct.feedback import Feedback, compose
from studyapp.conduct.trouble import CANNOT_BE_ASKED
from studyapp.conduct.worked import example_of
from studyapp.packs.claimed import Claimed, claimed, claimed_in_lesson
from studyapp.packs.content import Lesson
from studyapp.packs.draft import Draft, Page
from studyapp.packs.facts import Facts
from studyapp.packs.findings import in_short
from studyapp.packs.lesson_parts import CheckpointPart, ComparePart, DiagramPart, LessonPart, WorkedPart
from studyapp.packs.problems import Problem
from studyapp.packs.questions import QuestionSource
from studyapp.questions.grading import grade
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING
from studyapp.questions.variants import combinations, count_variants, make_variant

SEED = 0
"""Draws the order of options: the same whenever a variant is looked at."""


@dataclass(frozen=True, slots=True)
class View:
    """A file as it is to be shown. Of a question: the variant `number` (from 0) of `total`, its claims, and what is
    told after an answer; of a lesson: a variant of each question that it asks, each that it works out as learners meet
    it first, and what it claims. `trouble` says why a variant cannot be shown, as a sentence.
    """

    page: Page
    number: int = 0
    total: int = 0
    variant: Variant | None = None
    feedback: Feedback | None = None
    claims: tuple[Claimed, ...] = ()
    asks: Mapping[str, Variant] = field(default_factory=dict)
    worked: Mapping[str, tuple[Variant, Feedback]] = field(default_factory=dict)
    trouble: str = ""

    @property
    def good(self) -> bool:
        """There is something to show."""
        return self.page.content is not None


def view_of(draft: Draft, facts: Facts, name: str, number: int) -> View:
    """The view of a file; a number beyond the last variant is that of the last."""
    page = draft.read(name)
    match page.content:
        case QuestionSource() as source:
            return _of_question(page, source, facts, number)
        case Lesson() as lesson:
            return _of_lesson(page, lesson, draft, facts)
        case Scenario() as scenario:
            try:
                _see_that_it_ends(scenario)
            except RunTooLong as error:
                return View(replace(page, content=None), trouble=_sentence(error))
    return View(page)


def _of_question(page: Page, source: QuestionSource, facts: Facts, number: int) -> View:
    total = 0
    try:
        total = count_variants(source.question)
        number = max(0, min(number, total - 1))
        if not total:
            return View(page, trouble="It has no variant: no combination of the varied values meets where.")
        variant = make_variant(source.question, number, SEED)
        _see_that_it_ends(variant.scenario)
    except CANNOT_BE_ASKED as error:
        return View(page, number, total, trouble=_sentence(error))
    claims = claimed(source, variant)
    try:
        feedback = compose(facts, variant, NOTHING, grade(variant, NOTHING))
    except CANNOT_BE_ASKED as error:
        return View(page, number, total, variant, None, claims, trouble=_sentence(error))
    return View(page, number, total, variant, feedback, claims)


def _of_lesson(page: Page, lesson: Lesson, draft: Draft, facts: Facts) -> View:
    asks: dict[str, Variant] = {}
    worked: dict[str, tuple[Variant, Feedback]] = {}
    for section in lesson.sections:
        for part in section.parts:
            for scenario in _drawn(part):
                try:
                    _see_that_it_ends(scenario)
                except RunTooLong as error:
                    trouble = f"A diagram under {section.title} cannot be shown. {_sentence(error)}"
                    return View(replace(page, content=None), trouble=trouble)
            if isinstance(part, CheckpointPart) and part.question_id not in asks:
                variant = _first(draft.question(part.question_id))
                if variant is not None:
                    asks[part.question_id] = variant
            if isinstance(part, WorkedPart) and part.question_id in asks:
                with suppress(*CANNOT_BE_ASKED):
                    worked[part.question_id] = example_of(facts, asks[part.question_id])
    claims = tuple(each for block in lesson.claims for each in claimed_in_lesson(block))
    return View(page, claims=claims, asks=asks, worked=worked)


def named_variants(view: View, problems: Iterable[Problem]) -> tuple[int, ...]:
    """The numbers of the variants of a question that findings name, in order."""
    content = view.page.content
    named = [f"{problem.variant};" for problem in problems if problem.variant]
    if not isinstance(content, QuestionSource) or not named:
        return ()
    found = set()
    for number, values in enumerate(combinations(content.question)):
        # The values that are derived from these follow them.
        short = in_short(dict(values))
        if any(text.startswith((f"{short};", f"{short}, ")) for text in named):
            found.add(number)
    return tuple(sorted(found))


def _first(source: QuestionSource | None) -> Variant | None:
    """The first variant of a question; None where there is none that can be shown."""
    try:
        if source is None or not count_variants(source.question):
            return None
        variant = make_variant(source.question, 0, SEED)
        _see_that_it_ends(variant.scenario)
    except CANNOT_BE_ASKED:
        return None
    return variant


def _drawn(part: LessonPart) -> tuple[Scenario, ...]:
    match part:
        case DiagramPart(scenario=scenario):
            return (scenario,)
        case ComparePart(left=left, right=right):
            return left, right
    return ()


def _see_that_it_ends(scenario: Scenario | None) -> None:
    """A run that does not come to its end cannot be drawn. Raises RunTooLong."""
    if scenario is not None:
        Bench.of(scenario).outcome  # noqa: B018  # it is run when it is first asked for


def _sentence(error: Exception) -> str:
    said = str(error).removesuffix(".")
    return f"{said[:1].upper()}{said[1:]}."
