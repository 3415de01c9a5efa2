"""A scenario to try things on: acts, the playhead, chance, and taking back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from studyapp.cluster import bench as together
from studyapp.cluster.bench import Bench, starts
from studyapp.cluster.chance import OneOf
from studyapp.cluster.deeds import Deed
from studyapp.cluster.describe import Component, components, describe, describe_component
from studyapp.cluster.scenario import Act, FailoverCluster, Network, NlbCluster, Role, Scenario, Service, Step, Witness
from studyapp.cluster.simulation import simulate
from tests.cluster.build import machines, modern

CRASH = Act("crash", ("h2",))


def cluster(nodes: int = 3, witness: bool = False) -> Scenario:
    """A failover cluster of hosts with a role on the second."""
    names = tuple(f"h{n}" for n in range(1, nodes + 1))
    quorum = "node-and-share-majority" if witness else "node-majority"
    return replace(
        machines(nodes),
        clusters=(FailoverCluster("hv", names, Witness("share", "fs1") if witness else None, quorum),),
        roles=(Role("sql", "hv", "h2", storage="san", starts_in_ms=10_000),),
        services=(Service("app", "role", "sql"),),
    )


def verbs(deeds: tuple[Deed, ...]) -> list[str]:
    return [deed.act.verb for deed in deeds]


# -- the playhead ---------------------------------------------------------------------------------------------------


def test_a_bench_starts_before_the_first_event() -> None:
    bench = Bench.of(replace(cluster(), timeline=(Step((CRASH,)),)))
    assert bench.at_start
    assert not bench.at_end
    assert bench.event is None
    assert bench.state[("power", "h2")]
    assert bench.why() == ("Nothing has happened yet.",)


def test_stepping_goes_through_all_events_and_stops_at_both_ends() -> None:
    bench = Bench.of(replace(cluster(), timeline=(Step((CRASH,)),)))
    kinds = []
    while not bench.at_end:
        bench = bench.forward()
        assert bench.event is not None
        kinds.append(bench.event.kind)
    assert kinds[0] == "crash"
    assert kinds[-1] == "online"
    assert bench.forward() is bench
    assert bench.state == bench.trace.end
    while not bench.at_start:
        bench = bench.back()
    assert bench.back() is bench


def test_the_state_is_never_ahead_of_the_time_shown() -> None:
    """The role starts for ten seconds: until then it is not shown as online."""
    bench = Bench.of(cluster()).with_act(CRASH)
    bench = bench.seek_time(14_999)
    assert bench.state[("role", "sql")] == "Pending"
    assert bench.forward().state[("role", "sql")] == "Online"
    for position, state in enumerate(bench.states()):
        assert state == bench.seek(position).state


# -- acts -----------------------------------------------------------------------------------------------------------


def test_an_act_at_the_end_happens_when_all_has_settled_and_the_playhead_goes_to_it() -> None:
    bench = Bench.of(cluster()).with_act(CRASH)
    assert bench.event is not None
    assert (bench.event.kind, bench.event.subject) == ("crash", "h2")
    ended = bench.seek(99)
    again = ended.with_act(Act("start", ("h2",)))
    assert again.event is not None
    assert (again.event.kind, again.now_ms) == ("start", 15_000)
    assert again.acts == (CRASH, Act("start", ("h2",)))


def test_an_act_in_the_midst_happens_at_the_time_of_the_playhead() -> None:
    bench = Bench.of(cluster(5)).with_act(CRASH).seek_time(5_000)
    again = bench.with_act(Act("crash", ("h5",)))
    assert again.event is not None
    assert (again.event.subject, again.now_ms) == ("h5", 5_000)
    assert again.seen[: bench.position] == bench.seen


def test_what_the_timeline_still_holds_comes_later() -> None:
    scenario = replace(cluster(5), timeline=(Step((CRASH,)), Step((Act("crash", ("h3",)),))))
    bench = Bench.of(scenario).forward().with_act(Act("hang", ("h5",)))
    told = [e.subject for e in bench.trace.events if e.rule == "timeline"]
    assert told == ["h2", "h5", "h3"]


def test_undoing_and_starting_over() -> None:
    start = Bench.of(replace(cluster(), timeline=(Step((CRASH,)),))).forward()
    acted = start.with_act(Act("crash", ("h1",))).seek(99)
    assert acted.undone() is start
    assert start.undone() is start
    over = acted.started_over()
    assert over.acts == ()
    assert over.at_start
    assert over.timeline == start.scenario.timeline


def test_starts_counts_the_events_that_steps_themselves_make() -> None:
    steps = (
        Step((Act("crash", ("h1", "h2")),)),
        Step((Act("partition", sides=(("h3",), ("h4",))),)),
        Step((Act("heal"),)),
    )
    trace = Bench.of(replace(cluster(5), timeline=steps)).trace
    kinds = [trace.events[seq - 1].kind for seq in starts(trace)]
    assert kinds == ["crash", "partition", "heal"]


def test_a_host_that_is_switched_on_for_an_order_is_no_step_of_its_own() -> None:
    orders = (Act("crash", ("h1", "h2", "h3")), Act("force-quorum", ("h1",)), Act("start", ("h3",)))
    trace = Bench.of(replace(cluster(), timeline=tuple(Step((act,)) for act in orders))).trace
    first = [trace.events[seq - 1] for seq in starts(trace)]
    assert [f"{event.kind} {event.subject}" for event in first] == ["crash h1", "start h1", "start h3"]
    forced = next(event for event in trace.events if event.kind == "force-quorum")
    assert forced.cause == first[1].seq


# -- chance ---------------------------------------------------------------------------------------------------------


def test_chance_is_said_and_every_course_can_be_looked_at() -> None:
    bench = Bench.of(cluster()).with_act(CRASH).seek(99)
    assert (bench.chance, bench.next_course().chance) == (
        "outcome 1 of 2, equally likely",
        "outcome 2 of 2, equally likely",
    )
    owners = {bench.state[("owner", "sql")], bench.next_course().state[("owner", "sql")]}
    assert owners == {"h1", "h3"}
    assert bench.next_course().next_course().state == bench.state


def test_nothing_is_said_of_chance_where_it_decides_nothing_and_its_share_where_courses_differ() -> None:
    """One of four nodes has no vote. Is it one of the two that are lost, one of the two others has the role, and one of
    them no vote.
    """
    assert Bench.of(cluster()).chance == ""
    bench = Bench.of(replace(modern(cluster(4)), timeline=(Step((Act("crash", ("h2", "h3")),)),)))
    said = []
    for _ in bench.courses:
        said.append(bench.chance)
        bench = bench.next_course()
    assert [text.partition(", ")[0] for text in said] == [f"outcome {number} of 10" for number in range(1, 11)]
    assert Counter(text.partition(", ")[2] for text in said) == {
        "with a chance of 1 in 4": 2,
        "with a chance of 1 in 16": 8,
    }


def test_what_chance_has_decided_stays_decided() -> None:
    """Otherwise every act would multiply the courses, and an owner that was seen might become another."""
    bench = Bench.of(cluster(5))
    for name in ("h2", "h3", "h4"):
        bench = bench.with_act(Act("crash", (name,))).seek(99)
        while len(bench.courses) > 1 and bench.state[("owner", "sql")] != f"h{int(name[1]) + 1}":
            bench = bench.next_course()
        owner = bench.state[("owner", "sql")]
        back = bench.with_act(Act("start", (name,))).seek(99)
        assert back.state[("owner", "sql")] == owner
        assert len(back.courses) == 1
        bench = back
    assert len(bench.courses) == 1


# -- what may be done -----------------------------------------------------------------------------------------------


def test_a_machine_that_is_up_may_crash_hang_or_be_isolated_and_needs_no_repair() -> None:
    bench = Bench.of(cluster())
    host = Component("host", "h1")
    assert verbs(bench.faults_for(host)) == ["crash", "hang", "isolate"]
    assert bench.repairs_for(host) == ()


@pytest.mark.parametrize(
    "fault,repair",
    [
        (Act("crash", ("h1",)), "start"),
        (Act("hang", ("h1",)), "start"),
        (Act("isolate", ("h1",)), "rejoin"),
        (Act("partition", sides=(("h1",), ("h2", "h3"))), "heal"),
    ],
)
def test_each_fault_of_a_machine_has_its_repair(fault: Act, repair: str) -> None:
    bench = Bench.of(cluster()).with_act(fault).seek(99)
    deeds = bench.repairs_for(Component("host", "h1"))
    assert verbs(deeds) == [repair]
    mended = bench.with_act(deeds[0].act).seek(99)
    assert mended.repairs_for(Component("host", "h1")) == ()


def test_roles_services_storage_witness_and_networks() -> None:
    bench = Bench.of(cluster(2, witness=True))
    for thing, fault, repair in (
        (Component("role", "sql"), "fail", "repair"),
        (Component("service", "app"), "fail", "repair"),
        (Component("storage", "san"), "lose", "restore"),
        (Component("witness", "fs1"), "lose", "restore"),
        (Component("network", "lan"), "lose", "restore"),
    ):
        assert thing in components(bench.scenario)
        assert set(verbs(bench.faults_for(thing))) == {fault}
        broken = bench.with_act(bench.faults_for(thing)[-1].act)
        assert repair in verbs(broken.repairs_for(thing))


def test_a_cluster_is_split_between_its_machines_with_the_witness_on_either_side() -> None:
    bench = Bench.of(cluster(2, witness=True))
    deeds = bench.faults_for(Component("cluster", "hv"))
    assert [deed.act.sides for deed in deeds] == [
        (("h1",), ("h2",)),
        (("h1", "fs1"), ("h2",)),
        (("h1",), ("h2", "fs1")),
    ]
    broken = bench.with_act(deeds[1].act)
    assert broken.faults_for(Component("cluster", "hv")) == ()
    assert verbs(broken.repairs_for(Component("cluster", "hv"))) == ["heal"]


def test_the_service_of_a_balanced_machine_may_fail_alone() -> None:
    scenario = replace(
        machines(2, 2),
        clusters=(NlbCluster("farm", ("v1", "v2"), "multicast"),),
        services=(Service("web", "nlb", "farm", 80),),
    )
    bench = Bench.of(scenario)
    assert Act("fail", ("web",), node="v2") in [deed.act for deed in bench.faults_for(Component("vm", "v2"))]
    broken = bench.with_act(Act("fail", ("web",), node="v2"))
    assert "repair" in verbs(broken.repairs_for(Component("vm", "v2")))


def test_a_machine_on_two_networks_may_lose_one() -> None:
    scenario = cluster()
    scenario = replace(
        scenario,
        networks=(Network("lan"), Network("heart")),
        hosts=tuple(replace(host, networks=("lan", "heart")) for host in scenario.hosts),
    )
    bench = Bench.of(scenario)
    networks = [deed.act.networks for deed in bench.faults_for(Component("host", "h1")) if deed.act.verb == "isolate"]
    assert networks == [(), ("lan",), ("heart",)]
    told = describe_component(
        scenario, bench.with_act(Act("isolate", ("h1",), networks=("lan",))).state, Component("host", "h1")
    )
    assert "cut off from lan" in told


# -- several under one timeline -------------------------------------------------------------------------------------


def test_two_benches_step_in_the_order_of_time() -> None:
    fast, slow = Bench.of(cluster()), Bench.of(replace(cluster(5), title="other"))
    both = together.act_on_all((fast, slow), CRASH)
    assert [bench.now_ms for bench in both] == [0, 0]
    while not all(bench.at_end for bench in both):
        before = max(bench.now_ms for bench in both)
        both = together.forward(both)
        assert max(bench.now_ms for bench in both) >= before
    assert [bench.position for bench in together.back(both)] == [bench.position - 1 for bench in both]


def test_one_bench_alone_waits_until_all_has_settled() -> None:
    bench = Bench.of(cluster()).with_act(CRASH).seek(99)
    later = Act("start", ("h2",))
    assert together.act_on_all((bench,), later) == (bench.with_act(later),)


def test_an_act_is_done_where_its_names_are_known_and_at_one_time() -> None:
    small, large = Bench.of(cluster(3)), Bench.of(cluster(5))
    both = together.act_on_all((small, large), Act("crash", ("h5",)))
    assert [bench.acts for bench in both] == [(), (Act("crash", ("h5",)),)]
    both = tuple(bench.seek(99) for bench in both)
    both = together.act_on_all(both, CRASH)
    assert [bench.now_ms for bench in both] == [both[1].now_ms] * 2
    assert all(bench.event is not None and bench.event.subject == "h2" for bench in both)


# -- words ----------------------------------------------------------------------------------------------------------


def test_a_state_as_sentences() -> None:
    bench = Bench.of(cluster())
    assert describe(bench.scenario, bench.state) == (
        "h1 is up.",
        "h2 is up; it owns sql.",
        "h3 is up.",
        "hv is a failover cluster of h1, h2 and h3: 3 of 3 votes.",
        "The role sql of hv is online on h2.",
        "Clients of app (a service of role sql) get an answer.",
        "The storage san is there.",
        "The network lan is there.",
    )
    crashed = bench.with_act(CRASH).seek_time(5_000)
    told = describe(crashed.scenario, crashed.state)
    assert "h2 is down." in told
    assert any(sentence.startswith("The role sql of hv is starting on h") for sentence in told)
    assert "Clients of app (a service of role sql) get no answer." in told
    assert "hv is a failover cluster of h1, h2 and h3: 2 of 3 votes, members h1 h3." in told


def test_why_tells_the_causes_and_at_the_end_why_nothing_followed() -> None:
    scenario = replace(machines(3, 3), clusters=(FailoverCluster("hv", ("h1", "h2", "h3"), None, "node-majority"),))
    bench = Bench.of(scenario).with_act(Act("hang", ("v2",)))
    told = bench.why()
    assert "v2 stops responding" in told[0]
    assert len(told) > 1
    chain = Bench.of(cluster()).with_act(CRASH).seek(99).why()
    assert "loses its power" in chain[0]
    assert "online" in chain[-1]


def test_a_course_that_chance_has_left_open_can_be_shown_once_it_is_decided() -> None:
    """The owner of a role may stay open over a whole run; whoever draws the run needs it from the start on."""
    trace = simulate(replace(cluster(), timeline=(Step((CRASH,)),))).trace
    assert any(isinstance(value, OneOf) for value in trace.end.values())
    bench = Bench.of_trace(trace.decided())
    for position in range(len(trace.events) + 1):
        assert describe(bench.scenario, bench.seek(position).state)


def test_why_names_the_rules_by_which_it_is_so() -> None:
    scenario = replace(machines(3, 3), clusters=(FailoverCluster("hv", ("h1", "h2", "h3"), None, "node-majority"),))
    assert Bench.of(scenario).rules_of_why() == ()
    assert Bench.of(scenario).with_act(Act("hang", ("v2",))).rules_of_why() == ("heartbeat-scope",)
    chain = Bench.of(cluster()).with_act(CRASH).seek(99).rules_of_why()
    assert chain[0] == "silence"
    assert len(set(chain)) == len(chain)
    assert "timeline" not in chain
