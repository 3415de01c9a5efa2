"""What is remembered of an answer that has been graded."""

from __future__ import annotations

from datetime import datetime

from studyapp.questions.grading import Grade
from studyapp.questions.question import Variant
from studyapp.questions.response import Response
from studyapp.study.review import Review
from studyapp.wiring import Services


def review_of(
    services: Services,
    variant: Variant,
    response: Response,
    graded: Grade,
    *,
    id: str,
    pack: str,
    shown_at: datetime,
    answered_at: datetime,
    certainty: str | None = None,
    sitting_id: str | None = None,
) -> Review:
    """The review of an answer to a variant, under an id that is made by whoever records it."""
    return Review(
        id=id,
        pack=pack,
        question_id=variant.question.id,
        seed=variant.seed,
        variant_number=variant.number,
        digest=variant.question.digest,
        model_version=services.model_version,
        response=response,
        points=graded.points,
        out_of=graded.out_of,
        verdict=graded.verdict,
        misconception=graded.misconception,
        certainty=certainty,
        shown_at=shown_at,
        answered_at=answered_at,
        sitting_id=sitting_id,
    )
