"""Writes a pack in another format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from studyapp.packs.interchange.gift_writing import write_gift
from studyapp.packs.interchange.items import Account, Entry
from studyapp.packs.interchange.sheet_writing import write_sheet
from studyapp.packs.interchange.unrolling import VARIANTS, unrolled
from studyapp.packs.pack import ReadPack

Writer = Callable[[list[Entry]], tuple[str, list[Entry]]]
WRITERS: Mapping[str, Writer] = MappingProxyType({"csv": write_sheet, "gift": write_gift})


def export_pack(read: ReadPack, form: str, most: int = VARIANTS) -> tuple[str, Account]:
    """The text of a pack in a format, at most `most` variants of each family, and what became of each question."""
    text, told = WRITERS[form](list(unrolled(read, most)))
    pack = read.pack
    left = {"lesson": len(pack.lessons), "scenario": len(pack.scenarios), "exam": len(pack.blueprints)}
    words = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in left.items() if count]
    remarks = [f"not carried: {', '.join(words)}"] if words else []
    if pack.objectives:
        remarks.append("of objectives the ids are carried, not the titles and weights")
    return text, Account(tuple(told), tuple(remarks))
