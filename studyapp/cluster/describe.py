"""What a state looks like, in words: for a picture's captions, for its list form and for whoever hears it read.

Everything here is read off a scenario and a state; nothing is guessed and nothing is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from studyapp.cluster import view
from studyapp.cluster.clients.port_rules import NOBODY
from studyapp.cluster.clients.service import spread_of
from studyapp.cluster.scenario import FailoverCluster, NlbCluster, Scenario, Service, Witness
from studyapp.cluster.trace import State
from studyapp.cluster.truth import TRUTH

MOST_NAMED = 5
"""Members that are named one by one."""
WITNESS_KINDS = {"disk": "disk witness", "share": "file share witness", "cloud": "cloud witness"}


@dataclass(frozen=True, slots=True)
class Component:
    """A thing that can be pointed at: `host`, `vm`, `cluster`, `role`, `service`, `storage`, `witness`, `network`."""

    kind: str
    name: str


def components(scenario: Scenario) -> tuple[Component, ...]:
    """Everything that can be pointed at, hosts with their VMs first. A highly available VM is there once, as a VM."""
    disks = {c.witness.name for c in scenario.failover.values() if c.witness is not None and c.witness.kind == "disk"}
    found = [Component("host", name) for name in scenario.host]
    found += [Component("vm", name) for name in scenario.vm]
    found += [Component("cluster", cluster.name) for cluster in scenario.clusters]
    found += [Component("role", role.name) for role in scenario.roles if role.vm is None]
    found += [Component("service", name) for name in scenario.service]
    found += [Component("witness", c.witness.name) for c in scenario.failover.values() if c.witness is not None]
    found += [Component("storage", storage.name) for storage in scenario.storage if storage.name not in disks]
    found += [Component("network", network.name) for network in scenario.networks]
    return tuple(dict.fromkeys(found))


# -- conditions -----------------------------------------------------------------------------------------------------


def condition(scenario: Scenario, state: State, machine: str) -> str:
    """`up`, `silent` (on, but it or its host hangs), `cut off` (it answers and no network leads to it) or `down`."""
    seen = view.machine_state(state, machine)
    if seen == "off":
        return "down"
    return "cut off" if seen == "up" and not view.attached(scenario, state, machine) else seen


def lost(state: State, thing: str) -> bool:
    """A network, storage or witness is gone."""
    return bool(state.get(("lost", thing)))


def split(scenario: Scenario, state: State) -> tuple[tuple[str, ...], ...]:
    """The sides of a partition, each in the scenario's order; empty while the network is whole."""
    order = (*scenario.machines, *scenario.witnesses, *(s.name for s in scenario.storage))
    sides: tuple[frozenset[str], ...] = state.get(("partition",), ())
    return tuple(tuple(n for n in order if n in side) for side in sides)


def failing(scenario: Scenario, state: State, machine: str) -> tuple[str, ...]:
    """Roles and services whose application fails on a machine, in the scenario's order."""
    return tuple(t for t in (*scenario.role, *scenario.service) if view.application_fails(state, t, machine))


def shares(scenario: Scenario, state: State, cluster: str) -> dict[str, Fraction]:
    """The share of new clients that each host of an NLB cluster is given, by the port rule of its first service."""
    balanced = (s for s in scenario.services if s.kind == "nlb" and s.target == cluster)
    service = next(balanced, Service(cluster, "nlb", cluster))
    found: dict[str, Fraction] = {}
    for node, share, _ in spread_of(scenario, TRUTH, state, service):
        if node != NOBODY:
            found[node] = found.get(node, Fraction(0)) + share
    return found


def answered_share(scenario: Scenario, state: State, service: str) -> Fraction:
    """The share of new clients that get an answer."""
    told = spread_of(scenario, TRUTH, state, scenario.service[service])
    return sum((share for _, share, works in told if works), Fraction(0))


def per_cent(share: Fraction) -> str:
    """A share as people read it; what is not sure is never told as all or nothing."""
    rounded = round(share * 100)
    if rounded in (0, 100) and share not in (0, 1):
        return "less than 1 %" if rounded == 0 else "more than 99 %"
    return f"{rounded} %"


def named(kind: str, name: str) -> str:
    """A thing by its kind and name; a network that is simply called network is that once."""
    return name if name == kind else f"{kind} {name}"


def join(names: tuple[str, ...]) -> str:
    """Names as a person lists them."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


# -- phrases --------------------------------------------------------------------------------------------------------


def cluster_status(scenario: Scenario, state: State, cluster: str) -> str:
    """How a cluster is, in a few words: votes and members, or how far convergence is."""
    if cluster in scenario.nlb:
        return _nlb_status(scenario, state, scenario.nlb[cluster])
    made_of = scenario.failover[cluster]
    sides = view.sides(scenario, state, cluster)
    total = view.last_table(scenario, state, cluster).total
    if not sides:
        return "stopped, no quorum"
    if len(sides) > 1:
        votes = (f"{' '.join(s)} with {view.votes_present(scenario, state, cluster, s)}" for s in sides)
        return f"{len(sides)} sides: {', '.join(votes)} of {total} votes"
    return f"{view.votes_present(scenario, state, cluster, sides[0])} of {total} votes{_who(made_of.nodes, sides[0])}"


def _nlb_status(scenario: Scenario, state: State, cluster: NlbCluster) -> str:
    nodes = view.nodes(scenario, state, cluster.name)
    seen = {n: view.nlb_state(state, cluster.name, n) for n in nodes}
    if "Converging" in seen.values():
        return "converging"
    converged = tuple(n for n in nodes if seen[n] == "Converged")
    if not converged:
        return "stopped"
    still = missed_by_none(scenario, state, cluster.name)
    parts = len({state[("nlb-table", cluster.name, n)] for n in converged})
    apart = f" in {parts} parts, each for itself" if parts > 1 else ""
    return f"converged{apart}{_who(nodes, tuple(n for n in nodes if n in converged or n in still))}"


def missed_by_none(scenario: Scenario, state: State, cluster: str) -> frozenset[str]:
    """The hosts of an NLB cluster that have fallen silent and that those which take part have not missed yet."""
    nodes = view.nodes(scenario, state, cluster)
    heard: set[str] = set()
    for node in nodes:
        if view.nlb_state(state, cluster, node) != "Stopped":
            heard |= state["nlb-side", cluster, node]
    return frozenset(n for n in nodes if n in heard and not view.answers(state, n))


def _who(nodes: tuple[str, ...], members: tuple[str, ...]) -> str:
    """The members where some are missing; where many are there and few are not, the missing ones."""
    missing = tuple(n for n in nodes if n not in members)
    if not missing:
        return ""
    if len(members) > MOST_NAMED and len(missing) < len(members):
        return f" · without {' '.join(missing)}"
    return f" · members {' '.join(members)}"


def service_target(service: Service) -> str:
    """What a service rests on, in a few words: `on vm1`, `of role sql`, `of farm, port 80`."""
    if service.kind == "runs_on":
        return f"on {service.target}"
    port = "" if service.port is None else f", port {service.port}"
    return f"of {'role ' if service.kind == 'role' else ''}{service.target}{port}"


def role_status(scenario: Scenario, state: State, role: str) -> str:
    """`online`, `starting`, `waiting` (it has no owner yet), `offline`, `failed` or `failing` (not noticed yet); of a
    virtual machine also what its host or cluster shows.
    """
    seen, owner = view.role_state(state, role), view.owner(state, role)
    if seen == "Online":
        return "failing" if view.application_fails(state, role, owner) else "online"
    if seen == "Pending":
        return "waiting" if owner == "none" else "starting"
    return {"PausedCritical": "paused until its disk is back", "Unmonitored": "not monitored"}.get(seen, seen.lower())


# -- sentences ------------------------------------------------------------------------------------------------------


def describe_component(scenario: Scenario, state: State, component: Component) -> str:
    """One sentence about one thing."""
    name = component.name
    match component.kind:
        case "host":
            return _host(scenario, state, name)
        case "vm":
            return _vm(scenario, state, name)
        case "cluster":
            return _cluster(scenario, state, name)
        case "role":
            return _role(scenario, state, name)
        case "service":
            return _service(scenario, state, name)
        case "witness":
            return _witness(scenario, state, name)
        case kind:
            return f"The {named(kind, name)} is {'lost' if lost(state, name) else 'there'}."


def describe(scenario: Scenario, state: State) -> tuple[str, ...]:
    """The whole state as sentences, in the order in which a person would tell it."""
    told = [describe_component(scenario, state, c) for c in components(scenario) if c.kind != "vm"]
    hosts = len(scenario.hosts)
    guests = [describe_component(scenario, state, Component("vm", name)) for name in _worth_telling(scenario, state)]
    sides = split(scenario, state)
    cut = (f"The network is split: {' | '.join(join(side) for side in sides)}.",) if sides else ()
    return (*told[:hosts], *guests, *cut, *told[hosts:])


def _worth_telling(scenario: Scenario, state: State) -> list[str]:
    """VMs about which their host's sentence does not say everything."""
    return [
        vm
        for vm in scenario.vm
        if condition(scenario, state, vm) not in ("up", condition(scenario, state, str(view.host_of(state, vm))))
        or failing(scenario, state, vm)
    ]


_CONDITIONS = {
    "up": "is up",
    "silent": "is silent: it is on and does not answer",
    "cut off": "answers, but is cut off from every network",
    "down": "is down",
}


def _machine(scenario: Scenario, state: State, machine: str) -> str:
    said = f"{machine} {_CONDITIONS[condition(scenario, state, machine)]}"
    networks = view.own_networks(scenario, machine)
    cut = tuple(n for n in networks if state.get(("cut", machine, n)))
    if cut and condition(scenario, state, machine) == "up":
        said += f", but cut off from {join(cut)}"
    return said


def _burden(scenario: Scenario, state: State, machine: str) -> str:
    owned = tuple(role.name for role in scenario.roles if role.vm is None and view.owner(state, role.name) == machine)
    said = f"; it owns {join(owned)}" if owned else ""
    for name in scenario.failover:
        shown = view.node_state(scenario, state, name, machine)
        said += f"; {name} shows it as {shown}" if shown in ("Paused", "Isolated", "Quarantined") else ""
    for cluster in scenario.nlb.values():
        share = shares(scenario, state, cluster.name).get(machine)
        if share is not None:
            said += f"; {per_cent(share)} of the clients of {cluster.name} are sent to it"
    broken = failing(scenario, state, machine)
    return said + (f"; the application of {join(broken)} fails on it" if broken else "")


def _host(scenario: Scenario, state: State, host: str) -> str:
    guests = tuple(
        f"{vm} (highly available)" if vm in scenario.ha_vms else vm
        for vm in scenario.vm
        if view.host_of(state, vm) == host
    )
    runs = "runs" if condition(scenario, state, host) in ("up", "cut off") else "with it"
    held = f"{' and' if runs == 'runs' else ','} {runs} {join(guests)}" if guests else ""
    return f"{_machine(scenario, state, host)}{held}{_burden(scenario, state, host)}."


def _vm(scenario: Scenario, state: State, vm: str) -> str:
    role = scenario.ha_vms.get(vm)
    said = f"{_machine(scenario, state, vm)}; it is on {view.host_of(state, vm)}"
    if role is not None:
        status = role_status(scenario, state, role)
        said += f", highly available in {scenario.role[role].cluster}"
        said += "" if status == "online" else f", where it is {status}"
    return f"{said}{_burden(scenario, state, vm)}."


def _cluster(scenario: Scenario, state: State, name: str) -> str:
    nodes = next(c.nodes for c in scenario.clusters if c.name == name)
    kind = "an NLB cluster" if name in scenario.nlb else "a failover cluster"
    return f"{name} is {kind} of {join(nodes)}: {cluster_status(scenario, state, name).replace(' · ', ', ')}."


def _role(scenario: Scenario, state: State, name: str) -> str:
    owner, status = view.owner(state, name), role_status(scenario, state, name)
    where = f" on {owner}" if owner != "none" else ""
    words = {"failing": "has failed", "waiting": "is waiting for a node"}.get(status, f"is {status}")
    return f"The role {name} of {scenario.role[name].cluster} {words}{where}."


def _service(scenario: Scenario, state: State, name: str) -> str:
    share = answered_share(scenario, state, name)
    said = f"Clients of {name} (a service {service_target(scenario.service[name])})"
    if share in (0, 1):
        return f"{said} get {'an' if share else 'no'} answer."
    return f"{said}: {per_cent(share)} of them get an answer."


def witness_of(scenario: Scenario, name: str) -> tuple[FailoverCluster, Witness]:
    """The failover cluster that a witness votes in, and what kind of witness it is."""
    return next((c, c.witness) for c in scenario.failover.values() if c.witness is not None and c.witness.name == name)


def witness_status(scenario: Scenario, state: State, name: str) -> str:
    """`lost`, `held by nobody`, `no vote` (the cluster does not count it now), or `1 vote`."""
    cluster, _ = witness_of(scenario, name)
    if lost(state, name):
        return "lost"
    if not view.sides(scenario, state, cluster.name) or state.get(("witness-holder", cluster.name)) is None:
        return "held by nobody"
    return "1 vote" if view.last_table(scenario, state, cluster.name).witness else "no vote"


def _witness(scenario: Scenario, state: State, name: str) -> str:
    cluster, witness = witness_of(scenario, name)
    return f"The {WITNESS_KINDS[witness.kind]} {name} of {cluster.name}: {witness_status(scenario, state, name)}."
