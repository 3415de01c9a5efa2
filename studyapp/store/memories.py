"""What is derived of the answers: a memory for each family, kept beside them and made again from them.

Functions that take a connection work inside the transaction of their caller, so that an answer and what follows from
it are on disk together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, tuple_
from sqlalchemy.dialects.sqlite import insert as insert_or_replace
from sqlmodel import SQLModel

from studyapp.store.tables import DerivedRow, MemoryRow, ReviewRow
from studyapp.study.review import Review
from studyapp.study.schedule import VERSION, Memory, follows, recall, remember

REVIEW = SQLModel.metadata.tables[str(ReviewRow.__tablename__)]
MEMORY = SQLModel.metadata.tables[str(MemoryRow.__tablename__)]
DERIVED = SQLModel.metadata.tables[str(DerivedRow.__tablename__)]

Family = tuple[str, str]
"""A pack and a question's id, as it was when it was answered."""

BATCH = 500
"""Rows that are written by one statement."""

_VALUES = tuple(column for column in MEMORY.c if column.name not in ("pack", "question_id"))
_KEY = (MEMORY.c.pack, MEMORY.c.question_id)
_COUNTS = tuple(
    REVIEW.c[name]
    for name in (
        "pack",
        "question_id",
        "id",
        "variant_number",
        "points",
        "out_of",
        "verdict",
        "certainty",
        "shown_at",
        "answered_at",
    )
)
"""What of an answer a memory is made of."""

_put = insert_or_replace(MEMORY)
_PUT = _put.on_conflict_do_update(index_elements=_KEY, set_={each.name: _put.excluded[each.name] for each in _VALUES})


def memory_of(row: Any) -> Memory:
    """The memory in a row with the columns of `MemoryRow`, without its key."""
    return Memory(*row)


def fold_in(connection: Connection, review: Review) -> None:
    """Bring the memory of a family up to date with an answer to it that has just been added."""
    family = (review.pack, review.question_id)
    row = connection.execute(
        select(*_VALUES).where(MEMORY.c.pack == review.pack, MEMORY.c.question_id == review.question_id)
    ).first()
    memory = None if row is None else memory_of(row)
    if memory is None or follows(memory, review):
        connection.execute(_PUT, _row(family, remember(memory, review)))
    else:
        refold(connection, [family])


def refold(connection: Connection, families: Collection[Family]) -> None:
    """Make the memories of some families again from all answers to them."""
    wanted = sorted(set(families))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        rows = [_row(*each) for each in made(connection, tuple_(REVIEW.c.pack, REVIEW.c.question_id).in_(some))]
        if rows:
            connection.execute(_PUT, rows)


def made(connection: Connection, where: ColumnElement[bool] | None = None) -> Iterator[tuple[Family, Memory]]:
    """The memories that the answers come to, family by family in order; of all, or of those that meet a condition."""
    query = select(*_COUNTS).order_by(REVIEW.c.pack, REVIEW.c.question_id, REVIEW.c.answered_at, REVIEW.c.id)
    rows = connection.execution_options(yield_per=10_000).execute(query if where is None else query.where(where))
    for family, answers in groupby(rows, key=lambda row: (row.pack, row.question_id)):
        memory = recall(answers)
        assert memory is not None, "a group has answers"
        yield family, memory


def kept(connection: Connection, pack: str | None = None) -> Iterator[tuple[Family, Memory]]:
    """The memories that are kept, family by family in order."""
    query = select(*_KEY, *_VALUES).order_by(*_KEY)
    for row in connection.execute(query if pack is None else query.where(MEMORY.c.pack == pack)):
        yield (row[0], row[1]), Memory(*row[2:])


def is_current(connection: Connection) -> bool:
    """The memories have been made by this version of the schedule."""
    found = connection.execute(select(DERIVED.c.version).where(DERIVED.c.name == MEMORY.name)).scalar()
    return bool(found == VERSION)


def bring_up_to_date(engine: Engine) -> None:
    """Make every memory anew unless this version of the schedule has made them. It begins its own transactions."""
    with engine.connect() as connection:
        if is_current(connection):
            return
    with engine.execution_options(writes=True).begin() as connection:
        # Another program may have done it while this one waited for its turn.
        if not is_current(connection):
            rebuild(connection)


def differences(connection: Connection) -> tuple[Family, ...]:
    """The families whose kept memory is not what their answers come to."""
    there, wanted = dict(kept(connection)), dict(made(connection))
    return tuple(family for family in sorted({*there, *wanted}) if there.get(family) != wanted.get(family))


def rebuild(connection: Connection) -> None:
    """Make every memory anew."""
    connection.execute(delete(MEMORY))
    for some in _batches(made(connection)):
        connection.execute(insert(MEMORY), some)
    connection.execute(delete(DERIVED).where(DERIVED.c.name == MEMORY.name))
    connection.execute(insert(DERIVED), {"name": MEMORY.name, "version": VERSION})


def called_now(
    connection: Connection, pack: str, memories: Mapping[str, Memory], called: Mapping[str, str]
) -> dict[str, Memory]:
    """Memories by the ids that their questions have now; those of a family that had another id are made one."""
    groups: dict[str, list[str]] = {}
    for question in memories:
        now = called.get(question)
        if now is not None:
            groups.setdefault(now, []).append(question)
    found = {now: memories[ids[0]] for now, ids in groups.items()}
    for now, ids in groups.items():
        if len(ids) > 1:
            query = select(*_COUNTS).where(REVIEW.c.pack == pack, REVIEW.c.question_id.in_(ids))
            whole = recall(connection.execute(query))
            assert whole is not None, "each of the ids has answers"
            found[now] = whole
    return found


def _row(family: Family, memory: Memory) -> dict[str, Any]:
    return {"pack": family[0], "question_id": family[1], **{name: getattr(memory, name) for name in memory.__slots__}}


def _batches(each: Iterable[tuple[Family, Memory]]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for family, memory in each:
        rows.append(_row(family, memory))
        if len(rows) >= BATCH:
            yield rows
            rows = []
    if rows:
        yield rows
