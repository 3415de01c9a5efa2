"""Answers for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from studyapp.study.review import Review
from studyapp.study.schedule import Memory, recall

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def answer(question: str, verdict: str = "right", minute: int = 0, *, pack: str = "p", variant: int = 0) -> Review:
    """An answer to a question, given that many minutes after noon."""
    at = NOON + timedelta(minutes=minute)
    return Review(
        id=f"{question}-{minute}",
        pack=pack,
        question_id=question,
        seed=minute,
        variant_number=variant,
        digest="d",
        model_version="1",
        response=frozenset({1, 0}),
        points=float(verdict == "right"),
        out_of=1.0,
        verdict=verdict,
        misconception=None if verdict == "right" else "half-is-enough",
        certainty="sure",
        shown_at=at - timedelta(seconds=30),
        answered_at=at,
    )


def memories(*reviews: Review) -> dict[str, Memory]:
    """What the answers to each family come to."""
    ids = {each.question_id for each in reviews}
    found = {name: recall(each for each in reviews if each.question_id == name) for name in ids}
    return {name: memory for name, memory in found.items() if memory is not None}
