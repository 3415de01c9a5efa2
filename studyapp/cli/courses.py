"""The courses that chance may take, with names for what it has left open, as far as they can be shown one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from studyapp.cluster.chance import OneOf, candidates
from studyapp.cluster.explain import pinned
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Branch, Event, Outcome, Trace
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
    common = set.intersection(*({_step(event) for event in branch.trace.events} for branch in branches))
    for branch in branches:
        yield branch.share, _own(branch.trace, branches[0].trace, branches[-1].trace, common)


def _step(event: Event) -> tuple[int, str, str]:
    return event.at_ms, event.kind, event.detail


def _own(trace: Trace, first: Trace, last: Trace, common: set[tuple[int, str, str]]) -> str:
    """What sets a course apart: whose vote was taken before anything happened, or the first event that not all have."""
    for key, value in trace.start.items():
        if isinstance(value, Table) and first.start[key] != last.start[key]:
            return f"{key[1]} has taken away the vote of {value.without} to keep the number odd"
    return next((e.detail for e in trace.events if _step(e) not in common), "nothing more happens")
