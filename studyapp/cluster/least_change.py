"""What would have to be different for a claim to hold: the least change of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studyapp.cluster.changes import Change, changes
from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.kinds import Value
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.world import RunTooLong

MOST_TRIED = 5_000
"""Scenarios that are simulated at most."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes that together make a claim hold, and the scenario with all of them. None at all where it holds already.

    `complete` is False where the search stopped at its limit, so that a smaller remedy may exist.
    """

    changes: tuple[Change, ...]
    scenario: Scenario
    complete: bool = True


def holds(claim: Claim, scenario: Scenario, names: Mapping[str, Value], rules: Rules | None = None) -> bool:
    """The claim is true whatever chance decides; a claim that has no answer in the scenario is not."""
    try:
        return evaluate(claim, simulate(scenario, rules=rules), names).certain is True
    except (ClaimError, RunTooLong):
        return False


def least_changes(
    claim: Claim,
    scenario: Scenario,
    names: Mapping[str, Value] | None = None,
    *,
    most: int = 2,
    rules: Rules | None = None,
) -> tuple[Remedy, ...]:
    """The remedies with the fewest changes, at most `most`; of equal size in the order in which `changes` lists them.
    Empty where no such remedy exists.
    """
    known = names or {}
    if holds(claim, scenario, known, rules):
        return (Remedy((), scenario),)
    tried = 0
    level: list[tuple[Change, ...]] = [()]
    for _ in range(most):
        found: list[Remedy] = []
        grown: list[tuple[Change, ...]] = []
        for chain in level:
            for further in _after(scenario, chain):
                tried += 1
                if tried > MOST_TRIED:
                    return tuple(found)
                if holds(claim, further[-1].scenario, known, rules):
                    found.append(Remedy(further, further[-1].scenario))
                else:
                    grown.append(further)
        if found:
            return tuple(found)
        level = grown
    return ()


def _after(scenario: Scenario, chain: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    """The chain with one change more; each pair of texts once."""
    start = chain[-1].scenario if chain else scenario
    texts = {change.text for change in chain}
    for change in changes(start):
        if change.text not in texts and (not chain or change.text > chain[-1].text):
            yield (*chain, change)
