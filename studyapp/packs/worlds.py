"""Outcomes of scenarios for a check: each world is simulated once, however many variants stand on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.doubt import Supposition, suppositions
from studyapp.cluster.effort import at_hand
from studyapp.cluster.kinds import Value
from studyapp.cluster.misconceptions import ALL, believing
from studyapp.cluster.reasons.explain import told
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import FactValue, Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import STEP_LIMIT, RunTooLong
from studyapp.questions.runs import BELIEF_STEPS

Key = TypeVar("Key")
Found = TypeVar("Found")

KEPT = 300
"""Outcomes that are remembered; beyond that the oldest is forgotten, and simulated again if it is asked for."""
MAX_TRACE = 40
"""Lines of a trace that a finding shows."""


class CannotRun(Exception):
    """A scenario that the model cannot run to its end; `code` is that of the finding."""

    def __init__(self, code: str, message: str, steps: int) -> None:
        super().__init__(message)
        self.code = code
        self.steps = steps


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact that may have another value, with the scenario in which it has and its outcome."""

    supposed: Supposition
    outcome: Outcome


class Worlds:
    """Simulates under one set of rules (None: the truth) and remembers what it found."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules
        self._known: dict[tuple[Scenario, str | None], Outcome | CannotRun] = {}
        self._doubts: dict[tuple[bool, tuple[Scenario, ...]], tuple[tuple[Doubt, ...], int]] = {}
        self._asked: set[int] = set()
        self.simulated = 0
        """How many worlds were simulated."""

    def begin(self) -> None:
        """Count the work that is asked for anew: that of each world once, remembered or not, its courses each time."""
        self._asked.clear()

    def outcome(self, scenario: Scenario, believed: str | None = None) -> Outcome:
        """The outcome of a scenario, under a misconception if one is named. Raises CannotRun and TooMuchWork."""
        found = self._found(scenario, believed)
        self._count(hash((scenario, believed)), found.steps)
        if isinstance(found, CannotRun):
            raise found
        at_hand().spend(len(found.branches))
        return found

    def _count(self, asked: int, steps: int) -> None:
        """Count the work of something that is asked for, once."""
        if asked not in self._asked:
            self._asked.add(asked)
            at_hand().spend(steps)

    def _found(self, scenario: Scenario, believed: str | None = None) -> Outcome | CannotRun:
        key = (scenario, believed)
        found = self._known.get(key)
        if found is None:
            self.simulated += 1
            found = self._run(scenario, believed)
            _remember(self._known, key, found)
        return found

    def _run(self, scenario: Scenario, believed: str | None) -> Outcome | CannotRun:
        rules = believing(believed) if believed is not None else self.rules
        limit = STEP_LIMIT if rules is None else BELIEF_STEPS
        try:
            return simulate(scenario, rules=rules, step_limit=limit)
        except RunTooLong as error:
            return CannotRun("step-limit", str(error), limit)

    def doubts(
        self, scenario: Scenario, others: tuple[Scenario, ...] = (), *, inspected: bool = False
    ) -> tuple[Doubt, ...]:
        """For each fact that the run reads and that may have another value: the scenario and outcome if it has; of all
        facts, where claims have `inspected` them.

        `others` are scenarios over the same facts whose runs are read too. An outcome that cannot be found is left out.
        Raises CannotRun and TooMuchWork.
        """
        key = (inspected, (scenario, *others))
        if key not in self._doubts:
            _remember(self._doubts, key, self._find_doubts(scenario, others, inspected))
        doubts, steps = self._doubts[key]
        self._count(hash(key), steps)
        return doubts

    def _find_doubts(
        self, scenario: Scenario, others: tuple[Scenario, ...], inspected: bool
    ) -> tuple[tuple[Doubt, ...], int]:
        """The same with the work of finding them."""
        doubts: list[Doubt] = []
        steps = 0
        found: dict[tuple[str, str, FactValue], Supposition] = {}
        for run in (scenario, *others):
            outcome = self._found(run)
            if isinstance(outcome, CannotRun):
                raise outcome
            for supposed in suppositions(outcome, inspected=inspected):
                found.setdefault((supposed.release, supposed.fact.key, supposed.other), supposed)
        for supposed in found.values():
            facts, other_facts = supposed.scenario.facts, supposed.scenario.other_facts
            own = replace(supposed, scenario=replace(scenario, facts=facts, other_facts=other_facts))
            then = self._found(own.scenario)
            steps += then.steps
            if isinstance(then, Outcome):
                doubts.append(Doubt(own, then))
        return tuple(doubts), steps

    def beliefs(self, scenario: Scenario) -> Iterator[str]:
        """Each misconception about a rule that the run asks, and that leads somewhere."""
        asked = {rule for branch in self.outcome(scenario).branches for rule in branch.trace.consulted}
        for misconception in ALL:
            if misconception.rule in asked:
                try:
                    self.outcome(scenario, misconception.name)
                except CannotRun:
                    continue
                yield misconception.name


def _remember(known: dict[Key, Found], key: Key, found: Found) -> None:
    """Keep what was found, and forget the oldest where that is too much."""
    if len(known) >= KEPT:
        del known[next(iter(known))]
    known[key] = found


@dataclass(frozen=True, slots=True)
class Truth:
    """What a claim is worth: None when it depends on chance; `share` is that of the branches in which it is true.
    `unknown` says that chance has too many courses to tell.
    """

    holds: bool | None
    share: Fraction
    unknown: bool = False


class NotTrueOrFalse(Exception):
    """The claim has another value than true or false; the message says which."""


def truth_of(claim: Claim, outcome: Outcome, names: Mapping[str, Value]) -> Truth:
    """Whether a claim holds. Raises NotTrueOrFalse and ClaimError."""
    result = evaluate(claim, outcome, names)
    for value, _ in result.values:
        if not isinstance(value, bool):
            raise NotTrueOrFalse(f"the claim is {value!r}, neither true nor false")
    certain = result.certain
    return Truth(certain if isinstance(certain, bool) else None, result.share(True), result.unknown)


def truth_if(claim: Claim, outcome: Outcome, names: Mapping[str, Value]) -> Truth | None:
    """Whether a claim holds in a world that is only supposed; None where it has no answer there."""
    try:
        return truth_of(claim, outcome, names)
    except (NotTrueOrFalse, ClaimError):
        return None


def trace_lines(outcome: Outcome) -> tuple[str, ...]:
    """The events of the first branch, one a line; of a long run the beginning."""
    events = outcome.trace.events
    lines = [told(event) for event in events[:MAX_TRACE]]
    if len(events) > MAX_TRACE:
        lines.append(f"… and {len(events) - MAX_TRACE} more events")
    if len(outcome.branches) > 1:
        lines.append(f"this is one of {len(outcome.branches)} courses that chance may take")
    return tuple(lines) or ("nothing happens",)
