"""Whole sessions, typed: what is said, what is remembered, and that leaving is always safe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from studyapp.packs.archives.archive import read_source
from studyapp.packs.archives.installing import install
from studyapp.packs.pack import Pack
from studyapp.plain import start
from studyapp.plain.talk import Talk
from studyapp.store.errors import StoreError
from studyapp.study.review import Review
from tests.plain.desk import Desk, write_pack


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    with made.services:
        yield made


def practise(desk: Desk, *lines: str) -> str:
    return desk.type(lambda talk: start.practice(talk, desk.services, desk.pack, 2, 1), *lines)


def learn(desk: Desk, *lines: str, lesson: str | None = None) -> str:
    return desk.type(lambda talk: start.learn(talk, desk.services, desk.pack, lesson), *lines)


def sit(desk: Desk, *lines: str) -> str:
    return desk.type(lambda talk: start.exam(talk, desk.services, desk.pack, 1), *lines)


def first_is_crash(said: str) -> bool:
    return said.index("loses its power. What") < said.find("host2 hangs") or "host2 hangs" not in said


# -- practice -------------------------------------------------------------------------------------------------------


def test_an_answer_is_remembered_with_its_certainty_and_everything_is_said_about_it(desk: Desk) -> None:
    said = practise(desk, "2", "3", "", "2", "", "", "quit")
    reviews = {each.question_id: each for each in desk.services.store.reviews("small")}
    assert {name: (each.certainty, each.verdict) for name, each in reviews.items()} == (
        {"crash": ("sure", "wrong"), "votes": ("think-so", "partly")}
        if first_is_crash(said)
        else {"votes": ("sure", "partly"), "crash": ("think-so", "wrong")}
    )
    for sentence in (
        "The cluster, before anything happens:",
        "Wrong. The right answer is 1.",
        "You chose it, but it is wrong. Only where nothing is clustered.",
        "It is right; you did not choose it. The other host is free.",
        "What happens:\n1. 00:00 host1 loses its power.",
        "Rule: ",
        "Source: ",
        "Why:\nThe host that is left starts it again.",
        "0 of 2 right.",
    ):
        assert sentence in said


def test_several_options_are_chosen_in_one_line(desk: Desk) -> None:
    said = practise(desk, "1", "", "", "1 and 2", "1", "")
    if not first_is_crash(said):
        said = practise(desk, "1, 2", "1", "", "1", "", "")
    assert "Right." in said
    assert {each.verdict for each in desk.services.store.reviews("small") if each.question_id == "crash"} <= {"right"}


def test_what_cannot_be_an_answer_is_said_and_asked_again(desk: Desk) -> None:
    said = practise(desk, "", "9", "one", "hint", "hint", "question", "help", "skip", "skip")
    assert "Nothing is chosen yet" in said
    assert "The options are numbered 1 to" in said
    assert '"one" means nothing here.' in said
    assert "Hint:" in said or "This question has no hint." in said
    assert said.count("Skipped: nothing is recorded.") == 2
    assert "No question was answered." in said
    assert not desk.services.store.reviews("small")


def test_one_may_choose_again_before_saying_how_sure_one_is(desk: Desk) -> None:
    practise(desk, "1", "back", "2", "2")
    (review,) = desk.services.store.reviews("small")
    assert review.response == frozenset({1})


def test_the_end_of_the_input_leaves_politely(desk: Desk) -> None:
    assert practise(desk).endswith("\nNo question was answered.\nGoodbye. Everything is saved.\n")


def test_the_cluster_of_a_question_can_be_tried(desk: Desk) -> None:
    said = practise(desk, "1", "", "try", "break host1 crash", "play", "", "", "quit")
    assert "Changed since the beginning:" in said


def test_sources_are_told_briefly_and_in_full_where_they_are_asked_for(desk: Desk) -> None:
    before, _, after = practise(desk, "1", "", "sources", "quit").partition("sources\n")
    assert "Source: " in before
    assert "://" not in before
    assert "://" in after


def test_another_variant_is_asked_apart_from_the_session(desk: Desk) -> None:
    said = practise(desk, "1", "", "variant", "1", "", "", "1", "", "")
    assert "Another variant, seed 7" in said
    assert len(desk.services.store.reviews("small")) == 3
    assert "of 2 right." in said


def test_an_answer_that_cannot_be_saved_is_kept_and_saved_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desk.services.store
    record = store.record_review
    refusals = [StoreError("The disk is full.", "Nothing is lost.", "Free some space.") for _ in range(2)]

    def full(review: Review) -> None:
        if refusals:
            raise refusals.pop()
        record(review)

    monkeypatch.setattr(store, "record_review", full)
    said = practise(desk, "1", "", "", "", "quit")
    said = " ".join(said.split())
    assert said.count("The disk is full. Your answer is kept here, but it is not on disk. Free some space.") == 2
    assert "Why:" in said
    assert len(store.reviews("small")) == 1


def test_leaving_with_an_answer_that_is_not_saved_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(review: Review) -> None:
        raise StoreError("The disk is full.", "Nothing is lost.", "Free some space.")

    monkeypatch.setattr(desk.services.store, "record_review", full)
    said = practise(desk, "1", "", "quit")
    assert "Goodbye. Your last answer is not saved; everything before it is." in said
    assert "Why:" not in said


# -- lessons --------------------------------------------------------------------------------------------------------


def test_a_lesson_is_read_to_its_end(desk: Desk) -> None:
    said = learn(desk, "1", " ", "", "", "play", "", "", "1", "", "", "", "", "")
    for sentence in (
        "Lesson 1 of 2: The first lesson",
        "Diagram: Two hosts and a disk",
        'Type "play" to see what happens. Then read on.',
        "vm1 stops responding",
        "Part 2 of 3: Compared",
        "Cluster A, on the left: Two hosts and a disk",
        "Cluster B, on the right: One host alone",
        "- A: Clients of app",
        "Question, seed 7",
        "That was all.",
        "End of the lesson: The first lesson.",
        "- A book",
        "Lesson 2 of 2: The second lesson",
        "- who: host1; votes: 1",
        "This was the last lesson.",
    ):
        assert sentence in said, sentence
    assert said.index('Type "play"') < said.index("read on: ") < said.index("Nothing notices it.")
    places = {place.lesson_id: place for place in desk.services.store.lesson_places("small")}
    assert places["first"].finished
    assert len(desk.services.store.reviews("small")) == 1


def test_a_lesson_goes_on_where_it_was_left(desk: Desk) -> None:
    learn(desk, "", "", "", "quit", lesson="first")
    said = learn(desk, "")
    assert "you are at part 2 of 3" in said
    assert "You go on at part 2 of 3." in said
    assert "Here is a pair." not in said
    assert "Here is a pair." in learn(desk, "", "", "part 1")


def test_parts_can_be_chosen(desk: Desk) -> None:
    said = learn(desk, "", "", "parts", "part 3", "skip", "back", "", "lessons", lesson="first")
    assert "1. The first lesson\n2. Compared\n3. Asked" in said
    assert said.index("Part 3 of 3") < said.index("Part 2 of 3")
    assert "Which lesson" in said


# -- exams ----------------------------------------------------------------------------------------------------------


def test_an_exam_is_sat_handed_in_and_looked_back_on(desk: Desk) -> None:
    said = sit(desk, "start", "1", "flag", "1 2", "list", "hand in", "", "hand in", "yes", "all", "", "")
    for sentence in (
        "- 2 questions in 10 minutes.",
        "You have 10 min, until",
        "left. Question 1. Your answer",
        "Saved: 1 for question 1.",
        "Question 2 is flagged.",
        "Not handed in. The exam goes on.",
        "Handed in.",
        "needed to pass.",
        "By objective:",
        "- Votes: ",
        "Question 2 of 2.",
    ):
        assert sentence in said, sentence
    assert said.index("Handed in.") < said.index("Rule: "), "nothing is judged before"
    (record,) = desk.services.store.sittings("small")
    assert record.result is not None


def test_an_exam_that_was_left_goes_on(desk: Desk) -> None:
    said = sit(desk, "start", "1", "quit")
    assert "The exam is not over: its clock runs on for" in said
    desk.clock.now += timedelta(minutes=5)
    said = sit(desk, "quit")
    assert "You go on with the exam A short exam, begun at " in said
    assert "1 of 2 questions answered. 5 min left" in said
    assert "Question 2 of 2. Not answered." in said


def test_an_exam_is_handed_in_by_itself_while_away(desk: Desk) -> None:
    sit(desk, "start", "1")
    desk.clock.now += timedelta(minutes=10)
    said = sit(desk, "")
    assert "Your exam was handed in by itself when its time was up" in said
    assert "Time: the whole 10 min." in said


def test_an_exam_is_handed_in_by_itself_at_a_prompt(desk: Desk) -> None:
    desk.clock.step = timedelta(seconds=50)
    said = sit(desk, "start", "back", "back", "back", "back", "back", "back", "back", "1", "1", "1", "1", "")
    assert "The time is up. The exam is handed in with what you have answered." in said
    assert "Not answered: 1 and 2." in said
    assert not desk.services.store.reviews("small")


def test_extra_time_is_set_before_and_noted(desk: Desk) -> None:
    said = sit(desk, "extra 3", "extra 1.5", "foo", "start", "hand in", "yes", "")
    assert "Extra time is 1.25, 1.5 or 2 times the usual." in said
    assert "You will have 15 minutes." in said
    assert "with 1.5 times the usual time." in said


def test_an_answer_can_be_changed_and_taken_back(desk: Desk) -> None:
    sit(desk, "start", "1", "go 1", "2", "go 1", "clear", "go 9", "quit")
    open_sitting = desk.services.store.load_open_sitting("small")
    assert open_sitting is not None
    assert not open_sitting.answers
    assert "The questions are numbered 1 to 2." in desk.said


def test_moves_that_cannot_be_saved_are_kept_and_saved_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desk.services.store
    record = store.record_sitting_action
    refusals = [StoreError("The disk is full.", "Nothing is lost.", "Free some space.")]

    def full(*given: object, **named: object) -> None:
        if refusals:
            raise refusals.pop()
        record(*given, **named)  # type: ignore[arg-type]  # it hands on whatever it is given

    monkeypatch.setattr(store, "record_sitting_action", full)
    said = sit(desk, "start", "1", "save", "quit")
    assert "The disk is full. 1 change kept here, but not on disk." in said
    assert "Everything is saved." in said
    open_sitting = store.load_open_sitting("small")
    assert open_sitting is not None
    assert open_sitting.answers[0] == frozenset({0})


# -- everything -----------------------------------------------------------------------------------------------------


def empty(pack: Pack) -> Pack:
    from dataclasses import replace

    return replace(pack, lessons=(), questions=(), blueprints=())


def test_an_empty_pack_says_so(desk: Desk) -> None:
    desk.pack = empty(desk.pack)
    assert learn(desk) == "This pack has no lessons.\n"
    assert practise(desk) == "This pack has no questions to practise with.\n"
    assert sit(desk) == "This pack has no exams.\n"


def test_the_menu_leads_to_everything(desk: Desk) -> None:
    def home(talk: Talk) -> None:
        start.home(talk, desk.services, desk.pack)

    assert "Which lesson" in desk.type(home, "1")
    assert "Question 1 of 2" in desk.type(home, "practice")
    assert "Type start to begin" in desk.type(home, "exam", "quit")
    assert "1. One host alone" in desk.type(home, "4", "")
    said = desk.type(home, "7")
    assert "Readiness\n" in said
    assert "Today: 2 new questions, about 2 min; 0 of 20 min done." in said
    assert "Too few answers to foretell an exam: 0" in said
    assert "Type a number from 1 to 7." in desk.type(home, "8")


def test_questions_with_a_tag_are_asked_from_the_menu(desk: Desk) -> None:
    def home(talk: Talk) -> None:
        start.home(talk, desk.services, desk.pack)

    assert "This pack has no tags." in desk.type(home, "practice quorum")
    path = desk.folder / "small" / "questions" / "votes.md"
    path.write_text(path.read_text().replace("objective: votes", "objective: votes\ntags: [Quorum]"))
    desk.pack = desk.services.open_pack(str(desk.folder / "small"))
    assert "Tags of this pack are: Quorum." in desk.type(home, "practice other")
    said = desk.type(home, "help", "practice quorum")
    assert "practice TAG" in said
    assert "Question 1 of 1" in said
    assert "host2 hangs" in said


def test_the_menu_leads_to_other_packs(desk: Desk) -> None:
    other = write_pack(desk.folder / "deep" / "elsewhere")
    manifest = other / "pack.yaml"
    manifest.write_text(manifest.read_text().replace("id: small", "id: other").replace("Small things", "Other things"))
    install(read_source(other), desk.services.paths.packs, desk.folder, lambda plan: True)
    damaged = desk.folder / "damaged"
    damaged.mkdir()
    (damaged / "pack.yaml").write_text(manifest.read_text().replace("id: other", "id: damaged\nno-key: 1"))

    def home(talk: Talk) -> None:
        start.home(talk, desk.services, desk.pack)

    said = desk.type(home, "8", "nine", "9", "2", "1")
    assert "8. Another pack" in said
    assert "1. Other things (damaged)" in said
    assert "2. Other things (other)" in said
    assert "Type a number from 1 to 2." in said
    assert "Lessons of Other things:" in said
    assert "The pack in" in desk.type(home, "8", "1", "1")
    assert "Lessons of Small things:" in desk.said, "the one that was open stays open"
