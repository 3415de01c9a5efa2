"""Turning machines off: what stops with them."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.nodes.quorum import stop_service
from studyapp.cluster.scenario import FailoverCluster
from studyapp.cluster.world import World


def show(world: World, vm: str, word: str) -> None:
    """What the host of a virtual machine shows for it: `Saved`, `Migrating`, `PausedCritical`, or "" for the usual."""
    world.set(("vm", vm), word)
    role = world.scenario.ha_vms.get(vm)
    if role is not None:
        world.set(("shown", role), word)


def power_off(world: World, machine: str) -> None:
    """The machine is off, and its cluster services with it; a cluster that had it as a member may notice."""
    if world.state.get(("vm", machine)):
        show(world, machine, "")
        world.set(("standstill", machine), False)
    world.set(("power", machine), False)
    world.set(("hung", machine), False)
    if world.state.get(("fault", machine)) is None:
        world.set(("fault", machine), world.now)
    stop_services(world, machine)


def stop_services(world: World, machine: str) -> None:
    """The cluster services of a machine are gone; they know nothing of the past when they start again."""
    for cluster in view.clusters_of(world.scenario, world.state, machine):
        if isinstance(cluster, FailoverCluster):
            stop_service(world, cluster.name, machine, "stopped")
        else:
            world.set(("nlb", cluster.name, machine), "Stopped")
            world.set(("nlb-side", cluster.name, machine), frozenset({machine}))
            world.set(("nlb-table", cluster.name, machine), frozenset())
