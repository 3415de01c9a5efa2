"""Every kind of queue entry and every verb of the timeline, with the function that does it: each part of the model adds
its own.
"""

from __future__ import annotations

from studyapp.cluster import (
    administration,
    failover,
    faults,
    joining,
    machines,
    membership,
    nlb,
    quorum,
    resiliency,
    view,
)
from studyapp.cluster.world import Handler, Verb, World


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
    **membership.HANDLERS,
    "gather": joining.gather,
    "meet": joining.meet,
    "judge": quorum.judge,
    "machine-up": machines.machine_up,
    "look": _look,
    "boot-elsewhere": _boot_elsewhere,
    **failover.HANDLERS,
    **faults.HANDLERS,
    **nlb.HANDLERS,
    **resiliency.HANDLERS,
}

VERBS: dict[str, Verb] = {**faults.VERBS, **administration.VERBS}
