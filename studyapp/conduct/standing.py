"""Where somebody stands in a few lines: what there is to do today, why it comes first, and whether they would pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from studyapp.conduct.agenda import Agenda, agenda, amount, comes_first, exam_draw, exam_of
from studyapp.packs.pack import Pack
from studyapp.study.readiness import Readiness, readiness
from studyapp.study.weights import exam_weights
from studyapp.wiring import Services

USUAL_EXAM = (40, 0.7)
"""Questions and the share that passes, where the pack has no exam of its own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What home says of somebody in a pack.

    `today` is what there is to do with how long it takes, and `why` a sentence that says what comes first. `minutes`
    are those that a day is to have, and `spent` those that today has had.
    """

    today: str
    why: str
    minutes: int
    spent: int
    readiness: Readiness


def standing(services: Services, pack: Pack, now: datetime) -> Standing:
    """Where somebody stands at a moment; it takes long over thousands of questions.

    Raises:
        StoreError: what was answered before cannot be read.
    """
    known = agenda(services, pack, now)
    return standing_of(known, ready(pack, known, now))


def standing_of(known: Agenda, ready: Readiness) -> Standing:
    """The same, by whom the agenda and the readiness are known already."""
    today = amount(known.today) or ("nothing is due today" if known.today.room else "today's time is used up")
    return Standing(today, comes_first(known), known.goal.minutes, round(known.spent / 60), ready)


def ready(pack: Pack, known: Agenda, now: datetime) -> Readiness:
    """How the exam of a pack would go now."""
    exam = exam_of(pack)
    questions, share = (exam.questions, exam.pass_share) if exam is not None else USUAL_EXAM
    weights = exam_weights(pack.questions, pack.objectives, exam_draw(pack))
    return readiness(weights, known.memories, now, questions, share)
