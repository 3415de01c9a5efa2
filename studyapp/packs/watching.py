"""Sees that a pack has changed: its files are looked at again and again, as not every system tells of changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

State = frozenset[tuple[str, int, int]]
"""Each file with its time (nanoseconds) and size (bytes): two that are equal are those of the same files."""


class CannotWatch(Exception):
    """The folder cannot be looked at; the message says why."""


def look(folder: Path) -> State:
    """The files below a folder as they are now, but for hidden ones; what has gone meanwhile is left out.

    Raises:
        CannotWatch: there is no such folder, or it may not be read.
    """
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        raise CannotWatch(error.strerror or str(error)) from error
    return frozenset(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _files(Path(entry.path))
                else:
                    status = entry.stat(follow_symlinks=False)
                    yield entry.path, status.st_mtime_ns, status.st_size
    except OSError:
        return
