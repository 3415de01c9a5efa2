"""Rules about where roles and virtual machines are, and where they may go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from studyapp.cluster.scenario import FailoverCluster, Role
from studyapp.cluster.validation.case import Case, Check, Found

ENFORCED = "ClusterEnforcedAntiAffinity"


def _classes(case: Case, role: Role) -> frozenset[str]:
    """The names of a role with which it is kept apart from others."""
    found = case.by_hand(role.name, "AntiAffinityClassNames")
    return frozenset(found) if isinstance(found, tuple) else frozenset()


def _guests_not_kept_apart(case: Case) -> Iterator[Found]:
    for cluster in case.guests:
        ha_vms = case.scenario.ha_vms
        roles = [case.scenario.role[ha_vms[node]] for node in cluster.nodes if node in ha_vms]
        for earlier, later in combinations(roles, 2):
            if earlier.cluster == later.cluster and _classes(case, earlier).isdisjoint(_classes(case, later)):
                yield Found(str(later.vm), earlier.vm, cluster.name, "AntiAffinityClassNames", (cluster.name,))
                break


def _guests_on_one_host(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        first: dict[str, str] = {}
        for node in cluster.nodes:
            if node in case.scenario.vm:
                earlier = first.setdefault(case.scenario.vm[node].host, node)
                if earlier != node:
                    yield Found(node, earlier, cluster.name, clusters=(cluster.name,))


def _most_apart(case: Case, cluster: FailoverCluster) -> int:
    """How many roles of a cluster share one name that keeps them apart."""
    roles = case.scenario.roles_of[cluster.name]
    return max(Counter(name for role in roles for name in _classes(case, role)).values(), default=0)


def _enforced(case: Case, cluster: FailoverCluster) -> bool:
    found = case.by_hand(cluster.name, ENFORCED)
    return bool(case.number(ENFORCED, case.level(cluster)) if found is None else found)


def _too_few_nodes_apart(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        apart, left = _most_apart(case, cluster), len(cluster.nodes) - 1
        if _enforced(case, cluster) and apart > left:
            yield Found(cluster.name, apart, left, ENFORCED, (cluster.name,))


def _preferred_impossible(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        impossible = (node for node in role.preferred if role.possible and node not in role.possible)
        yield from (Found(role.name, node, clusters=(role.cluster,)) for node in impossible)


def _failback_to_nowhere(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        if case.by_hand(role.name, "AutoFailbackType") and not role.preferred:
            yield Found(role.name, property="AutoFailbackType", clusters=(role.cluster,))


def _half_a_window(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        ends = {name: case.by_hand(role.name, name) for name in ("FailbackWindowStart", "FailbackWindowEnd")}
        given = [name for name, hour in ends.items() if hour not in (None, -1)]
        if len(given) == 1:
            yield Found(role.name, ends[given[0]], property=given[0], clusters=(role.cluster,))


def _one_owner(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        if len(role.possible) == 1 and len(case.scenario.failover[role.cluster].nodes) > 1:
            yield Found(role.name, role.possible[0], clusters=(role.cluster,))


def _balanced_on_one_host(case: Case) -> Iterator[Found]:
    for cluster in case.nlb:
        hosts = {case.scenario.vm[node].host if node in case.scenario.vm else node for node in cluster.nodes}
        if len(cluster.nodes) > 1 and len(hosts) == 1:
            yield Found(cluster.name, hosts.pop(), clusters=(cluster.name,))


def _nowhere_with_memory(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        needed = case.scenario.vm[role.vm].memory if role.vm is not None else None
        most = _most_elsewhere(case, role, needed) if needed is not None else None
        if most is not None:
            yield Found(role.name, needed, most, clusters=(role.cluster,))


def _most_elsewhere(case: Case, role: Role, needed: int) -> int | None:
    """The largest memory of the other possible owners; None where there are none, or one may be large enough."""
    most = None
    for node in case.owners(role):
        memory = case.scenario.host[node].memory
        if node == role.owner:
            continue
        if memory is None or memory >= needed:
            return None
        most = max(most or 0, memory)
    return most


def _never_fails_over(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        for name, off in (("FailoverThreshold", (0,)), ("RestartAction", (0, 1))):
            value = case.by_hand(role.name, name)
            if value in off:
                yield Found(role.name, f"its {name} is {value}", property=name, clusters=(role.cluster,))


def _more_roles_than_nodes(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        apart = _most_apart(case, cluster)
        if not _enforced(case, cluster) and apart > len(cluster.nodes):
            yield Found(cluster.name, apart, len(cluster.nodes), "AntiAffinityClassNames", (cluster.name,))


CHECKS: dict[str, Check] = {
    "PLC001": _guests_not_kept_apart,
    "PLC002": _guests_on_one_host,
    "PLC003": _too_few_nodes_apart,
    "PLC004": _preferred_impossible,
    "PLC005": _failback_to_nowhere,
    "PLC006": _half_a_window,
    "PLC007": _one_owner,
    "PLC008": _balanced_on_one_host,
    "PLC009": _nowhere_with_memory,
    "PLC010": _never_fails_over,
    "PLC011": _more_roles_than_nodes,
}
