"""What would have to be different for a claim to hold: the least change of a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from studyapp.cluster.changes import Change, changes
from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.clients.service import answered
from studyapp.cluster.effort import counted
from studyapp.cluster.kinds import Value
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.validation.findings import Finding, findings, severity
from studyapp.cluster.world import STEP_LIMIT, RunTooLong

MOST_TRIED = 5_000
"""Scenarios that are simulated at most."""
MOST_STEPS = 300_000
"""Steps that these may take together, with the claim asked in each: large scenarios are tried less often."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes that together make a claim hold, and the scenario with all of them; none where it holds already.

    What gets worse by them: `down` are services that answer nobody even before the timeline, `errors` what validation
    reports as such.
    """

    changes: tuple[Change, ...]
    scenario: Scenario
    down: tuple[str, ...] = ()
    errors: tuple[Finding, ...] = ()

    @property
    def costs(self) -> bool:
        """Something gets worse."""
        return bool(self.down or self.errors)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found and what was tried: the remedies with the fewest changes, those that cost nothing first; how many
    single changes of each kind there are, how many scenarios were tried, and up to how many changes at once.

    `complete` is False where the search stopped at its limit, so that not every set of that many changes was tried.
    """

    remedies: tuple[Remedy, ...]
    kinds: Mapping[str, int]
    tried: int
    most: int
    complete: bool = True


def holds(claim: Claim, scenario: Scenario, names: Mapping[str, Value], rules: Rules | None = None) -> bool:
    """The claim is true whatever chance decides; a claim that has no answer in the scenario is not."""
    return _tried(claim, scenario, names, rules)[0]


def _tried(claim: Claim, scenario: Scenario, names: Mapping[str, Value], rules: Rules | None) -> tuple[bool, int]:
    """The same, and the steps that it took to find."""
    try:
        outcome = simulate(scenario, rules=rules)
    except RunTooLong:
        return False, STEP_LIMIT
    good = False
    with counted() as effort, suppress(ClaimError):
        good = evaluate(claim, outcome, names).certain is True
    return good, outcome.steps + effort.steps


def least_changes(
    claim: Claim,
    scenario: Scenario,
    names: Mapping[str, Value] | None = None,
    *,
    most: int = 2,
    rules: Rules | None = None,
) -> Search:
    """Look for the remedies with the fewest changes, at most `most`: first none, then every single one, and so on."""
    known = names or {}
    with counted():
        return _searched(claim, scenario, known, most, rules)


def _searched(claim: Claim, scenario: Scenario, known: Mapping[str, Value], most: int, rules: Rules | None) -> Search:
    singles = list(changes(scenario))
    kinds = Counter(change.kind for change in singles)
    good, spent = _tried(claim, scenario, known, rules)
    if good:
        return Search((Remedy((), scenario),), kinds, 1, 0)
    tried = 1
    level: list[tuple[Change, ...]] = [()]
    for size in range(1, most + 1):
        found: list[Remedy] = []
        grown: list[tuple[Change, ...]] = []
        for further in _grown(scenario, level):
            if tried == MOST_TRIED or spent > MOST_STEPS:
                return Search(_by_price(scenario, found), kinds, tried, size, complete=False)
            tried += 1
            good, steps = _tried(claim, further[-1].scenario, known, rules)
            spent += steps
            if good:
                found.append(Remedy(further, further[-1].scenario))
            else:
                grown.append(further)
        if found:
            return Search(_by_price(scenario, found), kinds, tried, size)
        level = grown
    return Search((), kinds, tried, most)


def _grown(scenario: Scenario, level: list[tuple[Change, ...]]) -> Iterator[tuple[Change, ...]]:
    """Each chain with one change more, about something else; the same changes in another order only once."""
    seen: set[frozenset[str]] = set()
    for chain in level:
        about = {change.about for change in chain}
        texts = [change.text for change in chain]
        for change in changes(chain[-1].scenario if chain else scenario):
            together = frozenset((*texts, change.text))
            if change.about not in about and together not in seen:
                seen.add(together)
                yield (*chain, change)


def _by_price(scenario: Scenario, found: list[Remedy]) -> tuple[Remedy, ...]:
    """The remedies with what each costs; in their order, but that those which cost nothing come first."""
    was_down, known = _troubles(scenario)
    priced = []
    for remedy in found:
        down, errors = _troubles(remedy.scenario)
        news = tuple(error for error in errors if error not in known)
        priced.append(replace(remedy, down=tuple(name for name in down if name not in was_down), errors=news))
    return tuple(sorted(priced, key=lambda remedy: remedy.costs))


def _troubles(scenario: Scenario) -> tuple[list[str], list[Finding]]:
    """The services that answer nobody before the timeline, and the errors of the scenario."""
    trace = simulate(replace(scenario, timeline=(), until_ms=None)).trace.decided()
    down = [name for name in scenario.service if answered(trace, trace.end, name) == 0]
    return down, [found for found in findings(scenario, trace.end) if severity(scenario, found.rule) == "error"]
