"""Work, counted while it is done: what is bounded by it ends after the same amount on every machine.

The measure is a step of a run. Whoever does something that takes long counts it towards what it is done for, which is
whatever piece of work is at hand: a claim, a search, a question. What is remembered counts like what is found anew, so
that what came before changes no count.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

WORTH_A_STEP = 400
"""Values that are looked at, or other small things that are done, in about the time of a step."""


class TooMuchWork(Exception):
    """A piece of work takes more than it may."""


@dataclass(slots=True)
class Effort:
    """How much a piece of work has taken so far, and at most may; what it remembers while it lasts, and the whole that
    it is a part of.
    """

    steps: int = 0
    most: int | None = None
    kept: dict[Any, Any] = field(default_factory=dict)
    part_of: Effort | None = None

    def add(self, values: int) -> None:
        """Another step, in a world that holds so many values: in a larger one it takes longer."""
        self.steps += 1 + values // WORTH_A_STEP

    def spend(self, steps: int) -> None:
        """So many steps more. Raises TooMuchWork."""
        self.steps += steps
        if self.most is not None and self.steps > self.most:
            raise TooMuchWork

    @property
    def whole(self) -> Effort:
        """The piece of work that all this is done for."""
        found = self
        while found.part_of is not None:
            found = found.part_of
        return found


_AT_HAND: ContextVar[Effort | None] = ContextVar("_AT_HAND", default=None)


def at_hand() -> Effort:
    """The piece of work that is being done; where none is counted, one that is forgotten."""
    return _AT_HAND.get() or Effort()


@contextmanager
def counted(most: int | None = None, *, alone: bool = False) -> Iterator[Effort]:
    """Count what is done inside as one piece of work, of at most so many steps, and as part of the one around it unless
    it stands `alone`.
    """
    around = None if alone else _AT_HAND.get()
    effort = Effort(most=most, part_of=around)
    token = _AT_HAND.set(effort)
    try:
        yield effort
    finally:
        _AT_HAND.reset(token)
        if around is not None:
            around.steps += effort.steps
