"""Every key says what it does, wherever one looks for it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from textual.binding import Binding
from textual.command import Hit

from studyapp.tui.keymap import places
from studyapp.tui.palette import Commands
from studyapp.tui.screens.practice import PracticeScreen
from tests.plain.test_harmless import hostile
from tests.tui.room import Room, Visit


def all_bindings() -> list[Binding]:
    return [binding for _, bindings in places() for binding in bindings]


def test_every_key_has_an_id_a_word_and_a_line_of_help() -> None:
    for binding in all_bindings():
        assert binding.id, binding
        assert binding.description, binding.id
        assert binding.tooltip, binding.id
        assert "[" not in binding.tooltip, "the palette reads its lines of help as markup"


def test_ids_are_given_once() -> None:
    # A key that means the same in two places has one id in both.
    found = Counter(binding.id for binding in set(all_bindings()))
    assert not [name for name, times in found.items() if times > 1]


def test_no_key_needs_more_than_a_plain_terminal_sends() -> None:
    for binding in all_bindings():
        for name in binding.key.split(","):
            assert "alt+" not in name
            assert name not in ("shift+enter", "ctrl+enter", "shift+space")


def test_help_tells_every_key_and_those_of_the_screen_first(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("p", "enter", "question_mark")
        await visit.sees("Keys that work here")
        told = visit.flat
        for binding in all_bindings():
            assert " ".join(binding.tooltip.split()) in told, binding.id
        assert told.index("Lock the answer") < told.index("Start the clock")
        await visit.press("escape")
        assert isinstance(visit.app.screen, PracticeScreen)

    room.enter(hand, size=(120, 320))


def test_the_palette_finds_what_can_be_done_here(tmp_path: Path) -> None:
    room = Room(tmp_path)
    found: list[str] = []

    async def hand(visit: Visit) -> None:
        provider = Commands(visit.app.screen)
        async for hit in provider.search("second lesson"):
            assert isinstance(hit, Hit)
            found.append(str(hit.text))
        await visit.press("ctrl+p")
        await visit.press(*"second")
        await visit.sees("Lesson 2: The second lesson")
        await visit.press("enter")
        await visit.sees("Lesson 2 · The second lesson")

    room.enter(hand)
    assert found[0] == "Lesson 2: The second lesson"


def test_the_palette_marks_hostile_titles_without_obeying_them(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.pack = hostile(room.pack)

    async def hand(visit: Visit) -> None:
        provider = Commands(visit.app.screen)
        prompts = [str(hit.prompt) async for hit in provider.search("lesson") if isinstance(hit, Hit)]
        assert any("[/] [@click=app.quit]" in prompt for prompt in prompts)

    room.enter(hand)


def test_the_bar_shows_what_works_now_and_a_click_presses_it(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        bar = visit.text.split("\n")[-1]
        assert "p Practice" in bar
        assert bar.rstrip().endswith("? Help")
        await visit.pilot.click("#keys", offset=(bar.index("p Practice"), 0))
        await visit.sees("How many questions?", "esc Back")
        await visit.press("enter", "1", "enter")
        await visit.sees("1 Guess", "3 Sure", "esc Change")

    room.enter(hand)


def test_keys_can_be_given_to_other_actions(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        visit.app.set_keymap({"home.practice": "z"})
        await visit.press("z")
        await visit.sees("How many questions?")

    room.enter(hand)
