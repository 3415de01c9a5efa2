"""What is remembered of a family is what FSRS makes of its answers: py-fsrs and the implementation in Rust agree."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import log

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study import schedule
from studyapp.study.review import CERTAINTIES, VERDICTS, Review
from studyapp.study.schedule import (
    AGAIN,
    EASY,
    GOOD,
    HARD,
    RATINGS,
    SHALLOW,
    Memory,
    rating,
    recall,
    remember,
    retrievability,
)
from tests.study.answers import NOON, answer

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

SAYING = {
    AGAIN: ("wrong", "think-so", 60),
    HARD: ("right", "guess", 60),
    GOOD: ("right", "sure", 60),
    EASY: ("right", "sure", 9),
}
"""An answer that comes to each rating: verdict, certainty, seconds."""


def answered(rated: int, at: datetime, name: str = "a") -> Review:
    """An answer that is rated so, at a time."""
    verdict, certainty, seconds = SAYING[rated]
    made = replace(answer("q", verdict), certainty=certainty, answered_at=at, shown_at=at - seconds * SECOND)
    return replace(made, id=f"{name}{at.isoformat()}")


def sequence(chance: random.Random) -> list[tuple[int, float]]:
    """Ratings, each with the days since the one before: some on the same day, some early, some long overdue."""
    gaps = (0.0, 0.01, 0.4, 1.0, 1.3, 2.0, 7.5, 30.0, 200.0)
    return [(chance.randint(1, 4), chance.choice(gaps)) for _ in range(chance.randint(1, 15))]


def reviews(rated: Sequence[tuple[int, float]]) -> list[Review]:
    """The answers of a sequence."""
    at = NOON
    made = []
    for each, gap in rated:
        at += gap * DAY + SECOND
        made.append(answered(each, at))
    return made


def by_py_fsrs(made: Sequence[Review], rated: Sequence[tuple[int, float]]) -> Card:
    """What py-fsrs makes of a sequence when it is used as its own documentation does."""
    scheduler = Scheduler(
        learning_steps=schedule.STEPS, relearning_steps=schedule.STEPS, desired_retention=0.9, enable_fuzzing=False
    )
    card = Card(card_id=1, due=NOON)
    for review, (each, _) in zip(made, rated, strict=True):
        card, _ = scheduler.review_card(card, Rating(each), review.answered_at)
    return card


def whole_days(made: Sequence[Review]) -> list[int]:
    """The whole days before each answer."""
    times = [each.answered_at for each in made]
    return [0, *((later - before).days for before, later in pairwise(times))]


def agree(times: int) -> None:
    """Try generated sequences against py-fsrs, and against the implementation in Rust where it is installed."""
    rust = pytest.importorskip("fsrs_rs_python", reason="the second implementation of FSRS is in the test extra")
    other = rust.FSRS(list(rust.DEFAULT_PARAMETERS))
    chance = random.Random(6)
    for _ in range(times):
        rated = sequence(chance)
        made = reviews(rated)
        memory = recall(made)
        card = by_py_fsrs(made, rated)
        assert memory is not None
        assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
        assert (memory.state, memory.step, memory.due) == (card.state, card.step, card.due)
        item = rust.FSRSItem(
            [rust.FSRSReview(each, days) for (each, _), days in zip(rated, whole_days(made), strict=True)]
        )
        theirs = other.memory_state(item)
        # It computes with 32 bits, so the last digits of a long history differ.
        assert memory.stability == pytest.approx(theirs.stability, rel=1e-4)
        assert memory.difficulty == pytest.approx(theirs.difficulty, abs=1e-4)


def test_it_agrees_with_both_implementations() -> None:
    agree(400)


@pytest.mark.nightly
def test_it_agrees_with_both_implementations_on_ten_thousand_sequences() -> None:
    agree(10_000)


def test_the_published_sequence() -> None:
    """The reference implementations are tested with these ratings and days, and publish what comes of them."""
    memory = recall(reviews([(AGAIN, 0), (GOOD, 0), (GOOD, 1), (GOOD, 3), (GOOD, 8), (GOOD, 21)]))
    assert memory is not None
    assert memory.stability == pytest.approx(53.62691, rel=1e-6)
    assert memory.difficulty == pytest.approx(6.3574867, rel=1e-6)


def test_every_kind_of_answer_has_a_rating() -> None:
    assert set(RATINGS) == {(verdict, certainty) for verdict in VERDICTS for certainty in (*CERTAINTIES, None)}
    for (verdict, _), row in RATINGS.items():
        assert all(each > AGAIN for each in row) or verdict != "right", "what was right is not begun again"
        assert all(each == AGAIN for each in row) or verdict != "wrong", "what was wrong is"
        assert list(row) == sorted(row, reverse=True), "slower is never better"


RATED = [
    ("right", "sure", 29, EASY),
    ("right", "sure", 30, GOOD),
    ("right", "sure", 0, GOOD),
    ("right", "sure", -5, GOOD),
    ("right", "think-so", 180, GOOD),
    ("right", "think-so", 181, HARD),
    ("right", None, 9999, GOOD),
    ("right", "guess", 10, HARD),
    ("partly", "think-so", 60, HARD),
    ("partly", "sure", 60, AGAIN),
    ("wrong", "sure", 5, AGAIN),
]


@pytest.mark.parametrize("verdict, certainty, seconds, rated", RATED)
def test_the_rating_of_an_answer(verdict: str, certainty: str | None, seconds: int, rated: int) -> None:
    assert rating(verdict, certainty, seconds * SECOND) == rated


SEQUENCES = st.lists(st.tuples(st.integers(1, 4), st.floats(0, 60)), min_size=1, max_size=8)


@given(SEQUENCES, st.randoms(use_true_random=False))
def test_answers_may_come_in_any_order(rated: list[tuple[int, float]], chance: random.Random) -> None:
    made = reviews(rated)
    mixed = list(made)
    chance.shuffle(mixed)
    assert recall(mixed) == recall(made)


@given(SEQUENCES)
def test_recall_is_that_of_the_library(rated: list[tuple[int, float]]) -> None:
    made = reviews(rated)
    memory = recall(made)
    assert memory is not None
    card = by_py_fsrs(made, rated)
    for days in (-1, 0, 0.5, 1, 10, 1000):
        at = made[-1].answered_at + days * DAY
        assert retrievability(memory, at) == pytest.approx(schedule.scheduler().get_card_retrievability(card, at))


@given(SEQUENCES, st.floats(0, 400))
def test_what_an_answer_would_lead_to_is_what_it_leads_to(rated: list[tuple[int, float]], days: float) -> None:
    memory = recall(reviews(rated))
    assert memory is not None
    at = memory.last_at + days * DAY
    wanted = [schedule.advanced(memory, each, at)[2] for each in (AGAIN, GOOD)]
    assert schedule.stabilities_after(memory, at) == pytest.approx(wanted, rel=1e-9)


def test_what_was_right_waits_for_days_and_what_was_wrong_for_minutes() -> None:
    right, wrong = remember(None, answered(GOOD, NOON)), remember(None, answered(AGAIN, NOON))
    assert right.due - NOON >= DAY
    assert wrong.due - NOON == timedelta(minutes=10)
    assert (right.known, wrong.known) == (True, False)


def test_how_far_the_expectations_hold_is_counted() -> None:
    """Answers of the same day say nothing of forgetting."""
    rated = [(GOOD, 0.0), (GOOD, 0.1), (GOOD, 5.0), (AGAIN, 9.0), (GOOD, 0.01), (HARD, 3.0)]
    memory = recall(reviews(rated))
    assert memory is not None
    assert (memory.answers, memory.lapses, memory.recalls, memory.recalled) == (6, 1, 3, 2.0)
    assert 0 < memory.expected < 3
    assert 0 < memory.spread <= 0.75
    folded, sums = None, [0.0] * 6
    for each in reviews(rated):
        if folded is not None and (each.answered_at - folded.last_at).days:
            chance, deep = min(0.98, retrievability(folded, each.answered_at)), log(folded.stability / SHALLOW)
            variance, beyond = chance * (1 - chance), each.points - chance
            terms = (each.points, chance, variance, beyond * deep, variance * deep, variance * deep * deep)
            sums = [x + y for x, y in zip(sums, terms, strict=True)]
        folded = remember(folded, each)
    kept = (memory.recalled, memory.expected, memory.spread, memory.leaning, memory.spread_depth, memory.spread_depth2)
    assert kept == pytest.approx(sums)


def test_time_away_is_no_time_of_work() -> None:
    def seconds(took: float) -> float:
        return remember(None, replace(answered(GOOD, NOON), shown_at=NOON - took * SECOND)).seconds

    assert [seconds(each) for each in (40, 300, 7200, 0, -60)] == [40, 300, 300, 0, 0]


def test_what_follows_is_what_is_later() -> None:
    memory: Memory | None = recall([answered(GOOD, NOON, "b")])
    assert schedule.follows(None, answered(GOOD, NOON))
    assert schedule.follows(memory, answered(GOOD, NOON + SECOND))
    assert schedule.follows(memory, answered(GOOD, NOON, "c"))
    assert not schedule.follows(memory, answered(GOOD, NOON, "a"))
    assert not schedule.follows(memory, answered(GOOD, NOON - DAY))
