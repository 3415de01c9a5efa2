"""How a node gets into a failover cluster: joining a side that runs, forming the cluster, starting it by force."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.nodes.membership import Places, drop, in_groups, waiting_nodes
from studyapp.cluster.nodes.quorum import judge, stop_service
from studyapp.cluster.votes import Table
from studyapp.cluster.world import NOTICE, World

FORCED_EPOCH = 1_000_000
"""What a forced start adds to the epoch of its node's configuration, which makes it the newest."""


def gather(world: World, cluster: str, *, cause: int | None) -> None:
    """Nodes that wait join a side that runs and that they reach; without one, a group with quorum forms the cluster."""
    scenario, state = world.scenario, world.state
    waiting = waiting_nodes(world, cluster)
    running = view.sides(scenario, state, cluster)
    places = Places(world)
    joined = False
    apart: list[list[str]] = []
    for side in running:
        counts_so = list(view.alive_in(scenario, state, cluster, side))
        apart.append(counts_so)
        for node in waiting:
            if state[("cluster-service", cluster, node)] != "waiting":
                continue
            if not places.hear_each_other(node, counts_so):
                continue
            if not may_join(world, cluster, node):
                if view.is_isolated(state, cluster, node) and state.get(("quarantined", cluster, node)):
                    world.once("quarantined-back", cluster, node, cause=cause)
                continue
            if node in side:
                still = [n for n in waiting if state[("cluster-service", cluster, n)] == "waiting"]
                back = [n for n in still if n in side and places.hear_each_other(n, counts_so)]
                drop(world, cluster, back, tuple(counts_so), cause)
                judge(world, cluster, cause=len(world.events))
                return
            side = (*side, node)
            join(world, cluster, node, frozenset(side), tuple(counts_so), cause)
            counts_so.append(node)
            joined = True
    if joined:
        world.once("judge", cluster, cause=len(world.events))
        return
    # A side that nobody who waits can hear is one that they cannot know of.
    allowed = tuple(
        n
        for n in waiting
        if not state.get(("prevented", cluster, n))
        and not state.get(("quarantined", cluster, n))
        and not any(places.hear_each_other(n, side) for side in apart)
    )
    groups = [g for g in in_groups(allowed, places) if could_form(world, cluster, g)]
    if groups:
        chosen = int(world.pick(tuple(str(number) for number in range(len(groups)))))
        form(world, cluster, groups[chosen], cause=cause)


def may_join(world: World, cluster: str, node: str) -> bool:
    """The node waits, is not in quarantine, and no role is counted on it any more from before it went down; those that
    have stayed on it while it was isolated may be.
    """
    state = world.state
    if state[("cluster-service", cluster, node)] != "waiting" or state.get(("quarantined", cluster, node)):
        return False
    if any(node in side for side in view.sides(world.scenario, state, cluster)):
        return True
    return not any(
        view.is_owner(state, role.name, node) and not view.is_unmonitored(state, role.name)
        for role in world.scenario.roles_of[cluster]
    )


def join(
    world: World, cluster: str, node: str, side: frozenset[str], alive: tuple[str, ...], cause: int | None
) -> None:
    """The node becomes a member of a side that runs, and learns its configuration."""
    joined = world.emit("joined", node, f"{node} joins {cluster}", cause=cause, rule="rejoin", cluster=cluster)
    world.after(0, "arrived", cluster, node, cause=joined, order=NOTICE)
    world.set(("cluster-service", cluster, node), "running")
    if world.state.get(("prevented", cluster, node)):
        world.set(("prevented", cluster, node), False)
    world.set(("table", cluster, node), view.table_of(world.state, cluster, alive))
    if any(world.state.get(("forced", cluster, a)) for a in alive):
        world.set(("forced", cluster, node), True)
    for member in (*alive, node):
        world.set(("side", cluster, member), side)


def configuration(world: World, cluster: str, group: tuple[str, ...]) -> tuple[Table, bool]:
    """The newest configuration that a group can start from, and whether the witness votes for it, which it does for
    nobody while a side that runs has it or reaches it. A disk witness holds a copy of its own; a share or cloud only
    knows whether theirs is the newest, and does not vote for an old one.
    """
    scenario, state = world.scenario, world.state
    made_of = scenario.failover[cluster]
    table: Table = view.table_of(state, cluster, group)
    running = view.running_nodes(scenario, state, cluster)
    held = running and state.get(("witness-holder", cluster))
    held = held or any(view.witness_reached(scenario, state, cluster, n) for n in running)
    reached = any(view.witness_reached(scenario, state, cluster, n) for n in group)
    if made_of.witness is None or held or not reached:
        return table, False
    if made_of.witness.kind != "disk":
        return table, table.epoch >= state.get(("witness-epoch", cluster), 0)
    copy: Table = state.get(("witness-table", cluster), table)
    return max(table, copy, key=lambda known: known.epoch), True


def could_form(world: World, cluster: str, group: tuple[str, ...]) -> bool:
    """These nodes, with the witness where it votes for them, have the majority of the votes of their configuration."""
    table, votes_too = configuration(world, cluster, group)
    world.consulted.add("majority")
    return world.rules.majority(table.present(world.state, group) + table.witness * votes_too, table.total)


def form(world: World, cluster: str, group: tuple[str, ...], *, cause: int | None, rule: str = "rejoin") -> None:
    """The group starts the cluster: it has quorum. Unless a forced side runs elsewhere, no role runs yet."""
    state = world.state
    if not view.sides(world.scenario, state, cluster):
        _forget_roles(world, cluster)
    table, votes_too = configuration(world, cluster, group)
    _configure(world, cluster, table)
    if votes_too:
        # At once, so that no other group that forms at this moment counts on it as well.
        world.set(("witness-holder", cluster), frozenset(group))
    for node in group:
        others = ", ".join(n for n in group if n != node)
        detail = f"{node} forms {cluster} together with {others}" if others else f"{node} forms {cluster} alone"
        cause = world.emit("joined", node, detail, cause=cause, rule=rule, cluster=cluster)
        world.set(("cluster-service", cluster, node), "running")
        world.set(("side", cluster, node), frozenset(group))
        world.set(("table", cluster, node), table)
    world.once("judge", cluster, cause=cause)
    world.once("gather", cluster, cause=cause)


def _configure(world: World, cluster: str, table: Table) -> None:
    """The configuration of those who start the cluster is the one that holds: what they never heard of is gone."""
    for node in view.nodes(world.scenario, world.state, cluster):
        for thing, name, _ in world.state["table", cluster, node].settings - table.settings:
            world.set(("property", thing, name), None)
    for thing, name, value in sorted(table.settings, key=repr):
        world.set(("property", thing, name), value)


def force(world: World, cluster: str, node: str, cause: int | None) -> None:
    """Start the cluster on a node that waits, without quorum: its configuration becomes authoritative. A forced side
    that it reaches it joins instead.
    """
    state = world.state
    table: Table = state[("table", cluster, node)]
    running = view.sides(world.scenario, state, cluster)
    cause = world.emit(
        "joined", node, f"{node} starts {cluster} by force", cause=cause, rule="forced-quorum", cluster=cluster
    )
    world.set(("cluster-service", cluster, node), "running")
    world.set(("side", cluster, node), frozenset((node,)))
    world.set(("table", cluster, node), table._replace(epoch=table.epoch + FORCED_EPOCH))
    world.set(("forced", cluster, node), True)
    _configure(world, cluster, table)
    if not running:
        _forget_roles(world, cluster)
    world.once("judge", cluster, cause=cause)
    world.once("gather", cluster, cause=cause)
    world.once("meet", cluster, cause=cause)


def hears_forced(world: World, cluster: str, node: str) -> bool:
    """The node hears a side that was started by force, and may join it."""
    scenario, state = world.scenario, world.state
    places = Places(world)
    return any(
        state.get(("forced", cluster, side[0]))
        and places.hear_each_other(node, view.alive_in(scenario, state, cluster, side))
        for side in view.sides(scenario, state, cluster)
    )


def _forget_roles(world: World, cluster: str) -> None:
    """Nobody ran the cluster, so no role runs either."""
    for role in world.scenario.roles_of[cluster]:
        if view.is_owned(world.state, role.name):
            world.set(("owner", role.name), "none")
            world.set(("role", role.name), "Offline")


def meet(world: World, cluster: str, *, cause: int | None) -> None:
    """Sides that run apart and hear each other again. The forced side is authoritative: where the release does so by
    itself, the others restart with quorum prevented and join it. Without a forced side the first stays. Who was left
    behind without noticing learns of it now.
    """
    scenario, state = world.scenario, world.state
    running, found = view.sides(scenario, state, cluster), view.standpoints(scenario, state, cluster)
    if len(found) < 2:
        return
    first = running[0]
    forced = found[first]
    places = Places(world)
    for side in found:
        if side == first:
            continue
        apart = [n for n in side if n not in first]
        alive = [n for n in apart if n in view.alive_in(scenario, state, cluster, side)]
        others = view.alive_in(scenario, state, cluster, first)
        met = alive and all(places.hear_each_other(b, others) for b in alive)
        if not met or (forced and not world.has("auto_prevent_quorum", cluster)):
            continue
        for node in alive:
            stop_service(world, cluster, node)
            if forced:
                world.set(("prevented", cluster, node), True)
                sentence = f"{node} meets the side that was started by force, and restarts with quorum prevented"
                cause = world.emit("stop-node", node, sentence, cause=cause, rule="prevent-quorum", cluster=cluster)
            for way in ("stopped", "removed"):
                world.accuse(f"{way} {cluster} {node}", cause)
        world.once("take-over", cluster, cause=cause)
        world.once("gather", cluster, cause=cause)
