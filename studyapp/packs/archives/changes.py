"""What is new in a version of a pack, part by part, for those who have learned from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from studyapp.questions.ids import Part


class DatedPart(Part, Protocol):
    """A part whose content has a digest."""

    @property
    def digest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of parts, those that are there now by their new ones."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[str, ...]
    removed: tuple[str, ...]
    same: tuple[str, ...]


def changes(before: Sequence[DatedPart], after: Sequence[DatedPart]) -> Changes:
    """What became of the parts of a pack. One that is renamed counts as renamed, whatever else is new in it."""
    left = {part.id: part.digest for part in before}
    found: dict[str, list[str]] = {kind: [] for kind in ("added", "changed", "renamed", "same")}
    for part in after:
        old = next((name for name in (part.id, *part.was) if name in left), None)
        digest = left.pop(old) if old is not None else None
        if old is None:
            kind = "added"
        elif old != part.id:
            kind = "renamed"
        else:
            kind = "same" if digest == part.digest else "changed"
        found[kind].append(part.id)
    return Changes(**{kind: tuple(ids) for kind, ids in found.items()}, removed=tuple(left))
