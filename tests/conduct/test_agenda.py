"""What there is to do, how long it takes and why: as both faces say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from studyapp.conduct import Practice
from studyapp.conduct.agenda import agenda, amount, comes_first, exam_draw, reasons
from studyapp.conduct.standing import standing
from studyapp.conduct.statistics import statistics
from studyapp.conduct.tables import tables
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


@pytest.mark.parametrize(
    "due, new, words",
    [
        (0, 20, "There is nothing to review today."),
        (12, 0, "First what you would soon forget."),
        (16, 4, "First what you would soon forget; every fifth is new."),
        (5, 19, "First what you would soon forget, then what is new."),
    ],
)
def test_what_comes_first_is_told_as_it_will_be(house: House, due: int, new: int, words: str) -> None:
    known = agenda(house.services, house.pack, house.clock.time)
    assert comes_first(replace(known, today=replace(known.today, due=due, share=due, new=new))) == words


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
        "Today: 1 new question, about 1 min.",
        "First what adds most to your score for each minute.",
        "1 question is not worth starting, because the time left is too short for it.",
    ]
    answer_all(house)
    assert told(house)[1] == "Today's time is used up."
    assert told(house)[3].startswith("3 questions are known well enough until then")
    house.clock.on(days=1)
    assert told(house)[0] == "The exam is tomorrow."
    house.clock.on(days=1)
    assert told(house)[0] == "The exam is today."


@pytest.mark.parametrize("days", [0, 1, 5, 300])
def test_what_was_just_missed_is_not_known_well_enough_for_an_exam(house: House, days: int) -> None:
    answer_all(house, WRONG)
    house.store.set_goal(Goal("small", (house.clock.time + timedelta(days=days)).date(), 20, house.clock.time))
    assert [each for each in told(house) if "known" in each] == []
    assert "Today: 3 reviews, about 3 min." in told(house)


def test_of_an_exam_far_off_nothing_is_known_until_then(house: House) -> None:
    house.store.set_goal(Goal("small", (house.clock.time + timedelta(days=300)).date(), 20, house.clock.time))
    for _ in range(8):
        answer_all(house)
        house.clock.on(days=20)
    answer_all(house)
    assert told(house)[-1] == "3 questions are known well enough for now."


def test_before_an_exam_every_face_tells_the_same_of_today(house: House) -> None:
    house.store.set_goal(Goal("small", (house.clock.time + timedelta(days=9)).date(), 2, house.clock.time))
    practice = Practice(house.services, house.pack, 1, seed=1)
    assert practice.current is not None
    practice.answer(WRONG[practice.current.question.id], "sure", house.clock.on(seconds=30))
    now = house.clock.time
    [row] = tables(statistics(house.services, house.pack, now), house.pack, house.services.facts)[0].rows
    stands, known = standing(house.services, house.pack, now), agenda(house.services, house.pack, now)
    assert stands.today == amount(known.today) == "1 new question, about 1 min"
    assert (row["share_of_today"], row["new_today"], row["minutes_today"]) == (0, 1, 1)
    assert f"Today: {stands.today}." in told(house)


def test_one_minute_a_day_has_time_for_one_question_however_long_it_takes(house: House) -> None:
    house.store.set_goal(Goal("small", None, 1, house.clock.time))
    answer_all(house, WRONG)
    assert standing(house.services, house.pack, house.clock.time).today == "today's time is used up"
    practice = Practice(house.services, house.pack, 3, seed=1)
    assert practice.current is not None
    practice.answer(WRONG[practice.current.question.id], "sure", house.clock.on(minutes=5))
    house.clock.on(days=1)
    assert told(house)[0] == "Today: 1 review, about 2 min.", "twelve minutes for four answers and four imagined ones"
    assert standing(house.services, house.pack, house.clock.time).today == "1 review, about 2 min"


def test_who_has_done_everything_early_is_not_out_of_time(house: House) -> None:
    answer_all(house)
    assert standing(house.services, house.pack, house.clock.time).today == "nothing is due today"


def test_what_was_answered_before_a_clock_was_set_back_is_not_of_today(house: House) -> None:
    answer_all(house)
    house.clock.on(days=-30)
    assert agenda(house.services, house.pack, house.clock.time).spent == 0


def test_after_the_exam_day_practice_is_as_without(house: House) -> None:
    house.store.set_goal(Goal("small", house.clock.time.date(), 20, house.clock.time))
    house.clock.on(days=1)
    assert agenda(house.services, house.pack, house.clock.time).plan is None


def test_an_exam_draws_as_the_packs_blueprint_says(house: House) -> None:
    assert dict(exam_draw(house.pack)) == pytest.approx({"hosts": 50, "sums": 50})


def test_an_exam_with_sections_draws_as_the_objectives_weigh(house: House) -> None:
    exam = replace(house.pack.blueprints[0], draw=(("hosts", 100.0),), sections=(Section("Series", 2),))
    assert dict(exam_draw(replace(house.pack, blueprints=(exam,)))) == {"hosts": 50, "sums": 50}
