"""An outcome as the command line tells it: the JSON of its contract, and the same as text."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from studyapp.cluster import findings, view
from studyapp.cluster.chance import named
from studyapp.cluster.checking import check_claim
from studyapp.cluster.claims import ClaimError, parse_claim
from studyapp.cluster.evaluation import Result, evaluate
from studyapp.cluster.explain import at_time, explain_silence
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome, Trace
from studyapp.cluster.world import RunTooLong
from studyapp.packs.facts import load_facts


class BadClaim(Exception):
    """A claim or run that cannot be answered; `line` and `column` are 0 where it came from the command line."""

    def __init__(self, message: str, line: int, column: int, code: str, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.code = code
        self.hint = hint


def report(
    name: str | None, scenario: Scenario, claims: Sequence[tuple[str, int, int]], believed: str | None, traced: bool
) -> dict[str, Any]:
    """What the contract promises for one document. `claims` are (text, line, column). Raises BadClaim."""
    read = []
    for text, line, column in claims:
        try:
            claim = parse_claim(text)
        except ClaimError as error:
            raise _bad(error, text, line, column) from None
        for problem in check_claim(claim, scenario, {}):
            raise _bad(problem, text, line, column)
        read.append((claim, line, column))
    try:
        outcome = simulate(scenario, believed)
    except RunTooLong as error:
        raise BadClaim(str(error), 1, 1, "step-limit") from None
    answers = []
    for claim, line, column in read:
        try:
            answers.append({"claim": claim.text, "value": as_json(evaluate(claim, outcome))})
        except ClaimError as error:
            raise _bad(error, claim.text, line, column) from None
    told: dict[str, Any] = {"id": name, "title": scenario.title, "release": scenario.release}
    told["branches"] = len(outcome.branches)
    told["claims"] = answers
    told["findings"] = _findings(outcome.trace)
    if traced:
        told["trace"] = _trace(outcome.trace)
        told["silence"] = list(explain_silence(outcome.trace))
    told["end"] = _end(outcome)
    return told


def _bad(error: ClaimError, text: str, line: int, column: int) -> BadClaim:
    at = column + error.column - 1 if column else error.column
    code = "not-modelled" if "not modelled yet" in error.message else "claim"
    return BadClaim(f"{error.message}, in: {text[:80]}", line, at, code, error.hint)


def as_json(result: Result) -> object:
    """A claim's value as the contract has it."""
    if result.unknown:
        return {"unknown": True}
    if len(result.values) == 1:
        return _plain(result.values[0][0])
    if any(value is True for value, _ in result.values):
        return {"depends": {"true": float(result.share(True))}}
    shares = {_key(value): float(share) for value, share in result.values}
    return {"depends": dict(sorted(shares.items()))}


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and math.isinf(value) else value


def _key(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)


def _findings(trace: Trace) -> list[dict[str, Any]]:
    """What validation says, and what was refused in the course that is shown, told by its own sentence."""
    facts = load_facts()
    return [
        {
            "rule": found.rule,
            "severity": findings.severity(trace.scenario, found.rule),
            "subject": found.subject,
            "property": found.property,
            "text": found.sentence or facts.told(found.rule, found.subject, found.value, found.limit),
            "source": facts.findings[found.rule].source,
        }
        for found in findings.findings(trace.scenario, trace.end)
    ]


def _trace(trace: Trace) -> list[dict[str, Any]]:
    return [
        {
            "n": event.seq,
            "t_ms": event.at_ms,
            "event": event.kind,
            "subject": event.subject,
            "cause": event.cause,
            "rule": event.rule,
            "text": event.detail,
            **({"number": event.number} if event.number is not None else {}),
        }
        for event in trace.events
    ]


def _end(outcome: Outcome) -> dict[str, Any]:
    """The state when the first branch has settled."""
    known, trace = outcome.trace.end, outcome.trace.decided()
    scenario, state = trace.scenario, trace.end
    machines = {
        m: {"state": view.machine_state(state, m)}
        | ({"host": named(known, known[("host", m)])} if m in scenario.vm else {})
        for m in scenario.machines
    }
    clusters: dict[str, Any] = {}
    for cluster in scenario.clusters:
        name = cluster.name
        clusters[name] = {
            "members": list(view.members(scenario, state, name)),
            "nodes": {n: view.node_state(scenario, state, name, n) for n in cluster.nodes},
        }
        if name in scenario.failover:
            sides = view.sides(scenario, state, name)
            clusters[name] |= {
                "quorum": bool(sides),
                "votes": view.votes_present(scenario, state, name, sides[0]) if sides else 0,
                "votes_total": view.last_table(scenario, state, name).total,
            }
    roles = {
        r: {
            "state": view.role_state(state, r),
            "owner": named(known, known[("owner", r)]),
            "failovers": state[("failovers", r)],
        }
        for r in scenario.role
    }
    services: dict[str, Any] = {}
    for service in scenario.service:
        services[service] = {"available": as_json(evaluate(parse_claim(f'available("{service}")'), outcome))}
    return {"machines": machines, "clusters": clusters, "roles": roles, "services": services}


# -- text ---------------------------------------------------------------------------------------------------------


def as_text(told: dict[str, Any]) -> Iterator[str]:
    """The report as people read it."""
    yield f"{told['title'] or told['id'] or 'Scenario'}  ({told['release']})"
    if told["branches"] > 1:
        yield f"Chance decides: {told['branches']} courses are possible; the first is shown."
    if "trace" in told:
        yield ""
        yield "What happens"
        for event in told["trace"]:
            number = f" (event {event['number']})" if "number" in event else ""
            cause = f"  [because of {event['cause']}]" if event["cause"] else ""
            yield f"  {at_time(event['t_ms'])}  {event['n']:>3}  {event['text']}{number}{cause}"
        for sentence in told["silence"]:
            yield f"              … {sentence}"
        if not told["trace"]:
            yield "  Nothing: the timeline is empty."
    yield ""
    yield "At the end"
    yield from (f"  {line}" for line in _end_lines(told["end"]))
    if told["findings"]:
        yield ""
        yield "What validation says"
        for found in told["findings"]:
            yield f"  {found['severity']:<8} {found['rule']}  {found['text']}"
    if told["claims"]:
        yield ""
        yield "Claims"
        for claim in told["claims"]:
            yield f"  {_value(claim['value']):<12} {claim['claim']}"
    yield ""


def _end_lines(end: dict[str, Any]) -> Iterator[str]:
    signs = {"up": "●", "off": "✖", "silent": "◌"}
    for machine, it in end["machines"].items():
        on = f" on {it['host']}" if "host" in it else ""
        yield f"{signs[it['state']]} {machine}{on}: {it['state']}"
    for cluster, it in end["clusters"].items():
        votes = f", {it['votes']} of {it['votes_total']} votes" if "votes" in it else ""
        members = ", ".join(it["members"]) or "none"
        yield f"{cluster}: members {members}{votes}"
    for role, it in end["roles"].items():
        where = f" on {it['owner']}" if it["owner"] != "none" else ""
        yield f"{role}: {it['state']}{where}"
    for service, it in end["services"].items():
        yield f"{service}: available {_value(it['available'])}"


def _value(value: object) -> str:
    match value:
        case None:
            return "never"
        case bool():
            return "true" if value else "false"
        case {"depends": {"true": float(share)}}:
            return f"depends ({share:.0%})"
        case {"depends": dict(shares)}:
            return "depends: " + ", ".join(f"{v} {share:.0%}" for v, share in shares.items())
        case {"unknown": True}:
            return "unknown (too many branches of chance)"
        case list(items):
            return ", ".join(str(item) for item in items) or "none"
        case _:
            return str(value)
