"""What a day asks for: as much as there is time for, and the rest on the days after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.agenda import Today, plan_today, questions_left, seconds_each, spread
from studyapp.study.queue import upcoming
from studyapp.study.schedule import remember
from tests.exams.bank import LEAVES, family
from tests.study.answers import NOON, answer, memories

DAY = timedelta(days=1)
MANY = tuple(memories(*(answer(f"q{i}", minute=i) for i in range(40))).values())
"""Forty families, each answered once in half a minute."""


def test_what_fits_is_done_today() -> None:
    now = NOON + 5 * DAY
    assert plan_today(MANY, 100, 60, now, UTC).share == 40
    assert plan_today((), 3, 20, now, UTC) == Today(20, 0, 0, 3, 180.0, 1)
    assert plan_today((), 300, 20, now, UTC).new == 20


def test_what_piled_up_is_spread() -> None:
    each = seconds_each(MANY)
    room = int(300 / each)
    today = plan_today(MANY, 0, 5, NOON + 90 * DAY, UTC)
    assert (today.due, today.share, today.new) == (40, room, 0)
    assert today.seconds == pytest.approx(room * each)
    assert today.days == 1 + -(-(40 - room) // room)


def test_what_piled_up_leaves_a_fifth_of_the_time_to_what_is_new() -> None:
    room = int(600 / seconds_each(MANY))
    fifth = room // 5
    assert fifth > 1
    today = plan_today(MANY, 100, 10, NOON + 90 * DAY, UTC)
    assert (today.due, today.share, today.new) == (40, room - fifth, fifth)
    assert today.days == 1 + -(-(40 - today.share) // today.share)
    assert plan_today(MANY, 1, 10, NOON + 90 * DAY, UTC).new == 1
    assert plan_today(MANY[: room - 1], 100, 10, NOON + 90 * DAY, UTC).new >= fifth, "as the questions are asked"


def test_time_spent_today_is_time_gone() -> None:
    now = NOON + 90 * DAY
    whole, half = plan_today(MANY, 0, 10, now, UTC), plan_today(MANY, 0, 10, now, UTC, spent=300)
    assert half.share == pytest.approx(whole.share / 2, abs=1)
    assert plan_today(MANY, 9, 10, now, UTC, spent=9_999).share == 0
    assert plan_today(MANY, 9, 10, now, UTC, spent=9_999).new == 0


def test_a_day_has_time_for_one_question_until_some_of_it_is_gone() -> None:
    assert [questions_left(75, 1, spent) for spent in (0, 1, 75)] == [1, 0, 0]
    assert [questions_left(30, 1, spent) for spent in (0, 25, 30, 31, 600)] == [2, 1, 1, 0, 0]


def test_a_few_answers_do_not_tell_yet_how_long_one_takes() -> None:
    assert seconds_each([]) == 60
    assert 30 < seconds_each(memories(answer("q")).values()) < 60
    assert seconds_each(MANY) == pytest.approx(30, abs=3)


def test_sixty_days_away_are_caught_up_with_and_no_day_is_longer_than_it_should_be() -> None:
    bank = [family(f"q{i}", LEAVES[i % 3]) for i in range(150)]
    known = memories(*(answer(each.id, minute=-60 * 24 * 60 + i) for i, each in enumerate(bank[:120])))
    first = plan_today(tuple(known.values()), 30, 20, NOON, UTC)
    assert (first.due, first.seconds <= 20 * 60) == (120, True)
    assert first.share < first.due, "more is due than a day has time for"
    late: set[str] = set(known)
    for day in range(2 * first.days):
        now = NOON + day * DAY
        today = plan_today(tuple(known.values()), len(bank) - len(known), 20, now, UTC)
        assert today.seconds <= 20 * 60
        assert today.new > 0 or len(known) == len(bank), "what is new has its place every day"
        asked = list(islice(upcoming(bank, known, day, now, UTC), today.share + today.new))
        assert sum(each.id in known for each in asked) == pytest.approx(today.share, abs=1)
        for number, each in enumerate(asked):
            said = replace(answer(each.id, minute=day * 24 * 60 + number), id=f"{each.id}-{day}")
            known[each.id] = remember(known.get(each.id), said)
            late.discard(each.id)
    assert not late, "what is learned meanwhile comes due too, so it takes longer than it would alone"


def test_who_travels_is_asked_by_the_day_where_they_are() -> None:
    """What comes due in the night is due a day earlier where that night has not ended yet; it is asked once."""
    [memory] = memories(answer("q")).values()
    memory = replace(memory, due=datetime(2026, 3, 10, 1, 30, tzinfo=UTC))
    vienna, honolulu = ZoneInfo("Europe/Vienna"), ZoneInfo("Pacific/Honolulu")
    noon_before = datetime(2026, 3, 9, 12, tzinfo=UTC)
    for zone, due in ((vienna, 1), (honolulu, 0)):
        assert plan_today([memory], 0, 20, noon_before, zone).due == due
    assert plan_today([memory], 0, 20, noon_before + DAY / 2, honolulu).due == 1, "there it is the afternoon before"
    again = remember(memory, replace(answer("q"), id="later", shown_at=noon_before, answered_at=noon_before))
    for zone in (vienna, honolulu):
        assert plan_today([again], 0, 20, noon_before + DAY / 4, zone).due == 0


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 30))
def test_nothing_is_lost_in_spreading(due: list[int], a_day: int) -> None:
    done = spread(due, a_day)
    assert all(each <= a_day for each in done)
    for day in range(len(due)):
        waiting = sum(due[: day + 1]) - sum(done[: day + 1])
        assert waiting >= 0
        assert not waiting or done[day] == a_day
