"""A question as it travels: no model, no variants, everything decided; and what became of each one on its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from studyapp.packs.interchange.escaping import without_hostile
from studyapp.packs.tags import LONGEST_TAG, MOST_TAGS, good_tag
from studyapp.questions.parts import ALL_OR_NOTHING

EXACT, APPROXIMATED, REFUSED = "exact", "approximated", "refused"
FATES = (EXACT, APPROXIMATED, REFUSED)

CARRIED = ("choice", "multi", "yes-no", "number", "text", "order", "match")
"""The kinds of questions that need no model once their variants are unrolled."""
DIFFICULTY = 2
"""Of a question that does not say how hard it is."""
LONGEST_TEXT = 10_000
"""Characters of one text."""
MOST_ITEMS = 10_000
"""Questions of one source."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option or statement, whether it holds, and the feedback on it. Both texts are Markdown."""

    text: str
    right: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `texts` are those that are accepted, or the steps in their right order; of `pairs` the left cell is
    empty where the right one is too many. `objective` is a path of names, from the top.
    """

    kind: str
    prompt: str
    id: str = ""
    objective: tuple[str, ...] = ()
    difficulty: int = DIFFICULTY
    options: tuple[Choice, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    number: float = 0.0
    tolerance: float = 0.0
    unit: str = ""
    why: str = ""
    hints: tuple[str, ...] = ()
    scoring: str = ALL_OR_NOTHING
    shuffle: bool = True
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one item of a source. `line` and `column` count from 1 and are those of the item, or of what is
    wrong with it; `notes` tell how it was approximated, or why it was refused.
    """

    line: int
    column: int
    name: str
    item: Item | None = None
    notes: tuple[str, ...] = ()

    @property
    def fate(self) -> str:
        """One of `FATES`."""
        return REFUSED if self.item is None else APPROXIMATED if self.notes else EXACT


@dataclass(frozen=True, slots=True)
class Account:
    """Every item of a source, in its order, and remarks on the source as a whole."""

    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()

    def count(self, fate: str) -> int:
        """How many items have a fate."""
        return sum(entry.fate == fate for entry in self.entries)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that were carried."""
        return tuple(entry.item for entry in self.entries if entry.item is not None)


class Refused(Exception):
    """An item that cannot be carried; `at` is an offset in its source that shows why, where there is one."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class BadSource(Exception):
    """A source of which nothing can be read."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(slots=True)
class Notes:
    """Gathers how one item is approximated: each note once."""

    found: list[str] = field(default_factory=list)

    def add(self, *notes: str) -> None:
        """Note something, unless it is noted already."""
        self.found.extend(note for note in dict.fromkeys(notes) if note not in self.found)

    def told(self) -> tuple[str, ...]:
        """The notes, in the order in which they came."""
        return tuple(self.found)


def carried_tags(texts: Iterable[str], notes: Notes) -> tuple[str, ...]:
    """The tags that a question here can have, each once; that others are left out is noted."""
    found: dict[str, str] = {}
    for text in texts:
        made, left_out = without_hostile(" ".join(text.split()))
        notes.add(*left_out)
        if not made or made.casefold() in found:
            continue
        if good_tag(made) and len(found) < MOST_TAGS:
            found[made.casefold()] = made
        else:
            notes.add(f"tags beyond {MOST_TAGS}, of more than {LONGEST_TAG} characters or with brackets are left out")
    return tuple(found.values())


def named(text: str, longest: int = 60) -> str:
    """A name for an item out of its text: one line, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def bounded(texts: Sequence[str]) -> None:
    """No text is longer than may be. Raises Refused."""
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise Refused(f"a text has more than {LONGEST_TEXT:,} characters")
