"""Failback: whether a role goes back, to which node, and when."""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Scenario
from tests.cluster.telling import expect, scenario

FIVE = """
title: five nodes, two of them preferred
release: ws2012r2
<clock>
<until>
storage: {san: {kind: array}}
hosts: {n1: {}, n2: {}, n3: {}, n4: {}, n5: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3, n4, n5], quorum: node-majority}}
roles:
  sql: {cluster: c, owner: n1, storage: san, starts_in: 10s, <listed>properties: {<properties>}}
services: {db: {role: sql}}
"""
ALLOWED, LISTED = "AutoFailbackType: 1", "preferred: [n1, n2, n3], "
AWAY = "{at: 0s, crash: n1}, {at: 60s, start: n1}"
"""At 60 s n1 is back and has joined; sql is on n2."""


def back(timeline: str, properties: str = ALLOWED, listed: str = LISTED, clock: str = "", until: str = "") -> Scenario:
    return scenario(
        FIVE,
        f"[{timeline}]",
        properties=properties,
        listed=listed,
        clock=f"clock: {clock}" if clock else "",
        until=f"until: {until}" if until else "",
    )


@pytest.mark.parametrize(
    "timeline, properties, listed, owner, times",
    [
        (AWAY, "", LISTED, "n2", 0),
        (AWAY, "AutoFailbackType: 0", LISTED, "n2", 0),
        (AWAY, ALLOWED, LISTED, "n1", 1),
        # Only upwards in the list, and only for a node of the list that has returned.
        ("{crash: n1}, {crash: n3}, {start: n3}", ALLOWED, LISTED, "n2", 0),
        ("{crash: n1}, {crash: n4}, {start: n4}", ALLOWED, LISTED, "n2", 0),
        ("{move: sql, to: n4}, {crash: n5}, {start: n5}", ALLOWED, LISTED, "n4", 0),
        ("{move: sql, to: n4}, {crash: n3}, {start: n3}", ALLOWED, LISTED, "n3", 1),
        ("{crash: n1}, {crash: n2}, {start: n2}, {start: n1}", ALLOWED, LISTED, "n1", 2),
        ("{crash: n1}, {crash: n2}, {start: [n1, n2]}", ALLOWED, LISTED, "n1", 1),
        # The node has returned and may not have the role.
        ("{crash: n1}, {pause: n2}, {crash: n2}, {start: n2}", ALLOWED, LISTED, "n3", 0),
        ("{crash: n1}, {start: n1}", ALLOWED, f"{LISTED}possible: [n1, n2], ", "n1", 1),
        # While the role starts elsewhere it is let come online first.
        ("{at: 0s, crash: n1}, {at: 6s, start: n1}", ALLOWED, LISTED, "n1", 1),
        # Isolated and back; stopped and started; paused and resumed.
        ("{isolate: n1}, {rejoin: n1}", ALLOWED, LISTED, "n1", 1),
        ("{stop-node: n1}, {start-node: n1}", ALLOWED, LISTED, "n1", 1),
        ("{pause: n1, drain: true}, {resume: n1}", ALLOWED, LISTED, "n2", 0),
        ("{pause: n1, drain: true}, {resume: n1, failback: policy}", ALLOWED, LISTED, "n1", 1),
        ("{pause: n1, drain: true}, {resume: n1, failback: policy}", "", LISTED, "n2", 0),
    ],
)
def test_whether_it_goes_back(timeline: str, properties: str, listed: str, owner: str, times: int) -> None:
    outcome = expect(back(timeline, properties, listed), {'owner("sql")': owner, 'online("sql")': True})
    assert [e.kind for e in outcome.trace.events].count("failback") == times


def test_without_preferred_owners_there_is_nowhere_to_go_back_to() -> None:
    outcome = expect(back(AWAY, listed=""), {'moved("sql")': True, 'happens("failback", "sql")': False})
    assert len(outcome.branches) == 1


def test_going_back_costs_a_second_outage_and_is_no_failover() -> None:
    claims = {'outages("db")': 2, 'downtime("db")': 25, 'failovers("sql")': 1, 'time_of("failback", "sql")': 60}
    outcome = expect(back(AWAY), claims)
    chain = [e.kind for e in outcome.trace.why(len(outcome.trace.events))]
    assert chain == ["start", "joined", "failback", "online"]


@pytest.mark.parametrize(
    "clock, window, until, at",
    [
        # The node is back one minute after the clock's hour; a window is from its first hour to the start of its last.
        ("2h", (1, 4), "", 60),
        ("1h", (1, 4), "", 60),
        ("4h", (1, 4), "20h", None),
        ("4h", (1, 4), "21h", 21 * 3600),
        ("23h", (1, 4), "3h", 2 * 3600),
        # Over midnight.
        ("23h", (22, 2), "", 60),
        ("1h", (22, 2), "", 60),
        ("2h", (22, 2), "20h", 20 * 3600),
        # No window: one end is not set.
        ("14h", (1, -1), "", 60),
        ("14h", (-1, 4), "", 60),
        # An empty window opens for a moment.
        ("2h", (3, 3), "1h", 3600),
        # Without a clock a run starts at midnight.
        ("", (1, 4), "1h", 3600),
        ("", (0, 1), "", 60),
    ],
)
def test_windows(clock: str, window: tuple[int, int], until: str, at: int | None) -> None:
    hours = f"FailbackWindowStart: {window[0]}, FailbackWindowEnd: {window[1]}"
    made = back(AWAY, f"{ALLOWED}, {hours}", clock=clock, until=until)
    expect(made, {'time_of("failback", "sql")': at, 'owner("sql")': "n1" if at is not None else "n2"})


def test_a_window_is_not_waited_for() -> None:
    hours = "FailbackWindowStart: 1, FailbackWindowEnd: 4"
    trace = simulate(back(AWAY, f"{ALLOWED}, {hours}", clock="14h")).trace
    assert trace.end_ms < 120_000


@pytest.mark.parametrize(
    "then, owner",
    [
        ("{at: 70s, crash: n1}", "n2"),
        ("{at: 70s, pause: n1}", "n2"),
        ("{at: 70s, set: sql, property: AutoFailbackType, value: 0}", "n2"),
        ("{at: 70s, move: sql, to: n1}", "n1"),
        ("{at: 70s, crash: n2}", "n3"),
    ],
)
def test_what_happens_before_the_window_opens(then: str, owner: str) -> None:
    hours = "FailbackWindowStart: 1, FailbackWindowEnd: 4"
    made = back(f"{AWAY}, {then}", f"{ALLOWED}, {hours}", clock="0h", until="50min")
    expect(made, {'owner("sql")': owner, 'happens("failback", "sql")': False})
    later = back(f"{AWAY}, {then}", f"{ALLOWED}, {hours}", clock="0h", until="2h")
    expect(later, {'owner("sql")': "n1" if owner == "n3" else owner})


VM = """
title: a machine goes back
release: <release>
storage: {san: {kind: csv}}
hosts: {h1: {memory: 16}, h2: {memory: <room>}}
vms: {v1: {host: h1, memory: 8}, v2: {host: h2, memory: 12}}
clusters: {hv: {kind: failover, nodes: [h1, h2], witness: {share: fs1}, quorum: node-and-share-majority}}
roles:
  v1:
    {cluster: hv, owner: h1, vm: v1, storage: san, heartbeat_monitoring: false, preferred: [h1, h2],
     properties: {AutoFailbackType: 1, Priority: <priority>}}
services: {app: {runs_on: v1}}
"""


@pytest.mark.parametrize(
    "release, priority, way, down",
    [("ws2012", 2000, "live-migrate", 1), ("ws2012", 1000, "quick-migrate", 38), ("ws2008", 2000, "quick-migrate", 38)],
)
def test_a_virtual_machine_is_migrated_back(release: str, priority: int, way: str, down: int) -> None:
    made = scenario(VM, "[{at: 0s, crash: h1}, {at: 60s, start: h1}]", release=release, priority=priority, room=64)
    claims = {'host_of("v1")': "h1", 'boots("v1")': 1, f'happens("{way}", "v1")': True, 'downtime("app")': 5 + down}
    expect(made, claims)


def test_a_machine_that_found_no_room_has_nothing_to_go_back_from() -> None:
    made = scenario(VM, "[{crash: h1}, {start: h1}]", release="ws2012", priority=2000, room=16)
    expect(made, {'host_of("v1")': "h1", 'failovers("v1")': 0, 'happens("failback", "v1")': False})
