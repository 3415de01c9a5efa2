"""What a host cluster sees of its guests: nothing, their heartbeat, services inside them, the networks they need."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Scenario
from tests.cluster.telling import expect, scenario

BASE = """
title: guests and what is seen of them
release: <release>
hosts: {h1: {}, h2: {}}
vms: {v1: {host: h1, integration_services: <services>}, loose: {host: h2}}
clusters: {hv: {kind: failover, nodes: [h1, h2], witness: {share: fs1}}}
roles:
  v1:
    cluster: hv
    owner: h1
    vm: v1
    heartbeat_monitoring: <watched>
    monitored_services: [<monitored>]
    starts_in: 10s
    restart: {threshold: <threshold>, period: 15min}
services:
  spooler: {runs_on: v1<recovery>}
  other: {runs_on: v1}
  web: {runs_on: loose<recovery>}
  host-service: {runs_on: h2<recovery>}
  job: {role: v1}
"""
USUAL = {
    "release": "ws2012",
    "services": "true",
    "watched": "false",
    "monitored": "spooler",
    "threshold": 3,
    "recovery": "restart, none",
}


def written(timeline: str, **words: object) -> Scenario:
    """The scenario; the words of `recovery` become an entry, none no entry."""
    filled = USUAL | words
    actions = filled["recovery"]
    return scenario(BASE, timeline, **(filled | {"recovery": f", recovery: [{actions}]" if actions else ""}))


def claims_of(timeline: str, claims: Mapping[str, object], **words: object) -> None:
    expect(written(timeline, **words), claims)


@pytest.mark.parametrize(
    "release, watched, services, seen",
    [
        ("ws2008", "true", "true", False),
        ("ws2008r2", "true", "true", True),
        ("ws2008r2", "false", "true", False),
        ("ws2008r2", "true", "false", False),
        ("ws2012", "true", "true", True),
        ("ws2012r2", "true", "true", True),
        ("ws2016", "true", "true", True),
        ("ws2016", "false", "true", False),
        ("ws2025", "true", "true", True),
        ("ws2025", "true", "false", False),
    ],
)
def test_a_hung_guest(release: str, watched: str, services: str, seen: bool) -> None:
    words = {"release": release, "watched": watched, "services": services}
    claims = {'detected("v1")': seen, 'boots("v1")': int(seen), 'restarts("v1")': int(seen), 'answers("v1")': seen}
    claims_of("[{at: 1s, hang: v1}]", claims, **words)


FAIL, AGAIN, THIRD = "{at: 1min, fail: spooler}", "{at: 2min, fail: spooler}", "{at: 3min, fail: spooler}"


@pytest.mark.parametrize(
    "recovery, acts, restarts, failovers, works",
    [
        ("restart, none", (FAIL,), 0, 0, True),
        ("restart, none", (FAIL, AGAIN), 1, 0, True),
        # The service manager of a machine that has started anew begins to count again.
        ("restart, none", (FAIL, AGAIN, THIRD), 1, 0, True),
        ("none", (FAIL,), 1, 0, True),
        ("none", (FAIL, AGAIN), 1, 1, True),
        ("restart", (FAIL, AGAIN, THIRD), 0, 0, True),
        ("", (FAIL,), 1, 0, True),
    ],
)
def test_a_service_that_the_hosts_monitor(
    recovery: str, acts: tuple[str, ...], restarts: int, failovers: int, works: bool
) -> None:
    claims = {
        'restarts("v1")': restarts,
        'failovers("v1")': failovers,
        'boots("v1")': restarts + failovers,
        'available("spooler")': works,
    }
    claims_of(f"[{', '.join(acts)}]", claims, recovery=recovery)


def test_after_its_period_the_hosts_begin_with_a_restart_again() -> None:
    acts = "[{at: 1min, fail: spooler}, {at: 20min, fail: spooler}]"
    claims_of(acts, {'restarts("v1")': 2, 'failovers("v1")': 0}, recovery="none")


def test_where_nothing_may_be_restarted_it_is_moved_at_once() -> None:
    claims_of(f"[{FAIL}]", {'restarts("v1")': 0, 'failovers("v1")': 1}, recovery="none", threshold=0)


@pytest.mark.parametrize(
    "release, monitored, heard",
    [
        ("ws2008r2", "spooler", False),
        ("ws2012", "spooler", True),
        ("ws2025", "spooler", True),
        ("ws2012", "other", False),
    ],
)
def test_who_monitors_services(release: str, monitored: str, heard: bool) -> None:
    words = {"release": release, "monitored": monitored, "recovery": "none"}
    claims = {'detected_by("hv", "v1")': heard, 'boots("v1")': int(heard), 'available("spooler")': heard}
    claims_of(f"[{FAIL}]", claims, **words)


def test_a_service_that_fails_at_every_start() -> None:
    made = written("[{at: 1min, fail: spooler, lasting: true}]")
    # Restarted in place, moved, restarted there; then the one failover that two nodes allow is used up.
    claims = {'restarts("v1")': 2, 'failovers("v1")': 1, 'state("v1")': "Failed", 'happens("restart", "spooler")': True}
    outcome = expect(made, claims)
    heard = [event for event in outcome.trace.events if event.rule == "vm-monitoring"]
    assert all(event.kind == "detected" for event in heard)
    assert [event.subject for event in heard] == ["spooler", *["v1"] * 4]


def test_a_service_that_fails_at_every_start_and_is_restarted_for_ever() -> None:
    acts = "[{at: 1min, fail: spooler, lasting: true}, {at: 5min, repair: spooler}]"
    claims = {'at(120, available("spooler"))': False, 'available("spooler")': True, 'boots("v1")': 0}
    claims_of(acts, claims, recovery="restart")


def test_a_service_manager_that_restarts_its_computer() -> None:
    acts = "[{at: 1min, fail: [spooler, web, host-service]}]"
    claims: dict[str, object] = {
        'boots("v1")': 1,
        'restarts("v1")': 0,
        'detected("v1")': False,
        'boots("loose")': 2,
        'keeps_state("h2")': False,
        'available("spooler")': True,
        'available("web")': True,
        'available("host-service")': True,
        'members("hv")': ["h1", "h2"],
    }
    claims_of(acts, claims, recovery="restart-computer")


def test_a_machine_is_not_restarted_for_ever() -> None:
    acts = "[{fail: [web, host-service], lasting: true}]"
    claims = {'boots("loose")': 2, 'available("web")': False, 'up("h2")': True, 'available("host-service")': False}
    claims_of(acts, claims, recovery="restart-computer")


def test_the_service_manager_is_asked_on_any_machine() -> None:
    claims_of("[{fail: web}]", {'available("web")': True, 'happens("restart", "web")': True, 'boots("loose")': 0})
    claims_of("[{fail: other}]", {'available("other")': False})
    claims_of("[{fail: job}]", {'restarts("v1")': 1, 'available("job")': True})


def test_what_is_told_of_it() -> None:
    outcome = simulate(written(f"[{FAIL}]", recovery="none"))
    rules = [(e.kind, e.subject, e.rule) for e in outcome.trace.why(len(outcome.trace.events))]
    assert rules == [
        ("fail", "spooler", "timeline"),
        ("detected", "spooler", "vm-monitoring"),
        ("detected", "v1", "vm-monitoring"),
        ("restart", "v1", "restart-policy"),
        ("online", "v1", "cold-start"),
    ]


# -- networks -------------------------------------------------------------------------------------------------------

NETWORKS = """
title: hosts on a network of their own, guests on another
release: <release>
networks: {lan: {}, prod: {}}
hosts:
  h1: {networks: [lan, prod]}
  h2: {networks: [lan, prod]}
  h3: {networks: [lan]}
  h4: {networks: [lan, prod]}
vms:
  v1: {host: h1, networks: [prod], properties: {NotMonitoredInCluster: <unprotected>}}
  v2: {host: h1, networks: [lan]}
clusters: {hv: {kind: failover, nodes: [h1, h2, h3, h4], witness: {share: fs1}}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, heartbeat_monitoring: false<preferred><apart>}
  v2: {cluster: hv, owner: h1, vm: v2, heartbeat_monitoring: false}
  sql: {cluster: hv, owner: h2<apart>}
services: {app: {runs_on: v1}}
"""
PROTECTED = {"release": "ws2012r2", "unprotected": "false", "preferred": ", preferred: [h1, h3, h4]", "apart": ""}
CUT = "{at: 10s, isolate: h1, from: [prod]}"


@pytest.mark.parametrize(
    "acts, words, claims",
    [
        ((CUT,), {}, {'host_of("v1")': "h4", 'boots("v1")': 0, 'available("app")': True, 'host_of("v2")': "h1"}),
        ((CUT,), {"preferred": ""}, {'host_of("v1")': {"depends": {"h2": 0.5, "h4": 0.5}}}),
        ((CUT,), {"preferred": "", "apart": ", anti_affinity: [x]"}, {'host_of("v1")': "h4"}),
        ((CUT,), {"release": "ws2012"}, {'host_of("v1")': "h1", 'available("app")': False}),
        ((CUT,), {"release": "ws2022"}, {'host_of("v1")': "h4"}),
        ((CUT,), {"unprotected": "true"}, {'host_of("v1")': "h1", 'available("app")': False}),
        (("{lose: prod}",), {}, {'host_of("v1")': "h1", 'boots("v1")': 0}),
        (("{at: 1s, isolate: [h2, h4], from: [prod]}", CUT), {}, {'host_of("v1")': "h1", 'available("app")': False}),
        (
            ("{at: 1s, isolate: [h2, h4], from: [prod]}", CUT, "{at: 60s, rejoin: h2, from: [prod]}"),
            {},
            {'host_of("v1")': "h2", 'boots("v1")': 0},
        ),
        (
            (CUT.replace("h1", "[h1, h2]"), "{at: 11s, crash: h4}", "{at: 60s, start: h4}"),
            {},
            {'at(59, host_of("v1"))': "h1", 'host_of("v1")': "h4", 'boots("v1")': 0},
        ),
        (("{at: 1s, crash: v1}", "{at: 2s, isolate: h1, from: [prod]}"), {}, {'happens("live-migrate", "v1")': True}),
        # Who is cut off from everybody hands nothing over.
        (("{isolate: h1}",), {}, {'happens("live-migrate", "v1")': False, 'boots("v1")': 1}),
        (("{isolate: v1}",), {}, {'happens("live-migrate", "v1")': False}),
    ],
)
def test_a_host_that_loses_a_network(acts: tuple[str, ...], words: dict[str, str], claims: dict[str, object]) -> None:
    expect(scenario(NETWORKS, f"[{', '.join(acts)}]", **(PROTECTED | words)), claims)
