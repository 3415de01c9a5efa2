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


@pytest.mark.parametrize(
    "made, details",
    [
        (nodes(9, "[{crash: n9}]"), ["n1, n2, n3, n4, n5, n6, n7, n8 remove n9 from the membership of c"]),
        (nodes(10, "[{crash: n10}]"), ["9 nodes remove n10 from the membership of c"]),
        (nodes(2, "[{crash: n2}]", SHARE), ["n1 removes n2 from the membership of c"]),
    ],
)
def test_who_removes_a_node_is_told_by_name_while_they_are_few(made: Scenario, details: list[str]) -> None:
    assert [e.detail for e in simulate(made).trace.events if e.kind == "removed"] == details


def test_a_failure_that_both_sides_miss_is_found_once() -> None:
    made = nodes(5, "[{at: 0s, partition: [[n1, n2], [n4, n5]]}, {at: 0s, crash: n3}]")
    assert [(e.at_ms, e.subject) for e in simulate(made).trace.events if e.kind == "detected"] == [(5000, "n3")]


@pytest.mark.parametrize(
    "made, votes",
    [
        (nodes(3, "[{stop-node: n3}]", SHARE), [("c", "n3 hands its vote over as it leaves: c goes on with 3")]),
        (nodes(5, "[{stop-node: n5}]", ", weights: {n5: 0}"), []),
    ],
)
def test_what_a_node_that_leaves_does_with_its_vote(made: Scenario, votes: list[tuple[str, str]]) -> None:
    assert [(e.subject, e.detail) for e in simulate(made).trace.events if e.kind == "votes"] == votes


def test_a_side_that_votes_given_to_others_leave_without_a_majority_stops_and_says_so() -> None:
    steps = "[{crash: [n3, n4]}, {set: n3, property: NodeWeight, value: 1}, {set: n4, property: NodeWeight, value: 1}]"
    trace = simulate(nodes(4, steps, ", quorum: node-majority, weights: {n3: 0, n4: 0}")).trace
    assert why(trace, "quorum-lost c") == ["set n4"]
    assert trace.events[-1].detail == "n1, n2 have 2 of the 4 votes of c, no majority: the cluster service stops"
    assert trace.end["cluster-service", "c", "n1"] == trace.end["cluster-service", "c", "n2"] == "waiting"


def test_believing_that_applications_are_seen_the_failure_inside_is_found_by_silence() -> None:
    made = scenario(f"{GUESTS}services: {{app: {{runs_on: v3}}}}", "[{fail: app, lasting: true}]")
    trace = simulate(made, "heartbeat-sees-applications").trace
    told = [(e.at_ms, e.kind, e.subject) for e in trace.events if e.rule == "silence"]
    assert told == [(5000, "detected", "app"), (5000, "detected", "v3"), (5000, "removed", "v3")]
    assert why(trace, "detected v3") == ["fail app", "detected app"]
    assert {e.subject for e in trace.events if e.kind == "joined"} == set(), "it fails for ever"
    assert trace.end["cluster-service", "g", "v3"] == "waiting", "it hears that it is out"


def test_believing_that_a_guest_cluster_starts_its_nodes_elsewhere_it_does_so_at_once_and_for_that_reason() -> None:
    trace = simulate(scenario(GUESTS, "[{crash: h3}]"), "guest-cluster-restarts-the-vm").trace
    assert why(trace, "joined v3")[:3] == ["crash h3", "crash v3", "detected v3"]
    assert [e.at_ms for e in trace.events if e.kind == "joined"] == [5000]


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
