"""What somebody leaves in lessons: notes and bookmarks, and what they thought would happen before they watched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from studyapp.exams.clock import utc
from studyapp.questions.predictions import CHANCE, NO, YES
from studyapp.study.review import CERTAINTIES

NOTE, BOOKMARK = "note", "bookmark"
LONGEST_NOTE = 10_000
"""Characters."""
OUTCOMES = (YES, NO, CHANCE)
"""Whether something will be so: certainly, certainly not, or as chance has it."""
NEXT_STEP = "the next step of"
"""Begins what stands for a claim where somebody said what would come next; no claim begins so."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A note or a bookmark at a section of a lesson, which is known by its `heading`. Without a text it was taken away.

    Raises:
        NaiveTime: the time has no zone.
        ValueError: it is neither, or its text is too long.
    """

    pack: str
    lesson_id: str
    heading: str
    kind: str
    text: str
    at: datetime

    def __post_init__(self) -> None:
        """Refuse what could not be read back with its meaning."""
        utc(self.at)
        if self.kind not in (NOTE, BOOKMARK):
            raise ValueError(f"{self.kind} is no kind of mark")
        if len(self.text) > LONGEST_NOTE:
            raise ValueError(f"a note has at most {LONGEST_NOTE:,} characters")


@dataclass(frozen=True, slots=True)
class Prediction:
    """What somebody thought before a diagram was played: of the `claim` they `said` one of `OUTCOMES`, and it `came`
    out as one of them. Or what they thought would come next in a worked example: both are then steps in words. Written
    once, never changed; `id` is made by whoever records it.

    Raises:
        NaiveTime: the time has no zone.
        ValueError: an outcome or a certainty that does not exist.
    """

    id: str
    pack: str
    lesson_id: str
    claim: str
    said: str
    came: str
    certainty: str
    at: datetime

    def __post_init__(self) -> None:
        """Refuse what could not be read back with its meaning."""
        utc(self.at)
        steps = self.claim.startswith(NEXT_STEP) and self.said and self.came
        if not steps and (self.said not in OUTCOMES or self.came not in OUTCOMES):
            raise ValueError(f"{self.said} or {self.came} is no outcome")
        if self.certainty not in CERTAINTIES:
            raise ValueError(f"{self.certainty} is no certainty")
