"""Doubt: which facts an answer rests on, and whether one that is not certain decides it.

A fact is doubtful when it was not confirmed, when sources disagree, or when it is the model's own simplification. An
answer that changes when such a row takes another of its values is itself doubtful: nobody may be graded on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import Result, evaluate
from studyapp.cluster.kinds import Value
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Fact, FactValue, Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import RunTooLong


@dataclass(frozen=True, slots=True)
class Supposition:
    """A fact that may have another value, and the scenario in which it has; `release` is whose row it is."""

    release: str
    fact: Fact
    other: FactValue
    scenario: Scenario

    def words(self) -> str:
        """What is doubtful, as part of a sentence."""
        is_now, may_be = (str(v).lower() if isinstance(v, bool) else str(v) for v in (self.fact.value, self.other))
        return f"{self.fact.key} is {is_now}: the fact is marked {self.fact.mark} and may be {may_be}"


def facts_read(outcome: Outcome) -> tuple[Fact, ...]:
    """The rows of `data/` that a run rests on, by key."""
    scenario = outcome.trace.scenario
    keys = sorted({key for branch in outcome.branches for key in branch.trace.facts_read})
    return tuple(scenario.facts_of[release][key] for release, key in (_named(scenario, key) for key in keys))


def suppositions(outcome: Outcome) -> Iterator[Supposition]:
    """For each doubtful fact that a run read, each other value that it may have."""
    scenario = outcome.trace.scenario
    for found in sorted({key for branch in outcome.branches for key in branch.trace.facts_read}):
        release, key = _named(scenario, found)
        fact = scenario.facts_of[release][key]
        for other in fact.also:
            yield Supposition(release, fact, other, _supposing(scenario, release, key, other))


@dataclass(frozen=True, slots=True)
class Doubts:
    """The outcomes of a run if its doubtful facts had their other values; None where it does not settle then."""

    outcome: Outcome
    others: tuple[tuple[Supposition, Outcome | None], ...]

    @classmethod
    def of(cls, outcome: Outcome) -> Doubts:
        """Each supposition simulated once, by the rules of the run."""
        rules = outcome.trace.rules
        return cls(outcome, tuple((supposed, _outcome(supposed.scenario, rules)) for supposed in suppositions(outcome)))

    def deciding(self, claim: Claim, names: Mapping[str, Value] | None = None) -> tuple[Supposition, ...]:
        """The doubtful facts that decide a claim: with another value of theirs it has another answer, or none."""
        truth = _shares(evaluate(claim, self.outcome, names))
        return tuple(supposed for supposed, other in self.others if _answer(claim, other, names) != truth)


def _outcome(scenario: Scenario, rules: Rules) -> Outcome | None:
    try:
        return simulate(scenario, rules=rules)
    except RunTooLong:
        return None


def _answer(claim: Claim, outcome: Outcome | None, names: Mapping[str, Value] | None) -> tuple[object, ...] | None:
    try:
        return _shares(evaluate(claim, outcome, names)) if outcome is not None else None
    except ClaimError:
        return None


def _shares(result: Result) -> tuple[object, ...]:
    return (result.unknown, frozenset((type(value), value, share) for value, share in result.values))


def _named(scenario: Scenario, key: str) -> tuple[str, str]:
    release, colon, row = key.partition(":")
    return (release, row) if colon else (scenario.release, key)


def _supposing(scenario: Scenario, release: str, key: str, value: FactValue) -> Scenario:
    def changed(rows: tuple[Fact, ...]) -> tuple[Fact, ...]:
        return tuple(replace(row, value=value) if row.key == key else row for row in rows)

    if release == scenario.release:
        return replace(scenario, facts=changed(scenario.facts))
    others = tuple((name, changed(rows) if name == release else rows) for name, rows in scenario.other_facts)
    return replace(scenario, other_facts=others)
