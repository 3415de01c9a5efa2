"""Finding words in a lesson on the full screen: the count, the marks, and the way from place to place."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from studyapp.packs.pack import load_pack
from studyapp.tui.screens.lesson import LessonScreen
from studyapp.tui.widgets.reading import Page
from studyapp.tui.widgets.section import FOUND, FOUND_HERE, HERE, SectionText
from tests.tui.room import Room, Visit

LONG = """\
---
title: A long lesson
objectives: [hosts]
---
The needle is here.

{sections}
"""


def long_room(folder: Path, sections: int) -> Room:
    """A room whose first lesson has many sections of twelve lines, each with the word at its end."""
    room = Room(folder)
    text = "\n\n".join(
        f"## Section {number}\n\n" + "\n\n".join(["Hay, and more hay."] * 5) + f"\n\nA needle, number {number}."
        for number in range(1, sections + 1)
    )
    place = folder / "packs" / "small" / "lessons" / "01-first.md"
    place.write_text(LONG.format(sections=text), encoding="utf-8")
    pack, problems = load_pack(folder / "packs" / "small")
    assert pack is not None, problems
    room.pack = pack
    return room


def marked(visit: Visit, style: str) -> list[str]:
    texts = visit.app.screen.query(SectionText).results(SectionText)
    lines = [line for text in texts for line in text.laid_out(text.content_size.width)]
    return [line.plain[span.start : span.end] for line in lines for span in line.spans if span.style == style]


def test_words_are_found_counted_marked_and_gone_through(tmp_path: Path) -> None:
    room = long_room(tmp_path, 20)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "slash")
        assert isinstance(visit.focused(), Input)
        await visit.press(*"NEEDLE")
        await visit.sees("1 of 21", f"The {HERE}needle is here.", "NEEDLE")
        assert "".join(marked(visit, FOUND_HERE)) == f"{HERE}needle"
        await visit.press("enter")
        await visit.sees("2 of 21", f"A {HERE}needle, number 1.")
        await visit.press("down", "down")
        await visit.sees("4 of 21", f"A {HERE}needle, number 3.", "4 of 21 ")
        await visit.press("up")
        await visit.sees("3 of 21", f"A {HERE}needle, number 2.")
        await visit.press("up", "up", "up")
        await visit.sees("21 of 21", f"A {HERE}needle, number 20.")
        await visit.press("enter")
        await visit.sees("1 of 21")
        await visit.press("up", "escape")
        assert isinstance(visit.focused(), Page)
        assert not marked(visit, FOUND_HERE), "the marks are gone"
        await visit.sees("A needle, number 20.")
        screen = visit.app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.section == 20, "one reads on where one was led"
        await visit.press("escape")
        assert not isinstance(visit.app.screen, LessonScreen)

    room.enter(hand)


def test_every_place_in_the_section_is_marked_but_one_stands_out(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "slash", *"e")
        assert len(marked(visit, FOUND_HERE)) >= 1
        assert set(marked(visit, FOUND)) == {"e"}
        await visit.press(*"vwxyz")
        await visit.sees("not in this lesson")
        assert not marked(visit, FOUND_HERE)

    room.enter(hand)


def test_the_search_begins_where_one_reads(tmp_path: Path) -> None:
    room = long_room(tmp_path, 20)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", *["right"] * 7, "slash", *"needle")
        await visit.sees("8 of 21", f"A {HERE}needle, number 7.")

    room.enter(hand)


def test_escape_ends_the_search_wherever_the_focus_is(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "slash", *"pair", "tab", "escape")
        assert isinstance(visit.app.screen, LessonScreen)
        assert not visit.app.screen.finding
        await visit.press("slash")
        await visit.sees("1 of 1")  # what was looked for last is still there

    room.enter(hand)
