"""The reasoning behind an answer as steps, and what can be asked about the next of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.pack import load_pack
from studyapp.questions.grading import judge
from studyapp.questions.question import Variant
from studyapp.questions.runs import simulated
from studyapp.questions.steps import ENDED, EVENT, GIVEN, SILENCE, Step, evidence_of, steps_of, to_ask
from studyapp.questions.variants import make_variant
from tests.conduct.small import write_pack


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "packs" / "small")


def variant_of(pack: Path, question: str) -> Variant:
    loaded, problems = load_pack(pack)
    assert loaded is not None, problems
    return make_variant(loaded.question(question), 0)


def steps(variant: Variant) -> tuple[Step, ...]:
    evidence = evidence_of(variant, judge(variant), simulated)
    assert evidence is not None
    return tuple(steps_of(evidence))


def test_a_fault_is_given_and_what_follows_is_to_be_reasoned_out(pack: Path) -> None:
    """host1 crashes, and after five silent seconds the others remove it: the documented default of the heartbeat."""
    found = steps(variant_of(pack, "lost"))
    assert [(step.time, step.kind) for step in found][:2] == [("00:00", GIVEN), ("00:05", EVENT)]


def test_that_nothing_follows_is_a_step(pack: Path) -> None:
    found = steps(variant_of(pack, "hangs"))
    assert [step.kind for step in found][:2] == [GIVEN, SILENCE]
    assert found[1].line.startswith("00:00 Nothing follows: ")


def test_what_comes_next_is_asked_beside_what_people_believe(pack: Path) -> None:
    """Somebody who thinks one missed heartbeat is enough expects the removal after a second."""
    variant = variant_of(pack, "lost")
    found = steps(variant)
    (removal, *_) = to_ask(variant, judge(variant), found)
    assert removal.right == found[removal.after]
    assert removal.right.time == "00:05"
    believed = {name: line for line, names in removal.others.items() for name in names}
    assert any(line.startswith("00:01 ") for line in believed.values()), believed
    assert removal.others[ENDED] == ()
    assert removal.right.line not in removal.others


def test_no_other_step_is_true(pack: Path) -> None:
    for name in ("lost", "hangs"):
        variant = variant_of(pack, name)
        assert variant.scenario is not None
        events = simulated(variant.scenario).trace.events
        happened = {f"{step.time} {step.text}" for step in steps(variant)} | {event.detail for event in events}
        for each in to_ask(variant, judge(variant), steps(variant)):
            assert not happened.intersection(line.partition(" ")[2] for line in each.others if line[3:6] != ":00")
            assert not happened.intersection(each.others)


def test_where_the_author_decides_there_are_no_steps(pack: Path) -> None:
    variant = variant_of(pack, "sum")
    assert evidence_of(variant, judge(variant), simulated) is None


def test_nothing_that_is_offered_comes_before_what_has_been_told(pack: Path) -> None:
    variant = variant_of(pack, "lost")
    found = steps(variant)
    for each in to_ask(variant, judge(variant), found):
        wrong = [line for line in each.others if line != ENDED]
        assert wrong
        assert all(line[:5] >= found[each.after - 1].time for line in wrong)
