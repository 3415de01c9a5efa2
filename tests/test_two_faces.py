"""The same session on the full screen and line by line leaves the same behind: every row of every table."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path

import pytest

from studyapp.packs.pack import Pack
from studyapp.plain import start
from studyapp.plain.practice import find_place
from studyapp.plain.talk import Talk
from studyapp.questions.arrangements import LETTERS
from studyapp.questions.question import Variant
from studyapp.questions.response import Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.tui.wanted import Wanted
from tests.conduct.test_kinds import WRONG
from tests.plain.desk import Desk
from tests.questions.every_kind import RIGHT
from tests.tui.room import Visit
from tests.tui.test_kinds import give, variant_of
from tests.tui.tour import tour_room

OWN = frozenset({"id", "sitting_id", "last_id"})
"""What names a row and says nothing of the session."""
SEED = 3
SMALL = {"crash": (frozenset({0}), frozenset({1})), "votes": (frozenset({0, 1}), frozenset({2}))}
"""A right and a wrong answer to the questions of the small pack."""


def rows(database: Path) -> dict[str, list[dict[str, object]]]:
    """Everything that is remembered, but for the names of rows."""
    with closing(sqlite3.connect(database)) as raw:
        raw.row_factory = sqlite3.Row
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = {table: [dict(row) for row in raw.execute(f"SELECT * FROM {table}")] for table in tables}
    kept["sitting_action"] = settled(kept["sitting_action"])
    return {
        table: [{key: value for key, value in row.items() if key not in OWN} for row in found]
        for table, found in kept.items()
    }


def settled(actions: list[dict[str, object]]) -> list[dict[str, object]]:
    """What was done in an exam, in order, without answers on their way: option by option on the screen, a line at once
    line by line.
    """
    ordered = sorted(actions, key=lambda row: int(str(row["n"])))
    return [
        {key: value for key, value in row.items() if key != "n"}
        for row, after in zip_longest(ordered, ordered[1:])
        if row["kind"] != "answer" or after is None or (after["kind"], after["item"]) != ("answer", row["item"])
    ]


def answer_to(variant: Variant) -> Response:
    """An answer: some right, some wrong, the same whoever asks."""
    name = variant.question.id
    right, wrong = SMALL[name] if name in SMALL else (RIGHT[name](variant), WRONG[name])
    return right if sum(map(ord, name)) % 2 else wrong


def typed(variant: Variant, response: Response) -> str:
    """The line that answers so."""
    shown = list(enumerate(variant.options, start=1))
    match response:
        case frozenset():
            return " ".join(str(number) for number, option in shown if option.index in response)
        case Picked(names=names):
            return " ".join(str(number) for number, option in shown if option.text in names)
        case Said(yes=yes, no=no):
            return " ".join("y" if each.index in yes else "n" if each.index in no else "-" for each in variant.options)
        case Ordered(steps=steps):
            places = {option.index: str(number) for number, option in shown}
            return " ".join(places[step] for step in steps)
        case Paired(cells=cells):
            numbers = {cell.index: number for number, cell in enumerate(variant.cells, start=1)}
            return " ".join(f"{LETTERS[place]}{numbers[cell]}" for place, cell in enumerate(cells) if cell is not None)
        case Number(value=value):
            return f"{value:g}"
        case Text(text=text):
            return text


class Faces:
    """Two homes with one pack: a hand uses the full screen in one, lines are typed in the other."""

    def __init__(self, folder: Path) -> None:
        (folder / "screen").mkdir()
        (folder / "lines").mkdir()
        self.room = tour_room(folder / "screen")
        self.desk = Desk(folder / "lines")
        self.desk.pack = self.room.pack
        self.desk.clock.now, self.desk.clock.step = self.room.clock.time, timedelta(0)

    @property
    def pack(self) -> Pack:
        """The pack."""
        return self.room.pack

    def same(self) -> dict[str, list[dict[str, object]]]:
        """What both remember, once it has been seen to be the same."""
        with self.desk.services:
            self.desk.services.store  # noqa: B018  # opens it
        left, right = rows(self.room.store.path), rows(self.desk.services.paths.database)
        assert left == right
        return left


@pytest.fixture
def faces(tmp_path: Path) -> Faces:
    return Faces(tmp_path)


def test_practice_with_every_kind(faces: Faces) -> None:
    lines: list[str] = []
    total = len(faces.pack.questions)

    async def hand(visit: Visit) -> None:
        for number in range(total):
            await visit.until(lambda number=number: f"{number + 1} of {total}" in visit.text)  # type: ignore[misc]  # bound now
            variant = variant_of(visit)
            response = answer_to(variant)
            lines.extend([typed(variant, response), str(number % 3 + 1), ""])
            await give(visit, response)
            await visit.press("enter", str(number % 3 + 1), "enter")

    faces.room.enter(hand, wanted=Wanted("practice", str(total)))
    faces.desk.type(lambda talk: start.practice(talk, faces.desk.services, faces.pack, total, SEED), *lines)
    assert len(faces.same()["review"]) == total


def test_a_lesson_with_a_prediction_a_checkpoint_a_note_and_a_bookmark(faces: Faces) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("1", "tab", "space", "1", "3", "shift+tab", "right", "n", *"ask", "escape", "m", "right")
        await visit.press("tab", "1", "enter", "3", "enter", "end")
        await visit.pilot.pause()

    faces.room.enter(hand)
    lines = ("yes", "3", "play", "", "", "", "note", "ask", "bookmark", "", "1", "3", "", "", "quit")
    faces.desk.type(lambda talk: start.learn(talk, faces.desk.services, faces.pack, "first"), *lines)
    found = faces.same()
    counts = {table: len(found[table]) for table in ("review", "prediction", "mark", "lesson_place")}
    assert counts == {"review": 1, "prediction": 1, "mark": 2, "lesson_place": 1}


def test_placement(faces: Faces) -> None:
    asked: list[str] = []

    async def hand(visit: Visit) -> None:
        for number in range(2):
            await visit.until(lambda number=number: f"Placement quiz · {number + 1} of 2" in visit.text)  # type: ignore[misc]  # bound now
            variant = variant_of(visit)
            asked.append(variant.question.id)
            right = SMALL[variant.question.id][number] if variant.question.id in SMALL else answer_to(variant)
            asked.append(typed(variant, right))
            await give(visit, right)
            await visit.press("enter", "3", "enter")

    faces.room.enter(hand, wanted=Wanted("placement"))

    def place(talk: Talk) -> None:
        find_place(talk, faces.desk.services, faces.pack, SEED)

    faces.desk.type(place, asked[1], "3", "", asked[3], "3", "")
    assert len(faces.same()["review"]) == 2


def test_an_exam_with_a_flag_and_an_answer_that_is_changed(faces: Faces) -> None:
    lines: list[str] = ["start"]

    async def hand(visit: Visit) -> None:
        await visit.press("enter")
        first = variant_of(visit)
        response = answer_to(first)
        await visit.press("f3")
        await give(visit, response)
        await visit.press("f8")
        second = variant_of(visit)
        await give(visit, answer_to(second))
        lines.extend(["flag", typed(first, response), typed(second, answer_to(second)), "hand in", "yes", ""])
        await visit.press("f5", "H", "y")
        await visit.sees("of 1000")

    faces.room.enter(hand, wanted=Wanted("exam"))
    faces.desk.type(lambda talk: start.exam(talk, faces.desk.services, faces.pack, SEED), *lines)
    found = faces.same()
    assert len(found["sitting_result"]) == 1
    assert [row["kind"] for row in found["sitting_action"]] == ["flag", "answer", "go", "answer", "hand-in"]
