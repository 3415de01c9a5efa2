"""What is at hand while a scenario is read: the file, its names, the facts, and the parts that were read before."""

from __future__ import annotations

from dataclasses import dataclass, field

from studyapp.cluster.scenario import Storage, Vm
from studyapp.packs.facts import Facts
from studyapp.packs.names import Names
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries, Reader
from studyapp.packs.source import Scalar

COUNT_MAX = 1_000_000
"""The largest count that a setting may have."""


@dataclass(slots=True)
class Parts:
    """The context in which a part of a scenario is read."""

    read: Reader
    names: Names
    facts: Facts
    release: str
    storage: dict[str, Storage] = field(default_factory=dict)
    attached: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The storage of each host; a virtual machine reaches all."""
    vms: dict[str, Vm] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The release as people call it."""
        return self.facts.titles[self.release]

    def limit(self, key: str) -> int | None:
        """A number or switch of the release, when it has one."""
        value = self.facts.value(self.release, key)
        return value if isinstance(value, int) else None

    def named(self, key: Scalar, entries: Entries, entry: str, what: str, wanted: tuple[str, ...]) -> str | None:
        """The name that an entry gives, when it is that of a thing of the wanted kinds."""
        if entry not in entries:
            self.read.refuse(key, "missing-key", f"{what} needs {quoted(entry)}")
            return None
        node = entries[entry][1]
        name = self.read.word(node, f"{entry} of {what}")
        if name is None or not self.names.find(self.read, node, name, f"{entry} of {what}", wanted):
            return None
        return name

    def duration(self, entries: Entries, entry: str, low: int) -> int | None:
        """The milliseconds that an entry gives, or None when it is left out."""
        return self.read.duration(entries[entry][1], entry, low) if entry in entries else None

    def whole(self, entries: Entries, entry: str, high: int = COUNT_MAX) -> int | None:
        """The count that an entry gives, or None when it is left out."""
        return self.read.whole(entries[entry][1], entry, 0, high) if entry in entries else None
