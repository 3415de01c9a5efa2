"""Every key says what it does, wherever one looks for it."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.command import Hit
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

import studyapp.tui
from studyapp.tui.keymap import FIXED, places
from studyapp.tui.keys import is_typed, shown
from studyapp.tui.palette import MOVES, Commands
from studyapp.tui.screens.practice import PracticeScreen
from studyapp.tui.shell import Shell
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


def classes() -> Iterator[type[DOMNode]]:
    """Every screen, widget and program of the full screen."""
    for module in pkgutil.walk_packages(studyapp.tui.__path__, "studyapp.tui."):
        for found in vars(importlib.import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, DOMNode) and found.__module__ == module.name:
                yield found


def ours(cls: type) -> list[type]:
    """A class and what it inherits of the full screen."""
    return [each for each in cls.__mro__ if each.__module__.startswith("studyapp.tui")]


def bindings_of(cls: type) -> list[Binding]:
    """What a class binds, itself or by what it inherits."""
    given = [binding for each in ours(cls) for binding in vars(each).get("BINDINGS", ())]
    return list(Binding.make_bindings(given))


def test_everything_that_can_be_done_has_a_key() -> None:
    done = {(each, name[7:]) for cls in classes() for each in ours(cls) for name in vars(each) if name[:7] == "action_"}
    bound = {(cls, binding.action.partition("(")[0]) for cls in classes() for binding in bindings_of(cls)}
    assert len(done) > 50
    for where, name in done:
        assert any(issubclass(cls, where) and name == action for cls, action in bound), f"{where.__name__}: {name}"


def test_every_key_does_something_and_is_told_under_help_and_in_the_settings() -> None:
    told = {binding.id for binding in all_bindings()}
    used = set()
    for cls in classes():
        for binding in bindings_of(cls):
            name = binding.action.partition("(")[0]
            assert hasattr(cls, f"action_{name}") or hasattr(Shell, f"action_{name}"), f"{cls.__name__}: {name}"
            assert binding.id in told, f"{cls.__name__}: {binding.action}"
            used.add(binding.id)
    assert told == used


def test_who_changes_keys_always_finds_the_way_back() -> None:
    back = {binding.id for binding in all_bindings() if "escape" in binding.key.split(",")}
    assert back <= FIXED


def keys_are_told(screen: Screen[object], where: str) -> None:
    """Whatever a key does on a screen is found by its name there, and help tells it. A dialog tells its few keys
    itself.
    """
    if isinstance(screen, ModalScreen):
        return
    active = screen.active_bindings
    assert {"ctrl+p", "f1", "f9", "ctrl+t"} <= set(active), where
    found = {command.name.rpartition(" (")[0] for command in Commands(screen).commands()}
    told = {binding.id for binding in all_bindings()}
    for each in active.values():
        if each.binding.id and each.enabled and each.binding.id not in MOVES:
            assert each.binding.description in found, f"{where}: {each.binding.id}"
            assert each.binding.id in told, f"{where}: {each.binding.id}"


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
        hit = await anext(aiter(provider.search("theme")))
        assert isinstance(hit, Hit)
        assert str(hit.text).startswith("Colours")
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
        before = visit.text.split("\n")[-1]
        visit.app.set_keymap({"home.practice": "z"})
        await visit.until(lambda: visit.text.split("\n")[-1] == before.replace("p Practice", "z Practice"))
        await visit.press("z")
        await visit.sees("How many questions?")

    room.enter(hand)


@pytest.mark.parametrize(
    "language, key, name",
    [("en_GB.UTF-8", "down", "↓"), ("C", "down", "down"), ("C", "shift+left", "shift+left"), ("C", "v", "v")],
)
def test_without_unicode_arrows_are_words(monkeypatch: pytest.MonkeyPatch, language: str, key: str, name: str) -> None:
    for variable in ("LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", language)
    assert shown(key) == name
    assert is_typed("left")
    assert not is_typed("down")
