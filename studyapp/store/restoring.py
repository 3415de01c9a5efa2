"""Puts a backup in the place of what is there now, which is kept as a backup of its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from studyapp.exams.clock import utc
from studyapp.store.backups import EVERY, NOTHING_DONE, make_backup, unpack
from studyapp.store.checking import check_database
from studyapp.store.errors import DAMAGED, StoreError, folder_refused, told
from studyapp.store.rows import TABLES
from studyapp.store.schema import connector, schema_of
from studyapp.store.store import Store

ENDINGS = ("-wal", "-shm", "-journal", "")
"""What SQLite adds to the name of a database for the files that belong to it; the database itself is the last."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: how many answers and exams; and where what was there before is kept, if anything was."""

    answers: int
    exams: int
    before: Path | None


def restore(backup: Path, database: Path, folder: Path, now: datetime) -> Restored:
    """Put a backup back; what was there is backed up into `folder` first. All of it or nothing.

    Another studyapp that has the store open goes on with what was put back. A store too damaged to be backed up is
    moved aside.

    Raises:
        StoreError: the backup cannot be used, or the store cannot be written; nothing has been changed.
    """
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _tidy(database, now)
        # Another restore may be at it at once.
        with TemporaryDirectory(prefix=_prefix(database), dir=database.parent) as apart:
            unpacked = Path(apart) / database.name
            unpack(backup, unpacked)
            counts = _prepare(backup, unpacked)
            before = _put_aside(database, folder, now)
            if database.exists():
                _copy_rows(unpacked, database)
            else:
                unpacked.replace(database)
            return Restored(*counts, before)
    except sqlite3.Error as error:
        raise told(error, database, kept=NOTHING_DONE) from error
    except OSError as error:
        raise folder_refused(error, database.parent) from error


def _prefix(database: Path) -> str:
    """How the folder in which a backup is unpacked begins its name."""
    return f".{database.name}.restoring-"


def _tidy(database: Path, now: datetime) -> None:
    """Remove what a restore that was killed has left."""
    for path in database.parent.glob(f"{_prefix(database)}*"):
        with suppress(OSError):
            if path.stat().st_mtime < (now - EVERY).timestamp():
                rmtree(path)


def _prepare(backup: Path, unpacked: Path) -> tuple[int, int]:
    """See that a database is sound and of the schema of today; gives its answers and exams."""
    problems = check_database(unpacked)
    if problems:
        raise StoreError(
            f"{backup} cannot be used: {problems[0]}.", NOTHING_DONE, "Choose another backup.", reason=DAMAGED
        )
    with Store(unpacked):
        # Brings an older schema up to date, and makes anew what is derived.
        pass
    with closing(connector(unpacked)()) as connection:
        # One file again, so that it can be moved.
        connection.execute("PRAGMA journal_mode = DELETE")
        (answers,) = connection.execute("SELECT count(*) FROM review").fetchone()
        (exams,) = connection.execute("SELECT count(*) FROM sitting").fetchone()
    return answers, exams


def _put_aside(database: Path, folder: Path, now: datetime) -> Path | None:
    """Back up what is there; what is too damaged for that is moved. None when nothing is there.

    A log whose database is gone is moved too: SQLite would take it for one of the database that comes in its place.
    """
    if not database.exists():
        _move_aside(database, now)
        return None
    try:
        with closing(connector(database, parameters={"mode": "ro"})()) as connection:
            empty = schema_of(connection, database) is None
        if empty:
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return make_backup(database, folder, now)
    except OSError as error:
        raise folder_refused(error, folder) from error
    except StoreError as error:
        if error.reason != DAMAGED:
            raise
    except sqlite3.DatabaseError as error:
        if told(error, database).reason != DAMAGED:
            raise
    return _move_aside(database, now)


def _move_aside(database: Path, now: datetime) -> Path:
    """Give a database another name, with its logs; gives the name."""
    aside = database.with_name(f"{database.name}.damaged-{utc(now):%Y%m%dT%H%M%SZ}")
    for ending in ENDINGS:
        part = database.with_name(database.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside


def _copy_rows(unpacked: Path, database: Path) -> None:
    """Replace all rows in one transaction, so that whoever has the store open sees the one state or the other."""
    Store(database).open().close()
    with closing(connector(database)()) as connection:
        connection.execute("ATTACH DATABASE ? AS other", (str(unpacked),))
        names = [*(table.name for table in TABLES), "memory", "derived"]
        connection.execute("BEGIN IMMEDIATE")
        try:
            for name in reversed(names):
                connection.execute(f"DELETE FROM main.{name}")
            for name in names:
                connection.execute(f"INSERT INTO main.{name} SELECT * FROM other.{name}")
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
