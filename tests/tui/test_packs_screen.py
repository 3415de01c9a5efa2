"""The screen of packs: what there is, and everything that can be done with a pack, by keys alone."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from studyapp.conduct.exam import ExamConductor
from studyapp.packs import jobs
from studyapp.packs.apart import Line
from studyapp.packs.archives.archive import read_source
from studyapp.packs.archives.installing import install
from studyapp.tui.app import StudyApp
from studyapp.tui.desk import Desk
from studyapp.tui.palette import Commands
from studyapp.tui.screens.home import Home
from studyapp.tui.screens.packs import PacksScreen
from studyapp.tui.screens.preview import PreviewScreen
from studyapp.tui.widgets.rows import Rows
from tests.packs.archives.cupboard import tree
from tests.packs.archives.hostile import HOSTILE
from tests.plain.desk import write_pack
from tests.tui.room import Room, Visit

NASTY = "[b]Bad[/] [@click=app.quit]a[/] $x[0]"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room whose small pack comes with the program, and another is installed."""
    found = Room(tmp_path)
    put(found, other(tmp_path / "other"))
    yield found
    found.services.close()


def other(folder: Path, **changed: str) -> Path:
    """Another pack: the small one with some of its manifest changed."""
    write_pack(folder)
    told = {"id": "other", "title": f"'{NASTY}'", "version": "1.0.0", "authors": "[somebody]", **changed}
    lines = [
        f"{key}: {told[key]}" if (key := line.partition(":")[0]) in told else line
        for line in (folder / "pack.yaml").read_text(encoding="utf-8").split("\n")
    ]
    (folder / "pack.yaml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def put(room: Room, folder: Path) -> None:
    """Install a pack."""
    install(read_source(folder), room.services.paths.packs, room.folder / "packs", lambda plan: True)


class Packs(Visit):
    """Looks longer: what is done begins a process of its own."""

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        for _ in range(1_500):
            if holds():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"it never came to hold; the screen says:\n{self.text}")

    async def on(self, pack: str) -> None:
        """Put the cursor on a pack."""
        rows = self.app.screen.query_one(Rows)
        await self.until(lambda: pack in [row.id for row in rows.rows])
        rows.move_to(pack)
        await self.pilot.pause()

    async def install(self, path: Path) -> None:
        """Paste a path to install from."""
        await self.press("i")
        await self.sees("Install a pack", "checked in full")
        self.app.screen.query_one(Input).value = f" {path} "
        await self.press("enter")


def enter(room: Room, hand: Callable[[Packs], Awaitable[None]], size: tuple[int, int] = (100, 50)) -> None:
    """Go to the packs and let a hand use the screen."""
    app = StudyApp(Desk(room.services, "small"))
    app.animation_level = "none"

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            visit = Packs(room, app, pilot)
            await visit.until(lambda: app.loaded)
            await visit.press("k")
            await visit.until(lambda: isinstance(app.screen, PacksScreen) and bool(app.screen.packs))
            await pilot.pause()
            await hand(visit)

    asyncio.run(run())


# -- what there is -----------------------------------------------------------------------------------------------------


def test_every_pack_is_told_with_all_it_holds(room: Room) -> None:
    async def hand(visit: Packs) -> None:
        await visit.sees("1 [b]Bad[/]", "1.0.0 installed", "2 Small things", "studied now 1.0.0 built in")
        await visit.sees("small 1.0.0, in the language en", "by nobody", "licence: CC-BY-4.0")
        await visit.sees("2 lessons, 2 variants of 2 questions, 1 exam", str(room.folder / "packs" / "small")[:40])
        assert "x Remove" not in visit.text, "what comes with the program cannot be removed"
        await visit.on("other")
        await visit.sees("other 1.0.0", "by somebody", "x Remove")

    enter(room, hand)


def test_a_pack_that_cannot_be_opened_is_told_and_can_be_removed(room: Room) -> None:
    (room.services.paths.packs / "other" / "installed.json").write_text("{", encoding="utf-8")

    async def hand(visit: Packs) -> None:
        await visit.on("other")
        await visit.sees("✖ cannot be opened", "It cannot be opened: its pointer is damaged.")
        await visit.press("x", "y")
        await visit.sees("✔ removed other")

    enter(room, hand)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 45)])
def test_it_fits_nothing_is_obeyed_and_every_key_is_told(room: Room, size: tuple[int, int]) -> None:
    async def hand(visit: Packs) -> None:
        await visit.on("other")
        await visit.sees("[b]Bad[/]")
        assert len(visit.text.split("\n")) == size[1]
        assert not [c for c in visit.text if unicodedata.category(c) == "Cc" and c != "\n"]
        bar = visit.text.split("\n")[-1]
        assert "i Install" in bar
        assert "esc Back" in bar
        found = {each.name for each in Commands(visit.app.screen).commands()}
        assert {"Install (i)", "Remove (x)", "Check (c)", "Preview (v)"} <= found
        assert "Stop (s)" not in found
        await visit.press("escape")
        assert isinstance(visit.app.screen, Home)

    enter(room, hand, size)


def test_packs_can_be_reached_while_the_palette_types_a_k(room: Room) -> None:
    async def hand(visit: Packs) -> None:
        await visit.press("escape", "ctrl+p", "k")
        await visit.pilot.pause()
        assert not isinstance(visit.app.screen, PacksScreen), "what is typed is text"
        await visit.press("escape")
        rows = visit.app.screen.query_one(Rows)
        rows.move_to("packs")
        await visit.press("enter")
        await visit.until(lambda: isinstance(visit.app.screen, PacksScreen))

    enter(room, hand)


# -- choosing ----------------------------------------------------------------------------------------------------------


def test_the_pack_that_is_chosen_is_studied(room: Room) -> None:
    async def hand(visit: Packs) -> None:
        await visit.on("other")
        await visit.press("enter")
        await visit.until(lambda: isinstance(visit.app.screen, Home) and visit.app.loaded)
        assert visit.app.desk.pack is not None
        assert visit.app.desk.pack.id == "other"
        await visit.press("k")
        await visit.sees("● studied now 1.0.0 installed")
        await visit.press("2")
        await visit.until(lambda: isinstance(visit.app.screen, Home) and visit.app.loaded)
        assert visit.app.desk.pack_id == "small"

    enter(room, hand)


# -- installing --------------------------------------------------------------------------------------------------------


def test_a_pack_is_installed_from_a_folder(room: Room) -> None:
    folder = other(room.folder / "new", id="new", title="A new pack")

    async def hand(visit: Packs) -> None:
        await visit.install(folder)
        await visit.sees('✔ installed new 1.0.0: "A new pack" by somebody, CC-BY-4.0')
        await visit.sees("it holds 2 lessons, 2 questions, 1 exam", "A new pack 1.0.0 installed")
        assert visit.app.screen.query_one(Rows).current == "new"

    enter(room, hand)


def test_what_the_command_line_asks_is_asked_here_and_no_is_no(room: Room) -> None:
    older = other(room.folder / "older", version="0.9.0", authors="[a stranger]")
    with (older / "pack.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("description: What [b]others[/b] say.\nhomepage: https://example.org\n")
    before = tree(room.services.paths.packs)

    async def hand(visit: Packs) -> None:
        await visit.install(older)
        await visit.sees(
            "Install other 0.9.0 all the same?",
            "What [b]others[/b] say.",
            "https://example.org",
            "It is by other authors than 1.0.0, which is installed: a stranger.",
            "Its version 0.9.0 is older than 1.0.0.",
            "❯ Leave everything as it is",
        )
        await visit.press("enter")
        await visit.sees("nothing has been changed")
        assert tree(room.services.paths.packs) == before
        await visit.install(older)
        await visit.sees("all the same?")
        await visit.press("y")
        await visit.sees("✔ installed other 0.9.0", "in the place of 1.0.0", "questions: 2 as before")
        await visit.sees("What [b]others[/b] say.", "homepage: https://example.org")

    enter(room, hand)


def test_an_open_exam_is_asked_about(room: Room) -> None:
    services = room.services
    pack = services.open_pack("other")
    ExamConductor.start(services, pack, pack.blueprints[0], 1, services.now())
    newer = other(room.folder / "newer", version="1.1.0")

    async def hand(visit: Packs) -> None:
        await visit.install(newer)
        await visit.sees("Install other 1.1.0", "An exam in it is open, and its questions may change or go.")
        await visit.press("n")
        await visit.sees("nothing has been changed")
        await visit.on("other")
        await visit.press("x")
        await visit.sees("An exam in it is open")

    enter(room, hand)


# Of each reason one: all of them are tried with the command line.
REASONS = {said: make for _, said, make in HOSTILE}


def test_what_is_unsafe_or_not_there_is_refused_in_one_line(room: Room) -> None:
    some = list(REASONS.items())[:: max(1, len(REASONS) // 4)]
    before = tree(room.services.paths.packs)

    async def hand(visit: Packs) -> None:
        await visit.install(room.folder / "nowhere")
        await visit.sees("nowhere: it cannot be read: No such file or directory")
        for number, (said, make) in enumerate(some):
            path = room.folder / f"{number}.studypack"
            path.write_bytes(make())
            await visit.install(path)
            await visit.sees(f"{number}.studypack: ", said.split("{")[0][:40])
            assert tree(room.services.paths.packs) == before, said

    enter(room, hand)


def test_a_pack_with_errors_is_refused_with_what_is_wrong(room: Room) -> None:
    wrong = other(room.folder / "wrong", id="wrong")
    (wrong / "questions" / "bad.md").write_text("nothing\n", encoding="utf-8")

    async def hand(visit: Packs) -> None:
        await visit.press("i", "enter")
        await visit.sees("Type a path.")
        await visit.press("escape")
        await visit.install(wrong)
        await visit.sees("✖", "the pack has errors (1)", "questions/bad.md:1:1 error: no-front-matter")

    enter(room, hand)


def never(line: Line, path: Path, home: Path, shipped: Path) -> jobs.Done:
    """An installation that says how far it is and never ends."""
    line.say((3, 10, 7))
    while True:
        time.sleep(60)


def test_an_installation_can_be_stopped(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "put", never)

    async def hand(visit: Packs) -> None:
        await visit.install(room.folder / "other")
        await visit.sees("proving 3 of 10, 7 variants tried", "s Stop")
        assert "i Install" not in visit.text, "one thing at a time"
        await visit.on("small")
        await visit.sees("small 1.0.0, in the language en")
        await visit.press("s")
        await visit.sees("Stopped. Everything is as it was.", "i Install")

    enter(room, hand)


def test_the_pack_that_is_studied_is_read_again_once_it_is_another(room: Room) -> None:
    newer = other(room.folder / "newer", id="small", title="Small things anew", version="2.0.0")

    async def hand(visit: Packs) -> None:
        await visit.install(newer)
        await visit.sees("It takes the place of small 1.0.0, which comes with studyapp.")
        await visit.press("y")
        await visit.sees("✔ installed small 2.0.0", "It takes the place of the one that comes with studyapp.")
        await visit.sees("● studied now 2.0.0 installed")
        await visit.press("escape")
        await visit.until(lambda: isinstance(visit.app.screen, Home) and visit.app.loaded)
        await visit.sees("Small things anew")
        await visit.press("k")
        await visit.on("small")
        await visit.press("x", "y")
        await visit.sees("✔ removed small", "the one that comes with studyapp is used again")
        await visit.press("escape")
        await visit.until(lambda: isinstance(visit.app.screen, Home) and visit.app.loaded)
        assert "anew" not in visit.flat

    enter(room, hand)


# -- removing, checking, looking ---------------------------------------------------------------------------------------


def test_removing_asks_once_and_says_that_progress_is_kept(room: Room) -> None:
    async def hand(visit: Packs) -> None:
        await visit.on("other")
        await visit.press("x")
        await visit.sees("Remove other 1.0.0?", "What was learned in it is kept", "❯ Keep it")
        await visit.press("enter")
        await visit.sees("other 1.0.0")
        await visit.press("x", "y")
        await visit.sees("✔ removed other; what was learned in it is kept")
        assert [row.id for row in visit.app.screen.query_one(Rows).rows] == ["small"]

    enter(room, hand)


def test_checking_shows_what_is_found(room: Room) -> None:
    question = room.folder / "packs" / "small" / "questions" / "crash.md"
    question.write_text(
        question.read_text(encoding="utf-8").replace('[not up("vm1")]', '[up("vm1")]'), encoding="utf-8"
    )

    async def hand(visit: Packs) -> None:
        await visit.on("other")
        await visit.press("c")
        await visit.sees("✔ proved 2 of 2 variants")
        await visit.on("small")
        await visit.press("c")
        await visit.sees("✖ proved 1 of 2 variants", "questions/crash.md:13:3 error: several-right-options")

    enter(room, hand)


def test_the_preview_of_a_pack_is_opened_and_left(room: Room) -> None:
    async def hand(visit: Packs) -> None:
        await visit.on("small")
        await visit.press("v")
        await visit.until(lambda: isinstance(visit.app.screen, PreviewScreen))
        await visit.sees("Small things · pack.yaml", "Objective")
        assert visit.app.screen.query_one("#aside").size.width < 40, "its styles are there"
        await visit.press("escape")
        assert isinstance(visit.app.screen, PacksScreen)

    enter(room, hand)
