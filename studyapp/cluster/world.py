"""The event kernel: a clock, a queue, a flat state and a log.

Everything that a run depends on is plain data, so a world can be forked where chance decides. A queue entry is
`(at_ms, order, number, background, handler, arguments, cause)`; entries at one moment run in the order `order`, then in
the order in which they were put there, so a run is a pure function of its scenario.

A handler either does all of its work or none: one that has to know what chance has not decided is undone, the world is
split, and in each part the same handler runs again.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from studyapp.cluster.chance import OneOf, Undecided, candidates
from studyapp.cluster.effort import Effort
from studyapp.cluster.properties import PROPERTIES, Property
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Act, Fact, Scenario, Setting
from studyapp.cluster.trace import Branch, Change, Event, Key, State, Trace

STEP_LIMIT = 30_000
"""Handled queue entries after which a run stops: a scenario that would run for ever is refused."""
STEPS_EACH = 100
"""How many more are allowed for each step of the timeline."""

NOTICE, ACT = 0, 1
"""Order at one moment: clusters notice first, then act on what they noticed."""

Entry = tuple[int, int, int, bool, str, tuple[object, ...], int | None]
Handler = Callable[..., None]
Verb = Callable[["World", Act], None]
"""Carries out one act of the timeline: logs one event by the rule `timeline` for each subject, or refuses it."""
_MISSING: Final = object()
_OPEN = re.compile("\x02([^\x04]*)\x04([^\x03]*)\x03")
NAMED = 6
"""Names that a sentence lists at most where chance has not decided."""


class RunTooLong(Exception):
    """The scenario did not settle within its step limit."""


@dataclass(frozen=True, slots=True)
class Past:
    """Another history that led to the same state: what came before `World.merged_at`, and its share of chance."""

    share: Fraction
    start: State
    events: tuple[Event, ...]
    changes: tuple[Change, ...]
    drawn: dict[Key, Any]
    consulted: frozenset[str]
    facts_read: frozenset[str]
    bounded: bool


class World:
    """A run in progress. Handlers read and change `state` through it and never keep anything elsewhere."""

    def __init__(
        self,
        scenario: Scenario,
        rules: Rules,
        step_limit: int = STEP_LIMIT,
        *,
        eager: bool = False,
        every_beat: bool = False,
        effort: Effort | None = None,
    ) -> None:
        self.scenario = scenario
        self.effort = effort if effort is not None else Effort()
        self.step_limit = step_limit + STEPS_EACH * len(scenario.timeline)
        self.rules = rules
        self.eager = eager
        """Chance decides at once, also what nobody asks about: each trace then says who it was."""
        self.every_beat = every_beat
        """Every heartbeat is an entry of the queue, as a check on the skipping of idle ones."""
        self.state: dict[Key, Any] = {}
        self.start: dict[Key, Any] = {}
        self.memo: dict[Any, Any] = {}
        """What only the run itself needs: since when a member is silent, which event is to blame. Kept with `note`."""
        self.now = 0
        self.acted_ms = 0
        """When something happened or changed last."""
        self.share = Fraction(1)
        self.pasts: tuple[Past, ...] = ()
        self.merged_at = (0, 0)
        """Numbers of events and changes that `pasts` have in place of this world's."""
        self.drawn_then: dict[Key, Any] = {}
        """What was known of every draw when `pasts` were taken in: what was learnt since is true of them too."""
        self.bounded = False
        self.events: list[Event] = []
        self.changes: list[Change] = []
        self.queue: list[Entry] = []
        self.pushed = 0
        self.draws = 0
        self.foreground = 0
        self.consulted: set[str] = set()
        self.facts_read: set[str] = set()
        self.steps = 0
        self.next_step = 0
        """Number of the timeline step that comes next."""
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    # -- facts and settings -----------------------------------------------------------------------------------------

    def row(self, key: str, cluster: str | None = None) -> Fact:
        """The fact `key` of the release, or of the one that a failover cluster runs by; the trace records the reading.

        The record is `key`, or `release:key` where it is not the scenario's own release.
        """
        raised = self.state.get(("level", cluster or ""))
        release = raised or self.scenario.level.get(cluster or "", self.scenario.release)
        self.facts_read.add(key if release == self.scenario.release else f"{release}:{key}")
        return self.scenario.facts_of[release][key]

    def number(self, key: str, cluster: str | None = None) -> int:
        """The fact `key` as a whole number."""
        return int(self.row(key, cluster).value)

    def has(self, feature: str, cluster: str | None = None) -> bool:
        """The release has this feature (a row `feature.…`)."""
        return bool(self.row(f"feature.{feature}", cluster).value)

    def by_hand(self, thing: str, name: str) -> Setting | None:
        """A property as somebody set it, in the timeline or in the scenario; None where the default holds."""
        found: Setting | None = self.state.get(("property", thing, name))
        return found if found is not None else self.scenario.settings.get((thing, name))

    def setting(self, thing: str, name: str, cluster: str | None = None) -> int:
        """The value in force of a numeric property of a thing, in the model's unit; `cluster` whose rules hold."""
        found = self.by_hand(thing, name)
        if found is None:
            made_of: Property = PROPERTIES[name]
            return self.number(made_of.fact, cluster or (thing if thing in self.scenario.failover else None))
        assert isinstance(found, int)
        return int(found)

    # -- state ------------------------------------------------------------------------------------------------------

    def set(self, key: Key, value: object) -> None:
        """Change the state; the log names the latest event as the one that did it."""
        before = self.state.get(key, _MISSING)
        if before == value and before is not _MISSING:
            return
        self._undo.append((self.state, key, before))
        self.state[key] = value
        self.changes.append(Change(self.now, len(self.events), key, value, None if before is _MISSING else before))

    def note(self, key: object, value: object) -> None:
        """Remember something for the run itself; None forgets it."""
        self._undo.append((self.memo, key, self.memo.get(key, _MISSING)))
        if value is None:
            self.memo.pop(key, None)
        else:
            self.memo[key] = value

    def accuse(self, thing: str, seq: int | None) -> None:
        """Remember the event that last changed the condition of a thing, for those who will notice."""
        self.note(("blame", thing), seq)

    def blame(self, thing: str, otherwise: int | None = None) -> int | None:
        """The event that last changed the condition of a thing."""
        found: int | None = self.memo.get(("blame", thing))
        return found if found is not None else otherwise

    def emit(
        self, kind: str, subject: str, detail: str, *, cause: int | None, rule: str, cluster: str | None = None
    ) -> int:
        """Log an event and return its number."""
        seq = len(self.events) + 1
        logged = self.scenario.fact.get(f"event.{kind}") if cluster in self.scenario.failover else None
        number = int(logged.value) if logged is not None else None
        self.events.append(Event(self.now, seq, kind, subject, detail, cause, rule, cluster, number))
        return seq

    def refuse(self, finding: str, subject: str, detail: str, *, about: str | None = None) -> None:
        """An operation of the timeline that Windows refuses: it changes nothing, and gives a finding of this id.

        `about` is the property that it is about.
        """
        self.emit("refused", subject, f"refused: {detail}", cause=None, rule="timeline")
        self.set(("finding", finding, subject), detail)
        if about is not None:
            self.set(("finding-property", finding, subject), about)

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

    def once(self, handler: str, *arguments: object, cause: int | None) -> None:
        """Run `handler` later at this moment, unless it waits already to run so with these arguments."""
        key = ("once", handler, arguments)
        if self.memo.get(key) != self.now:
            self.note(key, self.now)
            self.after(0, handler, *arguments, cause=cause)

    def work(self, handlers: dict[str, Handler]) -> Undecided | None:
        """Take the next entry, move the clock to it and handle it; gives what it would have to know first."""
        entry = heapq.heappop(self.queue)
        now, _, _, background, name, arguments, cause = entry
        self.foreground -= not background
        question = self.attempt(now, self._handle, handlers[name], name, arguments, cause)
        if question is not None:
            heapq.heappush(self.queue, entry)
            self.foreground += not background
            return question
        self.steps += 1
        if self.steps > self.step_limit:
            raise RunTooLong(f"the scenario did not settle within {self.step_limit:,} steps")
        return None

    def _handle(self, handler: Handler, name: str, arguments: tuple[object, ...], cause: int | None) -> None:
        if ("once", name, arguments) in self.memo:
            self.note(("once", name, arguments), None)
        handler(self, *arguments, cause=cause)

    def attempt(self, now: int, work: Callable[..., None], *arguments: object) -> Undecided | None:
        """Do all of this work at the time `now`, or nothing of it; gives what it would have to know first.

        The clock goes on in either case: the work that was not done will be done at that time.
        """
        marks = (len(self.events), len(self.changes), self.pushed, self.draws)
        self.effort.add(len(self.state))
        self._undo.clear()
        self.now = now
        try:
            work(*arguments)
        except Undecided as question:
            self._take_back(*marks)
            return question
        if len(self.events) > marks[0] or len(self.changes) > marks[1]:
            self.acted_ms = now
        return None

    def _take_back(self, events: int, changes: int, pushed: int, draws: int) -> None:
        for mapping, key, before in reversed(self._undo):
            if before is _MISSING:
                mapping.pop(key, None)
            else:
                mapping[key] = before
        self._undo.clear()
        del self.events[events:]
        del self.changes[changes:]
        if self.pushed > pushed:
            self.foreground -= sum(1 for entry in self.queue if entry[2] > pushed and not entry[3])
            self.queue = [entry for entry in self.queue if entry[2] <= pushed]
            heapq.heapify(self.queue)
        self.pushed, self.draws = pushed, draws

    # -- chance -----------------------------------------------------------------------------------------------------

    def draw(self, names: tuple[str, ...]) -> str | OneOf:
        """One of these names by chance, all equally likely; which one is left open until somebody has to know."""
        if len(names) == 1:
            return names[0]
        self.draws += 1
        drawn = OneOf(str(self.draws), names)
        return self.pick_from(drawn) if self.eager else drawn

    def pick(self, names: tuple[str, ...]) -> str:
        """One of these names by chance, known at once. Raises Undecided, so that the world is split here."""
        if len(names) == 1:
            return names[0]
        self.draws += 1
        return self.pick_from(OneOf(str(self.draws), names))

    def pick_from(self, drawn: OneOf) -> str:
        """The name that was drawn. Raises Undecided while it is open."""
        left = candidates(self.state, drawn)
        if len(left) > 1:
            raise Undecided(drawn.draw, tuple((name,) for name in left))
        return left[0]

    def fork(self, share: Fraction) -> World:
        """An independent copy that has `share` of this world's chance."""
        copy = World(self.scenario, self.rules, eager=self.eager, every_beat=self.every_beat, effort=self.effort)
        copy.step_limit = self.step_limit
        copy.state, copy.memo = dict(self.state), dict(self.memo)
        copy.start = self.start
        copy.now, copy.acted_ms = self.now, self.acted_ms
        copy.share = self.share * share
        copy.pasts = tuple(replace(past, share=past.share * share) for past in self.pasts)
        copy.merged_at, copy.drawn_then = self.merged_at, self.drawn_then
        copy.bounded = self.bounded
        copy.events, copy.changes, copy.queue = list(self.events), list(self.changes), list(self.queue)
        copy.pushed, copy.draws, copy.foreground = self.pushed, self.draws, self.foreground
        copy.consulted, copy.facts_read = set(self.consulted), set(self.facts_read)
        copy.steps, copy.next_step = self.steps, self.next_step
        return copy

    def learn(self, draw: str, left: tuple[str, ...]) -> None:
        """From here on only these candidates of a draw are possible."""
        self.acted_ms = self.now
        self.set(("drawn", draw), left)

    # -- ends -------------------------------------------------------------------------------------------------------

    def drawn(self) -> dict[Key, Any]:
        """What is known of every draw."""
        return {key: value for key, value in self.state.items() if key[0] == "drawn"}

    def past(self) -> Past:
        """This world's own history, with the share that is not its pasts'."""
        return Past(
            self.share - sum(past.share for past in self.pasts),
            self.start,
            tuple(self.events),
            tuple(self.changes),
            self.drawn(),
            frozenset(self.consulted),
            frozenset(self.facts_read),
            self.bounded,
        )

    def histories(self) -> tuple[Past, ...]:
        """Every history that led here: this world's own, then those of worlds that it has absorbed."""
        own = self.past()
        events, changes = self.merged_at
        since = {key: left for key, left in own.drawn.items() if self.drawn_then.get(key) != left}
        others = (
            replace(
                past,
                events=(*past.events, *self.events[events:]),
                changes=(*past.changes, *self.changes[changes:]),
                drawn=past.drawn | since,
                consulted=own.consulted | past.consulted,
                facts_read=own.facts_read | past.facts_read,
                bounded=own.bounded or past.bounded,
            )
            for past in self.pasts
        )
        return (own, *others)

    def absorb(self, other: World) -> None:
        """Go on for another world too, which differs from this one in nothing but its history."""
        _, *mine = self.histories()
        self.pasts = (*mine, *other.histories())
        self.merged_at = (len(self.events), len(self.changes))
        self.drawn_then = self.drawn()
        self.share += other.share

    def finished(self) -> tuple[Branch, ...]:
        """This world as finished courses of events, one for each history."""
        return tuple(Branch(past.share, self._trace(past)) for past in self.histories())

    def _trace(self, past: Past) -> Trace:
        told = tuple(_told(event, past.drawn) for event in past.events) if self.draws else past.events
        return Trace(
            scenario=self.scenario,
            events=told,
            start=past.start,
            end={**self.state, **past.drawn},
            changes=past.changes,
            drawn=past.drawn,
            end_ms=self.now,
            consulted=past.consulted,
            facts_read=past.facts_read,
            rules=self.rules,
            bounded=past.bounded,
        )


def _told(event: Event, drawn: dict[Key, Any]) -> Event:
    """The event with what is known of the draws that its sentence speaks of: `host2`, or `host2 or host3`."""
    if "\x02" not in event.detail:
        return event

    def names(found: re.Match[str]) -> str:
        left = drawn.get(("drawn", found[1]), tuple(found[2].split("\x04")))
        return " or ".join(left) if len(left) <= NAMED else f"one of {len(left)} nodes"

    return event._replace(detail=_OPEN.sub(names, event.detail))
