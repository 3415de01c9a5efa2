"""Resources that fail: when a check finds it, restarts in place, what the policies say, starts that take too long, and
another try later.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
        ("PendingTimeout: 60000", "30s", {'restarts("sql")': 1, 'online("sql")': True, 'downtime("db")': 35}),
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


# -- for ever -------------------------------------------------------------------------------------------------------

HUGE = "4294967294"
NOWHERE = "{at: 0s, fail: sql}"
"""It has failed, and its start takes longer than it may, on every node."""


@pytest.mark.parametrize("until", ["", "10min"])
@pytest.mark.parametrize("timeout", [0, 20_000])
@pytest.mark.parametrize(
    "properties, state",
    [
        # By their defaults: three restarts on each of three nodes, and it is given up.
        ("", "Failed"),
        ("RestartAction: 1", "Failed"),
        # What fails is not counted, or never too often.
        ("RestartPeriod: 0", "Pending"),
        ("FailoverPeriod: 0", "Pending"),
        ("RestartAction: 1, RestartPeriod: 0", "Pending"),
        (f"RestartThreshold: {HUGE}", "Pending"),
        (f"FailoverThreshold: {HUGE}", "Pending"),
        (f"RestartThreshold: 0, FailoverThreshold: {HUGE}", "Pending"),
        ("RestartThreshold: 0, FailoverPeriod: 0", "Pending"),
        # It is given up, and tried again at once.
        ("RestartAction: 0, RetryPeriodOnFailure: 0", "Failed"),
        ("RetryPeriodOnFailure: 0", "Failed"),
    ],
)
def test_nothing_is_tried_for_ever_at_one_moment(properties: str, state: str, timeout: int, until: str) -> None:
    made = role(f"[{NOWHERE}]", f"PendingTimeout: {timeout}, {properties}", "30s", until)
    trace = simulate(made).trace
    assert max(Counter(event.at_ms for event in trace.events).values()) < 1000
    assert trace.end_ms <= 2 * 3_600_000
    if not until:
        expect(made, {'state("sql")': state, 'online("sql")': False, 'available("db")': False})


def test_what_is_tried_for_ever_is_not_waited_for_until_something_new_happens() -> None:
    endless = "RestartPeriod: 0, PendingTimeout: 20000"
    made = role(f"[{NOWHERE}, {{at: 1h, pause: n3}}]", endless, "30s")
    expect(made, {'state("sql")': "Pending", 'at(3600, restarts("sql"))': 180})
    cured = f"{NOWHERE}, {{pause: n3}}, {{set: sql, property: PendingTimeout, value: 180000}}"
    expect(role(f"[{cured}]", endless, "30s"), {'online("sql")': True, 'owner("sql")': "n1"})


def test_a_machine_that_always_fails_inside_is_restarted_for_ever() -> None:
    """Online it is each time, and its service fails each time: where nothing counts that, nobody waits for an end."""
    text = """
title: a service that fails in a guest
release: ws2012
hosts: {h1: {}, h2: {}}
vms: {v1: {host: h1}}
clusters: {hv: {kind: failover, nodes: [h1, h2], quorum: node-majority}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, monitored_services: [web], heartbeat_monitoring: false, starts_in: 30s,
       properties: {FailoverPeriod: 0}}
services: {web: {runs_on: v1, recovery: [none]}}
"""
    expect(
        scenario(text, "[{fail: web, lasting: true}]"), {'available("web")': False, 'happens("failed", "v1")': False}
    )


FAILS_ON = """
title: whatever its policies
release: ws2012
storage: {san: {kind: array}}
hosts: {n1: {}, n2: {}, n3: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3], quorum: node-majority}}
roles:
  sql: {cluster: c, owner: n1, storage: san, starts_in: <takes>, properties: {<properties>}}
  web: {cluster: c, owner: n2, anti_affinity: [a], properties: {<properties>}}
"""
CHOICES: dict[str, tuple[int, ...]] = {
    "RestartAction": (0, 1, 2),
    "RestartThreshold": (0, 1, 3, 100),
    "RestartPeriod": (0, 10_000, 900_000),
    "RetryPeriodOnFailure": (0, 600_000, 4_294_967_295),
    "PendingTimeout": (0, 10_000),
    "FailoverThreshold": (0, 1, 5, 4_294_967_295),
    "FailoverPeriod": (0, 1),
    "Priority": (0, 3000),
}
ACTS = tuple(
    ["fail: sql", "fail: sql, lasting: true", "fail: web, lasting: true", "repair: sql", "lose: san", "restore: san"]
    + [f"{verb}: {node}" for verb in ("crash", "start", "stop-node", "resume") for node in ("n1", "n2", "n3")]
    + [f"pause: {node}, drain: true, force: true" for node in ("n1", "n2")]
    + ["move: sql, to: n2", "move: web, to: n1", "partition: [[n1], [n2, n3]]", "heal: all"]
)


@st.composite
def lasting_trouble(draw: st.DrawFn) -> Scenario:
    """Two roles with some policies, and what befalls them, at once or one after another."""
    properties = {name: draw(st.sampled_from(values)) for name, values in CHOICES.items() if draw(st.booleans())}
    at, timeline = 0, []
    for act in draw(st.lists(st.sampled_from(ACTS), min_size=1, max_size=8)):
        at += draw(st.sampled_from((0, 0, 5, 60, 4000)))
        timeline.append(f"{{at: {at}s, {act}}}")
    written = ", ".join(f"{name}: {value}" for name, value in properties.items())
    takes = draw(st.sampled_from(("0s", "10s", "20s")))
    return scenario(FAILS_ON, f"[{', '.join(timeline)}]", properties=written, takes=takes)


LONG_ENOUGH = 200_000
"""Steps for a role that fails again every few seconds, for hours."""


def never_for_ever_at_one_moment(made: Scenario) -> None:
    for branch in simulate(made, step_limit=LONG_ENOUGH).branches:
        at_once = Counter(event.at_ms for event in branch.trace.events)
        assert max(at_once.values()) < 2000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lasting_trouble())
def test_every_run_settles_whatever_the_policies(made: Scenario) -> None:
    never_for_ever_at_one_moment(made)


@pytest.mark.nightly
@settings(max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lasting_trouble())
def test_every_run_settles_whatever_the_policies_many(made: Scenario) -> None:
    never_for_ever_at_one_moment(made)
