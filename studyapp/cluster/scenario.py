"""What a cluster is made of: frozen values that say everything a run of the model depends on.

A `Scenario` carries its machines, clusters, roles and services, what happens to them (the timeline) and the numbers
of its Windows Server release (`facts`). The model trusts it: whoever builds one has checked every name and type.
Times are whole milliseconds of simulated time unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

FactValue = int | bool | str

RELEASES = ("ws2008", "ws2008r2", "ws2012", "ws2012r2", "ws2016", "ws2019", "ws2022", "ws2025")

VERBS = (
    "crash",
    "hang",
    "start",
    "isolate",
    "rejoin",
    "partition",
    "heal",
    "fail",
    "repair",
    "lose",
    "restore",
)
"""Timeline verbs of the model, in the order in which menus show them."""

QUORUM_MODES = ("node-majority", "node-and-disk-majority", "node-and-share-majority", "disk-only")


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
    """One subnet; all networks are routed to one another."""

    name: str


@dataclass(frozen=True, slots=True)
class Storage:
    """Something that disks lie on; `kind` is `array`, `iscsi`, `smb` or `local`."""

    name: str
    kind: str = "array"


@dataclass(frozen=True, slots=True)
class Host:
    """A physical machine. `networks` and `storage` name what it is attached to."""

    name: str
    networks: tuple[str, ...]
    storage: tuple[str, ...]
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vm:
    """A virtual machine; `host` is the machine it is on at the start."""

    name: str
    host: str
    networks: tuple[str, ...]
    mac_spoofing: bool = False
    integration_services: bool = True


@dataclass(frozen=True, slots=True)
class Witness:
    """What votes beside the nodes: `kind` is `disk` (`name` is a storage) or `share` (`name` is a file share)."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class FailoverCluster:
    """A failover cluster. Node ids follow the order of `nodes`.

    `heartbeat` holds only the values set by hand (`same_subnet_delay` in ms, `same_subnet_threshold` a count, and the
    same for `cross_subnet_`); what is left out comes from the release. `weights` holds NodeWeight where it is not 1.
    """

    name: str
    nodes: tuple[str, ...]
    witness: Witness | None
    quorum: str
    weights: tuple[tuple[str, int], ...] = ()
    heartbeat: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class NlbCluster:
    """A Network Load Balancing cluster with the product's default port rule; `mode` is its operation mode."""

    name: str
    nodes: tuple[str, ...]
    mode: str


@dataclass(frozen=True, slots=True)
class Role:
    """A clustered role (group) of a failover cluster; with `vm` it is that virtual machine, made highly available.

    `heartbeat_monitoring` None means that the scenario does not say: the default rests on a doubtful fact.
    `restart_action`, `restart_threshold`, `restart_period_ms`, `failover_threshold` and `failover_period_ms` are None
    where the release's default holds.
    """

    name: str
    cluster: str
    owner: str
    preferred: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    storage: str | None = None
    vm: str | None = None
    heartbeat_monitoring: bool | None = None
    starts_in_ms: int = 0
    restart_action: int | None = None
    restart_threshold: int | None = None
    restart_period_ms: int | None = None
    failover_threshold: int | None = None
    failover_period_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """What clients ask for. `kind` is `nlb`, `role` or `runs_on`; `target` the cluster, role or machine named there."""

    name: str
    kind: str
    target: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens. `subjects` are names; `sides` is for `partition`, `networks` for `isolate` and `rejoin`.

    `node` says where a balanced service fails; `lasting` that every start on that machine fails until `repair`.
    """

    verb: str
    subjects: tuple[str, ...] = ()
    sides: tuple[tuple[str, ...], ...] = ()
    networks: tuple[str, ...] = ()
    node: str | None = None
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Acts that happen at once, at a time or (None) when everything before has settled."""

    acts: tuple[Act, ...]
    at_ms: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A cluster to reason about, what happens to it, and the facts of its release."""

    title: str
    release: str
    networks: tuple[Network, ...] = ()
    storage: tuple[Storage, ...] = ()
    hosts: tuple[Host, ...] = ()
    vms: tuple[Vm, ...] = ()
    clusters: tuple[FailoverCluster | NlbCluster, ...] = ()
    roles: tuple[Role, ...] = ()
    services: tuple[Service, ...] = ()
    timeline: tuple[Step, ...] = ()
    until_ms: int | None = None
    facts: tuple[Fact, ...] = field(default=(), repr=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__dataclass_fields__))

    @cached_property
    def fact(self) -> dict[str, Fact]:
        """The facts by key."""
        return {fact.key: fact for fact in self.facts}

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
    def service(self) -> dict[str, Service]:
        """The services by name."""
        return {service.name: service for service in self.services}

    @cached_property
    def machines(self) -> tuple[str, ...]:
        """Names of all hosts, then of all virtual machines."""
        return tuple(self.host) + tuple(self.vm)

    @cached_property
    def witnesses(self) -> dict[str, str]:
        """Witness name to the name of its failover cluster, for file shares (a disk is a storage)."""
        return {
            c.witness.name: c.name
            for c in self.failover.values()
            if c.witness is not None and c.witness.kind == "share"
        }

    @cached_property
    def ha_vms(self) -> dict[str, str]:
        """Highly available virtual machine to the role that is it."""
        return {role.vm: role.name for role in self.roles if role.vm is not None}
