"""Run a scenario: carry out its timeline step by step, let everything settle, follow every branch of chance."""

from __future__ import annotations

from fractions import Fraction

from studyapp.cluster import failover, machines, membership, nlb, quorum, view
from studyapp.cluster.misconceptions import believing
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import STEP_LIMIT, Choice, Handler, World

MAX_BRANCHES = 1024
"""Branches alive at once; beyond it a choice takes its first alternative and the trace says `bounded`."""


def _boot_elsewhere(world: World, vm: str, *, cause: int | None) -> None:
    """Only under a misconception: a guest cluster starts the VM that it lost on a host that answers."""
    role = world.scenario.ha_vms.get(vm)
    hosts = [h for h in world.scenario.host if view.answers(world.state, h)]
    if role is not None or view.answers(world.state, vm) or not hosts:
        return
    other = [h for h in hosts if h != view.host_of(world.state, vm)] or hosts
    started = world.emit("start", vm, f"{vm} starts on {other[0]}", cause=cause, rule="cold-start")
    world.set(("host", vm), other[0])
    failover.boot(world, vm, started)


def _look(world: World, *, cause: int | None) -> None:
    machines.recheck(world, cause)


HANDLERS: dict[str, Handler] = {
    "regroup": membership.regroup,
    "gather": membership.gather,
    "form": membership.form,
    "meet": membership.meet,
    "judge": quorum.judge,
    "take-over": failover.take_over,
    "place": failover.place,
    "come-online": failover.come_online,
    "poll": failover.poll,
    "retry": failover.retry,
    "machine-up": machines.machine_up,
    "look": _look,
    "boot-elsewhere": _boot_elsewhere,
    "nlb-regroup": nlb.regroup,
    "nlb-converge": nlb.converge,
}


def simulate(
    scenario: Scenario, believed: str | None = None, *, rules: Rules | None = None, step_limit: int = STEP_LIMIT
) -> Outcome:
    """Every course that the scenario may take.

    `believed` names a misconception that replaces one rule; `rules` gives the rules outright. Raises KeyError for an
    unknown misconception and `RunTooLong` when the scenario does not settle.
    """
    world = World(scenario, rules if rules is not None else believing(believed), step_limit)
    machines.settle_in(world)
    alive, finished = [world], []
    while alive:
        current = alive.pop()
        choice = _advance(current)
        if choice is None:
            finished.append(current)
            continue
        alternatives = choice.alternatives
        if len(alive) + len(finished) + len(alternatives) > MAX_BRANCHES:
            current.bounded = True
            current.emit(
                "bounded",
                str(alternatives[0][0]),
                f"too many branches of chance: the first of {len(alternatives)} is followed",
                cause=choice.cause,
                rule="chance",
            )
            alternatives = alternatives[:1]
        share = Fraction(1, len(alternatives))
        for arguments in reversed(alternatives):
            fork = current.fork(share)
            fork.after(0, choice.handler, *arguments, cause=choice.cause, order=-1)
            alive.append(fork)
    return Outcome(tuple(w.finished() for w in finished))


def _advance(world: World) -> Choice | None:
    """Run until the world has settled after its last step, or until chance decides."""
    timeline = world.scenario.timeline
    until = world.scenario.until_ms
    while True:
        step = timeline[world.next_step] if world.next_step < len(timeline) else None
        limit = step.at_ms if step is not None else until
        waits = world.foreground > 0 and (step is None or limit is None)
        if waits or (limit is not None and world.queue and world.queue[0][0] <= limit):
            _, _, _, _, handler, arguments, cause = world.pop()
            choice = HANDLERS[handler](world, *arguments, cause=cause)
            if choice is not None:
                return choice
        elif step is not None:
            if step.at_ms is not None:
                world.now = max(world.now, step.at_ms)
            world.next_step += 1
            machines.happen(world, step.acts)
        else:
            world.now = max(world.now, until or 0)
            return None
