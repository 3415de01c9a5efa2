"""What an administrator sets while everything runs: properties of clusters, nodes, roles, virtual machines and balanced
hosts. What Windows would refuse is refused: it changes nothing, and gives a finding.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.clients import nlb
from studyapp.cluster.nodes import membership
from studyapp.cluster.nodes.quorum import write_down
from studyapp.cluster.orders import nlb_actions, rule_settings
from studyapp.cluster.orders.administration import cluster_of
from studyapp.cluster.orders.machines import told
from studyapp.cluster.properties import PROPERTIES, Property
from studyapp.cluster.scenario import RELEASES, Act, Setting
from studyapp.cluster.world import Verb, World

VOTING = ("NodeWeight", "DynamicQuorum", "LowerQuorumPriorityNodeID")
HEARTBEAT = ("Delay", "Threshold")
LEVEL = "ClusterFunctionalLevel"


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
        cluster = _cluster_about(world, thing, made_of)
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
                write_down(world, cluster, (thing, name, value if value is not None else ""))
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


def _cluster_about(world: World, thing: str, made_of: Property) -> str | None:
    """The cluster that keeps the setting. A virtual machine may be a node of one and a role of another."""
    if thing in world.scenario.failover:
        return thing
    if thing in world.scenario.role and made_of.of != "node":
        return world.scenario.role[thing].cluster
    return cluster_of(world, thing)


VERBS: dict[str, Verb] = {"set": set_property}
