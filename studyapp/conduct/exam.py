"""Exams: every move is on disk before it shows, nothing is judged before the end, and the clock runs on regardless."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from studyapp.cluster.scenario import Scenario
from studyapp.conduct.feedback import Feedback, compose
from studyapp.conduct.reviewing import review_of
from studyapp.conduct.trouble import CANNOT_BE_ASKED, BadResponse, ConductError, asking, check_response
from studyapp.exams.blueprint import Blueprint
from studyapp.exams.form import FormError, draw_form
from studyapp.exams.score import Report, report
from studyapp.exams.sitting import (
    Action,
    Answer,
    Expire,
    Flag,
    Go,
    HandIn,
    IllegalMove,
    Kept,
    Sitting,
    Unflag,
    apply,
    begin,
    warnings,
)
from studyapp.packs.pack import Pack
from studyapp.questions.grading import Grade, grade, judge
from studyapp.questions.ids import now_called
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Response
from studyapp.questions.variants import pick_variant
from studyapp.store.errors import ELSEWHERE, StoreError
from studyapp.store.records import SittingResult
from studyapp.study.review import Review
from studyapp.wiring import Services


class ExamConductor:
    """One sitting of an exam.

    Questions are numbered from 0. While it runs, a move that the store could not take is kept here, the state shows it,
    and the next move or `retry` records it first. Once it has been handed in, `report` and `feedback` tell how it went.
    """

    def __init__(self, services: Services, pack: Pack, sitting: Sitting) -> None:
        """For a sitting that the store knows; use `start`, `resume` or `load`."""
        self._services = services
        self._pack = pack
        self._unsaved: list[Kept] = []
        self._variants: dict[int, Variant] = {}
        self.sitting = sitting
        """The state, as it is shown."""

    @classmethod
    def start(
        cls, services: Services, pack: Pack, blueprint: Blueprint, seed: int, now: datetime, extra: float = 1.0
    ) -> ExamConductor:
        """Draw the questions and begin: the clock runs from `now`. An older sitting whose time is up is handed in.

        Raises:
            ConductError: another sitting runs, the pack has too few questions, or one of them cannot be asked.
            StoreError: it could not be recorded, and has not begun.
            ValueError: the extra time is none of `EXTRA_TIMES`.
        """
        other = cls.resume(services, pack, now)
        if other is not None and other.running:
            raise ConductError(
                "An exam in this pack is still open.",
                "It is as you left it, and its clock runs on.",
                "Go on with it or hand it in, then start another.",
            )
        try:
            with asking(f"A question of {pack.id}"):
                form = draw_form(blueprint, pack.questions, pack.objectives, seed)
        except FormError as error:
            raise ConductError(
                f"This exam cannot be drawn from the pack: {error}.",
                "Nothing has begun.",
                'Tell the author of the pack; "studyapp pack check" says the same.',
            ) from error
        conductor = cls(services, pack, begin(services.new_id(), pack.id, form, blueprint.minutes, now, extra=extra))
        for item in range(conductor.total):
            with asking(f"The question {form.items[item].question_id}"):
                judge(conductor.variant(item))
        services.store.start_sitting(conductor.sitting)
        return conductor

    @classmethod
    def resume(cls, services: Services, pack: Pack, now: datetime) -> ExamConductor | None:
        """The sitting that has not been handed in, as it was left; if its time is up it is handed in as of its end.

        Raises:
            ConductError: the sitting runs, and a question of it is no longer in the pack.
            StoreError: it could not be read, or its end could not be recorded.
        """
        sitting = services.store.load_open_sitting(pack.id)
        if sitting is None:
            return None
        conductor = cls(services, pack, sitting)
        if conductor.expired(now):
            conductor.hand_in(now)
        elif conductor.withdrawn:
            missing = ", ".join(sorted({sitting.form.items[item].question_id for item in conductor.withdrawn}))
            raise ConductError(
                f"Questions of the open exam are no longer in the pack: {missing}.",
                "Your answers are kept, and the clock runs on.",
                "Put the pack back as it was; at its end the exam is scored over the questions that are left.",
            )
        return conductor

    @classmethod
    def load(cls, services: Services, pack: Pack, sitting_id: str) -> ExamConductor:
        """A sitting of the past, to look at again.

        Raises:
            KeyError: there is none of that id in this pack.
            StoreError: it could not be read.
        """
        sitting = services.store.load_sitting(sitting_id)
        if sitting is None or sitting.pack != pack.id:
            raise KeyError(sitting_id)
        return cls(services, pack, sitting)

    # -- what is going on ---------------------------------------------------------------------------------------------

    @property
    def blueprint(self) -> Blueprint | None:
        """The plan of the exam; None when the pack no longer has it."""
        try:
            return self._pack.blueprint(self.sitting.blueprint_id)
        except KeyError:
            return None

    @property
    def running(self) -> bool:
        """Not handed in yet."""
        return self.sitting.running

    @property
    def total(self) -> int:
        """How many questions there are."""
        return len(self.sitting.form.items)

    @property
    def unsaved(self) -> int:
        """How many moves are kept here because the store could not take them."""
        return len(self._unsaved)

    @cached_property
    def withdrawn(self) -> frozenset[int]:
        """The questions that the pack no longer has."""
        known = now_called(self._pack.questions)
        return frozenset(i for i, item in enumerate(self.sitting.form.items) if item.question_id not in known)

    def variant(self, item: int) -> Variant:
        """A question, as it is asked.

        Raises:
            KeyError: the pack no longer has it.
        """
        if item not in self._variants:
            drawn = self.sitting.form.items[item]
            # Under the id that it had then: a question that was renamed since is asked in the same variant.
            question = self._pack.question(drawn.question_id)
            self._variants[item] = pick_variant(question, drawn.seed, drawn.question_id)
        return self._variants[item]

    def case(self, item: int) -> Scenario | None:
        """The cluster that the section of a question is about; None where it is about none, or the pack lost it."""
        section = self.sitting.form.section(item)
        return self._pack.scenarios.get(section.scenario) if section is not None and section.scenario else None

    def remaining(self, now: datetime) -> timedelta:
        """The time left."""
        return self.sitting.remaining(now)

    def expired(self, now: datetime) -> bool:
        """Whether the time is up, handed in or not."""
        return self.sitting.out_of_time(now)

    @property
    def warnings(self) -> tuple[timedelta, ...]:
        """How much is left when the exam should say so, the first first."""
        return warnings(self.sitting.ends - self.sitting.started)

    # -- what can be done while it runs -------------------------------------------------------------------------------

    def answer(self, item: int, response: Response, now: datetime) -> None:
        """Answer a question; an empty answer takes the answer back. It is on disk when this returns.

        Raises:
            IllegalMove: the exam has been handed in, by itself if the time is up.
            BadResponse: the answer does not fit the question.
            StoreError: it could not be recorded; it is kept here unless the exam has been gone on with elsewhere.
        """
        if self.running and 0 <= item < self.total:
            check_response(self.variant(item), response)
        self._do(Answer(item, response), now)

    def flag(self, item: int, now: datetime) -> None:
        """Mark a question to be looked at again. Raises as `answer` does."""
        self._do(Flag(item), now)

    def unflag(self, item: int, now: datetime) -> None:
        """Take the mark off a question. Raises as `answer` does."""
        self._do(Unflag(item), now)

    def go(self, item: int, now: datetime) -> None:
        """Look at a question. Raises as `answer` does."""
        if item != self.sitting.position or not self.running:
            self._do(Go(item), now)

    def retry(self) -> None:
        """Record what is kept here.

        Raises:
            StoreError: it could not be recorded this time either, or the exam has been gone on with elsewhere.
        """
        while self._unsaved:
            try:
                self._services.store.record_sitting_action(self._unsaved[0])
            except StoreError as error:
                if error.reason == ELSEWHERE:
                    self._reload()
                raise
            del self._unsaved[0]

    def tick(self, now: datetime) -> Report | None:
        """Hand in if the time is up; the report if it is over, however it ended.

        Raises:
            StoreError: its end could not be recorded; the next tick tries again.
        """
        if self.running and self.expired(now):
            return self.hand_in(now)
        return self.report

    def hand_in(self, now: datetime) -> Report:
        """Hand in; if the time is up, as of the end. Answers and result are on disk when this returns.

        Raises:
            IllegalMove: it has been handed in.
            StoreError: it could not be recorded, and runs on; every answer is kept.
        """
        ended, (kept,) = apply(self.sitting, Expire() if self.expired(now) else HandIn(), now)
        self.retry()
        grades = self._graded(ended)
        made = report(self._fitting(ended), grades)
        assert ended.ended is not None, "it has just been handed in"
        result = SittingResult(ended.id, made.points, made.out_of, made.scaled, made.passed, ended.ended)
        try:
            self._services.store.record_sitting_action(kept, reviews=self._reviews(ended, grades), result=result)
        except StoreError as error:
            if error.reason == ELSEWHERE:
                self._reload()
            raise
        self.sitting = ended
        self._forget_grades()
        return made

    # -- when it is over ----------------------------------------------------------------------------------------------

    @property
    def report(self) -> Report | None:
        """The result; None while the exam runs."""
        return None if self.running else self._report

    def feedback(self, item: int) -> Feedback | None:
        """What there is to say about a question; None for one that no longer exists or cannot be graded.

        Raises:
            IllegalMove: the exam runs: nothing is judged before the end.
        """
        if self.running:
            raise IllegalMove("Nothing is judged before the exam has been handed in.")
        graded = self._grades.get(item)
        if graded is None:
            return None
        return compose(self._services.facts, self.variant(item), self._response(self.sitting, item), graded)

    # -- how it is done -----------------------------------------------------------------------------------------------

    @cached_property
    def _grades(self) -> dict[int, Grade]:
        return self._graded(self.sitting)

    @cached_property
    def _report(self) -> Report:
        return report(self._fitting(self.sitting), self._grades)

    def _forget_grades(self) -> None:
        for name in ("_grades", "_report"):
            self.__dict__.pop(name, None)

    def _do(self, action: Action, now: datetime) -> None:
        """Carry out a move and record it; where the time is up, hand in instead."""
        if self.running and self.expired(now):
            self.hand_in(now)
            raise IllegalMove("The time is up: the exam has been handed in with what was answered before.")
        self.sitting, effects = apply(self.sitting, action, now)
        self._unsaved.extend(effects)
        self.retry()

    def _reload(self) -> None:
        """Take the state from the store: this exam has been gone on with elsewhere."""
        self._unsaved.clear()
        known = self._services.store.load_sitting(self.sitting.id)
        if known is not None:
            self.sitting = known
            self._forget_grades()

    def _response(self, sitting: Sitting, item: int) -> Response:
        """The answer to a question; empty if there is none, or the pack has changed so that it no longer fits."""
        response = sitting.answers.get(item, NOTHING)
        try:
            check_response(self.variant(item), response)
        except (BadResponse, *CANNOT_BE_ASKED):
            return NOTHING
        return response

    def _fitting(self, sitting: Sitting) -> Sitting:
        """The sitting without answers that no longer fit: a question without one is unanswered."""
        present = [item for item in sitting.answers if item not in self.withdrawn]
        return replace(sitting, answers={item: given for item in present if (given := self._response(sitting, item))})

    def _graded(self, sitting: Sitting) -> dict[int, Grade]:
        """A grade for each question that still exists and can be graded."""
        grades: dict[int, Grade] = {}
        for item in range(self.total):
            if item in self.withdrawn:
                continue
            try:
                grades[item] = grade(self.variant(item), self._response(sitting, item))
            except CANNOT_BE_ASKED:
                # A question that cannot be graded counts for nothing: nobody fails an exam by a fault of the pack.
                continue
        return grades

    def _reviews(self, sitting: Sitting, grades: dict[int, Grade]) -> list[Review]:
        """What is remembered of the answers, under ids that are the same however often the exam is handed in."""
        reviews = []
        for item, graded in grades.items():
            response = self._response(sitting, item)
            if not response:
                continue
            variant, at = self.variant(item), sitting.answered_at[item]
            reviews.append(
                review_of(
                    self._services,
                    variant,
                    response,
                    graded,
                    id=f"{sitting.id}:{item}",
                    pack=sitting.pack,
                    shown_at=max(sitting.started, at - sitting.spent.get(item, timedelta(0))),
                    answered_at=at,
                    sitting_id=sitting.id,
                )
            )
        return reviews
