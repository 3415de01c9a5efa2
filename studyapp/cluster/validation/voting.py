"""Rules about votes and witnesses."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cluster.scenario import FailoverCluster, Witness
from studyapp.cluster.validation.case import Case, Check, Found

WITNESS_MODES = ("node-and-disk-majority", "node-and-share-majority")
MB_PER_GB = 1024


def _about(cluster: FailoverCluster, value: object = "", limit: object = "", name: str | None = None) -> Found:
    """The rule fires on the cluster itself."""
    return Found(cluster.name, value, limit, name, (cluster.name,))


def _witnesses(case: Case) -> Iterator[tuple[FailoverCluster, Witness]]:
    return ((cluster, cluster.witness) for cluster in case.failover if cluster.witness is not None)


def _several_sites(case: Case) -> Iterator[tuple[FailoverCluster, dict[str, list[str]]]]:
    """The clusters whose nodes are in two or more sites, with the nodes of each site."""
    for cluster in case.failover:
        sites = case.sites(cluster.nodes)
        if len(sites) > 1:
            yield cluster, sites


def _disk_beside_pool(case: Case) -> Iterator[Found]:
    pooled = {node for pool in case.pools for node in pool.nodes}
    yield from (_about(cluster) for cluster, _ in case.witness_disks if pooled.intersection(cluster.nodes))


def _cloud_too_early(case: Case) -> Iterator[Found]:
    for cluster, witness in _witnesses(case):
        if witness.kind == "cloud" and not case.has("cloud_witness", case.level(cluster)):
            yield _about(cluster, witness.name, "{feature.cloud_witness}")


def _two_without_witness(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        required = case.number("witness.required_nodes", case.level(cluster))
        if cluster.witness is None and 1 < len(cluster.nodes) <= required:
            yield _about(cluster, len(cluster.nodes))


def _few_without_witness(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        release = case.level(cluster)
        required = case.number("witness.required_nodes", release)
        recommended = case.number("witness.recommended_nodes", release)
        if cluster.witness is None and required < len(cluster.nodes) <= recommended:
            yield _about(cluster, len(cluster.nodes), recommended)


def _witness_on_own_guest(case: Case) -> Iterator[Found]:
    for cluster, witness in _witnesses(case):
        vm = case.scenario.vm.get(witness.name)
        if witness.kind == "share" and vm is not None and vm.host in cluster.nodes:
            yield _about(cluster, vm.name)


def _witness_in_a_site(case: Case) -> Iterator[Found]:
    for cluster, sites in _several_sites(case):
        if cluster.witness is not None:
            site = cluster.witness.site or case.site(cluster.witness.name)
            if site in sites:
                yield _about(cluster, site)


def _disk_alone(case: Case) -> Iterator[Found]:
    yield from (_about(cluster) for cluster in case.failover if cluster.quorum == "disk-only")


def _even_votes(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        votes = case.votes(cluster)
        if cluster.quorum == "node-majority" and votes and votes % 2 == 0:
            yield _about(cluster, votes)


def _witness_makes_even(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        votes = case.votes(cluster)
        if cluster.quorum in WITNESS_MODES and votes % 2:
            yield _about(cluster, votes + 1)


def _nobody_votes(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        if cluster.quorum != "disk-only" and not case.votes(cluster):
            yield _about(cluster, name="NodeWeight")


def _disk_is_shared_volume(case: Case) -> Iterator[Found]:
    yield from (_about(cluster, kept.name) for cluster, kept in case.witness_disks if kept.kind == "csv")


def _disk_out_of_reach(case: Case) -> Iterator[Found]:
    for cluster, kept in case.witness_disks:
        for node in cluster.nodes:
            if not case.attached(node, kept):
                yield Found(node, kept.name, clusters=(cluster.name,))


def _unequal_sites(case: Case) -> Iterator[Found]:
    for cluster, sites in _several_sites(case):
        votes = [case.votes(cluster, nodes) for nodes in sites.values()]
        if all(votes) and len(set(votes)) > 1:
            *first, last = map(str, votes)
            yield _about(cluster, f"{', '.join(first)} and {last}", name="NodeWeight")


def _disk_of_two(case: Case) -> Iterator[Found]:
    first: dict[str, str] = {}
    for cluster, kept in case.witness_disks:
        if kept.name in first:
            yield Found(cluster.name, kept.name, first[kept.name], clusters=(cluster.name, first[kept.name]))
        first.setdefault(kept.name, cluster.name)


def _vote_taken_to_be_odd(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        without = [n for n in cluster.nodes if not case.votes(cluster, (n,))]
        lonely = cluster.witness is None and len(case.sites(cluster.nodes)) < 2
        if lonely and len(cluster.nodes) % 2 == 0 and len(without) == 1:
            yield Found(without[0], property="NodeWeight", clusters=(cluster.name,))


def _disk_across_sites(case: Case) -> Iterator[Found]:
    disks = {cluster.name for cluster, _ in case.witness_disks}
    yield from (_about(cluster) for cluster, _ in _several_sites(case) if cluster.name in disks)


def _dynamic_switched_off(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        off = cluster.quorum != "dynamic" or case.by_hand(cluster.name, "DynamicQuorum") == 0
        if off and case.has("dynamic_quorum", case.level(cluster)):
            yield _about(cluster, name="DynamicQuorum")


def _disk_is_a_file_share(case: Case) -> Iterator[Found]:
    yield from (_about(cluster, kept.name) for cluster, kept in case.witness_disks if kept.kind == "smb")


def _disk_too_small(case: Case) -> Iterator[Found]:
    for cluster, kept in case.witness_disks:
        least = case.number("witness.disk.min_size", case.level(cluster))
        if kept.size is not None and kept.size * MB_PER_GB < least:
            yield _about(cluster, kept.name, f"{least} MB")


def _disk_not_for_guests(case: Case) -> Iterator[Found]:
    for cluster, kept in case.witness_disks:
        if cluster in case.guests and kept.kind != "csv" and not case.guests_share(cluster, kept):
            yield _about(cluster, kept.name)


CHECKS: dict[str, Check] = {
    "QRM001": _disk_beside_pool,
    "QRM002": _cloud_too_early,
    "QRM003": _two_without_witness,
    "QRM004": _few_without_witness,
    "QRM005": _witness_on_own_guest,
    "QRM006": _witness_in_a_site,
    "QRM007": _disk_alone,
    "QRM008": _even_votes,
    "QRM009": _witness_makes_even,
    "QRM010": _nobody_votes,
    "QRM011": _disk_is_shared_volume,
    "QRM012": _disk_out_of_reach,
    "QRM013": _unequal_sites,
    "QRM014": _disk_of_two,
    "QRM015": _vote_taken_to_be_odd,
    "QRM016": _disk_across_sites,
    "QRM017": _dynamic_switched_off,
    "QRM018": _disk_is_a_file_share,
    "QRM019": _disk_too_small,
    "QRM020": _disk_not_for_guests,
}
