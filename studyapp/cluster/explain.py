"""Why: the chain of events behind a claim, and why nothing followed where nothing did."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studyapp.cluster import view
from studyapp.cluster.claims import Claim
from studyapp.cluster.kinds import Value
from studyapp.cluster.readers import first_event
from studyapp.cluster.trace import Event, Outcome, Trace


@dataclass(frozen=True, slots=True)
class Explanation:
    """The events that decide something, in order; the same told in sentences; the rules that made them happen."""

    events: tuple[Event, ...]
    sentences: tuple[str, ...]
    rules: tuple[str, ...]


def at_time(ms: int) -> str:
    """A moment as `mm:ss`, with tenths where they matter."""
    tenths = f".{ms % 1000 // 100}" if ms % 1000 else ""
    return f"{ms // 60000:02}:{ms // 1000 % 60:02}{tenths}"


def told(event: Event) -> str:
    """One event as a line: when, what, and the number that Windows logs for it."""
    number = f" (event {event.number})" if event.number is not None else ""
    return f"{at_time(event.at_ms)}  {event.detail}{number}"


def explain_event(trace: Trace, seq: int) -> tuple[str, ...]:
    """The chain of causes of an event, the first cause first."""
    return tuple(told(event) for event in trace.why(seq))


def explain(claim: Claim, outcome: Outcome, names: Mapping[str, Value] | None = None) -> Explanation:
    """The events behind what the claim asks about, in the first branch, and why nothing happened where nothing did."""
    return explain_claims((claim,), outcome.trace, names or {})


def explain_claims(claims: Iterable[Claim], trace: Trace, names: Mapping[str, Value]) -> Explanation:
    """The same for several claims together."""
    read = {e.seq for claim in claims for e in events_read(claim, trace, names)}
    return _with_causes(trace, read or {e.seq for e in trace.events if e.rule == "timeline"})


def explain_things(trace: Trace, things: frozenset[str]) -> Explanation:
    """What happened to some things: the causes of the last event of each, and every fault with no consequence."""
    return _with_causes(trace, {e.seq for thing in things for e in _last(trace, thing, None)})


def _with_causes(trace: Trace, ends: set[int]) -> Explanation:
    quiet = {e.seq: reason for e, reason in _without_consequence(trace)}
    shown = {e.seq: e for seq in ends for e in trace.why(seq)}
    shown |= {seq: trace.events[seq - 1] for seq in quiet}
    events = tuple(shown[seq] for seq in sorted(shown))
    sentences: list[str] = []
    rules: dict[str, None] = {}
    for event in events:
        sentences.append(told(event))
        if event.rule != "timeline":
            rules[event.rule] = None
        if event.seq in quiet:
            rule, sentence = quiet[event.seq]
            sentences.append(f"{at_time(event.at_ms)}  … {sentence}")
            rules[rule] = None
    if not trace.events:
        sentences.append("Nothing happens, and everything goes on as it was.")
    return Explanation(events, tuple(sentences), tuple(rules))


MEMBERSHIP = ("removed", "joined", "quorum-kept", "quorum-lost", "converged")
ROLE = ("failover", "restart", "online", "offline", "failed", "live-migrate")
POWER = ("crash", "hang", "start", "online", "failover", "restart", "offline", "failed", "isolate", "rejoin", "fail")
READS: dict[str, tuple[str, ...]] = {
    "detected": ("detected",),
    "detected_by": ("detected",),
    "detection_time": ("detected",),
    "owner": ROLE,
    "moved": ROLE,
    "failovers": ("failover",),
    "online": ROLE,
    "restarts": ("restart",),
    "up": POWER,
    "answers": POWER,
    "boots": POWER,
    "host_of": POWER,
    "keeps_state": POWER,
}
"""The kinds of events that decide what a function of the claim language says of a thing; the others read them all."""


def events_read(claim: Claim, trace: Trace, names: Mapping[str, Value]) -> list[Event]:
    """The events that the functions of a claim read: of each thing the last one of the kinds that the function is
    about, else the last thing that happened to it or to what it stands on.
    """
    found: list[Event] = []
    for node in ast.walk(claim.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [_name(argument, names) for argument in node.args]
        if node.func.id in ("happens", "time_of", "before"):
            for kind, thing in zip(given[::2], given[1::2], strict=False):
                event = first_event(trace.events, kind or "", thing or "")
                found += [event] if event is not None else _last(trace, thing or "", None)
            continue
        for thing in given:
            if thing is not None:
                found += _last(trace, thing, READS.get(node.func.id)) or _last(trace, thing, None)
    return found


def _name(node: ast.expr, names: Mapping[str, Value]) -> str | None:
    value = node.value if isinstance(node, ast.Constant) else names.get(node.id) if isinstance(node, ast.Name) else None
    return value if isinstance(value, str) else None


def _last(trace: Trace, thing: str, kinds: tuple[str, ...] | None) -> list[Event]:
    """The last event of a thing and of what it stands on; of a cluster all that its membership did at that moment."""
    if thing in trace.scenario.failover or thing in trace.scenario.nlb:
        mine = [e for e in trace.events if e.cluster == thing and e.kind in MEMBERSHIP]
        return [e for e in mine if e.at_ms == mine[-1].at_ms]
    found = [e for e in trace.events if e.subject == thing and (kinds is None or e.kind in kinds)][-1:]
    for below in _stands_on(trace, thing):
        found += _last(trace, below, kinds)
    return found


def explain_silence(trace: Trace) -> tuple[str, ...]:
    """For each fault that nothing followed: why nothing did."""
    return tuple(sentence for _, (_, sentence) in _without_consequence(trace))


def _stands_on(trace: Trace, thing: str) -> tuple[str, ...]:
    """What a thing's fate hangs on: a service on its role or machine, a balanced service on its cluster."""
    service = trace.scenario.service.get(thing)
    if service is not None:
        return (service.target,)
    if thing in trace.scenario.role:
        return (view.owner(trace.start, thing),)
    return ()


def _without_consequence(trace: Trace) -> list[tuple[Event, tuple[str, str]]]:
    """The faults that no other event has as its cause, each with the rule and the reason for the silence."""
    causes = {e.cause for e in trace.events}
    faults = ("crash", "hang", "fail", "isolate", "lose", "partition")
    return [
        (e, _reason(trace, e))
        for e in trace.events
        if e.kind in faults and e.rule == "timeline" and e.seq not in causes
    ]


def _reason(trace: Trace, event: Event) -> tuple[str, str]:
    scenario, subject = trace.scenario, event.subject
    member_of = [c for c in scenario.clusters if subject in c.nodes]
    if event.kind == "fail":
        return _application(trace, subject)
    if event.kind in ("crash", "hang") and not member_of and subject in scenario.vm:
        role = scenario.ha_vms.get(subject)
        if role is None:
            return (
                "heartbeat-scope",
                f"no cluster has {subject} as a member or as a role, so nobody waits for a sign of life from it",
            )
        if event.kind == "hang":
            cluster = scenario.role[role].cluster
            nodes = ", ".join(scenario.failover[cluster].nodes)
            sentence = (
                f"the heartbeat of {cluster} runs between {nodes}, and this silences none of them; the heartbeat of "
                f"the guest {subject} is not monitored, so {cluster} does nothing"
            )
            return "guest-heartbeat", sentence
    if event.kind in ("crash", "hang") and not member_of:
        return "heartbeat-scope", f"{subject} is a member of no cluster, so nobody misses its heartbeat"
    if event.kind in ("isolate", "partition", "lose"):
        return "silence", "no member stayed silent for the whole detection time, so nothing follows"
    if any(e.subject == subject and e.kind in ("crash", "hang") and e.seq < event.seq for e in trace.events):
        return "silence", f"{subject} was silent already, so this changes nothing more"
    names = " and ".join(c.name for c in member_of) or "the cluster"
    return "silence", f"nobody is left in {names} who would notice, or {subject} was counted out before"


def _application(trace: Trace, subject: str) -> tuple[str, str]:
    scenario = trace.scenario
    service = scenario.service.get(subject)
    if service is not None and service.kind == "nlb":
        sentence = (
            f"every host of {service.target} still sends its heartbeats, and NLB does not look at applications: "
            "the share of each host stays as it is"
        )
        return "nlb-scope", sentence
    machine = service.target if service is not None else subject
    return (
        "heartbeat-scope",
        f"{machine} still answers, and a heartbeat tells nothing of the applications on a machine",
    )
