"""Whatever happens to whatever cluster, these hold in every branch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from studyapp.cluster import simulate, view
from studyapp.cluster.scenario import Act, FailoverCluster, Scenario, Step
from studyapp.cluster.trace import Outcome, State, Trace
from tests.cluster import build

MACHINE_VERBS = ("crash", "hang", "start", "isolate", "rejoin")


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    nodes = draw(st.integers(2, 5))
    kind = draw(st.sampled_from(["hosts", "virtual", "guests", "farm", "both"]))
    if kind == "hosts":
        witness = draw(st.sampled_from([None, "disk", "share"]))
        made = build.host_cluster(nodes, witness, preferred=draw(st.sampled_from([(), ("h2", "h1")])))
    elif kind == "virtual":
        made = build.virtual(nodes, monitored=draw(st.booleans()))
    elif kind == "guests":
        made = build.guests(nodes)
    elif kind == "farm":
        made = build.farm(nodes)
    else:
        below = build.virtual(nodes, monitored=draw(st.booleans()))
        above = build.guests(nodes)
        made = replace(
            below,
            clusters=below.clusters + above.clusters,
            roles=below.roles + above.roles,
            services=below.services + above.services,
        )
    steps = draw(st.lists(step(made), max_size=5))
    clock, timed = 0, []
    for one in steps:
        if draw(st.booleans()):
            timed.append(one)
            continue
        clock += draw(st.integers(0, 8000))
        timed.append(one if any(s.at_ms is None for s in timed) else replace(one, at_ms=clock))
    return replace(made, timeline=tuple(timed))


@st.composite
def step(draw: st.DrawFn, scenario: Scenario) -> Step:
    return Step(tuple(draw(st.lists(acts(scenario), min_size=1, max_size=2))))


@st.composite
def acts(draw: st.DrawFn, scenario: Scenario) -> Act:
    choices = list(MACHINE_VERBS)
    if not scenario.nlb:
        choices += ["fail", "repair", "partition", "heal"]
    if scenario.witnesses or scenario.storage:
        choices += ["lose", "restore"]
    verb = draw(st.sampled_from(choices))
    if verb in MACHINE_VERBS:
        return Act(verb, (draw(st.sampled_from(scenario.machines)),))
    if verb in ("fail", "repair"):
        things = [*scenario.role, *(s.name for s in scenario.services if s.kind != "nlb")]
        return Act(verb, (draw(st.sampled_from(things)),), lasting=verb == "fail" and draw(st.booleans()))
    if verb == "partition":
        hosts = draw(st.permutations(list(scenario.host)))
        cut = draw(st.integers(1, len(hosts) - 1))
        end = draw(st.integers(cut + 1, len(hosts)))
        return Act(verb, sides=(tuple(hosts[:cut]), tuple(hosts[cut:end])))
    if verb == "heal":
        return Act(verb)
    return Act(verb, (draw(st.sampled_from([*scenario.witnesses, "lan", "san"])),))


def check(outcome: Outcome) -> None:
    assert sum(branch.share for branch in outcome.branches) == 1
    for branch in outcome.branches:
        check_trace(branch.trace)


def check_trace(trace: Trace) -> None:
    times = [event.at_ms for event in trace.events]
    assert times == sorted(times), "time went back"
    for event in trace.events:
        assert (event.cause is None) == (event.rule == "timeline"), f"nothing happens without a cause: {event}"
        assert event.cause is None or event.cause < event.seq
    for _, state in trace.moments():
        for cluster in trace.scenario.clusters:
            if isinstance(cluster, FailoverCluster):
                check_cluster(trace.scenario, state, cluster)
    assert trace.after(len(trace.events)) == trace.end or trace.changes[-1].seq <= len(trace.events)


def check_cluster(scenario: Scenario, state: State, cluster: FailoverCluster) -> None:
    sides = view.sides(scenario, state, cluster.name)
    assert len(sides) <= 1 or not set(sides[0]) & set(sides[1]) or len(sides) == len(set(sides))
    present = [view.votes_present(scenario, state, cluster.name, side) for side in sides]
    assert sum(present) <= 2 * view.last_table(scenario, state, cluster.name).total
    for role in scenario.roles:
        if role.cluster == cluster.name:
            owner = view.owner(state, role.name)
            assert owner == "none" or owner in cluster.nodes
            assert (owner == "none") == (view.role_state(state, role.name) in ("Offline", "Failed")) or (
                view.role_state(state, role.name) == "Pending"
            )


def settled(outcome: Outcome) -> None:
    """At the settled end at most one side runs, and every side that runs has the majority."""
    for branch in outcome.branches:
        trace = branch.trace
        for name in trace.scenario.failover:
            sides = view.sides(trace.scenario, trace.end, name)
            assert len(sides) <= 1, f"{name} runs twice: {sides}"
            for side in sides:
                votes = view.votes_present(trace.scenario, trace.end, name, side)
                assert votes * 2 > view.last_table(trace.scenario, trace.end, name).total
            for role in trace.scenario.roles:
                if role.cluster == name and sides:
                    assert view.role_state(trace.end, role.name) in ("Online", "Failed")


def run_one(scenario: Scenario) -> None:
    outcome = simulate(scenario, eager=True)
    assume(len(outcome.branches) < 200)
    check(outcome)
    settled(outcome)
    assert simulate(scenario, eager=True) == outcome, "the same input gave another trace"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_invariants_hold(scenario: Scenario) -> None:
    run_one(scenario)


@pytest.mark.nightly
@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_invariants_hold_over_many(scenario: Scenario) -> None:
    run_one(scenario)


def repair_of_everything(scenario: Scenario) -> tuple[Step, ...]:
    hosts, vms = tuple(scenario.host), tuple(scenario.vm)
    mend = [Act("heal"), Act("rejoin", hosts + vms), Act("restore", (*scenario.witnesses, "lan", "san"))]
    things = (*scenario.role, *(s.name for s in scenario.services if s.kind != "nlb"))
    mend.append(Act("repair", tuple(dict.fromkeys(things))))
    return (Step(tuple(mend)), Step((Act("start", hosts),)), Step((Act("start", vms),)), Step((Act("repair", things),)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_repair_of_everything_brings_everything_back(scenario: Scenario) -> None:
    mended = replace(scenario, timeline=scenario.timeline + repair_of_everything(scenario))
    outcome = simulate(mended)
    assume(len(outcome.branches) < 200)
    for branch in outcome.branches:
        trace = branch.trace
        for machine in scenario.machines:
            assert view.answers(trace.end, machine)
        for cluster in scenario.clusters:
            assert view.members(scenario, trace.end, cluster.name) == cluster.nodes
        for role in scenario.roles:
            assert view.role_state(trace.end, role.name) == "Online", [e.detail for e in trace.events]


@pytest.mark.nightly
@settings(max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_repair_brings_everything_back_over_many(scenario: Scenario) -> None:
    test_repair_of_everything_brings_everything_back.hypothesis.inner_test(scenario)  # type: ignore[attr-defined]  # hypothesis keeps the plain test there
