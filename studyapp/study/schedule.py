"""How well a family of questions is remembered, and when it is to be asked again: FSRS-6, as py-fsrs computes it.

What is scheduled is the family, the rule behind its variants: each answer counts, whichever variant it was to. Nobody
is asked how easy it was; `rating` derives that from what is known of the answer. A `Memory` is never the truth: it is
the fold of a family's answers in the order of their times, and can be made again from them.

py-fsrs is imported when the first answer is folded. It reads no clock and draws nothing by chance where the time, the
id and `enable_fuzzing=False` are passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING, Protocol

from studyapp.exams.clock import utc

if TYPE_CHECKING:
    from fsrs import Scheduler

VERSION = "fsrs-6.2"
"""What memories are made by. It changes with anything here that changes what they say; older ones are made anew."""

RETENTION = 0.9
"""The chance of recall at which a family is asked again."""

STEPS = (timedelta(minutes=10),)
"""What was missed comes back the same day; what was right waits for days. The weights of FSRS do not depend on it."""

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4

LEAST_STABILITY = 0.001
"""FSRS's own bound."""

SUREST = 0.98
"""No chance counts as surer: whoever knows a rule slips now and then, and a new variant of it may be misread."""

SHALLOW = 5.0
"""Days of stability from which depth is counted."""

QUICK = timedelta(seconds=30)
SLOW = timedelta(minutes=3)
LONGEST = timedelta(minutes=5)
"""What of a time counts as work on the question; whoever takes longer has been away."""

RATINGS: Mapping[tuple[str, str | None], tuple[int, int, int]] = {
    # verdict, certainty: quick, usual, slow
    ("right", "sure"): (EASY, GOOD, GOOD),
    ("right", "think-so"): (GOOD, GOOD, HARD),
    ("right", None): (GOOD, GOOD, GOOD),
    ("right", "guess"): (HARD, HARD, HARD),
    ("partly", "sure"): (AGAIN, AGAIN, AGAIN),
    ("partly", "think-so"): (HARD, HARD, HARD),
    ("partly", None): (HARD, HARD, HARD),
    ("partly", "guess"): (AGAIN, AGAIN, AGAIN),
    ("wrong", "sure"): (AGAIN, AGAIN, AGAIN),
    ("wrong", "think-so"): (AGAIN, AGAIN, AGAIN),
    ("wrong", None): (AGAIN, AGAIN, AGAIN),
    ("wrong", "guess"): (AGAIN, AGAIN, AGAIN),
}
"""The rating by verdict and certainty, for a quick, a usual and a slow answer.

A right guess is luck as much as knowledge, so it comes back soon. To be sure of what is only partly right is to hold
something wrong. Nobody is asked how sure they are in an exam, and time there is shared out freely: it counts as usual.
"""


class Answered(Protocol):
    """What of an answer counts here. A `Review` is one."""

    @property
    def id(self) -> str: ...
    @property
    def variant_number(self) -> int: ...
    @property
    def points(self) -> float: ...
    @property
    def out_of(self) -> float: ...
    @property
    def verdict(self) -> str: ...
    @property
    def certainty(self) -> str | None: ...
    @property
    def shown_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Memory:
    """What the answers to one family come to.

    `stability` is the days after which recall has fallen to 0.9, `difficulty` lies between 1 and 10, `step` is the
    place in `STEPS` of a family that is being learned (`state` 1) or learned again (3), None of one that is known (2).
    `due` is when it is to be asked. `last_at` and `last_id` name the last answer, `verdict` and `variant_number` are
    its. `answers` counts all, `lapses` those that were forgotten once known, `seconds` is the time spent on them.
    `first` are the points of the first, from 0 to 1, when nothing of the family had been seen.

    `recalls` counts the answers a day or more after the one before, `recalled` is their points, `expected` what FSRS
    expected of them, and `spread` the variance of that. `leaning` is what they earned beyond that times the `depth` of
    the memory before each, `spread_depth` and `spread_depth2` the variance times it and its square. All this tells how
    far FSRS is right about this person, and whether more so of memories that are fresh or of those that last.
    """

    state: int
    step: int | None
    stability: float
    difficulty: float
    due: datetime
    last_at: datetime
    last_id: str
    verdict: str
    variant_number: int
    answers: int
    lapses: int
    seconds: float
    first: float
    recalls: int
    recalled: float
    expected: float
    spread: float
    leaning: float
    spread_depth: float
    spread_depth2: float

    @property
    def known(self) -> bool:
        """It is asked at intervals of days, not of minutes."""
        return self.step is None


def rating(verdict: str, certainty: str | None, took: timedelta) -> int:
    """How well an answer shows that the family is remembered, from 1 to 4, by `RATINGS`.

    No time at all means that the clock was set back: it counts as usual.
    """
    pace = 0 if timedelta(0) < took < QUICK else 2 if took > SLOW else 1
    return RATINGS[verdict, certainty][pace]


@lru_cache(maxsize=8)
def scheduler(retention: float = RETENTION) -> Scheduler:
    """FSRS-6 with its published weights."""
    from fsrs import Scheduler

    return Scheduler(desired_retention=retention, learning_steps=STEPS, relearning_steps=STEPS, enable_fuzzing=False)


def follows(memory: Memory | None, answer: Answered) -> bool:
    """Whether an answer is later than all that a memory is made of, so that it can simply be added."""
    return memory is None or (memory.last_at, memory.last_id) < (answer.answered_at, answer.id)


def remember(memory: Memory | None, answer: Answered) -> Memory:
    """The memory after one more answer, which is later than those before."""
    took = answer.answered_at - answer.shown_at
    rated = rating(answer.verdict, answer.certainty, took)
    state, step, stability, difficulty, due = advanced(memory, rated, answer.answered_at)
    seconds = max(timedelta(0), min(took, LONGEST)).total_seconds()
    points = answer.points / (answer.out_of or 1.0)
    answers, lapses, first, recalls = 0, 0, points, 0
    recalled = expected = spread = leaning = spread_depth = spread_depth2 = 0.0
    if memory is not None:
        answers, lapses, seconds, first = memory.answers, memory.lapses, memory.seconds + seconds, memory.first
        recalls, recalled, expected, spread = memory.recalls, memory.recalled, memory.expected, memory.spread
        leaning, spread_depth, spread_depth2 = memory.leaning, memory.spread_depth, memory.spread_depth2
        if (answer.answered_at - memory.last_at).days:
            chance, deep = bounded(retrievability(memory, answer.answered_at)), depth(memory)
            variance = chance * (1 - chance)
            recalls, recalled, expected = recalls + 1, recalled + points, expected + chance
            spread, leaning = spread + variance, leaning + (points - chance) * deep
            spread_depth, spread_depth2 = spread_depth + variance * deep, spread_depth2 + variance * deep**2
        if memory.known and rated == AGAIN:
            lapses += 1
    return Memory(
        state=state,
        step=step,
        stability=stability,
        difficulty=difficulty,
        due=due,
        last_at=utc(answer.answered_at),
        last_id=answer.id,
        verdict=answer.verdict,
        variant_number=answer.variant_number,
        answers=answers + 1,
        lapses=lapses,
        seconds=seconds,
        first=first,
        recalls=recalls,
        recalled=recalled,
        expected=expected,
        spread=spread,
        leaning=leaning,
        spread_depth=spread_depth,
        spread_depth2=spread_depth2,
    )


def advanced(memory: Memory | None, rated: int, at: datetime) -> tuple[int, int | None, float, float, datetime]:
    """What FSRS makes of an answer so rated at a time: state, step, stability, difficulty and when it is due."""
    from fsrs import Card, Rating, State

    at = utc(at)
    if memory is None:
        card = Card(card_id=1, due=at)
    else:
        card = Card(
            card_id=1,
            state=State(memory.state),
            step=memory.step,
            stability=memory.stability,
            difficulty=memory.difficulty,
            due=memory.due,
            last_review=memory.last_at,
        )
    card, _ = scheduler().review_card(card, Rating(rated), at)
    assert card.stability is not None, "a card that has been reviewed is stable to a degree"
    assert card.difficulty is not None, "and difficult to a degree"
    return int(card.state), card.step, card.stability, card.difficulty, card.due


def recall(answers: Iterable[Answered]) -> Memory | None:
    """The memory that the answers to one family come to, in whatever order they are given; None without any."""
    memory: Memory | None = None
    for answer in sorted(answers, key=lambda each: (each.answered_at, each.id)):
        memory = remember(memory, answer)
    return memory


def retrievability(memory: Memory, at: datetime) -> float:
    """The chance that a family would be recalled at a time, by FSRS."""
    return chance_after(memory.stability, (at - memory.last_at).days)


def bounded(chance: float) -> float:
    """A chance that is no surer than `SUREST`, either way."""
    return min(SUREST, max(1 - SUREST, chance))


def depth(memory: Memory) -> float:
    """How lasting a memory is: the logarithm of its stability, 0 at `SHALLOW` days."""
    return log(memory.stability / SHALLOW)


def stabilities_after(memory: Memory, at: datetime) -> tuple[float, float]:
    """The stability after an answer at a time that is missed, and after one that is right.

    These are FSRS's formulas once more, for planning: whole libraries are weighed there, and `advanced`, which says the
    same, takes ten times as long.
    """
    w = scheduler().parameters
    stability, days = memory.stability, (at - memory.last_at).days
    if days < 1:
        step = exp(w[17] * w[18]) * stability ** -w[19]
        return max(LEAST_STABILITY, stability * step * exp(-2 * w[17])), max(stability, stability * step)
    lost = 1 - chance_after(stability, days)
    growth = exp(w[8]) * (11 - memory.difficulty) * stability ** -w[9] * (exp(lost * w[10]) - 1)
    fallen = w[11] * memory.difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * exp(lost * w[14])
    missed = min(fallen, stability / exp(w[17] * w[18]))
    return max(LEAST_STABILITY, missed), max(LEAST_STABILITY, stability * (1 + growth))


def chance_after(stability: float, days: int) -> float:
    """The chance of recall so many whole days after an answer: FSRS's forgetting curve."""
    factor, decay = _curve()
    return float((1 + factor * max(0, days) / stability) ** decay)


@lru_cache(maxsize=1)
def _curve() -> tuple[float, float]:
    """The factor and the exponent of the curve, which passes 0.9 where the days are the stability."""
    decay = -scheduler().parameters[20]
    return float(0.9 ** (1 / decay)) - 1, decay
