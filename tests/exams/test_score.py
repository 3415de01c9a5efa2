"""Scores: the scale at its corners, no penalty, nothing for what was left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.form import Form, FormItem
from studyapp.exams.score import Report, report, scaled_score
from studyapp.exams.sitting import Answer, Expire, HandIn, apply, begin
from studyapp.questions.grading import Grade
from tests.exams.bank import MINUTE, NOON, sitting


def grade(points: float = 1.0, out_of: float = 1.0) -> Grade:
    """A grade of that many points."""
    verdict = "right" if points == out_of else "partly" if points else "wrong"
    return Grade(points, out_of, verdict, (), None, None, None)


def scored(*grades: Grade | None, answered: int | None = None, objectives: str = "") -> Report:
    """A sitting handed in after five minutes, its first questions answered, with these grades (None: withdrawn)."""
    names = objectives or "n" * len(grades)
    items = tuple(FormItem(f"q{i}", i, name) for i, name in enumerate(names))
    state = begin("s", "p", Form("first", 1, items, 700, 0.7), 20, NOON)
    for item in range(len(grades) if answered is None else answered):
        state, _ = apply(state, Answer(item, frozenset({0})), NOON + MINUTE)
    state, _ = apply(state, HandIn(), NOON + 5 * MINUTE)
    return report(state, {i: each for i, each in enumerate(grades) if each is not None})


@pytest.mark.parametrize(
    "points, out_of, pass_share, pass_mark, scaled",
    [
        (0, 20, 0.7, 700, 1),
        (1, 20, 0.7, 700, 50),
        (7, 20, 0.7, 700, 350),
        (13, 20, 0.7, 700, 650),
        (13.999, 20, 0.7, 700, 699),
        (14, 20, 0.7, 700, 700),
        (15, 20, 0.7, 700, 750),
        (19, 20, 0.7, 700, 950),
        (19.999, 20, 0.7, 700, 999),
        (20, 20, 0.7, 700, 1000),
        (6, 10, 0.6, 700, 700),
        (3, 10, 0.6, 700, 350),
        (8, 10, 0.6, 700, 850),
        (0.7, 1, 0.7, 700, 700),
        (2.1, 3, 0.7, 700, 700),
        (1 / 3 + 1 / 3, 1, 2 / 3, 700, 700),
        (5, 10, 0.5, 500, 500),
        (0, 0, 0.7, 700, 1),
        (1, 1, 1.0, 700, 1000),
    ],
)
def test_the_scale(points: float, out_of: float, pass_share: float, pass_mark: int, scaled: int) -> None:
    assert scaled_score(points, out_of, pass_share, pass_mark) == scaled


@given(st.integers(1, 100), st.integers(1, 99), st.integers(2, 999), st.data())
def test_more_points_never_score_less_and_the_pass_mark_is_earned(
    out_of: int, hundredths: int, mark: int, data: st.DataObject
) -> None:
    share = hundredths / 100
    fewer, more = sorted(data.draw(st.tuples(st.integers(0, out_of), st.integers(0, out_of))))
    low, high = scaled_score(fewer, out_of, share, mark), scaled_score(more, out_of, share, mark)
    assert 1 <= low <= high <= 1000
    assert (high >= mark) == (more * 100 >= hundredths * out_of)


def test_a_wrong_answer_costs_nothing_and_an_unanswered_question_earns_nothing() -> None:
    answered = scored(grade(), grade(0), grade(), grade(0))
    left_out = scored(grade(), grade(0), grade(), grade(0), answered=1)
    assert (answered.points, answered.out_of) == (2, 4)
    assert (left_out.points, left_out.out_of) == (1, 4), "an unanswered question is wrong, whatever its grade"
    assert left_out.unanswered == (1, 2, 3)
    assert (left_out.right, left_out.wrong) == ((0,), ())


def test_a_withdrawn_question_counts_for_nothing() -> None:
    result = scored(grade(), None, grade(0.5))
    assert (result.points, result.out_of, result.withdrawn) == (1.5, 2, (1,))
    assert (result.right, result.partly) == ((0,), (2,))


def test_passing_is_by_the_scaled_score() -> None:
    assert scored(*[grade()] * 7, *[grade(0)] * 3).passed
    assert not scored(*[grade()] * 6, *[grade(0)] * 4).passed
    assert scored(*[grade()] * 7, *[grade(0)] * 3).scaled == 700


def test_points_by_objective() -> None:
    result = scored(grade(), grade(0), grade(), grade(0.5), None, objectives="abaac")
    assert list(result.by_objective) == [("a", 2.5, 3), ("b", 0, 1), ("c", 0, 0)]
    assert result.share == 2.5 / 4


def test_an_exam_of_which_nothing_is_left_is_not_passed() -> None:
    result = scored(None)
    assert (result.scaled, result.passed, result.share) == (1, False, 0)


def test_the_time() -> None:
    state = sitting(2, minutes=20, extra=1.5)
    state, _ = apply(state, Answer(1, frozenset({0})), NOON + 2 * MINUTE)
    state, _ = apply(state, Expire(), NOON + 31 * MINUTE)
    result = report(state, {0: grade(), 1: grade()})
    assert (result.time_used, result.time_allowed) == (30 * MINUTE, 30 * MINUTE)
    assert result.time_by_item == (timedelta(0), 30 * MINUTE)
    assert (result.extra, result.expired) == (1.5, True)


def test_a_running_sitting_has_no_score() -> None:
    with pytest.raises(ValueError, match="running"):
        report(sitting(), {})
