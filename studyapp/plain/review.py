"""An exam that is over, looked back on question by question."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.conduct import ExamConductor
from studyapp.packs.pack import Pack
from studyapp.plain.feedback import tell_feedback
from studyapp.plain.question import tell_question
from studyapp.plain.talk import Talk, Word


def review(talk: Talk, pack: Pack, conductor: ExamConductor) -> None:
    """Offer to go through the questions until the person has enough. Raises Leave."""
    made = conductor.report
    if made is None:
        return
    missed = sorted((*made.partly, *made.wrong, *made.unanswered))
    words = (
        Word("all", "go through all questions"),
        *((Word("missed", "go through those that were not right"),) if missed else ()),
        Word("go 7", "look back on question 7"),
        Word("enter alone", "leave; the result is saved"),
    )
    prompt = "Review: all, missed, or enter to leave" if missed else "Review: all, or enter to leave"
    while True:
        typed = talk.ask(prompt, words).lower()
        word, _, rest = typed.partition(" ")
        if not typed:
            return
        if typed == "all":
            walk(talk, pack, conductor, range(conductor.total))
        elif typed in ("missed", "wrong") and missed:
            walk(talk, pack, conductor, missed)
        elif (word == "go" and rest.isdecimal() and 1 <= int(rest) <= conductor.total) or (
            typed.isdecimal() and 1 <= int(typed) <= conductor.total
        ):
            walk(talk, pack, conductor, [int(rest or typed) - 1])
        else:
            talk.puzzled(typed, "Type all, missed, go and a number, or enter alone to leave.")


def walk(talk: Talk, pack: Pack, conductor: ExamConductor, items: Sequence[int]) -> None:
    """Look back on some questions, one after another."""
    words = (Word("enter alone", "the next question"), Word("stop", "end the review"))
    for place, item in enumerate(items):
        talk.gap()
        talk.say(f"Question {item + 1} of {conductor.total}.")
        talk.gap()
        feedback = conductor.feedback(item)
        if feedback is None:
            talk.say("This question is no longer in the pack, or cannot be graded. It did not count.")
        else:
            tell_question(talk, conductor.variant(item))
            tell_feedback(talk, pack, feedback)
        if place + 1 < len(items):
            typed = talk.ask(f"Enter for question {items[place + 1] + 1}, or stop", words)
            if typed:
                return
