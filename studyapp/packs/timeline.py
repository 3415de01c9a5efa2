"""The timeline of a scenario: each entry one verb, its subjects and its options."""

from __future__ import annotations

from collections.abc import Iterable

from studyapp.cluster.scenario import VERBS, Act, Scenario, Step
from studyapp.packs.acts import OPTIONS, TAKES, ActReader
from studyapp.packs.names import Names, names_of
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.reading import Entries, Reader
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

MAX_ENTRIES = 10_000
MAX_NAMES = 50_000
"""Names in all entries together; machines times networks where entries cut machines off."""


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
    steps: list[tuple[int | None, list[Act]]] = []
    latest: int | None = None
    named = 0
    entries = tuple(entries)
    names.joining = joining_in(node for _, node in entries)
    readers: dict[str, _TimelineReader] = {}
    for read, node in entries:
        if read.path not in readers:
            readers[read.path] = _TimelineReader(read, names)
        at_ms, act = readers[read.path].entry(node)
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
        if at_ms is not None and steps and steps[-1][0] == at_ms:
            steps[-1][1].append(act)
        else:
            steps.append((at_ms, [act]))
    return tuple(Step(tuple(acts), at_ms) for at_ms, acts in steps)


def joining_in(entries: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    """The machines that entries add to each cluster, whether or not these entries are right."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if not isinstance(entry, Mapping_) or not {"join", "to"} <= entry.entries.keys():
            continue
        machine, cluster = entry.entries["join"][1], entry.entries["to"][1]
        machines = machine.items if isinstance(machine, Sequence) else (machine,)
        if isinstance(cluster, Scalar):
            joining = tuple(each.text for each in machines if isinstance(each, Scalar))
            found[cluster.text] = (*found.get(cluster.text, ()), *joining)
    return found


class _TimelineReader:
    """Reads one entry."""

    def __init__(self, read: Reader, names: Names) -> None:
        self.read = read
        self.names = names
        self.acts = ActReader(read, names)

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
        return at_ms, self._act(verb, entries)

    def _no_verb(self, node: Mapping_) -> None:
        strange = [key for name, (key, _) in node.entries.items() if name != "at" and name not in OPTIONS]
        if strange:
            hint = self.read.near(strange[0].text, VERBS) or f"verbs: {', '.join(VERBS)}"
            self.read.refuse(strange[0], "unknown-verb", f"there is no verb {quoted(strange[0].text)}", hint)
        else:
            self.read.refuse(node, "missing-verb", "an entry needs a verb", f"verbs: {', '.join(VERBS)}")

    def _strange_option(self, verb: str, key: Scalar) -> None:
        options = ("at", *TAKES[verb].options)
        hint = self.read.near(key.text, options) or f"known here: {', '.join(options)}"
        self.read.refuse(key, "unknown-option", f"{verb} has no option {quoted(key.text)}", hint)

    def _act(self, verb: str, entries: Entries) -> Act | None:
        node = entries[verb][1]
        if verb == "heal":
            whole = self.read.choice(node, "what heals", ("all",))
            return Act(verb, ("all",)) if whole else None
        if verb == "partition":
            sides = self._sides(node)
            return Act(verb, sides=sides) if sides else None
        return self.acts.act(verb, entries)

    def _sides(self, node: Node) -> tuple[tuple[str, ...], ...]:
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
                known = self.names.find(self.read, at, name, "a side of a partition", TAKES["partition"].kinds)
                if known and name in named:
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
