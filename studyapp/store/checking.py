"""Whether a database is sound: its pages, its tables, every row of what is remembered, and what is derived of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from studyapp.exams.sitting import IllegalMove, replay
from studyapp.store.encoding import action_of, sitting_of
from studyapp.store.errors import StoreError, told
from studyapp.store.rows import TABLES, fault, typed
from studyapp.store.schema import CURRENT, connector, schema_of

MOST_PROBLEMS = 20
"""Problems that are told; more would say no more."""

OURS = {"alembic_version", "memory", "derived", *(table.name for table in TABLES)}


def check_database(path: Path) -> tuple[str, ...]:
    """What is wrong with a database file, each as a sentence without its full stop; empty when nothing is.

    Nothing is written. What is derived is not looked at: see `memories.differences`.
    """
    try:
        with closing(connector(path, parameters={"mode": "ro"})()) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            found: list[str] = []
            for problem in _problems(connection, path):
                found.append(problem)
                if len(found) == MOST_PROBLEMS:
                    break
            return tuple(found)
    except sqlite3.Error as error:
        return (told(error, path).what.removesuffix("."),)
    except StoreError as error:
        return (error.what.removesuffix("."),)


def _problems(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    pages = [row[0] for row in connection.execute(f"PRAGMA integrity_check({MOST_PROBLEMS})")]
    if pages != ["ok"]:
        yield from (f"the database is damaged: {page}" for page in pages)
        return
    schema = schema_of(connection, path)
    if schema is None:
        return
    yield from _strangers(connection)
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to a {parent} that is not there"
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in TABLES:
        if table.name not in names:
            if schema == CURRENT:
                yield f"the table {table.name} is missing"
            continue
        columns = table.columns
        connection.row_factory = None
        for number, *row in connection.execute(f"SELECT rowid, {', '.join(columns)} FROM {table.name}"):
            wrong = fault(table, dict(zip(columns, row, strict=True)))
            if wrong is not None:
                yield f"row {number} of {table.name}: {wrong}"
    yield from _courses(connection)


def _strangers(connection: sqlite3.Connection) -> Iterator[str]:
    """What stands in the schema that this program has not put there: a trigger could do anything."""
    for kind, name in connection.execute("SELECT type, name FROM sqlite_master"):
        if kind not in ("table", "index") or (kind == "table" and name not in OURS):
            yield f"it holds a {kind} that is not of studyapp"


def _courses(connection: sqlite3.Connection) -> Iterator[str]:
    """Exams that cannot have gone as they are said to have."""
    sitting, action = TABLES[0], TABLES[1]
    for row in connection.execute(f"SELECT {', '.join(sitting.columns)} FROM sitting ORDER BY id").fetchall():
        values = dict(zip(sitting.columns, row, strict=True))
        steps = [
            typed(dict(zip(action.columns, each, strict=True)))
            for each in connection.execute(
                f"SELECT {', '.join(action.columns)} FROM sitting_action WHERE sitting_id = ? ORDER BY n",
                (values["id"],),
            )
        ]
        try:
            replay(sitting_of(typed(values)), [(action_of(step), step.at) for step in steps])
        except IllegalMove as error:
            yield f"an exam cannot have gone as it is said to have ({error})"
        except (ValueError, KeyError, TypeError, AttributeError):
            # A row of it has no meaning, which has been told.
            continue
