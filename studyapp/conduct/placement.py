"""A placement quiz: a question on each part of each lesson. A lesson whose questions were all answered rightly is taken
as read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from studyapp.conduct.practice import Practice
from studyapp.conduct.progress import lesson_places
from studyapp.packs.content import Lesson, Pack
from studyapp.questions.question import CERTAINTIES, Question
from studyapp.study.review import LessonPlace
from studyapp.wiring import Services

MOST = 12
"""Questions that are asked at most."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The lessons that need not be read, and the one to begin with; None where all are known."""

    known: tuple[Lesson, ...]
    begin: Lesson | None


def asked_about(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """The questions that show whether somebody knows a lesson, by its id: for each of its objectives the hardest, each
    question for one lesson only.
    """
    found: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for lesson in pack.lessons:
        mine: list[str] = []
        for objective in lesson.objectives:
            about = [each for each in pack.questions if each.objective == objective and each.id not in taken]
            if about and len(taken) < MOST:
                hardest = max(about, key=_hardness)
                taken.add(hardest.id)
                mine.append(hardest.id)
        if mine:
            found[lesson.id] = tuple(mine)
    return found


def _hardness(question: Question) -> tuple[int, str]:
    return question.difficulty, question.id


def placement(services: Services, pack: Pack, seed: int) -> Practice:
    """The quiz, as a session of practice; its answers are answers like all others.

    Raises:
        StoreError: what was answered before cannot be read.
        ConductError: none of the questions can be asked.
    """
    questions = [question for mine in asked_about(pack).values() for question in mine]
    return Practice(services, pack, len(questions), seed, items=tuple((each, seed) for each in questions))


def place(services: Services, pack: Pack, since: datetime) -> Placed:
    """Take as read the lessons whose questions have all been answered rightly since a time, and not by a guess.

    Raises:
        StoreError: what was answered cannot be read, or the places cannot be kept.
    """
    right = {
        review.question_id
        for review in services.store.reviews(pack.id, since=since)
        if review.verdict == "right" and review.certainty != CERTAINTIES[0]
    }
    asked = asked_about(pack)
    known = tuple(lesson for lesson in pack.lessons if lesson.id in asked and right.issuperset(asked[lesson.id]))
    there = lesson_places(services.store, pack)
    for lesson in known:
        if lesson.id not in there or not there[lesson.id].finished:
            last = max(0, len(lesson.headings) - 1)
            services.store.set_lesson_place(LessonPlace(pack.id, lesson.id, last, True, services.now()))
    read = {lesson.id for lesson in known} | {lesson for lesson, at in there.items() if at.finished}
    return Placed(known, next((lesson for lesson in pack.lessons if lesson.id not in read), None))


def told(placed: Placed) -> tuple[str, ...]:
    """What came of the quiz, in sentences."""
    begin = "" if placed.begin is None else f"Begin with the lesson: {placed.begin.title}."
    if not placed.known:
        return ("No lesson is skipped.", begin)
    skipped = ", ".join(lesson.title for lesson in placed.known)
    return (f"You know this already: {skipped}.", begin or "You know every lesson: practise, or sit the exam.")
