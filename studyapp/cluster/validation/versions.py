"""Rules about what a release does not have, and about releases side by side."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cluster.scenario import RELEASES, FailoverCluster, Role
from studyapp.cluster.validation.case import Case, Check, Found


def _settings_too_early(case: Case) -> Iterator[Found]:
    scenario = case.scenario
    for thing in (*scenario.clusters, *scenario.roles, *scenario.hosts, *scenario.vms):
        for name, _ in thing.properties:
            if case.lacks(name, case.in_force(thing.name, name)):
                clusters = case.clusters_of(thing.name)
                yield Found(thing.name, name, f"{{since.{name}}}", name, clusters)


def _kind_too_early(kind: str, feature: str) -> Check:
    """Storage of a kind that came with a feature; it is the hosts that have what virtual machines share."""

    def check(case: Case) -> Iterator[Found]:
        for kept in case.scenario.storage:
            if kept.kind == kind and not case.has(feature, case.of_storage(kept)):
                yield Found(kept.name, limit=f"{{feature.{feature}}}", clusters=case.users[kept.name])

    return check


def _shared_volume_for_roles(case: Case) -> Iterator[Found]:
    for role, kept in case.roles_on_storage:
        if role.vm is None and kept.kind == "csv" and not case.has("csv_roles", case.level(role)):
            yield Found(role.name, kept.name, "{feature.csv_roles}", clusters=(role.cluster,))


def _file_share(case: Case) -> Iterator[Found]:
    for role, kept in case.roles_on_storage:
        if kept.kind == "smb" and not case.has("smb_storage", case.level(role)):
            yield Found(role.name, kept.name, "{feature.smb_storage}", clusters=(role.cluster,))


def _dynamic_quorum(case: Case) -> Iterator[Found]:
    for cluster in case.failover:
        dynamic = cluster.quorum == "dynamic" or cluster.dynamic_weights
        if dynamic and not case.has("dynamic_quorum", case.level(cluster)):
            yield Found(cluster.name, limit="{feature.dynamic_quorum}", clusters=(cluster.name,))


def _monitored_services(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        if role.monitored_services and not case.has("vm_monitoring", case.level(role)):
            yield Found(role.name, limit="{feature.vm_monitoring}", clusters=(role.cluster,))


def _heartbeat_undocumented(case: Case) -> Iterator[Found]:
    key, name = "GuestHeartbeatMonitoring", "CheckHeartbeat"
    for role in case.scenario.roles:
        if case.by_hand(role.name, name) and not case.number(key, case.level(role)):
            yield Found(role.name, limit=f"{{{key}}}", property=name, clusters=(role.cluster,))


def _mixed(case: Case) -> Iterator[tuple[FailoverCluster, tuple[str, ...], bool]]:
    """The clusters of several releases, with these and whether they go together: two neighbours, the newer of which
    can be upgraded to with the cluster running.
    """
    for cluster in case.failover:
        found = {case.scenario.release_of(n) for n in cluster.nodes}
        releases = tuple(release for release in RELEASES if release in found)
        if len(releases) > 1:
            neighbours = RELEASES.index(releases[-1]) - RELEASES.index(releases[0]) == 1
            yield cluster, releases, neighbours and case.has("rolling_upgrade", releases[-1])


def _titles(releases: tuple[str, ...]) -> str:
    *first, last = (f"{{{release}}}" for release in releases)
    return f"{', '.join(first)} and {last}"


def _releases_apart(case: Case) -> Iterator[Found]:
    for cluster, releases, fit in _mixed(case):
        if not fit:
            yield Found(cluster.name, _titles(releases), clusters=(cluster.name,))


def _two_releases(case: Case) -> Iterator[Found]:
    for cluster, releases, fit in _mixed(case):
        if fit:
            yield Found(cluster.name, _titles(releases), clusters=(cluster.name,))


def _upgrade_over_shared_disk(case: Case) -> Iterator[Found]:
    for cluster, _, _ in _mixed(case):
        disks = (kept.name for role, kept in case.roles_on_storage if _is_shared(role, kept.kind, cluster))
        disk = next(disks, None) if cluster in case.guests else None
        if disk is not None:
            yield Found(cluster.name, disk, clusters=(cluster.name,))


def _is_shared(role: Role, kind: str, cluster: FailoverCluster) -> bool:
    return role.cluster == cluster.name and kind == "shared-vhdx"


def _replaced_setting(case: Case) -> Iterator[Found]:
    name = "LowerQuorumPriorityNodeID"
    for cluster in case.failover:
        if case.by_hand(cluster.name, name) and case.has("site_awareness", case.level(cluster)):
            yield Found(cluster.name, limit="{feature.site_awareness}", property=name, clusters=(cluster.name,))


CHECKS: dict[str, Check] = {
    "VER001": _settings_too_early,
    "VER002": _kind_too_early("shared-vhdx", "shared_vhdx"),
    "VER003": _kind_too_early("vhd-set", "vhd_set"),
    "VER004": _kind_too_early("s2d", "s2d"),
    "VER005": _kind_too_early("csv", "csv"),
    "VER006": _shared_volume_for_roles,
    "VER007": _file_share,
    "VER008": _dynamic_quorum,
    "VER009": _monitored_services,
    "VER010": _heartbeat_undocumented,
    "VER011": _releases_apart,
    "VER012": _two_releases,
    "VER013": _upgrade_over_shared_disk,
    "VER014": _replaced_setting,
}
