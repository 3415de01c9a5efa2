"""Names that chance has not fixed yet: several are equally likely, and nobody has had to know which.

A value of the state may be a `OneOf`. Whoever must know more about it than is known raises `Undecided` with the parts
that matter; the run is then split into one world for each part, each with its share of chance. What has been learnt of
a draw stands in the state under `("drawn", number)`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Found = TypeVar("Found", bound=Hashable)
Parts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these names, all equally likely; `draw` numbers the draw over the run."""

    draw: str
    among: tuple[str, ...]

    def __str__(self) -> str:
        return "\x02" + "\x04".join((self.draw, *self.among)) + "\x03"


class Undecided(Exception):
    """What was asked depends on a draw; `parts` are the candidates left, grouped by what they would answer."""

    def __init__(self, draw: str, parts: Parts) -> None:
        super().__init__(draw)
        self.draw = draw
        self.parts = parts


def alike(state: Mapping[Any, Any], read: Callable[[Mapping[Any, Any]], Found]) -> Found:
    """What is read off a state, where that is the same whatever an open draw turns out to be. Else raises Undecided,
    with the names together that make no difference.
    """
    try:
        return read(state)
    except Undecided as question:
        groups: dict[Found, list[str]] = {}
        for part in question.parts:
            found = alike({**state, ("drawn", question.draw): part}, read)
            groups.setdefault(found, []).extend(part)
        if len(groups) == 1:
            return next(iter(groups))
        raise Undecided(question.draw, tuple(map(tuple, groups.values()))) from None


def candidates(state: Mapping[Any, Any], value: OneOf) -> tuple[str, ...]:
    """The names that are still possible."""
    left: tuple[str, ...] = state.get(("drawn", value.draw), value.among)
    return left


def open_name(state: Mapping[Any, Any], value: str | OneOf) -> str:
    """The name, or every name that is still possible: `host2 or host3`."""
    return value if isinstance(value, str) else " or ".join(candidates(state, value))


def decided(state: Mapping[Any, Any], value: str | OneOf) -> str:
    """The name itself. Raises Undecided while several are possible."""
    if isinstance(value, str):
        return value
    left = candidates(state, value)
    if len(left) > 1:
        raise Undecided(value.draw, tuple((name,) for name in left))
    return left[0]


def is_among(state: Mapping[Any, Any], value: str | OneOf | None, names: Collection[str]) -> bool:
    """Whether it is one of these names. Raises Undecided while it may or may not be."""
    if value is None:
        return False
    if isinstance(value, str):
        return value in names
    left = candidates(state, value)
    inside = tuple(name for name in left if name in names)
    if not inside or len(inside) == len(left):
        return bool(inside)
    raise Undecided(value.draw, (inside, tuple(name for name in left if name not in names)))
