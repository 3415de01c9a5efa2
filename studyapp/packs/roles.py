"""The roles of a scenario: what failover clusters keep running."""

from __future__ import annotations

from dataclasses import replace

from studyapp.cluster.scenario import Role, Service
from studyapp.packs import names as kinds
from studyapp.packs.parts import Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries
from studyapp.packs.settings import SettingReader, Settings
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

ROLE_KEYS = (
    "cluster",
    "owner",
    "preferred",
    "possible",
    "storage",
    "vm",
    "heartbeat_monitoring",
    "monitored_services",
    "starts_in",
    "restart",
    "failover_threshold",
    "failover_period",
    "failback",
    "anti_affinity",
    "priority",
    "properties",
)
RESTART_COUNTS = {"action": "RestartAction", "threshold": "RestartThreshold"}
RESTART_TIMES = {
    "period": "RestartPeriod",
    "delay": "RestartDelay",
    "retry_period": "RetryPeriodOnFailure",
    "pending_timeout": "PendingTimeout",
}
FAILBACK_KEYS = ("allowed", "window")
NO_START = ("none", "no-auto-start")
PRIORITIES = ("high", "medium", "low", *NO_START)
OF_A_VM = ("heartbeat_monitoring", "monitored_services")
"""Keys of a role that is a virtual machine."""


class RoleReader:
    """Reads what runs on the failover clusters of a scenario."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.names = parts.names
        self.settings = SettingReader(parts.read, parts.names)
        self.made_available: dict[str, str] = {}
        """Each highly available virtual machine with its role."""
        self.monitored: list[tuple[str, str, Scalar]] = []
        """Each monitored service with the virtual machine that it should be in, and where it is named."""
        self.inside: list[Service] = []
        """Monitored services that stand in no section."""
        self.disk_in: dict[str, str] = {}
        """Each local storage that no host names, with the host that it is in: that of the role which lies on it."""

    def role(self, key: Scalar, node: Node) -> Role | None:
        """A role of a failover cluster; with `vm` a highly available virtual machine."""
        what = f"role {quoted(key.text)}"
        entries = self.read.mapping(node, what, ROLE_KEYS)
        if not entries:
            if isinstance(node, Mapping_) and not node.entries:
                self.read.refuse(key, "missing-key", f'{what} needs "cluster"')
            return None
        cluster = self.parts.named(key, entries, "cluster", what, (kinds.FAILOVER,))
        vm = self.parts.maybe(entries, "vm", what, (kinds.VM,))
        nodes = self.names.nodes.get(cluster or "")
        known = self.names.may_be_nodes(cluster or "")
        preferred = self._owners(entries, "preferred", what, known)
        possible = self._owners(entries, "possible", what, known)
        if vm is not None:
            self._guest(entries, key.text, vm, nodes or ())
        owner = self._owner(key, entries, vm, nodes, possible)
        storage = self._storage(entries, what)
        if storage is not None and owner is not None:
            self._reaches(entries["storage"][1], what, owner, storage)
        for entry in OF_A_VM:
            if entry in entries and "vm" not in entries:
                message = f"{what} is no virtual machine: {entry} is about one"
                self.read.refuse(entries[entry][0], "not-for-this", message)
        settings = Settings(self.settings, ("role",), what)
        self._policies(entries, settings)
        settings.by_name(entries)
        starts_in = self.read.duration(entries["starts_in"][1], "starts_in") if "starts_in" in entries else None
        return Role(
            name=key.text,
            cluster=cluster or "",
            owner=owner or "",
            preferred=preferred,
            possible=possible,
            storage=storage,
            vm=vm,
            starts_in_ms=starts_in or 0,
            monitored_services=self._monitored(entries, what, vm),
            properties=settings.done(),
        )

    # -- policies -----------------------------------------------------------------------------------------------------

    def _policies(self, entries: Entries, settings: Settings) -> None:
        """The short keys of what the product keeps as properties."""
        if "heartbeat_monitoring" in entries:
            node = entries["heartbeat_monitoring"][1]
            watched = self.read.flag(node, "heartbeat_monitoring")
            settings.put("CheckHeartbeat", node, None if watched is None else int(watched))
        restart: Entries = {}
        if "restart" in entries:
            restart = self.read.mapping(entries["restart"][1], "restart", (*RESTART_COUNTS, *RESTART_TIMES))
        for entry, name in RESTART_COUNTS.items():
            settings.count(restart, entry, name)
        for entry, name in RESTART_TIMES.items():
            settings.duration(restart, entry, name)
        settings.count(entries, "failover_threshold", "FailoverThreshold")
        settings.duration(entries, "failover_period", "FailoverPeriod")
        if "failback" in entries:
            self._failback(entries["failback"][1], settings)
        if "anti_affinity" in entries:
            node = entries["anti_affinity"][1]
            words = self.read.words(node, "anti_affinity")
            settings.put("AntiAffinityClassNames", node, tuple(word for word, _ in words) or None)
        if "priority" in entries:
            self._priority(entries, settings)

    def _failback(self, node: Node, settings: Settings) -> None:
        entries = self.read.mapping(node, "failback", FAILBACK_KEYS)
        if "allowed" in entries:
            allowed = self.read.flag(entries["allowed"][1], "allowed")
            settings.put("AutoFailbackType", entries["allowed"][1], None if allowed is None else int(allowed))
        if "window" not in entries:
            return
        window = entries["window"][1]
        if not isinstance(window, Sequence) or len(window.items) != 2:
            self.read.refuse(window, "wrong-type", "window must be a list of two hours of the day, such as [1, 4]")
            return
        for name, item in zip(("FailbackWindowStart", "FailbackWindowEnd"), window.items, strict=True):
            settings.put(name, item, self.read.whole(item, "an hour of the window", 0, 23))

    def _priority(self, entries: Entries, settings: Settings) -> None:
        node = entries["priority"][1]
        if isinstance(node, Scalar) and isinstance(node.value, int):
            settings.count(entries, "priority", "Priority")
            return
        word = self.read.choice(node, "the priority of a role", PRIORITIES)
        row = f"priority.{'none' if word in NO_START else word}"
        value = self.parts.facts.value(self.parts.release, row)
        settings.put("Priority", node, value)

    # -- who runs it --------------------------------------------------------------------------------------------------

    def _owners(self, entries: Entries, entry: str, what: str, nodes: tuple[str, ...] | None) -> tuple[str, ...]:
        """A list of nodes of the role's cluster; `nodes` is None when those are not all known."""
        if entry not in entries:
            return ()
        named = self.read.words(entries[entry][1], f"{entry} of {what}")
        return tuple(name for name, node in named if self._member(node, name, f"{entry} of {what}", nodes))

    def _member(self, node: Node, name: str, what: str, nodes: tuple[str, ...] | None) -> bool:
        if nodes is None or name in nodes:
            return True
        hint = self.read.near(name, nodes) or f"its nodes: {', '.join(nodes[: kinds.SHOWN])}"
        self.read.refuse(node, "not-a-node", f"{what}: {quoted(name)} is no node of the role's cluster", hint)
        return False

    def _owner(
        self, key: Scalar, entries: Entries, vm: str | None, nodes: tuple[str, ...] | None, possible: tuple[str, ...]
    ) -> str | None:
        what = f"owner of role {quoted(key.text)}"
        host = self.parts.vms[vm].host if vm in self.parts.vms else None
        if "owner" not in entries:
            if "vm" not in entries:
                message = f'role {quoted(key.text)} needs "owner", the node it is on at the start'
                self.read.refuse(key, "missing-key", message)
            elif possible and host is not None and host not in possible:
                self.read.refuse(key, "not-possible", f"{what}: {host} is not among its possible owners")
            return host
        node = entries["owner"][1]
        owner = self.read.word(node, what)
        if owner is None or not self._member(node, owner, what, nodes):
            return None
        if possible and owner not in possible:
            self.read.refuse(node, "not-possible", f"{what}: {owner} is not among its possible owners")
        if host is not None and owner != host:
            self.read.refuse(node, "owner-host", f"{what} must be {host}, the host that {vm} is on at the start")
        return owner

    def _storage(self, entries: Entries, what: str) -> str | None:
        """What the role's disks lie on: one storage, which may stand in a list as a host's do."""
        if "storage" in entries:
            key, node = entries["storage"]
            if isinstance(node, Sequence) and len(node.items) == 1:
                entries = entries | {"storage": (key, node.items[0])}
        return self.parts.maybe(entries, "storage", what, (kinds.STORAGE,))

    def _reaches(self, node: Node, what: str, owner: str, storage: str) -> None:
        """The owner at the start is attached to the storage, or, of a disk inside a host, is that host."""
        root = self.parts.root(storage)
        kept = self.parts.storage.get(root)
        if owner not in self.parts.hosts or kept is None:
            return
        attached = self.parts.attached.get(owner)
        named = any(root in storages for storages in self.parts.attached.values())
        if kept.kind == "local" and not named and attached is None:
            there = self.disk_in.setdefault(root, owner) == owner
        else:
            there = kept.kind != "local" if attached is None else root in attached
        if not there:
            self.read.refuse(node, "owner-storage", f"{owner} owns {what} and is not attached to its storage {storage}")

    def _guest(self, entries: Entries, role: str, vm: str, nodes: tuple[str, ...]) -> None:
        """What must hold for a virtual machine to be a role: its cluster is made of hosts, its own among them."""
        if vm in self.made_available:
            message = f"{vm} is already made highly available by role {quoted(self.made_available[vm])}"
            self.read.refuse(entries["vm"][1], "two-roles", message)
        self.made_available.setdefault(vm, role)
        guests = [name for name in nodes if kinds.HOST not in self.names.kinds.get(name, ())]
        if guests:
            message = f"role {quoted(role)} is a virtual machine, and {guests[0]}, a node of its cluster, is no host"
            self.read.refuse(entries["cluster"][1], "not-hosts", message)
        elif nodes and vm in self.parts.vms and self.parts.vms[vm].host not in nodes:
            message = f"{vm} is on {self.parts.vms[vm].host}, which is no node of the role's cluster"
            self.read.refuse(entries["vm"][1], "owner-host", message)

    def _monitored(self, entries: Entries, what: str, vm: str | None) -> tuple[str, ...]:
        """Services that the host cluster watches; whether they are in the virtual machine is seen when all are read.

        One that has no entry of its own is inside it, unless its name is nearly that of another.
        """
        if "monitored_services" not in entries:
            return ()
        what = f"monitored_services of {what}"
        named = self.read.words(entries["monitored_services"][1], what)
        services = self.names.are((kinds.SERVICE,))
        for name, node in named:
            if vm is not None and name not in self.names.kinds and self.read.near(name, services) is None:
                self.names.declare(self.read, replace(node, value=name, text=name, plain=False), kinds.SERVICE)
                self.inside.append(Service(name, "runs_on", vm))
        found = [(name, node) for name, node in named if self.names.find(self.read, node, name, what, (kinds.SERVICE,))]
        self.monitored.extend((name, vm, node) for name, node in found if vm is not None)
        return tuple(name for name, _ in found)
