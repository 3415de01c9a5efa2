"""What can be set, by hand and in the file; and keys of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.store.settings import Settings, load_settings
from studyapp.tui.keymap import clashes, misfit, places, sound
from studyapp.tui.screens.settings import SettingsScreen
from studyapp.tui.themes import THEMES
from studyapp.tui.widgets.rows import Rows
from tests.tui.room import Room, Visit


def on_disk(room: Room) -> Settings:
    """What the file says now."""
    found, troubles = load_settings(room.services.paths.settings)
    assert not troubles
    return found


async def at(visit: Visit, row: str) -> None:
    """Open the settings and go to a row."""
    await visit.press("f9")
    await visit.until(lambda: isinstance(visit.app.screen, SettingsScreen))
    rows = visit.app.screen.query_one(Rows)
    rows.move_to(next(each.id for each in rows.rows if each.id and each.id.startswith(row)))
    await visit.pilot.pause()


def test_a_theme_holds_at_once_and_the_next_time(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await at(visit, "theme")
        await visit.press("right", "right")
        await visit.sees("‹ high contrast ›")
        assert visit.app.theme == THEMES["high-contrast"].name
        await visit.press("left", "right", "escape")

    async def again(visit: Visit) -> None:
        assert visit.app.theme == THEMES["high-contrast"].name
        await at(visit, "theme")
        await visit.press("backspace")
        assert visit.app.theme == THEMES["dark"].name

    room.enter(hand)
    assert on_disk(room).theme == "high-contrast"
    room.enter(again)
    assert on_disk(room) == Settings()


def test_nothing_moves_where_nothing_shall(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        visit.app.moving = "full"
        await at(visit, "animation")
        await visit.press("enter")
        await visit.sees("‹ off ›")
        levels = [visit.app.animation_level]
        await visit.press("enter")
        levels.append(visit.app.animation_level)
        assert levels == ["none", "full"]

    room.enter(hand)


def test_a_key_is_given_to_another_action(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await at(visit, "key:home.practice")
        await visit.press("enter")
        await visit.sees("A key for: Practice")
        await visit.press("l")
        await visit.sees('l is taken: "Lessons" uses it in the same place.')
        await visit.press("7")
        await visit.sees("7 is needed for what it does, and cannot be given away.")
        await visit.press("z")
        await visit.sees("z yours")
        await visit.press("escape")
        assert "z Practice" in visit.text.split("\n")[-1]
        await visit.press("p")
        assert "How many questions?" not in visit.text
        await visit.press("z")
        await visit.sees("How many questions?")
        await visit.press("question_mark")
        await visit.sees("Keys that work here")
        assert "z Answer some questions" in visit.flat

    room.enter(hand, size=(130, 170))
    assert on_disk(room).keys == {"home.practice": "z"}

    async def back(visit: Visit) -> None:
        await at(visit, "key:home.practice")
        await visit.press("backspace", "escape", "p")
        await visit.sees("How many questions?")

    room.enter(back)
    assert not on_disk(room).keys


def test_the_programs_own_keys_can_be_had_by_their_own_actions() -> None:
    for _, bindings in places():
        for binding in bindings:
            for key in binding.key.split(","):
                assert binding.id is not None
                assert not clashes(binding.id, key, {}), binding


def test_a_key_from_the_start_is_not_given_back_while_another_action_has_it() -> None:
    assert "taken" in clashes("home.practice", "p", {"home.practice": "z", "home.exam": "p"})
    assert not clashes("home.practice", "p", {"home.practice": "z"})


@pytest.mark.parametrize(
    "action, key, why",
    [
        ("app.quit", "x", "keeps its keys"),
        ("home.practice", "escape", "needed"),
        ("home.practice", "alt+p", "no key that every terminal sends"),
        ("home.practice", "shift+enter", "no key that every terminal sends"),
        ("home.practice", "e", 'taken: "Exam"'),
        ("app.theme", "v", 'taken: "Variant"'),
        ("feedback.variant", "w", 'taken: "What if"'),
        ("home.nothing", "z", "no action"),
        ("home.practice", "f12", ""),
        ("home.practice", "ctrl+e", ""),
        ("feedback.variant", "e", ""),
    ],
)
def test_what_may_be_given_to_what(action: str, key: str, why: str) -> None:
    told = misfit(action, key, {})
    assert why in told
    assert bool(told) is bool(why)


def test_two_actions_of_a_file_never_get_one_key() -> None:
    taken, troubles = sound({"home.practice": "z", "home.exam": "z", "home.lessons": "ctrl+z"})
    assert taken == {"home.practice": "z", "home.lessons": "ctrl+z"}
    assert len(troubles) == 1
    assert "home.exam" in troubles[0]


@pytest.mark.parametrize(
    "text, told",
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ("[" * 50_000, "cannot be read"),
        ('"' + "x" * 70_000 + '"', "cannot be read"),
        ("\x00\xff", "cannot be read"),
        ('{"theme": "pink"}', '"theme" takes one of dark, light, high-contrast.'),
        ('{"theme": ["dark"]}', '"theme" takes'),
        ('{"animation": 1}', '"animation" takes true or false.'),
        ('{"keys": {"home.practice": 5}}', '"keys" takes'),
        ('{"colour": "red"}', 'there is no setting "colour".'),
        ('{"keys": {"home.practice": "escape"}}', "is left out"),
        ('{"keys": {"\\u001b[2J[/x]": "z"}}', "is left out"),
    ],
)
def test_a_file_that_means_nothing_is_told_and_kept(tmp_path: Path, text: str, told: str) -> None:
    room = Room(tmp_path)
    path = room.services.paths.settings
    path.write_bytes(text.encode("latin-1"))

    async def hand(visit: Visit) -> None:
        await visit.sees(" ".join(told.split()))
        await visit.press("ctrl+t")

    room.enter(hand, size=(110, 60))
    assert json.loads(path.read_text())["theme"] == "light"
    assert path.with_name("settings.json.old").read_bytes() == text.encode("latin-1")


def test_settings_that_cannot_be_saved_hold_until_one_leaves(tmp_path: Path) -> None:
    room = Room(tmp_path)
    (tmp_path / "data" / "settings.json.new").mkdir()

    async def hand(visit: Visit) -> None:
        await visit.press("ctrl+t")
        assert visit.app.theme == THEMES["light"].name
        await visit.sees("cannot be saved")

    room.enter(hand, size=(100, 40))
