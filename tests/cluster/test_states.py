"""How states are told and what menus offer in them, as people read it: see `tests/golden/states/`.

The sentences were written from what each state is and how `describe` and `deeds` promise to say it.
"""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.cluster.bench import Bench
from studyapp.cluster.deeds import Deed
from studyapp.cluster.describe import Component, components, describe, describe_component
from tests.cluster.written import files_of, scenario_of

KEYS = {"case", "scenario", "timeline", "at", "after", "says", "never", "tells", "faults", "repairs"}


def cases() -> list[dict[str, Any]]:
    found = []
    for file in files_of("states").values():
        for entry in file["cases"]:
            assert set(entry) <= KEYS, entry
            known = entry["scenario"]
            base = known if isinstance(known, dict) else file["scenarios"][known]
            found.append(entry | {"scenario": {"title": entry["case"]} | base | {"timeline": entry["timeline"]}})
    return found


CASES = cases()


def looked_at(case: dict[str, Any]) -> Bench:
    """The scenario at the second that the case is about."""
    bench = Bench.of(scenario_of(case["scenario"]))
    if "at" in case:
        return bench.seek_time(case["at"] * 1000)
    events = [f"{event.kind} {event.subject}" for event in bench.trace.events]
    return bench.seek(events.index(case["after"]) + 1 if "after" in case else len(events))


def labels(deeds: tuple[Deed, ...]) -> list[str]:
    return [deed.label for deed in deeds]


def component(words: str) -> Component:
    kind, name = words.split()
    return Component(kind, name)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_state_is_told_and_offers_what_may_be_done(case: dict[str, Any]) -> None:
    bench = looked_at(case)
    told = describe(bench.scenario, bench.state)
    assert set(case.get("says", ())) <= set(told), "\n".join(told)
    assert not set(case.get("never", ())) & set(told)
    for words, sentence in case.get("tells", {}).items():
        assert describe_component(bench.scenario, bench.state, component(words)) == sentence
    for words, expected in case.get("faults", {}).items():
        assert labels(bench.faults_for(component(words))) == expected, words
    for words, expected in case.get("repairs", {}).items():
        assert labels(bench.repairs_for(component(words))) == expected, words


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_whatever_is_offered_can_be_done(case: dict[str, Any]) -> None:
    """A deed happens, is told, and is not refused."""
    bench = looked_at(case)
    for thing in components(bench.scenario):
        for deed in (*bench.faults_for(thing), *bench.repairs_for(thing)):
            done = bench.with_act(deed.act)
            assert done.event is not None
            assert done.event.kind == deed.act.verb, deed.label
