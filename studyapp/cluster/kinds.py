"""What the arguments of a claim's functions may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import VERBS, Scenario

Value = bool | int | float | str | tuple[bool | int | float | str, ...]

EVENT_KINDS = (
    *VERBS,
    "detected",
    "removed",
    "joined",
    "quorum-kept",
    "quorum-lost",
    "restart",
    "online",
    "offline",
    "failed",
    "failover",
    "failback",
    "isolated",
    "quarantined",
    "paused-critical",
    "resumed",
    "converged",
    "votes",
    "unforced",
    "refused",
    "bounded",
    "cut",
)


COMPONENT_KINDS = ("hosts", "vms", "networks", "storage", "sites", "witness")
"""What `survives` and its like may take away."""
MOST_FAULTS = 16
SCENARIO_KEYS = (
    *("max_nodes", "max_vms", "max_vms_per_node", "mac", "size", "kind", "mode", "address", "memory", "release"),
    *("filter", "affinity", "protocol", "timeout", "weight", "priority", "quorum", "site", "starts_in"),
)
"""What `property` reads that the product has no name for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument may be; `names` lists those of a scenario, or None where any text will do that `fits`.

    `takes` is the type in words: a name, a number, or anything.
    """

    word: str
    names: Callable[[Scenario], tuple[str, ...]] | None = None
    takes: str = "a name"
    fits: Callable[[Value], bool] = bool

    def problem(self, scenario: Scenario, value: Value) -> tuple[str, str] | None:
        """Why the value will not do: what is wrong, and a hint; None when it will."""
        if self.names is None:
            return None if self.fits(value) else (f"{self.word} is needed here", "")
        known = self.names(scenario)
        if isinstance(value, str) and value in known:
            return None
        if not isinstance(value, str):
            return f"the name of {self.word} is needed here", ""
        close = get_close_matches(value, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known) or 'none'}"
        return f"{value!r} is not the name of {self.word}", hint


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


def _things(s: Scenario) -> tuple[str, ...]:
    clusters = tuple(c.name for c in s.clusters)
    stores = (*(x.name for x in s.storage), *(n.name for n in s.networks), *s.witnesses)
    rules = (f"{c.name}:{rule.first}" for c in s.nlb.values() for rule in c.rules)
    return tuple(dict.fromkeys((*s.machines, *clusters, *s.role, *s.service, *stores, *s.sites, *rules, "all")))


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
THING = Kind("anything in the scenario", _things)
EVENT = Kind("an event kind", lambda s: (*EVENT_KINDS, *_numbers(s)))
PROPERTY = Kind("a property", lambda s: (*PROPERTIES, *SCENARIO_KEYS))
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
