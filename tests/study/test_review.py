"""What cannot be read back with its meaning is refused when it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from studyapp.exams.clock import NaiveTime
from studyapp.questions import question
from studyapp.study.review import CERTAINTIES, LessonPlace
from tests.study.answers import NOON, answer

NAIVE = datetime(2026, 3, 1, 12)  # noqa: DTZ001  # this is what must be refused


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        replace(answer("q"), shown_at=NAIVE)
    with pytest.raises(NaiveTime):
        replace(answer("q"), answered_at=NAIVE)
    with pytest.raises(NaiveTime):
        LessonPlace("p", "l", 0, False, NAIVE)


def test_words_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="perhaps is no verdict"):
        replace(answer("q"), verdict="perhaps")
    with pytest.raises(ValueError, match="certainly is no certainty"):
        replace(answer("q"), certainty="certainly")
    with pytest.raises(ValueError, match="counted from 0"):
        LessonPlace("p", "l", -1, False, NOON)


def test_the_certainties_are_those_of_the_questions() -> None:
    assert CERTAINTIES == question.CERTAINTIES
