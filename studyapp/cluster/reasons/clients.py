"""Why clients get an answer or none: services, shares, outages, what was lost."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from studyapp.cluster import paths, view
from studyapp.cluster.chance import open_name
from studyapp.cluster.claims.readers import down
from studyapp.cluster.clients import port_rules
from studyapp.cluster.clients import service as services
from studyapp.cluster.describe import per_cent
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons import clusters, roles
from studyapp.cluster.reasons.machines import any_of, condition, machine_events
from studyapp.cluster.reasons.reason import PLACE, Look, Reason, at_time, lost, names, plural, seconds
from studyapp.cluster.scenario import Role, Service

BALANCING = ("converged", "removed", "joined", "drain-stop", "suspend", "stop-node", "start-node")
MOST_SPANS = 2
"""Outages that are told one by one."""


# -- who answers ----------------------------------------------------------------------------------------------------


def available(look: Look, value: Value, name: str, port: int | None = None) -> Reason:
    """Whether a new client gets an answer."""
    service = services.named(look.scenario, name)
    if service.kind == "nlb":
        return _balanced(look, service, port)
    if service.kind == "runs_on":
        return _answered_by(look, service, service.target, f"{name} runs on {service.target}. {look.when} it")
    role = look.scenario.role[service.target]
    behind = "" if name == role.name else f"{name} is the role {role.name}. "
    if not view.role_online(look.state, role.name):
        found = roles.role(look, False, role.name)
        return replace(found, sentence=f"{behind}{found.sentence}")
    events = roles.role_events(look, role.name)
    node = open_name(look.state, look.state["owner", role.name])
    machine = role.vm or any_of(look.state, look.state["owner", role.name], lambda n: not trouble(look, service, n))
    on = node if role.vm in (None, role.name) else f"{role.vm}, on {node}"
    found = _answered_by(look, service, machine, f"{behind}{look.when} {role.name} is on {on}, which")
    return Reason(
        found.sentence, tuple(sorted({*events, *found.events})), found.quiet if not events else (), found.rules
    )


def _answered_by(look: Look, service: Service, machine: str, said: str) -> Reason:
    """A service that one machine answers."""
    wrong = trouble(look, service, machine)
    if wrong is not None:
        return Reason(f"{said} {wrong.sentence}.", wrong.events, wrong.quiet, wrong.rules)
    events = machine_events(look, machine)
    if not events:
        host = look.state.get(("host", machine))
        near = (machine, host if isinstance(host, str) else None, *view.own_networks(look.scenario, machine))
        events = look.last(near, ("rejoin", "restore"))
    return Reason(f"{said} answers clients.", events, () if events else look.quiet(machine))


def trouble(look: Look, service: Service, machine: str) -> Reason | None:
    """Why a machine does not answer the clients of a service; None where it does."""
    scenario, state = look.scenario, look.state
    why = condition(look, machine)
    if why:
        return Reason(why, machine_events(look, machine))
    if not view.attached(scenario, state, machine):
        host = view.host_of(state, machine)
        near = (machine, host, *view.own_networks(scenario, machine))
        return Reason("answers, but no network leads to it", look.last(near, ("isolate", "lose"), 2))
    if service.kind != "role":
        return _failed(look, (service.name,)) if view.application_fails(state, service.name, machine) else None
    role = scenario.role[service.target]
    if role.vm is None:
        return _trouble_of_role(look, role, machine)
    owner = state["owner", role.name]
    return _trouble_of_role(look, role, any_of(state, owner, lambda n: _trouble_of_role(look, role, n) is None))


def _trouble_of_role(look: Look, role: Role, node: str) -> Reason | None:
    """Why a role does not answer on a node that does."""
    scenario, state = look.scenario, look.state
    if view.application_fails(state, role.name, node):
        return _failed(look, (role.name, *(s.name for s in scenario.services if s.target == role.name)))
    disk = view.storage_of(scenario, state, role.name)
    if disk is None or paths.storage_reached(scenario, state, disk, node):
        return None
    layers = [layer.name for layer in paths.layers(scenario, disk)]
    things = (*scenario.machines, *scenario.store, *scenario.witnesses)
    events = look.last(layers, ("lose", "offline")) or look.last(things, ("partition",))
    return Reason(f"does not reach its disk on {disk}", events)


def _failed(look: Look, things: tuple[str, ...]) -> Reason:
    """The application of these has failed on a machine that answers."""
    told = look.last(things, ("fail",))
    return Reason("answers, but its application has failed", told, told if _unfollowed(look, told) else ())


def _unfollowed(look: Look, events: tuple[int, ...]) -> bool:
    quiet = set(look.quiet(*(look.event(e).subject for e in events)))
    return bool(set(events) & quiet)


def _balanced(look: Look, service: Service, port: int | None) -> Reason:
    """A service behind Network Load Balancing."""
    cells = services.spread(look.now.trace, look.state, service.name, *(() if port is None else (port,)))
    events = look.of_cluster(service.target, BALANCING)
    chosen = services.cell_at(cells, look.clients[service.name].low) if service.name in look.clients else None
    if chosen is not None:
        cells = (chosen,)
    failing = [node for node, _, works in cells if not works]
    of = service.name if port is None else f"port {port} of {service.target}"
    if all(node == "none" for node, _, _ in cells):
        return _nobody(look, service, of, port)
    if not failing:
        who = names(dict.fromkeys(node for node, _, _ in cells))
        client = "this client" if chosen is not None else "every new client"
        return Reason(f"{look.when} {client} of {of} gets an answer, from {who}.", events)
    share = sum((width for node, width, works in cells if node == failing[0] and not works), Fraction(0))
    wrong = trouble(look, service, failing[0]) if failing[0] != "none" else None
    why = wrong.sentence if wrong is not None else "does not answer them"
    sent = "this client" if chosen is not None else f"{per_cent(share)} of the new clients"
    said = f"{look.when} {failing[0]} is responsible for {sent} of {of}, and {why}."
    if wrong is None:
        return Reason(said, events)
    return Reason(said, tuple(sorted({*events, *wrong.events})), wrong.quiet, wrong.rules)


def _nobody(look: Look, service: Service, of: str, port: int | None = None) -> Reason:
    """Why no host takes the clients: a port rule says so, or no host is there that could."""
    said = f"{look.when} no host of {service.target} takes the clients of {of}"
    rule, why = by_rule(look, service, None, port)
    if rule == "disabled-rule" or _sharing(look, service):
        return Reason(f"{said}. {why}", look.of_cluster(service.target, BALANCING), rules=(rule,))
    events, alone = lost(look, service.target)
    return Reason(f"{said}: {clusters.nodes_down(look, service.target)}.", events, alone=alone)


def share(look: Look, value: Value, name: str, node: str) -> Reason:
    """The share of new clients that a node is given."""
    service = services.named(look.scenario, name)
    cells = services.spread(look.now.trace, look.state, name)
    amount = per_cent(sum((width for n, width, _ in cells if n == node), Fraction(0)))
    others = [n for n in dict.fromkeys(n for n, _, _ in cells) if n not in (node, "none")]
    rest = f"the others go to {names(others)}" if others else "nobody else takes any"
    said = f"{look.when} {node} is given {amount} of the new clients of {name}; {rest}."
    if service.kind != "nlb":
        return Reason(said, look.last((service.target,), PLACE))
    events = look.of_cluster(service.target, BALANCING)
    rule, why = by_rule(look, service, node)
    return Reason(f"{said} {why}", events, () if events else look.quiet(name, node), (rule,))


def by_rule(look: Look, service: Service, node: str | None, port: int | None = None) -> tuple[str, str]:
    """The rule of Network Load Balancing by which a host takes its part of the clients, and the numbers."""
    scenario, state, cluster = look.scenario, look.state, service.target
    rule = port_rules.rule_of(scenario, state, service, port)
    if rule is None:
        return "default-host", "No port rule covers it, so the default host takes all of it."
    name = port_rules.rule_name(cluster, rule)
    if rule.filter == "disabled":
        return "disabled-rule", f"The port rule {name} blocks it."
    left_out = state.get(("rule-left-out", name), ())
    sharing = [n for n in _sharing(look, service) if n not in left_out]
    if left_out and not sharing:
        return "disabled-rule", f"The port rule {name} is disabled on every host."
    if rule.filter == "single":
        return (
            "handling-priority",
            f"By the port rule {name} the host with the lowest handling priority number has all.",
        )
    weights = {n: port_rules.load_weight(scenario, rule, n) for n in sharing}
    if sharing and not any(weights.values()):
        return "load-weights", f"By the port rule {name} no host that takes part has a load weight."
    if node is not None and port_rules.is_deaf(scenario, state, cluster, node):
        return "cluster-mac", f"Without MAC address spoofing nothing that is sent to {cluster} reaches {node}."
    if node not in weights:
        return "load-weights", f"By the port rule {name} the load is divided by weight among those that take part."
    in_all = sum(weights.values())
    return "load-weights", f"By the port rule {name} its load weight is {weights[node]} of {in_all} in all."


def _sharing(look: Look, service: Service) -> tuple[str, ...]:
    """The hosts among which the load is divided, the dead included until convergence has ended."""
    state = look.state
    found: dict[str, None] = {}
    for node in view.nodes(look.scenario, state, service.target):
        if port_rules.is_reached(look.scenario, state, service.target, node, None):
            found |= dict.fromkeys(state["nlb-table", service.target, node])
    return tuple(found)


def serves(look: Look, value: Value, node: str, name: str) -> Reason:
    """Whether a node answers new clients of a service."""
    service = services.named(look.scenario, name)
    given = any(n == node for n, _, _ in services.spread(look.now.trace, look.state, name))
    wrong = trouble(look, service, node) if given and not value else None
    if wrong is not None:
        return Reason(f"{look.when} {node} {wrong.sentence}.", wrong.events, wrong.quiet)
    return share(look, value, name, node)


def default_host(look: Look, value: Value, cluster: str) -> Reason:
    """The host that takes what no port rule covers."""
    if value == "none":
        events, alone = lost(look, cluster)
        said = f"{look.when} no host of {cluster} takes part: {clusters.nodes_down(look, cluster)}."
        return Reason(said, events, alone=alone)
    events = look.of_cluster(cluster, BALANCING)
    number = port_rules.priority(look.scenario, look.state, cluster, str(value))
    said = f"{look.when} {value} has the lowest host priority number of those that take part in {cluster}: {number}."
    return Reason(said, events, rules=("default-host",))


def target(look: Look, value: Value, name: str, client: str, port: int) -> Reason:
    """The host that answers a client."""
    service = look.scenario.service[name]
    events = look.of_cluster(service.target, BALANCING)
    if value == "none":
        return _nobody(look, service, name)
    made_of = port_rules.rule_of(look.scenario, look.state, service)
    if made_of is None or made_of.filter != "multiple":
        rule, why = by_rule(look, service, str(value))
        return Reason(f"{look.when} {client} with port {port} falls to {value}. {why}", events, rules=(rule,))
    said = f"{look.when} {client} with port {port} falls to {value} (by a hash of the model's own)"
    return Reason(f"{said}, with the affinity {made_of.affinity}.", events, rules=("affinity",))


# -- over the run ---------------------------------------------------------------------------------------------------


def outages(look: Look, value: Value, name: str) -> Reason:
    """When nobody got an answer, and what began and ended that."""
    spans = down(look.now, name)
    if not spans:
        there = available(look, True, name)
        return Reason(f"{name} had an answer for clients at every moment. {there.sentence}", there.events, there.quiet)
    said = f"{name} gave no answer {_spans(spans)}."
    events: set[int] = set()
    for begin, end in spans[-MOST_SPANS:]:
        events.update(available(look.at(begin), False, name).events)
        if end < math.inf:
            events.update(available(look.at(round(end)), True, name).events)
    return Reason(said, tuple(sorted(events)))


def _spans(spans: list[tuple[int, float]]) -> str:
    told = []
    for begin, end in spans[-MOST_SPANS:]:
        if end == math.inf:
            told.append(f"from {at_time(begin)} on")
        else:
            told.append(f"from {at_time(begin)} to {at_time(round(end))} ({seconds((end - begin) / 1000)})")
    more = len(spans) - MOST_SPANS
    earlier = f", and {plural(more, 'time')} before" if more > 0 else ""
    return " and ".join(told) + earlier


def requests_lost(look: Look, value: Value, name: str) -> Reason:
    """Connections that were cut, and new ones without an answer."""
    loads = look.last((name,), ("load",), MOST_SPANS)
    if not loads:
        return _unasked(name)
    if not value:
        return Reason(f"No connection to {name} was cut, and none remained unanswered.", loads)
    said = f"{plural(_count(value), 'connection')} to {name} {'was' if value == 1 else 'were'} cut or not answered."
    return Reason(said, tuple(sorted({*loads, *_losses(look, "requests-lost", name)})), rules=("connections",))


def sessions_lost(look: Look, value: Value, name: str) -> Reason:
    """Clients whose state was lost with its server."""
    loads = look.last((name,), ("load",), MOST_SPANS)
    if not loads:
        return _unasked(name)
    if value:
        said = (
            f"The sessions of {plural(_count(value), 'client')} of {name} were in the memory of a server that lost it."
        )
        return Reason(said, tuple(sorted({*loads, *_losses(look, "sessions-lost", name)})), rules=("session-lost",))
    service = services.named(look.scenario, name)
    kept = {
        "none": f"{name} keeps no state of its clients, so there is none to be lost.",
        "shared": f"{name} keeps the state of its clients where every server reaches it, so no server takes it along.",
    }
    return Reason(kept.get(service.state, f"No server that held sessions of {name} has lost its memory."), loads)


def _unasked(name: str) -> Reason:
    return Reason(f"Nothing asks {name} for anything in this run: the timeline has no load of it.")


def _count(value: Value) -> int:
    return int(value) if isinstance(value, int) else 0


def _losses(look: Look, counter: str, name: str) -> tuple[int, ...]:
    """The latest events that a counter of losses went up with."""
    changes = (c for c in look.now.trace.changes if c.key == (counter, name) and c.at_ms <= look.now.ms)
    found = dict.fromkeys(c.seq for c in changes if 0 < c.seq <= len(look.now.events))
    return tuple(found)[-MOST_SPANS:]
