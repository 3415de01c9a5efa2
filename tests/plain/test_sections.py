"""Sections of an exam in lines: what holds is said before, there is no way back, and a kill does not change that."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from studyapp.plain import start
from studyapp.plain.talk import Talk
from tests.conduct.sectioned import EXAM, write_sections
from tests.plain.desk import Desk

BEGIN = ("2", "start")
TO_SERIES = (*BEGIN, "1", "", "1", "1", "")
"""The question outside sections and the two of the case study are answered, and the locked section has begun."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    write_sections(tmp_path / "small")
    made = Desk(tmp_path)
    with made.services:
        yield made


def sit(desk: Desk, *lines: str) -> str:
    return desk.type(lambda talk: start.exam(talk, desk.services, desk.pack, 1), *lines)


def in_order(said: str, *texts: str) -> None:
    """The texts are said one after another, wherever lines were broken."""
    flat, at = " ".join(said.split()), 0
    for text in texts:
        at = flat.find(" ".join(text.split()), at)
        assert at >= 0, f"{text!r} is not said, or not there:\n{said}"


def test_an_exam_with_both_kinds_of_section(desk: Desk) -> None:
    said = sit(
        desk, *BEGIN, "1", "back", "next", "", "case", "1", "1", "", "1", "flag", "list", "1", "hand in", "yes", "q"
    )
    in_order(
        said,
        "can be changed until you hand in, except in locked sections",
        "- Outside sections: 1 question.\n- The pair: 2 questions about one cluster.\n- In a row: 2 questions, locked.",
        "Question 1 of 5. Not answered.",
        "Section: The pair\n- Questions 2 and 3 stay together.",
        "The cluster of this section, before anything happens: Two hosts and a disk",
        "Enter to begin the section, or back: back\nYou are still at question 1.",
        "Section: The pair",
        "Question 2 of 5. Section The pair. Not answered.",
        ": case\n",
        "The cluster of this section, before anything happens: Two hosts and a disk",
        "Section: In a row\n",
        "- There is no way back in this section.",
        "Question 4 of 5. Section In a row, locked. Not answered.",
        "Question 5 of 5. Section In a row, locked. Not answered.",
        "- The pair: 2 of 2 answered.\n- In a row: 1 of 2 answered, locked.",
        "That was the last question.",
        "By section:\n- The pair: ",
        "- In a row: 2 of 2, 100%",
    )
    [record] = desk.services.store.sittings("small")
    assert record.result is not None


def test_there_is_no_way_back(desk: Desk) -> None:
    said = sit(desk, *TO_SERIES, "1", "go 4", "back", "", "go 1", "yes", "go 5", "next", "quit")
    in_order(
        said,
        "Question 5 of 5.",
        "Question 4 is closed: in a locked section there is no way back.",
        "Leave the section In a row?\n- Question 5 is not answered and will count as wrong.\n",
        "- You cannot come back to it.",
        "You are still at question 5.",
        "Type yes to go on, or enter to stay: yes",
        "Question 1 of 5. Answered: 1.",
        "Question 5 is closed",
        "Question 2 of 5. Section The pair. Answered: 1.",
    )
    assert said.count("Section: The pair") == 1, "it has been entered before"


def test_a_flagged_question_does_not_close_unasked(desk: Desk) -> None:
    said = sit(desk, *TO_SERIES, "flag", "1", "", "2", "yes", "back", "quit")
    in_order(
        said,
        "Saved: 1 for question 4.",
        "Go on from question 4?\n- It is flagged, and you will not be able to look at it again.",
        "You are still at question 4.",
        "Saved: 2 for question 4.",
        "Question 5 of 5.",
    )


def test_a_kill_inside_a_locked_section_opens_nothing(desk: Desk) -> None:
    sit(desk, *TO_SERIES, "1")
    said = sit(desk, "go 4", "list", "1", "hand in", "yes", "q")
    in_order(
        said,
        "You go on with the exam In sections",
        "Question 5 of 5. Section In a row, locked. Not answered.",
        "Question 4 is closed",
        "- In a row: 1 of 2 answered, locked.",
        "Handed in.",
    )
    assert "There is no way back in this section" not in said, "it has begun already"


def late(desk: Desk, *lines: str) -> str:
    """Type lines; where one says `late` the time runs out before an empty one is typed."""

    class Slow(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # as io.StringIO has it
            line = super().readline(size)
            if line != "late\n":
                return line
            desk.clock.now += timedelta(minutes=10)
            return "\n"

    sink = io.StringIO()
    start.exam(Talk(Slow("".join(f"{line}\n" for line in lines)), sink, 80), desk.services, desk.pack, 1)
    return sink.getvalue()


@pytest.mark.parametrize(
    "lines, answered",
    [
        ((*BEGIN, "1", "late"), 1),  # before the case study is begun
        ((*TO_SERIES, "1", "late"), 4),  # inside the locked section
        ((*TO_SERIES, "1", "back", "late"), 4),  # asked whether to leave it
    ],
)
def test_the_time_is_up_at_every_question_that_a_section_asks(
    desk: Desk, lines: tuple[str, ...], answered: int
) -> None:
    said = late(desk, *lines, "q")
    assert "The time is up" in said
    assert "In a row: " in said[said.index("By section:") :]
    assert len(desk.services.store.reviews("small")) == answered


def test_an_exam_that_begins_with_a_section(tmp_path: Path) -> None:
    exam = EXAM.replace("questions: 5", "questions: 4")
    write_sections(tmp_path / "small", exam)
    desk = Desk(tmp_path)
    with desk.services:
        said = sit(desk, *BEGIN, "", "quit")
        in_order(said, "Section: The pair", "Enter to begin the section: \n", "Question 1 of 4. Section The pair.")
        assert "Outside" not in said


def test_a_word_may_be_an_answer_where_there_is_no_case_study(desk: Desk) -> None:
    assert '"case" means nothing here' in sit(desk, *BEGIN, "case", "quit")
