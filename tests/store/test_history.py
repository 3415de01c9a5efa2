"""All that is remembered, out of one store and into another: the union, the same from both sides, or nothing at all."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.exams.sitting import Action, Answer, Flag, HandIn, Sitting, apply
from studyapp.store import memories
from studyapp.store.errors import StoreError
from studyapp.store.history import _Chain
from studyapp.store.merging import Merged
from studyapp.store.records import SittingResult
from studyapp.store.store import Store
from studyapp.study.agenda import Goal
from studyapp.study.marks import NOTE, Mark, Prediction
from studyapp.study.review import LessonPlace
from tests.exams.bank import MINUTE, NOON, sitting
from tests.store.test_encoding import FORMS
from tests.study.answers import answer

Way = Sequence[Action]


def text_of(store: Store) -> str:
    return "".join(store.export_history())


def written(store: Store, path: Path) -> Path:
    path.write_text(text_of(store), encoding="utf-8")
    return path


def sit(store: Store, way: Way, start: Sitting | None = None) -> Sitting:
    """Do something in an exam, from its beginning; what was done before counts once."""
    state = start or sitting()
    store.start_sitting(state)
    for minute, action in enumerate(way, start=1):
        state, (kept,) = apply(state, action, NOON + minute * MINUTE)
        if isinstance(action, HandIn):
            reviews = [
                replace(answer(f"q{item}", minute=minute), id=f"{state.id}:{item}", sitting_id=state.id, response=given)
                for item, given in state.answers.items()
            ]
            result = SittingResult(state.id, len(reviews), 3, 400, False, NOON + minute * MINUTE)
            store.record_sitting_action(kept, reviews=reviews, result=result)
        else:
            store.record_sitting_action(kept)
    return state


def fill(store: Store) -> None:
    """One of everything."""
    for minute, verdict in enumerate(("right", "wrong", "partly")):
        store.record_review(answer("a", verdict, minute))
    sit(store, [Answer(0, frozenset({1})), Flag(1), HandIn()])
    store.set_lesson_place(LessonPlace("p", "one", 2, True, NOON))
    store.set_goal(Goal("p", NOON.date(), 25, NOON))
    store.set_mark(Mark("p", "one", "Of votes", NOTE, "ask about [this]\nagain", NOON))
    store.record_prediction(Prediction("f1", "p", "one", "available('app')", "yes", "chance", "sure", NOON))


def derived_is_right(store: Store) -> None:
    with store._opened().connect() as connection:
        assert memories.differences(connection) == ()


def test_what_goes_out_comes_in(store: Store, tmp_path: Path) -> None:
    fill(store)
    path = written(store, tmp_path / "history.jsonl")
    with Store(tmp_path / "other.db") as other:
        assert other.import_history(path) == Merged(answers=4, exams=1, known=0)
        assert text_of(other) == path.read_text(encoding="utf-8")
        assert other.import_history(path) == Merged(answers=0, exams=0, known=4)
        assert text_of(other) == path.read_text(encoding="utf-8")
        assert other.memories("p") == store.memories("p")
        assert other.reviews("p") == store.reviews("p")
        assert other.load_sitting("s1") == store.load_sitting("s1")
        derived_is_right(other)


def test_an_empty_store_has_a_history_of_two_lines(store: Store, tmp_path: Path) -> None:
    path = written(store, tmp_path / "empty.jsonl")
    assert len(path.read_text().splitlines()) == 2
    assert store.import_history(path) == Merged(0, 0, 0)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FORMS, max_size=6))
def test_every_form_of_answer_goes_out_and_comes_in(tmp_path: Path, forms: list) -> None:  # type: ignore[type-arg]  # of every form there is
    for old in tmp_path.glob("*.db*"):
        old.unlink()
    with Store(tmp_path / "one.db") as one, Store(tmp_path / "two.db") as two:
        for number, form in enumerate(forms):
            one.record_review(replace(answer("q", minute=number), response=form))
        two.import_history(written(one, tmp_path / "h.jsonl"))
        assert two.reviews("p") == one.reviews("p")


A0, A1, A2 = (Answer(0, frozenset({n})) for n in range(3))

WAYS: list[tuple[str, Way, Way]] = [
    ("the same on both", [A0, HandIn()], [A0, HandIn()]),
    ("gone on with on one", [A0], [A0, A1]),
    ("handed in on one", [A0, A1], [A0, A1, HandIn()]),
    ("gone on with on both", [A0, A1], [A0, A2]),
    ("handed in on both, otherwise", [A0, A1, HandIn()], [A0, A2, HandIn()]),
    ("handed in on both, one after more", [A0, HandIn()], [A0, A2, HandIn()]),
    ("handed in on one, gone on with on the other", [A0, HandIn()], [A0, A1, A2]),
]


def two(tmp_path: Path, one: Callable[[Store], object], other: Callable[[Store], object]) -> tuple[Store, Store]:
    """Two stores that came to be apart."""
    stores = (Store(tmp_path / "one.db").open(), Store(tmp_path / "two.db").open())
    for store, make in zip(stores, (one, other), strict=True):
        make(store)
    return stores


@pytest.mark.parametrize("what, mine, theirs", WAYS, ids=[each[0] for each in WAYS])
def test_an_exam_that_went_on_apart(tmp_path: Path, what: str, mine: Way, theirs: Way) -> None:
    """Whichever is brought to the other, and again: the same, and nothing of either is lost."""
    one, other = two(tmp_path, lambda store: sit(store, mine), lambda store: sit(store, theirs))
    with one, other:
        ours, others = written(one, tmp_path / "one.jsonl"), written(other, tmp_path / "two.jsonl")
        one.import_history(others)
        other.import_history(ours)
        assert text_of(one) == text_of(other)
        before = text_of(one)
        for path in (ours, others, written(one, tmp_path / "both.jsonl")):
            one.import_history(path)
            assert text_of(one) == before
        with Store(tmp_path / "three.db") as third:
            for path in (others, ours):
                third.import_history(path)
            assert text_of(third) == before
        courses = [one.load_sitting(each.id) for each in one.sittings("p")]
        ends = [dict(each.answers) for each in courses if each is not None]
        for way in (mine, theirs):
            state = sitting()
            for minute, action in enumerate(way, start=1):
                state, _ = apply(state, action, NOON + minute * MINUTE)
            assert dict(state.answers) in ends or len(courses) == 1
        assert len(courses) == (2 if mine[: len(theirs)] != theirs[: len(mine)] else 1)
        graded = sum(isinstance(way[-1], HandIn) for way in ([mine] if mine == theirs else [mine, theirs]))
        assert len(one.reviews("p")) == graded
        assert sum(each.result is not None for each in one.sittings("p")) == graded
        derived_is_right(one)
        derived_is_right(other)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([1, 2, 3]), st.booleans()), max_size=20))
def test_the_union_is_the_same_from_both_sides(tmp_path: Path, given: list[tuple[int, int, bool]]) -> None:
    """Each thing was done on the one machine (1), the other (2) or on both (3)."""
    for old in tmp_path.glob("*.db*"):
        old.unlink()

    def make(mine: int) -> Callable[[Store], None]:
        def done(store: Store) -> None:
            for minute, where, right in given:
                if where & mine:
                    store.record_review(answer(f"q{minute % 4}", "right" if minute % 3 else "wrong", minute))
                    store.set_lesson_place(LessonPlace("p", "one", minute, right, NOON + (minute // 3) * MINUTE))
                    store.set_goal(Goal("p", NOON.date() if right else None, 1 + minute, NOON + (minute // 3) * MINUTE))
                    text = f"note {minute}" if right else ""
                    store.set_mark(Mark("p", "one", "Votes", NOTE, text, NOON + (minute // 3) * MINUTE))

        return done

    one, other = two(tmp_path, make(1), make(2))
    with one, other:
        ours, others = written(one, tmp_path / "1.jsonl"), written(other, tmp_path / "2.jsonl")
        everything = {each.id for store in (one, other) for each in store.reviews("p")}
        one.import_history(others)
        other.import_history(ours)
        assert text_of(one) == text_of(other)
        assert {each.id for each in one.reviews("p")} == everything
        derived_is_right(one)
        derived_is_right(other)


def refused(store: Store, path: Path) -> str:
    """How a file is refused; nothing of it has come in."""
    before = text_of(store)
    with pytest.raises(StoreError) as caught:
        store.import_history(path)
    assert text_of(store) == before
    assert caught.value.kept == "Nothing has been imported."
    assert str(path) in caught.value.what
    return caught.value.what


def corrupted(chance: random.Random, whole: bytes) -> bytes:
    """A file that something has happened to."""
    place = chance.randrange(len(whole))
    lines = whole.splitlines(keepends=True)
    some = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            return whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        case 1:
            return whole[:place]
        case 2:
            return whole[:place] + whole[place + 1 + chance.randrange(50) :]
        case 3:
            return whole[:place] + chance.randbytes(1 + chance.randrange(9)) + whole[place:]
        case 4:
            return b"".join([*lines[:some], *lines[some + 1 :]])
    return b"".join([*lines[:some], lines[some], *lines[some:]])


def corrupt(store: Store, tmp_path: Path, times: int) -> None:
    fill(store)
    for number in range(12):
        store.record_review(answer("b", minute=100 + number))
    whole = written(store, tmp_path / "whole.jsonl").read_bytes()
    chance = random.Random(times)
    path = tmp_path / "damaged.jsonl"
    with Store(tmp_path / "other.db") as other:
        other.record_review(answer("z"))
        for _ in range(times):
            broken = corrupted(chance, whole)
            if broken != whole:
                path.write_bytes(broken)
                assert ", line " in refused(other, path)


def test_a_damaged_file_is_refused_with_the_line(store: Store, tmp_path: Path) -> None:
    corrupt(store, tmp_path, 150)


@pytest.mark.nightly
def test_ten_thousand_damaged_files_are_refused(store: Store, tmp_path: Path) -> None:
    corrupt(store, tmp_path, 10_000)


def test_the_line_is_the_one_that_was_changed(store: Store, tmp_path: Path) -> None:
    fill(store)
    lines = text_of(store).splitlines(keepends=True)
    path = tmp_path / "damaged.jsonl"
    for number, line in enumerate(lines, start=1):
        path.write_text("".join([*lines[: number - 1], line.replace('"', "'", 1), *lines[number:]]))
        assert f"line {number}: " in refused(store, path)


def forged(said: list[dict[str, object]]) -> str:
    """A file whose sums are right, whatever it says."""
    chain = _Chain()
    return "".join(chain.line(each) for each in said)


def told_of(store: Store) -> list[dict[str, object]]:
    """What the lines of a store's history say."""
    found = []
    for line in store.export_history():
        said = json.loads(line)
        del said["sum"]
        found.append(said)
    return found


HOSTILE: list[tuple[str, str, str, object, str]] = [
    # kind, column, what it is set to
    ("a name that a terminal obeys", "review", "question_id", "a\x1b[2J", "its question_id is not a name"),
    ("a name that turns what follows around", "review", "pack", "a\u202eb", "its pack is not a name"),
    ("half a character", "review", "digest", "\ud800", "its digest is not a text"),
    ("an endless name", "review", "id", "x" * 301, "its id is not a name"),
    ("no number", "review", "points", "1", "its points is not a number"),
    ("a number without end", "review", "points", 1e300, "its points is not a number"),
    ("more points than there are", "review", "points", 1.5, "it says nothing that could have happened"),
    ("less than no points", "review", "points", -0.5, "it says nothing that could have happened"),
    ("points out of none", "review", "out_of", 0.0, "it says nothing that could have happened"),
    ("an exam worth more than all", "result", "points", 1e9, "it says nothing that could have happened"),
    ("the last moment of all", "review", "answered_at", "9999-12-31T23:59:59.999999+00:00", "is not a time"),
    ("the first moment of all", "goal", "at", "0001-01-01T00:00:00.000000+00:00", "is not a time"),
    ("a number below all", "review", "seed", -1, "its seed is not a whole number"),
    ("a number above all", "review", "seed", 2**63, "its seed is not a whole number"),
    ("true for a number", "review", "variant_number", True, "its variant_number is not a whole number"),
    ("a verdict that does not exist", "review", "verdict", "perhaps", "it says nothing that could have happened"),
    ("a certainty that does not exist", "review", "certainty", "very", "it says nothing that could have happened"),
    ("an answer that does not exist", "review", "response", '{"maybe":1}', "it says nothing that could have happened"),
    ("an answer of a thousand lists", "review", "response", "[" * 9000, "it says nothing that could have happened"),
    ("no time", "review", "answered_at", "yesterday", "its answered_at is not a time"),
    (
        "a time in another zone",
        "review",
        "answered_at",
        "2026-03-01T12:00:00.000000+01:00",
        "its answered_at is not a time",
    ),
    ("an exam that is not there", "review", "sitting_id", "s9", "it belongs to an exam that is not there"),
    ("a column that is missing", "review", "seed", None, "its seed is not a whole number"),
    ("a form that is none", "sitting", "form", "[]", "it says nothing that could have happened"),
    (
        "a form of anything",
        "sitting",
        "form",
        '{"seed":1,"pass_mark":1,"pass_share":1,"items":[[1,2,3]]}',
        "it says nothing",
    ),
    ("an action that does not exist", "action", "kind", "cheat", "it says nothing that could have happened"),
    ("an action after a gap", "action", "n", 7, "what was done before it"),
    ("an action of a question that is not there", "action", "item", 99, "an exam cannot have gone as this one"),
    ("an action of another exam", "action", "sitting_id", "s9", "it belongs to an exam that is not there"),
    ("a day that does not exist", "goal", "exam_day", "2026-02-30", "it says nothing that could have happened"),
    ("no minutes", "goal", "minutes", 0, "it says nothing that could have happened"),
    ("a mark of no kind", "mark", "kind", "stain", "it says nothing that could have happened"),
    ("an outcome that does not exist", "prediction", "said", "maybe", "it says nothing that could have happened"),
    ("half a section", "place", "section", 0.5, "its section is not a whole number"),
]


@pytest.mark.parametrize("what, kind, column, value, told", HOSTILE, ids=[each[0] for each in HOSTILE])
def test_what_never_happened_is_refused_though_its_sums_are_right(
    store: Store, tmp_path: Path, what: str, kind: str, column: str, value: object, told: str
) -> None:
    fill(store)
    said = told_of(store)
    row = next(each["row"] for each in said if each["kind"] == kind)
    assert isinstance(row, dict)
    row[column] = value
    path = tmp_path / "forged.jsonl"
    path.write_text(forged(said), encoding="utf-8")
    with Store(tmp_path / "other.db") as other:
        found = refused(other, path)
        assert told in found
        assert "\x1b" not in found


def test_what_is_no_history_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "file"
    for raw in (b"", b"{}", b"\n", b"hello\n", b"\xff\xfe" * 100, b"[" * 1_000_001, b'{"kind":"history"}\n'):
        path.write_bytes(raw)
        assert ", line 1: " in refused(store, path)
    first: list[dict[str, object]] = [
        {"kind": "end", "lines": 0},
        {"kind": "history", "format": "1"},
        {"kind": "review"},
    ]
    for each in first:
        path.write_text(forged([each]))
        assert "this is no history of studyapp" in refused(store, path)
    second: list[dict[str, object]] = [
        {"kind": "magic", "row": {}},
        {"kind": "review"},
        {"kind": "review", "row": [1]},
        {"kind": ["review"]},
    ]
    for body in second:
        path.write_text(forged([{"kind": "history", "format": 1}, body]))
        assert ", line 2: " in refused(store, path)
    path.write_text(forged([{"kind": "history", "format": 2}]))
    assert "was written by a newer studyapp" in refused(store, path)
    assert "cannot be read" in refused(store, tmp_path / "nowhere")
    assert "cannot be read" in refused(store, tmp_path)


def test_lines_out_of_their_order_and_twice_are_refused(store: Store, tmp_path: Path) -> None:
    fill(store)
    said = told_of(store)
    path = tmp_path / "forged.jsonl"
    path.write_text(forged([said[0], *reversed(said[1:-1]), said[-1]]))
    assert "stands behind what belongs behind it" in refused(store, path)
    exam = next(each for each in said if each["kind"] == "sitting")
    path.write_text(forged([said[0], exam, *said[1:-1], {"kind": "end", "lines": len(said) - 1}]))
    assert "this exam stands there twice" in refused(store, path)
    path.write_text(forged([*said[:-1], {"kind": "end", "lines": len(said)}]))
    assert "it does not end a history of" in refused(store, path)
    path.write_text(forged(said) + "more\n")
    assert "something stands behind the last line" in refused(store, path)


def test_another_answer_under_the_same_id_is_refused(store: Store, tmp_path: Path) -> None:
    store.record_review(answer("a"))
    with Store(tmp_path / "other.db") as other:
        other.record_review(answer("b"))
        other.record_review(replace(answer("a"), verdict="wrong"))
        path = written(other, tmp_path / "h.jsonl")
    assert "line 2: another review of the same id is here" in refused(store, path)
    assert [each.question_id for each in store.reviews("p")] == ["a"]


def test_an_exam_that_began_otherwise_is_refused(store: Store, tmp_path: Path) -> None:
    sit(store, [A0])
    with Store(tmp_path / "other.db") as other:
        sit(other, [A0], replace(sitting(), ends=NOON + timedelta(hours=9)))
        path = written(other, tmp_path / "h.jsonl")
    assert "began otherwise" in refused(store, path)
