"""Changes what is installed, each time in one step: before it everything is as it was, after it as it is to be.

A pack is written beside its place and checked there. Then its folder gets the name of a version, which nothing looks at
yet, and last the pointer is replaced: that is the step. What a crash leaves behind before or after it is removed by the
next that has the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from studyapp.packs.archives.archive import Source, archive_sum, read_folder
from studyapp.packs.archives.changes import Changes, changes
from studyapp.packs.archives.checking import checked
from studyapp.packs.archives.disk import replace_file, sync_folder, write_tree
from studyapp.packs.archives.installed import (
    NEW_POINTER,
    POINTER,
    STAGE,
    DamagedPointer,
    Installed,
    find_installed,
    installed_ids,
)
from studyapp.packs.archives.refusals import Refused
from studyapp.packs.archives.tidying import changing
from studyapp.packs.manifest import MANIFEST, Manifest, load_manifest
from studyapp.packs.pack import Pack, load_pack
from studyapp.packs.problems import nearest, quoted
from studyapp.packs.proving import Progress
from studyapp.packs.versions import is_version, rank

SUM_SHOWN = 12
"""Digits of the sum in the name of a version's folder."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What installing a pack means.

    `before` is the version that it takes the place of, None without one; `doubts` are the reasons to ask first, each a
    clause; `questions` and `lessons` tell what is new in them, where that is known. `done` says that the very same is
    installed already, so that there is nothing to do; `stays` are the ids of packs that can still be opened and that it
    says it was called.
    """

    pack: Pack
    before: str | None
    doubts: tuple[str, ...]
    questions: Changes | None
    lessons: Changes | None
    done: bool
    stays: tuple[str, ...] = ()


Confirm = Callable[[Plan], bool]


def install(
    source: Source,
    home: Path,
    shipped: Path,
    confirm: Confirm,
    *,
    update: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """Install a pack, or put it in the place of another version; with `update` only the latter.

    `home` is the folder of the installed packs, `shipped` that of the packs that come with the program; `progress` is
    told how far the check of the pack is.

    Raises:
        Refused: it fails its check, nobody confirms it, or it cannot be put in place; what was there is as it was.
    """
    with changing(home):
        write_tree(home / STAGE, source.files)
        pack, whole = checked(home / STAGE, progress), archive_sum(source.files)
        plan = _planned(pack, source.files, whole, home, shipped)
        if update and plan.before is None and not any(old in installed_ids(home) for old in plan.stays):
            raise _not_installed(pack.id, home)
        if not plan.done:
            if not confirm(plan):
                raise Refused("declined")
            _place(home, pack, whole)
        return plan


def remove(pack: str, home: Path, shipped: Path) -> None:
    """Take an installed pack away; what is remembered of the learner stays.

    Raises:
        Refused: it is not installed, or cannot be taken away.
    """
    if pack not in installed_ids(home):
        raise Refused("shipped", name=quoted(pack)) if _is_shipped(shipped, pack) else _not_installed(pack, home)
    with changing(home):
        if pack not in installed_ids(home):
            raise _not_installed(pack, home)
        (home / pack / POINTER).unlink()
        sync_folder(home / pack)


# -- how it is done ----------------------------------------------------------------------------------------------------


def _planned(pack: Pack, files: Mapping[str, bytes], whole: str, home: Path, shipped: Path) -> Plan:
    """What installing a pack means; `whole` is the sum of its archive."""
    try:
        counts = find_installed(home, pack.id)
    except DamagedPointer:
        counts = None
    comes = _is_shipped(shipped, pack.id)
    others = {old: manifest for old in pack.was if (manifest := _manifest_of(old, home, shipped)) is not None}
    claims = [
        f"it says that it was called {old}, which is by other authors: {', '.join(other.authors) or 'nobody is named'}"
        for old, other in others.items()
        if not {*other.authors} & {*pack.authors}
    ]
    if counts is None and not comes:
        return Plan(pack, None, tuple(claims), None, None, False, tuple(others))
    folder = counts.folder(home) if counts is not None else shipped / pack.id
    known, _ = load_pack(folder)
    version = counts.version if counts is not None else known.version if known is not None else ""
    same = counts is not None and counts.sum == whole
    return Plan(
        pack,
        version,
        () if same else (*_doubts(pack, version, known, counts is None), *claims),
        changes(known.questions, pack.questions) if known is not None else None,
        changes(known.lessons, pack.lessons) if known is not None else None,
        same and _is_whole(folder, files),
        tuple(others),
    )


def _manifest_of(pack: str, home: Path, shipped: Path) -> Manifest | None:
    """What a pack that can be opened by its id says of itself."""
    try:
        counts = find_installed(home, pack)
    except DamagedPointer:
        return None
    if counts is None and not _is_shipped(shipped, pack):
        return None
    return load_manifest(counts.folder(home) if counts is not None else shipped / pack)


def _doubts(pack: Pack, version: str, known: Pack | None, shipped: bool) -> Iterator[str]:
    """The reasons to ask before a pack takes the place of a version, which is `known` if it can be read."""
    if shipped:
        yield f"it takes the place of {pack.id} {version}, which comes with studyapp"
    elif known is not None and known.authors and not {*known.authors} & {*pack.authors}:
        by = ", ".join(pack.authors) or "nobody is named"
        yield f"it is by other authors than {version}, which is installed: {by}"
    if not is_version(version):
        return
    if rank(pack.version) < rank(version):
        yield f"its version {pack.version} is older than {version}"
    elif rank(pack.version) == rank(version) and not shipped:
        yield f"another pack of the same version {version} is installed"


def _is_whole(folder: Path, files: Mapping[str, bytes]) -> bool:
    """The files in a folder are still these: nobody has changed them."""
    try:
        return read_folder(folder) == files
    except (OSError, Refused):
        return False


def _place(home: Path, pack: Pack, whole: str) -> None:
    """Put a pack that has been written and checked in its place; `whole` is the sum of its archive."""
    own = home / pack.id
    own.mkdir(exist_ok=True)
    name = f"{pack.version}-{whole[:SUM_SHOWN]}"
    places = chain([name], (f"{name}-{number}" for number in count(2)))
    place = next(each for each in places if not (own / each).exists())
    (home / STAGE).rename(own / place)
    sync_folder(own)
    sync_folder(home)
    counts = Installed(pack.id, pack.version, pack.title, place, whole)
    replace_file(own / POINTER, counts.pointer(), own / NEW_POINTER)


def _is_shipped(shipped: Path, pack: str) -> bool:
    return (shipped / pack / MANIFEST).is_file()


def _not_installed(pack: str, home: Path) -> Refused:
    hint = nearest(pack, installed_ids(home))
    return Refused("not-installed", name=quoted(pack), hint=f" ({hint})" if hint else "")
