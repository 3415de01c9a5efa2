"""The networks, storage, hosts and virtual machines of a scenario."""

from __future__ import annotations

from typing import NamedTuple

from studyapp.cluster.scenario import RELEASES, STORAGE_KINDS, Host, Network, Properties, Storage, Vm
from studyapp.packs import names as kinds
from studyapp.packs.parts import Parts
from studyapp.packs.problems import quoted
from studyapp.packs.reading import Entries
from studyapp.packs.settings import SettingReader, Settings
from studyapp.packs.source import Node, Scalar, Sequence

DEFAULT_NETWORK = "network"
NETWORK_KEYS = ("site", "routed", "properties")
POOL_KEYS = ("nodes", "drives", "owner")
STORAGE_KEYS = ("kind", "site", "within", "size", *POOL_KEYS, "properties")
OWN_KEYS = ("memory", "release", "domain", "address", "networks", "features", "properties")
"""What a host and a virtual machine both have."""
HOST_KEYS = ("site", "storage", *OWN_KEYS)
VM_KEYS = ("host", "mac_spoofing", "integration_services", *OWN_KEYS)
MAX_MEMORY = 1_000_000
"""GB of a machine."""
MAX_SIZE = 1_000_000_000
"""GB of a storage."""
MAX_DRIVES = 10_000
LONGEST_DOMAIN = 253


class _Own(NamedTuple):
    """What a host and a virtual machine both say of themselves."""

    memory: int | None
    release: str | None
    domain: str | None
    address: str | None
    networks: tuple[str, ...]
    features: tuple[str, ...]
    spoofing: bool
    properties: Properties


class MachineReader:
    """Reads what the clusters of a scenario are made of."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.read = parts.read
        self.names = parts.names
        self.settings = SettingReader(parts.read, parts.names)

    def _site(self, entries: Entries, what: str) -> str | None:
        return self.parts.maybe(entries, "site", what, (kinds.SITE,))

    def network(self, key: Scalar, node: Node) -> Network:
        """A subnet."""
        what = f"network {quoted(key.text)}"
        entries = self.read.mapping(node, what, NETWORK_KEYS, empty=True)
        Settings(self.settings, (), what).by_name(entries)
        return Network(key.text, self._site(entries, what), self.parts.flag(entries, "routed", otherwise=True))

    # -- storage ------------------------------------------------------------------------------------------------------

    def storage(self, key: Scalar, node: Node) -> Storage:
        """Something that disks lie on."""
        what = f"storage {quoted(key.text)}"
        entries = self.read.mapping(node, what, STORAGE_KEYS, empty=True)
        Settings(self.settings, (), what).by_name(entries)
        kind = self.parts.choice(entries, "kind", "the kind of storage", STORAGE_KINDS) or "array"
        for entry in POOL_KEYS:
            if entry in entries and kind != "s2d":
                message = f"{what} is of the kind {kind}: only pools, of the kind s2d, have {entry}"
                self.read.refuse(entries[entry][0], "not-for-this", message)
                del entries[entry]
        nodes = self.parts.things(entries, "nodes", what, kinds.MACHINE)
        listed = len(self.read.items(entries["nodes"][1], "nodes", MAX_DRIVES)) if "nodes" in entries else 0
        made = Storage(
            key.text,
            kind,
            self._site(entries, what),
            self.parts.maybe(entries, "within", what, (kinds.STORAGE,)),
            self.read.amount(entries["size"][1], f"size of {what} in GB", MAX_SIZE) if "size" in entries else None,
            nodes,
            self._drives(entries, what, listed),
            self._pool_owner(entries, what, nodes),
        )
        self.parts.storage[key.text] = made
        self._no_circle(entries, key.text)
        return made

    def _drives(self, entries: Entries, what: str, nodes: int) -> tuple[int, ...]:
        """The number of drives of each node of a pool that has so many nodes."""
        if "drives" not in entries:
            if nodes:
                self.read.refuse(entries["nodes"][0], "missing-key", f'{what} needs "drives", a number for each node')
            return ()
        node = entries["drives"][1]
        items = self.read.items(node, f"drives of {what}", MAX_DRIVES)
        found = [self.read.whole(item, f"drives of {what}", 0, MAX_DRIVES) for item in items]
        drives = tuple(number for number in found if number is not None)
        if len(drives) == len(items) != nodes:
            message = f"{what} has {nodes} nodes, and drives for {len(drives)}"
            self.read.refuse(node, "not-for-each", message, "give the number of drives of each node, in their order")
        return drives

    def _pool_owner(self, entries: Entries, what: str, nodes: tuple[str, ...]) -> str | None:
        owner = self.parts.maybe(entries, "owner", what, kinds.MACHINE)
        if owner is not None and nodes and owner not in nodes:
            self.read.refuse(entries["owner"][1], "not-a-node", f"{owner} is no node of the pool", None)
        return owner

    def _no_circle(self, entries: Entries, name: str) -> None:
        """No storage lies within itself; the last of a circle to be read is reported, and taken out of it."""
        passed, inner = {name}, self.parts.storage[name].within
        while inner is not None and inner in self.parts.storage:
            if inner in passed:
                message = f"storage {quoted(name)} lies within itself"
                self.read.refuse(entries["within"][1], "cycle", message)
                self.parts.storage[name] = Storage(name, self.parts.storage[name].kind)
                return
            passed.add(inner)
            inner = self.parts.storage[inner].within

    # -- machines -----------------------------------------------------------------------------------------------------

    def host(self, key: Scalar, node: Node) -> Host:
        """A physical machine; what is left out it is attached to, local storage of others excepted."""
        what = f"host {quoted(key.text)}"
        entries = self.read.mapping(node, what, HOST_KEYS, empty=True)
        own = self._own(key, entries, what, ("node", "balanced"))
        networks = own.networks or tuple(self.names.are((kinds.NETWORK,)))
        storage = tuple(name for name, kept in self.parts.storage.items() if kept.kind != "local")
        if "storage" in entries:
            storage = self._attached(entries, what)
            self.parts.attached[key.text] = storage
        self.names.networks[key.text] = networks
        made = Host(
            key.text,
            networks,
            storage,
            own.features,
            self._site(entries, what),
            own.memory,
            own.release,
            own.domain,
            own.address,
            own.properties,
        )
        self.parts.hosts[key.text] = made
        return made

    def vm(self, key: Scalar, node: Node) -> Vm | None:
        """A virtual machine; left out, its networks are those of its host."""
        what = f"virtual machine {quoted(key.text)}"
        entries = self.read.mapping(node, what, VM_KEYS, empty=True)
        own = self._own(key, entries, what, ("node", "balanced", "vm"))
        services = self.parts.flag(entries, "integration_services", otherwise=True)
        host = self.parts.named(key, entries, "host", what, (kinds.HOST,))
        if host is None:
            return None
        of_host = self.names.networks.get(host, ())
        networks = own.networks or of_host
        for name in networks:
            if of_host and name not in of_host:
                message = f"{what} cannot reach {name}: its host {host} is not on that network"
                self.read.refuse(entries["networks"][1], "host-network", message)
        self.names.networks[key.text] = networks
        made = Vm(
            key.text,
            host,
            networks,
            own.spoofing,
            services,
            own.features,
            own.memory,
            own.release,
            own.domain,
            own.address,
            own.properties,
        )
        self.parts.vms[key.text] = made
        return made

    def _own(self, key: Scalar, entries: Entries, what: str, of: tuple[str, ...]) -> _Own:
        """What every machine may say of itself. What a node has of its own is kept with its cluster."""
        settings = Settings(self.settings, of, what)
        settings.by_name(entries)
        if "mac_spoofing" in entries:
            place = entries["mac_spoofing"][1]
            spoofs = self.read.flag(place, "mac_spoofing")
            settings.put("MacAddressSpoofing", place, None if spoofs is None else "On" if spoofs else "Off")
        spoofing, _ = settings.found.pop("MacAddressSpoofing", ("Off", key))
        for name in ("NodeWeight", "HostPriority"):
            value, place = settings.found.pop(name, ("", key))
            if isinstance(value, int):
                self.parts.of_nodes_own[name, key.text] = value, place
        address = None
        if "address" in entries:
            address = self.read.address(entries["address"][1], f"address of {what}", ("dhcp",))
        domain = self.parts.word(entries, "domain", what)
        if domain is not None and len(domain) > LONGEST_DOMAIN:
            message = f"a domain has at most {LONGEST_DOMAIN} characters"
            self.read.refuse(entries["domain"][1], "out-of-range", message)
        features: tuple[str, ...] = ()
        if "features" in entries:
            features = tuple(word for word, _ in self.read.words(entries["features"][1], f"features of {what}"))
        return _Own(
            memory=self.parts.whole(entries, "memory", 1, MAX_MEMORY),
            release=self.parts.choice(entries, "release", f"the release of {what}", RELEASES),
            domain=domain,
            address=address,
            networks=self.parts.things(entries, "networks", what, (kinds.NETWORK,)),
            features=features,
            spoofing=spoofing == "On",
            properties=settings.done(),
        )

    def _attached(self, entries: Entries, what: str) -> tuple[str, ...]:
        node = entries["storage"][1]
        if isinstance(node, Sequence) and not node.items:
            return ()
        return self.parts.things(entries, "storage", what, (kinds.STORAGE,))
