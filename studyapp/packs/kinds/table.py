"""Who reads the answer part of each kind of question, and the keys of the front matter that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studyapp.packs.kinds.arrangements import read_match, read_order
from studyapp.packs.kinds.goals import read_break, read_design
from studyapp.packs.kinds.options import read_options
from studyapp.packs.kinds.source import AnswerSource, Reading
from studyapp.packs.kinds.values import read_number, read_point, read_text


@dataclass(frozen=True, slots=True)
class Reader:
    """`read` gives the answer part, or None with problems; `keys` are those of the front matter that only some kinds
    have; `staged`: it asks about a scenario, and needs one.
    """

    read: Callable[[Reading], AnswerSource | None]
    keys: tuple[str, ...] = ()
    staged: bool = False


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "choice": Reader(read_options, ("shuffle",)),
        "multi": Reader(read_options, ("shuffle", "scoring")),
        "yes-no": Reader(read_options, ("shuffle", "scoring")),
        "number": Reader(read_number, ("answer", "unit", "tolerance")),
        "text": Reader(read_text, ("accept",)),
        "order": Reader(read_order, ("events", "scoring")),
        "match": Reader(read_match),
        "point": Reader(read_point, ("answer", "among"), staged=True),
        "break": Reader(read_break, ("goal", "among"), staged=True),
        "design": Reader(read_design, ("goal", "allow", "cost"), staged=True),
    }
)
PART_KEYS = tuple(dict.fromkeys(key for reader in READERS.values() for key in reader.keys))
"""Every key that belongs to some kinds alone."""
