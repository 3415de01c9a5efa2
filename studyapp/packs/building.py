"""A scenario out of a YAML node: every part read, every name and type checked, before the model sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from studyapp.cluster.scenario import RELEASES, Fact, FailoverCluster, Host, Network, NlbCluster, Scenario, Storage, Vm
from studyapp.packs import names as kinds
from studyapp.packs.clusters import WITNESS_KINDS, ClusterReader
from studyapp.packs.durations import UNITS
from studyapp.packs.extending import merged
from studyapp.packs.facts import Facts
from studyapp.packs.machines import DEFAULT_NETWORK, MachineReader
from studyapp.packs.names import WITNESS, Names, a
from studyapp.packs.parts import Parts
from studyapp.packs.problems import Problem, closest, quoted
from studyapp.packs.reading import Entries, Reader
from studyapp.packs.roles import RoleReader
from studyapp.packs.services import ServiceReader
from studyapp.packs.source import Mapping_, Node, Scalar
from studyapp.packs.timeline import entries_of, joining_in, steps_from

SECTIONS = {
    "networks": 200,
    "storage": 200,
    "hosts": 200,
    "vms": 10_000,
    "clusters": 100,
    "roles": 10_000,
    "services": 1_000,
}
"""The mappings from a name to a thing, in the order in which one may rest on another, and the most that each holds."""
KEYS = ("extends", "id", "title", "release", "sites", *SECTIONS, "timeline", "until", "clock", "claims")
SAME_WORD = 0.75
"""From which likeness on a key is one of these, misspelt."""
MAX_SITES = 100
LONGEST_TITLE = 200
DAY = 24 * UNITS["h"]
FALLBACK = "ws2008r2"
"""The release by which the rest is checked when the scenario's own is not known."""

_KIND = {
    "networks": kinds.NETWORK,
    "storage": kinds.STORAGE,
    "hosts": kinds.HOST,
    "vms": kinds.VM,
    "roles": kinds.ROLE,
    "services": kinds.SERVICE,
}
Thing = TypeVar("Thing")
Cluster = FailoverCluster | NlbCluster


def scenario_from(
    node: Node,
    path: str,
    problems: list[Problem],
    facts: Facts,
    *,
    release: str | None = None,
    events: Iterable[tuple[Reader, Node]] = (),
    until_ms: int | None = None,
) -> Scenario | None:
    """The checked scenario, or None; whatever is wrong is added to `problems`.

    `release` is used instead of the scenario's own, `events` are entries that its timeline goes on with, `until_ms`
    replaces its `until`. What the scenario extends is part of the node already.
    """
    return _Building(Reader(path, problems), facts).scenario(node, release, tuple(events), until_ms)


class _Building:
    """One scenario being read."""

    def __init__(self, read: Reader, facts: Facts) -> None:
        self.read = read
        self.facts = facts
        self.names = Names()
        self.witness_disks: dict[str, Storage] = {}
        """Disk witnesses that stand in no section: such a disk is seen by the nodes of its cluster."""
        self.witness_sites: dict[str, str | None] = {}
        """Where the clusters say that their witnesses are."""

    def scenario(
        self, node: Node, release: str | None, events: tuple[tuple[Reader, Node], ...], until_ms: int | None
    ) -> Scenario | None:
        """The scenario, or None when anything was refused."""
        before = len(self.read.problems)
        if not isinstance(node, Mapping_):
            self.read.wrong_type(node, "a scenario", "a mapping")
            return None
        entries = self._meant(node, self.read.mapping(node, "a scenario", KEYS))
        if entries is None:
            return None
        if "extends" in entries:
            message = "this text is no file of a folder, so there is none beside it to extend"
            self.read.refuse(entries["extends"][0], "extends-nowhere", message)
        parts = Parts(self.read, self.names, self.facts, self._release(node, entries, release))
        sites = self._sites(entries)
        self._declare(entries)
        if not self.names.are((kinds.NETWORK,)):
            self.names.declare(self.read, Scalar(None, node.line, node.column, DEFAULT_NETWORK, False), kinds.NETWORK)
        timeline = (*self._timeline(entries), *events)
        self.names.joining = joining_in(entry for _, entry in timeline)
        machines, roles, services = MachineReader(parts), RoleReader(parts), ServiceReader(parts)
        networks = self._things(entries, "networks", machines.network) or (Network(DEFAULT_NETWORK),)
        parts.storage.update(self.witness_disks)
        storage = (*self._things(entries, "storage", machines.storage), *self.witness_disks.values())
        hosts = self._things(entries, "hosts", machines.host)
        if not hosts and "hosts" not in entries:
            self.read.refuse(node, "missing-key", 'a scenario needs "hosts"')
        vms = self._things(entries, "vms", machines.vm)
        built_clusters: tuple[Cluster, ...] = self._things(entries, "clusters", ClusterReader(parts).cluster)
        for (name, machine), (_, place) in parts.of_nodes_own.items():
            if (name, machine) not in parts.taken:
                kind = kinds.FAILOVER if name == "NodeWeight" else kinds.NLB
                self.read.refuse(place, "not-a-node", f"{machine} has a {name}, and is no node of {a(kind)}")
        built_roles = self._things(entries, "roles", roles.role)
        self.names.stays_on = {vm.name: vm.host for vm in vms if vm.name not in roles.made_available}
        disks = [(owner, storage) for storage, owner in roles.disk_in.items()]
        for cluster in built_clusters:
            if isinstance(cluster, FailoverCluster) and cluster.witness and cluster.witness.name in self.witness_disks:
                disks += [(node, cluster.witness.name) for node in cluster.nodes]
        built_services = (*self._things(entries, "services", services.service), *roles.inside)
        services.check_monitored(roles.monitored)
        built = Scenario(
            title=self._title(entries),
            release=parts.release,
            sites=sites,
            networks=networks,
            storage=storage,
            hosts=tuple(_with_own_disks(host, disks) for host in hosts),
            vms=vms,
            clusters=built_clusters,
            roles=built_roles,
            services=built_services,
            timeline=steps_from(timeline, self.names),
            until_ms=self._duration(entries, "until") if until_ms is None else until_ms,
            clock_ms=self._clock(entries),
            facts=self.facts.releases[parts.release],
        )
        if len(self.read.problems) > before:
            return None
        return replace(built, other_facts=other_facts(built, self.facts))

    def _release(self, node: Node, entries: Entries, asked: str | None) -> str:
        own = self.read.choice(entries["release"][1], "the release", RELEASES) if "release" in entries else None
        if asked is not None and asked not in RELEASES:
            hint = self.read.near(asked, RELEASES) or f"known: {', '.join(RELEASES)}"
            self.read.refuse(node, "unknown-word", f"there is no release {quoted(asked)}", hint)
        elif asked is not None:
            return asked
        elif "release" not in entries:
            self.read.refuse(node, "missing-key", 'a scenario needs "release"', f"known: {', '.join(RELEASES)}")
        return own or FALLBACK

    def _title(self, entries: Entries) -> str:
        if "title" not in entries:
            return ""
        node = entries["title"][1]
        title = self.read.word(node, "title")
        if title is not None and len(title) > LONGEST_TITLE:
            self.read.refuse(node, "out-of-range", f"a title has at most {LONGEST_TITLE} characters")
        return title or ""

    def _timeline(self, entries: Entries) -> list[tuple[Reader, Node]]:
        if "timeline" not in entries:
            return []
        return [(self.read, entry) for entry in entries_of(self.read, entries["timeline"][1])]

    def _duration(self, entries: Entries, entry: str) -> int | None:
        return self.read.duration(entries[entry][1], entry) if entry in entries else None

    def _clock(self, entries: Entries) -> int | None:
        """The time of day at the start."""
        clock = self._duration(entries, "clock")
        if clock is not None and clock >= DAY:
            self.read.refuse(entries["clock"][1], "out-of-range", "clock is a time of day: less than 24h")
        return clock

    def _sites(self, entries: Entries) -> tuple[str, ...]:
        if "sites" not in entries:
            return ()
        named = self.read.words(entries["sites"][1], "sites")
        if len(named) > MAX_SITES:
            self.read.refuse(named[MAX_SITES][1], "too-big", f"at most {MAX_SITES} sites are read")
        for name, place in named[:MAX_SITES]:
            self.names.declare(self.read, replace(place, text=name, plain=False), kinds.SITE)
        return tuple(name for name, _ in named[:MAX_SITES])

    # -- sections -----------------------------------------------------------------------------------------------------

    def _meant(self, node: Mapping_, entries: Entries) -> Entries | None:
        """The entries with those whose keys are misspelt, and were reported so, as what they are meant to be: what is
        named in them is known. None where nothing can be known, as another file is meant to be extended. What holds
        no things by name is no section.
        """
        found = dict(entries)
        for text, (key, value) in node.entries.items():
            meant = closest(text, KEYS, SAME_WORD) if text not in KEYS else None
            if meant == "extends":
                return None
            if meant is not None and (meant not in SECTIONS or isinstance(value, Mapping_)):
                known = found[meant][1] if meant in found else None
                if isinstance(known, Mapping_) and isinstance(value, Mapping_):
                    value = merged(known, value, Reader(self.read.path, []))
                found[meant] = key, value
        return found

    def _declare(self, entries: Entries) -> None:
        """Note every name before anything refers to one."""
        for section, most in SECTIONS.items():
            if section not in entries:
                continue
            things = self.read.open_mapping(entries[section][1], section, empty=True)
            if len(things) > most:
                self.read.refuse(
                    entries[section][0], "too-big", f"{section}: {len(things):,}; at most {most:,} are read"
                )
            for key, node in list(things.values())[:most]:
                own = (_KIND[section],) if section in _KIND else _kinds_of_cluster(node)
                self.names.declare(self.read, key, own[0], node)
                for kind in own[1:]:
                    self.names.add(key.text, kind)
                if section == "clusters":
                    self._declare_witness(node)

    def _declare_witness(self, cluster: Node) -> None:
        """A witness is a thing of its own, unless it is on a storage or machine of the scenario. Several clusters may
        have theirs in one place.
        """
        witness = _inside(cluster, "witness")
        for kind in WITNESS_KINDS if witness is not None else ():
            name = _inside(witness, kind)
            if not isinstance(name, Scalar) or name.value is None:
                continue
            known = self.names.kinds.get(name.text, ())
            site = getattr(_inside(witness, "site"), "text", None)
            if self.witness_sites.setdefault(name.text, site) != site:
                message = f"another cluster has its witness {quoted(name.text)} in another site"
                self.read.refuse(name, "two-values", message, "a witness of several clusters is in one place")
            if WITNESS[kind] in known or (kind == "share" and any(own in kinds.MACHINE for own in known)):
                continue
            if kind != "disk":
                self.names.declare(self.read, name, WITNESS[kind])
            elif not known and self.read.near(name.text, self.names.are((kinds.STORAGE,))) is None:
                self.names.declare(self.read, name, kinds.STORAGE)
                self.witness_disks[name.text] = Storage(name.text, "iscsi", site)

    def _things(
        self, entries: Entries, section: str, read_one: Callable[[Scalar, Node], Thing | None]
    ) -> tuple[Thing, ...]:
        node = entries[section][1] if section in entries else None
        if not isinstance(node, Mapping_):
            return ()
        read = (read_one(key, thing) for key, thing in list(node.entries.values())[: SECTIONS[section]])
        return tuple(thing for thing in read if thing is not None)


def other_facts(scenario: Scenario, facts: Facts) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    """The facts of the other releases that play a part: of machines, and of all where a functional level is set."""
    machines: tuple[Host | Vm, ...] = (*scenario.hosts, *scenario.vms)
    named = {machine.release for machine in machines}
    acts = (act for step in scenario.timeline for act in step.acts)
    level = "ClusterFunctionalLevel"
    if any(name == level for _, name in scenario.settings) or any(act.property == level for act in acts):
        named.update(RELEASES)
    return tuple((r, facts.releases[r]) for r in RELEASES if r in named and r != scenario.release)


def _with_own_disks(host: Host, disks: Iterable[tuple[str, str]]) -> Host:
    """The host with the disks that roles and witnesses say it has."""
    own = tuple(storage for owner, storage in disks if owner == host.name and storage not in host.storage)
    return replace(host, storage=(*host.storage, *own)) if own else host


def _inside(node: Node | None, name: str) -> Node | None:
    return node.entries[name][1] if isinstance(node, Mapping_) and name in node.entries else None


def _kinds_of_cluster(node: Node) -> tuple[str, ...]:
    """The kind of a cluster; both when it does not say, so that who names the cluster is not called wrong."""
    kind = _inside(node, "kind")
    said = {"nlb": (kinds.NLB,), "failover": (kinds.FAILOVER,)}
    return said.get(kind.text, (kinds.FAILOVER, kinds.NLB)) if isinstance(kind, Scalar) else (kinds.FAILOVER, kinds.NLB)
