"""Failback: a role goes back when a node that it prefers has returned, where its policy allows that, in its window."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.roles.placement import Board
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import Handler, World

HOUR, DAY = 3_600_000, 86_400_000
NO_HOUR = -1


def failback_allowed(world: World, role_name: str, node: str) -> bool:
    """Only where failback is allowed, and only upwards in the list of preferred owners."""
    role = world.scenario.role[role_name]
    if node not in role.preferred or not world.setting(role_name, "AutoFailbackType", role.cluster):
        return False
    owner = view.owner(world.state, role_name)
    return owner not in role.preferred or role.preferred.index(node) < role.preferred.index(owner)


def returned(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """A node takes roles again: those that go back to it by themselves do so as soon as they may."""
    world.consulted.add("goes_back")
    for role in world.scenario.roles_of[cluster]:
        if world.rules.goes_back(world, role.name, node):
            before = world.memo.get(("returned", role.name), ())
            world.note(("returned", role.name), (*before, node))
            world.after(0, "failback", role.name, cause=cause)


def failback(world: World, role_name: str, *, cause: int | None) -> None:
    """The role goes back now, or at the start of its window; one that is starting does so when it is online."""
    role = world.scenario.role[role_name]
    nodes = world.memo.get(("returned", role_name), ())
    if not nodes or not view.role_online(world.state, role_name):
        return
    target = _better_node(world, role, nodes)
    wait = window_opens_in(world, role) if target is not None else 0
    if wait:
        world.after(wait, "failback", role_name, cause=cause, background=True)
        return
    world.note(("returned", role_name), None)
    if target is not None:
        start, end = failback_window(world, role)
        hours = "" if NO_HOUR in (start, end) else f", in its failback window ({start} to {end} o'clock)"
        why = f"{role_name} goes back from {view.owner(world.state, role_name)} to {target}{hours}"
        seq = world.emit("failback", role_name, why, cause=cause, rule="failback", cluster=role.cluster)
        world.after(0, "move-back", role_name, target, cause=seq)


def _better_node(world: World, role: Role, nodes: tuple[str, ...]) -> str | None:
    """The most preferred of the nodes that have returned that may have the role now."""
    owner = view.owner(world.state, role.name)
    board = Board(world, role.cluster)
    able = board.able(role)
    wanted = sorted(nodes, key=lambda n: role.preferred.index(n) if n in role.preferred else len(role.preferred))
    better = tuple(n for n in wanted if n in able and n != owner and world.rules.goes_back(world, role.name, n))
    return board.apart(role, better)[0] if better else None


def window_opens_in(world: World, role: Role) -> int:
    """Milliseconds until the role may go back, by the time of day; a run without a clock starts at midnight."""
    start, end = failback_window(world, role)
    if NO_HOUR in (start, end):
        return 0
    since = ((world.scenario.clock_ms or 0) + world.now - start * HOUR) % DAY
    return 0 if since == 0 or since < (end - start) * HOUR % DAY else DAY - since


def failback_window(world: World, role: Role) -> tuple[int, int]:
    """The hours of the day in which the role may go back; either is NO_HOUR where it has no window."""
    start, end = (world.setting(role.name, f"FailbackWindow{name}", role.cluster) for name in ("Start", "End"))
    return start, end


HANDLERS: dict[str, Handler] = {"returned": returned, "failback": failback}
