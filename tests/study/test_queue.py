"""What is asked next: what is new, then what was missed, then what was asked longest ago."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.form import SEEDS
from studyapp.questions.variants import pick_variant
from studyapp.study.queue import choose
from studyapp.study.review import Review
from tests.exams.bank import LEAVES, family
from tests.study.answers import answer

BANK = [family(f"q{i}", LEAVES[i % 3], variants=4) for i in range(9)]
answers = st.lists(
    st.builds(
        answer,
        st.sampled_from([*(each.id for each in BANK), "gone"]),
        st.sampled_from(["right", "wrong", "partly"]),
        st.integers(0, 500),
        variant=st.integers(0, 3),
    ),
    max_size=20,
    unique_by=lambda each: each.answered_at,
)


@given(answers, st.integers(0, 12), st.integers(0, SEEDS))
def test_the_order(reviews: list[Review], size: int, seed: int) -> None:
    last = {each.question_id: each for each in sorted(reviews, key=lambda each: each.answered_at)}
    chosen = choose(BANK, reviews, size, seed)
    ids = [question for question, _ in chosen]
    assert len(ids) == min(size, len(BANK))
    assert len(set(ids)) == len(ids)
    piles = [0 if each not in last else 1 if last[each].verdict != "right" else 2 for each in ids]
    assert piles == sorted(piles)
    left_out = [each.id for each in BANK if each.id not in ids]
    assert not left_out or max(piles, default=0) <= min(
        0 if each not in last else 1 if last[each].verdict != "right" else 2 for each in left_out
    )
    for pile in (1, 2):
        times = [last[each].answered_at for each, n in zip(ids, piles, strict=True) if n == pile]
        assert times == sorted(times)


@given(answers, st.integers(0, SEEDS))
def test_it_repeats_from_its_seed_whatever_order_things_come_in(reviews: list[Review], seed: int) -> None:
    assert choose(BANK, reviews, 9, seed) == choose(BANK[::-1], reviews[::-1], 9, seed)


def test_new_questions_go_round_the_objectives() -> None:
    objective = {each.id: each.objective for each in BANK}
    for seed in range(30):
        assert {objective[question] for question, _ in choose(BANK, [], 3, seed)} == set(LEAVES)


def test_a_question_comes_back_in_another_variant() -> None:
    for seed in range(30):
        for variant in range(4):
            reviews = [answer(each.id, "wrong", i, variant=variant) for i, each in enumerate(BANK)]
            by_id = {each.id: each for each in BANK}
            for question, chosen in choose(BANK, reviews, 9, seed):
                assert pick_variant(by_id[question], chosen).number != variant


def test_a_question_of_one_variant_comes_back_as_it_is() -> None:
    assert [each for each, _ in choose([family("only", "nlb")], [answer("only")], 5, 1)] == ["only"]


def test_different_seeds_ask_differently() -> None:
    assert len({choose(BANK, [], 5, seed) for seed in range(30)}) > 25
