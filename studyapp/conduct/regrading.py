"""Old answers graded again by the questions and the model of today: which would be told otherwise, and why.

Nothing is recorded. An answer is kept as it was told to the learner; what is found here is for people to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import Result, evaluate
from studyapp.cluster.claims.sentences import sentence
from studyapp.cluster.reasons.explain import Explanation, explain
from studyapp.conduct.exam import ExamConductor
from studyapp.conduct.feedback import Feedback, compose
from studyapp.conduct.trouble import CANNOT_BE_ASKED
from studyapp.packs.facts import Facts
from studyapp.packs.pack import Pack
from studyapp.questions.grading import grade, judge
from studyapp.questions.ids import now_called
from studyapp.questions.kinds import grader_of, misfit
from studyapp.questions.question import Question, Variant
from studyapp.questions.response import Response
from studyapp.questions.runs import simulated
from studyapp.questions.variants import count_variants, make_variant
from studyapp.study.review import Review
from studyapp.wiring import Services

QUESTION, MODEL, BOTH, PROGRAM = "question", "model", "both", "program"
CAUSES: Mapping[str, str] = MappingProxyType(
    {
        QUESTION: "The question or its scenario has been edited since; the model is the same.",
        MODEL: "The question is as it was; the model is another.",
        BOTH: "The question or its scenario has been edited since, and the model is another.",
        PROGRAM: "Neither the question nor the model has changed: the program grades otherwise.",
    }
)
"""What may have changed since an answer was told, each in a sentence."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """A claim that decides an answer: what it says, its value now, and why it has that."""

    claim: Claim
    sentence: str
    result: Result
    why: Explanation


Told = tuple[str, float]
"""A verdict, and the share of the points."""


class NotGradable(Exception):
    """An answer cannot be graded again; the message says why, without a full stop."""


@dataclass(frozen=True, slots=True)
class Change:
    """Answers that were alike and told alike, and would be told otherwise now.

    `reviews` are their ids; `before` and `after` the verdict with the share of the points. `cause` is one of `CAUSES`;
    `models` are the versions of the models that graded them. `feedback` is what would be said now, in the variant that
    the first of them was asked, and `claims` decide that.
    """

    reviews: tuple[str, ...]
    variant: Variant
    response: Response
    before: Told
    after: Told
    cause: str
    models: tuple[str, ...]
    feedback: Feedback
    claims: tuple[Deciding, ...]


@dataclass(frozen=True, slots=True)
class Regraded:
    """The answers to one question. `id` is the one that it has now, or had where it is gone; `lost` counts the answers
    that cannot be graded again, by the reason; `edited` those to an earlier form of the question.
    """

    id: str
    answers: int
    edited: int
    changes: tuple[Change, ...]
    lost: Mapping[str, int]

    @property
    def changed(self) -> int:
        """How many answers would be told otherwise."""
        return sum(len(change.reviews) for change in self.changes)


@dataclass(frozen=True, slots=True)
class Rescored:
    """An exam that was handed in, with its result then and what it would be now; each a score and whether it passes."""

    sitting: str
    exam: str
    ended: datetime
    before: tuple[int, bool]
    after: tuple[int, bool]

    @property
    def changed(self) -> bool:
        """The result would be another."""
        return self.before != self.after


@dataclass(slots=True)
class _Alike:
    """Answers that were alike, while they are gathered."""

    variant: Variant
    response: Response
    before: Told
    after: Told
    cause: str
    reviews: list[str]
    models: dict[str, None]


def regrade(facts: Facts, pack: Pack, reviews: Iterable[Review], model: str) -> tuple[Regraded, ...]:
    """Grade the answers given in a pack again; `model` is the version of today's model.

    The questions stand in the order of the pack, those that it no longer has come last.
    """
    called = now_called(pack.questions)
    by_question: dict[str, list[Review]] = {question.id: [] for question in pack.questions}
    for review in reviews:
        by_question.setdefault(called.get(review.question_id, review.question_id), []).append(review)
    known = {question.id: question for question in pack.questions}
    return tuple(
        _regraded(facts, name, known.get(name), answers, model) for name, answers in by_question.items() if answers
    )


def rescore(services: Services, pack: Pack) -> tuple[Rescored, ...]:
    """Score the exams that were handed in again, the newest first. Raises StoreError."""
    found = []
    for record in services.store.sittings(pack.id):
        if record.result is None:
            continue
        report = ExamConductor.load(services, pack, record.id).report
        assert report is not None, "it has been handed in"
        before, after = (record.result.scaled, record.result.passed), (report.scaled, report.passed)
        found.append(Rescored(record.id, record.blueprint_id, record.result.ended, before, after))
    return tuple(found)


def _regraded(facts: Facts, name: str, question: Question | None, answers: list[Review], model: str) -> Regraded:
    if question is None:
        return Regraded(name, len(answers), 0, (), {"the pack has no such question any more": len(answers)})
    lost: dict[str, int] = {}
    changes: dict[tuple[object, ...], _Alike] = {}
    marked: dict[tuple[int, Response], tuple[Variant, Told] | NotGradable] = {}
    for review in answers:
        asked = review.variant_number, review.response
        if asked not in marked:
            marked[asked] = _marked(question, review)
        found = marked[asked]
        if isinstance(found, NotGradable):
            lost[str(found)] = lost.get(str(found), 0) + 1
            continue
        variant, after = found
        before = review.verdict, review.points / review.out_of if review.out_of else 0.0
        if before[0] == after[0] and abs(before[1] - after[1]) < 1e-9:
            continue
        cause = _cause(review, question, model)
        alike = changes.setdefault(
            (*asked, before, cause), _Alike(variant, review.response, before, after, cause, [], {})
        )
        alike.reviews.append(review.id)
        alike.models[review.model_version] = None
    edited = sum(review.digest != question.digest for review in answers)
    told = tuple(_change(facts, alike) for alike in changes.values())
    return Regraded(name, len(answers), edited, told, lost)


def _marked(question: Question, review: Review) -> tuple[Variant, Told] | NotGradable:
    """What an answer is worth now, in the variant that it was given to."""
    try:
        in_all = count_variants(question)
        if not 0 <= review.variant_number < in_all:
            return NotGradable(f"the question has {in_all} variants now, and this one is not among them")
        # By its number, and not by its seed alone: a family that was edited may have other variants.
        variant = make_variant(question, review.variant_number, review.seed, review.question_id)
        wrong = misfit(variant, review.response)
        if wrong:
            return NotGradable(f"the answer does not fit the question any more: {wrong.removesuffix('.')}")
        marks = grader_of(variant).mark(variant, judge(variant), review.response, simulated)
    except CANNOT_BE_ASKED as error:
        return NotGradable(f"the question cannot be asked: {str(error).removesuffix('.')}")
    return variant, (marks.verdict, marks.points)


def _cause(review: Review, question: Question, model: str) -> str:
    edited, modelled = review.digest != question.digest, review.model_version != model
    if edited:
        return BOTH if modelled else QUESTION
    return MODEL if modelled else PROGRAM


def _change(facts: Facts, alike: _Alike) -> Change:
    graded = grade(alike.variant, alike.response)
    return Change(
        tuple(alike.reviews),
        alike.variant,
        alike.response,
        alike.before,
        alike.after,
        alike.cause,
        tuple(alike.models),
        compose(facts, alike.variant, alike.response, graded),
        tuple(_deciding(alike.variant, alike.response)),
    )


def _deciding(variant: Variant, response: Response) -> Iterator[Deciding]:
    """The claims that decide an answer, those that hold and those that the learner took to hold."""
    grader = grader_of(variant)
    marks = grader.mark(variant, judge(variant), response, simulated)
    outcome = grader.outcome(variant, response, simulated)
    for claim in dict.fromkeys(grader.claims(variant, marks)):
        with suppress(ClaimError):
            result = evaluate(claim, outcome, variant.names)
            why = explain(claim, outcome, variant.names)
            yield Deciding(claim, sentence(claim, variant.names), result, why)
