"""Network Load Balancing: who takes part. Hosts that hear one another agree on who is there; silence and every change
start convergence, and when that has ended the load is shared anew.

NLB looks at hosts, never at applications. Hosts form a part only where each hears every other: one that hears nothing
counts itself alone, its heartbeats say so, and the others go on without it. So does a guest in unicast mode that may
not use the cluster's MAC address, and hosts of different operation modes, whose clusters have different MAC addresses.

The state of a host, `("nlb", cluster, host)`, is what `view.nlb_state` shows, or `Starting`: it was started, and looks
for the others. `nlb-side` is whom it hears; `nlb-table` whom it shares the load with since it converged last.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.clients import port_rules
from studyapp.cluster.nodes.membership import (
    already_detected,
    blamed,
    detected,
    detected_inside,
    has_failed,
    in_groups,
    nodes_now,
    silence_order,
)
from studyapp.cluster.world import Handler, World

STARTED = ("Starting", "Converging", "Converged", "Draining")
Silences = dict[tuple[str, str], tuple[int, int | None]]
"""(listener, silent host) to the time since when nothing was heard, and the event to blame."""


def sends_nlb_heartbeats(world: World, cluster: str, node: str) -> bool:
    """The machine answers; what its applications do is not looked at."""
    return view.answers(world.state, node)


def any_part_serves(heard: int, in_all: int) -> bool:
    """NLB has no votes: whatever is left goes on serving."""
    return True


def is_started(world: World, cluster: str, node: str) -> bool:
    """NLB runs on a machine that answers."""
    return world.state[("nlb", cluster, node)] in STARTED and view.answers(world.state, node)


def ways(world: World, cluster: str, node: str) -> view.Ways:
    """How heartbeats leave and reach a host, by its operation mode."""
    mode = view.nlb_mode(world.scenario, world.state, cluster, node)
    found = view.ways(world.scenario, world.state, node)
    into = frozenset() if port_rules.is_deaf(world.scenario, world.state, cluster, node) else found.into
    return view.Ways(found.side, frozenset(f"{mode} {w}" for w in found.out), frozenset(f"{mode} {w}" for w in into))


def hearing_groups(world: World, cluster: str) -> list[tuple[str, ...]]:
    """The hosts that send heartbeats, in groups in which each hears every other."""
    world.consulted.add("nlb_heartbeat_shows")
    places = {
        node: ways(world, cluster, node)
        for node in nodes_now(world, cluster)
        if is_started(world, cluster, node) and world.rules.nlb_heartbeat_shows(world, cluster, node)
    }
    return in_groups(places, places)


def at_start(world: World, cluster: str) -> None:
    """Before the timeline everybody has converged with those who hear him; of two hosts with one host priority the
    later has not been accepted.
    """
    state = world.state
    world.consulted.update(("nlb_serves", "default_host_serves"))
    taken: set[int] = set()
    for node in nodes_now(world, cluster):
        number = port_rules.priority(world.scenario, state, cluster, node)
        state[("nlb", cluster, node)] = "Stopped" if number in taken else "Converged"
        state[("nlb-side", cluster, node)] = frozenset((node,))
        state[("nlb-table", cluster, node)] = frozenset()
        taken.add(number)
    for group in hearing_groups(world, cluster):
        side = frozenset(group)
        serves = world.rules.nlb_serves(len(side), len(nodes_now(world, cluster)))
        for node in group:
            state[("nlb-side", cluster, node)] = side
            state[("nlb-table", cluster, node)] = side if serves else frozenset()


# -- silence ------------------------------------------------------------------------------------------------------


def recheck(world: World, cluster: str, cause: int | None) -> None:
    """After any change: note who is silent to whom, and let hosts that hear a new one converge with it."""
    state = world.state
    before: Silences = world.memo.get(("nlb-silent", cluster), {})
    now: Silences = {}
    deadlines: set[int] = set()
    for group in hearing_groups(world, cluster):
        heard = frozenset(group)
        sides = {state[("nlb-side", cluster, n)] for n in group}
        if any(not heard <= side for side in sides) or any(state[("nlb", cluster, n)] == "Starting" for n in group):
            meet(world, cluster, group, cause)
            sides = {state[("nlb-side", cluster, n)] for n in group}
        missing = {side: [b for b in nodes_now(world, cluster) if b in side - heard] for side in sides}
        for a in group:
            for b in missing[state[("nlb-side", cluster, a)]]:
                since = before.get((a, b))
                if since is None:
                    since = (world.now, blamed(world, a, b, cause))
                    world.consulted.add("silence_limit")
                    deadlines.add(world.rules.silence_limit(world, cluster, a, b))
                now[a, b] = since
    if now != before:
        world.note(("nlb-silent", cluster), now)
    for limit in sorted(deadlines):
        world.after(limit, "nlb-regroup", cluster, cause=None, order=silence_order(world, cluster))


def regroup(world: World, cluster: str, *, cause: int | None) -> None:
    """Hosts that were silent for the whole limit are dropped, each for what silenced it, and convergence starts."""
    silent: Silences = world.memo["nlb-silent", cluster]
    late = {
        pair: blame
        for pair, (since, blame) in silent.items()
        if world.now - since >= world.rules.silence_limit(world, cluster, *pair)
    }
    for group in hearing_groups(world, cluster):
        gone = {b: blame for (a, b), blame in late.items() if a in group and b not in group}
        if gone:
            left = world.state[("nlb-side", cluster, group[0])] - frozenset(gone)
            lost = [n for n in nodes_now(world, cluster) if n in gone]
            dropped = [_drop(world, cluster, node, group, left, gone[node]) for node in lost]
            begin(world, cluster, group, left, world.number("nlb.Convergence"), dropped[-1])
            kept = {pair: record for pair, record in silent.items() if pair[0] not in group or pair[1] not in gone}
            world.note(("nlb-silent", cluster), kept)
            silent = kept


def _drop(
    world: World, cluster: str, node: str, group: tuple[str, ...], left: frozenset[str], blame: int | None
) -> int:
    """The group counts a host no longer; a failure that its silence stands for is now detected."""
    limit = world.rules.silence_limit(world, cluster, group[0], node)
    shows = world.rules.nlb_heartbeat_shows(world, cluster, node)
    if not shows and view.answers(world.state, node):
        world.set(("fault", node), world.now - limit)
        blame = detected_inside(world, cluster, node, world.scenario.service, blame, rule="nlb-silence")
    if has_failed(world, node) and not already_detected(world, cluster, node):
        sentence = f"the other members of {cluster} have not heard {node} for {limit / 1000:g} s"
        blame = detected(world, cluster, node, sentence, blame, rule="nlb-silence")
    if not shows and is_started(world, cluster, node):
        # Only under a misconception is a host dropped that the others could hear: it serves no more.
        world.set(("nlb-table", cluster, node), frozenset())
        world.set(("nlb", cluster, node), "Converging")
        world.note(("nlb-round", cluster, node), None)
    names = ", ".join(n for n in nodes_now(world, cluster) if n in left)
    verb = "converges" if len(left) == 1 else "converge"
    lost = not view.reached_by_clients(world.scenario, world.state, node)
    clients = f"; until that has ended, the clients of {node} get no answer" if lost else ""
    sentence = f"{names} {verb} without {node} in {cluster}{clients}"
    return world.emit("removed", node, sentence, cause=blame, rule="nlb-silence", cluster=cluster)


# -- convergence --------------------------------------------------------------------------------------------------


def meet(world: World, cluster: str, group: tuple[str, ...], cause: int | None) -> None:
    """Hosts hear one that they did not count: they converge, and it takes part when that has ended. One whose host
    priority is taken is not accepted, and disturbs nobody.
    """
    state = world.state
    before = {n: state[("nlb-side", cluster, n)] for n in group}
    taken: dict[int, str] = {}
    accepted: list[str] = []
    for node in sorted(group, key=lambda n: (state[("nlb", cluster, n)] == "Starting", -len(before[n]))):
        number = port_rules.priority(world.scenario, state, cluster, node)
        if number in taken:
            sentence = f"{node} is not accepted in {cluster}: {taken[number]} has the host priority {number}"
            world.emit("refused", node, sentence, cause=cause, rule="nlb-priority", cluster=cluster)
            world.set(("finding", "OPS007", node), sentence)
            _leaves(world, cluster, node, "Stopped")
        else:
            taken[number] = node
            accepted.append(node)
    side = frozenset(accepted).union(*(before[n] for n in accepted)) - (frozenset(group) - frozenset(accepted))
    if any(before[n] != side or state[("nlb", cluster, n)] == "Starting" for n in accepted):
        wait = world.setting(cluster, "AliveMsgPeriod") * world.number("nlb.JoinHeartbeats")
        begin(world, cluster, tuple(accepted), side, wait, cause)


def begin(
    world: World, cluster: str, hosts: tuple[str, ...], side: frozenset[str], wait: int, cause: int | None
) -> None:
    """Hosts that count this side begin to converge; a convergence that was under way does not end any more. Those who
    share the load go on as before until it has ended.
    """
    number = world.memo.get(("nlb-rounds", cluster), 0) + 1
    world.note(("nlb-rounds", cluster), number)
    for node in hosts:
        world.set(("nlb-side", cluster, node), side)
        world.note(("nlb-round", cluster, node), number)
        if world.state[("nlb", cluster, node)] != "Draining":
            world.set(("nlb", cluster, node), "Converging")
    world.after(wait, "nlb-converge", cluster, number, cause=cause)


def converge(world: World, cluster: str, number: int, *, cause: int | None) -> None:
    """A convergence has ended: the load is shared among the hosts of its side, but for those that drain."""
    scenario, state = world.scenario, world.state
    nodes = nodes_now(world, cluster)
    hosts = [
        n
        for n in nodes
        if world.memo.get(("nlb-round", cluster, n)) == number
        and state[("nlb", cluster, n)] in ("Converging", "Draining")
        and view.answers(state, n)
    ]
    if not hosts:
        return
    side: frozenset[str] = state[("nlb-side", cluster, hosts[0])]
    serves = world.rules.nlb_serves(len(side), len(nodes))
    table = frozenset(n for n in side if serves and state[("nlb", cluster, n)] != "Draining")
    before = {n: state[("nlb-table", cluster, n)] for n in port_rules.by_priority(scenario, state, cluster, hosts)}
    main = max(before.values(), key=len)
    for node in (n for n in hosts if n in table and (n not in main or not before[n])):
        sentence = f"{node} takes part in {cluster}"
        cause = world.emit("joined", node, sentence, cause=cause, rule="nlb-convergence", cluster=cluster)
    agree(world, cluster)
    for node in hosts:
        world.set(("nlb-table", cluster, node), table)
        if state[("nlb", cluster, node)] == "Converging":
            world.set(("nlb", cluster, node), "Converged")
    names = ", ".join(n for n in nodes if n in table)
    what = f"the load of {cluster} is shared by {names}" if table else f"{cluster} stops serving"
    world.emit("converged", cluster, what, cause=cause, rule="nlb-convergence", cluster=cluster)


def agree(world: World, cluster: str) -> None:
    """From here on the hosts go by the port rules as they are set."""
    rules = port_rules.as_set(world.scenario, world.state, cluster)
    if rules != port_rules.in_force(world.scenario, world.state, cluster):
        world.set(("rules", cluster), rules)
    for name in dict.fromkeys(port_rules.rule_name(cluster, rule) for rule in rules):
        nodes = nodes_now(world, cluster)
        left_out = tuple(n for n in nodes if port_rules.rule_state(world.state, name, n) != "Enabled")
        if left_out != world.state.get(("rule-left-out", name), ()):
            world.set(("rule-left-out", name), left_out)


def leave(world: World, cluster: str, node: str, becomes: str, cause: int | None) -> None:
    """A host leaves by order: the others need not wait for its silence and converge at once. Until that has ended its
    share gets no answer.
    """
    _leaves(world, cluster, node, becomes)
    for group in hearing_groups(world, cluster):
        # Hosts that hear one another only now that this one has left may count different ones.
        for side in dict.fromkeys(world.state[("nlb-side", cluster, n)] for n in group):
            if node in side:
                hosts = tuple(n for n in group if world.state[("nlb-side", cluster, n)] == side)
                begin(world, cluster, hosts, side - {node}, world.number("nlb.Convergence"), cause)


def _leaves(world: World, cluster: str, node: str, becomes: str) -> None:
    world.set(("nlb", cluster, node), becomes)
    world.set(("nlb-side", cluster, node), frozenset((node,)))
    world.set(("nlb-table", cluster, node), frozenset())


def changed(world: World, cluster: str, cause: int | None) -> None:
    """A setting of the cluster or of a host has changed: all hosts that hear one another converge, and what the setting
    says of silence holds at once. No such change should begin before all hosts have converged.
    """
    warn(world, cluster)
    groups = hearing_groups(world, cluster)
    for group in groups:
        side: frozenset[str] = world.state[("nlb-side", cluster, group[0])]
        begin(world, cluster, group, side, world.number("nlb.Convergence"), cause)
    if not groups:
        agree(world, cluster)
    silent: Silences = world.memo.get(("nlb-silent", cluster), {})
    limits = {since + world.rules.silence_limit(world, cluster, *pair) for pair, (since, _) in silent.items()}
    for limit in sorted(limits):
        world.after(max(0, limit - world.now), "nlb-regroup", cluster, cause=None, order=silence_order(world, cluster))


def warn(world: World, cluster: str) -> None:
    """A finding where a change comes while hosts still converge."""
    if any(view.nlb_state(world.state, cluster, n) == "Converging" for n in nodes_now(world, cluster)):
        world.set(("finding", "OPS025", cluster), f"{cluster} is changed while its hosts converge")


def wake(world: World, machine: str) -> None:
    """NLB starts with its machine, and where it was stopped; a suspended host waits to be resumed."""
    for cluster in world.scenario.nlb:
        if machine in nodes_now(world, cluster) and world.state[("nlb", cluster, machine)] == "Stopped":
            world.set(("nlb", cluster, machine), "Starting")


HANDLERS: dict[str, Handler] = {"nlb-regroup": regroup, "nlb-converge": converge}
