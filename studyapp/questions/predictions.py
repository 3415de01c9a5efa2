"""What to ask before a cluster is watched: of what could be asked, that about which people are most often wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studyapp.cluster.claims.claim import Claim, ClaimError, parse_claim
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.misconceptions import MISCONCEPTIONS
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.world import RunTooLong
from studyapp.questions.runs import simulated

YES, NO, CHANCE = "yes", "no", "chance"
MOST = 8
"""Questions that are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about how things stand when everything has settled, its claim, and whether that will be so."""

    text: str
    claim: Claim
    comes: str


def prediction_on(scenario: Scenario) -> Asked | None:
    """What to ask about a scenario; None where nothing happens, or nothing can be asked.

    The first question that a misconception answers differently, else the first.
    """
    if not scenario.timeline:
        return None
    asked = [Asked(text, claim, comes) for text, claim in _questions(scenario) if (comes := _comes(scenario, claim))]
    for believed in MISCONCEPTIONS:
        for each in asked:
            if _comes(scenario, each.claim, believed) not in ("", each.comes):
                return each
    return asked[0] if asked else None


def _questions(scenario: Scenario) -> Iterator[tuple[str, Claim]]:
    """At most `MOST` questions, those about what clients see first."""
    texts = [(f"Will a new client of {name} get an answer?", f"available({name!r})") for name in scenario.service]
    texts += [(f"Will {role.name} have moved to another node?", f"moved({role.name!r})") for role in scenario.roles]
    texts += [(f"Will {name} have quorum?", f"quorum({name!r})") for name in scenario.failover]
    for text, claim in texts[:MOST]:
        yield text, parse_claim(claim)


def _comes(scenario: Scenario, claim: Claim, believed: str | None = None) -> str:
    """How a claim comes out; empty where that cannot be said."""
    try:
        certain = evaluate(claim, simulated(scenario, believed), {}).certain
    except (ClaimError, RunTooLong):
        return ""
    return CHANCE if certain is None else YES if certain is True else NO
