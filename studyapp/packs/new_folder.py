"""A folder that is made whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

LAST = "pack.yaml"
"""What is put in its place last, so that a folder that has it is whole."""


class FolderTaken(Exception):
    """There is something already where the folder was to be."""


def is_free(folder: Path) -> bool:
    """There is nothing, or an empty folder. Raises OSError."""
    if folder.is_symlink() and not folder.exists():
        return False
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their paths with slashes, to a folder that is not there yet, or is empty.

    Whatever breaks this off, an interrupt too, nothing of it is left behind. Raises FolderTaken and OSError.
    """
    if not is_free(folder):
        raise FolderTaken(str(folder))
    home = folder.absolute()
    made = [each for each in (home.parent, *home.parent.parents) if not each.exists()]
    done = False
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=home.parent) as held:
            whole = Path(held) / "whole"
            whole.mkdir()
            for name, data in files.items():
                file = whole / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            if home.is_dir():
                _move_into(home, whole)
            else:
                whole.rename(home)
            done = True
    finally:
        for each in () if done else made:
            with suppress(OSError):
                each.rmdir()


def _move_into(folder: Path, whole: Path) -> None:
    """Fill an empty folder, which may be the one that somebody stands in."""
    moved: list[Path] = []
    done = False
    try:
        for each in sorted(whole.iterdir(), key=lambda each: (each.name == LAST, each.name)):
            moved.append(folder / each.name)
            each.rename(moved[-1])
        done = True
    finally:
        for number, each in enumerate(() if done else moved):
            with suppress(OSError):
                each.rename(whole / f".{number}")
