"""The timeline of a scenario: each entry one verb, its subjects and its options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studyapp.cluster.scenario import VERBS, Act, Scenario, Step
from studyapp.packs import names as kinds
from studyapp.packs import unmodelled as later
from studyapp.packs.names import Names, names_of
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.reading import Entries, Reader, place
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

MAX_ENTRIES = 10_000
MAX_NAMES = 50_000
"""Names in all entries together; machines times networks where entries cut machines off."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb takes: things of these kinds, and options beside it; `at` stands beside every verb."""

    kinds: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


TAKES = {
    "crash": Verb(kinds.MACHINE),
    "hang": Verb(kinds.MACHINE),
    "start": Verb(kinds.MACHINE),
    "isolate": Verb(kinds.MACHINE, ("from",)),
    "rejoin": Verb(kinds.MACHINE, ("from",)),
    "partition": Verb((kinds.HOST, kinds.VM, kinds.SHARE, kinds.STORAGE)),
    "heal": Verb(),
    "fail": Verb((kinds.SERVICE, kinds.ROLE), ("lasting", "node")),
    "repair": Verb((kinds.SERVICE, kinds.ROLE)),
    "lose": Verb((kinds.NETWORK, kinds.STORAGE, kinds.SHARE)),
    "restore": Verb((kinds.NETWORK, kinds.STORAGE, kinds.SHARE)),
}
_OPTIONS = {option for verb in TAKES.values() for option in verb.options}


def timeline_from(node: Node, scenario: Scenario, problems: list[Problem], path: str) -> tuple[Step, ...]:
    """The steps of a timeline for a checked scenario; what is wrong is added to `problems`."""
    read = Reader(path, problems)
    return steps_from([(read, entry) for entry in entries_of(read, node)], names_of(scenario))


def entries_of(read: Reader, node: Node) -> tuple[Node, ...]:
    """The entries of a timeline, at most `MAX_ENTRIES`."""
    if isinstance(node, Scalar) and node.value is None:
        return ()
    if not isinstance(node, Sequence):
        hint = "begin the entry with a dash" if isinstance(node, Mapping_) else None
        read.wrong_type(node, "a timeline", "a list of entries", hint)
        return ()
    if len(node.items) > MAX_ENTRIES:
        read.refuse(node.items[MAX_ENTRIES], "too-big", f"a timeline has at most {MAX_ENTRIES:,} entries")
    return node.items[:MAX_ENTRIES]


def steps_from(entries: Iterable[tuple[Reader, Node]], names: Names) -> tuple[Step, ...]:
    """Steps from entries, each with the reader of its file. Neighbours with the same `at` happen at once."""
    steps: list[Step] = []
    latest: int | None = None
    named = 0
    for read, node in entries:
        at_ms, act = _TimelineReader(read, names).entry(node)
        if at_ms is not None and isinstance(node, Mapping_):
            if latest is not None and at_ms < latest:
                message = f"at must not decrease: {at_ms} ms comes after {latest} ms"
                read.refuse(node.entries["at"][1], "at-decreases", message)
            latest = max(at_ms, latest or 0)
        if act is None:
            continue
        named += len(act.subjects) * max(1, len(act.networks)) + sum(len(side) for side in act.sides)
        if named > MAX_NAMES:
            read.refuse(node, "too-big", f"the timeline names more than {MAX_NAMES:,} things")
            break
        if at_ms is not None and steps and steps[-1].at_ms == at_ms:
            steps[-1] = Step((*steps[-1].acts, act), at_ms)
        else:
            steps.append(Step((act,), at_ms))
    return tuple(steps)


class _TimelineReader:
    """Reads one entry."""

    def __init__(self, read: Reader, names: Names) -> None:
        self.read = read
        self.names = names

    def entry(self, node: Node) -> tuple[int | None, Act | None]:
        """When the entry happens, and what; None for what was refused or is not said."""
        if not isinstance(node, Mapping_):
            hint = None
            if isinstance(node, Scalar) and node.text in VERBS:
                hint = f"say what it takes: {node.text}: NAME"
            self.read.wrong_type(node, "an entry of a timeline", "a mapping with one verb", hint)
            return None, None
        entries = node.entries
        at_ms = self.read.duration(entries["at"][1], "at") if "at" in entries else None
        verbs = [name for name in entries if name in VERBS]
        if len(verbs) > 1:
            first, second = verbs[:2]
            message = f"an entry has one verb; this one has {first} and {second}"
            self.read.refuse(entries[second][0], "two-verbs", message, "make it two entries with the same at")
            return at_ms, None
        if not verbs:
            self._no_verb(node)
            return at_ms, None
        [verb] = verbs
        takes = TAKES[verb]
        for name, (key, _) in entries.items():
            if name not in (verb, "at", *takes.options):
                self._strange_option(verb, key)
        return at_ms, self._act(verb, takes, entries)

    def _no_verb(self, node: Mapping_) -> None:
        modelled_later = [key for name, (key, _) in node.entries.items() if name in later.VERBS]
        if modelled_later:
            self.read.not_modelled(modelled_later[0], f"the verb {quoted(modelled_later[0].text)} is")
            return
        strange = [key for name, (key, _) in node.entries.items() if name != "at" and name not in _OPTIONS]
        if strange:
            hint = self.read.near(strange[0].text, (*VERBS, *later.VERBS)) or f"verbs: {', '.join(VERBS)}"
            self.read.refuse(strange[0], "unknown-verb", f"there is no verb {quoted(strange[0].text)}", hint)
        else:
            self.read.refuse(node, "missing-verb", "an entry needs a verb", f"verbs: {', '.join(VERBS)}")

    def _strange_option(self, verb: str, key: Scalar) -> None:
        if key.text in later.VERBS or key.text in later.OPTIONS.get(verb, ()):
            self.read.not_modelled(key, f"{quoted(key.text)} of {verb} is")
            return
        options = ("at", *TAKES[verb].options)
        hint = self.read.near(key.text, options) or f"known here: {', '.join(options)}"
        self.read.refuse(key, "unknown-option", f"{verb} has no option {quoted(key.text)}", hint)

    def _act(self, verb: str, takes: Verb, entries: Entries) -> Act | None:
        node = entries[verb][1]
        if verb == "heal":
            whole = self.read.choice(node, "what heals", ("all",))
            return Act(verb, ("all",)) if whole else None
        if verb == "partition":
            sides = self._sides(node, takes)
            return Act(verb, sides=sides) if sides else None
        found = self.read.words(node, verb)
        subjects = [
            (name, at) for name, at in found if self.names.find(self.read, at, name, f"what {verb} takes", takes.kinds)
        ]
        networks = self._networks(verb, entries, subjects) if "from" in entries else ()
        machine = self._machine(verb, entries, subjects)
        lasting = self.read.flag(entries["lasting"][1], "lasting") if "lasting" in entries else False
        if not subjects:
            return None
        return Act(verb, tuple(name for name, _ in subjects), networks=networks, node=machine, lasting=bool(lasting))

    def _sides(self, node: Node, takes: Verb) -> tuple[tuple[str, ...], ...]:
        if not isinstance(node, Sequence):
            self.read.wrong_type(node, "a partition", "a list of sides, such as [[a, b], [c]]")
            return ()
        sides: list[tuple[str, ...]] = []
        named: set[str] = set()
        for side in node.items:
            if not isinstance(side, Sequence):
                self.read.wrong_type(side, "a side of a partition", "a list, such as [[a, b], [c]]")
                continue
            members = self.read.words(side, "a side of a partition")
            for name, at in members:
                if self.names.find(self.read, at, name, "a side of a partition", takes.kinds) and name in named:
                    self.read.refuse(at, "named-twice", f"{quoted(name)} is on two sides")
                named.add(name)
            sides.append(tuple(name for name, _ in members))
        self._together(node)
        if len(node.items) < 2:
            self.read.refuse(node, "one-side", "a partition has at least two sides, such as [[a, b], [c]]")
        return tuple(sides)

    def _together(self, node: Sequence) -> None:
        """A virtual machine is on its host's side: no network that could split lies between them."""
        side_of: dict[str, tuple[int, str]] = {}
        named = [
            (number, member.text, member)
            for number, side in enumerate(node.items)
            for member in (side.items if isinstance(side, Sequence) else ())
            if isinstance(member, Scalar)
        ]
        for number, name, member in sorted(named, key=lambda found: found[1] in self.names.stays_on):
            host = self.names.stays_on.get(name, name)
            other, first = side_of.setdefault(host, (number, name))
            if other != number and first != name:
                message = f"{name} is on {host}, and {first} is on another side"
                if first == host:
                    message = f"{name} goes with its host {host}, which is on another side"
                self.read.refuse(member, "torn-apart", message)

    def _networks(self, verb: str, entries: Entries, subjects: list[tuple[str, Scalar]]) -> tuple[str, ...]:
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

    def _machine(self, verb: str, entries: Entries, subjects: list[tuple[str, Scalar]]) -> str | None:
        """The machine that `node:` names: needed for a balanced service that fails, and only then."""
        if verb != "fail":
            return None
        balanced = [(name, at) for name, at in subjects if name in self.names.balanced]
        if "node" not in entries:
            for name, at in balanced:
                message = f"{name} runs on every host of {self.names.balanced[name]}"
                self.read.refuse(at, "missing-node", f"{message}: say on which one it fails", "add node: NAME")
            return None
        key, node = entries["node"]
        machine = self.read.word(node, "node of fail")
        for name, _ in subjects:
            if name not in self.names.balanced:
                self.read.not_modelled(key, f"a failure of {name} on a node that is named is")
        if machine is None or not self.names.find(self.read, place(node), machine, "node of fail", kinds.MACHINE):
            return None
        for name, _ in balanced:
            cluster = self.names.balanced[name]
            nodes = self.names.nodes.get(cluster)
            if nodes is not None and machine not in nodes:
                hint = self.read.near(machine, nodes) or f"its nodes: {', '.join(nodes)}"
                self.read.refuse(node, "not-a-node", f"{machine} is no node of {cluster}", hint)
        return machine
