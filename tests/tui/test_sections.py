"""Sections of an exam on the full screen: said before they begin, closed behind one, the cluster at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from studyapp.tui.screens.result import ResultScreen
from studyapp.tui.screens.section import CaseStudy, SectionOpening
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.options import Options
from tests.conduct.sectioned import write_sections
from tests.tui.room import Room, Visit

EXAM = Wanted("exam", "with-sections")


def sectioned(folder: Path) -> Room:
    write_sections(folder / "packs" / "small")
    return Room(folder)


async def to_series(visit: Visit) -> None:
    """Answer what comes before the locked section, and begin it."""
    await visit.sees("Sections, in this order", "The pair", "2 questions about one cluster", "2 questions, locked")
    await visit.press("enter", "1", "enter")
    await visit.sees("Section · The pair", "You can leave it and come back until you hand in.", "Two hosts and a disk")
    assert visit.room.store.load_open_sitting("small").position == 0, "it has not begun"  # type: ignore[union-attr]  # it runs
    await visit.press("escape")
    await visit.sees("Question 1 of 5")
    await visit.press("n", "enter")
    await visit.sees("Question 2 of 5 · The pair")
    await visit.press("1", "n", "1", "n")
    await visit.sees("Section · In a row", "There is no way back in this section.")
    await visit.press("enter")
    await visit.sees("Question 4 of 5 · locked · In a row")


def test_an_exam_with_both_kinds_of_section(tmp_path: Path) -> None:
    room = sectioned(tmp_path)

    async def hand(visit: Visit) -> None:
        await to_series(visit)
        await visit.press("c")
        assert len(visit.app.screen_stack) == 2, "this section is about no cluster"
        await visit.press("1", "2", "1", "f", "n")
        await visit.sees("Go on from question 4?", "It is flagged, and you will not be able to look at it again.")
        await visit.press("n", "f", "n")
        await visit.sees("Question 5 of 5")
        await visit.press("g")
        await visit.sees("The pair 2 of 2 answered", "In a row 1 of 2 answered, locked", "closed")
        await visit.press("up", "escape", "b")
        await visit.sees("Leave the section In a row?", "Question 5 is not answered and will count as wrong.")
        await visit.press("enter")
        await visit.sees("Question 5 of 5")
        await visit.press("b", "y")
        await visit.sees("Question 3 of 5 · The pair")
        await visit.press("c")
        await visit.until(lambda: isinstance(visit.app.screen, CaseStudy))
        await visit.sees("Two hosts and a disk", "host1")
        await visit.press("escape", "n")
        await visit.sees("Review before handing in", "In a row 1 of 2 answered, closed")
        await visit.press("H", "y")
        await visit.until(lambda: isinstance(visit.app.screen, ResultScreen))
        await visit.sees("Sections", "1 of 2")
        assert "The time is up" not in visit.text

    room.enter(hand, wanted=EXAM)
    assert len(room.reviews) == 4


def test_a_kill_inside_a_locked_section_opens_nothing(tmp_path: Path) -> None:
    room = sectioned(tmp_path)

    async def before(visit: Visit) -> None:
        await to_series(visit)
        await visit.press("1", "n")
        await visit.sees("Question 5 of 5")

    async def after(visit: Visit) -> None:
        await visit.sees("Question 5 of 5 · locked · In a row", "4 answered")
        await visit.press("b")
        await visit.sees("Leave the section In a row?")
        await visit.press("escape", "1", "n")
        await visit.sees("Review before handing in", "In a row 2 of 2 answered, locked")
        await visit.press("escape")
        assert visit.app.screen.query_one(Options).response == frozenset({0})

    room.enter(before, wanted=EXAM)
    room.killed()
    room.enter(after, wanted=EXAM)
    sitting = room.store.load_open_sitting("small")
    assert sitting is not None
    assert sitting.closed == {3}


def test_at_zero_the_exam_hands_itself_in_over_what_a_section_asks(tmp_path: Path) -> None:
    room = sectioned(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "1", "n")
        await visit.until(lambda: isinstance(visit.app.screen, SectionOpening))
        room.clock.on(minutes=10)
        await visit.until(lambda: isinstance(visit.app.screen, ResultScreen))
        await visit.sees("handed in by itself", "1 of 5 points")

    room.enter(hand, wanted=EXAM)
    assert len(room.reviews) == 1


@pytest.mark.parametrize("size", [(60, 16), (140, 45)])
def test_what_a_section_shows_fits_and_can_be_read(tmp_path: Path, size: tuple[int, int]) -> None:
    room = sectioned(tmp_path)

    def fits(visit: Visit, where: str) -> None:
        lines = visit.text.split("\n")
        assert len(lines) <= size[1], where
        assert all(cell_len(line) <= size[0] for line in lines), f"{where}:\n{visit.text}"

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "1", "n")
        await visit.sees("Section · The pair", "Begin", "Not yet")
        fits(visit, "a case study begins")
        await visit.press("end")
        await visit.sees("host1", "host2")
        await visit.press("enter", "c")
        await visit.sees("Two hosts and a disk", "Back")
        fits(visit, "the case study")
        await visit.press("escape", "n", "n")
        await visit.sees("In a row", "no way back", "Begin")
        fits(visit, "a locked section begins")
        await visit.press("enter", "b")
        await visit.sees("Leave the section In a row?", "Go on, with no way back")
        fits(visit, "a locked section is left")

    room.enter(hand, size=size, wanted=EXAM)
