"""Planned moves of roles, one or all that a node has: stopped here and started there; a virtual machine is migrated."""

from __future__ import annotations

from typing import NamedTuple

from studyapp.cluster import view
from studyapp.cluster.chance import OneOf
from studyapp.cluster.moves import migration
from studyapp.cluster.nodes import membership
from studyapp.cluster.roles.failover import ask, bring_online, go_offline, turn_off
from studyapp.cluster.roles.placement import NODE, START, Board, best_nodes, hindrances, priority
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import Handler, World

Then = tuple[object, ...]

OFFLINE_ACTIONS = ("turn-off", "quick", "shutdown", "shutdown-force")
"""How a virtual machine is moved that is taken offline and not migrated: by the value of its OfflineAction."""


class Drain(NamedTuple):
    """A node that is being emptied. `leaves` tells that it goes away itself, `force` that what cannot be moved is
    stopped; `moving` are the roles that are still on their way, `moved` all that found a node; `then` is the handler
    with its arguments for when the node is empty.
    """

    leaves: bool
    force: bool
    moving: frozenset[str] = frozenset()
    moved: tuple[str, ...] = ()
    then: Then = ()


def way_by_offline_action(world: World, role: Role) -> str:
    """How a plain move moves a virtual machine."""
    return OFFLINE_ACTIONS[world.setting(role.name, "OfflineAction", role.cluster)]


def way_by_cluster(world: World, role: Role) -> str | None:
    """How the cluster itself moves a virtual machine; None for live where the release can. Those of low priority are
    not worth a live migration to it.
    """
    if role.vm is None or not world.has("group_priority", role.cluster):
        return None
    own = priority(world, role)
    if own >= world.number("priority.medium", role.cluster) or own >= world.number("MoveTypeThreshold", role.cluster):
        return None
    return migration.QUICK


def runs(world: World, role: Role) -> bool:
    """The role is a virtual machine that is on, so that it can be migrated."""
    return role.vm is not None and view.role_online(world.state, role.name) and view.powered(world.state, role.vm)


def move_role(
    world: World, role: Role, to: str | OneOf, cause: int | None, *, way: str | None = None, then: Then = ()
) -> bool:
    """Move a role to a node that may have it; False where it stays. `then` is called when a migration has ended."""
    if runs(world, role):
        return migration.move_vm(world, role.name, to, way, cause, then)
    bring_online(world, role, to, cause)
    return True


def move_back(world: World, role_name: str, to: str, *, cause: int | None) -> None:
    """A role goes back to a node that it prefers."""
    role = world.scenario.role[role_name]
    move_role(world, role, to, cause, way=way_by_cluster(world, role))


# -- a whole node ---------------------------------------------------------------------------------------------------


def owned_by(world: World, cluster: str, node: str) -> list[Role]:
    """The roles that a node has, the most important first."""
    found = [role for role in world.scenario.roles_of[cluster] if view.is_owner(world.state, role.name, node)]
    return sorted(found, key=lambda role: -priority(world, role))


def move_all_off(world: World, cluster: str, node: str, cause: int | None, then: Then, *, saved: bool = False) -> None:
    """Move every role of a node that is about to leave to the best possible node, then call `then`; what no other node
    can have is stopped. `saved` takes virtual machines offline by their OfflineAction where they would be migrated.
    """
    _empty(world, cluster, node, Drain(leaves=True, force=True, then=then), cause, saved=saved)


def drain(world: World, cluster: str, node: str, cause: int | None, *, force: bool) -> None:
    """Move every role of a paused node to the best possible node."""
    _empty(world, cluster, node, Drain(leaves=False, force=force), cause)


def _empty(world: World, cluster: str, node: str, order: Drain, cause: int | None, *, saved: bool = False) -> None:
    world.set(("drain", cluster, node), order)
    board = Board(world, cluster)
    moved: list[str] = []
    moving: list[str] = []
    for role in owned_by(world, cluster, node):
        then = ("drain-step", cluster, node, role.name)
        if migration.follow(world, role, then):
            moving.append(role.name)
            continue
        migrates = runs(world, role)
        nodes = best_nodes(board, role, reached_from=node if migrates else None)
        if not nodes:
            continue
        target = world.draw(nodes)
        if migrates:
            way = way_by_offline_action(world, role) if saved else way_by_cluster(world, role)
            if not move_role(world, role, target, cause, way=way, then=then):
                continue
            moving.append(role.name)
        else:
            detail = f"{role.name} is moved from {node} to {target}"
            seq = world.emit("move", role.name, detail, cause=cause, rule="planned-move", cluster=cluster)
            bring_online(world, role, target, seq)
        moved.append(role.name)
        board.took(role, target)
    order = order._replace(moving=frozenset(moving), moved=tuple(moved))
    world.set(("drain", cluster, node), order)
    if not moving:
        _emptied(world, cluster, node, order, cause)


def drain_step(world: World, cluster: str, node: str, role_name: str, *, cause: int | None) -> None:
    """A virtual machine has left the node, or could not."""
    order: Drain | None = world.state.get(("drain", cluster, node))
    if order is None or role_name not in order.moving:
        return
    if not view.answers(world.state, node):
        world.set(("drain", cluster, node), None)
        return
    order = order._replace(moving=order.moving - {role_name})
    world.set(("drain", cluster, node), order)
    if not order.moving:
        _emptied(world, cluster, node, order, cause)


def _emptied(world: World, cluster: str, node: str, order: Drain, cause: int | None) -> None:
    left = owned_by(world, cluster, node)
    for role in left if order.leaves else ():
        stopped = go_offline(world, role, f"{node} leaves, and the role could not be moved", "planned-move", cause)
        ask(world, cluster, [(role.name, START, stopped)])
    if order.leaves:
        world.after(0, str(order.then[0]), *order.then[1:], cause=cause)
        return
    for role in left if order.force else ():
        world.set(("owner", role.name), "none")
        world.set(("role", role.name), "Pending")
        turn_off(world, role, cause)
        ask(world, cluster, [(role.name, NODE, cause)])
    if left and not order.force:
        names = ", ".join(f"{role.name}{hindrances(world, role, node)}" for role in left)
        detail = f"{node} is paused and not drained: no other node can have {names}"
        world.emit("refused", node, detail, cause=cause, rule="node-drain", cluster=cluster)
        world.set(("finding", "OPS016", node), detail)
    world.set(("drained", cluster, node), (*world.state.get(("drained", cluster, node), ()), *order.moved))
    world.set(("drain", cluster, node), None)


def leave_cluster(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """A node that is empty leaves its cluster in order."""
    if node in view.members(world.scenario, world.state, cluster):
        membership.leave(world, cluster, node, cause)
    world.set(("drain", cluster, node), None)


HANDLERS: dict[str, Handler] = {"move-back": move_back, "drain-step": drain_step, "leave-cluster": leave_cluster}
