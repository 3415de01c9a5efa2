"""The first screen: what it offers, at once and whatever there is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from studyapp.packs.pack import Pack
from studyapp.tui.app import StudyApp
from studyapp.tui.desk import Desk
from studyapp.tui.screens.home import Home
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.rows import Rows
from tests.tui.room import Room, Visit


def test_enter_starts_the_most_useful_thing(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def first(visit: Visit) -> None:
        await visit.sees("Start here", "Lesson 1 · The first lesson", "about 5 minutes")
        await visit.press("enter")
        await visit.sees("Lesson 1 · The first lesson", "Here is a pair.")
        await visit.press("escape")
        await visit.sees("Continue", "Lesson 1 · The first lesson")

    async def all_read(visit: Visit) -> None:
        for _ in room.pack.lessons:
            await visit.press("enter")
            await visit.press("end")
            await visit.press("escape")
        await visit.sees("all lessons are read", "read")
        await visit.press("enter")
        await visit.sees("How many questions?")

    room.enter(first)
    room.enter(all_read, size=(100, 40))


@pytest.mark.parametrize("size", [(140, 45), (200, 60)])
def test_a_broad_window_has_figures_beside_the_list(tmp_path: Path, size: tuple[int, int]) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.sees("What there is to learn", "0 of 1 question answered")
        await visit.press("p", "enter", "1", "enter", "2", "escape")
        await visit.sees(
            "Readiness", "Too few answers to foretell an exam: 1", "1 of 1 question answered", "What comes due"
        )
        assert visit.flat.count("Too few answers to foretell an exam: 1") == 1
        await visit.pilot.resize_terminal(80, 24)
        await visit.until(lambda: "What comes due" not in visit.text)
        assert "Too few answers to foretell an exam: 1" in visit.flat
        await visit.pilot.resize_terminal(*size)
        await visit.sees("What comes due")

    room.enter(hand, size=size)


def test_a_window_that_becomes_broad_gets_figures(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.sees("Practise: ")
        await visit.pilot.resize_terminal(140, 24)
        await visit.sees("What there is to learn")

    room.enter(hand)


def test_numbers_and_letters_open_what_they_say(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("2")
        await visit.sees("Lesson 2 · The second lesson")
        await visit.press("escape", "l")
        assert visit.app.screen.query_one(Rows).current == "lesson:first"
        await visit.press("up", "up", "enter")
        await visit.sees("How many questions?")
        await visit.press("escape", "escape", "escape")
        assert isinstance(visit.app.screen, Home), "nothing is behind the first screen"

    room.enter(hand)


@pytest.mark.parametrize(
    "without,said",
    [
        ("lessons", "This pack has no lessons. Practice is below."),
        ("blueprints", "This pack has no exam."),
    ],
)
def test_what_a_pack_does_not_have_is_said(tmp_path: Path, without: str, said: str) -> None:
    room = Room(tmp_path)
    room.pack = _without(room.pack, without)

    async def hand(visit: Visit) -> None:
        await visit.sees(said)
        await visit.press("e" if without == "blueprints" else "enter")

    room.enter(hand)


def _without(pack: Pack, what: str) -> Pack:
    return replace(pack, **{what: ()})  # type: ignore[arg-type]  # every one of them is a tuple


def test_a_pack_without_questions_has_nothing_to_practise(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.pack = _without(room.pack, "questions")

    async def hand(visit: Visit) -> None:
        await visit.press("p")
        await visit.sees("no questions to practise with")
        await visit.press("enter")
        await visit.sees("Start here")

    room.enter(hand)


def test_a_pack_that_cannot_be_read_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    room = Room(tmp_path)
    folder = tmp_path / "packs" / "small"
    (folder / "pack.yaml").write_text("format: 1\nid: small\n", encoding="utf-8")
    app = StudyApp(Desk(room.services, "small"))

    async def run() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            visit = Visit(room, app, pilot)
            await visit.sees("cannot be used", "pack.yaml:", "studyapp pack check", "The lessons cannot be read.")
            await visit.press("p", "e")
            assert isinstance(app.screen, Home)
            await visit.press("enter")
            await visit.sees("It cannot be opened", "esc Back")

    asyncio.run(run())


def test_a_store_that_cannot_be_opened_is_said_and_the_lessons_can_be_read(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.services.close()
    room.services.paths.database.write_text("not a database, and long enough to look like one" * 30, encoding="utf-8")
    app = StudyApp(Desk(room.services, "small"))

    async def run() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            visit = Visit(room, app, pilot)
            await visit.sees("is damaged", "1 The first lesson")
            await visit.press("enter")
            await visit.sees("Here is a pair.", "place not saved")

    asyncio.run(run())


def test_what_is_pressed_before_the_pack_is_read_happens_afterwards(tmp_path: Path) -> None:
    room = Room(tmp_path)
    app = StudyApp(Desk(room.services, "small"))

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            visit = Visit(room, app, pilot)
            app.loaded = False
            await pilot.press("enter")
            await visit.sees("Here is a pair.")

    asyncio.run(run())


@pytest.mark.parametrize(
    "wanted,said",
    [
        (Wanted("first"), "Here is a pair."),
        (Wanted("lesson", "second"), "Lesson 2 · The second lesson"),
        (Wanted("practice"), "How many questions?"),
        (Wanted("practice", "1"), "1 of 1"),
        (Wanted("exam"), "the clock has not started"),
    ],
)
def test_a_command_opens_its_screen_over_the_first(tmp_path: Path, wanted: Wanted, said: str) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.sees(said)
        await visit.press("escape")
        assert isinstance(visit.app.screen, Home)

    room.enter(hand, wanted=wanted)
