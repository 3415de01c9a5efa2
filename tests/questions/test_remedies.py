"""What would make an answer right: what may be asked of each kind, and that the answers are true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyapp.packs.pack import Pack
from studyapp.questions.grading import grade, judge
from studyapp.questions.remedies import remedy, wishes
from studyapp.questions.response import NOTHING, Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.questions.variants import make_variant
from tests.questions.every_kind import PLACED, RIGHT, every_kind


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return every_kind(tmp_path_factory.mktemp("every") / "pack")


# Question, answer to its first variant (host1 is lost), what may be asked. Labels are numbers as shown.
ASKED: list[tuple[str, Response, tuple[str, ...]]] = [
    # host1 has no power and three votes are not left; the chosen one comes first.
    ("several", frozenset({3}), ("4 right", "1 right")),
    ("several", frozenset({0, 3}), ("1 right", "4 right")),
    # Statements that were told wrongly, either way; one that was left open is no belief.
    ("series", Said(frozenset({0, 1}), frozenset({2})), ("yes right for 2", "no right for 3")),
    ("series", Said(frozenset({0}), frozenset()), ()),
    ("number", Number(8), ("8 s right",)),
    ("number", Number(5.5), ()),
    ("point", Picked(frozenset({"host1", "host2"})), ("host1 and host2 right",)),
    ("point", Picked(frozenset({"host1", "host2", "host3"})), ("host1, host2 and host3 right",)),
    ("point", Picked(frozenset({"host2", "host3"})), ()),
    # Nothing else could be right: the author or the documents decide, or every answer is a world of its own.
    ("text", Text("quorum"), ()),
    ("list", Ordered((3, 2, 1, 0)), ()),
    ("events", Ordered((0, 1, 2)), ()),
    ("pairs", Paired((1, 0)), ()),
    ("break", Picked(frozenset({"host1"})), ()),
    ("design", Picked(frozenset({PLACED})), ()),
    ("several", NOTHING, ()),
    ("series", NOTHING, ()),
    ("number", NOTHING, ()),
    ("point", NOTHING, ()),
]


@pytest.mark.parametrize("question, response, asked", ASKED)
def test_what_may_be_asked(pack: Pack, question: str, response: Response, asked: tuple[str, ...]) -> None:
    variant = make_variant(pack.question(question), 0)
    parts = grade(variant, response).parts
    where = {part.label: str(part.index + 1) for part in parts}
    in_order = tuple(
        " ".join(where.get(word, word) for word in wish.what.split()) for wish in wishes(variant, response, parts)
    )
    assert in_order == asked


# Each can be had by one change: host1 keeps its power, sql is elsewhere or never moves, the votes are others.
HAD: list[tuple[str, Response]] = [
    ("several", frozenset({0, 3})),
    ("series", Said(frozenset(), frozenset({0}))),
    ("point", Picked(frozenset({"host1", "host2", "host3"}))),
]


@pytest.mark.parametrize("question, response", HAD)
def test_the_model_agrees_once_the_change_is_made(pack: Pack, question: str, response: Response) -> None:
    """Each remedy is put into the question, and the question judged again."""
    variant = make_variant(pack.question(question), 0)
    found = 0
    for wish in wishes(variant, response, grade(variant, response).parts):
        for each in remedy(variant, wish).remedies:
            changed = replace(variant, scenario=each.scenario)
            before, after = judge(variant), judge(changed)
            found += 1
            assert each.changes
            assert before != after
            if isinstance(response, Picked):
                assert grade(changed, response).verdict == "right"
    assert found


def test_what_no_change_brings_about_is_not_found(pack: Pack) -> None:
    """The timeline itself says that five heartbeats may be missing: no change of the cluster makes that eight."""
    variant = make_variant(pack.question("number"), 0)
    (wish,) = wishes(variant, Number(8), grade(variant, Number(8)).parts)
    assert remedy(variant, wish).remedies == ()


def test_a_claim_without_room_for_the_answer_asks_nothing(pack: Pack) -> None:
    """What a person may pick is bounded, and so is a claim; past the bound there is no question, and no failure."""
    variant = make_variant(pack.question("point"), 0)
    response = Picked(frozenset(f"host{number}" * 20 for number in range(500)))
    assert wishes(variant, response, grade(variant, response).parts) == ()


def test_the_right_answer_leaves_only_the_other_options(pack: Pack) -> None:
    for question, right in RIGHT.items():
        variant = make_variant(pack.question(question), 0)
        asked = wishes(variant, right(variant), grade(variant, right(variant)).parts)
        assert bool(asked) is (question in ("good", "several"))
