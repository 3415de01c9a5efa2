"""Every kind of question practised and sat in an exam: answered, recorded, told, and graded at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.conduct import BadResponse, ExamConductor, Feedback, checkpoint
from studyapp.packs.pack import Pack
from studyapp.questions.kinds import KINDS
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Number, Ordered, Paired, Picked, Response, Said, Text
from tests.conduct.conftest import House
from tests.conduct.small import services_in
from tests.questions.every_kind import FILES, RIGHT, SLOW, every_kind

EXAM = """\
title: All of it
minutes: 60
questions: 11
pass: 700
pass_share: 0.7
draw:
  - {objective: hosts, share: 100}
mode: exam
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "packs" / "small"
    every_kind(folder)
    (folder / "exams").mkdir()
    (folder / "exams" / "all.yaml").write_text(EXAM)
    services, clock, store = services_in(tmp_path)
    with services:
        yield House(services, services.open_pack("small"), clock, store, folder)


WRONG: dict[str, Response] = {
    "good": frozenset({0, 1}),
    "several": frozenset({3}),
    "series": Said(frozenset({1})),
    "number": Number(100),
    "text": Text("minority"),
    "list": Ordered((3, 2, 1, 0)),
    "events": Ordered((0, 1, 2)),
    "pairs": Paired((1, 0)),
    "point": Picked(frozenset({"host1", "host2", "host3"})),
    "break": Picked(frozenset({"host1"})),
    "design": Picked(frozenset({SLOW})),
}


def feedback_on(house: House, question: str, response: Response, seed: int = 1) -> tuple[Variant, Feedback]:
    practice = checkpoint(house.services, house.pack, question, seed)
    variant = practice.current
    assert variant is not None
    return variant, practice.answer(response, "sure", house.clock.on(seconds=9))


@pytest.mark.parametrize("question", RIGHT)
def test_a_right_answer_is_told_and_remembered(house: House, question: str) -> None:
    practice = checkpoint(house.services, house.pack, question, 1)
    variant = practice.current
    assert variant is not None
    response = RIGHT[question](variant)
    feedback = practice.answer(response, "sure", house.clock.on(seconds=9))
    assert feedback.verdict_line == "Right."
    assert feedback.belief is None
    assert feedback.chosen
    [review] = house.store.reviews("small", question_id=question)
    assert (review.response, review.verdict, review.points) == (response, "right", 1)
    assert all(part.good for part in (*feedback.options, *feedback.goals))


@pytest.mark.parametrize("question", RIGHT)
def test_an_empty_answer_is_none(house: House, question: str) -> None:
    practice = checkpoint(house.services, house.pack, question, 1)
    with pytest.raises(BadResponse):
        practice.answer(NOTHING, None, house.clock.on(seconds=9))


@pytest.mark.parametrize(
    "question, response, line",
    [
        ("series", Said(frozenset({1})), "Wrong. The right answers are "),
        ("number", Number(100), "Wrong. The right answer is "),
        ("text", Text("minority"), 'Wrong. The right answer is "majority".'),
        ("list", Ordered((3, 2, 1, 0)), "Wrong. The right order is "),
        ("list", Ordered((1, 2, 3, 0)), "Partly right: 3 of 4 in a row. The right order is "),
        ("events", Ordered((0, 1, 2)), "Wrong. The right order is "),
        ("pairs", Paired((1, 0)), "Wrong. The right pairs are A "),
        ("pairs", Paired((0, 2)), "Partly right: 1 of 2. The right pairs are A "),
        ("break", Picked(frozenset({"host1"})), "Wrong. This would do: host1 and host2."),
        (
            "break",
            Picked(frozenset({"host1", "host2", "san"})),
            "Partly right: 1 of 2. This would do: host1 and host2.",
        ),
        ("design", Picked(frozenset({SLOW})), "Partly right: 2 of 3. This would do: "),
    ],
)
def test_what_is_said_of_a_wrong_answer(house: House, question: str, response: Response, line: str) -> None:
    # A seed whose variant loses host1 or waits for five heartbeats; which one does not matter here.
    _, feedback = feedback_on(house, question, response)
    assert feedback.verdict_line.startswith(line)


def test_each_part_is_told_in_its_own_words(house: House) -> None:
    variant, feedback = feedback_on(house, "list", Ordered((1, 0, 2, 3)))
    told = {option.index: option.says for option in feedback.options}
    assert told == {
        0: "You put it in place 2; it belongs in place 1.",
        1: "You put it in place 1; it belongs in place 2.",
        2: "You put it in place 3, and that is right.",
        3: "You put it in place 4, and that is right.",
    }
    variant, feedback = feedback_on(house, "pairs", Paired((0, 2)))
    numbers = {cell.index: number for number, cell in enumerate(variant.cells, start=1)}
    assert [option.label for option in feedback.options] == ["A", "B"]
    assert [option.says for option in feedback.options] == [
        f"You paired it with {numbers[0]}, and that is right.",
        f"You paired it with {numbers[2]}; {numbers[1]} goes with it.",
    ]
    _, feedback = feedback_on(house, "series", Said(frozenset({1}), frozenset({2})))
    told = {option.index: option.says for option in feedback.options}
    assert told[1] == "You said yes, but it is no."
    assert told[2] == "You said no, but it is yes."
    assert told[0].startswith("The right answer is ")


def test_goals_are_told_with_their_proof(house: House) -> None:
    _, feedback = feedback_on(house, "break", Picked(frozenset({"host1", "host2", "san"})))
    assert [goal.says for goal in feedback.goals] == [
        "That is so.",
        "That is not so. host1 and host2 would have been enough.",
    ]
    assert feedback.options == ()
    assert feedback.trace is not None
    assert any("san" in step.text for step in feedback.replay) or feedback.replay
    _, feedback = feedback_on(house, "design", Picked(frozenset({SLOW})))
    assert [goal.text for goal in feedback.goals] == [
        "app stays available through the failure of any 1 of the hosts at once.",
        "The SameSubnetThreshold of group is 10.",
        "It costs 1 of at most 2.",
    ]
    assert "is not available again" in feedback.goals[0].reason


def test_an_exam_of_every_kind(house: House) -> None:
    """Answered, left, gone on with, handed in: the answers are those that were given, and half of them are right."""
    pack: Pack = house.pack
    exam = ExamConductor.start(house.services, pack, pack.blueprints[0], 1, house.clock.time)
    kinds = {exam.variant(item).question.kind for item in range(exam.total)}
    assert kinds == set(KINDS)
    given: dict[int, Response] = {}
    for item in range(exam.total):
        variant = exam.variant(item)
        right = item % 2 == 0
        given[item] = RIGHT[variant.question.id](variant) if right else WRONG[variant.question.id]
        if variant.question.id == "good" and not right:
            given[item] = frozenset({0, 1}) - RIGHT["good"](variant)  # type: ignore[operator]  # a choice's are options
        exam.answer(item, given[item], house.clock.on(seconds=5))
    back = ExamConductor.resume(house.services, pack, house.clock.time)
    assert back is not None
    assert dict(back.sitting.answers) == given
    report = back.hand_in(house.clock.on(seconds=5))
    assert report.out_of == exam.total
    assert set(report.right) == {item for item in range(exam.total) if item % 2 == 0}
    for item in range(exam.total):
        feedback = back.feedback(item)
        assert feedback is not None
        assert (feedback.verdict_line == "Right.") == (item % 2 == 0)
    assert {review.response for review in house.store.reviews("small")} == set(given.values())
    assert set(FILES) >= {f"questions/{name}.md" for name in RIGHT if name != "good"}
