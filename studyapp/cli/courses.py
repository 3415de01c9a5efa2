"""The courses that chance may take, with names for what it has left open, as far as they can be shown one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest

from studyapp.cluster.chance import OneOf, candidates
from studyapp.cluster.reasons.explain import pinned
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Branch, Outcome, Trace
from studyapp.cluster.votes import Table

MOST_COURSES = 64
"""Courses of chance that are followed to their names; of more one is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The course that is shown, and of every course its share and what sets it apart; none where there are too many."""

    trace: Trace
    courses: tuple[tuple[Fraction, str], ...]


def shown(outcome: Outcome) -> Shown:
    """The course to show, with a name for everything that chance decides in it."""
    if sum(math.prod(open_draws(branch.trace).values()) for branch in outcome.branches) > MOST_COURSES:
        branch = outcome.branches[0]
        return Shown(pinned(branch, branch.trace.decided()), ())
    if any(open_draws(branch.trace) for branch in outcome.branches):
        outcome = simulate(outcome.trace.scenario, rules=outcome.trace.rules, eager=True)
    return Shown(outcome.trace, tuple(_set_apart(outcome.branches)))


def open_draws(trace: Trace) -> dict[str, int]:
    """The draws that nobody has had to know in a course, each with the number of its candidates."""
    found: dict[str, int] = {}
    for value in (*trace.start.values(), *(change.value for change in trace.changes)):
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, OneOf) and len(left := candidates(trace.end, part)) > 1:
                found[part.draw] = len(left)
    return found


def _set_apart(branches: tuple[Branch, ...]) -> Iterator[tuple[Fraction, str]]:
    """Each course with what chance decided in it: where it first parts from each of the others."""
    for branch in branches:
        found = [_parting(branch.trace, other.trace) for other in branches if other is not branch]
        yield branch.share, "; ".join(text for _, text in sorted(set(found)))


def _parting(trace: Trace, other: Trace) -> tuple[int, str]:
    """What comes first in a course and not in another: its place in the run, and a sentence."""
    for key, value in trace.start.items():
        if isinstance(value, Table) and value.without != other.start[key].without:
            return 0, f"{key[1]} has taken away the vote of {value.without} to keep the number odd"
    for mine, its in zip_longest(trace.events, other.events):
        if mine is None:
            return len(trace.events) + 1, "nothing more happens"
        if its is None or (mine.at_ms, mine.kind, mine.detail) != (its.at_ms, its.kind, its.detail):
            return mine.seq, mine.detail
    return 0, "what happens is the same"
