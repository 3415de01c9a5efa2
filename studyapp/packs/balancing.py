"""The Network Load Balancing clusters of a scenario, with their port rules.

What Windows would refuse of them (too many hosts, a priority twice, a weight out of its range) is read as it stands:
validation says it.
"""

from __future__ import annotations

import re

from studyapp.cluster import properties
from studyapp.cluster.clients.port_rules import overlap, rule_name
from studyapp.cluster.scenario import NlbCluster, PortRule
from studyapp.packs.names import RULE
from studyapp.packs.parts import COUNT_MAX, Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries
from studyapp.packs.settings import SettingReader, Settings
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

NLB_KEYS = ("kind", "nodes", "mode", "priorities", "rules", "address", "properties")
MODES = tuple(properties.MODES.values())
PRODUCTS = {mode: word for word, mode in properties.MODES.items()}
"""What the product calls the operation modes."""
RULE_KEYS = ("ports", "protocol", "filter", "affinity", "weights", "priorities", "timeout")
PROTOCOLS = ("tcp", "udp", "both")
FILTERS = ("multiple", "single", "disabled")
AFFINITIES = ("none", "single", "network")
LAST_PORT = 65_535
MAX_RULES = 200
"""Rules of one cluster that are read."""

_PORTS = re.compile(r"([0-9]{1,5})(?: ?- ?([0-9]{1,5}))?\Z")


class BalanceReader:
    """Reads what an NLB cluster has and a failover cluster has not."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.settings = SettingReader(parts.read, parts.names)

    def cluster(self, key: Scalar, entries: Entries, nodes: tuple[str, ...]) -> NlbCluster:
        """An NLB cluster over these nodes."""
        what = f"NLB cluster {quoted(key.text)}"
        known = self.parts.names.nodes.get(key.text)
        settings = Settings(self.settings, ("nlb",), what)
        settings.by_name(entries)
        modes = self._modes(entries, known, settings)
        priorities: dict[str, int] = {}
        if "priorities" in entries:
            priorities = self.parts.by_node(entries["priorities"][1], "priorities", known, 0, COUNT_MAX)
        self.parts.take("HostPriority", "priorities", nodes, priorities)
        address = None
        if "address" in entries:
            address = self.read.address(entries["address"][1], f"address of {what}", ("dhcp",))
        rules = self._rules(entries["rules"][1], known) if "rules" in entries else (PortRule(),)
        for name in dict.fromkeys(rule_name(key.text, rule) for rule in rules):
            self.parts.names.add(name, RULE)
        return NlbCluster(
            key.text,
            nodes,
            modes.pop("", "unicast"),
            tuple(modes.items()),
            tuple(priorities.items()),
            rules,
            address,
            settings.done(),
        )

    def _modes(self, entries: Entries, known: tuple[str, ...] | None, settings: Settings) -> dict[str, str]:
        """The operation mode of the cluster, under an empty name, and those of single nodes."""
        modes: dict[str, str] = {}
        if "mode" in entries:
            node, what = entries["mode"][1], "the mode of an NLB cluster"
            if isinstance(node, Mapping_):
                found = (
                    (n, self.read.choice(value, what, MODES)) for n, value in self.parts.of_nodes(node, what, known)
                )
                modes = {name: mode for name, mode in found if mode is not None}
            else:
                mode = self.read.choice(node, what, MODES)
                settings.put("OperationMode", node, PRODUCTS[mode] if mode is not None else None)
        word, _ = settings.found.pop("OperationMode", (None, None))
        return {**modes, "": properties.MODES[str(word)]} if word is not None else modes

    # -- port rules ---------------------------------------------------------------------------------------------------

    def _rules(self, node: Node, known: tuple[str, ...] | None) -> tuple[PortRule, ...]:
        if not isinstance(node, Sequence):
            self.read.wrong_type(node, "rules", "a list of port rules", "begin each rule with a dash")
            return ()
        found: list[PortRule] = []
        for item in self.read.items(node, "rules", MAX_RULES):
            rule = self._rule(item, known)
            if rule is None:
                continue
            other = next((each for each in found if overlap(each, rule)), None)
            if other is not None:
                message = f"the ports {_ports(rule)} overlap with those of another rule, {_ports(other)}"
                self.read.refuse(item, "overlap", message, "only one rule may cover a port of a protocol")
            found.append(rule)
        return tuple(found)

    def _rule(self, node: Node, known: tuple[str, ...] | None) -> PortRule | None:
        what = "a port rule"
        entries = self.read.mapping(node, what, RULE_KEYS)
        if "ports" not in entries:
            if isinstance(node, Mapping_):
                message = f'{what} needs "ports": one, or a range such as 80-90'
                self.read.refuse(node, "missing-key", message)
            return None
        numbers = {
            entry: self.parts.by_node(entries[entry][1], f"{entry} of a port rule", known, 0, COUNT_MAX)
            for entry in ("weights", "priorities")
            if entry in entries
        }
        choices = (
            self.parts.choice(entries, "protocol", "the protocol of a port rule", PROTOCOLS),
            self.parts.choice(entries, "filter", "the filter of a port rule", FILTERS),
            self.parts.choice(entries, "affinity", "the affinity of a port rule", AFFINITIES),
        )
        timeout = self.read.duration(entries["timeout"][1], "timeout") if "timeout" in entries else None
        ports = self._ports(entries["ports"][1])
        if ports is None:
            return None
        usual = PortRule()
        return PortRule(
            ports[0],
            ports[1],
            choices[0] or usual.protocol,
            choices[1] or usual.filter,
            choices[2] or usual.affinity,
            tuple(numbers.get("weights", {}).items()),
            tuple(numbers.get("priorities", {}).items()),
            timeout or 0,
        )

    def _ports(self, node: Node) -> tuple[int, int] | None:
        """The first and the last port that a rule covers."""
        if isinstance(node, Scalar) and isinstance(node.value, int):
            port = self.read.whole(node, "a port", 0, LAST_PORT)
            return (port, port) if port is not None else None
        word = self.read.word(node, "ports")
        if word is None:
            return None
        written = _PORTS.match(word)
        first, last = (int(written[1]), int(written[2] or written[1])) if written is not None else (1, 0)
        if not first <= last <= LAST_PORT:
            message = f"ports cannot be {quoted(word)}"
            hint = f"write one port or a range such as 80-90, from 0 to {LAST_PORT}; for others make another rule"
            self.read.refuse(node, "bad-ports", message, hint)
            return None
        return first, last


def _ports(rule: PortRule) -> str:
    return str(rule.first) if rule.first == rule.last else f"{rule.first}-{rule.last}"
