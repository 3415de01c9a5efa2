"""Forms: the right shares, no question twice, the same from the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.blueprint import Blueprint, ancestry, flaws
from studyapp.exams.form import SEEDS, Form, FormError, draw_form, in_turn, largest_remainder
from studyapp.questions.question import Question
from studyapp.questions.variants import count_variants, pick_variant
from tests.exams.bank import LEAVES, TOPICS, Topic, family, plan

banks = st.lists(st.tuples(st.sampled_from(LEAVES), st.integers(1, 4)), max_size=12).map(
    lambda families: [family(f"f{i}", objective, variants) for i, (objective, variants) in enumerate(families)]
)
draws = st.one_of(
    st.just((("nlb", 100.0),)),
    st.integers(1, 99).map(lambda share: (("nlb", float(share)), ("quorum", 100.0 - share))),
    st.integers(1, 49).map(lambda s: (("nlb", 50.0), ("nlb/failure", float(s)), ("quorum", 50.0 - s))),
)
seeds = st.integers(0, SEEDS)

RECORDED = [
    ("f0", 310093, "nlb"),
    ("f1", 940620, "nlb"),
    ("f5", 108467, "quorum"),
    ("f3", 315375, "nlb"),
    ("f2", 432491, "quorum"),
]


def drawn(form: Form, bank: list[Question]) -> list[tuple[str, int]]:
    """The family and the number of the variant of each question of a form."""
    by_id = {each.id: each for each in bank}
    return [(item.question_id, pick_variant(by_id[item.question_id], item.seed).number) for item in form.items]


@given(banks, draws, st.integers(1, 12), seeds)
def test_a_form_is_as_its_blueprint_says_or_refused(
    bank: list[Question], draw: tuple[tuple[str, float], ...], size: int, seed: int
) -> None:
    blueprint = plan(size, *draw)
    objective_of = {each.id: each.objective for each in bank}
    stock = {
        objective: sum(count_variants(each) for each in bank if objective in ancestry(each.objective, TOPICS))
        for objective, _ in draw
    }
    wanted = dict(zip((name for name, _ in draw), largest_remainder(size, [s for _, s in draw]), strict=True))
    try:
        form = draw_form(blueprint, bank, TOPICS, seed)
    except FormError:
        nested = wanted.get("nlb/failure", 0)
        assert any(count + (nested if name == "nlb" else 0) > stock[name] for name, count in wanted.items()), (
            "a form that can be drawn was refused"
        )
        return
    asked = drawn(form, bank)
    assert len(asked) == size
    assert len(set(asked)) == size, "no variant twice"
    assert Counter(item.objective for item in form.items) == {k: n for k, n in wanted.items() if n}
    assert all(item.objective in ancestry(objective_of[item.question_id], TOPICS) for item in form.items)
    assert all(0 <= item.seed < SEEDS for item in form.items)


@given(banks, seeds)
def test_families_repeat_only_when_all_have_been_asked(bank: list[Question], seed: int) -> None:
    for size in range(1, sum(count_variants(each) for each in bank) + 1):
        form = draw_form(plan(size, ("all", 100)), [replace(q, objective="all") for q in bank], [Topic("all")], seed)
        times = Counter(item.question_id for item in form.items)
        for each in bank:
            others = [times[other.id] for other in bank]
            assert (
                times[each.id]
                <= min((n for n, other in zip(others, bank, strict=True) if n < count_variants(other)), default=99) + 1
            )


@given(banks, seeds)
def test_the_same_seed_draws_the_same_form_whatever_the_order_of_the_bank(bank: list[Question], seed: int) -> None:
    pool = [*bank, family("one", "nlb/sharing", 9), family("two", "quorum/votes", 9)]
    blueprint = plan(8, ("nlb", 50), ("quorum", 50))
    assert draw_form(blueprint, pool, TOPICS, seed) == draw_form(blueprint, pool[::-1], TOPICS, seed)


def test_a_form_never_changes_with_the_version_of_the_program() -> None:
    """A seed that somebody wrote down stands for these questions for ever."""
    bank = [family(f"f{i}", LEAVES[i % 3], 5) for i in range(6)]
    form = draw_form(plan(5, ("nlb", 60), ("quorum", 40)), bank, TOPICS, 7)
    assert [(item.question_id, item.seed, item.objective) for item in form.items] == RECORDED


def test_different_seeds_draw_different_forms() -> None:
    bank = [family(f"f{i}", "nlb/sharing", 5) for i in range(20)]
    forms = {tuple(i.question_id for i in draw_form(plan(10), bank, TOPICS, seed).items) for seed in range(50)}
    assert len(forms) == 50


def test_every_child_of_an_objective_is_asked_before_any_is_asked_twice() -> None:
    bank = [*(family(f"many{i}", "nlb/sharing") for i in range(30)), family("lonely", "nlb/failure")]
    for seed in range(50):
        assert "lonely" in {item.question_id for item in draw_form(plan(2), bank, TOPICS, seed).items}


def test_a_wide_objective_leaves_the_narrow_one_its_questions() -> None:
    bank = [family(f"wide{i}", "nlb/sharing") for i in range(3)] + [family(f"narrow{i}", "nlb/failure") for i in (1, 2)]
    for seed in range(50):
        form = draw_form(plan(5, ("nlb", 60), ("nlb/failure", 40)), bank, TOPICS, seed)
        assert len({item.question_id for item in form.items}) == 5


def test_a_bank_that_is_too_small_says_how_small() -> None:
    with pytest.raises(FormError, match="nlb has 3 variants to ask, and 4 are to be drawn"):
        draw_form(plan(4), [family("a", "nlb/sharing", 2), family("b", "nlb", 1)], TOPICS, 1)


@pytest.mark.parametrize(
    "total, shares, counts",
    [
        (20, (20, 25, 30, 25), (4, 5, 6, 5)),
        (10, (20, 25, 30, 25), (2, 3, 3, 2)),
        (1, (50, 50), (1, 0)),
        (3, (33.3, 33.3, 33.4), (1, 1, 1)),
        (7, (1, 1, 1), (3, 2, 2)),
        (0, (60, 40), (0, 0)),
        (100, (0.1, 99.9), (0, 100)),
        (10, (70, 30), (7, 3)),
    ],
)
def test_shares_become_whole_numbers(total: int, shares: tuple[float, ...], counts: tuple[int, ...]) -> None:
    assert largest_remainder(total, shares) == counts


@given(st.integers(0, 200), st.lists(st.floats(0.01, 100), min_size=1, max_size=8))
def test_whole_numbers_are_near_their_shares_and_sum_up(total: int, shares: list[float]) -> None:
    counts = largest_remainder(total, shares)
    assert sum(counts) == total
    assert all(abs(n - total * share / sum(shares)) < 1 + 1e-6 for n, share in zip(counts, shares, strict=True))


@given(banks, seeds)
def test_going_round_loses_and_repeats_nothing(bank: list[Question], seed: int) -> None:
    order = in_turn(bank, seed)
    assert sorted(each.id for each in order) == sorted(each.id for each in bank)
    beginning = [each.objective for each in order[: len({each.objective for each in bank})]]
    assert len(set(beginning)) == len(beginning)


def test_an_objective_covers_its_children_even_in_a_circle() -> None:
    assert ancestry("nlb/sharing", TOPICS) == ("nlb/sharing", "nlb")
    assert ancestry("elsewhere", TOPICS) == ("elsewhere",)
    assert ancestry("a", (Topic("a", "b"), Topic("b", "a"))) == ("a", "b")


def test_a_sound_blueprint_has_no_flaws() -> None:
    assert flaws(plan(20, ("nlb", 60), ("quorum/votes", 40)), TOPICS) == ()


@pytest.mark.parametrize(
    "change, told",
    [
        ({"minutes": 0}, "minutes is 0"),
        ({"questions": 0}, "questions is 0"),
        ({"pass_mark": 1}, "pass is 1"),
        ({"pass_mark": 1000}, "pass is 1000"),
        ({"pass_share": 0.0}, "pass_share is 0.0"),
        ({"pass_share": 1.0}, "pass_share is 1.0"),
        ({"mode": "quiz"}, "mode is quiz"),
        ({"draw": (("nlb", 50), ("moon", 50))}, "moon, which is no objective"),
        ({"draw": (("nlb", 50), ("nlb", 50))}, "nlb twice"),
        ({"draw": (("nlb", 100), ("quorum", 0))}, "the share of quorum is 0"),
        ({"draw": (("nlb", 60), ("quorum", 30))}, "sum to 90"),
        ({"draw": ()}, "sum to 0"),
    ],
)
def test_what_is_wrong_with_a_blueprint_is_said(change: dict[str, object], told: str) -> None:
    broken: Blueprint = replace(plan(20), **change)  # type: ignore[arg-type]  # each row names a field and fits it
    assert any(told in sentence for sentence in flaws(broken, TOPICS))
