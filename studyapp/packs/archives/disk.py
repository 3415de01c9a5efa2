"""What is written to disk to stay there: when a function returns, no loss of power takes back what it did."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePosixPath

AT_ONCE = 16
"""Files that are brought to disk at once: a file system does many in the time of one."""

_BINARY = getattr(os, "O_BINARY", 0)


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with these files, by their paths with slashes. Raises OSError, also when it is there already."""
    folders = {parent for name in files for parent in PurePosixPath(name).parents}
    for each in sorted(folders, key=lambda each: len(each.parts)):
        (folder / each).mkdir()
    for name, data in files.items():
        _write(folder / name, data)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(_sync, [folder / name for name in files]):
            pass
    for each in folders:
        sync_folder(folder / each)


def replace_file(path: Path, data: bytes, new: Path) -> None:
    """Put a file in the place of another, if there is one, in one step; written as `new` before. Raises OSError."""
    try:
        if new.exists():
            new.unlink()
        _write(new, data)
        _sync(new)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that what a folder lists is on disk; Windows does so by itself, and offers no way to ask."""
    if sys.platform != "win32":
        _sync(folder, os.O_RDONLY)


def _write(path: Path, data: bytes) -> None:
    """Make a file that is not there yet."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


def _sync(path: Path, access: int = os.O_RDWR) -> None:
    """Bring a file or folder to disk. Windows asks for the right to write for that."""
    descriptor = os.open(path, access | _BINARY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
