"""Corners of the membership of balanced hosts that are easily got wrong."""

from __future__ import annotations

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.describe import cluster_status
from studyapp.cluster.scenario import Act, PortRule, Step
from tests.cluster import build
from tests.cluster.build import act, given
from tests.cluster.telling import why
from tests.cluster.test_nlb import FARM, at, events, split, states, value, with_farm

TWICE = with_farm(FARM, priorities=(("v3", 1),))
"""v1 and v3 have one host priority."""


@pytest.mark.parametrize(
    "fault, after",
    [("crash", " · members v1 v3 v4"), ("hang", " · members v1 v3 v4"), ("isolate", " in 2 parts, each for itself")],
)
def test_a_silent_host_is_told_as_a_member_until_it_is_missed(fault: str, after: str) -> None:
    trace = simulate(given(FARM, at(10_000, act(fault, "v2")))).trace
    told = [cluster_status(FARM, trace.at(ms), "f") for ms in (9_999, 10_000, 14_999, 17_999, 18_000)]
    assert told == ["converged", "converged", "converged", "converging", f"converged{after}"]


def test_each_part_drops_whom_it_has_lost_itself() -> None:
    cut = act("partition", sides=(("h1", "h2"), ("h3", "h4")))
    trace = simulate(given(FARM, at(0, cut), at(1000, act("crash", "v4")))).trace
    assert events(trace, "converged") == [(8000, "converged", "f"), (9000, "converged", "f")]
    assert states(trace, 8000) == "ccg-", "v3 has missed v4 a second later, which is nothing to v1 and v2"


def test_a_detection_says_how_long_nothing_was_heard() -> None:
    trace = simulate(given(FARM, act("crash", "v2"))).trace
    detected = next(e for e in trace.events if e.kind == "detected")
    assert detected.detail == "the other members of f have not heard v2 for 5 s"


def test_a_host_that_is_alone_converges_with_itself_after_a_change() -> None:
    set_to = act("set", "f", property="AliveMsgTolerance", value=9)
    trace = simulate(given(FARM, at(0, act("crash", "v2", "v3", "v4")), at(20_000, set_to))).trace
    assert events(trace, "converged") == [(8000, "converged", "f"), (23_000, "converged", "f")]


def test_who_runs_alone_keeps_its_priority_against_one_that_starts() -> None:
    every = ("v1", "v2", "v3", "v4")
    steps = (at(0, act("crash", *every)), at(10_000, act("start", "v3")), at(20_000, act("start", "v1")))
    trace = simulate(given(TWICE, *steps)).trace
    assert states(trace, 60_000) == "--c-"


def test_a_draining_host_agrees_with_the_others_on_who_shares_the_load() -> None:
    first = with_farm(FARM, rules=(PortRule(filter="single"),))
    load = act("load", "web", clients=4, addresses=("10.0.0.1",))
    trace = simulate(given(first, at(0, load), at(10_000, act("drain-stop", "v1")))).trace
    assert trace.at(13_000)["nlb-table", "f", "v1"] == trace.at(13_000)["nlb-table", "f", "v2"] == {"v2", "v3", "v4"}


def test_believing_that_applications_are_checked_the_failure_is_found_in_five_seconds() -> None:
    broken = given(build.farm(3), at(7000, act("fail", "web", node="v2", lasting=True)))
    assert value(broken, 'detection_time("v2")', "nlb-checks-applications") == 5
    trace = simulate(broken, "nlb-checks-applications").trace
    assert why(trace, "removed v2") == ["fail web", "detected web", "detected v2"]
    assert {e.rule for e in trace.events if e.kind == "detected"} == {"nlb-silence"}


# -- what the log says --------------------------------------------------------------------------------------------

BACK = (at(0, act("crash", "v2")), at(20_000, act("start", "v2")))
CLASH = (at(0, act("crash", "v1")), at(20_000, act("start-node", "v3")), at(40_000, act("start", "v1")))


@pytest.mark.parametrize(
    "steps, event, causes",
    [
        pytest.param(
            (at(0, act("crash", "v2"), act("isolate", "v4")),),
            "removed v2",
            ["crash v2", "detected v2"],
            id="its own failure, not what came last",
        ),
        pytest.param(
            (at(0, act("isolate", "v1"), act("crash", "v4")),), "removed v2", ["isolate v1"], id="the listener's"
        ),
        pytest.param((at(0, split(("h1", "h2"), ("h3", "h4"))),), "removed v3", ["partition h1"], id="the cut's"),
        pytest.param(BACK, "joined v2", ["start v2"], id="who comes back"),
        pytest.param(CLASH, "refused v1", ["start v1"], id="who is not accepted"),
        pytest.param(
            (act("set", "f", property="AliveMsgTolerance", value=3),), "converged f", ["set f"], id="a setting's"
        ),
    ],
)
def test_every_event_names_what_brought_it_about(steps: tuple[Step, ...], event: str, causes: list[str]) -> None:
    trace = simulate(given(TWICE if steps is CLASH else FARM, *steps)).trace
    assert why(trace, event) == causes
    told = [e for e in trace.events if e.rule.startswith("nlb-")]
    assert told
    assert {e.cluster for e in told} == {"f"}
    assert {e.rule for e in told if e.kind in ("detected", "removed")} <= {"nlb-silence"}


def test_what_is_found_about_an_operation_is_said_in_words() -> None:
    refused = simulate(given(TWICE, *CLASH)).trace
    assert refused.end["finding", "OPS007", "v1"] == "v1 is not accepted in f: v3 has the host priority 1"
    set_to = act("set", "f", property="AliveMsgTolerance", value=3)
    hasty = simulate(given(FARM, at(0, set_to), at(1000, set_to))).trace
    assert hasty.end["finding", "OPS025", "f"] == "f is changed while its hosts converge"


def test_a_failure_that_both_parts_miss_is_found_once() -> None:
    steps = at(0, split(("h1", "h2"), ("h3", "h4")), act("crash", "v2"))
    assert events(simulate(given(FARM, steps)).trace, "detected") == [(5000, "detected", "v2")]


def test_nobody_shares_the_load_where_all_drain() -> None:
    pair = build.farm(2)
    load = act("load", "web", clients=200, addresses=tuple(f"10.0.{n}.1" for n in range(20)))
    steps = (at(0, load), at(10_000, act("drain-stop", "v1")), at(20_000, act("drain-stop", "v2")))
    trace = simulate(given(pair, *steps)).trace
    assert [e.detail for e in trace.events if e.kind == "converged"] == [
        "the load of f is shared by v2",
        "f stops serving",
    ]


def tolerance(missed: int) -> Act:
    return act("set", "f", property="AliveMsgTolerance", value=missed)


@pytest.mark.parametrize(
    "steps, last",
    [
        (
            (at(0, act("crash", "v2")), at(3000, act("crash", "v3"))),
            [(8000, "removed", "v3"), (11_000, "converged", "f")],
        ),
        # The convergence that a host joins by is begun at the moment from which another is silent.
        (
            (at(0, act("crash", "v2")), at(20_000, act("start", "v2"), act("crash", "v3"))),
            [(25_000, "removed", "v3"), (28_000, "converged", "f")],
        ),
        (
            (at(0, tolerance(9)), at(10_000, act("crash", "v3")), at(12_000, tolerance(5))),
            [(15_000, "removed", "v3"), (18_000, "converged", "f")],
        ),
    ],
)
def test_a_silence_that_is_missed_when_a_convergence_would_end_comes_first(
    steps: tuple[Step, ...], last: list[tuple[int, str, str]]
) -> None:
    """Clusters notice first, then act on what they noticed."""
    told = events(simulate(given(FARM, *steps)).trace, "removed", "converged")
    assert [event for event in told if event[0] >= last[0][0]] == last
