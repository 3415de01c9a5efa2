"""What is expected of somebody on questions to come, and how sure that is.

FSRS is made for people on average. How far it is right about one person shows in their own answers: each that came a
day or more after the one before was expected with some chance, and was right or not. `Person` is what makes the two
agree on the scale of log odds: a shift for all that is remembered, and a slope with the depth of a memory, since people
differ most in how long what they know lasts. Both are drawn towards none as long as there are few answers, and what is
asked lately is mostly fresh: how lasting memories hold out then stays uncertain, and so does what is said of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import exp, log, sqrt

from studyapp.study.schedule import Memory, bounded, depth, retrievability

SHIFT_PRIOR = 0.5
"""How far people lie from the average FSRS is made for, before anything is known of one: a standard deviation."""
SLOPE_PRIOR = 0.25
"""The same of how that changes when stability grows e times."""
SHARE_FLOOR = 0.01
"""How far a share of points may be off however well all is known: what is mistaken is not seen to be forgotten."""
FAMILY_NOISE = 1.0
"""How far a family may lie from what is expected of it; a standard deviation of log odds."""

UNSEEN_RIGHT, UNSEEN_WRONG = 2.0, 2.0
"""Answers to new families that are imagined beside the real ones: half of them right."""

EIGHTY = 1.2816
"""Standard deviations on either side that hold 80 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody differs from the average: the shift of log odds and its slope with depth, with their variances and
    what they vary together; and the chance that a family never met is answered rightly, with its variance.
    """

    shift: float = 0.0
    slope: float = 0.0
    shift_variance: float = SHIFT_PRIOR**2
    slope_variance: float = SLOPE_PRIOR**2
    covariance: float = 0.0
    unseen: float = 0.5
    unseen_variance: float = 0.05

    def recalls(self, chance: float, deep: float) -> float:
        """The chance that they recall what people on average recall with a chance, of a memory of some depth."""
        return shifted(chance, self.shift + self.slope * deep)


@dataclass(frozen=True, slots=True)
class Expected:
    """A share of points that is expected, from 0 to 1, with the bounds between which it lies 8 times of 10."""

    mean: float
    low: float
    high: float


def person(memories: Iterable[Memory]) -> Person:
    """What the answers so far say of somebody: one step of Newton's method from the average towards the likeliest."""
    beyond = leaning = first = answers = 0.0
    even, both, deep = 1 / SHIFT_PRIOR**2, 0.0, 1 / SLOPE_PRIOR**2
    for memory in memories:
        beyond, leaning = beyond + memory.recalled - memory.expected, leaning + memory.leaning
        even, both, deep = even + memory.spread, both + memory.spread_depth, deep + memory.spread_depth2
        first, answers = first + memory.first, answers + 1
    whole = even * deep - both**2
    count = answers + UNSEEN_RIGHT + UNSEEN_WRONG
    unseen = (first + UNSEEN_RIGHT) / count
    return Person(
        shift=(deep * beyond - both * leaning) / whole,
        slope=(even * leaning - both * beyond) / whole,
        shift_variance=deep / whole,
        slope_variance=even / whole,
        covariance=-both / whole,
        unseen=unseen,
        unseen_variance=unseen * (1 - unseen) / (count + 1),
    )


def expect(families: Iterable[tuple[float, Memory | None]], at: datetime, who: Person) -> Expected:
    """The share of points expected at a time on questions of some families, each with its weight; None is one that was
    never asked. Of no families at all nothing is known.
    """
    total = mean = shifts = slopes = noise = unseen = 0.0
    for weight, memory in families:
        total += weight
        if memory is None:
            chance = who.unseen
            unseen += weight
        else:
            deep = depth(memory)
            chance = who.recalls(retrievability(memory, at), deep)
            shifts += weight * chance * (1 - chance)
            slopes += weight * chance * (1 - chance) * deep
        mean += weight * chance
        noise += (weight * chance * (1 - chance) * FAMILY_NOISE) ** 2
    if not total:
        return Expected(0.5, 0.0, 1.0)
    variance = shifts**2 * who.shift_variance + slopes**2 * who.slope_variance + 2 * shifts * slopes * who.covariance
    variance += unseen**2 * who.unseen_variance + noise
    middle, reach = mean / total, EIGHTY * sqrt(variance / total**2 + SHARE_FLOOR**2)
    return Expected(middle, max(0.0, middle - reach), min(1.0, middle + reach))


def shifted(chance: float, shift: float) -> float:
    """A chance with its log odds moved."""
    likely = bounded(chance)
    return 1 / (1 + exp(-(log(likely / (1 - likely)) + shift)))


def share_interval(right: float, answers: float) -> Expected:
    """The share that some answers show, with the bounds between which the true one lies 8 times of 10 (Wilson's)."""
    if not answers:
        return Expected(0.5, 0.0, 1.0)
    share, square = right / answers, EIGHTY**2
    middle = (share + square / (2 * answers)) / (1 + square / answers)
    reach = EIGHTY * sqrt(share * (1 - share) / answers + square / (4 * answers**2)) / (1 + square / answers)
    return Expected(share, max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach)))
