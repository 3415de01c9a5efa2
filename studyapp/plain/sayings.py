"""Durations, counts and moments as people say them, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from studyapp.conduct.trouble import ConductError
from studyapp.store.errors import StoreError

SECONDS_MATTER = timedelta(minutes=2)
"""Below this, time left is told in seconds too."""


def time_left(left: timedelta) -> str:
    """Time left, `1 h 5 min`, `17 min`, `1 min 20 s`: a begun minute or second counts, so that 0 s is the end."""
    seconds = -int(-left.total_seconds() // 1)
    if seconds <= SECONDS_MATTER.total_seconds():
        return duration(timedelta(seconds=seconds))
    hours, minutes = divmod(-(-seconds // 60), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


def duration(time: timedelta) -> str:
    """A duration to the second: `35 s`, `4 min 5 s`, `1 h 20 min`; whole hours and minutes lose what is nothing."""
    seconds = round(time.total_seconds())
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return " ".join(part for part in parts[: 2 if hours else 3] if part) or "0 s"


def clock_time(moment: datetime) -> str:
    """A moment of today as the clock on the wall has it: `15:40`."""
    return moment.astimezone().strftime("%H:%M")


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 question`, `3 questions`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def joined(texts: Iterable[str]) -> str:
    """Texts as a person lists them."""
    *before, last = [*texts] or [""]
    return f"{', '.join(before)} and {last}" if before else last


def ranges(numbers: Sequence[int]) -> str:
    """Numbers in order, neighbours drawn together: `1 to 4, 7 and 9`; `none` for none."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]} {'and' if len(run) == 2 else 'to'} {run[-1]}" for run in runs]
    return ", ".join(told) or "none"


def points(number: float) -> str:
    """Points without a needless fraction: `3`, `2.5`."""
    return f"{number:g}"


def trouble(error: StoreError | ConductError) -> str:
    """What happened, what was kept, what to try."""
    return f"{error.what} {error.kept} {error.try_}"
