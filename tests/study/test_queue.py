"""What is asked next: what is due with some of what is new, then the rest; siblings apart, in another variant."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.form import SEEDS
from studyapp.questions.variants import pick_variant
from studyapp.study.agenda import is_due
from studyapp.study.day import day_after
from studyapp.study.exam_plan import ExamPlan
from studyapp.study.queue import Item, choose, upcoming
from studyapp.study.review import Review
from studyapp.study.schedule import Memory, retrievability
from tests.exams.bank import LEAVES, family
from tests.study.answers import NOON, answer, memories

BANK = [family(f"q{i}", LEAVES[i % 3], variants=4) for i in range(9)]
DAYS = 24 * 60
NOW = NOON + timedelta(days=10)

answers = st.lists(
    st.builds(
        answer,
        st.sampled_from([*(each.id for each in BANK), "gone"]),
        st.sampled_from(["right", "wrong", "partly"]),
        st.integers(0, 10 * DAYS),
        variant=st.integers(0, 3),
    ),
    max_size=20,
    unique_by=lambda each: each.answered_at,
)


def chosen(found: dict[str, Memory], size: int = 9, seed: int = 1, now: datetime = NOW) -> tuple[Item, ...]:
    return choose(BANK, found, size, seed, now, UTC)


def pile(name: str, found: dict[str, Memory], now: datetime = NOW) -> int:
    """0 what is due, 1 what is new, 2 what is neither."""
    memory = found.get(name)
    return 1 if memory is None else 0 if is_due(memory, now, day_after(now, UTC)) else 2


@given(answers, st.integers(0, 12), st.integers(0, SEEDS))
def test_due_with_some_new_then_new_then_the_rest(reviews: list[Review], size: int, seed: int) -> None:
    found = memories(*reviews)
    order = [question for question, _ in chosen(found, len(BANK), seed)]
    assert sorted(order) == [each.id for each in BANK]
    assert [question for question, _ in chosen(found, size, seed)] == order[:size]
    piles = [pile(each, found) for each in order]
    first = stretch(piles)
    assert Counter(piles[:first])[0] == piles.count(0)
    assert piles[first:] == sorted(piles[first:])


def stretch(piles: list[int]) -> int:
    """How many questions the first stretch has: all that are due, and for each four of them one that is new."""
    due, new, _ = (piles.count(each) for each in range(3))
    return due + min(new, due // 4)


def test_every_fifth_is_new_while_much_is_due() -> None:
    bank = [family(f"q{i}", f"objective {i}") for i in range(20)]
    found = memories(*(answer(f"q{i}", minute=i) for i in range(9)))
    now = NOON + timedelta(days=90)
    order = [question for question, _ in choose(bank, found, 20, 1, now, UTC)]
    assert [pile(each, found, now) for each in order] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, *[1] * 9]
    due = [each for each in order if each in found]
    assert due == sorted(due, key=lambda each: -retrievability(found[each], now))


@given(answers, st.integers(0, SEEDS))
def test_it_repeats_from_its_seed_whatever_order_things_come_in(reviews: list[Review], seed: int) -> None:
    again = memories(*reviews[::-1])
    assert chosen(memories(*reviews), 9, seed) == choose(BANK[::-1], again, 9, seed, NOW, UTC)


@given(st.lists(st.sampled_from(LEAVES), max_size=12), answers, st.integers(0, SEEDS))
def test_siblings_follow_each_other_only_where_nothing_else_is_left(
    objectives: list[str], reviews: list[Review], seed: int
) -> None:
    bank = [family(f"q{i}", objective) for i, objective in enumerate(objectives)]
    found = memories(*reviews)
    order = list(upcoming(bank, found, seed, NOW, UTC))
    piles = [pile(each.id, found) for each in order]
    first = stretch(piles)
    ends = (first, first + piles[first:].count(1), len(order))
    for place, (before, after) in enumerate(pairwise(order), start=1):
        if before.objective == after.objective:
            rest = order[place : next(end for end in ends if place < end)]
            assert {each.objective for each in rest} == {after.objective}


def test_of_what_is_due_the_best_known_comes_first() -> None:
    found = memories(*(answer(f"q{3 * i}", "right", minute=i * DAYS) for i in range(3)))
    now = NOON + timedelta(days=60)
    ids = [question for question, _ in chosen(found, 3, now=now)]
    assert ids == sorted(found, key=lambda each: -retrievability(found[each], now)) == ["q6", "q3", "q0"]


def test_what_was_missed_comes_back_the_same_day_and_first() -> None:
    found = memories(answer("q4", "wrong"), answer("q5"))
    soon, later = NOON + timedelta(minutes=5), NOON + timedelta(minutes=11)
    assert chosen(found, now=soon)[-2][0] == "q4", "its minutes are not over, but it is due before what was right"
    assert chosen(found, now=later)[0][0] == "q4"


def test_what_waits_for_days_is_due_all_day() -> None:
    found = memories(answer("q4"))
    due = found["q4"].due
    assert due - NOON >= timedelta(days=1)
    morning = day_after(due, UTC, 0)
    assert chosen(found, 1, now=morning)[0][0] == "q4"
    assert chosen(found, 1, now=morning - timedelta(seconds=1))[0][0] != "q4"


def test_a_clock_that_was_set_back_asks_nothing_twice() -> None:
    found = memories(answer("q4"), answer("q5", minute=1))
    assert {question for question, _ in chosen(found, 7, now=NOON - timedelta(days=1))} == {
        each.id for each in BANK
    } - set(found)


def test_an_exam_plan_is_the_order() -> None:
    plan = ExamPlan(("q7", "q3"), ("q5", "q1"), ("q0",), ("q2", "q4", "q6", "q8"), 60, 3)
    order = [each.id for each in upcoming(BANK, {}, 1, NOW, UTC, plan)]
    assert order[:5] == ["q7", "q3", "q5", "q1", "q0"]
    assert Counter(order) == Counter(each.id for each in BANK)


def test_new_questions_go_round_the_objectives() -> None:
    objective = {each.id: each.objective for each in BANK}
    for seed in range(30):
        assert {objective[question] for question, _ in chosen({}, 3, seed)} == set(LEAVES)


def test_a_question_comes_back_in_another_variant() -> None:
    by_id = {each.id: each for each in BANK}
    for seed in range(30):
        for variant in range(4):
            found = memories(*(answer(each.id, "wrong", i, variant=variant) for i, each in enumerate(BANK)))
            for question, drawn in chosen(found, 9, seed):
                assert pick_variant(by_id[question], drawn).number != variant


def test_a_question_of_one_variant_comes_back_as_it_is() -> None:
    only = choose([family("only", "nlb")], memories(answer("only")), 5, 1, NOW, UTC)
    assert [each for each, _ in only] == ["only"]


def test_different_seeds_ask_differently() -> None:
    assert len({chosen({}, 5, seed) for seed in range(30)}) > 25
