"""Doubt: which facts an answer rests on, and whether one that is not certain decides it.

A fact is doubtful when it was not confirmed, when sources disagree, or when it is the model's own simplification. An
answer that changes when such a row takes another of its values is itself doubtful: nobody may be graded on it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import Result, evaluate
from studyapp.cluster.kinds import Value
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Fact, FactValue, Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import RunTooLong

INSPECTING = frozenset({"property", "finding", "supported"})
"""Functions of claims that read facts themselves, whatever the run has read."""


def inspects(claims: Iterable[Claim]) -> bool:
    """Whether a claim may rest on facts that no run reads: values in force, and what validation says."""
    return any(isinstance(part, ast.Name) and part.id in INSPECTING for each in claims for part in ast.walk(each.tree))


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


def suppositions(outcome: Outcome, *, inspected: bool = False) -> Iterator[Supposition]:
    """For each doubtful fact that a run read, each other value that it may have; for each of its releases, where it is
    `inspected` by claims.
    """
    scenario = outcome.trace.scenario
    read = {key for branch in outcome.branches for key in branch.trace.facts_read}
    if inspected:
        others = {f"{release}:{fact.key}" for release, facts in scenario.other_facts for fact in facts}
        read |= others | {fact.key for fact in scenario.facts}
    for found in sorted(read):
        release, key = _named(scenario, found)
        fact = scenario.facts_of[release][key]
        for other in fact.also:
            yield Supposition(release, fact, other, _supposing(scenario, release, key, other))


def otherwise(outcome: Outcome) -> Iterator[Supposition]:
    """For each fact that a run read, whatever its mark, values that it does not have: a switch turned over, half of a
    number and twice as much, and those that it may have.
    """
    scenario = outcome.trace.scenario
    for found in sorted({key for branch in outcome.branches for key in branch.trace.facts_read}):
        release, key = _named(scenario, found)
        fact = scenario.facts_of[release][key]
        for other in _others(fact):
            yield Supposition(release, fact, other, _supposing(scenario, release, key, other))


def _others(fact: Fact) -> tuple[FactValue, ...]:
    """Other values of a fact, within what the setting can have where it is one."""
    value = fact.value
    found: tuple[FactValue, ...] = ()
    if isinstance(value, bool):
        found = (not value,)
    elif isinstance(value, int):
        made_of = next((each for each in PROPERTIES.values() if each.fact == fact.key), None)
        low = (made_of.low or 0) * made_of.unit if made_of is not None else 1
        high = made_of.high * made_of.unit if made_of is not None and made_of.high is not None else None
        both = (value // 2, value * 2) if value else (1,)
        found = tuple(other for other in both if other >= low and (high is None or other <= high))
    return tuple(dict.fromkeys(other for other in (*found, *fact.also) if other != value))


@dataclass(frozen=True, slots=True)
class Doubts:
    """The outcomes of a run if its doubtful facts had their other values; None where it does not settle then."""

    outcome: Outcome
    others: tuple[tuple[Supposition, Outcome | None], ...]

    @classmethod
    def of(cls, outcome: Outcome, claims: Iterable[Claim] = ()) -> Doubts:
        """Each supposition simulated once, by the rules of the run; those on which `claims` may rest among them."""
        return cls._of(outcome, suppositions(outcome, inspected=inspects(claims)))

    @classmethod
    def of_all(cls, outcome: Outcome) -> Doubts:
        """The same as if every fact were in doubt: what it then decides, it decides."""
        return cls._of(outcome, otherwise(outcome))

    @classmethod
    def _of(cls, outcome: Outcome, supposed: Iterator[Supposition]) -> Doubts:
        rules = outcome.trace.rules
        return cls(outcome, tuple((each, _outcome(each.scenario, rules)) for each in supposed))

    def deciding(self, claim: Claim, names: Mapping[str, Value] | None = None) -> tuple[Supposition, ...]:
        """The doubtful facts that decide a claim: with another value of theirs it has another answer, or none."""
        return tuple(supposed for supposed, _ in self.changes(claim, names))

    def changes(
        self, claim: Claim, names: Mapping[str, Value] | None = None
    ) -> tuple[tuple[Supposition, Result | None], ...]:
        """The same, each with what the claim would be: None where it would have no answer."""
        truth = _shares(evaluate(claim, self.outcome, names))
        found = ((supposed, _answer(claim, other, names)) for supposed, other in self.others)
        return tuple((supposed, then) for supposed, then in found if then is None or _shares(then) != truth)


def _outcome(scenario: Scenario, rules: Rules) -> Outcome | None:
    try:
        return simulate(scenario, rules=rules)
    except RunTooLong:
        return None


def _answer(claim: Claim, outcome: Outcome | None, names: Mapping[str, Value] | None) -> Result | None:
    try:
        return evaluate(claim, outcome, names) if outcome is not None else None
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
