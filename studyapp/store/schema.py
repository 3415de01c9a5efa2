"""Which schema a database file has, found out with the standard library alone, and how connections are opened.

Alembic takes long to import, so it is imported only when a file's schema is not the current one.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from studyapp.store.errors import FOREIGN, NEWER, OTHER, StoreError

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every schema there has been, the oldest first; the names are those of the migrations."""

CURRENT = REVISIONS[-1]

WAIT_MS = 3_000
"""How long a connection waits for another program to let go of the database."""

Connect = Callable[[], sqlite3.Connection]


def connector(path: Path, wait_ms: int = WAIT_MS, parameters: Mapping[str, str] | None = None) -> Connect:
    """A function that opens connections to a file, which it makes when there is none.

    What is committed is on disk when the commit returns (`synchronous=FULL`). Transactions begin only where one is
    begun. `parameters` are those of SQLite's file addresses, such as `{"mode": "ro"}`.
    """
    address = f"file:{quote(str(path.absolute()))}"
    if parameters:
        address += f"?{urlencode(parameters)}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, timeout=wait_ms / 1000, isolation_level=None, check_same_thread=False, uri=True
        )
        try:
            connection.execute(f"PRAGMA busy_timeout = {wait_ms:d}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    return connect


def schema_of(connection: sqlite3.Connection, path: Path) -> str | None:
    """The schema of an open database, one of `REVISIONS`; None when it is empty. Nothing is written.

    Raises:
        StoreError: a newer studyapp has written it, or something else has.
        sqlite3.Error: it cannot be read.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise StoreError(
            f"{path} is a database of another program.",
            "It has not been touched.",
            "Name another folder in STUDYAPP_HOME.",
            reason=FOREIGN,
        )
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        return None
    if row[0] not in REVISIONS:
        raise StoreError(
            f"{path} was written by a newer studyapp (schema {row[0]}; this one knows up to {CURRENT}).",
            "It has not been touched.",
            "Update studyapp, or name another folder in STUDYAPP_HOME.",
            reason=NEWER,
        )
    return str(row[0])


def _switch(connection: sqlite3.Connection, wanted: str) -> str:
    """Ask for a journal mode; gives the one in force.

    SQLite does not wait here when another program switches at the same moment, whatever its busy timeout: we do.
    """
    end = time.monotonic() + WAIT_MS / 1000
    while True:
        try:
            return str(connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0])
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > end:
                raise
            time.sleep(0.01)


def use_journal(connection: sqlite3.Connection, path: Path) -> str:
    """Choose how changes reach the disk: a write-ahead log, or where that is refused a rollback journal; tells which.

    Both keep what is committed. The log needs memory shared between programs, which some file systems do not have.

    Raises:
        StoreError: SQLite offers neither.
        sqlite3.Error: the file cannot be used.
    """
    mode = "none"
    for wanted in ("wal", "delete"):
        mode = _switch(connection, wanted)
        if mode in ("wal", "delete", "truncate", "persist"):
            return str(mode)
    raise StoreError(
        f"Changes of {path} would not survive a crash (journal mode {mode}).",
        "Nothing has been written.",
        "Name a folder on another disk in STUDYAPP_HOME.",
        reason=OTHER,
    )
