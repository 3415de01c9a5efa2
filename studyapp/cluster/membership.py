"""Who belongs to a failover cluster: heartbeats, silence, regrouping, joining.

Members hear one another over any network that joins them. Silence for delay × threshold, and those who still hear one
another drop the silent member. A heartbeat tells that a machine answers, and nothing about what runs on it.
Idle heartbeats are skipped: silence is computed from the moment at which it begins.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.world import NOTICE, Choice, World


def sends_heartbeats(world: World, node: str) -> bool:
    """The machine answers, and so do its heartbeats, whatever the applications on it do."""
    return view.answers(world.state, node)


def silence_limit(world: World, cluster: str, a: str, b: str) -> int:
    """Delay × threshold in ms: of a failover cluster by whether a and b have a network in common, of NLB fixed."""
    if cluster in world.scenario.nlb:
        return world.number("nlb.AliveMsgPeriod") * world.number("nlb.AliveMsgTolerance")
    common = set(view.own_networks(world.scenario, a)) & set(view.own_networks(world.scenario, b))
    kind = "same" if common else "cross"
    return heartbeat_value(world, cluster, f"{kind}_subnet_delay") * heartbeat_value(
        world, cluster, f"{kind}_subnet_threshold"
    )


def heartbeat_value(world: World, cluster: str, key: str) -> int:
    """A heartbeat setting of a cluster: set by hand, else the release's default (ms, or a count)."""
    by_hand = dict(world.scenario.failover[cluster].heartbeat)
    return by_hand[key] if key in by_hand else world.number(f"heartbeat.{key}")


def hears(world: World, cluster: str, a: str, b: str) -> bool:
    """Member a hears the heartbeats of member b."""
    world.consulted.add("heartbeat_shows")
    return (
        world.state[("cluster-service", cluster, b)] == "running"
        and world.rules.heartbeat_shows(world, b)
        and view.answers(world.state, a)
        and view.joined_by_network(world.scenario, world.state, a, b)
    )


def blamed(world: World, a: str, b: str, cause: int | None) -> int | None:
    """The event that made b silent to a: b's own failure, its host's, else what happened last."""
    own = [world.blame[m] for m in (b, view.host_of(world.state, b)) if m is not None and m in world.blame]
    if own and not sends_heartbeats(world, b):
        return max(own)
    others = [world.blame[m] for m in (a, view.host_of(world.state, a)) if m is not None and m in world.blame]
    return max(own + others, default=cause)


def recheck(world: World, cluster: str, cause: int | None) -> None:
    """After any change: note who fell silent to whom, and let those who wait join."""
    deadlines: dict[int, int | None] = {}
    for a in world.scenario.failover[cluster].nodes:
        listens = world.state[("cluster-service", cluster, a)] == "running" and view.answers(world.state, a)
        for b in world.scenario.failover[cluster].nodes:
            record = (cluster, a, b)
            if a == b:
                continue
            if not listens or b not in world.state[("side", cluster, a)] or hears(world, cluster, a, b):
                world.silent.pop(record, None)
                world.blame.pop(f"silence {cluster} {a} {b}", None)
            elif record not in world.silent:
                world.silent[record] = world.now
                world.consulted.add("silence_limit")
                limit = world.rules.silence_limit(world, cluster, a, b)
                reason = blamed(world, a, b, cause)
                deadlines.setdefault(limit, reason)
                if reason is not None:
                    world.blame[f"silence {cluster} {a} {b}"] = reason
    for limit, reason in sorted(deadlines.items()):
        world.after(limit, "regroup", cluster, cause=reason, order=NOTICE)
    if waiting_nodes(world, cluster):
        world.after(0, "gather", cluster, cause=cause)
    if witness_changed(world, cluster):
        world.after(0, "judge", cluster, cause=cause)
    if len(view.sides(world.scenario, world.state, cluster)) > 1:
        world.after(0, "meet", cluster, cause=cause)


def witness_changed(world: World, cluster: str) -> bool:
    """The side that runs has lost its way to the witness, or found it again."""
    if not view.witness_counts(world.scenario.failover[cluster]):
        return False
    alive = view.running_nodes(world.scenario, world.state, cluster)
    reached = any(witness_reached(world, cluster, n) for n in alive)
    return bool(alive) and reached != (world.state[("witness-holder", cluster)] is not None)


def hearing_groups(world: World, cluster: str, nodes: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The nodes in groups in which each reaches every other; who reaches two groups belongs to the first."""
    groups: list[list[str]] = []
    for node in nodes:
        for group in groups:
            if all(view.joined_by_network(world.scenario, world.state, other, node) for other in group):
                group.append(node)
                break
        else:
            groups.append([node])
    return [tuple(group) for group in groups]


def regroup(world: World, cluster: str, *, cause: int | None) -> None:
    """Each group that hears one another drops those who have been silent for their whole limit."""
    state, changed = world.state, False
    running = view.running_nodes(world.scenario, state, cluster)
    for group in hearing_groups(world, cluster, running):
        expired = {
            b
            for (c, a, b), since in world.silent.items()
            if c == cluster and a in group and world.now - since >= world.rules.silence_limit(world, cluster, a, b)
        }
        if expired:
            expired |= set(running) - set(group)
        for node in world.scenario.failover[cluster].nodes:
            if node in expired and any(node in state[("side", cluster, a)] for a in group):
                since = [w for a in group if (w := world.blame.get(f"silence {cluster} {a} {node}")) is not None]
                drop(world, cluster, node, group, min(since, default=blamed(world, group[0], node, cause)))
                changed = True
    if changed:
        world.after(0, "judge", cluster, cause=len(world.events))


def drop(world: World, cluster: str, node: str, group: tuple[str, ...], cause: int | None) -> None:
    """The group counts `node` no longer; a failure that it stands for is now detected."""
    seconds = world.rules.silence_limit(world, cluster, group[0], node) / 1000
    if not world.rules.heartbeat_shows(world, node) and not has_failed(world, node):
        world.set(("fault", node), min(world.silent.get((cluster, a, node), world.now) for a in group))
    if has_failed(world, node) and not already_detected(world, cluster, node):
        cause = detected(
            world, cluster, node, f"{cluster} has not heard {node} for {seconds:g} s and takes it for failed", cause
        )
    removed = world.emit(
        "removed",
        node,
        f"{', '.join(group)} remove{'s' if len(group) == 1 else ''} {node} from the membership of {cluster}",
        cause=cause,
        rule="silence",
        cluster=cluster,
    )
    world.blame[f"removed {cluster} {node}"] = removed
    for a in group:
        world.set(("side", cluster, a), world.state[("side", cluster, a)] - {node})
        world.silent.pop((cluster, a, node), None)
    world.consulted.add("guest_cluster_boots")
    if node in world.scenario.vm and world.rules.guest_cluster_boots(world, cluster, node):
        world.after(0, "boot-elsewhere", node, cause=removed)


def has_failed(world: World, thing: str) -> bool:
    """The thing has a fault that no restart or repair has cured."""
    return world.state.get(("fault", thing)) is not None


def already_detected(world: World, cluster: str, thing: str) -> bool:
    """This cluster has noticed the present fault of the thing."""
    noticed = world.state.get(("noticed", cluster, thing))
    return noticed is not None and noticed >= world.state[("fault", thing)]


def detected(world: World, cluster: str, thing: str, detail: str, cause: int | None, rule: str = "silence") -> int:
    """Log that the cluster took the thing for failed; remember the first time and how long it took."""
    seq = world.emit("detected", thing, detail, cause=cause, rule=rule, cluster=cluster)
    world.set(("noticed", cluster, thing), world.now)
    if ("detected", cluster, thing) not in world.state:
        world.set(("detected", cluster, thing), world.now - world.state[("fault", thing)])
    return seq


def waiting_nodes(world: World, cluster: str) -> tuple[str, ...]:
    """Nodes that want to join and send heartbeats, in the order of `nodes`."""
    return tuple(
        n
        for n in world.scenario.failover[cluster].nodes
        if world.state[("cluster-service", cluster, n)] == "waiting"
        and view.answers(world.state, n)
        and world.rules.heartbeat_shows(world, n)
    )


def gather(world: World, cluster: str, *, cause: int | None) -> Choice | None:
    """Nodes that wait join a side that runs and that they reach; without one, a group with quorum forms the cluster."""
    scenario, state = world.scenario, world.state
    waiting = waiting_nodes(world, cluster)
    running = view.sides(scenario, state, cluster)
    joined = False
    for side in running:
        counts_so = [
            a for a in view.running_nodes(scenario, state, cluster) if state[("side", cluster, a)] == frozenset(side)
        ]
        for node in waiting:
            reached = tuple(a for a in counts_so if view.joined_by_network(scenario, state, a, node))
            if not reached or reached != tuple(counts_so) or not may_join(world, cluster, node):
                continue
            if node in side:
                drop(world, cluster, node, reached, cause)
                world.after(0, "judge", cluster, cause=len(world.events))
                return None
            side = (*side, node)
            join(world, cluster, node, frozenset(side), reached, cause)
            counts_so.append(node)
            joined = True
    if joined:
        world.after(0, "judge", cluster, cause=len(world.events))
        return None
    if running:
        return None
    groups = [g for g in hearing_groups(world, cluster, waiting) if could_form(world, cluster, g)]
    if len(groups) > 1:
        return Choice("form", tuple((cluster, group) for group in groups), cause)
    if groups:
        form(world, cluster, groups[0], cause=cause)
    return None


def may_join(world: World, cluster: str, node: str) -> bool:
    """The node waits, and no role is counted on it any more from before it went down."""
    owned = any(r.cluster == cluster and view.owner(world.state, r.name) == node for r in world.scenario.roles)
    in_a_side = any(node in side for side in view.sides(world.scenario, world.state, cluster))
    return world.state[("cluster-service", cluster, node)] == "waiting" and (in_a_side or not owned)


def join(
    world: World, cluster: str, node: str, side: frozenset[str], alive: tuple[str, ...], cause: int | None
) -> None:
    """The node becomes a member of a side that runs."""
    world.emit("joined", node, f"{node} joins {cluster} again", cause=cause, rule="rejoin", cluster=cluster)
    world.set(("cluster-service", cluster, node), "running")
    for member in (*alive, node):
        world.set(("side", cluster, member), side)


def could_form(world: World, cluster: str, group: tuple[str, ...]) -> bool:
    """These nodes, with the witness where they reach it, have the majority of the configured votes."""
    made_of = world.scenario.failover[cluster]
    witness = view.witness_counts(made_of) and any(witness_reached(world, cluster, n) for n in group)
    votes = int(witness) if made_of.quorum == "disk-only" else sum(view.weight(made_of, n) for n in group) + witness
    return world.rules.majority(votes, view.configured_votes(made_of))


def form(world: World, cluster: str, group: tuple[str, ...], *, cause: int | None) -> None:
    """The group starts the cluster: it has quorum and nobody else runs, so no role runs either."""
    for role in world.scenario.roles:
        if role.cluster == cluster and view.owner(world.state, role.name) != "none":
            world.set(("owner", role.name), "none")
            world.set(("role", role.name), "Offline")
    for node in group:
        others = ", ".join(n for n in group if n != node)
        detail = f"{node} forms {cluster} together with {others}" if others else f"{node} forms {cluster} alone"
        cause = world.emit("joined", node, detail, cause=cause, rule="rejoin", cluster=cluster)
        world.set(("cluster-service", cluster, node), "running")
        world.set(("side", cluster, node), frozenset(group))
    world.after(0, "judge", cluster, cause=cause)


def meet(world: World, cluster: str, *, cause: int | None) -> None:
    """Sides that run apart and hear each other again: all but the first restart and join it."""
    found = view.sides(world.scenario, world.state, cluster)
    for side in found[1:]:
        first = found[0]
        apart = [n for n in side if n not in first]
        if apart and all(hears(world, cluster, a, b) for a in first for b in apart if view.answers(world.state, a)):
            for node in apart:
                world.set(("cluster-service", cluster, node), "waiting")
                world.set(("side", cluster, node), frozenset())
            world.after(0, "gather", cluster, cause=cause)


def witness_reached(world: World, cluster: str, node: str) -> bool:
    """The node reaches the witness of its cluster."""
    scenario, state = world.scenario, world.state
    witness = scenario.failover[cluster].witness
    if witness is None or state.get(("lost", witness.name)):
        return False
    if witness.kind == "disk":
        return view.storage_reached(scenario, state, witness.name, node) and view.same_side(
            scenario, state, node, witness.name
        )
    return bool(view.attached(scenario, state, node)) and view.same_side(scenario, state, node, witness.name)
