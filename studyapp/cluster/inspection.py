"""Settings in force, as `property()` reads them: the product's own, limits of the release, and keys of the scenario."""

from __future__ import annotations

from studyapp.cluster import service, view
from studyapp.cluster.kinds import Value
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import Fact, FailoverCluster, NlbCluster, PortRule, Scenario
from studyapp.cluster.trace import State

LIMITS = ("max_nodes", "max_vms", "max_vms_per_node")
NOTHING = "none"
"""What a property is of a thing that has none."""


def read(scenario: Scenario, state: State, thing: str, name: str) -> Value:
    """The value in force of a property of a thing, in the product's unit; `none` where it has none."""
    if name in LIMITS:
        row = _facts(scenario, thing).get(f"{'nlb' if thing in scenario.nlb else 'failover'}.{name}")
        return row.value if row is not None else NOTHING
    if name not in PROPERTIES:
        return _key(scenario, state, thing, name)
    computed = _computed(scenario, state, thing, name)
    if computed is not None:
        return computed
    made_of = PROPERTIES[name]
    found = state.get(("property", thing, name), scenario.settings.get((thing, name)))
    if found is None:
        row = _facts(scenario, thing).get(row_of(scenario, state, thing, name))
        found = row.value if row is not None else NOTHING
    if isinstance(found, bool):
        return int(found)
    return (
        found // made_of.unit if isinstance(found, int) and found % made_of.unit == 0 else _scaled(found, made_of.unit)
    )


def _scaled(found: Value, unit: int) -> Value:
    return found / unit if isinstance(found, int) else found


def _computed(scenario: Scenario, state: State, thing: str, name: str) -> Value | None:
    """What does not stand anywhere as it is read."""
    cluster = cluster_of(scenario, state, thing)
    if cluster is None:
        return None
    table = view.last_table(scenario, state, cluster)
    match name:
        case "DynamicWeight":
            return table.present(state, (thing,))
        case "WitnessDynamicWeight":
            return table.witness
        case "NodeWeight":
            return view.weight(scenario, state, cluster, thing)
        case "DynamicQuorum":
            return int(view.is_dynamic(scenario, state, cluster))
        case "FailoverThreshold" if (thing, name) not in scenario.settings and ("property", thing, name) not in state:
            return len(view.nodes(scenario, state, cluster)) - 1
        case "LowerQuorumPriorityNodeID":
            named = state.get(("property", thing, name), scenario.settings.get((thing, name)))
            ids = {node: number for number, node in enumerate(state["nodes", cluster], 1)}
            return ids.get(named, 0) if isinstance(named, str) else 0
    return None


def row_of(scenario: Scenario, state: State, thing: str, name: str) -> str:
    """The row of the default."""
    if thing in scenario.failover and name.endswith(("Delay", "Threshold")):
        return view.heartbeat_row(scenario, state, thing, name)
    return PROPERTIES[name].fact


def _facts(scenario: Scenario, thing: str) -> dict[str, Fact]:
    cluster = scenario.role[thing].cluster if thing in scenario.role else thing
    for made_of in scenario.members_of.get(thing, ()):
        cluster = made_of.name if isinstance(made_of, FailoverCluster) else cluster
    return scenario.facts_of[scenario.level.get(cluster, scenario.release)]


def cluster_of(scenario: Scenario, state: State, thing: str) -> str | None:
    """The failover cluster that a thing is, or is a role or node of."""
    if thing in scenario.role:
        return scenario.role[thing].cluster
    if thing in scenario.failover:
        return thing
    return next((c for c in scenario.failover if thing in view.nodes(scenario, state, c)), None)


def _key(scenario: Scenario, state: State, thing: str, name: str) -> Value:
    """A key of the scenario that the product has no name for."""
    found: Value | None
    if name == "mac":
        found = service.mac(scenario, thing) if thing in scenario.nlb else None
    elif name == "release" and thing in scenario.machines:
        found = scenario.release_of(thing)
    elif name == "priority" and thing not in scenario.role:
        found = next((dict(c.priorities).get(thing, c.nodes.index(thing) + 1) for c in _farms(scenario, thing)), None)
    elif name == "mode":
        found = next((dict(c.modes).get(thing, c.mode) for c in _farms(scenario, thing)), None)
    elif name in ("timeout", "starts_in"):
        made_of = _made_of(scenario, thing)
        ms = getattr(made_of, f"{name}_ms", None)
        found = ms / 1000 if isinstance(ms, int) else None
    else:
        found = getattr(_made_of(scenario, thing), name, None)
    return found if found is not None else NOTHING


def _farms(scenario: Scenario, thing: str) -> list[NlbCluster]:
    return [c for c in scenario.nlb.values() if thing == c.name or thing in c.nodes]


def _made_of(scenario: Scenario, thing: str) -> object:
    """The part of the scenario that has this name; of a port rule the rule."""
    cluster, _, first = thing.rpartition(":")
    if cluster in scenario.nlb:
        return next((rule for rule in scenario.nlb[cluster].rules if str(rule.first) == first), PortRule())
    tables = (scenario.store, scenario.failover, scenario.nlb, scenario.role, scenario.host, scenario.vm)
    return next((table[thing] for table in tables if thing in table), None)
