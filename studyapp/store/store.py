"""The store: everything remembered about a learner, in one SQLite file.

A method that writes is one transaction, on disk when it returns. Answers and sittings are only ever added, under ids
that whoever records them has made: recording the same thing again, because nobody knew whether it had arrived, changes
nothing. Every failure is a `StoreError`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, Select, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlmodel import SQLModel, col

from studyapp.exams.clock import utc
from studyapp.exams.sitting import HANDED_IN, MOVES, RUNNING, Kept, Sitting, replay
from studyapp.store import carrying, figures, history, memories
from studyapp.store.adding import add_once, add_review
from studyapp.store.carrying import Left
from studyapp.store.encoding import (
    action_of,
    action_row,
    goal_of,
    goal_row,
    record_of,
    result_row,
    review_of,
    sitting_of,
    sitting_row,
)
from studyapp.store.errors import BUSY, CLOSED, ELSEWHERE, NOTHING_LOST, StoreError, folder_refused, told
from studyapp.store.figures import Figures, Span
from studyapp.store.lessons import LessonRecords, after
from studyapp.store.memories import Family
from studyapp.store.merging import Merged, merge
from studyapp.store.records import SittingRecord, SittingResult
from studyapp.store.schema import CURRENT, WAIT_MS, connector, schema_of, use_journal
from studyapp.store.tables import ActionRow, GoalRow, ResultRow, SittingRow
from studyapp.study.agenda import Goal
from studyapp.study.review import Review
from studyapp.study.schedule import Memory

REVIEW = SQLModel.metadata.tables["review"]
SITTING = SQLModel.metadata.tables["sitting"]

ENDINGS = tuple(kind for kind, phase in MOVES[RUNNING].items() if phase == HANDED_IN)
"""The kinds of action that end a sitting."""


class Store(LessonRecords):
    """What is remembered in the file at `path`. Open it before use, and close it after.

    `wait_ms` is how long another program may hold the file before that is an error; `parameters` are SQLite's own for
    opening files. One thread at a time may use it, any thread may.
    """

    def __init__(self, path: Path, *, wait_ms: int = WAIT_MS, parameters: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.journal = ""
        self._connect = connector(path, wait_ms, parameters)
        self._wait_ms = wait_ms
        self._engine: Engine | None = None
        self._writing_engine: Engine | None = None

    def open(self) -> Store:
        """Open the file, make it if there is none, and bring its schema up to date.

        Raises:
            StoreError: it cannot be used; what was in it has not been changed.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise folder_refused(error, self.path.parent) from error
        engine = self._make_engine()
        try:
            with self._telling():
                self._prepare(engine)
        except StoreError:
            engine.dispose()
            raise
        self._engine, self._writing_engine = engine, engine.execution_options(writes=True)
        return self

    def close(self) -> None:
        """Let go of the file. Closing twice does nothing."""
        engine, self._engine, self._writing_engine = self._engine, None, None
        if engine is not None:
            engine.dispose()

    def __enter__(self) -> Store:
        return self if self._engine is not None else self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- answers ------------------------------------------------------------------------------------------------------

    def record_review(self, review: Review) -> None:
        """Remember an answer.

        Raises:
            StoreError: it has not been remembered.
        """
        with self._telling(), self._writes.begin() as connection:
            add_review(connection, review)

    def reviews(
        self, pack: str, *, question_id: str | None = None, sitting_id: str | None = None, since: datetime | None = None
    ) -> tuple[Review, ...]:
        """The answers given in a pack, the oldest first: all, or fewer by question, sitting or time."""
        query = select(REVIEW).where(REVIEW.c.pack == pack)
        if question_id is not None:
            query = query.where(REVIEW.c.question_id == question_id)
        if sitting_id is not None:
            query = query.where(REVIEW.c.sitting_id == sitting_id)
        if since is not None:
            query = query.where(REVIEW.c.answered_at >= utc(since))
        with self._reading() as session:
            rows = session.execute(query.order_by(REVIEW.c.answered_at, REVIEW.c.id))
            return tuple(review_of(row) for row in rows)

    def memories(self, pack: str, called: Mapping[str, str] | None = None) -> dict[str, Memory]:
        """What the answers to each family of a pack come to, by the ids of their questions.

        `called` gives the ids that questions have now by those that they have or had: others are left out, and the
        answers to one that was renamed are taken together.
        """
        with self._reading() as session:
            connection = session.connection()
            found = {question: memory for (_, question), memory in memories.kept(connection, pack)}
            return found if called is None else memories.called_now(connection, pack, found, called)

    def figures(self, pack: str, days: Sequence[Span], called: Mapping[str, str] | None = None) -> Figures:
        """Figures over all answers in a pack, for these days of the past; see `figures`."""
        with self._reading() as session:
            return figures.read(session.connection(), pack, days, called)

    # -- what for -----------------------------------------------------------------------------------------------------

    def set_goal(self, goal: Goal) -> None:
        """Remember what a pack is studied for, also where the clock has been set back since that was last said.

        Raises:
            StoreError: it has not been remembered.
        """
        with self._writing() as session:
            known = session.get(GoalRow, goal.pack)
            session.merge(goal_row(replace(goal, at=after(known, goal.at))))

    def goal(self, pack: str) -> Goal | None:
        """What a pack is studied for; None when nobody has said."""
        with self._reading() as session:
            row = session.get(GoalRow, pack)
            return None if row is None else goal_of(row)

    # -- exams --------------------------------------------------------------------------------------------------------

    def start_sitting(self, sitting: Sitting) -> None:
        """Remember that a sitting has begun.

        Raises:
            StoreError: another sitting in this pack has not been handed in, or it could not be remembered.
        """
        with self._writing() as session:
            other = session.execute(_open_sittings(sitting.pack).where(SITTING.c.id != sitting.id)).first()
            if other is not None:
                raise StoreError(
                    "An exam in this pack is still open.",
                    "It is as you left it, and its clock runs on.",
                    "Go on with it or hand it in, then start another.",
                    reason=ELSEWHERE,
                )
            add_once(session, sitting_row(sitting), sitting.id)

    def record_sitting_action(
        self, kept: Kept, *, reviews: Sequence[Review] = (), result: SittingResult | None = None
    ) -> None:
        """Remember what was done in a sitting; with the last action, what it was worth, all or nothing.

        Raises:
            StoreError: the sitting has been gone on with elsewhere, or it could not be remembered.
        """
        with self._writing() as session:
            add_once(session, action_row(kept), (kept.sitting_id, kept.n))
            for review in reviews:
                add_review(session.connection(), review)
            if result is not None:
                add_once(session, result_row(result), result.sitting_id)

    def load_sitting(self, sitting_id: str) -> Sitting | None:
        """A sitting as its actions have left it, running or handed in; None when there is none of that id."""
        with self._reading() as session:
            row = session.get(SittingRow, sitting_id)
            return None if row is None else _replayed(session, row)

    def load_open_sitting(self, pack: str) -> Sitting | None:
        """The sitting in a pack that has not been handed in, whether or not its time is up."""
        with self._reading() as session:
            found = session.execute(_open_sittings(pack)).first()
            row = None if found is None else session.get(SittingRow, found.id)
            return None if row is None else _replayed(session, row)

    def sittings(self, pack: str) -> tuple[SittingRecord, ...]:
        """All sittings in a pack, the newest first."""
        query = (
            select(SittingRow, ResultRow)
            .join(ResultRow, col(ResultRow.sitting_id) == col(SittingRow.id), isouter=True)
            .where(col(SittingRow.pack) == pack)
            .order_by(col(SittingRow.started).desc(), col(SittingRow.id))
        )
        with self._reading() as session:
            return tuple(record_of(row, result) for row, result in session.execute(query))

    # -- all of it ----------------------------------------------------------------------------------------------------

    def export_history(self) -> Iterator[str]:
        """All that is remembered as lines for another store, as it stands at one moment; see `history`."""
        with self._reading() as session:
            yield from history.lines(session.connection())

    def import_history(self, path: Path) -> Merged:
        """Bring in what the file of another store holds, all of it or nothing; see `merging`.

        Raises:
            StoreError: something in the file is not as it was written; nothing has been changed.
        """
        # The whole file is looked at before others are kept waiting for the lock.
        for _ in history.records(path):
            pass
        with self._telling("Nothing has been imported."), self._writes.begin() as connection:
            return merge(connection, history.records(path), path)

    def left_in(self, old: str, new: str) -> Left:
        """What was learned in a pack and is not in another, which says that it was called so; see `carrying`."""
        with self._reading() as session:
            return carrying.left(session.connection(), old, new)

    def carry_over(self, old: str, new: str) -> None:
        """Copy what was learned in a pack to another; it stays in the first.

        Raises:
            StoreError: it has not been copied.
        """
        with self._telling("Nothing has been copied."), self._writes.begin() as connection:
            carrying.carry(connection, old, new, self.path)

    def differences(self) -> tuple[Family, ...]:
        """The families whose memory is not what the answers to them come to; there are none unless something broke."""
        with self._reading() as session:
            return memories.differences(session.connection())

    def rebuild(self) -> None:
        """Make anew what is derived.

        Raises:
            StoreError: it could not be; everything is as it was.
        """
        with self._telling(), self._writes.begin() as connection:
            memories.rebuild(connection)

    # -- how it is done -----------------------------------------------------------------------------------------------

    def _make_engine(self) -> Engine:
        """An engine of one connection, whose transactions take the write lock at once where they are to write."""
        engine = create_engine(
            "sqlite://",
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=self._wait_ms / 1000,
        )

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # Taken later, the lock could be refused half-way, at a point where waiting no longer helps.
            writes = connection.get_execution_options().get("writes", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def _prepare(self, engine: Engine) -> None:
        """Look before anything is written: a file that is not ours, or newer, stays as it is."""
        connection = self._connect()
        try:
            schema = schema_of(connection, self.path)
            self.journal = use_journal(connection, self.path)
        finally:
            connection.close()
        if schema != CURRENT:
            from studyapp.store.migrate import upgrade

            upgrade(engine.execution_options(writes=True))
        memories.bring_up_to_date(engine)

    @contextmanager
    def _telling(self, kept: str = NOTHING_LOST) -> Iterator[None]:
        """Say for people what goes wrong with the file."""
        try:
            yield
        except DBAPIError as error:
            if isinstance(error.orig, sqlite3.Error):
                raise told(error.orig, self.path, kept=kept) from error
            raise
        except sqlite3.Error as error:
            raise told(error, self.path, kept=kept) from error
        except PoolTimeout as error:
            raise StoreError(
                f"Something else in this program is still using {self.path}.", kept, "Try again.", reason=BUSY
            ) from error

    def _opened(self) -> Engine:
        return self._unless_closed(self._engine)

    @property
    def _writes(self) -> Engine:
        """The engine for transactions that write."""
        return self._unless_closed(self._writing_engine)

    def _unless_closed(self, engine: Engine | None) -> Engine:
        if engine is None:
            raise StoreError(f"{self.path} is not open.", NOTHING_LOST, "Start studyapp again.", reason=CLOSED)
        return engine

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """A transaction that sees one state of the database throughout."""
        with self._telling(), Session(self._opened()) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A transaction that is on disk when this ends, and never happened when it raises."""
        with self._telling(), Session(self._writes) as session, session.begin():
            yield session


def _open_sittings(pack: str) -> Select[str]:
    """The ids of the sittings in a pack that no action has ended, the newest first."""
    ended = select(col(ActionRow.n)).where(col(ActionRow.sitting_id) == SITTING.c.id, col(ActionRow.kind).in_(ENDINGS))
    return select(SITTING.c.id).where(SITTING.c.pack == pack, ~ended.exists()).order_by(SITTING.c.started.desc())


def _replayed(session: Session, row: SittingRow) -> Sitting:
    """A sitting as its actions have left it."""
    query = select(ActionRow).where(col(ActionRow.sitting_id) == row.id).order_by(col(ActionRow.n))
    return replay(sitting_of(row), [(action_of(each), each.at) for each in session.scalars(query)])
