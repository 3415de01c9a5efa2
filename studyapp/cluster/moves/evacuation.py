"""Virtual machines that are moved live off a host which still runs them but should not: it has lost a network that they
need, or it is quarantined.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.moves import migration
from studyapp.cluster.moves.storage_paths import disk_changed
from studyapp.cluster.roles import placement
from studyapp.cluster.scenario import Role, Vm
from studyapp.cluster.world import Handler, World


def network_health(world: World, cluster: str, *, cause: int | None) -> None:
    """Hosts that have lost a protected network of their virtual machines hand them to hosts that still have it."""
    scenario, state = world.scenario, world.state
    if not world.has("network_health", cluster):
        return
    members = view.members(scenario, state, cluster)
    short = [host for host in members if _lost(world, host, view.own_networks(scenario, host))]
    world.note(("networks lost", cluster), short or None)
    for host in short:
        if not any(n != host and view.joined_by_network(scenario, state, host, n) for n in members):
            continue
        for role in scenario.roles_of[cluster]:
            vm = scenario.vm.get(role.vm or "")
            if vm is None or not _lost(world, host, vm.networks) or _unprotected(world, vm):
                continue
            if view.role_online(state, role.name) and view.is_owner(state, role.name, host):
                _hand_over(world, role, vm, host, cause)


def _lost(world: World, host: str, networks: tuple[str, ...]) -> bool:
    """The host does not reach one of these networks."""
    own = view.own_networks(world.scenario, host)
    return any(
        n not in own or not all(view.open_way(world.scenario, world.state, host, n, way) for way in ("in", "out"))
        for n in networks
    )


def _unprotected(world: World, vm: Vm) -> bool:
    return bool(world.setting(vm.name, "NotMonitoredInCluster", None))


def _hand_over(world: World, role: Role, vm: Vm, owner: str, cause: int | None) -> None:
    board = placement.Board(world, role.cluster)
    able = tuple(
        n
        for n in board.able(role)
        if n != owner
        and not _lost(world, n, vm.networks)
        and view.joined_by_network(world.scenario, world.state, owner, n)
    )
    if able:
        world.consulted.add("successors")
        targets = world.rules.successors(world, role.name, placement.MANUAL, board.apart(role, able))
        target = world.draw(targets)
        migration.move_vm(world, role.name, target, migration.LIVE, cause, rule="network-health")


def quarantined_back(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """A quarantined node is heard again and may not join: the virtual machines that still run on it are moved off."""
    world.set(("isolated", cluster, node), None)
    for role in world.scenario.roles_of[cluster]:
        if world.state.get(("unmonitored", role.name)) != node:
            continue
        disk_changed(world, role, cause)
        then = ("moved-off", role.name)
        if not migration.move_vm(world, role.name, None, None, cause, then, rule="quarantine"):
            world.after(0, *then, cause=cause)


def moved_off(world: World, role_name: str, *, cause: int | None) -> None:
    """The virtual machine is off the quarantined node; where that has failed, it is taken over like any other."""
    world.set(("unmonitored", role_name), "")
    world.once("take-over", world.scenario.role[role_name].cluster, cause=cause)


HANDLERS: dict[str, Handler] = {
    "network-health": network_health,
    "quarantined-back": quarantined_back,
    "moved-off": moved_off,
}
