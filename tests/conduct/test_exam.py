"""Exams: nothing is judged before the end, nothing is lost before it, and nothing counts after it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.conduct import BadResponse, ConductError, ExamConductor
from studyapp.exams.score import Report
from studyapp.exams.sitting import IllegalMove
from studyapp.questions.parts import OptionsPart
from studyapp.store.errors import ELSEWHERE, StoreError
from tests.conduct.conftest import House
from tests.conduct.small import EXAM, HANGS, RIGHT, WRONG, services_in, write_pack
from tests.exams.bank import MINUTE, NOON


def begun(house: House, *, extra: float = 1.0, seed: int = 1) -> ExamConductor:
    """An exam of the small pack that begins now."""
    return ExamConductor.start(
        house.services, house.pack, house.pack.blueprints[0], seed, house.clock.time, extra=extra
    )


def resumed(house: House) -> ExamConductor:
    """The open exam, as a program sees it that has just been started."""
    found = ExamConductor.resume(house.services, house.pack, house.clock.time)
    assert found is not None
    return found


def name(exam: ExamConductor, item: int) -> str:
    """The id of a question."""
    return exam.sitting.form.items[item].question_id


def answer_all(exam: ExamConductor, house: House, *, right: int) -> None:
    """Answer every question, so many of them right."""
    for item in range(exam.total):
        answers = RIGHT if item < right else WRONG
        exam.answer(item, answers[name(exam, item)], house.clock.on(seconds=30))


def on_disk(house: House, query: str) -> list[tuple[object, ...]]:
    """What another program sees in the file."""
    connection = sqlite3.connect(house.services.paths.database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_an_exam_from_its_beginning_to_its_end(house: House) -> None:
    exam = begun(house)
    assert (exam.total, exam.running, exam.report, exam.remaining(house.clock.time)) == (4, True, None, 20 * MINUTE)
    assert exam.blueprint is house.pack.blueprints[0]
    answer_all(exam, house, right=3)
    report = exam.hand_in(house.clock.on(seconds=30))
    assert (report.points, report.out_of, report.scaled, report.passed) == (3, 4, 750, True)
    assert {objective for objective, _, _ in report.by_objective} == {"hosts", "sums"}
    assert report.time_used == timedelta(seconds=150)
    assert (exam.running, exam.report) == (False, report)
    for item in range(4):
        feedback = exam.feedback(item)
        assert feedback is not None
        assert feedback.grade.verdict == ("right" if item < 3 else "wrong")
    [record] = house.store.sittings("small")
    assert record.result is not None
    assert (record.result.scaled, record.result.passed) == (750, True)


def test_nothing_is_judged_before_the_end(house: House) -> None:
    exam = begun(house)
    answer_all(exam, house, right=4)
    with pytest.raises(IllegalMove, match="before the exam has been handed in"):
        exam.feedback(0)
    assert exam.report is None
    assert exam.tick(house.clock.time) is None
    assert on_disk(house, "SELECT count(*) FROM review") == [(0,)]
    shown = {attribute for attribute in dir(exam) if not attribute.startswith("_")}
    assert not shown & {"grades", "grade", "verdicts", "verdict", "score"}


def test_every_move_is_on_disk_when_it_returns_and_survives_a_restart(house: House) -> None:
    exam = begun(house)
    exam.answer(0, RIGHT[name(exam, 0)], house.clock.on(seconds=30))
    exam.flag(2, house.clock.on(seconds=5))
    exam.go(3, house.clock.on(seconds=5))
    exam.answer(3, WRONG[name(exam, 3)], house.clock.on(seconds=5))
    exam.answer(3, frozenset(), house.clock.on(seconds=5))
    exam.unflag(2, house.clock.on(seconds=5))
    exam.flag(1, house.clock.on(seconds=5))
    assert on_disk(house, "SELECT count(*) FROM sitting_action") == [(7,)]
    again = resumed(house)
    assert again.sitting == exam.sitting
    assert set(again.sitting.answers) == {0}
    assert again.sitting.flags == {1}
    assert again.sitting.position == 3
    assert [again.variant(i).prompt for i in range(4)] == [exam.variant(i).prompt for i in range(4)]
    assert [[o.index for o in again.variant(i).options] for i in range(4)] == [
        [o.index for o in exam.variant(i).options] for i in range(4)
    ]


def test_the_clock_runs_on_while_the_program_is_closed(house: House) -> None:
    begun(house)
    house.clock.on(minutes=12)
    assert resumed(house).remaining(house.clock.time) == 8 * MINUTE


def test_it_is_handed_in_as_of_its_end_when_it_is_opened_after_it(house: House) -> None:
    exam = begun(house)
    exam.answer(0, RIGHT[name(exam, 0)], house.clock.on(minutes=1))
    house.clock.on(days=3)
    late = resumed(house)
    assert not late.running
    assert (late.sitting.ended, late.sitting.expired) == (NOON + 20 * MINUTE, True)
    assert late.report is not None
    assert (late.report.points, late.report.unanswered) == (1, (1, 2, 3))
    assert ExamConductor.resume(house.services, house.pack, house.clock.time) is None
    assert [r.id for r in house.store.reviews("small")] == [f"{exam.sitting.id}:0"]
    assert house.store.reviews("small")[0].answered_at == NOON + MINUTE


def test_an_answer_that_comes_too_late_is_refused_and_the_exam_handed_in(house: House) -> None:
    exam = begun(house)
    exam.answer(0, RIGHT[name(exam, 0)], house.clock.on(minutes=1))
    house.clock.time = NOON + 20 * MINUTE
    with pytest.raises(IllegalMove, match="time is up"):
        exam.answer(1, RIGHT[name(exam, 1)], house.clock.time)
    assert not exam.running
    assert exam.report is not None
    assert exam.report.expired
    assert set(exam.sitting.answers) == {0}
    with pytest.raises(IllegalMove, match="handed in"):
        exam.answer(1, RIGHT[name(exam, 1)], NOON + MINUTE)
    with pytest.raises(IllegalMove):
        exam.hand_in(house.clock.time)


def test_a_tick_hands_in_at_the_end_and_not_before(house: House) -> None:
    exam = begun(house, extra=1.5)
    assert exam.tick(NOON + 30 * MINUTE - timedelta(microseconds=1)) is None
    report = exam.tick(NOON + 30 * MINUTE)
    assert isinstance(report, Report)
    assert (report.extra, report.expired, report.time_allowed) == (1.5, True, 30 * MINUTE)
    assert exam.tick(NOON + 31 * MINUTE) == report
    assert exam.warnings[0] == 15 * MINUTE


@pytest.mark.parametrize("after", [False, True])
def test_moves_that_cannot_be_saved_are_kept_in_order_and_recorded_once(house: House, after: bool) -> None:
    exam = begun(house)
    house.store.failures, house.store.after = 2, after
    with pytest.raises(StoreError, match="disk is full"):
        exam.answer(0, RIGHT[name(exam, 0)], house.clock.on(seconds=10))
    assert (exam.unsaved, set(exam.sitting.answers)) == (1, {0})
    with pytest.raises(StoreError):
        exam.flag(1, house.clock.on(seconds=10))
    assert exam.unsaved == 2
    exam.go(2, house.clock.on(seconds=10))
    assert exam.unsaved == 0
    assert resumed(house).sitting == exam.sitting
    exam.retry()
    assert on_disk(house, "SELECT n, kind FROM sitting_action ORDER BY n") == [(1, "answer"), (2, "flag"), (3, "go")]


@pytest.mark.parametrize("after", [False, True])
def test_an_end_that_cannot_be_saved_is_tried_again_and_counts_once(house: House, after: bool) -> None:
    exam = begun(house)
    answer_all(exam, house, right=4)
    house.store.failures, house.store.after = 1, after
    now = house.clock.on(seconds=30)
    with pytest.raises(StoreError):
        exam.hand_in(now)
    assert exam.running
    assert exam.report is None
    report = exam.hand_in(now)
    assert report.points == 4
    assert len(house.store.reviews("small")) == 4
    assert on_disk(house, "SELECT kind FROM sitting_action WHERE kind <> 'answer'") == [("hand-in",)]


def test_an_end_that_did_arrive_is_found_however_late_it_is_tried_again(house: House) -> None:
    exam = begun(house)
    answer_all(exam, house, right=4)
    house.store.failures, house.store.after = 1, True
    with pytest.raises(StoreError):
        exam.hand_in(house.clock.on(seconds=30))
    with pytest.raises(StoreError) as caught:
        exam.hand_in(house.clock.on(seconds=30))
    assert caught.value.reason == ELSEWHERE
    assert not exam.running
    assert exam.report is not None
    assert exam.report.points == 4


def test_two_windows_on_one_exam_do_not_overwrite_each_other(house: House) -> None:
    one = begun(house)
    two = resumed(house)
    one.answer(0, RIGHT[name(one, 0)], house.clock.on(seconds=10))
    with pytest.raises(StoreError) as caught:
        two.answer(1, RIGHT[name(two, 1)], house.clock.on(seconds=10))
    assert caught.value.reason == ELSEWHERE
    assert two.sitting == one.sitting, "the other window shows what was done in the first"
    assert two.unsaved == 0
    two.answer(1, RIGHT[name(two, 1)], house.clock.on(seconds=10))
    assert set(resumed(house).sitting.answers) == {0, 1}


def test_an_exam_that_could_not_be_recorded_has_not_begun(house: House) -> None:
    house.store.failures = 1
    with pytest.raises(StoreError):
        begun(house)
    assert ExamConductor.resume(house.services, house.pack, house.clock.time) is None
    begun(house)


def test_one_exam_at_a_time_until_its_time_is_up(house: House) -> None:
    first = begun(house)
    with pytest.raises(ConductError, match="still open"):
        begun(house, seed=2)
    house.clock.on(hours=1)
    second = begun(house, seed=2)
    assert second.sitting.id != first.sitting.id
    assert [record.result is not None for record in house.store.sittings("small")] == [False, True]


def test_answers_that_do_not_fit_are_refused(house: House) -> None:
    exam = begun(house)
    item = next(i for i in range(4) if name(exam, i) in ("hangs", "sum"))
    for response in (frozenset({0, 1}), frozenset({7})):
        with pytest.raises(BadResponse):
            exam.answer(item, response, house.clock.time)
    with pytest.raises(IllegalMove, match="There is no question 5"):
        exam.answer(4, frozenset({0}), house.clock.time)
    assert exam.sitting.moves == 0


def test_looking_where_one_is_is_no_move(house: House) -> None:
    exam = begun(house)
    exam.go(0, house.clock.on(seconds=5))
    assert exam.sitting.moves == 0


def test_what_is_remembered_of_the_answers(house: House) -> None:
    exam = begun(house)
    exam.answer(2, WRONG[name(exam, 2)], house.clock.on(seconds=30))
    exam.hand_in(house.clock.on(seconds=30))
    [review] = house.store.reviews("small")
    assert (review.id, review.sitting_id) == (f"{exam.sitting.id}:2", exam.sitting.id)
    assert (review.question_id, review.verdict, review.certainty) == (name(exam, 2), "wrong", None)
    assert (review.shown_at, review.answered_at) == (NOON, NOON + timedelta(seconds=30))
    assert (review.seed, review.variant_number) == (exam.sitting.form.items[2].seed, exam.variant(2).number)


def test_an_exam_of_the_past_can_be_looked_at_again(house: House) -> None:
    exam = begun(house)
    answer_all(exam, house, right=2)
    report = exam.hand_in(house.clock.on(seconds=30))
    again = ExamConductor.load(house.services, house.pack, exam.sitting.id)
    assert again.report == report
    assert again.feedback(0) == exam.feedback(0)
    with pytest.raises(KeyError):
        ExamConductor.load(house.services, house.pack, "nothing")


def test_questions_that_have_gone_are_told_while_it_runs_and_do_not_count_after(house: House) -> None:
    exam = begun(house)
    answer_all(exam, house, right=4)
    pack = replace(house.pack, questions=tuple(q for q in house.pack.questions if q.id != "sum"))
    with pytest.raises(ConductError, match="no longer in the pack: sum"):
        ExamConductor.resume(house.services, pack, house.clock.time)
    house.clock.on(days=1)
    late = ExamConductor.resume(house.services, pack, house.clock.time)
    assert late is not None
    assert late.report is not None
    assert (late.report.points, late.report.out_of, len(late.report.withdrawn)) == (2, 2, 2)
    gone = late.report.withdrawn[0]
    assert late.feedback(gone) is None


def test_an_answer_that_no_longer_fits_counts_as_none(house: House) -> None:
    exam = begun(house)
    answer_all(exam, house, right=4)
    hangs = house.pack.question("hangs")
    content = replace(hangs.content(), answer=OptionsPart(hangs.options[:1]))
    shorter = replace(hangs, content=lambda: content)
    questions = tuple(shorter if q.id == "hangs" else q for q in house.pack.questions)
    house.clock.on(days=1)
    late = ExamConductor.resume(house.services, replace(house.pack, questions=questions), house.clock.time)
    assert late is not None
    assert late.report is not None
    assert late.report.points == 4 - sum(item.question_id == "hangs" for item in exam.sitting.form.items)


def test_an_exam_that_the_pack_cannot_fill_does_not_begin(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs" / "small", first=EXAM.replace("questions: 4", "questions: 40"))
    services, clock, store = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        with pytest.raises(ConductError, match="cannot be drawn"):
            ExamConductor.start(services, pack, pack.blueprints[0], 1, clock.time)
        assert store.load_open_sitting("small") is None


def test_an_exam_with_a_question_that_cannot_be_asked_does_not_begin(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs" / "small", hangs=HANGS.replace('[not quorum("hv")]', "[1 / 0 > 1]"))
    services, clock, store = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        with pytest.raises(ConductError, match="The question hangs cannot be asked"):
            ExamConductor.start(services, pack, pack.blueprints[0], 1, clock.time)
        assert store.load_open_sitting("small") is None


moves = st.lists(
    st.tuples(
        st.sampled_from(["right", "wrong", "none", "flag", "unflag", "go", "restart", "fail", "tick"]),
        st.integers(0, 3),
        st.integers(0, 200),
    ),
    max_size=15,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_whatever_is_done_what_is_shown_is_what_is_kept(tmp_path: Path, course: list[tuple[str, int, int]]) -> None:
    """Restarts and failures of the store included: the state after them is that of an exam without any."""
    for old in (tmp_path / "data").glob("*"):
        old.unlink()
    write_pack(tmp_path / "packs" / "small")
    services, clock, store = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        exam = ExamConductor.start(services, pack, pack.blueprints[0], 1, clock.time)
        marked: dict[int, frozenset[int]] = {}
        for what, item, seconds in course:
            now = clock.on(seconds=seconds)
            if what == "restart":
                try:
                    exam.retry()
                    found = ExamConductor.resume(services, pack, now)
                except StoreError:  # it fails once; the learner tries again
                    exam.retry()
                    found = ExamConductor.resume(services, pack, now)
                exam = found or ExamConductor.load(services, pack, exam.sitting.id)
                continue
            if what == "fail":
                store.failures = 1
                continue
            responses = {"right": RIGHT[name(exam, item)], "wrong": WRONG[name(exam, item)], "none": frozenset[int]()}
            took = exam.running and not exam.expired(now)
            try:
                if what in responses:
                    exam.answer(item, responses[what], now)
                elif what == "tick":
                    exam.tick(now)
                else:
                    {"flag": exam.flag, "unflag": exam.unflag, "go": exam.go}[what](item, now)
            except IllegalMove:
                assert not took
            except StoreError:
                pass
            if took and what in responses:
                marked[item] = responses[what]
        store.failures = 0
        exam.retry()
        answers = {item: given for item, given in marked.items() if given}
        assert exam.sitting.answers == answers
        assert store.load_sitting(exam.sitting.id) == exam.sitting
        report = exam.tick(NOON + 99 * MINUTE)
        assert report is not None
        assert report.points == sum(given == RIGHT[name(exam, item)] for item, given in answers.items())
        assert len(store.reviews("small")) == len(answers)
