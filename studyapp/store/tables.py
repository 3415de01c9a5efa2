"""The tables, as classes. Rows are dumb: `store.py` reads and writes them, everybody else sees the domain's own values.

`review`, `sitting`, `sitting_action` and `sitting_result` are only ever added to. What else is known about a learner
derives from them: `memory` is such, kept so that nothing has to be folded when the next question is chosen, and
`derived` says what it was made by. `lesson_place`, `goal` and `mark` keep the last only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from studyapp.exams.clock import utc


class Moment(TypeDecorator[datetime]):
    """An aware time as text in UTC, always of the same length, so that its order as text is that of time.

    Raises NaiveTime when a time without a zone is written or asked for.
    """

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """To text."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """From text."""
        return None if value is None else datetime.fromisoformat(value)


def moment_text(moment: datetime) -> str:
    """How a time is kept."""
    return utc(moment).isoformat(timespec="microseconds")


class ReviewRow(SQLModel, table=True):
    """One answer; see `study.review.Review`. `response` is JSON, as `encoding` writes it."""

    __tablename__ = "review"
    __table_args__ = (
        Index("ix_review_question", "pack", "question_id", "answered_at"),
        Index("ix_review_time", "pack", "answered_at"),
    )
    id: str = Field(primary_key=True)
    pack: str
    question_id: str
    seed: int
    variant_number: int
    digest: str
    model_version: str
    response: str
    points: float
    out_of: float
    verdict: str
    misconception: str | None = None
    certainty: str | None = None
    shown_at: datetime = Field(sa_type=Moment)
    answered_at: datetime = Field(sa_type=Moment)
    sitting_id: str | None = Field(default=None, foreign_key="sitting.id")


class SittingRow(SQLModel, table=True):
    """A sitting as it began; `form` is its questions as JSON."""

    __tablename__ = "sitting"
    __table_args__ = (Index("ix_sitting_pack", "pack", "started"),)
    id: str = Field(primary_key=True)
    pack: str
    blueprint_id: str
    form: str
    started: datetime = Field(sa_type=Moment)
    ends: datetime = Field(sa_type=Moment)
    extra: float


class ActionRow(SQLModel, table=True):
    """The `n`th thing done in a sitting; `item` and `response` (JSON) where the kind has them."""

    __tablename__ = "sitting_action"
    sitting_id: str = Field(primary_key=True, foreign_key="sitting.id")
    n: int = Field(primary_key=True)
    kind: str
    item: int | None = None
    response: str | None = None
    at: datetime = Field(sa_type=Moment)


class ResultRow(SQLModel, table=True):
    """What a sitting was worth when it was handed in."""

    __tablename__ = "sitting_result"
    sitting_id: str = Field(primary_key=True, foreign_key="sitting.id")
    points: float
    out_of: float
    scaled: int
    passed: bool
    ended: datetime = Field(sa_type=Moment)


class PlaceRow(SQLModel, table=True):
    """Where somebody is in a lesson."""

    __tablename__ = "lesson_place"
    pack: str = Field(primary_key=True)
    lesson_id: str = Field(primary_key=True)
    section: int
    finished: bool
    at: datetime = Field(sa_type=Moment)


class MemoryRow(SQLModel, table=True):
    """What the answers to one family come to; see `study.schedule.Memory`. It is made from `review`."""

    __tablename__ = "memory"
    __table_args__ = (Index("ix_memory_due", "pack", "due"),)
    pack: str = Field(primary_key=True)
    question_id: str = Field(primary_key=True)
    state: int
    step: int | None = None
    stability: float
    difficulty: float
    due: datetime = Field(sa_type=Moment)
    last_at: datetime = Field(sa_type=Moment)
    last_id: str
    verdict: str
    variant_number: int
    answers: int
    lapses: int
    seconds: float
    first: float
    recalls: int
    recalled: float
    expected: float
    spread: float
    leaning: float
    spread_depth: float
    spread_depth2: float


class DerivedRow(SQLModel, table=True):
    """What a derived table was made by."""

    __tablename__ = "derived"
    name: str = Field(primary_key=True)
    version: str


class GoalRow(SQLModel, table=True):
    """What somebody studies a pack for; see `study.agenda.Goal`. `exam_day` is a date as text."""

    __tablename__ = "goal"
    pack: str = Field(primary_key=True)
    exam_day: str | None = None
    minutes: int
    at: datetime = Field(sa_type=Moment)


class MarkRow(SQLModel, table=True):
    """A note or a bookmark, the last of its kind at its place; see `study.marks.Mark`."""

    __tablename__ = "mark"
    pack: str = Field(primary_key=True)
    lesson_id: str = Field(primary_key=True)
    heading: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    text: str
    at: datetime = Field(sa_type=Moment)


class PredictionRow(SQLModel, table=True):
    """What somebody thought would happen; see `study.marks.Prediction`."""

    __tablename__ = "prediction"
    __table_args__ = (Index("ix_prediction_pack", "pack", "at"),)
    id: str = Field(primary_key=True)
    pack: str
    lesson_id: str
    claim: str
    said: str
    came: str
    certainty: str
    at: datetime = Field(sa_type=Moment)
