"""Makes a pack from a file of another format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from studyapp.packs.interchange.gift_reading import read_gift
from studyapp.packs.interchange.items import Account, BadSource, Entry, Refused
from studyapp.packs.interchange.sheet_reading import read_sheet
from studyapp.packs.interchange.writing import Names, fitting_bullet, manifest_file, question_file, slug
from studyapp.packs.manifest import MANIFEST, MAX_OBJECTIVES

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of one source."""

READERS: Mapping[str, Callable[[str], Account]] = MappingProxyType({"csv": read_sheet, "gift": read_gift})
ENDINGS: Mapping[str, str] = MappingProxyType({".csv": "csv", ".tsv": "csv", ".gift": "gift", ".txt": "gift"})
"""The format that a file's name tells."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A pack that is not on disk yet: its id, its files with their texts, and what became of each item."""

    id: str
    files: Mapping[str, str]
    account: Account

    @property
    def data(self) -> dict[str, bytes]:
        """The files as they are written."""
        return {name: text.encode() for name, text in self.files.items()}

    @property
    def unexplained(self) -> int:
        """How many questions have no explanation in the source."""
        return sum(not item.why for item in self.account.items)


def decoded(raw: bytes) -> str:
    """The text of a source, its lines ended by newlines. Raises BadSource."""
    if len(raw) > MAX_BYTES:
        raise BadSource(f"the file has more than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise BadSource("the file is not UTF-8: save it as UTF-8", line, column) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def import_text(text: str, form: str, name: str) -> Imported:
    """The pack that a source becomes; `name` is that of its file. Raises BadSource."""
    names = Names()
    files: dict[str, str] = {}
    entries: list[Entry] = []
    account = READERS[form](text)
    for entry in account.entries:
        item = entry.item
        if item is not None:
            try:
                bullet = fitting_bullet(item)
            except Refused as error:
                entries.append(replace(entry, item=None, notes=(error.message,)))
                continue
            number = len(files) + 1
            identity = names.id(item, f"question-{number}")
            files[f"questions/{number:04}-{identity}.md"] = question_file(item, names.objective(item.objective), bullet)
        entries.append(entry)
    if len(names.objectives) > MAX_OBJECTIVES:
        raise BadSource(f"there are more than {MAX_OBJECTIVES:,} categories: divide the file")
    identity = slug(name, "imported")
    manifest = {MANIFEST: manifest_file(identity, name, names.objectives)} if files else {}
    return Imported(identity, {**manifest, **files}, Account(tuple(entries), account.remarks))
