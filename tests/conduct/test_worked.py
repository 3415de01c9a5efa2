"""Worked examples that fade: what is shown, what is asked, and what is on disk before anything is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.conduct.worked import Worked
from studyapp.packs.pack import load_pack
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING, Response
from studyapp.questions.steps import ENDED
from studyapp.store.errors import StoreError
from studyapp.study import session
from tests.conduct.small import RIGHT, WRONG, Clock, FailingStore, services_in, write_pack


class Reader:
    """Somebody who comes back to a worked example again and again."""

    def __init__(self, folder: Path) -> None:
        pack, problems = load_pack(write_pack(folder / "packs" / "small"))
        assert pack is not None, problems
        self.pack = pack
        self.clock: Clock
        self.store: FailingStore
        self.services, self.clock, self.store = services_in(folder)

    def open(self, question: str = "lost") -> Worked:
        return Worked(self.services, self.pack, "first", question, 7)

    def answer(self, worked: Worked, response: Response, certainty: str = "sure") -> None:
        worked.answer(response, certainty, self.clock.on(seconds=10))

    def finish(self, question: str = "lost", *, right: bool = True, certainty: str = "sure") -> list[Variant]:
        """Go through one encounter; what was asked."""
        worked, asked = self.open(question), []
        while (variant := worked.current) is not None:
            if worked.phase == session.ASKING:
                asked.append(variant)
                last = not worked.more
                self.answer(worked, (RIGHT if right else WRONG)[question] if last else right_step(worked), certainty)
            worked.advance()
        return asked


def right_step(worked: Worked) -> Response:
    variant = worked.current
    assert variant is not None
    return next(frozenset({index}) for index, each in enumerate(variant.question.options) if each.static)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    made = Reader(tmp_path)
    yield made
    made.services.close()


def test_first_an_example_is_shown_in_full_then_another_variant_is_asked(reader: Reader) -> None:
    worked = reader.open()
    assert worked.phase == session.FEEDBACK
    example = worked.current
    assert example is not None
    assert worked.feedback is not None
    assert worked.feedback.verdict_line.startswith("A worked example")
    assert "**The right answers are " in example.prompt
    assert worked.feedback.replay
    assert all(f"{number}. " in example.prompt for number in (1, 2)), "every step is told"
    worked.advance()
    asked = worked.current
    assert asked is not None
    assert asked.number != example.number
    assert "the last step is yours" in asked.prompt
    assert all(f"{number}. " in asked.prompt for number in (1, 2)), "the steps before the last are told"
    assert not reader.store.reviews("small"), "reading is no answer"


def test_each_right_answer_leaves_out_one_more_step(reader: Reader) -> None:
    asked = [len(reader.finish()) for _ in range(5)]
    steps = max(asked)
    assert asked[0] == 1
    assert asked[1] == 2, "the step before the answer is asked"
    assert asked[:steps] == list(range(1, steps + 1))
    assert asked[steps:] == [1] * (5 - steps), "in the end it is solved alone"


def test_alone_nothing_is_told(reader: Reader) -> None:
    *_, last = [asked for _ in range(8) for asked in reader.finish()]
    assert "all of it is yours" in last.prompt
    assert "\n1. " not in last.prompt


@pytest.mark.parametrize("right, certainty", [(False, "sure"), (True, "guess")])
def test_a_wrong_answer_or_a_guess_shows_the_example_again(reader: Reader, right: bool, certainty: str) -> None:
    reader.finish()
    assert reader.open().phase == session.ASKING
    reader.finish(right=right, certainty=certainty)
    assert reader.open().phase == session.FEEDBACK


def test_a_step_is_on_disk_before_it_is_judged_and_recorded_once(reader: Reader) -> None:
    reader.finish()
    worked = reader.open()
    variant = worked.current
    assert variant is not None
    assert variant.prompt.endswith("**What comes next?**")
    wrong = next(n for n, each in enumerate(variant.question.options) if not each.static and each.text != ENDED)
    reader.answer(worked, frozenset({wrong}))
    (kept,) = reader.store.predictions("small")
    assert (kept.lesson_id, kept.certainty) == ("first", "sure")
    assert kept.claim.startswith("the next step of lost, variant ")
    assert kept.said == variant.question.options[wrong].text
    assert kept.came == next(each.text for each in variant.question.options if each.static)
    feedback = worked.feedback
    assert feedback is not None
    assert feedback.grade.verdict == "wrong"
    assert feedback.belief is not None
    assert feedback.belief.startswith("To answer like this you would have to believe that ")
    assert feedback.replay[-1].line == kept.came, "it is told as far as this"
    assert feedback.response == NOTHING, "a report to the author has no answer to the question"
    assert len(reader.store.reviews("small")) == 1, "a step is no answer to the family"


def test_a_step_that_cannot_be_saved_is_kept_until_it_can(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.finish()
    worked = reader.open()
    record = reader.store.record_prediction

    def full(prediction: object) -> None:
        raise StoreError("The disk is full.", "Nothing is lost.", "Free some space.")

    monkeypatch.setattr(reader.store, "record_prediction", full)
    with pytest.raises(StoreError):
        reader.answer(worked, right_step(worked))
    assert worked.phase == session.UNSAVED
    assert worked.feedback is None
    monkeypatch.setattr(reader.store, "record_prediction", record)
    assert worked.retry().grade.verdict == "right"
    assert len(reader.store.predictions("small")) == 1


def test_who_leaves_the_rest_out_is_done(reader: Reader) -> None:
    reader.finish()
    worked = reader.open()
    worked.skip()
    assert worked.phase == session.DONE
    assert worked.current is None
