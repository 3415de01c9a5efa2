"""What the log says of nodes and votes: each event names what brought it about, and says in words what is counted."""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Scenario
from tests.cluster.telling import scenario, why

NODES = """
title: nodes
release: <release>
hosts: {n1: {}, n2: {}, n3: {}, n4: {}, n5: {}, n6: {}, n7: {}, n8: {}, n9: {}, n10: {}}
clusters: {c: {kind: failover, nodes: [<nodes>]<more>}}
"""
GUESTS = """
title: guests of three hosts
release: ws2012r2
hosts: {h1: {}, h2: {}, h3: {}}
vms: {v1: {host: h1}, v2: {host: h2}, v3: {host: h3}}
clusters: {g: {kind: failover, nodes: [v1, v2, v3]}}
"""
SHARE = ", witness: {share: fs1}"


def nodes(count: int, timeline: str, more: str = "", release: str = "ws2012r2") -> Scenario:
    names = ", ".join(f"n{number}" for number in range(1, count + 1))
    return scenario(NODES, timeline, release=release, nodes=names, more=more)


@pytest.mark.parametrize(
    "made, event, causes",
    [
        # What happened now to the way between two nodes, and neither what is older nor what came with it.
        (nodes(3, "[{pause: n1}, {at: 20s, isolate: n3}, {at: 20s, resume: n1}]"), "removed n3", ["isolate n3"]),
        (nodes(3, "[{pause: n3}, {at: 20s, isolate: n1}, {at: 20s, resume: n3}]"), "removed n2", ["isolate n1"]),
        (
            scenario(GUESTS, "[{pause: v1}, {at: 20s, isolate: h3}, {at: 20s, resume: v1}]"),
            "removed v3",
            ["isolate h3"],
        ),
        # Sides that met because one had votes enough to leave the forced state.
        (
            nodes(
                5,
                "[{partition: [[n1, n2, n3], [n4, n5]]}, {force-quorum: n4}, {heal: all}, {crash: n3}, {start: n3}]",
                release="ws2012",
            ),
            "joined n1",
            ["start n3", "joined n3"],
        ),
    ],
)
def test_every_event_of_a_node_names_what_brought_it_about(made: Scenario, event: str, causes: list[str]) -> None:
    assert why(simulate(made).trace, event) == causes


@pytest.mark.parametrize(
    "made, detail",
    [
        (nodes(3, "[{crash: n3}]", ", lower_quorum_priority: n1"), "1, of n2; n1 has none, which keeps the number odd"),
        (nodes(9, "[{crash: n9}]", SHARE), "9, of n1, n2, n3, n4, n5, n6, n7, n8 and the witness fs1"),
        (nodes(10, "[{crash: n10}]", SHARE), "9, of 9 nodes"),
    ],
)
def test_the_votes_are_told_by_name_while_they_are_few(made: Scenario, detail: str) -> None:
    told = [e.detail for e in simulate(made).trace.events if e.kind == "votes"]
    assert told == [f"c counts its votes anew: {detail}"]


def test_votes_are_counted_by_the_level_that_a_cluster_runs_by() -> None:
    mixed = NODES.replace("n1: {}", "n1: {release: ws2016}")
    words = {"release": "ws2019", "nodes": "n1, n2, n3, n4", "more": SHARE}
    trace = simulate(scenario(mixed, "[{crash: n4}, {crash: n3}, {lose: fs1}, {crash: n2}]", **words)).trace
    assert {f"ws2016:{row}" for row in ("feature.dynamic_witness", "feature.tie_breaker")} <= trace.facts_read
    last = simulate(scenario(mixed, "[{crash: [n2, n3]}, {crash: n1}]", **words)).trace
    assert "ws2016:witness.fewest_votes" in last.facts_read


def test_a_limit_that_is_set_meanwhile_is_noticed_as_one_that_held_before() -> None:
    """Both come at one moment: the role is found to have failed, and the others are missed."""
    role = f"{NODES}roles: {{sql: {{cluster: c, owner: n1, restart: {{threshold: 0}}}}}}"
    steps = "{at: 0s, fail: sql}, {at: 0s, crash: [n2, n3]}"
    words = {"release": "ws2012r2", "nodes": "n1, n2, n3"}
    always = scenario(role, f"[{steps}]", more=", heartbeat: {same_subnet_threshold: 5}", **words)
    change = "{at: 3s, set: c, property: SameSubnetThreshold, value: 5}"
    later = scenario(role, f"[{steps}, {change}]", more=", heartbeat: {same_subnet_threshold: 10}", **words)
    one, other = ([(e.at_ms, e.detail) for e in simulate(made).trace.events] for made in (always, later))
    assert one == [told for told in other if told[0] != 3000]
    assert one[-1] == (5000, "sql is offline: c has no quorum")
