"""Every kind of question on a screen of 80 by 24: answered with the keyboard alone, in practice and in an exam."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.questions.kinds import KINDS
from studyapp.questions.question import Variant
from studyapp.questions.response import Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.tui.widgets.options import Options
from studyapp.tui.widgets.question import HOW_SURE, QuestionPane
from studyapp.tui.widgets.typed import TypedAnswer
from tests.conduct.test_kinds import EXAM
from tests.questions.every_kind import RIGHT, every_kind
from tests.tui.room import Room, Visit

ALL = len(RIGHT)


def room_of(folder: Path) -> Room:
    room = Room(folder)
    made = folder / "every"
    every_kind(made)
    (made / "exams").mkdir()
    (made / "exams" / "all.yaml").write_text(EXAM)
    room.pack = every_kind(made)
    return room


def pane(visit: Visit) -> QuestionPane:
    return visit.app.screen.query(QuestionPane).first()


def variant_of(visit: Visit) -> Variant:
    variant = pane(visit).variant
    assert variant is not None
    return variant


def numbers(variant: Variant, response: Response) -> list[str]:
    """The numbers that are pressed to answer so."""
    shown = list(enumerate(variant.options, start=1))
    match response:
        case frozenset():
            return [str(number) for number, option in shown if option.index in response]
        case Picked(names=names):
            return [str(number) for number, option in shown if option.text in names]
        case Said(yes=yes, no=no):
            twice = [
                number for number, option in shown for _ in range((option.index in yes) + 2 * (option.index in no))
            ]
            return [str(number) for number in twice]
        case Paired(cells=cells):
            labels = {cell.index: str(number) for number, cell in enumerate(variant.cells, start=1)}
            return [labels[cell] for cell in cells if cell is not None]
        case Number(value=value):
            return list(f"{value:g}")
        case Text(text=text):
            return ["full_stop" if sign == "." else sign for sign in text]
        case Ordered():
            raise AssertionError("an order is moved into place")


async def arrange(visit: Visit, steps: tuple[int, ...]) -> None:
    """Move each step to its place: the cursor goes to it, a number takes it there."""
    options = visit.app.screen.query_one(Options)
    variant = variant_of(visit)
    for place, step in enumerate(steps):
        line = [variant.options[at].index for at in options.form.lines(variant, options.response)].index(step)
        while options.cursor != line:
            await visit.press("down" if options.cursor < line else "up")
        await visit.press(str(place + 1))


async def give(visit: Visit, response: Response) -> None:
    """Answer with the keyboard, without giving the answer."""
    if isinstance(response, Ordered):
        await arrange(visit, response.steps)
    else:
        await visit.press(*numbers(variant_of(visit), response))


async def begin(visit: Visit) -> None:
    await visit.press("p")
    await visit.sees("How many questions?")
    await visit.press("down", "enter")
    await visit.until(lambda: f"1 of {ALL}" in visit.text)


def test_every_kind_is_answered_with_the_keyboard(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    asked: set[str] = set()

    async def hand(visit: Visit) -> None:
        await begin(visit)
        for _ in range(ALL):
            variant = variant_of(visit)
            asked.add(variant.question.kind)
            await visit.press("enter")
            assert "yet" in visit.flat, "an empty answer is not locked"
            await give(visit, RIGHT[variant.question.id](variant))
            await visit.press("enter")
            await visit.sees(HOW_SURE)
            await visit.press("3")
            await visit.sees("✔ Right.")
            await visit.press("enter")
        await visit.sees(f"{ALL} of {ALL} right")

    room.enter(hand)
    assert asked == set(KINDS)
    assert {review.verdict for review in room.reviews} == {"right"}
    assert {review.certainty for review in room.reviews} == {"sure"}


def test_an_answer_of_any_kind_may_be_changed_before_it_is_given(tmp_path: Path) -> None:
    room = room_of(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        for _ in range(ALL):
            variant = variant_of(visit)
            await give(visit, RIGHT[variant.question.id](variant))
            before = pane(visit).form.response
            await visit.press("enter")
            await visit.sees(HOW_SURE)
            await visit.press("escape")
            assert pane(visit).form.response == before
            assert not pane(visit).form.locked
            await visit.press("enter", "2")
            await visit.sees("✔ Right.")
            await visit.press("enter")

    room.enter(hand)
    assert len(room.reviews) == ALL


async def ask(visit: Visit, kind: str) -> None:
    """Go on until a question of this kind is asked."""
    await begin(visit)
    while variant_of(visit).question.kind != kind:
        variant = variant_of(visit)
        await give(visit, RIGHT[variant.question.id](variant))
        await visit.press("enter", "2", "n")


def test_lines_are_taken_and_moved(tmp_path: Path) -> None:
    room = room_of(tmp_path)

    async def hand(visit: Visit) -> None:
        await ask(visit, "order")
        options = visit.app.screen.query_one(Options)
        shown = tuple(option.index for option in variant_of(visit).options)
        await visit.press("space")
        assert options.response == Ordered(shown)
        assert "⇕" in visit.text
        await visit.press("down")
        assert options.response == Ordered((shown[1], shown[0], *shown[2:]))
        await visit.press("space", "down")
        assert options.cursor == 2
        assert options.response == Ordered((shown[1], shown[0], *shown[2:]))
        await visit.press("1")
        assert options.response == Ordered((shown[2], shown[1], shown[0], *shown[3:]))

    room.enter(hand)


def test_pairs_go_round_and_are_taken_back(tmp_path: Path) -> None:
    room = room_of(tmp_path)

    async def hand(visit: Visit) -> None:
        await ask(visit, "match")
        options = visit.app.screen.query_one(Options)
        cells = [cell.index for cell in variant_of(visit).cells]
        await visit.press("2", "9", "1")
        assert options.response == Paired((cells[1], cells[0]))
        await visit.press("space", "space", "space")
        assert options.response == Paired((cells[1], None))
        assert "A [2]" in visit.text
        assert "B [ ]" in visit.text

    room.enter(hand)


def test_what_is_typed_must_be_a_number_where_one_is_asked_for(tmp_path: Path) -> None:
    room = room_of(tmp_path)

    async def hand(visit: Visit) -> None:
        await ask(visit, "number")
        assert "enter Answer" in visit.text.split("\n")[-1]
        await visit.press(*"soon", "enter")
        await visit.sees("This is not a number in s: write 12 or 12.5.")
        assert isinstance(pane(visit).form, TypedAnswer)
        assert "F2" not in visit.text.split("\n")[-1], "there is no hint to this question"
        await visit.press("escape")
        await visit.sees("Continue")

    room.enter(hand)


def test_a_wrong_answer_of_each_kind_is_shown_with_what_is_right(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    told: dict[str, str] = {}

    async def hand(visit: Visit) -> None:
        await begin(visit)
        for _ in range(ALL):
            variant = variant_of(visit)
            kind = variant.question.kind
            match kind:
                case "number":
                    await visit.press("7", "7")
                case "text":
                    await visit.press(*"fewer")
                case "order":
                    await arrange(visit, tuple(reversed(RIGHT[variant.question.id](variant).steps)))  # type: ignore[union-attr]  # an order's right answer has steps
                case "choice":
                    right = numbers(variant, RIGHT["good"](variant))[0]
                    await visit.press("1" if right == "2" else "2")
                case "yes-no":
                    await visit.press("1", "2", "3")
                case "match":
                    await visit.press(*reversed(numbers(variant, RIGHT["pairs"](variant))))
                case _:
                    await visit.press("1")
            await visit.press("enter", "2")
            await visit.until(lambda: "Wrong." in visit.text or "Partly right" in visit.text)
            told[kind] = visit.flat
            await visit.press("enter")

    room.enter(hand, size=(80, 60))
    assert "✖ it is no" in told["yes-no"]
    assert "The right answer is" in told["number"]
    assert 'The right answer is "majority"' in told["text"]
    assert "✖ place" in told["order"]
    assert "is right" in told["match"]
    assert "This would do: host1 and host2." in told["break"]
    assert "✔ app stays available through the failure of any 1 of the hosts at once." in told["design"]
    assert "✖ The SameSubnetThreshold of group is 10." in told["design"]


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
def test_an_exam_of_every_kind(tmp_path: Path, size: tuple[int, int]) -> None:
    room = room_of(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("e")
        await visit.sees("the clock has not started")
        await visit.press("enter")
        for item in range(ALL):
            await visit.sees(f"Question {item + 1} of {ALL}")
            variant = variant_of(visit)
            await give(visit, RIGHT[variant.question.id](variant))
            await visit.press("f8" if isinstance(pane(visit).form, TypedAnswer) else "n")
        await visit.sees("Every question is answered")
        await visit.press("escape")
        await visit.sees(f"Question {ALL} of {ALL}")
        variant = variant_of(visit)
        assert pane(visit).form.response == RIGHT[variant.question.id](variant)
        await visit.press("f5", "H", "y")
        await visit.sees("Passed", f"{ALL} of {ALL} points")
        await visit.press("enter")
        await visit.sees("looking back", "✔ Right.")
        for _ in range(ALL - 1):
            await visit.press("n")
            await visit.sees("✔ Right.")

    room.enter(hand, size=size)
    assert [review.verdict for review in room.reviews] == ["right"] * ALL


def test_what_is_being_typed_in_an_exam_is_kept_each_second(tmp_path: Path) -> None:
    room = room_of(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.press("e", "enter")
        while variant_of(visit).question.kind != "text":
            await visit.press("f8")
        await visit.press(*"majo")
        sitting = visit.app.screen
        sitting.tick()  # type: ignore[attr-defined]  # the screen of an exam has one
        await visit.press(*"rity")

    room.enter(hand)
    room.killed()
    open_ = room.store.load_open_sitting("small")
    assert open_ is not None
    # The clock of a slow machine may have kept more of it meanwhile.
    assert any(isinstance(each, Text) and each.text.startswith("majo") for each in open_.answers.values())
