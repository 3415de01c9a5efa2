"""What a cluster is made of: frozen values that say everything a run of the model depends on.

A `Scenario` carries its machines, clusters, roles and services, what happens to them (the timeline) and the numbers
of its Windows Server releases (`facts`). The model trusts it: whoever builds one has checked every name and type.
Times are whole milliseconds of simulated time unless a name says otherwise. Settings that the product has a name for
are kept under that name in `properties`, in the model's units (see `properties.py`); what is left out has the default
of its release.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

FactValue = int | bool | str
Setting = int | bool | str | tuple[str, ...]
Properties = tuple[tuple[str, Setting], ...]

RELEASES = ("ws2008", "ws2008r2", "ws2012", "ws2012r2", "ws2016", "ws2019", "ws2022", "ws2025")

# fmt: off
VERBS = (
    "crash", "hang", "fail", "repair", "shutdown", "start", "isolate", "rejoin", "partition", "heal", "lose", "restore",
    "pause", "resume", "move", "live-migrate", "quick-migrate", "storage-migrate", "stop-node", "start-node",
    "drain-stop", "suspend", "resume-node", "force-quorum", "prevent-quorum", "evict", "join", "set", "load",
)
# fmt: on
"""Timeline verbs of the model, in the order in which menus show them."""

QUORUM_MODES = ("dynamic", "node-majority", "node-and-disk-majority", "node-and-share-majority", "disk-only")
HYPER_V = ("hyper-v", "kb3153887")
STORAGE_KINDS = ("array", "iscsi", "smb", "csv", "local", "shared-vhdx", "vhd-set", "s2d")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of `data/`: a number or switch that the model runs on.

    `mark` is `V` (read in the source), `2` (secondary source), `?` (not confirmed), `≠` (sources disagree) or `m`
    (a simplification of the model, no claim about the product). `also` holds the other values that a doubtful row
    might have.
    """

    key: str
    value: FactValue
    mark: str
    source: str
    also: tuple[FactValue, ...] = ()

    @property
    def doubtful(self) -> bool:
        """True when nobody may be graded on what this row decides."""
        return self.mark in ("?", "≠", "m")


@dataclass(frozen=True, slots=True)
class Network:
    """One subnet, in a site or (None) in all; networks are routed to one another unless `routed` is False."""

    name: str
    site: str | None = None
    routed: bool = True


@dataclass(frozen=True, slots=True)
class Storage:
    """Something that disks lie on; `kind` is one of `STORAGE_KINDS`. It may lie `within` another storage.

    For Storage Spaces Direct `nodes` are the nodes of the pool, `drives` the drives of each, `owner` the pool's owner.
    `size` is in GB, and may be a fraction.
    """

    name: str
    kind: str = "array"
    site: str | None = None
    within: str | None = None
    size: float | None = None
    nodes: tuple[str, ...] = ()
    drives: tuple[int, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """A physical machine. `networks` and `storage` name what it is attached to; `memory` is in GB (None: enough).

    `release` is None where it has that of the scenario; `address` is an IPv4 address or `dhcp`.
    """

    name: str
    networks: tuple[str, ...]
    storage: tuple[str, ...]
    features: tuple[str, ...] = ()
    site: str | None = None
    memory: int | None = None
    release: str | None = None
    domain: str | None = None
    address: str | None = None
    properties: Properties = ()


@dataclass(frozen=True, slots=True)
class Vm:
    """A virtual machine; `host` is the machine it is on at the start; `memory` is in GB (None: it needs none)."""

    name: str
    host: str
    networks: tuple[str, ...]
    mac_spoofing: bool = False
    integration_services: bool = True
    features: tuple[str, ...] = ()
    memory: int | None = None
    release: str | None = None
    domain: str | None = None
    address: str | None = None
    properties: Properties = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """What votes beside the nodes: a `disk` (`name` is a storage), a file `share` (on a virtual machine when it has the
    name of one) or the `cloud`; `site` is where it is.
    """

    kind: str
    name: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class FailoverCluster:
    """A failover cluster. Node ids follow the order of `nodes`.

    `quorum` is one of `QUORUM_MODES`; `weights` holds NodeWeight where it is not 1, `dynamic_weights` the votes that it
    starts from where they are given (a node or the witness to 0 or 1).
    """

    name: str
    nodes: tuple[str, ...]
    witness: Witness | None
    quorum: str
    weights: tuple[tuple[str, int], ...] = ()
    dynamic_weights: tuple[tuple[str, int], ...] = ()
    properties: Properties = ()


@dataclass(frozen=True, slots=True)
class PortRule:
    """A port rule of an NLB cluster: `first` to `last` port, `protocol` tcp, udp or both.

    `filter` is `multiple` (with `affinity` none, single or network, and load `weights`), `single` (with handling
    `priorities`) or `disabled`; `timeout_ms` is that of extended affinity (0: off).
    """

    first: int = 0
    last: int = 65535
    protocol: str = "both"
    filter: str = "multiple"
    affinity: str = "single"
    weights: tuple[tuple[str, int], ...] = ()
    priorities: tuple[tuple[str, int], ...] = ()
    timeout_ms: int = 0


@dataclass(frozen=True, slots=True)
class NlbCluster:
    """A Network Load Balancing cluster.

    `mode` is unicast, multicast or igmp, `modes` what single hosts have instead; `priorities` the host priorities where
    they are not the place in `nodes`; `rules` its port rules.
    """

    name: str
    nodes: tuple[str, ...]
    mode: str
    modes: tuple[tuple[str, str], ...] = ()
    priorities: tuple[tuple[str, int], ...] = ()
    rules: tuple[PortRule, ...] = (PortRule(),)
    address: str | None = None
    properties: Properties = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A clustered role (group) of a failover cluster; with `vm` it is that virtual machine, made highly available.

    `owner` is where it runs at the start; `preferred` and `possible` list its owners (empty: none, all);
    `monitored_services` are services inside the virtual machine that the host cluster monitors. All policies are in
    `properties`: those of the group and of its resource.
    """

    name: str
    cluster: str
    owner: str
    preferred: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    storage: str | None = None
    vm: str | None = None
    starts_in_ms: int = 0
    monitored_services: tuple[str, ...] = ()
    properties: Properties = ()


@dataclass(frozen=True, slots=True)
class Service:
    """What clients ask for. `kind` is `nlb`, `role` or `runs_on`; `target` the cluster, role or machine named there.

    `state` is where a session lives: `none`, `in-memory` or `shared`. `recovery` is what the service's own manager does
    at the first, second, … failure: `restart`, `none` or `restart-computer`; the last for all further.
    """

    name: str
    kind: str
    target: str
    port: int | None = None
    state: str = "none"
    recovery: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens: a verb, what it happens to, and the verb's options under their own names.

    `sides` is for `partition`, `networks` what `from:` names, `direction` what `isolate` cuts (`both`, `in`, `out`),
    `node` says where a balanced service fails, `lasting` that every start there fails until `repair`; `values` are what
    `set` gives to single nodes instead of one `value`. Times are ms.
    """

    verb: str
    subjects: tuple[str, ...] = ()
    sides: tuple[tuple[str, ...], ...] = ()
    networks: tuple[str, ...] = ()
    direction: str = "both"
    node: str | None = None
    lasting: bool = False
    to: str | None = None
    type: str | None = None
    drain: bool = False
    force: bool = False
    failback: str | None = None
    clear_quarantine: bool = False
    timeout_ms: int | None = None
    switch_over_ms: int | None = None
    priority: int | None = None
    weight: int | None = None
    property: str | None = None
    value: Setting | None = None
    values: tuple[tuple[str, Setting], ...] = ()
    clients: int = 0
    addresses: tuple[str, ...] = ()
    lasts_ms: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Acts that happen at once, at a time or (None) when everything before has settled."""

    acts: tuple[Act, ...]
    at_ms: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A cluster to reason about, what happens to it, and the facts of its releases.

    `facts` are those of `release`; `other_facts` those of every other release that a machine has. `clock_ms` is the
    time of day at the start, `until_ms` how long the run goes on at least.
    """

    title: str
    release: str
    sites: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    storage: tuple[Storage, ...] = ()
    hosts: tuple[Host, ...] = ()
    vms: tuple[Vm, ...] = ()
    clusters: tuple[FailoverCluster | NlbCluster, ...] = ()
    roles: tuple[Role, ...] = ()
    services: tuple[Service, ...] = ()
    timeline: tuple[Step, ...] = ()
    until_ms: int | None = None
    clock_ms: int | None = None
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    other_facts: tuple[tuple[str, tuple[Fact, ...]], ...] = field(default=(), repr=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__dataclass_fields__))

    @cached_property
    def fact(self) -> dict[str, Fact]:
        """The facts of the scenario's release by key."""
        return {fact.key: fact for fact in self.facts}

    @cached_property
    def facts_of(self) -> dict[str, dict[str, Fact]]:
        """The facts of each release that plays a part, by key."""
        others = {release: {fact.key: fact for fact in rows} for release, rows in self.other_facts}
        return {self.release: self.fact} | others

    @cached_property
    def network(self) -> dict[str, Network]:
        """The networks by name."""
        return {network.name: network for network in self.networks}

    @cached_property
    def store(self) -> dict[str, Storage]:
        """The storage by name."""
        return {storage.name: storage for storage in self.storage}

    @cached_property
    def host(self) -> dict[str, Host]:
        """The hosts by name."""
        return {host.name: host for host in self.hosts}

    @cached_property
    def vm(self) -> dict[str, Vm]:
        """The virtual machines by name."""
        return {vm.name: vm for vm in self.vms}

    @cached_property
    def failover(self) -> dict[str, FailoverCluster]:
        """The failover clusters by name."""
        return {c.name: c for c in self.clusters if isinstance(c, FailoverCluster)}

    @cached_property
    def nlb(self) -> dict[str, NlbCluster]:
        """The NLB clusters by name."""
        return {c.name: c for c in self.clusters if isinstance(c, NlbCluster)}

    @cached_property
    def role(self) -> dict[str, Role]:
        """The roles by name."""
        return {role.name: role for role in self.roles}

    @cached_property
    def roles_of(self) -> dict[str, tuple[Role, ...]]:
        """The roles of each failover cluster."""
        return {name: tuple(r for r in self.roles if r.cluster == name) for name in self.failover}

    @cached_property
    def service(self) -> dict[str, Service]:
        """The services by name."""
        return {service.name: service for service in self.services}

    @cached_property
    def machines(self) -> tuple[str, ...]:
        """Names of all hosts, then of all virtual machines."""
        return tuple(self.host) + tuple(self.vm)

    @cached_property
    def witnesses(self) -> dict[str, str]:
        """Witness name to the name of its failover cluster, for shares and clouds (a disk is a storage)."""
        return {
            c.witness.name: c.name for c in self.failover.values() if c.witness is not None and c.witness.kind != "disk"
        }

    @cached_property
    def ha_vms(self) -> dict[str, str]:
        """Highly available virtual machine to the role that is it."""
        return {role.vm: role.name for role in self.roles if role.vm is not None}

    @cached_property
    def settings(self) -> dict[tuple[str, str], Setting]:
        """(thing, product's property) to the value set in the scenario; a role goes before a machine of its name."""
        things = (*self.hosts, *self.vms, *self.clusters, *self.roles)
        return {(thing.name, name): value for thing in things for name, value in thing.properties}

    @cached_property
    def level(self) -> dict[str, str]:
        """The release by whose rules each failover cluster runs: that of its functional level, else its oldest node."""
        return {c.name: self._level(c) for c in self.failover.values()}

    def release_of(self, machine: str) -> str:
        """The Windows Server release on a machine."""
        made_of = self.host.get(machine) or self.vm.get(machine)
        return (made_of.release if made_of is not None else None) or self.release

    def _level(self, cluster: FailoverCluster) -> str:
        name = "ClusterFunctionalLevel"
        asked = self.settings.get((cluster.name, name))
        named = (r for r, rows in self.facts_of.items() if asked is not None and rows[name].value == asked)
        return next(named, min(map(self.release_of, cluster.nodes), key=RELEASES.index, default=self.release))

    @cached_property
    def hyper_v(self) -> frozenset[str]:
        """The machines with the Hyper-V role (a host with virtual machines has it), or the update of its thresholds."""
        features = [(m.name, f.lower()) for m in (*self.hosts, *self.vms) for f in m.features]  # type: ignore[attr-defined]  # both kinds have them
        return frozenset((*(name for name, has in features if has in HYPER_V), *(vm.host for vm in self.vms)))

    @cached_property
    def members_of(self) -> dict[str, tuple[FailoverCluster | NlbCluster, ...]]:
        """The clusters that name each machine as a node at the start."""
        everyone = dict.fromkeys(node for cluster in self.clusters for node in cluster.nodes)
        return {node: tuple(c for c in self.clusters if node in c.nodes) for node in everyone}
