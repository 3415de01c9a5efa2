"""Which options hold, what an answer is worth, and which belief stands behind a wrong one. All of it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.misconceptions import ALL
from studyapp.cluster.reasons.explain import Explanation, explain_claims
from studyapp.cluster.rules import Rules
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome, Trace
from studyapp.cluster.world import RunTooLong
from studyapp.questions.question import Response, Variant
from studyapp.questions.variants import EMPTY, simulated


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether an option holds: None when it depends on chance; `share` is that of the branches in which it does."""

    holds: bool | None
    share: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One option of an answered question; `believed` names the misconceptions under which it would hold."""

    index: int
    chosen: bool
    holds: bool
    reason: str
    believed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth, part by part, with the proof.

    `verdict` is `right`, `wrong` or `partly`; `misconception` the belief that best explains a wrong answer, if the
    model knows one; `evidence` the events that decide the question.
    """

    points: float
    out_of: float
    verdict: str
    parts: tuple[Part, ...]
    evidence: Explanation | None
    misconception: str | None
    trace: Trace | None


class NotABoolean(Exception):
    """The claim of an option is neither true nor false; `index` is the option's."""

    def __init__(self, index: int) -> None:
        super().__init__(f"the claim of option {index + 1} is neither true nor false")
        self.index = index


def judge(variant: Variant, believed: str | None = None, rules: Rules | None = None) -> tuple[Truth, ...]:
    """Whether each option holds, in the author's order; under a misconception or other rules if asked.

    Raises NotABoolean and ClaimError for what only shows when the claims are evaluated.
    """
    return judge_outcome(variant, outcome_of(variant, believed, rules))


def outcome_of(variant: Variant, believed: str | None = None, rules: Rules | None = None) -> Outcome:
    """The outcome of the variant's scenario."""
    scenario = variant.scenario or EMPTY
    return simulate(scenario, rules=rules) if rules is not None else simulated(scenario, believed)


def judge_outcome(variant: Variant, outcome: Outcome) -> tuple[Truth, ...]:
    """Whether each option holds in an outcome, in the author's order."""
    names = variant.names
    truths: list[Truth] = []
    for index, option in enumerate(variant.question.options):
        if option.claim is None:
            truths.append(Truth(bool(option.static), Fraction(int(bool(option.static)))))
            continue
        result = evaluate(option.claim, outcome, names)
        if any(not isinstance(value, bool) for value, _ in result.values):
            raise NotABoolean(index)
        certain = result.certain
        truths.append(Truth(certain if isinstance(certain, bool) else None, result.share(True)))
    return tuple(truths)


def believers(variant: Variant) -> dict[int, tuple[str, ...]]:
    """For each option that does not hold: the misconceptions under which it would. The truth's own trace says which
    rules were asked, so only those are replaced."""
    truths = judge(variant)
    if variant.scenario is None:
        return {}
    consulted = {rule for b in outcome_of(variant).branches for rule in b.trace.consulted}
    found: dict[int, list[str]] = {i: [] for i, truth in enumerate(truths) if not truth.holds}
    for misconception in ALL:
        if misconception.rule not in consulted:
            continue
        for index, truth in enumerate(predicted(variant, misconception.name)):
            if truth.holds and index in found:
                found[index].append(misconception.name)
    return {index: tuple(names) for index, names in found.items()}


def predicted(variant: Variant, believed: str) -> tuple[Truth, ...]:
    """Whether each option holds under a belief; nothing where the belief leads nowhere that the model can follow."""
    try:
        return judge(variant, believed)
    except (RunTooLong, ClaimError, NotABoolean):
        return ()


def grade(variant: Variant, response: Response) -> Grade:
    """Grade an answer: one point, all or nothing, for both kinds. A wrong answer gets the belief that predicts it."""
    truths = judge(variant)
    right = frozenset(i for i, truth in enumerate(truths) if truth.holds)
    verdict = "right" if response == right else "partly" if response & right and response > right else "wrong"
    if verdict == "wrong" and response and response < right:
        verdict = "partly"
    believed = believers(variant)
    parts = tuple(
        Part(o.index, o.index in response, o.index in right, o.reason, believed.get(o.index, ()))
        for o in variant.options
    )
    outcome = outcome_of(variant)
    evidence, trace = None, None
    if variant.scenario is not None:
        claims = [variant.question.options[i].claim for i in (*right, *response)]
        read = [claim for claim in claims if claim is not None]
        evidence, trace = explain_claims(read, outcome.trace, variant.names), outcome.trace
    return Grade(
        points=float(response == right),
        out_of=1.0,
        verdict=verdict,
        parts=parts,
        evidence=evidence,
        misconception=_belief_behind(variant, response, right, believed),
        trace=trace,
    )


def _belief_behind(
    variant: Variant, response: Response, right: Response, believed: dict[int, tuple[str, ...]]
) -> str | None:
    """The misconception under which exactly the chosen options hold; else one that predicts a wrong option chosen."""
    if response == right or variant.scenario is None:
        return None
    wrong = [name for index in sorted(response - right) for name in believed.get(index, ())]
    for name in dict.fromkeys(wrong):
        held = frozenset(i for i, truth in enumerate(predicted(variant, name)) if truth.holds)
        if held == response:
            return name
    return wrong[0] if wrong else None
