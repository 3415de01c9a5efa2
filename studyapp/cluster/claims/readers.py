"""What the functions of the claim language read off a moment of a trace."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from studyapp.cluster import view
from studyapp.cluster.chance import OneOf, decided
from studyapp.cluster.claims import inspection
from studyapp.cluster.clients import service
from studyapp.cluster.clients.service import Fates, Interval, is_answered
from studyapp.cluster.effort import WORTH_A_STEP, at_hand
from studyapp.cluster.kinds import Value
from studyapp.cluster.roles import placement
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Event, State, Trace
from studyapp.cluster.validation import findings

SETTLED, TIMES, MOMENTS = "settled", "times", "moments"
"""What is kept of a trace: its end, the times asked about last, every moment of it."""
MOST_TIMES = 8

Clients = Mapping[str, Interval]


@dataclass(frozen=True)
class Moment:
    """A trace seen at a time. `asked_ms` is None for the settled end; `seen` is how many events had happened where more
    happen at the same time.
    """

    trace: Trace
    state: State
    ms: int
    asked_ms: int | None
    seen: int | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario of the trace."""
        return self.trace.scenario

    @staticmethod
    def settled(trace: Trace) -> Moment:
        """The end of the run."""
        found: Moment | None = trace.kept.get(SETTLED)
        if found is None:
            found = trace.kept[SETTLED] = Moment(trace, trace.end, trace.end_ms, None)
        return found

    @staticmethod
    def at(trace: Trace, ms: int) -> Moment:
        """The run as it stands at `ms`."""
        latest: dict[int, Moment] = trace.kept.setdefault(TIMES, {})
        if ms not in latest:
            if len(latest) == MOST_TIMES:
                del latest[next(iter(latest))]
            latest[ms] = Moment(trace, trace.at(ms), ms, ms)
        return latest[ms]

    @cached_property
    def read(self) -> dict[tuple[Value, ...], tuple[Value, int]]:
        """Values that functions have been found to have now, by name and arguments, each with what that has taken."""
        return {}

    @cached_property
    def _fates(self) -> dict[tuple[str, int | None], Fates]:
        return {}

    def fates(self, name: str, port: int | None = None) -> Fates:
        """How new clients of a service (or role) fare now; see `service.fates`."""
        found = self._fates.get((name, port))
        if found is None:
            found = self._fates[name, port] = service.fates(self.trace, self.state, name, port)
        return found

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events up to now."""
        events = self.trace.events[: self.seen]
        return tuple(e for e in events if self.asked_ms is None or e.at_ms <= self.asked_ms)

    def so_far(self) -> Iterator[Moment]:
        """Every moment from the start up to now at which the state changed."""
        steps = 0 if self.trace.is_small else 1 + len(self.trace.end) // WORTH_A_STEP
        for moment in _moments(self.trace):
            at_hand().spend(steps)
            if self.asked_ms is None or moment.ms <= self.asked_ms:
                yield moment


def _moments(trace: Trace) -> Iterable[Moment]:
    """Every moment of a trace at which its state changed; those of a small one are kept."""
    found: list[Moment] | None = trace.kept.get(MOMENTS)
    if found is not None:
        return found
    moments = (Moment(trace, state, ms, ms, seen) for ms, seen, state in trace.instants())
    if not trace.is_small:
        return moments
    found = trace.kept[MOMENTS] = list(moments)
    return found


# -- services -----------------------------------------------------------------------------------------------------


def available(now: Moment, clients: Clients, service_name: str, port: int | None = None) -> bool:
    """A client picked at random gets an answer. Raises NeedsClient where only some do."""
    return is_answered(now.fates(service_name, port), service_name, clients)


def down(now: Moment, service: str) -> list[tuple[int, float]]:
    """The times (from, to; ms) in which no client gets an answer; one that lasts at the settled end has no end."""
    spans: list[tuple[int, float]] = []
    since: int | None = None
    for moment in now.so_far():
        down = not any(works for _, works in moment.fates(service))
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


def cluster_state(now: Moment, cluster: str, thing: str) -> str:
    """A role or node as its cluster shows it; `none` of what is not in this cluster."""
    if thing in now.scenario.role and now.scenario.role[thing].cluster == cluster:
        return view.role_state(now.state, thing)
    if thing not in view.nodes(now.scenario, now.state, cluster):
        return "none"
    return view.node_state(now.scenario, now.state, cluster, thing)


def state_of(now: Moment, clients: Clients, *arguments: str) -> Value:
    scenario, state = now.scenario, now.state
    if len(arguments) == 2:
        return cluster_state(now, arguments[0], arguments[1])
    (thing,) = arguments
    if thing in scenario.role:
        return view.role_state(state, thing)
    for cluster in view.clusters_of(scenario, state, thing):
        return view.node_state(scenario, state, cluster.name, thing)
    if thing in scenario.vm:
        return view.vm_state(state, thing)
    if thing in scenario.host:
        return "Up" if view.answers(state, thing) else "Down"
    if thing in scenario.failover:
        return "Up" if view.sides(scenario, state, thing) else "Down"
    if thing in scenario.nlb:
        shown = {view.nlb_state(state, thing, n) for n in view.nodes(scenario, state, thing)}
        return next((each for each in ("Converging", "Converged") if each in shown), "Stopped")
    return "Online" if _is_there(scenario, state, thing) else "Failed"


def _is_there(scenario: Scenario, state: State, thing: str) -> bool:
    """A network, storage, witness or site is not lost, and neither is what a storage lies within; a pool is online."""
    if state.get(("lost", thing)) or not state.get(("pool", thing), True):
        return False
    within = scenario.store[thing].within if thing in scenario.store else None
    return within is None or _is_there(scenario, state, within)


def noticed(now: Moment, thing: str, cluster: str | None = None) -> float:
    """Seconds from the fault of a thing to its detection, by one cluster or the first; infinite when never."""
    service = now.scenario.service.get(thing)
    if service is not None and service.kind == "role":
        thing = service.target
    clusters = [c.name for c in now.scenario.clusters] if cluster is None else [cluster]
    times = [now.state[key] for c in clusters if (key := ("detected", c, thing)) in now.state]
    return min(times) / 1000 if times else math.inf


def votes(now: Moment, clients: Clients, cluster: str) -> int:
    sides = view.sides(now.scenario, now.state, cluster)
    return view.votes_present(now.scenario, now.state, cluster, sides[0]) if sides else 0


def total(now: Moment, clients: Clients, cluster: str) -> int:
    return view.last_table(now.scenario, now.state, cluster).total


def vote(now: Moment, clients: Clients, node: str) -> int:
    """The vote that a node has as the side that runs counts, whose configuration may not know yet who was evicted."""
    tables = (view.last_table(now.scenario, now.state, cluster) for cluster in now.scenario.failover)
    return next((table.present(now.state, (node,)) for table in tables if node in table.voters), 0)


def keeps_state(now: Moment, clients: Clients, thing: str) -> bool:
    asked = now.scenario.service.get(thing)
    if asked is not None:
        if asked.kind == "nlb":
            return service.keeps_state(now.trace, now.state, thing)
        thing = asked.target
    kept = bool(now.state.get(("memory", thing), True))
    if thing in now.scenario.role:
        return kept and view.role_online(now.state, thing)
    return kept and view.powered(now.state, thing)


def nodes(now: Moment, clients: Clients, cluster: str) -> tuple[str, ...]:
    return view.nodes(now.scenario, now.state, cluster)


def can_host(now: Moment, clients: Clients, role_name: str, node: str) -> bool:
    """The role could run on this node now."""
    return placement.can_host(now.trace, now.state, role_name, node)


def next_owner(now: Moment, clients: Clients, role: str) -> str:
    """The node that a role would go to if its node were lost now. Raises Undecided where several are equally likely."""
    candidates = placement.next_owners(now.trace, now.state, role)
    if len(candidates) < 2:
        return candidates[0] if candidates else "none"
    return decided(now.state, OneOf(f"next owner of {role}", candidates))


def default_host(now: Moment, clients: Clients, cluster: str) -> str:
    """The converged host with the lowest host priority, or `none`."""
    return service.default_host(now.trace, now.state, cluster)


def mac(now: Moment, clients: Clients, cluster: str) -> str:
    """The cluster's MAC address, or `none` where the scenario gives no address."""
    return service.mac(now.scenario, now.state, cluster)


def target(now: Moment, clients: Clients, name: str, client: str, port: int) -> str:
    """The host that answers this client, by the model's stand-in for the product's hash."""
    return service.target(now.trace, now.state, name, client, port)


def requests_lost(now: Moment, clients: Clients, name: str) -> int:
    """Connections cut, and new ones that got no answer, up to now."""
    return service.requests_lost(now.state, name)


def sessions_lost(now: Moment, clients: Clients, name: str) -> int:
    """Clients whose state was lost with its server, up to now."""
    return service.sessions_lost(now.state, name)


def finding(now: Moment, clients: Clients, rule: str) -> bool:
    """Validation reports it, or an operation was refused for it."""
    return any(found.rule == rule for found in findings.findings(now.scenario, now.state))


def supported(now: Moment, clients: Clients, cluster: str) -> bool:
    """No finding of severity error is about the cluster or what belongs to it."""
    return findings.is_supported(now.scenario, now.state, cluster)


def property_of(now: Moment, clients: Clients, thing: str, name: str) -> Value:
    """A property in force, in the product's unit, or a key of the scenario."""
    return inspection.read(now.scenario, now.state, thing, name)


# -- events -------------------------------------------------------------------------------------------------------


def first_event(events: tuple[Event, ...], kind: str, thing: str) -> Event | None:
    """The first event of a kind (or with a Windows event number) that happened to a thing."""
    for event in events:
        if event.subject == thing and (kind == event.kind or kind == str(event.number)):
            return event
    return None


def time_of(now: Moment, clients: Clients, kind: str, thing: str) -> float:
    event = first_event(now.events, kind, thing)
    return event.at_ms / 1000 if event is not None else math.inf


def before(now: Moment, clients: Clients, kind: str, thing: str, other_kind: str, other: str) -> bool:
    a, b = first_event(now.events, kind, thing), first_event(now.events, other_kind, other)
    return a is not None and (b is None or a.seq < b.seq)


def moved(now: Moment, clients: Clients, role: str) -> bool:
    owner = view.owner(now.state, role)
    return owner not in ("none", view.owner(now.trace.start, role))
