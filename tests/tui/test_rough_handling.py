"""What nobody does on purpose: keys held down, a book pasted, a window made tiny, a pack that vanishes meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input, TextArea

from studyapp.study.marks import LONGEST_NOTE
from studyapp.tui import keys
from studyapp.tui.screens.base import Cover
from studyapp.tui.screens.home import Home
from studyapp.tui.shell import MOST_PASTED
from tests.tui.room import Room, Visit
from tests.tui.tour import MAIN, SCREENS, back_home, go, tour, tour_room

LEAVING = frozenset({"ctrl+q", "ctrl+c", "q"})
"""Keys that end the program."""
MOST_SCREENS = 6
HELD = 60
"""Two seconds of a key that is held down."""
MEGABYTE = 1_000_000
PASTED = (
    *(
        "home",
        "commands",
        "a day to type",
        "a new key",
        "search",
        "a path to type",
        "what goes wrong",
        "lesson",
        "note",
    ),
    *("question crash", "question number", "question text", "how sure", "report", "exam", "review"),
)
"""Screens with fields of every kind, and some without."""
PASTED_SOON = ("search", "a path to type", "lesson", "note", "question number", "exam")
VANISHED_SOON = (
    *("home", "commands found", "free play", "lesson", "end of the lesson"),
    *("question crash", "statistics", "exam", "result"),
)


def key_event(name: str) -> events.Key:
    """A key as the terminal sends it."""
    shown = keys.shown(name)
    return events.Key(name, " " if name == "space" else shown if len(shown) == 1 and shown.isprintable() else None)


def keys_here(visit: Visit) -> list[str]:
    """Every key that does something on the screen, and some that do nothing."""
    return sorted({*visit.app.screen.active_bindings, "1", "9", "z", "enter", "escape"} - LEAVING)


async def hold(visit: Visit, name: str, times: int) -> None:
    """Send a key again and again without waiting for what it does."""
    for _ in range(times):
        visit.app.post_message(key_event(name))
    await visit.pilot.pause()


async def hold_every_key(visit: Visit, where: str, times: int) -> None:
    """Hold each key of a screen, coming back to it each time; nothing is answered twice by that."""
    await go(visit, where)
    for name in keys_here(visit):
        answers = len(visit.room.reviews)
        await hold(visit, name, times)
        assert len(visit.app.screen_stack) <= MOST_SCREENS, f"{where}: {name}"
        assert len(visit.room.reviews) - answers <= 1, f"{where}: {name} answers again and again"
        await go(visit, where)


@pytest.mark.nightly
@pytest.mark.parametrize("where", SCREENS)
def test_every_key_may_be_held_down_on_every_screen(tmp_path: Path, where: str) -> None:
    async def hand(visit: Visit) -> None:
        await hold_every_key(visit, where, HELD)

    tour_room(tmp_path).enter(hand)


def test_what_lies_over_a_screen_is_put_away_once(tmp_path: Path) -> None:
    """Enter and escape held down answer a question once, and take nothing away that lies below."""

    async def hand(visit: Visit) -> None:
        for where in ("what goes wrong", "a day to type", "exam", "all questions", "confirmation"):
            for name in ("enter", "escape"):
                await go(visit, where)
                await hold(visit, name, 30)
                assert len(visit.app.screen_stack) <= MOST_SCREENS, f"{where}: {name}"
        await back_home(visit)

    tour_room(tmp_path).enter(hand)


@pytest.mark.parametrize("places", [PASTED_SOON, pytest.param(PASTED, marks=pytest.mark.nightly)])
def test_a_megabyte_may_be_pasted_anywhere(tmp_path: Path, places: tuple[str, ...]) -> None:
    """Fields take as much as they may hold; where nothing is typed, nothing happens."""

    async def hand(visit: Visit) -> None:
        async for where in tour(visit, places):
            before = visit.text
            for text in ("x" * MEGABYTE, "y\n" * (MEGABYTE // 2)):
                visit.app.post_message(events.Paste(text))
                await visit.pilot.pause()
            for field in visit.app.screen.query(Input):
                assert len(field.value) <= (field.max_length or 2 * MOST_PASTED), where
            for area in visit.app.screen.query(TextArea):
                assert len(area.text) <= LONGEST_NOTE, where
            if not visit.app.screen.query("Input, TextArea"):
                assert visit.text == before, where

    tour_room(tmp_path).enter(hand)


async def at_rest(visit: Visit) -> str:
    """What can be seen once nothing changes any more: the palette goes on searching for a while."""
    await visit.pilot.pause()
    before = ""
    while visit.text != before:
        before = visit.text
        await visit.pilot.pause(0.3 if isinstance(visit.app.screen, CommandPalette) else 0)
    return before


@pytest.mark.parametrize("places", [VANISHED_SOON, pytest.param(MAIN, marks=pytest.mark.nightly)])
def test_a_window_may_vanish_and_come_back_on_any_screen(tmp_path: Path, places: tuple[str, ...]) -> None:
    async def hand(visit: Visit) -> None:
        async for where in tour(visit, places):
            before = await at_rest(visit)
            await visit.pilot.resize_terminal(1, 1)
            await visit.pilot.pause()
            await visit.pilot.resize_terminal(80, 24)
            await visit.until(lambda: not visit.app.screen.query(Cover))
            after = await at_rest(visit)
            assert after == before, f"{where}:\n{before}\n---\n{after}"

    tour_room(tmp_path).enter(hand)


MEANWHILE = ("lesson", "how sure", "exam", "packs")
AFTERWARDS = ("lesson", "practice", "found", "a cluster", "packs", "statistics", "rules")


@pytest.mark.parametrize(
    "where", [*MEANWHILE[:2], *(pytest.param(each, marks=pytest.mark.nightly) for each in MEANWHILE[2:])]
)
def test_a_pack_that_vanishes_meanwhile_can_be_studied_on(tmp_path: Path, where: str) -> None:
    """What has been opened is kept whole: nothing of it is read from its folder again."""
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        visit.app.desk.pack = room.services.open_pack("small")
        await go(visit, where)
        shutil.rmtree(room.folder / "packs" / "small")
        await visit.press("1", "enter", "2", "n", "down", "enter", "tab", "x")
        async for place in tour(visit, AFTERWARDS):
            assert not isinstance(visit.app.screen, Home), place
            if place == "packs":
                await visit.sees("There are no packs here any more.")
        await back_home(visit)

    room.enter(hand)
