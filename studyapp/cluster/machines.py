"""The timeline's verbs: what each does to machines, networks, storage and applications, at the moment it happens."""

from __future__ import annotations

from studyapp.cluster import failover, membership, nlb, view
from studyapp.cluster.power import power_off
from studyapp.cluster.scenario import Act, FailoverCluster
from studyapp.cluster.votes import Table
from studyapp.cluster.world import Verb, World


def settle_in(world: World) -> None:
    """Write the state before the timeline: everything on, every cluster complete, every role on its owner."""
    scenario, state = world.scenario, world.state
    for machine in scenario.machines:
        state[("power", machine)] = True
        state[("hung", machine)] = False
        state[("memory", machine)] = True
    for vm in scenario.vms:
        state[("host", vm.name)] = vm.host
        state[("boots", vm.name)] = 0
    for cluster in scenario.clusters:
        state[("nodes", cluster.name)] = cluster.nodes
        everyone = frozenset(cluster.nodes)
        for node in cluster.nodes:
            if isinstance(cluster, FailoverCluster):
                state[("cluster-service", cluster.name, node)] = "running"
                state[("side", cluster.name, node)] = everyone
            else:
                state[("nlb", cluster.name, node)] = "Converged"
                state[("nlb-side", cluster.name, node)] = everyone
                state[("nlb-table", cluster.name, node)] = everyone
        if isinstance(cluster, FailoverCluster):
            votes_at_start(world, cluster)
    for role in scenario.roles:
        state[("owner", role.name)] = state[("last-owner", role.name)] = role.owner
        state[("role", role.name)] = "Online"
        state[("memory", role.name)] = True
        for count in ("failovers", "restarts", "attempt"):
            state[(count, role.name)] = 0
        for times in ("failover-times", "restart-times"):
            state[(times, role.name)] = ()
        world.consulted.add("servers")
    world.start = dict(state)


def votes_at_start(world: World, cluster: FailoverCluster) -> None:
    """Every node has the same table of votes: the one given, else the one that the cluster makes of a full house."""
    state, nodes = world.state, cluster.nodes
    reached = any(view.witness_reached(world.scenario, state, cluster.name, n) for n in nodes)
    if view.witness_counts(cluster):
        state[("witness-holder", cluster.name)] = frozenset(nodes) if reached else None
    table: Table = world.rules.recount(world, cluster.name, nodes, Table(0, frozenset(), None, 0), reached)
    given = dict(cluster.dynamic_weights)
    if given:
        voters = frozenset(n for n in nodes if given.get(n, view.weight(world.scenario, state, cluster.name, n)))
        name = cluster.witness.name if cluster.witness is not None else ""
        table = Table(1, voters, None, given.get(name, table.witness))
    for node in nodes:
        state[("table", cluster.name, node)] = table
    state[("quorate", cluster.name)] = frozenset(nodes)
    if reached:
        state[("witness-epoch", cluster.name)], state[("witness-table", cluster.name)] = 1, table


def recheck(world: World, cause: int | None) -> None:
    """After any change: every cluster looks at who is heard and who is not."""
    for cluster in world.scenario.failover:
        membership.recheck(world, cluster, cause)
    for cluster in world.scenario.nlb:
        nlb.recheck(world, cluster, cause)


def happen(world: World, acts: tuple[Act, ...], verbs: dict[str, Verb]) -> None:
    """Carry out the acts of one timeline step, then let the clusters look."""
    for act in acts:
        verbs[act.verb](world, act)
    recheck(world, len(world.events) or None)


def told(world: World, act: Act, subject: str, detail: str, cause: int | None = None, rule: str = "timeline") -> int:
    seq = world.emit(act.verb, subject, detail, cause=cause, rule=rule)
    world.accuse(subject, seq)
    return seq


def guests_on(world: World, host: str) -> list[str]:
    """The virtual machines that are on a host now."""
    return [vm for vm in world.scenario.vm if view.host_of(world.state, vm) == host]


def crash(world: World, act: Act) -> None:
    """Power or process gone. A host takes its virtual machines along."""
    for machine in act.subjects:
        if not view.powered(world.state, machine):
            told(world, act, machine, f"{machine} is already off")
            continue
        seq = told(world, act, machine, f"{machine} loses its power")
        power_off(world, machine)
        for vm in guests_on(world, machine):
            if not world.state[("power", vm)]:
                continue
            role = world.scenario.ha_vms.get(vm)
            if role is not None:
                world.consulted.add("lost_host_moves")
                if world.rules.lost_host_moves(world, role) and _slips_away(world, vm, role, seq):
                    continue
            told(world, act, vm, f"{vm} goes down with {machine}", seq, "vm-needs-its-host")
            power_off(world, vm)
        _watch_vm(world, machine, seq)


def _slips_away(world: World, vm: str, role: str, cause: int) -> bool:
    """Only under a misconception: the VM is live-migrated off a host that is already dead."""
    able = failover.possible_nodes(world, world.scenario.role[role])
    if not able:
        return False
    for attribute in ("owner", "last-owner"):
        world.set((attribute, role), able[0])
    world.set(("host", vm), able[0])
    world.emit("live-migrate", vm, f"{vm} moves to {able[0]} while it runs", cause=cause, rule="succession")
    return True


def _watch_vm(world: World, machine: str, cause: int) -> None:
    role = world.scenario.ha_vms.get(machine)
    if role is not None and world.state[("role", role)] == "Online":
        failover.watch(world, role, cause)


def hang(world: World, act: Act) -> None:
    """The operating system stops answering; the machine stays on."""
    for machine in act.subjects:
        if not view.powered(world.state, machine):
            told(world, act, machine, f"{machine} is off and cannot hang")
            continue
        seq = told(world, act, machine, f"{machine} stops responding; it is still on")
        world.set(("hung", machine), True)
        world.set(("fault", machine), world.now)
        for vm in guests_on(world, machine):
            if view.powered(world.state, vm):
                world.set(("fault", vm), world.now)
                told(world, act, vm, f"{vm} falls silent with {machine}", seq, "vm-needs-its-host")
        _watch_vm(world, machine, seq)


def start(world: World, act: Act) -> None:
    """A machine that is down comes up, one that hangs is reset; a cluster service that stopped starts again."""
    for machine in act.subjects:
        if view.answers(world.state, machine):
            told(world, act, machine, f"{machine} is already up")
            machine_up(world, machine, cause=len(world.events))
            continue
        host = view.host_of(world.state, machine)
        if host is not None and not view.answers(world.state, host):
            told(world, act, machine, f"{machine} cannot start: {host} does not answer")
            continue
        role = world.scenario.ha_vms.get(machine)
        if role is not None and world.state[("role", role)] != "Online":
            seq = told(world, act, machine, f"{machine} is asked to start")
            world.set(("given-up", role), False)
            world.after(0, "place", role, "start", cause=seq)
            continue
        seq = told(world, act, machine, f"{machine} starts")
        hung = bool(world.state[("hung", machine)])
        power_off(world, machine)
        if machine in world.scenario.vm:
            failover.boot(world, machine, seq)
            continue
        world.set(("power", machine), True)
        world.set(("fault", machine), None)
        world.set(("memory", machine), False)
        for vm in guests_on(world, machine):
            _autostart(world, vm, hung, seq)
        machine_up(world, machine, cause=seq)


def _autostart(world: World, vm: str, reset: bool, cause: int) -> None:
    """A VM that no cluster looks after starts again with its host."""
    role = world.scenario.ha_vms.get(vm)
    if role is None and (reset or not world.state[("power", vm)]):
        power_off(world, vm)
        seq = world.emit("start", vm, f"{vm} starts with its host", cause=cause, rule="autostart")
        world.accuse(vm, seq)
        failover.boot(world, vm, seq)
    elif role is not None and world.state[("role", role)] == "Online":
        if reset:
            power_off(world, vm)
        failover.watch(world, role, cause)


def machine_up(world: World, machine: str, *, cause: int | None) -> None:
    """Services on a machine that came up start by themselves and look for their clusters."""
    for cluster in world.scenario.failover.values():
        key = ("cluster-service", cluster.name, machine)
        if machine in cluster.nodes and world.state[key] == "stopped":
            world.set(key, "waiting")
    recheck(world, cause)


def isolate(world: World, act: Act) -> None:
    """Cut machines off from networks; without `from:`, from all of theirs."""
    _cut(world, act, True, "is cut off from")


def rejoin(world: World, act: Act) -> None:
    """Undo `isolate`."""
    _cut(world, act, False, "is back on")


def _cut(world: World, act: Act, cut: bool, words: str) -> None:
    for machine in act.subjects:
        networks = act.networks or view.own_networks(world.scenario, machine)
        told(world, act, machine, f"{machine} {words} {', '.join(networks)}")
        for network in networks:
            world.set(("cut", machine, network), cut)


def partition(world: World, act: Act) -> None:
    """The network splits into sides; what is not named is reached from every side."""
    names = " | ".join(", ".join(side) for side in act.sides)
    told(world, act, act.sides[0][0], f"the network splits: {names}")
    world.set(("partition",), tuple(frozenset(side) for side in act.sides))


def heal(world: World, act: Act) -> None:
    """The partition ends."""
    told(world, act, "all", "the network is whole again")
    world.set(("partition",), ())


def _where(world: World, thing: str, node: str | None) -> tuple[str, str]:
    """The role or service whose application fails, and the machine it fails on."""
    service = world.scenario.service.get(thing)
    if service is not None and service.kind == "role":
        thing, service = service.target, None
    if service is not None:
        return thing, node if service.kind == "nlb" and node is not None else service.target
    return thing, node or failover.last_owner(world, thing)


def fail(world: World, act: Act) -> None:
    """An application fails inside a machine that answers."""
    for subject in act.subjects:
        thing, machine = _where(world, subject, act.node)
        lasting = " and will not start there until it is repaired" if act.lasting else ""
        seq = told(world, act, subject, f"{subject} fails on {machine}, which goes on answering{lasting}")
        world.set(("app", thing, machine), "lasting" if act.lasting else "once")
        world.set(("fault", thing), world.now)
        world.set(("fault", subject), world.now)
        if thing in world.scenario.role and view.owner(world.state, thing) == machine:
            failover.watch(world, thing, seq)
        _watch_vm(world, machine, seq)


def repair(world: World, act: Act) -> None:
    """The application works again on every machine; a role that had given up is started."""
    for subject in act.subjects:
        thing, _ = _where(world, subject, None)
        seq = told(world, act, subject, f"{subject} is repaired")
        for key in [k for k in world.state if k[0] == "app" and k[1] == thing]:
            world.set(key, "")
        world.set(("fault", thing), None)
        world.set(("fault", subject), None)
        if thing in world.scenario.role and world.state[("role", thing)] in ("Failed", "Offline"):
            world.set(("given-up", thing), False)
            world.set(("failover-times", thing), ())
            world.after(0, "place", thing, "start", cause=seq)


def lose(world: World, act: Act) -> None:
    """A network, storage or witness is gone."""
    for thing in act.subjects:
        seq = told(world, act, thing, f"{thing} is lost")
        world.set(("lost", thing), True)
        _felt(world, thing, seq)


def restore(world: World, act: Act) -> None:
    """A network, storage or witness is back."""
    for thing in act.subjects:
        seq = told(world, act, thing, f"{thing} is back")
        world.set(("lost", thing), False)
        _felt(world, thing, seq)
        for role in world.scenario.roles:
            if role.storage == thing and world.state[("role", role.name)] in ("Failed", "Offline"):
                world.set(("given-up", role.name), False)
                world.after(0, "place", role.name, "start", cause=seq)


def _felt(world: World, thing: str, cause: int) -> None:
    for cluster in world.scenario.failover.values():
        if cluster.witness is not None and cluster.witness.name == thing:
            world.after(0, "judge", cluster.name, cause=cause)
    for role in world.scenario.roles:
        if role.storage == thing and world.state[("role", role.name)] == "Online":
            failover.watch(world, role.name, cause)


VERBS: dict[str, Verb] = {
    "crash": crash,
    "hang": hang,
    "start": start,
    "isolate": isolate,
    "rejoin": rejoin,
    "partition": partition,
    "heal": heal,
    "fail": fail,
    "repair": repair,
    "lose": lose,
    "restore": restore,
}
