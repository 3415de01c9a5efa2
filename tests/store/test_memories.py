"""What is derived of the answers is what they come to, in whatever order and by whatever way they arrived."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.exams.sitting import HandIn, apply
from studyapp.store import memories, migrate
from studyapp.store.store import Store
from studyapp.study.agenda import Goal
from studyapp.study.review import Review
from studyapp.study.schedule import recall
from tests.exams.bank import NOON, sitting
from tests.study.answers import answer

ANSWERS = st.lists(
    st.builds(
        answer,
        st.sampled_from(["a", "b"]),
        st.sampled_from(["right", "wrong", "partly"]),
        st.integers(0, 20_000),
        pack=st.sampled_from(["p", "other"]),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


def differences(store: Store) -> tuple[memories.Family, ...]:
    with store._opened().connect() as connection:
        return memories.differences(connection)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS)
def test_a_memory_is_what_the_answers_come_to_in_whatever_order(tmp_path: Path, given: list[Review]) -> None:
    for old in tmp_path.glob("studyapp.db*"):
        old.unlink()
    with Store(tmp_path / "studyapp.db") as store:
        for review in (*given, *given[:2]):
            store.record_review(review)
        for pack in ("p", "other"):
            ids = {each.question_id for each in given if each.pack == pack}
            assert store.memories(pack) == {
                question: recall(each for each in given if (each.pack, each.question_id) == (pack, question))
                for question in ids
            }
        assert differences(store) == ()


def test_an_exam_counts_as_well(store: Store) -> None:
    store.start_sitting(sitting())
    _, (kept,) = apply(sitting(), HandIn(), NOON + timedelta(minutes=5))
    mine = [answer("a", minute=3), answer("b", "wrong", minute=1)]
    for _ in range(2):
        store.record_sitting_action(kept, reviews=mine)
    assert {name: each.answers for name, each in store.memories("p").items()} == {"a": 1, "b": 1}


def change(store: Store, statement: str) -> None:
    with store._writes.begin() as connection:
        connection.exec_driver_sql(statement)


def test_what_an_older_schedule_made_is_made_anew(store: Store, path: Path) -> None:
    for minute in (0, 4000, 9000):
        store.record_review(answer("a", minute=minute))
    before = store.memories("p")
    assert before["a"].spread_depth2 > 0
    store.close()
    with sqlite3.connect(path, isolation_level=None) as older:
        for name in ("leaning", "spread_depth", "spread_depth2"):
            older.execute(f"ALTER TABLE memory DROP COLUMN {name}")
        older.execute("UPDATE derived SET version = 'fsrs-6.1'")
        older.execute("UPDATE alembic_version SET version_num = '0003'")
    older.close()
    with Store(path) as newer:
        assert newer.memories("p") == before
        assert differences(newer) == ()


def test_what_was_changed_behind_its_back_is_found_and_made_again(store: Store) -> None:
    for minute, name in enumerate("aabbc"):
        store.record_review(answer(name, minute=minute))
    before = store.memories("p")
    change(store, "UPDATE memory SET stability = 99 WHERE question_id = 'a'")
    change(store, "DELETE FROM memory WHERE question_id = 'b'")
    change(
        store,
        "INSERT INTO memory SELECT pack, 'x', state, step, stability, difficulty, due, last_at, last_id, verdict,"
        " variant_number, answers, lapses, seconds, first, recalls, recalled, expected, spread, leaning,"
        " spread_depth, spread_depth2 FROM memory WHERE question_id = 'c'",
    )
    assert differences(store) == (("p", "a"), ("p", "b"), ("p", "x"))
    with store._writes.begin() as connection:
        memories.rebuild(connection)
    assert differences(store) == ()
    assert store.memories("p") == before


def test_memories_of_another_schedule_are_made_anew_when_the_store_is_opened(store: Store, path: Path) -> None:
    store.record_review(answer("a"))
    change(store, "UPDATE memory SET stability = 99")
    with Store(path) as later:
        assert later.memories("p")["a"].stability == 99, "nothing is made anew without a reason"
    change(store, "UPDATE derived SET version = 'another'")
    with Store(path) as later:
        assert later.memories("p")["a"] == recall([answer("a")])


def test_a_store_of_the_first_schema_gets_its_memories(path: Path) -> None:
    path.parent.mkdir()
    old = Store(path)
    engine = old._make_engine().execution_options(writes=True)
    config = migrate.alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO review VALUES ('a-1', 'p', 'a', 1, 0, 'd', '1', '[0]', 1, 1, 'right', NULL, 'sure',"
            " '2026-03-01T12:00:00.000000+00:00', '2026-03-01T12:01:00.000000+00:00', NULL)"
        )
    engine.dispose()
    with Store(path) as store:
        assert store.memories("p") == {"a": recall(store.reviews("p"))}


def test_the_answers_to_a_renamed_question_are_taken_together(store: Store) -> None:
    made = [answer("old", minute=1), answer("new", minute=9_000), answer("gone", minute=2)]
    for review in made:
        store.record_review(review)
    called = {"old": "new", "new": "new", "other": "other"}
    assert store.memories("p", called) == {"new": recall(made[:2])}
    assert store.memories("p", {"old": "newer"}) == {"newer": recall(made[:1])}


def test_the_goal_that_is_set_last_holds(store: Store, path: Path) -> None:
    """Also where the clock was set back in between: it counts as a moment later than the one before."""
    day = NOON.date()
    assert store.goal("p") is None
    for goal in (Goal("p", day, 30, NOON), Goal("p", None, 10, NOON - timedelta(minutes=1))):
        store.set_goal(goal)
    with Store(path) as later:
        held = later.goal("p")
    assert held is not None
    assert (held.exam_day, held.minutes) == (None, 10)
    assert held.at > NOON
    store.set_goal(Goal("p", None, 15, NOON + timedelta(minutes=1)))
    assert store.goal("p") == Goal("p", None, 15, NOON + timedelta(minutes=1))
    with pytest.raises(ValueError, match="minutes"):
        Goal("p", None, 0, NOON)
