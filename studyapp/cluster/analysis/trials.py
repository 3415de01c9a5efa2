"""Sets of faults tried one by one: the scenario goes on with them, and what then becomes of a service is read off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from studyapp.cluster.chance import OneOf, Undecided, candidates
from studyapp.cluster.clients.service import answered
from studyapp.cluster.effort import at_hand
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Act, Scenario, Step
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Trace

FaultSet = tuple[str, ...]


class TooManyFaultSets(Exception):
    """There are more sets of faults, or more courses of chance after them, than can be followed."""


class Future(NamedTuple):
    """A course that things may take after some faults: its share of chance, what it knows of each draw, and the share
    of clients that get no answer in it.
    """

    share: Fraction
    drawn: Mapping[str, tuple[str, ...]]
    down: Fraction


def after_faults(scenario: Scenario, faults: Iterable[str]) -> Scenario:
    """The scenario whose timeline goes on with these faults, all at once."""
    acts = tuple(Act("crash" if name in scenario.machines else "lose", (name,)) for name in faults)
    return replace(scenario, timeline=(*scenario.timeline, Step(acts))) if acts else scenario


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the draws before the faults: which names are left of each, and of those that are open, between
    which they were made. Nothing at all stands for every course together.
    """

    left: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bounded: bool = False
    """It is known already that not every course was followed."""

    def weight(self, future: Future) -> Fraction:
        """The share of a future in what is known, but for a factor that all of them have."""
        weight = future.share
        for draw, left in self.left.items():
            held = future.drawn.get(draw) or self.among.get(draw, left)
            weight *= Fraction(len(set(held) & set(left)), len(held))
        return weight


class Tried(NamedTuple):
    """The futures after a set of faults, whether chance has more of them, and the steps that finding them has taken."""

    futures: tuple[Future, ...]
    bounded: bool
    steps: int


class Trials:
    """What sets of faults do to one service of a scenario; each is simulated once, when it is first asked about."""

    def __init__(self, scenario: Scenario, rules: Rules, service: str, tried: dict[FaultSet, Tried]) -> None:
        self._scenario = scenario
        self._rules = rules
        self._service = service
        self._tried = tried
        self._asked: set[FaultSet] = set()

    def down(self, faults: FaultSet, known: Known) -> Fraction:
        """The share of chance and of clients in which these faults take the service down, after what is known.

        Raises:
            Undecided: it turns on a draw that was made before the faults, and that is open in what is known.
            TooManyFaultSets: chance has more courses after the faults than are followed.
            TooMuchWork: see `effort`.
        """
        if faults not in self._tried:
            self._tried[faults] = self._try(faults)
        futures, bounded, steps = self._tried[faults]
        at_hand().spend(1 if faults in self._asked else steps)
        self._asked.add(faults)
        if bounded and not known.bounded:
            what = f"after the loss of {' + '.join(faults)} " if faults else ""
            raise TooManyFaultSets(f"{what}chance has more courses than are followed")
        if len(futures) == 1:
            return futures[0].down
        weighed = [(future, weight) for future in futures if (weight := known.weight(future))]
        if len({future.down for future, _ in weighed}) > 1:
            _ask(known, [future for future, _ in weighed])
        in_all = sum((weight for _, weight in weighed), Fraction(0))
        return sum((future.down * weight for future, weight in weighed), Fraction(0)) / in_all

    def _try(self, faults: FaultSet) -> Tried:
        outcome = simulate(after_faults(self._scenario, faults), rules=self._rules)
        read = (_read(branch.trace, branch.share, self._service) for branch in outcome.branches)
        found = tuple(future for futures in read for _, future in futures)
        if len({future.down for future in found}) == 1:
            found = (Future(Fraction(1), {}, found[0].down),)
        return Tried(found, outcome.bounded, outcome.steps)


def _ask(known: Known, futures: list[Future]) -> None:
    """Ask for the first open draw by which the futures part. Raises Undecided where there is one."""
    for draw in known.among:
        left = known.left[draw]
        for future in futures:
            held = future.drawn.get(draw, left)
            part = tuple(name for name in left if name in held)
            if part != left:
                rest = tuple(name for name in left if name not in part)
                raise Undecided(draw, (part, rest) if left[0] in part else (rest, part))


def trials(scenario: Scenario, rules: Rules, service: str) -> Trials:
    """The trials of a service; the same as before where they are asked for again in one piece of work."""
    asked = scenario, rules, service
    kept = at_hand().kept
    if asked not in kept:
        kept[asked] = Trials(*asked, _remembered(*asked))
    found: Trials = kept[asked]
    return found


@lru_cache(maxsize=8)
def _remembered(scenario: Scenario, rules: Rules, service: str) -> dict[FaultSet, Tried]:
    """What was tried of a service; it is still known to the next piece of work."""
    return {}


def course_after(course: Trace, service: str, faults: FaultSet) -> Trace:
    """A course that things may take when some components fail after another course: one in which the service is down,
    where there is such.
    """
    known = known_in(course)
    outcome = simulate(after_faults(course.scenario, faults), rules=course.rules)
    at_hand().spend(outcome.steps)
    found = [each for branch in outcome.branches for each in _read(branch.trace, branch.share, service)]
    return _settled(max(found, key=lambda each: bool(each[1].down and known.weight(each[1])))[0], known)


def _settled(trace: Trace, known: Known) -> Trace:
    """The same course where each draw that it ever made has fallen on one name, which what is known leaves possible."""
    for value in (*(change.value for change in trace.changes), *trace.end.values()):
        for drawn in value if isinstance(value, tuple) else (value,):
            if isinstance(drawn, OneOf):
                left = candidates(trace.end, drawn)
                left = tuple(name for name in known.left.get(drawn.draw, left) if name in left)
                trace = trace.knowing(drawn.draw, left[:1])
    return trace


def _read(trace: Trace, share: Fraction, service: str) -> Iterator[tuple[Trace, Future]]:
    """How a course ends for the clients; several ends where an open draw decides that."""
    try:
        down = 1 - answered(trace, trace.end, service)
    except Undecided as question:
        in_all = sum(len(part) for part in question.parts)
        for part in question.parts:
            yield from _read(trace.knowing(question.draw, part), share * Fraction(len(part), in_all), service)
    else:
        yield trace, Future(share, {key[1]: left for key, left in trace.drawn.items()}, down)


def known_in(course: Trace) -> Known:
    """What a course of the run before the faults knows of the draws."""
    made = {drawn.draw: drawn for drawn in course.draws()}
    left = {key[1]: names for key, names in course.drawn.items()}
    left |= {draw: candidates(course.end, drawn) for draw, drawn in made.items()}
    return Known(left, {draw: drawn.among for draw, drawn in made.items()}, course.bounded)
