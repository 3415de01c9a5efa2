"""How well each objective is known, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from studyapp.exams.blueprint import Objective, ancestry
from studyapp.questions.question import Question
from studyapp.study.knowledge import Expected, Person, expect
from studyapp.study.schedule import Memory

LEAST_ANSWERS = 3
"""Answers below which nothing is said of an objective."""


@dataclass(frozen=True, slots=True)
class Mastery:
    """How well an objective is known: the share of points expected on a question of it or of those below it.

    `families` counts its families of questions, `seen` those that were ever asked, `answers` the answers to them.
    """

    objective: str
    families: int
    seen: int
    answers: int
    expected: Expected

    @property
    def enough(self) -> bool:
        """There are answers enough to say something."""
        return self.answers >= LEAST_ANSWERS


def masteries(
    questions: Sequence[Question],
    objectives: Sequence[Objective],
    memories: Mapping[str, Memory],
    at: datetime,
    who: Person,
) -> tuple[Mastery, ...]:
    """The mastery of each objective that has questions, in the order of the objectives."""
    above = {each: ancestry(each, objectives) for each in {question.objective for question in questions}}
    pools: dict[str, list[str]] = {objective.id: [] for objective in objectives}
    for question in questions:
        for objective in above[question.objective]:
            pools.setdefault(objective, []).append(question.id)
    found = []
    for objective, ids in pools.items():
        known = [memories[each] for each in ids if each in memories]
        if ids:
            expected = expect(((1.0, memories.get(each)) for each in ids), at, who)
            answers = sum(memory.answers for memory in known)
            found.append(Mastery(objective, len(ids), len(known), answers, expected))
    return tuple(found)
