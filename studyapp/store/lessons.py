"""What is remembered of lessons: where somebody is, what they noted, and what they thought would happen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from studyapp.store.encoding import mark_of, mark_row, place_of, place_row, prediction_of, prediction_row
from studyapp.store.tables import GoalRow, MarkRow, PlaceRow, PredictionRow
from studyapp.study.marks import Mark, Prediction
from studyapp.study.review import LessonPlace


def after(known: GoalRow | MarkRow | PlaceRow | None, at: datetime) -> datetime:
    """A time after that of the row that is to be replaced: what somebody does last holds here, and on every machine
    that this one is brought to, though a clock that ran ahead has been set back since.
    """
    return at if known is None or known.at <= at else known.at + timedelta.resolution


class LessonRecords(ABC):
    """The part of the store that is about lessons."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Session]:
        """A session that only reads. Raises StoreError."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Session]:
        """A session whose work is on disk at its end, or not done at all. Raises StoreError."""

    def set_lesson_place(self, place: LessonPlace) -> None:
        """Remember where somebody is in a lesson, also where the clock has been set back since the last time.

        Raises:
            StoreError: it has not been remembered.
        """
        with self._writing() as session:
            known = session.get(PlaceRow, (place.pack, place.lesson_id))
            session.merge(place_row(replace(place, at=after(known, place.at))))

    def lesson_place(self, pack: str, lesson_id: str) -> LessonPlace | None:
        """Where somebody is in a lesson; None when it has never been opened."""
        with self._reading() as session:
            row = session.get(PlaceRow, (pack, lesson_id))
            return None if row is None else place_of(row)

    def lesson_places(self, pack: str) -> tuple[LessonPlace, ...]:
        """Where somebody is in each lesson of a pack that has been opened, the last opened first."""
        query = select(PlaceRow).where(col(PlaceRow.pack) == pack).order_by(col(PlaceRow.at).desc())
        with self._reading() as session:
            return tuple(place_of(row) for row in session.scalars(query))

    def set_mark(self, mark: Mark) -> None:
        """Remember a note or a bookmark, or that it was taken away, also where the clock has been set back since.

        Raises:
            StoreError: it has not been remembered.
        """
        with self._writing() as session:
            known = session.get(MarkRow, (mark.pack, mark.lesson_id, mark.heading, mark.kind))
            session.merge(mark_row(replace(mark, at=after(known, mark.at))))

    def marks(self, pack: str) -> tuple[Mark, ...]:
        """The notes and bookmarks in a pack that have not been taken away, the oldest first."""
        query = select(MarkRow).where(col(MarkRow.pack) == pack, col(MarkRow.text) != "").order_by(col(MarkRow.at))
        with self._reading() as session:
            return tuple(mark_of(row) for row in session.scalars(query))

    def record_prediction(self, prediction: Prediction) -> None:
        """Remember what somebody thought; the same one again changes nothing.

        Raises:
            StoreError: it has not been remembered.
        """
        with self._writing() as session:
            if session.get(PredictionRow, prediction.id) is None:
                session.add(prediction_row(prediction))

    def predictions(self, pack: str) -> tuple[Prediction, ...]:
        """What somebody thought in a pack, the oldest first."""
        query = select(PredictionRow).where(col(PredictionRow.pack) == pack)
        with self._reading() as session:
            rows = session.scalars(query.order_by(col(PredictionRow.at), col(PredictionRow.id)))
            return tuple(prediction_of(row) for row in rows)
