"""A scenario under validation: what the rules ask of it, with the numbers of the releases that play a part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from studyapp.cluster import view
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import (
    RELEASES,
    Fact,
    FailoverCluster,
    Host,
    NlbCluster,
    PortRule,
    Role,
    Scenario,
    Storage,
    Vm,
)
from studyapp.cluster.trace import State

BY_THE_NEWEST = "ClusterFunctionalLevel"
"""A setting that the newest node brings: in a cluster of two releases it tells how far the upgrade is."""
SHARED_DISKS = ("shared-vhdx", "vhd-set")
"""Storage that the hosts give to several of their virtual machines at once."""


class Found(NamedTuple):
    """That a rule fires: on which thing, about which of the product's properties, and what its text speaks of.

    In `value` and `limit` the name of a release in braces stands for its title, and that of a `feature.…` or `since.…`
    row for the title of the first release that has it. `clusters` are those that the thing belongs to.
    """

    subject: str
    value: object = ""
    limit: object = ""
    property: str | None = None
    clusters: tuple[str, ...] = ()


class Case:
    """A scenario, as it is before its timeline. `rows` collects the facts that were read: `release:key`."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.rows: set[str] = set()

    # -- facts --------------------------------------------------------------------------------------------------------

    def row(self, key: str, release: str) -> Fact:
        """A fact of a release."""
        self.rows.add(f"{release}:{key}")
        return self.scenario.facts_of[release][key]

    def number(self, key: str, release: str) -> int:
        """A fact of a release that is a number."""
        return int(self.row(key, release).value)

    def has(self, feature: str, release: str) -> bool:
        """The release has this feature."""
        return bool(self.row(f"feature.{feature}", release).value)

    def outside(self, number: int, key: str, release: str) -> str | None:
        """The range `….min` to `….max` of a row in words, when the number lies outside of it."""
        low, high = self.number(f"{key}.min", release), self.number(f"{key}.max", release)
        return None if low <= number <= high else f"{low} to {high}"

    # -- releases -----------------------------------------------------------------------------------------------------

    def level(self, cluster: FailoverCluster | Role) -> str:
        """The release by whose rules a failover cluster, or that of a role, runs."""
        return self.scenario.level[cluster.cluster if isinstance(cluster, Role) else cluster.name]

    def oldest(self, machines: Iterable[str]) -> str:
        """The oldest release on these machines."""
        return min(map(self.scenario.release_of, machines), key=RELEASES.index, default=self.scenario.release)

    def platform(self, vms: Iterable[str]) -> str:
        """The oldest release by whose rules the hosts of these virtual machines run."""
        found = (self.of_machine(self.scenario.vm[vm].host) for vm in vms)
        return min(found, key=RELEASES.index, default=self.scenario.release)

    def of_machine(self, name: str) -> str:
        """The release by whose rules a machine runs: that of its failover cluster, else its own."""
        clusters = (c for c in self.scenario.members_of.get(name, ()) if isinstance(c, FailoverCluster))
        return next((self.level(c) for c in clusters), self.scenario.release_of(name))

    def of_storage(self, kept: Storage) -> str:
        """The oldest release that a storage is used with: of disks that virtual machines share, that of their hosts."""
        found = []
        for name in self.users[kept.name]:
            cluster = self.scenario.failover[name]
            shared = kept.kind in SHARED_DISKS and cluster in self.guests
            found.append(self.platform(cluster.nodes) if shared else self.level(cluster))
        return min(found, key=RELEASES.index, default=self.scenario.release)

    def in_force(self, thing: str, name: str) -> str:
        """The release that decides whether a thing has a property; the thing is one that may have it."""
        scenario = self.scenario
        match PROPERTIES[name].of:
            case "nlb":
                return self.oldest(scenario.nlb[thing].nodes)
            case "role":
                return self.level(scenario.role[thing])
            case "vm":
                return self.platform((thing,))
            case "node" | "balanced":
                return self.of_machine(thing)
        nodes = scenario.failover[thing].nodes
        if name == BY_THE_NEWEST:
            return max(map(scenario.release_of, nodes), key=RELEASES.index)
        return self.level(scenario.failover[thing])

    def lacks(self, name: str, release: str) -> bool:
        """The release does not have this property, as far as is known: a doubtful row says nothing."""
        row = self.scenario.facts_of[release].get(f"since.{name}")
        if row is None or row.doubtful:
            return False
        self.rows.add(f"{release}:{row.key}")
        return RELEASES.index(release) < RELEASES.index(str(row.value))

    # -- parts --------------------------------------------------------------------------------------------------------

    @cached_property
    def state(self) -> State:
        """As much of a state as tells where everything is."""
        return {("host", vm.name): vm.host for vm in self.scenario.vms}

    @cached_property
    def failover(self) -> tuple[FailoverCluster, ...]:
        """The failover clusters."""
        return tuple(self.scenario.failover.values())

    @cached_property
    def nlb(self) -> tuple[NlbCluster, ...]:
        """The NLB clusters."""
        return tuple(self.scenario.nlb.values())

    @property
    def port_rules(self) -> Iterator[tuple[NlbCluster, PortRule]]:
        """Every port rule with its cluster."""
        return ((cluster, rule) for cluster in self.nlb for rule in cluster.rules)

    @cached_property
    def guests(self) -> tuple[FailoverCluster, ...]:
        """The failover clusters of virtual machines."""
        return tuple(c for c in self.failover if all(n in self.scenario.vm for n in c.nodes))

    @cached_property
    def vms_on(self) -> dict[str, list[Vm]]:
        """The virtual machines of each host that has any."""
        found: dict[str, list[Vm]] = {}
        for vm in self.scenario.vms:
            found.setdefault(vm.host, []).append(vm)
        return found

    @property
    def roles_on_storage(self) -> Iterator[tuple[Role, Storage]]:
        """Every role that has storage, with it."""
        return ((role, self.scenario.store[role.storage]) for role in self.scenario.roles if role.storage is not None)

    @property
    def witness_disks(self) -> Iterator[tuple[FailoverCluster, Storage]]:
        """Every failover cluster that has a disk as its witness, with it."""
        for cluster in self.failover:
            if cluster.witness is not None and cluster.witness.kind == "disk":
                yield cluster, self.scenario.store[cluster.witness.name]

    @property
    def pools(self) -> Iterator[Storage]:
        """The pools of Storage Spaces Direct."""
        return (kept for kept in self.scenario.storage if kept.kind == "s2d")

    @cached_property
    def users(self) -> dict[str, tuple[str, ...]]:
        """The failover clusters that rest on each storage: on it, or on what lies within it."""
        found: dict[str, dict[str, None]] = {kept.name: {} for kept in self.scenario.storage}
        for role, kept in self.roles_on_storage:
            self._rests(found, kept, (role.cluster,))
        for cluster, kept in self.witness_disks:
            self._rests(found, kept, (cluster.name,))
        for pool in self.pools:
            self._rests(
                found, pool, tuple(c for n in pool.nodes for c in self.clusters_of(n) if c in self.scenario.failover)
            )
        return {name: tuple(clusters) for name, clusters in found.items()}

    def _rests(self, found: dict[str, dict[str, None]], kept: Storage, clusters: tuple[str, ...]) -> None:
        at: Storage | None = kept
        while at is not None:
            found[at.name].update(dict.fromkeys(clusters))
            at = self.scenario.store[at.within] if at.within is not None else None

    def attached(self, node: str, kept: Storage) -> bool:
        """A node has a way of its own to this storage; a virtual machine has one to all."""
        return view.storage_attached(self.scenario, self.state, kept.name, node)

    def guests_share(self, cluster: FailoverCluster, kept: Storage) -> bool:
        """The virtual machines that are the nodes of this cluster can have a disk on this storage in common."""
        if kept.kind == "array":
            return self.has("virtual_fibre_channel", self.platform(cluster.nodes))
        return kept.kind not in ("local", "csv")

    def clusters_of(self, thing: str) -> tuple[str, ...]:
        """The clusters that a thing is, or belongs to: as a role, as a node, as a virtual machine made available."""
        scenario = self.scenario
        if thing in scenario.role:
            return (scenario.role[thing].cluster,)
        if thing in scenario.failover or thing in scenario.nlb:
            return (thing,)
        own = tuple(c.name for c in scenario.members_of.get(thing, ()))
        return (*own, scenario.role[scenario.ha_vms[thing]].cluster) if thing in scenario.ha_vms else own

    # -- settings and places ------------------------------------------------------------------------------------------

    def machine(self, name: str) -> Host | Vm:
        """The machine of this name."""
        return self.scenario.host.get(name) or self.scenario.vm[name]

    def by_hand(self, thing: str, name: str) -> object:
        """A property as the scenario sets it, or None."""
        return self.scenario.settings.get((thing, name))

    def heartbeat(self, cluster: FailoverCluster, where: str) -> int:
        """How long a silence is borne, in ms: delay times threshold, `SameSubnet` or `CrossSubnet`."""
        product = 1
        for name in (f"{where}Delay", f"{where}Threshold"):
            found = self.by_hand(cluster.name, name)
            row = view.heartbeat_row(self.scenario, self.state, cluster.name, name)
            product *= found if isinstance(found, int) else self.number(row, self.level(cluster))
        return product

    def site(self, thing: str) -> str | None:
        """The site that a thing is in."""
        return view.site_of(self.scenario, self.state, thing)

    def sites(self, machines: Iterable[str]) -> dict[str, list[str]]:
        """The machines that are in a site, by site."""
        found: dict[str, list[str]] = {}
        for machine in machines:
            site = self.site(machine)
            if site is not None:
                found.setdefault(site, []).append(machine)
        return found

    def owners(self, role: Role) -> tuple[str, ...]:
        """The possible owners of a role."""
        return role.possible or self.scenario.failover[role.cluster].nodes

    def votes(self, cluster: FailoverCluster, nodes: Iterable[str] | None = None) -> int:
        """The sum of NodeWeight of a cluster, or of some of its nodes."""
        counted = cluster.nodes if nodes is None else nodes
        return sum(view.weight(self.scenario, self.state, cluster.name, n) for n in counted)


Check = Callable[[Case], Iterator[Found]]
"""A rule of validation: where it fires."""


def seconds(ms: int) -> str:
    """A time in words, as `2.5 s`."""
    return f"{ms / 1000:g} s"
