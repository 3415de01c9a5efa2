"""Who belongs to a failover cluster: heartbeats, silence, regrouping, joining, leaving.

Members hear one another over any network that joins them. Silence for delay × threshold, and those who still hear one
another drop the silent member. A heartbeat tells that a machine answers, and nothing about what runs on it.
Idle heartbeats are skipped: silence is computed from the moment at which it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studyapp.cluster import view
from studyapp.cluster.nodes.quorum import stop_service
from studyapp.cluster.world import NOTICE, Handler, World

Silences = dict[tuple[str, str], tuple[int, int | None]]
"""(listener, silent member) to the time since when nothing was heard, and the event to blame."""


def sends_heartbeats(world: World, node: str) -> bool:
    """The machine answers, and so do its heartbeats, whatever the applications on it do."""
    return view.answers(world.state, node)


def silence_limit(world: World, cluster: str, a: str, b: str) -> int:
    """Delay × threshold in ms. Of a failover cluster by whether a and b are in different sites (where the release knows
    sites), have a network in common, or not; of an NLB cluster its own two settings.
    """
    if cluster in world.scenario.nlb:
        return world.setting(cluster, "AliveMsgPeriod") * world.setting(cluster, "AliveMsgTolerance")
    kind = heartbeat_kind(world, cluster, a, b)
    return heartbeat_value(world, cluster, f"{kind}Delay") * heartbeat_value(world, cluster, f"{kind}Threshold")


def heartbeat_kind(world: World, cluster: str, a: str, b: str) -> str:
    """`SameSubnet`, `CrossSubnet` or `CrossSite`: by which values a and b hear each other."""
    scenario, state = world.scenario, world.state
    if scenario.sites and world.has("site_awareness", cluster):
        site_a, site_b = view.site_of(scenario, state, a), view.site_of(scenario, state, b)
        if site_a is not None and site_b is not None and site_a != site_b:
            return "CrossSite"
    others = view.own_networks(scenario, b)
    common = [network for network in view.own_networks(scenario, a) if network in others]
    # Common networks that are all lost no longer make them neighbours, unless nothing else joins them either.
    near = any(not state.get(("lost", network)) for network in common)
    if common and not near:
        near = not view.joined_by_network(scenario, state, a, b)
    return "SameSubnet" if near else "CrossSubnet"


def heartbeat_value(world: World, cluster: str, name: str) -> int:
    """A heartbeat property of a cluster in force."""
    if world.by_hand(cluster, name) is not None:
        return world.setting(cluster, name)
    return world.number(view.heartbeat_row(world.scenario, world.state, cluster, name), cluster)


def nodes_now(world: World, cluster: str) -> tuple[str, ...]:
    """The nodes of a cluster now."""
    return view.nodes(world.scenario, world.state, cluster)


def silences(world: World, cluster: str) -> Silences:
    """Who is silent to whom in a cluster."""
    found: Silences = world.memo.get(("silent", cluster), {})
    return found


def blamed(world: World, a: str, b: str, cause: int | None) -> int | None:
    """The event that made b silent to a: b's own failure or its host's; where b does answer, what has happened now to
    the way between them, else what happened last.
    """
    own, others = _conditions(world, b), _conditions(world, a)
    if own and not sends_heartbeats(world, b):
        return max(own)
    return max((w for w in own + others if world.events[w - 1].at_ms == world.now), default=cause)


def _conditions(world: World, machine: str) -> list[int]:
    """The events that last changed the condition of a machine and of its host."""
    found = (machine, view.host_of(world.state, machine))
    return [w for m in found if m is not None and (w := world.blame(m)) is not None]


def recheck(world: World, cluster: str, cause: int | None) -> None:
    """After any change: note who fell silent to whom, and let those who wait join.

    Listeners that count the same side from the same place in the network hear the same, so the work grows with the
    nodes and not with their pairs.
    """
    scenario, state = world.scenario, world.state
    running = view.running_nodes(scenario, state, cluster)
    if not running:
        world.once("take-over", cluster, cause=cause)
    world.consulted.add("heartbeat_shows")
    ways = {n: view.ways(scenario, state, n) for n in running}
    sends = {n for n in running if world.rules.heartbeat_shows(world, n)}
    alike: dict[tuple[frozenset[str], view.Ways], list[str]] = {}
    for a in running:
        alike.setdefault((state[("side", cluster, a)], ways[a]), []).append(a)
    before, now = silences(world, cluster), Silences()
    deadlines: dict[int, int | None] = {}
    known = nodes_now(world, cluster)
    for (side, way), listeners in alike.items():
        heard = {b for b in sends if view.hears_over(way, ways[b])}
        for b in [b for b in known if b in side and b not in heard]:
            for a in listeners:
                if a == b:
                    continue
                record = before.get((a, b))
                if record is None:
                    record = (world.now, blamed(world, a, b, cause))
                    world.consulted.add("silence_limit")
                    deadlines.setdefault(world.rules.silence_limit(world, cluster, a, b), record[1])
                now[a, b] = record
    if now != before:
        world.note(("silent", cluster), now)
    if world.every_beat:
        for (a, b), (since, reason) in now.items():
            if (a, b) not in before:
                order = silence_order(world, cluster)
                world.after(0, "beat-missed", cluster, a, b, since, cause=reason, order=order)
    else:
        for limit, reason in sorted(deadlines.items()):
            world.after(limit, "regroup", cluster, cause=reason, order=silence_order(world, cluster))
    if waiting_nodes(world, cluster):
        world.once("gather", cluster, cause=cause)
    if witness_changed(world, cluster) or (before and not now):
        world.once("judge", cluster, cause=cause)
    if len({side for side, _ in alike}) > 1:
        world.once("meet", cluster, cause=cause)


def silence_order(world: World, cluster: str) -> int:
    """Silence is noticed first at a moment, cluster by cluster, whether idle heartbeats are skipped or not."""
    names = [made_of.name for made_of in world.scenario.clusters]
    return NOTICE - len(names) + names.index(cluster)


def retime(world: World, cluster: str, cause: int | None) -> None:
    """A heartbeat setting has changed, and holds at once for those who are silent already."""
    limits = {
        max(0, since + world.rules.silence_limit(world, cluster, a, b) - world.now)
        for (a, b), (since, _) in silences(world, cluster).items()
    }
    for limit in sorted(limits):
        world.after(limit, "regroup", cluster, cause=cause, order=silence_order(world, cluster))


def beat(world: World, cluster: str, a: str, b: str, *, cause: int | None) -> None:
    """With every heartbeat simulated: b sends one to a, and the next is due."""
    delay = heartbeat_value(world, cluster, f"{heartbeat_kind(world, cluster, a, b)}Delay")
    world.after(delay, "beat", cluster, a, b, cause=None, order=NOTICE, background=True)


def beat_missed(world: World, cluster: str, a: str, b: str, since: int, *, cause: int | None) -> None:
    """With every heartbeat simulated: a counts the silence of b until it has lasted its limit."""
    record = silences(world, cluster).get((a, b))
    if record is None or record[0] != since:
        return
    if world.now - since >= world.rules.silence_limit(world, cluster, a, b):
        regroup(world, cluster, cause=cause)
        return
    delay = heartbeat_value(world, cluster, f"{heartbeat_kind(world, cluster, a, b)}Delay")
    world.after(delay, "beat-missed", cluster, a, b, since, cause=cause, order=silence_order(world, cluster))


def witness_changed(world: World, cluster: str) -> bool:
    """Those who hold the witness have lost their way to it, or are gone; or somebody finds it that nobody holds."""
    if world.scenario.failover[cluster].witness is None:
        return False
    scenario, state = world.scenario, world.state
    alive = view.running_nodes(scenario, state, cluster)
    reached = {n for n in alive if view.witness_reached(scenario, state, cluster, n)}
    holder = state[("witness-holder", cluster)]
    return bool(reached) if holder is None else bool(alive) and reached.isdisjoint(holder)


class Places(dict[str, view.Ways]):
    """Where machines are in the network now; each is looked at once."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def __missing__(self, machine: str) -> view.Ways:
        found = self[machine] = view.ways(self._world.scenario, self._world.state, machine)
        return found

    def hear_each_other(self, machine: str, others: Iterable[str]) -> bool:
        """There are others, and the machine and each of them hear each other."""
        ways = {self[other] for other in others}
        return bool(ways) and _hear_all(self[machine], ways)


def in_groups(nodes: Iterable[str], places: Mapping[str, view.Ways]) -> list[tuple[str, ...]]:
    """The nodes in groups in which each hears every other; who reaches two groups belongs to the first."""
    groups: list[tuple[list[str], set[view.Ways]]] = []
    for node in nodes:
        way = places[node]
        for group, ways in groups:
            if _hear_all(way, ways):
                group.append(node)
                ways.add(way)
                break
        else:
            groups.append(([node], {way}))
    return [tuple(group) for group, _ in groups]


def _hear_all(way: view.Ways, others: Iterable[view.Ways]) -> bool:
    """Whoever is there and whoever is at one of these places hear each other."""
    return all(view.hears_over(way, other) and view.hears_over(other, way) for other in others)


def regroup(world: World, cluster: str, *, cause: int | None) -> None:
    """Each group that hears one another drops those who have been silent for their whole limit."""
    state = world.state
    running = view.running_nodes(world.scenario, state, cluster)
    records = silences(world, cluster)
    late = {
        pair: reason
        for pair, (since, reason) in records.items()
        if world.now - since >= world.rules.silence_limit(world, cluster, *pair)
    }
    if not late:
        return
    places = Places(world)
    for group in in_groups(running, places):
        inside = set(group)
        expired = {b for a, b in late if a in inside and b not in inside}
        # Who has given them up, and whom they still hear, has told them.
        expired |= {a for a, b in late if b in inside and a not in inside and view.hears_over(places[b], places[a])}
        expired |= {b for a, b in late if a in inside and not world.rules.heartbeat_shows(world, b)}
        if expired and not inside.issuperset(running):
            # Living nodes part: each side counts only those who answer it, or both would count a silent one.
            expired |= set(nodes_now(world, cluster)) - inside
        counted = frozenset[str]().union(*(state[("side", cluster, a)] for a in group))
        gone = [n for n in nodes_now(world, cluster) if n in expired and n in counted]
        if gone:
            drop(world, cluster, gone, group, cause)
    world.once("judge", cluster, cause=len(world.events))


def drop(world: World, cluster: str, gone: list[str], group: tuple[str, ...], cause: int | None) -> None:
    """The group counts these nodes no longer; a failure that one stands for is now detected."""
    records = silences(world, cluster)
    for node in gone:
        since = [records[a, node] for a in group if (a, node) in records]
        reasons = [reason for _, reason in since if reason is not None]
        reason = min(reasons, default=blamed(world, group[0], node, cause))
        started = min((at for at, _ in since), default=world.now)
        if view.answers(world.state, node) and not world.rules.heartbeat_shows(world, node):
            world.set(("fault", node), started)
            reason = detected_inside(world, cluster, node, world.scenario.service, reason)
        if has_failed(world, node) and not already_detected(world, cluster, node):
            seconds = (world.now - started) / 1000
            sentence = f"{cluster} has not heard {node} for {seconds:g} s and takes it for failed"
            reason = detected(world, cluster, node, sentence, reason)
        names = ", ".join(group) if len(group) <= 8 else f"{len(group)} nodes"
        verb = "removes" if len(group) == 1 else "remove"
        sentence = f"{names} {verb} {node} from the membership of {cluster}"
        removed = world.emit("removed", node, sentence, cause=reason, rule="silence", cluster=cluster)
        world.accuse(f"removed {cluster} {node}", removed)
        if world.has("compute_resiliency", cluster):
            world.after(0, "departed", cluster, node, group[0], cause=removed, order=NOTICE)
        world.consulted.add("guest_cluster_boots")
        if node in world.scenario.vm and world.rules.guest_cluster_boots():
            world.after(0, "boot-elsewhere", node, cause=removed)
    _forget(world, cluster, frozenset(gone), group)


def _forget(world: World, cluster: str, gone: frozenset[str], group: tuple[str, ...]) -> None:
    state = world.state
    left: dict[frozenset[str], frozenset[str]] = {}
    for a in group:
        side: frozenset[str] = state[("side", cluster, a)]
        if side not in left:
            left[side] = side - gone
        world.set(("side", cluster, a), left[side])
    inside = set(group)
    records = silences(world, cluster)
    world.note(("silent", cluster), {p: r for p, r in records.items() if p[0] not in inside or p[1] not in gone})
    # Only under a misconception is a node removed that the others could hear: it starts again outside.
    for node in gone:
        running = state[("cluster-service", cluster, node)] == "running" and view.answers(state, node)
        if running and not world.rules.heartbeat_shows(world, node):
            stop_service(world, cluster, node)


def leave(world: World, cluster: str, node: str, cause: int | None) -> None:
    """A node leaves in order: the others know at once, and where votes change its vote is given up before it goes."""
    side = world.state[("side", cluster, node)]
    stop_service(world, cluster, node, "stopped")
    for other in nodes_now(world, cluster):
        counted: frozenset[str] = world.state[("side", cluster, other)]
        if other in side and node in counted:
            world.set(("side", cluster, other), counted - {node})
    rest = tuple(n for n in nodes_now(world, cluster) if n in side and n != node)
    # A vote that no node may take over is not given up.
    heirs = any(view.weight(world.scenario, world.state, cluster, n) for n in rest)
    if heirs and view.is_dynamic(world.scenario, world.state, cluster):
        table = view.table_of(world.state, cluster, rest)
        reached = any(view.witness_reached(world.scenario, world.state, cluster, n) for n in rest)
        holds = reached and view.holds_witness(world.state, cluster, side)
        handed = world.rules.recount(world, cluster, rest, table, holds)
        if handed._replace(epoch=table.epoch) != table:
            for n in (*rest, node):
                world.set(("table", cluster, n), handed)
            sentence = f"{node} hands its vote over as it leaves: {cluster} goes on with {handed.total}"
            cause = world.emit("votes", cluster, sentence, cause=cause, rule="graceful-departure", cluster=cluster)
    world.once("judge", cluster, cause=cause)


def has_failed(world: World, thing: str) -> bool:
    """The thing has a fault that no restart or repair has cured."""
    return world.state.get(("fault", thing)) is not None


def already_detected(world: World, cluster: str, thing: str) -> bool:
    """This cluster has noticed the present fault of the thing."""
    return bool(world.state.get(("noticed", cluster, thing)) == world.state[("fault", thing)])


def detected(world: World, cluster: str, thing: str, detail: str, cause: int | None, rule: str = "silence") -> int:
    """Log that the cluster took the thing for failed; remember the first time and how long it took."""
    seq = world.emit("detected", thing, detail, cause=cause, rule=rule, cluster=cluster)
    world.set(("noticed", cluster, thing), world.state[("fault", thing)])
    if ("detected", cluster, thing) not in world.state:
        world.set(("detected", cluster, thing), world.now - world.state[("fault", thing)])
    return seq


def detected_inside(
    world: World, cluster: str, machine: str, services: Iterable[str], cause: int | None, rule: str = "silence"
) -> int | None:
    """Log that the cluster took those of these services for failed that fail on a machine which answers."""
    for name in services:
        if view.application_fails(world.state, name, machine) and not already_detected(world, cluster, name):
            sentence = f"{cluster} learns that {name} has failed on {machine}"
            cause = detected(world, cluster, name, sentence, cause, rule)
    return cause


def waiting_nodes(world: World, cluster: str) -> tuple[str, ...]:
    """Nodes that want to join and send heartbeats, by node id."""
    return tuple(
        n
        for n in nodes_now(world, cluster)
        if world.state[("cluster-service", cluster, n)] == "waiting"
        and view.answers(world.state, n)
        and world.rules.heartbeat_shows(world, n)
    )


HANDLERS: dict[str, Handler] = {"regroup": regroup, "beat": beat, "beat-missed": beat_missed}
