"""A day ends at 4:00 by the clock on the wall, wherever and whenever that is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.clock import NaiveTime
from studyapp.study.day import day_after, day_begins, study_day

VIENNA = ZoneInfo("Europe/Vienna")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
HONOLULU = ZoneInfo("Pacific/Honolulu")

DAYS = [
    # what it is, the moment in UTC, the zone, its day
    ("before midnight", "2026-01-10 22:59", VIENNA, "2026-01-10"),
    ("midnight", "2026-01-10 23:00", VIENNA, "2026-01-10"),
    ("just before four", "2026-01-11 02:59:59", VIENNA, "2026-01-10"),
    ("four", "2026-01-11 03:00", VIENNA, "2026-01-11"),
    ("four in summer", "2026-07-11 02:00", VIENNA, "2026-07-11"),
    ("just before four in summer", "2026-07-11 01:59", VIENNA, "2026-07-10"),
    ("the night without 2:30: four comes an hour early", "2026-03-29 02:00", VIENNA, "2026-03-29"),
    ("the night without 2:30, just before", "2026-03-29 01:59", VIENNA, "2026-03-28"),
    ("the night with two 2:30s: the first", "2026-10-25 00:30", VIENNA, "2026-10-24"),
    ("the night with two 2:30s: the second", "2026-10-25 01:30", VIENNA, "2026-10-24"),
    ("the night with two 2:30s: four", "2026-10-25 03:00", VIENNA, "2026-10-25"),
    ("the same moment elsewhere", "2026-01-11 03:00", HONOLULU, "2026-01-10"),
    ("a zone off by a quarter", "2026-01-10 22:15", KATHMANDU, "2026-01-11"),
    ("a zone off by a quarter, just before", "2026-01-10 22:14", KATHMANDU, "2026-01-10"),
]


@pytest.mark.parametrize("what, moment, zone, day", DAYS, ids=[each[0] for each in DAYS])
def test_the_day_of_a_moment(what: str, moment: str, zone: ZoneInfo, day: str) -> None:
    assert study_day(datetime.fromisoformat(moment).replace(tzinfo=UTC), zone) == date.fromisoformat(day)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.sampled_from([VIENNA, KATHMANDU, HONOLULU, UTC]))  # noqa: DTZ001  # hypothesis wants bounds without a zone
def test_every_moment_lies_in_its_day(moment: datetime, zone: ZoneInfo) -> None:
    at = moment.replace(tzinfo=UTC)
    assert day_after(at, zone, 0) <= at < day_after(at, zone)
    assert study_day(day_begins(study_day(at, zone), zone), zone) == study_day(at, zone)


def test_a_day_has_as_many_hours_as_the_clock_on_the_wall_goes_through() -> None:
    def hours(day: str) -> float:
        first = date.fromisoformat(day)
        return (day_begins(first + timedelta(days=1), VIENNA) - day_begins(first, VIENNA)) / timedelta(hours=1)

    assert [hours(day) for day in ("2026-03-28", "2026-06-01", "2026-10-24")] == [23, 24, 25]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        study_day(datetime(2026, 1, 1), UTC)  # noqa: DTZ001  # this is what must be refused
