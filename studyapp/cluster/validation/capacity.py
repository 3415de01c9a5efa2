"""Rules about limits, and about room for virtual machines after a failure."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cluster.scenario import FailoverCluster, Vm
from studyapp.cluster.validation.case import Case, Check, Found


def _too_many_nodes(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        most = case.number("failover.max_nodes", case.level(cluster))
        if len(cluster.nodes) > most:
            yield Found(cluster.name, len(cluster.nodes), most, clusters=(cluster.name,))


def _too_many_in_cluster(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        most = case.number("failover.max_vms", case.level(cluster))
        number = sum(len(case.vms_on.get(node, ())) for node in cluster.nodes)
        if number > most:
            yield Found(cluster.name, number, most, clusters=(cluster.name,))


def _too_many_on_host(case: Case) -> Iterator[Found]:
    for host, vms in case.vms_on.items():
        most = case.number("failover.max_vms_per_node", case.of_machine(host))
        if len(vms) > most:
            yield Found(host, len(vms), most, clusters=case.clusters_of(host))


def _memory(vms: list[Vm]) -> int:
    return sum(vm.memory or 0 for vm in vms)


def _memory_short(case: Case) -> Iterator[Found]:
    for host in case.scenario.hosts:
        needed = _memory(case.vms_on.get(host.name, []))
        if host.memory is not None and needed > host.memory:
            yield Found(host.name, needed, host.memory, clusters=case.clusters_of(host.name))


def _memory_short_later(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        free = _free(case, cluster)
        missing: dict[str, int] = {}
        for node in free:
            own = [vm for vm in case.vms_on.get(node, []) if vm.name in case.scenario.ha_vms]
            missing[node] = _memory(own) - sum(left for other, left in free.items() if other != node)
        worst = max(missing, key=lambda node: missing[node], default="")
        if len(free) > 1 and missing[worst] > 0:
            yield Found(cluster.name, worst, missing[worst], clusters=(cluster.name,))


def _free(case: Case, cluster: FailoverCluster) -> dict[str, int]:
    """The memory that is free on each node; nothing where it is not known of all."""
    found: dict[str, int] = {}
    for node in cluster.nodes:
        host = case.scenario.host.get(node)
        if host is None or host.memory is None:
            return {}
        found[node] = max(0, host.memory - _memory(case.vms_on.get(node, [])))
    return found


def _too_many_later(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        release = case.level(cluster)
        left = len(cluster.nodes) - case.number("failover.reserve_nodes", release)
        most = min(left * case.number("failover.max_vms_per_node", release), case.number("failover.max_vms", release))
        number = sum(role.vm is not None for role in case.scenario.roles_of[cluster.name])
        if left > 0 and number > most:
            yield Found(cluster.name, number, most, clusters=(cluster.name,))


def _size_of_pool(case: Case) -> Iterator[Found]:
    for pool in case.pools:
        release = case.of_storage(pool)
        low, high = case.number("s2d.min_nodes", release), case.number("s2d.max_nodes", release)
        if not low <= len(pool.nodes) <= high:
            yield Found(pool.name, len(pool.nodes), f"{low} to {high}", clusters=case.users[pool.name])


def _one_node(case: Case) -> Iterator[Found]:
    yield from (Found(c.name, clusters=(c.name,)) for c in case.failover if len(c.nodes) == 1)


CHECKS: dict[str, Check] = {
    "LIM001": _too_many_nodes,
    "LIM002": _too_many_in_cluster,
    "LIM003": _too_many_on_host,
    "LIM004": _memory_short,
    "LIM005": _memory_short_later,
    "LIM006": _too_many_later,
    "LIM007": _size_of_pool,
    "LIM008": _one_node,
}
