"""What would make an answer right: the least change of the scenario with which the model would agree."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.least_change import Search, least_changes
from studyapp.questions.grader import Part, Wish
from studyapp.questions.kinds import grader_of
from studyapp.questions.question import Variant
from studyapp.questions.response import Response


def wishes(variant: Variant, response: Response, parts: Sequence[Part]) -> tuple[Wish, ...]:
    """What one may ask about an answer whose parts have been graded: first what was answered wrongly, then options
    that do not hold. Empty where the model does not decide, and for kinds in which nothing else could be right.
    """
    if variant.scenario is None:
        return ()
    grader = grader_of(variant)
    given = grader.given(response)
    try:
        return tuple(grader.wishes(variant, given, parts)) if given is not None else ()
    except ClaimError:
        # There is a limit to what a claim may hold; with what was answered it is passed.
        return ()


def remedy(variant: Variant, wish: Wish) -> Search:
    """Look for the fewest changes with which a wish would come true. Takes from a few milliseconds to some seconds."""
    assert variant.scenario is not None, "there is nothing to wish for where the model does not decide"
    return least_changes(wish.claim, variant.scenario, variant.names)
