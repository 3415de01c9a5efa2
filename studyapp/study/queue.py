"""What to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studyapp.exams.form import SEEDS, chance, in_turn
from studyapp.questions.ids import now_called
from studyapp.questions.question import Question
from studyapp.questions.variants import count_variants, pick_variant
from studyapp.study.review import Review

TRIES = 8
"""Seeds tried for a variant that differs from the last one; a family of few variants may repeat it."""


def choose(
    questions: Sequence[Question], reviews: Iterable[Review], size: int, seed: int
) -> tuple[tuple[str, int], ...]:
    """The questions of a practice session as (question id, seed), each family at most once.

    First come families never answered, going round their objectives; then those whose last answer was not right; then
    the others; within both, what was answered longest ago comes first. A family asked before comes in another variant
    if it has one.
    """
    called = now_called(questions)
    last: dict[str, Review] = {}
    for review in reviews:
        question = called.get(review.question_id, "")
        known = last.get(question)
        if known is None or review.answered_at >= known.answered_at:
            last[question] = review
    unseen = in_turn((each for each in questions if each.id not in last), seed)
    seen = sorted(
        (each for each in questions if each.id in last),
        key=lambda each: (
            last[each.id].verdict == "right",
            last[each.id].answered_at,
            chance(seed, "family", each.id),
        ),
    )
    return tuple((each.id, fresh_seed(each, last.get(each.id), seed)) for each in [*unseen, *seen][: max(0, size)])


def fresh_seed(question: Question, last: Review | None, seed: int) -> int:
    """A seed for a family, whose variant is not the one last answered where that can be helped."""
    tries = [chance(seed, "variant", question.id, attempt) % SEEDS for attempt in range(TRIES)]
    if last is not None and count_variants(question) > 1:
        for each in tries:
            if pick_variant(question, each).number != last.variant_number:
                return each
    return tries[0]
