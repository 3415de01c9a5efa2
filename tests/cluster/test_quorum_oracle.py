"""Fixed quorum, worked out a second time by counting votes, and compared with the model on random histories.

The oracle knows nothing of time, heartbeats or the model's code. It keeps to three sentences of the sources: more than
half of all votes must be present; those that run are asked first, and nobody takes the witness from them while they
have the majority; nodes that have stopped join again by themselves when they reach one. Where two parts could take the
witness, chance decides evenly.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from studyapp.cluster import evaluate, parse_claim, simulate
from studyapp.cluster.scenario import Act, FailoverCluster, Scenario, Step, Storage, Witness
from tests.cluster import build

WITNESS = "witness"
MODES = {
    "node-majority": None,
    "node-and-disk-majority": "disk",
    "node-and-share-majority": "share",
    "disk-only": "disk",
}

KINDS = (
    ("crash",),
    ("start",),
    ("witness",),
    ("network",),
    ("network",),
    ("crash", "witness"),
    ("crash", "network"),
    ("start", "witness"),
    ("start", "network"),
    ("witness", "network"),
)
"""What may happen in one step."""

Members = tuple[str, ...]
Deed = tuple[str, tuple[object, ...]]
"""A verb and what it takes: machines, or the sides of a partition."""


@dataclass(frozen=True)
class Plan:
    """A cluster and its history; the deeds of one step happen at once."""

    nodes: Members
    mode: str
    weights: dict[str, int]
    steps: tuple[tuple[Deed, ...], ...]


@dataclass
class Oracle:
    """What is up, who reaches whom, and in which nodes the cluster may be running, each with its share."""

    plan: Plan
    up: set[str] = field(default_factory=set)
    sides: tuple[Members, ...] = ()
    witness: bool = True
    running: dict[Members, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.up = set(self.plan.nodes)
        self.running = {self.plan.nodes: Fraction(1)}

    def live(self, deeds: tuple[Deed, ...]) -> None:
        """Let one step happen and everything settle."""
        for verb, things in deeds:
            if verb == "crash":
                self.up -= set(things)
            elif verb == "start":
                self.up |= set(things)  # type: ignore[arg-type]  # a start takes names
            elif verb in ("lose", "restore"):
                self.witness = verb == "restore"
            else:
                self.sides = things  # type: ignore[assignment]  # a partition takes sides, and heal none
        after: dict[Members, Fraction] = defaultdict(Fraction)
        for members, share in self.running.items():
            outcomes = self.next(set(members) & self.up)
            for outcome in outcomes:
                after[outcome] += share / len(outcomes)
        self.running = dict(after)

    def next(self, running: set[str]) -> list[Members]:
        """Every way in which it may go on, all equally likely: with those that run, else formed anew by all."""
        sides = self.sides or (self.plan.nodes,)
        for voters in (running, self.up):
            able = [side for side in sides if voters & set(side) and self.may(voters & set(side), side)]
            if able:
                return [tuple(n for n in self.plan.nodes if n in self.up and n in side) for side in able]
        return [()]

    def may(self, group: set[str], side: Members) -> bool:
        """Do these nodes have more than half of all votes, with the witness if their side reaches it?"""
        reached = self.witness and (WITNESS in side or not any(WITNESS in other for other in self.sides))
        if self.plan.mode == "disk-only":
            return reached
        weight = self.plan.weights
        extra = MODES[self.plan.mode] is not None
        return 2 * (sum(weight[n] for n in group) + (extra and reached)) > sum(weight.values()) + extra


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    nodes = tuple(f"h{i + 1}" for i in range(draw(st.integers(2, 6))))
    mode = draw(st.sampled_from(list(MODES)))
    weights = dict.fromkeys(nodes, 1)
    if mode != "disk-only" and draw(st.booleans()):
        weights |= dict.fromkeys(draw(st.lists(st.sampled_from(nodes), max_size=len(nodes) - 1, unique=True)), 0)
    up, whole, steps = set(nodes), True, []
    for _ in range(draw(st.integers(1, 7))):
        deeds: list[Deed] = []
        for kind in draw(st.sampled_from(KINDS)):
            if kind == "crash" and up:
                crashed = draw(some(sorted(up)))
                deeds.append((kind, crashed))
                up -= set(crashed)
            elif kind == "start" and len(up) < len(nodes):
                started = draw(some(sorted(set(nodes) - up)))
                deeds.append((kind, started))
                up |= set(started)
            elif kind == "witness" and MODES[mode] is not None:
                deeds.append((draw(st.sampled_from(("lose", "restore", "restore"))), (WITNESS,)))
            elif kind == "network":
                deeds.append(("partition", draw(cuts(nodes, MODES[mode]))) if whole else ("heal", ()))
                whole = not whole
        if deeds:
            steps.append(tuple(deeds))
    return Plan(nodes, mode, weights, tuple(steps))


def some(names: list[str]) -> st.SearchStrategy[Members]:
    """One or two of the names, at times more."""
    few = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    many = st.lists(st.sampled_from(names), min_size=1, max_size=len(names), unique=True)
    return st.one_of(few, few, many).map(tuple)


@st.composite
def cuts(draw: st.DrawFn, nodes: Members, witness: str | None) -> tuple[Members, ...]:
    """The nodes in two or three parts, often halves; the witness in one of them, or in none and so reached from all."""
    if draw(st.booleans()):
        shuffled = draw(st.permutations(nodes))
        return tuple(shuffled[: len(nodes) // 2]), tuple(shuffled[len(nodes) // 2 :])
    count = draw(st.integers(2, 3))
    place = {n: draw(st.integers(0, count - 1)) for n in nodes}
    if witness is not None and draw(st.booleans()):
        place[WITNESS] = draw(st.integers(0, count - 1))
    sides = tuple(tuple(n for n, at in place.items() if at == part) for part in range(count))
    return tuple(side for side in sides if side)


def scenario(plan: Plan) -> Scenario:
    kind = MODES[plan.mode]
    made_of = None if kind is None else Witness(kind, WITNESS)
    weights = tuple((n, 0) for n, weight in plan.weights.items() if not weight)
    machines = build.machines(len(plan.nodes))
    hosts = tuple(replace(h, storage=("san", WITNESS)) for h in machines.hosts)
    return replace(
        machines,
        hosts=hosts,
        storage=(Storage("san"), Storage(WITNESS)) if kind == "disk" else machines.storage,
        clusters=(FailoverCluster("c", plan.nodes, made_of, plan.mode, weights),),
        timeline=tuple(Step(tuple(act(verb, things) for verb, things in deeds)) for deeds in plan.steps),
    )


def act(verb: str, things: tuple[object, ...]) -> Act:
    if verb == "partition":
        return Act(verb, sides=things)  # type: ignore[arg-type]  # a partition takes sides
    return Act(verb, things)  # type: ignore[arg-type]  # every other verb takes names


def compare(plan: Plan) -> None:
    oracle = Oracle(plan)
    for deeds in plan.steps:
        oracle.live(deeds)
    outcome = simulate(scenario(plan))
    found = evaluate(parse_claim('members("c")'), outcome)
    note(
        str(
            [(branch.share, [(e.at_ms, e.kind, e.subject) for e in branch.trace.events]) for branch in outcome.branches]
        )
    )
    assert not found.unknown
    assert dict(found.values) == oracle.running
    for claim in ('ever(clusters_formed("c") > 1)', 'quorum("c") != (len(members("c")) > 0)'):
        assert evaluate(parse_claim(claim), outcome).certain is False, claim


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_the_model_counts_votes_as_the_sources_do(plan: Plan) -> None:
    compare(plan)


@pytest.mark.nightly
@settings(max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_the_model_counts_votes_as_the_sources_do_at_length(plan: Plan) -> None:
    compare(plan)
