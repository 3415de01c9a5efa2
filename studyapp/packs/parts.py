"""What is at hand while a scenario is read: the file, its names, the facts, and the parts that were read before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from studyapp.cluster.scenario import RELEASES, Host, Storage, Vm
from studyapp.packs.facts import Facts
from studyapp.packs.names import Names
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries, Reader
from studyapp.packs.source import Node, Scalar

COUNT_MAX = 4_294_967_295
"""The largest count that a setting may have: what fits where Windows keeps it."""


@dataclass(slots=True)
class Parts:
    """The context in which a part of a scenario is read."""

    read: Reader
    names: Names
    facts: Facts
    release: str
    storage: dict[str, Storage] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    vms: dict[str, Vm] = field(default_factory=dict)
    attached: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The storage of each host that says so itself; a virtual machine reaches all."""
    of_nodes_own: dict[tuple[str, str], tuple[int, Node]] = field(default_factory=dict)
    """Settings that are kept with the cluster of a machine, and stand among the machine's own: by their names and that
    of the machine, each with its place.
    """
    taken: set[tuple[str, str]] = field(default_factory=set)
    """Those of them that a cluster has taken."""

    def release_of(self, machine: str) -> str:
        """The release on a machine."""
        made_of = self.hosts.get(machine) or self.vms.get(machine)
        return (made_of.release if made_of is not None else None) or self.release

    def oldest(self, machines: Iterable[str]) -> str:
        """The oldest release on these machines."""
        return min((self.release_of(name) for name in machines), key=RELEASES.index, default=self.release)

    def root(self, storage: str) -> str:
        """The storage that a host must be attached to in order to reach this one: itself, or what it lies within."""
        for _ in self.storage:
            within = self.storage[storage].within if storage in self.storage else None
            if within is None:
                break
            storage = within
        return storage

    def named(self, key: Scalar, entries: Entries, entry: str, what: str, wanted: tuple[str, ...]) -> str | None:
        """The name that an entry gives, when it is that of a thing of the wanted kinds; an error without the entry."""
        if entry not in entries:
            self.read.refuse(key, "missing-key", f"{what} needs {quoted(entry)}")
            return None
        return self.maybe(entries, entry, what, wanted)

    def maybe(self, entries: Entries, entry: str, what: str, wanted: tuple[str, ...]) -> str | None:
        """The name that an entry gives, when it is there and that of a thing of the wanted kinds."""
        if entry not in entries:
            return None
        node = entries[entry][1]
        name = self.read.word(node, f"{entry} of {what}")
        if name is None or not self.names.find(self.read, node, name, f"{entry} of {what}", wanted):
            return None
        return name

    def things(self, entries: Entries, entry: str, what: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """The names that an entry lists, of things of the wanted kinds; none where it is left out."""
        if entry not in entries:
            return ()
        found = self.read.words(entries[entry][1], f"{entry} of {what}")
        return tuple(
            name for name, node in found if self.names.find(self.read, node, name, f"{entry} of {what}", wanted)
        )

    def take(self, name: str, entry: str, nodes: tuple[str, ...], found: dict[str, int]) -> None:
        """Add a setting that the nodes of a cluster say themselves to what the cluster's key says of them."""
        for machine in nodes:
            if (name, machine) not in self.of_nodes_own:
                continue
            self.taken.add((name, machine))
            value, place = self.of_nodes_own[name, machine]
            if found.setdefault(machine, value) != value:
                message = f"{name} of {machine} has another value in the {entry} of its cluster"
                self.read.refuse(place, "two-values", message, "say it once")

    def flag(self, entries: Entries, entry: str, *, otherwise: bool) -> bool:
        """The truth value that an entry gives."""
        value = self.read.flag(entries[entry][1], entry) if entry in entries else None
        return otherwise if value is None else value

    def whole(self, entries: Entries, entry: str, low: int, high: int) -> int | None:
        """The count that an entry gives, or None when it is left out."""
        return self.read.whole(entries[entry][1], entry, low, high) if entry in entries else None

    def word(self, entries: Entries, entry: str, what: str) -> str | None:
        """The word that an entry gives, or None when it is left out."""
        return self.read.word(entries[entry][1], f"{entry} of {what}") if entry in entries else None

    def choice(self, entries: Entries, entry: str, what: str, known: Iterable[str]) -> str | None:
        """The one of some words that an entry gives, or None when it is left out."""
        return self.read.choice(entries[entry][1], what, known) if entry in entries else None

    def by_node(self, node: Node, what: str, nodes: tuple[str, ...] | None, low: int, high: int) -> dict[str, int]:
        """A number for each of some nodes; `nodes` is None where those are not all known."""
        numbers = {}
        for name, value in self.of_nodes(node, what, nodes):
            number = self.read.whole(value, f"{what} ({name})", low, high)
            if number is not None:
                numbers[name] = number
        return numbers

    def of_nodes(self, node: Node, what: str, nodes: tuple[str, ...] | None) -> list[tuple[str, Node]]:
        """The entries of a mapping from a cluster's nodes."""
        found = []
        for name, (key, value) in self.read.open_mapping(node, what).items():
            if nodes is None or name in nodes:
                found.append((name, value))
            else:
                hint = self.read.near(name, nodes)
                self.read.refuse(key, "unknown-name", f"{what}: {quoted(name)} is no node of this cluster", hint)
        return found
