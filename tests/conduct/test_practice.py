"""Practice: on disk before it is told, once, whatever goes wrong on the way."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from studyapp.conduct import BadResponse, ConductError, Practice, checkpoint
from studyapp.exams.form import SEEDS
from studyapp.packs.facts import model_version
from studyapp.store.errors import StoreError
from studyapp.study.agenda import Goal
from studyapp.study.session import ASKING, DONE, FEEDBACK, UNSAVED, IllegalMove
from tests.conduct.conftest import House
from tests.conduct.small import HANGS, LOST, RIGHT, SUM, WRONG, services_in, write_pack


def answers_on_disk(house: House) -> int:
    """How many answers another program sees in the file."""
    connection = sqlite3.connect(house.services.paths.database)
    try:
        (found,) = connection.execute("SELECT count(*) FROM review").fetchone()
        return int(found)
    finally:
        connection.close()


def asked(practice: Practice) -> str:
    """The id of the current question."""
    assert practice.current is not None
    return practice.current.question.id


def test_a_session_from_its_beginning_to_its_end(house: House) -> None:
    practice = Practice(house.services, house.pack, 5, seed=1)
    assert (practice.total, practice.number, practice.phase) == (3, 1, ASKING)
    for n in range(1, 4):
        answer = RIGHT if n != 2 else WRONG
        feedback = practice.answer(answer[asked(practice)], "sure", house.clock.on(seconds=40))
        assert answers_on_disk(house) == n
        assert (practice.number, practice.phase, practice.feedback) == (n, FEEDBACK, feedback)
        practice.advance()
    assert (practice.phase, practice.current) == (DONE, None)
    assert practice.verdicts == ("right", "wrong", "right")
    assert practice.feedback is None
    assert practice.left_out == ()


@pytest.mark.parametrize("ahead", [False, True], ids=["on a day like any other", "with an exam ahead"])
def test_only_questions_with_a_tag_are_asked(house: House, ahead: bool) -> None:
    write_pack(
        house.folder,
        hangs=HANGS.replace("objective", "tags: [Guests]\nobjective", 1),
        sum=SUM.replace("objective", "tags: [guests, easy]\nobjective", 1),
    )
    pack = house.services.open_pack(str(house.folder))
    if ahead:
        house.store.set_goal(Goal("small", house.clock.time.date(), 20, house.clock.time))
    practice = Practice(house.services, pack, 5, seed=1, tag="GUESTS")
    assert {each.question.id for each in practice.variants} == {"hangs", "sum"}
    assert practice.why == ("Only questions with the tag GUESTS: 2 questions.",)
    with pytest.raises(ConductError, match=r'No question of small has the tag "gests"\..*Did you mean "Guests"\?'):
        Practice(house.services, pack, 5, seed=1, tag="gests")
    with pytest.raises(ConductError, match=r"Its tags are: Guests, easy\."):
        Practice(house.services, pack, 5, seed=1, tag="what else")
    with pytest.raises(ConductError, match="Its questions have no tags"):
        Practice(house.services, house.pack, 5, seed=1, tag="guests")


def test_what_is_recorded(house: House) -> None:
    practice = checkpoint(house.services, house.pack, "hangs", seed=5)
    variant = practice.current
    assert variant is not None
    practice.answer(WRONG["hangs"], "guess", house.clock.on(seconds=40))
    [review] = house.store.reviews("small")
    assert (review.question_id, review.seed, review.variant_number) == ("hangs", 5, variant.number)
    assert (review.digest, review.model_version) == (variant.question.digest, model_version())
    assert (review.response, review.verdict, review.points, review.out_of) == (frozenset({0}), "wrong", 0.0, 1.0)
    assert (review.misconception, review.certainty) == ("host-cluster-sees-guests", "guess")
    assert (review.answered_at - review.shown_at).total_seconds() == 40
    assert review.sitting_id is None


def test_a_question_is_shown_when_it_is_asked(house: House) -> None:
    practice = Practice(house.services, house.pack, 2, seed=1)
    practice.answer(RIGHT[asked(practice)], None, house.clock.on(seconds=10))
    house.clock.on(seconds=300)
    practice.advance()
    practice.answer(RIGHT[asked(practice)], None, house.clock.on(seconds=20))
    assert [(r.answered_at - r.shown_at).total_seconds() for r in house.store.reviews("small")] == [10, 20]


def test_a_clock_that_is_set_back_does_no_harm(house: House) -> None:
    practice = checkpoint(house.services, house.pack, "sum", seed=1)
    practice.answer(RIGHT["sum"], None, house.clock.on(hours=-5))
    [review] = house.store.reviews("small")
    assert review.shown_at == review.answered_at


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_cannot_be_saved_is_kept_and_recorded_once(house: House, after: bool) -> None:
    practice = Practice(house.services, house.pack, 2, seed=1)
    house.store.failures, house.store.after = 2, after
    answer = RIGHT[asked(practice)]
    with pytest.raises(StoreError, match="disk is full"):
        practice.answer(answer, "sure", house.clock.on(seconds=10))
    assert (practice.phase, practice.feedback, practice.verdicts) == (UNSAVED, None, ())
    for move in (practice.advance, practice.skip):
        with pytest.raises(IllegalMove, match="not saved"):
            move()
    with pytest.raises(IllegalMove, match="not saved"):
        practice.answer(answer, "sure", house.clock.time)
    with pytest.raises(StoreError):
        practice.retry()
    house.clock.on(seconds=500)
    feedback = practice.retry()
    assert feedback.grade.verdict == "right"
    assert (practice.phase, practice.verdicts) == (FEEDBACK, ("right",))
    assert answers_on_disk(house) == 1
    [review] = house.store.reviews("small")
    assert (review.answered_at - review.shown_at).total_seconds() == 10, "the time is that of the answer"
    with pytest.raises(IllegalMove):
        practice.retry()


def test_moves_out_of_turn_change_nothing(house: House) -> None:
    practice = Practice(house.services, house.pack, 1, seed=1)
    with pytest.raises(IllegalMove, match="Answer the question first"):
        practice.advance()
    with pytest.raises(IllegalMove):
        practice.retry()
    practice.answer(RIGHT[asked(practice)], None, house.clock.time)
    with pytest.raises(IllegalMove, match="has been answered"):
        practice.answer(RIGHT[asked(practice)], None, house.clock.time)
    with pytest.raises(IllegalMove):
        practice.skip()
    practice.advance()
    with pytest.raises(IllegalMove, match="over"):
        practice.advance()
    assert answers_on_disk(house) == 1


@pytest.mark.parametrize("response", [frozenset[int](), frozenset({0, 1}), frozenset({9}), frozenset({-1})])
def test_an_answer_that_does_not_fit_is_refused(house: House, response: frozenset[int]) -> None:
    practice = checkpoint(house.services, house.pack, "hangs", seed=1)
    with pytest.raises(BadResponse):
        practice.answer(response, None, house.clock.time)
    assert (practice.phase, answers_on_disk(house)) == (ASKING, 0)


def test_a_skipped_question_leaves_no_trace(house: House) -> None:
    practice = Practice(house.services, house.pack, 2, seed=1)
    first = asked(practice)
    practice.skip()
    assert asked(practice) != first
    practice.skip()
    assert (practice.phase, answers_on_disk(house)) == (DONE, 0)


def test_missed_questions_come_back_first_in_another_variant(house: House) -> None:
    practice = Practice(house.services, house.pack, 3, seed=1)
    numbers = {}
    while practice.current is not None:
        name = asked(practice)
        numbers[name] = practice.current.number
        practice.answer((WRONG if name == "hangs" else RIGHT)[name], None, house.clock.on(seconds=9))
        practice.advance()
    again = Practice(house.services, house.pack, 3, seed=2)
    assert asked(again) == "hangs"
    assert again.current is not None
    assert again.current.number != numbers["hangs"]


def test_the_same_seed_asks_the_same(house: House) -> None:
    def items(seed: int) -> list[tuple[str, int]]:
        return [(v.question.id, v.seed) for v in Practice(house.services, house.pack, 3, seed).variants]

    assert items(1) == items(1)
    assert items(1) != items(2)
    assert all(0 <= seed < SEEDS for _, seed in items(3))


def test_a_checkpoint_asks_one_question(house: House) -> None:
    practice = checkpoint(house.services, house.pack, "lost", seed=3)
    assert (practice.total, asked(practice)) == (1, "lost")
    with pytest.raises(KeyError):
        checkpoint(house.services, house.pack, "no-such-question", seed=3)


def test_a_question_that_cannot_be_asked_is_left_out_and_told(tmp_path: Path) -> None:
    """A claim on something that only fails when it is evaluated: a pack that was never checked."""
    write_pack(tmp_path / "packs" / "small", hangs=HANGS.replace('[not quorum("hv")]', "[1 / 0 > 1]"))
    services, _, _ = services_in(tmp_path)
    with services:
        pack = services.open_pack("small")
        practice = Practice(services, pack, 3, seed=1)
        assert sorted(each.question.id for each in practice.variants) == ["lost", "sum"]
        [error] = practice.left_out
        assert error.what.startswith("The question hangs cannot be asked: ")
        with pytest.raises(ConductError, match="hangs"):
            checkpoint(services, pack, "hangs", seed=1)


def test_an_empty_pack_is_over_at_once(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs" / "small", hangs=None, lost=None, sum=None)
    services, _, _ = services_in(tmp_path)
    with services:
        practice = Practice(services, services.open_pack("small"), 3, seed=1)
        assert (practice.phase, practice.total, practice.number) == (DONE, 0, 0)


def test_two_packs_do_not_mix(house: House, tmp_path: Path) -> None:
    practice = Practice(house.services, house.pack, 1, seed=1)
    practice.answer(RIGHT[asked(practice)], None, house.clock.time)
    other = write_pack(tmp_path / "other", sum=SUM, lost=LOST)
    (other / "pack.yaml").write_text((other / "pack.yaml").read_text().replace("id: small", "id: other"))
    pack = house.services.open_pack(str(other))
    assert house.store.reviews(pack.id) == ()
    assert Practice(house.services, pack, 3, seed=1).total == 3
