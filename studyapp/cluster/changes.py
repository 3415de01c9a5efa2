"""Small changes of a scenario: one setting, one placement, an added witness, one fault left out.

Each is a `Change`: what it does in words, and the scenario with it. They are listed in the order in which people would
rather make them; what cannot be said of a scenario is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from studyapp.cluster.scenario import (
    Act,
    FailoverCluster,
    NlbCluster,
    PortRule,
    Properties,
    Role,
    Scenario,
    Service,
    Setting,
    Step,
    Vm,
    Witness,
)

Part = TypeVar("Part", FailoverCluster, NlbCluster, Role, Service, Vm)
Holder = TypeVar("Holder", FailoverCluster, Role)
CLUSTER_SETTINGS: tuple[tuple[str, tuple[Setting, ...], str], ...] = (
    ("ClusterEnforcedAntiAffinity", (0, 1), ""),
    ("DynamicQuorum", (0, 1), "feature.dynamic_quorum"),
    ("DrainOnShutdown", (0, 1), "feature.drain_on_shutdown"),
    ("ResiliencyDefaultPeriod", (0,), "feature.compute_resiliency"),
    ("SameSubnetThreshold", (5, 10, 20, 40), ""),
    ("CrossSubnetThreshold", (5, 10, 20, 40), ""),
)
"""(property, values to try, the feature of the release that it needs)."""
ROLE_SETTINGS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    ("RestartAction", (0, 1, 2)),
    ("FailoverThreshold", (0, 1, 2, 5, 10)),
    ("AutoFailbackType", (0, 1)),
    ("Priority", (3000, 1000)),
)
APART = "kept apart"
"""The class name that a change gives to roles."""
WITNESS = "new witness"
MODE_OF_WITNESS = {None: "node-majority", "disk": "node-and-disk-majority", "share": "node-and-share-majority"}


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is `setting`, `placement`, `witness` or `fault`; `text` completes "It would hold if …"."""

    kind: str
    text: str
    scenario: Scenario


def changes(scenario: Scenario) -> Iterator[Change]:
    """Every single change, the kinds in order."""
    for source in (_cluster_settings, _weights, _role_settings, _vm_settings, _balancing, _placements, _witnesses):
        yield from source(scenario)
    yield from _faults_left_out(scenario)


def _replaced(parts: tuple[Part, ...], old: Part, new: Part) -> tuple[Part, ...]:
    return tuple(new if part is old else part for part in parts)


def _with(part: Holder, name: str, value: Setting) -> Holder:
    """The part with a property set."""
    kept: Properties = tuple((known, was) for known, was in part.properties if known != name)
    return replace(part, properties=(*kept, (name, value)))


def _cluster_settings(scenario: Scenario) -> Iterator[Change]:
    for cluster in scenario.failover.values():
        for name, values, feature in CLUSTER_SETTINGS:
            row = scenario.facts_of[scenario.level[cluster.name]].get(feature)
            if feature and (row is None or not row.value):
                continue
            for value in values:
                if dict(cluster.properties).get(name) != value:
                    changed = _with_cluster(scenario, cluster, _with(cluster, name, value))
                    yield Change("setting", f"{name} of {cluster.name} were {value}", changed)


def _weights(scenario: Scenario) -> Iterator[Change]:
    for cluster in scenario.failover.values():
        for node in cluster.nodes:
            weight = 1 - dict(cluster.weights).get(node, 1)
            kept = tuple((n, w) for n, w in cluster.weights if n != node)
            heavier = replace(cluster, weights=(*kept, (node, weight)))
            text = f"{node} had {'a' if weight else 'no'} vote"
            yield Change("setting", text, _with_cluster(scenario, cluster, heavier))
        if cluster.quorum == "dynamic":
            for node in cluster.nodes:
                named = _with(cluster, "LowerQuorumPriorityNodeID", node)
                text = f"{node} were the node that loses its vote in a tie"
                yield Change("setting", text, _with_cluster(scenario, cluster, named))


def _with_cluster(scenario: Scenario, old: FailoverCluster | NlbCluster, new: FailoverCluster | NlbCluster) -> Scenario:
    return replace(scenario, clusters=tuple(new if c is old else c for c in scenario.clusters))


def _role_settings(scenario: Scenario) -> Iterator[Change]:
    for role in scenario.roles:
        if role.vm is not None:
            watched = 1 - int(bool(dict(role.properties).get("CheckHeartbeat", 0)))
            text = f"the guest heartbeat of {role.vm} were {'monitored' if watched else 'not monitored'}"
            yield _role_change(scenario, role, _with(role, "CheckHeartbeat", watched), text)
            unwatched = [s.name for s in scenario.services if s.target == role.vm]
            if unwatched and not role.monitored_services:
                text = f"{role.cluster} monitored {' and '.join(unwatched)} inside {role.vm}"
                yield _role_change(scenario, role, replace(role, monitored_services=tuple(unwatched)), text)
        if role.possible:
            yield _role_change(scenario, role, replace(role, possible=()), f"any node might own {role.name}")
        for name, values in ROLE_SETTINGS:
            for value in values:
                if dict(role.properties).get(name) != value:
                    yield _role_change(scenario, role, _with(role, name, value), f"{name} of {role.name} were {value}")
        if role.starts_in_ms:
            yield _role_change(scenario, role, replace(role, starts_in_ms=0), f"{role.name} started at once")
    for cluster in scenario.failover:
        roles = scenario.roles_of[cluster]
        if len(roles) > 1:
            apart = tuple(_with(r, "AntiAffinityClassNames", (APART,)) if r in roles else r for r in scenario.roles)
            text = f"the roles of {cluster} shared an anti-affinity class name"
            yield Change("setting", text, replace(scenario, roles=apart))


def _role_change(scenario: Scenario, old: Role, new: Role, text: str) -> Change:
    return Change("setting", text, replace(scenario, roles=_replaced(scenario.roles, old, new)))


def _vm_settings(scenario: Scenario) -> Iterator[Change]:
    for vm in scenario.vms:
        if not vm.mac_spoofing:
            spoofing = replace(vm, mac_spoofing=True)
            text = f"MAC address spoofing were allowed on {vm.name}"
            yield Change("setting", text, replace(scenario, vms=_replaced(scenario.vms, vm, spoofing)))
        if not vm.integration_services:
            heard = replace(vm, integration_services=True)
            text = f"{vm.name} had integration services"
            yield Change("setting", text, replace(scenario, vms=_replaced(scenario.vms, vm, heard)))


def _balancing(scenario: Scenario) -> Iterator[Change]:
    for farm in scenario.nlb.values():
        for mode in ("multicast", "unicast"):
            if farm.mode != mode or farm.modes:
                other = replace(farm, mode=mode, modes=())
                yield Change("setting", f"{farm.name} worked in {mode} mode", _with_cluster(scenario, farm, other))
        for rule in farm.rules:
            for text, new in _rules_instead(rule):
                rules = tuple(new if r is rule else r for r in farm.rules)
                where = f"the rule {farm.name}:{rule.first}"
                changed = _with_cluster(scenario, farm, replace(farm, rules=rules))
                yield Change("setting", f"{where} {text}", changed)
    for service in scenario.services:
        if service.state == "in-memory":
            shared = replace(service, state="shared")
            text = f"the sessions of {service.name} were kept where all hosts reach them"
            yield Change("setting", text, replace(scenario, services=_replaced(scenario.services, service, shared)))


def _rules_instead(rule: PortRule) -> Iterator[tuple[str, PortRule]]:
    for way in ("multiple", "single", "disabled"):
        if rule.filter != way:
            words = {"multiple": "spread its clients over all hosts", "single": "sent all to one host"}
            yield words.get(way, "blocked its ports"), replace(rule, filter=way)
    for affinity in ("none", "single", "network"):
        if rule.filter == "multiple" and rule.affinity != affinity:
            yield f"had affinity {affinity}", replace(rule, affinity=affinity)
    if rule.weights:
        yield "shared the load evenly", replace(rule, weights=())


def _placements(scenario: Scenario) -> Iterator[Change]:
    for vm in scenario.vms:
        made_available = scenario.ha_vms.get(vm.name)
        for host in scenario.host:
            nodes = scenario.failover[scenario.role[made_available].cluster].nodes if made_available else (host,)
            if host == vm.host or host not in nodes:
                continue
            vms = _replaced(scenario.vms, vm, replace(vm, host=host))
            roles = scenario.roles
            if made_available is not None:
                role = scenario.role[made_available]
                roles = _replaced(roles, role, replace(role, owner=host))
            yield Change("placement", f"{vm.name} were on {host}", replace(scenario, vms=vms, roles=roles))
    for role in scenario.roles:
        for node in scenario.failover[role.cluster].nodes if role.vm is None else ():
            if node != role.owner and (not role.possible or node in role.possible):
                roles = _replaced(scenario.roles, role, replace(role, owner=node))
                yield Change("placement", f"{role.name} ran on {node} at first", replace(scenario, roles=roles))


def _witnesses(scenario: Scenario) -> Iterator[Change]:
    for cluster in scenario.failover.values():
        dynamic = cluster.quorum == "dynamic"
        if cluster.witness is None:
            witness = Witness("share", f"{WITNESS} of {cluster.name}")
            quorum = "dynamic" if dynamic else MODE_OF_WITNESS["share"]
            text = f"{cluster.name} had a file share witness in a third place"
            yield Change(
                "witness", text, _with_cluster(scenario, cluster, replace(cluster, witness=witness, quorum=quorum))
            )
        else:
            quorum = "dynamic" if dynamic else MODE_OF_WITNESS[None]
            alone = replace(cluster, witness=None, quorum=quorum)
            yield Change("witness", f"{cluster.name} had no witness", _with_cluster(scenario, cluster, alone))


def _faults_left_out(scenario: Scenario) -> Iterator[Change]:
    for step in scenario.timeline:
        for act in step.acts:
            for subject in act.subjects or ("",):
                left = tuple(name for name in act.subjects if name != subject)
                acts = tuple(a for a in (replace(act, subjects=left) if a is act else a for a in step.acts) if _says(a))
                timeline = (Step(acts, step.at_ms) if s is step else s for s in scenario.timeline)
                words = " ".join(word for word in (act.verb, subject) if word)
                text = f"`{words}` were left out"
                yield Change("fault", text, replace(scenario, timeline=tuple(s for s in timeline if s.acts)))


def _says(act: Act) -> bool:
    """An act that is still about something."""
    return bool(act.subjects) or (bool(act.sides) and act.verb == "partition")
