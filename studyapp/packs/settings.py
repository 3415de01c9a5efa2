"""Settings that the product has a name for: by their short keys, by that name under `properties:`, and in `set`.

All of them are kept under the product's name and in the model's units, whichever way they are written.
"""

from __future__ import annotations

from studyapp.cluster.properties import PROPERTIES, Property, spelled
from studyapp.cluster.scenario import Properties, Setting
from studyapp.packs import names as kinds
from studyapp.packs.names import Names, a
from studyapp.packs.parts import COUNT_MAX
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries, Reader
from studyapp.packs.source import Node, Scalar

OF = {
    "cluster": (kinds.FAILOVER,),
    "nlb": (kinds.NLB,),
    "role": (kinds.ROLE,),
    "node": kinds.MACHINE,
    "balanced": kinds.MACHINE,
    "vm": (kinds.VM,),
    "rule": (kinds.RULE,),
}
"""The kinds of thing that each property may belong to."""
INSTEAD = {"DynamicWeight": "dynamic_weights", "WitnessDynamicWeight": "dynamic_weights", "Id": "nodes"}
"""The key that says what a property is at the start, for those that can only be read."""


class SettingReader:
    """Reads values of settings. `nodes` are those of the cluster that the setting is of (None: not all known)."""

    def __init__(self, read: Reader, names: Names) -> None:
        self.read = read
        self.names = names

    def known(self, key: Scalar, name: str, of: tuple[str, ...], what: str) -> Property | None:
        """The property of this name, when it is one of things such as `what`; else that is reported."""
        made_of = PROPERTIES.get(spelled(name))
        own = [each.name for each in PROPERTIES.values() if each.of in of]
        if made_of is None:
            near = self.read.near(name, own) or self.read.near(name, PROPERTIES)
            hint = near or (f"it has {', '.join(own)}" if own else None)
            self.read.refuse(key, "unknown-property", f"there is no property {quoted(name)}", hint)
            return None
        if made_of.of not in of:
            owner = " or ".join(OF[made_of.of])
            self.read.refuse(key, "wrong-property", f"{name} is a property of {a(owner)}, and not of {what}")
            return None
        return made_of

    def value(
        self, node: Node, made_of: Property, nodes: tuple[str, ...] | None, *, ranged: bool = True, key: str = ""
    ) -> Setting | None:
        """A value in the product's unit, as the model keeps it. With `ranged` it must be one that the setting can have
        at all; what a release allows is not looked at here. `key` is the short key that it stands at.
        """
        name = key or made_of.name
        match made_of.kind:
            case "node":
                return self._node(node, name, nodes, at_start=ranged)
            case "site":
                word = self.read.word(node, name)
                found = word is not None and self.names.find(self.read, node, word, name, (kinds.SITE,))
                return word if found else None
            case "word":
                said = made_of.spellings.get(node.text.lower()) if isinstance(node, Scalar) else None
                return said or self.read.choice(node, name, made_of.words)
            case "names":
                return tuple(word for word, _ in self.read.words(node, name))
        if isinstance(node, Scalar) and isinstance(node.value, bool) and made_of.high == 1:
            return int(node.value)
        whole = COUNT_MAX if made_of.high is None else made_of.high
        low, high = ((made_of.low or 0), whole) if ranged else (-COUNT_MAX, COUNT_MAX)
        number = self.read.whole(node, name, low, high)
        return number * made_of.unit if number is not None else None

    def _node(self, node: Node, name: str, nodes: tuple[str, ...] | None, *, at_start: bool) -> str | int | None:
        """A node by its name or id; empty for 0 and `none`. Whose id it is later is not known before the run."""
        word = self.read.word(node, name)
        if word is None or word in ("0", "none"):
            return None if word is None else ""
        number = node.value if isinstance(node, Scalar) else None
        if nodes is None or word in nodes:
            return word
        if isinstance(number, int) and 1 <= number <= len(nodes):
            return nodes[number - 1] if at_start else number
        hint = self.read.near(word, nodes) or f"its nodes: {', '.join(nodes[: kinds.SHOWN])}"
        self.read.refuse(node, "not-a-node", f"{name}: {quoted(word)} is no node of this cluster", hint)
        return None


class Settings:
    """The settings of one thing while they are read; a setting that is written twice must be the same."""

    def __init__(self, reader: SettingReader, of: tuple[str, ...], what: str) -> None:
        self.reader = reader
        self.read = reader.read
        self.of = of
        self.what = what
        self.found: dict[str, tuple[Setting, Node]] = {}

    def put(self, name: str, node: Node, value: Setting | None) -> None:
        """Note the value of a property; None is what was refused."""
        if value is None:
            return
        before, first = self.found.setdefault(name, (value, node))
        if before != value:
            message = f"{name} of {self.what} has another value on line {first.line}"
            self.read.refuse(node, "two-values", message, "say it once, by its short key or by the product's name")

    def by_name(self, entries: Entries, nodes: tuple[str, ...] | None = ()) -> None:
        """Read what stands under `properties:`."""
        if "properties" not in entries:
            return
        for name, (key, node) in self.read.open_mapping(entries["properties"][1], f"properties of {self.what}").items():
            made_of = self.reader.known(key, name, self.of, self.what)
            if made_of is None:
                continue
            if made_of.fixed:
                hint = f"what it is at the start is said by {INSTEAD[made_of.name]}"
                self.read.refuse(key, "read-only", f"{name} is what the cluster computes", hint)
            else:
                self.put(made_of.name, node, self.reader.value(node, made_of, nodes))

    def count(self, entries: Entries, entry: str, name: str) -> None:
        """Read a number by its short key."""
        if entry in entries:
            node = entries[entry][1]
            self.put(name, node, self.reader.value(node, PROPERTIES[name], (), key=entry))

    def duration(self, entries: Entries, entry: str, name: str) -> None:
        """Read a duration by its short key."""
        if entry not in entries:
            return
        node, made_of = entries[entry][1], PROPERTIES[name]
        ms = self.read.duration(node, entry, (made_of.low or 0) * made_of.unit)
        high = made_of.high * made_of.unit if made_of.high is not None else None
        if ms is not None and high is not None and ms > high:
            self.read.refuse(node, "out-of-range", f"{entry} must be at most {high:,} ms, not {ms:,} ms")
        self.put(name, node, ms)

    def done(self) -> Properties:
        """What was read, in the order of the product's names."""
        return tuple((name, self.found[name][0]) for name in PROPERTIES if name in self.found)
