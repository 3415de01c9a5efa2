"""Packs that are installed, on the first screen and in the palette: each can be opened from any other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.packs.archives.archive import read_source
from studyapp.packs.archives.installed import POINTER
from studyapp.packs.archives.installing import install
from studyapp.tui.app import StudyApp
from studyapp.tui.desk import Desk
from studyapp.tui.palette import Commands
from studyapp.tui.screens.home import Home
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.rows import Rows
from tests.plain.desk import write_pack
from tests.tui.room import Hand, Room, Visit


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room with the small pack, and another that is installed."""
    found = Room(tmp_path)
    other = write_pack(tmp_path / "other")
    manifest = other / "pack.yaml"
    told = manifest.read_text(encoding="utf-8").replace("id: small", "id: other")
    manifest.write_text(told.replace("Small things", '"[b]Other[/] things"'), encoding="utf-8")
    (other / "exams").joinpath("first.yaml").unlink(missing_ok=True)
    install(read_source(other), found.services.paths.packs, tmp_path / "packs", lambda plan: True)
    yield found
    found.services.close()


def enter(room: Room, hand: Hand, wanted: str | None = "small", first: Wanted | None = None) -> None:
    """Start the program with a desk that reads packs itself."""
    app = StudyApp(Desk(room.services, wanted), first)
    app.animation_level = "none"

    async def run() -> None:
        async with app.run_test(size=(100, 40), notifications=True) as pilot:
            visit = Visit(room, app, pilot)
            await visit.until(lambda: app.loaded)
            await pilot.pause()
            await hand(visit)

    asyncio.run(run())


def test_another_pack_is_opened_and_the_first_again(room: Room) -> None:
    async def hand(visit: Visit) -> None:
        await visit.sees("Small things", "Other packs", "[b]Other[/] things")
        visit.app.screen.query_one(Rows).move_to("pack:other")
        await visit.press("enter")
        await visit.until(lambda: visit.app.loaded)
        await visit.sees("[b]Other[/] things", "Other packs", "Small things")
        assert visit.app.desk.pack is not None
        assert visit.app.desk.pack.id == "other"
        await visit.press("p", "enter")
        await visit.sees("1 of 2")
        await visit.press(*visit.right, "enter", "1")
        await visit.until(lambda: len(visit.room.store.reviews("other")) == 1)
        assert not visit.room.reviews, "what is learned in one pack is not learned in the other"
        await visit.press("escape", "escape")
        visit.app.post_message(Wanted("pack", "small"))
        await visit.until(lambda: visit.app.loaded and visit.app.desk.pack_id == "small")
        await visit.sees("Small things")

    enter(room, hand)


def test_an_installed_pack_is_opened_by_its_id(room: Room) -> None:
    async def hand(visit: Visit) -> None:
        await visit.sees("How many questions?")
        assert visit.app.desk.pack is not None
        assert visit.app.desk.pack.id == "other"

    enter(room, hand, "other", Wanted("practice"))


def test_the_palette_knows_the_packs(room: Room) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("1")
        await visit.sees("Here is a pair.")
        found = {each.name: each for each in Commands(visit.app.screen).commands()}
        found["Pack: [b]Other[/] things"].run()
        await visit.until(lambda: visit.app.loaded and visit.app.desk.pack_id == "other")
        await visit.sees("Other packs")
        assert isinstance(visit.app.screen, Home), "whatever was open is left"

    enter(room, hand)


def test_from_a_pack_that_cannot_be_opened_one_gets_to_another(room: Room) -> None:
    (room.services.paths.packs / "other" / POINTER).write_bytes(b"")

    async def hand(visit: Visit) -> None:
        await visit.sees("cannot be opened: its pointer is damaged", "studyapp pack remove other", "Other packs")
        visit.app.screen.query_one(Rows).move_to("pack:small")
        await visit.press("enter")
        await visit.until(lambda: visit.app.loaded)
        await visit.sees("Start here", "Small things")
        assert "damaged" not in visit.flat

    enter(room, hand, "other")


def test_one_pack_alone_has_no_others(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.sees("Small things")
        assert "Other packs" not in visit.flat

    enter(room, hand)
