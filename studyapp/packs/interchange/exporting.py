"""Writes a pack in another format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from studyapp.packs.folder import GLOSSARY
from studyapp.packs.interchange.gift_writing import write_gift
from studyapp.packs.interchange.items import Account, Entry
from studyapp.packs.interchange.sheet_writing import write_sheet
from studyapp.packs.interchange.unrolling import VARIANTS, unrolled
from studyapp.packs.pack import ReadPack
from studyapp.packs.problems import several

Writer = Callable[[list[Entry]], tuple[str, list[Entry]]]
NOT_CARRIED: Mapping[str, str] = MappingProxyType(
    {"lessons": "lesson", "scenarios": "scenario", "exams": "exam", "assets": "asset"}
)
"""The folders of a pack of which nothing is written, and what a file of each is called. A lab is refused by its id."""
WRITERS: Mapping[str, Writer] = MappingProxyType({"csv": write_sheet, "gift": write_gift})


def export_pack(read: ReadPack, form: str, most: int = VARIANTS) -> tuple[str, Account]:
    """The text of a pack in a format, at most `most` variants of each family, and what became of each question."""
    text, told = WRITERS[form](list(unrolled(read, most)))
    return text, Account(tuple(told), tuple(_left_behind(read)))


def _left_behind(read: ReadPack) -> Iterator[str]:
    """What else a pack holds, a line for each kind of thing, files that cannot be read among them."""
    for top, noun in NOT_CARRIED.items():
        count = sum(name.startswith(f"{top}/") for name in read.files)
        if count:
            yield f"not carried: {several(count, noun)}"
    if GLOSSARY in read.files:
        terms = len(read.glossary.terms)
        yield f"not carried: {several(terms, 'term')} of the glossary" if terms else "not carried: the glossary"
    yield "of pack.yaml the ids of objectives are carried, and nothing else"
