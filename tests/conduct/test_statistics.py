"""Statistics: a small study of known days, and what is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from studyapp.conduct import Practice
from studyapp.conduct.statistics import statistics
from studyapp.study.day import study_day
from tests.conduct.conftest import House
from tests.conduct.small import RIGHT, WRONG
from tests.study.answers import answer


def practise(house: House, *answers: dict[str, frozenset[int]], certainty: str = "sure") -> None:
    for given in answers:
        practice = Practice(house.services, house.pack, 3, seed=1)
        while practice.current is not None:
            practice.answer(given[practice.current.question.id], certainty, house.clock.on(seconds=60))
            practice.advance()
        house.clock.on(days=1)


def test_of_nothing_nothing_is_said(house: House) -> None:
    found = statistics(house.services, house.pack, house.clock.time)
    assert (found.figures.answers, found.exams, found.beliefs) == (0, (), ())
    assert not found.readiness.enough
    assert not any(each.enough for each in found.masteries)
    assert {each.verdict for each in found.calibrations} == {"few"}
    assert found.first.weekday() == 0
    assert (found.today - found.first).days // 7 == 52


def test_days_mastery_certainty_and_misconceptions(house: House) -> None:
    practise(house, WRONG, RIGHT, RIGHT, RIGHT)
    found = statistics(house.services, house.pack, house.clock.time)
    assert [(each.day, each.answers, each.points, round(each.seconds)) for each in found.figures.days] == [
        (date(2026, 3, 1), 3, 0.0, 180),
        (date(2026, 3, 2), 3, 3.0, 180),
        (date(2026, 3, 3), 3, 3.0, 180),
        (date(2026, 3, 4), 3, 3.0, 180),
    ]
    assert [(each.objective, each.families, each.seen, each.answers) for each in found.masteries] == [
        ("hosts", 2, 2, 8),
        ("sums", 1, 1, 4),
    ]
    sure = found.calibrations[2]
    assert (sure.certainty, sure.answers, sure.right.mean, sure.verdict) == ("sure", 12, 0.75, "over")
    assert found.figures.recalls == 9
    [belief] = [each for each in found.beliefs if each.belief == "host-cluster-sees-guests"]
    assert (belief.questions, belief.times, belief.gone) == (("hangs",), 1, True)
    assert found.readiness.answers == 12
    assert not found.readiness.enough, "twelve answers are too few"
    assert sum(count for _, count in found.due) == 3


def test_a_misconception_that_comes_back_is_held(house: House) -> None:
    practise(house, WRONG, RIGHT, RIGHT, WRONG)
    found = statistics(house.services, house.pack, house.clock.time)
    assert [each.gone for each in found.beliefs if each.belief == "host-cluster-sees-guests"] == [False]


@pytest.mark.parametrize(
    "zone, around",
    [
        ("Europe/Vienna", "2026-03-29"),
        ("Europe/Vienna", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Asia/Kathmandu", "2026-03-29"),
    ],
)
def test_every_answer_counts_on_one_day_whatever_the_clocks_do(house: House, zone: str, around: str) -> None:
    """Over nights of 23 and of 25 hours, and in a zone that the answers were not given in."""
    change = datetime.fromisoformat(f"{around}T00:00+00:00")
    for hour in range(-40, 40):
        at = change + timedelta(hours=hour, minutes=17)
        made = replace(answer("sum", "right", pack="small"), id=str(hour))
        house.store.record_review(replace(made, shown_at=at - timedelta(seconds=9), answered_at=at))
    services = replace(house.services, zone=ZoneInfo(zone))
    services._store = house.store
    now = change + timedelta(days=3)
    found = statistics(services, house.pack, now)
    assert sum(each.answers for each in found.figures.days) == 80
    by_day = Counter(study_day(review.answered_at, services.zone) for review in house.store.reviews("small"))
    assert {each.day: each.answers for each in found.figures.days} == by_day
