"""Misconceptions that answers have shown, and whether they have gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

GONE_AFTER = 3
"""Right answers, since a misconception last showed, to questions that had shown it; each of them must have had one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How often a misconception showed in the answers to one family, when it last did, and how many right answers to
    the family there have been since.
    """

    belief: str
    question_id: str
    times: int
    last_at: datetime
    right_since: int


@dataclass(frozen=True, slots=True)
class Held:
    """A misconception: how often it showed, in which families, when last, and whether it has gone."""

    belief: str
    times: int
    questions: tuple[str, ...]
    last_at: datetime
    gone: bool


def beliefs(shown: Iterable[Shown]) -> tuple[Held, ...]:
    """The misconceptions, those still held before those that have gone, the most frequent first."""
    groups: dict[str, list[Shown]] = {}
    for each in shown:
        groups.setdefault(each.belief, []).append(each)
    found = [
        Held(
            belief=belief,
            times=sum(each.times for each in some),
            questions=tuple(
                each.question_id for each in sorted(some, key=lambda each: (-each.times, each.question_id))
            ),
            last_at=max(each.last_at for each in some),
            gone=sum(each.right_since for each in some) >= GONE_AFTER and all(each.right_since for each in some),
        )
        for belief, some in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.gone, -each.times, each.belief)))
