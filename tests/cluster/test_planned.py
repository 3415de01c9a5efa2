"""Planned work: nodes are paused, drained, resumed, stopped, evicted and shut down; roles are moved."""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Scenario
from tests.cluster.telling import expect, scenario

NODES = """
title: four nodes
release: <release>
storage: {san: {kind: array}, far: {kind: array}}
hosts: {n1: {}, n2: {}, n3: {}, n4: {storage: [san]}, out: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3, n4], witness: {share: fs1}, quorum: node-and-share-majority}}
roles:
  sql: {cluster: c, owner: n1, storage: san, preferred: [n1, n2, n3], starts_in: 10s}
  web: {cluster: c, owner: n1, storage: far, possible: [n1, n4], properties: {RestartThreshold: 0}}
services: {db: {role: sql}}
"""


def nodes(timeline: str, release: str = "ws2012") -> Scenario:
    return scenario(NODES, f"[{timeline}]", release=release)


PAUSED, DRAINED = "{at: 10s, pause: n1}", "{at: 10s, pause: n1, drain: true}"


@pytest.mark.parametrize(
    "timeline, claims",
    [
        (PAUSED, {'state("n1")': "Paused", 'owner("sql")': "n1", 'votes("c")': 5, 'downtime("db")': 0}),
        (PAUSED, {'can_host("sql", "n1")': False, 'next_owner("sql")': "n2", 'members("c")': ["n1", "n2", "n3", "n4"]}),
        (f"{PAUSED}, {{crash: n1}}", {'owner("sql")': "n2", 'state("n1")': "Down"}),
        # It stays paused over a restart.
        (f"{PAUSED}, {{crash: n1}}, {{start: n1}}", {'state("n1")': "Paused", 'owner("sql")': "n2"}),
        (f"{PAUSED}, {{pause: n2}}, {{crash: n1}}", {'owner("sql")': "n3"}),
        # A drain moves what can be moved; what has nowhere to go stays, unless it is forced.
        (DRAINED, {'owner("sql")': "n2", 'downtime("db")': 10, 'failovers("sql")': 0, 'detected("sql")': False}),
        (DRAINED, {'owner("web")': "n1", 'online("web")': True, 'state("n1")': "Paused"}),
        (
            "{at: 10s, pause: n1, drain: true, force: true}",
            {'owner("sql")': "n2", 'state("web")': "Failed", 'state("n1")': "Paused", 'failovers("web")': 0},
        ),
        (f"{PAUSED}, {DRAINED}", {'owner("sql")': "n2", 'state("n1")': "Paused"}),
        (
            f"{DRAINED}, {{resume: n1}}",
            {'owner("sql")': "n2", 'state("n1")': "Up", 'happens("failback", "sql")': False},
        ),
        (f"{DRAINED}, {{resume: n1, failback: none}}", {'owner("sql")': "n2"}),
        (f"{DRAINED}, {{resume: n1, failback: policy}}", {'owner("sql")': "n2"}),
        (f"{DRAINED}, {{resume: n1, failback: immediate}}", {'owner("sql")': "n1", 'happens("failback", "sql")': True}),
        # What was not drained off the node, or is back already, or has no node, is left alone.
        (
            f"{DRAINED}, {{move: sql, to: n3}}, {{resume: n1, failback: immediate}}, {{resume: n1}}",
            {'owner("sql")': "n1", 'online("sql")': True},
        ),
        (
            f"{{move: sql, to: n2}}, {DRAINED}, {{resume: n1, failback: immediate}}",
            {'owner("sql")': "n2", 'happens("failback", "sql")': False},
        ),
        (
            (
                f"{DRAINED}, {{set: sql, property: RestartAction, value: 0}}, {{fail: sql}}, "
                "{resume: n1, failback: immediate}"
            ),
            {'state("sql")': "Failed", 'happens("failback", "sql")': False},
        ),
        # Forced off, it comes back with the node.
        (
            "{at: 10s, pause: n1, drain: true, force: true}, {at: 60s, resume: n1}",
            {'owner("web")': "n1", 'online("web")': True, 'failovers("web")': 0},
        ),
    ],
)
def test_pausing(timeline: str, claims: dict[str, object]) -> None:
    expect(nodes(timeline), claims)


@pytest.mark.parametrize(
    "timeline, release, finding, subject",
    [
        ("{pause: n1, drain: true}", "ws2008r2", "OPS015", "n1"),
        ("{crash: n4}, {pause: n4}", "ws2012", "OPS026", "n4"),
        ("{evict: n4}, {pause: n4}", "ws2012", "OPS026", "n4"),
        ("{at: 0s, hang: n4}, {at: 1s, pause: n4}", "ws2012", "OPS026", "n4"),
        ("{resume: n1}", "ws2012", "OPS012", "n1"),
        ("{crash: n4}, {resume: n4}", "ws2012", "OPS026", "n4"),
        ("{pause: n1, drain: true}", "ws2012", "OPS016", "n1"),
        ("{move: sql, to: n1}", "ws2012", "OPS006", "sql"),
        ("{move: web, to: n2}", "ws2012", "OPS006", "web"),
        ("{move: web, to: n4}", "ws2012", "OPS006", "web"),
        ("{move: web}", "ws2012", "OPS006", "web"),
        ("{pause: n2}, {move: sql, to: n2}", "ws2012", "OPS006", "sql"),
        ("{crash: n2}, {move: sql, to: n2}", "ws2012", "OPS006", "sql"),
        ("{partition: [[n1, n2], [n3, n4]]}, {lose: fs1}, {move: sql}", "ws2012", "OPS006", "sql"),
        ("{move: sql, to: n2, type: live}", "ws2012", "OPS020", "sql"),
        ("{hang: out}, {shutdown: out}", "ws2012", "OPS026", "out"),
    ],
)
def test_what_is_refused(timeline: str, release: str, finding: str, subject: str) -> None:
    trace = simulate(nodes(timeline, release)).trace
    assert ("finding", finding, subject) in trace.end
    assert ("refused", subject) in [(e.kind, e.subject) for e in trace.events]
    last = trace.events[-1]
    if last.kind == "refused":
        after = [c.key for c in trace.changes if c.seq == last.seq and c.key[0] != "step"]
        assert after == [("finding", finding, subject)], "it changes nothing"


@pytest.mark.parametrize(
    "timeline, claims",
    [
        ("{at: 10s, move: sql, to: n3}", {'owner("sql")': "n3", 'downtime("db")': 10, 'failovers("sql")': 0}),
        ("{at: 10s, move: sql}", {'owner("sql")': "n2", 'happens("move", "sql")': True}),
        ("{at: 10s, move: sql, to: n4}, {at: 60s, move: sql}", {'owner("sql")': "n1", 'outages("db")': 2}),
        # A role that has failed is started where it is moved to; one that waits too.
        ("{set: sql, property: RestartAction, value: 0}, {fail: sql}, {move: sql, to: n3}", {'owner("sql")': "n3"}),
        ("{set: sql, property: RestartAction, value: 0}, {fail: sql}, {move: sql}", {'owner("sql")': "n2"}),
        ("{pause: [n1, n4], drain: true, force: true}, {resume: n1}, {move: web}", {'owner("web")': "n1"}),
        # A move while the role starts begins the start anew.
        ("{at: 10s, move: sql, to: n2}, {at: 15s, move: sql, to: n3}", {'owner("sql")': "n3", 'downtime("db")': 15}),
    ],
)
def test_moving(timeline: str, claims: dict[str, object]) -> None:
    expect(nodes(timeline), claims)


@pytest.mark.parametrize(
    "timeline, claims",
    [
        ("{at: 10s, stop-node: n1}", {'owner("sql")': "n2", 'downtime("db")': 10, 'state("n1")': "Down"}),
        ("{at: 10s, stop-node: n1}", {'state("web")': "Offline", 'failovers("web")': 0, 'votes("c")': 4}),
        ("{at: 10s, stop-node: n1}, {at: 60s, start-node: n1}", {'owner("web")': "n1", 'owner("sql")': "n2"}),
        ("{evict: n1}", {'nodes("c")': ["n2", "n3", "n4"], 'owner("sql")': "n2", 'votes_total("c")': 4}),
        ("{crash: n4}, {evict: n4}", {'nodes("c")': ["n1", "n2", "n3"], 'downtime("db")': 0}),
        ("{evict: n1}, {join: n1, to: c}", {'can_host("sql", "n1")': True, 'state("n1")': "Up"}),
        ("{at: 10s, shutdown: n1}", {'owner("sql")': "n2", 'downtime("db")': 10, 'up("n1")': False}),
        ("{at: 10s, shutdown: n1}", {'detected("n1")': False, 'state("web")': "Offline", 'votes("c")': 4}),
        ("{shutdown: n1}, {start: n1}", {'owner("web")': "n1", 'owner("sql")': "n2", 'state("n1")': "Up"}),
        ("{shutdown: [n1, n2]}", {'owner("sql")': "n3", 'failovers("sql")': 0, 'members("c")': ["n3", "n4"]}),
        ("{crash: n1}, {shutdown: n1}", {'owner("sql")': "n2", 'up("n1")': False}),
        ("{shutdown: out}", {'up("out")': False, 'downtime("db")': 0}),
        ("{stop-node: n4}, {shutdown: n4}", {'up("n4")': False, 'members("c")': ["n1", "n2", "n3"]}),
        # All of them: the last has nobody to hand its roles to.
        ("{shutdown: [n1, n2, n3, n4]}", {'quorum("c")': False, 'state("sql")': "Offline", 'owner("sql")': "none"}),
        ("{shutdown: [n1, n2, n3, n4]}, {start: [n1, n2, n3, n4]}", {'owner("sql")': "n1", 'owner("web")': "n1"}),
    ],
)
def test_nodes_that_leave_in_order(timeline: str, claims: dict[str, object]) -> None:
    expect(nodes(timeline), claims)


HOSTS = """
title: two hosts
release: <release>
storage: {san: {kind: csv}}
hosts: {h1: {memory: 64}, h2: {memory: <room>}}
vms: {v1: {host: h1, memory: 8}, v2: {host: h1, memory: 8}, g1: {host: h1}, g2: {host: h2}, loose: {host: h1}}
clusters:
  hv: {kind: failover, nodes: [h1, h2], witness: {share: fs1}, properties: {<properties>}}
  g: {kind: failover, nodes: [g1, g2], witness: {share: fs2}, quorum: node-and-share-majority}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, storage: san, heartbeat_monitoring: false, starts_in: 60s<v1>}
  v2: {cluster: hv, owner: h1, vm: v2, storage: san, heartbeat_monitoring: false, starts_in: 60s, priority: low}
  sql: {cluster: g, owner: g1, starts_in: 5s}
services: {app: {runs_on: v1}, low: {runs_on: v2}}
"""


def hosts(timeline: str, release: str = "ws2012r2", properties: str = "", room: int = 64, v1: str = "") -> Scenario:
    return scenario(HOSTS, f"[{timeline}]", release=release, properties=properties, room=room, v1=v1)


LIVE, QUICK = 1, 38
"""Seconds that a virtual machine of 8 GB is not there while it is moved so."""


@pytest.mark.parametrize(
    "timeline, words, app, low",
    [
        # A drain migrates live what is important enough, and the rest by its saved state.
        ("{pause: h1, drain: true}", {}, LIVE, QUICK),
        ("{pause: h1, drain: true}", {"release": "ws2016", "properties": "AutoBalancerMode: 0"}, LIVE, QUICK),
        ("{shutdown: h1}", {}, LIVE, QUICK),
        # Without drain on shutdown they go offline by their offline action: saved, by default.
        ("{shutdown: h1}", {"release": "ws2012", "properties": "ClusterEnforcedAntiAffinity: 0"}, QUICK, QUICK),
        ("{shutdown: h1}", {"properties": "DrainOnShutdown: 0"}, QUICK, QUICK),
        ("{shutdown: h1}", {"properties": "DrainOnShutdown: 0", "v1": ", properties: {OfflineAction: 2}"}, 60, QUICK),
        ("{stop-node: h1}", {}, LIVE, QUICK),
        ("{evict: h1}", {}, LIVE, QUICK),
        # Moved by hand, the offline action says how, and otherwise the type.
        ("{move: [v1, v2], to: h2}", {}, QUICK, QUICK),
        ("{move: [v1, v2]}", {"v1": ", properties: {OfflineAction: 0}"}, 60, QUICK),
        ("{move: [v1, v2], to: h2, type: live}", {}, LIVE, LIVE),
        ("{move: [v1, v2], type: turn-off}", {}, 60, 60),
    ],
)
def test_how_virtual_machines_leave_a_host(timeline: str, words: dict[str, str], app: int, low: int) -> None:
    made = hosts(timeline, **words)  # type: ignore[arg-type]  # the words are strings all
    claims: dict[str, object] = {'host_of("v1")': "h2", 'downtime("app")': app, 'downtime("low")': low}
    claims |= {'keeps_state("v1")': app < 60, 'boots("v1")': int(app == 60)}
    expect(made, claims | {'failovers("v1")': 0, 'detected("v1")': False})


def test_a_host_goes_off_when_its_machines_have_left() -> None:
    claims = {'up("h1")': False, 'detected("h1")': False, 'time_of("shutdown", "loose")': 38}
    outcome = expect(hosts("{at: 0s, shutdown: h1}"), claims)
    order = [(e.kind, e.subject) for e in outcome.trace.events if e.kind == "shutdown"]
    assert order == [("shutdown", "h1"), ("shutdown", "g1"), ("shutdown", "loose")]
    expect(hosts("{at: 0s, shutdown: h1}"), {'at(30, up("h1"))': True, 'at(39, up("h1"))': False})


def test_a_node_of_guests_hands_over_before_it_goes_down_with_its_host() -> None:
    claims = {'owner("sql")': "g2", 'failovers("sql")': 0, 'members("g")': ["g2"], 'detected("g1")': False}
    expect(hosts("{shutdown: h1}"), claims)
    expect(hosts("{shutdown: g1}"), claims | {'up("h1")': True, 'happens("quorum-lost", "g")': False})


@pytest.mark.parametrize(
    "timeline, claims",
    [
        # There is no room for them: they are stopped with their host, and wait.
        ("{shutdown: h1}", {'state("v1")': "Offline", 'up("v1")': False, 'host_of("v2")': "h1", 'boots("v1")': 0}),
        ("{shutdown: h1}, {start: h1}", {'owner("v1")': "h1", 'boots("v1")': 1, 'failovers("v1")': 0}),
        ("{pause: h1, drain: true}", {'owner("v1")': "h1", 'online("v1")': True, 'state("h1")': "Paused"}),
        (
            "{pause: h1, drain: true, force: true}",
            {'state("v1")': "Offline", 'up("v1")': False, 'state("h1")': "Paused"},
        ),
        ("{move: v1, to: h2}", {'owner("v1")': "h1", 'downtime("app")': 0}),
    ],
)
def test_machines_that_fit_nowhere_else(timeline: str, claims: dict[str, object]) -> None:
    expect(hosts(timeline, room=4), claims)


@pytest.mark.parametrize(
    "timeline, claims",
    [
        # An orderly shutdown is no failure: nobody starts it but who asks for that.
        ("{at: 10s, shutdown: v1}", {'state("v1")': "Offline", 'restarts("v1")': 0, 'detected("v1")': False}),
        ("{shutdown: v1}, {crash: h2}, {start: h2}", {'state("v1")': "Offline", 'up("v1")': False}),
        ("{shutdown: v1}, {start: v1}", {'state("v1")': "Online", 'boots("v1")': 1, 'owner("v1")': "h1"}),
        ("{shutdown: v1}, {move: v1, to: h2}", {'state("v1")': "Offline", 'boots("v1")': 0}),
        ("{shutdown: v1}, {move: v1, to: h2}, {start: v1}", {'owner("v1")': "h2", 'host_of("v1")': "h2"}),
        ("{shutdown: loose}", {'up("loose")': False, 'detected("loose")': False}),
        # One that hangs is noticed from when its heartbeat is watched.
        ("{hang: v1}", {'answers("v1")': False, 'restarts("v1")': 0}),
        ("{hang: v1}, {set: v1, property: CheckHeartbeat, value: 1}", {'answers("v1")': True, 'restarts("v1")': 1}),
        ("{hang: loose}, {shutdown: h1}", {'up("loose")': False, 'up("h1")': False}),
    ],
)
def test_guests_that_are_shut_down(timeline: str, claims: dict[str, object]) -> None:
    expect(hosts(timeline), claims)


@pytest.mark.parametrize(
    "timeline, claims",
    [
        # What comes between: the target is lost, the source is lost, the node is resumed too early.
        ("{at: 0s, pause: h1, drain: true}, {at: 5s, crash: h2}", {'owner("v1")': "h1", 'online("v1")': True}),
        ("{at: 0s, pause: h1, drain: true}, {at: 5s, crash: h1}", {'owner("v1")': "h2", 'boots("v1")': 1}),
        ("{at: 0s, stop-node: h1}, {at: 5s, crash: h1}, {at: 120s, start: h1}", {'members("hv")': ["h1", "h2"]}),
        ("{at: 0s, stop-node: h1}, {at: 5s, crash: h1}, {at: 120s, start: h1}", {'can_host("v1", "h1")': True}),
        ("{at: 0s, shutdown: v2}, {at: 1s, stop-node: h1}, {at: 5s, crash: h1}", {'time_of("failover", "v1")': 15}),
        # A machine that is on its way already is let arrive; a node is drained twice.
        ("{at: 0s, live-migrate: v1, to: h2}, {at: 5s, stop-node: h1}", {'boots("v1")': 0, 'owner("v1")': "h2"}),
        ("{at: 0s, pause: h1, drain: true}, {at: 5s, pause: h1, drain: true}", {'downtime("app")': LIVE}),
        ("{hang: v2}, {stop-node: h1}", {'owner("v2")': "h2", 'boots("v2")': 0}),
        ("{at: 0s, shutdown: h1}, {at: 5s, crash: h2}", {'up("h1")': False, 'owner("v1")': "none"}),
        ("{at: 0s, shutdown: h1}, {at: 5s, crash: h1}", {'owner("v1")': "h2", 'up("h1")': False}),
        ("{at: 0s, stop-node: h1}, {at: 5s, crash: h2}", {'online("v1")': False, 'members("hv")': []}),
    ],
)
def test_interruptions(timeline: str, claims: dict[str, object]) -> None:
    expect(hosts(timeline), claims)


def test_a_guest_that_hangs_cannot_be_shut_down_in_order_and_is_started_anew() -> None:
    by_shutting_down = ", properties: {OfflineAction: 2}"
    made = hosts("{hang: v1}, {shutdown: h1}", properties="DrainOnShutdown: 0", v1=by_shutting_down)
    expect(made, {'owner("v1")': "h2", 'boots("v1")': 1, 'answers("v1")': True, 'failovers("v1")': 0})


def test_a_node_that_is_dropped_while_it_is_emptied_leaves_no_longer() -> None:
    out, back = "{at: 1s, isolate: h1}", "{at: 7s, rejoin: h1}"
    made = hosts(f"{{at: 0s, stop-node: h1}}, {out}, {back}", "ws2012", "ClusterEnforcedAntiAffinity: 0")
    expect(made, {'members("hv")': ["h1", "h2"], 'owner("v1")': "h2", 'boots("v1")': 1, 'can_host("v1", "h1")': True})


def test_a_machine_that_is_on_its_way_is_not_moved_again() -> None:
    on_its_way = "{at: 0s, quick-migrate: v1, to: h2}, {at: 5s, move: v1, to: h1}"
    trace = simulate(hosts(on_its_way)).trace
    assert ("finding", "OPS019", "v1") in trace.end
    expect(hosts(on_its_way), {'owner("v1")': "h2", 'boots("v1")': 0})


def test_the_important_leave_first() -> None:
    trace = simulate(hosts("{pause: h1, drain: true}")).trace
    assert [e.subject for e in trace.events if "migrate" in e.kind][:2] == ["v1", "v2"]
