"""Whether somebody is right as often as they are sure to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studyapp.study.knowledge import Expected, share_interval
from studyapp.study.review import CERTAINTIES

CLAIMS: Mapping[str, tuple[float, float]] = {"guess": (0.0, 0.6), "think-so": (0.55, 0.95), "sure": (0.9, 1.0)}
"""The shares of right answers that go with what is said: who guesses is right by chance, who is sure nearly always."""

LEAST_ANSWERS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often answers given with a certainty were right. `verdict` is `over` where they were surely less often right
    than the certainty claims, `under` where surely more often, `fits` where neither, and `few` below ten answers.
    """

    certainty: str
    answers: int
    right: Expected
    verdict: str


def calibrations(counts: Mapping[str, tuple[int, float]]) -> tuple[Calibration, ...]:
    """One for each certainty, in their order, of how many answers were given with it and what they earned."""
    found = []
    for certainty in CERTAINTIES:
        answers, points = counts.get(certainty, (0, 0.0))
        right = share_interval(points, answers)
        low, high = CLAIMS[certainty]
        verdict = "over" if right.high < low else "under" if right.low > high else "fits"
        found.append(Calibration(certainty, answers, right, verdict if answers >= LEAST_ANSWERS else "few"))
    return tuple(found)
