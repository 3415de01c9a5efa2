"""What each family of questions counts in an exam."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.exams.blueprint import Objective, ancestry
from studyapp.questions.question import Question

Draw = Sequence[tuple[str, float]]
"""Objectives with their shares of an exam, as a blueprint's `draw` has them; only their proportions count."""


def exam_weights(questions: Sequence[Question], objectives: Sequence[Objective], draw: Draw) -> dict[str, float]:
    """The share of an exam's points that each family is expected to have; of those that are not drawn it is 0.

    An objective's questions are drawn from it and from those below it, each as likely as another. The shares sum to 1
    where every objective that is drawn has questions.
    """
    above = {each: ancestry(each, objectives) for each in {question.objective for question in questions}}
    pools: dict[str, list[str]] = {objective: [] for objective, _ in draw}
    for question in questions:
        for objective in above[question.objective]:
            if objective in pools:
                pools[objective].append(question.id)
    weights = dict.fromkeys((question.id for question in questions), 0.0)
    whole = sum(share for _, share in draw) or 1.0
    for objective, share in draw:
        for question_id in pools[objective]:
            weights[question_id] += share / whole / len(pools[objective])
    return weights
