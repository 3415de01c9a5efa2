"""What validation reports about a scenario, and what Windows has refused on its timeline.

`supported` and `works` are different answers: a scenario with an error runs as a real one would, and its cluster is not
supported. Texts and sources are in `data/findings.toml`; the severity of each rule is among the facts (`finding.ID`).
"""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import State


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` fires on `subject`; `property` is the product's name where it is about a value; `value` and `limit` are
    what its text speaks of. `clusters` are those that are not supported if it is an error.
    """

    rule: str
    subject: str
    property: str | None = None
    value: str = ""
    limit: str = ""
    clusters: tuple[str, ...] = ()


def severity(scenario: Scenario, rule: str) -> str:
    """`error` (Windows refuses or does not support it), `warning` or `info`."""
    row = scenario.fact.get(f"finding.{rule}")
    return str(row.value) if row is not None else "error"


def findings(scenario: Scenario, state: State) -> tuple[Finding, ...]:
    """Everything that validation reports, then the operations that were refused, in order."""
    refused = (Finding(key[1], key[2], value=str(value)) for key, value in state.items() if key[0] == "finding")
    return tuple(refused)


def is_supported(scenario: Scenario, state: State, cluster: str) -> bool:
    """No error is about this cluster. What was refused has changed nothing, and does not count."""
    return not any(
        cluster in found.clusters and severity(scenario, found.rule) == "error" for found in findings(scenario, state)
    )
