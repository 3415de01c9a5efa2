"""The networks, storage, hosts and virtual machines of a scenario."""

from __future__ import annotations

from studyapp.cluster.scenario import Host, Network, Storage, Vm
from studyapp.packs import names as kinds
from studyapp.packs import unmodelled as later
from studyapp.packs.parts import Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries
from studyapp.packs.source import Node, Scalar, Sequence

DEFAULT_NETWORK = "network"
STORAGE_KINDS = ("array", "iscsi", "smb", "local")
HOST_KEYS = ("networks", "storage", "features")
VM_KEYS = ("host", "networks", "mac_spoofing", "integration_services")


class MachineReader:
    """Reads what the clusters of a scenario are made of."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.names = parts.names

    def network(self, key: Scalar, node: Node) -> Network:
        """A subnet."""
        self.read.mapping(node, f"network {quoted(key.text)}", (), later.NETWORK, empty=True)
        return Network(key.text)

    def storage(self, key: Scalar, node: Node) -> Storage:
        """Something that disks lie on."""
        entries = self.read.mapping(node, f"storage {quoted(key.text)}", ("kind",), later.STORAGE, empty=True)
        kind = None
        if "kind" in entries:
            kind = self.read.choice(entries["kind"][1], "the kind of storage", STORAGE_KINDS, later.STORAGE_KINDS)
        return Storage(key.text, kind or "array")

    def host(self, key: Scalar, node: Node) -> Host:
        """A physical machine; what is left out it is attached to, local storage of others excepted."""
        what = f"host {quoted(key.text)}"
        entries = self.read.mapping(node, what, HOST_KEYS, later.HOST, empty=True)
        networks = self._networks(entries, what) or tuple(self.names.are((kinds.NETWORK,)))
        storage = tuple(name for name, kept in self.parts.storage.items() if kept.kind != "local")
        if "storage" in entries:
            storage = self._attached(entries["storage"][1], what)
        features: tuple[str, ...] = ()
        if "features" in entries:
            features = tuple(word for word, _ in self.read.words(entries["features"][1], f"features of {what}"))
        self.names.networks[key.text] = networks
        self.parts.attached[key.text] = storage
        return Host(key.text, networks, storage, features)

    def vm(self, key: Scalar, node: Node) -> Vm | None:
        """A virtual machine; left out, its networks are those of its host."""
        what = f"virtual machine {quoted(key.text)}"
        entries = self.read.mapping(node, what, VM_KEYS, later.VM)
        flags = {name: self.read.flag(entries[name][1], name) for name in VM_KEYS[2:] if name in entries}
        own = self._networks(entries, what)
        host = self.parts.named(key, entries, "host", what, (kinds.HOST,))
        if host is None:
            return None
        of_host = self.names.networks.get(host, ())
        networks = own or of_host
        for name in networks:
            if of_host and name not in of_host:
                message = f"{what} cannot reach {name}: its host {host} is not on that network"
                self.read.refuse(entries["networks"][1], "host-network", message)
        spoofing, services = flags.get("mac_spoofing"), flags.get("integration_services")
        self.names.networks[key.text] = networks
        self.parts.vms[key.text] = Vm(key.text, host, networks, spoofing is True, services is not False)
        return self.parts.vms[key.text]

    def _networks(self, entries: Entries, what: str) -> tuple[str, ...]:
        if "networks" not in entries:
            return ()
        return tuple(
            name
            for name, node in self.read.words(entries["networks"][1], f"networks of {what}")
            if self.names.find(self.read, node, name, f"a network of {what}", (kinds.NETWORK,))
        )

    def _attached(self, node: Node, what: str) -> tuple[str, ...]:
        if isinstance(node, Sequence) and not node.items:
            return ()
        return tuple(
            name
            for name, item in self.read.words(node, f"storage of {what}")
            if self.names.find(self.read, item, name, f"storage of {what}", (kinds.STORAGE,))
        )
