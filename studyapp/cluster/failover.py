"""Roles of a failover cluster: where they go when their node is lost, how they restart, when they stay failed."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.chance import OneOf, decided, is_among
from studyapp.cluster.membership import already_detected, detected, waiting_nodes
from studyapp.cluster.power import power_off
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import NOTICE, Handler, World


def documented_order(world: World, role_name: str, reason: str, able: tuple[str, ...]) -> tuple[str, ...]:
    """Where a role goes: with preferred owners the next able node below the last owner in the list of preferred
    owners followed by the others by id; without, the next id after a resource failure, any able node (chance) after
    the loss of a node.
    """
    role = world.scenario.role[role_name]
    nodes = view.nodes(world.scenario, world.state, role.cluster)
    if not role.preferred and reason != "resource":
        return able
    order = role.preferred + tuple(n for n in nodes if n not in role.preferred) if role.preferred else nodes
    last = order.index(last_owner(world, role_name))
    below = order[last + 1 :] + order[: last + 1]
    return tuple(n for n in below if n in able)[:1]


def last_owner(world: World, role_name: str) -> str:
    """The node that has the role, or had it last. Raises Undecided while chance has left it open."""
    return decided(world.state, world.state[("last-owner", role_name)])


def members_that_serve(owner: str, members: tuple[str, ...]) -> tuple[str, ...]:
    """One node runs a role; the others stand by."""
    return (owner,) if owner in members else ()


def possible_nodes(world: World, role: Role) -> tuple[str, ...]:
    """Members that answer, may own the role and reach its storage."""
    scenario, state = world.scenario, world.state
    sides = view.sides(scenario, state, role.cluster)
    if not sides:
        return ()
    alive = view.running_nodes(scenario, state, role.cluster)
    return tuple(
        n
        for n in view.nodes(scenario, state, role.cluster)
        if n in sides[0]
        and n in alive
        and (not role.possible or n in role.possible)
        and (role.storage is None or view.storage_reached(scenario, state, role.storage, n))
    )


def take_over(world: World, cluster: str, *, cause: int | None) -> None:
    """Roles whose owner is no member any more find a new one, or go offline with the cluster."""
    sides = view.sides(world.scenario, world.state, cluster)
    members = {n for side in sides for n in side}
    for role in world.scenario.roles_of[cluster]:
        if not view.is_owned(world.state, role.name):
            if sides and not world.state.get(("given-up", role.name)):
                world.once("place", role.name, "start", cause=cause)
            continue
        if is_among(world.state, world.state[("owner", role.name)], members):
            continue
        owner = view.owner(world.state, role.name)
        if not sides:
            go_offline(world, role, "Offline", world.blame(f"stopped {cluster} {owner}", cause))
            continue
        lost = world.blame(f"removed {cluster} {owner}", cause)
        fault = world.state.get(("fault", role.vm or owner))
        if fault is not None:
            world.set(("fault", role.name), fault)
            if not already_detected(world, cluster, role.name):
                lost = detected(
                    world, cluster, role.name, f"with {owner} gone, {cluster} takes {role.name} for failed", lost
                )
        world.set(("owner", role.name), "none")
        world.set(("role", role.name), "Pending")
        world.after(0, "place", role.name, "node", cause=lost)
    # A node that came back before it was missed joins only when its roles have been taken over.
    if waiting_nodes(world, cluster):
        world.after(0, "gather", cluster, cause=cause)


def go_offline(world: World, role: Role, state: str, cause: int | None) -> None:
    """The role stops: with the cluster service (`Offline`), or because it may not be tried again (`Failed`)."""
    kind = "offline" if state == "Offline" else "failed"
    rule = "majority" if state == "Offline" else "succession"
    why = f"{role.cluster} has no quorum" if state == "Offline" else "no node is left that may own it"
    world.set(("owner", role.name), "none")
    world.set(("role", role.name), state)
    stopped = world.emit(kind, role.name, f"{role.name} is {kind}: {why}", cause=cause, rule=rule, cluster=role.cluster)
    turn_off(world, role, stopped)


def turn_off(world: World, role: Role, cause: int | None) -> None:
    """The virtual machine of a role is off; clusters that it is a node of miss it."""
    if role.vm is None:
        return
    was_on = view.powered(world.state, role.vm)
    power_off(world, role.vm)
    if was_on and cause is not None:
        world.accuse(role.vm, cause)
        world.once("look", cause=cause)


def place(world: World, role_name: str, reason: str, *, cause: int | None) -> None:
    """Choose the node that takes a role which nobody owns; `reason` is `node`, `resource` or `start`."""
    role = world.scenario.role[role_name]
    if view.is_owned(world.state, role_name):
        return
    last = last_owner(world, role_name)
    able = possible_nodes(world, role)
    others = tuple(n for n in able if n != last)
    if reason == "resource" or (reason == "node" and others):
        able = others
    if not able:
        if world.state[("role", role_name)] not in ("Offline", "Failed"):
            running = bool(view.sides(world.scenario, world.state, role.cluster))
            go_offline(world, role, "Failed" if running else "Offline", cause)
        return
    if reason == "start" and last in able:
        bring_online(world, role, last, cause)
        return
    world.consulted.add("successors")
    targets = world.rules.successors(world, role_name, reason, able)
    unlike = any(view.application_fails(world.state, role_name, n) for n in targets)
    target = world.pick(targets) if unlike else world.draw(targets)
    if reason == "start":
        bring_online(world, role, target, cause)
    else:
        fail_over(world, role, target, cause)


def fail_over(world: World, role: Role, target: str | OneOf, cause: int | None) -> None:
    """The role moves, unless it has failed over too often in the sliding period."""
    if world.by_hand(role.name, "FailoverThreshold") is None:
        world.row("FailoverThreshold", role.cluster)
        threshold = len(view.nodes(world.scenario, world.state, role.cluster)) - 1
    else:
        threshold = world.setting(role.name, "FailoverThreshold", role.cluster)
    period = world.setting(role.name, "FailoverPeriod", role.cluster)
    times = tuple(t for t in world.state[("failover-times", role.name)] if world.now - t < period)
    if len(times) >= threshold:
        why = f"{len(times)} failovers in {period // 60000} min are the most allowed"
        give_up(world, role, why, "failover-threshold", cause)
        return
    source = last_owner(world, role.name)
    moved = world.emit(
        "failover",
        role.name,
        f"{role.name} goes from {source} to {target}",
        cause=cause,
        rule="succession",
        cluster=role.cluster,
    )
    world.set(("failovers", role.name), world.state[("failovers", role.name)] + 1)
    world.set(("failover-times", role.name), (*times, world.now))
    world.set(("restart-times", role.name), ())
    bring_online(world, role, target, moved)


def bring_online(world: World, role: Role, node: str | OneOf, cause: int | None) -> None:
    """Start the role on a node: it is pending for its start time."""
    world.set(("owner", role.name), node)
    world.set(("last-owner", role.name), node)
    world.set(("role", role.name), "Pending")
    attempt = world.state[("attempt", role.name)] + 1
    world.set(("attempt", role.name), attempt)
    turn_off(world, role, cause)
    if role.vm is not None:
        world.set(("host", role.vm), node)
    world.after(role.starts_in_ms, "come-online", role.name, node, attempt, cause=cause)


def come_online(world: World, role_name: str, node: str | OneOf, attempt: int, *, cause: int | None) -> None:
    """The start has ended: the role is online, or has failed again."""
    scenario, state = world.scenario, world.state
    role = scenario.role[role_name]
    if not view.is_owned(state, role_name) or state[("attempt", role_name)] != attempt:
        return
    if not is_among(state, node, view.running_nodes(scenario, state, role.cluster)):
        return
    fit = [
        n
        for n in scenario.failover[role.cluster].nodes
        if view.application_fails(state, role_name, n) != "lasting"
        and (role.storage is None or view.storage_reached(scenario, state, role.storage, n))
    ]
    if not is_among(state, node, fit):
        resource_failed(world, role, cause)
        return
    for thing in (role_name, *(s.name for s in scenario.services if s.target in (role_name, role.vm))):
        for machine in (node, role.vm or node):
            if isinstance(machine, str) and view.application_fails(state, thing, machine) == "once":
                world.set(("app", thing, machine), "")
    world.set(("role", role_name), "Online")
    world.set(("fault", role_name), None)
    world.consulted.add("memory_lost")
    if world.rules.memory_lost():
        world.set(("memory", role_name), False)
    online = world.emit(
        "online", role_name, f"{role_name} is online on {node}", cause=cause, rule="cold-start", cluster=role.cluster
    )
    if role.vm is not None:
        boot(world, role.vm, online)


def boot(world: World, vm: str, cause: int | None) -> None:
    """A virtual machine has started cold: what was in its memory is gone."""
    world.set(("power", vm), True)
    world.set(("hung", vm), False)
    world.set(("fault", vm), None)
    world.set(("boots", vm), world.state[("boots", vm)] + 1)
    world.consulted.add("memory_lost")
    if world.rules.memory_lost():
        world.set(("memory", vm), False)
    for service in world.scenario.services:
        if view.application_fails(world.state, service.name, vm) == "once":
            world.set(("app", service.name, vm), "")
    world.accuse(vm, cause)
    world.after(0, "machine-up", vm, cause=cause)


# -- resource failures --------------------------------------------------------------------------------------------


def watch(world: World, role_name: str, cause: int | None) -> None:
    """Something is wrong with the role's resource: the next LooksAlive will see it."""
    poll = world.setting(role_name, "LooksAlivePollInterval", world.scenario.role[role_name].cluster)
    world.after(poll - world.now % poll, "poll", role_name, cause=cause, order=NOTICE)


def resource_broken(world: World, role: Role) -> bool:
    """What LooksAlive and IsAlive would find on the present owner."""
    scenario, state = world.scenario, world.state
    owner = view.owner(state, role.name)
    if view.application_fails(state, role.name, owner):
        return True
    if role.storage is not None and not view.storage_reached(scenario, state, role.storage, owner):
        return True
    if role.vm is None:
        return False
    if not view.powered(state, role.vm):
        return True
    world.consulted.add("guest_seen")
    if state[("hung", role.vm)]:
        return world.rules.guest_seen(world, role.name, "system")
    inside = any(view.application_fails(state, s.name, role.vm) for s in scenario.services)
    return inside and world.rules.guest_seen(world, role.name, "application")


def guest_heartbeat_is_watched(world: World, role_name: str, what: str) -> bool:
    """The guest's heartbeat tells of its operating system alone, and only where it is watched: a setting of the VM's
    resource, for releases that have it, with integration services in the guest.
    """
    role = world.scenario.role[role_name]
    if what != "system" or role.vm is None or not world.scenario.vm[role.vm].integration_services:
        return False
    asked = bool(world.setting(role_name, "CheckHeartbeat", role.cluster))
    return asked and bool(world.number("GuestHeartbeatMonitoring", role.cluster))


def poll(world: World, role_name: str, *, cause: int | None) -> None:
    """LooksAlive on the owner; what it finds is checked by IsAlive at once and counts as a failure."""
    role = world.scenario.role[role_name]
    owner = view.owner(world.state, role_name)
    if (
        world.state[("role", role_name)] != "Online"
        or owner not in view.running_nodes(world.scenario, world.state, role.cluster)
        or not resource_broken(world, role)
    ):
        return
    if role.vm is not None:
        cause = world.blame(role.vm, cause)
    for thing in dict.fromkeys((role.vm or role_name, role_name)):
        if world.state.get(("fault", thing)) is None:
            world.set(("fault", thing), world.now)
    cause = detected(world, role.cluster, role_name, f"{owner} finds that {role_name} has failed", cause, rule="poll")
    resource_failed(world, role, cause)


def resource_failed(world: World, role: Role, cause: int | None) -> None:
    """Restart in place while the restart policy allows, then fail over."""
    action = world.setting(role.name, "RestartAction", role.cluster)
    threshold = world.setting(role.name, "RestartThreshold", role.cluster)
    period = world.setting(role.name, "RestartPeriod", role.cluster)
    times = tuple(t for t in world.state[("restart-times", role.name)] if world.now - t < period)
    owner = view.owner(world.state, role.name)
    if action != 0 and len(times) < threshold:
        restarted = world.emit(
            "restart",
            role.name,
            f"{role.name} restarts on {owner} ({len(times) + 1} of {threshold} restarts allowed)",
            cause=cause,
            rule="restart-policy",
            cluster=role.cluster,
        )
        world.set(("restarts", role.name), world.state[("restarts", role.name)] + 1)
        world.set(("restart-times", role.name), (*times, world.now))
        bring_online(world, role, owner, restarted)
        return
    world.set(("owner", role.name), "none")
    turn_off(world, role, cause)
    if action == 2:
        world.set(("role", role.name), "Pending")
        world.after(0, "place", role.name, "resource", cause=cause)
        return
    give_up(world, role, "its restart policy does not let it fail over", "restart-policy", cause)


def give_up(world: World, role: Role, why: str, rule: str, cause: int | None) -> None:
    """The role stays failed until it is repaired, or until the retry period has passed (not waited for)."""
    world.set(("role", role.name), "Failed")
    world.set(("given-up", role.name), True)
    failed = world.emit(
        "failed", role.name, f"{role.name} stays failed: {why}", cause=cause, rule=rule, cluster=role.cluster
    )
    period = world.setting(role.name, "RetryPeriodOnFailure", role.cluster)
    world.after(period, "retry", role.name, world.state[("attempt", role.name)], cause=failed, background=True)


def retry(world: World, role_name: str, attempt: int, *, cause: int | None) -> None:
    """A role left failed is tried again."""
    if world.state[("role", role_name)] == "Failed" and world.state[("attempt", role_name)] == attempt:
        world.set(("given-up", role_name), False)
        world.after(0, "place", role_name, "start", cause=cause)


HANDLERS: dict[str, Handler] = {
    "take-over": take_over,
    "place": place,
    "come-online": come_online,
    "poll": poll,
    "retry": retry,
}
