"""Small packs in several versions, a place to install them, and ways to see that nothing else has changed."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from studyapp.packs.archives.archive import Source, archive_sum, read_folder
from studyapp.packs.archives.installed import Installed, find_installed
from studyapp.packs.archives.installing import Plan, install, remove
from studyapp.packs.archives.refusals import Refused
from studyapp.wiring import Paths, Services, make_services
from tests.packs.cases import RIGHT

Tree = Mapping[str, str | bytes]


def files_of(version: str = "1.0.0", changed: Mapping[str, str | None] | None = None) -> dict[str, bytes]:
    """The files of the small pack in a version, with some changed or (None) left out."""
    texts = {**RIGHT, "pack.yaml": RIGHT["pack.yaml"].replace("1.0.0", version), **(changed or {})}
    return {name: text.encode() for name, text in texts.items() if text is not None}


def source_of(version: str = "1.0.0", changed: Mapping[str, str | None] | None = None) -> Source:
    """The small pack in a version, as it is read from an archive."""
    files = files_of(version, changed)
    return Source(files, archive_sum(files))


def services(at: Cupboard) -> Services:
    """Services over what is installed in the cupboard."""
    return make_services(paths=Paths(at.folder / "data", at.folder / "cache"), content=at.shipped)


def refused(does: Callable[[], object]) -> Refused:
    """How something is refused."""
    with pytest.raises(Refused) as caught:
        does()
    return caught.value


def yes(plan: Plan) -> bool:
    """Confirms everything."""
    return True


@dataclass(frozen=True)
class Cupboard:
    """A folder with a place for installed packs in it, and another for shipped ones."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "data" / "packs"

    @property
    def shipped(self) -> Path:
        return self.folder / "shipped"

    def install(self, source: Source, *, update: bool = False) -> Plan:
        return install(source, self.home, self.shipped, yes, update=update)

    def remove(self, pack: str = "small") -> None:
        remove(pack, self.home, self.shipped)

    @property
    def counts(self) -> Installed | None:
        return find_installed(self.home, "small")

    @property
    def files(self) -> dict[str, bytes] | None:
        """The files of the small pack that is installed; None when none is."""
        counts = self.counts
        return read_folder(counts.folder(self.home)) if counts is not None else None


def tree(folder: Path) -> Tree:
    """Everything in a folder: what each file holds, where each link leads, and what else there is."""
    found: dict[str, str | bytes] = {}
    for path in sorted(folder.rglob("*")):
        name, mode = path.relative_to(folder).as_posix(), path.lstat().st_mode
        if stat.S_ISREG(mode):
            found[name] = path.read_bytes()
        else:
            found[name] = str(path.readlink()) if stat.S_ISLNK(mode) else oct(stat.S_IFMT(mode))
    return found
