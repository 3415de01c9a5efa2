"""What an administrator does to a failover cluster and its settings: stop and start nodes, force or prevent quorum, evict
and join, set properties.
"""

from __future__ import annotations

from studyapp.cluster import joining, membership, view
from studyapp.cluster.machines import machine_up, told
from studyapp.cluster.quorum import stop_service
from studyapp.cluster.scenario import Act, FailoverCluster, Setting
from studyapp.cluster.votes import Table
from studyapp.cluster.world import Verb, World


def cluster_of(world: World, node: str) -> str | None:
    """The failover cluster that a machine is a node of now."""
    found = view.clusters_of(world.scenario, world.state, node)
    return next((c.name for c in found if isinstance(c, FailoverCluster)), None)


def would_keep_quorum(world: World, cluster: str, node: str) -> bool:
    """The side goes on when this node leaves in order: with dynamic quorum while anybody is left who may vote."""
    scenario, state = world.scenario, world.state
    side = tuple(n for n in view.members(scenario, state, cluster) if n != node)
    if not side:
        return False
    if view.is_dynamic(scenario, state, cluster):
        return any(view.weight(scenario, state, cluster, n) for n in side)
    table = view.table_of(scenario, state, cluster, side)
    holds = any(view.witness_reached(scenario, state, cluster, n) for n in side)
    present = table.present(state, side) + (table.witness if holds else 0)
    return world.rules.majority(present, world.rules.votes_total(world, cluster, frozenset(side)))


def force_quorum(world: World, act: Act) -> None:
    """Start the cluster service on nodes without quorum; their configuration becomes authoritative."""
    for node in act.subjects:
        cluster = cluster_of(world, node)
        key = ("cluster-service", cluster or "", node)
        if cluster is None or not view.answers(world.state, node):
            world.refuse("OPS010", node, f"{node} does not answer: its cluster service cannot be started by force")
        elif world.state[key] == "running":
            told(world, act, node, f"the cluster service of {node} runs already: there is nothing to force")
        else:
            cause = told(world, act, node, f"{node} is told to start {cluster} without quorum")
            joining.force(world, cluster, (node,), cause)


def prevent_quorum(world: World, act: Act) -> None:
    """Start the cluster service so that it joins a cluster and never forms one; one that runs restarts so."""
    for node in act.subjects:
        cluster = cluster_of(world, node)
        if cluster is None or not view.answers(world.state, node):
            world.refuse("OPS010", node, f"{node} does not answer: its cluster service cannot be started")
            continue
        cause = told(world, act, node, f"{node} starts its cluster service with quorum prevented: it may only join")
        if world.state["cluster-service", cluster, node] == "running":
            stop_service(world, cluster, node)
            world.accuse(f"stopped {cluster} {node}", cause)
            world.once("take-over", cluster, cause=cause)
        world.set(("cluster-service", cluster, node), "waiting")
        world.set(("prevented", cluster, node), True)
        world.once("gather", cluster, cause=cause)


VERBS: dict[str, Verb] = {"force-quorum": force_quorum, "prevent-quorum": prevent_quorum}

__all__ = ["VERBS", "Setting", "Table", "machine_up", "membership"]
