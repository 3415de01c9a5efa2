"""What can be read off a state: the questions that rules, claims and diagrams ask of it. Pure functions, no guesses."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from studyapp.cluster.chance import OneOf, decided, is_among
from studyapp.cluster.properties import MODES, PROPERTIES
from studyapp.cluster.scenario import FailoverCluster, NlbCluster, Scenario
from studyapp.cluster.trace import State
from studyapp.cluster.votes import Table

ROUTED = "*"
"""Stands for all networks that are routed to one another."""


class Ways(NamedTuple):
    """Where a machine is in the network: its side of a partition, and the networks that its packets leave by and come
    in by.
    """

    side: int | None
    out: frozenset[str]
    into: frozenset[str]


# -- machines -----------------------------------------------------------------------------------------------------


def host_of(state: State, machine: str) -> str | None:
    """The host that a VM is on; None for a host. Raises Undecided while chance has left it open."""
    host: str | OneOf | None = state.get(("host", machine))
    return decided(state, host) if isinstance(host, OneOf) else host


def powered(state: State, machine: str) -> bool:
    """On, whether or not it responds; a VM is on only while its host is."""
    host = host_of(state, machine)
    return bool(state[("power", machine)]) and (host is None or bool(state[("power", host)]))


def answers(state: State, machine: str) -> bool:
    """On, not hung and not standing still, and for a VM its host too."""
    host = host_of(state, machine)
    if state[("hung", machine)] or state.get(("standstill", machine)) or not state[("power", machine)]:
        return False
    return host is None or (bool(state[("power", host)]) and not state[("hung", host)])


def machine_state(state: State, machine: str) -> str:
    """`up`, `silent` (on, but it or its host hangs) or `off`."""
    if not powered(state, machine):
        return "off"
    return "up" if answers(state, machine) else "silent"


def vm_state(state: State, vm: str) -> str:
    """`Running`, `Off`, `Saved`, `Migrating` or `PausedCritical`, as its host shows it."""
    shown = state.get(("vm", vm))
    if shown:
        return str(shown)
    return "Running" if powered(state, vm) else "Off"


# -- networks -----------------------------------------------------------------------------------------------------


def own_networks(scenario: Scenario, machine: str) -> tuple[str, ...]:
    """The networks that a machine has an adapter on."""
    if machine in scenario.host:
        return scenario.host[machine].networks
    return scenario.vm[machine].networks


def open_way(scenario: Scenario, state: State, machine: str, network: str, direction: str) -> bool:
    """Packets of a machine pass on a network in a direction, `in` or `out`; those of a VM pass through its host."""
    if state.get(("lost", network)) or state.get(("cut", machine, network)) in (True, direction):
        return False
    host = host_of(state, machine)
    if host is None:
        return True
    return network in scenario.host[host].networks and open_way(scenario, state, host, network, direction)


def attached(scenario: Scenario, state: State, machine: str) -> frozenset[str]:
    """The working networks that a machine reaches both ways; a VM reaches them through its host."""
    return frozenset(
        n
        for n in own_networks(scenario, machine)
        if open_way(scenario, state, machine, n, "in") and open_way(scenario, state, machine, n, "out")
    )


def ways(scenario: Scenario, state: State, machine: str) -> Ways:
    """Where packets of a machine go and come from: machines with a way in common hear each other."""
    host = host_of(state, machine)
    out, into = set[str](), set[str]()
    for network in own_networks(scenario, machine):
        cut = state.get(("cut", machine, network))
        leads = not state.get(("lost", network)) and (host is None or network in scenario.host[host].networks)
        for direction, found in (("out", out), ("in", into)):
            if cut in (True, direction):
                continue
            if leads and (host is None or state.get(("cut", host, network)) not in (True, direction)):
                found.add(ROUTED if scenario.network[network].routed else network)
            if host is not None:
                found.add(f"{host}/{network}")
    return Ways(side_of(scenario, state, machine), frozenset(out), frozenset(into))


def hears_over(a: Ways, b: Ways) -> bool:
    """Packets of b come to a: over a network that both are on, over the routers, or over the switch of one host."""
    apart = a.side is not None and b.side is not None and a.side != b.side
    return not apart and not a.into.isdisjoint(b.out)


def side_of(scenario: Scenario, state: State, thing: str) -> int | None:
    """The side of the partition that a machine (a VM: its host) or witness is on; None: reached from every side."""
    sides = state.get(("partition",), ())
    if not sides:
        return None
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
    """Packets pass between a and b both ways."""
    ways_a, ways_b = ways(scenario, state, a), ways(scenario, state, b)
    return hears_over(ways_a, ways_b) and hears_over(ways_b, ways_a)


def site_of(scenario: Scenario, state: State, thing: str) -> str | None:
    """The site of a machine (that of its host), storage, network or witness; None where the scenario gives none."""
    if thing in scenario.vm:
        thing = host_of(state, thing) or thing
    found = scenario.host.get(thing) or scenario.store.get(thing) or scenario.network.get(thing)
    if found is not None:
        return found.site
    cluster = scenario.failover.get(scenario.witnesses.get(thing, ""))
    return cluster.witness.site if cluster is not None and cluster.witness is not None else None


def reached_by_clients(scenario: Scenario, state: State, machine: str) -> bool:
    """Clients reach the machine: it answers and a network leads to it. Clients are on every side of a partition."""
    return answers(state, machine) and bool(attached(scenario, state, machine))


# -- failover clusters --------------------------------------------------------------------------------------------


def nodes(scenario: Scenario, state: State, cluster: str) -> tuple[str, ...]:
    """The nodes of a cluster by node id, members or not: without those evicted, with those that joined."""
    found = state.get(("nodes", cluster))
    if found is not None:
        slots: tuple[str, ...] = found
        return tuple(n for n in slots if n) if "" in slots else slots
    made_of = scenario.failover.get(cluster) or scenario.nlb[cluster]
    return made_of.nodes


def clusters_of(scenario: Scenario, state: State, machine: str) -> tuple[FailoverCluster | NlbCluster, ...]:
    """The clusters that a machine is a node of now."""
    return tuple(c for c in scenario.clusters if machine in nodes(scenario, state, c.name))


def running_nodes(scenario: Scenario, state: State, cluster: str) -> tuple[str, ...]:
    """Nodes whose cluster service runs on a machine that answers, by node id."""
    known = nodes(scenario, state, cluster)
    return tuple([n for n in known if state[("cluster-service", cluster, n)] == "running" and answers(state, n)])


def sides(scenario: Scenario, state: State, cluster: str) -> tuple[tuple[str, ...], ...]:
    """The sides that run, each as the members that it counts: a forced one first, then the one with most nodes that
    may vote, then the one with the lowest node id.

    Of an NLB cluster: the parts that have converged, each for itself.
    """
    known = nodes(scenario, state, cluster)
    if cluster in scenario.nlb:
        parts = (state[("nlb-side", cluster, n)] for n in known if nlb_state(state, cluster, n) == "Converged")
        return tuple(tuple(n for n in known if n in part) for part in dict.fromkeys(parts))
    found = standpoints(scenario, state, cluster)
    if len(found) < 2:
        return tuple(found)
    return tuple(
        side for side in found if not any(set(other) < set(side) for other, forced in found.items() if not forced)
    )


def standpoints(scenario: Scenario, state: State, cluster: str) -> dict[tuple[str, ...], bool]:
    """What the nodes of a failover cluster that run count as their side, in the order of `sides`, and whether it was
    started by force. Who has been left behind and has not noticed yet still counts a side that runs no more.
    """
    known = nodes(scenario, state, cluster)
    found: dict[frozenset[str], bool] = {}
    for node in running_nodes(scenario, state, cluster):
        side = state[("side", cluster, node)]
        found[side] = found.get(side, False) or bool(state.get(("forced", cluster, node)))
    ordered = list(found)
    if len(found) > 1:
        ordered.sort(key=lambda side: (not found[side], -sum(weight(scenario, state, cluster, n) for n in side)))
    return {tuple([n for n in known if n in side]): found[side] for side in ordered}


def members(scenario: Scenario, state: State, cluster: str) -> tuple[str, ...]:
    """Members of the side that runs (NLB: the converged hosts that a network leads to), by node id."""
    if cluster in scenario.nlb:
        hosts = (n for n in nodes(scenario, state, cluster) if nlb_state(state, cluster, n) == "Converged")
        return tuple(n for n in hosts if reached_by_clients(scenario, state, n))
    running = sides(scenario, state, cluster)
    return running[0] if running else ()


def alive_in(scenario: Scenario, state: State, cluster: str, side: Iterable[str]) -> tuple[str, ...]:
    """The members of a side that run and answer and count this side, by node id."""
    wanted = frozenset(side)
    return tuple([n for n in running_nodes(scenario, state, cluster) if state[("side", cluster, n)] == wanted])


def weight(scenario: Scenario, state: State, cluster: str, node: str) -> int:
    """NodeWeight: what was set in the timeline, else in the scenario."""
    found = state.get(("property", node, "NodeWeight"))
    return int(found) if found is not None else dict(scenario.failover[cluster].weights).get(node, 1)


def heartbeat_row(scenario: Scenario, state: State, cluster: str, name: str) -> str:
    """The row of the default of a heartbeat property: some releases have another where the nodes are Hyper-V hosts."""
    row = PROPERTIES[name].fact
    other = f"{row}.hyper-v"
    rows = scenario.facts_of[state.get(("level", cluster)) or scenario.level[cluster]]
    of_hosts = other in rows and not scenario.hyper_v.isdisjoint(nodes(scenario, state, cluster))
    return other if of_hosts else row


def is_dynamic(scenario: Scenario, state: State, cluster: str) -> bool:
    """The votes of the cluster change as nodes come and go."""
    found = state.get(("property", cluster, "DynamicQuorum"), scenario.settings.get((cluster, "DynamicQuorum"), 1))
    return scenario.failover[cluster].quorum == "dynamic" and bool(found)


def table_of(state: State, cluster: str, side: Iterable[str]) -> Table:
    """The votes as a side counts them: those that its members know latest."""
    tables: list[Table] = [state[("table", cluster, n)] for n in side]
    return max(tables, key=attrgetter("epoch"))


def last_table(scenario: Scenario, state: State, cluster: str) -> Table:
    """The votes of the side that runs; when none runs, as they were known last."""
    return table_of(state, cluster, members(scenario, state, cluster) or nodes(scenario, state, cluster))


def witness_reached(scenario: Scenario, state: State, cluster: str, node: str) -> bool:
    """A node reaches the witness of its cluster: a disk it is attached to, a share or cloud over the network; a share
    on a machine of the scenario while that machine answers.
    """
    witness = scenario.failover[cluster].witness
    if witness is None or state.get(("lost", witness.name)):
        return False
    if witness.kind == "disk":
        return storage_attached(scenario, state, witness.name, node)
    if witness.name in scenario.host or witness.name in scenario.vm:
        return answers(state, witness.name) and (
            witness.name == node or joined_by_network(scenario, state, node, witness.name)
        )
    return bool(attached(scenario, state, node)) and same_side(scenario, state, node, witness.name)


def holds_witness(state: State, cluster: str, side: Iterable[str]) -> bool:
    """This side holds the witness."""
    holder = state.get(("witness-holder", cluster))
    return holder is not None and set(side) >= set(holder)


def votes_present(scenario: Scenario, state: State, cluster: str, side: tuple[str, ...]) -> int:
    """The votes that a side counts: its members' and the witness's where it holds it."""
    table = table_of(state, cluster, side)
    return table.present(state, side) + (table.witness if holds_witness(state, cluster, side) else 0)


def is_forced(scenario: Scenario, state: State, cluster: str) -> bool:
    """A side runs that was started by force and has not votes enough yet."""
    return any(state.get(("forced", cluster, n)) for n in running_nodes(scenario, state, cluster))


def node_state(scenario: Scenario, state: State, cluster: str, node: str) -> str:
    """`Up Paused Quarantined Isolated Down`: a node as the side that runs sees it; of an NLB host its own state."""
    if cluster in scenario.nlb:
        return nlb_state(state, cluster, node)
    running = members(scenario, state, cluster)
    if node in running:
        return "Paused" if state.get(("paused", cluster, node)) else "Up"
    if running and state.get(("quarantined", cluster, node)):
        return "Quarantined"
    return "Isolated" if running and is_isolated(state, cluster, node) else "Down"


def is_isolated(state: State, cluster: str, node: str) -> bool:
    """The cluster has lost touch with the node and waits for it: what is virtual on it stays its own."""
    return state.get(("isolated", cluster, node)) is not None


# -- roles --------------------------------------------------------------------------------------------------------


def owner(state: State, role: str) -> str:
    """The node that has the role, `none` while it is offline or failed. Raises Undecided while that is open."""
    return decided(state, state[("owner", role)])


def is_owner(state: State, role: str, node: str) -> bool:
    """The node has the role. Raises Undecided while that is open."""
    return is_among(state, state[("owner", role)], (node,))


def is_owned(state: State, role: str) -> bool:
    """Some node has the role, whichever it is."""
    return bool(state[("owner", role)] != "none")


def role_state(state: State, role: str) -> str:
    """`Online Pending Offline Failed Unmonitored`, as the cluster shows it; of a virtual machine also its own state."""
    if is_unmonitored(state, role):
        return "Unmonitored"
    return str(state.get(("shown", role)) or state[("role", role)])


def role_online(state: State, role: str) -> bool:
    """The role has an owner and has started there, whatever has become of its node since."""
    return bool(state[("role", role)] == "Online")


def is_unmonitored(state: State, role: str) -> bool:
    """The role's virtual machine is on a node that is isolated: the cluster waits before it moves the role."""
    node: str = state.get(("unmonitored", role)) or ""
    return bool(node) and is_owner(state, role, node)


def storage_of(scenario: Scenario, state: State, role: str) -> str | None:
    """The storage that a role's disk lies on: where it was moved to, else where the scenario has it."""
    return state.get(("storage", role)) or scenario.role[role].storage


def storage_attached(scenario: Scenario, state: State, storage: str, node: str) -> bool:
    """A node has a way of its own to a storage: it is not lost, no partition lies between, and a host is attached to it
    (a VM is to all).
    """
    made_of = scenario.store[storage]
    if state.get(("lost", storage)) or not state.get(("pool", storage), True):
        return False
    if not same_side(scenario, state, node, storage):
        return False
    if made_of.within is not None:
        return storage_attached(scenario, state, made_of.within, node)
    return node not in scenario.host or storage in scenario.host[node].storage


def application_fails(state: State, thing: str, machine: str) -> str:
    """`""` while the application of a role or service works on a machine, else `once` or `lasting`."""
    return str(state.get(("app", thing, machine), ""))


# -- network load balancing ---------------------------------------------------------------------------------------


def nlb_mode(scenario: Scenario, state: State, cluster: str, node: str = "") -> str:
    """The operation mode of a host, or of the cluster: what was set in the timeline, else in the scenario."""
    made_of = scenario.nlb[cluster]
    found = state.get(("property", cluster, "OperationMode"))
    return MODES[found] if found is not None else dict(made_of.modes).get(node, made_of.mode)


def may_spoof(scenario: Scenario, state: State, vm: str) -> bool:
    """A virtual machine may use another MAC address than its own."""
    found = state.get(("property", vm, "MacAddressSpoofing"))
    return found == "On" if found is not None else scenario.vm[vm].mac_spoofing


def nlb_state(state: State, cluster: str, node: str) -> str:
    """`Converged`, `Converging`, `Draining`, `Suspended` or `Stopped`."""
    shown = str(state[("nlb", cluster, node)])
    if not answers(state, node) or (shown == "Converged" and not state[("nlb-table", cluster, node)]):
        return "Stopped"
    return "Converging" if shown == "Starting" else shown
