"""A scenario out of a YAML node: every part read, every name and type checked, before the model sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from studyapp.cluster.scenario import RELEASES, FailoverCluster, Network, NlbCluster, Scenario
from studyapp.packs import names as kinds
from studyapp.packs import unmodelled as later
from studyapp.packs.clusters import ClusterReader
from studyapp.packs.facts import Facts
from studyapp.packs.machines import DEFAULT_NETWORK, MachineReader
from studyapp.packs.names import Names
from studyapp.packs.parts import Parts
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.reading import Entries, Reader
from studyapp.packs.roles import RoleReader
from studyapp.packs.source import Mapping_, Node, Scalar
from studyapp.packs.timeline import entries_of, steps_from

SECTIONS = {
    "networks": 64,
    "storage": 200,
    "hosts": 200,
    "vms": 1_000,
    "clusters": 100,
    "roles": 1_000,
    "services": 1_000,
}
"""The mappings from a name to a thing, in the order in which one may rest on another, and the most that each holds."""
KEYS = ("id", "title", "release", *SECTIONS, "timeline", "until", "claims")
LONGEST_TITLE = 200
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
    replaces its `until`.
    """
    return _Building(Reader(path, problems), facts).scenario(node, release, tuple(events), until_ms)


class _Building:
    """One scenario being read."""

    def __init__(self, read: Reader, facts: Facts) -> None:
        self.read = read
        self.facts = facts
        self.names = Names()

    def scenario(
        self, node: Node, release: str | None, events: tuple[tuple[Reader, Node], ...], until_ms: int | None
    ) -> Scenario | None:
        """The scenario, or None when anything was refused."""
        before = len(self.read.problems)
        if not isinstance(node, Mapping_):
            self.read.wrong_type(node, "a scenario", "a mapping")
            return None
        entries = self.read.mapping(node, "a scenario", KEYS, later.TOP)
        parts = Parts(self.read, self.names, self.facts, self._release(node, entries, release))
        self._declare(entries)
        if not self.names.are((kinds.NETWORK,)):
            self.names.declare(self.read, Scalar(None, node.line, node.column, DEFAULT_NETWORK, False), kinds.NETWORK)
        machines, clusters, roles = MachineReader(parts), ClusterReader(parts), RoleReader(parts)
        networks = self._things(entries, "networks", machines.network) or (Network(DEFAULT_NETWORK),)
        storage = self._things(entries, "storage", machines.storage)
        parts.storage.update((kept.name, kept) for kept in storage)
        hosts = self._things(entries, "hosts", machines.host)
        if not hosts and "hosts" not in entries:
            self.read.refuse(node, "missing-key", 'a scenario needs "hosts"')
        vms = self._things(entries, "vms", machines.vm)
        built_clusters: tuple[Cluster, ...] = self._things(entries, "clusters", clusters.cluster)
        built_roles = self._things(entries, "roles", roles.role)
        self.names.stays_on = {vm.name: vm.host for vm in vms if vm.name not in roles.made_available}
        built = Scenario(
            title=self._title(entries),
            release=parts.release,
            networks=networks,
            storage=storage,
            hosts=hosts,
            vms=vms,
            clusters=built_clusters,
            roles=built_roles,
            services=self._things(entries, "services", roles.service),
            timeline=steps_from((*self._timeline(entries), *events), self.names),
            until_ms=self._until(entries) if until_ms is None else until_ms,
            facts=self.facts.releases[parts.release],
        )
        return built if len(self.read.problems) == before else None

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

    def _until(self, entries: Entries) -> int | None:
        return self.read.duration(entries["until"][1], "until") if "until" in entries else None

    # -- sections -----------------------------------------------------------------------------------------------------

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
                self.names.kinds[key.text].extend(own[1:])
                if section == "clusters":
                    self._declare_share(node)

    def _declare_share(self, cluster: Node) -> None:
        witness = _inside(cluster, "witness")
        share = _inside(witness, "share") if witness is not None else None
        if not isinstance(share, Scalar) or share.value is None:
            return
        known = self.names.kinds.get(share.text, ())
        if any(kind in kinds.MACHINE for kind in known):
            hint = "give the share a name of its own"
            self.read.not_modelled(share, f"a witness on a machine of the scenario ({share.text}) is", hint)
        else:
            self.names.declare(self.read, share, kinds.SHARE)

    def _things(
        self, entries: Entries, section: str, read_one: Callable[[Scalar, Node], Thing | None]
    ) -> tuple[Thing, ...]:
        node = entries[section][1] if section in entries else None
        if not isinstance(node, Mapping_):
            return ()
        read = (read_one(key, thing) for key, thing in list(node.entries.values())[: SECTIONS[section]])
        return tuple(thing for thing in read if thing is not None)


def _inside(node: Node, name: str) -> Node | None:
    return node.entries[name][1] if isinstance(node, Mapping_) and name in node.entries else None


def _kinds_of_cluster(node: Node) -> tuple[str, ...]:
    """The kind of a cluster; both when it does not say, so that who names the cluster is not called wrong."""
    kind = _inside(node, "kind")
    said = {"nlb": (kinds.NLB,), "failover": (kinds.FAILOVER,)}
    return said.get(kind.text, (kinds.FAILOVER, kinds.NLB)) if isinstance(kind, Scalar) else (kinds.FAILOVER, kinds.NLB)
