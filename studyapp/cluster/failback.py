"""Failback: a role goes back when a node that it prefers has returned, where its policy allows that, in its window."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.placement import Board
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import Handler, World

HOUR, DAY = 3_600_000, 86_400_000
NO_HOUR = -1


def failback_allowed(world: World, role_name: str, node: str) -> bool:
    """Only where failback is allowed, and to a preferred owner: without those there is nowhere to go back to."""
    role = world.scenario.role[role_name]
    return node in role.preferred and bool(world.setting(role_name, "AutoFailbackType", role.cluster))


def returned(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """A node takes roles again: those that go back to it by themselves do so as soon as they may."""
    world.consulted.add("goes_back")
    for role in world.scenario.roles_of[cluster]:
        if world.rules.goes_back(world, role.name, node):
            world.note(("returned", role.name), node)
            world.after(0, "failback", role.name, cause=cause)


def failback(world: World, role_name: str, *, cause: int | None) -> None:
    """The role goes back now, or at the start of its window; one that is starting does so when it is online."""
    role = world.scenario.role[role_name]
    node = world.memo.get(("returned", role_name))
    if node is None or world.state[("role", role_name)] != "Online":
        return
    target = _better_node(world, role, node)
    wait = window_opens_in(world, role) if target is not None else 0
    if wait:
        world.after(wait, "failback", role_name, cause=cause, background=True)
        return
    world.note(("returned", role_name), None)
    if target is not None:
        why = f"{role_name} goes back from {view.owner(world.state, role_name)} to {target}"
        seq = world.emit("failback", role_name, why, cause=cause, rule="failback", cluster=role.cluster)
        world.after(0, "move-back", role_name, target, cause=seq)


def _better_node(world: World, role: Role, node: str) -> str | None:
    """The first node that may have the role, above its owner in the list of preferred owners."""
    owner = view.owner(world.state, role.name)
    order = role.preferred or (node,)
    above = order[: order.index(owner)] if owner in order else order
    board = Board(world, role.cluster)
    able = board.apart(role, tuple(n for n in above if n in board.able(role)))
    return able[0] if able else None


def window_opens_in(world: World, role: Role) -> int:
    """Milliseconds until the role may go back, by the time of day; a run without a clock starts at midnight."""
    start, end = (world.setting(role.name, name, role.cluster) for name in ("FailbackWindowStart", "FailbackWindowEnd"))
    if NO_HOUR in (start, end):
        return 0
    since = ((world.scenario.clock_ms or 0) + world.now - start * HOUR) % DAY
    return 0 if since == 0 or since < (end - start) * HOUR % DAY else DAY - since


HANDLERS: dict[str, Handler] = {"returned": returned, "failback": failback}
