"""The functions that a claim may call: what each takes, what it gives, and how it reads its value off a trace."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from studyapp.cluster import view
from studyapp.cluster.analysis import survival as analysis
from studyapp.cluster.chance import decided
from studyapp.cluster.claims import readers
from studyapp.cluster.clients.service import spread
from studyapp.cluster.kinds import (
    ADDRESS,
    BALANCED,
    CLUSTER,
    COMPONENTS,
    COUNT,
    EVENT,
    FAILOVER,
    FINDING,
    KEEPER,
    MACHINE,
    NLB,
    NODE,
    OUTAGE,
    PART,
    POOL,
    PORT,
    PROPERTY,
    ROLE,
    SHOWN,
    THING,
    VM,
    VOTER,
    Kind,
    Value,
)
from studyapp.cluster.nodes import pools
from studyapp.cluster.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Function:
    """`takes` gives one tuple of kinds for each number of arguments; `gives` the type in words; `read` finds
    the value.
    """

    read: Callable[..., Value]
    takes: tuple[tuple[Kind, ...], ...]
    gives: str
    doc: str
    by_client: bool = False
    """Its value may turn on which client asks, or on what chance decides after faults."""

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of arguments that it takes."""
        return tuple(len(t) for t in self.takes)

    def kinds(self, count: int) -> tuple[Kind, ...]:
        """The kinds of its arguments when there are `count`."""
        return next(t for t in self.takes if len(t) == count)


FUNCTIONS: dict[str, Function] = {
    "hosts": Function(lambda now, c: tuple(now.scenario.host), ((),), "a list", "names of the hosts"),
    "vms": Function(lambda now, c: tuple(now.scenario.vm), ((),), "a list", "names of the virtual machines"),
    "networks": Function(
        lambda now, c: tuple(n.name for n in now.scenario.networks), ((),), "a list", "names of the networks"
    ),
    "roles": Function(lambda now, c: tuple(now.scenario.role), ((),), "a list", "names of the clustered roles"),
    "nodes": Function(readers.nodes, ((CLUSTER,),), "a list", "nodes of a cluster, members or not"),
    "host_of": Function(
        lambda now, c, vm: decided(now.state, now.state["host", vm]), ((VM,),), "a name", "the host that a VM is on"
    ),
    "up": Function(lambda now, c, m: view.powered(now.state, m), ((MACHINE,),), "true or false", "powered on"),
    "answers": Function(
        lambda now, c, m: view.answers(now.state, m), ((MACHINE,),), "true or false", "powered on and responding"
    ),
    "available": Function(
        readers.available, ((OUTAGE,), (OUTAGE, PORT)), "true or false", "a new client gets an answer", True
    ),
    "online": Function(
        lambda now, c, r: view.role_online(now.state, r),
        ((ROLE,),),
        "true or false",
        "the cluster shows the role online",
    ),
    "owner": Function(
        lambda now, c, r: view.owner(now.state, r),
        ((ROLE,),),
        "a name",
        'the node that has the role, "none" while offline',
    ),
    "moved": Function(readers.moved, ((ROLE,),), "true or false", "the role is on another node than at the start"),
    "failovers": Function(
        lambda now, c, r: now.state[("failovers", r)], ((ROLE,),), "a number", "how often it failed over"
    ),
    "restarts": Function(
        lambda now, c, r: now.state[("restarts", r)], ((ROLE,),), "a number", "restarts on the node it was on"
    ),
    "state": Function(readers.state_of, ((SHOWN,), (CLUSTER, PART)), "a name", "the state as the cluster shows it"),
    "detected": Function(
        lambda now, c, t: readers.noticed(now, t) < math.inf,
        ((THING,),),
        "true or false",
        "a cluster took it for failed, and it had",
    ),
    "detected_by": Function(
        lambda now, c, k, t: readers.noticed(now, t, k) < math.inf,
        ((CLUSTER, THING),),
        "true or false",
        "this cluster detected it",
    ),
    "detection_time": Function(
        lambda now, c, t: readers.noticed(now, t),
        ((THING,),),
        "a number",
        "seconds from the fault to the first detection",
    ),
    "downtime": Function(
        lambda now, c, s: sum(b - a for a, b in readers.down(now, s)) / 1000,
        ((OUTAGE,),),
        "a number",
        "seconds in which no client got an answer; infinite when that does not end",
    ),
    "outages": Function(
        lambda now, c, s: len(readers.down(now, s)), ((OUTAGE,),), "a number", "times that no client got an answer"
    ),
    "quorum": Function(
        lambda now, c, k: bool(view.sides(now.scenario, now.state, k)),
        ((FAILOVER,),),
        "true or false",
        "some side runs with quorum",
    ),
    "votes": Function(readers.votes, ((FAILOVER,),), "a number", "votes present on the side that runs"),
    "votes_total": Function(readers.total, ((FAILOVER,),), "a number", "votes that count"),
    "votes_needed": Function(
        lambda now, c, k: readers.total(now, c, k) // 2 + 1, ((FAILOVER,),), "a number", "more than half of them"
    ),
    "vote": Function(readers.vote, ((VOTER,),), "a number", "votes of a node"),
    "witness_vote": Function(
        lambda now, c, k: view.last_table(now.scenario, now.state, k).witness,
        ((FAILOVER,),),
        "a number",
        "votes of the witness",
    ),
    "members": Function(
        lambda now, c, k: view.members(now.scenario, now.state, k),
        ((CLUSTER,),),
        "a list",
        "nodes of the side that runs",
    ),
    "clusters_formed": Function(
        lambda now, c, k: len(view.sides(now.scenario, now.state, k)), ((CLUSTER,),), "a number", "how many sides run"
    ),
    "share": Function(
        lambda now, c, s, n: float(sum(p for m, p, _ in spread(now.trace, now.state, s) if m == n)),
        ((OUTAGE, NODE),),
        "a number",
        "share of new connections that a node is given",
    ),
    "serves": Function(
        lambda now, c, n, s: any(m == n and works for m, _, works in spread(now.trace, now.state, s)),
        ((NODE, OUTAGE),),
        "true or false",
        "the node answers new clients of the service",
    ),
    "can_host": Function(readers.can_host, ((ROLE, NODE),), "true or false", "the role could run on this node now"),
    "keeps_state": Function(
        readers.keeps_state, ((KEEPER,),), "true or false", "the memory at the end is that of the start"
    ),
    "boots": Function(lambda now, c, vm: now.state[("boots", vm)], ((VM,),), "a number", "cold starts during the run"),
    "happens": Function(
        lambda now, c, k, t: readers.first_event(now.events, k, t) is not None,
        ((EVENT, THING),),
        "true or false",
        "such an event is in the trace",
    ),
    "time_of": Function(readers.time_of, ((EVENT, THING),), "a number", "seconds until the first such event"),
    "before": Function(
        readers.before, ((EVENT, THING, EVENT, THING),), "true or false", "the first event came before the second"
    ),
    "property": Function(
        readers.property_of, ((THING, PROPERTY),), "anything", "the value in force, in the product's unit"
    ),
    "forced": Function(
        lambda now, c, k: view.is_forced(now.scenario, now.state, k),
        ((FAILOVER,),),
        "true or false",
        "it runs by a forced start",
    ),
    "pool_online": Function(
        lambda now, c, p: pools.is_online(now.scenario, now.state, p), ((POOL,),), "true or false", "the pool runs"
    ),
    "pool_votes": Function(
        lambda now, c, p: pools.votes(now.scenario, now.state, p), ((POOL,),), "a number", "votes present of a pool"
    ),
    "next_owner": Function(readers.next_owner, ((ROLE,),), "a name", "where it would go if its node were lost now"),
    "default_host": Function(readers.default_host, ((NLB,),), "a name", "who takes traffic that no port rule covers"),
    "mac": Function(readers.mac, ((NLB,),), "a name", "the cluster's MAC address"),
    "target": Function(
        readers.target, ((BALANCED, ADDRESS, PORT),), "a name", "the host that answers a client's address and port"
    ),
    "requests_lost": Function(
        readers.requests_lost, ((OUTAGE,),), "a number", "connections cut and new ones without an answer"
    ),
    "sessions_lost": Function(readers.sessions_lost, ((OUTAGE,),), "a number", "clients whose state is gone"),
    "survives": Function(
        lambda now, c, s, k, of="hosts": analysis.survives(now.trace, c, s, k, of),
        ((OUTAGE, COUNT), (OUTAGE, COUNT, COMPONENTS)),
        "true or false",
        "it is available again after every set of at most so many faults at once (left out, of hosts)",
        True,
    ),
    "single_points": Function(
        lambda now, c, s, of="all": analysis.single_points(now.trace, c, s, of),
        ((OUTAGE,), (OUTAGE, COMPONENTS)),
        "a list",
        "what takes it down by failing alone",
        True,
    ),
    "cut_sets": Function(
        lambda now, c, s, k, of="all": analysis.cut_sets(now.trace, c, s, k, of),
        ((OUTAGE, COUNT), (OUTAGE, COUNT, COMPONENTS)),
        "a list",
        'the smallest sets of at most so many faults that take it down, such as "host1 + host2"',
        True,
    ),
    "finding": Function(readers.finding, ((FINDING,),), "true or false", "validation reports this"),
    "supported": Function(
        readers.supported, ((CLUSTER,),), "true or false", "validation reports no error about it or its nodes"
    ),
}

STATES = (
    *("Online", "Pending", "Offline", "Offline (Anti-Affinity Conflict)", "Failed", "Unmonitored"),
    *("Running", "Off", "Saved", "Migrating", "PausedCritical"),
    *("Up", "Down", "Paused", "Isolated", "Quarantined"),
    *("Converged", "Converging", "Draining", "Suspended", "Stopped"),
)
"""What `state` may give: of roles and storage, virtual machines, nodes and clusters, balanced hosts."""

WORDS: Mapping[str, Callable[[Scenario], Collection[str]]] = {
    "hosts": lambda scenario: tuple(scenario.host),
    "vms": lambda scenario: tuple(scenario.vm),
    "roles": lambda scenario: tuple(scenario.role),
    "networks": lambda scenario: tuple(network.name for network in scenario.networks),
    **dict.fromkeys(("nodes", "members"), lambda scenario: scenario.machines),
    **dict.fromkeys(
        ("host_of", "owner", "next_owner", "default_host", "target"), lambda scenario: (*scenario.machines, "none")
    ),
    "state": lambda scenario: (*STATES, "none"),
}
"""All texts that a function may give or list, where they are known before anything is simulated."""
