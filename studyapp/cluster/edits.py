"""Edits of a scenario, as a design may make them: a thing is set, placed, added or attached, and fits the rest.

An edit is a value; `edited` makes the scenario with several of them, whatever their order, or raises EditError for what
no administrator could do. What Windows merely does not support is left to validation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import (
    FailoverCluster,
    Host,
    NlbCluster,
    PortRule,
    Properties,
    Role,
    Scenario,
    Service,
    Setting,
    Vm,
    Witness,
)

Part = TypeVar("Part", FailoverCluster, NlbCluster, Role, Service, Host, Vm)
Holder = TypeVar("Holder", FailoverCluster, NlbCluster, Role, Vm)
MODE_OF_WITNESS = {
    None: "node-majority",
    "disk": "node-and-disk-majority",
    "share": "node-and-share-majority",
    "cloud": "node-and-share-majority",
}
"""The quorum mode that counts each kind of witness, where votes are not dynamic."""
WITNESS_WORDS = {"disk": "disk", "share": "file share", "cloud": "cloud"}
STATE_WORDS = {"none": "nowhere", "in-memory": "in the memory of the server", "shared": "where all hosts reach them"}


class EditError(Exception):
    """An edit that cannot be made in this scenario; the message says why."""


@dataclass(frozen=True, slots=True)
class SetProperty:
    """A property of a thing takes a value, which is in the model's units."""

    thing: str
    name: str
    value: Setting


@dataclass(frozen=True, slots=True)
class Place:
    """A virtual machine or role begins on another machine."""

    thing: str
    on: str


@dataclass(frozen=True, slots=True)
class GiveWitness:
    """A failover cluster has this witness instead of any other; None: it has none."""

    cluster: str
    witness: Witness | None


@dataclass(frozen=True, slots=True)
class AddNode:
    """A machine becomes the last node of a cluster."""

    machine: str
    cluster: str


@dataclass(frozen=True, slots=True)
class Attach:
    """A machine is attached to a network, or a host to a storage."""

    machine: str
    to: str


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """The port rule of an NLB cluster that begins at port `first` has another `filter` or `affinity` (`name`)."""

    cluster: str
    first: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class KeepSessions:
    """The sessions of a service live in another place: `none`, `in-memory` or `shared`."""

    service: str
    state: str


Edit = AddNode | Attach | GiveWitness | SetProperty | ChangeRule | KeepSessions | Place
"""In the order in which they are made: a virtual machine may be placed on a node that another edit adds."""
ORDER = (AddNode, Attach, GiveWitness, SetProperty, ChangeRule, KeepSessions, Place)


def slot(edit: Edit) -> tuple[str, ...]:
    """What an edit settles; of two edits that settle the same only one can be made."""
    match edit:
        case SetProperty(thing=thing, name=name):
            return "property", thing, name
        case Place(thing=thing):
            return "place of", thing
        case GiveWitness(cluster=cluster):
            return "witness of", cluster
        case AddNode(machine=machine, cluster=cluster):
            return "node", machine, cluster
        case Attach(machine=machine, to=to):
            return "attach", machine, to
        case ChangeRule(cluster=cluster, first=first, name=name):
            return "rule", cluster, str(first), name
    return "sessions of", edit.service


def in_imperative(edit: Edit) -> str:
    """An edit as something to do: `Set DynamicQuorum of hv to 1`."""
    match edit:
        case SetProperty(thing=thing, name=name, value=value):
            return f"Set {name} of {thing} to {_shown(name, value)}"
        case Place(thing=thing, on=on):
            return f"Place {thing} on {on}"
        case GiveWitness(cluster=cluster, witness=witness):
            if witness is None:
                return f"Take the witness of {cluster} away"
            where = f" in {witness.site}" if witness.site is not None else ""
            return f"Give {cluster} the {WITNESS_WORDS[witness.kind]} witness {witness.name}{where}"
        case AddNode(machine=machine, cluster=cluster):
            return f"Add {machine} to {cluster}"
        case Attach(machine=machine, to=to):
            return f"Attach {machine} to {to}"
        case ChangeRule(cluster=cluster, first=first, name=name, value=value):
            return f"Set the {'filtering mode' if name == 'filter' else name} of rule {cluster}:{first} to {value}"
    return f"Keep the sessions of {edit.service} {STATE_WORDS[edit.state]}"


def _shown(name: str, value: Setting) -> str:
    """A value in the product's unit."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value // PROPERTIES[name].unit) if isinstance(value, int) else str(value)


def edited(scenario: Scenario, edits: Iterable[Edit]) -> Scenario:
    """The scenario with these edits. Raises EditError."""
    found = scenario
    settled: dict[tuple[str, ...], Edit] = {}
    for edit in sorted(edits, key=lambda each: ORDER.index(type(each))):
        other = settled.setdefault(slot(edit), edit)
        if other is not edit:
            raise EditError(f'"{in_imperative(other)}" and "{in_imperative(edit)}" cannot both be done')
        found = _with_edit(found, edit)
    return found


def _with_edit(scenario: Scenario, edit: Edit) -> Scenario:
    match edit:
        case SetProperty():
            return _set(scenario, edit)
        case Place(thing=thing, on=on):
            return placed(scenario, thing, on)
        case GiveWitness(cluster=cluster, witness=witness):
            return with_witness(scenario, scenario.failover[cluster], witness)
        case AddNode(machine=machine, cluster=cluster):
            return _added(scenario, machine, cluster)
        case Attach(machine=machine, to=to):
            return _attached(scenario, machine, to)
        case ChangeRule():
            return _with_rule(scenario, edit)
    service = scenario.service[edit.service]
    return replace(scenario, services=replaced(scenario.services, service, replace(service, state=edit.state)))


# -- single changes ---------------------------------------------------------------------------------------------------


def replaced(parts: tuple[Part, ...], old: Part, new: Part) -> tuple[Part, ...]:
    """The parts with one of them replaced."""
    return tuple(new if part is old else part for part in parts)


def with_cluster(scenario: Scenario, old: FailoverCluster | NlbCluster, new: FailoverCluster | NlbCluster) -> Scenario:
    """The scenario with one cluster replaced."""
    return replace(scenario, clusters=tuple(new if c is old else c for c in scenario.clusters))


def with_property(part: Holder, name: str, value: Setting) -> Holder:
    """The part with a property set."""
    kept: Properties = tuple((known, was) for known, was in part.properties if known != name)
    return replace(part, properties=(*kept, (name, value)))


def with_weight(cluster: FailoverCluster, node: str, weight: int) -> FailoverCluster:
    """The cluster with another NodeWeight of a node."""
    kept = tuple((n, w) for n, w in cluster.weights if n != node)
    return replace(cluster, weights=(*kept, (node, weight)))


def with_witness(scenario: Scenario, cluster: FailoverCluster, witness: Witness | None) -> Scenario:
    """The scenario whose cluster has this witness, and the quorum mode that counts it."""
    kind = witness.kind if witness is not None else None
    quorum = "dynamic" if cluster.quorum == "dynamic" else MODE_OF_WITNESS[kind]
    return with_cluster(scenario, cluster, replace(cluster, witness=witness, quorum=quorum))


def placed(scenario: Scenario, thing: str, on: str) -> Scenario:
    """The scenario in which a virtual machine (with its role) or a role begins elsewhere. Raises EditError."""
    role = scenario.role.get(scenario.ha_vms.get(thing, thing))
    if role is not None:
        _may_own(scenario, role, on)
        scenario = replace(scenario, roles=replaced(scenario.roles, role, replace(role, owner=on)))
    vm = scenario.vm.get(role.vm or thing if role is not None else thing)
    if vm is None:
        return scenario
    if on not in scenario.host:
        raise EditError(f"{on} is no host, so {vm.name} cannot be placed on it")
    missing = [network for network in vm.networks if network not in scenario.host[on].networks]
    if missing:
        raise EditError(f"{vm.name} needs the network {missing[0]}, and {on} is not attached to it")
    return replace(scenario, vms=replaced(scenario.vms, vm, replace(vm, host=on)))


def _may_own(scenario: Scenario, role: Role, on: str) -> None:
    if on not in scenario.failover[role.cluster].nodes:
        raise EditError(f"{on} is no node of {role.cluster}, so it cannot own {role.name}")
    if role.possible and on not in role.possible:
        raise EditError(f"{on} is not among the possible owners of {role.name}")
    root = role.storage
    while root is not None and (within := scenario.store[root].within) is not None:
        root = within
    host = scenario.host.get(on)
    if root is not None and host is not None and root not in host.storage:
        raise EditError(f"{role.name} needs the storage {root}, and {on} is not attached to it")


def _set(scenario: Scenario, edit: SetProperty) -> Scenario:
    name, of = edit.thing, PROPERTIES[edit.name].of
    if of == "node":
        cluster = next((c for c in scenario.failover.values() if name in c.nodes), None)
        if cluster is None:
            raise EditError(f"{name} is no node of a failover cluster, so it has no {edit.name}")
        return with_cluster(scenario, cluster, with_weight(cluster, name, int(edit.value == 1)))
    if of == "role":
        role = scenario.role[name]
        new = with_property(role, edit.name, edit.value)
        return replace(scenario, roles=replaced(scenario.roles, role, new))
    if of == "vm":
        vm = scenario.vm[name]
        return replace(scenario, vms=replaced(scenario.vms, vm, with_property(vm, edit.name, edit.value)))
    if of == "nlb":
        farm = scenario.nlb[name]
        return with_cluster(scenario, farm, with_property(farm, edit.name, edit.value))
    group = scenario.failover[name]
    return with_cluster(scenario, group, with_property(group, edit.name, edit.value))


def _added(scenario: Scenario, machine: str, name: str) -> Scenario:
    cluster = scenario.failover.get(name) or scenario.nlb[name]
    for other in scenario.members_of.get(machine, ()):
        if other is cluster or (isinstance(other, FailoverCluster) and isinstance(cluster, FailoverCluster)):
            raise EditError(f"{machine} is a node of {other.name} already")
    return with_cluster(scenario, cluster, replace(cluster, nodes=(*cluster.nodes, machine)))


def _attached(scenario: Scenario, machine: str, to: str) -> Scenario:
    vm = scenario.vm.get(machine)
    made_of = scenario.host.get(machine) or vm
    assert made_of is not None, "whoever read the edit has looked for the machine"
    if to in made_of.networks or (isinstance(made_of, Host) and to in made_of.storage):
        raise EditError(f"{machine} is attached to {to} already")
    if vm is not None:
        if to not in scenario.host[vm.host].networks:
            raise EditError(f"{vm.host}, the host of {machine}, is not attached to {to}")
        return replace(scenario, vms=replaced(scenario.vms, vm, replace(vm, networks=(*vm.networks, to))))
    host = scenario.host[machine]
    if to in scenario.network:
        new = replace(host, networks=(*host.networks, to))
    else:
        new = replace(host, storage=(*host.storage, to))
    return replace(scenario, hosts=replaced(scenario.hosts, host, new))


def _with_rule(scenario: Scenario, edit: ChangeRule) -> Scenario:
    farm = scenario.nlb[edit.cluster]
    rules = tuple(_changed(rule, edit) if rule.first == edit.first else rule for rule in farm.rules)
    return with_cluster(scenario, farm, replace(farm, rules=rules))


def _changed(rule: PortRule, edit: ChangeRule) -> PortRule:
    return replace(rule, filter=edit.value) if edit.name == "filter" else replace(rule, affinity=edit.value)
