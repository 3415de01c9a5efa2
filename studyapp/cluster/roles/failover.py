"""Roles of a failover cluster: where they go when their node is lost, how they start and stop, what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from studyapp.cluster import view
from studyapp.cluster.chance import OneOf, is_among
from studyapp.cluster.nodes.membership import already_detected, detected, waiting_nodes
from studyapp.cluster.nodes.power import power_off
from studyapp.cluster.properties import length
from studyapp.cluster.roles import guests, moments, policies
from studyapp.cluster.roles.placement import (
    CONFLICT,
    NO_MEMORY,
    NODE,
    RESOURCE,
    START,
    Board,
    last_owner,
    memory_of,
    priority,
)
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import Handler, World

Request = tuple[str, str, int | None]
"""A role that needs a node, why (`node`, `resource` or `start`), and the event to blame."""

ANTI_AFFINITY = "Offline (Anti-Affinity Conflict)"
DOWN = ("Offline", "Failed", ANTI_AFFINITY)
"""States of a role that no node has."""


def members_that_serve(owner: str, members: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """One node runs a role; the others stand by."""
    return (owner,)


# -- after a change of the membership -------------------------------------------------------------------------------


def take_over(world: World, cluster: str, *, cause: int | None) -> None:
    """Roles whose owner is no member any more find a new one, or go offline with the cluster; roles that have none
    start. What a node has that hangs goes offline only where another node is there to tell.
    """
    state = world.state
    sides = view.sides(world.scenario, state, cluster)
    members = {n for side in sides for n in side}
    waiting = waiting_nodes(world, cluster)
    requests: list[Request] = []
    for role in world.scenario.roles_of[cluster]:
        if view.is_unmonitored(state, role.name):
            continue
        if not view.is_owned(state, role.name):
            reason = state.get(("waits", role.name))
            if sides and not state.get(("given-up", role.name)) and (reason or priority(world, role)):
                requests.append((role.name, reason or START, cause))
        elif is_among(state, state[("owner", role.name)], members):
            continue
        elif sides:
            requests += _lost(world, role, cause)
        elif waiting or state[("cluster-service", cluster, view.owner(state, role.name))] != "running":
            stopped = world.blame(f"stopped {cluster} {view.owner(state, role.name)}", cause)
            go_offline(world, role, f"{cluster} has no quorum", "majority", stopped)
    ask(world, cluster, requests)
    _tell_who_returned(world, cluster, sides[0] if sides else (), cause)
    # A node that came back before it was missed joins only when its roles have been taken over.
    if waiting:
        world.after(0, "gather", cluster, cause=cause)


def _lost(world: World, role: Role, cause: int | None) -> list[Request]:
    """The owner of a role is gone: the cluster takes the role for failed; what has to be placed. A side that was
    started by force may find an owner gone that it never heard: that is by `cause`.
    """
    cluster = role.cluster
    owner = view.owner(world.state, role.name)
    lost = world.blame(f"removed {cluster} {owner}", cause)
    fault = world.state.get(("fault", role.vm or owner))
    if fault is not None:
        world.set(("fault", role.name), fault)
        if not already_detected(world, cluster, role.name):
            sentence = f"with {owner} gone, {cluster} takes {role.name} for failed"
            lost = detected(world, cluster, role.name, sentence, lost)
    if not priority(world, role):
        why = f"its node {owner} is lost, and with priority 0 it does not start by itself"
        go_offline(world, role, why, "start-order", lost)
        return []
    world.set(("owner", role.name), "none")
    world.set(("role", role.name), "Pending")
    _moves_nowhere(world, role)
    return [(role.name, NODE, lost)]


def _tell_who_returned(world: World, cluster: str, members: tuple[str, ...], cause: int | None) -> None:
    """Nodes that have joined since the last change may get roles back; a node that has left leaves no longer."""
    before = world.memo.get(("members", cluster), world.scenario.failover[cluster].nodes)
    if members != before:
        world.note(("members", cluster), members)
    for node in view.nodes(world.scenario, world.state, cluster):
        if node in members and node not in before:
            world.after(0, "returned", cluster, node, cause=cause)
        if node not in members and world.state.get(("drain", cluster, node)):
            world.set(("drain", cluster, node), None)


# -- placing --------------------------------------------------------------------------------------------------------


def ask(world: World, cluster: str, requests: Iterable[Request]) -> None:
    """Place roles later at this moment, with all that are asked for by then, so that the important go first."""
    found = tuple(requests)
    if found:
        world.note(("asked", cluster), (*world.memo.get(("asked", cluster), ()), *found))
        world.once("place-all", cluster, cause=None)


def place(world: World, role_name: str, reason: str, *, cause: int | None) -> None:
    """A role needs a node."""
    ask(world, world.scenario.role[role_name].cluster, [(role_name, reason, cause)])


def wake(world: World, cluster: str, cause: int | None) -> None:
    """Room may have been made: roles that wait for a node are tried again later at this moment."""
    if world.state.get(("waiting", cluster)):
        world.once("place-waiting", cluster, cause=cause)


def place_waiting(world: World, cluster: str, *, cause: int | None) -> None:
    """Try the roles again that wait for a node."""
    waiting = world.state[("waiting", cluster)]
    ask(world, cluster, [(r, reason, cause) for r in waiting if (reason := world.state.get(("waits", r)))])


def place_all(world: World, cluster: str, *, cause: int | None) -> None:
    """Choose nodes for the roles that need one: high priority first, then in the order in which they were asked for."""
    requests: tuple[Request, ...] = world.memo["asked", cluster]
    world.note(("asked", cluster), None)
    roles = world.scenario.role
    board = Board(world, cluster)
    running = bool(view.sides(world.scenario, world.state, cluster))
    for name, reason, blamed in sorted(requests, key=lambda r: -priority(world, roles[r[0]])):
        if not view.is_owned(world.state, name):
            _place_one(world, board, roles[name], reason if running else "", blamed)
    before = world.state.get(("waiting", cluster), ())
    names = dict.fromkeys((*before, *(name for name, _, _ in requests)))
    waiting = tuple(name for name in names if world.state.get(("waits", name)))
    if waiting != before:
        world.set(("waiting", cluster), waiting)


def _place_one(world: World, board: Board, role: Role, reason: str, cause: int | None) -> None:
    """Start a role on the node that it goes to; `reason` is "" where its cluster does not run."""
    if not reason:
        if world.state[("role", role.name)] not in DOWN:
            go_offline(world, role, f"{role.cluster} has no quorum", "majority", cause)
        return
    last = last_owner(world, role.name)
    able = board.able(role)
    others = tuple(n for n in able if n != last)
    if reason == RESOURCE or (reason == NODE and others):
        able = others
    if not able:
        _wait(world, board, role, reason, cause)
        return
    able = board.apart(role, able)
    world.consulted.add("successors")
    targets = (last,) if reason == START and last in able else world.rules.successors(world, role.name, reason, able)
    target = world.draw(targets)
    if reason == START or target == last:
        bring_online(world, role, target, cause)
    elif not fail_over(world, role, last, target, cause):
        return
    board.took(role, target)


def _wait(world: World, board: Board, role: Role, reason: str, cause: int | None) -> None:
    """No node can have the role now: it waits for one, and says so once."""
    world.set(("waits", role.name), reason)
    kind = board.why_none(role)
    shown = world.state[("role", role.name)]
    if shown in DOWN and (kind != CONFLICT or shown == ANTI_AFFINITY):
        return
    if kind == CONFLICT:
        why = "every node that could have it has a role that it must be kept apart from"
        _stop(world, role, ANTI_AFFINITY, f"{role.name} stays offline: {why}", "anti-affinity", cause)
    elif kind == NO_MEMORY:
        why = f"no node that could have it has {memory_of(world, role)} GB of memory left"
        go_offline(world, role, why, "memory", cause)
    else:
        failed = _stop(
            world, role, "Failed", f"{role.name} is failed: no node is left that may own it", "succession", cause
        )
        if reason == RESOURCE:
            try_again_later(world, role, failed)


def fail_over(world: World, role: Role, source: str, target: str | OneOf, cause: int | None) -> bool:
    """The role moves and starts, unless it has failed over too often in the sliding period."""
    threshold = policies.failovers_allowed(world, role)
    period = world.setting(role.name, "FailoverPeriod", role.cluster)
    times = moments.later_than(world.state[("failover-times", role.name)], world.now - period)
    if moments.number(times) >= threshold:
        most = "1 failover in {} is" if moments.number(times) == 1 else f"{moments.number(times)} failovers in {{}} are"
        why = f"{most.format(length(period))} the most allowed"
        give_up(world, role, why, "failover-threshold", cause)
        return False
    sentence = f"{role.name} goes from {source} to {target}"
    moved = world.emit("failover", role.name, sentence, cause=cause, rule="succession", cluster=role.cluster)
    world.set(("failovers", role.name), world.state[("failovers", role.name)] + 1)
    world.set(("failover-times", role.name), moments.with_one(times, world.now))
    world.set(("restart-times", role.name), ())
    bring_online(world, role, target, moved)
    return True


# -- starting and stopping ------------------------------------------------------------------------------------------


def bring_online(world: World, role: Role, node: str | OneOf, cause: int | None, *, delay: int = 0) -> None:
    """Start the role on a node, after a delay: it is pending for its start time, at most for a pending timeout that
    somebody has set.
    """
    for attribute in ("owner", "last-owner"):
        world.set((attribute, role.name), node)
    world.set(("role", role.name), "Pending")
    if world.state.get(("waits", role.name)):
        world.set(("waits", role.name), None)
    attempt = world.state[("attempt", role.name)] + 1
    world.set(("attempt", role.name), attempt)
    turn_off(world, role, cause)
    if role.vm is not None:
        world.set(("host", role.vm), node)
    limit = world.by_hand(role.name, "PendingTimeout")
    late = isinstance(limit, int) and limit < role.starts_in_ms
    wait = delay + (limit if isinstance(limit, int) and late else role.starts_in_ms)
    endless = policies.is_endless(world, role)
    if endless:
        wait = policies.not_awaited(world, role, wait)
    if late:
        world.after(wait, "start-timed-out", role.name, attempt, cause=cause, background=endless)
    else:
        world.after(wait, "come-online", role.name, node, attempt, cause=cause, background=endless)


def boot(world: World, vm: str, cause: int) -> None:
    """A virtual machine has started cold: what was in its memory is gone."""
    world.set(("power", vm), True)
    world.set(("fault", vm), None)
    world.set(("boots", vm), world.state[("boots", vm)] + 1)
    world.consulted.add("memory_lost")
    if world.rules.memory_lost():
        world.set(("memory", vm), False)
    guests.started(world, vm, cause)
    world.accuse(vm, cause)
    world.after(0, "machine-up", vm, cause=cause)


def turn_off(world: World, role: Role, cause: int | None) -> None:
    """The virtual machine of a role is off; clusters that it is a node of miss it, and others may use its memory."""
    if role.vm is None:
        return
    was_on = view.powered(world.state, role.vm)
    power_off(world, role.vm)
    _moves_nowhere(world, role)
    if was_on and cause is not None:
        world.accuse(role.vm, cause)
        world.once("look", cause=cause)


def _moves_nowhere(world: World, role: Role) -> None:
    """A migration that was under way is void: it takes no memory where it would have gone."""
    if role.vm is not None and world.state.get(("moving-to", role.vm)):
        world.set(("moving-to", role.vm), None)


def go_offline(world: World, role: Role, why: str, rule: str, cause: int | None) -> int:
    """The role stops and is offline."""
    return _stop(world, role, "Offline", f"{role.name} is offline: {why}", rule, cause)


def give_up(world: World, role: Role, why: str, rule: str, cause: int | None) -> None:
    """The role stays failed until it is repaired, or until the retry period has passed (not waited for)."""
    world.set(("given-up", role.name), True)
    world.set(("waits", role.name), None)
    failed = _stop(world, role, "Failed", f"{role.name} stays failed: {why}", rule, cause)
    try_again_later(world, role, failed)


def try_again_later(world: World, role: Role, cause: int) -> None:
    """A resource left failed is tried again when its retry period has passed."""
    period = policies.retry_period(world, role)
    if period is not None:
        world.after(period, "retry", role.name, world.state[("attempt", role.name)], cause=cause, background=True)


def _stop(world: World, role: Role, state: str, sentence: str, rule: str, cause: int | None) -> int:
    policies.forget_starts(world, role)
    world.set(("owner", role.name), "none")
    world.set(("role", role.name), state)
    kind = "failed" if state == "Failed" else "offline"
    stopped = world.emit(kind, role.name, sentence, cause=cause, rule=rule, cluster=role.cluster)
    turn_off(world, role, stopped)
    wake(world, role.cluster, stopped)
    return stopped


HANDLERS: dict[str, Handler] = {
    "take-over": take_over,
    "place": place,
    "place-all": place_all,
    "place-waiting": place_waiting,
}
