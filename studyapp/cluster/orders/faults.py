"""What goes wrong, and what puts it right again: machines, networks, storage, sites and applications."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.moves import resiliency, storage_paths
from studyapp.cluster.nodes.pools import recheck as recheck_pools
from studyapp.cluster.nodes.power import power_off
from studyapp.cluster.orders.machines import guests_on, machine_up, told
from studyapp.cluster.roles import failover, guests, placement, resources
from studyapp.cluster.scenario import Act, FailoverCluster, Scenario
from studyapp.cluster.world import Handler, Verb, World


def crash(world: World, act: Act) -> None:
    """Power or process gone. A host takes its virtual machines along."""
    for machine in act.subjects:
        if not view.powered(world.state, machine):
            told(world, act, machine, f"{machine} is already off")
            continue
        _goes_down(world, machine, f"{machine} loses its power")


def _goes_down(world: World, machine: str, sentence: str, cause: int | None = None, rule: str = "timeline") -> None:
    seq = world.emit("crash", machine, sentence, cause=cause, rule=rule)
    world.accuse(machine, seq)
    power_off(world, machine)
    for vm in guests_on(world, machine):
        if not world.state[("power", vm)]:
            continue
        role = world.scenario.ha_vms.get(vm)
        if role is not None:
            world.consulted.add("lost_host_moves")
            if world.rules.lost_host_moves(world, role) and _slips_away(world, vm, role, seq):
                continue
        down = world.emit("crash", vm, f"{vm} goes down with {machine}", cause=seq, rule="vm-needs-its-host")
        world.accuse(vm, down)
        power_off(world, vm)
    _watch_vm(world, machine, seq)


def _slips_away(world: World, vm: str, role: str, cause: int) -> bool:
    """Only under a misconception: the VM is live-migrated off a host that is already dead."""
    able = placement.possible_nodes(world, world.scenario.role[role])
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
        resources.watch(world, role, cause)


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
    """A machine that is down comes up, one that hangs is reset; a cluster service that stopped starts again. Whichever
    it is, it may let the node out of quarantine.
    """
    for machine in act.subjects:
        role = world.scenario.ha_vms.get(machine)
        host = view.host_of(world.state, machine)
        if view.answers(world.state, machine):
            clusters = view.clusters_of(world.scenario, world.state, machine)
            kept_out = any(world.state.get(("quarantined", c.name, machine)) for c in clusters)
            if kept_out and not act.clear_quarantine:
                world.refuse("OPS018", machine, f"{machine} is in quarantine, which has to be cleared first")
                continue
            seq = told(world, act, machine, f"{machine} {'may join again' if kept_out else 'is already up'}")
            _let_in(world, machine, act)
            machine_up(world, machine, cause=seq)
        elif role is not None and world.state[("role", role)] != "Online":
            seq = told(world, act, machine, f"{machine} is asked to start")
            _let_in(world, machine, act)
            world.set(("given-up", role), False)
            world.after(0, "place", role, "start", cause=seq)
        elif host is not None and not view.answers(world.state, host):
            told(world, act, machine, f"{machine} cannot start: {host} does not answer")
        else:
            seq = told(world, act, machine, f"{machine} starts")
            _let_in(world, machine, act)
            comes_up(world, machine, seq)


def _let_in(world: World, machine: str, act: Act) -> None:
    """End the quarantine of a machine where the order says so."""
    for cluster in view.clusters_of(world.scenario, world.state, machine) if act.clear_quarantine else ():
        resiliency.clear(world, cluster.name, machine)


def comes_up(world: World, machine: str, cause: int) -> None:
    """A machine is switched on, and what is on it starts with it."""
    hung = bool(world.state[("hung", machine)])
    power_off(world, machine)
    if machine in world.scenario.vm:
        failover.boot(world, machine, cause)
        return
    world.set(("power", machine), True)
    world.set(("fault", machine), None)
    world.set(("memory", machine), False)
    guests.started(world, machine, cause)
    for vm in guests_on(world, machine):
        _autostart(world, vm, hung, cause)
    machine_up(world, machine, cause=cause)


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
        resources.watch(world, role, cause)


def isolate(world: World, act: Act) -> None:
    """Cut machines off from networks; without `from:`, from all of theirs, and in one direction where that is said."""
    words = {"both": "is cut off from", "in": "hears nothing any more on", "out": "is not heard any more on"}
    _cut(world, act, True if act.direction == "both" else act.direction, words[act.direction])


def rejoin(world: World, act: Act) -> None:
    """Undo `isolate`."""
    _cut(world, act, False, "is back on")


def _cut(world: World, act: Act, cut: bool | str, words: str) -> None:
    for machine in act.subjects:
        networks = act.networks or view.own_networks(world.scenario, machine)
        seq = told(world, act, machine, f"{machine} {words} {', '.join(networks)}")
        for network in networks:
            world.set(("cut", machine, network), cut)
        for cluster in view.clusters_of(world.scenario, world.state, machine):
            if machine in world.scenario.host and isinstance(cluster, FailoverCluster):
                world.once("network-health", cluster.name, cause=seq)


def partition(world: World, act: Act) -> None:
    """The network splits into sides; what is not named is reached from every side."""
    names = " | ".join(", ".join(side) for side in act.sides)
    seq = told(world, act, act.sides[0][0], f"the network splits: {names}")
    _split(world, tuple(frozenset(side) for side in act.sides), seq)


def heal(world: World, act: Act) -> None:
    """The partition ends."""
    _split(world, (), told(world, act, "all", "the network is whole again"))


def _split(world: World, sides: tuple[frozenset[str], ...], cause: int) -> None:
    """The sides of the network are these from now on; storage that is on one of them is reached from there alone."""
    before = frozenset[str]().union(*world.state.get(("partition",), ()))
    world.set(("partition",), sides)
    for storage in world.scenario.store:
        if storage in before.union(*sides):
            _felt_by_roles(world, storage, cause)
        if storage in before:
            _works_again(world, storage, cause)


def _where(world: World, thing: str, node: str | None) -> tuple[str, str]:
    """The role or service whose application fails, and the machine it fails on."""
    service = world.scenario.service.get(thing)
    if service is not None and service.kind == "role":
        thing, service = service.target, None
    if service is not None:
        return thing, node if service.kind == "nlb" and node is not None else service.target
    return thing, node or placement.last_owner(world, thing)


def fail(world: World, act: Act) -> None:
    """An application fails inside a machine."""
    for subject in act.subjects:
        thing, machine = _where(world, subject, act.node)
        still = "goes on answering" if view.answers(world.state, machine) else "is silent"
        lasting = "; it will not start there until it is repaired" if act.lasting else ""
        seq = told(world, act, subject, f"{subject} fails on {machine}, which {still}{lasting}")
        world.set(("app", thing, machine), "lasting" if act.lasting else "once")
        world.set(("fault", thing), world.now)
        world.set(("fault", subject), world.now)
        if subject in world.scenario.service:
            world.set(("memory", subject), False)
        if thing in world.scenario.role and view.owner(world.state, thing) == machine:
            resources.watch(world, thing, seq)
        guests.service_fails(world, thing, machine, cause=seq)
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
    """A network, storage, witness or site is gone; a site takes all that is in it along."""
    for thing in act.subjects:
        seq = told(world, act, thing, f"{thing} is lost")
        world.set(("lost", thing), True)
        for part in _in_site(world, thing):
            world.set(("lost", part), True)
            _felt(world, part, world.emit("lose", part, f"{part} is lost with {thing}", cause=seq, rule="site-lost"))
        for host in (h.name for h in world.scenario.hosts if h.site == thing and thing in world.scenario.sites):
            if world.state[("power", host)]:
                _goes_down(world, host, f"{host} goes down with {thing}", seq, "site-lost")
        _felt(world, thing, seq)


def restore(world: World, act: Act) -> None:
    """A network, storage, witness or site is back; the hosts of a site start again."""
    for thing in act.subjects:
        seq = told(world, act, thing, f"{thing} is back")
        world.set(("lost", thing), False)
        for part in _in_site(world, thing):
            world.set(("lost", part), False)
            found = world.emit("restore", part, f"{part} is back with {thing}", cause=seq, rule="site-lost")
            _felt(world, part, found)
            _works_again(world, part, found)
        for host in (h.name for h in world.scenario.hosts if h.site == thing and thing in world.scenario.sites):
            if not world.state[("power", host)]:
                comes_up(world, host, world.emit("start", host, f"{host} starts", cause=seq, rule="site-lost"))
        _felt(world, thing, seq)
        _works_again(world, thing, seq)


def _in_site(world: World, site: str) -> list[str]:
    """The networks, storage and witnesses that are in a site; nothing for anything else."""
    scenario = world.scenario
    if site not in scenario.sites:
        return []
    things = (*scenario.network, *scenario.store, *scenario.witnesses)
    return [t for t in things if view.site_of(scenario, world.state, t) == site and t not in scenario.machines]


def stands_on(scenario: Scenario, storage: str | None, thing: str) -> bool:
    """The storage is that thing, or lies within it."""
    while storage is not None:
        if storage == thing:
            return True
        storage = scenario.store[storage].within
    return False


def _felt(world: World, thing: str, cause: int) -> None:
    """The condition of a thing has changed: those who stand on it look."""
    for cluster in world.scenario.failover.values():
        if cluster.witness is not None and stands_on_witness(world, cluster, thing):
            world.after(0, "judge", cluster.name, cause=cause)
    _felt_by_roles(world, thing, cause)


def _felt_by_roles(world: World, thing: str, cause: int) -> None:
    for role in world.scenario.roles:
        storage = view.storage_of(world.scenario, world.state, role.name)
        touched = stands_on(world.scenario, storage, thing) and world.state[("role", role.name)] == "Online"
        if touched and not storage_paths.disk_changed(world, role, cause):
            resources.watch(world, role.name, cause)


def stands_on_witness(world: World, cluster: FailoverCluster, thing: str) -> bool:
    """The witness of the cluster is that thing, or a disk that lies within it."""
    witness = cluster.witness
    if witness is None or witness.kind != "disk":
        return witness is not None and witness.name == thing
    return stands_on(world.scenario, witness.name, thing)


def _works_again(world: World, thing: str, cause: int) -> None:
    for role in world.scenario.roles:
        stopped = world.state[("role", role.name)] in ("Failed", "Offline")
        storage = view.storage_of(world.scenario, world.state, role.name)
        if stopped and stands_on(world.scenario, storage, thing):
            world.set(("given-up", role.name), False)
            world.after(0, "place", role.name, "start", cause=cause)


def pools(world: World, cluster: str, *, cause: int | None) -> None:
    """After a change of the membership: the pools of the cluster, the roles that stand on them, and those that use a
    volume through another node.
    """
    storage_paths.look(world, cause)
    for pool, seq in recheck_pools(world, cluster, cause):
        _felt(world, pool, seq)
        if world.state[("pool", pool)]:
            _works_again(world, pool, seq)


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


def restart_computer(world: World, machine: str, *, cause: int | None) -> None:
    """The service manager of a machine restarts it."""
    if machine in world.scenario.host:
        _goes_down(world, machine, f"{machine} shuts down to restart", cause, "service-recovery")
    seq = world.emit("start", machine, f"{machine} restarts", cause=cause, rule="service-recovery")
    world.accuse(machine, seq)
    comes_up(world, machine, seq)


HANDLERS: dict[str, Handler] = {"pools": pools, guests.REBOOT: restart_computer}
