"""A diagram in sentences: what may be typed does what the picture's keys do."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

import pytest

from studyapp.cluster.scenario import Scenario
from studyapp.packs.facts import load_facts
from studyapp.packs.scenarios import load_scenario
from studyapp.plain.diagram import Workbench
from studyapp.plain.talk import Leave, Talk
from tests.plain.desk import PACK

HANG = "timeline: [{hang: vm1}]\n"
CRASH = "timeline: [{crash: host1}]\n"


def pair(timeline: str = "") -> Scenario:
    return load_scenario(PACK["scenarios/pair.yaml"] + timeline)


def alone(timeline: str = "") -> Scenario:
    return load_scenario(PACK["scenarios/alone.yaml"] + timeline)


@pytest.fixture
def typed() -> Callable[..., str]:
    """What is said when lines are typed at a diagram."""

    def say(*lines: str, scenarios: tuple[Scenario, ...] = ()) -> str:
        sink = io.StringIO()
        talk = Talk(io.StringIO("".join(f"{line}\n" for line in lines)), sink, 80)
        bench = Workbench(talk, scenarios or (pair(),), load_facts().rules)
        bench.begin()
        begun = len(sink.getvalue())
        with suppress(Leave):
            bench.run()
        return sink.getvalue() if not lines else sink.getvalue()[begun:]

    return say


Typed = Callable[..., str]


def test_it_begins_with_what_there_is(typed: Typed) -> None:
    said = typed()
    assert "- host1 is up and runs vm1 (highly available).\n- host2 is up.\n" in said
    assert "There is the network lan." in said
    assert "Type break to break something" in said


def test_what_is_prepared_is_told_before_it_happens(typed: Typed) -> None:
    said = typed(scenarios=(pair(CRASH),))
    assert "What is about to happen:\n- 00:00 host1 loses its power" in said
    assert "takes it for failed" not in said


def test_breaking_by_menu_asks_for_what_is_missing(typed: Typed) -> None:
    said = typed("break", "host1", "9", "crash")
    assert "1. host host1\n2. host host2\n3. VM vm1\n" in said
    assert "1. Crash: host1 loses its power" in said
    assert "9 is not possible here." in said
    assert "00:00 host1 loses its power." in said
    assert "What follows? Type step for the next event, play for all." in said


@pytest.mark.parametrize(
    "line", ["break host1 crash", "break host1 1", "crash host1", "x host1 crash", "BREAK Host1 Crash"]
)
def test_breaking_in_one_line(typed: Typed, line: str) -> None:
    assert "00:00 host1 loses its power." in typed(line)


@pytest.mark.parametrize("line", ["play", "space", " "])
def test_playing_tells_all_that_follows_and_what_it_changed(typed: Typed, line: str) -> None:
    said = typed(line, scenarios=(pair(CRASH),))
    assert said.index("host1 loses its power") < said.index("vm1 is online on host2") < said.index("Changed since")
    assert "- host1 is down." in said


def test_stepping_to_and_fro(typed: Typed) -> None:
    said = typed("back", "step", "step", ",", ".", "back", "back", scenarios=(pair(CRASH),))
    assert "This is the beginning: nothing has happened yet." in said
    assert "Back at: 00:00 host1 loses its power" in said
    assert "Back at: nothing has happened yet" in said


def test_why_tells_the_chain_and_the_rule(typed: Typed) -> None:
    said = typed("why", "play", "w", scenarios=(pair(CRASH),))
    assert "Nothing has happened yet. Type step first." in said
    assert "1. 00:00 host1 loses its power\n2. " in said
    assert "Rule: " in said
    assert "Source: " in said


def test_sources_are_told_in_full_after_why_has_named_them_briefly(typed: Typed) -> None:
    before, _, after = typed("sources", "play", "w", "sources", scenarios=(pair(CRASH),)).rpartition("sources\n")
    assert "No rule has been named yet. Type why first." in before
    assert "://" not in before
    assert "MicrosoftDocs/" not in before
    assert "://" in after


def test_why_nothing_follows(typed: Typed) -> None:
    said = " ".join(typed("play", "why", scenarios=(pair(HANG),)).split())
    assert said.count("the heartbeat of the guest vm1 is not monitored, so hv does nothing.") == 2
    assert "Nothing more happens." in said


def test_repair_undo_and_over(typed: Typed) -> None:
    said = typed("crash host1", "play", "repair host1", "play", "undo", "undo", "undo", "over", "repair")
    assert "host1 starts." in said
    assert said.count("Taken back.") == 2
    assert "You have done nothing that could be taken back." in said
    assert "Started over: nothing has happened yet." in said
    assert "There is nothing to repair now." in said


def test_what_means_nothing_is_said(typed: Typed) -> None:
    said = typed("dance", "break moon", "", "repair moon", "another")
    assert '"dance" means nothing here.' in said
    assert "There is no moon to break now." in said
    assert said.count("means nothing here") == 2


def test_a_comparison_does_the_same_to_both_and_tells_the_difference(typed: Typed) -> None:
    said = typed("play", "look", scenarios=(pair(CRASH), alone(CRASH)))
    assert "A and B: 00:00 host1 loses its power." in said
    assert "A: 01:05 vm1 is online on host2." in said
    assert (
        "- A: Clients of app (a service on vm1) get an answer.\n  B: Clients of app (a service on vm1) get no answer."
        in said
    )
    assert "Only in A: the host host2, the cluster hv" in said


def test_breaking_what_only_one_of_two_has(typed: Typed) -> None:
    said = typed("crash host2", "play", scenarios=(pair(), alone()))
    assert "A: 00:00 host2 loses its power." in said
    assert "B has no host host2." in said
