"""A scenario to try things on: what may be done to each of its parts, and a playhead over what happens then.

Both faces use it. A `Bench` is a value: everything that a person does gives a new one, and the former stays what it
was, which is what makes undoing simple.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice

from studyapp.cluster.deeds import Deed, faults, repairs
from studyapp.cluster.describe import Component
from studyapp.cluster.reasons.explain import explain_event, explain_silence, explain_things
from studyapp.cluster.scenario import Act, Scenario, Step
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Branch, Event, Outcome, State, Trace

TIMELINE = "timeline"
"""The rule of events that the timeline itself makes happen."""


@dataclass(frozen=True)
class Bench:
    """A scenario, what was done to it, and how much of what follows has been seen.

    `timeline` is the scenario's own with the person's acts in their places. `position` is the number of the last event
    seen, 0 before the first. `course` tells which of the courses that chance may take is looked at. `drawn` holds what
    chance has decided on the way here, so that only what is still open branches. `before` is the bench before the last
    act; `believed` names a misconception to go by instead of the truth.
    """

    scenario: Scenario
    timeline: tuple[Step, ...]
    believed: str | None = None
    acts: tuple[Act, ...] = ()
    position: int = 0
    course: int = 0
    drawn: tuple[tuple[str, tuple[str, ...]], ...] = ()
    before: Bench | None = field(default=None, repr=False, compare=False)

    @staticmethod
    def of(scenario: Scenario, believed: str | None = None) -> Bench:
        """A bench with nothing done to the scenario, before its first event."""
        return Bench(scenario, scenario.timeline, believed)

    @staticmethod
    def of_trace(trace: Trace, position: int = 0) -> Bench:
        """A bench that shows one course that was run elsewhere."""
        bench = Bench(trace.scenario, trace.scenario.timeline)
        bench.__dict__["outcome"] = Outcome((Branch(Fraction(1), trace),))
        return bench.seek(position)

    # -- what happens -----------------------------------------------------------------------------------------------

    @cached_property
    def outcome(self) -> Outcome:
        """Every course that may follow. Raises `RunTooLong` when what was done never settles."""
        scenario = replace(self.scenario, timeline=self.timeline)
        return simulate(scenario, self.believed, eager=True, drawn=dict(self.drawn))

    @property
    def trace(self) -> Trace:
        """The course that is looked at."""
        return self.outcome.branches[self.course].trace

    @cached_property
    def state(self) -> State:
        """The state at the playhead."""
        return next(islice(self.states(), self.position, None))

    def states(self) -> Iterator[State]:
        """The state before the first event and after each, in order, with what is known of chance in the whole course.

        A change is logged with the event before it, though it may come later and lead up to the next one: it belongs
        to the first event that is not earlier than it is.
        """
        state = dict(self.trace.start)
        changes = iter(self.trace.changes)
        change = next(changes, None)
        for seq, now_ms in enumerate((0, *(event.at_ms for event in self.trace.events))):
            last = seq == len(self.trace.events)
            while change is not None and change.seq <= seq and (last or change.at_ms <= now_ms):
                state[change.key] = change.value
                change = next(changes, None)
            yield {**state, **self.trace.drawn}

    @property
    def event(self) -> Event | None:
        """The event at the playhead; None before the first."""
        return self.trace.events[self.position - 1] if self.position else None

    @property
    def seen(self) -> tuple[Event, ...]:
        """The events up to the playhead."""
        return self.trace.events[: self.position]

    @property
    def now_ms(self) -> int:
        """The time at the playhead."""
        return self.event.at_ms if self.event is not None else 0

    @property
    def next_ms(self) -> int | None:
        """The time of the next event; None when nothing more happens."""
        return None if self.at_end else self.trace.events[self.position].at_ms

    @property
    def at_start(self) -> bool:
        """Nothing has been seen yet."""
        return self.position == 0

    @property
    def at_end(self) -> bool:
        """Nothing more happens."""
        return self.position >= len(self.trace.events)

    # -- the playhead -----------------------------------------------------------------------------------------------

    def seek(self, position: int) -> Bench:
        """The playhead at an event number, or at the nearest that there is."""
        position = max(0, min(position, len(self.trace.events)))
        return self if position == self.position else self._with(position=position)

    def seek_time(self, ms: int) -> Bench:
        """The playhead after the last event that is not later than `ms`."""
        return self.seek(sum(1 for event in self.trace.events if event.at_ms <= ms))

    def forward(self) -> Bench:
        """One event on."""
        return self.seek(self.position + 1)

    def back(self) -> Bench:
        """One event back."""
        return self.seek(self.position - 1)

    def _with(self, *, position: int | None = None, course: int | None = None) -> Bench:
        """The same bench looked at elsewhere; what was computed is kept."""
        other = replace(
            self,
            position=self.position if position is None else position,
            course=self.course if course is None else course,
        )
        other.__dict__["outcome"] = self.outcome
        return other

    # -- chance -----------------------------------------------------------------------------------------------------

    @property
    def courses(self) -> tuple[Fraction, ...]:
        """The share of each course; one course means that chance decides nothing."""
        return tuple(branch.share for branch in self.outcome.branches)

    def next_course(self) -> Bench:
        """The next outcome that chance may bring, at the same place of the playhead."""
        other = self._with(course=(self.course + 1) % len(self.courses))
        return other.seek(len(other.trace.events) if self.at_end else self.position)

    @property
    def chance(self) -> str:
        """Which of the outcomes this is and, after a comma, how likely; an empty text where chance decides nothing."""
        shares = self.courses
        if len(shares) == 1:
            return ""
        if len(set(shares)) == 1:
            likely = "equally likely"
        else:
            share = shares[self.course]
            likely = f"with a chance of {share.numerator} in {share.denominator}"
        return f"outcome {self.course + 1} of {len(shares)}, {likely}"

    # -- what a person does -----------------------------------------------------------------------------------------

    def with_act(self, act: Act, at_ms: int | None = None) -> Bench:
        """Do something at the playhead, which moves on to it.

        At the end it happens when all has settled, or at `at_ms`; in the midst at the time of the playhead, after
        everything of that moment. What the timeline still held comes later. Raises `RunTooLong`, and this bench stays
        as it was.
        """
        ended = self.at_end
        at_ms = at_ms if at_ms is not None or ended else self.now_ms
        begun = len(self.timeline) if ended else sum(1 for seq in starts(self.trace) if seq <= self.position)
        now_ms = self.trace.end_ms if ended else self.now_ms
        other = Bench(
            self.scenario,
            (*self.timeline[:begun], Step((act,), at_ms), *self.timeline[begun:]),
            self.believed,
            (*self.acts, act),
            drawn=_drawn_before(self.trace, now_ms),
            before=self,
        )
        known = [(e.at_ms, e.kind, e.subject, e.detail) for e in self.seen]
        begins_so = (
            [(e.at_ms, e.kind, e.subject, e.detail) for e in branch.trace.events[: len(known)]] == known
            for branch in other.outcome.branches
        )
        other = other._with(course=next(number for number, so in enumerate(begins_so) if so))
        return other.seek(starts(other.trace)[begun])

    def undone(self) -> Bench:
        """Without the last act, as it was before it; without acts, this."""
        return self.before if self.before is not None else self

    def started_over(self) -> Bench:
        """Without the person's acts, before the first event."""
        return Bench.of(self.scenario, self.believed)

    def why(self) -> tuple[str, ...]:
        """Why the last event seen happened, the first cause first; at the end also why nothing more follows."""
        if self.event is None:
            return ("Nothing has happened yet.",)
        silence = explain_silence(self.trace) if self.at_end else ()
        return (*explain_event(self.trace, self.position), *silence)

    def rules_of_why(self) -> tuple[str, ...]:
        """The rules by which that is so, each once; a person's own act has none."""
        if self.event is None:
            return ()
        chain = [event.rule for event in self.trace.why(self.event.seq) if event.rule != TIMELINE]
        silent = self.at_end and explain_silence(self.trace)
        return tuple(dict.fromkeys((*chain, *(explain_things(self.trace, frozenset()).rules if silent else ()))))

    def faults_for(self, component: Component) -> tuple[Deed, ...]:
        """What may go wrong with a thing in its present state."""
        return faults(self.scenario, self.state, component)

    def repairs_for(self, component: Component) -> tuple[Deed, ...]:
        """What may be put right about a thing in its present state."""
        return repairs(self.scenario, self.state, component)


OWN_ACT = "It is what was done: nothing else caused it."
"""Why an event happened that follows from no rule."""


def starts(trace: Trace) -> tuple[int, ...]:
    """For each step of the timeline the number of its first event: an act has one for each of its subjects."""
    told = [event.seq for event in trace.events if event.rule == TIMELINE and event.cause is None]
    found: list[int] = []
    next_told = 0
    for step in trace.scenario.timeline:
        found.append(told[next_told])
        next_told += sum(max(1, len(act.subjects)) for act in step.acts)
    return tuple(found)


def _drawn_before(trace: Trace, until_ms: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What chance has decided up to a time."""
    found = {c.key[1]: c.value for c in trace.changes if c.key[0] == "drawn" and c.at_ms <= until_ms}
    return tuple((draw, left) for draw, left in found.items() if isinstance(left, tuple))


# -- several benches under one timeline -----------------------------------------------------------------------------


def forward(benches: tuple[Bench, ...]) -> tuple[Bench, ...]:
    """Each bench whose next event is the earliest of all goes one event on."""
    times = [bench.next_ms for bench in benches]
    earliest = min((ms for ms in times if ms is not None), default=None)
    return tuple(
        bench.forward() if ms is not None and ms == earliest else bench
        for bench, ms in zip(benches, times, strict=True)
    )


def back(benches: tuple[Bench, ...]) -> tuple[Bench, ...]:
    """Each bench whose last event is the latest of all goes one event back."""
    latest = max((bench.now_ms for bench in benches if not bench.at_start), default=None)
    return tuple(bench.back() if not bench.at_start and bench.now_ms == latest else bench for bench in benches)


def act_on_all(benches: tuple[Bench, ...], act: Act) -> tuple[Bench, ...]:
    """Do the same on every bench that has the things it names, at one time: that of the bench that is furthest on.

    Raises `RunTooLong`.
    """
    if len(benches) == 1:
        return (benches[0].with_act(act),)
    ended = all(bench.at_end for bench in benches)
    now = max(bench.trace.end_ms if ended else bench.now_ms for bench in benches)
    return tuple(
        bench.seek_time(now).with_act(act, now) if names(act) <= known_names(bench.scenario) else bench.seek_time(now)
        for bench in benches
    )


def names(act: Act) -> frozenset[str]:
    """Every name that an act mentions."""
    return frozenset((*act.subjects, *act.networks, *(n for side in act.sides for n in side))) | (
        frozenset() if act.node is None else {act.node}
    )


def known_names(scenario: Scenario) -> frozenset[str]:
    """Every name that an act on this scenario may mention."""
    return frozenset(
        (
            *scenario.machines,
            *scenario.role,
            *scenario.service,
            *(s.name for s in scenario.storage),
            *(n.name for n in scenario.networks),
            *scenario.witnesses,
        )
    )
