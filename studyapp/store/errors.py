"""What can go wrong with what is remembered, told to the person whom it happens to."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

BUSY = "busy"
FULL = "full"
READ_ONLY = "read-only"
UNREACHABLE = "unreachable"
DAMAGED = "damaged"
NEWER = "newer"
FOREIGN = "foreign"
ELSEWHERE = "elsewhere"
CLOSED = "closed"
OTHER = "other"

LEAST_SPACE = 1 << 16
"""Bytes without which SQLite cannot begin."""

NOTHING_LOST = "Everything saved before is as it was."


class StoreError(Exception):
    """Something could not be remembered or read: `what` happened, what was `kept`, and what to try (`try_`).

    Each is one or more whole sentences. `reason` is one of this module's constants.
    """

    def __init__(self, what: str, kept: str, try_: str, *, reason: str = OTHER) -> None:
        super().__init__(f"{what} {kept} {try_}")
        self.what = what
        self.kept = kept
        self.try_ = try_
        self.reason = reason


_REASONS: Mapping[str, str] = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_PROTOCOL": BUSY,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_PERM": READ_ONLY,
    "SQLITE_AUTH": READ_ONLY,
    "SQLITE_CANTOPEN": UNREACHABLE,
    "SQLITE_IOERR": UNREACHABLE,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
}
"""The first two words of SQLite's own name for a result, to what it means for a person."""

_WHAT: Mapping[str, str] = {
    BUSY: "Another program is using {path} and did not let go of it.",
    FULL: "The disk that holds {path} is full.",
    READ_ONLY: "{path} may not be written.",
    UNREACHABLE: "{path} cannot be opened, or its disk cannot be read or written.",
    DAMAGED: "{path} is damaged, or is not a database.",
    OTHER: "{path} could not be used.",
}
PUT_BACK = 'Put one of your backups in its place with "studyapp restore", or move the file away to start afresh.'
_TRY: Mapping[str, str] = {
    BUSY: "Close other windows of studyapp, then try again.",
    FULL: "Free some space, then try again.",
    READ_ONLY: "Make the file and its folder writable, or name another folder in STUDYAPP_HOME.",
    UNREACHABLE: "Check that the folder exists and the disk is connected, or name another folder in STUDYAPP_HOME.",
    DAMAGED: PUT_BACK,
    OTHER: "Try again; if it happens again, name another folder in STUDYAPP_HOME.",
}


def told(error: sqlite3.Error, path: Path, *, kept: str = NOTHING_LOST) -> StoreError:
    """What SQLite reported, for the person; with SQLite's own words where ours say little."""
    words = getattr(error, "sqlite_errorname", "").split("_")
    reason = _REASONS.get("_".join(words[:2]), OTHER)
    if reason == UNREACHABLE and _no_space(path.parent):
        # SQLite says only that it could not write where it is the log or the memory beside it that finds no space.
        reason = FULL
    if reason == OTHER and "closed" in str(error):
        reason = CLOSED
        return StoreError(f"{path} has been closed.", kept, "Start studyapp again.", reason=reason)
    what = _WHAT[reason].format(path=path)
    if reason in (OTHER, UNREACHABLE):
        what = f"{what[:-1]} ({error})."
    return StoreError(what, kept, _TRY[reason], reason=reason)


def _no_space(folder: Path) -> bool:
    """The disk that holds a folder has no space for as much as an answer."""
    # Takes longer to import than the first screen is to wait for.
    from shutil import disk_usage

    try:
        _, _, free = disk_usage(folder)
    except OSError:
        return False
    return free < LEAST_SPACE


def folder_refused(error: OSError, folder: Path) -> StoreError:
    """The folder for the database cannot be made or used."""
    return StoreError(
        f"The folder {folder} cannot be used ({error.strerror or error}).",
        "Nothing has been written.",
        "Make it writable, or name another folder in STUDYAPP_HOME.",
        reason=READ_ONLY,
    )
