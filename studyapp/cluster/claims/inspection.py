"""Settings in force, as `property()` reads them: the product's own, limits of the release, and keys of the scenario."""

from __future__ import annotations

from collections.abc import Callable, Collection

from studyapp.cluster import view
from studyapp.cluster.clients import port_rules, service
from studyapp.cluster.kinds import SCENARIO_KEYS, Value
from studyapp.cluster.properties import MODES, PROPERTIES, Property, spelled
from studyapp.cluster.roles.policies import ONE_FEWER_THAN_NODES
from studyapp.cluster.scenario import NlbCluster, PortRule, Scenario
from studyapp.cluster.trace import State
from studyapp.cluster.validation.case import BY_THE_NEWEST, Case

LIMITS = ("max_nodes", "max_vms", "max_vms_per_node")
NOTHING = "none"
"""What a property is of a thing that has none."""


def read(scenario: Scenario, state: State, thing: str, name: str) -> Value:
    """The value in force of a property of a thing, in the product's unit; `none` where it has none."""
    if name in LIMITS:
        return _limit(scenario, thing, name)
    if name in SCENARIO_KEYS:
        return _key(scenario, state, thing, name)
    name = spelled(name)
    if name in _RULE_SETTINGS:
        return _of_rule(scenario, state, thing, name)
    return _product(scenario, state, thing, PROPERTIES[name])


def _limit(scenario: Scenario, thing: str, name: str) -> Value:
    """What the release allows in a cluster."""
    if thing in scenario.failover:
        return scenario.facts_of[scenario.level[thing]][f"failover.{name}"].value
    row = scenario.fact.get(f"nlb.{name}") if thing in scenario.nlb else None
    return row.value if row is not None else NOTHING


# -- the product's own ----------------------------------------------------------------------------------------------


def _product(scenario: Scenario, state: State, thing: str, made_of: Property) -> Value:
    name = made_of.name
    if not _may_have(scenario, state, thing, made_of.of):
        return NOTHING
    by_hand = state.get(("property", thing, name), scenario.settings.get((thing, name)))
    case = Case(scenario)
    release = case.in_force(thing, name)
    if by_hand is None and name != BY_THE_NEWEST and case.lacks(name, release):
        return NOTHING
    if name in _COMPUTED:
        return _COMPUTED[name](scenario, state, thing, by_hand)
    if made_of.kind == "names":
        return by_hand or ()
    if by_hand is None:
        row = scenario.facts_of[release].get(row_of(scenario, state, thing, name))
        by_hand = row.value if row is not None else NOTHING
    return _in_units(by_hand, made_of.unit)


def _in_units(value: Value, unit: int) -> Value:
    """A number in the product's unit, whole where it can be."""
    if not isinstance(value, int):
        return value
    return value // unit if value % unit == 0 else value / unit


def _may_have(scenario: Scenario, state: State, thing: str, of: str) -> bool:
    """Things such as this one have the properties `of` a kind of thing."""
    if of == "node":
        return _node_of(scenario, state, thing) is not None
    if of == "balanced":
        return any(thing in view.nodes(scenario, state, c) for c in scenario.nlb)
    tables: dict[str, Collection[str]] = {"cluster": scenario.failover, "nlb": scenario.nlb}
    return thing in (tables | {"role": scenario.role, "vm": scenario.vm})[of]


def _node_of(scenario: Scenario, state: State, machine: str) -> str | None:
    """The failover cluster that a machine is a node of, whatever else has its name."""
    return next((c for c in scenario.failover if machine in view.nodes(scenario, state, c)), None)


def cluster_of(scenario: Scenario, state: State, thing: str) -> str | None:
    """The failover cluster that a thing is, or is a role or node of."""
    if thing in scenario.role:
        return scenario.role[thing].cluster
    if thing in scenario.failover:
        return thing
    return _node_of(scenario, state, thing)


def row_of(scenario: Scenario, state: State, thing: str, name: str) -> str:
    """The row of the default."""
    if thing in scenario.failover and name.endswith(("Delay", "Threshold")):
        return view.heartbeat_row(scenario, state, thing, name)
    return PROPERTIES[name].fact


Computed = Callable[[Scenario, State, str, object], Value]
"""What a property is, from the state and from what was set by hand."""


def _dynamic_weight(scenario: Scenario, state: State, node: str, by_hand: object) -> Value:
    cluster = _node_of(scenario, state, node) or ""
    return view.last_table(scenario, state, cluster).present(state, (node,))


def _node_weight(scenario: Scenario, state: State, node: str, by_hand: object) -> Value:
    return view.weight(scenario, state, _node_of(scenario, state, node) or "", node)


def _witness_weight(scenario: Scenario, state: State, cluster: str, by_hand: object) -> Value:
    return view.last_table(scenario, state, cluster).witness


def _dynamic_quorum(scenario: Scenario, state: State, cluster: str, by_hand: object) -> Value:
    return int(view.is_dynamic(scenario, state, cluster))


def _functional_level(scenario: Scenario, state: State, cluster: str, by_hand: object) -> Value:
    """Left out it is that of the oldest node; releases from before there was such a property have a level too."""
    return by_hand if isinstance(by_hand, int) else scenario.facts_of[scenario.level[cluster]][BY_THE_NEWEST].value


def _failover_threshold(scenario: Scenario, state: State, role: str, by_hand: object) -> Value:
    """Left out, or as the product writes that, it is the number of nodes less one."""
    if isinstance(by_hand, int) and by_hand != ONE_FEWER_THAN_NODES:
        return by_hand
    return len(view.nodes(scenario, state, scenario.role[role].cluster)) - 1


def _node_id(scenario: Scenario, state: State, node: str, by_hand: object) -> Value:
    slots: tuple[str, ...] = state["nodes", _node_of(scenario, state, node) or ""]
    return slots.index(node) + 1


def _lower_priority(scenario: Scenario, state: State, cluster: str, by_hand: object) -> Value:
    """The node's id, 0 where none is named."""
    ids = {node: number for number, node in enumerate(state["nodes", cluster], 1)}
    return ids.get(by_hand, 0)


def _operation_mode(scenario: Scenario, state: State, cluster: str, by_hand: object) -> Value:
    mode = view.nlb_mode(scenario, state, cluster)
    return next(word for word, short in MODES.items() if short == mode)


def _spoofing(scenario: Scenario, state: State, vm: str, by_hand: object) -> Value:
    return "On" if view.may_spoof(scenario, state, vm) else "Off"


def _host_priority(scenario: Scenario, state: State, node: str, by_hand: object) -> Value:
    farm = next(c for c in scenario.nlb if node in view.nodes(scenario, state, c))
    return port_rules.priority(scenario, state, farm, node)


_COMPUTED: dict[str, Computed] = {
    "OperationMode": _operation_mode,
    "MacAddressSpoofing": _spoofing,
    "HostPriority": _host_priority,
    "DynamicWeight": _dynamic_weight,
    "NodeWeight": _node_weight,
    "Id": _node_id,
    "WitnessDynamicWeight": _witness_weight,
    "DynamicQuorum": _dynamic_quorum,
    "ClusterFunctionalLevel": _functional_level,
    "FailoverThreshold": _failover_threshold,
    "LowerQuorumPriorityNodeID": _lower_priority,
}


# -- port rules -----------------------------------------------------------------------------------------------------


def rule_named(scenario: Scenario, state: State, thing: str) -> tuple[str, PortRule] | None:
    """The NLB cluster and the port rule that a thing is, as the rule was set last; None for any other thing."""
    cluster = thing.rpartition(":")[0]
    if cluster not in scenario.nlb:
        return None
    rules = port_rules.as_set(scenario, state, cluster)
    return next(((cluster, rule) for rule in rules if port_rules.rule_name(cluster, rule) == thing), None)


def _of_rule(scenario: Scenario, state: State, thing: str, name: str) -> Value:
    """A setting of a port rule; of what each host has its own, the one value of all of them, or those of the hosts in
    the order of the nodes.
    """
    found = rule_named(scenario, state, thing)
    if found is None or (name == "Timeout" and not scenario.fact["feature.extended_affinity"].value):
        return NOTHING
    cluster, rule = found
    own = _RULE_SETTINGS[name]
    hosts = view.nodes(scenario, state, cluster) if PROPERTIES[name].each else ("",)
    values = tuple(own(scenario, state, cluster, rule, node) for node in hosts)
    if not values:
        return NOTHING
    return values[0] if len(set(values)) == 1 else values


def _minutes(scenario: Scenario, state: State, cluster: str, rule: PortRule, node: str) -> int:
    return rule.timeout_ms // int(scenario.fact["nlb.affinity_timeout.unit"].value)


OfRule = Callable[[Scenario, State, str, PortRule, str], int | str]
_RULE_SETTINGS: dict[str, OfRule] = {
    "Mode": lambda scenario, state, cluster, rule, node: rule.filter.capitalize(),
    "Affinity": lambda scenario, state, cluster, rule, node: rule.affinity.capitalize(),
    "Protocol": lambda scenario, state, cluster, rule, node: rule.protocol.capitalize(),
    "Timeout": _minutes,
    "LoadWeight": lambda scenario, state, cluster, rule, node: port_rules.load_weight(scenario, rule, node),
    "HandlingPriority": lambda scenario, state, cluster, rule, node: port_rules.handling_priority(
        scenario, state, cluster, rule, node
    ),
    "State": lambda scenario, state, cluster, rule, node: port_rules.rule_state(
        state, port_rules.rule_name(cluster, rule), node
    ),
}
"""What a setting of a port rule is, for one host."""


# -- keys of the scenario -------------------------------------------------------------------------------------------


def _key(scenario: Scenario, state: State, thing: str, name: str) -> Value:
    """A key of the scenario that the product has no name for."""
    if name in _KEYS:
        found = _KEYS[name](scenario, state, thing)
    else:
        parts = _parts(scenario, state, thing)
        found = next((getattr(part, name) for part in parts if hasattr(part, name)), None)
    return found if found is not None else NOTHING


def _parts(scenario: Scenario, state: State, thing: str) -> tuple[object, ...]:
    """The parts of the scenario that have this name: a role and its virtual machine may share one. Of a port rule the
    rule as it was set last.
    """
    found = rule_named(scenario, state, thing)
    if found is not None:
        return (found[1],)
    tables = (scenario.store, scenario.failover, scenario.nlb, scenario.role, scenario.host, scenario.vm)
    return tuple(table[thing] for table in tables if thing in table)


def _farm(scenario: Scenario, state: State, thing: str) -> NlbCluster | None:
    """The NLB cluster that a thing is, or is a host of."""
    return next((c for c in scenario.nlb.values() if thing in (c.name, *view.nodes(scenario, state, c.name))), None)


def _mac(scenario: Scenario, state: State, thing: str) -> Value | None:
    return service.mac(scenario, state, thing) if thing in scenario.nlb else None


def _kind(scenario: Scenario, state: State, thing: str) -> Value | None:
    if thing in scenario.store:
        return scenario.store[thing].kind
    return "failover" if thing in scenario.failover else "nlb" if thing in scenario.nlb else None


def _release(scenario: Scenario, state: State, thing: str) -> Value | None:
    return scenario.release_of(thing) if thing in scenario.machines else None


def _mode(scenario: Scenario, state: State, thing: str) -> Value | None:
    farm = _farm(scenario, state, thing)
    return view.nlb_mode(scenario, state, farm.name, thing) if farm is not None else None


def _priority(scenario: Scenario, state: State, thing: str) -> Value | None:
    """The host priority of an NLB host; of a role the product's own."""
    if thing in scenario.role:
        return read(scenario, state, thing, "Priority")
    own = _may_have(scenario, state, thing, "balanced")
    return _host_priority(scenario, state, thing, None) if own else None


def _weight(scenario: Scenario, state: State, thing: str) -> Value | None:
    """The load weight of an NLB host, where it is the same in every rule that the load is shared by."""
    farm = _farm(scenario, state, thing)
    if farm is None or thing == farm.name:
        return None
    shared = (rule for rule in port_rules.as_set(scenario, state, farm.name) if rule.filter == "multiple")
    weights = {port_rules.load_weight(scenario, rule, thing) for rule in shared}
    return weights.pop() if len(weights) == 1 else None


def _seconds(key: str) -> Callable[[Scenario, State, str], Value | None]:
    def found(scenario: Scenario, state: State, thing: str) -> Value | None:
        parts = _parts(scenario, state, thing)
        ms = next((getattr(part, key) for part in parts if hasattr(part, key)), None)
        return _in_units(ms, 1000) if isinstance(ms, int) else None

    return found


_KEYS: dict[str, Callable[[Scenario, State, str], Value | None]] = {
    "mac": _mac,
    "kind": _kind,
    "release": _release,
    "site": view.site_of,
    "mode": _mode,
    "priority": _priority,
    "weight": _weight,
    "timeout": _seconds("timeout_ms"),
    "starts_in": _seconds("starts_in_ms"),
}
