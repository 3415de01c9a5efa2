"""Where notes and bookmarks are when lessons have changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studyapp.conduct.marking import mark, marks
from studyapp.study.marks import BOOKMARK, NOTE
from tests.plain.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A pack with lessons, and a store."""
    made = Desk(tmp_path)
    yield made
    made.services.close()


def test_marks_follow_their_headings(desk: Desk) -> None:
    store, pack = desk.services.store, desk.pack
    first = pack.lesson("first")
    mark(desk.services, pack, first, 2, NOTE, "  asked  ")
    mark(desk.services, pack, first, 1, NOTE, "compared")
    mark(desk.services, pack, first, 1, BOOKMARK, "here")
    assert marks(store, pack, NOTE) == {("first", 1): "compared", ("first", 2): "asked"}
    assert marks(store, pack, BOOKMARK) == {("first", 1): "here"}
    moved = replace(first, id="new", was=("first",), headings=("Asked", "The first lesson", "Another"))
    changed = replace(pack, lessons=(moved, *pack.lessons[1:]))
    assert marks(store, changed, NOTE) == {("new", 0): "asked\n\ncompared"}, "what has lost its section is at the first"


def test_the_latest_holds_and_an_empty_one_is_none(desk: Desk) -> None:
    store, pack = desk.services.store, desk.pack
    first = pack.lesson("first")
    mark(desk.services, pack, first, 0, NOTE, "one")
    mark(desk.services, pack, first, 0, NOTE, "two")
    assert marks(store, pack, NOTE) == {("first", 0): "two"}
    mark(desk.services, pack, first, 0, NOTE, "   ")
    assert not marks(store, pack, NOTE)
