"""The search on the full screen."""

from __future__ import annotations

from pathlib import Path

from studyapp.conduct import checkpoint
from studyapp.conduct.searching import search_index
from studyapp.tui.screens.lesson import LessonScreen
from studyapp.tui.screens.practice import PracticeScreen
from studyapp.tui.wanted import Wanted
from tests.plain.test_harmless import hostile
from tests.tui.room import Room, Visit


def test_it_finds_as_one_types_and_opens_what_is_marked(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("slash")
        await visit.sees("Type some words, or their beginnings.")
        await visit.press(*"left one")
        await visit.sees("1 place", "The first lesson · Compared", "The left one comes back.")
        await visit.press("enter")
        await visit.sees("Lesson 1 · The first lesson", "2 of 3")
        assert isinstance(visit.app.screen, LessonScreen)
        await visit.press("escape")
        await visit.press("ctrl+u", *"nowhere to be found")
        await visit.sees("Nothing found.")
        await visit.press("ctrl+u", *"alone", "enter")
        await visit.sees("One host alone", "free play")

    room.enter(hand)


def test_a_question_is_found_once_it_has_been_met(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("slash", *"what becomes of")
        await visit.sees("Nothing found.")
        await visit.press("escape", "p", "enter")
        for _ in range(2):
            await visit.press(*visit.right, "enter", "enter", "enter")
        await visit.press("escape")
        await visit.press("slash", *"what becomes of")
        await visit.sees("Hosts and silence", "loses its power")
        await visit.press("enter")
        await visit.until(lambda: isinstance(visit.app.screen, PracticeScreen) and visit.question.id == "crash")

    room.enter(hand)


def test_a_question_that_has_been_met_is_found_by_its_tags(tmp_path: Path) -> None:
    room = Room(tmp_path)
    path = room.folder / "packs" / "small" / "questions" / "crash.md"
    path.write_text(path.read_text().replace("objective: hosts", "objective: hosts\ntags: [Restarts]"))
    pack = room.services.open_pack("small")
    assert not search_index(pack, room.store).find("restarts")
    practice = checkpoint(room.services, pack, "crash", 1)
    practice.answer(frozenset({0}), "sure", room.clock())
    [found] = search_index(pack, room.store).find("restarts")
    assert found.entry.key == "question:crash"


def test_in_a_lesson_that_lesson_comes_first(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.sees("Lesson 2 · The second lesson")
        await visit.press("s", *"lesson")
        await visit.sees("places")
        assert visit.flat.index("The second lesson lesson") < visit.flat.index("The first lesson")

    room.enter(hand, wanted=Wanted("lesson", "second"))


def test_hostile_texts_are_shown_as_they_are(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.pack = hostile(room.pack)

    async def hand(visit: Visit) -> None:
        await visit.press("slash", *"app quit")
        await visit.sees("[@click=app.quit]")

    room.enter(hand, size=(140, 45))
