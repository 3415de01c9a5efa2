"""Rules about storage."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cluster.scenario import FailoverCluster
from studyapp.cluster.validation.case import SHARED_DISKS, Case, Check, Found

HOLDS_SHARED_DISKS = ("csv", "smb")
"""What a disk that several virtual machines share may lie on."""


def _not_for_guests(case: Case) -> Iterator[Found]:
    for role, kept in case.roles_on_storage:
        cluster = case.scenario.failover[role.cluster]
        if cluster in case.guests and not case.guests_share(cluster, kept):
            yield Found(role.name, kept.name, clusters=(cluster.name,))


def _owner_without_disk(case: Case) -> Iterator[Found]:
    known: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
    for role, kept in case.roles_on_storage:
        owners = case.owners(role)
        if (kept.name, owners) not in known:
            known[kept.name, owners] = tuple(node for node in owners if not case.attached(node, kept))
        for node in known[kept.name, owners]:
            yield Found(role.name, node, kept.name, clusters=(role.cluster,))


def _several_on_one_disk(case: Case) -> Iterator[Found]:
    first: dict[tuple[str, str], str] = {}
    for role, kept in case.roles_on_storage:
        if role.vm is not None and kept.within is not None and kept.kind not in HOLDS_SHARED_DISKS:
            earlier = first.setdefault((role.cluster, kept.name), role.name)
            if earlier != role.name:
                yield Found(role.name, earlier, kept.name, clusters=(role.cluster,))


def _local(case: Case) -> Iterator[Found]:
    for role, kept in case.roles_on_storage:
        if kept.kind == "local" and len(case.owners(role)) > 1:
            yield Found(role.name, kept.name, clusters=(role.cluster,))


def _shared_disk_misplaced(case: Case) -> Iterator[Found]:
    for kept in case.scenario.storage:
        if kept.kind in SHARED_DISKS:
            outer = case.scenario.store[kept.within] if kept.within is not None else None
            if outer is None or outer.kind not in HOLDS_SHARED_DISKS:
                yield Found(kept.name, outer.name if outer is not None else "none", clusters=case.users[kept.name])


def _one_site(case: Case) -> Iterator[Found]:
    for role, kept in case.roles_on_storage:
        if kept.site is not None and len(case.sites(case.owners(role))) > 1:
            yield Found(role.name, kept.name, kept.site, clusters=(role.cluster,))


def _different_drives(case: Case) -> Iterator[Found]:
    for pool in case.pools:
        if len(set(pool.drives)) > 1:
            yield Found(pool.name, clusters=case.users[pool.name])


def _few_drives(case: Case) -> Iterator[Found]:
    for pool in case.pools:
        least = case.number("s2d.min_drives", case.of_storage(pool))
        physical = [drives for node, drives in zip(pool.nodes, pool.drives, strict=False) if node in case.scenario.host]
        if physical and min(physical) < least:
            yield Found(pool.name, min(physical), least, clusters=case.users[pool.name])


def _pool_across_clusters(case: Case) -> Iterator[Found]:
    for pool in case.pools:
        clusters = [_cluster_of(case, node) for node in pool.nodes]
        odd = (n for n, c in zip(pool.nodes, clusters, strict=True) if c is None or c != clusters[0])
        node = next(odd, None)
        if node is not None:
            yield Found(pool.name, node, clusters=case.users[pool.name])


def _cluster_of(case: Case, node: str) -> FailoverCluster | None:
    clusters = case.scenario.members_of.get(node, ())
    return next((c for c in clusters if isinstance(c, FailoverCluster)), None)


CHECKS: dict[str, Check] = {
    "STO001": _not_for_guests,
    "STO002": _owner_without_disk,
    "STO003": _several_on_one_disk,
    "STO004": _local,
    "STO005": _shared_disk_misplaced,
    "STO006": _one_site,
    "STO007": _different_drives,
    "STO008": _few_drives,
    "STO009": _pool_across_clusters,
}
