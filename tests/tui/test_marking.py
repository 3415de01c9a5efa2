"""Notes and bookmarks in lessons on the full screen."""

from __future__ import annotations

from pathlib import Path

from studyapp.store.errors import StoreError
from studyapp.study.marks import LONGEST_NOTE
from tests.tui.room import Room, Visit


def kept(room: Room) -> list[tuple[str, str, str, str]]:
    return [(mark.lesson_id, mark.heading, mark.kind, mark.text) for mark in room.store.marks("small")]


def test_a_note_is_written_found_changed_and_taken_away(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "right", "n")
        await visit.sees("Note · Compared")
        await visit.press(*"ask [b]why[/b]", "enter", *"again", "escape")
        await visit.sees("Note kept.")
        assert kept(room) == [("first", "Compared", "note", "ask [b]why[/b]\nagain")]
        assert "2 Compared ✎" in " ".join(visit.text.split())
        await visit.press("s", *"why")
        await visit.sees("Compared · note", "your note", "ask [b]why[/b]")
        await visit.press("enter")
        await visit.sees("Lesson 1 · The first lesson", "2 of 3")
        await visit.press("n")
        await visit.sees("again")
        await visit.press(*["backspace"] * 40, "escape")
        await visit.sees("Note taken away.")
        assert not kept(room)

    room.enter(hand, size=(120, 40))


def test_a_bookmark_is_set_and_taken_away(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "m")
        await visit.sees("Bookmark set.", "1 The first lesson ⚑")
        assert kept(room) == [("first", "The first lesson", "bookmark", "here")]
        await visit.press("m")
        await visit.sees("Bookmark taken away.")
        assert not kept(room)

    room.enter(hand, size=(120, 40))


def test_a_note_is_only_so_long(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "n")
        await visit.sees("Note · The first lesson")
        visit.app.screen.query_one("#text").load_text("x" * (LONGEST_NOTE + 5))  # type: ignore[attr-defined]  # a field
        await visit.sees("A note has at most")
        await visit.press("escape")
        await visit.until(lambda: len(kept(room)) == 1)

    room.enter(hand)
    assert [len(text) for *_, text in kept(room)] == [LONGEST_NOTE]


def test_a_note_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("enter")

        def refuse(mark: object) -> None:
            raise StoreError("The disk is full.", "Nothing is lost.", "Free some space.")

        room.store.set_mark = refuse  # type: ignore[method-assign]  # a disk that is full
        await visit.press("n")
        await visit.sees("Note · The first lesson")
        await visit.press("x", "escape")
        await visit.sees("The disk is full.")

    room.enter(hand, size=(100, 30))
