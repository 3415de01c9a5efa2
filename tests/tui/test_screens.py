"""Every screen at every size, without colours, in both themes, and full of text that would like to be obeyed."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.color import Color

from studyapp.tui.screens.base import Cover
from studyapp.tui.screens.home import Home
from studyapp.tui.themes import THEMES
from studyapp.tui.widgets.options import Options
from tests.plain.test_harmless import hostile
from tests.tui.room import Room, Visit

SIZES = [(60, 16), (80, 24), (140, 45)]
HIDDEN = set("\u202e\u2066\u200b\ufeff")


async def every_screen(visit: Visit) -> AsyncIterator[str]:
    """Go through all screens, and say where one is."""
    yield "home"
    await visit.press("question_mark")
    yield "help"
    await visit.press("escape", "ctrl+p")
    yield "commands"
    for letter in "small":
        await visit.press(letter)
    yield "commands found"
    await visit.press("escape")
    await visit.press("1")
    yield "lesson"
    await visit.press("tab", "x")
    yield "menu of a diagram"
    await visit.press("escape", "c")
    yield "contents"
    await visit.press("escape", "end")
    yield "end of the lesson"
    while not isinstance(visit.app.screen, Home):
        await visit.press("escape")
    await visit.press("p")
    yield "practice"
    await visit.press("enter", "h")
    yield "question"
    await visit.press("1", "enter")
    yield "how sure"
    await visit.press("2")
    yield "feedback"
    await visit.press("pagedown", "comma")
    yield "replay"
    await visit.press("n", "1", "enter", "2", "n")
    yield "end of practice"
    await visit.press("escape", "e")
    yield "rules"
    await visit.press("enter", "1", "f")
    yield "exam"
    await visit.press("g")
    yield "all questions"
    await visit.press("escape", "r")
    yield "review"
    await visit.press("H")
    yield "confirmation"
    await visit.press("y")
    yield "result"
    await visit.press("enter")
    yield "looking back"
    await visit.press("escape", "escape")


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_says_something_and_fits(tmp_path: Path, size: tuple[int, int]) -> None:
    room = Room(tmp_path)
    seen: dict[str, str] = {}

    async def hand(visit: Visit) -> None:
        async for where in every_screen(visit):
            seen[where] = visit.text
            lines = visit.text.split("\n")
            assert len(lines) <= size[1], where
        assert isinstance(visit.app.screen, Home)

    room.enter(hand, size=size)
    told = {
        "home": "The first lesson",
        "help": "Keys that work here",
        "lesson": "Here is a pair.",
        "question": "Choose",
        "how sure": "How sure are you?",
        "rules": "10 min",
        "exam": "Question 1 of 2",
        "all questions": "flagged",
        "review": "Hand in",
        "confirmation": "Hand in now?",
        "result": "of 1000",
        "looking back": "looking back",
    }
    for where, text in told.items():
        assert text in seen[where], f"{where}:\n{seen[where]}"


@pytest.mark.parametrize("size", SIZES[1:])
def test_hostile_text_is_shown_and_never_obeyed(tmp_path: Path, size: tuple[int, int]) -> None:
    room = Room(tmp_path)
    room.pack = hostile(room.pack)
    seen: dict[str, str] = {}

    async def hand(visit: Visit) -> None:
        async for where in every_screen(visit):
            seen[where] = visit.text
            bad = [c for c in visit.text if unicodedata.category(c) == "Cc" and c != "\n"]
            assert not bad, f"{where}: {bad}"
            assert not HIDDEN & set(visit.text), where
            # A click on a word of the pack does no more than a click.
            await visit.pilot.hover(offset=(10, 5))
        assert visit.app.is_running

    room.enter(hand, size=size)
    for where in ("home", "lesson", "question", "feedback", "rules", "result"):
        assert "[/]" in seen[where] or "␛[2J" in seen[where], f"{where}:\n{seen[where]}"


def test_a_window_that_is_too_small_says_so_and_nothing_is_lost(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("p", "enter", "1")
        before = visit.text
        chosen = visit.app.screen.query_one(Options).response
        await visit.pilot.resize_terminal(40, 10)
        await visit.until(lambda: bool(visit.app.screen.query(Cover)))
        await visit.pilot.pause()
        assert visit.text.strip() == "The window must be 60×16 (now 40×10)."
        await visit.press("2", "enter", "2", "escape", "q", "question_mark")
        await visit.pilot.resize_terminal(80, 24)
        await visit.until(lambda: not visit.app.screen.query(Cover))
        await visit.pilot.pause()
        assert visit.app.screen.query_one(Options).response == chosen
        assert visit.text == before

    room.enter(hand)
    assert not room.reviews


def test_a_program_started_too_small_can_be_used_once_it_is_larger(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        assert "The window must be 60×16" in visit.text
        await visit.pilot.resize_terminal(80, 24)
        await visit.sees("Start here")
        await visit.press("enter")
        await visit.sees("Here is a pair.")

    room.enter(hand, size=(40, 10))


def test_without_colours_everything_is_there_in_words_and_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        assert visit.app.no_color
        assert visit.app.theme == THEMES["dark"].name
        assert "❯ Lesson 1" in visit.text, "the cursor is a mark"
        await visit.press("p", "enter")
        assert "❯ 1" in visit.text
        await visit.press("1")
        assert "[x]" in visit.text or "(●)" in visit.text
        await visit.press("enter", "2")
        assert "right" in visit.text
        assert "✔" in visit.text or "✖" in visit.text or "◐" in visit.text

    room.enter(hand)


def test_every_theme_can_be_had_and_words_stand_out(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        for theme in (*THEMES.values(), THEMES["dark"]):
            assert visit.app.theme == theme.name
            await visit.press("ctrl+t")

    room.enter(hand)
    for name, theme in THEMES.items():
        grounds = [theme.background, theme.surface, theme.panel, theme.variables["chosen"]]
        words = [theme.foreground]
        marks = [theme.primary, theme.secondary, theme.accent, theme.success, theme.warning, theme.error]
        quiet = [theme.variables["quiet"], theme.variables["code"]]
        for ground in grounds:
            for word, least in [
                *((w, 7.0) for w in words),
                *((w, 7.0 if name == "high-contrast" else 4.5) for w in (*marks, *quiet)),
            ]:
                assert word is not None
                assert ground is not None
                ratio = contrast(word, ground)
                assert ratio >= least, f"{theme.name}: {word} on {ground} is {ratio:.1f}"


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours, as the web's rules for accessibility define it."""

    def light(colour: str) -> float:
        parts = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in Color.parse(colour).normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
