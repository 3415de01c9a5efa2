"""What can be read off a state: the questions that rules, claims and diagrams ask of it. Pure functions, no guesses."""

from __future__ import annotations

from studyapp.cluster.scenario import FailoverCluster, NlbCluster, Scenario
from studyapp.cluster.trace import State


class NotModelledYet(Exception):
    """The scenario reached something that the model does not cover yet; the message names it."""


# -- machines -----------------------------------------------------------------------------------------------------


def host_of(state: State, machine: str) -> str | None:
    """The host that a VM is on; None for a host."""
    host = state.get(("host", machine))
    return str(host) if host is not None else None


def powered(state: State, machine: str) -> bool:
    """On, whether or not it responds; a VM is on only while its host is."""
    host = host_of(state, machine)
    return bool(state[("power", machine)]) and (host is None or bool(state[("power", host)]))


def answers(state: State, machine: str) -> bool:
    """On and not hung, and for a VM its host too."""
    host = host_of(state, machine)
    return powered(state, machine) and not state[("hung", machine)] and (host is None or not state[("hung", host)])


def machine_state(state: State, machine: str) -> str:
    """`up`, `silent` (on, but it or its host hangs) or `off`."""
    if not powered(state, machine):
        return "off"
    return "up" if answers(state, machine) else "silent"


# -- networks -----------------------------------------------------------------------------------------------------


def own_networks(scenario: Scenario, machine: str) -> tuple[str, ...]:
    """The networks that a machine has an adapter on."""
    if machine in scenario.host:
        return scenario.host[machine].networks
    return scenario.vm[machine].networks


def attached(scenario: Scenario, state: State, machine: str) -> frozenset[str]:
    """The working networks that a machine reaches; a VM reaches them through its host."""
    mine = frozenset(
        n for n in own_networks(scenario, machine) if not state.get(("cut", machine, n)) and not state.get(("lost", n))
    )
    host = host_of(state, machine)
    return mine if host is None else mine & attached(scenario, state, host)


def side_of(scenario: Scenario, state: State, thing: str) -> int | None:
    """The number of the partition's side that a machine or witness is on; None: reached from every side.

    A VM goes with its host.
    """
    sides = state.get(("partition",), ())
    host = host_of(state, thing)
    for name in (host, thing):
        for number, side in enumerate(sides):
            if name in side:
                return number
    return None


def same_side(scenario: Scenario, state: State, a: str, b: str) -> bool:
    """No partition lies between a and b."""
    side_a, side_b = side_of(scenario, state, a), side_of(scenario, state, b)
    return side_a is None or side_b is None or side_a == side_b


def joined_by_network(scenario: Scenario, state: State, a: str, b: str) -> bool:
    """Packets pass between a and b: over networks, which are all routed, or over the virtual switch of their host when
    it has no way out.
    """
    if attached(scenario, state, a) and attached(scenario, state, b):
        return same_side(scenario, state, a, b)
    host = host_of(state, a)
    return (
        host is not None
        and host == host_of(state, b)
        and not attached(scenario, state, host)
        and on_the_switch(scenario, state, a)
        and on_the_switch(scenario, state, b)
    )


def on_the_switch(scenario: Scenario, state: State, vm: str) -> bool:
    """The VM has an adapter that is not cut off."""
    return any(not state.get(("cut", vm, n)) for n in own_networks(scenario, vm))


def reached_by_clients(scenario: Scenario, state: State, machine: str) -> bool:
    """Clients reach the machine: it answers and a network leads to it. Clients are on every side of a partition."""
    return answers(state, machine) and bool(attached(scenario, state, machine))


# -- failover clusters --------------------------------------------------------------------------------------------


def running_nodes(scenario: Scenario, state: State, cluster: str) -> tuple[str, ...]:
    """Nodes whose cluster service runs on a machine that answers, in the order of `nodes`."""
    return tuple(
        n
        for n in scenario.failover[cluster].nodes
        if state[("cluster-service", cluster, n)] == "running" and answers(state, n)
    )


def sides(scenario: Scenario, state: State, cluster: str) -> tuple[tuple[str, ...], ...]:
    """The sides that run, each as the members that it counts; the one with most votes first, then lowest node id.

    Of an NLB cluster: the parts that have converged, each for itself.
    """
    if cluster in scenario.nlb:
        hosts = scenario.nlb[cluster].nodes
        parts = (state[("nlb-side", cluster, n)] for n in hosts if nlb_state(state, cluster, n) == "Converged")
        return tuple(dict.fromkeys(tuple(n for n in hosts if n in part) for part in parts))
    nodes = scenario.failover[cluster].nodes
    found: list[tuple[str, ...]] = []
    for node in running_nodes(scenario, state, cluster):
        view = state[("side", cluster, node)]
        members = tuple(n for n in nodes if n in view)
        if members not in found:
            found.append(members)
    return tuple(sorted(found, key=lambda side: -sum(weight(scenario.failover[cluster], n) for n in side)))


def members(scenario: Scenario, state: State, cluster: str) -> tuple[str, ...]:
    """Members of the side that runs (NLB: the converged hosts), in the order of `nodes`."""
    if cluster in scenario.nlb:
        return tuple(n for n in scenario.nlb[cluster].nodes if nlb_state(state, cluster, n) == "Converged")
    running = sides(scenario, state, cluster)
    return running[0] if running else ()


def weight(cluster: FailoverCluster, node: str) -> int:
    """NodeWeight."""
    return dict(cluster.weights).get(node, 1)


def witness_counts(cluster: FailoverCluster) -> bool:
    """The quorum mode gives the witness a vote."""
    return cluster.witness is not None and cluster.quorum != "node-majority"


def configured_votes(cluster: FailoverCluster) -> int:
    """Every vote that the quorum mode knows."""
    if cluster.quorum == "disk-only":
        return 1
    return sum(weight(cluster, n) for n in cluster.nodes) + witness_counts(cluster)


def holds_witness(state: State, cluster: str, side: tuple[str, ...]) -> bool:
    """This side holds the witness's vote."""
    holder = state.get(("witness-holder", cluster))
    return holder is not None and set(side) >= set(holder)


def votes_present(scenario: Scenario, state: State, cluster: str, side: tuple[str, ...]) -> int:
    """The votes that a side counts: its members' and the witness's where it holds it."""
    made_of = scenario.failover[cluster]
    witness = int(witness_counts(made_of) and holds_witness(state, cluster, side))
    if made_of.quorum == "disk-only":
        return witness
    return sum(weight(made_of, n) for n in side) + witness


def node_state(scenario: Scenario, state: State, cluster: str, node: str) -> str:
    """`Up` or `Down` of a failover cluster's node as the side that runs sees it; an NLB host's own state."""
    if cluster in scenario.nlb:
        return nlb_state(state, cluster, node)
    return "Up" if node in members(scenario, state, cluster) else "Down"


# -- roles --------------------------------------------------------------------------------------------------------


def owner(state: State, role: str) -> str:
    """The node that has the role, `none` while it is offline or failed."""
    return str(state[("owner", role)])


def role_state(state: State, role: str) -> str:
    """`Online`, `Pending`, `Offline` or `Failed`, as the cluster shows it."""
    return str(state[("role", role)])


def storage_reached(scenario: Scenario, state: State, storage: str, node: str) -> bool:
    """A node reaches a storage: it is not lost, and a host is attached to it (a VM reaches all)."""
    if state.get(("lost", storage)):
        return False
    return node not in scenario.host or storage in scenario.host[node].storage


def application_fails(state: State, thing: str, machine: str) -> str:
    """`""` while the application of a role or service works on a machine, else `once` or `lasting`."""
    return str(state.get(("app", thing, machine), ""))


# -- network load balancing ---------------------------------------------------------------------------------------


def nlb_state(state: State, cluster: str, node: str) -> str:
    """`Converged`, `Converging` or `Stopped`."""
    shown = str(state[("nlb", cluster, node)])
    if not answers(state, node) or (shown == "Converged" and not state[("nlb-table", cluster, node)]):
        return "Stopped"
    return shown


def nlb_share_holders(scenario: Scenario, state: State, cluster: str) -> tuple[str, ...]:
    """The hosts among which the load is shared, the dead included until convergence has ended.

    Raises NotModelledYet where clients reach two parts of the cluster that each converged for themselves.
    """
    made_of: NlbCluster = scenario.nlb[cluster]
    tables: list[frozenset[str]] = []
    for node in made_of.nodes:
        if reached_by_clients(scenario, state, node):
            table: frozenset[str] = state[("nlb-table", cluster, node)]
            if table and table not in tables:
                tables.append(table)
    if not tables:
        return ()
    if len(tables) > 1:
        raise NotModelledYet(f"clients that reach two halves of the NLB cluster {cluster} are not modelled yet")
    return tuple(n for n in made_of.nodes if n in tables[0])
