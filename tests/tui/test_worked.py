"""Worked examples in a lesson on the full screen, and line by line: the same rows are left."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from studyapp.packs.pack import Pack, load_pack
from studyapp.plain.lesson import Reading
from studyapp.plain.talk import Leave, Talk
from studyapp.study.marks import Prediction
from studyapp.study.review import Review
from studyapp.tui.widgets.options import Options
from studyapp.tui.widgets.reading import Page
from tests.plain.desk import Desk
from tests.tui.room import Room, Visit

LOST = """\
---
kind: choice
objective: hosts
scenario: pair
shuffle: false
vary:
  host: [host1, host2]
timeline:
  - crash: "{host}"
---
**{host}** loses its power. What does the other host do?

- [host not in members("hv")] It removes {host} from the cluster.
- [host in members("hv")] It keeps {host} as a member.

## Why
It hears no heartbeat any more.
"""
LESSON = """\
---
title: The first lesson
objectives: [hosts]
---
Look how it is done.

```worked lost
```
"""


def with_example(small: Path) -> Pack:
    (small / "questions" / "lost.md").write_text(LOST, encoding="utf-8")
    (small / "lessons" / "01-first.md").write_text(LESSON, encoding="utf-8")
    pack, problems = load_pack(small)
    assert pack is not None
    assert not problems
    return pack


def rows(reviews: tuple[Review, ...], predictions: tuple[Prediction, ...]) -> list[tuple[object, ...]]:
    answers = [(r.question_id, r.variant_number, r.response, r.verdict, r.certainty) for r in reviews]
    return [*answers, *((p.lesson_id, p.claim, p.said, p.came, p.certainty) for p in predictions)]


def test_the_same_example_on_both_faces_leaves_the_same_rows(tmp_path: Path) -> None:
    room = Room(tmp_path / "screen")
    room.pack = with_example(tmp_path / "screen" / "packs" / "small")

    async def screen(visit: Visit) -> None:
        await visit.press("enter")
        await visit.sees(
            "✔ A worked example: read it step by step.", "The right answer is 1.", "tab steps in here, and n goes"
        )
        assert not room.reviews
        await visit.press("tab")
        assert isinstance(visit.focused(), Options)
        await visit.press("n")
        await visit.sees("Another of the same kind. Here the last step is yours.")
        await visit.press("1", "enter", "3")
        await visit.sees("✔ Right.")
        await visit.press("v")
        await visit.sees("Here the last 2 steps are yours.", "What comes next?")
        assert not room.store.predictions("small")
        await visit.press("1", "enter", "1")
        await visit.until(lambda: bool(room.store.predictions("small")))
        await visit.press("n", "1", "enter", "2")
        await visit.sees("✔ Right.")
        await visit.press("n")
        assert isinstance(visit.focused(), Page)

    room.enter(screen, size=(100, 60))
    (step,) = room.store.predictions("small")

    desk = Desk(tmp_path / "lines")
    pack = with_example(tmp_path / "lines" / "small")

    def read(talk: Talk) -> None:
        with suppress(Leave):
            Reading(talk, desk.services, pack).read(pack.lesson("first"))

    said = desk.type(read, "", "1", "3", "", "", "quit")
    assert "A worked example: read it step by step." in " ".join(said.split())
    assert "1. 00:00 host1 loses its power" in said or "1. 00:00 host2 loses its power" in said
    assert said.index("The right answer is 1.") < said.index("Now that it is solved:")
    said = desk.type(read, "part 1", "quit")
    assert "What comes next?" in said
    said = desk.type(read, "part 1", "1", "1", "", "1", "2", "", "quit")
    assert rows(desk.services.store.reviews("small"), desk.services.store.predictions("small")) == rows(
        room.reviews, (step,)
    )


def test_an_example_that_the_pack_does_not_have_is_said(tmp_path: Path) -> None:
    room = Room(tmp_path)
    small = tmp_path / "packs" / "small"
    pack = with_example(small)
    (small / "questions" / "lost.md").unlink()
    loaded, _ = load_pack(small)
    assert loaded is not None
    room.pack = loaded
    assert pack.questions

    async def hand(visit: Visit) -> None:
        await visit.press("enter")
        await visit.sees("The pack has no question lost.")

    room.enter(hand)
