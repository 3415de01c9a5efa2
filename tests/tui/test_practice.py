"""Practice on the full screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.conduct.feedback import Feedback
from studyapp.study.review import Review
from studyapp.tui.spoken import Keymap
from studyapp.tui.wanted import Wanted
from studyapp.tui.widgets.diagram import Diagram
from studyapp.tui.widgets.feedback import why
from studyapp.tui.widgets.flow import Piece
from studyapp.tui.widgets.options import Options
from studyapp.tui.widgets.question import HOW_SURE
from tests.tui.room import Room, Visit

VERDICTS = ("Right.", "Wrong.", "Partly right")


async def begin(visit: Visit) -> None:
    """Begin a session of as many questions as the pack has."""
    await visit.press("p")
    await visit.sees("How many questions?")
    await visit.press("enter")
    await visit.until(lambda: "1 of 2" in visit.text)


def position(diagram: Diagram) -> int:
    """How many events the picture has seen."""
    return diagram.benches[0].position


def judged(visit: Visit) -> bool:
    return any(verdict in visit.text for verdict in VERDICTS)


def test_a_session_from_the_first_question_to_the_last(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        first = visit.question.id
        await visit.press(*visit.right, "enter")
        assert HOW_SURE in visit.text
        assert not room.reviews
        await visit.press("3")
        assert "✔ Right." in visit.text
        await visit.press("enter")
        assert visit.question.id != first
        wrong = {"crash": "2", "votes": "3"}[visit.question.id]
        await visit.press(wrong, "enter", "enter")
        assert "✖ Wrong." in visit.text
        await visit.press("n")
        await visit.sees("1 of 2 right", "Practise again")
        await visit.press("enter")
        await visit.sees("2 of 2 answered, 1 to look at again")

    room.enter(hand)
    assert [review.certainty for review in room.reviews] == ["sure", "think-so"]
    assert [review.verdict for review in room.reviews] == ["right", "wrong"]


def test_questions_with_a_tag_are_chosen_in_three_ways(tmp_path: Path) -> None:
    room = Room(tmp_path)
    path = room.folder / "packs" / "small" / "questions" / "votes.md"
    path.write_text(path.read_text().replace("objective: votes", "objective: votes\ntags: [Quorum]"))
    room.pack = room.services.open_pack("small")

    async def asked(visit: Visit) -> None:
        await visit.sees("How many questions tagged Quorum?", "1 question ")
        await visit.press("enter")
        await visit.until(lambda: "1 of 1" in visit.text)
        assert visit.question.id == "votes"
        await visit.press("escape")

    async def hand(visit: Visit) -> None:
        await asked(visit)
        await visit.press("p")
        await visit.sees("How many questions?", "Only questions with a tag …")
        await visit.press("2")
        await visit.sees("Which tag", "Quorum")
        await visit.press("enter")
        await asked(visit)
        await visit.press("ctrl+p", *"tagged qu")
        await visit.sees("Practise what is tagged Quorum")
        await visit.press("enter")
        await asked(visit)

    room.enter(hand, wanted=Wanted("practice", ":Quorum"))

    async def nothing(visit: Visit) -> None:
        await visit.sees("This pack has no questions with the tag [b].", "Choose another tag")

    room.enter(nothing, wanted=Wanted("practice", ":[b]"))


def test_an_answer_is_on_disk_before_its_verdict_is_drawn_and_the_rest_comes_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path)
    seen: list[str] = []

    async def hand(visit: Visit) -> None:
        await begin(visit)
        record = room.store.record_review

        def watched(review: Review) -> None:
            seen.append("before " + str(judged(visit)))
            record(review)
            seen.append("after " + str(judged(visit)))

        room.store.record_review = watched  # type: ignore[method-assign]  # the moment of the commit is to be seen

        def told(feedback: Feedback, keymap: Keymap) -> list[Piece]:
            seen.append(f"painted {judged(visit)} {visit.text.count('your choice')} {visit.text.count('Seed ')}")
            return why(feedback, keymap)

        monkeypatch.setattr("studyapp.tui.widgets.question.why", told)
        await visit.press("1", "enter", "2")
        await visit.sees("Seed ")

    room.enter(hand, size=(100, 60))
    assert seen == ["before False", "after False", "painted True 1 0"]


def test_sources_are_told_briefly_and_on_a_key_with_their_addresses(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await ask(visit, "crash")
        await visit.press("2", "enter", "3")
        await visit.sees("Seed ")
        assert "://" not in visit.text
        assert "MicrosoftDocs/" not in visit.text
        await visit.press("u")
        await visit.sees("Where the rules come from", "https://learn.microsoft.com/")
        await visit.press("u")
        await visit.sees("u shows the sources in full")

    room.enter(hand, size=(80, 60))


def test_what_cannot_be_saved_is_said_kept_and_tried_again(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        room.store.failures = 2
        await visit.press("1", "enter", "1")
        await visit.sees("The disk is full.", "kept here", "Free some space.")
        assert not judged(visit)
        await visit.press("r")
        assert not judged(visit)
        await visit.press("r")
        assert judged(visit)

    room.enter(hand)
    [review] = room.reviews
    assert review.certainty == "guess"
    assert review.response == frozenset({0})


async def ask(visit: Visit, question: str) -> None:
    """Go on until a question of the pack is asked."""
    await begin(visit)
    while visit.question.id != question:
        await visit.press("1", "enter", "2", "n")


def test_one_is_chosen_and_ones_mind_changed(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await ask(visit, "crash")
        options = visit.app.screen.query_one(Options)
        await visit.press("enter")
        assert "Nothing is chosen yet" in visit.text
        await visit.press("2", "1", "2")
        assert options.response == frozenset({1})
        await visit.press("enter", "escape")
        assert not options.locked
        assert not judged(visit)
        await visit.press("up", "space")
        assert options.response == frozenset({0})
        await visit.press("minus")
        assert options.struck == {0}
        await visit.press("down", "minus")
        await visit.sees("(-)")
        await visit.press("up")
        await visit.press("space", "enter")
        assert "Nothing is chosen yet" in visit.text

    room.enter(hand)


def test_an_answer_that_is_not_saved_is_not_left_behind_unasked(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        room.store.failures = 1
        await visit.press("1", "enter", "2", "escape")
        await visit.sees("This answer is not saved yet.")
        await visit.press("r")
        assert judged(visit)
        await visit.press("escape")
        await visit.sees("Continue")

    room.enter(hand)
    assert len(room.reviews) == 1


def test_several_are_chosen_and_taken_back(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await ask(visit, "votes")
        options = visit.app.screen.query_one(Options)
        await visit.press("1", "3", "2", "3")
        assert options.response == frozenset({0, 1})
        await visit.press("up", "space", "space", "enter", "2")
        assert judged(visit)

    room.enter(hand)
    assert room.reviews[-1].response == frozenset({0, 1})
    assert room.reviews[-1].verdict == "right"


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
def test_the_replay_steps_through_the_picture(tmp_path: Path, size: tuple[int, int]) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        diagram = visit.app.screen.query_one(Diagram)
        assert position(diagram) == 0
        await visit.press("1", "enter", "2")
        there = position(diagram)
        assert there
        await visit.press("comma")
        assert position(diagram) < there
        await visit.press("0")
        assert position(diagram) == 0
        assert "▸ at the start" in visit.text
        while position(diagram) != there:
            await visit.press("full_stop")
        while position(diagram):
            await visit.press("full_stop")
        assert "▸ at the start" in visit.text

    room.enter(hand, size=size)


def test_another_variant_counts_and_the_session_goes_on(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        first = visit.question.id
        await visit.press("1", "enter", "2", "v")
        await visit.sees("another variant")
        assert visit.question.id == first
        await visit.press("1", "enter", "2", "n")
        await visit.sees("2 of 2")
        assert visit.question.id != first

    room.enter(hand)
    assert len(room.reviews) == 2


def test_from_another_variant_one_goes_back_to_the_answer_that_led_to_it(tmp_path: Path) -> None:
    """Whether it has been answered or not; the way out of practice is the same as before from there."""
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        await visit.press("2", "enter", "3")
        told = visit.text
        for keys in (("v",), ("v", "1", "enter", "2"), ("v", "1", "enter", "2", "v")):
            await visit.press(*keys)
            await visit.sees("another variant")
            await visit.press("escape")
            await visit.sees("1 of 2")
            assert visit.text == told
        await visit.press("full_stop", "escape")
        await visit.sees("Continue")

    room.enter(hand)
    assert len(room.reviews) == 3


def test_hints_and_the_way_back(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await ask(visit, "crash")
        await visit.press("h")
        await visit.sees("Who misses host1?")
        await visit.press("escape")
        await visit.sees("Start here" if not room.reviews else "Continue")

    room.enter(hand)


def test_a_click_chooses(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        await visit.pilot.click(Options, offset=(6, 1))
        assert visit.app.screen.query_one(Options).response == frozenset({1})
        await visit.pilot.click("#keys", offset=(2, 0))
        await visit.pilot.pause()

    room.enter(hand)


def test_the_same_seed_asks_the_same(tmp_path: Path) -> None:
    room = Room(tmp_path)
    asked: list[str] = []

    async def hand(visit: Visit) -> None:
        await visit.sees("How many questions?")
        await visit.press("enter")
        asked.append(visit.question.id)

    room.enter(hand, wanted=Wanted("practice"))
    room.enter(hand, wanted=Wanted("practice"))
    assert asked[0] == asked[1]


def test_what_would_make_a_wrong_answer_right(tmp_path: Path) -> None:
    """vm1 stays down when host1 is lost: it would if, for one, its cluster were not allowed to start it again."""
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        while visit.question.id != "crash":
            await visit.press(*visit.right, "enter", "enter", "enter")
        await visit.press("w")
        assert "What would make" not in visit.text
        await visit.press("2", "enter", "enter", "w")
        await visit.sees("What would make 2 right?")
        await visit.until(lambda: "one at a time:" in visit.text)
        await visit.sees("One change would make it right")
        shown = visit.app.screen.query_one(Diagram).benches[0].trace
        assert shown is not None
        await visit.press("comma")
        assert visit.app.screen.query_one(Diagram).benches[0].trace is not shown
        await visit.press("enter")
        assert "What would make" not in visit.text

    room.enter(hand)


def test_a_question_is_reported_to_its_author(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await begin(visit)
        await visit.press("1", "enter", "enter", "exclamation_mark")
        await visit.sees("What is wrong with this question?")
        await visit.press("escape")
        assert not (room.services.paths.data / "reports").exists()
        await visit.press("exclamation_mark")
        await visit.sees("What is wrong with this question?")
        await visit.press(*"a typo", "escape")
        await visit.sees("Send it to the author")
        await visit.press("enter")
        await visit.until(lambda: "2 of 2" in visit.text)

    room.enter(hand)
    (path,) = (room.services.paths.data / "reports").iterdir()
    assert '"comment": "a typo"' in path.read_text()


def test_who_knows_something_already_skips_its_lesson(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hand(visit: Visit) -> None:
        await visit.sees("I know some of this already")
        await visit.press("down", "enter")
        await visit.until(lambda: "Placement quiz · 1 of 2" in visit.text)
        assert visit.question.id == "crash"
        await visit.press("1", "enter", "3", "enter")
        await visit.until(lambda: visit.question.id == "votes")
        await visit.press("3", "enter", "3", "enter")
        await visit.sees("1 of 2 right", "You know this already: The first lesson.")
        await visit.sees("Begin with the lesson: The second lesson.")
        await visit.press("enter")
        await visit.sees("Lesson 2 · The second lesson")
        assert "I know some of this already" not in visit.text

    room.enter(hand)
