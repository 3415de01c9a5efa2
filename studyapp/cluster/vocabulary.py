"""The functions that a claim may call: what each takes, and how it reads its value off a trace."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from studyapp.cluster import view
from studyapp.cluster.kinds import (
    CLUSTER,
    EVENT,
    FAILOVER,
    KEEPER,
    MACHINE,
    NODE,
    OUTAGE,
    PROPERTY,
    ROLE,
    THING,
    VM,
    VOTER,
    Kind,
    Value,
)
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.service import NeedsClient, answered, spread
from studyapp.cluster.trace import Event, State, Trace

Clients = Mapping[str, Fraction]

LATER = frozenset(
    (
        "forced",
        "pool_online",
        "pool_votes",
        "requests_lost",
        "sessions_lost",
        "default_host",
        "target",
        "mac",
        "next_owner",
        "survives",
        "single_points",
        "cut_sets",
        "finding",
        "supported",
    )
)
"""Functions of the design that the model does not cover yet."""


@dataclass(frozen=True)
class Moment:
    """A trace seen at a time. `asked_ms` is None for the settled end."""

    trace: Trace
    state: State
    ms: int
    asked_ms: int | None

    @property
    def scenario(self) -> Scenario:
        """The scenario of the trace."""
        return self.trace.scenario

    @staticmethod
    def settled(trace: Trace) -> Moment:
        """The end of the run."""
        return Moment(trace, trace.end, trace.end_ms, None)

    @staticmethod
    def at(trace: Trace, ms: int) -> Moment:
        """The run as it stands at `ms`."""
        return Moment(trace, trace.at(ms), ms, ms)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events up to now."""
        return tuple(e for e in self.trace.events if self.asked_ms is None or e.at_ms <= self.asked_ms)

    def so_far(self) -> Iterator[Moment]:
        """Every moment from the start up to now at which the state changed."""
        for ms, state in self.trace.moments():
            if self.asked_ms is None or ms <= self.asked_ms:
                yield Moment(self.trace, state, ms, ms)


@dataclass(frozen=True, slots=True)
class Function:
    """`takes` gives one tuple of kinds for each number of arguments; `gives` the type in words; `read` finds
    the value.
    """

    read: Callable[..., Value]
    takes: tuple[tuple[Kind, ...], ...]
    gives: str
    doc: str

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of arguments that it takes."""
        return tuple(len(t) for t in self.takes)

    def kinds(self, count: int) -> tuple[Kind, ...]:
        """The kinds of its arguments when there are `count`."""
        return next(t for t in self.takes if len(t) == count)


# -- services -----------------------------------------------------------------------------------------------------


def _available(now: Moment, clients: Clients, service: str) -> bool:
    share = answered(now.trace, now.state, service)
    if share in (0, 1):
        return share == 1
    if service not in clients:
        raise NeedsClient(service)
    place = clients[service]
    for _, width, works in spread(now.trace, now.state, service):
        place -= width
        if place < 0:
            return works
    return False


def _down(now: Moment, service: str) -> list[tuple[int, float]]:
    """The times (from, to; ms) in which no client gets an answer; one that lasts at the settled end has no end."""
    spans: list[tuple[int, float]] = []
    since: int | None = None
    for moment in now.so_far():
        down = answered(moment.trace, moment.state, service) == 0
        if down and since is None:
            since = moment.ms
        elif not down and since is not None:
            if moment.ms > since:
                spans.append((since, moment.ms))
            since = None
    if since is not None:
        open_end = now.asked_ms is None and now.scenario.until_ms is None
        spans.append((since, math.inf if open_end else now.ms))
    return spans


# -- machines, clusters, roles --------------------------------------------------------------------------------------


def _cluster_state(now: Moment, cluster: str, thing: str) -> str:
    if thing in now.scenario.role and now.scenario.role[thing].cluster == cluster:
        return view.role_state(now.state, thing)
    return view.node_state(now.scenario, now.state, cluster, thing)


def _state(now: Moment, clients: Clients, *arguments: str) -> Value:
    scenario, state = now.scenario, now.state
    if len(arguments) == 2:
        return _cluster_state(now, arguments[0], arguments[1])
    (thing,) = arguments
    if thing in scenario.role:
        return view.role_state(state, thing)
    for cluster in scenario.clusters:
        if thing in cluster.nodes:
            return view.node_state(scenario, state, cluster.name, thing)
    if thing in scenario.vm:
        return "Running" if view.powered(state, thing) else "Off"
    if thing in scenario.failover:
        return "Up" if view.sides(scenario, state, thing) else "Down"
    if thing in scenario.host:
        return "Up" if view.answers(state, thing) else "Down"
    return "Failed" if state.get(("lost", thing)) else "Online"


def _noticed(now: Moment, thing: str, cluster: str | None = None) -> float:
    """Seconds from the fault of a thing to its detection, by one cluster or the first; infinite when never."""
    service = now.scenario.service.get(thing)
    if service is not None and service.kind == "role":
        thing = service.target
    clusters = [c.name for c in now.scenario.clusters] if cluster is None else [cluster]
    times = [now.state[key] for c in clusters if (key := ("detected", c, thing)) in now.state]
    return min(times) / 1000 if times else math.inf


def _votes(now: Moment, clients: Clients, cluster: str) -> int:
    sides = view.sides(now.scenario, now.state, cluster)
    return view.votes_present(now.scenario, now.state, cluster, sides[0]) if sides else 0


def _total(now: Moment, clients: Clients, cluster: str) -> int:
    return view.last_table(now.scenario, now.state, cluster).total


def _vote(now: Moment, clients: Clients, node: str) -> int:
    cluster = next(c for c in now.scenario.failover if node in view.nodes(now.scenario, now.state, c))
    return view.last_table(now.scenario, now.state, cluster).present(now.state, (node,))


def _keeps_state(now: Moment, clients: Clients, thing: str) -> bool:
    service = now.scenario.service.get(thing)
    if service is not None:
        if service.kind == "nlb":
            raise view.NotModelledYet("keeps_state() of a balanced service is not modelled yet")
        thing = service.target
    kept = bool(now.state.get(("memory", thing), True))
    if thing in now.scenario.role:
        return kept and view.role_state(now.state, thing) == "Online"
    return kept and view.powered(now.state, thing)


def _nodes(now: Moment, clients: Clients, cluster: str) -> tuple[str, ...]:
    return view.nodes(now.scenario, now.state, cluster)


def _can_host(now: Moment, clients: Clients, role_name: str, node: str) -> bool:
    role = now.scenario.role[role_name]
    return (
        node in view.members(now.scenario, now.state, role.cluster)
        and view.answers(now.state, node)
        and (not role.possible or node in role.possible)
        and (role.storage is None or view.storage_reached(now.scenario, now.state, role.storage, node))
    )


def _property(now: Moment, clients: Clients, thing: str, name: str) -> Value:
    made_of = PROPERTIES[name]
    found = now.state.get(("property", thing, name), now.scenario.settings.get((thing, name)))
    if found is None:
        level = now.scenario.level.get(thing, now.scenario.release)
        found = now.scenario.facts_of[level][made_of.fact].value
    return found // made_of.unit if isinstance(found, int) else found


# -- events -------------------------------------------------------------------------------------------------------


def first_event(events: tuple[Event, ...], kind: str, thing: str) -> Event | None:
    """The first event of a kind (or with a Windows event number) that happened to a thing."""
    for event in events:
        if event.subject == thing and (kind == event.kind or kind == str(event.number)):
            return event
    return None


def _time_of(now: Moment, clients: Clients, kind: str, thing: str) -> float:
    event = first_event(now.events, kind, thing)
    return event.at_ms / 1000 if event is not None else math.inf


def _before(now: Moment, clients: Clients, kind: str, thing: str, other_kind: str, other: str) -> bool:
    a, b = first_event(now.events, kind, thing), first_event(now.events, other_kind, other)
    return a is not None and (b is None or a.seq < b.seq)


def _moved(now: Moment, clients: Clients, role: str) -> bool:
    owner = view.owner(now.state, role)
    return owner not in ("none", view.owner(now.trace.start, role))


FUNCTIONS: dict[str, Function] = {
    "hosts": Function(lambda now, c: tuple(now.scenario.host), ((),), "a list", "names of the hosts"),
    "vms": Function(lambda now, c: tuple(now.scenario.vm), ((),), "a list", "names of the virtual machines"),
    "networks": Function(
        lambda now, c: tuple(n.name for n in now.scenario.networks), ((),), "a list", "names of the networks"
    ),
    "roles": Function(lambda now, c: tuple(now.scenario.role), ((),), "a list", "names of the clustered roles"),
    "nodes": Function(_nodes, ((CLUSTER,),), "a list", "nodes of a cluster, members or not"),
    "host_of": Function(
        lambda now, c, vm: view.host_of(now.state, vm) or "none", ((VM,),), "a name", "the host that a VM is on"
    ),
    "up": Function(lambda now, c, m: view.powered(now.state, m), ((MACHINE,),), "true or false", "powered on"),
    "answers": Function(
        lambda now, c, m: view.answers(now.state, m), ((MACHINE,),), "true or false", "powered on and responding"
    ),
    "available": Function(_available, ((OUTAGE,),), "true or false", "a new client gets an answer"),
    "online": Function(
        lambda now, c, r: view.role_state(now.state, r) == "Online",
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
    "moved": Function(_moved, ((ROLE,),), "true or false", "the role is on another node than at the start"),
    "failovers": Function(
        lambda now, c, r: now.state[("failovers", r)], ((ROLE,),), "a number", "how often it failed over"
    ),
    "restarts": Function(
        lambda now, c, r: now.state[("restarts", r)], ((ROLE,),), "a number", "restarts on the node it was on"
    ),
    "state": Function(_state, ((THING,), (CLUSTER, THING)), "a name", "the state as the cluster shows it"),
    "detected": Function(
        lambda now, c, t: _noticed(now, t) < math.inf,
        ((THING,),),
        "true or false",
        "a cluster took it for failed, and it had",
    ),
    "detected_by": Function(
        lambda now, c, k, t: _noticed(now, t, k) < math.inf,
        ((CLUSTER, THING),),
        "true or false",
        "this cluster detected it",
    ),
    "detection_time": Function(
        lambda now, c, t: _noticed(now, t), ((THING,),), "a number", "seconds from the fault to the first detection"
    ),
    "downtime": Function(
        lambda now, c, s: sum(b - a for a, b in _down(now, s)) / 1000,
        ((OUTAGE,),),
        "a number",
        "seconds in which no client got an answer; infinite when that does not end",
    ),
    "outages": Function(
        lambda now, c, s: len(_down(now, s)), ((OUTAGE,),), "a number", "times that no client got an answer"
    ),
    "quorum": Function(
        lambda now, c, k: bool(view.sides(now.scenario, now.state, k)),
        ((FAILOVER,),),
        "true or false",
        "some side runs with quorum",
    ),
    "votes": Function(_votes, ((FAILOVER,),), "a number", "votes present on the side that runs"),
    "votes_total": Function(_total, ((FAILOVER,),), "a number", "votes that count"),
    "votes_needed": Function(
        lambda now, c, k: _total(now, c, k) // 2 + 1, ((FAILOVER,),), "a number", "more than half of them"
    ),
    "vote": Function(_vote, ((VOTER,),), "a number", "votes of a node"),
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
    "can_host": Function(_can_host, ((ROLE, NODE),), "true or false", "the role could run on this node now"),
    "keeps_state": Function(_keeps_state, ((KEEPER,),), "true or false", "the memory at the end is that of the start"),
    "boots": Function(lambda now, c, vm: now.state[("boots", vm)], ((VM,),), "a number", "cold starts during the run"),
    "happens": Function(
        lambda now, c, k, t: first_event(now.events, k, t) is not None,
        ((EVENT, THING),),
        "true or false",
        "such an event is in the trace",
    ),
    "time_of": Function(_time_of, ((EVENT, THING),), "a number", "seconds until the first such event"),
    "before": Function(
        _before, ((EVENT, THING, EVENT, THING),), "true or false", "the first event came before the second"
    ),
    "property": Function(_property, ((FAILOVER, PROPERTY),), "a number", "the value in force, in the product's unit"),
}
