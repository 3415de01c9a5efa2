"""What is remembered of lessons: where somebody is, what they noted, and what they thought would happen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from studyapp.store.encoding import mark_of, mark_row, place_of, place_row, prediction_of, prediction_row
from studyapp.store.tables import MarkRow, PlaceRow, PredictionRow
from studyapp.study.marks import Mark, Prediction
from studyapp.study.review import LessonPlace


class LessonRecords(ABC):
    """The part of the store that is about lessons."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Session]:
        """A session that only reads. Raises StoreError."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Session]:
        """A session whose work is on disk at its end, or not done at all. Raises StoreError."""

    def set_lesson_place(self, place: LessonPlace) -> None:
        """Remember where somebody is in a lesson; an older place than the one known is left out.

        Raises:
            StoreError: it has not been remembered.
        """
        with self._writing() as session:
            known = session.get(PlaceRow, (place.pack, place.lesson_id))
            if known is None or known.at <= place.at:
                session.merge(place_row(place))

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
        """Remember a note or a bookmark, or that it was taken away; an older one than the one known is left out.

        Raises:
            StoreError: it has not been remembered.
        """
        with self._writing() as session:
            known = session.get(MarkRow, (mark.pack, mark.lesson_id, mark.heading, mark.kind))
            if known is None or known.at <= mark.at:
                session.merge(mark_row(mark))

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
