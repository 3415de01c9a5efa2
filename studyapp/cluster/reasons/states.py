"""Why things are in the state that a cluster shows."""

from __future__ import annotations

from dataclasses import replace

from studyapp.cluster import paths
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons import clusters, roles
from studyapp.cluster.reasons.reason import MEMBERSHIP, POWER, Look, Reason

BY_HAND = (
    *("pause", "resume", "stop-node", "start-node", "drain-stop", "suspend", "resume-node", "lose", "restore"),
    *("evict", "join", "prevent-quorum", "force-quorum"),
)


def state(look: Look, value: Value, *about: str) -> Reason:
    """The state of a thing, as a cluster shows it."""
    scenario, thing = look.scenario, about[-1]
    if thing in scenario.role and about[0] in (thing, scenario.role[thing].cluster):
        return roles.role(look, value, thing)
    if value == "none":
        return Reason(f"{thing} is no node and no role of {about[0]}, so that cluster shows no state of it.")
    said = f"{look.when} {thing} is {value}{f' in {about[0]}' if len(about) > 1 else ''}"
    if thing in scenario.failover:
        found = clusters.quorum(look, value, thing)
        return replace(found, sentence=f"{said}. {found.sentence}")
    if look.state.get(("pool", thing)) is not None:
        found = clusters.pool(look, value, thing)
        return replace(found, sentence=f"{said}. {found.sentence}")
    own = {thing, scenario.ha_vms.get(thing), *_around(look, thing)}
    events = look.last(own, (*MEMBERSHIP, *POWER, *BY_HAND))
    for cluster in (about[0],) if len(about) > 1 else (c.name for c in scenario.clusters if thing in c.nodes):
        events = tuple(sorted({*events, *look.of_cluster(cluster, ("quorum-lost", "converged", "joined"))}))[-1:]
    if events:
        return Reason(f"{said}.", events)
    fault, later = look.unseen(thing)
    refused = look.last((thing,), ("refused",))
    return Reason(f"{said}, as at the start.{later}", (fault,) if fault else refused, look.quiet(thing))


def _around(look: Look, thing: str) -> tuple[str, ...]:
    """What a storage lies within, and the hosts of a balanced cluster."""
    if thing in look.scenario.store:
        return tuple(layer.name for layer in paths.layers(look.scenario, thing))
    return look.scenario.nlb[thing].nodes if thing in look.scenario.nlb else ()
