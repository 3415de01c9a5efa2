"""Network Load Balancing: every host hears every packet; silence starts convergence; shares are even.

The default port rule: all ports, multiple hosts, equal load. NLB looks at hosts, never at applications.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.membership import already_detected, blamed, detected, has_failed
from studyapp.cluster.world import NOTICE, Handler, World


def sends_nlb_heartbeats(world: World, cluster: str, node: str) -> bool:
    """The machine answers; what its applications do is not looked at."""
    return view.answers(world.state, node)


def any_part_serves(heard: int, in_all: int) -> bool:
    """NLB has no votes: whatever is left goes on serving."""
    return True


def hears(world: World, cluster: str, a: str, b: str) -> bool:
    """Host a hears the NLB heartbeats of host b."""
    world.consulted.add("nlb_heartbeat_shows")
    return (
        view.answers(world.state, a)
        and world.rules.nlb_heartbeat_shows(world, cluster, b)
        and view.joined_by_network(world.scenario, world.state, a, b)
    )


def recheck(world: World, cluster: str, cause: int | None) -> None:
    """After any change: note silence, and let hosts that hear a new one converge with it."""
    nodes = view.nodes(world.scenario, world.state, cluster)
    deadlines: dict[int, int | None] = {}
    for a in nodes:
        side = world.state[("nlb-side", cluster, a)]
        heard = {b for b in nodes if b == a or hears(world, cluster, a, b)} if view.answers(world.state, a) else set()
        for b in nodes:
            record = ("nlb-silent", cluster, a, b)
            if b not in side or b in heard or not heard:
                world.note(record, None)
            elif record not in world.memo:
                world.note(record, world.now)
                world.consulted.add("silence_limit")
                deadlines.setdefault(world.rules.silence_limit(world, cluster, a, b), blamed(world, a, b, cause))
        fresh = not world.state[("nlb-table", cluster, a)] and world.state[("nlb", cluster, a)] == "Stopped"
        if heard and (fresh or not heard <= side):
            newcomers(world, cluster, frozenset(side | heard), frozenset(heard), cause)
    for limit, silence in sorted(deadlines.items()):
        world.after(limit, "nlb-regroup", cluster, cause=silence, order=NOTICE)


def newcomers(world: World, cluster: str, side: frozenset[str], heard: frozenset[str], cause: int | None) -> None:
    """Hosts hear one that they did not count: they converge, and it takes part when that has ended."""
    wait = world.number("nlb.AliveMsgPeriod") * world.number("nlb.JoinHeartbeats")
    for node in heard:
        world.set(("nlb-side", cluster, node), side)
        world.set(("nlb", cluster, node), "Converging")
    world.after(wait, "nlb-converge", cluster, side, cause=cause)


def regroup(world: World, cluster: str, *, cause: int | None) -> None:
    """Hosts that were silent for the whole limit are dropped, and convergence starts."""
    nodes = view.nodes(world.scenario, world.state, cluster)
    dropped: set[frozenset[str]] = set()
    last: int | None = cause
    logged: dict[tuple[frozenset[str], str], int] = {}
    for a in nodes:
        if not view.answers(world.state, a):
            continue
        side: frozenset[str] = world.state[("nlb-side", cluster, a)]
        limits = {b: world.rules.silence_limit(world, cluster, a, b) for b in side}
        expired = frozenset(
            b for b in side if world.now - world.memo.get(("nlb-silent", cluster, a, b), world.now) >= limits[b]
        )
        if not expired:
            continue
        for b in (n for n in nodes if n in expired):
            if (side - expired, b) not in logged:
                reason = blamed(world, a, b, cause)
                if not world.rules.nlb_heartbeat_shows(world, cluster, b) and not has_failed(world, b):
                    world.set(("fault", b), world.memo["nlb-silent", cluster, a, b])
                if has_failed(world, b) and not already_detected(world, cluster, b):
                    reason = detected(
                        world,
                        cluster,
                        b,
                        f"the other members of {cluster} have not heard {b} for {limits[b] / 1000:g} s",
                        reason,
                        rule="nlb-silence",
                    )
                last = world.emit(
                    "removed",
                    b,
                    _without(world, nodes, side - expired, cluster, b),
                    cause=reason,
                    rule="nlb-silence",
                    cluster=cluster,
                )
                logged[(side - expired, b)] = last
        world.set(("nlb-side", cluster, a), side - expired)
        world.set(("nlb", cluster, a), "Converging")
        for b in expired:
            world.note(("nlb-silent", cluster, a, b), None)
            if view.answers(world.state, b) and view.joined_by_network(world.scenario, world.state, a, b):
                # Only under a misconception is a host dropped that the others could hear: it serves no more.
                world.set(("nlb-table", cluster, b), frozenset())
                world.set(("nlb", cluster, b), "Converging")
        dropped.add(side - expired)
    for side in sorted(dropped, key=sorted):
        world.after(world.number("nlb.Convergence"), "nlb-converge", cluster, side, cause=last)


def _without(world: World, nodes: tuple[str, ...], left: frozenset[str], cluster: str, gone: str) -> str:
    """Who converges without whom, and what it means for clients."""
    names = ", ".join(n for n in nodes if n in left)
    verb = "converges" if len(left) == 1 else "converge"
    lost = not view.reached_by_clients(world.scenario, world.state, gone)
    clients = f"; until that has ended, the clients of {gone} get no answer" if lost else ""
    return f"{names} {verb} without {gone} in {cluster}{clients}"


def converge(world: World, cluster: str, side: frozenset[str], *, cause: int | None) -> None:
    """Convergence has ended for the hosts that still count exactly this side: the load is shared among them."""
    nodes = view.nodes(world.scenario, world.state, cluster)
    ready = [
        n
        for n in nodes
        if n in side
        and world.state[("nlb-side", cluster, n)] == side
        and world.state[("nlb", cluster, n)] == "Converging"
        and view.answers(world.state, n)
    ]
    if not ready:
        return
    world.consulted.add("nlb_serves")
    serves = world.rules.nlb_serves(len(side), len(nodes))
    for node in ready:
        if not world.state[("nlb-table", cluster, node)] and serves:
            cause = world.emit(
                "joined", node, f"{node} takes part in {cluster}", cause=cause, rule="nlb-convergence", cluster=cluster
            )
        world.set(("nlb-table", cluster, node), side if serves else frozenset())
        world.set(("nlb", cluster, node), "Converged")
    names = ", ".join(n for n in nodes if n in side)
    what = f"the load of {cluster} is shared evenly: {names}" if serves else f"{cluster} stops serving"
    world.emit("converged", cluster, what, cause=cause, rule="nlb-convergence", cluster=cluster)


HANDLERS: dict[str, Handler] = {"nlb-regroup": regroup, "nlb-converge": converge}
