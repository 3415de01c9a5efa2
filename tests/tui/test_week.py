"""A week of study with one clock, on the full screen and line by line: both leave the same behind, row by row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from studyapp.plain.start import practice
from studyapp.plain.talk import Talk
from studyapp.study.agenda import Goal
from tests.tui.room import Clock, Room, Visit

# When a session begins, what is chosen in it, and how sure one is: 1 guess, 2 think so, 3 sure.
WEEK: list[tuple[str, str, str]] = [
    ("2026-03-02 18:00", "1", "3"),
    ("2026-03-02 23:59:30", "2", "2"),  # goes on past midnight
    ("2026-03-04 03:59:30", "1", "1"),  # goes on past the end of the day
    ("2026-03-04 04:30", "1", "3"),
    ("2026-03-03 12:00", "2", "3"),  # the clock was set back a day
    ("2026-03-06 18:00", "1", "2"),
    ("2026-03-08 18:00", "1", "3"),
]
THINKING, LOOKING = 40, 5
"""Seconds over a question, and over its feedback."""
QUESTIONS = 2


def begin(clock: Clock, at: str) -> None:
    clock.time = datetime.fromisoformat(f"{at}+00:00")


class Typing(io.StringIO):
    """Somebody who types the answers of a session, and takes their time."""

    def __init__(self, clock: Clock, option: str, sure: str) -> None:
        super().__init__()
        self.lines = self._typed(clock, option, sure)

    def _typed(self, clock: Clock, option: str, sure: str) -> Iterator[str]:
        for _ in range(QUESTIONS):
            yield f"{option}\n"
            clock.on(seconds=THINKING)
            yield f"{sure}\n"
            clock.on(seconds=LOOKING)
            yield "\n"

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # the stub of its base says bytes
        """The next line; nothing when all has been said."""
        return next(self.lines, "")


def line_by_line(room: Room) -> None:
    for at, option, sure in WEEK:
        begin(room.clock, at)
        practice(Talk(Typing(room.clock, option, sure), io.StringIO()), room.services, room.pack, 10, 3)


def full_screen(room: Room) -> None:
    for at, option, sure in WEEK:
        begin(room.clock, at)

        async def hand(visit: Visit, option: str = option, sure: str = sure) -> None:
            await visit.press("p")
            await visit.sees("How many questions?")
            await visit.press("enter")
            for number in range(1, QUESTIONS + 1):
                await visit.until(lambda number=number: f"{number} of {QUESTIONS}" in visit.text)  # type: ignore[misc]  # bound now
                before = len(room.reviews)
                await visit.press(option, "enter")
                room.clock.on(seconds=THINKING)
                await visit.press(sure)
                await visit.until(lambda before=before: len(room.reviews) == before + 1)  # type: ignore[misc]  # bound now
                room.clock.on(seconds=LOOKING)
                await visit.press("enter")

        room.enter(hand)


def test_a_week_of_study_leaves_the_same_behind_on_both_faces(tmp_path: Path) -> None:
    left = []
    for name, study in (("plain", line_by_line), ("screen", full_screen)):
        room = Room(tmp_path / name)
        room.store.set_goal(Goal("small", (room.clock() + timedelta(days=6)).date(), 20, room.clock()))
        study(room)
        assert len(room.reviews) == len(WEEK) * QUESTIONS
        assert room.store.differences() == ()
        memories = sorted(room.store.memories("small").items())
        left.append([*room.store.export_history(), *map(str, memories)])
        room.services.close()
    for plain, screen in zip(*left, strict=True):
        assert plain == screen
