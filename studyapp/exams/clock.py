"""Moments of real time: aware, and compared in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


class NaiveTime(ValueError):
    """A moment without a time zone: nobody can say when it was."""


def utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        NaiveTime: it has no time zone.
    """
    if moment.utcoffset() is None:
        raise NaiveTime(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)
