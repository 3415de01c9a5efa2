"""What the arguments of a claim's functions may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from studyapp.cluster.properties import PROPERTIES, spelled
from studyapp.cluster.scenario import Scenario

Value = bool | int | float | str | tuple[bool | int | float | str, ...]

EVENT_MEANINGS: dict[str, str] = {
    "crash": "a machine loses its power, or its process is gone",
    "hang": "a machine stops answering and stays on",
    "fail": "an application fails on a machine that goes on answering",
    "repair": "an application works again wherever it is started",
    "shutdown": "a machine is shut down in order",
    "start": "a machine comes up",
    "isolate": "a machine is cut off from networks",
    "rejoin": "a machine is back on its networks",
    "partition": "the network splits into sides",
    "heal": "the network is whole again",
    "lose": "a network, storage, witness or site is gone",
    "restore": "a network, storage, witness or site is back",
    "pause": "a node takes no roles any more, or is drained",
    "resume": "a paused node takes roles again",
    "move": "a role is moved to another node",
    "live-migrate": "a virtual machine is moved while it runs",
    "quick-migrate": "a virtual machine is saved, moved and restored",
    "storage-migrate": "the disks of a virtual machine are moved while it runs",
    "stop-node": "the cluster service of a node, or balancing on a host, is stopped",
    "start-node": "the cluster service of a node, or balancing on a host, is started",
    "drain-stop": "a balanced host takes no new connections, and stops after the last",
    "suspend": "a balanced host is stopped, and ignores orders until it is resumed",
    "resume-node": "a suspended host obeys orders again; it stays stopped",
    "force-quorum": "a node starts its cluster without a majority",
    "prevent-quorum": "a node starts its cluster service so that it may only join",
    "evict": "a node is taken out of its cluster for good",
    "join": "a machine is added to a cluster",
    "set": "a property is set",
    "load": "clients connect to a service",
    "detected": "a cluster takes something for failed, and it has failed",
    "removed": "members drop a node from the membership, or balanced hosts one of them",
    "joined": "a node becomes a member, or a balanced host takes part",
    "quorum-kept": "a side that lost members has the majority and goes on",
    "quorum-lost": "a side has no majority and stops its cluster service",
    "restart": "a failed role is restarted on its node",
    "online": "a role, or a storage pool, is up",
    "offline": "a role, or a storage pool, is down",
    "failed": "a role stays failed",
    "failover": "a role goes to another node after a failure",
    "failback": "a role goes back to a preferred owner",
    "isolated": "a silent node keeps its virtual machines for the time being",
    "quarantined": "a node may not come back for a time",
    "paused-critical": "a virtual machine waits for its disk",
    "resumed": "a virtual machine goes on where it stopped",
    "converged": "balanced hosts have agreed on who takes part",
    "votes": "a cluster counts its votes anew",
    "unforced": "a cluster that was started by force has votes enough",
    "refused": "Windows refuses what was asked, and nothing changes",
    "cut": "connections of clients end without having been closed",
    "bounded": "chance has too many courses; not all of them are followed",
}
"""Every kind of event, which is a contract, and what it means: those of the timeline, then what follows from them."""
EVENT_KINDS = tuple(EVENT_MEANINGS)


COMPONENT_KINDS = ("hosts", "vms", "networks", "storage", "sites", "witness")
"""What `survives` and its like may take away."""
MOST_FAULTS = 16
SCENARIO_KEYS = (
    *("max_nodes", "max_vms", "max_vms_per_node", "mac", "size", "kind", "mode", "address", "memory", "release"),
    *("filter", "affinity", "protocol", "timeout", "weight", "priority", "quorum", "site", "starts_in"),
    *("preferred", "possible", "domain", "features", "networks", "within", "drives", "mac_spoofing"),
    "integration_services",
)
"""What `property` reads that the product has no name for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument may be; `names` lists those of a scenario, or None where any text will do that `fits`.

    `takes` is the type in words: a name, a number, or anything; `spelled` gives a name the spelling that is listed.
    """

    word: str
    names: Callable[[Scenario], tuple[str, ...]] | None = None
    takes: str = "a name"
    fits: Callable[[Value], bool] = bool
    spelled: Callable[[str], str] = str

    def problem(self, scenario: Scenario, value: Value) -> tuple[str, str] | None:
        """Why the value will not do: what is wrong, and a hint; None when it will."""
        if self.names is None:
            return None if self.fits(value) else (f"{self.word} is needed here", "")
        latest = _LATEST.get(self.word)
        if latest is None or latest[0] is not scenario:
            latest = _LATEST[self.word] = scenario, frozenset(self.names(scenario))
        if not isinstance(value, str):
            return f"the name of {self.word} is needed here", ""
        if value in latest[1] or self.spelled(value) in latest[1]:
            return None
        known = self.names(scenario)
        close = get_close_matches(value, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known) or 'none'}"
        return f"{value!r} is not the name of {self.word}", hint


_LATEST: dict[str, tuple[Scenario, frozenset[str]]] = {}
"""What each kind, by its word, may name in the scenario that was asked about last."""


def is_address(value: Value) -> bool:
    """An IPv4 address, or one of a load's clients by such an address."""
    parts = value.split(".") if isinstance(value, str) else []
    return len(parts) == 4 and all(part.isascii() and part.isdigit() and int(part) < 256 for part in parts)


def _whole(value: Value, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _each(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _component(value: object) -> bool:
    return value in COMPONENT_KINDS


def _shown(s: Scenario) -> tuple[str, ...]:
    stores = (*(x.name for x in s.storage), *(n.name for n in s.networks), *s.witnesses)
    return (*s.machines, *(c.name for c in s.clusters), *s.role, *stores, *s.sites)


def _things(s: Scenario) -> tuple[str, ...]:
    rules = (f"{c.name}:{rule.first}" for c in s.nlb.values() for rule in c.rules)
    return tuple(dict.fromkeys((*_shown(s), *s.service, *rules, "all")))


MACHINE = Kind("a machine", lambda s: s.machines)
VM = Kind("a virtual machine", lambda s: tuple(s.vm))
CLUSTER = Kind("a cluster", lambda s: tuple(c.name for c in s.clusters))
FAILOVER = Kind("a failover cluster", lambda s: tuple(s.failover))
ROLE = Kind("a role", lambda s: tuple(s.role))
SERVICE = Kind("a service", lambda s: tuple(s.service))
OUTAGE = Kind("a service or role", lambda s: (*s.service, *s.role))
NODE = Kind("a machine", lambda s: s.machines)
VOTER = Kind("a machine", lambda s: s.machines)
KEEPER = Kind("a machine, role or service", lambda s: (*s.machines, *s.role, *s.service))
PART = Kind("a machine or role", lambda s: (*s.machines, *s.role))
SHOWN = Kind("a machine, role, cluster, network, storage, witness or site", _shown)
THING = Kind("anything in the scenario", _things)
EVENT = Kind("an event kind", lambda s: (*EVENT_KINDS, *_numbers(s)))
PROPERTY = Kind("a property", lambda s: (*PROPERTIES, *SCENARIO_KEYS), spelled=spelled)
POOL = Kind("a storage pool", lambda s: tuple(x.name for x in s.storage if x.kind == "s2d"))
NLB = Kind("an NLB cluster", lambda s: tuple(s.nlb))
BALANCED = Kind("a balanced service", lambda s: tuple(x.name for x in s.services if x.kind == "nlb"))
FINDING = Kind("a finding", lambda s: tuple(f.key.removeprefix("finding.") for f in s.facts if f.key[:8] == "finding."))
ADDRESS = Kind('an IPv4 address such as "10.0.0.1"', fits=is_address)
PORT = Kind("a port from 0 to 65535", takes="a number", fits=lambda v: _whole(v, 65535))
COUNT = Kind("a number of faults", takes="a number", fits=lambda v: _whole(v, MOST_FAULTS))
COMPONENTS = Kind(
    "a kind of component, or several in a list",
    takes="anything",
    fits=lambda v: bool(v) and all(map(_component, _each(v))),
)


def _numbers(scenario: Scenario) -> tuple[str, ...]:
    return tuple(str(f.value) for f in scenario.facts if f.key.startswith("event."))
