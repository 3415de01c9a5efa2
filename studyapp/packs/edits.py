"""Reads `allow:`, the edits that a design may make: each entry one verb, as in a timeline, and what stands beside it.

Where an entry gives a list of values, each of them is an edit, and of those only one can be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from studyapp.cluster.edits import (
    AddNode,
    Attach,
    ChangeRule,
    Edit,
    GiveWitness,
    KeepSessions,
    Place,
    SetProperty,
)
from studyapp.cluster.kinds import Value
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import Scenario, Witness
from studyapp.packs import names as kinds
from studyapp.packs.balancing import AFFINITIES, FILTERS
from studyapp.packs.clusters import ClusterReader
from studyapp.packs.facts import load_facts
from studyapp.packs.names import Names, names_of
from studyapp.packs.parts import Parts
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.reading import Entries, Reader
from studyapp.packs.scenarios import filled
from studyapp.packs.services import STATES
from studyapp.packs.settings import OF, SettingReader
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence
from studyapp.questions.parts import Allowed
from studyapp.questions.question import StageError

if TYPE_CHECKING:
    from studyapp.packs.fields import Fields

VERBS = {
    "set": ("property", "value"),
    "place": ("on",),
    "witness": ("is",),
    "add-node": ("to",),
    "attach": ("to",),
    "rule": ("filter", "affinity"),
    "sessions": ("is",),
}
"""What stands beside each verb, apart from `cost`."""
MOST_EDITS = 40
MOST_COST = 1_000
_KEPT = 256

PlacedEdit = tuple[Allowed, tuple[int, int]]


class AllowedEdits:
    """The edits of a design question, for the names and values of each variant."""

    def __init__(self, entries: tuple[Node, ...], path: str) -> None:
        self._entries = entries
        self._path = path
        self._made: dict[tuple[object, ...], tuple[PlacedEdit, ...]] = {}

    @staticmethod
    def read(fields: Fields) -> AllowedEdits | None:
        """The edits under the key `allow`; what they say is read for each variant."""
        node = fields.get("allow", needed=True)
        if node is None:
            return None
        if not isinstance(node, Sequence) or not 1 <= len(node.items) <= MOST_EDITS:
            fields.say(node, "wrong-type", f"allow is a list of 1 to {MOST_EDITS} edits")
            return None
        return AllowedEdits(node.items, fields.path)

    def __call__(self, values: Mapping[str, Value], scenario: Scenario) -> tuple[Allowed, ...]:
        """The edits. Raises StageError."""
        return tuple(allowed for allowed, _ in self._for(values, scenario))

    def places(self, values: Mapping[str, Value], scenario: Scenario) -> tuple[tuple[int, int], ...]:
        """Where each edit is written. Raises StageError."""
        return tuple(place for _, place in self._for(values, scenario))

    def _for(self, values: Mapping[str, Value], scenario: Scenario) -> tuple[PlacedEdit, ...]:
        key = (*((name, type(value), value) for name, value in values.items()), scenario)
        if key not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[key] = self._read(values, scenario)
        return self._made[key]

    def _read(self, values: Mapping[str, Value], scenario: Scenario) -> tuple[PlacedEdit, ...]:
        problems: list[Problem] = []
        reader = _EditReader(Reader(self._path, problems), scenario)
        found: list[PlacedEdit] = []
        for entry in self._entries:
            found.extend(reader.entry(filled(entry, values, self._path, problems)))
        if len(found) > MOST_EDITS and not problems:
            at = self._entries[0]
            message = f"at most {MOST_EDITS} edits are allowed; with all their values these are {len(found)}"
            problems.append(Problem(self._path, at.line, at.column, "too-big", message))
        if problems:
            raise StageError(tuple(problems))
        return tuple(found)


class _EditReader:
    """Reads the entries for one scenario."""

    def __init__(self, read: Reader, scenario: Scenario) -> None:
        self.read = read
        self.scenario = scenario
        self.names: Names = names_of(scenario)
        self.settings = SettingReader(read, self.names)
        self.clusters = ClusterReader(Parts(read, self.names, load_facts(), scenario.release))
        self.readers: dict[str, Callable[[Entries], Iterator[tuple[Edit, Node]]]] = {
            "set": self._set,
            "place": self._place,
            "witness": self._witness,
            "add-node": self._add_node,
            "attach": self._attach,
            "rule": self._rule,
            "sessions": self._sessions,
        }

    def entry(self, node: Node) -> Iterator[PlacedEdit]:
        """The edits of one entry, each with its place."""
        if not isinstance(node, Mapping_):
            self.read.wrong_type(node, "an edit", "a mapping such as {set: NAME, property: …, value: …}")
            return
        verbs = [name for name in node.entries if name in VERBS]
        if len(verbs) != 1:
            hint = f"one of: {', '.join(VERBS)}"
            self.read.refuse(node, "bad-edit", "an edit has one verb", hint)
            return
        [verb] = verbs
        entries = self.read.mapping(node, f"the edit {quoted(verb)}", (verb, *VERBS[verb], "cost"))
        missing = [name for name in VERBS[verb] if name not in entries]
        if len(entries) < len(node.entries):
            return
        if missing and verb != "rule":
            key = node.entries[verb][0]
            self.read.refuse(key, "missing-option", f"{verb} needs {quoted(missing[0])}", f"add {missing[0]}: …")
            return
        cost = self.read.whole(entries["cost"][1], "cost", 0, MOST_COST) if "cost" in entries else 1
        for edit, at in self.readers[verb](entries):
            yield Allowed(edit, 1 if cost is None else cost), (at.line, at.column)

    def _named(self, entries: Entries, name: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
        """The names that an entry gives, of things of these kinds."""
        for word, at in self.read.words(entries[name][1], name):
            if self.names.find(self.read, at, word, name, wanted):
                yield word, at

    def _set(self, entries: Entries) -> Iterator[tuple[Edit, Node]]:
        node = entries["property"][1]
        name = self.read.word(node, "property")
        made_of = PROPERTIES.get(name or "")
        if name is None or made_of is None or made_of.fixed:
            if name is not None:
                hint = self.read.near(name, PROPERTIES)
                self.read.refuse(node, "unknown-property", f"no property {quoted(name)} can be set", hint)
            return
        value_node = entries["value"][1]
        one_list = made_of.kind == "names" or not isinstance(value_node, Sequence)
        for thing, _ in self._named(entries, "set", OF[made_of.of]):
            for item in (value_node,) if one_list or not isinstance(value_node, Sequence) else value_node.items:
                value = self.settings.value(item, made_of, self.names.may_be_nodes(thing))
                if value is not None:
                    yield SetProperty(thing, name, value), item

    def _place(self, entries: Entries) -> Iterator[tuple[Edit, Node]]:
        for thing, _ in self._named(entries, "place", (kinds.VM, kinds.ROLE)):
            for on, at in self._named(entries, "on", kinds.MACHINE):
                yield Place(thing, on), at

    def _witness(self, entries: Entries) -> Iterator[tuple[Edit, Node]]:
        node = entries["is"][1]
        for cluster, _ in self._named(entries, "witness", (kinds.FAILOVER,)):
            for item in node.items if isinstance(node, Sequence) else (node,):
                if isinstance(item, Scalar) and item.value == "none":
                    yield GiveWitness(cluster, None), item
                    continue
                witness = self.clusters.witness(item)
                if witness is not None and self._may_witness(witness, item):
                    yield GiveWitness(cluster, witness), item

    def _may_witness(self, witness: Witness, node: Node) -> bool:
        """A share is on a machine or, as a cloud, a thing of its own."""
        own = self.names.kinds.get(witness.name, [])
        if witness.kind == "disk" or not own or kinds.WITNESS[witness.kind] in own:
            return True
        if witness.kind == "share" and set(own) & set(kinds.MACHINE):
            return True
        self.read.refuse(node, "duplicate-name", f"{quoted(witness.name)} is already {kinds.a(own[0])}")
        return False

    def _add_node(self, entries: Entries) -> Iterator[tuple[Edit, Node]]:
        for machine, at in self._named(entries, "add-node", kinds.MACHINE):
            for cluster, _ in self._named(entries, "to", kinds.CLUSTER):
                yield AddNode(machine, cluster), at

    def _attach(self, entries: Entries) -> Iterator[tuple[Edit, Node]]:
        for machine, at in self._named(entries, "attach", kinds.MACHINE):
            wanted = (kinds.NETWORK,) if machine in self.scenario.vm else (kinds.NETWORK, kinds.STORAGE)
            for to, _ in self._named(entries, "to", wanted):
                yield Attach(machine, to), at

    def _rule(self, entries: Entries) -> Iterator[tuple[Edit, Node]]:
        node = entries["rule"][1]
        name = self.read.word(node, "rule")
        cluster, _, first = (name or "").partition(":")
        farm = self.scenario.nlb.get(cluster)
        rule = next((r for r in farm.rules if str(r.first) == first), None) if farm is not None else None
        if rule is None:
            known = [f"{c.name}:{r.first}" for c in self.scenario.nlb.values() for r in c.rules]
            if name is not None:
                hint = self.read.near(name, known) or f"known: {', '.join(known) or 'none'}"
                self.read.refuse(node, "unknown-name", f"there is no port rule called {quoted(name)}", hint)
            return
        if "filter" not in entries and "affinity" not in entries:
            self.read.refuse(node, "missing-option", "rule needs filter or affinity")
        for key, known_words in (("filter", FILTERS), ("affinity", AFFINITIES)):
            if key in entries:
                for word, at in self.read.words(entries[key][1], key):
                    if self.read.choice(Scalar(word, at.line, at.column, word), key, known_words):
                        yield ChangeRule(cluster, rule.first, key, word), at

    def _sessions(self, entries: Entries) -> Iterator[tuple[Edit, Node]]:
        for service, _ in self._named(entries, "sessions", (kinds.SERVICE,)):
            for word, at in self.read.words(entries["is"][1], "is"):
                if self.read.choice(Scalar(word, at.line, at.column, word), "is", STATES):
                    yield KeepSessions(service, word), at
