"""From 2016 a cluster of hosts moves virtual machines off hosts whose memory is used too far."""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from tests.cluster.telling import expect, scenario

HOSTS = """
title: one host is full, the others are not
release: <release>
until: <until>
hosts: {h1: {<size>}, h2: {<size>}, h3: {}}
vms: {v1: {host: h1<small>}, v2: {host: h1<large>}, v3: {host: h1<large>}, v4: {host: h2<small>}}
clusters: {hv: {kind: failover, nodes: [h1, h2, h3], quorum: node-majority, properties: {<settings>}}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, heartbeat_monitoring: false}
  v2: {cluster: hv, owner: h1, vm: v2, heartbeat_monitoring: false<possible>}
  v3: {cluster: hv, owner: h1, vm: v3, heartbeat_monitoring: false}
  v4: {cluster: hv, owner: h2, vm: v4, heartbeat_monitoring: false}
  sql: {cluster: hv, owner: h1}
"""
# h1 uses 85 GB of 100, h2 5 GB.
USUAL = {
    "release": "ws2016",
    "until": "40min",
    "size": "memory: 100",
    "small": ", memory: 5",
    "large": ", memory: 40",
    "settings": "",
    "possible": "",
}
STAY = {'host_of("v1")': "h1", 'host_of("v2")': "h1", 'host_of("v3")': "h1", 'host_of("v4")': "h2"}


@pytest.mark.parametrize(
    "words, acts, changed",
    [
        ({}, "", {'host_of("v2")': "h2"}),
        ({"release": "ws2025"}, "", {'host_of("v2")': "h2"}),
        ({"release": "ws2012r2"}, "", {}),
        ({"until": "29min"}, "", {}),
        ({"settings": "AutoBalancerMode: 0"}, "", {}),
        ({"settings": "AutoBalancerMode: 1"}, "", {}),
        ({"settings": "AutoBalancerMode: 1"}, "{crash: h3}, {start: h3}", {'host_of("v2")': "h2"}),
        ({"settings": "AutoBalancerMode: 0"}, "{crash: h3}, {start: h3}", {}),
        # No sizes, nothing to see.
        ({"size": ""}, "{crash: h3}, {start: h3}", {}),
        ({"small": "", "large": ""}, "{crash: h3}, {start: h3}", {}),
        # 75 of 100 is within 80, and beyond 70 and 60.
        ({"large": ", memory: 35"}, "", {}),
        ({"large": ", memory: 35", "settings": "AutoBalancerLevel: 2"}, "", {'host_of("v2")': "h2"}),
        ({"large": ", memory: 35", "settings": "AutoBalancerLevel: 3"}, "", {'host_of("v2")': "h2"}),
        # What may not go anywhere else stays, and the next goes.
        ({"possible": ", possible: [h1]"}, "", {'host_of("v3")': "h2"}),
        # A host that is paused takes nothing.
        ({}, "{pause: h2}", {}),
        # What would put another host beyond the threshold stays, and a smaller one goes.
        ({"large": ", memory: 80", "small": ", memory: 1"}, "{shutdown: v3}", {'host_of("v1")': "h2"}),
    ],
)
def test_who_is_moved(words: dict[str, str], acts: str, changed: dict[str, object]) -> None:
    made = scenario(HOSTS, f"[{acts}]", **(USUAL | words))
    expect(made, STAY | changed | {f'boots("{vm}")': 0 for vm in ("v1", "v2", "v4")})


def test_one_that_is_on_its_way_already() -> None:
    made = scenario(HOSTS, "[{at: 1799s, live-migrate: v2, to: h3}]", **USUAL)
    expect(made, {'host_of("v2")': "h3", 'host_of("v3")': "h2", 'host_of("v1")': "h1"})


def test_it_is_told_why() -> None:
    outcome = simulate(scenario(HOSTS, **USUAL))
    moved = [e for e in outcome.trace.events if e.rule == "balancing"]
    assert [(e.at_ms, e.kind, e.subject) for e in moved] == [(1_800_000, "live-migrate", "v2")]


def test_the_clock_goes_on_and_does_nothing_where_nothing_has_changed() -> None:
    outcome = simulate(scenario(HOSTS, **(USUAL | {"until": "10h"})))
    assert sum(e.rule == "balancing" for e in outcome.trace.events) == 1
    again = scenario(HOSTS, "[{at: 2h, live-migrate: v2, to: h1}]", **(USUAL | {"until": "4h"}))
    expect(again, {'host_of("v2")': "h2"})
