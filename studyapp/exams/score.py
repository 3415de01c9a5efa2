"""What a sitting was worth.

Nothing is subtracted for a wrong answer, and an unanswered question is wrong. The scaled score is this program's own:
two straight lines, from no points at the bottom of the scale to the pass share at the pass mark, and from there to all
points at its top. Microsoft sets its cut score for each set of questions by experts, and does not tell how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import floor

from studyapp.exams.blueprint import SCALE_BOTTOM, SCALE_TOP
from studyapp.exams.sitting import Sitting
from studyapp.questions.grading import Grade

_Worth = tuple[Fraction, Fraction]
"""The points that were earned, and those to be had."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a sitting.

    `by_objective` follows the blueprint: objective, points, out of. `by_section` tells the same of each section, by its
    title. `withdrawn` are questions that no longer exist and
    count for nothing; `right`, `partly`, `wrong` and `unanswered` number the rest from 0. `time_used` runs from start
    to end, `time_by_item` is what each question was looked at, and `extra` what the time was multiplied by.
    """

    points: float
    out_of: float
    scaled: int
    pass_mark: int
    passed: bool
    by_objective: tuple[tuple[str, float, float], ...]
    right: tuple[int, ...]
    partly: tuple[int, ...]
    wrong: tuple[int, ...]
    unanswered: tuple[int, ...]
    withdrawn: tuple[int, ...]
    time_used: timedelta
    time_allowed: timedelta
    time_by_item: tuple[timedelta, ...]
    extra: float
    expired: bool
    by_section: tuple[tuple[str, float, float], ...] = ()

    @property
    def share(self) -> float:
        """Points earned of those to be had, from 0 to 1."""
        return self.points / self.out_of if self.out_of else 0.0


def scaled_score(points: float, out_of: float, pass_share: float, pass_mark: int) -> int:
    """A score on the scale, rounded down, so that the pass mark is shown only to who has earned it."""
    if out_of <= 0:
        return SCALE_BOTTOM
    share, corner = _exact(points) / _exact(out_of), _exact(pass_share)
    if share >= 1:
        return SCALE_TOP
    if share < corner:
        return floor(SCALE_BOTTOM + share / corner * (pass_mark - SCALE_BOTTOM))
    return floor(pass_mark + (share - corner) / (1 - corner) * (SCALE_TOP - pass_mark))


def report(sitting: Sitting, grades: Mapping[int, Grade]) -> Report:
    """Score a sitting that has been handed in.

    `grades` has a grade for every question that still exists, by number from 0, answered or not: one without an answer
    earns nothing, whatever its grade says.

    Raises:
        ValueError: the sitting is still running.
    """
    if sitting.ended is None:
        raise ValueError("a running sitting has no score")
    worth: list[_Worth] = []
    piles: dict[str, list[int]] = {name: [] for name in ("right", "partly", "wrong", "unanswered", "withdrawn")}
    items = range(len(sitting.form.items))
    for number in items:
        grade = grades.get(number)
        if grade is None:
            piles["withdrawn"].append(number)
            worth.append((Fraction(0), Fraction(0)))
            continue
        answered = number in sitting.answers
        piles[grade.verdict if answered else "unanswered"].append(number)
        worth.append((_exact(grade.points) if answered else Fraction(0), _exact(grade.out_of)))
    earned, possible = _summed(worth)
    about = [item.objective for item in sitting.form.items]
    scaled = scaled_score(earned, possible, sitting.form.pass_share, sitting.form.pass_mark)
    return Report(
        points=earned,
        out_of=possible,
        scaled=scaled,
        pass_mark=sitting.form.pass_mark,
        passed=scaled >= sitting.form.pass_mark,
        by_objective=tuple(
            (name, *_summed(worth[number] for number in items if about[number] == name))
            for name in dict.fromkeys(about)
        ),
        right=tuple(piles["right"]),
        partly=tuple(piles["partly"]),
        wrong=tuple(piles["wrong"]),
        unanswered=tuple(piles["unanswered"]),
        withdrawn=tuple(piles["withdrawn"]),
        time_used=max(timedelta(0), sitting.ended - sitting.started),
        time_allowed=sitting.ends - sitting.started,
        time_by_item=tuple(sitting.spent.get(number, timedelta(0)) for number in items),
        extra=sitting.extra,
        expired=sitting.expired,
        by_section=tuple(
            (section.title, *_summed(worth[number] for number in section.items)) for section in sitting.form.sections
        ),
    )


def _summed(worth: Iterable[_Worth]) -> tuple[float, float]:
    """Points, out of how many."""
    every = tuple(worth)
    return float(sum(points for points, _ in every)), float(sum(out_of for _, out_of in every))


def _exact(number: float) -> Fraction:
    """The fraction that a number was meant to be: 0.7 is seven tenths, and a third three times is one."""
    return Fraction(number).limit_denominator(10_000)
