"""The packs that a person has installed: where they lie, and which version of each counts.

Every pack has a folder of its own with a folder for each version in it, and one small file, the pointer, that says
which of them counts. A version whose folder no pointer names is none: it is being put there, or was left behind.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from studyapp.packs.versions import is_version

POINTER = "installed.json"
NEW_POINTER = "installed.json.new"
"""The pointer while it is written."""
STAGE = ".new"
"""Where a pack is written and checked before it has a place."""
LOCK = ".lock"
FORMAT = 1
"""The newest form of the pointer that this program reads."""
MAX_POINTER = 64 * 1024
"""Bytes of a pointer."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_PLACE = re.compile(r"[0-9][0-9A-Za-z.-]*-[0-9a-f]{12}(?:-[0-9]+)?\Z")
_SUM = re.compile(r"[0-9a-f]{64}\Z")


class DamagedPointer(Exception):
    """What is installed under an id cannot be told; the message says why."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What counts of a pack. `place` is the folder of the version inside that of the pack, `sum` the SHA-256 sum of its
    archive.
    """

    id: str
    version: str
    title: str
    place: str
    sum: str

    def folder(self, home: Path) -> Path:
        """Where its files are."""
        return home / self.id / self.place

    def pointer(self) -> bytes:
        """What the pointer says."""
        import json

        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode() + b"\n"


def installed_ids(home: Path) -> tuple[str, ...]:
    """The ids of all installed packs, in order; whether they can be read is another question."""
    try:
        with os.scandir(home) as found:
            names = sorted(entry.name for entry in found if _ID.match(entry.name))
    except OSError:
        return ()
    return tuple(name for name in names if (home / name / POINTER).is_file())


def find_installed(home: Path, pack: str) -> Installed | None:
    """What counts of a pack; None when it is not installed.

    Raises:
        DamagedPointer: it is, and cannot be told.
    """
    if not _ID.match(pack):
        return None
    try:
        with (home / pack / POINTER).open("rb") as file:
            raw = file.read(MAX_POINTER + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DamagedPointer(f"its pointer cannot be read: {error.strerror or error}") from error
    found = _read(raw)
    if found.id != pack:
        raise DamagedPointer("its pointer is that of another pack")
    return found


def _read(raw: bytes) -> Installed:
    """What a pointer says. Raises DamagedPointer."""
    # Imported where a pack is installed: the first paint waits for nothing that it does not need.
    import json

    try:
        told = json.loads(raw) if len(raw) <= MAX_POINTER else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise DamagedPointer("its pointer is damaged")
    if isinstance(told.get("format"), int) and told["format"] > FORMAT:
        raise DamagedPointer("its pointer was written by a newer studyapp")
    words = {name: told.get(name) for name in ("id", "version", "title", "place", "sum")}
    texts = {name: word for name, word in words.items() if isinstance(word, str)}
    if len(texts) < len(words):
        raise DamagedPointer("its pointer is damaged")
    found = Installed(**texts)
    if not (is_version(found.version) and _PLACE.match(found.place) and _SUM.match(found.sum)):
        raise DamagedPointer("its pointer is damaged")
    return found


def left_behind(home: Path) -> Iterator[Path]:
    """What programs that were killed have left: to be removed by whoever has the lock. Raises OSError.

    What nobody knows the meaning of stays, and so does everything of a pack whose pointer is damaged.
    """
    if (home / STAGE).is_symlink() or (home / STAGE).exists():
        yield home / STAGE
    for folder in _folders(home, _ID):
        if (folder / NEW_POINTER).exists():
            yield folder / NEW_POINTER
        try:
            counts = find_installed(home, folder.name)
        except DamagedPointer:
            continue
        for version in _folders(folder, _PLACE):
            if counts is None or version.name != counts.place:
                yield version
        if counts is None and not any(folder.iterdir()):
            yield folder


def _folders(folder: Path, named: re.Pattern[str]) -> list[Path]:
    """The folders in a folder, no links, that have such a name, in order."""
    with os.scandir(folder) as found:
        return sorted(
            Path(entry.path) for entry in found if named.match(entry.name) and entry.is_dir(follow_symlinks=False)
        )
