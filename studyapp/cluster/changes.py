"""Small changes of a scenario: one setting, one placement, a witness, one fault left out.

Each is a `Change`: what it does in words, and the scenario with it. They are listed in the order in which people would
rather make them; what cannot be said of a scenario, or is so already, is not offered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from studyapp.cluster.edits import (
    EditError,
    placed,
    replaced,
    with_cluster,
    with_property,
    with_weight,
    with_witness,
)
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import Act, PortRule, Role, Scenario, Setting, Step, Witness

Words = Mapping[int, str]

CLUSTER_SETTINGS: tuple[tuple[str, str, Words], ...] = (
    (
        "ClusterEnforcedAntiAffinity",
        "",
        {0: "{} kept roles apart only where it can", 1: "{} kept roles apart whatever that costs"},
    ),
    (
        "DynamicQuorum",
        "feature.dynamic_quorum",
        {0: "{} did not count its votes anew", 1: "{} counted its votes anew after each change"},
    ),
    (
        "DrainOnShutdown",
        "feature.drain_on_shutdown",
        {0: "{} did not drain a node that is shut down", 1: "{} drained a node that is shut down"},
    ),
    ("ResiliencyDefaultPeriod", "feature.compute_resiliency", {0: "{} did not wait for an isolated node"}),
    *(
        (
            f"{where}Threshold",
            "",
            {count: f"{{}} dropped a node only after {count} missed heartbeats {words}" for count in (5, 10, 20, 40)},
        )
        for where, words in (("SameSubnet", "within a subnet"), ("CrossSubnet", "between subnets"))
    ),
)
"""(property, the feature of the release that it needs, the values to try in words about the cluster)."""
ROLE_SETTINGS: tuple[tuple[str, Words], ...] = (
    (
        "RestartAction",
        {
            0: "{} were not restarted after a failure",
            1: "{} were only restarted after a failure, and never failed over for it",
            2: "{} were restarted after a failure, and failed over where that does not help",
        },
    ),
    (
        "FailoverThreshold",
        {0: "{} never failed over", 1: "{} might fail over once in its period"}
        | {n: f"{{}} might fail over {n} times in its period" for n in (2, 5, 10)},
    ),
    (
        "AutoFailbackType",
        {0: "{} did not go back to a preferred owner by itself", 1: "{} went back to a preferred owner by itself"},
    ),
    ("Priority", {3000: "{} had high priority", 1000: "{} had low priority"}),
)
APART = "kept apart"
"""The class name that a change gives to roles."""
WITNESS = "new witness"
LEFT_OUT = {
    "crash": "{} did not lose its power",
    "hang": "{} did not hang",
    "fail": "{} did not fail",
    "lose": "{} were not lost",
    "isolate": "{} were not cut off",
    "shutdown": "{} were not shut down",
    "partition": "the network did not split",
}
"""What is said of an act that is left out; of the others they are named."""


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is `setting`, `placement`, `witness` or `fault`; `text` completes "It would hold if …". Of two changes
    `about` one thing only one can be made.
    """

    kind: str
    text: str
    scenario: Scenario
    about: tuple[str, ...]


def changes(scenario: Scenario) -> Iterator[Change]:
    """Every single change, the kinds in order."""
    for source in (_cluster_settings, _votes, _role_settings, _vm_settings, _balancing, _placements, _witnesses):
        yield from source(scenario)
    yield from _faults_left_out(scenario)


def _set(scenario: Scenario, thing: str, cluster: str, name: str) -> Setting | None:
    """The value of a property: that of the scenario, else the default by whose rules the cluster runs."""
    row = scenario.facts_of[scenario.level[cluster]].get(PROPERTIES[name].fact)
    return scenario.settings.get((thing, name), row.value if row is not None else None)


# -- settings ---------------------------------------------------------------------------------------------------------


def _named(text: str, name: str, value: Setting) -> str:
    """The words, and what the product calls the setting."""
    return f"{text} ({name} {value})"


def _cluster_settings(scenario: Scenario) -> Iterator[Change]:
    for cluster in scenario.failover.values():
        facts = scenario.facts_of[scenario.level[cluster.name]]
        for name, feature, values in CLUSTER_SETTINGS:
            if feature and not (feature in facts and facts[feature].value):
                continue
            for value, words in values.items():
                if _set(scenario, cluster.name, cluster.name, name) != value:
                    text = _named(words.format(cluster.name), name, value)
                    changed = with_cluster(scenario, cluster, with_property(cluster, name, value))
                    yield Change("setting", text, changed, (name, cluster.name))


def _votes(scenario: Scenario) -> Iterator[Change]:
    for cluster in scenario.failover.values():
        for node in cluster.nodes:
            weight = 1 - dict(cluster.weights).get(node, 1)
            weighed = with_weight(cluster, node, weight)
            text = _named(f"{node} had {'a' if weight else 'no'} vote", "NodeWeight", weight)
            yield Change("setting", text, with_cluster(scenario, cluster, weighed), ("NodeWeight", node))
        facts = scenario.facts_of[scenario.level[cluster.name]]
        if cluster.quorum not in ("dynamic", "disk-only") and facts["feature.dynamic_quorum"].value:
            dynamic = replace(cluster, quorum="dynamic")
            text = f"{cluster.name} had dynamic quorum"
            yield Change("setting", text, with_cluster(scenario, cluster, dynamic), ("DynamicQuorum", cluster.name))
        if cluster.quorum == "dynamic" and facts["feature.tie_breaker"].value:
            name = "LowerQuorumPriorityNodeID"
            for node in cluster.nodes:
                if dict(cluster.properties).get(name) != node:
                    text = f"{node} were the node that has no vote where the number is even ({name})"
                    lower = with_cluster(scenario, cluster, with_property(cluster, name, node))
                    yield Change("setting", text, lower, (name, cluster.name))


def _role_settings(scenario: Scenario) -> Iterator[Change]:
    for role in scenario.roles:
        if role.vm is not None:
            watched = 1 - int(bool(_set(scenario, role.name, role.cluster, "CheckHeartbeat")))
            text = f"{role.cluster} {'watched' if watched else 'did not watch'} the guest heartbeat of {role.vm}"
            yield _role_change(scenario, role, with_property(role, "CheckHeartbeat", watched), text, "CheckHeartbeat")
            inside = [s.name for s in scenario.services if s.target == role.vm]
            if inside and not role.monitored_services:
                text = f"{role.cluster} monitored {' and '.join(inside)} inside {role.vm}"
                monitored = replace(role, monitored_services=tuple(inside))
                yield _role_change(scenario, role, monitored, text, "monitored")
        if role.possible:
            text = f"any node of {role.cluster} might own {role.name}"
            yield _role_change(scenario, role, replace(role, possible=()), text, "possible")
        for name, values in ROLE_SETTINGS:
            for value, words in values.items():
                if _set(scenario, role.name, role.cluster, name) != value:
                    text = _named(words.format(role.name), name, value)
                    yield _role_change(scenario, role, with_property(role, name, value), text, name)
        if role.starts_in_ms:
            text = f"{role.name} took no time to start"
            yield _role_change(scenario, role, replace(role, starts_in_ms=0), text, "starts_in")
    for cluster in scenario.failover:
        roles = scenario.roles_of[cluster]
        if len(roles) > 1:
            apart = tuple(
                with_property(r, "AntiAffinityClassNames", (APART,)) if r in roles else r for r in scenario.roles
            )
            text = f"the roles of {cluster} were to be kept apart (one name in AntiAffinityClassNames)"
            yield Change("setting", text, replace(scenario, roles=apart), ("AntiAffinityClassNames", cluster))


def _role_change(scenario: Scenario, old: Role, new: Role, text: str, about: str) -> Change:
    changed = replace(scenario, roles=replaced(scenario.roles, old, new))
    return Change("setting", text, changed, (about, old.name))


def _vm_settings(scenario: Scenario) -> Iterator[Change]:
    for vm in scenario.vms:
        if not vm.mac_spoofing:
            spoofing = replace(scenario, vms=replaced(scenario.vms, vm, replace(vm, mac_spoofing=True)))
            text = f"MAC address spoofing were allowed on {vm.name}"
            yield Change("setting", text, spoofing, ("mac_spoofing", vm.name))
        if not vm.integration_services:
            heard = replace(scenario, vms=replaced(scenario.vms, vm, replace(vm, integration_services=True)))
            text = f"{vm.name} had integration services"
            yield Change("setting", text, heard, ("integration_services", vm.name))


def _balancing(scenario: Scenario) -> Iterator[Change]:
    for farm in scenario.nlb.values():
        for mode in ("multicast", "unicast"):
            if farm.mode != mode or farm.modes:
                other = with_cluster(scenario, farm, replace(farm, mode=mode, modes=()))
                yield Change("setting", f"{farm.name} worked in {mode} mode", other, ("mode", farm.name))
        for rule in farm.rules:
            ports = "all ports" if (rule.first, rule.last) == (0, 65535) else f"the ports from {rule.first} on"
            for key, text, new in _rules_instead(rule):
                rules = tuple(new if r is rule else r for r in farm.rules)
                changed = with_cluster(scenario, farm, replace(farm, rules=rules))
                text = f"the rule of {farm.name} for {ports} {text}"
                yield Change("setting", text, changed, (key, f"{farm.name}:{rule.first}"))
    for service in scenario.services:
        if service.state == "in-memory":
            shared = replace(service, state="shared")
            text = f"the sessions of {service.name} were kept where all hosts reach them"
            changed = replace(scenario, services=replaced(scenario.services, service, shared))
            yield Change("setting", text, changed, ("state", service.name))


def _rules_instead(rule: PortRule) -> Iterator[tuple[str, str, PortRule]]:
    words = {"multiple": "spread clients over all hosts", "single": "sent all clients to one host"}
    for way in ("multiple", "single", "disabled"):
        if rule.filter != way:
            yield "filter", words.get(way, "blocked its ports"), replace(rule, filter=way)
    for affinity in ("none", "single", "network"):
        if rule.filter == "multiple" and rule.affinity != affinity:
            yield "affinity", f"had affinity {affinity}", replace(rule, affinity=affinity)
    if rule.weights:
        yield "weights", "shared the load evenly", replace(rule, weights=())


# -- placements, witnesses, faults ------------------------------------------------------------------------------------


def _placements(scenario: Scenario) -> Iterator[Change]:
    for vm in scenario.vms:
        hosts = tuple(host for host in scenario.host if host != vm.host)
        yield from _elsewhere(scenario, vm.name, hosts, f"{vm.name} were on {{}} at first", "host")
    for role in scenario.roles:
        nodes = scenario.failover[role.cluster].nodes if role.vm is None else ()
        others = tuple(node for node in nodes if node != role.owner)
        yield from _elsewhere(scenario, role.name, others, f"{role.name} ran on {{}} at first", "owner")


def _elsewhere(scenario: Scenario, thing: str, places: tuple[str, ...], text: str, about: str) -> Iterator[Change]:
    """The thing in each of these places where it may be."""
    for place in places:
        with suppress(EditError):
            yield Change("placement", text.format(place), placed(scenario, thing, place), (about, thing))


def _witnesses(scenario: Scenario) -> Iterator[Change]:
    for cluster in scenario.failover.values():
        witness = cluster.witness
        third = Witness("share", f"{WITNESS} of {cluster.name}")
        found: list[tuple[str, Witness | None]] = []
        if witness is None:
            found.append((f"{cluster.name} had a file share witness in a third place", third))
        else:
            found.append((f"{cluster.name} had no witness", None))
            if witness.kind == "share" and (witness.site is not None or witness.name in scenario.machines):
                found.append((f"the witness of {cluster.name} were in a third place", third))
        for text, new in found:
            yield Change("witness", text, with_witness(scenario, cluster, new), ("witness", cluster.name))


def _faults_left_out(scenario: Scenario) -> Iterator[Change]:
    every = [
        (number, act, subject)
        for number, step in enumerate(scenario.timeline, 1)
        for act in step.acts
        for subject in act.subjects or ("",)
    ]
    times = Counter(_left_out(act, subject) for _, act, subject in every)
    for number, act, subject in every:
        left = replace(act, subjects=tuple(name for name in act.subjects if name != subject))
        timeline = tuple(
            Step(acts, step.at_ms)
            for step in scenario.timeline
            if (acts := tuple(a for a in (left if a is act else a for a in step.acts) if _says(a)))
        )
        text = _left_out(act, subject)
        text += f" in step {number}" if times[text] > 1 else ""
        yield Change("fault", text, replace(scenario, timeline=timeline), (act.verb, subject, str(number)))


def _left_out(act: Act, subject: str) -> str:
    words = " ".join(word for word in (act.verb, subject) if word)
    return LEFT_OUT.get(act.verb, f"`{words}` were left out").format(subject)


def _says(act: Act) -> bool:
    """An act that is still about something."""
    return bool(act.subjects) or (bool(act.sides) and act.verb == "partition")
