"""What a learner may answer, in the form that each kind of question has. Imports nothing: the first screen may wait for
none of the rest.

What is not answered is `NOTHING`, whatever the kind; a form that says nothing is false.
"""

from __future__ import annotations

from dataclasses import dataclass

Chosen = frozenset[int]
"""The chosen options, by their place in the author's order (from 0)."""


@dataclass(frozen=True, slots=True)
class Said:
    """The statements of a series that are said to be true and to be false, by their place in the author's order."""

    yes: frozenset[int] = frozenset()
    no: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Something is said of some statement."""
        return bool(self.yes or self.no)


@dataclass(frozen=True, slots=True)
class Number:
    """A number, in the unit of the question."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A short text, as it was typed."""

    text: str

    def __bool__(self) -> bool:
        """There is more than space."""
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class Ordered:
    """Every step of an order, by its place in the author's order: the first one first."""

    steps: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Something is put in order."""
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class Paired:
    """For each left cell, in the author's order, the row whose right cell goes with it; None where it has none."""

    cells: tuple[int | None, ...] = ()

    def __bool__(self) -> bool:
        """Some pair is made."""
        return any(cell is not None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Picked:
    """The names of what was pointed at, broken or changed."""

    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Something is picked."""
        return bool(self.names)


Response = Chosen | Said | Number | Text | Ordered | Paired | Picked
NOTHING: Chosen = frozenset()
"""No answer, to a question of any kind."""
