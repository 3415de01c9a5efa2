"""Who reads the answer part of each kind of question, and the keys of the front matter that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from markdown_it.token import Token

from studyapp.packs.kinds.arrangements import read_match, read_order, steps_block
from studyapp.packs.kinds.goals import read_break, read_design, read_lab
from studyapp.packs.kinds.options import options_block, read_options
from studyapp.packs.kinds.source import AnswerSource, Reading
from studyapp.packs.kinds.tables import table_block
from studyapp.packs.kinds.values import read_number, read_point, read_text

Block = Callable[[str, Sequence[Token]], "tuple[int, int] | None"]
"""The lines, from one to before another and counted from 1, that the answer part takes in the Markdown before the first
section; None where there is none.
"""


def nothing(text: str, tokens: Sequence[Token]) -> None:
    """No part of the text is an answer part."""


@dataclass(frozen=True, slots=True)
class Reader:
    """`read` gives the answer part, or None with problems; `keys` are those of the front matter that only some kinds
    have; `staged`: it asks about a scenario, and needs one. `block` finds the answer part in the text, unless the key
    `instead` is there.
    """

    read: Callable[[Reading], AnswerSource | None]
    keys: tuple[str, ...] = ()
    staged: bool = False
    block: Block = nothing
    instead: str = ""


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "choice": Reader(read_options, ("shuffle",), block=options_block),
        "multi": Reader(read_options, ("shuffle", "scoring"), block=options_block),
        "yes-no": Reader(read_options, ("shuffle", "scoring"), block=options_block),
        "number": Reader(read_number, ("answer", "unit", "tolerance")),
        "text": Reader(read_text, ("accept",)),
        "order": Reader(read_order, ("events", "scoring"), block=steps_block, instead="events"),
        "match": Reader(read_match, block=table_block),
        "point": Reader(read_point, ("answer", "among"), staged=True),
        "break": Reader(read_break, ("goal", "among"), staged=True),
        "design": Reader(read_design, ("goal", "allow", "cost"), staged=True),
    }
)
LAB = "lab"
"""What is read and checked like a question, and cannot be asked yet."""
LAB_READER = Reader(read_lab, ("goal",), staged=True)
PART_KEYS = tuple(dict.fromkeys(key for reader in READERS.values() for key in reader.keys))
"""Every key that belongs to some kinds alone."""
