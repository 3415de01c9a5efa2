"""What was learned in a pack is copied to the one that it is called now, and nothing is taken from any pack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studyapp.exams.sitting import Answer, HandIn
from studyapp.store.carrying import Left
from studyapp.store.store import Store
from studyapp.study.agenda import Goal
from studyapp.study.marks import NOTE, Mark
from studyapp.study.review import LessonPlace
from tests.exams.bank import MINUTE, NOON, sitting
from tests.store.test_history import derived_is_right, fill, sit, text_of, written
from tests.study.answers import answer

NOTHING = Left(0, 0, 0)


def rows_of(store: Store, pack: str) -> list[str]:
    """The lines of a history that are about a pack, without their sums."""
    found = (line.rpartition(',"sum":')[0] for line in text_of(store).splitlines())
    return [line for line in found if f'"pack":"{pack}"' in line]


def test_all_that_was_learned_is_there_as_well(store: Store) -> None:
    fill(store)
    before = rows_of(store, "p")
    assert store.left_in("p", "new") == Left(answers=4, exams=1, lessons=1)
    store.carry_over("p", "new")
    assert rows_of(store, "p") == before, "nothing is taken from where it was"
    assert [replace(each, pack="p", id="", sitting_id=None) for each in store.reviews("new")] == [
        replace(each, id="", sitting_id=None) for each in store.reviews("p")
    ]
    assert store.memories("new").keys() == store.memories("p").keys()
    assert [each.question_id for each in store.reviews("new", sitting_id="s1@new")] == ["q0"]
    [exam] = store.sittings("new")
    [old] = store.sittings("p")
    assert exam.result is not None
    assert old.result is not None
    assert (exam.id, exam.result.scaled) == ("s1@new", old.result.scaled)
    assert store.load_open_sitting("new") is None
    assert store.goal("new") == Goal("new", NOON.date(), 25, NOON)
    assert [mark.text for mark in store.marks("new")] == ["ask about [this]\nagain"]
    assert [place.section for place in store.lesson_places("new")] == [2]
    assert [each.id for each in store.predictions("new")] == ["f1@new"]
    derived_is_right(store)


def test_copying_again_changes_nothing_and_what_is_new_follows(store: Store) -> None:
    fill(store)
    store.carry_over("p", "new")
    once = text_of(store)
    assert store.left_in("p", "new") == NOTHING
    store.carry_over("p", "new")
    assert text_of(store) == once
    store.record_review(answer("b", minute=9))
    assert store.left_in("p", "new") == Left(1, 0, 0)
    store.carry_over("p", "new")
    assert len(store.reviews("new")) == 5
    derived_is_right(store)


def test_a_copy_of_a_copy_counts_once_and_so_does_one_that_comes_back(store: Store) -> None:
    fill(store)
    store.carry_over("p", "second")
    store.carry_over("second", "third")
    assert store.left_in("p", "third") == NOTHING
    store.carry_over("p", "third")
    assert len(store.reviews("third")) == 4
    assert store.left_in("third", "p") == NOTHING
    before = rows_of(store, "p")
    store.carry_over("third", "p")
    assert rows_of(store, "p") == before


def test_what_is_there_stays(store: Store) -> None:
    """A place, a note or a goal of the pack's own is not replaced, however late the other is."""
    fill(store)
    store.set_lesson_place(LessonPlace("new", "one", 0, False, NOON - MINUTE))
    store.set_mark(Mark("new", "one", "Of votes", NOTE, "my own", NOON - MINUTE))
    store.set_goal(Goal("new", None, 5, NOON - MINUTE))
    assert store.left_in("p", "new") == Left(4, 1, 0)
    store.carry_over("p", "new")
    assert [mark.text for mark in store.marks("new")] == ["my own"]
    assert [place.section for place in store.lesson_places("new")] == [0]
    assert store.goal("new") == Goal("new", None, 5, NOON - MINUTE)


def test_an_open_exam_stays_until_it_is_handed_in(store: Store) -> None:
    state = sit(store, [Answer(0, frozenset({1}))])
    assert store.left_in("p", "new") == NOTHING
    store.carry_over("p", "new")
    assert store.sittings("new") == ()
    assert store.load_open_sitting("p") == state
    sit(store, [Answer(0, frozenset({1})), HandIn()], sitting())
    assert store.left_in("p", "new") == Left(1, 1, 0)


def test_two_machines_copy_the_same(store: Store, tmp_path: Path) -> None:
    fill(store)
    with Store(tmp_path / "other.db") as other:
        other.import_history(written(store, tmp_path / "one.jsonl"))
        store.carry_over("p", "new")
        other.carry_over("p", "new")
        other.import_history(written(store, tmp_path / "two.jsonl"))
        assert text_of(other) == text_of(store)
        derived_is_right(other)


@pytest.mark.parametrize("new", ["x" * 100, "new"])
def test_ids_stay_short_enough_to_be_brought_elsewhere(new: str, store: Store, tmp_path: Path) -> None:
    store.record_review(replace(answer("a"), id="i" * 290))
    sit(store, [Answer(0, frozenset({1})), HandIn()], replace(sitting(), id="s" * 295))
    store.carry_over("p", new)
    with Store(tmp_path / "other.db") as other:
        other.import_history(written(store, tmp_path / "one.jsonl"))
        assert text_of(other) == text_of(store)
    assert store.left_in("p", new) == NOTHING


def test_a_pack_that_nothing_was_learned_in_leaves_nothing(store: Store) -> None:
    fill(store)
    assert store.left_in("'; DROP TABLE review; --", "new") == NOTHING
    assert store.left_in("new", "p") == NOTHING
