"""Where one stands, and what for, on the full screen."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from studyapp.plain.start import practice
from studyapp.plain.talk import Talk
from studyapp.study.agenda import Goal
from studyapp.tui.screens.settings import wrong_day, wrong_minutes
from studyapp.tui.widgets.rows import Rows
from tests.study.answers import answer
from tests.tui.room import NOON, Room, Visit


def test_the_figures_are_shown_before_and_after_anything_was_answered(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("s")
        await visit.sees("Altogether", "Nothing has been answered yet.", "Too few answers")
        await visit.press("escape", "p", "enter")
        for _ in range(2):
            await visit.press(*visit.right, "enter", "enter", "enter")
        await visit.press("escape", "s")
        await visit.sees("2 answers, 100% right", "2 of 2 questions met")
        await visit.press("end")
        await visit.sees("Time, week by week", "2 answers, 100% right")

    room.enter(hand)


def test_the_first_screen_says_what_is_due_and_when_the_exam_is(tmp_path: Path) -> None:
    room = Room(tmp_path)
    made = answer("crash", "right", pack="small")
    room.store.record_review(replace(made, shown_at=NOON - timedelta(days=9), answered_at=NOON - timedelta(days=9)))
    room.store.set_goal(Goal("small", date(2026, 3, 15), 30, NOON))

    async def hand(visit: Visit) -> None:
        await visit.sees("exam 15 Mar · in 14 days", "1 due today · 1 of 2 answered")
        await visit.press("p")
        await visit.sees("The exam is in 14 days.", "How many questions?")

    room.enter(hand)


def test_the_first_screen_says_how_long_it_takes_why_it_comes_first_and_whether_one_would_pass(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def before(visit: Visit) -> None:
        await visit.sees(
            "0 of 20 min", "Practise: 2 new questions, about 2 min", "Too few answers to foretell an exam: 0, on 0%"
        )

    room.enter(before)
    for number in range(20):
        for question in ("crash", "votes"):
            at = NOON - timedelta(days=30, minutes=-number)
            made = replace(answer(question, "right", pack="small"), id=f"{question}-{number}")
            room.store.record_review(replace(made, shown_at=at, answered_at=at))

    async def after(visit: Visit) -> None:
        await visit.sees("Practise: 2 reviews", "First what you would soon forget", "exam score today", "% to")
        await visit.sees("chance to pass it", "1 The first lesson")
        await visit.press("p")
        await visit.sees("Today: 2 reviews, about 1 min.", "How many questions?", "1 A round of 2 questions")
        assert "about 2 min" not in visit.flat, "as long as this person takes"

    async def narrow(visit: Visit) -> None:
        await visit.sees("Practise: 2 reviews", "First what you would soon forget.", "exam score today")

    room.enter(after)
    room.enter(narrow, size=(60, 16))


def test_what_is_not_worth_doing_any_more_is_said_on_both_faces(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.store.set_goal(Goal("small", date(2026, 3, 2), 1, NOON))
    said = "1 question is not worth starting, because the time left is too short for it."

    async def hand(visit: Visit) -> None:
        await visit.press("p")
        await visit.sees("The exam is tomorrow.", said)

    room.enter(hand)
    lines = io.StringIO()
    practice(Talk(io.StringIO("quit\n"), lines), room.services, room.pack, 1, 3)
    assert said in " ".join(lines.getvalue().split())


def test_the_day_of_the_exam_and_the_minutes_are_set(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("f9")
        rows = visit.app.screen.query_one(Rows)
        rows.move_to("exam-day")
        await visit.press("enter")
        await visit.sees("When is your exam?")
        await visit.press(*"2026-13-01", "enter")
        await visit.sees("Type a day as 2026-12-14, or none.")
        await visit.press("ctrl+u", *"2026-03-02", "enter")
        await visit.sees("‹ 2026-03-02 ›")
        rows.move_to("minutes")
        await visit.press("enter")
        await visit.sees("How many minutes")
        await visit.press(*"45", "enter")
        await visit.sees("‹ 45 ›")
        await visit.press("escape")
        await visit.sees("exam 2 Mar · tomorrow")

    room.enter(hand)
    goal = room.store.goal("small")
    assert goal is not None
    assert (goal.exam_day, goal.minutes) == (date(2026, 3, 2), 45)


@pytest.mark.parametrize(
    "typed, good",
    [
        ("none", True),
        ("2026-12-14", True),
        ("2026-02-29", False),
        ("20261214", False),
        ("2026-W01-1", False),
        ("", False),
    ],
)
def test_what_is_a_day(typed: str, good: bool) -> None:
    assert (wrong_day(typed) == "") is good


@pytest.mark.parametrize(
    "typed, good",
    [("1", True), ("1440", True), ("0", False), ("1441", False), ("", False), ("²", False), ("9" * 5000, False)],
)
def test_what_are_minutes(typed: str, good: bool) -> None:
    assert (wrong_minutes(typed) == "") is good
