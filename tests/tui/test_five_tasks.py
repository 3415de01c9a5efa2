"""What somebody does who has just begun, with the course that comes with the program, key by key."""

from __future__ import annotations

from pathlib import Path

from studyapp.packs.pack import load_pack
from studyapp.packs.places import content_folder
from studyapp.questions.grading import judge
from studyapp.tui.screens.lesson import LessonScreen
from studyapp.tui.themes import THEMES
from studyapp.tui.widgets.diagram import Diagram
from tests.tui.room import Room, Visit
from tests.tui.test_kinds import variant_of
from tests.tui.tour import back_home


def test_five_tasks_take_these_keys(tmp_path: Path) -> None:
    room = Room(tmp_path)
    pack, problems = load_pack(content_folder() / "windows-clustering")
    assert pack is not None, problems
    room.pack = pack

    async def hand(visit: Visit) -> None:
        # Start the course: what is marked is where to start.
        await visit.press("enter")
        await visit.sees("Lesson 1 · Two minutes around the program")

        # Break a host in the lesson.
        await visit.press("tab", "x", "1")
        await visit.sees("host1 down", "vm1 is online on host2")
        assert visit.app.screen.query(Diagram).first().acts

        # Answer wrong, and find out why.
        await back_home(visit)
        await visit.press("p", "enter")
        await visit.sees("Choose one")
        variant = variant_of(visit)
        truths = list(judge(variant))
        wrong = next(number for number, option in enumerate(variant.options, start=1) if not truths[option.index])
        await visit.press(str(wrong), "enter", "enter")
        await visit.sees("✖ Wrong.", "✖ wrong · your choice")
        await visit.press("w")
        await visit.sees(f"What would make {wrong} right?")

        # Find the lesson about witnesses: the lesson that explains the word comes first.
        await back_home(visit)
        await visit.press("slash", *"witness")
        await visit.sees("Failover clustering · Counting votes")
        await visit.press("enter")
        await visit.until(lambda: isinstance(visit.app.screen, LessonScreen))
        await visit.sees("Counting votes", "3 of 6")

        # Change the colours, and a key.
        await back_home(visit)
        await visit.press("f9", "enter")
        assert visit.app.theme == THEMES["light"].name
        await visit.press("slash", *"practice", "enter", "enter", "z")
        await visit.sees("yours")
        await back_home(visit)
        await visit.press("z")
        await visit.sees("How many questions?")

    room.enter(hand)
