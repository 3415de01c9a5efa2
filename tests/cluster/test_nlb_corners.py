"""Corners of the membership of balanced hosts that are easily got wrong."""

from __future__ import annotations

from studyapp.cluster import simulate
from studyapp.cluster.scenario import PortRule
from tests.cluster import build
from tests.cluster.build import act, given
from tests.cluster.test_nlb import FARM, at, events, states, value, with_farm

TWICE = with_farm(FARM, priorities=(("v3", 1),))
"""v1 and v3 have one host priority."""


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
