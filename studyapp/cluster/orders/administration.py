"""What an administrator does to a failover cluster: stops and starts nodes, forces or prevents quorum, evicts and joins
nodes. What Windows would refuse is refused: it changes nothing, and gives a finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cluster import view
from studyapp.cluster.moves import draining, resiliency
from studyapp.cluster.nodes import joining, membership
from studyapp.cluster.nodes.quorum import stop_service, tell, write_down
from studyapp.cluster.orders import faults
from studyapp.cluster.orders.machines import machine_up, told
from studyapp.cluster.scenario import RELEASES, Act, FailoverCluster, Scenario
from studyapp.cluster.votes import Table
from studyapp.cluster.world import Handler, Verb, World


def cluster_of(world: World, node: str) -> str | None:
    """The failover cluster that a machine is a node of now."""
    found = view.clusters_of(world.scenario, world.state, node)
    return next((c.name for c in found if isinstance(c, FailoverCluster)), None)


def keeps_quorum_without(world: World, cluster: str, node: str) -> bool:
    """The side that runs goes on when this node leaves in order. With dynamic quorum it does while anybody is left who
    may vote; but a witness that always has its vote may be out of reach.
    """
    scenario, state = world.scenario, world.state
    side = tuple(n for n in view.members(scenario, state, cluster) if n != node)
    if not side:
        return False
    holds = any(view.witness_reached(scenario, state, cluster, n) for n in side)
    if view.is_dynamic(scenario, state, cluster):
        left = sum(view.weight(scenario, state, cluster, n) for n in side)
        fixed = scenario.failover[cluster].witness is not None and not world.has("dynamic_witness", cluster)
        world.consulted.add("majority")
        return left > 0 and world.rules.majority(left + (fixed and holds), left + fixed)
    table = view.table_of(state, cluster, side)
    present = table.present(state, side) + (table.witness if holds else 0)
    world.consulted.update(("majority", "votes_total"))
    return world.rules.majority(present, world.rules.votes_total(world, cluster, frozenset(side)))


def _off(world: World, node: str) -> bool:
    """Refuse what is asked of a machine that does not answer."""
    if view.answers(world.state, node):
        return False
    world.refuse("OPS026", node, f"{node} does not answer")
    return True


def stop_node(world: World, node: str, act: Act) -> None:
    """Stop the cluster service of a node in order, unless the cluster would lose its quorum."""
    cluster = cluster_of(world, node)
    assert cluster is not None
    if _off(world, node):
        return
    if world.state["cluster-service", cluster, node] != "running":
        told(world, act, node, f"the cluster service of {node} does not run")
        world.set(("cluster-service", cluster, node), "stopped")
    elif not keeps_quorum_without(world, cluster, node):
        world.refuse("OPS001", node, f"without {node} the cluster {cluster} would have no quorum: it is not stopped")
    else:
        cause = told(world, act, node, f"the cluster service of {node} stops in order")
        draining.move_all_off(world, cluster, node, cause, ("leave-cluster", cluster, node))


def start_node(world: World, node: str, act: Act) -> None:
    """Start the cluster service of a node; it looks for its cluster."""
    cluster = cluster_of(world, node)
    assert cluster is not None
    if _off(world, node):
        return
    if world.state.get(("quarantined", cluster, node)) and not act.clear_quarantine:
        world.refuse("OPS018", node, f"{node} is in quarantine, which has to be cleared first")
        return
    cause = told(world, act, node, f"the cluster service of {node} starts")
    resiliency.clear(world, cluster, node)
    machine_up(world, node, cause=cause)


def _started_nodes(world: World, act: Act) -> Iterator[tuple[str, str, int | None]]:
    """The nodes that an order to start is for and that answer, each with its cluster; a host that was off is switched
    on for it, with the event of that. Of any other it is told that nothing happens.
    """
    for node in act.subjects:
        cluster, cause = cluster_of(world, node), None
        if cluster is None:
            told(world, act, node, f"{node} is no node of a cluster: nothing happens")
            continue
        if node in world.scenario.host and not view.powered(world.state, node):
            cause = world.emit("start", node, f"{node} starts", cause=None, rule="timeline")
            world.accuse(node, cause)
            faults.comes_up(world, node, cause)
        if not _off(world, node):
            yield node, cluster, cause


def force_quorum(world: World, act: Act) -> None:
    """Start the cluster service on nodes without quorum; their configuration becomes authoritative."""
    for node, cluster, cause in _started_nodes(world, act):
        if world.state["cluster-service", cluster, node] == "running":
            world.refuse("OPS017", node, f"the cluster service of {node} runs already: there is nothing to force")
            continue
        cause = told(world, act, node, f"{node} is told to start {cluster} without quorum", cause)
        if joining.hears_forced(world, cluster, node):
            world.set(("cluster-service", cluster, node), "waiting")
            world.once("gather", cluster, cause=cause)
        else:
            joining.force(world, cluster, node, cause)


def prevent_quorum(world: World, act: Act) -> None:
    """Start the cluster service so that it joins a cluster and never forms one; one that runs restarts so."""
    for node, cluster, cause in _started_nodes(world, act):
        sentence = f"{node} starts its cluster service with quorum prevented: it may only join"
        cause = told(world, act, node, sentence, cause)
        if world.state["cluster-service", cluster, node] == "running":
            stop_service(world, cluster, node)
            world.accuse(f"stopped {cluster} {node}", cause)
            world.once("judge", cluster, cause=cause)
        world.set(("cluster-service", cluster, node), "waiting")
        world.set(("prevented", cluster, node), True)
        world.once("gather", cluster, cause=cause)


def evict(world: World, node: str, act: Act) -> None:
    """Take a node out of its cluster for good; its node id is free again."""
    cluster = cluster_of(world, node)
    assert cluster is not None
    if len(view.nodes(world.scenario, world.state, cluster)) == 1:
        world.refuse("OPS003", node, f"{node} is the only node of {cluster}: a cluster is destroyed, not emptied")
        return
    if not _others_that_run(world, cluster, node):
        world.refuse("OPS002", node, f"no other node of {cluster} runs that could take {node} out of it")
        return
    running = node in view.members(world.scenario, world.state, cluster)
    if running and not _others_keep_quorum(world, cluster, node):
        world.refuse("OPS002", node, f"without {node} the cluster {cluster} would have no quorum")
        return
    cause = told(world, act, node, f"{node} is evicted from {cluster}")
    if running and view.answers(world.state, node):
        draining.move_all_off(world, cluster, node, cause, ("evicted", cluster, node))
    else:
        evicted(world, cluster, node, cause=cause)


def evicted(world: World, cluster: str, node: str, *, cause: int | None) -> None:
    """A node that is empty is no node of the cluster any more, which keeps nothing of it: added anew it is new. Where
    the cluster has stopped meanwhile it stays one.
    """
    others = _others_that_run(world, cluster, node)
    if not others:
        detail = f"{node} stays a node of {cluster}: no other is left that could take it out"
        world.emit("refused", node, detail, cause=cause, rule="node-drain", cluster=cluster)
        world.set(("finding", "OPS002", node), detail)
        world.set(("drain", cluster, node), None)
        return
    if node in world.state["side", cluster, others[0]] and not world.state["side", cluster, node]:
        # The others still count a node that has gone down: it is not waited for any longer.
        membership.drop(world, cluster, [node], others, cause)
    draining.leave_cluster(world, cluster, node, cause=cause)
    stop_service(world, cluster, node, "stopped")
    resiliency.forget(world, cluster, node)
    world.set(("paused", cluster, node), False)
    world.set(("drained", cluster, node), ())
    if not view.weight(world.scenario, world.state, cluster, node):
        world.set(("property", node, "NodeWeight"), 1)
        write_down(world, cluster, (node, "NodeWeight", 1))
    slots: tuple[str, ...] = world.state["nodes", cluster]
    world.set(("nodes", cluster), tuple("" if n == node else n for n in slots))
    # The members learn it, and no one else: what a node that is away knows of the cluster still counts the evicted one.
    members = view.members(world.scenario, world.state, cluster)
    table = view.table_of(world.state, cluster, members)
    tell(world, cluster, members, table._replace(epoch=table.epoch + 1, voters=table.voters - {node}))
    world.once("judge", cluster, cause=cause)


def _others_that_run(world: World, cluster: str, node: str) -> tuple[str, ...]:
    """The other members of the side that runs, those that answer."""
    members = view.members(world.scenario, world.state, cluster)
    return tuple(n for n in view.alive_in(world.scenario, world.state, cluster, members) if n != node)


def _others_keep_quorum(world: World, cluster: str, node: str) -> bool:
    """Of an evicted node the vote is gone from the total too."""
    scenario, state = world.scenario, world.state
    side = tuple(n for n in view.members(scenario, state, cluster) if n != node)
    if view.is_dynamic(scenario, state, cluster) or not side:
        return keeps_quorum_without(world, cluster, node)
    table = view.table_of(state, cluster, side)
    left = table._replace(voters=table.voters - {node})
    holds = any(view.witness_reached(scenario, state, cluster, n) for n in side)
    world.consulted.add("majority")
    return world.rules.majority(left.present(state, side) + (left.witness if holds else 0), left.total)


def join(world: World, machine: str, act: Act) -> None:
    """Add a machine to a failover cluster that runs; it takes the lowest free node id."""
    state, cluster = world.state, act.to or ""
    slots: tuple[str, ...] = state["nodes", cluster]
    limit = world.number("failover.max_nodes", cluster)
    why = _why_not_joined(world, cluster, machine)
    if why is not None:
        world.refuse("OPS021", machine, f"{machine} cannot join {cluster}: {why}")
        return
    if len([n for n in slots if n]) >= limit:
        world.refuse("OPS008", machine, f"{cluster} has {limit} nodes already, the most that it may have")
        return
    cause = told(world, act, machine, f"{machine} is added to {cluster}")
    free = slots.index("") if "" in slots else len(slots)
    world.set(("nodes", cluster), (*slots[:free], machine, *slots[free + 1 :]))
    world.set(("cluster-service", cluster, machine), "waiting")
    world.set(("side", cluster, machine), frozenset())
    if ("table", cluster, machine) not in state:
        world.set(("table", cluster, machine), Table(0, frozenset(), None, 0))
    world.once("gather", cluster, cause=cause)


def _why_not_joined(world: World, cluster: str, machine: str) -> str | None:
    """What keeps a machine from becoming a node, whatever room there is."""
    scenario, state = world.scenario, world.state
    nodes = view.nodes(scenario, state, cluster)
    belongs = next((c.name for c in view.clusters_of(scenario, state, machine)), None)
    if not view.answers(state, machine):
        return f"{machine} does not answer"
    if belongs is not None:
        return f"{machine} is already a node of {belongs}"
    running = view.alive_in(scenario, state, cluster, view.members(scenario, state, cluster))
    if not running:
        return f"{cluster} does not run"
    if not membership.Places(world).hear_each_other(machine, running):
        return f"the nodes of {cluster} do not reach it"
    releases = sorted({scenario.release_of(n) for n in (*nodes, machine)}, key=RELEASES.index)
    if len(releases) > 1 and not _may_mix(world, releases):
        return "its release does not fit those of the nodes"
    domains = {domain_of(scenario, n) for n in (*nodes, machine)} - {None}
    if len(domains) > 1 and not world.has("multi_domain", cluster):
        return "it is in another domain"
    return None


def _may_mix(world: World, releases: list[str]) -> bool:
    """Two releases that follow each other, the newer of which can be upgraded to with the cluster running."""
    older, newer = releases[0], releases[-1]
    follows = RELEASES.index(newer) - RELEASES.index(older) == 1
    return follows and bool(world.scenario.facts_of[newer]["feature.rolling_upgrade"].value)


def domain_of(scenario: Scenario, machine: str) -> str | None:
    """The domain that a machine is in, where the scenario says one."""
    made_of = scenario.host.get(machine) or scenario.vm[machine]
    return made_of.domain


VERBS: dict[str, Verb] = {
    "force-quorum": force_quorum,
    "prevent-quorum": prevent_quorum,
}

HANDLERS: dict[str, Handler] = {"evicted": evicted}
