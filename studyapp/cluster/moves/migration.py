"""Moving virtual machines on purpose: live, by their saved state, or shut down here and started there.

A live migration copies the memory while the machine runs, then lets it stand still for the switch-over. A quick
migration saves it, moves it and restores it. A migration that loses its source is void; one that loses its target ends
where it began.
"""

from __future__ import annotations

from typing import NamedTuple

from studyapp.cluster import paths, view
from studyapp.cluster.chance import OneOf, candidates, decided, is_among
from studyapp.cluster.nodes import membership
from studyapp.cluster.nodes.power import power_off, show
from studyapp.cluster.nodes.standstill import go_on, save, stand_still
from studyapp.cluster.roles import failover, placement
from studyapp.cluster.scenario import Act, FailoverCluster, Role
from studyapp.cluster.world import Handler, Verb, World

LIVE, QUICK, SHUTDOWN, TURN_OFF = "live", "quick", "shutdown", "turn-off"
"""Ways of moving; there is `shutdown-force` too, which asks no guest."""
KINDS = {LIVE: "live-migrate", QUICK: "quick-migrate"}
"""The kind of event that a way of moving makes; of the others it is `move`."""
MOVING, WAITING = ("live migrations",), ("waiting migrations",)
"""Where the run keeps the virtual machines that are copied, and those that wait for their turn."""
Then = tuple[object, ...]


class Move(NamedTuple):
    """A migration: `seq` is the event that began it, `still` how long it stands still (ms), `then` the handler and its
    arguments for when it has ended. A virtual machine has one at a time: no other begins before it has ended.
    """

    vm: str
    source: str
    to: str | OneOf
    seq: int
    still: int
    then: Then


# -- may it ---------------------------------------------------------------------------------------------------------


def usual_way(world: World, cluster: str | None) -> str:
    """How a virtual machine is moved where nothing else is said: live where the release can."""
    return LIVE if world.has("live_migration", cluster) else QUICK


def obstacle(world: World, name: str, to: str | None, way: str) -> tuple[str, str] | None:
    """Why Windows would refuse to move this virtual machine (or role of one) so: the finding, and a sentence."""
    role = _role_of(world, name)
    if role is not None and role.vm is None:
        return "OPS020", f"{name} is no virtual machine: it is stopped and started elsewhere"
    vm = (role.vm if role is not None else None) or name
    if way == LIVE and not world.has("live_migration" if role else "shared_nothing_migration", _cluster(role)):
        return "OPS004", f"{vm} cannot be live-migrated so in this release"
    wrong = not_movable(world, vm)
    if wrong is None and way == SHUTDOWN and not _takes_orders(world, vm):
        wrong = f"{vm} does not answer, so it cannot be shut down"
    if wrong is not None:
        return "OPS019", wrong
    source = view.host_of(world.state, vm) or ""
    why = _no_way(world, vm, role, source, to, way)
    return ("OPS006", f"{vm} stays on {source}: {why}") if why is not None else None


def _role_of(world: World, name: str) -> Role | None:
    return world.scenario.role.get(world.scenario.ha_vms.get(name, name))


def not_movable(world: World, vm: str) -> str | None:
    """What keeps a virtual machine from being migrated: it does not run, or is moved already."""
    shown = view.vm_state(world.state, vm)
    if ("move", vm) in world.memo:
        return f"{vm} is already on its way"
    if shown != "Running":
        return f"{vm} does not run: it is {shown}"
    host = view.host_of(world.state, vm) or ""
    return None if view.answers(world.state, host) else f"{host}, the host of {vm}, does not answer"


def _takes_orders(world: World, vm: str) -> bool:
    return view.answers(world.state, vm) and world.scenario.vm[vm].integration_services


def _no_way(world: World, vm: str, role: Role | None, source: str, to: str | None, way: str) -> str | None:
    if to == source:
        return "it is there already"
    if role is None:
        return _no_way_alone(world, vm, source, to, way)
    if to is None:
        able = [n for n in placement.possible_nodes(world, role) if n != source]
        reached = any(view.joined_by_network(world.scenario, world.state, source, n) for n in able)
        return None if reached else "no other node can host it"
    why = placement.obstacle(world, role, to)
    if why is None and not view.joined_by_network(world.scenario, world.state, source, to):
        why = f"{source} does not reach {to}"
    return why


def _no_way_alone(world: World, vm: str, source: str, to: str | None, way: str) -> str | None:
    """Of a virtual machine that no cluster looks after."""
    if way != LIVE:
        return "it is in no cluster, which alone moves it so"
    if to not in world.scenario.host:
        return "no host is named"
    if not view.answers(world.state, to) or not view.joined_by_network(world.scenario, world.state, source, to):
        return f"{source} does not reach {to}"
    need, limit = world.scenario.vm[vm].memory, world.scenario.host[to].memory
    full = need is not None and limit is not None and placement.memory_used(world, (to,))[to] + need > limit
    return f"{to} has not the memory for it" if full else None


# -- beginning ------------------------------------------------------------------------------------------------------


def migrate(world: World, act: Act, way: str) -> None:
    """The verbs `live-migrate` and `quick-migrate`."""
    for name in act.subjects:
        refused = obstacle(world, name, act.to, way)
        if refused is not None:
            world.refuse(refused[0], name, refused[1])
            continue
        role = _role_of(world, name)
        vm = (role.vm if role is not None else None) or name
        to = act.to or _best(world, role)
        seq = world.emit(act.verb, vm, _sentence(vm, to, way), cause=None, rule="timeline")
        world.accuse(vm, seq)
        _begin(world, vm, to, way, seq, (), act.switch_over_ms)


def move_vm(
    world: World,
    role_name: str,
    to: str | OneOf | None,
    way: str | None,
    cause: int | None,
    then: Then = (),
    rule: str | None = None,
) -> bool:
    """Move the virtual machine of a role, if Windows would; `to` left out is the best possible node, `way` the usual
    one, `rule` that of the way. When it has ended, well or badly, the handler `then` is called.
    """
    role = world.scenario.role[role_name]
    assert role.vm is not None
    way = way or usual_way(world, role.cluster)
    if obstacle(world, role_name, to if isinstance(to, str) else None, way) is not None:
        return False
    target = to or _best(world, role)
    if rule is None:
        rule = "live-migration" if way == LIVE else "quick-migration" if way == QUICK else "move-by-restart"
    sentence = _sentence(role.vm, target, way)
    seq = world.emit(KINDS.get(way, "move"), role.vm, sentence, cause=cause, rule=rule, cluster=role.cluster)
    _begin(world, role.vm, target, way, seq, then, None)
    return True


def is_under_way(world: World, role: Role) -> bool:
    """The virtual machine of a role is being moved, or waits for its turn."""
    return ("move", role.vm) in world.memo


def follow(world: World, role: Role, then: Then) -> bool:
    """Call the handler `then` when the migration that is under way has ended; False where there is none."""
    move: Move | None = world.memo.get(("move", role.vm))
    if move is None:
        return False
    world.note(("move", role.vm), move._replace(then=then))
    return True


def _sentence(vm: str, to: str | OneOf, way: str) -> str:
    words = {LIVE: "is moved to {} while it runs", QUICK: "is saved, moved to {} and restored there"}
    return f"{vm} {words.get(way, 'is stopped, moved to {} and started there').format(to)}"


def _best(world: World, role: Role | None) -> str | OneOf:
    assert role is not None
    board = placement.Board(world, role.cluster)
    return world.draw(placement.best_nodes(board, role, reached_from=view.host_of(world.state, role.vm or "")))


def _begin(world: World, vm: str, to: str | OneOf, way: str, seq: int, then: Then, still: int | None) -> None:
    role, source = _role_of(world, vm), view.host_of(world.state, vm) or ""
    if way == LIVE:
        still = world.number("live_migration.switch_over", _cluster(role)) if still is None else still
        world.note(("move", vm), Move(vm, source, to, seq, still, then))
        world.note(WAITING, (*world.memo.get(WAITING, ()), vm))
        next_in_turn(world, cause=seq)
        return
    assert role is not None
    if way == QUICK:
        world.note(("move", vm), Move(vm, source, to, seq, 0, then))
        world.set(("moving-to", vm), to)
        world.set(("role", role.name), "Pending")
        save(world, vm, seq)
        per_gb = world.number("quick_migration.per_gb", role.cluster) * (world.scenario.vm[vm].memory or 0)
        world.after(world.number("quick_migration.duration", role.cluster) + per_gb, "restore", vm, cause=seq)
        return
    _stop(world, vm, seq, in_order=way != TURN_OFF)
    failover.bring_online(world, role, to, seq)
    _call(world, then, seq)


def _call(world: World, then: Then, cause: int) -> None:
    if then:
        world.after(0, str(then[0]), *then[1:], cause=cause)


def _stop(world: World, vm: str, cause: int, *, in_order: bool) -> None:
    """A virtual machine is shut down, and says goodbye to its clusters, or is turned off."""
    if in_order and view.answers(world.state, vm):
        for cluster in view.clusters_of(world.scenario, world.state, vm):
            if isinstance(cluster, FailoverCluster) and world.state["cluster-service", cluster.name, vm] == "running":
                membership.leave(world, cluster.name, vm, cause)
    power_off(world, vm)
    world.set(("fault", vm), None)


def _cluster(role: Role | None) -> str | None:
    return role.cluster if role is not None else None


# -- live -----------------------------------------------------------------------------------------------------------


def next_in_turn(world: World, *, cause: int | None) -> None:
    """Begin to copy those that wait, as far as their hosts have not as many under way as they do at once."""
    left: list[str] = []
    for vm in world.memo.get(WAITING, ()):
        move: Move = world.memo["move", vm]
        if not _still_possible(world, move, "Running"):
            _ended(world, move, move.seq)
            continue
        busy = _busy(world, move)
        if busy is not None:
            world.set(("finding", "OPS024", vm), f"{vm} waits for its turn: {busy} has as many under way as it does")
            left.append(vm)
            continue
        world.note(MOVING, (*world.memo.get(MOVING, ()), vm))
        world.set(("moving-to", vm), move.to)
        show(world, vm, "Migrating")
        length = world.number("live_migration.duration", _cluster(_role_of(world, vm)))
        world.after(length, "switch-over", vm, cause=move.seq)
    world.note(WAITING, tuple(left))


def _busy(world: World, move: Move) -> str | None:
    """The host that has as many live migrations under way as it does at once, alone or with the other one; None where
    this one may begin. Chance has to decide who a target is only where that matters.
    """
    state, cluster = world.state, _cluster(_role_of(world, move.vm))
    moves: list[Move] = [world.memo["move", vm] for vm in world.memo.get(MOVING, ())]
    most, pair = world.number("live_migration.per_host", cluster), world.number("live_migration.per_pair", cluster)
    if _reaches(world, moves, move.source, most):
        return move.source
    targets = [move.to] if isinstance(move.to, str) else candidates(state, move.to)
    for target in targets:
        between = [m for m in moves if move.source in (m.source, m.to) or m.source == target]
        full = _reaches(world, moves, target, most) or _reaches(world, between, target, pair)
        if full and target == decided(state, move.to):
            return target
    return None


def _reaches(world: World, moves: list[Move], host: str, limit: int) -> bool:
    """So many of these have the host as one of their ends."""
    sure = [m for m in moves if host in (m.source, m.to)]
    maybe = [m.to for m in moves if m not in sure]
    if len(sure) >= limit or len(moves) < limit:
        return len(sure) >= limit
    return len(sure) + sum(is_among(world.state, to, (host,)) for to in maybe) >= limit


def _still_possible(world: World, move: Move, shown: str) -> bool:
    """The virtual machine is as the migration left it, on its source, which answers."""
    state = world.state
    return (
        view.vm_state(state, move.vm) == shown
        and view.host_of(state, move.vm) == move.source
        and view.answers(state, move.source)
    )


def _target_there(world: World, move: Move) -> bool:
    """The target is there to take the virtual machine over: a member that reaches its disk, or a host that answers."""
    scenario, state, role = world.scenario, world.state, _role_of(world, move.vm)
    there = [move.to] if isinstance(move.to, str) else candidates(state, move.to)
    if role is not None:
        storage = view.storage_of(scenario, state, role.name)
        there = [n for n in there if n in view.members(scenario, state, role.cluster)]
        there = [n for n in there if storage is None or paths.storage_reached(scenario, state, storage, n)]
    reached = [n for n in there if view.answers(state, n) and view.joined_by_network(scenario, state, move.source, n)]
    return is_among(state, move.to, reached)


def switch_over(world: World, vm: str, *, cause: int | None) -> None:
    """The memory is copied: the virtual machine stands still while the target takes over."""
    move: Move = world.memo["move", vm]
    if not _still_possible(world, move, "Migrating"):
        _ended(world, move, move.seq)
        return
    if not _target_there(world, move):
        _stays(world, move)
        return
    detail = f"{vm} stands still for {move.still / 1000:g} s while {move.to} takes over"
    still = world.emit(
        "live-migrate", vm, detail, cause=cause, rule="live-migration", cluster=_cluster(_role_of(world, vm))
    )
    stand_still(world, vm, "Migrating", still)
    world.after(move.still, "arrive", vm, cause=still)


def arrive(world: World, vm: str, *, cause: int | None) -> None:
    """The virtual machine runs on the target."""
    move: Move = world.memo["move", vm]
    if not _still_possible(world, move, "Migrating"):
        _ended(world, move, move.seq)
        return
    if not _target_there(world, move):
        _stays(world, move)
        return
    role = _role_of(world, vm)
    detail = f"{vm} runs on {move.to}, with all that was in its memory"
    there = world.emit("live-migrate", vm, detail, cause=cause, rule="live-migration", cluster=_cluster(role))
    _put(world, move)
    go_on(world, vm, there)
    _ended(world, move, there)


def _stays(world: World, move: Move) -> None:
    """The target is gone: the virtual machine goes on where it was."""
    role = _role_of(world, move.vm)
    detail = f"{move.to} cannot take {move.vm} over: it goes on on {move.source}"
    seq = world.emit("live-migrate", move.vm, detail, cause=move.seq, rule="migration-failed", cluster=_cluster(role))
    go_on(world, move.vm, seq)
    _ended(world, move, seq)


def _put(world: World, move: Move) -> None:
    world.set(("host", move.vm), move.to)
    role = _role_of(world, move.vm)
    if role is not None:
        world.set(("owner", role.name), move.to)
        world.set(("last-owner", role.name), move.to)


def _ended(world: World, move: Move, cause: int) -> None:
    """The migration is over, well or badly: others take their turn, and who waited for it goes on."""
    world.note(("move", move.vm), None)
    world.note(MOVING, tuple(vm for vm in world.memo.get(MOVING, ()) if vm != move.vm))
    if world.state.get(("vm", move.vm)) == "Migrating":
        # Its source is lost, and nobody has done anything about it: it is as silent as its host.
        show(world, move.vm, "")
        world.set(("standstill", move.vm), False)
    if world.state.get(("moving-to", move.vm)):
        world.set(("moving-to", move.vm), None)
    world.once("next-in-turn", cause=cause)
    role = _role_of(world, move.vm)
    if role is not None:
        failover.wake(world, role.cluster, cause)
    _call(world, move.then, cause)


# -- quick ----------------------------------------------------------------------------------------------------------


def restore(world: World, vm: str, *, cause: int | None) -> None:
    """The saved virtual machine is restored on the target, or where it was when the target is gone."""
    move: Move = world.memo["move", vm]
    role = _role_of(world, vm)
    assert role is not None
    saved = view.vm_state(world.state, vm) == "Saved"
    there = saved and _target_there(world, move)
    if not saved or not (there or view.answers(world.state, move.source)):
        _ended(world, move, move.seq)
        return
    if there:
        _put(world, move)
    detail = f"{vm} is restored on {move.to if there else move.source}, with all that was in its memory"
    rule = "quick-migration" if there else "migration-failed"
    done = world.emit("quick-migrate", vm, detail, cause=cause, rule=rule, cluster=role.cluster)
    world.set(("role", role.name), "Online")
    go_on(world, vm, done)
    _ended(world, move, done)


VERBS: dict[str, Verb] = {
    "live-migrate": lambda world, act: migrate(world, act, LIVE),
    "quick-migrate": lambda world, act: migrate(world, act, QUICK),
}

HANDLERS: dict[str, Handler] = {
    "next-in-turn": next_in_turn,
    "switch-over": switch_over,
    "arrive": arrive,
    "restore": restore,
}
