"""What is right, what an answer is worth, and which belief stands behind a wrong one. All of it is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.misconceptions import ALL
from studyapp.cluster.reasons.explain import Explanation, explain_claims
from studyapp.cluster.trace import Outcome, Trace
from studyapp.cluster.world import RunTooLong
from studyapp.questions.grader import Grader, Key, Marks, Part
from studyapp.questions.kinds import grader_of
from studyapp.questions.question import Variant
from studyapp.questions.response import Response
from studyapp.questions.runs import simulated

__all__ = ["Grade", "Part", "grade", "judge", "predicted"]


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth, part by part, with the proof.

    `verdict` is `right`, `wrong` or `partly`; `misconception` the belief that best explains a wrong answer, if the
    model knows one; `evidence` the events that decide the question, in the course of `trace`, in which what chance has
    left open has fallen one way; `solution` a right answer in words, where the parts do not tell it.
    """

    points: float
    out_of: float
    verdict: str
    parts: tuple[Part, ...]
    evidence: Explanation | None
    misconception: str | None
    trace: Trace | None
    solution: str = ""


@lru_cache(maxsize=512)
def judge(variant: Variant) -> Key:
    """What is right, entry by entry, in the author's order: for options whether each holds.

    Raises Unanswerable and ClaimError for what only shows when the claims are evaluated.
    """
    return grader_of(variant).key(variant, simulated)


def predicted(variant: Variant, believed: str) -> Key:
    """What would be right under a belief; None for what it does not tell, or where it leads nowhere that can be
    followed.
    """
    return grader_of(variant).foreseen(variant, partial(simulated, believed=believed))


@lru_cache(maxsize=16)
def grade(variant: Variant, response: Response) -> Grade:
    """Grade an answer, which is worth at most one point. A wrong answer gets the belief that predicts it. What was
    graded a moment ago is not graded again: faces do so while the person thinks.

    Raises Unanswerable and ClaimError.
    """
    grader = grader_of(variant)
    marks = grader.mark(variant, judge(variant), response, simulated)
    if variant.scenario is None:
        return Grade(marks.points, 1.0, marks.verdict, marks.parts, None, None, None, marks.solution)
    outcome = grader.outcome(variant, response, simulated)
    right_throughout = all(part.holds for part in marks.parts)
    by_belief = {} if right_throughout else _by_belief(grader, variant, response, outcome)
    parts = tuple(
        replace(part, believed=tuple(name for name, there in by_belief.items() if there.parts[place].holds))
        if not part.holds
        else part
        for place, part in enumerate(marks.parts)
    )
    return Grade(
        points=marks.points,
        out_of=1.0,
        verdict=marks.verdict,
        parts=parts,
        evidence=_evidence(grader.claims(variant, marks), outcome.trace, variant),
        misconception=_belief_behind(replace(marks, parts=parts), by_belief),
        trace=outcome.trace.decided(),
        solution=marks.solution,
    )


def _evidence(claims: list[Claim], trace: Trace, variant: Variant) -> Explanation | None:
    """What decided the answer; nothing where a claim has no answer after what the learner did."""
    try:
        return explain_claims(claims, trace, variant.names)
    except ClaimError:
        return None


def _by_belief(
    grader: Grader[Any, Any, Any], variant: Variant, response: Response, outcome: Outcome
) -> dict[str, Marks]:
    """What the answer would be worth under each misconception about a rule that bears on it."""
    found = {}
    for misconception in ALL:
        if not grader.bears(misconception.rule, outcome):
            continue
        run = partial(simulated, believed=misconception.name)
        try:
            found[misconception.name] = grader.mark(variant, grader.foreseen(variant, run), response, run)
        except (RunTooLong, ClaimError):
            continue
    return found


def _belief_behind(marks: Marks, by_belief: dict[str, Marks]) -> str | None:
    """The misconception under which the answer is right; else one that predicts something in it that is not so."""
    places = sorted(range(len(marks.parts)), key=lambda place: marks.parts[place].index)
    mistakes = [place for place in places if marks.parts[place].mistaken]
    if marks.points == 1 or not mistakes:
        return None
    behind = [name for place in mistakes for name, there in by_belief.items() if not there.parts[place].mistaken]
    for name in dict.fromkeys(behind):
        if by_belief[name].points == 1:
            return name
    return behind[0] if behind else None
