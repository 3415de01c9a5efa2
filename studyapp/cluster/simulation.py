"""Run a scenario: carry out its timeline step by step, let everything settle, follow every branch of chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from studyapp.cluster.chance import OneOf, Undecided, candidates
from studyapp.cluster.misconceptions import believing
from studyapp.cluster.orders import machines
from studyapp.cluster.orders.handlers import HANDLERS, VERBS
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.cluster.votes import Table
from studyapp.cluster.world import STEP_LIMIT, World

MAX_BRANCHES = 1024
"""Branches alive at once; beyond it a draw takes its first candidate and the trace says `bounded`."""
MAX_VALUES = 4_000_000
"""Values that all of them may hold together: a scenario of thousands of machines has fewer branches."""
MAX_HISTORIES = 4 * MAX_BRANCHES
"""Histories that led to them, those that branches which were made one have behind them included."""
MAX_STEPS = 40_000
"""Pieces of work over all branches together; beyond it only the first branch is followed, and the trace says `bounded`.
A single branch has a limit of its own, `STEP_LIMIT`.
"""

_WITH_DRAWS = frozenset((OneOf, Table))
"""What a state may hold of a draw."""


def simulate(
    scenario: Scenario,
    believed: str | None = None,
    *,
    rules: Rules | None = None,
    step_limit: int = STEP_LIMIT,
    eager: bool = False,
    every_beat: bool = False,
    drawn: Mapping[str, tuple[str, ...]] | None = None,
) -> Outcome:
    """Every course that the scenario may take.

    `believed` names a misconception that replaces one rule; `rules` gives the rules outright. With `eager` chance
    decides also what nobody asks about, so that each trace names who it was; with `every_beat` idle heartbeats are
    simulated too, which changes nothing but the time it takes; `drawn` is what is known of draws beforehand, by their
    numbers. Raises KeyError for an unknown misconception and
    `RunTooLong` when the scenario does not settle.
    """
    held = rules if rules is not None else believing(believed)
    world = World(scenario, held, step_limit, eager=eager, every_beat=every_beat)
    for draw, left in (drawn or {}).items():
        world.state["drawn", draw] = left
    alive = [world]
    for number in range(1, len(scenario.timeline) + 1):
        alive = _merged(_level(alive, number))
    alive = _level(alive, len(scenario.timeline) + 1)
    return Outcome(tuple(branch for world in alive for branch in world.finished()), world.effort.steps)


def _level(worlds: list[World], number: int) -> list[World]:
    """Bring each world to where step `number` of the timeline is due; worlds split where chance has to decide."""
    waiting: list[World] = list(reversed(worlds))
    done: list[World] = []
    histories = sum(1 + len(world.pasts) for world in worlds)
    while waiting:
        if _spent(waiting[-1]) and len(waiting) + len(done) > 1:
            return _level([_first_alone([*done, *reversed(waiting)])], number)
        world = waiting.pop()
        question = _advance(world, number)
        if question is None:
            done.append(world)
            continue
        parts = question.parts
        more = (len(parts) - 1) * (1 + len(world.pasts))
        alive = len(waiting) + len(done) + len(parts)
        if (
            alive > min(MAX_BRANCHES, MAX_VALUES // len(world.state))
            or histories + more > MAX_HISTORIES
            or _spent(world)
        ):
            _bound(world, question)
            waiting.append(world)
            continue
        histories += more
        in_all = sum(len(part) for part in parts)
        for part in reversed(parts):
            fork = world.fork(Fraction(len(part), in_all))
            fork.learn(question.draw, part)
            waiting.append(fork)
    return done


def _spent(world: World) -> bool:
    """All branches together have taken too much work; where each heartbeat is simulated nothing is bounded by that."""
    return world.effort.steps > MAX_STEPS and not world.every_beat


def _bound(world: World, question: Undecided) -> None:
    """Too many branches are alive: only the first candidate is followed, and the trace says so."""
    world.bounded = True
    first = question.parts[0][:1]
    in_all = sum(len(part) for part in question.parts)
    world.learn(question.draw, first)
    sentence = f"too many branches of chance: only {first[0]}, the first of {in_all}, is followed"
    world.emit("bounded", "all", sentence, cause=None, rule="chance")


def _first_alone(worlds: Sequence[World]) -> World:
    """All branches together have taken too much work: the first is followed for all of them, and the trace says so."""
    first = worlds[0]
    first.bounded = True
    first.share = sum((world.share for world in worlds), Fraction(0))
    sentence = f"too much may happen: only the first of {len(worlds):,} courses of chance is followed"
    first.emit("bounded", "all", sentence, cause=None, rule="chance")
    return first


def _advance(world: World, number: int) -> Undecided | None:
    """Carry out the step before step `number`, unless that is done, and run until step `number` is due; gives what has
    to be known first where chance has to decide.
    """
    timeline = world.scenario.timeline
    question: Undecided | None = None
    if world.next_step == 0:
        question = world.attempt(0, machines.settle_in, world)
    elif world.next_step < number:
        acts = timeline[number - 2].acts
        question = world.attempt(world.now, machines.happen, world, acts, VERBS)
    if question is not None:
        return question
    world.next_step = number
    due = timeline[number - 1].at_ms if number <= len(timeline) else world.scenario.until_ms
    settles = due is None or number > len(timeline)
    while world.queue and ((settles and world.foreground > 0) or (due is not None and world.queue[0][0] <= due)):
        question = world.work(HANDLERS)
        if question is not None:
            return question
    # Timers that have run out to no effect are not waited for: all had settled when something last happened.
    world.now = max(world.acted_ms if settles else world.now, due or 0)
    return None


# -- merging --------------------------------------------------------------------------------------------------------


def _merged(worlds: list[World]) -> list[World]:
    """The worlds, those that differ in nothing but their history made one: their future is the same."""
    if len(worlds) < 2:
        return worlds
    kept: list[World] = []
    alike: dict[tuple[int, ...], list[tuple[World, dict[Any, Any]]]] = {}
    for world in worlds:
        present = _present(world)
        others = alike.setdefault((world.now, len(world.events), world.draws, len(world.queue)), [])
        same = next((other for other, its in others if its == present and _go_on_alike(world, other)), None)
        if same is not None and len(same.pasts) + len(world.pasts) + 2 <= MAX_BRANCHES:
            same.absorb(world)
        else:
            others.append((world, present))
            kept.append(world)
    return kept


def _present(world: World) -> dict[Any, Any]:
    """The state, with what is known of the draws in it; of a draw only what is still open."""
    return {
        key: _open(world, value) if type(value) in _WITH_DRAWS else value
        for key, value in world.state.items()
        if key[0] != "drawn"
    }


def _go_on_alike(one: World, two: World) -> bool:
    """The same is still to come, and the same is remembered for it."""
    return one.memo == two.memo and _waiting(one) == _waiting(two)


def _waiting(world: World) -> list[tuple[Any, ...]]:
    """The queue, without the numbers that only tell in which order it was filled."""
    return sorted((at, order, name, repr(rest)) for at, order, _, _, name, *rest in world.queue)


def _open(world: World, value: Any) -> Any:
    """The value, with what is known of the draws in it."""
    if isinstance(value, OneOf):
        return value.draw, candidates(world.state, value)
    if isinstance(value, Table) and isinstance(value.without, OneOf):
        return value._replace(without=_open(world, value.without))
    return value
