"""Whether somebody would pass an exam: as an interval, or not at all while there are too few answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import erf, sqrt

from studyapp.study.knowledge import Expected, expect, person
from studyapp.study.schedule import Memory

SUREST = 0.99
"""No chance to pass is said to be surer, either way: an exam may hold what no question here has asked."""

LEAST_ANSWERS = 20
LEAST_SEEN = 0.5
"""The share of an exam whose families must have been asked before anything is said."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The score that an exam would give, as a share of its points, and the chance to pass at either end of it.

    `seen` is the share of the exam whose families were ever asked, `answers` how many answers there are to them.
    """

    score: Expected
    pass_low: float
    pass_high: float
    seen: float
    answers: int

    @property
    def enough(self) -> bool:
        """There are answers enough to say something."""
        return self.answers >= LEAST_ANSWERS and self.seen >= LEAST_SEEN


def readiness(
    weights: Mapping[str, float], memories: Mapping[str, Memory], at: datetime, questions: int, pass_share: float
) -> Readiness:
    """How an exam of so many questions would go at a time, with what is remembered now.

    `weights` is what each family counts; `pass_share` the share of the points that passes.
    """
    counted = {name: weight for name, weight in weights.items() if weight}
    score = expect(((weight, memories.get(name)) for name, weight in counted.items()), at, person(memories.values()))
    seen = sum(weight for name, weight in counted.items() if name in memories)
    return Readiness(
        score=score,
        pass_low=pass_chance(score.low, questions, pass_share),
        pass_high=pass_chance(score.high, questions, pass_share),
        seen=seen / (sum(counted.values()) or 1.0),
        answers=sum(memories[name].answers for name in counted if name in memories),
    )


def pass_chance(share: float, questions: int, pass_share: float) -> float:
    """The chance that somebody who answers this share rightly passes: questions fall out well or badly. Nobody passes
    or fails for certain.
    """
    spread = sqrt(max(share * (1 - share), 1e-9) / max(1, questions))
    needed = pass_share - 0.5 / max(1, questions)
    return min(SUREST, max(1 - SUREST, 0.5 * (1 + erf((share - needed) / spread / sqrt(2)))))
