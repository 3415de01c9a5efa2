"""Clients under way: what cuts their connections, when, and what becomes of their sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyapp.cluster import simulate, view
from studyapp.cluster.clients.service import target
from studyapp.cluster.scenario import Act, PortRule, Scenario, Service
from studyapp.cluster.trace import Trace
from tests.cluster import build
from tests.cluster.build import act, given
from tests.cluster.test_nlb import FARM, at, events, value, with_farm

ADDRESSES = tuple(f"10.0.{n // 250}.{n % 250}" for n in range(100))


def connect(service: str = "web", clients: int = 100, **options: object) -> Act:
    return act("load", service, **{"clients": clients, "addresses": ADDRESSES, **options})


def keeping(scenario: Scenario, state: str) -> Scenario:
    """The scenario whose services keep their sessions there."""
    return replace(scenario, services=tuple(replace(s, state=state) for s in scenario.services))


FIRST = with_farm(FARM, rules=(PortRule(filter="single"),))
"""All clients of web are on v1, and v2 comes next."""


def lost(
    scenario: Scenario, ms: int | None = None, service: str = "web", believed: str | None = None
) -> tuple[int, int]:
    """Requests and sessions lost, at a time or at the settled end."""
    trace = simulate(scenario, believed).trace
    state = trace.end if ms is None else trace.at(ms)
    return state.get(("requests-lost", service), 0), state.get(("sessions-lost", service), 0)


# -- opening ------------------------------------------------------------------------------------------------------


def test_clients_go_where_their_targets_are() -> None:
    trace = simulate(given(FARM, connect(clients=1000))).trace
    assert trace.events[0].rule == "timeline"
    groups = trace.end["clients", "web"]
    assert sum(group.number for group in groups) == 1000
    assert {group.node for group in groups} == {"v1", "v2", "v3", "v4"}
    for group in groups:
        assert value(FARM, f'target("web", "{group.address}", 1)') == group.node
    assert len(groups) == 100, "one entry for each address, however many clients"
    assert trace.events[0].detail.startswith("1000 clients from 100 addresses connect to web: ")


def test_without_affinity_one_address_has_several_hosts_and_the_seed_decides_which() -> None:
    spread = with_farm(FARM, rules=(PortRule(affinity="none"),))

    def nodes(seed: int) -> list[tuple[str, int]]:
        load = act("load", "web", clients=12, addresses=("10.0.0.1",), seed=seed)
        return [(g.node, g.number) for g in simulate(given(spread, load)).trace.end["clients", "web"]]

    assert len(nodes(1)) > 1
    assert nodes(1) == nodes(1)
    assert nodes(1) != nodes(2)
    assert all(sum(n for _, n in nodes(seed)) == 12 for seed in range(5))


def test_who_gets_no_answer_is_lost_at_once() -> None:
    scenario = given(FIRST, at(0, act("crash", "v1")), at(2000, connect()), at(7000, connect()), at(9000, connect()))
    assert [lost(scenario, ms) for ms in (1999, 2000, 7000, 9000)] == [(0, 0), (100, 0), (200, 0), (200, 0)]
    trace = simulate(scenario).trace
    assert [e.detail.split(": ")[1] for e in trace.events if e.kind == "load"] == [
        "100 to none",
        "100 to none",
        "100 to v2",
    ]


def test_on_each_side_of_a_cut_clients_reach_their_half() -> None:
    cut = act("partition", sides=(("h1",), ("h2", "h3", "h4")))
    requests, _ = lost(given(FIRST, at(0, cut), at(1000, connect())), 2000)
    assert 30 < requests < 70, "those on the other side"


# -- cutting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb, requests, sessions", [("crash", 100, 100), ("stop-node", 100, 0), ("suspend", 100, 0), ("evict", 100, 0)]
)
def test_what_cuts_connections_at_once(verb: str, requests: int, sessions: int) -> None:
    scenario = given(keeping(FIRST, "in-memory"), at(0, connect()), at(5000, act(verb, "v1")))
    assert [lost(scenario, ms) for ms in (4999, 5000)] == [(0, 0), (requests, sessions)]
    trace = simulate(scenario).trace
    cut = next(e for e in trace.events if e.kind == "cut")
    assert (cut.subject, cut.rule, cut.cause) == ("web", "connections", 2)
    assert cut.detail.startswith("100 connections of web with v1 are cut")
    assert ("sessions in the memory of v1 are gone" in cut.detail) is (sessions > 0)


def test_a_host_takes_its_guest_and_its_clients_along() -> None:
    trace = simulate(given(FIRST, connect(), act("crash", "h1"))).trace
    cut = next(e for e in trace.events if e.kind == "cut")
    assert cut.cause is not None
    assert (trace.events[cut.cause - 1].kind, trace.events[cut.cause - 1].subject) == ("crash", "v1")


def test_an_application_that_ends_takes_connections_and_sessions_along() -> None:
    scenario = given(
        keeping(FIRST, "in-memory"), at(0, connect()), at(5000, act("fail", "web", node="v1", lasting=True))
    )
    assert lost(scenario, 5000) == (100, 100)
    trace = simulate(scenario).trace
    cut = next(e for e in trace.events if e.kind == "cut")
    assert cut.cause is not None
    assert trace.events[cut.cause - 1].kind == "fail"
    assert value(scenario, 'keeps_state("web")') is False
    mended = given(scenario, *scenario.timeline, act("repair", "web"))
    assert value(mended, 'keeps_state("web")') is False, "what was in memory does not come back"


def test_a_silent_server_keeps_its_connections_for_the_time_out() -> None:
    for fault in (act("hang", "v1"), act("isolate", "v1"), act("hang", "h1")):
        scenario = given(keeping(FIRST, "in-memory"), at(0, connect()), at(5000, fault))
        assert [lost(scenario, ms) for ms in (24_999, 25_000)] == [(0, 0), (100, 0)], fault
        trace = simulate(scenario).trace
        cut = next(e for e in trace.events if e.kind == "cut")
        assert cut.cause is not None
        assert trace.events[cut.cause - 1].at_ms == 5000
        assert trace.end_ms >= 25_000, "it has not settled before"


def test_a_silence_that_ends_in_time_cuts_nothing_and_the_next_one_is_counted_anew() -> None:
    out, back = act("isolate", "v1"), act("rejoin", "v1")
    scenario = given(FIRST, at(0, connect()), at(1000, out), at(20_000, back), at(30_000, out))
    assert [lost(scenario, ms) for ms in (49_999, 50_000)] == [(0, 0), (100, 0)]


def test_a_network_that_is_lost_makes_all_servers_silent() -> None:
    scenario = given(FARM, at(0, connect()), at(1000, act("lose", "lan")))
    assert [lost(scenario, ms) for ms in (20_999, 21_000)] == [(0, 0), (100, 0)]
    cuts = [e for e in simulate(scenario).trace.events if e.kind == "cut"]
    assert len(cuts) == 4
    assert {e.cause for e in cuts} == {2}, "the loss of the network is why"


def test_a_cut_through_the_network_parts_clients_from_their_servers() -> None:
    cut = act("partition", sides=(("h1",), ("h2", "h3", "h4")))
    requests, _ = lost(given(FIRST, at(0, connect()), at(1000, cut)))
    assert 30 < requests < 70
    healed = given(FIRST, at(0, connect()), at(1000, cut), at(15_000, act("heal")))
    assert lost(healed) == (0, 0)


def test_connections_that_have_ended_are_not_cut_and_sessions_end_with_them() -> None:
    brief = connect(lasts_ms=5000)
    scenario = given(
        keeping(FIRST, "in-memory"), at(0, brief), at(4000, connect(clients=7)), at(6000, act("crash", "v1"))
    )
    assert lost(scenario) == (7, 7)
    only = given(keeping(FIRST, "in-memory"), at(0, brief), at(6000, act("crash", "v1")))
    assert lost(only) == (0, 0)
    waits = given(FIRST, brief, act("crash", "v1"))
    assert lost(waits) == (100, 0), "what comes next does not wait for clients to go"


def test_a_session_without_its_connection_is_lost_later() -> None:
    made = keeping(FIRST, "in-memory")
    scenario = given(made, at(0, connect()), at(1000, act("stop-node", "v1")), at(9000, act("crash", "v1")))
    assert [lost(scenario, ms) for ms in (1000, 9000)] == [(100, 0), (100, 100)]
    twice = given(made, *scenario.timeline, at(20_000, act("start", "v1")), at(40_000, act("crash", "v1")))
    assert lost(twice) == (100, 100), "nothing is lost twice"
    ended = given(made, at(0, connect(lasts_ms=5000)), at(1000, act("stop-node", "v1")), at(9000, act("crash", "v1")))
    assert lost(ended) == (100, 0)


@pytest.mark.parametrize("state, sessions", [("none", 0), ("shared", 0), ("in-memory", 100)])
def test_only_what_is_in_memory_is_lost_with_a_host(state: str, sessions: int) -> None:
    scenario = given(keeping(FIRST, state), connect(), act("crash", "v1"))
    assert lost(scenario) == (100, sessions)
    assert value(scenario, 'keeps_state("web")') is (state != "in-memory")
    assert value(keeping(FIRST, state), 'keeps_state("web")') is True


def test_other_services_have_their_own_clients() -> None:
    made = replace(FIRST, services=(*FIRST.services, Service("mail", "nlb", "f", 25, "in-memory")))
    scenario = given(made, connect(), connect("mail", 30), act("fail", "mail", node="v1"))
    assert lost(scenario) == (0, 0)
    assert lost(scenario, service="mail") == (30, 30)


# -- roles and single machines ------------------------------------------------------------------------------------


def test_a_program_on_one_machine() -> None:
    made = keeping(replace(build.machines(2), services=(Service("web", "runs_on", "h1"),)), "in-memory")
    assert lost(given(made, connect(), act("crash", "h2"))) == (0, 0)
    assert lost(given(made, connect(), act("crash", "h1"))) == (100, 100)
    assert lost(given(made, connect(), act("fail", "web"))) == (100, 100)
    hung = given(made, at(0, connect()), at(1000, act("hang", "h1")))
    assert [lost(hung, ms) for ms in (20_999, 21_000)] == [(0, 0), (100, 0)]
    assert lost(given(made, act("crash", "h1"), connect())) == (100, 0)


def test_a_role_loses_its_clients_when_it_leaves_its_node() -> None:
    made = keeping(build.host_cluster(3), "in-memory")
    load = connect("db")
    assert lost(given(made, load, act("crash", "h1")), service="db") == (100, 100)
    assert lost(given(made, load, act("crash", "h2")), service="db") == (0, 0)
    hung = given(made, at(0, load), at(1000, act("hang", "h1")))
    assert lost(hung, 5999, "db") == (0, 0)
    assert lost(hung, 6000, "db") == (100, 100), "the cluster takes the role away before the time-out of TCP"
    assert lost(given(made, load, act("fail", "sql")), service="db") == (100, 100), "a restart empties its memory"
    down = given(made, (act("crash", "h2"), act("crash", "h3")), load)
    assert lost(down, service="db") == (100, 0), "without quorum it is offline"


def test_who_comes_after_a_failover_connects_wherever_chance_has_put_the_role() -> None:
    scenario = given(build.host_cluster(3), act("crash", "h1"), connect("db"))
    for eager in (False, True):
        outcome = simulate(scenario, eager=eager)
        assert {b.trace.end["requests-lost", "db"] for b in outcome.branches} == {0}
        assert {g.node for b in outcome.branches for g in b.trace.end["clients", "db"]} == {"h2", "h3"}


def test_believing_that_failover_shares_load_clients_stay_on_all_nodes() -> None:
    made = build.host_cluster(3)
    assert lost(given(made, connect("db")), None, "db", "failover-shares-load") == (0, 0)


def test_a_highly_available_machine_that_is_live_migrated_keeps_its_clients() -> None:
    role = replace(build.virtual(3), services=(Service("web", "role", "v1"),))
    moves = given(role, connect(), act("live-migrate", "v1", to="h2"))
    assert lost(moves) == (0, 0)
    assert value(moves, 'owner("v1")') == "h2"
    assert lost(given(role, connect(), act("crash", "h1"))) == (100, 0)
    assert lost(given(role, connect(), act("crash", "h2"))) == (0, 0)


def test_a_saved_machine_drops_its_connections_and_keeps_its_memory() -> None:
    made = keeping(replace(build.virtual(2), services=(Service("web", "runs_on", "v1"),)), "in-memory")
    scenario = given(made, connect(), act("quick-migrate", "v1", to="h2"))
    assert lost(scenario) == (100, 0)
    assert view.powered(simulate(scenario).trace.end, "v1")


# -- extended affinity --------------------------------------------------------------------------------------------


def extended(timeout_ms: int, affinity: str = "single") -> Scenario:
    rule = PortRule(80, 80, affinity=affinity, timeout_ms=timeout_ms)
    return with_farm(FARM, nodes=("v1", "v2", "v3"), rules=(rule,))


JOIN = act("join", "v4", to="f")


def moved(scenario: Scenario, ms: int) -> bool:
    """Some client of the addresses has another host at this time than at the start."""
    trace = simulate(scenario).trace
    return any(_target(trace, 1, address) != _target(trace, ms, address) for address in ADDRESSES)


def _target(trace: Trace, ms: int, address: str) -> str:
    return target(trace, trace.at(ms), "web", address, 5000)


def test_extended_affinity_keeps_clients_over_a_change_for_its_time_after_their_connections() -> None:
    brief = connect(lasts_ms=1000)
    plain = given(extended(0), at(0, brief), at(10_000, JOIN))
    assert moved(plain, 20_000)
    kept = replace(given(extended(60_000), at(0, brief), at(10_000, JOIN)), until_ms=100_000)
    assert not moved(kept, 20_000)
    assert not moved(kept, 60_999)
    assert moved(kept, 61_000), "its time is over"
    strangers = given(extended(60_000), at(10_000, JOIN))
    assert moved(strangers, 20_000), "who was not there before is not known"
    assert value(kept, 'at(20, share("web", "v4"))') == 0.25, "a share is about new clients"


def test_extended_affinity_lasts_while_connections_do_and_from_the_last_one_on() -> None:
    open_ended = given(extended(1000), at(0, connect()), at(10_000, JOIN))
    assert not moved(replace(open_ended, until_ms=500_000), 500_000)
    again = given(extended(20_000), at(0, connect(lasts_ms=1000)), at(15_000, connect(lasts_ms=1000)), at(16_000, JOIN))
    assert not moved(replace(again, until_ms=60_000), 35_999)
    assert moved(replace(again, until_ms=60_000), 36_000)
    both = given(extended(1000), at(0, connect()), at(0, connect(lasts_ms=1000)), at(10_000, JOIN))
    assert not moved(replace(both, until_ms=60_000), 60_000)
    longer = given(extended(1000), at(0, connect(lasts_ms=30_000)), at(0, connect(lasts_ms=1000)), at(10_000, JOIN))
    assert not moved(replace(longer, until_ms=60_000), 30_999)
    assert moved(replace(longer, until_ms=60_000), 31_000)


def test_extended_affinity_brings_known_clients_back_to_their_host() -> None:
    scenario = given(extended(60_000), at(0, connect(lasts_ms=1000)), at(10_000, JOIN), at(30_000, connect()))
    state = simulate(scenario).trace.end
    assert "v4" not in {group.node for group in state["clients", "web"]}


def test_extended_affinity_ends_with_the_host_and_goes_by_the_network_too() -> None:
    scenario = given(extended(60_000), at(0, connect(lasts_ms=1000)), at(10_000, act("crash", "v1")))
    trace = simulate(scenario).trace
    assert "v1" not in {_target(trace, trace.end_ms, address) for address in ADDRESSES}
    assert not moved(given(extended(60_000, "network"), at(0, connect(lasts_ms=1000)), at(10_000, JOIN)), 20_000)
    assert len(simulate(given(extended(60_000, "network"), connect())).trace.end["known", "f:80"]) == 1


@pytest.mark.parametrize("affinity", ["none"])
def test_no_affinity_no_memory_of_clients(affinity: str) -> None:
    trace = simulate(given(extended(60_000, affinity), connect())).trace
    assert ("known", "f:80") not in trace.end


def test_a_release_without_extended_affinity_forgets() -> None:
    facts = tuple(replace(f, value=False) if f.key == "feature.extended_affinity" else f for f in FARM.facts)
    early = replace(given(extended(60_000), at(0, connect(lasts_ms=1000)), at(10_000, JOIN)), facts=facts)
    assert moved(early, 20_000)


# -- beliefs and size ---------------------------------------------------------------------------------------------


def test_believing_that_nlb_moves_sessions_there_must_be_somebody_to_take_them() -> None:
    made = keeping(FIRST, "in-memory")
    assert lost(given(made, connect(), act("crash", "v1")), None, "web", "nlb-moves-sessions") == (0, 0)
    everyone = given(made, connect(), act("crash", "v1", "v2", "v3", "v4"))
    assert lost(everyone, None, "web", "nlb-moves-sessions") == (100, 100)
    hung = given(made, at(0, connect()), at(1000, act("hang", "v1")))
    assert lost(hung, None, "web", "nlb-moves-sessions") == (0, 0)
    role = given(keeping(build.host_cluster(3), "in-memory"), connect("db"), act("crash", "h1"))
    assert lost(role, None, "db", "nlb-moves-sessions") == (100, 100), "it is about balanced services"


def test_believing_that_affinity_saves_state_it_takes_affinity() -> None:
    for affinity, sessions in (("single", 0), ("none", 100)):
        made = keeping(with_farm(FARM, rules=(PortRule(affinity=affinity),)), "in-memory")
        everyone = given(made, connect(), act("crash", "v1", "v2", "v3", "v4"))
        assert lost(everyone, None, "web", "affinity-saves-state") == (100, sessions)
    assert lost(
        given(keeping(FIRST, "in-memory"), connect(), act("crash", "v1")), None, "web", "affinity-saves-state"
    ) == (100, 100)


def test_thousands_of_clients_are_a_few_entries() -> None:
    many = tuple(f"10.{n // 65536}.{n // 256 % 256}.{n % 256}" for n in range(2000))
    load = act("load", "web", clients=20_000, addresses=many)
    trace = simulate(given(FARM, load, act("crash", "v1"), act("start", "v1"))).trace
    assert len(trace.events) < 20
    assert trace.end["requests-lost", "web"] == next(int(e.detail.split()[0]) for e in trace.events if e.kind == "cut")
    assert events(trace, "cut") == [(0, "cut", "web")]
