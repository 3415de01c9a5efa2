"""The machines of a scenario: the state before the timeline, and what follows when one comes up or changes."""

from __future__ import annotations

import itertools

from studyapp.cluster import view
from studyapp.cluster.chance import is_among
from studyapp.cluster.clients import load, nlb
from studyapp.cluster.moves import balancing, storage_paths
from studyapp.cluster.nodes import membership
from studyapp.cluster.roles import failover, policies
from studyapp.cluster.scenario import Act, FailoverCluster
from studyapp.cluster.trace import STEP
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
        if isinstance(cluster, FailoverCluster):
            state[("counted", cluster.name)] = len(cluster.nodes)
            votes_at_start(world, cluster)
        else:
            nlb.at_start(world, cluster.name)
    for storage in scenario.storage:
        if storage.kind == "s2d" and storage.nodes:
            state[("pool", storage.name)] = True
            state[("pool-owner", storage.name)] = storage.owner or storage.nodes[0]
    for role in scenario.roles:
        state[("owner", role.name)] = state[("last-owner", role.name)] = role.owner
        state[("role", role.name)] = "Online"
        state[("memory", role.name)] = True
        for count in ("failovers", "restarts", "attempt"):
            state[(count, role.name)] = 0
        for times in ("failover-times", "restart-times"):
            state[(times, role.name)] = ()
        world.consulted.add("servers")
    balancing.begin(world)
    world.start = dict(state)
    if world.every_beat:
        for name, made_of in scenario.failover.items():
            for a, b in itertools.permutations(made_of.nodes, 2):
                membership.beat(world, name, a, b, cause=None)


def votes_at_start(world: World, cluster: FailoverCluster) -> None:
    """Every node has the same table of votes: the one given, else the one that the cluster makes of a full house."""
    state, nodes = world.state, cluster.nodes
    reached = any(view.witness_reached(world.scenario, state, cluster.name, n) for n in nodes)
    if cluster.witness is not None:
        state[("witness-holder", cluster.name)] = frozenset(nodes) if reached else None
    world.consulted.add("recount")
    table: Table = world.rules.recount(world, cluster.name, nodes, Table(0, frozenset(), None, 0), reached)
    given = dict(cluster.dynamic_weights)
    if given:
        may = [n for n in nodes if view.weight(world.scenario, state, cluster.name, n)]
        taken = [n for n in may if not given.get(n, 1)]
        voters = frozenset(may if len(taken) == 1 else (n for n in may if n not in taken))
        name = cluster.witness.name if cluster.witness is not None else ""
        table = Table(1, voters, taken[0] if len(taken) == 1 else None, given.get(name, table.witness))
    for node in nodes:
        state[("table", cluster.name, node)] = table
    if reached:
        state[("witness-epoch", cluster.name)], state[("witness-table", cluster.name)] = 1, table


def recheck(world: World, cause: int | None) -> None:
    """After any change: every cluster looks at who is heard and who is not."""
    for cluster in world.scenario.failover:
        membership.recheck(world, cluster, cause)
        failover.wake(world, cluster, cause)
    for cluster in world.scenario.nlb:
        nlb.recheck(world, cluster, cause)
    storage_paths.look(world, cause)


def happen(world: World, acts: tuple[Act, ...], verbs: dict[str, Verb]) -> None:
    """Carry out the acts of one timeline step, then let the clusters look."""
    world.set(STEP, world.state.get(STEP, 0) + 1)
    policies.something_new(world)
    for act in acts:
        verbs[act.verb](world, act)
        load.watch(world, cause=len(world.events) or None)
    recheck(world, len(world.events) or None)


def told(world: World, act: Act, subject: str, detail: str, cause: int | None = None, rule: str = "timeline") -> int:
    seq = world.emit(act.verb, subject, detail, cause=cause, rule=rule)
    world.accuse(subject, seq)
    return seq


def guests_on(world: World, host: str) -> list[str]:
    """The virtual machines that are on a host now."""
    return [vm for vm in world.scenario.vm if is_among(world.state, world.state["host", vm], (host,))]


def machine_up(world: World, machine: str, *, cause: int | None) -> None:
    """Services on a machine that came up start by themselves and look for their clusters."""
    clusters = view.clusters_of(world.scenario, world.state, machine)
    for cluster in clusters:
        key = ("cluster-service", cluster.name, machine)
        if world.state.get(key) == "stopped":
            world.set(key, "waiting")
            # That quorum is prevented is said to one start of the service, and holds for that one.
            if world.state.get(("prevented", cluster.name, machine)):
                world.set(("prevented", cluster.name, machine), False)
            if view.is_isolated(world.state, cluster.name, machine):
                world.after(0, "came-up", cluster.name, machine, cause=cause)
    nlb.wake(world, machine)
    if clusters or machine in world.scenario.host:
        world.once("look", cause=cause)
