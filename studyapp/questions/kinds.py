"""The kinds of questions: one row each says how it is graded, in which form it is answered and told.

A kind that is added here needs a row in `packs/kinds/table.py`, which reads its answer part.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from studyapp.questions.arrangements import MatchGrader, OrderGrader
from studyapp.questions.goals import BreakGrader, DesignGrader
from studyapp.questions.grader import Grader
from studyapp.questions.options import ChoiceGrader, SeriesGrader
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Response
from studyapp.questions.values import NumberGrader, PointGrader, TextGrader

KINDS: Mapping[str, Grader[Any, Any, Any]] = MappingProxyType(
    {
        "choice": ChoiceGrader(several=False),
        "multi": ChoiceGrader(several=True),
        "yes-no": SeriesGrader(),
        "number": NumberGrader(),
        "text": TextGrader(),
        "order": OrderGrader(),
        "match": MatchGrader(),
        "point": PointGrader(),
        "break": BreakGrader(),
        "design": DesignGrader(),
    }
)


def grader_of(variant: Variant) -> Grader[Any, Any, Any]:
    """What grades the answers to a variant."""
    return KINDS[variant.question.kind]


def misfit(variant: Variant, response: Response) -> str:
    """Why a response cannot be an answer to a variant, as a sentence; empty where it can, and for no answer."""
    if response == NOTHING or not response:
        return ""
    grader = grader_of(variant)
    if not isinstance(response, grader.form):
        return "A question of this kind is not answered like that."
    return grader.misfit(variant, response)


def told(variant: Variant, response: Response) -> str:
    """An answer in words, by the numbers shown where there are such; empty for none."""
    grader = grader_of(variant)
    given = grader.given(response)
    return grader.told(variant, given) if given is not None else ""
