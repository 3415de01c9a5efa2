"""Who takes part in an NLB cluster: silence, convergence, joining, parts, settings. Times are those of the facts: five
heartbeats of one second until a silent host is dropped, three seconds of convergence, five heartbeats to join.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyapp.cluster import evaluate, parse_claim, simulate, view
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Act, NlbCluster, PortRule, Scenario, Step, Vm
from studyapp.cluster.trace import Trace
from tests.cluster import build
from tests.cluster.build import act, given


def value(scenario: Scenario, claim: str, believed: str | None = None) -> Value | None:
    return evaluate(parse_claim(claim), simulate(scenario, believed)).certain


def states(trace: Trace, ms: int, cluster: str = "f") -> str:
    """The first letters of what the hosts of a cluster show: `cdgs-` for Converged, Draining, converGing, …"""
    letters = {"Converged": "c", "Converging": "g", "Draining": "d", "Suspended": "u", "Stopped": "-"}
    state = trace.at(ms)
    return "".join(letters[view.nlb_state(state, cluster, n)] for n in view.nodes(trace.scenario, state, cluster))


def events(trace: Trace, *kinds: str) -> list[tuple[int, str, str]]:
    return [(e.at_ms, e.kind, e.subject) for e in trace.events if e.kind in kinds]


def at(ms: int, *acts: Act) -> Step:
    return Step(acts, ms)


def with_farm(scenario: Scenario, **changes: object) -> Scenario:
    """The scenario with its NLB cluster changed."""
    return replace(scenario, clusters=tuple(replace(c, **changes) for c in scenario.clusters))  # type: ignore[arg-type]  # options are NlbCluster's own fields


FARM = build.farm(4)


# -- silence and convergence --------------------------------------------------------------------------------------


def test_a_crash_is_noticed_after_five_heartbeats_and_convergence_takes_three_seconds() -> None:
    trace = simulate(given(FARM, at(10_000, act("crash", "v2")))).trace
    assert events(trace, "detected", "removed", "converged") == [
        (15_000, "detected", "v2"),
        (15_000, "removed", "v2"),
        (18_000, "converged", "f"),
    ]
    assert [states(trace, ms) for ms in (14_999, 15_000, 17_999, 18_000)] == ["c-cc", "g-gg", "g-gg", "c-cc"]
    assert trace.events[1].cause == trace.events[0].seq, "the crash is why"
    detail = next(e.detail for e in trace.events if e.kind == "removed")
    assert detail == "v1, v3, v4 converge without v2 in f; until that has ended, the clients of v2 get no answer"
    assert trace.events[-1].detail == "the load of f is shared by v1, v3, v4"


def test_the_last_host_is_told_in_the_singular_and_all_together_are_noticed_at_once() -> None:
    trace = simulate(given(FARM, act("crash", "v2", "v3", "v4"))).trace
    assert events(trace, "removed") == [(5000, "removed", v) for v in ("v2", "v3", "v4")]
    assert len(events(trace, "converged")) == 1
    assert next(e.detail for e in trace.events if e.kind == "removed").startswith("v1 converges without v2 in f;")


def test_nobody_is_left_to_notice() -> None:
    trace = simulate(given(FARM, act("crash", "v1", "v2", "v3", "v4"))).trace
    assert not events(trace, "detected", "removed", "converged")
    assert states(trace, 60_000) == "----"


def test_silence_that_ends_in_time_is_nothing_and_the_next_one_counts_from_its_own_start() -> None:
    out, back = act("isolate", "v2"), act("rejoin", "v2")
    trace = simulate(given(FARM, at(1000, out), at(5000, back), at(7000, out), at(11_900, back))).trace
    assert not events(trace, "removed", "converged")
    trace = simulate(given(FARM, at(1000, out), at(5000, back), at(7000, out))).trace
    assert events(trace, "removed")[0] == (12_000, "removed", "v2")


def test_two_hosts_silent_from_different_times_are_dropped_each_in_its_time() -> None:
    trace = simulate(given(FARM, at(0, act("crash", "v2")), at(2000, act("crash", "v3")))).trace
    assert events(trace, "removed", "converged") == [
        (5000, "removed", "v2"),
        (7000, "removed", "v3"),
        (10_000, "converged", "f"),
    ], "the second convergence takes the place of the first"
    assert states(trace, 9999) == "g--g"


def test_a_convergence_during_which_another_host_dies_ends_and_its_share_waits() -> None:
    scenario = given(FARM, at(0, act("crash", "v2")), at(6000, act("crash", "v3")))
    trace = simulate(scenario).trace
    assert events(trace, "removed", "converged") == [
        (5000, "removed", "v2"),
        (8000, "converged", "f"),
        (11_000, "removed", "v3"),
        (14_000, "converged", "f"),
    ]
    assert value(scenario, 'at(9, share("web", "v3"))') == pytest.approx(1 / 3), "dead, and not missed yet"


def test_all_who_were_converging_crash() -> None:
    trace = simulate(given(FARM, at(0, act("crash", "v2")), at(6000, act("crash", "v1", "v3", "v4")))).trace
    assert not events(trace, "converged")


def test_a_host_that_comes_back_is_converged_after_five_heartbeats() -> None:
    trace = simulate(given(FARM, at(0, act("crash", "v2")), at(20_000, act("start", "v2")))).trace
    assert events(trace, "joined", "converged")[1:] == [(25_000, "joined", "v2"), (25_000, "converged", "f")]
    assert [states(trace, ms) for ms in (19_999, 20_000, 24_999, 25_000)] == ["c-cc", "gggg", "gggg", "cccc"]


def test_a_host_that_restarts_before_it_is_missed_is_not_dropped_and_takes_part_anew() -> None:
    scenario = given(FARM, at(0, act("crash", "v2")), at(2000, act("start", "v2")))
    trace = simulate(scenario).trace
    assert events(trace, "removed", "joined", "converged") == [(7000, "joined", "v2"), (7000, "converged", "f")]
    assert value(scenario, 'at(3, available("web"))') is None, "it has forgotten its share until they have converged"
    assert value(scenario, 'at(3, chance(available("web")))') == 0.75


def test_the_first_host_up_converges_alone_and_the_others_with_it() -> None:
    everyone = ("v1", "v2", "v3", "v4")
    steps = (at(0, act("crash", *everyone)), at(10_000, act("start", "v3")), at(30_000, act("start", "v1")))
    trace = simulate(given(FARM, *steps)).trace
    assert events(trace, "joined") == [(15_000, "joined", "v3"), (35_000, "joined", "v1")]
    assert states(trace, 40_000) == "c-c-"


# -- parts --------------------------------------------------------------------------------------------------------


def split(*sides: tuple[str, ...]) -> Act:
    return act("partition", sides=sides)


def test_cut_in_two_each_half_converges_and_is_healed_in_five_heartbeats() -> None:
    scenario = given(FARM, at(0, split(("h1", "h2"), ("h3", "h4"))), at(20_000, act("heal")))
    trace = simulate(scenario).trace
    assert events(trace, "removed", "converged", "joined") == [
        *((5000, "removed", v) for v in ("v3", "v4", "v1", "v2")),
        (8000, "converged", "f"),
        (8000, "converged", "f"),
        (25_000, "joined", "v3"),
        (25_000, "joined", "v4"),
        (25_000, "converged", "f"),
    ]
    assert value(scenario, 'at(10, members("f"))') == ("v1", "v2", "v3", "v4")
    assert value(scenario, 'at(10, clusters_formed("f"))') == 2
    assert not events(trace, "detected"), "nobody has failed"


def test_of_two_parts_the_smaller_joins_the_bigger() -> None:
    trace = simulate(given(FARM, at(0, act("isolate", "v1")), at(20_000, act("rejoin", "v1")))).trace
    assert events(trace, "joined") == [(25_000, "joined", "v1")]


def test_clients_on_each_side_of_a_cut_are_served_by_their_half() -> None:
    scenario = given(FARM, split(("h1", "h2"), ("h3", "h4")))
    assert value(scenario, 'share("web", "v1")') == 0.25
    assert value(scenario, 'at(2, chance(available("web")))') == 0.5, "half of those on a side belong to the other"
    assert value(scenario, 'available("web")') is True
    assert value(scenario, 'default_host("f")') == "v1"
    assert value(scenario, 'serves("v4", "web")') is True


def test_clients_are_on_the_sides_that_have_a_machine_and_what_is_not_named_serves_all() -> None:
    uneven = given(FARM, split(("h1",), ("h2", "h3")))
    assert value(uneven, 'clusters_formed("f")') == 2, "v4 hears everybody, and goes with the first that it hears"
    assert value(uneven, 'share("web", "v1")') == value(uneven, 'share("web", "v4")') == 0.25
    gone = given(uneven, *(step.acts for step in uneven.timeline), act("crash", "v2", "v3"))
    assert value(gone, 'share("web", "v4")') == 0.5, "half of the clients on either side"
    assert value(gone, 'chance(available("web"))') == 0.75, "on the other side half of them belong to v1, out of reach"
    alone = given(FARM, split(("h1", "h2", "h3", "h4"), ("san",)))
    assert value(alone, 'share("web", "v4")') == 0.25


def test_a_side_without_any_host_of_the_cluster_gets_no_answer() -> None:
    apart = replace(FARM, clusters=(NlbCluster("f", ("v1", "v2"), "multicast"),))
    scenario = given(apart, split(("h1", "h2"), ("h3",), ("h4",)))
    assert value(scenario, 'chance(available("web"))') == pytest.approx(1 / 3)
    assert value(scenario, 'share("web", "v1")') == pytest.approx(1 / 6)
    assert value(scenario, 'default_host("f")') == "v1"


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_host_that_hears_nothing_or_is_not_heard_converges_alone(direction: str) -> None:
    scenario = given(FARM, act("isolate", "v2", networks=("lan",), direction=direction))
    assert value(scenario, 'clusters_formed("f")') == 2
    assert value(scenario, 'serves("v2", "web")') is False
    assert value(scenario, 'share("web", "v1")') == pytest.approx(1 / 3)
    assert value(scenario, 'available("web")') is True


def spoofing(*allowed: str, mode: str = "unicast") -> Scenario:
    made = with_farm(FARM, mode=mode)
    return replace(made, vms=tuple(replace(vm, mac_spoofing=vm.name in allowed) for vm in made.vms))


def test_a_unicast_guest_without_spoofing_converges_alone_and_serves_nobody() -> None:
    one_deaf = spoofing("v1", "v2", "v3")
    assert value(one_deaf, 'members("f")') == ("v1", "v2", "v3", "v4")
    assert value(one_deaf, 'clusters_formed("f")') == 2
    assert value(one_deaf, 'serves("v4", "web")') is False
    assert value(one_deaf, 'share("web", "v4")') == 0
    assert value(one_deaf, 'available("web")') is True
    all_deaf = spoofing()
    assert value(all_deaf, 'clusters_formed("f")') == 4
    assert value(all_deaf, 'available("web")') is False
    assert value(all_deaf, 'default_host("f")') == "none"
    assert value(given(all_deaf, act("crash", "v1")), 'happens("removed", "v1")') is False, "nobody hears anybody"


@pytest.mark.parametrize("mode", ["multicast", "igmp"])
def test_no_spoofing_is_needed_where_the_adapter_keeps_its_address(mode: str) -> None:
    assert value(spoofing(mode=mode), 'share("web", "v4")') == 0.25


def test_hosts_in_unicast_need_no_spoofing_and_deafness_is_of_the_host_with_that_mode() -> None:
    physical = replace(build.machines(2), clusters=(NlbCluster("f", ("h1", "h2"), "unicast"),), services=FARM.services)
    assert value(physical, 'share("web", "h2")') == 0.5
    mixed = with_farm(FARM, modes=(("v1", "unicast"), ("v2", "multicast")))
    assert value(mixed, 'serves("v1", "web")') is False
    assert value(mixed, 'share("web", "v2")') == pytest.approx(1 / 3)


def test_hosts_of_different_modes_do_not_converge_and_the_first_answer_counts() -> None:
    hosts = NlbCluster("f", ("h1", "h2", "h3"), "multicast", modes=(("h1", "unicast"),))
    mixed = replace(build.machines(3), clusters=(hosts,), services=FARM.services)
    assert value(mixed, 'clusters_formed("f")') == 2
    assert value(mixed, 'share("web", "h1")') == 1, "both parts answer; that of the highest host priority is told"
    assert value(given(mixed, act("fail", "web", node="h1", lasting=True)), 'share("web", "h2")') == 0.5
    trace = simulate(given(mixed, act("crash", "h1"))).trace
    assert not events(trace, "removed", "converged"), "nobody counted it"


def test_a_part_is_hosts_of_which_each_hears_every_other() -> None:
    two = tuple(replace(FARM.networks[0], name=name, routed=False) for name in ("lan", "dmz"))
    made = build.machines(3)
    on = zip(made.hosts, (("lan", "dmz"), ("lan",), ("dmz",)), strict=True)
    hosts = tuple(replace(host, networks=networks) for host, networks in on)
    apart = replace(made, networks=two, hosts=hosts, clusters=(NlbCluster("f", ("h1", "h2", "h3"), "multicast"),))
    trace = simulate(apart).trace
    assert view.sides(apart, trace.end, "f") == (("h1", "h2"), ("h3",)), "h3 hears h1 and not h2"


def test_guests_of_one_host_hear_each_other_without_its_networks() -> None:
    made = replace(build.machines(1, 1), clusters=(NlbCluster("f", ("v1", "v2"), "multicast"),), services=FARM.services)
    made = replace(made, vms=(*made.vms, Vm("v2", "h1", ("lan",))))
    cut = given(made, act("isolate", "h1"))
    assert value(cut, 'clusters_formed("f")') == 1
    assert value(cut, 'available("web")') is False
    assert not events(simulate(cut).trace, "removed")


# -- host priorities ----------------------------------------------------------------------------------------------


def test_of_two_hosts_with_one_priority_the_later_is_not_accepted() -> None:
    twice = with_farm(FARM, priorities=(("v3", 1),))
    assert value(twice, 'members("f")') == ("v1", "v2", "v4")
    assert value(twice, 'state("v3")') == "Stopped"
    assert value(twice, 'share("web", "v1")') == pytest.approx(1 / 3)


def test_a_priority_in_use_keeps_out_whoever_starts_later() -> None:
    twice = with_farm(FARM, priorities=(("v3", 1),))
    scenario = given(
        twice, at(0, act("crash", "v1")), at(20_000, act("start-node", "v3")), at(40_000, act("start", "v1"))
    )
    trace = simulate(scenario).trace
    assert [states(trace, ms) for ms in (19_999, 30_000, 60_000)] == ["-c-c", "-ccc", "-ccc"]
    refused = next(e for e in trace.events if e.kind == "refused")
    assert (refused.at_ms, refused.subject, refused.rule) == (40_000, "v1", "nlb-priority")
    assert "v3 has the host priority 1" in refused.detail
    assert value(scenario, 'default_host("f")') == "v3"
    assert ("finding", "OPS007", "v1") in trace.end
    assert len(events(trace, "converged")) == 2, "the newcomer disturbs nobody"


def test_hosts_with_one_priority_that_start_at_once() -> None:
    twice = with_farm(FARM, priorities=(("v3", 1),))
    every = ("v1", "v2", "v3", "v4")
    trace = simulate(given(twice, act("crash", *every), act("start", *every))).trace
    assert states(trace, 60_000) == "cc-c"


def test_a_host_that_is_refused_while_others_drop_one() -> None:
    """It is no part of the side that goes on, even where it was one before."""
    twice = with_farm(FARM, priorities=(("v3", 1),))
    steps = (
        at(0, act("crash", "v1")),
        at(10_000, act("start-node", "v3")),
        at(20_000, act("crash", "v3")),
        at(21_000, act("start", "v1", "v3")),
    )
    trace = simulate(given(twice, *steps)).trace
    assert states(trace, 60_000) == "cc-c"
    assert trace.end["nlb-side", "f", "v2"] == {"v1", "v2", "v4"}


# -- settings -----------------------------------------------------------------------------------------------------


def test_heartbeat_settings_decide_how_long_a_host_may_be_silent_and_how_long_joining_takes() -> None:
    slow = with_farm(FARM, properties=(("AliveMsgPeriod", 2000), ("AliveMsgTolerance", 10)))
    trace = simulate(given(slow, at(0, act("crash", "v2")), at(60_000, act("start", "v2")))).trace
    assert events(trace, "removed", "joined") == [(20_000, "removed", "v2"), (70_000, "joined", "v2")]


def test_a_setting_starts_convergence_and_holds_for_those_who_are_silent_already() -> None:
    set_to = act("set", "f", property="AliveMsgTolerance", value=3)
    trace = simulate(given(FARM, at(0, act("crash", "v2")), at(1000, set_to))).trace
    assert events(trace, "removed") == [(3000, "removed", "v2")]
    assert states(trace, 1000) == "g-gg"
    longer = act("set", "f", property="AliveMsgTolerance", value=8)
    trace = simulate(given(FARM, at(0, act("crash", "v2")), at(1000, longer))).trace
    assert events(trace, "removed") == [(8000, "removed", "v2")]
    at_once = act("set", "f", property="AliveMsgTolerance", value=2)
    trace = simulate(given(FARM, at(0, act("crash", "v2")), at(4000, at_once))).trace
    assert events(trace, "removed") == [(4000, "removed", "v2")]


def test_a_change_during_convergence_is_done_and_warned_of() -> None:
    set_to = act("set", "f", property="AliveMsgTolerance", value=3)
    calm = simulate(given(FARM, set_to, set_to)).trace
    assert ("finding", "OPS025", "f") not in calm.end
    assert events(calm, "converged") == [(3000, "converged", "f"), (6000, "converged", "f")]
    hasty = simulate(given(FARM, at(0, set_to), at(1000, set_to))).trace
    assert ("finding", "OPS025", "f") in hasty.end
    assert events(hasty, "converged") == [(4000, "converged", "f")]


def test_a_host_that_starts_again_counts_nobody_from_before() -> None:
    steps = (at(0, act("stop-node", "v2")), at(10_000, act("crash", "v3")), at(30_000, act("start-node", "v2")))
    trace = simulate(given(FARM, *steps)).trace
    assert trace.at(30_000)["nlb-side", "f", "v1"] == {"v1", "v2", "v4"}
    assert trace.end["nlb-table", "f", "v2"] == {"v1", "v2", "v4"}


def test_the_run_says_which_rules_were_asked() -> None:
    """Beliefs about rules that nobody asked need not be tried."""
    asked = simulate(given(FARM, act("crash", "v2"))).trace.consulted
    assert {"nlb_heartbeat_shows", "nlb_serves", "default_host_serves", "silence_limit"} <= asked


# -- beliefs and the kernel ---------------------------------------------------------------------------------------


def test_believing_that_nlb_checks_applications_a_repaired_host_comes_back() -> None:
    broken = act("fail", "web", node="v2", lasting=True)
    scenario = given(build.farm(3), at(0, broken), at(20_000, act("repair", "web")))
    trace = simulate(scenario, "nlb-checks-applications").trace
    assert events(trace, "removed", "joined") == [(5000, "removed", "v2"), (25_000, "joined", "v2")]
    assert [states(trace, ms) for ms in (10_000, 19_999, 30_000)] == ["cgc", "cgc", "ccc"]
    assert value(scenario, 'at(10, share("web", "v2"))', "nlb-checks-applications") == 0
    assert value(scenario, 'detected("v2")', "nlb-checks-applications") is True


def test_believing_so_a_host_that_is_dropped_while_it_converges_does_not_end_that() -> None:
    quick = with_farm(FARM, properties=(("AliveMsgTolerance", 2),))
    broken = act("fail", "web", node="v2", lasting=True)
    trace = simulate(given(quick, at(0, act("crash", "v1")), at(2500, broken)), "nlb-checks-applications").trace
    assert events(trace, "removed") == [(2000, "removed", "v1"), (4500, "removed", "v2")]
    assert states(trace, 6000) == "-ggg"
    assert states(trace, 10_000) == "-gcc"


def test_believing_that_nlb_needs_quorum_a_minority_stops_serving() -> None:
    scenario = given(FARM, split(("h1",), ("h2", "h3", "h4")))
    assert value(scenario, 'state("v1")', "nlb-needs-quorum") == "Stopped"
    assert value(scenario, 'serves("v2", "web")', "nlb-needs-quorum") is True
    assert value(given(FARM, act("crash", "v1", "v2", "v3")), 'available("web")', "nlb-needs-quorum") is False
    alone = spoofing("v1")
    assert value(alone, 'state("v1")', "nlb-needs-quorum") == "Stopped", "it has been alone from the start"


@pytest.mark.parametrize("crashed", [("v1",), ("v2", "v4"), ("h3",)])
def test_idle_heartbeats_may_be_skipped_or_not(crashed: tuple[str, ...]) -> None:
    scenario = given(FARM, at(3500, act("crash", *crashed)), at(30_000, act("start", *crashed)))
    plain, beats = simulate(scenario), simulate(scenario, every_beat=True)
    assert plain.trace.events == beats.trace.events


def test_thirty_two_hosts_are_no_trouble() -> None:
    many = build.farm(32)
    scenario = given(many, act("crash", "v2"), split(tuple(f"h{n}" for n in range(1, 17)), ("h17",)), act("heal"))
    trace = simulate(scenario).trace
    assert len(view.members(many, trace.end, "f")) == 31
    assert len(trace.events) < 200


def test_a_farm_with_several_rules_starts_converged() -> None:
    rules = (PortRule(80, 80), PortRule(443, 443, filter="single"))
    assert not simulate(with_farm(FARM, rules=rules)).trace.events
