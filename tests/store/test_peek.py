"""The first screen's figures: quick, read-only, and the same as the store's."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from studyapp.exams.sitting import HandIn, apply
from studyapp.store.peek import _COUNTED, _NEWEST, OpenSitting, Peek, peek
from studyapp.store.store import Store
from studyapp.study.agenda import Goal
from studyapp.study.review import LessonPlace
from tests.exams.bank import MINUTE, NOON, sitting
from tests.house.tree import ROOT
from tests.study.answers import answer

LOOK = """
import json, sys
from datetime import datetime, timezone
from pathlib import Path
from studyapp.store.peek import peek
assert peek(Path(sys.argv[1]), "p", datetime.now(timezone.utc)).answers == 1
print(json.dumps(sorted(sys.modules)))
"""


def test_nothing_is_known_and_nothing_made_where_there_is_no_file(path: Path) -> None:
    assert peek(path, "p", NOON) == Peek()
    assert not path.parent.exists()
    path.parent.mkdir()
    path.touch()
    assert peek(path, "p", NOON) == Peek()
    assert path.stat().st_size == 0


def test_the_figures(store: Store, path: Path) -> None:
    assert peek(path, "p", NOON) == Peek()
    for review in (answer("a", "wrong", 1), answer("a", "right", 5), answer("b", "partly", 3), answer("c", pack="x")):
        store.record_review(review)
    places = [LessonPlace("p", "one", 3, True, NOON), LessonPlace("p", "two", 1, False, NOON + MINUTE)]
    for place in places:
        store.set_lesson_place(place)
    store.start_sitting(sitting())
    assert peek(path, "p", NOON + 3 * MINUTE) == Peek(
        answers=3,
        answers_since=2,
        questions=2,
        missed=1,
        finished_lessons=1,
        open_sitting=OpenSitting("s1", "first", NOON, NOON + 20 * MINUTE),
        place=places[1],
    )
    assert len(store.memories("p")) == 2
    _, (kept,) = apply(sitting(), HandIn(), NOON + MINUTE)
    store.record_sitting_action(kept)
    assert peek(path, "p", NOON).open_sitting is None


def test_looking_loads_nothing_heavy(store: Store, path: Path) -> None:
    store.record_review(answer("a"))
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    modules = json.loads(done.stdout)
    assert not {name.split(".")[0] for name in modules} & {"sqlmodel", "sqlalchemy", "pydantic", "alembic", "yaml"}
    rooms = {name.split(".")[1] for name in modules if name.startswith("studyapp.")}
    assert rooms <= {"store", "study", "exams"}, "neither the questions nor the model are waited for"


def test_what_is_due_and_what_for(store: Store, path: Path) -> None:
    for review in (
        answer("a", "wrong"),
        answer("b", "right"),
        answer("old", "wrong", 2),
        answer("c", "wrong", pack="x"),
    ):
        store.record_review(review)
    tomorrow = NOON + 24 * 60 * MINUTE

    def due(**more: object) -> int:
        return peek(path, "p", NOON, **more).due  # type: ignore[arg-type]  # whatever is asked for

    assert due() == 0
    assert due(day_ends=tomorrow) == 2
    assert due(day_ends=NOON + 30 * 24 * 60 * MINUTE) == 3
    assert due(day_ends=tomorrow, called={"a": "a", "old": "a"}) == 1
    assert (peek(path, "p", NOON).exam_day, peek(path, "p", NOON).minutes) == (None, None)
    store.set_goal(Goal("p", NOON.date(), 25, NOON))
    assert (peek(path, "p", NOON).exam_day, peek(path, "p", NOON).minutes) == (NOON.date(), 25)


def test_a_store_of_the_first_schema_is_looked_at_as_it_is(store: Store, path: Path) -> None:
    store.record_review(answer("a"))
    store.close()
    connection = sqlite3.connect(path)
    for statement in ("DROP TABLE memory", "DROP TABLE goal", "UPDATE alembic_version SET version_num = '0001'"):
        connection.execute(statement)
    connection.commit()
    connection.close()
    assert peek(path, "p", NOON, day_ends=NOON).answers == 1


def test_the_last_answers_are_found_without_going_through_all_answers(store: Store, path: Path) -> None:
    store.record_review(answer("a"))
    connection = sqlite3.connect(path)
    try:
        for query in (_COUNTED, _NEWEST):
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", ("p",))]
            assert plan == ["SEARCH memory USING INDEX sqlite_autoindex_memory_1 (pack=?)"]
    finally:
        connection.close()


def test_before_the_pack_is_read_the_figures_are_those_of_all_its_questions(store: Store, path: Path) -> None:
    for minute, (question, verdict) in enumerate((("a", "wrong"), ("a", "right"), ("b", "partly"), ("c", "wrong"))):
        store.record_review(answer(question, verdict, minute))
    for days in (0, 1, 5, 60):
        ends = NOON + days * 24 * 60 * MINUTE
        assert peek(path, "p", NOON, day_ends=ends) == peek(
            path, "p", NOON, {each: each for each in "abc"}, day_ends=ends
        )
