"""The ids of a pack's parts, under which progress is kept: a part that is renamed says what it was called before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class Part(Protocol):
    """What has an id, and had others before: a question, a lesson, an exam."""

    @property
    def id(self) -> str: ...

    @property
    def was(self) -> tuple[str, ...]: ...


P = TypeVar("P", bound=Part)


def now_called(parts: Iterable[Part]) -> Mapping[str, str]:
    """Each id that a part has or had, with the one that it has now; what is in use comes before what was."""
    parts = tuple(parts)
    return {**{old: part.id for part in parts for old in part.was}, **{part.id: part.id for part in parts}}


def part_called(parts: Iterable[P], name: str) -> P:
    """The part that has an id, or else had it. Raises KeyError."""
    former = None
    for part in parts:
        if part.id == name:
            return part
        if name in part.was:
            former = part
    if former is None:
        raise KeyError(name)
    return former
