"""Two histories become one: the union of both, the same whichever is brought to the other, and however often.

Answers have ids of their own, so theirs is a plain union. An exam is one thing with all that was done in it. Where one
machine has gone on with an exam and the other has not, the longer course holds. Where both have gone on, each course is
kept: the further one under the exam's id, the other one as an exam of its own, with an id that follows from the course.
Of places in lessons, notes, bookmarks and goals, the later holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from studyapp.exams.sitting import IllegalMove, replay
from studyapp.store import memories
from studyapp.store.encoding import action_of, sitting_of
from studyapp.store.history import Record, refuse
from studyapp.store.rows import TABLES, Table, Values, typed

BY_KIND = {table.kind: table for table in TABLES}
ENDINGS = ("hand-in", "expire")


@dataclass(frozen=True, slots=True)
class Merged:
    """What came in that was not here: answers, exams (or what was done in them), and what was here already."""

    answers: int
    exams: int
    known: int


@dataclass(slots=True)
class _Course:
    """An exam with all that was done in it."""

    sitting: Values
    actions: list[Values] = field(default_factory=list)
    result: Values | None = None
    line: int = 0

    def steps(self) -> list[list[Any]]:
        """What was done, whichever exam it was done in."""
        return [[value for name, value in action.items() if name != "sitting_id"] for action in self.actions]

    def rank(self) -> tuple[bool, int, str]:
        """How far it went: what is handed in before what is not, more steps before fewer, then by chance."""
        ended = bool(self.actions) and self.actions[-1]["kind"] in ENDINGS
        return ended, len(self.actions), self.mark()

    def mark(self) -> str:
        """A short name of the course, which another course does not have."""
        return sha256(json.dumps(self.steps()).encode()).hexdigest()[:10]

    def named(self, sitting_id: str) -> _Course:
        """The same course as an exam of another id."""
        actions: list[Values] = [{**each, "sitting_id": sitting_id} for each in self.actions]
        result = None if self.result is None else {**self.result, "sitting_id": sitting_id}
        return _Course({**self.sitting, "id": sitting_id}, actions, result, self.line)


def merge(connection: Connection, incoming: Iterable[Record], path: Path) -> Merged:
    """Bring the rows of a history into a store, inside the transaction of the caller.

    Raises:
        StoreError: a row contradicts another one, in the file or here; it says in which line.
    """
    answers = exams = known = 0
    courses: dict[str, _Course] = {}
    called: dict[str, str] = {}
    touched: set[memories.Family] = set()
    settled = False
    for kind, some in groupby(incoming, key=lambda record: record.table.kind):
        if kind in ("sitting", "action", "result"):
            _gather(courses, some, path)
            continue
        if not settled:
            settled = True
            exams = _settle(connection, courses, called, touched, path)
        for record in some:
            if kind == "review":
                values = _renamed(record, courses, called, path)
                added = _add(connection, record.table, values, path, record.line)
                answers, known = answers + added, known + (not added)
                if added:
                    touched.add((values["pack"], values["question_id"]))
            else:
                _later(connection, record.table, record.values)
    if not settled:
        exams = _settle(connection, courses, called, touched, path)
    memories.refold(connection, touched)
    return Merged(answers, exams, known)


def _gather(courses: dict[str, _Course], some: Iterable[Record], path: Path) -> None:
    """Put what was done in exams to its exam."""
    for record in some:
        values, kind = record.values, record.table.kind
        if kind == "sitting":
            if values["id"] in courses:
                refuse(path, record.line, "this exam stands there twice")
            courses[values["id"]] = _Course(values, line=record.line)
            continue
        course = courses.get(values["sitting_id"])
        if course is None:
            refuse(path, record.line, "it belongs to an exam that is not there")
        if kind == "result":
            course.result = values
        elif values["n"] != len(course.actions) + 1:
            refuse(path, record.line, f"what was done before it, number {len(course.actions) + 1}, is not there")
        else:
            course.actions.append(values)


def _settle(
    connection: Connection,
    courses: Mapping[str, _Course],
    called: dict[str, str],
    touched: set[memories.Family],
    path: Path,
) -> int:
    """Bring exams in; `called` gets the id of each that has another one here. Gives how many changed something."""
    changed = 0
    for sitting_id, theirs in sorted(courses.items()):
        _check(theirs, path)
        ours = _here(connection, sitting_id)
        if ours is None:
            changed += _write(connection, theirs, path)
            continue
        if dict(ours.sitting) != dict(theirs.sitting):
            refuse(path, theirs.line, "an exam of the same id that is here began otherwise")
        mine, other = ours.steps(), theirs.steps()
        common = min(len(mine), len(other))
        if mine[:common] == other[:common]:
            changed += _write(connection, theirs, path)
        elif ours.rank() > theirs.rank():
            called[sitting_id] = f"{sitting_id}~{theirs.mark()}"
            changed += _write(connection, theirs.named(called[sitting_id]), path)
        else:
            _rename(connection, ours, f"{sitting_id}~{ours.mark()}", touched)
            changed += _write(connection, theirs, path)
    return changed


def _check(course: _Course, path: Path) -> None:
    """Refuse an exam that cannot have gone so."""
    try:
        start = sitting_of(typed(course.sitting))
        replay(start, [(action_of(typed(each)), typed(each).at) for each in course.actions])
    except IllegalMove as error:
        refuse(path, course.line, f"an exam cannot have gone as this one is said to have ({error})")


def _here(connection: Connection, sitting_id: str) -> _Course | None:
    """An exam as it is here."""
    rows = {
        kind: rows_with(connection, BY_KIND[kind], "id" if kind == "sitting" else "sitting_id", sitting_id)
        for kind in ("sitting", "action", "result")
    }
    if not rows["sitting"]:
        return None
    return _Course(rows["sitting"][0], rows["action"], rows["result"][0] if rows["result"] else None)


def _write(connection: Connection, course: _Course, path: Path) -> bool:
    """Add what of an exam is not here; whether anything was."""
    added = [_add(connection, BY_KIND["sitting"], course.sitting, path, course.line)]
    added.extend(_add(connection, BY_KIND["action"], each, path, course.line) for each in course.actions)
    if course.result is not None:
        added.append(_add(connection, BY_KIND["result"], course.result, path, course.line))
    return any(added)


def _rename(connection: Connection, course: _Course, name: str, touched: set[memories.Family]) -> None:
    """Give an exam that is here another id, with its answers."""
    old = course.sitting["id"]
    if _here(connection, name) is None:
        _insert(connection, BY_KIND["sitting"], {**course.sitting, "id": name})
    for table, column in (("sitting_action", "sitting_id"), ("sitting_result", "sitting_id")):
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (name, old))
    for review in rows_with(connection, BY_KIND["review"], "sitting_id", old):
        values = (_review_id(review["id"], old, name), name, review["id"])
        connection.exec_driver_sql("UPDATE review SET id = ?, sitting_id = ? WHERE id = ?", values)
        touched.add((review["pack"], review["question_id"]))
    connection.exec_driver_sql("DELETE FROM sitting WHERE id = ?", (old,))


def _renamed(record: Record, courses: Mapping[str, _Course], called: Mapping[str, str], path: Path) -> Values:
    """An answer as it is here, where its exam may have another id."""
    values = record.values
    old = values["sitting_id"]
    if old is None:
        return values
    if old not in courses:
        refuse(path, record.line, "it belongs to an exam that is not there")
    new = called.get(old, old)
    return {**values, "id": _review_id(values["id"], old, new), "sitting_id": new}


def _review_id(review_id: str, old: str, new: str) -> str:
    """The id of an exam's answer when the exam has another id."""
    return f"{new}{review_id.removeprefix(old)}" if review_id.startswith(f"{old}:") else f"{new}:{review_id}"


def _add(connection: Connection, table: Table, values: Values, path: Path, line: int) -> bool:
    """Add a row unless it is here; whether it was not."""
    if _insert(connection, table, values):
        return True
    condition = " AND ".join(f"{name} = ?" for name in table.key)
    query = f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {condition}"
    there = connection.exec_driver_sql(query, tuple(values[name] for name in table.key)).one()
    if tuple(there) != tuple(values[name] for name in table.columns):
        refuse(path, line, f"another {table.kind} of the same id is here")
    return False


def _later(connection: Connection, table: Table, values: Values) -> None:
    """Keep the later of a row and the one that is here; of two of one moment the same on every machine."""
    if _insert(connection, table, values):
        return
    condition = " AND ".join(f"{name} = ?" for name in table.key)
    key = tuple(values[name] for name in table.key)
    query = f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {condition}"
    there = dict(zip(table.columns, connection.exec_driver_sql(query, key).one(), strict=True))

    def rank(row: Values) -> tuple[str, list[str]]:
        return row["at"], [str(row[name]).rjust(30) for name in table.columns]

    if rank(values) > rank(there):
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {condition}", key)
        _insert(connection, table, values)


def _insert(connection: Connection, table: Table, values: Values) -> bool:
    """Add a row unless its key is taken; whether it was added."""
    marks = ", ".join("?" for _ in table.columns)
    keys = ", ".join(table.key)
    statement = (
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks}) ON CONFLICT ({keys}) DO NOTHING"
    )
    return connection.exec_driver_sql(statement, tuple(values[name] for name in table.columns)).rowcount > 0


def rows_with(connection: Connection, table: Table, column: str, value: str) -> list[Values]:
    """The rows in which a column has a value, in the order of their keys."""
    order = ", ".join(table.key)
    query = f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {column} = ? ORDER BY {order}"
    return [dict(zip(table.columns, row, strict=True)) for row in connection.exec_driver_sql(query, (value,))]
