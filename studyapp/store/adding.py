"""Adds what is only ever added to: once, under its key, and with what follows from it."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from studyapp.store import memories
from studyapp.store.encoding import review_values
from studyapp.store.errors import ELSEWHERE, StoreError
from studyapp.study.review import Review

REVIEW = SQLModel.metadata.tables["review"]

_ADD_REVIEW = insert(REVIEW).on_conflict_do_nothing(index_elements=[REVIEW.c.id])


def add_once(session: Session, row: SQLModel, key: object) -> None:
    """Add a row unless it is there already.

    Raises:
        StoreError: another row stands under its key.
    """
    there = session.get(type(row), key)
    if there is None:
        session.add(row)
    elif there.model_dump() != row.model_dump():
        raise _gone_on_elsewhere()


def add_review(connection: Connection, review: Review) -> None:
    """Add an answer and what follows from it, unless it is there already.

    Raises:
        StoreError: another answer stands under its id.
    """
    values = review_values(review)
    if connection.execute(_ADD_REVIEW, values).rowcount:
        memories.fold_in(connection, review)
        return
    there = connection.execute(select(REVIEW).where(REVIEW.c.id == review.id)).one()
    if dict(there._mapping) != values:
        raise _gone_on_elsewhere()


def _gone_on_elsewhere() -> StoreError:
    return StoreError(
        "This has been gone on with in another window of studyapp.",
        "What was done there is kept.",
        "Close one of the windows, then open this again.",
        reason=ELSEWHERE,
    )
