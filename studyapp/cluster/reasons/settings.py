"""Why a setting, a name or a finding is what it is: values that rest on no event, but on the scenario and its facts."""

from __future__ import annotations

import re
from collections.abc import Collection

from studyapp.cluster import view
from studyapp.cluster.claims import inspection
from studyapp.cluster.kinds import SCENARIO_KEYS, Value
from studyapp.cluster.properties import PROPERTIES, spelled
from studyapp.cluster.reasons.clusters import vote, witness_vote
from studyapp.cluster.reasons.reason import Look, Reason, doubt, fact_of, names, plural, release_name
from studyapp.cluster.validation import findings

_RELEASE = re.compile(r"\{(ws\w+)\}")
_RANGE = re.compile(r"\d+ to \d+")


def hosts(look: Look, value: Value) -> Reason:
    """The names of the hosts."""
    return _listed(look.scenario.host, "host")


def vms(look: Look, value: Value) -> Reason:
    """The names of the virtual machines."""
    return _listed(look.scenario.vm, "virtual machine")


def networks(look: Look, value: Value) -> Reason:
    """The names of the networks."""
    return _listed(look.scenario.network, "network")


def roles(look: Look, value: Value) -> Reason:
    """The names of the clustered roles."""
    return _listed(look.scenario.role, "role")


def _listed(found: Collection[str], what: str) -> Reason:
    if not found:
        return Reason(f"The scenario has no {what}s.")
    return Reason(f"The scenario has {plural(len(found), what)}: {names(found)}.")


def property_of(look: Look, value: Value, thing: str, name: str) -> Reason:
    """Where a value comes from: the timeline, the scenario, or the release's default."""
    name = name if name in SCENARIO_KEYS else spelled(name)
    said = f"{name} of {thing} is {', '.join(map(str, value)) if isinstance(value, tuple) else value}"
    if name == "DynamicWeight":
        return vote(look, value, thing)
    if name == "WitnessDynamicWeight":
        return witness_vote(look, value, thing)
    changed = [c.seq for c in look.now.trace.changes if c.key == ("property", thing, name) and c.at_ms <= look.now.ms]
    if changed:
        return Reason(f"{said}, as it was set.", (changed[-1],))
    if (thing, name) in look.scenario.settings:
        return Reason(f"{said}: the scenario says so.")
    if name in inspection.LIMITS:
        return _limit(look, value, thing, name)
    if value == inspection.NOTHING:
        return Reason(f"{thing} has no {name}.")
    if name == "FailoverThreshold":
        cluster = look.scenario.role[thing].cluster
        return Reason(f"{said}, by default one fewer than {cluster} has nodes.")
    if name in PROPERTIES and name != "Id" and PROPERTIES[name].of != "rule":
        return _default(look, said, thing, name)
    return Reason(f"{said}: so it follows from the scenario.")


def _default(look: Look, said: str, thing: str, name: str) -> Reason:
    """A product's property that nobody has set."""
    scenario = look.scenario
    cluster = inspection.cluster_of(scenario, look.state, thing)
    release = release_name(scenario.level.get(cluster or "", scenario.release))
    row = inspection.row_of(scenario, look.state, thing, name)
    hosts = ", for Hyper-V hosts" if row.endswith(".hyper-v") else ""
    return Reason(f"{said}, the default of {release}{hosts}{doubt(fact_of(scenario, row, cluster))}.")


def _limit(look: Look, value: Value, thing: str, name: str) -> Reason:
    kind = "nlb" if thing in look.scenario.nlb else "failover"
    release = release_name(look.scenario.level.get(thing, look.scenario.release))
    row = fact_of(look.scenario, f"{kind}.{name}", thing)
    what = {"max_nodes": "nodes", "max_vms": "virtual machines", "max_vms_per_node": "virtual machines on one node"}
    if value == inspection.NOTHING:
        return Reason(f"{release} has no such limit for {thing}.")
    return Reason(f"{release} allows at most {value} {what[name]} in such a cluster{doubt(row)}.")


def mac(look: Look, value: Value, cluster: str) -> Reason:
    """The MAC address of an NLB cluster."""
    made_of = look.scenario.nlb[cluster]
    if value == "none":
        return Reason(f"The scenario gives {cluster} no IP address that its MAC address could be made from.")
    mode = view.nlb_mode(look.scenario, look.state, cluster)
    said = f"{value} is made from the operation mode of {cluster}, {mode}, and its address {made_of.address}."
    return Reason(said, rules=("cluster-mac",))


# -- findings -------------------------------------------------------------------------------------------------------


def finding(look: Look, value: Value, rule: str) -> Reason:
    """Whether validation reports a rule, or an operation was refused for it."""
    found = [f for f in findings.findings(look.scenario, look.state) if f.rule == rule]
    if not found:
        return Reason(f"{rule} is not reported: nothing in the scenario breaks it, and nothing was refused for it.")
    subjects = [f.subject for f in found]
    refused = look.last(subjects, ("refused",))
    return Reason(f"{rule} is reported about {names(dict.fromkeys(subjects))}{_detail(found[0])}.", refused)


def _detail(found: findings.Finding) -> str:
    """What the report speaks of, where that can be said without its text."""
    if not found.value:
        return ""
    value = _RELEASE.sub(lambda name: release_name(name[1]), found.value)
    too_much = found.value.isdecimal() and found.limit.isdecimal() and int(found.value) > int(found.limit)
    allowed = f", where {found.limit} is allowed" if too_much or _RANGE.fullmatch(found.limit) else ""
    return f" ({value}{allowed})"


def supported(look: Look, value: Value, cluster: str) -> Reason:
    """Whether validation reports an error about a cluster."""
    mine = [f for f in findings.findings(look.scenario, look.state) if cluster in f.clusters]
    wrong = [f for f in mine if findings.severity(look.scenario, f.rule) == "error"]
    told = names(dict.fromkeys(f"{f.rule} about {f.subject}{_detail(f)}" for f in wrong or mine))
    if wrong:
        return Reason(f"{cluster} is not supported: validation reports {told}.")
    less = f"; it only warns: {told}" if mine else ""
    return Reason(f"Validation reports no error about {cluster} or what belongs to it{less}.")
