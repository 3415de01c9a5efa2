"""A lesson on the full screen: the place in it, its live parts, its checkpoints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studyapp.tui.screens.lesson import LessonScreen
from studyapp.tui.widgets.compare import Compare
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.options import Options
from studyapp.tui.widgets.reading import Page
from tests.tui.room import Room, Visit


def screen_of(visit: Visit) -> LessonScreen:
    screen = visit.app.screen
    assert isinstance(screen, LessonScreen)
    return screen


def contents_shown(visit: Visit) -> bool:
    return visit.app.screen.query_one("#aside").display


def test_the_place_is_kept_over_a_kill(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def before(visit: Visit) -> None:
        await visit.press("enter", "right", "right")
        await visit.sees("3 of 3", "Asked")

    async def after(visit: Visit) -> None:
        await visit.sees("section 3 of 3: Asked")
        await visit.press("enter")
        await visit.sees("3 of 3")
        assert "Asked" in visit.text.splitlines()[2]

    room.enter(before)
    room.killed()
    room.enter(after)


def test_reading_to_the_end_leads_on(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "end")
        await visit.sees("Next lesson: The second lesson")
        await visit.press("N")
        await visit.sees("Lesson 2 · The second lesson")
        await visit.press("B")
        await visit.sees("Lesson 1 · The first lesson", "1 of 3")
        assert len(visit.app.screen_stack) == 2
        await visit.press("escape")
        await visit.sees("read")

    room.enter(hand)
    place = room.store.lesson_place("small", "first")
    assert place is not None
    assert place.finished


def test_enter_alone_reads_a_lesson_and_goes_on_to_the_next(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        for _ in range(30):
            await visit.press("enter")
            if "Lesson 2" in visit.text:
                break
        await visit.sees("Lesson 2 · The second lesson")
        await visit.press("enter")
        await visit.sees("How many questions?")

    room.enter(hand)
    place = room.store.lesson_place("small", "first")
    assert place is not None
    assert place.finished


def test_esc_goes_from_a_live_part_back_to_the_text_and_from_there_out(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter")
        lesson = visit.app.screen
        for parts in (1, 3):  # a diagram, a checkpoint
            await visit.press(*["tab"] * parts)
            assert not isinstance(visit.focused(), Page)
            if parts == 3:
                await visit.sees("Choose one")
            await visit.press("escape")
            assert visit.app.screen is lesson
            assert isinstance(visit.focused(), Page)
        await visit.sees("tab steps in here to answer")
        await visit.press("escape")
        assert visit.app.screen is not lesson

    room.enter(hand)


def test_tab_goes_through_the_live_parts_from_where_one_reads(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter")
        assert isinstance(visit.focused(), Page)
        await visit.press("tab")
        assert isinstance(visit.focused(), Diagram)
        assert not isinstance(visit.focused(), Compare)
        await visit.press("full_stop", "escape")
        assert not visit.app.screen.query(Diagram).first().benches[0].at_start
        await visit.press("tab")
        assert isinstance(visit.focused(), Compare)
        await visit.press("tab")
        assert isinstance(visit.focused(), Options)
        await visit.press("shift+tab")
        assert isinstance(visit.focused(), Compare)

    room.enter(hand)


def test_a_checkpoint_is_answered_where_it_stands(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "right", "right")
        await visit.sees("What becomes of vm1?")
        await visit.press("2")
        assert isinstance(visit.focused(), Options)
        await visit.press("enter")
        await visit.sees("How sure are you?")
        await visit.press("escape")
        assert isinstance(visit.app.screen, LessonScreen)
        await visit.press("1", "enter", "3")
        await visit.sees("✔ Right.")
        assert len(room.reviews) == 1
        await visit.press("comma", "v")
        assert "✔ Right." not in visit.text
        await visit.press("2", "enter", "1")
        await visit.sees("✖ Wrong.")
        await visit.press("n")
        assert isinstance(visit.focused(), Page)

    room.enter(hand)
    assert [review.certainty for review in room.reviews] == ["sure", "guess"]


def test_the_contents_come_and_go(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def narrow(visit: Visit) -> None:
        await visit.press("enter")
        assert not contents_shown(visit)
        await visit.press("c")
        assert contents_shown(visit)
        await visit.press("3")
        assert not contents_shown(visit)
        await visit.sees("3 of 3")
        await visit.press("c", "escape")
        assert not contents_shown(visit)
        assert isinstance(visit.app.screen, LessonScreen)

    async def wide(visit: Visit) -> None:
        await visit.press("enter")
        assert contents_shown(visit)
        await visit.press("c")
        assert not contents_shown(visit)
        await visit.press("c")
        assert contents_shown(visit)

    room.enter(narrow)
    room.enter(wide, size=(140, 45))


def test_another_width_stays_in_the_section(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "right")
        await visit.sees("2 of 3")
        for size in ((60, 16), (140, 45), (40, 10), (80, 24)):
            await visit.pilot.resize_terminal(*size)
            await visit.pilot.pause()
            await visit.pilot.pause()
        await visit.sees("2 of 3", "Compared")
        assert screen_of(visit).section == 1

    room.enter(hand)


def test_a_checkpoint_that_the_pack_does_not_have_is_said(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.pack = replace(room.pack, questions=())

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "end")
        await visit.sees("The pack has no question crash.")

    room.enter(hand)


def test_before_a_diagram_is_watched_one_says_what_will_happen(tmp_path: Path) -> None:
    """vm1 hangs and nobody listens to its heartbeat: clients of app get no answer any more."""
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "tab", "space")
        await visit.sees("Before you watch: when everything has settled, Will a new client of app get an answer?")
        await visit.press("1")
        await visit.sees("How sure are you?")
        assert not room.store.predictions("small")
        await visit.press("3")
        await visit.sees("✖ You said: yes (you were sure). In fact: no.")
        (kept,) = room.store.predictions("small")
        assert (kept.claim, kept.said, kept.came, kept.certainty) == ("available('app')", "yes", "no", "sure")
        await visit.press("space")
        assert "Before you watch" not in visit.text

    room.enter(hand)


def test_what_came_of_a_prediction_is_seen_in_the_smallest_window(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("enter", "tab", "space", "1", "3")
        await visit.sees("nothing more happens", "✖ You said: yes (you were sure). In fact: no.")

    Room(tmp_path).enter(hand, size=(60, 16))


def test_who_just_watches_is_not_recorded_and_asked_the_next_time(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "tab", "full_stop", "escape")
        assert not visit.app.screen.query(Diagram).first().benches[0].at_start
        await visit.press("0", "space")
        assert "Before you watch" not in visit.text
        await visit.press("escape", "escape", "enter", "tab", "space")
        await visit.sees("Before you watch")

    room.enter(hand)
    assert not room.store.predictions("small")


def test_no_lesson_asks_where_none_shall(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        visit.app.desk.settings = replace(visit.app.desk.settings, predict=False)
        await visit.press("enter", "tab", "space")
        await visit.pilot.pause()
        assert "Before you watch" not in visit.text

    room.enter(hand)
