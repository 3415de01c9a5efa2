"""Whether weights of FSRS fitted to one person foretell more than those published: `python -m benchmarks.fitting [N]`.

The learners are those of `benchmarks.learners`, each with weights of its own, so that there is something to fit. They
study by the exam plan; from what they answered in the first 30 or 60 days their recall in the 30 days after is
foretold: by the published weights, by those moved as the program does for a person (`studyapp.study.knowledge`), and
by weights that FSRS's own optimiser (`fsrs-rs-python`) fits. What counts is the logarithmic loss: less is better.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import fmean

import fsrs_rs_python as rust
from fsrs import Card, Rating, Scheduler

from benchmarks import learners
from benchmarks.learners import GIVEN, START, Learner, Said, interval, study
from studyapp.study.knowledge import Person, person
from studyapp.study.schedule import SHALLOW, STEPS, rating, recall

Answers = dict[str, list[Said]]
AFTER = timedelta(days=30)


def answers_of(number: int) -> Answers:
    """All answers of a learner, by family."""
    found: Answers = {}
    once = Learner.answer

    def noted(self: Learner, family: str, at: datetime) -> Said:
        said = once(self, family, at)
        found.setdefault(family, []).append(said)
        return said

    learners.Learner.answer = noted  # type: ignore[method-assign]  # listens in
    try:
        study(number, "exam plan")
    finally:
        learners.Learner.answer = once  # type: ignore[method-assign]  # as it was
    return found


def rated(said: Said) -> int:
    """The rating of an answer."""
    return rating(said.verdict, said.certainty, said.answered_at - said.shown_at)


def foretold(
    weights: Sequence[float], answers: Answers, start: datetime, end: datetime, who: Person | None = None
) -> list[tuple[float, float]]:
    """What these weights expected of each recall a day or more later in a time, of all or of one, and what it was."""
    fsrs = Scheduler(weights, learning_steps=STEPS, relearning_steps=STEPS, enable_fuzzing=False)
    found = []
    for some in answers.values():
        card = Card(card_id=1, due=START)
        for said in some:
            at = said.answered_at
            if card.last_review is not None and (at - card.last_review).days and start <= at < end:
                chance = fsrs.get_card_retrievability(card, at)
                if who is not None and card.stability is not None:
                    chance = who.recalls(chance, math.log(card.stability / SHALLOW))
                found.append((chance, said.points))
            card, _ = fsrs.review_card(card, Rating(rated(said)), at)
    return found


def loss(pairs: Sequence[tuple[float, float]]) -> float:
    """The logarithmic loss."""
    return -fmean(math.log(min(0.995, max(0.005, chance if right else 1 - chance))) for chance, right in pairs)


def fitted(answers: Answers, until: datetime) -> list[float]:
    """Weights fitted to what was answered before a time."""
    items = []
    for some in answers.values():
        reviews: list[rust.FSRSReview] = []
        last: datetime | None = None
        for said in some:
            if said.answered_at >= until:
                break
            days = 0 if last is None else (said.answered_at - last).days
            reviews.append(rust.FSRSReview(rated(said), days))
            last = said.answered_at
            if days:
                items.append(rust.FSRSItem(list(reviews)))
    return rust.FSRS(list(rust.DEFAULT_PARAMETERS)).compute_parameters(items)


def main() -> None:
    """Print what came of it."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    published = [round(weight, 6) for weight in rust.DEFAULT_PARAMETERS]
    found: dict[int, list[tuple[float, float, float]]] = {30: [], 60: []}
    times: list[float] = []
    counts: dict[int, list[int]] = {30: [], 60: []}
    for number in range(-many, 0):
        answers = answers_of(number)
        for day, rows in found.items():
            until = START + timedelta(days=day)
            early = {family: [said for said in some if said.answered_at < until] for family, some in answers.items()}
            who = person(memory for some in early.values() if (memory := recall(some)) is not None)
            counts[day].append(sum(map(len, early.values())))
            began = time.process_time()
            weights = fitted(answers, until)
            times.append(time.process_time() - began)
            plain = foretold(published, answers, until, until + AFTER)
            if plain:
                moved = foretold(published, answers, until, until + AFTER, who)
                rows.append((loss(plain), loss(moved), loss(foretold(weights, answers, until, until + AFTER))))
    took = fmean(times) * 1e3
    print(f"{many} learners, {GIVEN['time']['minutes']} min a day; a fit takes {took:.0f} ms of the processor")
    for day, rows in found.items():
        print(f"after {day} days, {fmean(counts[day]):.0f} answers; loss over the 30 days after, 95 % intervals:")
        for place, what in enumerate(("published", "moved", "fitted")):
            print(f"  {what:15} {interval([row[place] for row in rows])}")
        print(f"  fitted less than moved by {interval([row[1] - row[2] for row in rows])}")


if __name__ == "__main__":
    main()
