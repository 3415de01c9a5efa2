"""Old answers graded again: what changes, from what to what, by whose doing, and what cannot be told any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyapp.conduct import ExamConductor, Practice, checkpoint
from studyapp.conduct.regrading import BOTH, CAUSES, MODEL, PROGRAM, QUESTION, Regraded, regrade, rescore
from studyapp.questions.response import NOTHING, Response
from studyapp.questions.variants import pick_variant
from studyapp.study.review import Review
from tests.conduct.conftest import House
from tests.conduct.small import HANGS, LOST, RIGHT, SUM, WRONG, write_pack


def answered(house: House, question: str, response: Response, seed: int = 1) -> Review:
    """An answer, as it is remembered."""
    checkpoint(house.services, house.pack, question, seed).answer(response, None, house.clock.on(seconds=5))
    return house.store.reviews("small")[-1]


def regraded(house: House, *reviews: Review) -> tuple[Regraded, ...]:
    """The answers graded again by the pack as it is on disk now."""
    services = house.services
    return regrade(services.facts, services.open_pack("small"), reviews, services.model_version)


def test_where_nothing_has_changed_nothing_changes(house: House) -> None:
    practice = Practice(house.services, house.pack, 3, seed=1)
    while practice.current is not None:
        asked = practice.current.question.id
        practice.answer((WRONG if asked == "hangs" else RIGHT)[asked], None, house.clock.on(seconds=5))
        practice.advance()
    found = regraded(house, *house.store.reviews("small"))
    assert [each.id for each in found] == ["hangs", "lost", "sum"]
    assert all((each.answers, each.changed, each.edited, dict(each.lost)) == (1, 0, 0, {}) for each in found)


def test_nothing_is_recorded(house: House) -> None:
    review = answered(house, "hangs", WRONG["hangs"])
    before = house.store.reviews("small")
    regraded(house, replace(review, verdict="right", points=1.0))
    assert house.store.reviews("small") == before


def test_another_model_is_told_from_another_question(house: House) -> None:
    """The host cluster does not hear the guest: to say that nothing happens is right, whatever was told before."""
    review = answered(house, "hangs", RIGHT["hangs"])
    told_wrong = replace(review, verdict="wrong", points=0.0)
    earlier = replace(told_wrong, id="other", model_version="an earlier one")
    [found] = regraded(house, told_wrong, earlier)
    by_cause = {change.cause: change for change in found.changes}
    assert set(by_cause) == {PROGRAM, MODEL}
    assert by_cause[MODEL].reviews == ("other",)
    assert by_cause[MODEL].models == ("an earlier one",)
    for change in found.changes:
        assert (change.before, change.after) == (("wrong", 0.0), ("right", 1.0))
        assert change.feedback.verdict_line == "Right."
        [deciding] = change.claims
        assert (deciding.claim.text, deciding.result.certain) == ("not detected(vm)", True)
        assert deciding.sentence.startswith("No cluster has found that vm")
        assert any("stops responding" in sentence for sentence in deciding.why.sentences)


def test_a_question_that_was_edited_is_told_from_another_model(house: House) -> None:
    """The author takes one of the claims back."""
    review = answered(house, "hangs", RIGHT["hangs"])
    write_pack(
        house.folder,
        hangs=HANGS.replace("[not detected(vm)]", '[votes("hv") == 0]').replace("[detected(vm)]", "[up(vm)]"),
    )
    [found] = regraded(house, review, replace(review, id="other", model_version="an earlier one"))
    assert (found.answers, found.edited, found.changed) == (2, 2, 2)
    assert [(change.cause, change.reviews) for change in found.changes] == [
        (QUESTION, (review.id,)),
        (BOTH, ("other",)),
    ]
    assert [change.after for change in found.changes] == [("wrong", 0.0)] * 2


def test_an_edit_that_changes_no_verdict_is_counted_alone(house: House) -> None:
    review = answered(house, "hangs", RIGHT["hangs"])
    write_pack(house.folder, hangs=HANGS.replace("It stops.", "It stops at once."))
    [found] = regraded(house, review)
    assert (found.edited, found.changed) == (1, 0)


def test_an_edit_of_the_scenario_is_one_of_the_question(house: House) -> None:
    review = answered(house, "hangs", RIGHT["hangs"])
    scenario = house.folder / "scenarios" / "three-hosts.yaml"
    text = scenario.read_text("utf-8")
    scenario.write_text(text.replace("heartbeat_monitoring: false", "heartbeat_monitoring: true"), encoding="utf-8")
    [found] = regraded(house, review)
    [change] = found.changes
    assert (change.cause, change.before[0], change.after[0]) == (QUESTION, "right", "wrong")


def test_other_points_under_the_same_verdict_are_a_change(house: House) -> None:
    review = answered(house, "lost", frozenset({0}))
    assert review.verdict == "partly"
    write_pack(house.folder, lost=LOST.replace("kind: multi", "kind: multi\nscoring: per-option"))
    [found] = regraded(house, review)
    [change] = found.changes
    assert change.before == ("partly", 0.0)
    assert change.after[0] == "partly"
    assert change.after[1] == pytest.approx(2 / 3)


def test_answers_that_are_alike_are_told_once(house: House) -> None:
    review = answered(house, "hangs", RIGHT["hangs"])
    wrong = replace(review, verdict="wrong", points=0.0)
    [found] = regraded(house, wrong, replace(wrong, id="b"), replace(wrong, id="c", verdict="partly", points=0.5))
    assert [len(change.reviews) for change in found.changes] == [2, 1]
    assert found.changed == 3


def test_an_answer_that_was_none_is_graded_as_such(house: House) -> None:
    review = answered(house, "hangs", WRONG["hangs"])
    [found] = regraded(house, replace(review, response=NOTHING))
    assert (found.changed, dict(found.lost)) == (0, {})


# -- what cannot be told any more -------------------------------------------------------------------------------------


def test_a_question_that_is_gone(house: House) -> None:
    reviews = [answered(house, "sum", RIGHT["sum"]), answered(house, "hangs", RIGHT["hangs"])]
    (house.folder / "questions" / "sum.md").unlink()
    (house.folder / "exams" / "first.yaml").unlink()
    (house.folder / "pack.yaml").write_text(
        (house.folder / "pack.yaml")
        .read_text("utf-8")
        .replace("weight: 50\n  - id: sums", "weight: 100\n    children: []\n  - id: sums")
        .replace("Sums\n    weight: 50", "Sums\n    weight: 0"),
        encoding="utf-8",
    )
    found = regraded(house, *reviews)
    assert [(each.id, dict(each.lost)) for each in found] == [
        ("hangs", {}),
        ("sum", {"the pack has no such question any more": 1}),
    ]


def test_a_question_that_has_another_id_now(house: House) -> None:
    """The seed would draw another variant under the new id: the number of the variant counts."""
    reviews = [answered(house, "hangs", RIGHT["hangs"], seed) for seed in range(8)]
    (house.folder / "questions" / "hangs.md").unlink()
    (house.folder / "questions" / "stalls.md").write_text(
        HANGS.replace("---\n", "---\nwas: [hangs]\n", 1), encoding="utf-8"
    )
    pack = house.services.open_pack("small")
    now = pack.question("stalls")
    assert any(pick_variant(now, review.seed).number != review.variant_number for review in reviews)
    [found] = regraded(house, *(replace(review, verdict="wrong", points=0.0) for review in reviews))
    assert found.id == "stalls"
    assert {change.variant.number for change in found.changes} == {review.variant_number for review in reviews}


@pytest.mark.parametrize(
    "text, response, says",
    [
        (
            SUM.replace("n: [1, 2, 3, 4, 5, 6]", "n: [1]"),
            frozenset({0}),
            "the question has 1 variants now, and this one is not among them",
        ),
        (SUM, frozenset({5}), "the answer does not fit the question any more: Choose among 1 to 2"),
    ],
)
def test_an_answer_that_does_not_fit_any_more(house: House, text: str, response: frozenset[int], says: str) -> None:
    review = replace(answered(house, "sum", RIGHT["sum"]), response=response, variant_number=3)
    write_pack(house.folder, sum=text)
    [found] = regraded(house, review)
    assert dict(found.lost) == {says: 1}
    assert found.changed == 0


def test_a_question_that_cannot_be_asked_any_more(house: House) -> None:
    review = answered(house, "hangs", RIGHT["hangs"])
    write_pack(house.folder, hangs=HANGS.replace("hang:", "explode:"))
    [found] = regraded(house, review)
    [(reason, count)] = found.lost.items()
    assert count == 1
    assert reason.startswith("the question cannot be asked: ")


def test_every_cause_is_told_in_a_sentence() -> None:
    assert set(CAUSES) == {QUESTION, MODEL, BOTH, PROGRAM}
    assert all(text.endswith(".") for text in CAUSES.values())


# -- exams ------------------------------------------------------------------------------------------------------------


def sat(house: House) -> str:
    """An exam that is handed in with every answer right; its id."""
    exam = ExamConductor.start(house.services, house.pack, house.pack.blueprint("first"), 1, house.clock())
    for item in range(exam.total):
        exam.answer(item, RIGHT[exam.variant(item).question.id], house.clock.on(seconds=5))
    assert exam.hand_in(house.clock.on(seconds=5)).passed
    return exam.sitting.id


def test_an_exam_keeps_its_result_where_nothing_has_changed(house: House) -> None:
    sitting = sat(house)
    [found] = rescore(house.services, house.services.open_pack("small"))
    assert (found.sitting, found.exam, found.changed) == (sitting, "first", False)
    assert found.before == found.after == (1000, True)


def test_an_exam_whose_answers_are_told_otherwise_is_scored_otherwise(house: House) -> None:
    """Two of its four questions are about hosts; both of these are asked the other way round now."""
    sat(house)
    turned = HANGS.replace("[not detected(vm)]", '[votes("hv") == 0]').replace("[detected(vm)]", "[up(vm)]")
    write_pack(
        house.folder,
        hangs=turned,
        lost=LOST.replace('votes("hv") == 2', 'votes("hv") == 1').replace("[detected(host)]", "[up(host)]"),
    )
    [found] = rescore(house.services, house.services.open_pack("small"))
    assert found.changed
    assert found.after[0] < 700
    assert not found.after[1]


def test_an_exam_that_is_not_handed_in_has_no_result(house: House) -> None:
    ExamConductor.start(house.services, house.pack, house.pack.blueprint("first"), 1, house.clock())
    assert rescore(house.services, house.pack) == ()
