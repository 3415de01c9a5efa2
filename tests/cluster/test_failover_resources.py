"""Resources that fail: when a check finds it, restarts in place, what the policies say, starts that take too long, and
another try later.
"""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Scenario
from tests.cluster.telling import expect, scenario

NODES = """
title: three nodes
release: ws2012
storage: {san: {kind: array}}
hosts: {n1: {}, n2: {}, n3: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3], quorum: node-majority}}
roles: {sql: {cluster: c, owner: n1, storage: san, starts_in: <takes>, properties: {<properties>}}}
services: {db: {role: sql}}
<until>
"""


def role(timeline: str, properties: str = "", takes: str = "10s", until: str = "") -> Scenario:
    return scenario(NODES, timeline, properties=properties, takes=takes, until=f"until: {until}" if until else "")


@pytest.mark.parametrize(
    "at, properties, after",
    [
        # LooksAlive every 5 s and IsAlive every 60 s, both counted from the start of the run.
        ("0s", "", 5),
        ("10s", "", 5),
        ("11s", "", 4),
        ("14500ms", "", 0.5),
        ("11s", "LooksAlivePollInterval: 20000", 9),
        ("41s", "LooksAlivePollInterval: 300000", 19),
        ("41s", "LooksAlivePollInterval: 300000, IsAlivePollInterval: 120000", 79),
        ("41s", "IsAlivePollInterval: 3000", 1),
    ],
)
def test_when_a_check_finds_a_failure(at: str, properties: str, after: float) -> None:
    expect(
        role(f"[{{at: {at}, fail: sql}}]", properties), {'detection_time("sql")': after, 'downtime("db")': after + 10}
    )


@pytest.mark.parametrize(
    "properties, fails, restarts, failovers, state",
    [
        ("RestartAction: 0", (60,), 0, 0, "Failed"),
        ("RestartAction: 1, RestartThreshold: 1", (60,), 1, 0, "Online"),
        ("RestartAction: 1, RestartThreshold: 1", (60, 120), 1, 0, "Failed"),
        ("RestartAction: 1, RestartThreshold: 0", (60,), 0, 0, "Failed"),
        ("RestartAction: 2, RestartThreshold: 1", (60, 120), 1, 1, "Online"),
        ("RestartThreshold: 3", (60, 120, 180), 3, 0, "Online"),
        ("RestartThreshold: 3", (60, 120, 180, 240), 3, 1, "Online"),
        # The period slides, and starts anew on another node.
        ("RestartThreshold: 1", (60, 959), 1, 1, "Online"),
        ("RestartThreshold: 1", (60, 960), 2, 0, "Online"),
        ("RestartThreshold: 1, RestartPeriod: 60000", (60, 125), 2, 0, "Online"),
        ("RestartThreshold: 1", (60, 120, 180), 2, 1, "Online"),
        ("RestartThreshold: 1", (60, 120, 180, 240), 2, 2, "Online"),
    ],
)
def test_restart_policies(properties: str, fails: tuple[int, ...], restarts: int, failovers: int, state: str) -> None:
    made = role(f"[{', '.join(f'{{at: {at}s, fail: sql}}' for at in fails)}]", properties)
    claims = {'restarts("sql")': restarts, 'failovers("sql")': failovers, 'state("sql")': state}
    expect(made, claims | {'owner("sql")': "none" if state == "Failed" else f"n{failovers + 1}"})


@pytest.mark.parametrize(
    "properties, takes, down",
    [
        ("RestartThreshold: 3", "10s", 15),
        ("RestartThreshold: 3, RestartDelay: 500", "10s", 15.5),
        ("RestartThreshold: 3, RestartDelay: 0", "10s", 15),
    ],
)
def test_a_delay_counts_only_where_somebody_has_set_it(properties: str, takes: str, down: float) -> None:
    expect(role("[{at: 10s, fail: sql}]", properties, takes), {'downtime("db")': down})


def test_the_default_delay_is_not_read() -> None:
    """Its number is not confirmed: nothing may rest on it."""
    read = simulate(role("[{at: 10s, fail: sql}]")).trace.facts_read
    assert "RestartThreshold" in read
    assert not {"RestartDelay", "PendingTimeout"} & read


@pytest.mark.parametrize(
    "properties, takes, claims",
    [
        # A start that takes longer than the pending timeout fails, here and on the other nodes.
        (
            "RestartThreshold: 1, PendingTimeout: 20000",
            "30s",
            {'restarts("sql")': 3, 'failovers("sql")': 2, 'time_of("failed", "sql")': 105, 'state("sql")': "Failed"},
        ),
        ("PendingTimeout: 30000", "30s", {'restarts("sql")': 1, 'online("sql")': True, 'downtime("db")': 35}),
    ],
)
def test_starts_that_take_too_long(properties: str, takes: str, claims: dict[str, object]) -> None:
    expect(role("[{at: 0s, fail: sql}]", properties, takes), claims)


def test_a_start_that_was_given_up_meanwhile_times_out_for_nobody() -> None:
    made = role("[{at: 0s, fail: sql}, {at: 10s, move: sql, to: n2}]", "PendingTimeout: 20000", "30s", "40s")
    assert [e.kind for e in simulate(made).trace.events if e.at_ms == 25_000] == []


@pytest.mark.parametrize(
    "timeline, properties, until, state, at",
    [
        ("{at: 0s, fail: sql}", "", "3604s", "Failed", None),
        ("{at: 0s, fail: sql}", "", "3615s", "Online", 3615),
        ("{at: 0s, fail: sql, lasting: true}", "", "2h", "Failed", None),
        ("{at: 0s, fail: sql}", "RetryPeriodOnFailure: 600000", "700s", "Online", 615),
        ("{at: 0s, fail: sql}", "RetryPeriodOnFailure: 4294967295", "1200h", "Failed", None),
    ],
)
def test_another_try_later(timeline: str, properties: str, until: str, state: str, at: int | None) -> None:
    made = role(f"[{timeline}]", f"RestartAction: 0, {properties}", until=until)
    claims: dict[str, object] = {'state("sql")': state, 'time_of("online", "sql")': at}
    expect(made, claims if state == "Online" else {'state("sql")': state, 'happens("online", "sql")': False})


def test_a_retry_of_what_has_started_since_does_nothing() -> None:
    made = role("[{at: 0s, fail: sql}, {at: 60s, move: sql, to: n2}]", "RestartAction: 0", until="2h")
    expect(made, {'owner("sql")': "n2", 'outages("db")': 1, 'restarts("sql")': 0})


def test_alone_it_waits_for_a_node_and_is_tried_again() -> None:
    alone = "RestartThreshold: 0"
    lost = "{pause: [n2, n3]}, {at: 1s, fail: sql}"
    expect(role(f"[{lost}]", alone), {'state("sql")': "Failed", 'failovers("sql")': 0})
    expect(role(f"[{lost}, {{at: 60s, resume: n3}}]", alone), {'owner("sql")': "n3", 'failovers("sql")': 1})
    expect(role(f"[{lost}]", alone, until="2h"), {'owner("sql")': "n1", 'time_of("online", "sql")': 3615})


def test_on_a_paused_node_nothing_is_started() -> None:
    made = role("[{pause: n1}, {fail: sql}]")
    expect(made, {'restarts("sql")': 0, 'failovers("sql")': 1, 'owner("sql")': "n2"})


@pytest.mark.parametrize(
    "timeline, claims",
    [
        ("[{lose: san}]", {'state("sql")': "Failed", 'restarts("sql")': 3, 'quorum("c")': True}),
        ("[{lose: san}, {restore: san}]", {'state("sql")': "Online", 'owner("sql")': "n1"}),
        ("[{at: 0s, lose: san}, {at: 3s, restore: san}]", {'restarts("sql")': 0, 'detected("sql")': False}),
        ("[{at: 0s, fail: sql}, {at: 3s, crash: n1}]", {'restarts("sql")': 0, 'failovers("sql")': 1}),
        ("[{at: 0s, fail: sql}, {at: 3s, stop-node: n1}]", {'restarts("sql")': 0, 'failovers("sql")': 0}),
        ("[{fail: sql, lasting: true}]", {'owner("sql")': "n2", 'restarts("sql")': 3, 'failovers("sql")': 1}),
        ("[{fail: db}]", {'owner("sql")': "n1", 'restarts("sql")': 1, 'detected("db")': True}),
    ],
)
def test_what_a_check_finds(timeline: str, claims: dict[str, object]) -> None:
    expect(role(timeline), claims)
