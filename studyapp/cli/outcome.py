"""An outcome as the command line tells it: what it answers, and the JSON of its contract."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from studyapp.cluster import view
from studyapp.cluster.chance import open_name
from studyapp.cluster.claims.checking import check_claim
from studyapp.cluster.claims.claim import Claim, ClaimError, parse_claim
from studyapp.cluster.claims.evaluation import Result, evaluate
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons.explain import Explanation, explain, explain_silence
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome, Trace
from studyapp.cluster.validation import findings
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


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim with its value, and why it has it where that was asked."""

    claim: Claim
    result: Result
    why: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A document that ran: `asked` are the claims to explain beside those to answer; `believed` is the misconception
    that it ran under.
    """

    name: str | None
    scenario: Scenario
    outcome: Outcome
    answers: tuple[Answer, ...]
    asked: tuple[Answer, ...] = ()
    believed: str | None = None


Written = tuple[str, int, int]
"""A claim's text with its line and column; both are 0 where it came from the command line."""


def run(
    name: str | None,
    scenario: Scenario,
    claims: Sequence[Written],
    believed: str | None = None,
    explained: Sequence[Written] = (),
) -> Run:
    """Simulate one document, answer its claims and explain others. Raises BadClaim."""
    read = [_read(scenario, written) for written in claims]
    to_explain = [_read(scenario, written) for written in explained]
    try:
        outcome = simulate(scenario, believed)
    except RunTooLong as error:
        raise BadClaim(str(error), 1, 1, "step-limit") from None
    answers = tuple(_answered(outcome, *each) for each in read)
    asked = tuple(
        replace(answer, why=explain(answer.claim, outcome))
        for answer in (_answered(outcome, *each) for each in to_explain)
    )
    return Run(name, scenario, outcome, answers, asked, believed)


def report(run: Run, *, traced: bool = True) -> dict[str, Any]:
    """What the contract promises for one document."""
    told: dict[str, Any] = {"id": run.name, "title": run.scenario.title, "release": run.scenario.release}
    told["branches"] = len(run.outcome.branches)
    told["claims"] = [{"claim": answer.claim.text, "value": as_json(answer.result)} for answer in run.answers]
    told["findings"] = findings_told(run.outcome.trace)
    if traced:
        told["trace"] = _trace(run.outcome.trace)
        told["silence"] = list(explain_silence(run.outcome.trace))
    told["end"] = _end(run.outcome)
    if run.asked:
        told["explanations"] = [
            {
                "claim": answer.claim.text,
                "value": as_json(answer.result),
                "sentences": list(answer.why.sentences),
                "rules": list(answer.why.rules),
            }
            for answer in run.asked
            if answer.why is not None
        ]
    return told


def _read(scenario: Scenario, written: Written) -> tuple[Claim, int, int]:
    text, line, column = written
    try:
        claim = parse_claim(text)
    except ClaimError as error:
        raise _bad(error, text, line, column) from None
    for problem in check_claim(claim, scenario, {}):
        raise _bad(problem, text, line, column)
    return claim, line, column


def _answered(outcome: Outcome, claim: Claim, line: int, column: int) -> Answer:
    try:
        return Answer(claim, evaluate(claim, outcome))
    except ClaimError as error:
        raise _bad(error, claim.text, line, column) from None


def _bad(error: ClaimError, text: str, line: int, column: int) -> BadClaim:
    at = column + error.column - 1 if column else error.column
    return BadClaim(f"{error.message}, in: {text[:80]}", line, at, "bad-claim", error.hint)


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


def findings_told(trace: Trace) -> list[dict[str, Any]]:
    """What validation says, and what was refused in the course that is shown, told by its own sentence."""
    facts = load_facts()
    return [
        {
            "rule": found.rule,
            "severity": findings.severity(trace.scenario, found.rule),
            "subject": found.subject,
            "property": found.property,
            "text": facts.told(found),
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
        | ({"host": open_name(known, known[("host", m)])} if m in scenario.vm else {})
        for m in scenario.machines
    }
    clusters: dict[str, Any] = {}
    for cluster in scenario.clusters:
        name = cluster.name
        clusters[name] = {
            "members": list(view.members(scenario, state, name)),
            "nodes": {n: view.node_state(scenario, state, name, n) for n in view.nodes(scenario, state, name)},
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
            "owner": open_name(known, known[("owner", r)]),
            "failovers": state[("failovers", r)],
        }
        for r in scenario.role
    }
    services: dict[str, Any] = {}
    for service in scenario.service:
        services[service] = {"available": as_json(evaluate(parse_claim(f'available("{service}")'), outcome))}
    return {"machines": machines, "clusters": clusters, "roles": roles, "services": services}
