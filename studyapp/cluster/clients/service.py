"""Services as clients see them: how new clients are spread over nodes, and which of them get an answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from studyapp.cluster import paths, view
from studyapp.cluster.chance import alike
from studyapp.cluster.clients import port_rules
from studyapp.cluster.clients.port_rules import Cell
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import PortRule, Scenario, Service
from studyapp.cluster.trace import State, Trace

Fates = tuple[tuple[Fraction, bool], ...]
"""Clients side by side: up to which place, and whether they get an answer; who fares otherwise comes next."""


class Interval(NamedTuple):
    """Clients of a service side by side: those from the one place on, up to the other."""

    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)


class NeedsClient(Exception):
    """The value depends on which client of the service asks; between two of the `edges` all fare alike."""

    def __init__(self, service: str, edges: Collection[Fraction]) -> None:
        super().__init__(service)
        self.service = service
        self.edges = edges


def named(scenario: Scenario, name: str) -> Service:
    """The service of this name; a role may be asked for as one."""
    return scenario.service.get(name) or Service(name, "role", name)


def spread(trace: Trace, state: State, name: str, port: int | None = None) -> tuple[Cell, ...]:
    """How new clients of a service (or role) are spread: each node, its share, and whether it answers them. `port` asks
    about another port of a balanced service's cluster.
    """
    return spread_of(trace.scenario, trace.rules, state, named(trace.scenario, name), port)


def spread_of(
    scenario: Scenario, rules: Rules, state: State, service: Service, port: int | None = None
) -> tuple[Cell, ...]:
    """The same of a service that the scenario need not name. Clients of a balanced one are told side by side; where no
    host is responsible the node is `none`.
    """
    if service.kind == "nlb":
        sides = port_rules.sides_of_clients(scenario, state)
        told = [balanced_cells(scenario, rules, state, service, port, side) for side in sides]
        return told[0] if len(told) == 1 else tuple((n, width / len(told), w) for each in told for n, width, w in each)
    if service.kind == "runs_on":
        return ((service.target, Fraction(1), works_on(scenario, state, service, service.target)),)
    role = scenario.role[service.target]
    if not view.role_online(state, role.name):
        return ()
    owner = view.owner(state, role.name)
    servers = rules.servers(owner, lambda: view.members(scenario, state, role.cluster)) or (owner,)
    machine_of = {n: role.vm or n for n in servers}
    disk = view.storage_of(scenario, state, role.name)
    return tuple(
        (
            n,
            Fraction(1, len(servers)),
            works_on(scenario, state, service, machine_of[n])
            and not view.application_fails(state, role.name, n)
            and (disk is None or paths.storage_reached(scenario, state, disk, n)),
        )
        for n in servers
    )


def balanced_cells(
    scenario: Scenario, rules: Rules, state: State, service: Service, port: int | None, side: int | None
) -> tuple[Cell, ...]:
    """How new clients of a balanced service fare on one side of a partition."""
    rule = port_rules.rule_of(scenario, state, service, port)
    found = port_rules.parts(scenario, rules, state, service.target, rule, side)
    return port_rules.cells(found, lambda node: not view.application_fails(state, service.name, node))


def works_on(scenario: Scenario, state: State, service: Service, machine: str) -> bool:
    """The application of the service works on a machine that clients reach."""
    return view.reached_by_clients(scenario, state, machine) and not view.application_fails(
        state, service.name, machine
    )


def answered(trace: Trace, state: State, name: str, port: int | None = None) -> Fraction:
    """The share of new clients that get an answer."""
    told = fates(trace, state, name, port)
    places = (Fraction(0), *(place for place, _ in told))
    return sum((place - before for before, (place, works) in zip(places, told, strict=False) if works), Fraction(0))


def fates(trace: Trace, state: State, name: str, port: int | None = None) -> Fates:
    """How new clients fare, whoever answers them: which of the nodes an open draw has chosen is asked only where one
    would answer and another would not.
    """
    return alike(state, lambda known: _side_by_side(spread(trace, known, name, port)))


def _side_by_side(cells: tuple[Cell, ...]) -> Fates:
    found: list[tuple[Fraction, bool]] = []
    place = Fraction(0)
    for works, group in itertools.groupby(cells, lambda cell: cell[2]):
        place = sum((share for _, share, _ in group), place)
        found.append((place, works))
    return tuple(found)


def is_answered(told: Fates, name: str, clients: Mapping[str, Interval]) -> bool:
    """A client of a service, picked at random, gets an answer; `told` is how they fare. Raises NeedsClient where only
    some do, and it is open which asks.
    """
    if len(told) < 2:
        return bool(told) and told[0][1]
    client = clients.get(name)
    if client is None or any(client.low < place < client.high for place, _ in told):
        raise NeedsClient(name, [place for place, _ in told])
    return next((works for place, works in told if client.low < place), False)


def cell_at(told: tuple[Cell, ...], place: Fraction) -> Cell | None:
    """The clients with whom one at a place from 0 to 1 fares alike; None where the service gives nobody an answer."""
    for cell in told:
        place -= cell[1]
        if place < 0:
            return cell
    return None


# -- network load balancing ---------------------------------------------------------------------------------------


def aim(scenario: Scenario, rules: Rules, state: State, service: Service) -> Callable[[str, int], tuple[str, bool]]:
    """What finds, for a client's address and source port, the node that a new connection goes to (`none`: nobody is
    responsible), and whether it answers. In an NLB cluster the node comes from the model's stand-in for the product's
    hash.
    """
    if service.kind != "nlb":
        told = spread_of(scenario, rules, state, service)

        def told_apart(address: str, port: int) -> tuple[str, bool]:
            cell = cell_at(told, port_rules.place(f"{address}:{port}"))
            return (cell[0], cell[2]) if cell is not None else (port_rules.NOBODY, False)

        return told_apart
    rule = port_rules.rule_of(scenario, state, service)
    known = port_rules.known_hosts(scenario, state, service.target, rule)
    found = {
        side: port_rules.parts(scenario, rules, state, service.target, rule, side)
        for side in port_rules.sides_of_clients(scenario, state)
    }

    def balanced(address: str, port: int) -> tuple[str, bool]:
        text = port_rules.affinity_text(scenario, rule, address, port)
        return port_rules.first_answer(
            found[port_rules.side_of_client(scenario, state, address)],
            port_rules.place(text),
            lambda node: not view.application_fails(state, service.name, node),
            known.get(text),
        )

    return balanced


def target(trace: Trace, state: State, name: str, client: str, port: int) -> str:
    """The host that a new connection of a client (IPv4 address, source port) goes to; `none` where nobody is
    responsible. A dead host keeps its clients until the others have converged.
    """
    scenario = trace.scenario
    return aim(scenario, trace.rules, state, scenario.service[name])(client, port)[0]


def default_host(trace: Trace, state: State, cluster: str) -> str:
    """The host that takes what no port rule covers: of those that share the load the one with the highest priority.
    `none` where no host takes part.
    """
    scenario = trace.scenario
    found = {
        part.shares[0][0]
        for side in port_rules.sides_of_clients(scenario, state)
        for part in port_rules.parts(scenario, trace.rules, state, cluster, PortRule(filter="single"), side)
    }
    return next(iter(port_rules.by_priority(scenario, state, cluster, found)), port_rules.NOBODY)


def mac(scenario: Scenario, state: State, cluster: str) -> str:
    """The cluster's MAC address: the prefix of its operation mode, then octets of its address in hexadecimal. `none`
    where the scenario gives it no address.
    """
    octets = (scenario.nlb[cluster].address or "").split(".")
    prefix = str(scenario.fact[f"nlb.mac.{view.nlb_mode(scenario, state, cluster)}"].value).split("-")
    if len(octets) < len(prefix):
        return port_rules.NOBODY
    return "-".join((*prefix, *(f"{int(octet):02X}" for octet in octets[len(prefix) - 2 :])))


def keeps_state(trace: Trace, state: State, name: str) -> bool:
    """No session of a balanced service is gone: they are not in the memory of its hosts, or no host has lost it."""
    scenario = trace.scenario
    service = scenario.service[name]
    rule = port_rules.rule_of(scenario, state, service)
    if service.state != "in-memory" or trace.rules.sessions_move() or trace.rules.affinity_keeps_state(rule):
        return True
    return bool(state.get(("memory", name), True)) and all(
        state[("memory", node)] and view.powered(state, node) for node in scenario.nlb[service.target].nodes
    )


def requests_lost(state: State, name: str) -> int:
    """Connections of a service that were cut, and new ones that got no answer."""
    return int(state.get(("requests-lost", name), 0))


def sessions_lost(state: State, name: str) -> int:
    """Clients of a service whose state is gone."""
    return int(state.get(("sessions-lost", name), 0))
