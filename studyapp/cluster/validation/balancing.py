"""Rules about Network Load Balancing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studyapp.cluster.clients import port_rules
from studyapp.cluster.scenario import FailoverCluster, NlbCluster
from studyapp.cluster.validation.case import Case, Check, Found

DATAGRAMS = ("udp", "both")


def _mode(cluster: NlbCluster, node: str) -> str:
    return dict(cluster.modes).get(node, cluster.mode)


def _twice(numbers: Iterable[tuple[str, int]], name: str, cluster: str) -> Iterator[Found]:
    first: dict[int, str] = {}
    for node, number in numbers:
        if number in first:
            yield Found(node, number, first[number], name, (cluster,))
        first.setdefault(number, node)


def _outside(
    case: Case, cluster: NlbCluster, numbers: Iterable[tuple[str, int]], of: str, name: str
) -> Iterator[Found]:
    release = case.oldest(cluster.nodes)
    low, high = case.number(f"nlb.min_{of}", release), case.number(f"nlb.max_{of}", release)
    for node, number in numbers:
        if not low <= number <= high:
            yield Found(node, number, f"{low} to {high}", name, (cluster.name,))


def _too_many_hosts(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        most = case.number("nlb.max_nodes", case.oldest(cluster.nodes))
        if len(cluster.nodes) > most:
            yield Found(cluster.name, len(cluster.nodes), most, clusters=(cluster.name,))


def _host_priority(case: Case, cluster: NlbCluster, node: str) -> int:
    return port_rules.priority(case.scenario, case.state, cluster.name, node)


def _priority_twice(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        own = ((n, _host_priority(case, cluster, n)) for n in cluster.nodes)
        yield from _twice(own, "HostPriority", cluster.name)


def _priority_outside(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        yield from _outside(case, cluster, cluster.priorities, "priority", "HostPriority")


def _dhcp(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        addresses = ((cluster.name, cluster.address), *((n, case.machine(n).address) for n in cluster.nodes))
        yield from (Found(thing, clusters=(cluster.name,)) for thing, address in addresses if address == "dhcp")


def _several_subnets(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        networks = [set(case.machine(n).networks) for n in cluster.nodes]
        if not set.intersection(*networks):
            yield Found(cluster.name, clusters=(cluster.name,))


def _modes_mixed(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        modes = [_mode(cluster, n) for n in cluster.nodes]
        for node, mode in zip(cluster.nodes, modes, strict=True):
            if mode != modes[0]:
                yield Found(node, mode, modes[0], "OperationMode", (cluster.name,))


def _deaf_guest(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        for node in cluster.nodes:
            if port_rules.is_deaf(case.scenario, case.state, cluster.name, node):
                yield Found(node, property="MacAddressSpoofing", clusters=(cluster.name,))


def _weight_outside(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        yield from _outside(case, cluster, rule.weights, "weight", "LoadWeight")


def _handling_twice(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        given = dict(rule.priorities) if rule.filter == "single" else {}
        own = ((n, given.get(n, _host_priority(case, cluster, n))) for n in cluster.nodes if given)
        yield from _twice(own, "HandlingPriority", cluster.name)


def _handling_outside(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        yield from _outside(case, cluster, rule.priorities, "handling_priority", "HandlingPriority")


def _datagrams_without_affinity(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        if rule.filter == "multiple" and rule.affinity == "none" and rule.protocol in DATAGRAMS:
            name = port_rules.rule_name(cluster.name, rule)
            yield Found(name, rule.protocol, property="Affinity", clusters=(cluster.name,))


def _timeout_too_early(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        if rule.timeout_ms and not case.has("extended_affinity", case.oldest(cluster.nodes)):
            name = port_rules.rule_name(cluster.name, rule)
            yield Found(name, limit="{feature.extended_affinity}", property="Timeout", clusters=(cluster.name,))


def _timeout_without_affinity(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        if rule.timeout_ms and rule.affinity == "none":
            name = port_rules.rule_name(cluster.name, rule)
            yield Found(name, property="Timeout", clusters=(cluster.name,))


def _needs_of_the_network(mode: str) -> Check:
    def check(case: Case) -> Iterator[Found]:
        for cluster in case.nlb:
            if any(_mode(cluster, n) == mode for n in cluster.nodes):
                yield Found(cluster.name, clusters=(cluster.name,))

    return check


def _sessions_in_memory(*affinities: str) -> Check:
    """Services that keep sessions in memory behind a shared rule with one of these affinities, not an extended one."""

    def check(case: Case) -> Iterator[Found]:
        for service in case.scenario.services:
            rule = port_rules.rule_of(case.scenario, case.state, service) if service.kind == "nlb" else None
            if service.state != "in-memory" or rule is None or rule.filter != "multiple":
                continue
            if rule.affinity in affinities and (rule.affinity == "none" or not rule.timeout_ms):
                yield Found(service.name, clusters=(service.target,))

    return check


def _both_kinds(case: Case) -> Iterator[Found]:
    for machine, clusters in case.scenario.members_of.items():
        failover = [c.name for c in clusters if isinstance(c, FailoverCluster)]
        balanced = [c.name for c in clusters if isinstance(c, NlbCluster)]
        if failover and balanced:
            yield Found(machine, balanced[0], failover[0], clusters=(*balanced, *failover))


def _nobody_takes_part(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        weights = dict(rule.weights)
        if rule.filter == "multiple" and all(weights.get(n) == 0 for n in cluster.nodes):
            name = port_rules.rule_name(cluster.name, rule)
            yield Found(name, property="LoadWeight", clusters=(cluster.name,))


def _one_host(case: Case) -> Iterator[Found]:
    yield from (Found(c.name, clusters=(c.name,)) for c in case.nlb if len(c.nodes) == 1)


def _weights_unshared(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        if rule.filter != "multiple" and rule.weights:
            name = port_rules.rule_name(cluster.name, rule)
            yield Found(name, rule.filter, property="LoadWeight", clusters=(cluster.name,))


def _handling_unsingle(case: Case) -> Iterator[Found]:
    for cluster, rule in case.port_rules:
        if rule.filter != "single" and rule.priorities:
            name = port_rules.rule_name(cluster.name, rule)
            yield Found(name, rule.filter, property="HandlingPriority", clusters=(cluster.name,))


CHECKS: dict[str, Check] = {
    "NLB001": _too_many_hosts,
    "NLB002": _priority_twice,
    "NLB003": _priority_outside,
    "NLB004": _dhcp,
    "NLB005": _several_subnets,
    "NLB006": _modes_mixed,
    "NLB007": _deaf_guest,
    "NLB008": _weight_outside,
    "NLB009": _handling_twice,
    "NLB010": _handling_outside,
    "NLB011": _datagrams_without_affinity,
    "NLB012": _timeout_too_early,
    "NLB013": _timeout_without_affinity,
    "NLB014": _needs_of_the_network("multicast"),
    "NLB015": _needs_of_the_network("igmp"),
    "NLB016": _sessions_in_memory("none"),
    "NLB017": _sessions_in_memory("single", "network"),
    "NLB018": _both_kinds,
    "NLB019": _nobody_takes_part,
    "NLB020": _one_host,
    "NLB021": _weights_unshared,
    "NLB022": _handling_unsingle,
}
