"""Figures over all answers: what the answers say when they are counted one by one, and found by an index."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from studyapp.store.figures import QUERIES, Span
from studyapp.store.store import Store
from studyapp.study.day import day_after, study_day
from studyapp.study.review import Review
from tests.exams.bank import NOON
from tests.study.answers import answer

DAY = timedelta(days=1)


def spans(days: range) -> list[Span]:
    """The days of UTC so many days after the first."""
    found = []
    for n in days:
        begins = day_after(NOON + n * DAY, UTC, 0)
        found.append((study_day(begins, UTC), begins, day_after(begins, UTC)))
    return found


def some(chance: random.Random, many: int) -> list[Review]:
    made = []
    for number in range(many):
        minute = chance.randrange(40 * 24 * 60)
        verdict = chance.choice(["right", "right", "wrong", "partly"])
        review = replace(
            answer(f"q{chance.randrange(8)}", verdict, minute, pack=chance.choice(["p", "p", "other"])),
            id=str(number),
            certainty=chance.choice(["sure", "guess", None]),
            points={"right": 1.0, "wrong": 0.0, "partly": 0.5}[verdict],
        )
        made.append(
            replace(review, shown_at=review.answered_at - chance.choice([0, 20, 45, 9000]) * timedelta(seconds=1))
        )
    return made


def recalled_by_week(mine: list[Review], first: Span) -> tuple[tuple[date, int, float], ...]:
    """The answers a day or more after the one before to their family, and their points, week by week."""
    weeks: dict[date, tuple[int, float]] = {}
    before: dict[str, datetime] = {}
    for each in sorted(mine, key=lambda review: (review.answered_at, review.id)):
        last = before.get(each.question_id)
        before[each.question_id] = each.answered_at
        if last is not None and each.answered_at - last >= DAY and each.answered_at >= first[1]:
            week = first[0] + (each.answered_at - first[1]) // (7 * DAY) * 7 * DAY
            count, points = weeks.get(week, (0, 0.0))
            weeks[week] = (count + 1, points + each.points)
    return tuple((week, *found) for week, found in sorted(weeks.items()))


def test_they_are_what_the_answers_say_one_by_one(store: Store) -> None:
    every = some(random.Random(5), 200)
    for review in every:
        store.record_review(review)
    mine = [each for each in every if each.pack == "p"]
    found = store.figures("p", spans(range(10, 41)))

    def seconds(reviews: list[Review]) -> float:
        return sum(min((each.answered_at - each.shown_at).total_seconds(), 300) for each in reviews)

    assert (found.answers, found.points) == (len(mine), sum(each.points for each in mine))
    assert found.seconds == pytest.approx(seconds(mine), abs=0.1)
    assert found.since == min(each.answered_at for each in mine)
    by_day = {day: [e for e in mine if study_day(e.answered_at, UTC) == day] for day, _, _ in spans(range(10, 41))}
    assert {each.day: (each.answers, each.points) for each in found.days} == {
        day: (len(reviews), sum(each.points for each in reviews)) for day, reviews in by_day.items() if reviews
    }
    for each in found.days:
        assert each.seconds == pytest.approx(seconds(by_day[each.day]), abs=0.1)
    memories = store.memories("p")
    for certainty in ("sure", "guess"):
        given = [each for each in mine if each.certainty == certainty]
        assert found.certainties[certainty] == (len(given), sum(each.points for each in given))
    assert found.recalls == sum(each.recalls for each in memories.values())
    assert found.expected == pytest.approx(sum(each.expected for each in memories.values()))
    assert found.recalled_by_week == recalled_by_week(mine, spans(range(10, 41))[0])
    for shown in found.shown:
        about = [each for each in mine if each.question_id == shown.question_id]
        confused = [each for each in about if each.misconception == shown.belief]
        assert (shown.times, shown.last_at) == (len(confused), max(each.answered_at for each in confused))
        right = [each for each in about if each.verdict == "right" and each.answered_at > shown.last_at]
        assert shown.right_since == len(right)
    assert {each.question_id for each in found.shown} == {each.question_id for each in mine if each.misconception}


def test_what_was_shown_in_a_family_that_was_renamed_is_taken_together(store: Store) -> None:
    """In `a`, which is `b` now, and in `c`, which is gone."""
    for number, (question, verdict) in enumerate(
        [("a", "right"), ("a", "wrong"), ("a", "right"), ("c", "wrong"), ("b", "wrong"), ("b", "right"), ("b", "right")]
    ):
        store.record_review(answer(question, verdict, number))
    [shown] = store.figures("p", spans(range(3)), {"a": "b", "b": "b", "z": "z"}).shown
    assert (shown.question_id, shown.times, shown.right_since) == ("b", 2, 2)
    assert shown.last_at == NOON + timedelta(minutes=4)
    store.record_review(answer("a", "right", 9))
    [shown] = store.figures("p", spans(range(3)), {"a": "b", "b": "b"}).shown
    assert shown.right_since == 3, "of another machine that has the older pack"


def test_of_nothing_there_are_none(store: Store) -> None:
    found = store.figures("p", spans(range(3)))
    assert (found.answers, found.points, found.seconds, found.since) == (0, 0, 0, None)
    assert (found.days, found.certainties, found.shown, found.recalls) == ((), {}, (), 0)


PLANS = {
    "whole": ["SEARCH review USING INDEX ix_review_time (pack=?)"],
    "days": [
        "SCAN span VIRTUAL TABLE INDEX 1:",
        "SEARCH review USING INDEX ix_review_time (pack=? AND answered_at>? AND answered_at<?)",
        "USE TEMP B-TREE FOR GROUP BY",
    ],
    "certainties": ["SEARCH review USING INDEX ix_review_time (pack=?)", "USE TEMP B-TREE FOR GROUP BY"],
    "shown": [
        "MATERIALIZE shown",
        "SEARCH review USING INDEX ix_review_time (pack=?)",
        "USE TEMP B-TREE FOR GROUP BY",
        "SCAN shown",
        "CORRELATED SCALAR SUBQUERY 2",
        "SEARCH review USING INDEX ix_review_question (pack=? AND question_id=? AND answered_at>?)",
    ],
    "right": [
        "SCAN id VIRTUAL TABLE INDEX 1:",
        "SEARCH review USING INDEX ix_review_question (pack=? AND question_id=? AND answered_at>?)",
    ],
    "weeks": [
        "SEARCH review USING INDEX ix_review_time (pack=? AND answered_at>?)",
        "CORRELATED SCALAR SUBQUERY 1",
        "SEARCH earlier USING COVERING INDEX ix_review_question (pack=? AND question_id=? AND answered_at<?)",
        "USE TEMP B-TREE FOR GROUP BY",
    ],
    "recalls": ["SEARCH memory USING INDEX sqlite_autoindex_memory_1 (pack=?)"],
}
"""How each query is answered: none goes through the answers of other packs, and no day but by its time."""


@pytest.mark.parametrize("query", QUERIES)
def test_the_plan_of_each_query_is_pinned(store: Store, query: str) -> None:
    values = dict.fromkeys(("pack", "spans", "longest", "ids", "after", "since"), "[]")
    with store._opened().connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {QUERIES[query]}", values).fetchall()
    assert [row[3] for row in plan] == PLANS[query]
