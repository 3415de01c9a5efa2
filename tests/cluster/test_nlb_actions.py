"""What an administrator does to balanced hosts, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Act, FailoverCluster, NlbCluster, PortRule, Scenario, Service
from studyapp.cluster.trace import Key, Trace
from tests.cluster import build
from tests.cluster.build import act, given
from tests.cluster.test_nlb import FARM, at, events, states, value, with_farm

LOAD = act("load", "web", clients=40, addresses=("10.0.0.1", "10.0.0.2"), lasts_ms=60_000)
FIRST = with_farm(FARM, rules=(PortRule(filter="single"),))
"""All clients are on v1."""


def findings(trace: Trace) -> set[tuple[str, str]]:
    return {key[1:] for key in trace.end if key[0] == "finding"}  # type: ignore[misc]  # such keys have three parts


def refused(scenario: Scenario, *acts: Act) -> set[tuple[str, str]]:
    """The findings when the last act is refused; it changes nothing."""
    before = simulate(given(scenario, *acts[:-1])).trace
    trace = simulate(given(scenario, *acts)).trace
    assert trace.events[-1].kind == "refused"
    assert trace.events[-1].detail.startswith("refused: ")
    assert world_of(trace) == world_of(before)
    return findings(trace)


def world_of(trace: Trace) -> dict[Key, object]:
    """The end without what only the run itself counts."""
    return {key: value for key, value in trace.end.items() if key[0] not in ("finding", "step")}


# -- stop and start -----------------------------------------------------------------------------------------------


def test_a_stop_is_known_at_once_and_its_share_waits_for_convergence() -> None:
    scenario = given(FARM, at(10_000, act("stop-node", "v2")))
    trace = simulate(scenario).trace
    assert events(trace, "stop-node", "removed", "converged") == [
        (10_000, "stop-node", "v2"),
        (13_000, "converged", "f"),
    ]
    assert [states(trace, ms) for ms in (9999, 10_000, 12_999, 13_000)] == ["cccc", "g-gg", "g-gg", "c-cc"]
    assert value(scenario, 'at(11, chance(available("web")))') == 0.75
    assert value(scenario, 'at(11, share("web", "v2"))') == 0.25
    assert not findings(trace)


def test_a_stop_is_known_to_those_who_hear_it_only() -> None:
    cut = act("partition", sides=(("h1", "h2"), ("h3", "h4")))
    trace = simulate(given(FARM, at(0, cut), at(1000, act("stop-node", "v2")))).trace
    assert events(trace, "removed") == [(5000, "removed", v) for v in ("v3", "v4", "v1")]


def test_a_host_starts_again_by_either_verb() -> None:
    for verb in ("start", "start-node"):
        trace = simulate(given(FARM, at(0, act("stop-node", "v2")), at(10_000, act(verb, "v2")))).trace
        assert events(trace, "joined", "converged")[1:] == [(15_000, "joined", "v2"), (15_000, "converged", "f")]
        assert states(trace, 14_999) == "gggg"


def test_what_is_so_already_is_told_and_nothing_else() -> None:
    stop = act("stop-node", "v2")
    for acts, sentence in (
        ((act("start-node", "v2"),), "v2 is started already"),
        ((stop, stop), "v2 is stopped already"),
        ((stop, act("drain-stop", "v2")), "v2 is stopped or drains already"),
        ((act("suspend", "v2"), act("suspend", "v2")), "v2 is suspended already"),
    ):
        trace = simulate(given(FARM, *acts)).trace
        assert trace.events[-1].detail == sentence
        assert len(events(trace, "converged")) == len(acts) - 1


def test_a_stopped_host_that_restarts_starts_with_its_machine() -> None:
    trace = simulate(given(FARM, act("stop-node", "v2"), act("crash", "v2"), act("start", "v2"))).trace
    assert states(trace, 60_000) == "cccc"
    trace = simulate(given(FARM, act("suspend", "v2"), act("crash", "v2"), act("start", "v2"))).trace
    assert states(trace, 60_000) == "cccc", "a suspension is not kept over a restart"


def test_several_clusters_of_one_machine_take_one_order() -> None:
    second = NlbCluster("g", ("v1", "v2"), "multicast")
    both = replace(FARM, clusters=(*FARM.clusters, second))
    trace = simulate(given(both, act("stop-node", "v2"))).trace
    assert states(trace, 10_000) == "c-cc"
    assert states(trace, 10_000, "g") == "c-"
    assert len(events(trace, "stop-node")) == 1
    half = given(both, act("evict", "v2"), act("join", "v2", to="g"), act("stop-node", "v2"))
    assert states(simulate(half).trace, 60_000, "g") == "c-"


# -- drain --------------------------------------------------------------------------------------------------------


def test_a_drain_waits_for_the_last_connection() -> None:
    scenario = given(FIRST, at(0, LOAD), at(10_000, act("drain-stop", "v1")))
    trace = simulate(scenario).trace
    assert [states(trace, ms) for ms in (10_000, 13_000, 59_999, 60_000, 63_000)] == [
        "dggg",
        "dccc",
        "dccc",
        "-ggg",
        "-ccc",
    ]
    assert value(scenario, 'at(11, available("web"))') is False, "it takes no new connection, and nobody else does yet"
    assert value(scenario, 'at(13, share("web", "v2"))') == 1
    assert value(scenario, 'requests_lost("web")') == 0
    stops = [e for e in trace.events if e.kind == "stop-node"]
    assert [(e.at_ms, e.rule, e.detail) for e in stops] == [
        (60_000, "nlb-drain", "v1 has no connection left and stops")
    ]
    assert trace.end_ms == 63_000, "settled when its last connection had ended and the others had converged"


def test_a_drain_with_a_limit_cuts_what_is_left() -> None:
    scenario = given(FIRST, at(0, LOAD), at(10_000, act("drain-stop", "v1", timeout_ms=20_000)))
    trace = simulate(scenario).trace
    assert events(trace, "stop-node", "cut") == [(30_000, "stop-node", "v1"), (30_000, "cut", "web")]
    assert value(scenario, 'requests_lost("web")') == 40
    assert simulate(scenario).trace.end_ms == 33_000, "nothing else is waited for"
    early = simulate(given(FIRST, at(0, LOAD), at(50_000, act("drain-stop", "v1", timeout_ms=20_000)))).trace
    assert events(early, "stop-node", "cut") == [(60_000, "stop-node", "v1")]


def test_a_drain_of_connections_without_an_end_goes_on() -> None:
    scenario = given(FIRST, replace_act(LOAD, lasts_ms=None), act("drain-stop", "v1"))
    trace = simulate(scenario).trace
    assert states(trace, 999_999) == "dccc"
    assert trace.end_ms == 3000
    both = given(FIRST, LOAD, replace_act(LOAD, lasts_ms=None), act("drain-stop", "v1"))
    assert states(simulate(both).trace, 999_999) == "dccc"


def replace_act(one: Act, **options: object) -> Act:
    return replace(one, **options)  # type: ignore[arg-type]  # options are Act's own fields


def test_a_drain_without_connections_is_a_stop() -> None:
    trace = simulate(given(FARM, act("drain-stop", "v2"))).trace
    assert events(trace, "drain-stop", "stop-node", "converged") == [(0, "drain-stop", "v2"), (3000, "converged", "f")]
    assert states(trace, 5000) == "c-cc"


def test_a_draining_host_that_is_started_takes_clients_again_and_its_limit_is_forgotten() -> None:
    drain = act("drain-stop", "v1", timeout_ms=10_000)
    scenario = given(FIRST, at(0, LOAD), at(5000, drain), at(9000, act("start-node", "v1")))
    trace = simulate(scenario).trace
    assert states(trace, 12_000) == states(trace, 100_000) == "cccc"
    assert value(scenario, 'share("web", "v1")') == 1
    assert value(scenario, 'requests_lost("web")') == 0
    assert not findings(trace)
    again = given(
        FIRST, at(0, LOAD), at(5000, drain), at(9000, act("start-node", "v1")), at(14_000, act("drain-stop", "v1"))
    )
    assert states(simulate(again).trace, 20_000) == "dccc", "the limit was that of the first drain"


def test_a_draining_host_that_is_stopped_or_dies_is_drained_no_more() -> None:
    for last in (act("stop-node", "v1"), act("crash", "v1"), act("suspend", "v1"), act("evict", "v1")):
        scenario = given(FIRST, at(0, LOAD), at(5000, act("drain-stop", "v1", timeout_ms=20_000)), at(20_000, last))
        assert value(scenario, 'requests_lost("web")') == 40, last
        assert value(scenario, 'state("v1")') in ("Stopped", "Suspended", "Up", "Running")
        assert len([e for e in simulate(scenario).trace.events if e.rule == "nlb-drain"]) == 0


# -- suspend and resume -------------------------------------------------------------------------------------------


def test_a_suspended_host_obeys_nothing_but_resume() -> None:
    suspend = act("suspend", "v2")
    for verb in ("start-node", "stop-node", "drain-stop"):
        assert refused(FARM, suspend, act(verb, "v2")) == {("OPS014", "v2")}
    assert states(simulate(given(FARM, suspend)).trace, 5000) == "cucc"
    resumed = given(FARM, suspend, act("resume-node", "v2"))
    assert states(simulate(resumed).trace, 60_000) == "c-cc"
    assert (
        value(given(resumed, *(s.acts for s in resumed.timeline), act("start-node", "v2")), 'share("web", "v2")')
        == 0.25
    )


def test_a_stopped_host_may_be_suspended() -> None:
    trace = simulate(given(FARM, act("stop-node", "v2"), act("suspend", "v2"))).trace
    assert states(trace, 60_000) == "cucc"
    assert len(events(trace, "converged")) == 1


def test_who_is_not_suspended_is_not_resumed() -> None:
    assert refused(FARM, act("resume-node", "v2")) == {("OPS013", "v2")}


@pytest.mark.parametrize("verb", ["stop-node", "start-node", "drain-stop", "suspend", "resume-node"])
def test_nothing_is_asked_of_a_machine_that_does_not_answer(verb: str) -> None:
    assert refused(FARM, act("hang", "v2"), act(verb, "v2")) == {("OPS026", "v2")}


# -- evict and join -----------------------------------------------------------------------------------------------


def test_an_evicted_host_is_gone_and_the_rest_converges() -> None:
    scenario = given(FARM, at(5000, act("evict", "v1")))
    trace = simulate(scenario).trace
    assert events(trace, "evict", "converged") == [(5000, "evict", "v1"), (8000, "converged", "f")]
    assert value(scenario, 'nodes("f")') == ("v2", "v3", "v4")
    assert value(scenario, 'default_host("f")') == "v2"
    assert trace.events[0].detail == "v1 is removed from f"
    dead = given(FARM, at(0, act("crash", "v1")), at(1000, act("evict", "v1")))
    assert events(simulate(dead).trace, "removed", "converged") == [(4000, "converged", "f")]


def test_who_is_no_host_any_more_takes_no_order() -> None:
    for verb in ("stop-node", "start-node", "drain-stop", "suspend", "resume-node", "evict"):
        trace = simulate(given(FARM, act("evict", "v1"), act(verb, "v1"))).trace
        assert "nothing happens" in trace.events[-1].detail
        assert len(events(trace, "converged")) == 1


def machine_and_farm() -> Scenario:
    """v4 is a machine beside the cluster of v1 to v3; it shares the load by weight."""
    return with_farm(FARM, nodes=("v1", "v2", "v3"), rules=(PortRule(),))


def test_a_host_joins_with_its_number_and_weight() -> None:
    join = act("join", "v4", to="f", priority=7, weight=100)
    scenario = given(machine_and_farm(), at(5000, join))
    trace = simulate(scenario).trace
    assert events(trace, "joined", "converged") == [(10_000, "joined", "v4"), (10_000, "converged", "f")]
    assert states(trace, 5000) == "gggg"
    assert value(scenario, 'share("web", "v4")') == 0.4
    assert value(scenario, 'at(7, share("web", "v1"))') == pytest.approx(1 / 3), "they serve on until it takes part"
    assert value(scenario, 'default_host("f")') == "v1"
    assert trace.events[0].detail == "v4 is added to f with the host priority 7"
    assert not findings(trace)


def test_left_out_the_number_is_the_lowest_that_is_free() -> None:
    gap = with_farm(machine_and_farm(), priorities=(("v1", 1), ("v2", 2), ("v3", 4)))
    trace = simulate(given(gap, act("join", "v4", to="f"))).trace
    assert trace.end["nlb-priority", "f", "v4"] == 3
    back = given(FARM, act("evict", "v1"), act("join", "v1", to="f", priority=9))
    assert value(back, 'default_host("f")') == "v2", "who comes back has the number that it comes with"
    assert value(back, 'nodes("f")') == ("v2", "v3", "v4", "v1")


@pytest.mark.parametrize(
    "join, finding",
    [
        (act("join", "v4", to="f", priority=2), "OPS007"),
        (act("join", "v4", to="f", priority=0), "OPS009"),
        (act("join", "v4", to="f", priority=33), "OPS009"),
        (act("join", "v4", to="f", weight=-1), "OPS009"),
        (act("join", "v4", to="f", weight=101), "OPS009"),
        (act("join", "v3", to="f"), "OPS021"),
    ],
)
def test_who_does_not_fit_is_not_accepted_and_disturbs_nobody(join: Act, finding: str) -> None:
    assert refused(machine_and_farm(), join) == {(finding, join.subjects[0])}


def test_numbers_and_weights_at_the_ends_are_accepted() -> None:
    for options in ({"priority": 32}, {"weight": 0}, {"weight": 100}):
        trace = simulate(given(machine_and_farm(), act("join", "v4", to="f", **options))).trace
        assert states(trace, 60_000) == "cccc"


def test_a_machine_that_is_off_or_in_the_other_kind_of_cluster_cannot_join() -> None:
    assert refused(machine_and_farm(), act("crash", "v4"), act("join", "v4", to="f")) == {("OPS021", "v4")}
    made = machine_and_farm()
    both = replace(made, clusters=(*made.clusters, FailoverCluster("c", ("v4",), None, "node-majority")))
    assert refused(both, act("join", "v4", to="f")) == {("OPS021", "v4")}


def test_no_more_hosts_join_than_there_may_be() -> None:
    full = with_farm(build.farm(33), nodes=tuple(f"v{n}" for n in range(1, 33)))
    assert refused(full, act("join", "v33", to="f")) == {("OPS008", "v33")}
    room = with_farm(full, nodes=tuple(f"v{n}" for n in range(1, 32)))
    assert len(states(simulate(given(room, act("join", "v33", to="f"))).trace, 60_000)) == 32


def test_orders_during_convergence_are_done_and_warned_of() -> None:
    trace = simulate(given(FARM, (act("stop-node", "v2"), act("stop-node", "v3")))).trace
    assert findings(trace) == {("OPS025", "f")}
    assert states(trace, 60_000) == "c--c"
    joining = simulate(given(machine_and_farm(), (act("stop-node", "v2"), act("join", "v4", to="f")))).trace
    assert findings(joining) == {("OPS025", "f")}


# -- verbs of both kinds of cluster -------------------------------------------------------------------------------


def test_a_verb_goes_to_the_kind_of_cluster_that_the_node_is_of() -> None:
    hosts, farm = build.host_cluster(3), build.farm(2)
    mixed = replace(
        hosts,
        vms=farm.vms,
        clusters=(*hosts.clusters, *farm.clusters),
        services=(*hosts.services, Service("web", "nlb", "f", 80)),
    )
    scenario = given(mixed, (act("stop-node", "h3"), act("stop-node", "v2")))
    assert value(scenario, 'state("h3")') == "Down"
    assert value(scenario, 'state("v2")') == "Stopped"
    back = given(mixed, act("evict", "h3"), act("join", "h3", to="c"))
    assert value(back, 'members("c")') == ("h1", "h2", "h3")
