"""What a cluster does before it gives up a node that it has lost touch with: isolation, quarantine.

Where the release has compute resiliency, a node that falls silent is isolated: its virtual machines stay its own and
are no longer monitored, until it is back or the period has passed. A node that leaves so too often is kept out for a
time.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.moves.storage_paths import disk_changed
from studyapp.cluster.properties import length
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import Handler, World


def departed(world: World, cluster: str, node: str, by: str, *, cause: int | None) -> None:
    """A node was dropped from the membership, `by` a node and those that it hears: once it is known which side goes on,
    that side decides what it is to it.

    This comes before the roles are taken over, because it is put in the queue before the votes are counted.
    """
    world.after(0, "give-up-or-wait", cluster, node, by, cause=cause)


def give_up_or_wait(world: World, cluster: str, node: str, by: str, *, cause: int | None) -> None:
    """The side that goes on quarantines the node that it has lost, or isolates it, or both, or takes its roles over at
    once. What sides that have stopped have noticed is no departure of its own.
    """
    members = view.members(world.scenario, world.state, cluster)
    if by not in members or node in members or node not in view.nodes(world.scenario, world.state, cluster):
        return
    quarantined = _quarantine(world, cluster, node, cause)
    if not _waits(world, cluster, node, members):
        return
    if quarantined is None or world.number("quarantine.waits", cluster):
        _isolate(world, cluster, node, quarantined or cause)


# -- isolation ------------------------------------------------------------------------------------------------------


def _waits(world: World, cluster: str, node: str, members: tuple[str, ...]) -> bool:
    """The node is silent and may come back with its virtual machines running. At level 2 nobody asks why it is silent,
    at level 1 it has to have announced itself, which a dead one cannot.
    """
    scenario, state = world.scenario, world.state
    if not world.setting(cluster, "ResiliencyDefaultPeriod"):
        return False
    if view.answers(state, node):
        return not any(view.joined_by_network(scenario, state, node, m) for m in members)
    return world.setting(cluster, "ResiliencyLevel") > 1


def _isolate(world: World, cluster: str, node: str, cause: int | None) -> None:
    period = world.setting(cluster, "ResiliencyDefaultPeriod")
    wait = f"{cluster} waits {period / 1000:g} s for it"
    if any(view.is_owner(world.state, role.name, node) for role in _virtual(world, cluster)):
        wait += " before its virtual machines are started elsewhere"
    seq = world.emit("isolated", node, f"{node} is isolated: {wait}", cause=cause, rule="isolation", cluster=cluster)
    world.set(("isolated", cluster, node), world.now)
    world.accuse(f"removed {cluster} {node}", seq)
    for role in _virtual(world, cluster):
        if view.is_owner(world.state, role.name, node) and view.role_online(world.state, role.name):
            world.set(("unmonitored", role.name), node)
            disk_changed(world, role, seq)
    world.after(period, "isolation-over", cluster, node, world.now, cause=seq)


def _virtual(world: World, cluster: str) -> list[Role]:
    return [role for role in world.scenario.roles_of[cluster] if role.vm is not None]


def _unmonitored(world: World, cluster: str, node: str) -> list[Role]:
    return [r for r in _virtual(world, cluster) if world.state.get(("unmonitored", r.name)) == node]


def isolation_over(world: World, cluster: str, node: str, since: int, *, cause: int | None) -> None:
    """The period has passed: what is still on the isolated node is taken over."""
    if world.state.get(("isolated", cluster, node)) == since:
        _end_isolation(world, cluster, node)
        world.once("take-over", cluster, cause=cause)


def _end_isolation(world: World, cluster: str, node: str) -> list[Role]:
    """The node is not isolated any more; gives the roles that were not monitored."""
    world.set(("isolated", cluster, node), None)
    found = _unmonitored(world, cluster, node)
    for role in found:
        world.set(("unmonitored", role.name), "")
    return found


def came_up(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """The cluster service of an isolated node starts. Where nothing runs on it any more, because it has started anew
    itself, nobody waits any longer.
    """
    if not any(view.powered(world.state, role.vm or "") for role in _unmonitored(world, cluster, node)):
        _end_isolation(world, cluster, node)
        world.once("take-over", cluster, cause=cause)


def arrived(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """A node has joined: what stayed on it while it was isolated is monitored again."""
    if view.is_isolated(world.state, cluster, node):
        for role in _end_isolation(world, cluster, node):
            disk_changed(world, role, cause)
            world.after(0, "watch", role.name, cause=cause)
    world.after(0, "newcomer", cluster, cause=cause)
    if world.memo.get(("networks lost", cluster)):
        world.once("network-health", cluster, cause=cause)


# -- quarantine -----------------------------------------------------------------------------------------------------


def _quarantine(world: World, cluster: str, node: str, cause: int | None) -> int | None:
    """Count the departure; the one too many within the window puts the node into quarantine. Gives the event."""
    window = world.number("QuarantineWindow", cluster)
    record = ("departures", cluster, node)
    times = (*(t for t in world.memo.get(record, ()) if world.now - t < window), world.now)
    world.note(record, times)
    if len(times) < world.setting(cluster, "QuarantineThreshold") or not _has_room(world, cluster):
        return None
    world.note(record, None)
    often = f"{node} has left {cluster} {len(times)} times within {length(window)}"
    detail = f"{often}: it is quarantined and may not join"
    seq = world.emit("quarantined", node, detail, cause=cause, rule="quarantine", cluster=cluster)
    world.set(("quarantined", cluster, node), seq)
    duration = world.setting(cluster, "QuarantineDuration")
    world.after(duration, "quarantine-over", cluster, node, seq, cause=seq, background=True)
    return seq


def _has_room(world: World, cluster: str) -> bool:
    """One node may always be quarantined, further ones only up to a share of all nodes."""
    nodes = view.nodes(world.scenario, world.state, cluster)
    already = sum(bool(world.state.get(("quarantined", cluster, n))) for n in nodes)
    return not already or already < len(nodes) * world.number("quarantine.max_percent", cluster) // 100


def clear(world: World, cluster: str, node: str) -> None:
    """Let the node out of quarantine, where it is in one."""
    if world.state.get(("quarantined", cluster, node)):
        world.set(("quarantined", cluster, node), None)


def forget(world: World, cluster: str, node: str) -> None:
    """The cluster keeps nothing of how often the node has left it."""
    world.note(("departures", cluster, node), None)
    clear(world, cluster, node)


def quarantine_over(world: World, cluster: str, node: str, seq: int, *, cause: int | None) -> None:
    """The time has passed: the node may join again."""
    if world.state.get(("quarantined", cluster, node)) == seq:
        clear(world, cluster, node)
        world.once("gather", cluster, cause=cause)


HANDLERS: dict[str, Handler] = {
    "departed": departed,
    "give-up-or-wait": give_up_or_wait,
    "isolation-over": isolation_over,
    "came-up": came_up,
    "arrived": arrived,
    "quarantine-over": quarantine_over,
}
