"""Roles whose node is lost or whose cluster stops: what moves, what waits, how often, and what the trace says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Role, Scenario, Step
from tests.cluster import build
from tests.cluster.build import act, given
from tests.cluster.telling import expect, scenario

THREE = """
title: three nodes
release: <release>
storage: {san: {kind: array}}
hosts: {n1: {}, n2: {}, n3: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3], quorum: node-majority}}
roles: {sql: {cluster: c, owner: n1, storage: san, starts_in: 10s<more>}}
services: {db: {role: sql}}
"""
LISTED = ", preferred: [n1, n2, n3]"


def three(timeline: str, more: str = LISTED, release: str = "ws2008r2") -> Scenario:
    return scenario(THREE, timeline, more=more, release=release)


def told(made: Scenario, *kinds: str) -> list[tuple[int, str, str]]:
    """(seconds, kind, subject) of the events of some kinds."""
    events = simulate(made).trace.events
    return [(e.at_ms // 1000, e.kind, e.subject) for e in events if e.kind in kinds]


def test_a_lost_node_step_by_step() -> None:
    made = three("[{at: 10s, crash: n1}]")
    kinds = ("detected", "removed", "failover", "online")
    assert told(made, *kinds) == [
        (15, "detected", "n1"),
        (15, "removed", "n1"),
        (15, "detected", "sql"),
        (15, "failover", "sql"),
        (25, "online", "sql"),
    ]
    expect(made, {'downtime("db")': 15, 'detection_time("sql")': 5, 'keeps_state("sql")': False})
    trace = simulate(made).trace
    chain = [e.kind for e in trace.why(len(trace.events))]
    assert chain == ["crash", "detected", "removed", "detected", "failover", "online"]


@pytest.mark.parametrize(
    "timeline, more, claims",
    [
        # Nobody failed: the node is only out of reach.
        ("[{isolate: n1}]", LISTED, {'owner("sql")': "n2", 'detected("sql")': False, 'failovers("sql")': 1}),
        ("[{hang: n1}]", LISTED, {'owner("sql")': "n2", 'detected("sql")': True}),
        ("[{crash: n3}]", LISTED, {'owner("sql")': "n1", 'failovers("sql")': 0, 'downtime("db")': 0}),
        # The next node is lost while the role starts there.
        ("[{at: 0s, crash: n1}, {at: 6s, pause: n1}]", LISTED, {'owner("sql")': "n2"}),
        ("[{crash: [n1, n2]}]", LISTED, {'state("sql")': "Offline", 'owner("sql")': "none", 'quorum("c")': False}),
        ("[{crash: [n1, n2]}, {start: n2}]", LISTED, {'owner("sql")': "n2", 'failovers("sql")': 0}),
        ("[{crash: [n1, n2]}, {start: n1}]", LISTED, {'owner("sql")': "n1", 'failovers("sql")': 0}),
        # Nowhere to go: it waits for a node.
        ("[{crash: n1}]", ", possible: [n1]", {'state("sql")': "Failed", 'failovers("sql")': 0}),
        ("[{crash: n1}, {start: n1}]", ", possible: [n1]", {'owner("sql")': "n1", 'failovers("sql")': 0}),
        ("[{pause: [n2, n3]}, {crash: n1}]", LISTED, {'state("sql")': "Failed", 'online("sql")': False}),
        ("[{pause: [n2, n3]}, {crash: n1}, {resume: n3}]", LISTED, {'owner("sql")': "n3", 'failovers("sql")': 1}),
        ("[{lose: san}]", LISTED, {'online("sql")': False}),
        # The last node hangs, and nobody is left who could tell.
        ("[{crash: [n2, n3]}, {hang: n1}]", LISTED, {'owner("sql")': "none", 'quorum("c")': False}),
        ("[{hang: [n1, n2, n3]}]", LISTED, {'owner("sql")': "n1", 'available("db")': False, 'quorum("c")': False}),
        ("[{hang: [n1, n3]}, {crash: n2}]", LISTED, {'owner("sql")': "none", 'quorum("c")': False}),
        ("[{at: 0s, hang: n3}, {at: 0s, crash: [n1, n2]}]", LISTED, {'state("sql")': "Offline"}),
        # The last node goes down.
        ("[{crash: [n1, n2, n3]}]", LISTED, {'owner("sql")': "none", 'state("sql")': "Offline"}),
    ],
)
def test_what_becomes_of_a_role(timeline: str, more: str, claims: dict[str, object]) -> None:
    expect(three(timeline, more), claims)


def test_a_node_lost_while_the_role_starts_on_it() -> None:
    made = scenario(
        THREE.replace("quorum: node-majority", "witness: {share: fs1}"),
        "[{at: 0s, crash: n1}, {at: 6s, crash: n2}]",
        more=LISTED,
        release="ws2012r2",
    )
    expect(made, {'owner("sql")': "n3", 'failovers("sql")': 2, 'downtime("db")': 21})


def test_a_start_that_ends_on_a_dead_node_is_none() -> None:
    made = scenario(
        THREE.replace("quorum: node-majority", "witness: {share: fs1}"),
        "[{at: 0s, crash: n1}, {at: 12s, crash: n2}]",
        more=LISTED,
        release="ws2012r2",
    )
    expect(made, {'owner("sql")': "n3", 'failovers("sql")': 2, 'time_of("online", "sql")': 27})


def test_quorum_that_is_lost_while_a_role_is_between_two_nodes() -> None:
    made = three("[{at: 0s, fail: sql}, {at: 0s, crash: [n2, n3]}]", f"{LISTED}, restart: {{threshold: 0}}")
    expect(made, {'state("sql")': "Offline", 'quorum("c")': False, 'failovers("sql")': 0})


def test_a_node_that_is_back_before_it_was_missed() -> None:
    made = three("[{at: 0s, crash: n1}, {at: 2s, start: n1}]", ", possible: [n1]")
    expect(made, {'owner("sql")': "n1", 'time_of("joined", "n1")': 2, 'time_of("online", "sql")': 12})
    expect(made, {'failovers("sql")': 0})
    elsewhere = three("[{at: 0s, crash: n1}, {at: 2s, start: n1}]")
    expect(elsewhere, {'owner("sql")': "n2", 'failovers("sql")': 1})


@pytest.mark.parametrize(
    "more, lost, failovers, online",
    [
        # Nodes - 1 where nothing is set; in a sliding period, 6 h where nothing is set.
        ("", (60, 120), 2, True),
        ("", (60, 120, 180), 2, False),
        ("", (60, 120, 6 * 3600 + 59), 2, False),
        ("", (60, 120, 6 * 3600 + 60), 3, True),
        (", failover_threshold: 0", (60,), 0, False),
        (", failover_threshold: 5", (60, 120, 180), 3, True),
        (", failover_threshold: 1, failover_period: 1h", (60, 3600), 1, False),
        (", failover_threshold: 1, failover_period: 1h", (60, 3665), 2, True),
        (", failover_threshold: 1, failover_period: 0h", (60, 120), 2, True),
    ],
)
def test_how_often_a_role_may_fail_over(more: str, lost: tuple[int, ...], failovers: int, online: bool) -> None:
    steps = ", ".join(f"{{at: {at}s, fail: sql}}" for at in lost)
    made = three(f"[{steps}]", f", restart: {{threshold: 0}}{more}")
    state = "Online" if online else "Failed"
    expect(made, {'failovers("sql")': failovers, 'state("sql")': state})


def test_a_role_that_waits_may_have_failed_over_too_often_when_a_node_is_there() -> None:
    limited = f"{LISTED}, failover_threshold: 1"
    once = "{move: sql, to: n3}, {fail: sql, lasting: true}"
    made = three(f"[{once}, {{pause: [n2, n3]}}, {{crash: n1}}, {{resume: n2}}]", limited)
    outcome = expect(made, {'state("sql")': "Failed", 'failovers("sql")': 1})
    assert [e.rule for e in outcome.trace.events if e.kind == "failed"] == ["succession", "failover-threshold"]


def test_what_stays_failed_is_left_alone_when_others_come_and_go() -> None:
    made = three("[{fail: sql}, {crash: n3}, {start: n3}]", ", restart: {threshold: 0}, failover_threshold: 0")
    expect(made, {'state("sql")': "Failed", 'happens("online", "sql")': False})


def test_who_waited_once_starts_like_any_other_later() -> None:
    waited = "{pause: [n2, n3]}, {crash: n1}, {resume: [n2, n3]}"
    made = three(f"[{waited}, {{start: n1}}, {{crash: [n1, n2, n3]}}, {{start: [n1, n2, n3]}}]")
    expect(made, {'owner("sql")': "n2", 'failovers("sql")': 1, 'online("sql")': True})


def test_only_moves_that_happen_count() -> None:
    made = three("[{pause: [n2, n3]}, {crash: n1}, {resume: n2}]", f"{LISTED}, failover_threshold: 1")
    expect(made, {'failovers("sql")': 1, 'owner("sql")': "n2"})


def many(count: int) -> Scenario:
    """A cluster of four nodes with many roles on the first."""
    made = build.host_cluster(4, "share")
    return replace(made, roles=tuple(Role(f"r{i}", "c", "h1") for i in range(count)))


def test_a_lost_node_with_many_roles_is_placed_in_one_go() -> None:
    made = given(many(500), act("crash", "h1"))
    outcome = simulate(made)
    assert len(outcome.branches) == 1
    moved = [e for e in outcome.trace.events if e.kind == "failover"]
    assert [e.subject for e in moved] == [role.name for role in made.roles]
    assert {e.at_ms for e in moved} == {5000}


def test_open_owners_are_split_only_where_it_matters() -> None:
    made = given(many(2), Step((act("crash", "h1"),), 0), Step((act("pause", "h2"),), 20_000))
    assert len(simulate(made).branches) == 1
    lost = given(many(2), Step((act("crash", "h1"),), 0), Step((act("stop-node", "h2"),), 20_000))
    expect(lost, {'chance(failovers("r0") == 1)': 1.0, 'owner("r0")': {"depends": {"h3": 0.5, "h4": 0.5}}})


def test_an_early_start_is_no_start_any_more() -> None:
    """While the role starts, its node is stopped: that start ends nowhere."""
    made = three("[{at: 10s, fail: sql}, {at: 18s, move: sql, to: n3}]")
    expect(made, {'owner("sql")': "n3", 'time_of("online", "sql")': 28, 'outages("db")': 1})
