"""The columns of a sheet of questions. This is what the page on interchange documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from studyapp.packs.interchange.sheet import DELIMITERS, Cell

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "choice, multi, yes-no, number, text, order or match",
        "prompt": "the question, in Markdown",
        "right": "of options the numbers of those that hold (1 3); of a number the number",
        "id": "the question's id",
        "objective": "what it is about, a path of names with slashes",
        "difficulty": "1 to 5",
        "scoring": "all-or-nothing, per-option or longest-run",
        "shuffle": "no, where the options keep their order",
        "unit": "of a number",
        "tolerance": "by how much a number may be off",
        "tags": "words by which it is found, with commas between them",
        "why": "the explanation, in Markdown",
    }
)
"""Each column that there is once, with what it holds."""
NUMBERED: Mapping[str, str] = MappingProxyType(
    {
        "option": "an option, a statement, a text that is accepted, a step in its right order, or a left cell",
        "reason": "the feedback on the option with this number",
        "pair": "the right cell that belongs to the left cell with this number",
        "hint": "a hint",
    }
)
"""Each column that may be there several times, numbered from 1: `option1`, `option2`."""
NEEDED = ("kind", "prompt")
MOST_NUMBERED = 50

_NUMBERED = re.compile(rf"({'|'.join(NUMBERED)})([1-9][0-9]?)\Z")


def column_name(cell: Cell) -> str:
    """The name of a column as it is meant: small letters, no spaces at its ends."""
    return cell.text.strip().casefold()


def is_column(name: str) -> bool:
    """The name is that of a column."""
    found = _NUMBERED.match(name)
    return name in COLUMNS or (found is not None and int(found[2]) <= MOST_NUMBERED)


def detected(header: str) -> str:
    """The delimiter of a sheet, out of its first line: the one that gives the most columns."""
    names = {sign: sum(is_column(name.strip(' "').casefold()) for name in header.split(sign)) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: names[sign])
