"""Moving virtual machines: what each way keeps, who may, how many at once, and what an interrupted one comes to."""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Scenario
from tests.cluster.telling import expect, scenario

PAIR = """
title: two hosts and more
release: <release>
storage: {san: {kind: csv}, other: {kind: csv}, far: {kind: csv}}
hosts:
  h1: {memory: 128, storage: [san, other]}
  h2: {memory: 128, storage: [san, other]}
  h3: {memory: 16, storage: [san]}
vms: {v1: {host: h1, memory: 8}, v2: {host: h1, memory: 32}, v3: {host: h1, memory: 8}, loose: {host: h1, memory: 16}}
clusters: {hv: {kind: failover, nodes: [h1, h2, h3], quorum: node-majority}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, storage: san, heartbeat_monitoring: false, starts_in: 30s}
  v2: {cluster: hv, owner: h1, vm: v2, storage: san, heartbeat_monitoring: false, possible: [h1, h2]}
  v3: {cluster: hv, owner: h1, vm: v3, storage: san, heartbeat_monitoring: false, preferred: [h1, h2]}
  sql: {cluster: hv, owner: h2, storage: san}
services: {app: {runs_on: v1}}
"""

R2008, R2008R2, R2012, R2012R2, R2016 = "ws2008", "ws2008r2", "ws2012", "ws2012r2", "ws2016"


def case(release: str, *acts: str) -> Scenario:
    return scenario(PAIR, f"[{', '.join(acts)}]", release=release)


@pytest.mark.parametrize(
    "act, boots, keeps, down",
    [
        ("{live-migrate: v1, to: h2}", 0, True, 1),
        ("{live-migrate: v1, to: h2, switch_over: 4s}", 0, True, 4),
        ("{move: v1, to: h2, type: live}", 0, True, 1),
        ("{quick-migrate: v1, to: h2}", 0, True, 38),
        ("{move: v1, to: h2, type: quick}", 0, True, 38),
        ("{move: v1, to: h2, type: shutdown}", 1, False, 30),
        ("{move: v1, to: h2, type: shutdown-force}", 1, False, 30),
        ("{move: v1, to: h2, type: turn-off}", 1, False, 30),
        ("{storage-migrate: v1, to: other}", 0, True, 0),
    ],
)
def test_what_each_way_keeps(act: str, boots: int, keeps: bool, down: int) -> None:
    claims = {
        'host_of("v1")': "h1" if "storage" in act else "h2",
        'boots("v1")': boots,
        'keeps_state("v1")': keeps,
        'downtime("app")': down,
        'state("v1")': "Online",
        'failovers("v1")': 0,
        'detected("v1")': False,
    }
    expect(case(R2012, act), claims)


@pytest.mark.parametrize(
    "act, first",
    [
        ("{live-migrate: v1, to: h2}", R2008R2),
        ("{move: v1, to: h2, type: live}", R2008R2),
        ("{quick-migrate: v1, to: h2}", R2008),
        ("{storage-migrate: v1, to: other}", R2012),
        ("{live-migrate: loose, to: h2}", R2012),
    ],
)
def test_the_release_that_brought_each_way(act: str, first: str) -> None:
    releases = [R2008, R2008R2, R2012, R2012R2, R2016, "ws2019", "ws2022", "ws2025"]
    for number, release in enumerate(releases):
        # Pools and CSV are no part of this: before them a disk is an array.
        text = PAIR.replace("kind: csv", "kind: array")
        outcome = simulate(scenario(text, f"[{act}]", release=release))
        refused = any(event.kind == "refused" for event in outcome.trace.events)
        assert refused == (number < releases.index(first)), release


@pytest.mark.parametrize(
    "acts, finding",
    [
        (("{crash: h2}", "{live-migrate: v1, to: h2}"), "OPS006"),
        (("{pause: h2}", "{live-migrate: v1, to: h2}"), "OPS006"),
        (("{live-migrate: v1, to: h1}",), "OPS006"),
        (("{live-migrate: v2, to: h3}",), "OPS006"),
        (("{isolate: h1}", "{at: 1s, live-migrate: v1, to: h2}"), "OPS006"),
        (("{pause: h2}", "{pause: h3}", "{live-migrate: v1}"), "OPS006"),
        (("{crash: h2}", "{live-migrate: v2}"), "OPS006"),
        (("{live-migrate: loose}",), "OPS006"),
        (("{live-migrate: loose, to: h3}", "{quick-migrate: loose, to: h2}"), "OPS006"),
        (("{crash: h2}", "{live-migrate: loose, to: h2}"), "OPS006"),
        (("{live-migrate: v1, to: h3}", "{live-migrate: loose, to: h3}"), "OPS006"),
        (("{storage-migrate: v1, to: far}",), "OPS006"),
        (("{crash: loose}", "{live-migrate: loose, to: h2}"), "OPS019"),
        (("{at: 1s, crash: v1}", "{at: 2s, live-migrate: v1, to: h2}"), "OPS019"),
        (("{at: 1s, live-migrate: v1, to: h2}", "{at: 2s, quick-migrate: v1, to: h3}"), "OPS019"),
        (("{at: 1s, quick-migrate: v1, to: h2}", "{at: 2s, live-migrate: v1, to: h3}"), "OPS019"),
        (("{at: 1s, hang: h1}", "{at: 2s, live-migrate: v1, to: h2}"), "OPS019"),
        (("{at: 1s, hang: v1}", "{at: 2s, move: v1, to: h2, type: shutdown}"), "OPS019"),
        (("{at: 1s, storage-migrate: v1, to: other}", "{at: 2s, storage-migrate: v1, to: other}"), "OPS019"),
        (("{move: sql, to: h1, type: live}",), "OPS020"),
    ],
)
def test_what_windows_refuses(acts: tuple[str, ...], finding: str) -> None:
    outcome = simulate(case(R2012, *acts))
    refused = [key for key in outcome.trace.end if key[0] == "finding" and key[1] == finding]
    assert refused, outcome.trace.events


def test_a_hung_guest_is_moved_live_or_turned_off() -> None:
    expect(case(R2012, "{hang: v1}", "{live-migrate: v1, to: h2}"), {'host_of("v1")': "h2", 'answers("v1")': False})
    expect(case(R2012, "{hang: v1}", "{move: v1, to: h2, type: turn-off}"), {'host_of("v1")': "h2", 'boots("v1")': 1})


@pytest.mark.parametrize(
    "act, then, claims",
    [
        # The copy takes ten seconds, the switch-over one.
        ("live-migrate", "{at: 15s, crash: h2}", {'host_of("v1")': "h1", 'boots("v1")': 0, 'downtime("app")': 0}),
        ("live-migrate", "{at: 20500ms, crash: h2}", {'host_of("v1")': "h1", 'boots("v1")': 0, 'downtime("app")': 1}),
        ("live-migrate", "{at: 15s, crash: h1}", {'boots("v1")': 1, 'keeps_state("v1")': False, 'moved("v1")': True}),
        ("live-migrate", "{at: 20500ms, crash: h1}", {'boots("v1")': 1, 'keeps_state("v1")': False}),
        ("live-migrate", "{at: 15s, crash: v1}", {'host_of("v1")': "h1", 'boots("v1")': 1, 'restarts("v1")': 1}),
        ("live-migrate", "{at: 20500ms, crash: v1}", {'host_of("v1")': "h1", 'boots("v1")': 1}),
        ("live-migrate", "{at: 15s, isolate: h2}", {'host_of("v1")': "h1", 'boots("v1")': 0}),
        ("quick-migrate", "{at: 15s, crash: h2}", {'host_of("v1")': "h1", 'boots("v1")': 0, 'downtime("app")': 38}),
        # What is saved is on the disk: the target restores it.
        ("quick-migrate", "{at: 47s, crash: h1}", {'host_of("v1")': "h2", 'boots("v1")': 0, 'downtime("app")': 38}),
        ("quick-migrate", "{at: 15s, crash: h1}", {'boots("v1")': 1, 'keeps_state("v1")': False}),
        ("quick-migrate", "{at: 47s, crash: [h1, h2]}", {'boots("v1")': 0, 'keeps_state("v1")': False}),
    ],
)
def test_an_interrupted_migration(act: str, then: str, claims: dict[str, object]) -> None:
    expect(case(R2012, f"{{at: 10s, {act}: v1, to: h2}}", then), claims)


def test_as_many_at_once_as_the_release_does() -> None:
    three = [f"{{at: 10s, live-migrate: {vm}, to: h2}}" for vm in ("v1", "v2", "v3")]
    all_there = {f'host_of("{vm}")': "h2" for vm in ("v1", "v2", "v3")}
    at_once = 'ever(len([v for v in vms() if state(v) == "Migrating"]) >= {})'
    expect(case(R2008R2, *three), all_there | {at_once.format(2): False, 'finding("OPS024")': True})
    expect(case(R2012, *three), all_there | {at_once.format(2): True, at_once.format(3): False})
    expect(case(R2012, *three[:2]), {'finding("OPS024")': False})


def test_another_host_may_be_busy_too() -> None:
    acts = ("{at: 10s, live-migrate: v1, to: h2}", "{at: 10s, live-migrate: v3, to: h3}")
    together = 'ever(state("v1") == "Migrating" and state("v3") == "Migrating")'
    expect(case(R2008R2, *acts), {together: False, 'host_of("v3")': "h3"})


def test_one_that_waits_may_lose_its_source() -> None:
    acts = ["{at: 10s, live-migrate: v1, to: h2}", "{at: 10s, live-migrate: v3, to: h2}", "{at: 12s, crash: h1}"]
    expect(case(R2008R2, *acts), {'boots("v3")': 1, 'boots("v1")': 1, 'host_of("v3")': "h2"})


def test_the_best_possible_node() -> None:
    expect(case(R2012, "{live-migrate: v3}"), {'host_of("v3")': "h2"})
    claims = {'host_of("v1")': {"depends": {"h2": 0.5, "h3": 0.5}}, 'boots("v1")': 0}
    expect(case(R2012, "{live-migrate: v1}"), claims)


OPEN = """
title: nobody has to know where they went
release: <release>
hosts: {h1: {}, h2: {}, h3: {}, h4: {}}
vms: {v1: {host: h1}, v2: {host: h1}, v3: {host: h1}, v4: {host: h2}}
clusters: {hv: {kind: failover, nodes: [h1, h2, h3, h4], witness: {share: fs1}}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, heartbeat_monitoring: false}
  v2: {cluster: hv, owner: h1, vm: v2, heartbeat_monitoring: false}
  v3: {cluster: hv, owner: h1, vm: v3, heartbeat_monitoring: false}
  v4: {cluster: hv, owner: h2, vm: v4, heartbeat_monitoring: false}
"""


def test_chance_is_left_open_while_it_does_not_matter() -> None:
    away = scenario(OPEN, "[{at: 1s, live-migrate: [v1, v2, v3]}]", release=R2012)
    assert len(simulate(away).branches) == 1
    third = {"depends": {"h2": 0.3333333333333333, "h3": 0.3333333333333333, "h4": 0.3333333333333333}}
    expect(away, {'host_of("v1")': third, 'boots("v2")': 0})


def test_a_busy_host_makes_it_matter() -> None:
    acts = "[{at: 1s, live-migrate: v4, to: h3}, {at: 2s, live-migrate: v1}]"
    together = 'ever(state("v4") == "Migrating" and state("v1") == "Migrating")'
    # Only where v1 goes to h4, the one host that is not busy, may both be copied at once.
    expect(scenario(OPEN, acts, release=R2008R2), {together: {"depends": {"true": 0.3333333333333333}}})


GUESTS = """
title: guests that are nodes
release: ws2012r2
storage: {san: {kind: csv}, vol: {kind: csv}, data: {kind: shared-vhdx, within: vol, size: 10}}
hosts: {h1: {}, h2: {}}
vms: {v1: {host: h1}, v2: {host: h2}}
clusters:
  hv: {kind: failover, nodes: [h1, h2], witness: {share: fs1}}
  g: {kind: failover, nodes: [v1, v2], witness: {share: fs2}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, storage: san, heartbeat_monitoring: false, starts_in: 60s}
  v2: {cluster: hv, owner: h2, vm: v2, storage: san, heartbeat_monitoring: false, starts_in: 60s}
  sql: {cluster: g, owner: v1, storage: data, starts_in: 5s}
"""


@pytest.mark.parametrize(
    "way, detected", [("shutdown", False), ("shutdown-force", False), ("turn-off", True), ("quick", False)]
)
def test_only_who_is_turned_off_is_taken_for_failed(way: str, detected: bool) -> None:
    made = scenario(GUESTS, f"[{{move: v1, to: h2, type: {way}}}]")
    expect(made, {'detected_by("g", "v1")': detected, 'owner("sql")': "v2", 'members("g")': ["v1", "v2"]})


BALANCED = GUESTS.replace(
    "  g: {kind: failover, nodes: [v1, v2], witness: {share: fs2}}",
    "  f: {kind: nlb, nodes: [v1, v2], mode: multicast}",
)
BALANCED = BALANCED.replace("  sql: {cluster: g, owner: v1, storage: data, starts_in: 5s}\n", "")


@pytest.mark.parametrize("act", ["live-migrate: v1, to: h2, switch_over: 7s", "move: v1, to: h2, type: shutdown"])
def test_a_balanced_guest_takes_part_again(act: str) -> None:
    claims = {'host_of("v1")': "h2", 'members("f")': ["v1", "v2"], 'happens("removed", "v1")': True}
    expect(scenario(BALANCED, f"[{{{act}}}]"), claims)
    expect(scenario(BALANCED, "[{storage-migrate: v1, to: vol}, {lose: san}]"), {'answers("v1")': True})


def test_a_guest_without_a_shared_disk() -> None:
    text = GUESTS.replace("storage: data, ", "")
    expect(scenario(text, "[{storage-migrate: v1, to: vol}, {lose: san}]"), {'answers("v1")': True})


@pytest.mark.parametrize("action, boots", [(0, 1), (1, 0), (2, 1), (3, 1)])
def test_a_host_that_is_shut_down_takes_its_machines_offline_first(action: int, boots: int) -> None:
    text = PAIR.replace(
        "starts_in: 30s", f"starts_in: 30s, properties: {{OfflineAction: {action}}}, preferred: [h1, h2]"
    )
    made = scenario(text, "[{shutdown: h1}]", release=R2012)
    expect(made, {'boots("v1")': boots, 'host_of("v1")': "h2", 'up("h1")': False, 'online("v1")': True})


def test_a_shared_disk_stays_where_it_is() -> None:
    expect(scenario(GUESTS, "[{storage-migrate: v1, to: vol}]"), {'finding("OPS023")': True})


@pytest.mark.parametrize(
    "then, claims",
    [
        ("{at: 30s, lose: san}", {'available("app")': False}),
        ("{at: 80s, lose: san}", {'available("app")': True}),
        ("{at: 30s, crash: v1}", {'boots("v1")': 1, 'available("app")': True}),
        ("{at: 30s, lose: other}", {'available("app")': True}),
    ],
)
def test_the_disk_moves_when_its_copy_is_complete(then: str, claims: dict[str, object]) -> None:
    expect(case(R2012, "{at: 1s, storage-migrate: v1, to: other}", then), claims)


def test_a_migration_void_before_its_disk_is() -> None:
    acts = ("{at: 1s, storage-migrate: v1, to: other}", "{at: 30s, crash: v1}", "{at: 200s, lose: san}")
    expect(case(R2012, *acts), {'available("app")': False})
