"""Cases that people can read: a scenario, what happens to it, and what must be true. Read `tests/golden/outcomes/`.

The expected values were written from the sources that each case names (entries of `data/sources.toml`; `model` is a
definition of the model's own), and not from what the model answers. Nothing here writes them anew.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest

from studyapp.cli.outcome import as_json
from studyapp.cluster import evaluate, parse_claim, simulate
from studyapp.cluster.claims.checking import check_claim, never_given
from studyapp.cluster.rules import Rules
from studyapp.cluster.trace import Event, Outcome
from studyapp.cluster.truth import TRUTH
from studyapp.packs.places import data_folder
from tests.cluster.written import files_of, scenario_of

CLOSE = 0.0005
"""How exactly a share such as 0.3333 is written."""

OF_NO_CLUSTER = {
    "timeline",
    "vm-needs-its-host",
    "site-lost",
    "connections",
    "service-recovery",
    "autostart",
    "storage-migration",
    "live-migration",
    "migration-failed",
}
"""Rules about machines, services and storage, in a cluster or not."""
OF_ITSELF = {"timeline", "live-migrate"}
"""Rules, and kinds of events, that may begin something: an administrator, and a cluster that balances itself."""


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of a file; `scenario` is the whole of it, with its timeline."""

    topic: str
    name: str
    source: tuple[str, ...]
    scenario: dict[str, Any]
    expect: dict[str, Any]


def cases() -> Iterator[Case]:
    """The cases of every file that does not say `pending: true`: those wait for what the model does not do yet."""
    for topic, file in files_of("outcomes").items():
        if file.get("pending") is True:
            continue
        for entry in file["cases"]:
            assert set(entry) == {"case", "source", "scenario", "timeline", "expect"}, f"{topic}: {entry}"
            base = entry["scenario"] if isinstance(entry["scenario"], dict) else file["scenarios"][entry["scenario"]]
            source = entry["source"]
            yield Case(
                topic,
                entry["case"],
                (source,) if isinstance(source, str) else tuple(source),
                {"title": entry["case"]} | base | {"timeline": entry["timeline"]},
                entry["expect"],
            )


CASES = tuple(cases())


def same(found: object, expected: object) -> bool:
    """Equal in kind and value; numbers within what four decimals can say."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return math.isclose(found, expected, abs_tol=CLOSE)
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    return found == expected


def watched(asked: set[str]) -> Rules:
    """The true rules, each of which notes its name when it is asked."""

    def watch(name: str, rule: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*arguments: Any) -> Any:
            asked.add(name)
            return rule(*arguments)

        return ask

    return Rules(**{field.name: watch(field.name, getattr(TRUTH, field.name)) for field in fields(Rules)})


def unexplained(outcome: Outcome) -> Iterator[Event]:
    """Events that do not say what brought them about, or of which cluster they tell."""
    for event in (e for branch in outcome.branches for e in branch.trace.events):
        caused = event.cause is not None and 0 < event.cause < event.seq
        of_itself = not OF_ITSELF.isdisjoint((event.rule, event.kind))
        placed = event.cluster is not None or event.rule in OF_NO_CLUSTER
        if not placed or not (caused or of_itself):
            yield event


@pytest.mark.parametrize("case", CASES, ids=[f"{case.topic}: {case.name}" for case in CASES])
def test_outcome(case: Case) -> None:
    scenario = scenario_of(case.scenario)
    asked: set[str] = set()
    outcome = simulate(scenario, rules=watched(asked))
    asked_by_the_run = frozenset(asked)
    wrong = []
    for written, expected in case.expect.items():
        claim = parse_claim(written)
        assert not list(check_claim(claim, scenario, {})), written
        found = as_json(evaluate(claim, outcome))
        texts = [text for text in (found if isinstance(found, list) else [found]) if isinstance(text, str)]
        equal = (parse_claim(f"{text!r} {'in' if isinstance(found, list) else '=='} {written}") for text in texts)
        assert not [each.text for each in equal if list(never_given(each, scenario))]
        assert not list(never_given(claim, scenario)), written
        if not same(found, expected):
            wrong.append(f"{written}: expected {expected}, found {found}")
    trace = "\n".join(f"{e.at_ms:>9} {e.kind} {e.subject}: {e.detail}" for e in outcome.trace.events)
    assert not wrong, "\n".join((*wrong, trace))
    assert not list(unexplained(outcome)), trace
    told = {rule for branch in outcome.branches for rule in branch.trace.consulted}
    assert asked_by_the_run <= told, "a belief about a rule is tried only where the run says that it was asked"
    begun = sum(event.rule == "timeline" and event.cause is None for event in outcome.trace.events)
    acts = [act for step in scenario.timeline for act in step.acts]
    assert begun == sum(max(1, len(act.subjects)) for act in acts), f"one event for each subject of an act\n{trace}"


def test_there_are_cases_for_every_topic() -> None:
    assert len(CASES) >= 90
    assert len({(case.topic, case.name) for case in CASES}) == len(CASES)
    assert all(case.expect for case in CASES)


def test_every_case_names_where_its_values_come_from() -> None:
    known = tomllib.loads((data_folder() / "sources.toml").read_text(encoding="utf-8"))
    assert not [f"{case.topic}: {case.name}: {s}" for case in CASES for s in case.source if s not in known]
