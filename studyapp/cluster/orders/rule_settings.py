"""Settings of port rules, and of a host's part in one, that are changed while their cluster runs.

Each change starts convergence, and the hosts go by it when that has ended. What Windows would refuse is refused: it
changes nothing, and gives a finding. A rule that is disabled on a host is stopped there at once, or drained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studyapp.cluster import view
from studyapp.cluster.clients import load, nlb, port_rules
from studyapp.cluster.nodes.membership import nodes_now
from studyapp.cluster.orders.machines import told
from studyapp.cluster.scenario import Act, PortRule, Setting
from studyapp.cluster.world import World

UNIT = "nlb.affinity_timeout.unit"
RANGES = {
    "LoadWeight": ("nlb.min_weight", "nlb.max_weight"),
    "HandlingPriority": ("nlb.min_handling_priority", "nlb.max_handling_priority"),
}
NEEDS = {"LoadWeight": "multiple", "HandlingPriority": "single", "Affinity": "multiple", "Timeout": "multiple"}
"""The filtering mode without which a setting means nothing."""
Values = dict[str, Setting]
"""What each host is given; one value for all of them stands under an empty name."""


def set_rule(world: World, act: Act) -> None:
    """The verb `set`, of port rules."""
    name = act.property or ""
    for rule in act.subjects:
        cluster = cluster_of(rule)
        hosts = nodes_now(world, cluster)
        values: Values = dict(act.values) or {"": act.value if act.value is not None else ""}
        refused = _why_not(world, cluster, rule, name, values)
        if refused is not None:
            world.refuse(refused[0], rule, refused[1], about=name)
            continue
        said = ", ".join(f"{value} on {host}" if host else f"{value}" for host, value in values.items())
        how = " as soon as its connections have ended" if act.drain else ""
        cause = told(world, act, rule, f"{name} of {rule} is set to {said}{how}")
        world.set(("property", rule, name), tuple(values.items()))
        if name == "State":
            _switch(world, cluster, rule, _each(values, hosts), act, cause)
        else:
            world.set(("rules-set", cluster), _changed(world, cluster, rule, name, values))
        nlb.changed(world, cluster, cause)


def cluster_of(rule: str) -> str:
    """The NLB cluster whose port rule this is."""
    return rule.rpartition(":")[0]


def newcomer(world: World, cluster: str, node: str, weight: int | None) -> None:
    """A host joins with a load weight in all rules, or with that which the scenario gives it, else the product's; its
    handling priorities are those of the scenario too, and no rule is disabled on it.
    """
    before = port_rules.as_set(world.scenario, world.state, cluster)
    rules = []
    for rule, given in zip(before, world.scenario.nlb[cluster].rules, strict=True):
        own = weight if weight is not None else dict(given.weights).get(node)
        priority = dict(given.priorities).get(node)
        weights, priorities = _with(rule.weights, node, own), _with(rule.priorities, node, priority)
        rules.append(replace(rule, weights=weights, priorities=priorities))
        name = port_rules.rule_name(cluster, rule)
        if port_rules.rule_state(world.state, name, node) != "Enabled":
            world.set(("rule-state", name, node), "Enabled")
    if tuple(rules) != before:
        world.set(("rules-set", cluster), tuple(rules))


def _with(numbers: tuple[tuple[str, int], ...], node: str, number: int | None) -> tuple[tuple[str, int], ...]:
    """The numbers of hosts with that of one replaced, or left out."""
    if number is None:
        return tuple((n, each) for n, each in numbers if n != node)
    return tuple((dict(numbers) | {node: number}).items())


# -- what is refused ------------------------------------------------------------------------------------------------


def _why_not(world: World, cluster: str, rule: str, name: str, values: Values) -> tuple[str, str] | None:
    """Why a setting is not changed: the finding, and a sentence."""
    if name == "Timeout" and not world.has("extended_affinity"):
        return "OPS010", f"this release has no {name}"
    strangers = [host for host in values if host and host not in nodes_now(world, cluster)]
    if strangers:
        return "OPS027", f"{strangers[0]} is no host of {cluster} now"
    low, high = _range(world, name)
    outside = [v for v in values.values() if isinstance(v, int) and high is not None and not low <= v <= high]
    if outside:
        return "OPS009", f"{name} takes {low} to {high}, not {outside[0]}"
    before = next(
        r for r in port_rules.as_set(world.scenario, world.state, cluster) if port_rules.rule_name(cluster, r) == rule
    )
    if NEEDS.get(name, before.filter) != before.filter:
        return "OPS027", f"{rule} has no {name}: its filtering mode is {before.filter}"
    if name == "Timeout" and before.affinity == "none" and values[""]:
        return "OPS027", f"{rule} keeps no client with its host: it has no affinity"
    after = _changed(world, cluster, rule, name, values)
    if name == "HandlingPriority":
        return _twice(world, cluster, rule, after)
    if name == "Protocol":
        others = [r for r in after if port_rules.rule_name(cluster, r) != rule]
        changed = [r for r in after if port_rules.rule_name(cluster, r) == rule]
        if len(changed) > 1 or any(port_rules.overlap(changed[0], other) for other in others):
            return "OPS027", f"another rule of {cluster} covers the ports of {rule} for this protocol"
    return None


def _range(world: World, name: str) -> tuple[int, int | None]:
    if name in RANGES:
        low, high = RANGES[name]
        return world.number(low), world.number(high)
    return (0, world.number("nlb.max_affinity_timeout") // world.number(UNIT)) if name == "Timeout" else (0, None)


def _twice(world: World, cluster: str, rule: str, after: tuple[PortRule, ...]) -> tuple[str, str] | None:
    """No two hosts have one handling priority."""
    made_of = next(r for r in after if port_rules.rule_name(cluster, r) == rule)
    taken: dict[int, str] = {}
    for node in nodes_now(world, cluster):
        number = port_rules.handling_priority(world.scenario, world.state, cluster, made_of, node)
        if number in taken:
            return "OPS027", f"{taken[number]} and {node} would both have the handling priority {number} in {rule}"
        taken[number] = node
    return None


# -- what is changed ------------------------------------------------------------------------------------------------


def _changed(world: World, cluster: str, rule: str, name: str, values: Values) -> tuple[PortRule, ...]:
    """The port rules of a cluster with a setting of one of them changed."""
    change = CHANGES.get(name)
    return tuple(
        change(world, r, values, nodes_now(world, cluster))
        if change is not None and port_rules.rule_name(cluster, r) == rule
        else r
        for r in port_rules.as_set(world.scenario, world.state, cluster)
    )


def _each(values: Values, hosts: tuple[str, ...]) -> Values:
    """The value of every host that is given one."""
    return dict.fromkeys(hosts, values[""]) if "" in values else {n: values[n] for n in values if n in hosts}


def _numbers(
    before: tuple[tuple[str, int], ...], values: Values, hosts: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    return tuple((dict(before) | {n: _number(v) for n, v in _each(values, hosts).items()}).items())


def _number(value: Setting) -> int:
    assert isinstance(value, int)
    return int(value)


def _word(values: Values) -> str:
    return str(values[""]).lower()


Changed = Callable[[World, PortRule, Values, tuple[str, ...]], PortRule]
CHANGES: dict[str, Changed] = {
    "Mode": lambda world, rule, values, hosts: replace(rule, filter=_word(values)),
    "Affinity": lambda world, rule, values, hosts: replace(rule, affinity=_word(values)),
    "Protocol": lambda world, rule, values, hosts: replace(rule, protocol=_word(values)),
    "Timeout": lambda world, rule, values, hosts: replace(rule, timeout_ms=_number(values[""]) * world.number(UNIT)),
    "LoadWeight": lambda world, rule, values, hosts: replace(rule, weights=_numbers(rule.weights, values, hosts)),
    "HandlingPriority": lambda world, rule, values, hosts: replace(
        rule, priorities=_numbers(rule.priorities, values, hosts)
    ),
}
"""The rule with a setting changed."""


def _switch(world: World, cluster: str, rule: str, values: Values, act: Act, cause: int) -> None:
    """Enable a rule on hosts, or disable it there: their connections are cut, or served on while they drain."""
    for node, value in values.items():
        if value == "Enabled" or not (act.drain and view.answers(world.state, node)):
            world.set(("rule-state", rule, node), value)
        elif port_rules.rule_state(world.state, rule, node) == "Enabled":
            load.drain_rule(world, cluster, rule, node, act.timeout_ms, cause)
