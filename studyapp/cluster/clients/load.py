"""Clients under way: the connections that a `load` opens, what cuts them, and the sessions that go with them.

Clients that fare alike are one entry, however many they are. A connection is cut when its server crashes, stops, is
saved or moves away, and when nothing came back from it for the TCP time-out. A session is state of a client in the
memory of its server: it is gone when that memory is. While anybody is connected, everything that happens is followed by
a look at who is still served.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from studyapp.cluster import view
from studyapp.cluster.clients import nlb, port_rules
from studyapp.cluster.clients.service import aim, spread_of
from studyapp.cluster.nodes.membership import nodes_now
from studyapp.cluster.scenario import Act, Service
from studyapp.cluster.world import Handler, Verb, World

OPEN: tuple[str, ...] = ("connections",)
"""Remembered from the first load on."""
RULES_DRAINED: tuple[str, ...] = ("rules drained",)
"""Where the run keeps the port rules that are drained: (cluster, rule, host, event that began it)."""
FIRST_PORT, PORTS = 1024, 64_512
"""Source ports that a client may have."""


class Clients(NamedTuple):
    """Clients of a service with the same source address and server; `ends` is when they close their connections (None:
    never), `silent` since when nothing comes back, `connected` and `session` what they still have.
    """

    address: str
    node: str
    number: int
    ends: int | None
    silent: int | None = None
    connected: bool = True
    session: bool = True


def clients_of(world: World, service: str) -> tuple[Clients, ...]:
    """Who has a connection or session of a service."""
    found: tuple[Clients, ...] = world.state.get(("clients", service), ())
    return found


def add(world: World, count: str, service: str, number: int) -> None:
    """Count lost requests or sessions of a service."""
    world.set((count, service), world.state.get((count, service), 0) + number)


# -- connections open ---------------------------------------------------------------------------------------------


def load(world: World, act: Act) -> None:
    """Each client opens one connection, from the source addresses in turn, and keeps it."""
    ends = None if act.lasts_ms is None else world.now + act.lasts_ms
    for name in act.subjects:
        service = world.scenario.service[name]
        served: Counter[tuple[str, str]] = Counter()
        on: Counter[str] = Counter()
        for (address, node, works), count in _servers(world, service, act).items():
            on[node if works else port_rules.NOBODY] += count
            if works:
                served[address, node] += count
        where = ", ".join(f"{count} to {node}" for node, count in sorted(on.items()))
        sentence = f"{act.clients} clients from {len(act.addresses)} addresses connect to {name}: {where}"
        seq = world.emit(act.verb, name, sentence, cause=None, rule="timeline")
        add(world, "requests-lost", name, on[port_rules.NOBODY])
        new = tuple(Clients(address, node, count, ends) for (address, node), count in served.items())
        world.set(("clients", name), clients_of(world, name) + new)
        world.note(OPEN, True)
        _remember(world, service, new, seq)
        if act.lasts_ms is not None:
            world.after(act.lasts_ms, "connections-end", name, cause=seq, background=True)


def _servers(world: World, service: Service, act: Act) -> Counter[tuple[str, str, bool]]:
    """How many clients of each source address get which server, and whether it answers."""
    aim_at = aim(world.scenario, world.rules, world.state, service)
    rule = port_rules.rule_of(world.scenario, world.state, service) if service.kind == "nlb" else None
    by_port = rule is not None and rule.filter == "multiple" and rule.affinity == "none"
    found: Counter[tuple[str, str, bool]] = Counter()
    by_address: dict[str, tuple[str, bool]] = {}
    for number in range(act.clients):
        address = act.addresses[number % len(act.addresses)]
        if by_port or address not in by_address:
            port = FIRST_PORT + int(port_rules.place(f"{act.seed} {number}") * PORTS)
            by_address[address] = aim_at(address, port)
        found[(address, *by_address[address])] += 1
    return found


def _remember(world: World, service: Service, new: tuple[Clients, ...], cause: int) -> None:
    """A rule with extended affinity remembers the hosts of these clients for its time after their connections."""
    rule = port_rules.rule_of(world.scenario, world.state, service) if service.kind == "nlb" else None
    if rule is None or not rule.timeout_ms or not world.has("extended_affinity"):
        return
    if not port_rules.remembers(world.scenario, rule):
        return
    name = port_rules.rule_name(service.target, rule)
    known: dict[str, tuple[str, int | None]] = {
        text: (host, until) for text, host, until in world.state.get(("known", name), ())
    }
    for clients in new:
        text = port_rules.affinity_text(world.scenario, rule, clients.address, 0)
        until = None if clients.ends is None else clients.ends + rule.timeout_ms
        before = known.get(text, (clients.node, 0))[1]
        known[text] = (clients.node, None if before is None or until is None else max(before, until))
    for until in sorted({until for _, until in known.values() if until is not None}):
        world.after(until - world.now, "nlb-forget", name, cause=cause, background=True)
    world.set(("known", name), tuple((text, host, until) for text, (host, until) in known.items()))


def forget(world: World, rule: str, *, cause: int | None) -> None:
    """The time of extended affinity is over for clients that did not come back."""
    known: tuple[tuple[str, str, int | None], ...] = world.state[("known", rule)]
    world.set(("known", rule), tuple(k for k in known if k[2] is None or k[2] > world.now))


# -- connections end ----------------------------------------------------------------------------------------------


def end(world: World, service: str, *, cause: int | None) -> None:
    """Clients close their connections; what happens to their state afterwards is not counted any more."""
    world.set(("clients", service), tuple(c for c in clients_of(world, service) if c.ends != world.now))


def look(world: World, *, cause: int | None) -> None:
    """Who is not served any more: their connections are cut, at once or when the TCP time-out is over."""
    for service in world.scenario.services:
        if clients_of(world, service.name):
            _look(world, service, cause)
    for cluster in world.scenario.nlb:
        for node in nodes_now(world, cluster):
            if world.state[("nlb", cluster, node)] == "Draining" and is_idle(world, cluster, node):
                _drained(world, cluster, node, f"{node} has no connection left and stops", cause)
    for cluster, rule, node, order in world.memo.get(RULES_DRAINED, ()):
        if not _connected(world, cluster, node, rule):
            rule_drained(world, cluster, rule, node, order, "its last connection has ended", cause=cause)


def _look(world: World, service: Service, cause: int | None) -> None:
    timeout = world.number("tcp.timeout")
    fates: dict[tuple[str, int | None], str] = {}
    kept: list[Clients] = []
    lost: dict[str, list[tuple[Clients, Clients]]] = {}
    waits = False
    for clients in clients_of(world, service.name):
        side = port_rules.side_of_client(world.scenario, world.state, clients.address)
        if (clients.node, side) not in fates:
            fates[clients.node, side] = _fate(world, service, clients.node, side)
        fate = fates[clients.node, side]
        waits = waits or (fate == "silent" and clients.silent is None)
        now = _served_on(world, service, clients, fate, timeout)
        if now.connected or (now.session and service.state == "in-memory"):
            kept.append(now)
        if (now.connected, now.session) != (clients.connected, clients.session):
            lost.setdefault(clients.node, []).append((clients, now))
    if waits:
        world.after(timeout, "connections", cause=cause)
    for node, changes in lost.items():
        _tell(world, service, node, changes, cause)
    world.set(("clients", service.name), tuple(kept))


def _served_on(world: World, service: Service, clients: Clients, fate: str, timeout: int) -> Clients:
    """What the clients still have."""
    if not fate:
        return clients._replace(silent=None)
    since = world.now if clients.silent is None else clients.silent
    if fate == "silent" and world.now - since < timeout:
        return clients._replace(silent=since)
    other = _other_host(world, service, clients)
    if other is not None:
        return clients._replace(node=other, silent=None)
    keeps = fate != "gone" or service.state != "in-memory" or _outlives(world, service)
    return clients._replace(connected=False, session=clients.session and keeps)


def _tell(world: World, service: Service, node: str, changes: list[tuple[Clients, Clients]], cause: int | None) -> None:
    """Count what is lost with a server, and say so; the event to blame is what befell it when nothing came back."""
    requests = sum(before.number for before, now in changes if before.connected and not now.connected)
    sessions = sum(before.number for before, now in changes if before.session and not now.session)
    add(world, "requests-lost", service.name, requests)
    add(world, "sessions-lost", service.name, sessions)
    began = min(world.now if before.silent is None else before.silent for before, _ in changes)
    blames = [seq for thing in (node, service.name) if (seq := world.blame(thing)) is not None]
    otherwise = cause if cause is not None else max(blames, default=None)
    cause = max((seq for seq in blames if world.events[seq - 1].at_ms == began), default=otherwise)
    words = [f"{requests} connections of {service.name} with {node} are cut"] if requests else []
    words += [f"{sessions} sessions in the memory of {node} are gone"] if sessions else []
    world.emit("cut", service.name, ", ".join(words), cause=cause, rule="connections")


def _outlives(world: World, service: Service) -> bool:
    """Only under a misconception a session outlives the memory of its host: balanced by affinity, or with a role or
    virtual machine that fails over.
    """
    if service.kind != "nlb":
        world.consulted.add("memory_lost")
        fails_over = service.kind == "role" or service.target in world.scenario.ha_vms
        return fails_over and not world.rules.memory_lost()
    world.consulted.add("affinity_keeps_state")
    return world.rules.affinity_keeps_state(port_rules.rule_of(world.scenario, world.state, service))


def _other_host(world: World, service: Service, clients: Clients) -> str | None:
    """Only under a misconception another host goes on with the connections of one that is gone."""
    if service.kind != "nlb":
        return None
    world.consulted.add("sessions_move")
    if not world.rules.sessions_move():
        return None
    side = port_rules.side_of_client(world.scenario, world.state, clients.address)
    rule = port_rules.rule_of(world.scenario, world.state, service)
    found = port_rules.parts(world.scenario, world.rules, world.state, service.target, rule, side)
    able = (n for part in found for n in part.hosts if n != clients.node)
    return next((n for n in able if not view.application_fails(world.state, service.name, n)), None)


def _fate(world: World, service: Service, node: str, side: int | None) -> str:
    """What a server is to its clients: "" while it serves them; `silent` when nothing comes back; `stopped` when their
    connections are closed; `gone` when its memory is gone too.
    """
    scenario, state = world.scenario, world.state
    machine = node
    if service.kind == "role":
        role = scenario.role[service.target]
        machine = role.vm or node
        servers = {n for n, _, _ in spread_of(scenario, world.rules, state, service)}
        if (role.vm is None and node not in servers) or any(
            view.application_fails(state, role.name, n) for n in servers
        ):
            return "gone"
    if state.get(("vm", machine)) == "Saved":
        return "stopped"
    if not view.powered(state, machine) or view.application_fails(state, service.name, machine):
        return "gone"
    if service.kind != "nlb":
        return "" if view.reached_by_clients(scenario, state, machine) else "silent"
    if node not in nodes_now(world, service.target) or state[("nlb", service.target, node)] not in nlb.STARTED:
        return "stopped"
    rule = port_rules.rule_of(scenario, state, service)
    if (
        rule is not None
        and port_rules.rule_state(state, port_rules.rule_name(service.target, rule), node) == "Disabled"
    ):
        return "stopped"
    if rule is not None and rule.filter == "disabled":
        return "silent"
    return "" if port_rules.is_reached(scenario, state, service.target, node, side) else "silent"


# -- draining -----------------------------------------------------------------------------------------------------


def _connected(world: World, cluster: str, node: str, rule: str | None = None) -> list[Clients]:
    """Clients that have a connection with a host, by one port rule or any."""
    return [
        clients
        for service in world.scenario.services
        if service.kind == "nlb" and service.target == cluster and rule in (None, _rule_name(world, service))
        for clients in clients_of(world, service.name)
        if clients.node == node and clients.connected
    ]


def is_idle(world: World, cluster: str, node: str) -> bool:
    """No client has a connection with this host."""
    return not _connected(world, cluster, node)


def wait_for_drain(world: World, cluster: str, node: str, timeout: int | None, cause: int) -> None:
    """A host drains: it stops when its last connection has ended, or is cut at the end of its time limit."""
    _wait_for_last(world, _connected(world, cluster, node), timeout, cause)
    world.note(("drains", cluster, node), cause)
    if timeout is not None:
        world.after(timeout, "nlb-drain-over", cluster, node, cause, cause=cause)


def _wait_for_last(world: World, connected: list[Clients], timeout: int | None, cause: int) -> None:
    """Look again when the last of these connections ends, where that is known and comes before the time limit."""
    known = [clients.ends for clients in connected if clients.ends is not None]
    last = max(known, default=world.now) - world.now if len(known) == len(connected) else None
    if last is not None and (timeout is None or last <= timeout):
        world.after(last, "connections", cause=cause)


def drain_over(world: World, cluster: str, node: str, order: int, *, cause: int | None) -> None:
    """The time limit of a drain is over."""
    if world.state[("nlb", cluster, node)] == "Draining" and world.memo.get(("drains", cluster, node)) == order:
        _drained(world, cluster, node, f"the time limit is over: {node} stops, and what is left is cut", cause)


def _drained(world: World, cluster: str, node: str, sentence: str, cause: int | None) -> None:
    seq = world.emit("stop-node", node, sentence, cause=cause, rule="nlb-drain", cluster=cluster)
    world.accuse(node, seq)
    nlb.leave(world, cluster, node, "Stopped", seq)
    world.once("connections", cause=seq)


def watch(world: World, *, cause: int | None) -> None:
    """Look at the connections while there are any."""
    if OPEN in world.memo:
        look(world, cause=cause)


def _rule_name(world: World, service: Service) -> str | None:
    rule = port_rules.rule_of(world.scenario, world.state, service)
    return port_rules.rule_name(service.target, rule) if rule is not None else None


def drain_rule(world: World, cluster: str, rule: str, node: str, timeout: int | None, cause: int) -> None:
    """A host takes no new connections by a port rule, which is disabled there when the last has ended, or at the end of
    a time limit.
    """
    connected = _connected(world, cluster, node, rule)
    world.set(("rule-state", rule, node), "Draining" if connected else "Disabled")
    if not connected:
        return
    world.note(RULES_DRAINED, (*world.memo.get(RULES_DRAINED, ()), (cluster, rule, node, cause)))
    _wait_for_last(world, connected, timeout, cause)
    if timeout is not None:
        why = "the time limit is over, and what is left is cut"
        world.after(timeout, "nlb-rule-drained", cluster, rule, node, cause, why, cause=cause)


def rule_drained(world: World, cluster: str, rule: str, node: str, order: int, why: str, *, cause: int | None) -> None:
    """The drain of a port rule on a host is over, unless somebody has ended it before."""
    drains = world.memo.get(RULES_DRAINED, ())
    world.note(RULES_DRAINED, tuple(each for each in drains if each != (cluster, rule, node, order)) or None)
    if (cluster, rule, node, order) in drains and port_rules.rule_state(world.state, rule, node) == "Draining":
        sentence = f"{rule} is disabled on {node}: {why}"
        seq = world.emit("set", rule, sentence, cause=cause, rule="nlb-drain", cluster=cluster)
        world.set(("rule-state", rule, node), "Disabled")
        world.accuse(node, seq)
        world.once("connections", cause=seq)


def watched(handler: Handler) -> Handler:
    """The handler, followed by a look at the connections: a server may be gone and there again at one moment."""

    def work(world: World, *arguments: object, cause: int | None) -> None:
        handler(world, *arguments, cause=cause)
        watch(world, cause=cause)

    return work


HANDLERS: dict[str, Handler] = {
    "connections": look,
    "connections-end": end,
    "nlb-forget": forget,
    "nlb-drain-over": drain_over,
    "nlb-rule-drained": rule_drained,
}
VERBS: dict[str, Verb] = {"load": load}
