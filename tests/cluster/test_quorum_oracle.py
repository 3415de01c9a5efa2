"""Quorum and membership as the model has them, compared with the second opinion of `oracle.py` on random histories.

Both answer for every moment between the steps: who is a member, the votes that are present, counted and had by each
node and the witness, whether it runs by force, and the exact share of every combination.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from studyapp.cluster import Outcome, evaluate, parse_claim, simulate
from studyapp.cluster.orders.handlers import VERBS
from studyapp.cluster.scenario import (
    RELEASES,
    Act,
    FailoverCluster,
    Host,
    Network,
    Scenario,
    Setting,
    Step,
    Storage,
    Witness,
)
from studyapp.packs.facts import load_facts
from tests.cluster.oracle import Oracle
from tests.cluster.oracle_state import WITNESS, Rules, Unspecified

STATIC = {
    "node-majority": None,
    "node-and-disk-majority": "disk",
    "node-and-share-majority": "share",
    "disk-only": "disk",
}
ALONE = ("shutdown", "stop-node", "stop-node", "start-node", "force-quorum", "prevent-quorum", "set", "evict", "join")
APART = 600
"""Seconds between two steps with a time: enough for everything to settle."""
CUTTING = ("partition", "isolate")

Members = tuple[str, ...]
Deed = tuple[str, tuple[object, ...]]
"""A verb and what it takes: machines, or the sides of a partition."""
Seen = tuple[object, ...]


@dataclass(frozen=True)
class Plan:
    """A cluster and its history; the deeds of one step happen at once. `courses` is what the oracle says after each."""

    release: str
    mode: str
    rules: Rules
    timed: bool
    far: frozenset[str]
    """Machines in another subnet, whose silence may last longer."""
    patient: bool
    """From 2016 on silent nodes are isolated first."""
    steps: tuple[tuple[Deed, ...], ...]
    courses: tuple[dict[Seen, Fraction], ...]


def rules_of(release: str, mode: str, witness: str | None, nodes: Members, **more: object) -> Rules:
    since = RELEASES.index(release)
    r2 = since >= RELEASES.index("ws2012r2")
    return Rules(
        nodes,
        witness=witness,
        disk_only=mode == "disk-only",
        dynamic=mode == "dynamic",
        adjusts_witness=r2,
        breaks_ties=r2,
        yields_to_force=r2,
        **more,  # type: ignore[arg-type]  # fields of Rules
    )


# -- what both answer -----------------------------------------------------------------------------------------------


def seen_by_oracle(oracle: Oracle) -> dict[Seen, Fraction]:
    """Every answer with its share; of no cluster, and of two that are equals, only how many run."""
    found: dict[Seen, Fraction] = defaultdict(Fraction)
    nodes = oracle.rules.machines
    for state, share in oracle.courses.items():
        sides = sorted(state.sides, key=lambda side: not side.forced)
        if not sides or len({side.forced for side in sides}) != len(sides):
            found[(len(sides),)] += share
            continue
        side = sides[0]
        config = state.config(side.members)
        helped = config.witness if oracle.reaches_witness(side.members) else 0
        seen: list[object] = [len(sides), *(n in side.members for n in nodes)]
        seen += [side.forced, config.votes_of(side.members) + helped, config.total]
        seen += [*(config.votes_of(frozenset({n})) for n in nodes), config.witness]
        found[tuple(seen)] += share
    return dict(found)


def claims(nodes: Members) -> str:
    """The claim that answers the same, one list for each course."""
    first = ", ".join(['clusters_formed("c")', *(f'"{n}" in members("c")' for n in nodes)])
    more = ", ".join(['forced("c")', 'votes("c")', 'votes_total("c")', *(f'vote("{n}")' for n in nodes)])
    alone = 'clusters_formed("c") == 1 or forced("c")'
    return f'[{first}, {more}, witness_vote("c")] if {alone} else [clusters_formed("c")]'


# -- histories ------------------------------------------------------------------------------------------------------


def noticed_at_once(step: tuple[Deed, ...]) -> bool:
    """Whether all nodes notice at one moment what a step does, also where the silence of some may last longer: a step
    that makes two sides at most, and nobody goes down meanwhile.
    """
    cuts = [len(things) - 1 if verb == "partition" else len(things) for verb, things in step if verb in CUTTING]
    return sum(cuts) <= 1 and not (cuts and len(step) > 1)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    release = draw(st.sampled_from(RELEASES))
    since = RELEASES.index(release)
    modes = [*STATIC, *(["dynamic"] * 6 if since >= RELEASES.index("ws2012") else [])]
    mode = draw(st.sampled_from(modes))
    nodes = tuple(f"h{i + 1}" for i in range(draw(st.integers(2, 6))))
    witness = STATIC.get(mode)
    if mode == "dynamic":
        kinds = [None, None, "disk", "share", *(["cloud"] if since >= RELEASES.index("ws2016") else [])]
        witness = draw(st.sampled_from(kinds))
    more: dict[str, object] = {}
    if mode != "disk-only" and draw(st.integers(0, 3)) == 0:
        idle = draw(st.lists(st.sampled_from(nodes), max_size=len(nodes) - 1, unique=True))
        more["weightless"] = frozenset(idle)
    if mode == "dynamic" and draw(st.integers(0, 3)) == 0 and since >= RELEASES.index("ws2012r2"):
        more["named"] = draw(st.sampled_from(nodes))
    if draw(st.integers(0, 3)) == 0:
        more["spare"] = ("h8", "h9")[: draw(st.integers(1, 2))]
    elif mode == "dynamic" and not (witness or more or len(nodes) % 2) and since >= RELEASES.index("ws2012r2"):
        more["without"] = draw(st.sampled_from(nodes))
    rules = rules_of(release, mode, witness, nodes, **more)
    oracle, steps, courses = Oracle(rules), [], []
    courses.append(seen_by_oracle(oracle))
    for _ in range(draw(st.integers(1, 7))):
        step = draw(step_after(oracle))
        try:
            oracle.step(*step)
        except Unspecified:
            continue
        steps.append(step)
        courses.append(seen_by_oracle(oracle))
    # To the oracle a step is one moment. Of sides that want one witness, those that wait longer come too late.
    at_once = witness is None or all(noticed_at_once(step) for step in steps)
    far = frozenset(draw(some(list(rules.machines)))) if at_once and draw(st.integers(0, 2)) == 0 else frozenset()
    return Plan(release, mode, rules, draw(st.booleans()), far, draw(st.booleans()), tuple(steps), tuple(courses))


@st.composite
def step_after(draw: st.DrawFn, oracle: Oracle) -> tuple[Deed, ...]:
    """One or two deeds at once: losses with losses, repairs with repairs, administration alone."""
    up = sorted(oracle.up)
    down = sorted(set(oracle.rules.machines) - oracle.up)
    lossy = ["partition", "partition", "isolate", *(["crash", "crash", "crash", "hang"] if up else [])]
    mending = [*(["start"] * 3 if down else []), *(["heal"] if oracle.cut else [])]
    mending += ["rejoin"] if oracle.isolated else []
    if oracle.rules.witness is not None:
        lossy += ["lose"] if oracle.witness_works else []
        mending += [] if oracle.witness_works else ["restore", "restore"]
    alone = [v for v in ALONE if v in VERBS]
    pools = [lossy, lossy, *([mending, mending] if mending else []), *([alone] if up else [])]
    pool = draw(st.sampled_from(pools))
    first = draw(st.sampled_from(pool))
    others = sorted(set(pool) - {first}) if pool is not alone and draw(st.booleans()) else []
    verbs = [first, draw(st.sampled_from(others))] if others else [first]
    if oracle.cut and "partition" in verbs:
        verbs = ["partition"]  # it mends as well as it cuts
    return tuple([(verb, draw(things_of(oracle, verb, up, down))) for verb in verbs])


@st.composite
def things_of(draw: st.DrawFn, oracle: Oracle, verb: str, up: list[str], down: list[str]) -> tuple[object, ...]:
    if verb in ("lose", "restore"):
        return (WITNESS,)
    if verb == "partition":
        return draw(cuts(oracle.rules.machines, oracle.rules.witness))
    if verb in ("heal", "set"):
        return ()
    if verb in ("crash", "hang", "start", "isolate", "rejoin"):
        among = {"start": down, "isolate": sorted(oracle.rules.machines), "rejoin": sorted(oracle.isolated)}
        return draw(some(among.get(verb, up)))
    if verb == "evict":
        return (draw(st.sampled_from(sorted(oracle.rules.machines))),)
    if verb == "join":
        return (draw(st.sampled_from([*oracle.rules.spare, *up])),)
    return (draw(st.sampled_from(up)),)


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
        parts = [tuple(shuffled[: len(nodes) // 2]), tuple(shuffled[len(nodes) // 2 :])]
    else:
        place = {n: draw(st.integers(0, 2)) for n in nodes}
        parts = [part for i in range(3) if (part := tuple(n for n in nodes if place[n] == i))]
    if witness is not None and draw(st.booleans()):
        chosen = draw(st.integers(0, len(parts)))
        parts = [*parts, ()] if chosen == len(parts) else parts
        parts[chosen] = (*parts[chosen], WITNESS)
    return tuple(parts)


def scenario(plan: Plan) -> Scenario:
    rules = plan.rules
    properties: list[tuple[str, Setting]] = []
    if RELEASES.index(plan.release) >= RELEASES.index("ws2016"):
        properties = [("QuarantineThreshold", 1000)]
        properties += [] if plan.patient else [("ResiliencyDefaultPeriod", 0)]
    if rules.named is not None:
        properties.append(("LowerQuorumPriorityNodeID", rules.named))
    made_of = None if rules.witness is None else Witness(rules.witness, WITNESS)
    disk = (Storage(WITNESS),) if rules.witness == "disk" else ()
    weights = tuple((n, 0) for n in rules.nodes if n in rules.weightless)
    dynamic = () if rules.without is None else tuple((n, int(n != rules.without)) for n in rules.nodes)
    steps = []
    for number, deeds in enumerate(plan.steps, 1):
        acts = tuple(act(verb, things) for verb, things in deeds)
        steps.append(Step(acts, at_ms=number * APART * 1000 if plan.timed else None))
    return Scenario(
        title="test",
        release=plan.release,
        networks=(Network("near"), Network("far")),
        storage=disk,
        hosts=tuple(
            Host(n, ("far" if n in plan.far else "near",), tuple(s.name for s in disk)) for n in rules.machines
        ),
        clusters=(FailoverCluster("c", rules.nodes, made_of, plan.mode, weights, dynamic, tuple(properties)),),
        timeline=tuple(steps),
        facts=load_facts().releases[plan.release],
    )


def act(verb: str, things: tuple[object, ...]) -> Act:
    if verb == "partition":
        return Act(verb, sides=things)  # type: ignore[arg-type]  # a partition takes sides
    if verb == "set":
        return Act(verb, ("c",), property="SameSubnetThreshold", value=6)
    if verb == "join":
        return Act(verb, things, to="c")  # type: ignore[arg-type]  # a join takes names
    return Act(verb, things)  # type: ignore[arg-type]  # every other verb takes names


# -- the comparison ---------------------------------------------------------------------------------------------------


def told(outcome: Outcome) -> str:
    return "\n".join(
        f"-- {branch.share}\n"
        + "\n".join(f"{e.at_ms:>8} {e.kind} {e.subject}: {e.detail}" for e in branch.trace.events)
        for branch in outcome.branches
    )


def compare(plan: Plan) -> None:
    made = scenario(plan)
    claim = claims(plan.rules.machines)
    for eager in (False, True):
        outcome = simulate(made, eager=eager)
        note(told(outcome))
        moments = {f"at({n * APART + APART - 1}, {claim})": n for n in range(len(plan.steps) + 1)} if plan.timed else {}
        for asked, number in {**moments, claim: len(plan.steps)}.items():
            found = evaluate(parse_claim(asked), outcome)
            assert not found.unknown
            assert dict(found.values) == plan.courses[number], f"after step {number}, eager: {eager}"
        if not any(verb == "force-quorum" for step in plan.steps for verb, _ in step):
            assert evaluate(parse_claim('ever(clusters_formed("c") > 1)'), outcome).certain is False


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_the_model_counts_votes_as_the_sources_do(plan: Plan) -> None:
    compare(plan)


@pytest.mark.nightly
@settings(max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_the_model_counts_votes_as_the_sources_do_at_length(plan: Plan) -> None:
    compare(plan)
