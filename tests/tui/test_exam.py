"""Exams on the full screen: rules first, everything kept at once, nothing judged before the end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from studyapp.tui.screens.result import ResultScreen
from studyapp.tui.screens.sitting import SittingScreen
from studyapp.tui.widgets.options import Options
from tests.tui.room import Room, Visit


async def start(visit: Visit) -> None:
    """Read the rules and start the clock."""
    await visit.press("e")
    await visit.sees("2 questions · 10 min · you pass with 700 of 1000", "the clock has not started")
    assert visit.room.store.load_open_sitting("small") is None
    await visit.press("enter")
    await visit.sees("Question 1 of 2", "10:00 left")


async def over(visit: Visit) -> None:
    await visit.until(lambda: isinstance(visit.app.screen, ResultScreen))
    await visit.pilot.pause()


def test_every_answer_is_kept_at_once_and_judged_at_the_end(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await start(visit)
        for number in range(2):
            await visit.press(*visit.right)
            sitting = room.store.load_open_sitting("small")
            assert sitting is not None
            assert len(sitting.answers) == number + 1
            assert "Right" not in visit.text
            await visit.press("enter")
        await visit.sees("Review before handing in", "Every question is answered and none is flagged.")
        await visit.press("enter")
        await visit.sees("Hand in now?")
        await visit.press("enter")
        assert isinstance(visit.app.screen, SittingScreen), "the cursor is on the answer that does no harm"
        await visit.press("r", "H", "y")
        await over(visit)
        await visit.sees("✔ Passed 1000 of 1000", "Hosts and silence", "2 of 2 points")
        await visit.press("enter")
        await visit.sees("Question 1 of 2", "✔ Right.")
        await visit.press("n")
        await visit.sees("Question 2 of 2")
        await visit.press("escape", "escape")
        await visit.sees("best 1000 of 1000")

    room.enter(hand)
    assert [review.sitting_id is not None for review in room.reviews] == [True, True]
    assert room.store.load_open_sitting("small") is None


def test_after_a_kill_everything_is_there_and_the_clock_has_run_on(tmp_path: Path) -> None:
    room = Room(tmp_path)
    asked: list[str] = []

    async def before(visit: Visit) -> None:
        await start(visit)
        asked.append(visit.question.id)
        await visit.press("1", "f", "n")

    async def after(visit: Visit) -> None:
        await visit.sees("Exam · A short exam", "open, 6:00 left")
        await visit.press("enter")
        await visit.sees("Question 2 of 2", "1 answered", "6:00 left")
        await visit.press("b")
        await visit.sees("Question 1 of 2", "flagged")
        assert visit.question.id == asked[0]
        assert visit.app.screen.query_one(Options).response == frozenset({0})

    room.enter(before)
    room.clock.on(minutes=4)
    room.killed()
    room.enter(after)


def test_at_zero_the_exam_hands_itself_in_over_whatever_is_open(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await start(visit)
        await visit.press(*visit.right, "g")
        await visit.sees("All questions")
        room.clock.on(minutes=10)
        await over(visit)
        await visit.sees("1 of 2 points", "handed in by itself")
        assert len(visit.app.screen_stack) == 2

    room.enter(hand)
    [review] = room.reviews
    assert review.verdict == "right"


def test_an_answer_after_the_end_is_not_taken(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await start(visit)
        visit.app.screen.query_one(Options)
        room.clock.on(minutes=10)
        await visit.press("1")
        await over(visit)

    room.enter(hand)
    assert not room.reviews


def test_an_exam_that_ended_while_nobody_looked_shows_its_result(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def before(visit: Visit) -> None:
        await start(visit)
        await visit.press("1")

    async def after(visit: Visit) -> None:
        await visit.sees("its time is up: see the result")
        await visit.press("enter")
        await over(visit)

    room.enter(before)
    room.clock.on(days=1)
    room.killed()
    room.enter(after)


def test_flags_the_palette_and_the_time(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await start(visit)
        await visit.press("f")
        await visit.sees("flagged")
        await visit.press("t")
        assert "left" not in visit.text.splitlines()[0]
        await visit.press("t", "g")
        await visit.sees("0 of 2 answered, 2 not, 1 flag")
        await visit.press("down", "enter")
        await visit.sees("Question 2 of 2")
        await visit.press("left", "f")
        await visit.sees("Question 1 of 2")
        assert "⚑" not in visit.text
        room.clock.on(minutes=5)
        await visit.sees("5 min left.")
        await visit.press("escape")
        await visit.sees("open, 5:00 left")

    room.enter(hand)


def test_extra_time_is_agreed_on_before(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("e", "x", "x")
        await visit.sees("15 min", "×1.5")
        await visit.press("enter")
        await visit.sees("15:00 left")

    room.enter(hand)
    sitting = room.store.load_open_sitting("small")
    assert sitting is not None
    assert sitting.ends - sitting.started == timedelta(minutes=15)


def test_what_cannot_be_saved_stays_and_is_saved_later(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await start(visit)
        room.store.failures = 1
        await visit.press("1")
        await visit.sees("The disk is full.", "kept here", "not saved")
        assert visit.app.screen.query_one(Options).response == frozenset({0})
        await visit.press("r", "escape")
        sitting = room.store.load_open_sitting("small")
        assert sitting is not None
        assert len(sitting.answers) == 1
        assert "not saved" not in visit.text

    room.enter(hand)


def test_leaving_saves_what_could_not_be_saved_before(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await start(visit)
        room.store.failures = 2
        await visit.press("1", "escape")
        await visit.sees("would be lost")
        assert isinstance(visit.app.screen, SittingScreen)
        await visit.press("escape")
        await visit.sees("Continue")

    room.enter(hand)
    sitting = room.store.load_open_sitting("small")
    assert sitting is not None
    assert len(sitting.answers) == 1


def test_while_an_exam_runs_the_palette_leads_nowhere_else(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await start(visit)
        await visit.press("ctrl+p")
        await visit.press(*"lesson")
        await visit.pilot.pause()
        assert "Lesson 1" not in visit.text
        assert "The first lesson" not in visit.text

    room.enter(hand)


def test_an_exam_that_cannot_be_started_says_so_and_has_not_begun(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("e")
        room.store.failures = 1
        await visit.press("enter")
        await visit.sees("The disk is full.")
        await visit.press("enter")
        await visit.sees("Question 1 of 2")

    room.enter(hand)
