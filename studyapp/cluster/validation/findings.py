"""What validation reports about a scenario, and what Windows has refused on its timeline.

`supported` and `works` are different answers: a scenario with an error runs as a real one would, and its cluster is not
supported. Texts and sources are in `data/findings.toml`; the severity of each rule is among the facts (`finding.ID`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import State
from studyapp.cluster.validation import balancing, capacity, disks, guests, networks, placement, versions, voting
from studyapp.cluster.validation.case import Case, Check

_PARTS = (balancing, voting, networks, versions, capacity, disks, placement, guests)
CHECKS: dict[str, Check] = {rule: check for part in _PARTS for rule, check in part.CHECKS.items()}
"""The rules about the scenario itself, in the order in which their findings stand."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` fires on `subject`; `property` is the product's name where it is about a value; `value` and `limit` are
    what its text speaks of (see `validation.case.Found`). `clusters` are those that are not supported if it is an
    error. What was refused on the timeline has its own `sentence` in place of the rule's text.
    """

    rule: str
    subject: str
    property: str | None = None
    value: str = ""
    limit: str = ""
    clusters: tuple[str, ...] = ()
    sentence: str | None = None


def severity(scenario: Scenario, rule: str) -> str:
    """`error` (Windows refuses or does not support it), `warning` or `info`."""
    return str(scenario.fact[f"finding.{rule}"].value)


@lru_cache(maxsize=128)
def _validated(scenario: Scenario) -> tuple[tuple[Finding, ...], dict[str, frozenset[str]]]:
    """What validation reports, and the facts that each rule read."""
    reported: list[Finding] = []
    rows: dict[str, frozenset[str]] = {}
    case = Case(scenario)
    for rule, check in CHECKS.items():
        case.rows.clear()
        for found in check(case):
            value, limit = str(found.value), str(found.limit)
            reported.append(Finding(rule, found.subject, found.property, value, limit, found.clusters))
        rows[rule] = frozenset(case.rows)
    return tuple(reported), rows


def findings(scenario: Scenario, state: State) -> tuple[Finding, ...]:
    """Everything that validation reports about the scenario before its timeline, then the operations that were refused,
    in order.
    """
    refused = (
        Finding(key[1], key[2], state.get(("finding-property", *key[1:])), sentence=str(sentence))
        for key, sentence in state.items()
        if key[0] == "finding"
    )
    return (*_validated(scenario)[0], *refused)


def is_supported(scenario: Scenario, state: State, cluster: str) -> bool:
    """No error is about this cluster. What was refused has changed nothing, and does not count."""
    return not any(
        cluster in found.clusters and severity(scenario, found.rule) == "error" for found in _validated(scenario)[0]
    )


def rows_read(scenario: Scenario, rule: str | None = None) -> frozenset[str]:
    """The facts, as `release:key`, that a rule of validation rests on in this scenario, or all of them together."""
    rows = _validated(scenario)[1]
    return frozenset().union(*rows.values()) if rule is None else rows.get(rule, frozenset())
