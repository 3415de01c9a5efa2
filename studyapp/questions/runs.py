"""Runs of a question's scenarios, and what a claim is worth in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from studyapp.cluster.claims.claim import Claim
from studyapp.cluster.claims.evaluation import Result, evaluate
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import STEP_LIMIT
from studyapp.questions.question import Variant

BELIEF_STEPS = 5_000
"""Steps after which a run under a misconception is given up: it predicts nothing."""

EMPTY = Scenario("", "ws2008r2")
"""A scenario with nothing in it, for claims about values alone."""

TOO_MANY = "nobody can tell: chance has too many courses to follow them all"
SETTLE = "let fewer things depend on chance: settle them in the scenario"

Run = Callable[[Scenario], Outcome]
"""Gives the outcome of a scenario, under whatever rules are to hold."""


class Unanswerable(Exception):
    """A variant without one right answer: `code` names what is wrong, and `index` the part of the answer it is in."""

    def __init__(self, index: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.index = index
        self.code = code
        self.message = message
        self.hint = hint


@lru_cache(maxsize=1024)
def simulated(scenario: Scenario, believed: str | None = None) -> Outcome:
    """The outcome of a scenario; one that was asked for a moment ago is not run again."""
    return simulate(scenario, believed, step_limit=BELIEF_STEPS if believed else STEP_LIMIT)


def result_of(claim: Claim, variant: Variant, run: Run) -> Result:
    """What a claim is worth in the variant's scenario. Raises ClaimError."""
    return evaluate(claim, run(variant.scenario or EMPTY), variant.names)


def truth_of(claim: Claim, variant: Variant, run: Run, index: int) -> bool:
    """Whether a claim holds, whatever chance decides. Raises ClaimError and Unanswerable."""
    result = result_of(claim, variant, run)
    for value, _ in result.values:
        if not isinstance(value, bool):
            raise Unanswerable(index, "bad-claim", f"the claim is {value!r}, neither true nor false")
    if result.unknown:
        raise Unanswerable(index, "depends", TOO_MANY, SETTLE)
    if not isinstance(result.certain, bool):
        message = f"the claim depends on chance: it is true in {result.share(True)} of all cases"
        raise Unanswerable(index, "depends", message, "ask for certain(...), possible(...) or chance(...)")
    return result.certain


def value_of(claim: Claim, variant: Variant, run: Run, index: int) -> Value:
    """The one value of a claim, whatever chance decides. Raises ClaimError and Unanswerable."""
    result = result_of(claim, variant, run)
    if result.unknown:
        raise Unanswerable(index, "depends", TOO_MANY, SETTLE)
    value = result.certain
    if value is None:
        raise Unanswerable(index, "depends", "the value depends on chance", "ask for what chance leaves certain")
    return value
