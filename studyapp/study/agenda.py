"""What somebody studies for, in how many minutes a day, and what that makes of today and the days after.

What has piled up in a break is spread: a day takes what there is time for, and the rest waits for the days after. Each
day something new has its place beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from studyapp.exams.clock import utc
from studyapp.study.day import day_after
from studyapp.study.schedule import Memory

MINUTES = 20
"""Minutes a day unless told otherwise."""

LONGEST = 24 * 60

DUE_TO_NEW = 4
"""After so many questions that are due comes one that was never asked, where there is one and no exam is ahead."""

SECONDS = 60.0
"""What a question takes as long as there are no answers to tell."""
SECONDS_ANSWERS = 4
"""How many answers that guess is worth beside real ones."""


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


def read_day(typed: str) -> date:
    """A day as people write it here, `2026-12-14`. Raises ValueError for anything else."""
    day = date.fromisoformat(typed)
    if day.isoformat() != typed:
        raise ValueError("another way of writing a day")
    return day


@dataclass(frozen=True, slots=True)
class Today:
    """What a day asks for.

    There is time left for `room` questions. `due` families are to be asked by its end; `share` of them are today's,
    `new` ones fit in beside them, and all of it takes about `seconds`. What is due and not today's is spread so that
    all is caught up with after `days` days; 1 is today. Before an exam the plan says what is today's, due or not.
    """

    room: int

    due: int
    share: int
    new: int
    seconds: float
    days: int


def seconds_each(memories: Iterable[Memory], guess: float = SECONDS) -> float:
    """What an answer takes, by those given so far; `guess` counts beside them as a few answers do."""
    seconds, answers = guess * SECONDS_ANSWERS, SECONDS_ANSWERS
    for memory in memories:
        seconds, answers = seconds + memory.seconds, answers + memory.answers
    return max(1.0, seconds / answers)


def questions_a_day(seconds: float, minutes: int) -> int:
    """How many questions of so many seconds each there is time for on a day."""
    return max(1, int(minutes * 60 / seconds))


def questions_left(seconds: float, minutes: int, spent: float) -> int:
    """How many there is still time for on a day of which some seconds have gone; on a whole day for one at least."""
    return max(0, int((minutes * 60 - spent) / seconds)) if spent else questions_a_day(seconds, minutes)


def is_due(memory: Memory, now: datetime, day_ends: datetime) -> bool:
    """To be asked today: what waits for days is due all day, what waits for minutes when they are over."""
    return memory.due < day_ends if memory.known else memory.due <= now


def plan_today(
    memories: Sequence[Memory], unseen: int, minutes: int, now: datetime, zone: tzinfo, spent: float = 0.0
) -> Today:
    """What today asks for, of so many minutes on each day, `spent` seconds of which have gone already.

    `unseen` counts the families that were never asked.
    """
    ends = day_after(now, zone)
    due = sum(memory.due < ends for memory in memories)
    each = seconds_each(memories)
    a_day = questions_a_day(each, minutes)
    room = questions_left(each, minutes, spent)
    new = min(unseen, max(room - due, room // (DUE_TO_NEW + 1)))
    share = min(due, room - new)
    waiting, caught_up = due - share, a_day - min(unseen, a_day // (DUE_TO_NEW + 1))
    return Today(room, due, share, new, (share + new) * each, 1 + -(-waiting // caught_up))


def spread(due: Sequence[int], a_day: int) -> tuple[int, ...]:
    """What is done on each day where a day takes so many at most, and what it leaves waits for the next."""
    waiting, done = 0, []
    for coming in due:
        waiting += coming
        done.append(min(waiting, a_day))
        waiting -= done[-1]
    return tuple(done)
