"""Whatever has happened, what holds of the whole run: it can be put right again, and idle time changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from studyapp.cluster import simulate, view
from studyapp.cluster.chance import OneOf, candidates
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Trace
from tests.cluster.telling import scenario
from tests.cluster.worlds import Life, lives, repair

LIMIT = 50_000
"""Queue entries after which a timeline of a few steps has gone round in circles."""
FOR_GOOD = frozenset({"evict", "join"})
"""Who is no node any more is not brought back by a repair."""


def back(trace: Trace) -> None:
    """Every machine answers, every cluster is whole, every role is online."""
    made, end = trace.scenario, trace.end
    told = "\n".join(f"{e.at_ms:>8} {e.kind} {e.subject}: {e.detail}" for e in trace.events)
    for machine in made.machines:
        assert view.answers(end, machine), told
    for cluster in made.clusters:
        assert view.members(made, end, cluster.name) == cluster.nodes, told
    for role in made.role:
        assert view.role_state(end, role) == "Online", told


def put_right(made: Scenario) -> None:
    outcome = simulate(replace(made, timeline=(*made.timeline, *repair(made))), step_limit=LIMIT)
    for branch in outcome.branches:
        back(branch.trace)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(lives(FOR_GOOD))
def test_repair_of_everything_brings_everything_back(life: Life) -> None:
    put_right(life.made)


@pytest.mark.nightly
@settings(max_examples=5_000, suppress_health_check=list(HealthCheck))
@given(lives(FOR_GOOD))
def test_repair_brings_everything_back_over_many(life: Life) -> None:
    put_right(life.made)


def the_same_with_every_heartbeat(made: Scenario) -> None:
    skipping = simulate(made, step_limit=LIMIT, eager=True)
    beating = simulate(made, step_limit=10 * LIMIT, eager=True, every_beat=True)
    assert [b.share for b in skipping.branches] == [b.share for b in beating.branches]
    for one, other in zip(skipping.branches, beating.branches, strict=True):
        assert one.trace.events == other.trace.events


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(lives())
def test_skipping_idle_heartbeats_changes_nothing(life: Life) -> None:
    the_same_with_every_heartbeat(life.made)


SILENT = """
title: two clusters over two sites, of which one runs by a level that knows no sites
release: ws2019
sites: [east, west]
networks: {net1: {}, net2: {}}
hosts:
  n1: {networks: [net1], site: east, release: ws2016}
  n2: {networks: [net1], site: east}
  n3: {networks: [net2], site: west}
  m1: {networks: [net1], site: east, release: ws2012r2}
  m2: {networks: [net1], site: east}
  m3: {networks: [net2], site: west}
clusters:
  c:
    kind: failover
    nodes: [n1, n2, n3]
    properties: {ResiliencyDefaultPeriod: 0}
    heartbeat: {same_subnet_delay: 500ms, same_subnet_threshold: 10, cross_site_delay: 2s, cross_site_threshold: 4}
  d:
    kind: failover
    nodes: [m1, m2, m3]
    properties: {ResiliencyDefaultPeriod: 0}
    heartbeat: {same_subnet_threshold: 5, cross_subnet_threshold: 5, cross_site_delay: 4s}
roles: {sql: {cluster: c, owner: n1, restart: {threshold: 0}}}
"""


@pytest.mark.parametrize(
    "timeline, removed",
    [
        ("[{at: 1s, crash: n3}]", {"n3": 9000}),
        ("[{at: 1s, crash: n2}]", {"n2": 6000}),
        ("[{at: 1s, crash: m3}]", {"m3": 6000}),
        ("[{at: 1s, isolate: n2}, {at: 4s, rejoin: n2}, {at: 5s, isolate: n2}]", {"n2": 10_000}),
        ("[{at: 1s, crash: n3}, {at: 3s, set: c, property: CrossSiteThreshold, value: 8}]", {"n3": 17_000}),
        ("[{at: 0s, crash: [n2, n3]}, {at: 0s, fail: sql}, {at: 0s, crash: m2}]", {"n2": 5000, "n3": 8000, "m2": 5000}),
        ("[{at: 1s, isolate: m2, direction: in}, {at: 1s, crash: m3}]", {"m2": 6000, "m3": 6000}),
    ],
)
def test_skipping_idle_heartbeats_changes_nothing_where_much_comes_at_once(
    timeline: str, removed: dict[str, int]
) -> None:
    made = scenario(SILENT, timeline)
    the_same_with_every_heartbeat(made)
    found = {e.subject: e.at_ms for e in reversed(simulate(made).trace.events) if e.kind == "removed"}
    assert {node: found[node] for node in removed} == removed


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(lives())
def test_a_virtual_machine_is_off_while_its_host_is(life: Life) -> None:
    for branch in simulate(life.made, step_limit=LIMIT).branches:
        for ms, state in branch.trace.moments():
            for vm in life.made.vm:
                host = state["host", vm]
                possible = candidates(state, host) if isinstance(host, OneOf) else (host,)
                assert not state["power", vm] or all(state["power", one] for one in possible), f"{vm} at {ms} ms"
