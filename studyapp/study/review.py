"""What is remembered of one answer: written once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studyapp.exams.clock import utc

if TYPE_CHECKING:
    # Only for its type: what is known of the past is looked at before any question is.
    from studyapp.questions.response import Response

CERTAINTIES = ("guess", "think-so", "sure")
"""Those of `questions.question`, which the first screen need not wait for."""

VERDICTS = ("right", "partly", "wrong")


@dataclass(frozen=True, slots=True)
class Review:
    """One answer to one variant.

    `id` is made by whoever records it, so that recording twice counts once. The variant is the one that `seed` picks in
    the family with this `digest`; `model_version` is that of the model that graded it. `response` has the form of its
    kind of question. `misconception` names the belief that explains the answer, if one does; `certainty` is one of
    `CERTAINTIES`, or None when nobody asked. Times are aware. `sitting_id` is the exam it was part of, if any.

    Raises:
        NaiveTime: a time has no time zone.
        ValueError: a verdict or certainty that does not exist.
    """

    id: str
    pack: str
    question_id: str
    seed: int
    variant_number: int
    digest: str
    model_version: str
    response: Response
    points: float
    out_of: float
    verdict: str
    misconception: str | None
    certainty: str | None
    shown_at: datetime
    answered_at: datetime
    sitting_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be read back with its meaning."""
        utc(self.shown_at)
        utc(self.answered_at)
        if self.verdict not in VERDICTS:
            raise ValueError(f"{self.verdict} is no verdict")
        if self.certainty is not None and self.certainty not in CERTAINTIES:
            raise ValueError(f"{self.certainty} is no certainty")


@dataclass(frozen=True, slots=True)
class LessonPlace:
    """How far somebody has read a lesson: the section, counted from 0, and whether they have reached its end."""

    pack: str
    lesson_id: str
    section: int
    finished: bool
    at: datetime

    def __post_init__(self) -> None:
        """Refuse what could not be read back with its meaning."""
        utc(self.at)
        if self.section < 0:
            raise ValueError("sections are counted from 0")
