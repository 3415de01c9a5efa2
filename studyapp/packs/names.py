"""The names of a scenario: each stands for one thing, and whoever names a thing must mean one that exists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from studyapp.cluster.clients.port_rules import rule_name
from studyapp.cluster.scenario import FailoverCluster, Scenario
from studyapp.packs.characters import hostile_characters
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Reader
from studyapp.packs.source import Mapping_, Node, Scalar

NETWORK, STORAGE, HOST, VM = "network", "storage", "host", "virtual machine"
FAILOVER, NLB, ROLE, SERVICE = "failover cluster", "NLB cluster", "role", "service"
SITE, SHARE, CLOUD, RULE = "site", "file share", "cloud witness", "port rule"
MACHINE = (HOST, VM)
CLUSTER = (FAILOVER, NLB)
WITNESS = {"disk": STORAGE, "share": SHARE, "cloud": CLOUD}
"""The kind of thing that each kind of witness is."""

LONGEST = 63
SHOWN = 8
"""Names that a hint lists at most."""
RESERVED = ("all", "none")
_NAME = re.compile(r"[^\W_][\w.-]*(?: [\w.-]+)*\Z")


@dataclass(slots=True)
class Names:
    """The kinds of each name (two for a highly available virtual machine and its role), and what hangs on names."""

    kinds: dict[str, list[str]] = field(default_factory=dict)
    of_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    """The names of each kind, each with its number in the order of the file."""
    lines: dict[str, int] = field(default_factory=dict)
    """Where each name was given, for messages."""
    networks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The networks of each machine."""
    nodes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The nodes of each cluster at the start, where all of them are known."""
    joining: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The machines that the timeline adds to each cluster."""
    stays_on: dict[str, str] = field(default_factory=dict)
    """The host of each virtual machine that no role moves to another."""
    balanced: dict[str, str] = field(default_factory=dict)
    """Each balanced service with its NLB cluster."""

    def are(self, kinds: tuple[str, ...]) -> list[str]:
        """Every name of one of these kinds, in the order of the file."""
        if len(kinds) == 1:
            return list(self.of_kind.get(kinds[0], ()))
        numbered = {name: number for kind in kinds for name, number in self.of_kind.get(kind, {}).items()}
        return sorted(numbered, key=numbered.__getitem__)

    def add(self, name: str, kind: str) -> None:
        """Note that a name is that of a thing of this kind."""
        if name not in self.kinds:
            self.kinds[name] = []
        self.kinds[name].append(kind)
        self.of_kind.setdefault(kind, {})[name] = self._number(name)

    def _number(self, name: str) -> int:
        """A name's place among all; that of its first kind where it has two."""
        first = self.of_kind.get(self.kinds[name][0], {})
        return first.get(name, len(self.kinds))

    def may_be_nodes(self, cluster: str) -> tuple[str, ...] | None:
        """Who is a node of a cluster at some time; None where that is not known."""
        nodes = self.nodes.get(cluster)
        return None if nodes is None else (*nodes, *self.joining.get(cluster, ()))

    def nodes_of(self, kinds: tuple[str, ...]) -> frozenset[str] | None:
        """Who is a node of a cluster of these kinds at some time; None where that is not known."""
        found: set[str] = set()
        for cluster in self.are(kinds):
            nodes = self.may_be_nodes(cluster)
            if nodes is None:
                return None
            found.update(nodes)
        return frozenset(found)

    def declare(self, read: Reader, key: Scalar, kind: str, entry: Node | None = None) -> None:
        """Note a name where it is given; one that cannot be a name, or is taken, is reported."""
        name = key.text
        if key.plain and (key.value is None or isinstance(key.value, bool)):
            read.refuse(key, "bad-name", f"{name or 'nothing'} is not a name", "put it in quotes")
        elif name in RESERVED or len(name) > LONGEST or not _NAME.match(name) or any(hostile_characters(name)):
            hint = f"letters, digits, spaces and -_. up to {LONGEST} characters, and not {' or '.join(RESERVED)}"
            read.refuse(key, "bad-name", f"{a(kind)} cannot be called {quoted(name)}", hint)
        elif name in self.kinds and not (
            self.kinds[name] == [VM] and kind == ROLE and _makes_it_available(entry, name)
        ):
            other = self.kinds[name][0]
            hint = "only the role of a highly available virtual machine has the name of another thing"
            line = self.lines[name]
            read.refuse(key, "duplicate-name", f"{quoted(name)} is already {a(other)}, on line {line}", hint)
        self.add(name, kind)
        self.lines.setdefault(name, key.line)

    def find(self, read: Reader, node: Node, name: str, what: str, kinds: tuple[str, ...]) -> bool:
        """True when the name is that of a thing of these kinds; else it is reported at the node."""
        own = self.kinds.get(name, [])
        if any(kind in kinds for kind in own):
            return True
        wanted = " or ".join((", ".join(kinds[:-1]), kinds[-1]) if kinds[1:] else kinds)
        known = [] if read.full else self.are(kinds)
        if own:
            hint = f"known: {', '.join(known[:SHOWN])}" if known else None
            read.refuse(node, "wrong-kind", f"{what} must be {a(wanted)}; {quoted(name)} is {a(own[0])}", hint)
        else:
            hint = read.near(name, known)
            read.refuse(node, "unknown-name", f"there is no {wanted} called {quoted(name)}", hint)
        return False


def a(kind: str) -> str:
    """A kind of thing with its article."""
    return {NLB: f"an {NLB}", STORAGE: STORAGE}.get(kind, f"a {kind}")


def _makes_it_available(entry: Node | None, name: str) -> bool:
    """The entry of a role says that it is the virtual machine of this name."""
    if not isinstance(entry, Mapping_) or "vm" not in entry.entries:
        return False
    vm = entry.entries["vm"][1]
    return isinstance(vm, Scalar) and vm.text == name


def names_of(scenario: Scenario) -> Names:
    """The names of a checked scenario."""
    names = Names()
    kinds: list[tuple[str, str]] = [(site, SITE) for site in scenario.sites]
    kinds += [(network.name, NETWORK) for network in scenario.networks]
    kinds += [(storage.name, STORAGE) for storage in scenario.storage]
    kinds += [(host, HOST) for host in scenario.host]
    kinds += [(vm, VM) for vm in scenario.vm]
    kinds += [(c.name, FAILOVER if isinstance(c, FailoverCluster) else NLB) for c in scenario.clusters]
    witnesses = dict.fromkeys(c.witness for c in scenario.failover.values() if c.witness is not None)
    kinds += [
        (witness.name, WITNESS[witness.kind])
        for witness in witnesses
        if witness.kind != "disk" and witness.name not in scenario.machines
    ]
    kinds += [(role, ROLE) for role in scenario.role]
    kinds += [(service, SERVICE) for service in scenario.service]
    kinds += dict.fromkeys((rule_name(c.name, rule), RULE) for c in scenario.nlb.values() for rule in c.rules)
    for name, kind in kinds:
        names.add(name, kind)
    names.networks = {host.name: host.networks for host in scenario.hosts}
    names.networks |= {vm.name: vm.networks for vm in scenario.vms}
    names.stays_on = {vm.name: vm.host for vm in scenario.vms if vm.name not in scenario.ha_vms}
    names.nodes = {cluster.name: cluster.nodes for cluster in scenario.clusters}
    names.balanced = {service.name: service.target for service in scenario.services if service.kind == "nlb"}
    return names
