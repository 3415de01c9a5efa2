"""The cluster model: scenario and timeline in, trace and claims out. Pure; standard library only."""

from __future__ import annotations

from studyapp.cluster.analysis.survival import analyse
from studyapp.cluster.claims.checking import check_claim
from studyapp.cluster.claims.claim import Claim, ClaimError, parse_claim
from studyapp.cluster.claims.evaluation import Result, evaluate
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Event, Outcome, Trace

__all__ = [
    "Claim",
    "ClaimError",
    "Event",
    "Outcome",
    "Result",
    "Scenario",
    "Trace",
    "analyse",
    "check_claim",
    "evaluate",
    "parse_claim",
    "simulate",
]
