"""What is put in comes out, once, and is on disk as soon as the call returns."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.exams.clock import NaiveTime
from studyapp.exams.sitting import Action, Answer, Expire, Flag, Go, HandIn, Kept, Sitting, Unflag, apply
from studyapp.questions.question import CERTAINTIES
from studyapp.store.errors import CLOSED, ELSEWHERE, StoreError
from studyapp.store.records import SittingRecord, SittingResult
from studyapp.store.store import Store
from studyapp.study.agenda import Goal
from studyapp.study.marks import NOTE, Mark
from studyapp.study.review import VERDICTS, LessonPlace, Review
from tests.exams.bank import MINUTE, NOON, sitting
from tests.study.answers import answer

zones = st.sampled_from([UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=5, minutes=45))])
moments = st.builds(
    lambda microseconds, zone: (NOON + timedelta(microseconds=microseconds)).astimezone(zone),
    st.integers(-(10**15), 10**15),
    zones,
)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
reviews = st.builds(
    Review,
    id=texts,
    pack=texts,
    question_id=texts,
    seed=st.integers(-(2**62), 2**62),
    variant_number=st.integers(0, 2**31),
    digest=texts,
    model_version=texts,
    response=st.frozensets(st.integers(0, 30)),
    points=st.floats(0, 1),
    out_of=st.floats(0, 1),
    verdict=st.sampled_from(VERDICTS),
    misconception=st.none() | texts,
    certainty=st.none() | st.sampled_from(CERTAINTIES),
    shown_at=moments,
    answered_at=moments,
)


def on_disk(path: Path, query: str) -> list[tuple[object, ...]]:
    """What another program sees in the file."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def handed_in(start: Sitting, store: Store) -> Sitting:
    """A sitting with one of each action, all recorded."""
    state = start
    steps: tuple[Action, ...] = (
        Answer(0, frozenset({2, 1})),
        Go(2),
        Flag(1),
        Unflag(1),
        Flag(2),
        Answer(2, frozenset()),
        HandIn(),
    )
    for minute, action in enumerate(steps, start=1):
        state, effects = apply(state, action, NOON + minute * MINUTE)
        for kept in effects:
            store.record_sitting_action(kept)
    return state


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(reviews, max_size=5, unique_by=lambda each: each.id))
def test_answers_come_back_as_they_were(tmp_path: Path, given: list[Review]) -> None:
    path = tmp_path / "studyapp.db"
    for old in tmp_path.glob("studyapp.db*"):
        old.unlink()
    with Store(path) as store:
        for review in given:
            store.record_review(review)
    with Store(path) as store:
        for pack in {each.pack for each in given}:
            mine = [each for each in given if each.pack == pack]
            assert list(store.reviews(pack)) == sorted(mine, key=lambda each: (each.answered_at, each.id))


def test_an_answer_is_on_disk_when_the_call_returns(store: Store, path: Path) -> None:
    store.record_review(answer("q1"))
    assert on_disk(path, "SELECT question_id, response FROM review") == [("q1", "[0,1]")]


def test_the_same_answer_counts_once(store: Store) -> None:
    for _ in range(3):
        store.record_review(answer("q1"))
    assert store.reviews("p") == (answer("q1"),)


def test_an_answer_is_never_changed(store: Store) -> None:
    store.record_review(answer("q1"))
    with pytest.raises(StoreError) as caught:
        store.record_review(replace(answer("q1"), verdict="wrong"))
    assert caught.value.reason == ELSEWHERE
    assert store.reviews("p") == (answer("q1"),)


def test_answers_by_pack_question_and_time(store: Store) -> None:
    for review in (answer("a", minute=1), answer("b", minute=2), answer("a", "wrong", 3), answer("c", pack="other")):
        store.record_review(review)
    assert [each.id for each in store.reviews("p")] == ["a-1", "b-2", "a-3"]
    assert [each.id for each in store.reviews("p", question_id="a")] == ["a-1", "a-3"]
    assert [each.id for each in store.reviews("p", since=NOON + 2 * MINUTE)] == ["b-2", "a-3"]
    assert store.reviews("nothing") == ()
    with pytest.raises(NaiveTime):
        store.reviews("p", since=datetime(2026, 3, 1))  # noqa: DTZ001  # this is what must be refused


def test_a_sitting_comes_back_as_it_was_left(store: Store, path: Path) -> None:
    start = sitting(extra=1.5)
    store.start_sitting(start)
    assert store.load_open_sitting("p") == start
    state, (kept,) = apply(start, Answer(1, frozenset({0, 3})), NOON + MINUTE)
    store.record_sitting_action(kept)
    store.close()
    with Store(path) as later:
        assert later.load_open_sitting("p") == state
        assert later.load_sitting("s1") == state
        assert later.load_open_sitting("another pack") is None
        assert later.load_sitting("another") is None


def test_every_action_comes_back(store: Store) -> None:
    store.start_sitting(sitting())
    state = handed_in(sitting(), store)
    assert store.load_sitting("s1") == state
    assert store.load_open_sitting("p") is None


def test_a_sitting_that_ran_out_is_over(store: Store) -> None:
    store.start_sitting(sitting())
    state, (kept,) = apply(sitting(), Expire(), NOON + 60 * MINUTE)
    store.record_sitting_action(kept)
    assert store.load_sitting("s1") == state
    assert store.load_open_sitting("p") is None


def test_the_same_action_counts_once_and_another_in_its_place_is_refused(store: Store) -> None:
    store.start_sitting(sitting())
    state, (kept,) = apply(sitting(), Answer(0, frozenset({1})), NOON + MINUTE)
    for _ in range(3):
        store.record_sitting_action(kept)
    with pytest.raises(StoreError) as caught:
        store.record_sitting_action(Kept("s1", 1, Answer(0, frozenset({2})), NOON + MINUTE))
    assert caught.value.reason == ELSEWHERE
    assert store.load_open_sitting("p") == state


def test_the_end_of_a_sitting_is_remembered_with_its_result_or_not_at_all(store: Store) -> None:
    store.start_sitting(sitting())
    _, (kept,) = apply(sitting(), HandIn(), NOON + MINUTE)
    result = SittingResult("s1", 2, 3, 666, False, NOON + MINUTE)
    mine = [replace(answer(f"q{i}"), sitting_id="s1") for i in range(2)]
    store.record_review(replace(mine[1], verdict="partly"))
    with pytest.raises(StoreError):
        store.record_sitting_action(kept, reviews=mine, result=result)
    assert store.load_open_sitting("p") == sitting()
    assert store.sittings("p")[0].result is None
    assert len(store.reviews("p", sitting_id="s1")) == 1
    fresh = [replace(each, id=f"s1:{i}") for i, each in enumerate(mine)]
    for _ in range(2):
        store.record_sitting_action(kept, reviews=fresh, result=result)
    assert len(store.reviews("p", sitting_id="s1")) == 3
    assert store.sittings("p") == (SittingRecord("s1", "p", "first", NOON, NOON + 20 * MINUTE, 1.0, result),)


def test_one_open_sitting_in_a_pack(store: Store) -> None:
    store.start_sitting(sitting())
    store.start_sitting(sitting())
    with pytest.raises(StoreError) as caught:
        store.start_sitting(replace(sitting(), id="s2"))
    assert caught.value.reason == ELSEWHERE
    store.start_sitting(replace(sitting(), id="s3", pack="other"))
    handed_in(sitting(), store)
    store.start_sitting(replace(sitting(), id="s2", started=NOON + 60 * MINUTE))
    assert [each.id for each in store.sittings("p")] == ["s2", "s1"]


def test_an_action_of_no_sitting_is_refused(store: Store) -> None:
    with pytest.raises(StoreError):
        store.record_sitting_action(Kept("nobody", 1, HandIn(), NOON))


def test_places_in_lessons(store: Store) -> None:
    first, second = (LessonPlace("p", "a", n, False, NOON + n * MINUTE) for n in (1, 2))
    other = LessonPlace("p", "b", 4, True, NOON + 3 * MINUTE)
    for place in (first, second, other):
        store.set_lesson_place(place)
    assert store.lesson_place("p", "a") == second
    assert store.lesson_places("p") == (other, second)
    assert store.lesson_place("p", "c") is None
    assert store.lesson_places("other") == ()


def test_what_is_said_last_holds_though_the_clock_was_set_back(store: Store) -> None:
    for section, at in ((1, NOON), (2, NOON - timedelta(days=30))):
        store.set_lesson_place(LessonPlace("p", "a", section, False, at))
        store.set_mark(Mark("p", "a", "Votes", NOTE, f"note {section}", at))
        store.set_goal(Goal("p", None, section, at))
    tick = timedelta(microseconds=1)
    assert store.lesson_place("p", "a") == LessonPlace("p", "a", 2, False, NOON + tick)
    assert store.marks("p") == (Mark("p", "a", "Votes", NOTE, "note 2", NOON + tick),)
    assert store.goal("p") == Goal("p", None, 2, NOON + tick)


def test_what_is_committed_would_survive_a_power_cut(store: Store) -> None:
    assert store.journal == "wal"
    connection = store._connect()
    try:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (200,)
    finally:
        connection.close()


def test_a_rollback_journal_where_the_log_is_refused(path: Path) -> None:
    """Locks by files share no memory between programs, as some network file systems do not."""
    with Store(path, parameters={"vfs": "unix-dotfile"}) as store:
        assert store.journal == "delete"
        store.record_review(answer("q1"))
        store.start_sitting(sitting())
        handed_in(sitting(), store)
    with Store(path, parameters={"vfs": "unix-dotfile"}) as store:
        assert store.reviews("p") == (answer("q1"),)
        assert store.journal == "delete"


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError) as caught:
        store.reviews("p")
    assert caught.value.reason == CLOSED
    store.open()
    assert store.reviews("p") == ()
