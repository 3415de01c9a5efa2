"""Before an exam: what adds most comes first, and what is not worth doing any more is said."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.exam_plan import LEAST_GAIN, ExamPlan, first_answers, gain, plan_exam
from studyapp.study.schedule import Memory
from studyapp.study.weights import exam_weights
from tests.exams.bank import LEAVES, TOPICS, family
from tests.study.answers import NOON, answer, memories

BANK = [family(f"q{i}", LEAVES[i % 3]) for i in range(9)]
EVENLY = dict.fromkeys((each.id for each in BANK), 1 / 9)
DAY = 24 * 60
EXAM = date(2026, 3, 21)


def planned(
    found: dict[str, Memory], weights: dict[str, float] = EVENLY, minutes: int = 20, day: date = EXAM
) -> ExamPlan:
    return plan_exam(BANK, found, weights, day, minutes, NOON, UTC)


def test_what_an_exam_draws_is_shared_among_the_families() -> None:
    bank = [family("a", "nlb/sharing"), family("b", "nlb/failure"), family("c", "nlb"), family("d", "quorum/votes")]
    assert exam_weights(bank, TOPICS, [("nlb", 60), ("quorum", 40)]) == pytest.approx(
        {"a": 0.2, "b": 0.2, "c": 0.2, "d": 0.4}
    )
    assert exam_weights(bank, TOPICS, [("nlb/sharing", 50), ("nlb", 50)]) == pytest.approx(
        {"a": 0.5 + 0.5 / 3, "b": 0.5 / 3, "c": 0.5 / 3, "d": 0}
    )
    assert exam_weights(bank, TOPICS, []) == dict.fromkeys("abcd", 0.0)


def test_an_exam_of_an_objective_without_questions_is_shared_by_the_others_as_it_is() -> None:
    assert exam_weights([family("a", "nlb")], TOPICS, [("nlb", 60), ("quorum", 40)]) == {"a": 0.6}


def test_every_family_has_its_place() -> None:
    found = memories(*(answer(each.id, minute=i) for i, each in enumerate(BANK[:4])))
    plan = planned(found, {**EVENLY, "q8": 0.0}, minutes=1, day=EXAM - timedelta(days=18))
    assert (plan.days, plan.seconds) == (2, 45), "four answers of half a minute beside the guess of a whole one"
    assert plan.off == ("q8",)
    assert sorted((*plan.order, *plan.late, *plan.enough, *plan.off)) == sorted(EVENLY)
    assert (len(plan.order), len(plan.late)) == (2, 2), "two minutes have room for two"
    assert plan.enough == ("q0", "q1", "q2", "q3"), "they were answered this very hour"


def test_what_counts_more_comes_first() -> None:
    for heavy in ("q2", "q7"):
        assert planned({}, {**EVENLY, heavy: 0.5}).order[0] == heavy


def test_what_is_nearly_forgotten_is_worth_more_than_what_was_just_answered() -> None:
    known = memories(answer("q0", minute=-30 * DAY), answer("q1", minute=-30 * DAY), answer("q1", minute=-5))
    plan = planned(known)
    ranks = [*plan.order, *plan.late, *plan.enough]
    assert ranks.index("q0") < ranks.index("q1")


def test_what_is_known_well_enough_is_left_alone() -> None:
    days = (0, 5, 30, 120, 300)
    known = memories(*(answer("q0", minute=(day - 301) * DAY) for day in days))
    assert known["q0"].stability > 300
    assert planned(known, day=date(2026, 3, 3)).enough == ("q0",)


def test_on_the_day_of_the_exam_there_is_today() -> None:
    plan = planned({}, minutes=5, day=date(2026, 3, 1))
    assert (plan.days, len(plan.order)) == (1, 5)


def test_how_first_answers_went_tells_what_is_expected_of_new_questions() -> None:
    assert first_answers([]) == 0.5
    assert first_answers(memories(*(answer(f"q{i}", "wrong") for i in range(4))).values()) == 0.25
    assert first_answers(memories(answer("q", "wrong"), answer("q", "right", 9)).values()) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.sampled_from(["right", "wrong"]), st.integers(0, 60)), max_size=6), st.integers(0, 90))
def test_asking_helps_or_hardly_matters(rated: list[tuple[str, int]], days: int) -> None:
    """On the day itself an answer can only show what is not known; later it is remembered better."""
    minute, made = 0, []
    for verdict, gap in rated:
        minute += gap * DAY + 1
        made.append(answer("q", verdict, minute - 200 * DAY))
    memory = memories(*made).get("q")
    better = gain(memory, NOON + timedelta(days=200), NOON + timedelta(days=200 + days))
    assert -1 <= better <= 1
    if days >= 1 and memory is not None and (NOON + timedelta(days=200) - memory.last_at).days >= 7:
        assert better > -LEAST_GAIN
