"""What each kind of question counts as right, in part right and wrong; every row is read off the format."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.kinds.table import READERS
from studyapp.packs.pack import Pack, load_pack
from studyapp.packs.places import content_folder
from studyapp.plain.answers import WAYS
from studyapp.questions.arrangements import longest_run
from studyapp.questions.grading import grade, judge
from studyapp.questions.kinds import KINDS, misfit, told
from studyapp.questions.response import NOTHING, Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.questions.values import folded, matches, nearest_typed, read_number
from studyapp.questions.variants import count_variants, make_variant
from studyapp.tui.widgets.lists import FORMS
from studyapp.tui.widgets.typed import READERS as TYPED
from tests.packs.cases import write_pack
from tests.questions.every_kind import ADDED, PLACED, RIGHT, SLOW, SLOWER, WITNESS, every_kind


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return every_kind(tmp_path_factory.mktemp("every") / "pack")


def said(yes: set[int], no: set[int]) -> Said:
    return Said(frozenset(yes), frozenset(no))


def picked(*names: str) -> Picked:
    return Picked(frozenset(names))


THIRD = 1 / 3
# Question, variant, answer, verdict, points. Variant 0 has the first of all values: host1 is lost, five beats may be
# missing.
CASES: list[tuple[str, int, Response, str, float]] = [
    # All and only the options that hold; here each option counts that is rightly chosen or left.
    ("several", 0, frozenset({1, 2}), "right", 1),
    ("several", 0, frozenset({1}), "partly", 0.75),
    ("several", 0, frozenset({0, 1, 2, 3}), "partly", 0.5),
    ("several", 0, frozenset({0, 3}), "wrong", 0),
    ("several", 0, NOTHING, "wrong", 0),
    ("several", 1, frozenset({0, 1, 2}), "right", 1),
    # Each statement of a series, and here each counts by itself.
    ("series", 0, said({0, 2}, {1}), "right", 1),
    ("series", 0, said({0, 1, 2}, set()), "partly", 2 * THIRD),
    ("series", 0, said({0}, set()), "partly", THIRD),
    ("series", 0, said({1}, {0, 2}), "wrong", 0),
    ("series", 0, NOTHING, "wrong", 0),
    ("series", 1, said({2}, {0, 1}), "right", 1),
    # A number within half a second of five, its edges included.
    ("number", 0, Number(5), "right", 1),
    ("number", 0, Number(5.5), "right", 1),
    ("number", 0, Number(4.5), "right", 1),
    ("number", 0, Number(5.51), "wrong", 0),
    ("number", 0, Number(0), "wrong", 0),
    ("number", 0, NOTHING, "wrong", 0),
    ("number", 1, Number(8), "right", 1),
    # Text: case, spaces and final stop are folded, `*` stands for any words.
    ("text", 0, Text("majority"), "right", 1),
    ("text", 0, Text("  The   MAJORITY. "), "right", 1),
    ("text", 0, Text("a majority of all the votes"), "right", 1),
    ("text", 0, Text("a majority of votes"), "right", 1),
    ("text", 0, Text("a majority"), "wrong", 0),
    ("text", 0, Text("majority of votes"), "wrong", 0),
    ("text", 0, Text("a majority of all the voters"), "wrong", 0),
    # The same order; here the longest run counts in part: of four steps a run of two is one of three joints.
    ("list", 0, Ordered((0, 1, 2, 3)), "right", 1),
    ("list", 0, Ordered((1, 2, 3, 0)), "partly", 2 * THIRD),
    ("list", 0, Ordered((0, 1, 3, 2)), "partly", THIRD),
    ("list", 0, Ordered((3, 2, 1, 0)), "wrong", 0),
    # The trace decides: it fails, it is restarted, it is online. All or nothing.
    ("events", 0, Ordered((1, 2, 0)), "right", 1),
    ("events", 0, Ordered((1, 0, 2)), "wrong", 0),
    ("events", 0, Ordered((2, 0, 1)), "wrong", 0),
    # Each pair.
    ("pairs", 0, Paired((0, 1)), "right", 1),
    ("pairs", 0, Paired((0, 2)), "partly", 0.5),
    ("pairs", 0, Paired((0, None)), "partly", 0.5),
    ("pairs", 0, Paired((1, 0)), "wrong", 0),
    ("pairs", 1, Paired((0, 1)), "right", 1),
    # The same set.
    ("point", 0, picked("host2", "host3"), "right", 1),
    ("point", 0, picked("host2"), "partly", 0),
    ("point", 0, picked("host1", "host2", "host3"), "partly", 0),
    ("point", 0, picked("host1"), "wrong", 0),
    ("point", 1, picked("host1", "host3"), "right", 1),
    # The goal holds, and no proper subset reaches it.
    ("break", 0, picked("host1", "host2"), "right", 1),
    ("break", 0, picked("host3", "host2"), "right", 1),
    ("break", 0, picked("host1"), "wrong", 0),
    ("break", 0, picked("host1", "san"), "wrong", 0),
    ("break", 0, picked("host1", "host2", "host3"), "partly", 0),
    ("break", 0, picked("host1", "host2", "san"), "partly", 0),
    # Every goal holds, for what it may cost.
    ("design", 0, picked(WITNESS, SLOW), "right", 1),
    ("design", 0, picked(WITNESS), "partly", 0),
    ("design", 0, picked(SLOW), "partly", 0),
    ("design", 0, picked(WITNESS, SLOWER), "partly", 0),
    ("design", 0, picked(ADDED, SLOW), "partly", 0),
    ("design", 0, picked(PLACED), "wrong", 0),
    ("design", 0, NOTHING, "wrong", 0),
]


@pytest.mark.parametrize("question, number, response, verdict, points", CASES)
def test_what_an_answer_is_worth(
    pack: Pack, question: str, number: int, response: Response, verdict: str, points: float
) -> None:
    variant = make_variant(pack.question(question), number)
    assert misfit(variant, response) == ""
    graded = grade(variant, response)
    assert (graded.verdict, graded.out_of) == (verdict, 1.0)
    assert graded.points == pytest.approx(points)
    assert (graded.points == 1) == (graded.verdict == "right")


def test_every_variant_has_its_right_answer_and_others_are_not(pack: Pack) -> None:
    for question in pack.questions:
        for number in range(count_variants(question)):
            for seed in range(3):
                variant = make_variant(question, number, seed)
                judge(variant)
                assert grade(variant, RIGHT[question.id](variant)).verdict == "right", (question.id, number)


TWICE = (
    'This design cannot be made: "Set SameSubnetThreshold of group to 6" and "Set SameSubnetThreshold of group to 10" '
    "cannot both be done."
)


@pytest.mark.parametrize(
    "question, response, sentence",
    [
        ("series", said({0, 5}, set()), "Answer yes or no to each of the 3 statements."),
        ("series", said({0}, {0}), "Answer yes or no to each of the 3 statements."),
        ("series", frozenset({0}), "A question of this kind is not answered like that."),
        ("number", Number(float("inf")), "Type a number."),
        ("text", Text("x" * 201), "Type at most 200 characters."),
        ("list", Ordered((0, 1, 2)), "Name each of the steps 1 to 4 once, the first one first."),
        ("list", Ordered((0, 1, 2, 2)), "Name each of the steps 1 to 4 once, the first one first."),
        ("pairs", Paired((0,)), "Pair each of A to B with one of 1 to 3."),
        ("pairs", Paired((0, 3)), "Pair each of A to B with one of 1 to 3."),
        ("point", picked("host9"), "There is no host9 to choose."),
        ("break", picked("vm1"), "There is no vm1 to choose."),
        ("break", picked("host1", "host2", "host3", "san", "a", "b"),
         "Pick at most 5 of them: a smallest set is asked for."),
        ("design", picked("Buy a new one"), "There is no Buy a new one to choose."),
        ("design", picked(SLOW, SLOWER), TWICE),
    ],
)  # fmt: skip
def test_what_is_no_answer(pack: Pack, question: str, response: Response, sentence: str) -> None:
    assert misfit(make_variant(pack.question(question), 0), response) == sentence


def test_nothing_is_an_answer_that_can_be_given_to_any_question(pack: Pack) -> None:
    for question in pack.questions:
        variant = make_variant(question, 0)
        assert misfit(variant, NOTHING) == told(variant, NOTHING) == ""
        graded = grade(variant, NOTHING)
        assert (graded.points, graded.misconception) == (0, None)


def test_a_wrong_answer_gets_the_belief_that_predicts_it(pack: Pack) -> None:
    number = make_variant(pack.question("number"), 0)
    assert grade(number, Number(1)).misconception == "one-missed-heartbeat-is-death"
    assert grade(number, Number(5)).misconception is None
    assert grade(number, Number(77)).misconception is None


def test_beliefs_stand_behind_what_is_broken_and_designed_too() -> None:
    """Whoever takes half of the votes for enough breaks one node too many, and trusts in a fourth vote."""
    shipped, _ = load_pack(content_folder() / "windows-clustering")
    assert shipped is not None
    broken = shipped.question("break-the-majority")
    four = next(v for n in range(4) if (v := make_variant(broken, n)).names["scenario"] == "four-nodes")
    assert grade(four, picked("n1", "n2")).verdict == "right"
    graded = grade(four, picked("n1", "n2", "n3"))
    assert (graded.verdict, graded.misconception) == ("partly", "half-is-enough")
    design = make_variant(shipped.question("spread-the-guests"), 0)
    graded = grade(design, picked("Give guests the file share witness fs1 (costs 1)"))
    assert (graded.verdict, graded.misconception) == ("wrong", "half-is-enough")


def test_a_break_is_proved_by_the_smaller_set_and_shows_what_was_broken(pack: Pack) -> None:
    variant = make_variant(pack.question("break"), 0)
    graded = grade(variant, picked("host1", "host2", "san"))
    assert [part.holds for part in graded.parts] == [True, False]
    assert graded.parts[1].wanted == "host1 and host2 would have been enough"
    assert graded.trace is not None
    [faults] = graded.trace.scenario.timeline
    assert {act.subjects[0] for act in faults.acts} == {"host1", "host2", "san"}
    assert graded.solution == "host1 and host2"


def test_a_design_is_proved_by_what_it_does_not_survive(pack: Pack) -> None:
    variant = make_variant(pack.question("design"), 0)
    graded = grade(variant, picked(SLOW))
    assert [part.holds for part in graded.parts] == [False, True, True]
    assert "is not available again" in graded.parts[0].reason
    assert graded.parts[2].text == "It costs 1 of at most 2."
    assert graded.solution == f"{WITNESS} and {SLOW}"


def test_every_kind_has_its_row_everywhere() -> None:
    assert set(KINDS) == set(READERS) == set(WAYS) == set(FORMS) | set(TYPED)
    assert not set(FORMS) & set(TYPED)


# -- folding ----------------------------------------------------------------------------------------------------------

WORDS = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6), min_size=1, max_size=5)
SPACES = st.sampled_from([" ", "  ", "\t", " \n "])


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(WORDS, SPACES, st.sampled_from(["", ".", " .", ". "]), st.booleans())
def test_case_spaces_and_the_final_stop_do_not_matter(words: list[str], space: str, end: str, upper: bool) -> None:
    typed = space + space.join(word.upper() if upper and word.upper().lower() == word else word for word in words) + end
    assert matches(" ".join(words), typed)


@given(WORDS, WORDS)
def test_other_words_matter(words: list[str], others: list[str]) -> None:
    same = [folded(word) for word in words] == [folded(word) for word in others]
    assert matches(" ".join(words), " ".join(others)) == same


@given(st.lists(st.sampled_from(["a", "b", "*"]), max_size=6), st.lists(st.sampled_from(["a", "b", "c"]), max_size=7))
def test_a_star_is_any_words(pattern: list[str], words: list[str]) -> None:
    """By another program: each word with a mark behind it, and a star for any number of such."""
    expression = "".join("(?:[abc];)*" if word == "*" else f"{word};" for word in pattern)
    expected = re.fullmatch(expression, "".join(f"{word};" for word in words)) is not None
    assert matches(" ".join(pattern), " ".join(words)) == expected


@pytest.mark.parametrize(
    "typed, unit, value",
    [
        ("12", "", 12),
        ("12.5", "s", 12.5),
        ("12 s", "s", 12),
        ("12s", "s", 12),
        (" 12 S ", "s", 12),
        ("2 min", "s", 120),
        ("500 ms", "s", 0.5),
        ("1 h", "min", 60),
        ("-3", "", -3),
        (".5", "", 0.5),
        ("50 %", "%", 50),
        ("12 apples", "s", None),
        ("12", "votes", 12),
        ("twelve", "", None),
        ("1,000", "", None),
        ("1e400", "", None),
        ("", "s", None),
        ("12 13", "", None),
    ],
)
def test_a_number_is_typed_with_its_unit_or_without(typed: str, unit: str, value: float | None) -> None:
    assert read_number(typed, unit) == value


@pytest.mark.parametrize(
    "value, typed",
    [
        (0.5, "0.500000000000000"),
        (-3.0, "-3"),
        (1 / 3, "0.3333333333"),
        (100 / 3, "33.33333333"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "999999999999999"),
        (-1e300, "-999999999999999"),
        (1e-16, "0.000000000000000"),
    ],
)
def test_the_number_that_is_typed_is_what_is_shown(value: float, typed: str) -> None:
    assert nearest_typed(value) == read_number(typed, "")


# -- order and pairs --------------------------------------------------------------------------------------------------


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_the_longest_run_is_the_longest_common_stretch(answer: list[int], right: list[int]) -> None:
    stretches = [answer[a:b] for a, b in itertools.combinations(range(7), 2)]
    common = [s for s in stretches if any(right[i : i + len(s)] == s for i in range(6))]
    assert longest_run(answer, right) == max(len(stretch) for stretch in common)


@given(st.permutations(range(4)))
def test_an_order_is_worth_its_joints(answer: list[int]) -> None:
    pack = _pack()
    graded = grade(make_variant(pack.question("list"), 0), Ordered(tuple(answer)))
    assert (graded.points == 1) == (answer == [0, 1, 2, 3])
    assert graded.points == pytest.approx((longest_run(answer, [0, 1, 2, 3]) - 1) / 3)


@given(st.tuples(*[st.sampled_from([0, 1, 2, None])] * 2))
def test_pairs_count_one_by_one(cells: tuple[int | None, int | None]) -> None:
    pack = _pack()
    graded = grade(make_variant(pack.question("pairs"), 0), Paired(cells))
    assert graded.points == sum(cell == place for place, cell in enumerate(cells)) / 2


_known: list[Pack] = []


def _pack() -> Pack:
    """The pack, read once for all examples of a property."""
    if not _known:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            _known.append(every_kind(Path(folder) / "pack"))
    return _known[0]


@pytest.mark.parametrize(
    "claim, typed, verdict",
    [
        ("0.1 + 0.2", 0.3, "right"),
        ("0.1 + 0.2", 0.30000000000001, "wrong"),
        ("0.7 + 0.1", 0.8, "right"),
        ("1.1 * 1.1", 1.21, "right"),
        ("99999999999 + 1", 100000000000, "right"),
        ("99999999999 + 1", 100000000001, "wrong"),
        ("0.5", 0.5000001, "wrong"),
    ],
)
def test_a_number_is_what_is_written_and_not_its_binary_fraction(
    claim: str, typed: float, verdict: str, tmp_path: Path
) -> None:
    text = f"---\nkind: number\nobjective: hosts\nanswer: {claim}\n---\nHow many?\n\n## Why\nSo it is.\n"
    found, problems = load_pack(write_pack(tmp_path, {"questions/sum.md": text}))
    assert found is not None, problems
    question = next(question for question in found.questions if question.id == "sum")
    assert grade(make_variant(question, 0), Number(typed)).verdict == verdict
