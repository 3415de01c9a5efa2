"""What ways to study are worth on the exam day, over made-up learners: `python -m benchmarks.learners [LEARNERS]`.

Each learner studies the same minutes a day in each of four ways: in the order of the exam plan; as FSRS has things due,
at its fixed retention; at random; and massed, one objective after another, each question until it was right three times
running. What is asked next comes from the program's own code. How learners remember does not: each has weights of FSRS
of its own, guesses, holds misconceptions that fade, and misjudges itself, all as `learners.toml` says.

It prints the score that each way leads to on the exam day, paired for each learner, and how often the readiness that
the program tells holds the truth. `--try` takes other learners than those that count.
"""

from __future__ import annotations

import math
import random
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from fsrs import Card, Rating, Scheduler
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from studyapp.questions.parts import OptionsPart
from studyapp.questions.question import Content, Question
from studyapp.study.exam_plan import plan_exam
from studyapp.study.queue import upcoming
from studyapp.study.readiness import readiness
from studyapp.study.schedule import STEPS, Memory, rating, remember

GIVEN: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
START = datetime(2026, 1, 1, 18, tzinfo=UTC)
DAY = timedelta(days=1)
SESSION = 20
"""Questions that are chosen at a time."""
WAYS = ("exam plan", "FSRS", "random", "massed")
LOOKS = (30, 60, 90)
"""Days on which readiness is held against the truth."""


NOTHING_TO_READ = Content("", OptionsPart(()), "")


def families() -> tuple[list[Question], dict[str, float]]:
    """The families, and what each counts in the exam."""
    shares, many = GIVEN["exam"]["shares"], GIVEN["exam"]["families"]
    bank = [
        Question(f"{objective}-{n}", "p", "choice", objective, lambda: NOTHING_TO_READ)
        for objective, count in many.items()
        for n in range(count)
    ]
    whole = sum(shares.values())
    return bank, {each.id: shares[each.objective] / whole / many[each.objective] for each in bank}


BANK, WEIGHTS = families()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, as the program remembers it."""

    id: str
    shown_at: datetime
    answered_at: datetime
    verdict: str
    certainty: str
    points: float
    out_of: float = 1.0
    variant_number: int = 0


def log_odds(chance: float) -> float:
    """The logarithm of the odds."""
    bounded = min(0.999, max(0.001, chance))
    return math.log(bounded / (1 - bounded))


def chance_of(odds: float) -> float:
    """The chance with these log odds."""
    return 1 / (1 + math.exp(-odds))


@dataclass
class Learner:
    """Somebody who is made up: what they are, and what they have in mind, which no program sees."""

    chance: random.Random
    cards: dict[str, Card] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance, memory = self.chance, GIVEN["memory"]
        weights = [
            min(high, max(low, weight * chance.lognormvariate(memory["factor"]["mean"], memory["factor"]["sd"])))
            for weight, low, high in zip(
                DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True
            )
        ]
        self.fsrs = Scheduler(weights, learning_steps=STEPS, relearning_steps=STEPS, enable_fuzzing=False)
        self.pace = chance.lognormvariate(GIVEN["time"]["pace"]["mean"], GIVEN["time"]["pace"]["sd"])
        able = chance.gauss(memory["prior"]["mean"], memory["prior"]["sd"])
        self.prior = {
            each.id: chance_of(able + chance.gauss(memory["family"]["mean"], memory["family"]["sd"])) for each in BANK
        }
        beliefs = GIVEN["misconceptions"]
        self.strength = [
            chance.uniform(*beliefs["strength"]) if chance.random() < beliefs["held"] else 0.0
            for _ in range(beliefs["many"])
        ]
        self.belief = {
            each.id: chance.randrange(beliefs["many"]) if chance.random() < beliefs["families"] else None
            for each in BANK
        }

    def right(self, family: str, at: datetime) -> float:
        """The chance to answer a family rightly."""
        card = self.cards.get(family)
        known = self.prior[family] if card is None else self.fsrs.get_card_retrievability(card, at)
        belief = self.belief[family]
        misled = 0.0 if belief is None else self.strength[belief]
        guess: float = GIVEN["memory"]["guess"]
        return (1 - misled) * (known + (1 - known) * guess)

    def answer(self, family: str, at: datetime) -> Said:
        """Answer a family that is shown at a time, and learn by the feedback."""
        chance, belief = self.chance, self.belief[family]
        able = self.right(family, at)
        right = chance.random() < able
        felt = chance_of(log_odds(able) + chance.gauss(0, GIVEN["certainty"]["error"]))
        said = "sure" if felt >= GIVEN["certainty"]["sure"] else "think-so"
        certainty = said if felt >= GIVEN["certainty"]["think_so"] else "guess"
        seconds = self.pace * chance.lognormvariate(GIVEN["time"]["seconds"]["mean"], GIVEN["time"]["seconds"]["sd"])
        done = at + timedelta(seconds=seconds)
        verdict = "right" if right else "wrong"
        if not right and belief is not None:
            self.strength[belief] *= GIVEN["misconceptions"]["fades"]
        card = self.cards.get(family, Card(card_id=1, due=at))
        rated = Rating(rating(verdict, certainty, done - at))
        self.cards[family], _ = self.fsrs.review_card(card, rated, done)
        return Said(f"{done.isoformat()}", at, done, verdict, certainty, float(right))

    def score(self, at: datetime) -> float:
        """The share of an exam's points that is to be expected."""
        return sum(weight * self.right(family, at) for family, weight in WEIGHTS.items() if weight)


def chosen(
    way: str, memories: Mapping[str, Memory], runs: Mapping[str, int], now: datetime, seed: int
) -> Iterator[str]:
    """What a way of studying asks next."""
    if way == "random":
        ids = [each.id for each in BANK]
        random.Random(seed).shuffle(ids)
        yield from ids
    elif way == "massed":
        rounds = min(runs[each.id] // 3 for each in BANK)
        yield from (each.id for each in BANK if runs[each.id] // 3 == rounds)
    else:
        exam_day = (START + GIVEN["days"] * DAY).date()
        minutes = GIVEN["time"]["minutes"]
        plan = plan_exam(BANK, memories, WEIGHTS, exam_day, minutes, now, UTC) if way == "exam plan" else None
        yield from (each.id for each in upcoming(BANK, memories, seed, now, UTC, plan))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one learner and one way: the score, the answers, and for each look whether the truth was held."""

    score: float
    answers: int
    held: dict[int, tuple[bool, float] | None]


def study(number: int, way: str) -> Result:
    """Ninety days of a learner in one way."""
    chance = random.Random(f"{GIVEN['seed']}:{number}")
    learner = Learner(chance)
    pauses = {day for day in range(GIVEN["days"]) if chance.random() < GIVEN["time"]["skipped"]}
    begin = chance.randrange(GIVEN["days"] // 3, 2 * GIVEN["days"] // 3)
    pauses.update(range(begin, begin + GIVEN["time"]["break_days"]))
    # What happens from here on differs with what is asked, so each way draws for itself.
    learner.chance = random.Random(f"{GIVEN['seed']}:{number}:{way}")
    memories: dict[str, Memory] = {}
    runs = dict.fromkeys((each.id for each in BANK), 0)
    held: dict[int, tuple[bool, float] | None] = {}
    answers = 0
    for day in range(GIVEN["days"] + 1):
        now = START + day * DAY
        if day in LOOKS:
            held[day] = look(learner, memories, now)
        if day == GIVEN["days"] or day in pauses:
            continue
        ends = now + timedelta(minutes=GIVEN["time"]["minutes"])
        while now < ends:
            session = 0
            for family in chosen(way, memories, runs, now, chance.randrange(10**6)):
                said = learner.answer(family, now)
                memories[family] = remember(memories.get(family), said)
                # Massed: three times running, then the next; each miss begins the three again.
                done = runs[family] // 3 * 3
                runs[family] = runs[family] + 1 if said.verdict == "right" else done
                now, answers, session = said.answered_at, answers + 1, session + 1
                if now >= ends or session == SESSION or way == "massed":
                    break
    return Result(learner.score(START + GIVEN["days"] * DAY), answers, held)


def look(learner: Learner, memories: Mapping[str, Memory], now: datetime) -> tuple[bool, float] | None:
    """Whether the interval of readiness holds the truth, and how wide it is; None while nothing is said."""
    found = readiness(WEIGHTS, memories, now, GIVEN["exam"]["questions"], GIVEN["exam"]["pass_share"])
    if not found.enough:
        return None
    return found.score.low <= learner.score(now) <= found.score.high, found.score.high - found.score.low


def all_ways(number: int) -> dict[str, Result]:
    """One learner in every way."""
    return {way: study(number, way) for way in WAYS}


def interval(values: list[float]) -> str:
    """A mean with the bounds between which it lies 95 times of 100."""
    middle, reach = fmean(values), 1.96 * stdev(values) / math.sqrt(len(values))
    return f"{middle:7.4f}  [{middle - reach:7.4f}, {middle + reach:7.4f}]"


def main() -> None:
    """Study, and print what came of it."""
    words = [word for word in sys.argv[1:] if word != "--try"]
    many = int(words[0]) if words else GIVEN["learners"]
    numbers = range(-many, 0) if "--try" in sys.argv else range(many)
    began = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(all_ways, numbers, chunksize=4))
    print(f"{many} learners, {GIVEN['days']} days, {GIVEN['time']['minutes']} min a day", end="")
    print(
        f" ({time.perf_counter() - began:.0f} s)\nexpected share of the exam's points on the exam day, 95 % intervals:"
    )
    for way in WAYS:
        answers = fmean(each[way].answers for each in results)
        print(f"  {way:10} {interval([each[way].score for each in results])}   {answers:5.0f} answers")
    for way in WAYS[1:]:
        better = [each["exam plan"].score - each[way].score for each in results]
        print(f"  exam plan over {way:10} {interval(better)}   better for {fmean(x > 0 for x in better):.0%}")
    print("readiness: how often the 80 % interval holds the truth, and its mean width")
    whole: list[bool] = []
    for way in WAYS:
        for day in LOOKS:
            found = [look for each in results if (look := each[way].held[day]) is not None]
            if found:
                whole.extend(held for held, _ in found)
                share, width = fmean(held for held, _ in found), fmean(width for _, width in found)
                print(f"  {way:10} day {day}: {share:6.1%} of {len(found):4}, width {width:.3f}")
    print(f"  all: {fmean(whole):.1%} of {len(whole)}")


if __name__ == "__main__":
    main()
