"""Free play on the full screen."""

from __future__ import annotations

from pathlib import Path

from studyapp.tui.widgets.diagram import Diagram
from tests.tui.room import Room, Visit


def test_a_cluster_is_chosen_broken_and_left(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.sees("Break and repair a cluster", "2 clusters")
        await visit.press("b")
        await visit.sees("Choose a cluster to break and repair.")
        await visit.press("2")
        await visit.sees("Two hosts and a disk", "break with x")
        diagram = visit.app.screen.query_one(Diagram)
        assert visit.focused() is diagram
        await visit.press("x", "enter")
        await visit.sees("vm1 goes from host1 to host2")
        done = [len(diagram.acts)]
        await visit.press("u")
        done.append(len(diagram.acts))
        assert done == [1, 0]
        await visit.press("escape", "escape")
        await visit.sees("Start here")

    room.enter(hand)


def test_the_palette_leads_to_a_cluster(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("ctrl+p")
        await visit.press(*"alone")
        await visit.sees("Free play: One host alone")
        await visit.press("enter")
        await visit.sees("One host alone", "free play")

    room.enter(hand)
