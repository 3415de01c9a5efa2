"""Moments of a sliding period, kept in rows: the same as kept one by one, and no more for many than for few."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.cluster import simulate
from studyapp.cluster.roles.moments import Moments, Row, later_than, number, with_one
from studyapp.cluster.world import RunTooLong
from tests.cluster import telling

TRIED = """
release: ws2012r2
hosts: {a: {}, b: {}}
clusters: {c: {kind: failover, nodes: [a, b]}}
roles: {r: {cluster: c, owner: a, restart: {action: 1, threshold: 100000, delay: 1ms}}}
until: 1h
"""


def each(moments: Moments) -> list[int]:
    return [first + apart * place for first, apart, many in moments for place in range(many)]


def kept(times: list[int]) -> Moments:
    moments: Moments = ()
    for ms in times:
        moments = with_one(moments, ms)
    return moments


@given(st.lists(st.sampled_from((0, 1, 5, 5, 5, 20)), max_size=30), st.integers(-5, 200), st.integers(0, 50))
def test_rows_of_moments_are_the_moments(steps: list[int], limit: int, more: int) -> None:
    times = list(accumulate(steps))
    moments = kept(times)
    assert each(moments) == times
    assert number(moments) == len(times)
    left = later_than(moments, limit)
    assert each(left) == [ms for ms in times if ms > limit]
    next_ms = max(times, default=0) + more
    assert each(with_one(left, next_ms)) == [*each(left), next_ms]


def test_moments_that_follow_one_another_evenly_are_one_row() -> None:
    assert kept([10, 20, 30, 40]) == (Row(10, 10, 4),)
    assert later_than(kept([10, 20, 30, 40]), 25) == (Row(30, 10, 2),)
    assert kept([7, 7, 7]) == (Row(7, 0, 3),)
    assert later_than(kept([7, 7, 7]), 7) == ()


def test_a_role_that_is_tried_for_ever_needs_no_more_for_each_further_start() -> None:
    """Each start is remembered until the step limit is met: thousands of them, in one row."""
    made = telling.scenario(TRIED, "[{fail: r, lasting: true}]")
    with pytest.raises(RunTooLong, match="did not settle within 10,100 steps"):
        simulate(made, step_limit=10_000)
    few = telling.scenario(TRIED.replace("1h", "7s"), "[{fail: r, lasting: true}]")
    trace = simulate(few).trace
    assert trace.end["restarts", "r"] > 1_500
    assert len(trace.end["restart-times", "r"]) <= 2
