"""What to do before an exam: ordered by what a minute of it is expected to add on the exam day.

An answer now is right with the chance of recall that FSRS gives; either way the family is remembered better on the day
of the exam than if it had been left alone. That difference, times what the family counts in the exam, for the minutes
that it takes, is the order. What would add next to nothing, what the exam does not ask, and what the minutes until then
have no room for, is said to be not worth doing any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from studyapp.questions.question import Question
from studyapp.study.agenda import seconds_each
from studyapp.study.day import day_begins, study_day
from studyapp.study.schedule import AGAIN, GOOD, Memory, chance_after, retrievability, scheduler, stabilities_after

UNSEEN = 0.5
"""The chance that a question never met is answered rightly, as long as there are no answers to tell."""
UNSEEN_ANSWERS = 4
"""How many answers that guess is worth beside real ones."""

LEAST_GAIN = 0.01
"""A family that would be remembered better by less than this on the exam day is known well enough."""


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """What there is to do until an exam.

    `order` are the families worth asking, the most gain for a minute first, as many as there is time for. `late` would
    be worth it too, `enough` are known well enough, and `off` are not part of the exam. `seconds` is what one question
    takes, `days` how many days are left with today, the exam's not counted.
    """

    order: tuple[str, ...]
    late: tuple[str, ...]
    enough: tuple[str, ...]
    off: tuple[str, ...]
    seconds: float
    days: int


def plan_exam(
    questions: Sequence[Question],
    memories: Mapping[str, Memory],
    weights: Mapping[str, float],
    exam_day: date,
    minutes: int,
    now: datetime,
    zone: tzinfo,
) -> ExamPlan:
    """The plan at a moment, with so many minutes on each day; an exam today or before leaves time for today alone.

    `weights` says what each family counts, by id.
    """
    days = max(1, (exam_day - study_day(now, zone)).days)
    exam = max(now, day_begins(exam_day, zone))
    seconds = seconds_each(memories.values())
    first = first_answers(memories.values())
    ranked: list[tuple[float, str]] = []
    enough: list[str] = []
    for question in questions:
        weight = weights.get(question.id, 0.0)
        if weight:
            memory = memories.get(question.id)
            better = gain(memory, now, exam, first)
            # What was missed and has not been right since is not known, however soon it was that FSRS saw it.
            if better < LEAST_GAIN and (memory is None or memory.known):
                enough.append(question.id)
            else:
                takes = seconds if memory is None else seconds_each((memory,), seconds)
                ranked.append((-weight * better / takes, question.id))
    ranked.sort()
    order = [question for _, question in ranked]
    room = int(max(1, days * minutes * 60 / seconds))
    return ExamPlan(
        order=tuple(order[:room]),
        late=tuple(order[room:]),
        enough=tuple(enough),
        off=tuple(question.id for question in questions if not weights.get(question.id, 0.0)),
        seconds=seconds,
        days=days,
    )


HORIZON = 7
"""Days ahead for which an answer is weighed while the exam is farther off: until then the family comes again anyway."""


def gain(memory: Memory | None, now: datetime, exam: datetime, unseen: float = UNSEEN) -> float:
    """How much likelier a family is to be recalled at an exam if it is asked now, from -1 to 1.

    `unseen` is the chance that a family never asked is answered rightly.
    """
    days = min(HORIZON, (exam - now).days)
    if memory is None:
        right, left_alone = unseen, unseen
        known, missed = _first_stability(GOOD), _first_stability(AGAIN)
    else:
        right, left_alone = retrievability(memory, now), retrievability(memory, now + timedelta(days=days))
        missed, known = stabilities_after(memory, now)
    return right * chance_after(known, days) + (1 - right) * chance_after(missed, days) - left_alone


def first_answers(memories: Iterable[Memory]) -> float:
    """The chance that a family never asked is answered rightly, by how first answers went."""
    points, answers = UNSEEN * UNSEEN_ANSWERS, UNSEEN_ANSWERS
    for memory in memories:
        points, answers = points + memory.first, answers + 1
    return points / answers


@lru_cache(maxsize=4)
def _first_stability(rated: int) -> float:
    """The stability after a first answer."""
    return float(scheduler().parameters[rated - 1])
