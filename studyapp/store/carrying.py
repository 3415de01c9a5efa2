"""What was learned in a pack is copied to the pack that it is called now.

A pack says by itself what it was called before, and anybody may say so: therefore nothing is ever taken from a pack.
What is copied has ids that follow from what it was copied from, so that copying it again changes nothing, on whichever
machine, and that a copy of a copy, or one that comes back, does not count beside what is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from studyapp.store.history import Record
from studyapp.store.merging import BY_KIND, ENDINGS, merge, rows_with
from studyapp.store.rows import LONGEST_NAME, TABLES, Table, Values

LONGEST_REST = 90
"""Characters of what tells the answers of one exam apart, in their ids."""
_COPIED = re.compile(r"@[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Left:
    """What was learned under another name and is not here: answers, exams that were handed in, places in lessons."""

    answers: int
    exams: int
    lessons: int

    def __bool__(self) -> bool:
        return bool(self.answers or self.exams or self.lessons)


def left(connection: Connection, old: str, new: str) -> Left:
    """What copying from one pack to another would add."""
    found = {"review": 0, "sitting": 0, "place": 0}
    for record in copies(connection, old, new):
        if record.table.kind in found:
            found[record.table.kind] += 1
    return Left(*found.values())


def carry(connection: Connection, old: str, new: str, path: Path) -> None:
    """Copy what was learned in a pack to another, inside the transaction of the caller. `path` is that of the store.

    Raises:
        StoreError: what is there contradicts itself.
    """
    merge(connection, list(copies(connection, old, new)), path)


def copies(connection: Connection, old: str, new: str) -> Iterator[Record]:
    """The rows that are to be there, but for those that are; an exam that is open stays with its pack."""
    exams = [each["id"] for each in rows_with(connection, BY_KIND["sitting"], "pack", old)]
    ended = {
        sitting
        for (sitting,) in connection.exec_driver_sql(
            f"SELECT sitting_id FROM sitting_action WHERE kind IN ({', '.join('?' for _ in ENDINGS)})", ENDINGS
        )
    }
    there = {table.kind: _there(connection, table, new) for table in TABLES if "pack" in table.columns}
    named = {name: _id(name, new) for name in exams if name in ended}
    carried = {name: copy for name, copy in named.items() if _root(copy) not in there["sitting"]}
    for table in TABLES:
        if "pack" not in table.columns:
            for sitting in carried:
                yield from (
                    Record(table, {**row, "sitting_id": carried[sitting]}, 0)
                    for row in rows_with(connection, table, "sitting_id", sitting)
                )
            continue
        for row in rows_with(connection, table, "pack", old):
            made = _copy(table, row, new, carried)
            if made is not None and _key(table, made) not in there[table.kind]:
                yield Record(table, made, 0)


def _copy(table: Table, row: Values, new: str, exams: dict[str, str]) -> Values | None:
    """A row as it is to be in the other pack; None for what belongs to an exam that is not copied."""
    made = {**row, "pack": new}
    if table.kind == "sitting":
        return {**made, "id": exams[row["id"]]} if row["id"] in exams else None
    sitting = row.get("sitting_id")
    if sitting is not None:
        if sitting not in exams:
            return None
        rest = _root(row["id"]).removeprefix(f"{_root(sitting)}:")
        return {**made, "id": f"{exams[sitting]}:{_short(rest, LONGEST_REST)}", "sitting_id": exams[sitting]}
    return {**made, "id": _id(row["id"], new)} if "id" in row else made


def _there(connection: Connection, table: Table, pack: str) -> set[Any]:
    """What tells the rows of a pack apart, whatever they were copied from."""
    return {_key(table, row) for row in rows_with(connection, table, "pack", pack)}


def _key(table: Table, row: Values) -> Any:
    return _root(row["id"]) if "id" in row else tuple(row[name] for name in table.key)


def _root(name: str) -> str:
    """The id that something had before it was copied."""
    return _COPIED.sub("", name)


def _id(name: str, pack: str) -> str:
    """The id of a copy."""
    return _short(f"{_root(name)}@{pack}", LONGEST_NAME - LONGEST_REST - 1)


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else sha256(name.encode()).hexdigest()
