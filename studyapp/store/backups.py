"""Copies of the store: made by themselves, thinned by age, looked at before they are put back.

A backup is one file: a line of JSON that says what follows and what it must sum to, block by block, then the database
as SQLite copies it. A copy is whole whatever is being written meanwhile; one that was changed by a single bit is
refused.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import IO, NoReturn

from studyapp.exams.clock import utc
from studyapp.store.errors import DAMAGED, FULL, NEWER, OTHER, READ_ONLY, UNREACHABLE, StoreError, told
from studyapp.store.schema import connector, schema_of

FORMAT = 1
BLOCK = 1 << 20
LONGEST_FIRST_LINE = 8_000_000
"""Bytes of the first line: enough for a database of a hundred gigabytes."""

SUFFIX = ".backup"
_NAME = re.compile(r"studyapp-(\d{8}T\d{6}Z)(?:-\d+)?\.backup")
_STAMP = "%Y%m%dT%H%M%SZ"
_SUM = 32

EVERY = timedelta(days=1)
"""How old the newest backup may be before another is made by itself."""
DAYS, WEEKS, MONTHS = 7, 5, 12
"""Of so many days, weeks and months the newest backup is kept."""

NOTHING_DONE = "Everything is as it was."


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in the folder of backups, made at a time that its name tells."""

    path: Path
    at: datetime


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """The backups in a folder, the newest first; files with other names are none."""
    found = []
    if folder.is_dir():
        for path in folder.iterdir():
            name = _NAME.fullmatch(path.name)
            if name is not None:
                found.append(Backup(path, datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)))
    return tuple(sorted(found, key=lambda each: (each.at, each.path.name), reverse=True))


def surplus(moments: Collection[datetime], now: datetime) -> tuple[datetime, ...]:
    """Which of some backups may go: those that are not of the last day, nor the newest of a day, a week or a month of
    the last ones that have any.
    """
    kept = {each for each in moments if each > now - EVERY}
    for many, period in (
        (DAYS, lambda each: each.date().toordinal()),
        (WEEKS, lambda each: each.isocalendar()[:2]),
        (MONTHS, lambda each: (each.year, each.month)),
    ):
        newest: dict[object, datetime] = {}
        for each in sorted(moments, reverse=True):
            newest.setdefault(period(each), each)
        kept.update(list(newest.values())[:many])
    return tuple(sorted(set(moments) - kept))


def keep_backups(database: Path, folder: Path, now: datetime) -> Path | None:
    """Make a backup if the last one is a day old, and remove those that are too many; gives the new one.

    Raises:
        StoreError: it could not be made.
    """
    with _telling(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = list_backups(folder)
    # A clock that once ran ahead must not keep backups from being made until that time comes.
    if any(now - EVERY < each.at <= now for each in there) or not database.exists():
        return None
    _tidy(folder, now)
    made = make_backup(database, folder, now)
    gone = set(surplus([each.at for each in (*there, Backup(made, utc(now).replace(microsecond=0)))], now))
    with _telling(folder):
        for each in there:
            if each.at in gone:
                each.path.unlink(missing_ok=True)
    return made


def make_backup(database: Path, target: Path, now: datetime) -> Path:
    """Copy the store as it is now to a file, or into a folder under a name that tells the time. Gives the file.

    Raises:
        StoreError: it could not be read or written, or is damaged; nothing is left half written.
    """
    with _telling(target):
        numbered = target.is_dir()
        if numbered:
            target = target / f"studyapp-{utc(now).strftime(_STAMP)}{SUFFIX}"
        elif target.exists():
            raise _taken(target)
        elif not target.parent.is_dir():
            raise StoreError(
                f"There is no folder {target.parent}.", NOTHING_DONE, "Make it, or name another.", reason=UNREACHABLE
            )
        # Two programs may be at it at once.
        copy, part = (target.with_name(f".{target.name}.{os.getpid()}.{what}") for what in ("copy", "part"))
        try:
            _copy(database, copy)
            with part.open("wb") as sink, copy.open("rb") as source:
                _wrap(source, sink, now)
                sink.flush()
                os.fsync(sink.fileno())
            target = _put(part, target, numbered=numbered)
        finally:
            for path in (copy, part, *(copy.with_name(f"{copy.name}-{what}") for what in ("wal", "shm", "journal"))):
                path.unlink(missing_ok=True)
    return target


def unpack(backup: Path, into: Path) -> None:
    """The database of a backup, in a file of its own; every byte has been looked at.

    Raises:
        StoreError: it is no backup, or not as it was written; it says where. `into` does not exist then.
    """
    try:
        with _telling(into.parent), into.open("wb") as sink:
            for block in _blocks(backup):
                sink.write(block)
    except StoreError:
        into.unlink(missing_ok=True)
        raise


def _copy(database: Path, into: Path) -> None:
    """A copy in one file, by SQLite."""
    if not database.exists():
        raise StoreError(
            f"There is nothing at {database} yet.", NOTHING_DONE, "Learn something first, then try again.", reason=OTHER
        )
    with ExitStack() as stack:
        try:
            source = stack.enter_context(closing(connector(database, parameters={"mode": "ro"})()))
            # From here on nobody can keep the copy waiting.
            source.execute("BEGIN")
            schema = schema_of(source, database)
        except sqlite3.Error as error:
            # Of the store, and not of the place that the copy goes to.
            raise told(error, database, kept=NOTHING_DONE) from error
        if schema is None:
            raise StoreError(
                f"There is nothing in {database} yet.",
                NOTHING_DONE,
                "Learn something first, then try again.",
                reason=OTHER,
            )
        sink = stack.enter_context(closing(connector(into)()))
        source.backup(sink)
        source.execute("COMMIT")
        sink.execute("PRAGMA journal_mode = DELETE")
        found = [row[0] for row in sink.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise StoreError(
            f"{database} is damaged ({found[0]}).",
            "No backup was made of it, and older ones are as they were.",
            'Put the newest of them back with "studyapp restore".',
            reason=DAMAGED,
        )


def _wrap(source: IO[bytes], sink: IO[bytes], now: datetime) -> None:
    """Write the first line, and the database behind it."""
    sums = [_sum(block) for block in iter(lambda: source.read(BLOCK), b"")]
    said = {"studyapp-backup": FORMAT, "at": utc(now).isoformat(), "size": source.tell(), "block": BLOCK, "sums": sums}
    body = json.dumps(said, separators=(",", ":"))
    sink.write(f'{body[:-1]},"sum":"{_sum(body.encode())}"}}\n'.encode())
    source.seek(0)
    for block in iter(lambda: source.read(BLOCK), b""):
        sink.write(block)


def _blocks(backup: Path) -> Iterator[bytes]:
    """The database of a backup, block by block; what goes wrong in reading is told of the backup."""
    with _telling(backup), backup.open("rb") as source:
        yield from _unwrap(source, backup)


def _unwrap(source: IO[bytes], backup: Path) -> Iterator[bytes]:
    """The database of a backup as it is read."""
    first = source.readline(LONGEST_FIRST_LINE)
    found = re.fullmatch(rb'(\{"studyapp-backup":.+),"sum":"([0-9a-f]{%d})"\}\n' % _SUM, first, re.DOTALL)
    if found is None:
        _refuse(backup, "it does not begin as a backup of studyapp does")
    if _sum(found[1] + b"}").encode() != found[2]:
        _refuse(backup, "its first line is damaged")
    try:
        said = json.loads(found[1] + b"}")
    except (ValueError, RecursionError):
        said = {}
    form, size, block, sums = (said.get(name) for name in ("studyapp-backup", "size", "block", "sums"))
    if not all(isinstance(each, int) and each > 0 for each in (form, size, block)) or not isinstance(sums, list):
        _refuse(backup, "its first line says nothing that a backup does")
    if form != FORMAT:
        raise StoreError(
            f"{backup} was written by a newer studyapp (format {form}; this one reads {FORMAT}).",
            NOTHING_DONE,
            "Update studyapp.",
            reason=NEWER,
        )
    if block > BLOCK or len(sums) != -(-size // block):
        _refuse(backup, "its first line says nothing that a backup does")
    for number, wanted in enumerate(sums):
        start = number * block
        data = source.read(min(block, size - start))
        if len(data) < min(block, size - start):
            _refuse(backup, f"it ends at byte {len(first) + start + len(data)} of {len(first) + size}")
        if _sum(data) != wanted:
            _refuse(backup, f"it is damaged between byte {len(first) + start} and {len(first) + start + len(data)}")
        yield data
    if source.read(1):
        _refuse(backup, f"something stands behind its end at byte {len(first) + size}")


def _tidy(folder: Path, now: datetime) -> None:
    """Remove what a program that was killed has left of a backup."""
    for path in folder.glob(f".studyapp-*{SUFFIX}.*"):
        with suppress(OSError):
            if path.stat().st_mtime < (now - EVERY).timestamp():
                path.unlink()


def _sum(data: bytes) -> str:
    return sha256(data).hexdigest()[:_SUM]


def _put(part: Path, target: Path, *, numbered: bool) -> Path:
    """Give a file its name, which nothing may have; where it may be `numbered`, the first number that is free."""
    for number in count():
        name = target.with_name(f"{target.stem}-{number}{target.suffix}") if number else target
        try:
            # Only one program can make it, also where two are at it in the same moment.
            name.open("x").close()
        except FileExistsError:
            if not numbered:
                raise _taken(name) from None
            continue
        try:
            part.replace(name)
        except OSError:
            name.unlink(missing_ok=True)
            raise
        return name
    raise AssertionError("there is always another number")


def _taken(path: Path) -> StoreError:
    return StoreError(f"{path} is there already.", NOTHING_DONE, "Name another file.", reason=OTHER)


def _refuse(backup: Path, what: str) -> NoReturn:
    raise StoreError(f"{backup} cannot be used: {what}.", NOTHING_DONE, "Choose another backup.", reason=DAMAGED)


@contextmanager
def _telling(target: Path) -> Iterator[None]:
    """Say for people what goes wrong while a backup is made."""
    try:
        yield
    except sqlite3.Error as error:
        raise told(error, target, kept=NOTHING_DONE) from error
    except OSError as error:
        raise _os_told(error, target) from error


def _os_told(error: OSError, path: Path) -> StoreError:
    full = error.errno in (28, 122)
    return StoreError(
        f"The disk that holds {path} is full." if full else f"{path} cannot be used ({error.strerror or error}).",
        NOTHING_DONE,
        "Free some space, or name a place on another disk." if full else "Check its name, and that it may be used.",
        reason=FULL if full else READ_ONLY,
    )
