"""What somebody studies for, and in how many minutes a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from studyapp.exams.clock import utc

MINUTES = 20
"""Minutes a day unless told otherwise."""

LONGEST = 24 * 60


@dataclass(frozen=True, slots=True)
class Goal:
    """What a pack is studied for: an exam on a day, if one is set, with so many minutes on each day until then.

    `at` is when this was decided: the later decision holds.

    Raises:
        NaiveTime: `at` has no time zone.
        ValueError: no day has so many minutes.
    """

    pack: str
    exam_day: date | None
    minutes: int
    at: datetime

    def __post_init__(self) -> None:
        """Refuse what could not be meant."""
        utc(self.at)
        if not 1 <= self.minutes <= LONGEST:
            raise ValueError(f"a day has no {self.minutes} minutes to study in")
