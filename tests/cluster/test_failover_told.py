"""What the log says of roles: each event names what brought it about, its cluster, its rule, and says why in words."""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.trace import Event, Trace
from tests.cluster.telling import scenario, why
from tests.cluster.test_failover import LISTED, THREE, three

ONCE = ", restart: {threshold: 0}"
ALONE = f"{ONCE}, possible: [n1]"
SOON = "properties: {RetryPeriodOnFailure: 600000}"
QUORUM_LOST = ["crash n3", "detected n3", "removed n3", "quorum-lost c"]
N1_LOST = ["crash n1", "detected n1", "removed n1"]


@pytest.mark.parametrize(
    "timeline, more, event, causes",
    [
        ("[{crash: [n2, n3]}]", LISTED, "offline sql", QUORUM_LOST),
        ("[{at: 0s, fail: sql}, {at: 0s, crash: [n2, n3]}]", ONCE, "offline sql", ["fail sql", "detected sql"]),
        ("[{crash: n1}]", ", properties: {Priority: 0}", "offline sql", [*N1_LOST, "detected sql"]),
        ("[{pause: [n2, n3]}, {crash: n1}, {resume: n3}]", LISTED, "failover sql", ["resume n3"]),
        ("[{fail: sql}]", f"{ONCE}, failover_threshold: 0", "failed sql", ["fail sql", "detected sql"]),
        ("[{fail: sql}]", ", properties: {PendingTimeout: 5000}", "restart sql", ["fail sql", "detected sql"]),
        # Tried again when its time has come.
        (
            "[{fail: sql}, {at: 20min, pause: n3}]",
            f"{ALONE}, {SOON}",
            "online sql",
            ["fail sql", "detected sql", "failed sql"],
        ),
        (
            "[{fail: sql}, {at: 20min, pause: n3}]",
            f"{ONCE}, failover_threshold: 0, {SOON}",
            "online sql",
            ["fail sql", "detected sql", "failed sql"],
        ),
    ],
)
def test_every_event_of_a_role_names_what_brought_it_about(
    timeline: str, more: str, event: str, causes: list[str]
) -> None:
    trace = simulate(three(timeline, more, "ws2012")).trace
    assert why(trace, event) == causes
    assert {e.cluster for e in trace.events if e.subject == "sql" and e.rule != "timeline"} == {"c"}


def found(trace: Trace, kind: str, subject: str = "sql") -> Event:
    """The last event of this kind and subject."""
    return next(e for e in reversed(trace.events) if (e.kind, e.subject) == (kind, subject))


@pytest.mark.parametrize(
    "timeline, more, kind, rule, detail",
    [
        ("[{crash: [n2, n3]}]", LISTED, "offline", "majority", "sql is offline: c has no quorum"),
        (
            "[{at: 0s, fail: sql}, {at: 0s, crash: [n2, n3]}]",
            ONCE,
            "offline",
            "majority",
            "sql is offline: c has no quorum",
        ),
        (
            "[{crash: n1}]",
            ", properties: {Priority: 0}",
            "offline",
            "start-order",
            "sql is offline: its node n1 is lost, and with priority 0 it does not start by itself",
        ),
        (
            "[{fail: sql}]",
            f"{ONCE}, failover_threshold: 0, failover_period: 2h",
            "failed",
            "failover-threshold",
            "sql stays failed: 0 failovers in 2 h are the most allowed",
        ),
        ("[{crash: n1}]", ", possible: [n1]", "failed", "succession", "sql is failed: no node is left that may own it"),
    ],
)
def test_what_stops_a_role_is_said_in_words(timeline: str, more: str, kind: str, rule: str, detail: str) -> None:
    event = found(simulate(three(timeline, more, "ws2012")).trace, kind)
    assert (event.rule, event.detail) == (rule, detail)


def test_a_start_that_takes_too_long_is_the_failure_that_its_start_led_to() -> None:
    trace = simulate(three("[{crash: n1}]", f"{LISTED}{ONCE}, properties: {{PendingTimeout: 5000}}")).trace
    late = next(e for e in trace.events if e.rule == "pending-timeout")
    assert [e.kind for e in trace.why(late.seq)][-3:] == ["detected", "failover", "detected"]


def test_a_node_that_is_back_before_it_was_missed_joins_after_it_has_lost_its_roles() -> None:
    trace = simulate(three("[{at: 0s, crash: n1}, {at: 2s, start: n1}]")).trace
    assert why(trace, "joined n1") == ["crash n1", "removed n1"]


def test_two_failures_of_a_role_at_one_moment_are_both_found() -> None:
    """The second node is lost when the first loss has just been noticed."""
    at_once = THREE.replace("starts_in: 10s", "starts_in: 0s").replace("<more>", LISTED)
    trace = simulate(scenario(at_once, "[{crash: n1}, {start: n1}, {crash: n2}]", release="ws2008r2")).trace
    assert [e.subject for e in trace.events if e.kind == "detected"] == ["n1", "sql", "n2", "sql"]


HOSTS = """
title: two hosts
release: ws2012r2
storage: {san: {kind: csv}}
hosts: {h1: {memory: 64}, h2: {memory: 64}}
vms: {v1: {host: h1, memory: <memory>}, v2: {host: h2, memory: 24}}
clusters: {hv: {kind: failover, nodes: [h1, h2], witness: {share: fs1}, properties: {ClusterEnforcedAntiAffinity: 1}}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, <same>, anti_affinity: [<one>], restart: {action: 0}}
  v2: {cluster: hv, owner: h2, vm: v2, <same>, anti_affinity: [<two>]}
"""


SAME = "storage: san, heartbeat_monitoring: false"


@pytest.mark.parametrize(
    "words, rule, detail",
    [
        (
            {"memory": 48, "one": "a", "two": "b"},
            "memory",
            "v2 is offline: no node that could have it has 24 GB of memory left",
        ),
        (
            {"memory": 8, "one": "a", "two": "a"},
            "anti-affinity",
            "v2 stays offline: every node that could have it has a role that it must be kept apart from",
        ),
    ],
)
def test_what_waits_says_for_what_and_then_what_has_ended_that(
    words: dict[str, object], rule: str, detail: str
) -> None:
    trace = simulate(scenario(HOSTS, "[{crash: h2}, {fail: v1}]", same=SAME, **words)).trace
    waits = found(trace, "offline", "v2")
    assert (waits.rule, waits.detail) == (rule, detail)
    assert why(trace, "offline v2")[-2:] == ["removed h2", "detected v2"]
    assert why(trace, "failover v2") == ["fail v1", "detected v1", "failed v1"]


LAYERS = """
title: guests of three hosts, a cluster on either layer
release: ws2012r2
storage: {san: {kind: csv}}
hosts: {h1: {}, h2: {}, h3: {}, n1: {}, n2: {}}
vms: {v1: {host: h1}, v2: {host: h2}, v3: {host: h3}}
clusters:
  hv: {kind: failover, nodes: [h1, h2, h3]}
  g: {kind: failover, nodes: [v1, v2, v3]}
  c: {kind: failover, nodes: [n1, n2], witness: {share: v1}}
roles:
  v1:
    cluster: hv
    owner: h1
    vm: v1
    storage: san
    heartbeat_monitoring: false
    monitored_services: [job]
    starts_in: 20s
    restart: {action: 2, threshold: 1}
services: {job: {runs_on: v1, recovery: [none]}, other: {runs_on: v1, recovery: [restart, none]}}
"""


def test_a_guest_that_its_host_cluster_restarts_is_silent_for_that_reason_and_back_for_that_reason() -> None:
    trace = simulate(scenario(LAYERS, "[{fail: other, lasting: true}, {fail: job}]")).trace
    restarted = ["fail job", "detected job", "detected v1", "restart v1"]
    assert why(trace, "removed v1") == [*restarted, "detected v1"]
    assert why(trace, "joined v1") == [*restarted, "online v1"]
    assert why(trace, "votes c") == restarted, "it was the witness of another cluster"
    again = found(trace, "restart", "other")
    assert [f"{e.kind} {e.subject}" for e in trace.why(again.seq)[:-1]] == [*restarted, "online v1"]


def test_a_cut_is_to_blame_for_silence_and_nothing_older() -> None:
    trace = simulate(three("[{crash: n3}, {start: n3}, {at: 60s, partition: [[n1, n2], [n3]]}]", LISTED)).trace
    removed = [e for e in trace.events if e.kind == "removed" and e.at_ms > 60_000]
    assert [e.subject for e in removed] == ["n3", "n1", "n2"]
    assert {trace.events[(e.cause or 0) - 1].kind for e in removed} == {"partition"}


def test_the_disk_of_a_guest_is_to_blame_for_its_failure_and_nothing_older() -> None:
    trace = simulate(scenario(LAYERS.replace("ws2012r2", "ws2012"), "[{crash: v1}, {at: 100s, lose: san}]")).trace
    causes = [
        trace.why(e.seq)[0].kind for e in trace.events if (e.kind, e.subject, e.cluster) == ("detected", "v1", "hv")
    ]
    assert causes == ["crash", "lose"]


def test_a_role_leaves_a_side_that_gives_way_to_a_forced_one_for_that_reason() -> None:
    timeline = "[{isolate: n3}, {force-quorum: n3}, {rejoin: n3}]"
    assert why(simulate(three(timeline, LISTED, "ws2012r2")).trace, "failover sql") == ["rejoin n3", "stop-node n1"]


def test_each_side_has_its_own_reasons() -> None:
    trace = simulate(three("[{partition: [[n1, n2], [n3]]}]", LISTED)).trace
    assert [e.kind for e in trace.why(found(trace, "quorum-lost", "c").seq)] == ["partition", "removed", "quorum-lost"]


def test_a_failure_that_is_known_is_not_found_again_when_the_node_is_lost_too() -> None:
    watched = LAYERS.replace("heartbeat_monitoring: false", "heartbeat_monitoring: true")
    trace = simulate(scenario(watched, "[{at: 0s, hang: v1}, {at: 6s, crash: h1}]")).trace
    told = [e for e in trace.events if (e.kind, e.subject, e.cluster) == ("detected", "v1", "hv")]
    assert [e.at_ms for e in told] == [5000]
    assert found(trace, "failover", "v1").at_ms > 6000


def test_the_limits_of_failing_over_are_those_of_the_level_that_a_cluster_runs_by() -> None:
    mixed = scenario(THREE.replace("n1: {}", "n1: {release: ws2016}"), "[{crash: n1}]", release="ws2019", more=LISTED)
    assert {"ws2016:FailoverThreshold", "ws2016:FailoverPeriod"} <= simulate(mixed).trace.facts_read
