"""Virtual machines and the disks that they lie on: which host reaches them, and what happens when none does.

Where the release has storage resiliency, a virtual machine that loses its disk is paused and goes on when the disk is
back in time; before, it fails.
"""

from __future__ import annotations

from studyapp.cluster import paths, view
from studyapp.cluster.nodes.power import power_off
from studyapp.cluster.nodes.standstill import go_on, stand_still
from studyapp.cluster.properties import HOUR
from studyapp.cluster.scenario import Role, Scenario
from studyapp.cluster.world import Handler, World

BLOCK = ("array", "iscsi", "csv", "s2d")
"""Kinds of storage that the cluster hands to its members: a node that is isolated loses them."""
PAUSED = "PausedCritical"


def outermost(scenario: Scenario, storage: str) -> str:
    """The kind of the storage that everything within it lies on."""
    return tuple(paths.layers(scenario, storage))[-1].kind


def at_hand(world: World, role: Role) -> bool:
    """The role's owner reaches its disk."""
    scenario, state = world.scenario, world.state
    storage = view.storage_of(scenario, state, role.name)
    if storage is None:
        return True
    owner = view.owner(state, role.name)
    if view.is_isolated(state, role.cluster, owner) and outermost(scenario, storage) in BLOCK:
        return False
    return paths.storage_reached(scenario, state, storage, owner)


def look(world: World, cause: int | None) -> None:
    """Who is there has changed: roles on volumes that some use through others see whether they still can."""
    used = paths.used_through_others(world.scenario, world.state)
    for role in world.scenario.roles if used else ():
        storage = view.storage_of(world.scenario, world.state, role.name)
        if storage not in used or not view.role_online(world.state, role.name):
            continue
        if not disk_changed(world, role, cause) and not at_hand(world, role):
            world.once("watch", role.name, cause=cause)


def disk_changed(world: World, role: Role, cause: int | None) -> bool:
    """The way of a virtual machine to its disk may have changed; False where it has no storage resiliency, so that the
    loss is a failure like any other.
    """
    if role.vm is None or not world.has("storage_resiliency", role.cluster):
        return False
    if world.by_hand(role.vm, "AutomaticCriticalErrorAction") == "None":
        return False
    paused = world.state.get(("vm", role.vm)) == PAUSED
    if at_hand(world, role):
        if paused:
            _resume(world, role.vm, role, cause)
    elif not paused and view.powered(world.state, role.vm):
        _pause(world, role.vm, role, cause)
    return True


def _pause(world: World, vm: str, role: Role, cause: int | None) -> None:
    storage = view.storage_of(world.scenario, world.state, role.name)
    detail = f"{vm} cannot reach its disk on {storage}: it is paused until the disk is back"
    seq = world.emit("paused-critical", vm, detail, cause=cause, rule="storage-resiliency", cluster=role.cluster)
    world.note(("paused", vm), seq)
    stand_still(world, vm, PAUSED, seq)
    timeout = world.setting(vm, "AutomaticCriticalErrorActionTimeout", role.cluster)
    world.after(timeout, "critical-timeout", role.name, seq, cause=seq, background=timeout > HOUR)


def _resume(world: World, vm: str, role: Role, cause: int | None) -> None:
    detail = f"the disk of {vm} is back, and {vm} goes on where it stopped"
    seq = world.emit("resumed", vm, detail, cause=cause, rule="storage-resiliency", cluster=role.cluster)
    go_on(world, vm, seq)


def timeout(world: World, role_name: str, pause: int, *, cause: int | None) -> None:
    """The disk has not come back in time: the virtual machine is turned off, which its cluster will notice."""
    role = world.scenario.role[role_name]
    vm = role.vm
    if vm is None or world.state.get(("vm", vm)) != PAUSED or world.memo.get(("paused", vm)) != pause:
        return
    detail = f"{vm} has waited for its disk as long as it may, and is turned off"
    seq = world.emit("crash", vm, detail, cause=cause, rule="storage-resiliency", cluster=role.cluster)
    power_off(world, vm)
    world.accuse(vm, seq)
    world.once("look", cause=seq)
    world.after(0, "watch", role_name, cause=seq)


HANDLERS: dict[str, Handler] = {"critical-timeout": timeout}
