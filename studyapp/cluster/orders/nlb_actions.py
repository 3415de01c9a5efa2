"""What an administrator does to the hosts of NLB clusters: stop, drain, suspend, resume, start, evict and join them.

What Windows would refuse is refused: it changes nothing, and gives a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studyapp.cluster import view
from studyapp.cluster.clients import load, nlb, port_rules
from studyapp.cluster.nodes.membership import nodes_now
from studyapp.cluster.orders import rule_settings
from studyapp.cluster.orders.machines import told
from studyapp.cluster.scenario import Act, NlbCluster
from studyapp.cluster.world import Verb, World


def clusters_of(world: World, node: str) -> tuple[str, ...]:
    """The NLB clusters that a machine is a host of now; an order to the host is one to each."""
    found = view.clusters_of(world.scenario, world.state, node)
    return tuple(c.name for c in found if isinstance(c, NlbCluster))


def _raw(world: World, node: str) -> set[str]:
    return {world.state[("nlb", cluster, node)] for cluster in clusters_of(world, node)}


def _refused(world: World, node: str) -> bool:
    """Refuse what is asked of a machine that does not answer, or of a host that is suspended."""
    if not view.answers(world.state, node):
        world.refuse("OPS026", node, f"{node} does not answer")
    elif "Suspended" in _raw(world, node):
        world.refuse("OPS014", node, f"{node} is suspended, and takes no order until it is resumed")
    else:
        return False
    return True


def _ordered(world: World, node: str, act: Act, sentence: str) -> int:
    """Log an order that is carried out, with a finding where it comes while hosts still converge."""
    for cluster in clusters_of(world, node):
        nlb.warn(world, cluster)
    return told(world, act, node, sentence)


def _started(world: World, node: str) -> Iterator[str]:
    """The clusters in which a host is started."""
    yield from (c for c in clusters_of(world, node) if world.state[("nlb", c, node)] in nlb.STARTED)


def stop_node(world: World, node: str, act: Act) -> None:
    """Stop a host: its connections are cut, new ones refused, and the others converge."""
    if _refused(world, node):
        return
    if not list(_started(world, node)):
        told(world, act, node, f"{node} is stopped already")
        return
    cause = _ordered(world, node, act, f"{node} stops taking part; its connections are cut")
    for cluster in list(_started(world, node)):
        nlb.leave(world, cluster, node, "Stopped", cause)


def start_node(world: World, node: str, act: Act) -> None:
    """Start a host; it looks for the others and converges with them. One that drains takes clients again."""
    if _refused(world, node):
        return
    if _raw(world, node) <= {"Starting", "Converging", "Converged"}:
        told(world, act, node, f"{node} is started already")
        return
    cause = _ordered(world, node, act, f"{node} starts taking part")
    nlb.wake(world, node)
    for cluster in clusters_of(world, node):
        if world.state[("nlb", cluster, node)] == "Draining":
            nlb.changed(world, cluster, cause)
            world.set(("nlb", cluster, node), "Converging")


def drain_stop(world: World, node: str, act: Act) -> None:
    """Take no new connections, and stop when the last one has ended, or at the end of a time limit."""
    if _refused(world, node):
        return
    clusters = [c for c in _started(world, node) if world.state[("nlb", c, node)] != "Draining"]
    if not clusters:
        told(world, act, node, f"{node} is stopped or drains already")
        return
    limit = f", for {act.timeout_ms / 1000:g} s at most" if act.timeout_ms is not None else ""
    cause = _ordered(world, node, act, f"{node} takes no new connections and serves those it has{limit}")
    for cluster in clusters:
        if load.is_idle(world, cluster, node):
            nlb.leave(world, cluster, node, "Stopped", cause)
            continue
        world.set(("nlb", cluster, node), "Draining")
        nlb.changed(world, cluster, cause)
        load.wait_for_drain(world, cluster, node, act.timeout_ms, cause)


def suspend(world: World, node: str, act: Act) -> None:
    """Stop a host and refuse every order but the one to resume."""
    if not view.answers(world.state, node):
        world.refuse("OPS026", node, f"{node} does not answer")
    elif _raw(world, node) == {"Suspended"}:
        told(world, act, node, f"{node} is suspended already")
    else:
        cause = _ordered(world, node, act, f"{node} is suspended; its connections are cut")
        for cluster in clusters_of(world, node):
            nlb.leave(world, cluster, node, "Suspended", cause)


def resume_node(world: World, node: str, act: Act) -> None:
    """End the suspension: the host is stopped then, and a start is still needed."""
    if not view.answers(world.state, node):
        world.refuse("OPS026", node, f"{node} does not answer")
    elif "Suspended" not in _raw(world, node):
        world.refuse("OPS013", node, f"{node} is not suspended")
    else:
        world.consulted.add("resumed_host_starts")
        starts = world.rules.resumed_host_starts()
        told(world, act, node, f"{node} is resumed" if starts else f"{node} is resumed; it is stopped, and not started")
        for cluster in clusters_of(world, node):
            world.set(("nlb", cluster, node), "Stopped")
        if starts:
            nlb.wake(world, node)


def evict(world: World, node: str, act: Act) -> None:
    """Take a host out of its cluster for good, running or not: its connections are cut, and the rest converges."""
    clusters = clusters_of(world, node)
    cause = _ordered(world, node, act, f"{node} is removed from {', '.join(clusters)}")
    for cluster in clusters:
        world.set(("nodes", cluster), tuple(n for n in nodes_now(world, cluster) if n != node))
        nlb.leave(world, cluster, node, "Stopped", cause)


def join(world: World, node: str, act: Act) -> None:
    """Add a machine to an NLB cluster, with a host priority (else the lowest free one) and a weight in all rules."""
    scenario, state, cluster = world.scenario, world.state, act.to or ""
    nodes = nodes_now(world, cluster)
    taken = {port_rules.priority(scenario, state, cluster, n): n for n in nodes}
    lowest, highest = world.number("nlb.min_priority"), world.number("nlb.max_priority")
    free = next((number for number in range(lowest, highest + 1) if number not in taken), highest)
    number = act.priority if act.priority is not None else free
    least, most = world.number("nlb.min_weight"), world.number("nlb.max_weight")
    others = [c.name for c in view.clusters_of(scenario, state, node) if not isinstance(c, NlbCluster)]
    refusals: tuple[tuple[bool, str, str], ...] = (
        (not view.answers(state, node), "OPS021", f"{node} cannot join {cluster}: it does not answer"),
        (node in nodes, "OPS021", f"{node} cannot join {cluster}: it is a host of it already"),
        (bool(others), "OPS021", f"{node} cannot join {cluster}: it is a node of {', '.join(others)}"),
        (len(nodes) >= world.number("nlb.max_nodes"), "OPS008", f"{cluster} has {len(nodes)} hosts, as many as it may"),
        (not lowest <= number <= highest, "OPS009", f"a host priority lies within {lowest} to {highest}, not {number}"),
        (
            act.weight is not None and not least <= act.weight <= most,
            "OPS009",
            f"a load weight lies within {least} to {most}, not {act.weight}",
        ),
        (number in taken, "OPS007", f"{node} is not accepted: {taken.get(number)} has the host priority {number}"),
    )
    for applies, finding, sentence in refusals:
        if applies:
            world.refuse(finding, node, sentence)
            return
    nlb.warn(world, cluster)
    told(world, act, node, f"{node} is added to {cluster} with the host priority {number}")
    world.set(("nodes", cluster), (*nodes, node))
    world.set(("nlb-priority", cluster, node), number)
    rule_settings.newcomer(world, cluster, node, act.weight)
    world.set(("nlb", cluster, node), "Starting")
    world.set(("nlb-side", cluster, node), frozenset((node,)))
    world.set(("nlb-table", cluster, node), frozenset())


def why_not_priority(world: World, node: str, number: int) -> tuple[str, str] | None:
    """Why a host cannot have a host priority: the finding, and a sentence. One that is stopped may have any."""
    lowest, highest = world.number("nlb.min_priority"), world.number("nlb.max_priority")
    if not lowest <= number <= highest:
        return "OPS009", f"HostPriority takes {lowest} to {highest}, not {number}"
    for cluster in _started(world, node):
        for other in nodes_now(world, cluster):
            taken = nlb.is_started(world, cluster, other)
            if taken and other != node and port_rules.priority(world.scenario, world.state, cluster, other) == number:
                return "OPS007", f"{node} keeps its host priority: {number} is that of {other}"
    return None


def set_priority(world: World, node: str, number: int, cause: int) -> None:
    """A host has another host priority; the cluster converges."""
    for cluster in clusters_of(world, node):
        world.set(("nlb-priority", cluster, node), number)
        nlb.changed(world, cluster, cause)


def _for_each(order: Callable[[World, str, Act], None]) -> Verb:
    def verb(world: World, act: Act) -> None:
        for node in act.subjects:
            if clusters_of(world, node):
                order(world, node, act)
            else:
                told(world, act, node, f"{node} is no host of an NLB cluster: nothing happens")

    return verb


VERBS: dict[str, Verb] = {
    "drain-stop": _for_each(drain_stop),
    "suspend": _for_each(suspend),
    "resume-node": _for_each(resume_node),
}
