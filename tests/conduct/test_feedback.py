"""What is said about an answer."""

from __future__ import annotations

import re

import pytest

from studyapp.conduct import Feedback, checkpoint
from studyapp.questions.response import Response
from tests.conduct.conftest import House
from tests.conduct.small import RIGHT


def feedback_on(house: House, question: str, response: Response, seed: int = 1) -> Feedback:
    """The feedback on an answer."""
    practice = checkpoint(house.services, house.pack, question, seed)
    return practice.answer(response, None, house.clock.on(seconds=9))


def by_index(feedback: Feedback) -> dict[int, str]:
    """The label of each option, by its place in the author's order."""
    return {option.index: option.label for option in feedback.options}


def test_a_right_answer(house: House) -> None:
    feedback = feedback_on(house, "hangs", frozenset({1}))
    assert (feedback.verdict_line, feedback.belief, feedback.lesson) == ("Right.", None, None)
    assert feedback.chosen == (f"{by_index(feedback)[1]}. Nothing: every member answers.",)


def test_a_wrong_answer_names_the_right_one_and_the_belief(house: House) -> None:
    feedback = feedback_on(house, "hangs", frozenset({0}))
    assert feedback.verdict_line == f"Wrong. The right answer is {by_index(feedback)[1]}."
    belief = house.services.facts.misconceptions["host-cluster-sees-guests"]
    assert feedback.belief == f"To answer like this you would have to believe that {belief.says}. {belief.truth}"
    assert feedback.lesson == belief.lesson
    first = next(option for option in feedback.options if option.index == 0)
    assert (first.chosen, first.holds, first.word, first.reason) == (
        True,
        False,
        "wrong",
        "It would have to notice first.",
    )
    assert first.belief == f"It would be right if {belief.says}."
    second = next(option for option in feedback.options if option.index == 1)
    assert (second.chosen, second.holds, second.word, second.belief) == (False, True, "right", None)


def test_options_are_in_the_order_shown(house: House) -> None:
    seen = set()
    for seed in range(12):
        practice = checkpoint(house.services, house.pack, "hangs", seed)
        assert practice.current is not None
        shown = [option.index for option in practice.current.options]
        feedback = practice.answer(RIGHT["hangs"], None, house.clock.on(seconds=9))
        assert [option.index for option in feedback.options] == shown
        assert [option.label for option in feedback.options] == ["1", "2", "3"]
        assert (feedback.seed, feedback.variant_number) == (seed, practice.current.number)
        seen.add(tuple(shown))
    assert len(seen) > 1


@pytest.mark.parametrize(
    "response, verdict",
    [
        ({0, 1}, "Right."),
        ({0}, "Partly right: 1 of 2. The right answers are {0} and {1}."),
        ({0, 1, 2}, "Partly right, with 1 too many. The right answers are {0} and {1}."),
        ({2}, "Wrong. The right answers are {0} and {1}."),
    ],
)
def test_several_right_answers(house: House, response: set[int], verdict: str) -> None:
    feedback = feedback_on(house, "lost", frozenset(response))
    first, second = sorted(by_index(feedback)[i] for i in (0, 1))
    assert feedback.verdict_line == verdict.format(first, second)


def test_the_replay_shows_what_happened_and_why_nothing_followed(house: House) -> None:
    feedback = feedback_on(house, "hangs", frozenset({1}))
    assert feedback.trace is not None
    assert [step.text[:2] for step in feedback.replay][-1] == "… "
    assert all(re.fullmatch(r"\d\d:\d\d(\.\d)?", step.time) for step in feedback.replay)
    assert not any(re.match(r"\d\d:\d\d", step.text) for step in feedback.replay)
    assert {step.seq for step in feedback.replay} <= {event.seq for event in feedback.trace.events}
    known = {event.seq: event.at_ms for event in feedback.trace.events}
    assert all(known[step.seq] == step.at_ms for step in feedback.replay)


def test_the_replay_is_in_order(house: House) -> None:
    feedback = feedback_on(house, "lost", frozenset({2}))
    assert len(feedback.replay) > 1
    assert [step.seq for step in feedback.replay] == sorted(step.seq for step in feedback.replay)
    assert feedback.trace is not None
    details = {event.seq: event.detail for event in feedback.trace.events}
    assert all(step.text.startswith(details[step.seq]) or step.text.startswith("… ") for step in feedback.replay)


def test_the_rules_have_their_sources(house: House) -> None:
    feedback = feedback_on(house, "lost", frozenset({2}))
    assert feedback.rules
    assert set(feedback.rules) <= set(house.services.facts.rules.values())
    assert len(set(feedback.rules)) == len(feedback.rules)


def test_a_question_without_a_scenario_has_no_replay(house: House) -> None:
    feedback = feedback_on(house, "sum", frozenset({1}))
    assert (feedback.replay, feedback.rules, feedback.trace, feedback.belief) == ((), (), None, None)
    assert feedback.why == "Nothing is added."
