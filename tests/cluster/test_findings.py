"""Every rule of validation fires where `data/findings.toml` says, on that and about that, and not right beside it.

The cases stand in `tests/golden/findings/`, written from what each rule says of itself; read `nlb.yaml` first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from studyapp.cluster import simulate
from studyapp.cluster.scenario import FailoverCluster, Scenario
from studyapp.cluster.validation.findings import CHECKS, Finding, findings, is_supported, rows_read, severity
from studyapp.packs.facts import load_facts
from tests.cluster import build
from tests.cluster.written import files_of, scenario_of

SEVERAL = re.compile(r"(\D+)(\d+)\.\.(\d+)")


@dataclass(frozen=True, slots=True)
class Case:
    """`finds` are subject, property, value and limit; None where the rule must not fire."""

    name: str
    scenario: dict[str, Any]
    finds: list[list[Any]] | None

    @property
    def rule(self) -> str:
        """The rule that the case is about."""
        return self.name[:6]


def names(word: object) -> list[Any]:
    """`n1..3` is n1, n2 and n3."""
    found = SEVERAL.fullmatch(word) if isinstance(word, str) else None
    return [word] if found is None else [f"{found[1]}{number}" for number in range(int(found[2]), int(found[3]) + 1)]


def written_out(value: Any) -> Any:
    """A value with every such word written out; `#` in what stands at one of several is the name of that one."""
    if isinstance(value, list):
        return [name for item in value for name in names(item)]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, inner in value.items():
        for name in names(key):
            own = written_out(inner)
            found[name] = {k: name if v == "#" else v for k, v in own.items()} if isinstance(own, dict) else own
    return found


def merged(base: Any, over: Any) -> Any:
    """One over the other, mapping by mapping; null takes away."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    both = base | {key: merged(base.get(key, {}), value) for key, value in over.items()}
    return {key: value for key, value in both.items() if value is not None}


def cases() -> Iterator[Case]:
    for file in files_of("findings").values():
        for name, entry in file["rules"].items():
            assert set(entry) in ({"base", "fires", "finds", "misses"}, {"base", "misses"}), name
            base = written_out(file["bases"][entry["base"]])
            if "fires" in entry:
                yield Case(name, merged(base, written_out(entry["fires"])), entry["finds"])
            yield Case(f"{name}, beside it", merged(base, written_out(entry["misses"])), None)


CASES = tuple(cases())


@pytest.mark.parametrize("case", [c for c in CASES if c.rule[:3] != "OPS"], ids=lambda case: case.name)
def test_a_rule_fires_where_it_says(case: Case) -> None:
    scenario = scenario_of(case.scenario)
    found = [each for each in findings(scenario, {}) if each.rule == case.rule]
    text = load_facts().findings[case.rule].text
    told = [(f.subject, f.property, load_facts().told(f)) for f in found]
    expected = [
        (subject, name, text.format(subject=subject, value=value, limit=limit))
        for subject, name, value, limit in case.finds or ()
    ]
    assert told == expected


@pytest.mark.parametrize("case", [c for c in CASES if c.rule[:3] == "OPS"], ids=lambda case: case.name)
def test_an_operation_is_refused_where_it_says(case: Case) -> None:
    outcome = simulate(scenario_of(case.scenario))
    for branch in outcome.branches:
        found = [f for f in findings(outcome.trace.scenario, branch.trace.end) if f.rule == case.rule]
        assert [[f.subject, f.property] for f in found] == (case.finds or [])
        assert all(f.sentence for f in found)
        assert not any(f.clusters for f in found)


# -- the table ----------------------------------------------------------------------------------------------------


def test_every_rule_is_checked_and_every_check_is_told() -> None:
    told = load_facts().findings
    assert set(CHECKS) == {rule for rule in told if not rule.startswith("OPS")}


def test_every_rule_has_a_scenario_that_it_fires_on_and_one_beside_it() -> None:
    fired = {case.rule for case in CASES if case.finds is not None}
    beside = {case.rule for case in CASES if case.finds is None}
    assert fired == beside == set(load_facts().findings) - {"VER008"}


def with_facts(scenario: Scenario, release: str) -> Scenario:
    """A scenario that was made in code, with all the facts of a release."""
    return replace(scenario, release=release, facts=load_facts().releases[release])


@pytest.mark.parametrize("quorum, dynamic_weights", [("dynamic", ()), ("node-majority", (("h1", 0),))])
def test_dynamic_quorum_too_early(quorum: str, dynamic_weights: tuple[tuple[str, int], ...]) -> None:
    """Authors' files are refused before they come so far."""
    nodes = ("h1", "h2", "h3")
    cluster = FailoverCluster("c", nodes, None, quorum, dynamic_weights=dynamic_weights)
    scenario = replace(build.machines(3), clusters=(cluster,))
    found = [f for f in findings(with_facts(scenario, "ws2008r2"), {}) if f.rule == "VER008"]
    assert found == [Finding("VER008", "c", limit="{feature.dynamic_quorum}", clusters=("c",))]
    assert not [f for f in findings(with_facts(scenario, "ws2012"), {}) if f.rule == "VER008"]


def test_a_monitored_service_that_the_scenario_does_not_describe_is_taken_for_right() -> None:
    scenario = build.virtual(2)
    roles = tuple(replace(role, monitored_services=("spooler",)) for role in scenario.roles)
    found = findings(with_facts(replace(scenario, roles=roles), "ws2012"), {})
    assert not [f for f in found if f.rule.startswith("VMM")]


def test_it_is_known_which_facts_a_rule_rests_on() -> None:
    scenario = scenario_of(
        {"release": "ws2012", "hosts": {"n1": {}}, "clusters": {"c": {"kind": "failover", "nodes": ["n1"]}}}
    )
    assert rows_read(scenario, "LIM002") == {"ws2012:failover.max_vms"}
    assert rows_read(scenario, "LIM008") == rows_read(scenario, "OPS001") == frozenset()
    assert rows_read(scenario) > {"ws2012:failover.max_vms", "ws2012:tcp.timeout"}


def test_findings_stand_in_the_order_of_the_rules() -> None:
    for case in CASES:
        if case.finds is not None and case.rule in CHECKS:
            rules = [found.rule for found in findings(scenario_of(case.scenario), {})]
            assert rules == sorted(rules, key=list(CHECKS).index)
            assert case.rule in rules


def test_an_error_is_about_the_clusters_that_it_concerns() -> None:
    for case in CASES:
        if case.finds is None or case.rule not in CHECKS:
            continue
        scenario = scenario_of(case.scenario)
        about = {c for f in findings(scenario, {}) if severity(scenario, f.rule) == "error" for c in f.clusters}
        known = {cluster.name for cluster in scenario.clusters}
        assert about <= known
        assert {c for c in known if not is_supported(scenario, {}, c)} == about
        if load_facts().findings[case.rule].severity == "error" and case.name == case.rule:
            assert about, case.name
