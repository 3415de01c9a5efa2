"""From 2016: silent hosts are isolated, restless ones quarantined, and a machine that loses its disk is paused."""

from __future__ import annotations

import pytest

from studyapp.cluster import parse_claim, simulate
from studyapp.cluster.doubt import Doubts
from studyapp.cluster.scenario import Scenario
from tests.cluster.telling import expect, scenario

FOUR = """
title: four hosts
release: <release>
until: <until>
storage: {base: {kind: <base>}, vol: {kind: <kind><within>}}
hosts: {h1: {}, h2: {}, h3: {}, h4: {}}
vms: {v1: {host: h1, properties: {<vm>}}, v2: {host: h2, properties: {<vm>}}}
clusters:
  hv: {kind: failover, nodes: [h1, h2, h3, h4], witness: {share: fs1}, properties: {<cluster>}}
roles:
  v1: {cluster: hv, owner: h1, vm: v1, storage: vol, heartbeat_monitoring: false, starts_in: 60s}
  v2: {cluster: hv, owner: h2, vm: v2, storage: vol, heartbeat_monitoring: false, starts_in: 60s, preferred: [h2, h3]}
  sql: {cluster: hv, owner: h2, starts_in: 5s, preferred: [h2, h1]}
services: {app: {runs_on: v2}, db: {role: sql}}
"""
USUAL = {
    "release": "ws2016",
    "until": "1s",
    "base": "array",
    "kind": "csv",
    "within": "",
    "vm": "",
    "cluster": "ResiliencyLevel: 2",
}


def four(acts: str, **words: str) -> Scenario:
    return scenario(FOUR, f"[{acts}]", **(USUAL | words))


CUT, BACK, CRASH = "{at: 10s, isolate: h2}", "{at: 100s, rejoin: h2}", "{at: 10s, crash: h2}"


# -- isolation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "release, act, properties, isolated, failover",
    [
        ("ws2012r2", CUT, "", False, 20),
        ("ws2016", CUT, "ResiliencyLevel: 2", True, 260),
        ("ws2016", CUT, "ResiliencyLevel: 1", True, 260),
        ("ws2016", CRASH, "ResiliencyLevel: 2", True, 260),
        ("ws2016", CRASH, "ResiliencyLevel: 1", False, 20),
        ("ws2016", "{at: 10s, hang: h2}", "ResiliencyLevel: 2", True, 260),
        ("ws2016", "{at: 10s, hang: h2}", "ResiliencyLevel: 1", False, 20),
        ("ws2016", CUT, "ResiliencyDefaultPeriod: 0", False, 20),
        ("ws2016", CUT, "ResiliencyLevel: 2, ResiliencyDefaultPeriod: 30", True, 50),
    ],
)
def test_who_is_isolated_and_for_how_long(
    release: str, act: str, properties: str, isolated: bool, failover: int
) -> None:
    claims = {
        'happens("isolated", "h2")': isolated,
        'time_of("failover", "v2")': failover,
        'time_of("failover", "sql")': 20,
        'owner("v2")': "h3",
        'boots("v2")': 1,
        'state("h2")': "Down",
        'state("v2")': "Online",
        'owner("sql")': "h1",
    }
    expect(four(act, release=release, cluster=properties), claims)


def test_what_it_looks_like_meanwhile() -> None:
    claims = {
        'at(15, state("h2"))': "Up",
        'at(30, state("h2"))': "Isolated",
        'at(30, state("hv", "v2"))': "Unmonitored",
        'at(30, online("v2"))': True,
        'at(30, owner("v2"))': "h2",
        'at(30, online("sql"))': True,
    }
    expect(four(CUT, kind="smb"), claims)


@pytest.mark.parametrize(
    "acts, claims",
    [
        # Back in time: nothing has moved but the role that is no virtual machine.
        ((CUT, BACK), {'boots("v2")': 0, 'owner("v2")': "h2", 'owner("sql")': "h1", 'state("h2")': "Up"}),
        # It has started anew: nobody waits for what was on it.
        (
            (CRASH, "{at: 100s, start: h2}"),
            {'time_of("failover", "v2")': 100, 'boots("v2")': 1, 'members("hv")': ["h1", "h2", "h3", "h4"]},
        ),
        # Only its cluster service was started anew.
        ((CUT, "{at: 30s, stop-node: h2}", "{at: 40s, start-node: h2}", BACK), {'boots("v2")': 0, 'owner("v2")': "h2"}),
        # The host hangs and is reset.
        (("{at: 10s, hang: h2}", "{at: 100s, start: h2}"), {'time_of("failover", "v2")': 100, 'owner("v2")': "h3"}),
        # Back, and cut off again before the first period has passed: it begins anew.
        ((CUT, BACK, "{at: 120s, isolate: h2}"), {'time_of("failover", "v2")': 370, 'boots("v2")': 1}),
        # Its virtual machine has failed meanwhile: once it is back it is restarted where it is.
        ((CUT, "{at: 50s, crash: v2}", BACK), {'boots("v2")': 1, 'restarts("v2")': 1, 'owner("v2")': "h2"}),
        # The host dies for good while it is isolated.
        ((CUT, "{at: 50s, crash: h2}"), {'time_of("failover", "v2")': 260, 'boots("v2")': 1}),
        # Evicted, it is nobody's any more.
        ((CUT, "{at: 50s, evict: h2}"), {'time_of("failover", "v2")': 260, 'members("hv")': ["h1", "h3", "h4"]}),
        # Cut off from each other; the side with the witness goes on and waits for both.
        (
            ("{at: 10s, partition: [[h1, h2], [h3, h4, fs1]]}",),
            {'happens("isolated", "h1")': True, 'happens("isolated", "h3")': False, 'owner("v2")': "h3"},
        ),
        (
            ("{at: 10s, partition: [[h1, h2], [h3, h4, fs1]]}", "{at: 100s, heal: all}"),
            {'boots("v1")': 0, 'boots("v2")': 0, 'members("hv")': ["h1", "h2", "h3", "h4"], 'owner("v1")': "h1"},
        ),
        # Three are cut off one from another: nobody has the majority, and nobody is waited for.
        (
            ("{at: 10s, partition: [[h1], [h2], [h3], [h4], [fs1]]}",),
            {'quorum("hv")': False, 'happens("isolated", "h2")': False, 'state("h2")': "Down", 'online("v2")': False},
        ),
        # Isolated first; then the cluster that waits for it loses its quorum, and forms again without it.
        (
            (CUT, "{at: 30s, crash: [h3, h4]}", "{at: 100s, start: [h3, h4]}"),
            {'members("hv")': ["h1", "h3", "h4"], 'owner("v2")': "h3", 'boots("v2")': 1, 'online("v1")': True},
        ),
        # It was back before anybody had missed it.
        ((CRASH, "{at: 12s, start: h2}"), {'happens("isolated", "h2")': False, 'boots("v2")': 1}),
    ],
)
def test_isolation(acts: tuple[str, ...], claims: dict[str, object]) -> None:
    expect(four(", ".join(acts)), claims)


@pytest.mark.parametrize(
    "kind, within, base, paused",
    [
        ("array", "", "array", True),
        ("iscsi", "", "array", True),
        ("csv", "", "array", True),
        ("csv", ", within: base", "array", True),
        ("csv", ", within: base", "smb", False),
        ("smb", "", "array", False),
    ],
)
def test_storage_decides_what_isolated_means(kind: str, within: str, base: str, paused: bool) -> None:
    made = four(f"{CUT}, {BACK}", kind=kind, within=within, base=base)
    claims = {
        'happens("paused-critical", "v2")': paused,
        'happens("resumed", "v2")': paused,
        'at(50, answers("v2"))': not paused,
        'answers("v2")': True,
        'keeps_state("v2")': True,
        'boots("v2")': 0,
    }
    expect(made, claims)


def test_without_a_disk_to_lose_nothing_is_paused() -> None:
    text = FOUR.replace(", storage: vol, heartbeat", ", heartbeat")
    made = scenario(text, f"[{CUT}, {BACK}]", **USUAL)
    expect(made, {'happens("paused-critical", "v2")': False, 'boots("v2")': 0, 'at(50, state("v2"))': "Unmonitored"})


# -- quarantine -----------------------------------------------------------------------------------------------------


def thrice(host: str, *, first: int = 1) -> str:
    """The host is cut off for two minutes, three times."""
    times = [first + 10 * number for number in range(3)]
    return ", ".join(f"{{at: {t}min, isolate: {host}}}, {{at: {t + 2}min, rejoin: {host}}}" for t in times)


def test_the_third_departure_within_the_hour() -> None:
    claims: dict[str, object] = {
        'state("h4")': "Quarantined",
        'time_of("quarantined", "h4")': 1270,
        'time_of("1672", "h4")': 1270,
        'members("hv")': ["h1", "h2", "h3"],
        'up("h4")': True,
        'can_host("v1", "h4")': False,
    }
    expect(four(thrice("h4")), claims)
    expect(four(thrice("h4"), release="ws2012r2", cluster=""), {'state("h4")': "Up"})
    expect(four(thrice("h4"), cluster="QuarantineThreshold: 4"), {'state("h4")': "Up"})


def test_a_quarantined_host_that_is_silent_is_seen_to_be_isolated_too() -> None:
    """The wait of its virtual machines is told; no source speaks of it, which is known of any time that rests on it."""
    acts = thrice("h2").rsplit(", {at: 23min", 1)[0]
    claim = 'time_of("failover", "v2")'
    claims = {
        claim: 1510,
        'at(1300, state("h2"))': "Quarantined",
        'at(1300, state("hv", "v2"))': "Unmonitored",
        'owner("v2")': "h3",
    }
    outcome = expect(four(acts, kind="smb"), claims)
    told = [(e.at_ms, e.kind) for e in outcome.trace.events if e.kind in ("isolated", "quarantined")]
    assert told == [(70_000, "isolated"), (670_000, "isolated"), (1_270_000, "quarantined"), (1_270_000, "isolated")]
    doubts = Doubts.of(outcome)
    assert [s.fact.key for s in doubts.deciding(parse_claim(claim))] == ["quarantine.waits"]
    assert not doubts.deciding(parse_claim('owner("v2")'))
    for properties in ("ResiliencyLevel: 1", "ResiliencyDefaultPeriod: 0"):
        crashes = acts.replace("isolate", "crash").replace("rejoin", "start")
        made = expect(four(crashes, cluster=properties), {'state("h2")': "Quarantined"})
        assert "isolated" not in {event.kind for event in made.trace.events}


def test_what_still_runs_on_a_quarantined_host_is_moved_off_live() -> None:
    claims: dict[str, object] = {
        'state("h2")': "Quarantined",
        'boots("v2")': 0,
        'keeps_state("v2")': True,
        'host_of("v2")': "h3",
        'state("v2")': "Online",
        'failovers("v2")': 0,
    }
    for kind in ("smb", "csv"):
        expect(four(thrice("h2"), kind=kind), claims)


@pytest.mark.parametrize(
    "meanwhile",
    [
        "{at: 22min, pause: [h1, h3, h4]}, {at: 23min, rejoin: h2}, {at: 24min, resume: [h1, h3, h4]}",
        "{at: 22min, rejoin: h2}, {at: 1325s, crash: h2}",
        "{at: 22min, crash: h2}, {at: 23min, start: h2}",
        "{at: 23min, heal: all}",
    ],
)
def test_where_that_is_impossible_it_is_taken_over(meanwhile: str) -> None:
    twice = ", ".join(thrice("h2").split(", {at: 21min")[:1])
    made = four(f"{twice}, {{at: 21min, isolate: h2}}, {meanwhile}")
    expect(made, {'state("h2")': "Quarantined", 'boots("v2")': 1, 'online("v2")': True, 'moved("v2")': True})


@pytest.mark.parametrize(
    "acts, until, state",
    [
        ("", "3h", "Quarantined"),
        ("", "4h", "Up"),
        ("{at: 30min, start: h4}", "1s", "Quarantined"),
        ("{at: 30min, start-node: h4}", "1s", "Quarantined"),
        ("{at: 30min, start: h4, clear_quarantine: true}", "1s", "Up"),
        ("{at: 30min, start-node: h4, clear_quarantine: true}", "1s", "Up"),
        # It is off when it is let out, or hangs, or is cut off: it joins when it can.
        ("{at: 25min, crash: h4}, {at: 30min, start: h4, clear_quarantine: true}", "1s", "Up"),
        ("{at: 25min, hang: h4}, {at: 30min, start: h4, clear_quarantine: true}", "1s", "Up"),
        ("{at: 25min, shutdown: h4}, {at: 30min, start: h4, clear_quarantine: true}", "1s", "Up"),
        (
            "{at: 25min, isolate: h4}, {at: 30min, start: h4, clear_quarantine: true}, {at: 31min, rejoin: h4}",
            "1s",
            "Up",
        ),
        ("{at: 25min, crash: h4}, {at: 30min, start: h4}", "1s", "Quarantined"),
        ("{at: 25min, crash: h4}, {at: 30min, start-node: h4, clear_quarantine: true}", "1s", "Quarantined"),
        # Stopped by hand it is not started by the end of its time.
        ("{at: 25min, stop-node: h4}", "4h", "Down"),
        # The machine comes up after the time is over.
        ("{at: 25min, crash: h4}, {at: 4h, start: h4}", "1s", "Up"),
        # Added anew it is a new node.
        ("{at: 25min, evict: h4}, {at: 26min, join: h4, to: hv}", "1s", "Up"),
        (
            "{at: 30min, start: h4, clear_quarantine: true}, {at: 31min, isolate: h4}, {at: 33min, rejoin: h4}",
            "4h",
            "Up",
        ),
    ],
)
def test_the_end_of_a_quarantine(acts: str, until: str, state: str) -> None:
    made = four(", ".join(filter(None, (thrice("h4"), acts))), until=until, cluster="QuarantineDuration: 10000")
    expect(made, {'state("h4")': state, 'members("hv")': ["h1", "h2", "h3", *(["h4"] if state == "Up" else [])]})


MANY = """
title: a quarter of the hosts
release: ws2016
hosts: {<hosts>}
clusters: {hv: {kind: failover, nodes: [<nodes>], witness: {share: fs1}, properties: {ResiliencyDefaultPeriod: 0}}}
"""


@pytest.mark.parametrize("hosts, quarantined", [(3, 1), (4, 1), (7, 1), (8, 2), (12, 3)])
def test_at_most_a_quarter_is_quarantined_or_one(hosts: int, quarantined: int) -> None:
    names = [f"h{number + 1}" for number in range(hosts)]
    flapping = [thrice(name, first=1 + 2 * number) for number, name in enumerate(names[:3])]
    acts = sorted(", ".join(flapping).split("}, {"), key=lambda act: int(act.split("at: ")[1].split("min")[0]))
    timeline = ", ".join("{" + act.strip("{}") + "}" for act in acts)
    made = scenario(MANY, f"[{timeline}]", hosts=", ".join(f"{n}: {{}}" for n in names), nodes=", ".join(names))
    outcome = simulate(made)
    assert sum(event.kind == "quarantined" for event in outcome.trace.events) == quarantined
    assert ("quarantine.max_percent" in outcome.trace.facts_read) is True


def test_the_first_in_quarantine_asks_for_no_share() -> None:
    assert "quarantine.max_percent" not in simulate(four(thrice("h4"))).trace.facts_read


# -- disks ----------------------------------------------------------------------------------------------------------

LOSE = "{at: 1min, lose: vol}"


@pytest.mark.parametrize(
    "acts, words, claims",
    [
        (
            (LOSE, "{at: 20min, restore: vol}"),
            {},
            {
                'boots("v2")': 0,
                'keeps_state("v2")': True,
                'downtime("app")': 1140,
                'at(600, state("v2"))': "PausedCritical",
            },
        ),
        ((LOSE, "{at: 20min, restore: vol}"), {"vm": "AutomaticCriticalErrorActionTimeout: 10"}, {'boots("v2")': 1}),
        ((LOSE, "{at: 20min, restore: vol}"), {"vm": "AutomaticCriticalErrorAction: None"}, {'boots("v2")': 1}),
        ((LOSE, "{at: 20min, restore: vol}"), {"release": "ws2012r2", "cluster": ""}, {'boots("v2")': 1}),
        ((LOSE,), {}, {'up("v2")': False, 'online("v2")': False, 'happens("crash", "v2")': True}),
        ((LOSE,), {"vm": "AutomaticCriticalErrorActionTimeout: 120"}, {'up("v2")': True, 'answers("v2")': False}),
        # Lost and back and lost again: the clock of the first pause counts no more.
        (
            (LOSE, "{at: 20min, restore: vol}", "{at: 25min, lose: vol}", "{at: 40min, restore: vol}"),
            {},
            {'boots("v2")': 0, 'outages("app")': 2},
        ),
        # Lost with what it lies within.
        (
            ("{at: 1min, lose: base}", "{at: 5min, restore: base}"),
            {"within": ", within: base"},
            {'happens("paused-critical", "v2")': True, 'boots("v2")': 0},
        ),
        # Its host is lost while it waits, and the disk is back in time for its next start.
        ((LOSE, "{at: 2min, crash: h2}", "{at: 3min, restore: vol}"), {}, {'boots("v2")': 1, 'owner("v2")': "h3"}),
        # A migration under way is void, and the machine is paused where it is.
        (
            ("{at: 55s, live-migrate: v2, to: h3}", LOSE, "{at: 5min, restore: vol}"),
            {},
            {'host_of("v2")': "h2", 'boots("v2")': 0, 'state("v2")': "Online"},
        ),
        # A machine that is off has nothing to wait for.
        (("{at: 59s, crash: v2}", LOSE), {}, {'happens("paused-critical", "v2")': False}),
        # One that is paused is not migrated.
        ((LOSE, "{at: 2min, live-migrate: v2, to: h3}"), {}, {'finding("OPS019")': True}),
    ],
)
def test_a_machine_that_loses_its_disk(acts: tuple[str, ...], words: dict[str, str], claims: dict[str, object]) -> None:
    expect(four(", ".join(acts), **words), claims)
