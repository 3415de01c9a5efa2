"""Who gets a role: the documented order of nodes, who may have it at all, what stays apart, what fits, who is first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.roles import placement
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.truth import TRUTH
from studyapp.cluster.world import World
from tests.cluster import build
from tests.cluster.telling import expect, scenario, values

SIX = """
title: six nodes
release: ws2012r2
storage: {san: {kind: array}, other: {kind: array}}
hosts: {A: {}, B: {storage: [san]}, C: {}, D: {}, E: {}, F: {}}
clusters: {c: {kind: failover, nodes: [A, B, C, D, E, F], witness: {share: fs1}, quorum: node-and-share-majority}}
roles: {sql: {cluster: c, owner: <owner>, storage: <disk>, starts_in: 10s, restart: {threshold: 0}<more>}}
services: {db: {role: sql}}
"""
PREFERRED = ", preferred: [A, C, E]"


def six(timeline: str, owner: str = "C", more: str = PREFERRED, disk: str = "san") -> Scenario:
    return scenario(SIX, timeline, owner=owner, more=more, disk=disk)


def among(*names: str) -> dict[str, object]:
    return {"depends": {name: 1 / len(names) for name in names}}


@pytest.mark.parametrize(
    "owner, lost, to",
    [
        # The example of KB 299631: A, C, E, B, D, F.
        ("C", "C", "E"),
        ("E", "E", "B"),
        ("A", "A", "C"),
        ("B", "B", "D"),
        ("D", "D", "F"),
        ("F", "F", "A"),
        ("C", "C, E", "B"),
        ("E", "E, B, D", "F"),
    ],
)
def test_with_preferred_owners_the_next_below(owner: str, lost: str, to: str) -> None:
    nodes = lost.split(", ")
    expect(six(f"[{{crash: [{lost}]}}]", owner), {'owner("sql")': to, 'failovers("sql")': 1, 'moved("sql")': True})
    if len(nodes) == 1:
        expect(six("[{fail: sql}]", owner), {'owner("sql")': to, 'failovers("sql")': 1})
        expect(six("[]", owner), {'next_owner("sql")': to})


@pytest.mark.parametrize("owner, to", [("A", "B"), ("B", "C"), ("E", "F"), ("F", "A")])
def test_without_them_a_failed_resource_goes_to_the_next_id(owner: str, to: str) -> None:
    expect(six("[{fail: sql}]", owner, ""), {'owner("sql")': to})


def test_without_them_a_lost_node_leaves_it_to_chance() -> None:
    found = expect(
        six("[{crash: [A, C]}]", "C", ""), {'certain(online("sql"))': True, 'chance(owner("sql") == "B")': 0.25}
    )
    assert len(found.branches) == 1, "nobody has to know who it was"
    assert [e.detail for e in found.trace.events if e.kind == "failover"] == ["sql goes from C to B or D or E or F"]


@pytest.mark.parametrize(
    "owner, more, before, to",
    [
        ("D", PREFERRED, "", "A"),
        ("A", PREFERRED, "", "C"),
        ("D", PREFERRED, "{crash: A}, ", "C"),
        ("D", PREFERRED, "{pause: [A, C]}, ", "E"),
        ("D", PREFERRED, "{pause: [A, C, E]}, ", {"depends": {"B": 0.5, "F": 0.5}}),
        ("D", "", "{pause: [A, B, C]}, ", {"depends": {"E": 0.5, "F": 0.5}}),
        ("D", ", possible: [D, F]", "", "F"),
        ("D", ", possible: [D]", "", "D"),
    ],
)
def test_best_possible(owner: str, more: str, before: str, to: object) -> None:
    expect(six(f"[{before}{{move: sql}}]", owner, more), {'owner("sql")': to, 'failovers("sql")': 0})


def test_an_evicted_owner_has_no_place_in_the_order() -> None:
    world = World(build.host_cluster(3), TRUTH)
    world.state |= {("last-owner", "sql"): "h9", ("nodes", "c"): ("h1", "h2", "h3")}
    assert placement.documented_order(world, "sql", placement.RESOURCE, ("h1", "h2", "h3")) == ("h1",)


@pytest.mark.parametrize(
    "timeline, node, able, why",
    [
        ("[]", "A", True, None),
        ("[]", "B", False, "B does not reach its storage"),
        ("[]", "D", False, "D is none of its possible owners"),
        ("[{crash: A}]", "A", False, "A is no member of c now"),
        ("[{pause: A}]", "A", False, "A takes no roles now"),
        ("[{lose: other}]", "A", False, "A does not reach its storage"),
        ("[]", "C", True, None),
    ],
)
def test_who_may_have_a_role(timeline: str, node: str, able: bool, why: str | None) -> None:
    made = six(timeline, more=", possible: [A, B, C]", disk="other")
    expect(made, {f'can_host("sql", "{node}")': able})
    trace = simulate(made).trace
    world = World(made, TRUTH)
    world.state = dict(trace.end)
    assert placement.obstacle(world, made.role["sql"], node) == why


def test_no_next_owner() -> None:
    expect(six("[]", more=", possible: [C]"), {'next_owner("sql")': "none"})
    expect(six("[{partition: [[A, B], [C, D], [E, F]]}]"), {'next_owner("sql")': "none", 'can_host("sql", "A")': False})
    expect(six("[]", more=""), {'next_owner("sql")': {"depends": dict.fromkeys("ABDEF", 0.2)}})


# -- kept apart -----------------------------------------------------------------------------------------------------

GUESTS = """
title: guests that are kept apart
release: ws2012r2
storage: {san: {kind: csv}}
hosts: {h1: <m1>, h2: <m2>, h3: <m3>}
vms: {v1: {host: h1<gb>}, v2: {host: <second><gb>}, v3: {host: h3<gb>}}
clusters:
  hv:
    kind: failover
    nodes: [h1, h2, h3]
    witness: {share: fs1}
    properties: {ClusterEnforcedAntiAffinity: <hard>}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, storage: san, heartbeat_monitoring: false<of1>}
  v2: {cluster: hv, owner: <second>, vm: v2, storage: san, heartbeat_monitoring: false<of2>}
  v3: {cluster: hv, owner: h3, vm: v3, storage: san, heartbeat_monitoring: false<of3>}
"""
WEB = ", anti_affinity: [web]"
CONFLICT = "Offline (Anti-Affinity Conflict)"


def guests(timeline: str, **words: object) -> Scenario:
    usual = {"hard": 0, "of1": WEB, "of2": WEB, "of3": "", "second": "h2", "gb": "", "m1": "{}", "m2": "{}", "m3": "{}"}
    return scenario(GUESTS, timeline, **(usual | words))


@pytest.mark.parametrize(
    "words, timeline, claims",
    [
        ({}, "[{crash: h2}]", {'host_of("v2")': "h3"}),
        ({"of1": ""}, "[{crash: h2}]", {'host_of("v2")': among("h1", "h3")}),
        ({"of1": ", anti_affinity: [sql]"}, "[{crash: h2}]", {'host_of("v2")': among("h1", "h3")}),
        ({"of3": WEB}, "[{crash: h2}]", {'host_of("v2")': among("h1", "h3"), 'online("v2")': True}),
        ({"of3": WEB, "hard": 1}, "[{crash: h2}]", {'state("v2")': CONFLICT, 'owner("v2")': "none", 'up("v2")': False}),
        ({"hard": 1}, "[{crash: h2}]", {'host_of("v2")': "h3"}),
        ({"second": "h1"}, "[]", {'online("v2")': True, 'host_of("v2")': "h1"}),
        ({"second": "h1", "hard": 1}, "[]", {'online("v2")': True, 'can_host("v2", "h1")': False}),
        (
            {"second": "h1"},
            "[{crash: h1}]",
            {'host_of("v1") == host_of("v2")': False, 'host_of("v1")': among("h2", "h3")},
        ),
        ({"second": "h1"}, "[{crash: h3}, {crash: h1}]", {'host_of("v1")': "h2", 'host_of("v2")': "h2"}),
        (
            {"second": "h1", "hard": 1},
            "[{crash: h3}, {crash: h1}]",
            {'online("v1")': True, 'state("v2")': CONFLICT, 'failovers("v2")': 0},
        ),
    ],
)
def test_what_is_kept_apart(words: dict[str, object], timeline: str, claims: dict[str, object]) -> None:
    expect(guests(timeline, **words), claims)


@pytest.mark.parametrize(
    "then, host",
    [
        ("{resume: h3}", "h3"),
        ("{start: h2}", "h2"),
        ("{set: hv, property: ClusterEnforcedAntiAffinity, value: 0}", "h1"),
        ("{set: v2, property: AntiAffinityClassNames, value: [other]}", "h1"),
        ("{shutdown: v1}", "h1"),
        ("{start: v2}", "none"),
    ],
)
def test_the_loser_comes_online_when_a_node_becomes_able(then: str, host: str) -> None:
    made = guests(f"[{{pause: h3}}, {{crash: h2}}, {then}]", hard=1)
    came = host != "none"
    outcome = expect(made, {'owner("v2")': host, 'online("v2")': came, 'failovers("v2")': int(host in ("h1", "h3"))})
    stopped = [e for e in outcome.trace.events if e.rule == "anti-affinity"]
    assert [(e.kind, e.subject) for e in stopped] == [("offline", "v2")], "it says so once"


def test_a_migration_on_its_way_counts_on_both_hosts() -> None:
    made = guests("[{at: 10s, live-migrate: v1, to: h3}, {at: 12s, move: v2, to: h3, type: live}]", hard=1)
    expect(made, {'host_of("v1")': "h3", 'host_of("v2")': "h2"})


# -- memory ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sizes, gb, timeline, claims",
    [
        # 64 GB on each host unless said otherwise, and machines of 32 GB.
        (("64", "64", "64"), 32, "[{crash: h2}]", {'host_of("v2")': among("h1", "h3")}),
        (("48", "64", "64"), 32, "[{crash: h2}]", {'host_of("v2")': "h3"}),
        (("48", "64", "48"), 32, "[{crash: h2}]", {'state("v2")': "Offline", 'up("v2")': False, 'boots("v2")': 0}),
        (("48", "64", "48"), 24, "[{crash: h2}]", {'host_of("v2")': among("h1", "h3")}),
        (("48", "64", "48"), 32, "[{crash: h2}, {start: h2}]", {'host_of("v2")': "h2", 'failovers("v2")': 0}),
        (("48", "64", "48"), 32, "[{crash: h2}, {shutdown: v1}]", {'host_of("v2")': "h1", 'failovers("v2")': 1}),
        (("48", "64", "48"), 32, "[{crash: h2}, {crash: v3}]", {'online("v3")': True, 'online("v2")': False}),
        (("64", "64", "32"), 32, "[{crash: h2}, {crash: h3}]", {'host_of("v2")': "h1", 'online("v3")': False}),
        (("96", "64", "32"), 32, "[{crash: h2}, {crash: h3}]", {'host_of("v2")': "h1", 'host_of("v3")': "h1"}),
    ],
)
def test_what_fits(sizes: tuple[str, str, str], gb: int, timeline: str, claims: dict[str, object]) -> None:
    m1, m2, m3 = (f"{{memory: {size}}}" for size in sizes)
    expect(guests(timeline, of1="", of2="", gb=f", memory: {gb}", m1=m1, m2=m2, m3=m3), claims)


def test_who_may_not_fail_over_takes_no_memory() -> None:
    made = scenario(ORDER, "[{crash: h1}]", release="ws2012", room=8, last=0, quorum="node-and-share-majority")
    expect(made, {'online("v3")': True, 'online("v2")': False})
    held = [
        replace(r, properties=(*r.properties, ("FailoverThreshold", 0))) if r.name == "v3" else r for r in made.roles
    ]
    expect(replace(made, roles=tuple(held)), {'state("v3")': "Failed", 'online("v2")': True})


def test_a_migration_that_is_void_takes_no_memory() -> None:
    words: dict[str, object] = {"second": "h1", "gb": ", memory: 20", "m1": "{memory: 40}", "m2": "{memory: 20}"}
    words |= {"m3": "{memory: 40}", "of1": ", preferred: [h1, h3]", "of2": ", preferred: [h1, h2]"}
    made = guests("[{shutdown: v3}, {at: 1h, quick-migrate: v1, to: h2}, {at: 3601s, crash: h1}]", **words)
    expect(made, {'host_of("v1")': "h3", 'host_of("v2")': "h2", 'online("v2")': True})


@pytest.mark.parametrize("gb, fits", [("", True), (", memory: 8", True), (", memory: 9", False)])
def test_what_just_fits(gb: str, fits: bool) -> None:
    """Each host has 8 GB; what a machine takes where it is does not count against it there."""
    m = "{memory: 8}"
    made = guests("[{shutdown: [v2, v3]}]", gb=gb, m1=m, m2=m, m3=m)
    expect(made, {'can_host("v1", "h1")': fits, 'can_host("v1", "h2")': fits})
    full = guests("[]", gb=gb, m1=m, m2=m, m3=m)
    expect(full, {'can_host("v1", "h1")': fits, 'can_host("v1", "h2")': not gb})


def test_a_host_of_unknown_memory_has_enough_and_a_machine_of_unknown_memory_needs_none() -> None:
    usual: dict[str, object] = {"of1": "", "of2": "", "m1": "{memory: 8}"}
    expect(guests("[{crash: h2}]", gb=", memory: 500", **usual), {'host_of("v2")': "h3"})
    expect(guests("[{crash: h2}]", **usual), {'host_of("v2")': among("h1", "h3")})


@pytest.mark.parametrize("gb, branches", [(8, 1), (24, 3)])
def test_chance_stays_open_while_every_host_has_room_for_all(gb: int, branches: int) -> None:
    """Two machines of a lost host go to three others of 40 GB."""
    made = build.machines(4, 2)
    virtual = build.virtual(4)
    made = replace(
        virtual,
        hosts=tuple(replace(h, memory=40) for h in made.hosts),
        vms=(replace(made.vms[0], memory=gb), replace(made.vms[1], memory=gb, host="h1")),
        roles=(virtual.roles[0], replace(virtual.roles[1], owner="h1")),
    )
    lost = build.given(made, build.act("crash", "h1"))
    outcome = expect(lost, {'online("v1") and online("v2")': True, 'host_of("v1")': among("h2", "h3", "h4")})
    assert len(outcome.branches) == branches
    together = values(outcome, {'chance(host_of("v1") == host_of("v2"))': None})
    assert list(together.values()) == [pytest.approx(1 / 3 if gb == 8 else 0)]


def test_a_machine_that_no_cluster_looks_after_takes_memory_too() -> None:
    virtual = build.virtual(3)
    made = replace(
        virtual,
        hosts=tuple(replace(h, memory=40) for h in virtual.hosts),
        vms=tuple(replace(v, memory=32) for v in virtual.vms),
        roles=virtual.roles[:1],
    )
    expect(build.given(made, build.act("crash", "h1")), {'online("v1")': False})
    down = build.act("crash", "v2")
    expect(build.given(made, down, build.act("crash", "h1")), {'host_of("v1")': "h2"})


# -- who goes first -------------------------------------------------------------------------------------------------

ORDER = """
title: four machines of one host
release: <release>
storage: {san: {kind: csv}}
hosts: {h1: {memory: 64}, h2: {memory: <room>}}
vms: {v1: {host: h1, memory: 8}, v2: {host: h1, memory: 8}, v3: {host: h1, memory: 8}, v4: {host: h1, memory: 8}}
clusters: {hv: {kind: failover, nodes: [h1, h2], witness: {share: fs1}, quorum: <quorum>}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, storage: san, heartbeat_monitoring: false, properties: {Priority: 1000}}
  v2: {cluster: hv, owner: h1, vm: v2, storage: san, heartbeat_monitoring: false}
  v3: {cluster: hv, owner: h1, vm: v3, storage: san, heartbeat_monitoring: false, properties: {Priority: 3000}}
  v4: {cluster: hv, owner: h1, vm: v4, storage: san, heartbeat_monitoring: false, properties: {Priority: <last>}}
"""


@pytest.mark.parametrize(
    "release, room, last, started",
    [
        ("ws2012", 64, 2000, ["v3", "v2", "v4", "v1"]),
        ("ws2012", 64, 0, ["v3", "v2", "v1"]),
        ("ws2012", 16, 2000, ["v3", "v2"]),
        ("ws2012", 16, 3000, ["v3", "v4"]),
        ("ws2008r2", 64, 0, ["v1", "v2", "v3", "v4"]),
        ("ws2008r2", 16, 3000, ["v1", "v2"]),
    ],
)
def test_the_important_go_first(release: str, room: int, last: int, started: list[str]) -> None:
    quorum = "node-and-share-majority"
    made = scenario(ORDER, "[{crash: h1}]", release=release, room=room, last=last, quorum=quorum)
    trace = simulate(made).trace
    assert [e.subject for e in trace.events if e.kind == "online"] == started
    assert [e.subject for e in trace.events if e.kind == "failover"] == started


@pytest.mark.parametrize(
    "timeline, claims",
    [
        ("[{crash: h1}]", {'state("v4")': "Offline", 'failovers("v4")': 0, 'happens("offline", "v4")': True}),
        ("[{crash: h1}, {start: h1}]", {'state("v4")': "Offline", 'up("v4")': False}),
        ("[{crash: h1}, {start: v4}]", {'state("v4")': "Online", 'host_of("v4")': "h2", 'boots("v4")': 1}),
        ("[{crash: v4}]", {'state("v4")': "Online", 'restarts("v4")': 1}),
        ("[{pause: h1, drain: true}]", {'host_of("v4")': "h2", 'boots("v4")': 0}),
    ],
)
def test_priority_0_does_not_start_by_itself(timeline: str, claims: dict[str, object]) -> None:
    made = scenario(ORDER, timeline, release="ws2012", room=64, last=0, quorum="node-and-share-majority")
    expect(made, claims)


def test_the_rules_behind_are_asked_by_name() -> None:
    trace = simulate(guests("[{crash: h2}]")).trace
    assert {"kept_apart", "successors"} <= trace.consulted <= set(Rules.__annotations__)
