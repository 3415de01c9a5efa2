"""Whatever is typed and whatever a pack holds: nothing but text and newlines comes out, and nothing goes wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.exams import blueprint as exam
from studyapp.packs.content import Lesson, Pack
from studyapp.packs.lesson_parts import CheckpointPart, ComparePart, DiagramPart, LessonContent, Prose, Section
from studyapp.packs.prose import Code, Heading, ListBlock, Paragraph, Span, Table
from studyapp.packs.terms import Term
from studyapp.plain import start
from studyapp.plain.talk import Talk
from studyapp.questions.parts import AnswerPart, MatchPart, NumberPart, OptionsPart, OrderPart
from studyapp.questions.question import Question
from tests.plain.desk import Desk

BAD = "\x1b[2J\x1b]0;title\x07\x9b31m\r\b\x00 \u202eright\u2066 \u200b\ufeff [/] [@click=app.quit] {x} %s"

# fmt: off
WORDS = (
    "1", "2", "3", "9", "1,2", "guess", "sure", "back", "next", "flag", "clear", "list", "question", "hint", "skip",
    "again", "try", "variant", "play", "step", "over", "look", "why", "break", "repair", "undo", "another", "start",
    "yes", "all", "missed", "stop", "parts", "lessons", "diagram", "terms", "help", "space", "x", "r", "w", "0",
)
# fmt: on
PHRASES = (
    *("", " ", "1 2", "go 2", "go 99", "break host1", "break host1 crash", "hang vm1", "repair host1", "extra 2"),
    *("hand in", "part 2"),
)
LINES = st.one_of(
    st.sampled_from((*WORDS, *PHRASES)), st.text(max_size=20).filter(lambda text: not {"\n", "\r"} & set(text))
)


def harmless(said: str) -> bool:
    """Newlines are the only characters that a terminal obeys."""
    return not [c for c in said if unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\n"] and not set(said) & set(
        "\u202e\u2066\u200b\ufeff\x9b"
    )


def begins(desk: Desk) -> list[Callable[[Talk], None]]:
    return [
        lambda talk: start.learn(talk, desk.services, desk.pack, None),
        lambda talk: start.practice(talk, desk.services, desk.pack, 2, 1),
        lambda talk: start.exam(talk, desk.services, desk.pack, 1),
        lambda talk: start.home(talk, desk.services, desk.pack),
    ]


@settings(max_examples=40)
@given(st.integers(0, 3), st.lists(LINES, max_size=40), st.sampled_from([1, 40]))
def test_whatever_is_typed_is_answered(which: int, lines: list[str], seconds: int) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.clock.step = timedelta(seconds=seconds)
        with desk.services:
            said = desk.type(begins(desk)[which], *lines)
            assert harmless(said)
            reviews = desk.services.store.reviews("small")
            assert len({each.id for each in reviews}) == len(reviews)


def bad_answer(part: AnswerPart) -> AnswerPart:
    """The same answer part, saying something bad wherever it may say anything."""
    match part:
        case OptionsPart(options=options):
            return replace(part, options=tuple(replace(each, text=BAD + each.text, reason=BAD) for each in options))
        case OrderPart(steps=steps):
            return replace(part, steps=tuple(replace(each, text=BAD + each.text) for each in steps))
        case MatchPart(rows=rows):
            return replace(part, rows=tuple(replace(each, left=each.left and BAD + each.left) for each in rows))
        case NumberPart():
            return replace(part, unit=BAD)
        case _:
            return part


def hostile(pack: Pack) -> Pack:
    """The same pack, saying something bad wherever it may say anything."""

    def bad(question: Question) -> Question:
        answer = bad_answer(question.answer)
        content = replace(question.content(), prompt=BAD, answer=answer, why=BAD, hints=(BAD,))
        return replace(question, content=lambda: content)

    spans = (Span(BAD, frozenset({"code", "link"}), BAD),)
    blocks = (
        Heading(2, spans),
        Paragraph(spans),
        ListBlock(True, 1, ((Paragraph(spans),),)),
        Code(BAD, BAD),
        Table((spans,), ((spans,),)),
    )
    scenarios = {name: replace(scenario, title=BAD) for name, scenario in pack.scenarios.items()}
    pair = scenarios["pair"]
    parts = (Prose(blocks), DiagramPart(pair), ComparePart(pair, pair), CheckpointPart("crash"))
    content = LessonContent((Section(BAD, parts),))
    lesson = Lesson("bad", BAD, (), 5, (BAD,), (BAD,), lambda: content, "", "")
    return replace(
        pack,
        title=BAD,
        objectives=tuple(replace(each, title=BAD) for each in pack.objectives),
        lessons=(lesson,),
        questions=tuple(map(bad, pack.questions)),
        blueprints=tuple(
            replace(each, title=BAD, sections=(exam.Section(BAD, 1, locked=True),)) for each in pack.blueprints
        ),
        glossary=(Term(BAD, BAD, ("right",)),),
        known=lambda: scenarios,
    )


@pytest.mark.parametrize("which", range(4))
def test_a_hostile_pack_cannot_reach_the_terminal(which: int, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.pack = hostile(desk.pack)
    lines = ("1", "start", "1", "", "hint", "1", "1", "", "look", BAD, "x", "help", "quit", "hand in", "yes", "all", "")
    with desk.services:
        said = [desk.type(begins(desk)[which], *lines[turn:]) for turn in range(4)]
    assert all(map(harmless, said))
    assert "␛[2J" in said[-1]
