"""The event kernel: a clock, a queue, a flat state and a log.

Everything that a run depends on is plain data, so a world can be forked where chance decides. A queue entry is
`(at_ms, order, number, background, handler, arguments, cause)`; entries at one moment run in the order `order`, then in
the order in which they were put there, so a run is a pure function of its scenario.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Fact, FactValue, Scenario
from studyapp.cluster.trace import Branch, Change, Event, Key, Trace

STEP_LIMIT = 200_000
"""Handled queue entries after which a run stops: a scenario that would run for ever is refused."""

NOTICE, ACT = 0, 1
"""Order at one moment: clusters notice first, then act on what they noticed."""


class RunTooLong(Exception):
    """The scenario did not settle within `STEP_LIMIT` steps."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a handler returns when chance decides: each alternative is a queue entry to run now, all equally likely."""

    handler: str
    alternatives: tuple[tuple[object, ...], ...]
    cause: int | None


Handler = Callable[..., Choice | None]
Entry = tuple[int, int, int, bool, str, tuple[object, ...], int | None]


class World:
    """A run in progress. Handlers read and change `state` through it and never keep anything elsewhere."""

    def __init__(self, scenario: Scenario, rules: Rules, step_limit: int = STEP_LIMIT) -> None:
        self.scenario = scenario
        self.step_limit = step_limit
        self.rules = rules
        self.state: dict[Key, Any] = {}
        self.start: dict[Key, Any] = {}
        self.silent: dict[tuple[str, str, str], int] = {}
        """(cluster, listener, silent member) to the time since when nothing was heard."""
        self.blame: dict[str, int] = {}
        """Machine, network or storage to the event that last changed its condition."""
        self.now = 0
        self.share = Fraction(1)
        self.bounded = False
        self.events: list[Event] = []
        self.changes: list[Change] = []
        self.queue: list[Entry] = []
        self.pushed = 0
        self.foreground = 0
        self.consulted: set[str] = set()
        self.facts_read: set[str] = set()
        self.steps = 0
        self.next_step = 0
        """Number of the timeline step that comes next."""

    # -- facts ------------------------------------------------------------------------------------------------------

    def row(self, key: str) -> Fact:
        """The fact `key` of the release; the trace records that it was read."""
        self.facts_read.add(key)
        return self.scenario.fact[key]

    def number(self, key: str) -> int:
        """The fact `key` as a whole number."""
        value: FactValue = self.row(key).value
        if isinstance(value, str):
            raise TypeError(f"fact {key} is not a number: {value!r}")
        return int(value)

    # -- state ------------------------------------------------------------------------------------------------------

    def set(self, key: Key, value: object) -> None:
        """Change the state; the log names the latest event as the one that did it."""
        before = self.state.get(key)
        if before == value and key in self.state:
            return
        self.state[key] = value
        self.changes.append(Change(self.now, len(self.events), key, value, before))

    def emit(
        self, kind: str, subject: str, detail: str, *, cause: int | None, rule: str, cluster: str | None = None
    ) -> int:
        """Log an event and return its number."""
        seq = len(self.events) + 1
        logged = self.scenario.fact.get(f"event.{kind}") if cluster in self.scenario.failover else None
        number = int(logged.value) if logged is not None else None
        self.events.append(Event(self.now, seq, kind, subject, detail, cause, rule, cluster, number))
        return seq

    # -- queue ------------------------------------------------------------------------------------------------------

    def after(
        self,
        ms: int,
        handler: str,
        *arguments: object,
        cause: int | None,
        order: int = ACT,
        background: bool = False,
    ) -> None:
        """Run `handler` in `ms`; a `background` entry is not waited for when the world settles."""
        self.pushed += 1
        entry = (self.now + ms, order, self.pushed, background, handler, arguments, cause)
        heapq.heappush(self.queue, entry)
        self.foreground += not background

    def pop(self) -> Entry:
        """Take the next entry and move the clock to it."""
        entry = heapq.heappop(self.queue)
        self.now = entry[0]
        self.foreground -= not entry[3]
        self.steps += 1
        if self.steps > self.step_limit:
            raise RunTooLong(f"the scenario did not settle within {self.step_limit:,} steps")
        return entry

    # -- chance -----------------------------------------------------------------------------------------------------

    def fork(self, share: Fraction) -> World:
        """An independent copy that has `share` of this world's chance."""
        copy = World(self.scenario, self.rules, self.step_limit)
        copy.state = dict(self.state)
        copy.start = self.start
        copy.silent = dict(self.silent)
        copy.blame = dict(self.blame)
        copy.now = self.now
        copy.share = self.share * share
        copy.bounded = self.bounded
        copy.events = list(self.events)
        copy.changes = list(self.changes)
        copy.queue = list(self.queue)
        copy.pushed = self.pushed
        copy.foreground = self.foreground
        copy.consulted = set(self.consulted)
        copy.facts_read = set(self.facts_read)
        copy.steps = self.steps
        copy.next_step = self.next_step
        return copy

    def finished(self) -> Branch:
        """This world as a finished course of events."""
        trace = Trace(
            scenario=self.scenario,
            events=tuple(self.events),
            start=self.start,
            end=dict(self.state),
            changes=tuple(self.changes),
            end_ms=self.now,
            consulted=frozenset(self.consulted),
            facts_read=frozenset(self.facts_read),
            rules=self.rules,
            bounded=self.bounded,
        )
        return Branch(self.share, trace)
