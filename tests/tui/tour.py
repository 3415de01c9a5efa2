"""Every screen of the program, and the keys that lead to each from the first one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from studyapp.packs.content import Pack
from studyapp.packs.lesson_parts import DiagramPart, LessonContent, Prose, Section
from studyapp.packs.pack import load_pack
from studyapp.packs.prose import Paragraph, Span, Table
from studyapp.packs.terms import Term
from studyapp.questions.parts import OptionsPart
from studyapp.questions.question import Question
from studyapp.tui.screens.home import Home
from studyapp.tui.wanted import Wanted
from tests.packs.cases import write_pack as write_files
from tests.plain.desk import write_pack
from tests.questions.every_kind import FILES, RIGHT
from tests.tui.diagram_scenes import many
from tests.tui.room import Room, Visit

MOST_BACK = 12
"""Screens that may lie over the first one."""
GLOSSARY = (Term("host", "A *machine*."), Term("pair", "Two of a kind.", ("pairs",)))


LONG = ("仮想マシン e\u0301t\u00e9 [bold] " + "availability " * 3).strip()
"""Characters of two columns and of none, and long words."""
LONG_TEXT = " ".join([LONG] * 8)
"""A text of more than 400 columns."""
LINES = 2_000
MACHINES = 64


def grand(pack: Pack) -> Pack:
    """The same pack, with as much of everything as there may be: long titles, options, lessons and large clusters."""

    def longer(question: Question) -> Question:
        content, answer = question.content(), question.answer
        if isinstance(answer, OptionsPart):
            options = (replace(each, text=f"{LONG_TEXT} end-{n}") for n, each in enumerate(answer.options))
            answer = replace(answer, options=tuple(options))
        content = replace(
            content, prompt=f"{LONG_TEXT} end-of-prompt", answer=answer, why=LONG_TEXT, hints=(LONG_TEXT,)
        )
        return replace(question, content=lambda: content)

    large = many(MACHINES)
    prose = tuple(Paragraph((Span(f"Line {n}. {LONG}", frozenset()),)) for n in range(LINES // 40 // 2))
    table = Table((spans(LONG), spans("n")), ((spans(LONG), spans("1")),) * 2)
    sections = tuple(
        Section(f"Section {n}. {LONG}", (Prose((*prose, table)), *((DiagramPart(large),) if not n else ())))
        for n in range(40)
    )
    first, *others = pack.lessons
    content = LessonContent((*first.sections[:1], *sections))
    titles = tuple(section.title for section in content.sections)
    long_lesson = replace(first, title=LONG_TEXT, headings=titles, content=lambda: content)
    return replace(
        pack,
        title=LONG_TEXT,
        objectives=tuple(replace(each, title=LONG_TEXT) for each in pack.objectives),
        lessons=(long_lesson, *others),
        questions=tuple(map(longer, pack.questions)),
        blueprints=tuple(replace(each, title=LONG_TEXT) for each in pack.blueprints),
        glossary=tuple(replace(each, name=f"{each.name} {LONG_TEXT}", text=LONG_TEXT) for each in pack.glossary),
        known=lambda: {"large": large, **pack.known()},
    )


def spans(text: str) -> tuple[Span, ...]:
    """A text as one run."""
    return (Span(text, frozenset()),)


@dataclass(frozen=True)
class Way:
    """The keys that are pressed, with blanks between; before that, from elsewhere, something is opened."""

    keys: str = ""
    wanted: Wanted | None = None


ANSWERS: Mapping[str, str] = MappingProxyType(
    {"number": "9 9", "text": "n o", "list": "space down space", "events": "space down space", "pairs": "2 1"}
)
"""The keys that answer questions of the pack of every kind somehow, where it is not a number alone."""

SCREENS: Mapping[str, Way] = MappingProxyType(
    {
        "home": Way(),
        "help": Way("question_mark"),
        "commands": Way("ctrl+p"),
        "commands found": Way("ctrl+p l e s s o n"),
        "settings": Way("f9"),
        "a day to type": Way("f9 down down enter"),
        "a new key": Way("f9 down down down down down enter"),
        "search": Way("slash"),
        "found": Way("slash h o s t"),
        "packs": Way("k"),
        "a path to type": Way("k i"),
        "free play": Way("b"),
        "a cluster": Way("b 1"),
        "what goes wrong": Way("b 1 x"),
        "why": Way("b 1 x 1 w"),
        "signs": Way("b 1 l"),
        "lesson": Way("1"),
        "contents": Way("1 c"),
        "the next part": Way("1 tab"),
        "prediction": Way("1 tab space"),
        "how sure of a prediction": Way("1 tab space 1"),
        "predicted": Way("1 tab space 1 1"),
        "note": Way("1 n"),
        "terms": Way("1 g"),
        "glossary": Way("1 g a"),
        "end of the lesson": Way("1 end"),
        "practice": Way("p"),
        "placement": Way("", Wanted("placement")),
        **{f"question {name}": Way("", Wanted("question", name)) for name in ("crash", "votes", *RIGHT)},
        **{
            f"feedback {name}": Way(f"{ANSWERS.get(name, '2')} enter 3", Wanted("question", name))
            for name in ("crash", "votes", *RIGHT)
        },
        "nothing chosen": Way("enter", Wanted("question", "crash")),
        "hint": Way("h", Wanted("question", "crash")),
        "how sure": Way("1 enter", Wanted("question", "crash")),
        "replay": Way("2 enter 3 comma", Wanted("question", "crash")),
        "what if": Way("2 enter 3 w", Wanted("question", "crash")),
        "report": Way("2 enter 3 exclamation_mark", Wanted("question", "crash")),
        "end of practice": Way("2 enter 3 n", Wanted("question", "crash")),
        "statistics": Way("s"),
        "rules": Way("e"),
        "exam": Way("e enter 1 f"),
        "all questions": Way("e enter g"),
        "review": Way("e enter r"),
        "confirmation": Way("e enter r H"),
        "result": Way("e enter r H y"),
        "looking back": Way("e enter r H y enter"),
    }
)
"""In this order one after another, or each in a program of its own."""


MAIN = (
    *("home", "help", "commands found", "settings", "found", "free play", "what goes wrong", "lesson", "contents"),
    *("prediction", "end of the lesson", "practice", "question crash", "how sure", "feedback crash", "replay"),
    *("statistics", "rules", "exam", "all questions", "review", "confirmation", "result", "looking back"),
)
"""Screens that a learner sees most."""
LARGE = (
    *("home", "free play", "lesson", "contents", "end of the lesson", "question crash", "feedback crash", "rules"),
    *("all questions", "looking back"),
)
"""Screens that much of something may burst."""


def tour_room(folder: Path) -> Room:
    """A room whose pack has something for every screen."""
    room = Room(folder)
    written = folder / "packs" / "small"
    write_files(written, FILES)
    write_pack(written)
    pack, problems = load_pack(written)
    assert pack is not None, problems
    assert not problems, problems
    room.pack = replace(pack, glossary=GLOSSARY)
    return room


async def back_home(visit: Visit) -> None:
    """Press `esc` until nothing lies over the first screen."""
    for _ in range(MOST_BACK):
        if isinstance(visit.app.screen, Home):
            visit.app.clear_notifications()
            return
        await visit.press("escape")
    raise AssertionError(f"esc does not lead back; the screen says:\n{visit.text}")


async def go(visit: Visit, where: str) -> None:
    """Go from wherever one is to a screen."""
    await back_home(visit)
    way = SCREENS[where]
    if way.wanted is not None:
        visit.app.post_message(way.wanted)
        await visit.until(lambda: not isinstance(visit.app.screen, Home))
    await visit.press(*way.keys.split())


async def tour(visit: Visit, places: Iterable[str] = SCREENS) -> AsyncIterator[str]:
    """Go through all screens, and say where one is."""
    for where in places:
        await go(visit, where)
        yield where
