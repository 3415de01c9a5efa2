"""The clusters of a scenario: what both kinds have in common, and failover clusters."""

from __future__ import annotations

from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import QUORUM_MODES, FailoverCluster, NlbCluster, Witness
from studyapp.packs import names as kinds
from studyapp.packs.balancing import NLB_KEYS, BalanceReader
from studyapp.packs.parts import Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries
from studyapp.packs.settings import SettingReader, Settings
from studyapp.packs.source import Mapping_, Node, Scalar

MAX_NODES = 200
"""Nodes of one cluster that are read; how many Windows supports, validation says."""
HEARTBEAT = {
    "same_subnet_delay": "SameSubnetDelay",
    "same_subnet_threshold": "SameSubnetThreshold",
    "cross_subnet_delay": "CrossSubnetDelay",
    "cross_subnet_threshold": "CrossSubnetThreshold",
    "cross_site_delay": "CrossSiteDelay",
    "cross_site_threshold": "CrossSiteThreshold",
    "route_history_length": "RouteHistoryLength",
}
FAILOVER_KEYS = (
    "kind",
    "nodes",
    "witness",
    "quorum",
    "weights",
    "dynamic_weights",
    "lower_quorum_priority",
    "heartbeat",
    "properties",
)
WITNESS_KINDS = ("disk", "share", "cloud")
MODE_OF_WITNESS = {
    None: "node-majority",
    "disk": "node-and-disk-majority",
    "share": "node-and-share-majority",
    "cloud": "node-and-share-majority",
}
"""The quorum mode that counts each kind of witness, and the default with it before there were dynamic votes."""
SUITS = {
    "node-majority": (None,),
    "node-and-disk-majority": ("disk",),
    "node-and-share-majority": ("share", "cloud"),
    "disk-only": ("disk",),
    "dynamic": (None, *WITNESS_KINDS),
}
"""The kinds of witness that each quorum mode is for."""


class ClusterReader:
    """Reads the clusters of a scenario."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.names = parts.names
        self.settings = SettingReader(parts.read, parts.names)
        self.balanced = BalanceReader(parts)
        self.member_of: dict[str, str] = {}
        """Each node of a failover cluster with that cluster."""

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
            entries = self.read.mapping(node, f"NLB {what}", NLB_KEYS)
            return self.balanced.cluster(key, entries, self._nodes(key, entries, what, kind))
        if kind == "failover":
            entries = self.read.mapping(node, f"failover {what}", FAILOVER_KEYS)
            return self._failover(key, entries, self._nodes(key, entries, what, kind), what)
        return None

    def _nodes(self, key: Scalar, entries: Entries, what: str, kind: str) -> tuple[str, ...]:
        """The nodes of a cluster that are known; its nodes are remembered where all of them are."""
        if "nodes" not in entries:
            self.read.refuse(key, "missing-key", f'{what} needs "nodes", a list of machines')
            return ()
        named = self.read.words(entries["nodes"][1], f"nodes of {what}")
        if len(named) > MAX_NODES:
            self.read.refuse(named[MAX_NODES][1], "too-big", f"a cluster has at most {MAX_NODES} nodes")
            named = named[:MAX_NODES]
        nodes = tuple(
            name for name, node in named if self.names.find(self.read, node, name, f"a node of {what}", kinds.MACHINE)
        )
        for name, node in named if kind == "failover" else ():
            other = self.member_of.setdefault(name, key.text)
            if other != key.text:
                message = f"{name} is already a node of {other}: a machine belongs to one failover cluster"
                self.read.refuse(node, "two-clusters", message)
        if nodes and len(nodes) == len(named):
            self.names.nodes[key.text] = nodes
        return nodes

    # -- failover clustering ------------------------------------------------------------------------------------------

    def _failover(self, key: Scalar, entries: Entries, nodes: tuple[str, ...], what: str) -> FailoverCluster:
        known = self.names.nodes.get(key.text)
        witness = self.witness(entries["witness"][1]) if "witness" in entries else None
        quorum = self._quorum(entries, witness, self.parts.oldest(nodes))
        settings = Settings(self.settings, ("cluster",), what)
        if "heartbeat" in entries:
            self._heartbeat(entries["heartbeat"][1], settings)
        if "lower_quorum_priority" in entries:
            node = entries["lower_quorum_priority"][1]
            made_of = PROPERTIES["LowerQuorumPriorityNodeID"]
            named = self.settings.value(node, made_of, known, key="lower_quorum_priority")
            settings.put(made_of.name, node, named)
        settings.by_name(entries, known)
        return FailoverCluster(
            key.text,
            nodes,
            witness,
            quorum,
            self._weights(entries, nodes, known),
            self._dynamic_weights(entries, known, witness, quorum),
            settings.done(),
        )

    def _quorum(self, entries: Entries, witness: Witness | None, release: str) -> str:
        kind = witness.kind if witness is not None else None
        dynamic = bool(self.parts.facts.value(release, "feature.dynamic_quorum"))
        suited = "dynamic" if dynamic else MODE_OF_WITNESS[kind]
        if "quorum" not in entries:
            return suited
        node = entries["quorum"][1]
        quorum = self.read.choice(node, "the quorum of a cluster", QUORUM_MODES) or suited
        wrong_witness = "witness" in entries and witness is None and not _says_none(entries["witness"][1])
        if quorum == "dynamic" and not dynamic:
            message = f"{self.parts.facts.titles[release]} has no dynamic quorum: it came with Windows Server 2012"
            self.read.refuse(node, "quorum-release", message, f"use {suited}")
        elif kind not in SUITS[quorum] and not wrong_witness:
            has = f"a {kind} witness" if kind else "no witness"
            hint = f"use {suited}, or {'no' if SUITS[quorum] == (None,) else f'a {SUITS[quorum][0]}'} witness"
            self.read.refuse(node, "quorum-witness", f"{quorum} does not suit a cluster with {has}", hint)
        return quorum

    def witness(self, node: Node) -> Witness | None:
        """The witness that a value gives; None for `none`, and for what was refused."""
        if _says_none(node):
            return None
        if not isinstance(node, Mapping_):
            self.read.wrong_type(node, "a witness", "none, {disk: STORAGE}, {share: NAME} or {cloud: NAME}")
            return None
        entries = self.read.mapping(node, "a witness", (*WITNESS_KINDS, "site"))
        given = [kind for kind in entries if kind in WITNESS_KINDS]
        if len(given) > 1:
            self.read.refuse(node, "one-of", f"a witness is one thing, not {' and '.join(given)}")
        elif not given and len(entries) == len(node.entries):
            message = "a witness needs disk, share or cloud"
            self.read.refuse(node, "missing-key", message, "or write: witness: none")
        site = self.parts.maybe(entries, "site", "a witness", (kinds.SITE,))
        for kind in given[:1]:
            value = entries[kind][1]
            name = self.read.word(value, f"the {kind} of a witness")
            if name is None:
                return None
            if kind == "disk":
                self.names.find(self.read, value, name, "a disk witness", (kinds.STORAGE,))
            return Witness(kind, name, site)
        return None

    def _weights(
        self, entries: Entries, nodes: tuple[str, ...], known: tuple[str, ...] | None
    ) -> tuple[tuple[str, int], ...]:
        """NodeWeight where it is not 1, by this cluster's key and by properties of its nodes."""
        weights: dict[str, int] = {}
        if "weights" in entries:
            weights = self.parts.by_node(entries["weights"][1], "weights", known, 0, 1)
        self.parts.take("NodeWeight", "weights", nodes, weights)
        return tuple((name, weight) for name, weight in weights.items() if weight != 1)

    def _dynamic_weights(
        self, entries: Entries, known: tuple[str, ...] | None, witness: Witness | None, quorum: str
    ) -> tuple[tuple[str, int], ...]:
        """The votes that the cluster starts from, of its nodes and its witness."""
        if "dynamic_weights" not in entries:
            return ()
        key, node = entries["dynamic_weights"]
        if quorum != "dynamic":
            self.read.refuse(key, "not-for-this", f"votes do not change with quorum: {quorum}")
        voters = known if known is None or witness is None else (*known, witness.name)
        return tuple(self.parts.by_node(node, "dynamic_weights", voters, 0, 1).items())

    def _heartbeat(self, node: Node, settings: Settings) -> None:
        entries = self.read.mapping(node, "heartbeat", HEARTBEAT)
        for entry in entries:
            read = settings.duration if entry.endswith("delay") else settings.count
            read(entries, entry, HEARTBEAT[entry])


def _says_none(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value == "none"
