"""The services of a scenario: what clients ask for."""

from __future__ import annotations

from studyapp.cluster.scenario import Service
from studyapp.packs import names as kinds
from studyapp.packs.parts import Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries
from studyapp.packs.settings import SettingReader, Settings
from studyapp.packs.source import Mapping_, Node, Scalar

TARGETS = {"nlb": (kinds.NLB,), "role": (kinds.ROLE,), "runs_on": kinds.MACHINE}
"""What a service may stand on."""
STATES = ("none", "in-memory", "shared")
RECOVERIES = ("restart", "none", "restart-computer")
SERVICE_KEYS = (*TARGETS, "port", "state", "recovery", "properties")
MAX_RECOVERIES = 20


class ServiceReader:
    """Reads services."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.names = parts.names
        self.settings = SettingReader(parts.read, parts.names)
        self.stands_on: dict[str, tuple[str, str]] = {}
        """What each service stands on, with the key that says so."""

    def service(self, key: Scalar, node: Node) -> Service | None:
        """What clients ask for: balanced, a role, or on one machine."""
        what = f"service {quoted(key.text)}"
        entries = self.read.mapping(node, what, SERVICE_KEYS)
        named = [entry for entry in TARGETS if entry in entries]
        if len(named) != 1:
            if isinstance(node, Mapping_):
                code = "one-of" if named else "missing-key"
                self.read.refuse(key, code, f"{what} needs one of nlb, role and runs_on")
            return None
        [kind] = named
        Settings(self.settings, (), what).by_name(entries)
        target = self.parts.named(key, entries, kind, what, TARGETS[kind])
        port = self.parts.whole(entries, "port", 1, 65535)
        state = self.parts.choice(entries, "state", f"the state of {what}", STATES)
        recovery = self._recovery(entries, what)
        if target is None:
            return None
        if kind == "nlb":
            self.names.balanced[key.text] = target
        self.stands_on[key.text] = kind, target
        return Service(key.text, kind, target, port, state or "none", recovery)

    def _recovery(self, entries: Entries, what: str) -> tuple[str, ...]:
        """What the service's own manager does at the first failure, the second and so on."""
        if "recovery" not in entries:
            return ()
        node, what = entries["recovery"][1], f"the recovery of {what}"
        items = self.read.items(node, what, MAX_RECOVERIES)
        if not items:
            self.read.refuse(node, "empty-list", f"{what}: the list is empty")
        found = (self.read.choice(item, what, RECOVERIES) for item in items)
        return tuple(word for word in found if word is not None)

    def check_monitored(self, monitored: list[tuple[str, str, Scalar]]) -> None:
        """Services that a host cluster monitors run inside its virtual machines."""
        for name, vm, node in monitored:
            if self.stands_on.setdefault(name, ("runs_on", vm)) != ("runs_on", vm):
                self.read.refuse(node, "not-inside", f"{name} does not run on {vm}", f"say runs_on: {vm} of {name}")
