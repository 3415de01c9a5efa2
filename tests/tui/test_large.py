"""What a large window is used for: text in the middle in lines that can be read, larger pictures, more at a glance."""

from __future__ import annotations

from pathlib import Path

from studyapp.cluster.bench import Bench
from studyapp.tui.keymap import places
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.diagram_stage import draw_stage, make_stage
from studyapp.tui.widgets.rows import Rows
from tests.tui import diagram_scenes as scenes
from tests.tui.room import Visit
from tests.tui.tour import go, tour_room

WIDE, HIGH = 200, 60
READABLE = 110
"""Columns of a line at the most."""


def test_text_stands_in_the_middle_and_what_a_dialog_is_about_behind_it(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        for where in ("settings", "practice", "free play", "packs"):
            await go(visit, where)
            place = visit.app.screen.query_one(Rows).region
            assert place.width <= READABLE, where
            assert abs(place.x + place.right - WIDE) <= 2, where
        await go(visit, "confirmation")
        assert "Hand in now?" in visit.text
        assert "Question 1 of 2" in visit.text, "the exam is seen behind it"
        await go(visit, "help")
        first = next(line for line in visit.text.split("\n") if "Keys that work here" in line)
        assert any(place in first for place, _ in places()), "other keys stand beside them"

    tour_room(tmp_path).enter(hand, size=(WIDE, HIGH))


def test_a_question_in_a_lesson_is_as_high_as_what_it_says(tmp_path: Path) -> None:
    """Its lines are counted in the width that they have: nothing is kept free for a bar where nothing scrolls."""

    async def hand(visit: Visit) -> None:
        await go(visit, "end of the lesson")
        for said in visit.app.screen.query(".-inline > .said"):
            shown = [each for each in said.children if each.display]
            assert {each.region.width for each in shown} == {said.region.width}
            assert sum(each.region.height for each in shown) == said.region.height

    tour_room(tmp_path).enter(hand, size=(WIDE, HIGH))


def test_free_play_shows_all_that_has_happened_and_a_menu_covers_nothing(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        await go(visit, "free play")
        await visit.press("2", "x")
        assert "starts over." in visit.text
        await visit.press("1", "end")
        diagram = visit.app.screen.query_one(Diagram)
        events = diagram.benches[0].seen
        assert len(events) > 5, "more than there is room for in a small window"
        await visit.sees(*(event.detail for event in events))

    tour_room(tmp_path).enter(hand, size=(WIDE, HIGH))


def test_a_picture_takes_the_place_that_there_is() -> None:
    bench = Bench.of(scenes.three_hosts())

    def boxes(width: int, height: int | None) -> list[tuple[int, int]]:
        scene = draw_stage(make_stage((bench,), width, height), (bench,))
        return [
            (spot.hit.width, spot.hit.height)
            for spot in scene.spots
            if spot.place.component.kind == "host" and spot.hit.height > 1
        ]

    small, large, high = boxes(76, None), boxes(180, None), boxes(180, 60)
    assert len(small) == len(large) == len(high) == 3
    assert all(few < many for few, many in zip(small[0], large[0], strict=True))
    assert high[0][1] > large[0][1]
