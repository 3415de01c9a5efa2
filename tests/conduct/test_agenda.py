"""What there is to do, how long it takes and why: as both faces say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from studyapp.conduct import Practice
from studyapp.conduct.agenda import agenda, exam_draw, reasons
from studyapp.exams.blueprint import Section
from studyapp.study.agenda import Goal
from tests.conduct.conftest import House
from tests.conduct.small import RIGHT, WRONG


def told(house: House) -> list[str]:
    now = house.clock.time
    return list(reasons(agenda(house.services, house.pack, now), now, house.services))


def answer_all(house: House, answers: dict[str, frozenset[int]] = RIGHT) -> None:
    practice = Practice(house.services, house.pack, 3, seed=1)
    while practice.current is not None:
        practice.answer(answers[practice.current.question.id], "sure", house.clock.on(seconds=60))
        practice.advance()


def test_at_the_beginning_everything_is_new(house: House) -> None:
    assert told(house) == ["Today: 3 new questions, about 3 min."]


def test_what_has_been_done_is_not_due(house: House) -> None:
    answer_all(house)
    assert told(house) == ["Nothing is due today. You get what is due next a little early."]


def test_what_was_missed_is_due_the_same_day(house: House) -> None:
    answer_all(house, WRONG)
    assert told(house) == ["Today: 3 reviews, about 3 min."]


def test_a_break_is_spread(house: House) -> None:
    answer_all(house)
    house.store.set_goal(Goal("small", None, 1, house.clock.time))
    house.clock.on(days=90)
    assert told(house) == ["Today: 1 review, about 1 min.", "2 more reviews are due, spread over the days after."]
    practice = Practice(house.services, house.pack, 1, seed=1)
    assert practice.current is not None
    practice.answer(RIGHT[practice.current.question.id], "sure", house.clock.on(seconds=90))
    assert told(house)[0] == "Today's time is used up."


def test_before_an_exam_it_says_what_is_not_worth_doing(house: House) -> None:
    house.store.set_goal(Goal("small", (house.clock.time + timedelta(days=2)).date(), 1, house.clock.time))
    assert told(house) == [
        "The exam is in 2 days.",
        "First what adds most to your score for each minute.",
        "1 question is not worth starting, because the time left is too short for it.",
    ]
    answer_all(house)
    assert told(house)[2].startswith("3 questions are known well enough until then")
    house.clock.on(days=1)
    assert told(house)[0] == "The exam is tomorrow."
    house.clock.on(days=1)
    assert told(house)[0] == "The exam is today."


def test_after_the_exam_day_practice_is_as_without(house: House) -> None:
    house.store.set_goal(Goal("small", house.clock.time.date(), 20, house.clock.time))
    house.clock.on(days=1)
    assert agenda(house.services, house.pack, house.clock.time).plan is None


def test_an_exam_draws_as_the_packs_blueprint_says(house: House) -> None:
    assert dict(exam_draw(house.pack)) == pytest.approx({"hosts": 50, "sums": 50})


def test_an_exam_with_sections_draws_as_the_objectives_weigh(house: House) -> None:
    exam = replace(house.pack.blueprints[0], draw=(("hosts", 100.0),), sections=(Section("Series", 2),))
    assert dict(exam_draw(replace(house.pack, blueprints=(exam,)))) == {"hosts": 50, "sums": 50}
