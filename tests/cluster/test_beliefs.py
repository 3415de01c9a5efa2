"""What people commonly believe: each belief predicts something else than the truth, in the way its name says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from fractions import Fraction

import pytest

from studyapp.cluster import evaluate, parse_claim, simulate
from studyapp.cluster.claims.checking import check_claim
from studyapp.cluster.kinds import Value
from studyapp.cluster.misconceptions import MISCONCEPTIONS, believing
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import FailoverCluster, NlbCluster, PortRule, Scenario, Service, Step
from studyapp.cluster.truth import TRUTH
from studyapp.packs.places import data_folder
from tests.cluster import build
from tests.cluster.build import act, given

Values = Mapping[Value, Fraction]
Seen = tuple[object, object]
"""What is true, and what the belief predicts: a value, or several with their shares."""

NEVER = float("inf")
HALF = Fraction(1, 2)
THIRD = Fraction(1, 3)


def watched_application() -> Scenario:
    """Three cluster nodes; on h2 there also runs a program that is no role."""
    made = build.host_cluster(3)
    return replace(made, services=(*made.services, Service("app", "runs_on", "h2")))


def blink() -> Scenario:
    """A node is silent for two seconds of the five that are allowed."""
    out, back = act("isolate", "h2"), act("rejoin", "h2")
    return given(build.host_cluster(3), Step((out,), 10_000), Step((back,), 12_000))


def two_guests_on_four_hosts() -> Scenario:
    """Four hosts with a virtual machine each; two of these are the nodes of a guest cluster."""
    made = build.virtual(4)
    return replace(made, clusters=(*made.clusters, FailoverCluster("g", ("v1", "v2"), None, "node-majority")))


def session_in_a_guest() -> Scenario:
    """Three hosts; a program in the virtual machine on the first keeps sessions in memory."""
    return replace(build.virtual(3), services=(Service("app", "runs_on", "v1", state="in-memory"),))


LOAD = act("load", "web", clients=60, addresses=tuple(f"10.0.0.{n}" for n in range(1, 21)))


def in_memory(rule: PortRule) -> Scenario:
    """Three balanced hosts whose service keeps sessions in memory."""
    made = build.farm(3)
    farm = NlbCluster("f", ("v1", "v2", "v3"), "multicast", rules=(rule,))
    return replace(made, clusters=(farm,), services=(Service("web", "nlb", "f", 80, "in-memory"),))


CASES: dict[str, tuple[Scenario, dict[str, Seen]]] = {
    "heartbeat-sees-applications": (
        given(watched_application(), act("fail", "app", lasting=True)),
        {
            'happens("removed", "h2")': (False, True),
            '"h2" in members("c")': (True, False),
            'answers("h2")': (True, True),
            'detected("app")': (False, True),
        },
    ),
    "one-missed-heartbeat-is-death": (
        blink(),
        {'happens("removed", "h2")': (False, True), 'time_of("removed", "h2")': (NEVER, 11)},
    ),
    "half-is-enough": (
        given(build.host_cluster(4), act("crash", "h1", "h2")),
        {'quorum("c")': (False, True), 'members("c")': ((), ("h3", "h4"))},
    ),
    "majority-of-survivors": (
        given(build.host_cluster(5), act("crash", "h1", "h2"), act("crash", "h3")),
        {'quorum("c")': (False, True), 'members("c")': ((), ("h4", "h5"))},
    ),
    "votes-never-change": (
        given(build.modern(build.host_cluster(5)), act("crash", "h1", "h2"), act("crash", "h3")),
        {'quorum("c")': (True, False), 'members("c")': (("h4", "h5"), ())},
    ),
    "witness-always-votes": (
        given(build.modern(build.host_cluster(3, "share")), act("crash", "h1", "h2")),
        {'witness_vote("c")': (0, 1), 'votes_total("c")': (3, 4)},
    ),
    "host-cluster-sees-guests": (
        given(build.virtual(3), act("hang", "v2")),
        {'detected("v2")': (False, True), 'boots("v2")': (0, 1), 'answers("v2")': (False, True)},
    ),
    "guest-cluster-restarts-the-vm": (
        given(build.guests(3), act("crash", "h1")),
        {'boots("v1")': (0, 1), 'up("v1")': (False, True), '"v1" in members("g")': (False, True)},
    ),
    "live-migration-saves-a-dead-host": (
        given(build.virtual(3), act("crash", "h1")),
        {
            'boots("v1")': (1, 0),
            'keeps_state("v1")': (False, True),
            'host_of("v1") == "h1"': (False, False),
            'up("v1")': (True, True),
        },
    ),
    "preferred-owner-from-the-top": (
        given(build.host_cluster(4, preferred=("h3", "h1", "h2")), act("crash", "h1")),
        {'owner("sql")': ("h2", "h3")},
    ),
    "failback-by-itself": (
        given(build.host_cluster(3, preferred=("h2", "h1")), act("crash", "h1"), act("start", "h1")),
        {
            'owner("sql")': ("h3", "h1"),
            'happens("failback", "sql")': (False, True),
            'outages("db")': (1, 1),
            'failovers("sql")': (1, 1),
        },
    ),
    "anti-affinity-by-default": (
        given(two_guests_on_four_hosts(), act("crash", "h2")),
        {
            'host_of("v2")': ({"h1": THIRD, "h3": THIRD, "h4": THIRD}, {"h3": HALF, "h4": HALF}),
            'chance(host_of("v1") == host_of("v2"))': (THIRD, 0),
        },
    ),
    "failover-shares-load": (
        build.host_cluster(3),
        {
            'serves("h1", "db")': (True, True),
            'serves("h2", "db")': (False, True),
            'share("db", "h1")': (1, THIRD),
            'share("db", "h3")': (0, THIRD),
            'owner("sql")': ("h1", "h1"),
        },
    ),
    "failover-keeps-memory": (
        given(session_in_a_guest(), act("load", "app", clients=60, addresses=("10.0.0.1",)), act("crash", "h1")),
        {
            'keeps_state("v1")': (False, True),
            'boots("v1")': (1, 1),
            'moved("v1")': (True, True),
            'sessions_lost("app")': (60, 0),
            'requests_lost("app")': (60, 60),
        },
    ),
    "nlb-checks-applications": (
        given(build.farm(3), act("fail", "web", node="v2", lasting=True)),
        {
            'happens("removed", "v2")': (False, True),
            'detected("web")': (False, True),
            'available("web")': ({True: 2 * THIRD, False: THIRD}, True),
            'share("web", "v2")': (THIRD, 0),
            'members("f")': (("v1", "v2", "v3"), ("v1", "v3")),
        },
    ),
    "nlb-needs-quorum": (
        given(build.farm(3), act("crash", "v1", "v2")),
        {'available("web")': (True, False), 'serves("v3", "web")': (True, False)},
    ),
    "nlb-moves-sessions": (
        given(in_memory(PortRule(filter="single")), LOAD, act("crash", "v1")),
        {'requests_lost("web")': (60, 0), 'sessions_lost("web")': (60, 0), 'keeps_state("web")': (False, True)},
    ),
    "affinity-saves-state": (
        given(in_memory(PortRule()), LOAD, act("crash", "v1", "v2", "v3")),
        {'requests_lost("web")': (60, 60), 'sessions_lost("web")': (60, 0), 'keeps_state("web")': (False, True)},
    ),
    "no-rule-drops-traffic": (
        in_memory(PortRule(443, 443)),
        {
            'available("web")': (True, False),
            'share("web", "v1")': (1, 0),
            'default_host("f")': ("v1", "v1"),
            'available("web", 443)': (True, True),
        },
    ),
    "resume-starts-the-host": (
        given(build.farm(3), act("suspend", "v2"), act("resume-node", "v2")),
        {'state("v2")': ("Stopped", "Converged"), 'share("web", "v2")': (0, THIRD)},
    ),
}


def values(scenario: Scenario, written: str, belief: str | None) -> Values:
    """Each value that the claim takes, with its share."""
    claim = parse_claim(written)
    assert not list(check_claim(claim, scenario, {})), written
    result = evaluate(claim, simulate(scenario, belief))
    assert not result.unknown
    return dict(result.values)


def same(found: Values, expected: object) -> bool:
    if isinstance(expected, dict):
        return found == expected
    [(value, _)] = found.items() if len(found) == 1 else [(None, None)]
    if isinstance(expected, Fraction) and isinstance(value, int | float):
        return value == pytest.approx(float(expected))
    return value == expected and isinstance(value, bool) == isinstance(expected, bool)


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_a_belief_predicts_what_its_name_says_and_the_truth_is_otherwise(name: str) -> None:
    scenario, claims = CASES[name]
    for written, (true, believed) in claims.items():
        assert same(found := values(scenario, written, None), true), f"{written} in truth: {found}"
        assert same(found := values(scenario, written, name), believed), f"{written} believing {name}: {found}"
    assert any(true != believed for true, believed in claims.values())


def test_there_is_a_case_for_each_and_for_nothing_else() -> None:
    assert set(CASES) == set(MISCONCEPTIONS)


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_a_belief_replaces_one_rule_and_leaves_the_others(name: str) -> None:
    rules = {field.name for field in fields(Rules)}
    held = MISCONCEPTIONS[name]
    assert held.name == name
    assert held.rule in rules
    believed = believing(name)
    assert [rule for rule in sorted(rules) if getattr(believed, rule) is not getattr(TRUTH, rule)] == [held.rule]


def test_believing_nothing_is_the_truth() -> None:
    assert believing(None) is TRUTH
    with pytest.raises(KeyError):
        believing("half-is-plenty")


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_where_nothing_happens_every_belief_sees_a_healthy_cluster(name: str) -> None:
    for scenario in (build.host_cluster(4, "share"), build.virtual(3), build.guests(3), build.farm(3)):
        outcome = simulate(scenario, name)
        assert [branch.trace.events for branch in outcome.branches] == [()]
        for service in scenario.services:
            assert values(scenario, f'available("{service.name}")', name) == {True: 1}


def test_each_is_told_kindly_with_its_source() -> None:
    told = tomllib.loads((data_folder() / "misconceptions.toml").read_text(encoding="utf-8"))
    sources = tomllib.loads((data_folder() / "sources.toml").read_text(encoding="utf-8"))
    assert set(told) == set(MISCONCEPTIONS)
    for name, entry in told.items():
        # "To answer like this you would have to believe that ..." goes on with it, and brings the full stop.
        assert entry["says"].strip(), name
        assert not entry["says"].endswith("."), name
        assert entry["truth"].endswith("."), name
        assert entry["source"], name
        assert set(entry["source"]) <= set(sources), name
        for unkind in ("stupid", "wrong", "obviously", "of course", "mistake", "silly"):
            assert unkind not in f"{entry['says']} {entry['truth']}".lower(), name
