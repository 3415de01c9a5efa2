"""What the store tells of the past: values that need no database to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SittingResult:
    """What a sitting was worth when it was handed in at `ended`."""

    sitting_id: str
    points: float
    out_of: float
    scaled: int
    passed: bool
    ended: datetime


@dataclass(frozen=True, slots=True)
class SittingRecord:
    """A sitting in the history; `result` is None while it has not been handed in."""

    id: str
    pack: str
    blueprint_id: str
    started: datetime
    ends: datetime
    extra: float
    result: SittingResult | None
