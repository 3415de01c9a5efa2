"""Durations as authors write them: a number and its unit, `250ms 10s 5min 6h`."""

from __future__ import annotations

import re
from fractions import Fraction

UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
"""Milliseconds in each unit."""
LONGEST_MS = 366 * 24 * UNITS["h"]
"""Nothing in a scenario lasts longer than a year."""

_WRITTEN = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?) ?([A-Za-z]{0,20})\Z")
_MEANT = {
    "m": "min",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "mins": "min",
    "minute": "min",
    "minutes": "min",
    "hr": "h",
    "hour": "h",
    "hours": "h",
    "msec": "ms",
}


class BadDuration(ValueError):
    """The text is no duration; `hint` says how to write it, where that can be told."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def parse_duration(text: str) -> int:
    """A duration in whole milliseconds. Raises BadDuration."""
    written = _WRITTEN.match(text)
    if written is None:
        raise BadDuration("it is not a duration", "write a number and a unit: 250ms 10s 5min 6h")
    number, unit = written[1], written[2]
    if unit not in UNITS:
        if not unit:
            raise BadDuration("it has no unit", f"write {number}s, {number}min or another unit: ms s min h")
        meant = _MEANT.get(unit.lower())
        raise BadDuration("its unit is not known", f"write {number}{meant}" if meant else "the units are ms s min h")
    ms = Fraction(number) * UNITS[unit]
    if ms.denominator != 1:
        raise BadDuration("it is finer than a millisecond")
    if ms > LONGEST_MS:
        raise BadDuration("it is longer than a year")
    return int(ms)
