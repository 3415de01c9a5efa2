"""Rules about heartbeats and networks, and about the domains of nodes."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import RELEASES
from studyapp.cluster.validation.case import Case, Check, Found, seconds
from studyapp.cluster.view import ROUTED

PATIENT = "ws2016"
"""From this release on the defaults bear about as long a pause as is advised for nodes that are live-migrated."""
HEARTBEATS = tuple(name for name, made_of in PROPERTIES.items() if made_of.fact.startswith("heartbeat."))


def _outside(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        release = case.level(cluster)
        for name in HEARTBEATS:
            value = case.by_hand(cluster.name, name)
            if not isinstance(value, int) or case.lacks(name, release):
                continue
            limit = case.outside(value, PROPERTIES[name].fact, release)
            if limit is not None:
                yield Found(cluster.name, value, limit, name, (cluster.name,))


def _more_patience_near(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        near, far = case.heartbeat(cluster, "SameSubnet"), case.heartbeat(cluster, "CrossSubnet")
        if near > far:
            yield Found(cluster.name, seconds(near), seconds(far), clusters=(cluster.name,))


def _no_patience_for_migration(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        release = case.level(cluster)
        roles = [case.scenario.role[case.scenario.ha_vms[n]] for n in cluster.nodes if n in case.scenario.ha_vms]
        movable = any(case.has("live_migration", case.level(role)) for role in roles)
        silence, advised = case.heartbeat(cluster, "SameSubnet"), case.number("tcp.timeout", release)
        if movable and RELEASES.index(release) < RELEASES.index(PATIENT) and silence < advised:
            yield Found(cluster.name, seconds(silence), seconds(advised), clusters=(cluster.name,))


def _single_network(case: Case) -> Iterator[Found]:
    if len(case.scenario.networks) > 1:
        for cluster in case.failover:
            lonely = (n for n in cluster.nodes if len(case.machine(n).networks) == 1)
            yield from (Found(node, clusters=(cluster.name,)) for node in lonely)


def _apart(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        ways: dict[str, set[str]] = {}
        for node in cluster.nodes:
            networks = [case.scenario.network[n] for n in case.machine(node).networks]
            own = {ROUTED if network.routed else network.name for network in networks}
            earlier = next((other for other in ways if ways[other].isdisjoint(own)), None)
            ways[node] = own
            if earlier is not None:
                yield Found(node, earlier, clusters=(cluster.name,))


def _domains(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        known = [(node, domain) for node in cluster.nodes if (domain := case.machine(node).domain) is not None]
        if not known or case.has("multi_domain", case.level(cluster)):
            continue
        for node, domain in known:
            if domain != known[0][1]:
                yield Found(node, domain, known[0][1], clusters=(cluster.name,))


CHECKS: dict[str, Check] = {
    "NET001": _outside,
    "NET002": _more_patience_near,
    "NET003": _no_patience_for_migration,
    "NET004": _single_network,
    "NET005": _apart,
    "DOM001": _domains,
}
