"""Storage Spaces Direct pools: every drive is a vote that never changes, and the node that owns the pool has one more.

A pool has no dynamic quorum: more than half of all its drives must be answered for, the owner's vote counting towards
it. Where the owner is lost, the witness that the side holds stands in for its vote; the surviving side then takes the
pool over.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.scenario import Scenario, Storage
from studyapp.cluster.trace import State
from studyapp.cluster.world import World


def pools_of(scenario: Scenario, cluster: str) -> tuple[Storage, ...]:
    """The pools whose nodes are nodes of this cluster."""
    nodes = scenario.failover[cluster].nodes
    return tuple(s for s in scenario.storage if s.kind == "s2d" and s.nodes and s.nodes[0] in nodes)


def cluster_of(scenario: Scenario, pool: str) -> str | None:
    """The cluster that a pool belongs to."""
    return next((c for c in scenario.failover if any(s.name == pool for s in pools_of(scenario, c))), None)


def votes(scenario: Scenario, state: State, pool: str) -> int:
    """The drives of the side that runs, and one more for the pool's owner or, where it is lost, for the witness."""
    made_of = scenario.store[pool]
    cluster = cluster_of(scenario, pool)
    side = view.members(scenario, state, cluster) if cluster is not None else ()
    if cluster is None or not side or state.get(("lost", pool)):
        return 0
    alive = view.alive_in(scenario, state, cluster, side)
    drives = sum(count for node, count in zip(made_of.nodes, made_of.drives, strict=True) if node in alive)
    return drives + (state[("pool-owner", pool)] in alive or view.holds_witness(state, cluster, side))


def is_online(scenario: Scenario, state: State, pool: str) -> bool:
    """The side that runs answers for more than half of the drives."""
    return votes(scenario, state, pool) * 2 > sum(scenario.store[pool].drives)


def recheck(world: World, cluster: str, cause: int | None) -> list[tuple[str, int]]:
    """After a change of the membership: take pools over, and tell which went offline or came back, with the event."""
    changed: list[tuple[str, int]] = []
    for pool in pools_of(world.scenario, cluster):
        name = pool.name
        online = is_online(world.scenario, world.state, name)
        side = view.members(world.scenario, world.state, cluster)
        if online and world.state[("pool-owner", name)] not in side:
            world.set(("pool-owner", name), next(n for n in side if n in pool.nodes))
        if online == world.state[("pool", name)]:
            continue
        world.set(("pool", name), online)
        have, total = votes(world.scenario, world.state, name), sum(pool.drives)
        what = f"is online again: {have} of {total}" if online else f"goes offline: {have} of {total} is no majority"
        kind = "online" if online else "offline"
        seq = world.emit(kind, name, f"the pool {name} {what}", cause=cause, rule="pool-quorum", cluster=cluster)
        world.accuse(name, seq)
        changed.append((name, seq))
    return changed
