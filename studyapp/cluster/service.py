"""Services as clients see them: how new clients are spread over nodes, and which of them get an answer."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

from studyapp.cluster import view
from studyapp.cluster.scenario import Scenario, Service
from studyapp.cluster.trace import State, Trace


class NeedsClient(Exception):
    """The value depends on which client of the service asks."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


def spread(trace: Trace, state: State, name: str, port: int | None = None) -> tuple[tuple[str, Fraction, bool], ...]:
    """How new clients of a service (or role) are spread: each node, its share, and whether it answers them; `port` is
    asked for instead of the service's own.
    """
    scenario = trace.scenario
    service = scenario.service.get(name) or Service(name, "role", name)
    if port is not None:
        service = replace(service, port=port)
    if service.kind == "nlb":
        holders = view.nlb_share_holders(scenario, state, service.target)
        return tuple((n, Fraction(1, len(holders)), _works(scenario, state, service, n)) for n in holders)
    if service.kind == "runs_on":
        return ((service.target, Fraction(1), _works(scenario, state, service, service.target)),)
    role = scenario.role[service.target]
    if view.role_state(state, role.name) != "Online":
        return ()
    members = view.members(scenario, state, role.cluster)
    owner = view.owner(state, role.name)
    servers = trace.rules.servers(owner, members) or (owner,)
    machine_of = {n: role.vm or n for n in servers}
    disk = role.storage
    return tuple(
        (
            n,
            Fraction(1, len(servers)),
            _works(scenario, state, service, machine_of[n])
            and not view.application_fails(state, role.name, n)
            and (disk is None or view.storage_reached(scenario, state, disk, n)),
        )
        for n in servers
    )


def _works(scenario: Scenario, state: State, service: Service, machine: str) -> bool:
    return view.reached_by_clients(scenario, state, machine) and not view.application_fails(
        state, service.name, machine
    )


def answered(trace: Trace, state: State, name: str, port: int | None = None) -> Fraction:
    """The share of new clients that get an answer."""
    return sum((share for _, share, works in spread(trace, state, name, port) if works), Fraction(0))


def client_cells(trace: Trace, name: str) -> list[tuple[Fraction, Fraction]]:
    """Clients that fare alike at every moment: (share of all clients, a place between 0 and 1 that stands for them)."""
    edges = {Fraction(0), Fraction(1)}
    for _, state in trace.moments():
        place = Fraction(0)
        for _, share, _ in spread(trace, state, name):
            place += share
            edges.add(place)
    marks = sorted(edges)
    return [(b - a, (a + b) / 2) for a, b in itertools.pairwise(marks)]
