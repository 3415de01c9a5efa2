"""What helps beside reading and answering, line by line: predictions, what would make an answer right, search, notes,
reports, the placement quiz.
"""

from __future__ import annotations

import re

import pytest

from studyapp.cli.main import main
from studyapp.plain import start
from studyapp.plain.talk import Talk
from tests.plain.desk import Desk
from tests.plain.test_sessions import desk, learn, practise

__all__ = ["desk"]


def test_before_a_diagram_is_watched_one_says_what_will_happen(desk: Desk) -> None:
    """vm1 hangs and nobody listens to its heartbeat: clients of app get no answer any more."""
    said = learn(desk, "perhaps", "yes", "3", "play", "", "quit", lesson="first")
    assert "Before you watch: when everything has settled, will a new client of app" in " ".join(said.split())
    assert '"perhaps" means nothing here.' in said
    assert "You said: yes (you were sure). In fact: no." in said
    (kept,) = desk.services.store.predictions("small")
    assert (kept.claim, kept.said, kept.came, kept.certainty) == ("available('app')", "yes", "no", "sure")
    assert "Before you watch" not in learn(desk, "quit", lesson="first"), "it is asked once"


def test_what_would_make_a_wrong_answer_right(desk: Desk) -> None:
    said = practise(desk, "2", "", "why not", "w", "", "2", "", "why not", "w", "", "")
    assert "What would make 2 right?\nOne change " in said
    assert "one at a time: " in " ".join(said.split())


def test_words_are_searched_and_what_is_found_is_opened(desk: Desk) -> None:
    def home(talk: Talk) -> None:
        start.home(talk, desk.services, desk.pack)

    said = desk.type(home, "search", "nowhere", "left one", "1", "", "lessons", "alone", "1", "", "", "quit")
    assert "Nothing found." in said
    assert "1. lesson: The first lesson · Compared. " in said
    assert "Part 2 of 3: Compared" in said
    assert "1. free play: One host alone. " in said
    assert "Diagram: One host alone" in said


def test_a_question_is_found_once_it_has_been_met(desk: Desk) -> None:
    def home(talk: Talk) -> None:
        start.home(talk, desk.services, desk.pack)

    assert "Nothing found." in desk.type(home, "search", "what becomes", "quit")
    practise(desk, "1", "", "", "1", "", "")
    assert "1. question: Hosts and silence. " in desk.type(home, "search", "what becomes", "1", "1", "", "", "", "quit")


def test_notes_and_bookmarks_in_lines(desk: Desk) -> None:
    typed = ("", "", "note", "ask why", "bookmark", "note", "none", "bookmark", "note", "", "quit")
    said = learn(desk, *typed, lesson="first")
    assert said.count("There is no note here yet.") == 2
    assert "Your note: ask why" in said
    assert said.index("Bookmark set.") < said.index("Bookmark taken away.")
    assert not desk.services.store.marks("small")


def seen_options(text: str) -> list[str]:
    """The first two numbered lines after a question, in their order."""
    return [line for line in text.split("\n") if re.match(r"[12]\. (?!right|wrong)", line)][:2]


def test_a_question_is_reported_to_its_author(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    said = practise(desk, "2", "", "report", "the [b]reason[/b] is \x1b[2J wrong", "", "quit")
    (path,) = (desk.services.paths.data / "reports").iterdir()
    assert "Send it to the author of the pack." in said
    (review,) = desk.services.store.reviews("small")
    assert main(["pack", "show", str(desk.pack.folder), str(path)]) == 0
    shown = capsys.readouterr().out
    assert "Reported: the [b]reason[/b] is" in shown
    assert "\x1b" not in shown
    assert "Answered: 2 (" in shown, "by the numbers that the learner saw"
    assert seen_options(said) == seen_options(shown)
    assert desk.pack.question(review.question_id).prompt.split("**")[1] in shown
    assert main(["pack", "show", str(path)]) == 2
    assert "is about the pack small, which is not installed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["{}", "[", "[1]", '{"studyapp-report": 2}', "\x00", '{"studyapp-report": 1, "pack": 1}']
)
def test_what_is_no_report_is_refused(desk: Desk, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.folder / "report.json"
    path.write_text(text)
    assert main(["pack", "show", str(desk.pack.folder), str(path)]) == 2
    assert "this is no report of studyapp" in capsys.readouterr().err


def test_who_knows_something_already_skips_its_lesson(desk: Desk) -> None:
    """One question for each lesson; the first is answered rightly and surely, the other by a guess."""

    def home(talk: Talk) -> None:
        start.home(talk, desk.services, desk.pack)

    said = desk.type(home, "placement", "1", "3", "", "1 2", "1", "", "quit")
    assert "2 of 2 right." in said
    assert "You know this already: The first lesson. Begin with the lesson: The second lesson." in " ".join(
        said.split()
    )
    places = {place.lesson_id: place.finished for place in desk.services.store.lesson_places("small")}
    assert places == {"first": True}


def test_words_are_found_in_the_lesson_that_is_read(desk: Desk) -> None:
    said = " ".join(learn(desk, "", "", "find", "find LEFT  one", "find nowhere", "quit", lesson="first").split())
    assert "find some words: hear where this lesson has them" not in said
    assert '"find" means nothing here.' in said
    assert "1 place, by the numbers of their parts: 1 of 1. Part 2, Compared: The left one comes back." in said
    assert '"nowhere" is not in this lesson.' in said


def test_of_words_that_stand_everywhere_some_places_are_told(desk: Desk) -> None:
    said = " ".join(learn(desk, "", "", "find e", "help", "quit", lesson="first").split())
    assert " Part 1, The first lesson: The first lesson 2 of " in said
    assert "find some words: hear where this lesson has them" in said
