"""Before a diagram of a lesson is played: a question, what the person thinks, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from studyapp.cluster.scenario import Scenario
from studyapp.packs.content import Lesson, Pack
from studyapp.questions.predictions import CHANCE, NO, YES, Asked, prediction_on
from studyapp.study.marks import Prediction
from studyapp.wiring import Services

BEFORE = "Before you watch: when everything has settled,"
CHOICES = ((YES, "yes"), (NO, "no"), (CHANCE, "that depends on chance"))
_SURE = {"guess": "a guess", "think-so": "you thought so", "sure": "you were sure"}


def to_ask(services: Services, pack: Pack, lesson: Lesson, scenarios: Collection[Scenario]) -> Asked | None:
    """What to ask before a diagram is played; None for a comparison, and where it has been asked before.

    Raises:
        StoreError: what was asked before cannot be read.
    """
    asked = prediction_on(next(iter(scenarios))) if len(scenarios) == 1 else None
    if asked is None:
        return None
    known = services.store.predictions(pack.id)
    return None if any((p.lesson_id, p.claim) == (lesson.id, asked.claim.text) for p in known) else asked


@dataclass(frozen=True, slots=True)
class CameOut:
    """What came of a prediction, to be told once it has been watched: whether it was right, and in sentences."""

    right: bool
    line: str


def predict(services: Services, pack: Pack, lesson: Lesson, asked: Asked, said: str, certainty: str) -> CameOut:
    """Record what somebody thinks, and say what will have come of it.

    Raises:
        StoreError: it has not been recorded.
    """
    services.store.record_prediction(
        Prediction(
            services.new_id(), pack.id, lesson.id, asked.claim.text, said, asked.comes, certainty, services.now()
        )
    )
    words = dict(CHOICES)
    right = said == asked.comes
    came = "That is right." if right else f"In fact: {words[asked.comes]}."
    return CameOut(right, f"You said: {words[said]} ({_SURE[certainty]}). {came}")
