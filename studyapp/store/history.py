"""All that is remembered as lines of JSON, out of a store and into another one.

The first line says what this is, the last how many lines came between; each line ends with a sum over itself and the
sum before it. So whatever is changed, left out, doubled, moved or cut off shows in the first line where it does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NoReturn

from sqlalchemy import Connection

from studyapp.store.errors import DAMAGED, NEWER, UNREACHABLE, StoreError
from studyapp.store.rows import TABLES, Table, Values, fault

FORMAT = 1
LONGEST_LINE = 1_000_000
"""Bytes of a line; the longest that is ever written is far shorter."""

_SUM = 16
_LINE = re.compile(rb'(\{.+),"sum":"([0-9a-f]{%d})"\}\n' % _SUM, re.DOTALL)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a history, and the line that it stands in."""

    table: Table
    values: Values
    line: int


def lines(connection: Connection) -> Iterator[str]:
    """The history as lines, each with its line end; of the same rows always the same lines."""
    chain = _Chain()
    yield chain.line({"kind": "history", "format": FORMAT})
    count = 0
    for table in TABLES:
        columns, key = ", ".join(table.columns), ", ".join(table.key)
        rows = connection.exec_driver_sql(f"SELECT {columns} FROM {table.name} ORDER BY {key}")
        for row in rows:
            count += 1
            yield chain.line({"kind": table.kind, "row": dict(zip(table.columns, row, strict=True))})
    yield chain.line({"kind": "end", "lines": count})


def records(path: Path) -> Iterator[Record]:
    """The rows of a history in a file; each has been looked at, but not what one has to do with another.

    Raises:
        StoreError: something in it is not as it was written, or never was; it says in which line.
    """
    try:
        with path.open("rb") as source:
            yield from _read(source, path)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be read ({error.strerror or error}).",
            "Nothing has been imported.",
            "Check its name, and that it may be read.",
            reason=UNREACHABLE,
        ) from error


def refuse(path: Path, line: int, what: str) -> NoReturn:
    """Say what is wrong in a line."""
    raise StoreError(
        f"{path}, line {line}: {what}.",
        "Nothing has been imported.",
        'Write it again with "studyapp history export", and copy it whole.',
        reason=DAMAGED,
    )


def _read(source: IO[bytes], path: Path) -> Iterator[Record]:
    chain = _Chain()
    kinds = {table.kind: place for place, table in enumerate(TABLES)}
    number, place = 0, 0
    while True:
        raw = source.readline(LONGEST_LINE + 1)
        number += 1
        if not raw:
            refuse(path, number, "the file ends before its last line")
        said = _said(raw, chain, path, number)
        kind = said.get("kind")
        if number == 1:
            _check_first(said, path)
        elif kind == "end":
            if said != {"kind": "end", "lines": number - 2}:
                refuse(path, number, f"it does not end a history of {number - 2} lines")
            if source.read(1):
                refuse(path, number + 1, "something stands behind the last line")
            return
        else:
            if not isinstance(kind, str) or kind not in kinds or set(said) != {"kind", "row"}:
                refuse(path, number, "it is no line of a history")
            if kinds[kind] < place:
                refuse(path, number, f"a {kind} stands behind what belongs behind it")
            place = kinds[kind]
            row = said["row"]
            wrong = fault(TABLES[place], row) if isinstance(row, dict) else "it has no row"
            if wrong is not None:
                refuse(path, number, wrong)
            yield Record(TABLES[place], row, number)


def _check_first(said: dict[str, Any], path: Path) -> None:
    form = said.get("format")
    if said.get("kind") != "history" or not isinstance(form, int):
        refuse(path, 1, "this is no history of studyapp")
    if form != FORMAT:
        raise StoreError(
            f"{path} was written by a newer studyapp (format {form}; this one reads {FORMAT}).",
            "Nothing has been imported.",
            "Update studyapp on this machine.",
            reason=NEWER,
        )


def _said(raw: bytes, chain: _Chain, path: Path, number: int) -> dict[str, Any]:
    """What a line says, once its sum is right."""
    if len(raw) > LONGEST_LINE:
        refuse(path, number, "it is longer than any line of a history")
    found = _LINE.fullmatch(raw)
    if found is None:
        what = "it is cut off" if not raw.endswith(b"\n") and number > 1 else "this is no line of a history of studyapp"
        refuse(path, number, what)
    if chain.next(found[1]) != found[2].decode():
        refuse(path, number, "it is damaged, or a line before it is missing: its sum is another")
    try:
        said = json.loads(found[1] + b"}")
    except (ValueError, RecursionError):
        refuse(path, number, "it is no JSON")
    if not isinstance(said, dict):
        refuse(path, number, "it is no line of a history of studyapp")
    return said


class _Chain:
    """The sums of lines, each over the line and the sum before."""

    def __init__(self) -> None:
        self._last = b""

    def next(self, body: bytes) -> str:
        """The sum of the next line, of which this is all before the sum."""
        found = sha256(self._last + body).hexdigest()[:_SUM]
        self._last = found.encode()
        return found

    def line(self, said: dict[str, Any]) -> str:
        """The next line."""
        body = json.dumps(said, separators=(",", ":"), allow_nan=False)[:-1]
        return f'{body},"sum":"{self.next(body.encode())}"}}\n'
