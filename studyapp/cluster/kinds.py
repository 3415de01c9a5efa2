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
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument names; `names` lists those of a scenario."""

    word: str
    names: Callable[[Scenario], tuple[str, ...]]
    later: frozenset[str] = frozenset()

    def problem(self, scenario: Scenario, value: Value) -> tuple[str, str] | None:
        """Why the value is no such name: what is wrong, and a hint; None when it is one."""
        known = self.names(scenario)
        if isinstance(value, str) and value in known:
            return None
        if isinstance(value, str) and value in self.later:
            return f"{value} is not modelled yet", ""
        if not isinstance(value, str):
            return f"the name of {self.word} is needed here", ""
        close = get_close_matches(value, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known) or 'none'}"
        return f"{value!r} is not the name of {self.word}", hint


def _things(s: Scenario) -> tuple[str, ...]:
    clusters = tuple(c.name for c in s.clusters)
    stores = (*(x.name for x in s.storage), *(n.name for n in s.networks), *s.witnesses)
    return tuple(dict.fromkeys((*s.machines, *clusters, *s.role, *s.service, *stores, "all")))


MACHINE = Kind("a machine", lambda s: s.machines)
VM = Kind("a virtual machine", lambda s: tuple(s.vm))
CLUSTER = Kind("a cluster", lambda s: tuple(c.name for c in s.clusters))
FAILOVER = Kind("a failover cluster", lambda s: tuple(s.failover))
ROLE = Kind("a role", lambda s: tuple(s.role))
SERVICE = Kind("a service", lambda s: tuple(s.service))
OUTAGE = Kind("a service or role", lambda s: (*s.service, *s.role))
NODE = Kind("a node of a cluster", lambda s: tuple(dict.fromkeys(n for c in s.clusters for n in c.nodes)))
VOTER = Kind("a node of a failover cluster", lambda s: tuple(n for c in s.failover.values() for n in c.nodes))
KEEPER = Kind("a machine, role or service", lambda s: (*s.machines, *s.role, *s.service))
THING = Kind("anything in the scenario", _things)
EVENT = Kind("an event kind", lambda s: (*EVENT_KINDS, *_numbers(s)))
PROPERTY = Kind("a property", lambda s: tuple(PROPERTIES))


def _numbers(scenario: Scenario) -> tuple[str, ...]:
    return tuple(str(f.value) for f in scenario.facts if f.key.startswith("event."))
