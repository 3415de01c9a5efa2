"""What an administrator does in order: pauses and resumes nodes, moves roles, shuts machines down."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.moves import draining, migration
from studyapp.cluster.nodes.power import power_off
from studyapp.cluster.orders.administration import cluster_of
from studyapp.cluster.orders.machines import guests_on, told
from studyapp.cluster.roles import placement
from studyapp.cluster.roles.failover import bring_online, go_offline, wake
from studyapp.cluster.scenario import Act, Role
from studyapp.cluster.world import Handler, Verb, World

# -- pausing --------------------------------------------------------------------------------------------------------


def _is_member(world: World, node: str) -> str | None:
    """The failover cluster that a node is a member of now; refuses what is asked of any other."""
    cluster = cluster_of(world, node)
    if cluster is not None and node in view.members(world.scenario, world.state, cluster):
        if view.answers(world.state, node):
            return cluster
        world.refuse("OPS026", node, f"{node} does not answer")
        return None
    world.refuse("OPS026", node, f"{node} is no member of a failover cluster that runs")
    return None


def pause(world: World, act: Act) -> None:
    """A paused node stays a member, keeps its vote and what it has, and takes no roles; a drain moves its roles off."""
    for node in act.subjects:
        cluster = _is_member(world, node)
        if cluster is None:
            continue
        if act.drain and not world.has("node_drain", cluster):
            world.refuse("OPS015", node, f"{node} cannot be drained by pausing it in this release")
            continue
        seq = told(world, act, node, f"{node} is paused{' and drained' if act.drain else ''}")
        world.set(("paused", cluster, node), True)
        if act.drain:
            draining.drain(world, cluster, node, seq, force=act.force)


def resume(world: World, act: Act) -> None:
    """The node takes roles again. Those that were drained off it stay away, or come back at once, or as their policy
    says.
    """
    for node in act.subjects:
        cluster = _is_member(world, node)
        if cluster is None:
            continue
        if not world.state.get(("paused", cluster, node)):
            world.refuse("OPS012", node, f"{node} is not paused")
            continue
        seq = told(world, act, node, f"{node} is resumed")
        world.set(("paused", cluster, node), False)
        drained = world.state.get(("drained", cluster, node), ())
        world.set(("drained", cluster, node), ())
        if act.failback == "immediate":
            for name in drained:
                _bring_back(world, world.scenario.role[name], node, seq)
        elif act.failback == "policy":
            world.after(0, "returned", cluster, node, cause=seq)
        wake(world, cluster, seq)


def _bring_back(world: World, role: Role, node: str, cause: int) -> None:
    """A role that was drained off the node returns, where it still can."""
    online = view.role_online(world.state, role.name)
    if online and not view.is_owner(world.state, role.name, node) and not placement.obstacle(world, role, node):
        detail = f"{role.name} comes back to {node}"
        seq = world.emit("failback", role.name, detail, cause=cause, rule="node-drain", cluster=role.cluster)
        draining.move_back(world, role.name, node, cause=seq)


# -- moving ---------------------------------------------------------------------------------------------------------


def move(world: World, act: Act) -> None:
    """Move a role to a node, or to the best possible one."""
    for name in act.subjects:
        role = world.scenario.role[world.scenario.ha_vms.get(name, name)]
        refused = _why_not(world, role, act)
        if refused is not None:
            world.refuse(refused[0], name, refused[1])
        elif view.is_owned(world.state, role.name):
            _move(world, role, act)
        else:
            _assign(world, role, act)


def _way(world: World, role: Role, act: Act) -> str:
    return act.type or draining.way_by_offline_action(world, role)


def _why_not(world: World, role: Role, act: Act) -> tuple[str, str] | None:
    """Why Windows would refuse the move: the finding and a sentence."""
    if act.type is not None and role.vm is None:
        return "OPS020", f"{role.name} is no virtual machine: it is stopped and started elsewhere"
    if draining.runs(world, role) or migration.is_under_way(world, role):
        return migration.obstacle(world, role.name, act.to, _way(world, role, act))
    if act.to is None:
        able = placement.best_nodes(placement.Board(world, role.cluster), role)
        told = placement.hindrances(world, role, view.owner(world.state, role.name))
        return None if able else ("OPS006", f"{role.name} stays where it is: no other node can have it{told}")
    why = placement.obstacle(world, role, act.to)
    if why is None and view.is_owned(world.state, role.name) and view.is_owner(world.state, role.name, act.to):
        why = "it is there already"
    return ("OPS006", f"{role.name} cannot go to {act.to}: {why}") if why is not None else None


def _move(world: World, role: Role, act: Act) -> None:
    source = view.owner(world.state, role.name)
    way = _way(world, role, act) if draining.runs(world, role) else None
    board = placement.Board(world, role.cluster)
    nodes = placement.best_nodes(board, role, reached_from=source if way is not None else None)
    target = act.to or world.draw(nodes)
    seq = told(world, act, role.name, f"{role.name} is moved from {source} to {target}")
    draining.move_role(world, role, target, seq, way=way)


def _assign(world: World, role: Role, act: Act) -> None:
    """A role that no node has starts on the node, unless it is offline on purpose: then it will, when it is started."""
    board = placement.Board(world, role.cluster)
    target = act.to or world.draw(placement.best_nodes(board, role))
    starts = world.state[("role", role.name)] == "Failed" or world.state.get(("waits", role.name))
    seq = told(world, act, role.name, f"{role.name} is {'started on' if starts else 'assigned to'} {target}")
    world.set(("last-owner", role.name), target)
    if starts:
        world.set(("given-up", role.name), False)
        bring_online(world, role, target, seq)


# -- shutting down --------------------------------------------------------------------------------------------------


def shutdown(world: World, act: Act) -> None:
    """Machines are shut down in order: a node is emptied, leaves its cluster, and then goes off."""
    begun: list[tuple[str, int]] = []
    for machine in act.subjects:
        if not view.powered(world.state, machine):
            told(world, act, machine, f"{machine} is already off")
        elif not view.answers(world.state, machine):
            world.refuse("OPS026", machine, f"{machine} does not answer, so it cannot be shut down in order")
        else:
            begun.append((machine, told(world, act, machine, f"{machine} is shut down")))
            cluster = _runs_in(world, machine)
            if cluster is not None:
                world.set(("drain", cluster, machine), draining.Drain(leaves=True, force=True))
    for machine, seq in begun:
        _begin(world, machine, seq)


def _runs_in(world: World, machine: str) -> str | None:
    """The failover cluster whose service runs on the machine as a member."""
    cluster = cluster_of(world, machine)
    found = cluster is not None and machine in view.members(world.scenario, world.state, cluster)
    return cluster if found else None


def _begin(world: World, machine: str, cause: int) -> None:
    cluster = _runs_in(world, machine)
    if cluster is None:
        shut_down(world, machine, cause=cause)
        return
    drains = world.has("drain_on_shutdown", cluster) and world.setting(cluster, "DrainOnShutdown")
    draining.move_all_off(world, cluster, machine, cause, ("shut-down", machine), saved=not drains)


def shut_down(world: World, machine: str, *, cause: int | None) -> None:
    """A machine that is empty leaves its clusters and goes off, with the virtual machines that are still on it."""
    cluster = _runs_in(world, machine)
    if cluster is not None:
        draining.leave_cluster(world, cluster, machine, cause=cause)
    if _guests_go_first(world, machine, cause):
        world.after(0, "shut-down", machine, cause=cause)
        return
    role = world.scenario.ha_vms.get(machine)
    if role is not None and view.is_owned(world.state, role):
        why = f"{machine} was shut down in order, which is no failure"
        world.set(("given-up", role), True)
        go_offline(world, world.scenario.role[role], why, "orderly-shutdown", cause)
    power_off(world, machine)
    world.set(("fault", machine), None)
    world.once("look", cause=cause)


def _guests_go_first(world: World, host: str, cause: int | None) -> bool:
    """Virtual machines that are still on a host are shut down with it; True while one of them is busy with that."""
    for vm in guests_on(world, host):
        if view.powered(world.state, vm):
            seq = world.emit("shutdown", vm, f"{vm} is shut down with {host}", cause=cause, rule="vm-needs-its-host")
            if view.answers(world.state, vm):
                _begin(world, vm, seq)
            else:
                power_off(world, vm)
    return any(view.powered(world.state, vm) for vm in guests_on(world, host))


VERBS: dict[str, Verb] = {"pause": pause, "resume": resume, "move": move, "shutdown": shutdown}
HANDLERS: dict[str, Handler] = {"shut-down": shut_down}
