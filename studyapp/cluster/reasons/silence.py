"""Why nothing followed: each fault that no other event has as its cause, with the rule and the reason."""

from __future__ import annotations

from collections.abc import Callable

from studyapp.cluster import paths, view
from studyapp.cluster.describe import join
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Event, State, Trace

FAULTS = ("crash", "hang", "fail", "isolate", "lose", "partition")
Silence = tuple[str, str]
"""The id of a rule, and a sentence."""


HARMLESS = (*FAULTS, "pause")
"""With them what people take for more than it is."""


def without_consequence(trace: Trace, kinds: tuple[str, ...] = FAULTS) -> tuple[Event, ...]:
    """What the timeline does of these kinds that no other event has as its cause."""
    causes = {e.cause for e in trace.events}
    return tuple(e for e in trace.events if e.kind in kinds and e.rule == "timeline" and e.seq not in causes)


def reason(trace: Trace, event: Event) -> Silence:
    """Why nothing followed from an event, or why nobody noticed it."""
    return _REASONS[event.kind](trace, event)


# -- machines -------------------------------------------------------------------------------------------------------


def _machine(trace: Trace, event: Event) -> Silence:
    """A machine that crashed or hangs."""
    scenario, machine = trace.scenario, event.subject
    before = trace.after(trace.why(event.seq)[0].seq - 1)
    clusters = [c.name for c in scenario.clusters if machine in view.nodes(scenario, before, c.name)]
    if not view.answers(before, machine):
        return _silent_already(machine)
    if not clusters:
        return _outsider(trace, event)
    for cluster in clusters:
        left = tuple(n for n in view.members(scenario, trace.after(event.seq), cluster) if n != machine)
        if left:
            return "silence", _kept_quiet(trace, event, cluster, left)
    names = join(tuple(clusters))
    return "silence", f"no other member of {names} runs that would notice it"


def _silent_already(machine: str) -> Silence:
    return "silence", f"{machine} was silent already, so this changes nothing more"


def _kept_quiet(trace: Trace, event: Event, cluster: str, left: tuple[str, ...]) -> str:
    """A member of a cluster fell silent, and yet nothing followed."""
    back = next(
        (e for e in trace.events[event.seq :] if e.subject == event.subject and e.kind in ("start", "rejoin")), None
    )
    missed = f"{join(left)} {'has' if len(left) == 1 else 'have'} missed enough of its heartbeats"
    if back is not None:
        return f"{event.subject} is back before {missed}"
    if event.subject not in view.members(trace.scenario, trace.after(event.seq - 1), cluster):
        return f"{event.subject} was no member of {cluster} any more, so nobody waits for a sign of life from it"
    return f"something else happens before {missed}"


def _outsider(trace: Trace, event: Event) -> Silence:
    """A machine that is no node of a cluster."""
    scenario, machine = trace.scenario, event.subject
    role = scenario.ha_vms.get(machine)
    if role is None:
        if machine in scenario.vm:
            sentence = f"no cluster has {machine} as a member or as a role, so nobody waits for a sign of life from it"
            return "heartbeat-scope", sentence
        return "heartbeat-scope", f"{machine} is a member of no cluster, so nobody misses its heartbeat"
    cluster = scenario.role[role].cluster
    if event.kind == "hang":
        nodes = ", ".join(scenario.failover[cluster].nodes)
        sentence = (
            f"the heartbeat of {cluster} runs between {nodes}, and this silences none of them; the heartbeat of "
            f"the guest {machine} is not monitored, so {cluster} does nothing"
        )
        return "guest-heartbeat", sentence
    shown = view.role_state(trace.after(event.seq - 1), role)
    return "poll", f"{cluster} shows {role} as {shown}, so it asks nobody whether it works"


# -- networks, storage, witnesses -----------------------------------------------------------------------------------


def _lost(trace: Trace, event: Event) -> Silence:
    """A network, storage, witness or site that is lost."""
    scenario, thing = trace.scenario, event.subject
    before, after = trace.after(event.seq - 1), trace.after(event.seq)
    if before.get(("lost", thing)):
        return "timeline", f"{thing} was lost already"
    for cluster in scenario.failover.values():
        if cluster.witness is not None and cluster.witness.name == thing:
            return _witness(trace, cluster.name, after)
    if thing in scenario.network:
        return _network(scenario, after, thing)
    if thing in scenario.store:
        disks = {r.name: view.storage_of(scenario, after, r.name) for r in scenario.roles}
        users = [r for r, disk in disks.items() if disk and thing in (x.name for x in paths.layers(scenario, disk))]
        if not users:
            return "storage-needed", f"no role has its disk on {thing}"
        return "storage-needed", f"no node runs {join(tuple(users))} at this time, so nothing misses {thing}"
    return "site-lost", f"nothing is in {thing} that was not down or lost already"


def _witness(trace: Trace, cluster: str, state: State) -> Silence:
    scenario = trace.scenario
    table = view.last_table(scenario, state, cluster)
    members = view.members(scenario, state, cluster)
    if not members:
        return "majority", f"no node of {cluster} runs that would count its votes"
    if table.witness:
        voters = join(tuple(n for n in members if n in table.voters))
        return "majority", f"{voters} still have more than half of the {table.total} votes of {cluster}"
    nodes = len(table.voters)
    if nodes % 2:
        return "dynamic-witness", f"beside {nodes} voting nodes, an odd number, the witness had no vote"
    return "dynamic-witness", "nobody reached the witness before either, so it had no vote"


def _network(scenario: Scenario, state: State, network: str) -> Silence:
    on_it = tuple(m for m in scenario.machines if network in view.own_networks(scenario, m))
    if not on_it:
        return "silence", f"no machine is on {network}"
    others = {n for m in on_it for n in view.attached(scenario, state, m)}
    if others:
        return "silence", f"the members still hear one another over {join(tuple(sorted(others)))}"
    return "silence", f"nobody who is on {network} waits for another's heartbeat over it"


def _cut(trace: Trace, event: Event) -> Silence:
    """A machine that is cut off from networks."""
    scenario, machine = trace.scenario, event.subject
    after = trace.after(event.seq)
    if not view.answers(after, machine):
        return _silent_already(machine)
    clusters = tuple(c.name for c in scenario.clusters if machine in view.nodes(scenario, after, c.name))
    left = tuple(sorted(view.attached(scenario, after, machine)))
    if left:
        return "silence", f"{machine} is still heard over {join(left)}"
    if not clusters:
        return "heartbeat-scope", f"{machine} is a member of no cluster, so nobody misses its heartbeat"
    return _brief(trace, event, clusters)


def _split(trace: Trace, event: Event) -> Silence:
    """The network splits."""
    scenario, after = trace.scenario, trace.after(event.seq)
    clusters = tuple(c.name for c in scenario.clusters)
    if not clusters:
        return "heartbeat-scope", "there is no cluster whose members would miss one another"
    apart = [
        c
        for c in clusters
        if len({view.side_of(scenario, after, n) for n in view.nodes(scenario, after, c)} - {None}) > 1
    ]
    if not apart:
        return "silence", f"all members of {join(clusters)} are on one side and hear one another"
    return _brief(trace, event, tuple(apart))


def _brief(trace: Trace, event: Event, clusters: tuple[str, ...]) -> Silence:
    ended = next((e for e in trace.events[event.seq :] if e.kind in ("heal", "rejoin", "restore")), None)
    if ended is not None:
        sentence = f"it is over before a member of {join(clusters)} was silent for the whole detection time"
        return "silence", sentence
    return "silence", f"no member of {join(clusters)} stays silent for the whole detection time"


# -- applications ---------------------------------------------------------------------------------------------------


def _application(trace: Trace, event: Event) -> Silence:
    scenario, subject = trace.scenario, event.subject
    service = scenario.service.get(subject)
    if service is not None and service.kind == "nlb":
        sentence = (
            f"every host of {service.target} still sends its heartbeats, and NLB does not look at applications: "
            "the share of each host stays as it is"
        )
        return "nlb-scope", sentence
    machine = service.target if service is not None else subject
    role = scenario.role.get(machine)
    if role is not None and (service is None or service.kind == "role"):
        shown = view.role_state(trace.after(event.seq - 1), role.name)
        if shown != "Online":
            return "poll", f"{role.cluster} shows {role.name} as {shown}, so it asks nobody whether it works"
        return "poll", f"something else happens before {role.cluster} asks {role.name} again whether it works"
    if not view.answers(trace.after(event.seq), machine):
        return _silent_already(machine)
    around = scenario.role.get(scenario.ha_vms.get(machine, ""))
    if around is not None:
        may = "cannot" if subject in around.monitored_services else "does not"
        return "vm-monitoring", f"{machine} still answers, and {around.cluster} {may} monitor {subject} inside it"
    return (
        "heartbeat-scope",
        f"{machine} still answers, and a heartbeat tells nothing of the applications on a machine",
    )


def _paused(trace: Trace, event: Event) -> Silence:
    return "pause", f"{event.subject} keeps what runs on it, and only takes nothing new"


_REASONS: dict[str, Callable[[Trace, Event], Silence]] = {
    "crash": _machine,
    "hang": _machine,
    "fail": _application,
    "isolate": _cut,
    "lose": _lost,
    "partition": _split,
    "pause": _paused,
}
