"""The archive of a pack: its files and their SHA-256 sums, the same bytes from the same files on every system."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from studyapp.packs.archives.refusals import Refused
from studyapp.packs.archives.zips import MAX_FILES, MIB, read_zip, zip_chunks
from studyapp.packs.folder import MAX_TOTAL, SUMS, left_by_archives, list_files
from studyapp.packs.portable import MAX_PATH
from studyapp.packs.problems import Problem, quoted

FORMAT = 1
"""The newest format of archives that this program reads, and the one it writes."""
MAX_ARCHIVE = MAX_TOTAL + MAX_FILES * (MAX_PATH * 12 + 200)
"""Bytes of an archive: its files, and three times the longest path of each, one of them in the sums."""

_FIRST_LINE = re.compile(rb"# studypack ([0-9]{1,9})\n")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True, slots=True)
class Source:
    """A pack that is to be installed: its files, and the SHA-256 sum of its archive, in hexadecimal digits."""

    files: Mapping[str, bytes]
    sum: str


def read_source(path: Path) -> Source:
    """The pack in an archive or a folder. It has been read whole: what happens to the file later changes nothing.

    Raises:
        Refused: it cannot be read, or something about it is unsafe, damaged or too large.
    """
    try:
        if path.is_dir():
            files = read_folder(path)
            return Source(files, archive_sum(files))
        with _opened(path) as file:
            raw = file.read(MAX_ARCHIVE + 1)
    except OSError as error:
        raise Refused("not-readable", why=error.strerror or error) from error
    if len(raw) > MAX_ARCHIVE:
        raise Refused("too-big", most=MAX_TOTAL // MIB)
    return Source(_verified(read_zip(raw)), sha256(raw).hexdigest())


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of the pack in a folder by their paths.

    Raises:
        Refused: something in it may not be in a pack, or cannot be read.
        OSError: it cannot be looked through.
    """
    problems: list[Problem] = []
    listed = list_files(folder, problems)
    if problems:
        raise Refused("check", problems=tuple(problems), count=len(problems))
    if len(listed) > MAX_FILES:
        raise Refused("too-many", most=MAX_FILES)
    if not listed:
        raise Refused("no-pack", why="the folder is empty")
    files: dict[str, bytes] = {}
    room = MAX_TOTAL
    for each in listed:
        try:
            with _opened(each.path, follow=False) as file:
                files[each.name] = data = file.read(room + 1)
        except OSError as error:
            raise Refused("not-readable", why=f"{each.name}: {error.strerror or error}") from error
        room -= len(data)
        if room < 0:
            raise Refused("too-big", most=MAX_TOTAL // MIB)
    return files


def archive_chunks(files: Mapping[str, bytes]) -> Iterator[bytes]:
    """The archive of a pack with these files, piece by piece."""
    return zip_chunks({**files, SUMS: _sums(files)})


def archive_sum(files: Mapping[str, bytes]) -> str:
    """The SHA-256 sum of the archive of a pack with these files, in hexadecimal digits."""
    whole = sha256()
    for chunk in archive_chunks(files):
        whole.update(chunk)
    return whole.hexdigest()


def _sums(files: Mapping[str, bytes]) -> bytes:
    """What `SHA256SUMS` says: the form is that of sha256sum, which can check it, below a line that it skips."""
    lines = (f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return f"# studypack {FORMAT}\n{''.join(lines)}".encode()


def _verified(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of an archive without the sums, which are right."""
    given = files.pop(SUMS, None)
    first = _FIRST_LINE.match(given) if given is not None else None
    if given is None or first is None:
        raise Refused("no-sums")
    if int(first[1]) > FORMAT:
        raise Refused("newer-format", number=int(first[1]), newest=FORMAT)
    if given != _sums(files):
        name, why = _difference(given.decode("utf-8", "replace"), files)
        raise Refused("sums", name=quoted(name), why=why)
    for name in files:
        if left_by_archives(name):
            raise Refused("unsafe-name", why=f"{quoted(name)} is an archive, and has no place at the top of a pack")
    return files


def _difference(given: str, files: Mapping[str, bytes]) -> tuple[str, str]:
    """A file of which the sums do not say what is there, and how it differs from them."""
    named = {found[2]: found[1] for line in given.split("\n") if (found := _LINE.fullmatch(line)) is not None}
    for name, data in sorted(files.items()):
        if name not in named:
            return name, "is not named in"
        if named[name] != sha256(data).hexdigest():
            return name, "differs from its sum in"
    missing = sorted(named.keys() - files.keys())
    return (missing[0], "is missing, though it is named in") if missing else (SUMS, "has lines that do not belong into")


@contextmanager
def _opened(path: Path, *, follow: bool = True) -> Iterator[BinaryIO]:
    """A plain file to read, at the end of a link or not; a pipe or a device is refused without waiting for it."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused("not-a-file")
        yield file
