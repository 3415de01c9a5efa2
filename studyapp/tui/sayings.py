"""Times, counts and progress as people say them."""

from __future__ import annotations

from datetime import timedelta

from textual.content import Content

BAR = 10
"""Cells of a bar of progress."""


def clock(left: timedelta) -> str:
    """Time left, `1:05:09` or `17:32`; a begun second counts, so that 0:00 is the end and nothing else."""
    seconds = -int(-left.total_seconds() // 1)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def duration(time: timedelta) -> str:
    """A duration: `35 s`, `4 min`, `1 h 20 min`."""
    seconds = round(time.total_seconds())
    if seconds < 100:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 question`, `3 questions`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def bar(share: float, width: int = BAR, style: str = "$success") -> Content:
    """A bar of progress, to be shown beside a word or a number."""
    full = max(0, min(width, round(share * width)))
    if 0 < share < 1:
        full = max(1, min(width - 1, full))
    return Content.styled("█" * full, style) + Content.styled("░" * (width - full), "$line")
