"""What may go wrong with each thing of a scenario in a given state, and what may be put right, as menus show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studyapp.cluster import view
from studyapp.cluster.describe import Component, condition, failing, join, lost, named, split
from studyapp.cluster.scenario import Act, Scenario
from studyapp.cluster.trace import State


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that may be done to a thing: `label` as a menu shows it, and the act."""

    label: str
    act: Act


def faults(scenario: Scenario, state: State, thing: Component) -> tuple[Deed, ...]:
    """What may go wrong with a thing in this state, the plainest first."""
    return tuple(_faults(scenario, state, thing))


def repairs(scenario: Scenario, state: State, thing: Component) -> tuple[Deed, ...]:
    """What may be put right about a thing in this state."""
    return tuple(_repairs(scenario, state, thing))


def _faults(scenario: Scenario, state: State, thing: Component) -> Iterator[Deed]:
    name = thing.name
    if thing.kind in ("host", "vm"):
        yield from _machine_faults(scenario, state, name)
    elif thing.kind == "cluster":
        if not split(scenario, state):
            yield from _splits(scenario, state, name)
    elif thing.kind == "role":
        yield from _role_faults(state, name, name)
    elif thing.kind == "service":
        service = scenario.service[name]
        if service.kind == "role":
            yield from _role_faults(state, name, service.target)
        else:
            nodes = scenario.nlb[service.target].nodes if service.kind == "nlb" else (service.target,)
            for node in nodes:
                yield from _service_fault(scenario, state, name, node)
    elif not lost(state, name):
        yield Deed(f"Lose: the {named(thing.kind, name)} is gone", Act("lose", (name,)))


def _machine_faults(scenario: Scenario, state: State, name: str) -> Iterator[Deed]:
    seen = condition(scenario, state, name)
    if seen == "down":
        return
    with_guests = ", and so do its VMs" if name in _hosts_with_guests(scenario, state) else ""
    yield Deed(f"Crash: {name} loses its power{with_guests}", Act("crash", (name,)))
    if seen != "silent":
        yield Deed(f"Hang: {name} stays on and answers nothing", Act("hang", (name,)))
    reached = [n for n in view.own_networks(scenario, name) if not state.get(("cut", name, n))]
    if reached:
        yield Deed(
            f"Isolate: {name} is cut off from {'its networks' if reached[1:] else reached[0]}", Act("isolate", (name,))
        )
    if len(reached) > 1:
        for network in reached:
            yield Deed(f"Isolate: {name} is cut off from {network} only", Act("isolate", (name,), networks=(network,)))
    if seen == "silent":
        return
    for service in scenario.service.values():
        if service.target == name or (service.kind == "nlb" and name in scenario.nlb[service.target].nodes):
            yield from _service_fault(scenario, state, service.name, name)
    for role in scenario.roles:
        if role.vm is None and view.owner(state, role.name) == name:
            yield from _role_faults(state, role.name, role.name)


def _hosts_with_guests(scenario: Scenario, state: State) -> frozenset[str | None]:
    """The hosts that a VM is on now."""
    return frozenset(view.host_of(state, vm) for vm in scenario.vm)


def _service_fault(scenario: Scenario, state: State, service: str, node: str) -> Iterator[Deed]:
    if view.answers(state, node) and not view.application_fails(state, service, node):
        at = node if scenario.service[service].kind == "nlb" else None
        yield Deed(f"Fail: the program of {service} ends, {node} lives on", Act("fail", (service,), node=at))


def _role_faults(state: State, name: str, role: str) -> Iterator[Deed]:
    owner = view.owner(state, role)
    if view.role_online(state, role) and not view.application_fails(state, role, owner):
        yield Deed(f"Fail: {role} fails once, a restart cures it", Act("fail", (name,)))
        yield Deed(f"Fail: {role} will not start on {owner} until it is repaired", Act("fail", (name,), lasting=True))


def _splits(scenario: Scenario, state: State, cluster: str) -> Iterator[Deed]:
    """Every cut through the machines of a cluster in their order; a file share witness may be on either side."""
    nodes = next(c.nodes for c in scenario.clusters if c.name == cluster)
    places = tuple(dict.fromkeys(view.host_of(state, n) or n for n in nodes))
    shares = tuple(w for w, c in scenario.witnesses.items() if c == cluster)
    for cut in range(1, len(places)):
        one, other = places[:cut], places[cut:]
        for sides in ((one, other), ((*one, *shares), other), (one, (*other, *shares)))[: 3 if shares else 1]:
            reached = f", {shares[0]} reached by both" if shares and sides == (one, other) else ""
            yield Deed(f"Split: {' '.join(sides[0])} | {' '.join(sides[1])}{reached}", Act("partition", sides=sides))


def _repairs(scenario: Scenario, state: State, thing: Component) -> Iterator[Deed]:
    name = thing.name
    if thing.kind in ("host", "vm"):
        seen = condition(scenario, state, name)
        if seen in ("down", "silent"):
            yield Deed(f"Start: {name} is {'reset and ' if seen == 'silent' else ''}started", Act("start", (name,)))
        cut = tuple(n for n in view.own_networks(scenario, name) if state.get(("cut", name, n)))
        if cut:
            yield Deed(f"Rejoin: {name} reaches {join(cut)} again", Act("rejoin", (name,), networks=cut))
        for broken in failing(scenario, state, name):
            yield Deed(f"Repair: {broken} works again", Act("repair", (broken,)))
    elif thing.kind in ("role", "service"):
        service = scenario.service.get(name) if thing.kind == "service" else None
        target = service.target if service is not None and service.kind == "role" else name
        broken_somewhere = any(k[0] == "app" and k[1] in (name, target) and v for k, v in state.items())
        if broken_somewhere or (target in scenario.role and view.role_state(state, target) == "Failed"):
            yield Deed(f"Repair: {name} works again", Act("repair", (name,)))
    elif thing.kind != "cluster" and lost(state, name):
        yield Deed(f"Restore: the {named(thing.kind, name)} is back", Act("restore", (name,)))
    if thing.kind in ("host", "vm", "cluster", "network", "witness") and split(scenario, state):
        yield Deed("Heal: the network is whole again", Act("heal"))
