"""Why machines are where and how they are, and what was noticed of what happened to them and to others."""

from __future__ import annotations

import math
from collections.abc import Callable

from studyapp.cluster import view
from studyapp.cluster.chance import OneOf, candidates, decided, open_name
from studyapp.cluster.claims.readers import first_event, noticed
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons import silence
from studyapp.cluster.reasons.reason import (
    MEMBERSHIP,
    MOST_EVENTS,
    PLACE,
    POWER,
    Look,
    Reason,
    at_time,
    seconds,
    times,
)
from studyapp.cluster.trace import State

STARTS = ("start", "online", "restart", "failover", "quick-migrate")
COLD = ("crash", "shutdown", "start", "online", "restart", "failover", "offline", "failed")


def condition(look: Look, machine: str) -> str:
    """What is the matter with a machine, as the end of a sentence; "" while it answers."""
    state = look.state
    role = look.scenario.ha_vms.get(machine)
    if not state[("power", machine)]:
        if role is not None and view.role_state(state, role) == "Pending":
            return "is still starting"
        return "is saved" if state.get(("vm", machine)) == "Saved" else "is off"
    if state.get(("standstill", machine)):
        return "stands still"
    if state[("hung", machine)]:
        return "is on and does not respond"
    host = host_that_matters(look, machine)
    if host is not None and state[("hung", host)]:
        return f"is silent with its host {host}"
    return ""


def host_that_matters(look: Look, machine: str) -> str | None:
    """The host of a virtual machine; of several that are possible any, where all of them answer."""
    state = look.state
    host = state.get(("host", machine))
    if isinstance(host, OneOf):
        return any_of(state, host, lambda h: not state["hung", h])
    return view.host_of(state, machine)


def any_of(state: State, name: str | OneOf, fits: Callable[[str], bool]) -> str:
    """The name; of several that are possible the first where all of them fit. Raises Undecided where some do not."""
    if isinstance(name, OneOf) and all(map(fits, candidates(state, name))):
        return candidates(state, name)[0]
    return decided(state, name)


def machine_events(look: Look, machine: str, most: int = 1) -> tuple[int, ...]:
    """The latest event that turned a machine on or off or silenced it."""
    return look.last((machine, look.scenario.ha_vms.get(machine)), POWER, most)


def machine(look: Look, value: Value, name: str) -> Reason:
    """Whether it is on, or answers."""
    events = machine_events(look, name)
    said = condition(look, name) or "is on and answers"
    if events:
        return Reason(f"{look.when} {name} {said}.", events)
    return Reason(f"{look.when} {name} {said}: nothing has turned it off or silenced it.", quiet=look.quiet(name))


def host_of(look: Look, value: Value, vm: str) -> Reason:
    """The host that a virtual machine is on."""
    host = open_name(look.state, look.state["host", vm])
    events = look.last((vm, look.scenario.ha_vms.get(vm)), PLACE)
    if events:
        return Reason(f"{look.when} {vm} is on {host}.", events)
    said = f"{look.when} {vm} is on {host}, as it was at the start: nothing has moved it."
    return Reason(said, look.last((vm, look.scenario.ha_vms.get(vm), host), ("refused",)), look.quiet(vm))


def boots(look: Look, value: Value, vm: str) -> Reason:
    """How often it started cold."""
    count = look.state["boots", vm]
    role = look.scenario.ha_vms.get(vm)
    if count:
        events = look.last((vm, role), STARTS, min(count, MOST_EVENTS))
        return Reason(f"{vm} was started from its disk {times(count)}.", events, rules=("cold-start",))
    near = look.last((vm, role), (*PLACE, *POWER)) or look.last((look.scenario.vm[vm].host,), ("isolated", "removed"))
    return Reason(f"{vm} was never started anew.", near, look.quiet(vm))


def keeps_state(look: Look, value: Value, thing: str) -> Reason:
    """Whether what was in its memory is still there."""
    service = look.scenario.service.get(thing)
    name = service.target if service is not None else thing
    if name in look.scenario.nlb:
        return _sessions(look, value, thing, name)
    events = look.last((name, look.scenario.ha_vms.get(name)), COLD)
    if value:
        events = look.last((name, look.scenario.ha_vms.get(name)), (*PLACE, "hang"))
        return Reason(f"{name} was never started anew, so what it holds in memory is still there.", events)
    if not look.state.get(("memory", name), True):
        return Reason(f"{name} was started anew, and with that its memory was lost.", events, rules=("cold-start",))
    return Reason(f"{look.when} {name} does not run, so nothing of its memory is left.", events)


def _sessions(look: Look, value: Value, name: str, cluster: str) -> Reason:
    """The sessions of a balanced service."""
    kept = look.scenario.service[name].state
    if kept != "in-memory":
        where = "no state" if kept == "none" else "its state where all hosts reach it"
        return Reason(f"{name} keeps {where}, so no host can lose it.")
    nodes = look.scenario.nlb[cluster].nodes
    events = look.last((*nodes, name), (*POWER, "drain-stop", "stop-node", "fail"))
    if value:
        return Reason(f"The hosts of {cluster} hold the sessions of {name} in memory, and none of them lost it.")
    said = f"The sessions of {name} are in the memory of the hosts of {cluster}, and one of them has lost its own."
    return Reason(said, events, rules=("session-lost",))


# -- what was noticed -----------------------------------------------------------------------------------------------


def detected(look: Look, value: Value, thing: str) -> Reason:
    """Whether any cluster noticed that a thing failed, and when."""
    return detected_by(look, value, None, thing)


def detected_by(look: Look, value: Value, cluster: str | None, thing: str) -> Reason:
    """Whether this cluster noticed it."""
    service = look.scenario.service.get(thing)
    name = service.target if service is not None and service.kind == "role" else thing
    took = noticed(look.now, name, cluster)
    if took < math.inf:
        found = [
            e for e in look.now.events if e.kind == "detected" and e.subject == name and cluster in (None, e.cluster)
        ]
        first = found[0]
        return Reason(f"{first.cluster} noticed after {seconds(took)} that {name} had failed.", (first.seq,))
    return _unnoticed(look, cluster, tuple(dict.fromkeys((thing, name))))


def _unnoticed(look: Look, cluster: str | None, things: tuple[str, ...]) -> Reason:
    thing = things[0]
    faults = look.last(things, silence.FAULTS)
    removed = look.last(things, ("removed",))
    later = [e for e in look.now.trace.events[len(look.now.events) :] if e.kind == "detected" and e.subject in things]
    elsewhere = look.last(things, ("detected",))
    if elsewhere:
        said = f"{look.event(elsewhere[0]).cluster} noticed that {thing} had failed; {cluster} did not."
        return Reason(said, elsewhere, rules=("heartbeat-scope",))
    if not faults and removed:
        return Reason(f"{thing} was dropped although it had not failed, so there was no failure to notice.", removed)
    if not faults:
        return Reason(f"Nothing was the matter with {thing}, so there was nothing to notice.")
    if later:
        return Reason(f"{later[0].cluster} notices it only at {at_time(later[0].at_ms)}.", faults)
    who = f"{cluster} did not notice" if cluster is not None else "No cluster noticed"
    return Reason(f"{who} that {thing} had failed.", faults, faults)


# -- events ---------------------------------------------------------------------------------------------------------


def event(look: Look, value: Value, kind: str, thing: str) -> Reason:
    """Whether such an event is in the trace, and when the first one was."""
    found = first_event(look.now.events, kind, thing)
    if found is not None:
        return Reason(f"The first event {kind} of {thing} is at {at_time(found.at_ms)}.", (found.seq,))
    near = look.last((thing,), (*PLACE, *POWER, *MEMBERSHIP))
    until = "" if look.now.asked_ms is None else f" until {at_time(look.now.asked_ms)}"
    said = f"There is no event {kind} of {thing}{until}"
    quiet = look.quiet(thing)
    return Reason(f"{said}." if near or quiet else f"{said}: nothing at all happened to it.", near, quiet)


def before(look: Look, value: Value, kind: str, thing: str, other_kind: str, other: str) -> Reason:
    """Which of two events came first."""
    a, b = first_event(look.now.events, kind, thing), first_event(look.now.events, other_kind, other)
    if a is None or b is None:
        missing = (kind, thing) if a is None else (other_kind, other)
        return event(look, value, *missing)
    first, second = (a, b) if a.seq < b.seq else (b, a)
    gap = f", {seconds((second.at_ms - first.at_ms) / 1000)} earlier" if second.at_ms > first.at_ms else ""
    said = f"The event {first.kind} of {first.subject} comes before {second.kind} of {second.subject}{gap}."
    return Reason(said, (a.seq, b.seq))
