"""What an administrator does to a failover cluster: stops and starts nodes, forces or prevents quorum, evicts and joins
nodes, sets properties. What Windows would refuse is refused: it changes nothing, and gives a finding.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.clients import nlb
from studyapp.cluster.moves import draining, resiliency
from studyapp.cluster.nodes import joining, membership
from studyapp.cluster.nodes.quorum import stop_service, tell
from studyapp.cluster.orders import faults, nlb_actions, rule_settings
from studyapp.cluster.orders.machines import machine_up, told
from studyapp.cluster.properties import PROPERTIES, Property
from studyapp.cluster.scenario import RELEASES, Act, FailoverCluster, Scenario, Setting
from studyapp.cluster.votes import Table
from studyapp.cluster.world import Handler, Verb, World

VOTING = ("NodeWeight", "DynamicQuorum", "LowerQuorumPriorityNodeID")
HEARTBEAT = ("Delay", "Threshold")
LEVEL = "ClusterFunctionalLevel"


def cluster_of(world: World, node: str) -> str | None:
    """The failover cluster that a machine is a node of now."""
    found = view.clusters_of(world.scenario, world.state, node)
    return next((c.name for c in found if isinstance(c, FailoverCluster)), None)


def keeps_quorum_without(world: World, cluster: str, node: str) -> bool:
    """The side that runs goes on when this node leaves in order: with dynamic quorum while anybody is left who may
    vote.
    """
    scenario, state = world.scenario, world.state
    side = tuple(n for n in view.members(scenario, state, cluster) if n != node)
    if not side:
        return False
    if view.is_dynamic(scenario, state, cluster):
        return any(view.weight(scenario, state, cluster, n) for n in side)
    table = view.table_of(state, cluster, side)
    holds = any(view.witness_reached(scenario, state, cluster, n) for n in side)
    present = table.present(state, side) + (table.witness if holds else 0)
    return world.rules.majority(present, world.rules.votes_total(world, cluster, frozenset(side)))


def _off(world: World, node: str) -> bool:
    """Refuse what is asked of a machine that does not answer."""
    if view.answers(world.state, node):
        return False
    world.refuse("OPS026", node, f"{node} does not answer")
    return True


def _comes_up(world: World, node: str) -> bool:
    """The node answers: a host that was off is switched on for what it is told. Else that is refused."""
    if node in world.scenario.host and not view.powered(world.state, node):
        cause = world.emit("start", node, f"{node} starts", cause=None, rule="timeline")
        world.accuse(node, cause)
        faults.comes_up(world, node, cause)
    return not _off(world, node)


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


def force_quorum(world: World, act: Act) -> None:
    """Start the cluster service on nodes without quorum; their configuration becomes authoritative."""
    for node in act.subjects:
        cluster = cluster_of(world, node)
        if cluster is None:
            told(world, act, node, f"{node} is no node of a cluster: nothing happens")
            continue
        if not _comes_up(world, node):
            continue
        if world.state["cluster-service", cluster, node] == "running":
            world.refuse("OPS017", node, f"the cluster service of {node} runs already: there is nothing to force")
            continue
        cause = told(world, act, node, f"{node} is told to start {cluster} without quorum")
        if joining.hears_forced(world, cluster, node):
            world.set(("cluster-service", cluster, node), "waiting")
            world.once("gather", cluster, cause=cause)
        else:
            joining.force(world, cluster, node, cause)


def prevent_quorum(world: World, act: Act) -> None:
    """Start the cluster service so that it joins a cluster and never forms one; one that runs restarts so."""
    for node in act.subjects:
        cluster = cluster_of(world, node)
        if cluster is None:
            told(world, act, node, f"{node} is no node of a cluster: nothing happens")
            continue
        if not _comes_up(world, node):
            continue
        cause = told(world, act, node, f"{node} starts its cluster service with quorum prevented: it may only join")
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
        _write_down(world, cluster, (node, "NodeWeight", 1))
    slots: tuple[str, ...] = world.state["nodes", cluster]
    world.set(("nodes", cluster), tuple("" if n == node else n for n in slots))
    # The members learn it; whatever else is known of the cluster has no vote for what is no node of it any more.
    told_now = view.members(world.scenario, world.state, cluster)
    known = [("table", cluster, other) for other in slots if other and other != node]
    for key in (*known, ("witness-table", cluster)):
        table: Table | None = world.state.get(key)
        if table is not None:
            newer = int(key[-1] in told_now)
            world.set(key, table._replace(epoch=table.epoch + newer, voters=table.voters - {node}))
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
    if not view.members(scenario, state, cluster):
        return f"{cluster} does not run"
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


# -- settings -------------------------------------------------------------------------------------------------------


def bounds(world: World, cluster: str | None, made_of: Property) -> tuple[int | None, int | None]:
    """The range of a property in the model's unit: that of the release, else that of the property."""
    rows = world.scenario.facts_of[world.scenario.level.get(cluster or "", world.scenario.release)]
    found: list[int | None] = []
    for end, own in (("min", made_of.low), ("max", made_of.high)):
        row = rows.get(f"{made_of.fact}.{end}") if made_of.fact else None
        default = own * made_of.unit if own is not None else None
        found.append(int(row.value) if row is not None else default)
    return found[0], found[1]


def set_property(world: World, act: Act) -> None:
    """Set a property of a cluster, node, role, virtual machine or port rule; most values hold at once."""
    name = act.property or ""
    made_of = PROPERTIES[name]
    if made_of.of == "rule":
        rule_settings.set_rule(world, act)
        return
    for thing in act.subjects:
        cluster = _cluster_about(world, thing)
        value = _node_of_id(world, thing, act.value) if made_of.kind == "node" else act.value
        refused = _why_not(world, thing, cluster, made_of, value)
        if refused is not None:
            world.refuse(refused[0], thing, refused[1], about=name)
        else:
            cause = told(world, act, thing, f"{name} of {thing} is set to {_shown(value, made_of)}")
            world.set(("property", thing, name), value)
            if name == LEVEL:
                releases = (r for r, rows in world.scenario.facts_of.items() if rows[LEVEL].value == value)
                world.set(("level", thing), next(releases, None))
            if cluster is not None:
                _write_down(world, cluster, (thing, name, value if value is not None else ""))
            if cluster is not None and name in VOTING:
                world.once("judge", cluster, cause=cause)
            elif cluster is not None and name.endswith(HEARTBEAT):
                membership.retime(world, cluster, cause)
            elif thing in world.scenario.nlb:
                nlb.changed(world, thing, cause)
            elif name == "HostPriority" and isinstance(value, int):
                nlb_actions.set_priority(world, thing, value, cause)
            elif name == "CheckHeartbeat":
                world.after(0, "watch", thing, cause=cause)


def _node_of_id(world: World, cluster: str, value: Setting | None) -> Setting | None:
    """The node that has an id now, where there is one; a name stays as it is."""
    slots: tuple[str, ...] = world.state["nodes", cluster]
    return slots[value - 1] or value if isinstance(value, int) and value <= len(slots) else value


def _write_down(world: World, cluster: str, setting: tuple[str, str, Setting]) -> None:
    """Every node that runs learns of a setting: it is part of the cluster's configuration."""
    for side in view.sides(world.scenario, world.state, cluster):
        table = view.table_of(world.state, cluster, side)
        kept = frozenset(known for known in table.settings if known[:2] != setting[:2])
        tell(world, cluster, side, table._replace(epoch=table.epoch + 1, settings=kept | {setting}))


def _shown(value: object, made_of: Property) -> object:
    """A value in the product's unit."""
    return value // made_of.unit if isinstance(value, int) and not isinstance(value, bool) else value


def _too_new(world: World, cluster: str | None, name: str) -> bool:
    scenario = world.scenario
    release = scenario.level.get(cluster or "", scenario.release)
    if name == LEVEL and cluster is not None:
        nodes = view.nodes(scenario, world.state, cluster)
        release = max(map(scenario.release_of, nodes), key=RELEASES.index)
    row = scenario.facts_of[release].get(f"since.{name}")
    return row is not None and RELEASES.index(release) < RELEASES.index(str(row.value))


def _why_not(
    world: World, thing: str, cluster: str | None, made_of: Property, value: Setting | None
) -> tuple[str, str] | None:
    """Why a property is not set to a value: the finding, and a sentence."""
    name = made_of.name
    low, high = bounds(world, cluster, made_of)
    if made_of.kind == "node" and isinstance(value, int):
        return "OPS009", f"{name} takes the id of a node, and none has {value}"
    if made_of.fixed:
        return "OPS011", f"{name} is what the cluster computes, and cannot be set"
    if _too_new(world, cluster, name):
        return "OPS010", f"this release has no {name}"
    if name == "HostPriority" and isinstance(value, int):
        return nlb_actions.why_not_priority(world, thing, value)
    if name == LEVEL and isinstance(value, int):
        why = _why_not_raised(world, thing, value)
        return ("OPS022", f"{name} of {thing} cannot be set to {value}: {why}") if why is not None else None
    if isinstance(value, int) and ((low is not None and value < low) or (high is not None and value > high)):
        ends = f"{_shown(low, made_of)} to {_shown(high, made_of)}"
        return "OPS009", f"{name} takes {ends}, not {_shown(value, made_of)}"
    if name == "NodeWeight" and value == 0 and cluster is not None and _votes_alone(world, cluster, thing):
        return "OPS028", f"{thing} keeps its vote: without it no node of {cluster} that runs would have one"
    return None


def _votes_alone(world: World, cluster: str, node: str) -> bool:
    """No other node of the side that runs has a vote, where it is votes of nodes that count."""
    members = view.members(world.scenario, world.state, cluster)
    others = any(view.weight(world.scenario, world.state, cluster, n) for n in members if n != node)
    return node in members and not others and world.scenario.failover[cluster].quorum != "disk-only"


def _why_not_raised(world: World, cluster: str, level: int) -> str | None:
    """The functional level only goes up, and only while every node is a member and has a release of that level."""
    scenario, state = world.scenario, world.state
    if level < world.setting(cluster, LEVEL):
        return "it cannot go back"
    members = view.members(scenario, state, cluster)
    for node in view.nodes(scenario, state, cluster):
        own = scenario.facts_of[scenario.release_of(node)][LEVEL].value
        if node not in members:
            return f"{node} is not online"
        if int(own) < level:
            return f"{node} has an older release"
    return None


def _cluster_about(world: World, thing: str) -> str | None:
    if thing in world.scenario.failover:
        return thing
    if thing in world.scenario.role:
        return world.scenario.role[thing].cluster
    return cluster_of(world, thing)


VERBS: dict[str, Verb] = {
    "force-quorum": force_quorum,
    "prevent-quorum": prevent_quorum,
    "set": set_property,
}

HANDLERS: dict[str, Handler] = {"evicted": evicted}
