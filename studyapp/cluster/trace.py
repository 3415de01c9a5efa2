"""What a run of the model leaves behind: events with their causes, and the state at every moment.

State is a flat mapping from `(attribute, name, ...)` to an immutable value. Every change is logged with the event that
made it, so that the state at any time is a replay of the log and a diagram can step to and fro.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from studyapp.cluster.chance import OneOf, candidates
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Scenario

Key = tuple[str, ...]
State = Mapping[Key, Any]
STEP: Key = ("step",)
"""The number of the last timeline step that was carried out: its change parts what settled before from what follows."""

SMALL = 200_000
"""Changes times values of a state of a trace that may be kept at every moment, and for every outcome of a draw."""


class Event(NamedTuple):
    """Something that happened.

    `seq` counts from 1 over the trace; `kind` is one of the documented event kinds; `subject` the thing it happened to;
    `detail` a plain sentence; `cause` the `seq` of the event that caused it (None: the timeline); `rule` the name of
    the rule that made it happen; `cluster` the cluster that it belongs to, or None; `number` the id that Windows logs
    for it, where the facts give one.
    """

    at_ms: int
    seq: int
    kind: str
    subject: str
    detail: str
    cause: int | None
    rule: str
    cluster: str | None = None
    number: int | None = None


class Change(NamedTuple):
    """`key` took `value` at the event `seq`; `before` is what it was (None: nothing was there)."""

    at_ms: int
    seq: int
    key: Key
    value: object
    before: object


@dataclass(frozen=True)
class Trace:
    """One course of events. `start` is the state before the timeline, `end` the state when the run stopped."""

    scenario: Scenario
    events: tuple[Event, ...]
    start: State = field(repr=False)
    end: State = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)
    end_ms: int
    consulted: frozenset[str]
    """Names of the rules that were asked in this run."""
    facts_read: frozenset[str]
    """Keys of the facts that this run read."""
    rules: Rules
    """The rules it ran by."""
    bounded: bool = False
    """A choice of chance was not followed because too many branches were alive."""
    drawn: State = field(default_factory=dict, repr=False)
    """What this course knows of each draw of chance, keys `("drawn", number)`; it holds from the start on."""

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What has been read off it, by those who may want to read it again."""
        return {}

    @property
    def is_small(self) -> bool:
        """It may be kept many times over."""
        return len(self.changes) * len(self.end) <= SMALL

    def knowing(self, draw: str, left: tuple[str, ...]) -> Trace:
        """The same course where only these candidates of a draw are possible."""
        more: dict[Key, Any] = {("drawn", draw): left}
        return replace(self, drawn={**self.drawn, **more}, end={**self.end, **more})

    def decided(self) -> Trace:
        """The same course where what is still open at its end has fallen on the first of its candidates."""
        found = self
        for drawn in self.draws():
            found = found.knowing(drawn.draw, candidates(found.end, drawn)[:1])
        return found

    def draws(self) -> Iterator[OneOf]:
        """The draws that its end speaks of, whatever is known of them."""
        for value in self.end.values():
            parts = value if isinstance(value, tuple) else (value,)
            yield from (part for part in parts if isinstance(part, OneOf))

    def at(self, ms: int) -> State:
        """The state at `ms`, after everything that happened at that moment."""
        state = dict(self.start)
        for change in self.changes:
            if change.at_ms > ms:
                break
            state[change.key] = change.value
        state.update(self.drawn)
        return state

    def after(self, seq: int) -> State:
        """The state just after event number `seq` (0: before the first)."""
        state = dict(self.start)
        for change in self.changes:
            if change.seq > seq:
                break
            state[change.key] = change.value
        state.update(self.drawn)
        return state

    def moments(self) -> Iterator[tuple[int, State]]:
        """Each time at which the state changed, with the state after it, from the start on; where a step of the
        timeline follows at the same time, also the state that had settled before it.
        """
        return ((ms, state) for ms, _, state in self.instants())

    def instants(self) -> Iterator[tuple[int, int | None, State]]:
        """The same, and how many events had happened where a step of the timeline follows at the same time."""
        state = dict(self.start) | dict(self.drawn)
        moment = 0
        for change in self.changes:
            if change.key[0] == "drawn":
                continue
            if change.at_ms > moment or change.key == STEP:
                yield moment, change.seq if change.at_ms == moment else None, dict(state)
                moment = change.at_ms
            state[change.key] = change.value
        yield moment, None, state

    def why(self, seq: int) -> tuple[Event, ...]:
        """The event `seq` and the chain of its causes, the first cause first."""
        chain: list[Event] = []
        number: int | None = seq
        while number is not None:
            event = self.events[number - 1]
            chain.append(event)
            number = event.cause
        return tuple(reversed(chain))


@dataclass(frozen=True, slots=True)
class Branch:
    """One course of events and the share of chance that it has."""

    share: Fraction
    trace: Trace


@dataclass(frozen=True, slots=True)
class Outcome:
    """All courses that the scenario may take; their shares sum to 1."""

    branches: tuple[Branch, ...]
    steps: int = field(default=0, compare=False)
    """Pieces of work that following them has taken."""

    @property
    def trace(self) -> Trace:
        """The first branch's trace: the one that is shown."""
        return self.branches[0].trace

    @property
    def bounded(self) -> bool:
        """Chance has too many courses: there are others than these."""
        return any(branch.trace.bounded for branch in self.branches)
