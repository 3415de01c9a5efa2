"""Virtual machines that stand still and then go on where they stopped: saved, handed over, waiting for a disk.

Nothing inside notices the pause; others may have taken the machine for dead meanwhile.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.nodes.power import show
from studyapp.cluster.nodes.quorum import stop_service
from studyapp.cluster.scenario import FailoverCluster
from studyapp.cluster.world import World


def stand_still(world: World, vm: str, word: str, cause: int) -> None:
    """The virtual machine stops where it is; its host shows `word`."""
    show(world, vm, word)
    world.set(("standstill", vm), True)
    world.accuse(vm, cause)
    world.once("look", cause=cause)


def save(world: World, vm: str, cause: int) -> None:
    """Its memory is written to its disk, and it is off."""
    show(world, vm, "Saved")
    world.set(("power", vm), False)
    world.accuse(vm, cause)
    world.once("look", cause=cause)


def go_on(world: World, vm: str, cause: int) -> None:
    """It goes on where it stopped. As a node that was dropped meanwhile it learns of it, and starts again outside; one
    that had just dropped others counts its votes now.
    """
    show(world, vm, "")
    world.set(("power", vm), True)
    world.set(("standstill", vm), False)
    world.accuse(vm, cause)
    for cluster in view.clusters_of(world.scenario, world.state, vm):
        if not isinstance(cluster, FailoverCluster):
            continue
        if _was_dropped(world, cluster.name, vm):
            stop_service(world, cluster.name, vm)
            world.accuse(f"stopped {cluster.name} {vm}", cause)
        world.once("judge", cluster.name, cause=cause)
    world.once("look", cause=cause)


def _was_dropped(world: World, cluster: str, vm: str) -> bool:
    """A member that it hears does not count it."""
    scenario, state = world.scenario, world.state
    running = view.running_nodes(scenario, state, cluster)
    return vm in running and any(
        vm not in state["side", cluster, other] and view.joined_by_network(scenario, state, other, vm)
        for other in running
        if other != vm
    )
