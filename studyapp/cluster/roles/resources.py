"""Resources of roles: the checks that find a failure, restarts in place, the end of a start, another try later."""

from __future__ import annotations

from studyapp.cluster import paths, view
from studyapp.cluster.chance import OneOf, is_among
from studyapp.cluster.nodes.membership import detected, detected_inside
from studyapp.cluster.roles import moments
from studyapp.cluster.roles.failover import boot, bring_online, give_up, turn_off, wake
from studyapp.cluster.roles.placement import RESOURCE, START
from studyapp.cluster.scenario import Role
from studyapp.cluster.world import NOTICE, Handler, World


def watch(world: World, role_name: str, cause: int | None) -> None:
    """Something is wrong with the role's resource: the next LooksAlive will see it, or IsAlive if that comes first."""
    cluster = world.scenario.role[role_name].cluster
    looks = world.setting(role_name, "LooksAlivePollInterval", cluster)
    thorough = world.setting(role_name, "IsAlivePollInterval", cluster)
    wait = min(looks - world.now % looks, thorough - world.now % thorough)
    world.after(wait, "poll", role_name, cause=cause, order=NOTICE)


def resource_broken(world: World, role: Role) -> bool:
    """What LooksAlive and IsAlive would find on the present owner."""
    scenario, state = world.scenario, world.state
    owner = view.owner(state, role.name)
    storage = view.storage_of(scenario, state, role.name)
    if view.application_fails(state, role.name, owner):
        return True
    paused_critical = role.vm is not None and state.get(("vm", role.vm)) == "PausedCritical"
    if storage is not None and not paused_critical and not paths.storage_reached(scenario, state, storage, owner):
        return True
    if role.vm is None:
        return False
    if not view.powered(state, role.vm):
        return True
    world.consulted.add("guest_seen")
    if state[("hung", role.vm)]:
        return world.rules.guest_seen(world, role.name, "system")
    return bool(_heard_of_inside(world, role))


def _heard_of_inside(world: World, role: Role) -> tuple[str, ...]:
    """The services failing inside a guest that answers, as far as its host cluster hears of them."""
    vm = role.vm
    if vm is None or not view.answers(world.state, vm):
        return ()
    world.consulted.add("guest_seen")
    if not world.rules.guest_seen(world, role.name, "application"):
        return ()
    names = role.monitored_services if world.state.get(("critical", vm)) else world.scenario.service
    return tuple(name for name in names if view.application_fails(world.state, name, vm))


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
    if role.vm is not None and not view.answers(world.state, role.vm):
        cause = world.blame(role.vm, cause)
    for thing in dict.fromkeys((role.vm or role_name, role_name)):
        if world.state.get(("fault", thing)) is None:
            world.set(("fault", thing), world.now)
    sentence = f"{owner} finds that {role_name} has failed"
    told = role.vm is not None and bool(world.state.get(("critical", role.vm)))
    if told:
        sentence = f"{role.vm} tells {owner} that a service which {role.cluster} monitors has failed for good"
    rule = "vm-monitoring" if told else "poll"
    cause = detected_inside(world, role.cluster, role.vm or owner, _heard_of_inside(world, role), cause, rule)
    cause = detected(world, role.cluster, role_name, sentence, cause, rule)
    resource_failed(world, role, cause)


def resource_failed(world: World, role: Role, cause: int | None) -> None:
    """Restart in place while the restart policy allows, then fail over. On a paused node nothing is started."""
    action = world.setting(role.name, "RestartAction", role.cluster)
    threshold = world.setting(role.name, "RestartThreshold", role.cluster)
    if role.vm is not None and world.state.get(("critical", role.vm)):
        threshold = min(threshold, 1)
    period = world.setting(role.name, "RestartPeriod", role.cluster)
    times = moments.later_than(world.state[("restart-times", role.name)], world.now - period)
    restarts = moments.number(times)
    owner = view.owner(world.state, role.name)
    paused = world.state.get(("paused", role.cluster, owner))
    if action != 0 and restarts < threshold and not paused:
        sentence = f"{role.name} restarts on {owner} ({restarts + 1} of {threshold} restarts allowed)"
        restarted = world.emit("restart", role.name, sentence, cause=cause, rule="restart-policy", cluster=role.cluster)
        world.set(("restarts", role.name), world.state[("restarts", role.name)] + 1)
        world.set(("restart-times", role.name), moments.with_one(times, world.now))
        delay = world.by_hand(role.name, "RestartDelay")
        bring_online(world, role, owner, restarted, delay=delay if isinstance(delay, int) else 0)
    elif action == 2:
        world.set(("owner", role.name), "none")
        world.set(("role", role.name), "Pending")
        turn_off(world, role, cause)
        wake(world, role.cluster, cause)
        world.after(0, "place", role.name, RESOURCE, cause=cause)
    else:
        give_up(world, role, "its restart policy does not let it fail over", "restart-policy", cause)


def come_online(world: World, role_name: str, node: str | OneOf, attempt: int, *, cause: int | None) -> None:
    """The start has ended: the role is online, or has failed again."""
    scenario, state = world.scenario, world.state
    role = scenario.role[role_name]
    if not _still_starts(world, role, attempt):
        return
    if not is_among(state, node, view.running_nodes(scenario, state, role.cluster)):
        return
    storage = view.storage_of(scenario, state, role_name)
    fit = [
        n
        for n in view.nodes(scenario, state, role.cluster)
        if view.application_fails(state, role_name, n) != "lasting"
        and (storage is None or paths.storage_reached(scenario, state, storage, n))
    ]
    if not is_among(state, node, fit):
        resource_failed(world, role, cause)
        return
    _cured(world, role)
    world.set(("role", role_name), "Online")
    world.set(("fault", role_name), None)
    world.consulted.add("memory_lost")
    if world.rules.memory_lost():
        world.set(("memory", role_name), False)
    sentence = f"{role_name} is online on {node}"
    online = world.emit("online", role_name, sentence, cause=cause, rule="cold-start", cluster=role.cluster)
    if role.vm is not None:
        boot(world, role.vm, online)
    if world.memo.get(("returned", role_name)):
        world.after(0, "failback", role_name, cause=online)


def _cured(world: World, role: Role) -> None:
    """A start, there or elsewhere, ends failures of an application that do not last."""
    services = (s.name for s in world.scenario.services if s.target in (role.name, role.vm))
    nodes = view.nodes(world.scenario, world.state, role.cluster)
    machines = nodes if role.vm is None else (*nodes, role.vm)
    for thing in (role.name, *services):
        for machine in machines:
            if view.application_fails(world.state, thing, machine) == "once":
                world.set(("app", thing, machine), "")


def _still_starts(world: World, role: Role, attempt: int) -> bool:
    return view.is_owned(world.state, role.name) and world.state[("attempt", role.name)] == attempt


def start_timed_out(world: World, role_name: str, attempt: int, *, cause: int | None) -> None:
    """A start takes longer than the pending timeout: the resource has failed."""
    role = world.scenario.role[role_name]
    if _still_starts(world, role, attempt):
        limit = world.setting(role_name, "PendingTimeout", role.cluster)
        sentence = f"{role_name} is not online after {limit / 1000:g} s: the start has failed"
        seq = world.emit("detected", role_name, sentence, cause=cause, rule="pending-timeout", cluster=role.cluster)
        resource_failed(world, role, seq)


def retry(world: World, role_name: str, attempt: int, *, cause: int | None) -> None:
    """A role left failed is tried again."""
    if world.state[("role", role_name)] == "Failed" and world.state[("attempt", role_name)] == attempt:
        world.set(("given-up", role_name), False)
        world.after(0, "place", role_name, START, cause=cause)


HANDLERS: dict[str, Handler] = {
    "come-online": come_online,
    "start-timed-out": start_timed_out,
    "poll": poll,
    "retry": retry,
    "watch": watch,
}
