"""Every kind of queue entry and every verb of the timeline, with the function that does it: each part of the model adds
its own.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.clients import load, nlb
from studyapp.cluster.moves import balancing, draining, evacuation, migration, resiliency, storage_paths
from studyapp.cluster.nodes import joining, membership, quorum
from studyapp.cluster.orders import (
    administration,
    faults,
    machines,
    nlb_actions,
    node_verbs,
    planned,
    settings,
    storage_moves,
)
from studyapp.cluster.roles import failback, failover, guests, policies, resources
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
    **administration.HANDLERS,
    **balancing.HANDLERS,
    **draining.HANDLERS,
    **evacuation.HANDLERS,
    **failback.HANDLERS,
    **failover.HANDLERS,
    **faults.HANDLERS,
    **guests.HANDLERS,
    **migration.HANDLERS,
    **load.HANDLERS,
    **nlb.HANDLERS,
    **planned.HANDLERS,
    **policies.HANDLERS,
    **resiliency.HANDLERS,
    **resources.HANDLERS,
    **storage_moves.HANDLERS,
    **storage_paths.HANDLERS,
}
HANDLERS.update({name: load.watched(handler) for name, handler in HANDLERS.items() if name != "connections"})

VERBS: dict[str, Verb] = {
    **faults.VERBS,
    **migration.VERBS,
    **storage_moves.VERBS,
    **administration.VERBS,
    **load.VERBS,
    **nlb_actions.VERBS,
    **node_verbs.VERBS,
    **planned.VERBS,
    **settings.VERBS,
}
