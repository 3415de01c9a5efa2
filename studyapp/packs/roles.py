"""The roles and services of a scenario."""

from __future__ import annotations

from studyapp.cluster.scenario import Role, Service
from studyapp.packs import names as kinds
from studyapp.packs import unmodelled as later
from studyapp.packs.parts import Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries
from studyapp.packs.source import Mapping_, Node, Scalar

ROLE_KEYS = (
    "cluster",
    "owner",
    "preferred",
    "possible",
    "storage",
    "vm",
    "heartbeat_monitoring",
    "starts_in",
    "restart",
    "failover_threshold",
    "failover_period",
)
RESTART_KEYS = ("action", "threshold", "period")
TARGETS = {"nlb": (kinds.NLB,), "role": (kinds.ROLE,), "runs_on": kinds.MACHINE}
"""What a service may stand on."""


class RoleReader:
    """Reads what runs on the clusters of a scenario."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.names = parts.names
        self.made_available: dict[str, str] = {}
        """Each highly available virtual machine with its role."""

    def role(self, key: Scalar, node: Node) -> Role | None:
        """A role of a failover cluster; with `vm` a highly available virtual machine."""
        what = f"role {quoted(key.text)}"
        entries = self.read.mapping(node, what, ROLE_KEYS, later.ROLE)
        if not entries:
            if isinstance(node, Mapping_) and not node.entries:
                self.read.refuse(key, "missing-key", f'{what} needs "cluster"')
            return None
        cluster = self.parts.named(key, entries, "cluster", what, (kinds.FAILOVER,))
        vm = self.parts.named(key, entries, "vm", what, (kinds.VM,)) if "vm" in entries else None
        nodes = self.names.nodes.get(cluster or "")
        preferred = self._owners(entries, "preferred", what, nodes)
        possible = self._owners(entries, "possible", what, nodes)
        if vm is not None:
            self._guest(entries, key.text, vm, nodes or ())
        owner = self._owner(key, entries, vm, nodes, possible)
        storage = self.parts.named(key, entries, "storage", what, (kinds.STORAGE,)) if "storage" in entries else None
        if storage and owner and storage not in self.parts.attached.get(owner, (storage,)):
            message = f"{owner} owns {what} and is not attached to its storage {storage}"
            self.read.refuse(entries["storage"][1], "owner-storage", message)
        watched = None
        if "heartbeat_monitoring" in entries:
            watched = self.read.flag(entries["heartbeat_monitoring"][1], "heartbeat_monitoring")
            if "vm" not in entries:
                message = f"{what} is no virtual machine: it has no guest heartbeat"
                self.read.refuse(entries["heartbeat_monitoring"][0], "not-for-this", message)
        restart: Entries = {}
        if "restart" in entries:
            restart = self.read.mapping(entries["restart"][1], "restart", RESTART_KEYS, later.RESTART)
        found = (
            ("CheckHeartbeat", watched),
            ("RestartAction", self.parts.whole(restart, "action", 2)),
            ("RestartThreshold", self.parts.whole(restart, "threshold")),
            ("RestartPeriod", self.parts.duration(restart, "period", 1)),
            ("FailoverThreshold", self.parts.whole(entries, "failover_threshold")),
            ("FailoverPeriod", self.parts.duration(entries, "failover_period", 1)),
        )
        return Role(
            name=key.text,
            cluster=cluster or "",
            owner=owner or "",
            preferred=preferred,
            possible=possible,
            storage=storage,
            vm=vm,
            starts_in_ms=self.parts.duration(entries, "starts_in", 0) or 0,
            properties=tuple((name, value) for name, value in found if value is not None),
        )

    def _owners(self, entries: Entries, entry: str, what: str, nodes: tuple[str, ...] | None) -> tuple[str, ...]:
        """A list of nodes of the role's cluster; `nodes` is None when those are not all known."""
        if entry not in entries:
            return ()
        named = self.read.words(entries[entry][1], f"{entry} of {what}")
        return tuple(name for name, node in named if self._member(node, name, f"{entry} of {what}", nodes))

    def _member(self, node: Node, name: str, what: str, nodes: tuple[str, ...] | None) -> bool:
        if nodes is None or name in nodes:
            return True
        hint = self.read.near(name, nodes) or f"its nodes: {', '.join(nodes)}"
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

    # -- services -----------------------------------------------------------------------------------------------------

    def service(self, key: Scalar, node: Node) -> Service | None:
        """What clients ask for: balanced, a role, or on one machine."""
        what = f"service {quoted(key.text)}"
        entries = self.read.mapping(node, what, (*TARGETS, "port"), later.SERVICE)
        named = [entry for entry in TARGETS if entry in entries]
        if len(named) != 1:
            if isinstance(node, Mapping_):
                code = "one-of" if named else "missing-key"
                self.read.refuse(key, code, f"{what} needs one of nlb, role and runs_on")
            return None
        [kind] = named
        target = self.parts.named(key, entries, kind, what, TARGETS[kind])
        port = None
        if "port" in entries:
            port = self.read.whole(entries["port"][1], "a port", 1, 65535)
            if kind != "nlb":
                self.read.not_modelled(entries["port"][0], "a port of a service that is not balanced is")
        if target is None:
            return None
        if kind == "nlb":
            self.names.balanced[key.text] = target
        return Service(key.text, kind, target, port)
