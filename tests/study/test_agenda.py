"""What a day asks for: as much as there is time for, and the rest on the days after."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.agenda import Today, plan_today, seconds_each, spread
from tests.study.answers import NOON, answer, memories

DAY = timedelta(days=1)
MANY = tuple(memories(*(answer(f"q{i}", minute=i) for i in range(40))).values())
"""Forty families, each answered once in half a minute."""


def test_what_fits_is_done_today() -> None:
    now = NOON + 5 * DAY
    assert plan_today(MANY, 100, 60, now, UTC).share == 40
    assert plan_today((), 3, 20, now, UTC) == Today(0, 0, 3, 180.0, 1)
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


def test_a_few_answers_do_not_tell_yet_how_long_one_takes() -> None:
    assert seconds_each([]) == 60
    assert 30 < seconds_each(memories(answer("q")).values()) < 60
    assert seconds_each(MANY) == pytest.approx(30, abs=3)


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 30))
def test_nothing_is_lost_in_spreading(due: list[int], a_day: int) -> None:
    done = spread(due, a_day)
    assert all(each <= a_day for each in done)
    for day in range(len(due)):
        waiting = sum(due[: day + 1]) - sum(done[: day + 1])
        assert waiting >= 0
        assert not waiting or done[day] == a_day
