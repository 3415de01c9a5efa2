"""What one entry of a timeline does: the verbs, what each takes, and the options that stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from studyapp.cluster.properties import PROPERTIES, Property, spelled
from studyapp.cluster.scenario import Act, Setting
from studyapp.packs import names as kinds
from studyapp.packs.names import Names, a
from studyapp.packs.parts import COUNT_MAX
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries, Reader, place
from studyapp.packs.settings import OF, SettingReader
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

MAX_CLIENTS = 100_000
MAX_ADDRESSES = 10_000
"""Addresses that the clients of one load come from."""
Found = list[tuple[str, Scalar]]
"""Names with their places."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb takes: things of these kinds, and options beside it; `at` stands beside every verb.

    `node_of` are the kinds of cluster that its machines must be nodes of; `needs` the options that must be there.
    """

    kinds: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    node_of: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


_LOST = (kinds.NETWORK, kinds.STORAGE, kinds.SHARE, kinds.CLOUD, kinds.SITE)
_VM = (kinds.VM, kinds.ROLE)
_FAILOVER, _NLB = (kinds.FAILOVER,), (kinds.NLB,)

TAKES = {
    "crash": Verb(kinds.MACHINE),
    "hang": Verb(kinds.MACHINE),
    "fail": Verb((kinds.SERVICE, kinds.ROLE), ("lasting", "node")),
    "repair": Verb((kinds.SERVICE, kinds.ROLE), ("node",)),
    "shutdown": Verb(kinds.MACHINE),
    "start": Verb(kinds.MACHINE, ("clear_quarantine",)),
    "isolate": Verb(kinds.MACHINE, ("from", "direction")),
    "rejoin": Verb(kinds.MACHINE, ("from",)),
    "partition": Verb((kinds.HOST, kinds.VM, kinds.SHARE, kinds.CLOUD, kinds.STORAGE)),
    "heal": Verb(),
    "lose": Verb(_LOST),
    "restore": Verb(_LOST),
    "pause": Verb(kinds.MACHINE, ("drain", "force"), node_of=_FAILOVER),
    "resume": Verb(kinds.MACHINE, ("failback",), node_of=_FAILOVER),
    "move": Verb((kinds.ROLE,), ("to", "type")),
    "live-migrate": Verb(_VM, ("to", "switch_over")),
    "quick-migrate": Verb(_VM, ("to",)),
    "storage-migrate": Verb(_VM, ("to",), needs=("to",)),
    "stop-node": Verb(kinds.MACHINE, node_of=kinds.CLUSTER),
    "start-node": Verb(kinds.MACHINE, ("clear_quarantine",), node_of=kinds.CLUSTER),
    "drain-stop": Verb(kinds.MACHINE, ("timeout",), node_of=_NLB),
    "suspend": Verb(kinds.MACHINE, node_of=_NLB),
    "resume-node": Verb(kinds.MACHINE, node_of=_NLB),
    "force-quorum": Verb(kinds.MACHINE, node_of=_FAILOVER),
    "prevent-quorum": Verb(kinds.MACHINE, node_of=_FAILOVER),
    "evict": Verb(kinds.MACHINE, node_of=kinds.CLUSTER),
    "join": Verb(kinds.MACHINE, ("to", "priority", "weight"), needs=("to",)),
    "set": Verb((), ("property", "value", "drain", "timeout"), needs=("property", "value")),
    "load": Verb((kinds.SERVICE,), ("clients", "from", "lasts", "seed"), needs=("clients",)),
}
OPTIONS = {option for verb in TAKES.values() for option in verb.options}

DIRECTIONS = ("both", "in", "out")
TYPES = ("live", "quick", "shutdown", "shutdown-force", "turn-off")
FAILBACKS = ("immediate", "policy", "none")
GOES_TO = {"storage-migrate": (kinds.STORAGE,), "join": kinds.CLUSTER}
"""What `to` names, where that is no machine."""


@lru_cache(maxsize=64)
def spread(count: int) -> tuple[str, ...]:
    """So many addresses of clients, each in a class C range of its own."""
    return tuple(f"10.{number // 256}.{number % 256}.1" for number in range(1, count + 1))


class ActReader:
    """Reads what one entry does, once its verb is known."""

    def __init__(self, read: Reader, names: Names) -> None:
        self.read = read
        self.names = names
        self.settings = SettingReader(read, names)
        self.options: dict[str, tuple[str, Callable[[str, Node], object]]] = {
            "lasting": ("lasting", self._flag),
            "drain": ("drain", self._flag),
            "force": ("force", self._flag),
            "clear_quarantine": ("clear_quarantine", self._flag),
            "direction": ("direction", lambda what, node: self.read.choice(node, what, DIRECTIONS)),
            "type": ("type", lambda what, node: self.read.choice(node, what, TYPES)),
            "failback": ("failback", lambda what, node: self.read.choice(node, what, FAILBACKS)),
            "timeout": ("timeout_ms", self._duration),
            "switch_over": ("switch_over_ms", self._duration),
            "lasts": ("lasts_ms", self._duration),
            "priority": ("priority", self._count),
            "weight": ("weight", self._count),
            "seed": ("seed", self._count),
            "clients": ("clients", lambda what, node: self.read.whole(node, what, 1, MAX_CLIENTS)),
        }
        """The options that are read alike wherever they stand: the field of `Act`, and how its value is read."""
        self._nodes: dict[tuple[str, ...], frozenset[str] | None] = {}

    def act(self, verb: str, entries: Entries) -> Act | None:
        """The act of an entry whose options are known ones; None where its subjects were refused."""
        takes = TAKES[verb]
        key, node = entries[verb]
        for option in takes.needs:
            if option not in entries:
                self.read.refuse(key, "missing-option", f"{verb} needs {quoted(option)}", f"add {option}: …")
        found = self.read.words(node, verb)
        subjects = self._set(found, entries) if verb == "set" else self._subjects(verb, takes, found)
        given: dict[str, Any] = {}
        for option in takes.options:
            if option in self.options and option in entries:
                field, read = self.options[option]
                value = read(f"{option} of {verb}", entries[option][1])
                if value is not None:
                    given[field] = value
        if "to" in takes.options and "to" in entries:
            given["to"] = self._to(verb, entries)
        if "from" in takes.options and verb != "load" and "from" in entries:
            given["networks"] = self._networks(verb, entries, subjects)
        match verb:
            case "fail" | "repair":
                given["node"] = self._node(verb, entries, subjects)
            case "join":
                self._only_balanced(given.get("to"), entries)
            case "set":
                given |= self._value(subjects, entries)
                self._only_disabled(given, entries)
            case "load":
                given["addresses"] = self._addresses(entries, given.get("clients", 0))
        return Act(verb, tuple(name for name, _ in subjects), **given) if subjects else None

    def _subjects(self, verb: str, takes: Verb, found: Found) -> Found:
        subjects = [
            (name, at) for name, at in found if self.names.find(self.read, at, name, f"what {verb} takes", takes.kinds)
        ]
        if not takes.node_of:
            return subjects
        return [(name, at) for name, at in subjects if self._is_node(verb, name, at, takes.node_of)]

    def _is_node(self, verb: str, name: str, at: Scalar, node_of: tuple[str, ...]) -> bool:
        if node_of not in self._nodes:
            self._nodes[node_of] = self.names.nodes_of(node_of)
        nodes = self._nodes[node_of]
        if nodes is None or name in nodes:
            return True
        wanted = " or ".join(a(kind) for kind in node_of)
        self.read.refuse(at, "not-a-node", f"{verb} takes a node of {wanted}, and {name} is none")
        return False

    # -- options ------------------------------------------------------------------------------------------------------

    def _flag(self, what: str, node: Node) -> bool | None:
        return self.read.flag(node, what)

    def _duration(self, what: str, node: Node) -> int | None:
        return self.read.duration(node, what)

    def _count(self, what: str, node: Node) -> int | None:
        return self.read.whole(node, what, 0, COUNT_MAX)

    def _to(self, verb: str, entries: Entries) -> str | None:
        node = entries["to"][1]
        name = self.read.word(node, f"to of {verb}")
        wanted = GOES_TO.get(verb, kinds.MACHINE)
        if name is None or not self.names.find(self.read, node, name, f"to of {verb}", wanted):
            return None
        return name

    def _networks(self, verb: str, entries: Entries, subjects: Found) -> tuple[str, ...]:
        networks = []
        on = {machine: frozenset(self.names.networks.get(machine, ())) for machine, _ in subjects}
        for name, node in self.read.words(entries["from"][1], f"from of {verb}"):
            if not self.names.find(self.read, node, name, f"from of {verb}", (kinds.NETWORK,)):
                continue
            networks.append(name)
            for machine, own in on.items():
                if own and name not in own:
                    self.read.refuse(node, "host-network", f"{machine} is not on network {name}")
        return tuple(networks)

    def _node(self, verb: str, entries: Entries, subjects: Found) -> str | None:
        """The machine that `node:` names: needed where a balanced service fails, and there only."""
        balanced = [(name, at) for name, at in subjects if name in self.names.balanced]
        if "node" not in entries:
            for name, at in balanced if verb == "fail" else ():
                message = f"{name} runs on every host of {self.names.balanced[name]}"
                self.read.refuse(at, "missing-node", f"{message}: say on which one it fails", "add node: NAME")
            return None
        key, node = entries["node"]
        machine = self.read.word(node, f"node of {verb}")
        for name, _ in subjects:
            if name not in self.names.balanced:
                message = f"{name} runs in one place: node is for services that are balanced"
                self.read.refuse(key, "not-for-this", message)
        if machine is None or not self.names.find(self.read, place(node), machine, f"node of {verb}", kinds.MACHINE):
            return None
        for name, _ in balanced:
            cluster = self.names.balanced[name]
            nodes = self.names.may_be_nodes(cluster)
            if nodes is not None and machine not in nodes:
                hint = self.read.near(machine, nodes) or f"its nodes: {', '.join(nodes[: kinds.SHOWN])}"
                self.read.refuse(node, "not-a-node", f"{machine} is no node of {cluster}", hint)
        return machine

    def _only_balanced(self, cluster: str | None, entries: Entries) -> None:
        """A host priority and a load weight are given to who joins an NLB cluster."""
        for option in ("priority", "weight"):
            if option in entries and cluster is not None and kinds.NLB not in self.names.kinds[cluster]:
                message = f"{cluster} is no NLB cluster: its nodes have no {option} of this kind"
                self.read.refuse(entries[option][0], "not-for-this", message)

    def _addresses(self, entries: Entries, clients: int) -> tuple[str, ...]:
        """Where the clients of a load come from; left out, each from an address of its own."""
        if "from" not in entries:
            return spread(min(clients, MAX_ADDRESSES))
        node, what = entries["from"][1], "from of load"
        if isinstance(node, Scalar) and isinstance(node.value, int):
            return spread(self.read.whole(node, what, 1, MAX_ADDRESSES) or 0)
        if isinstance(node, Sequence) and not node.items:
            self.read.refuse(node, "empty-list", f"{what}: the list is empty")
        found = (self.read.address(item, what) for item in self.read.items(node, what, MAX_ADDRESSES))
        return tuple(address for address in found if address is not None)

    # -- set ----------------------------------------------------------------------------------------------------------

    def _set(self, found: Found, entries: Entries) -> Found:
        """The things whose property is set, when they can have it."""
        name = self._property(entries)
        made_of = PROPERTIES.get(name or "")
        if made_of is None:
            return []
        wanted = OF[made_of.of]
        what = f"what has {name}"
        subjects = [(thing, at) for thing, at in found if self.names.find(self.read, at, thing, what, wanted)]
        node_of = {"node": _FAILOVER, "balanced": _NLB}.get(made_of.of)
        if node_of is not None:
            subjects = [(thing, at) for thing, at in subjects if self._is_node("set", thing, at, node_of)]
        return subjects

    def _property(self, entries: Entries) -> str | None:
        if "property" not in entries:
            return None
        node = entries["property"][1]
        word = self.read.word(node, "property of set")
        name = word and spelled(word)
        if name is not None and name not in PROPERTIES:
            hint = self.read.near(name, PROPERTIES)
            self.read.refuse(node, "unknown-property", f"there is no property {quoted(name)}", hint)
        return name

    def _value(self, subjects: Found, entries: Entries) -> dict[str, Any]:
        """The property and its value in the model's unit; one that Windows refuses is kept as it is."""
        if not subjects or "value" not in entries:
            return {}
        node = entries["property"][1]
        made_of = PROPERTIES[spelled(node.text if isinstance(node, Scalar) else "")]
        nodes = self.names.may_be_nodes(subjects[0][0])
        node = entries["value"][1]
        if made_of.each and isinstance(node, Mapping_):
            return {"property": made_of.name, "values": self._values(node, made_of, subjects)}
        return {"property": made_of.name, "value": self.settings.value(node, made_of, nodes, ranged=False)}

    def _values(self, node: Mapping_, made_of: Property, subjects: Found) -> tuple[tuple[str, Setting], ...]:
        """What single hosts of a port rule's cluster are given."""
        found: list[tuple[str, Setting]] = []
        if not node.entries:
            self.read.refuse(
                node, "empty-mapping", f"{made_of.name} is given to nobody", "name a host, or give one value"
            )
        for name, (key, value) in node.entries.items():
            for rule, _ in subjects:
                nodes = self.names.may_be_nodes(rule.rpartition(":")[0])
                if nodes is not None and name not in nodes:
                    hint = self.read.near(name, nodes) or f"its nodes: {', '.join(nodes[: kinds.SHOWN])}"
                    self.read.refuse(key, "not-a-node", f"{quoted(name)} is no host of the cluster of {rule}", hint)
            given = self.settings.value(value, made_of, (), ranged=False)
            if given is not None:
                found.append((name, given))
        return tuple(found)

    def _only_disabled(self, given: dict[str, Any], entries: Entries) -> None:
        """A drain is a way of disabling a port rule, and a time limit one of draining."""
        disables = given.get("property") == "State" and "Enabled" not in (
            given.get("value"),
            *dict(given.get("values", ())).values(),
        )
        for option, needs, holds in (
            ("drain", "State: Disabled", disables),
            ("timeout", "drain: true", given.get("drain")),
        ):
            if option in entries and not holds:
                self.read.refuse(entries[option][0], "not-for-this", f"{option} of set goes with {needs} only")
