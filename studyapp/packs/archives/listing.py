"""What can be opened by its id, and what each of them is and holds, without reading all of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.archives.installed import DamagedPointer, find_installed, installed_ids
from studyapp.packs.folder import list_files
from studyapp.packs.manifest import MANIFEST, load_manifest

HOLDS = ("lessons", "questions", "exams")
"""The folders whose files are counted."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A pack that is `installed`, or comes with the program. `sum` is the SHA-256 sum of the archive of what was
    installed; `holds` the number of files in each folder of `HOLDS`; `trouble` says why it cannot be opened, and then
    nothing but its id and folder may be known.
    """

    id: str
    folder: Path
    installed: bool
    version: str = ""
    title: str = ""
    license: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    description: str = ""
    homepage: str = ""
    was: tuple[str, ...] = ()
    sum: str | None = None
    holds: tuple[int, ...] = (0,) * len(HOLDS)
    trouble: str | None = None


def list_packs(home: Path, shipped: Path) -> tuple[Listed, ...]:
    """The packs that are installed in `home` or come with the program, in the order of their ids."""
    installed = installed_ids(home)
    others = {manifest.parent.name for manifest in shipped.glob(f"*/{MANIFEST}")} - {*installed}
    listed = [*(_installed(home, pack) for pack in installed), *(_listed(pack, shipped / pack) for pack in others)]
    return tuple(sorted(listed, key=lambda each: each.id))


def _installed(home: Path, pack: str) -> Listed:
    try:
        found = find_installed(home, pack)
    except DamagedPointer as error:
        return Listed(pack, home / pack, True, trouble=str(error))
    if found is None:
        return Listed(pack, home / pack, True, trouble="it has just been removed")
    return _listed(pack, found.folder(home), found.sum)


def _listed(pack: str, folder: Path, whole: str | None = None) -> Listed:
    manifest = load_manifest(folder)
    if manifest is None:
        return Listed(pack, folder, whole is not None, sum=whole, trouble=f"its {MANIFEST} is gone or damaged")
    counts = Counter(file.name.partition("/")[0] for file in list_files(folder, []) if "/" in file.name)
    return Listed(
        id=pack,
        folder=folder,
        installed=whole is not None,
        version=manifest.version,
        title=manifest.title,
        license=manifest.license,
        language=manifest.language,
        authors=manifest.authors,
        description=manifest.description,
        homepage=manifest.homepage,
        was=manifest.was,
        sum=whole,
        holds=tuple(counts[each] for each in HOLDS),
    )
