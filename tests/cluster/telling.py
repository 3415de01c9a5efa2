"""Short cases: a scenario in an author's words, what happens, and what must be true, however chance is followed."""

from __future__ import annotations

from collections.abc import Mapping

from studyapp.cli.outcome import as_json
from studyapp.cluster import evaluate, parse_claim, simulate
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome, Trace
from studyapp.packs.scenarios import load_scenario


def scenario(text: str, timeline: str = "[]", **words: object) -> Scenario:
    """The scenario with its `<words>` filled in, and a timeline."""
    for word, value in words.items():
        text = text.replace(f"<{word}>", str(value))
    return load_scenario(f"{text}\ntimeline: {timeline}\n")


def values(outcome: Outcome, claims: Mapping[str, object]) -> dict[str, object]:
    """What each claim comes to."""
    return {claim: as_json(evaluate(parse_claim(claim), outcome)) for claim in claims}


def expect(made: Scenario, claims: Mapping[str, object]) -> Outcome:
    """The claims have these values, whether chance is left open or followed at once; gives the lazy outcome."""
    outcome = simulate(made)
    found = values(outcome, claims)
    told = "\n".join(f"{e.at_ms:>9} {e.kind} {e.subject}: {e.detail}" for e in outcome.trace.events)
    assert found == dict(claims), told
    assert values(simulate(made, eager=True), claims) == found
    return outcome


def why(trace: Trace, event: str) -> list[str]:
    """How it came to the first event of this kind and subject: from what began it to what it was brought about by."""
    found = next(e for e in trace.events if f"{e.kind} {e.subject}" == event)
    return [f"{e.kind} {e.subject}" for e in trace.why(found.seq)[:-1]]
