"""The clusters of a scenario."""

from __future__ import annotations

from studyapp.cluster.scenario import QUORUM_MODES, FailoverCluster, NlbCluster, Witness
from studyapp.packs import names as kinds
from studyapp.packs import unmodelled as later
from studyapp.packs.parts import COUNT_MAX, Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries, place
from studyapp.packs.source import Mapping_, Node, Scalar

MODES = ("unicast", "multicast", "igmp")
HEARTBEAT = ("same_subnet_delay", "same_subnet_threshold", "cross_subnet_delay", "cross_subnet_threshold")
FAILOVER_KEYS = ("kind", "nodes", "witness", "quorum", "weights", "heartbeat")
NLB_KEYS = ("kind", "nodes", "mode")
MODE_OF_WITNESS = {None: "node-majority", "disk": "node-and-disk-majority", "share": "node-and-share-majority"}
"""The quorum mode that counts each kind of witness, and the default with it."""
SUITS = {
    "node-majority": (None,),
    "node-and-disk-majority": ("disk",),
    "node-and-share-majority": ("share",),
    "disk-only": ("disk",),
    "dynamic": (None, "disk", "share", "cloud"),
}
"""The kinds of witness that each quorum mode is for."""


class ClusterReader:
    """Reads the clusters of a scenario."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.names = parts.names
        self.member_of: dict[str, tuple[str, str]] = {}
        """Each node with its cluster and that cluster's kind; of several the first failover cluster."""

    def cluster(self, key: Scalar, node: Node) -> FailoverCluster | NlbCluster | None:
        """A cluster of either kind."""
        what = f"cluster {quoted(key.text)}"
        entries = self.read.open_mapping(node, what)
        if "kind" not in entries:
            if isinstance(node, Mapping_):
                self.read.refuse(key, "missing-key", f'{what} needs "kind": failover or nlb')
            return None
        kind = self.read.choice(entries["kind"][1], "the kind of a cluster", ("failover", "nlb"))
        if kind == "nlb":
            return self._nlb(key, self.read.mapping(node, f"NLB {what}", NLB_KEYS, later.NLB), what)
        if kind == "failover":
            entries = self.read.mapping(node, f"failover {what}", FAILOVER_KEYS, later.FAILOVER)
            return self._failover(key, entries, what)
        return None

    def _nodes(self, key: Scalar, entries: Entries, what: str, kind: str) -> tuple[str, ...]:
        if "nodes" not in entries:
            self.read.refuse(key, "missing-key", f'{what} needs "nodes", a list of machines')
            return ()
        named = self.read.words(entries["nodes"][1], f"nodes of {what}")
        nodes = tuple(
            name for name, node in named if self.names.find(self.read, node, name, f"a node of {what}", kinds.MACHINE)
        )
        for name, node in named:
            other, other_kind = self.member_of.get(name, ("", ""))
            if kind == other_kind == "failover":
                message = f"{name} is already a node of {other}: a machine belongs to one failover cluster"
                self.read.refuse(node, "two-clusters", message)
            elif other and kind != other_kind:
                self.read.not_modelled(node, f"NLB and failover clustering on one machine ({name}) are")
            if kind == "failover" or not other:
                self.member_of[name] = (key.text, kind)
        limit = self.parts.limit(f"{kind}.max_nodes")
        if limit is not None and len(nodes) > limit:
            message = f"{len(nodes)} nodes, over the limit of {limit} in {self.parts.title}, are"
            self.read.not_modelled(entries["nodes"][1], message)
        if nodes and len(nodes) == len(named):
            self.names.nodes[key.text] = nodes
        return nodes

    # -- network load balancing ---------------------------------------------------------------------------------------

    def _nlb(self, key: Scalar, entries: Entries, what: str) -> NlbCluster:
        nodes = self._nodes(key, entries, what, "nlb")
        shared = [set(self.names.networks[name]) for name in nodes if name in self.names.networks]
        if shared and not set.intersection(*shared):
            self.read.not_modelled(entries["nodes"][1], "an NLB cluster whose hosts have no network in common is")
        return NlbCluster(key.text, nodes, self._mode(key, entries, nodes))

    def _mode(self, key: Scalar, entries: Entries, nodes: tuple[str, ...]) -> str:
        mode, node = "unicast", key
        if "mode" in entries:
            written = entries["mode"][1]
            if isinstance(written, Mapping_):
                self.read.not_modelled(written, "an operation mode for each node is")
                return mode
            chosen = self.read.choice(written, "the mode of an NLB cluster", MODES)
            if chosen is None:
                return mode
            mode, node = chosen, place(written)
        deaf = [name for name in nodes if name in self.parts.vms and not self.parts.vms[name].mac_spoofing]
        if mode == "unicast" and deaf:
            message = f"a virtual machine without MAC address spoofing in unicast mode ({deaf[0]}) is"
            self.read.not_modelled(node, message, f"set mode: multicast, or mac_spoofing: true on {deaf[0]}")
        return mode

    # -- failover clustering ------------------------------------------------------------------------------------------

    def _failover(self, key: Scalar, entries: Entries, what: str) -> FailoverCluster:
        nodes = self._nodes(key, entries, what, "failover")
        witness = self._witness(entries["witness"][1], nodes) if "witness" in entries else None
        quorum = self._quorum(entries, witness)
        weights = self._weights(entries["weights"][1], self.names.nodes.get(key.text)) if "weights" in entries else {}
        if nodes and quorum == "node-majority" and not any(weights.get(name, 1) for name in nodes):
            self.read.refuse(key, "no-votes", f"{what} has no vote: every node has weight 0, and there is no witness")
        heartbeat = self._heartbeat(entries["heartbeat"][1]) if "heartbeat" in entries else ()
        by_hand = tuple((name, weight) for name, weight in weights.items() if weight != 1)
        return FailoverCluster(key.text, nodes, witness, quorum, by_hand, properties=heartbeat)

    def _quorum(self, entries: Entries, witness: Witness | None) -> str:
        kind = witness.kind if witness is not None else None
        suited = MODE_OF_WITNESS[kind]
        if self.parts.limit("feature.dynamic_quorum"):
            suited = "dynamic"
        if "quorum" not in entries:
            return suited
        node = entries["quorum"][1]
        quorum = self.read.choice(node, "the quorum of a cluster", QUORUM_MODES, later.QUORUM_MODES) or suited
        wrong_witness = "witness" in entries and witness is None and not self._says_none(entries["witness"][1])
        if kind not in SUITS[quorum] and not wrong_witness:
            has = f"a {kind} witness" if kind else "no witness"
            hint = f"use {suited}, or {'no' if SUITS[quorum] == (None,) else f'a {SUITS[quorum][0]}'} witness"
            self.read.refuse(node, "quorum-witness", f"{quorum} does not suit a cluster with {has}", hint)
        return quorum

    def _says_none(self, node: Node) -> bool:
        return isinstance(node, Scalar) and node.value == "none"

    def _witness(self, node: Node, nodes: tuple[str, ...]) -> Witness | None:
        if self._says_none(node):
            return None
        if not isinstance(node, Mapping_):
            self.read.wrong_type(node, "a witness", "none, {disk: STORAGE} or {share: NAME}")
            return None
        entries = self.read.mapping(node, "a witness", ("disk", "share"), later.WITNESS)
        if len(entries) > 1:
            self.read.refuse(node, "one-of", "a witness is a disk or a share, not both")
        elif not node.entries:
            self.read.refuse(node, "missing-key", "a witness needs disk or share", "or write: witness: none")
        for kind, (_, value) in list(entries.items())[:1]:
            name = self.read.word(value, f"the {kind} of a witness")
            if name is None or kind == "share":
                return Witness(kind, name) if name is not None else None
            if self.names.find(self.read, value, name, "a disk witness", (kinds.STORAGE,)):
                self._witness_disk(value, name, nodes)
            return Witness(kind, name)
        return None

    def _witness_disk(self, node: Node, name: str, nodes: tuple[str, ...]) -> None:
        storage = self.parts.storage.get(name)
        if storage is not None and storage.kind in ("smb", "local"):
            self.read.refuse(node, "witness-storage", f"a disk witness cannot lie on {storage.kind} storage ({name})")
        for machine in nodes:
            if name not in self.parts.attached.get(machine, (name,)):
                message = f"{machine} is not attached to {name}: every node must reach the disk witness"
                self.read.refuse(node, "witness-storage", message)

    def _weights(self, node: Node, nodes: tuple[str, ...] | None) -> dict[str, int]:
        """NodeWeight by node; `nodes` is None when they are not all known."""
        weights = {}
        for name, (key, value) in self.read.open_mapping(node, "weights").items():
            if nodes is not None and name not in nodes:
                hint = self.read.near(name, nodes)
                self.read.refuse(key, "unknown-name", f"{quoted(name)} is no node of this cluster", hint)
                continue
            weight = self.read.whole(value, "a node's weight", 0, 1)
            if weight is not None:
                weights[name] = weight
        return weights

    def _heartbeat(self, node: Node) -> tuple[tuple[str, int], ...]:
        found: list[tuple[str, int]] = []
        for name, (_, value) in self.read.mapping(node, "heartbeat", HEARTBEAT, later.HEARTBEAT).items():
            if name.endswith("delay"):
                number = self.read.duration(value, name, 1)
            else:
                number = self.read.whole(value, name, 1, COUNT_MAX)
            if number is None:
                continue
            low, high = (self.parts.limit(f"heartbeat.{name}.{end}") for end in ("min", "max"))
            if (low is not None and number < low) or (high is not None and number > high):
                allowed = f"at most {high}" if low is None else f"{low} to {high}"
                unit = " ms" if name.endswith("delay") else ""
                message = f"{name} must be {allowed}{unit} in {self.parts.title}, not {number}{unit}"
                self.read.refuse(value, "out-of-range", message)
            found.append(("".join(part.title() for part in name.split("_")), number))
        return tuple(found)
