"""The study day: it ends at 4:00 local time, so that who studies past midnight is still in the same day.

A moment's day is that of the zone in which it is asked about: history is told in the zone where the person is now. At
4:00 by the clock on the wall a new day begins, whatever daylight saving has done to the night.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from studyapp.exams.clock import utc

ENDS = time(4)
"""When a day ends, by the clock on the wall."""

ONE = timedelta(days=1)


def study_day(moment: datetime, zone: tzinfo) -> date:
    """The day that a moment belongs to. Raises NaiveTime."""
    wall = utc(moment).astimezone(zone)
    return wall.date() if wall.time() >= ENDS else wall.date() - ONE


def day_begins(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime.combine(day, ENDS, tzinfo=zone).astimezone(UTC)


def day_after(moment: datetime, zone: tzinfo, days: int = 1) -> datetime:
    """When the day begins that comes this many days after that of a moment, in UTC; 0 is the beginning of its own."""
    return day_begins(study_day(moment, zone) + days * ONE, zone)
