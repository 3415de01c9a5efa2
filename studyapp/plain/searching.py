"""Searching in lines: some words, what fits, and what is opened."""

from __future__ import annotations

from studyapp.conduct.searching import BENCH, LESSON, QUESTION, TERM, search_index
from studyapp.packs.content import Pack
from studyapp.plain.asking import Asking
from studyapp.plain.diagram import Workbench
from studyapp.plain.lesson import Reading
from studyapp.plain.talk import Talk, Word
from studyapp.plain.terms import tell_terms
from studyapp.store.search import Found
from studyapp.study.marks import BOOKMARK, NOTE
from studyapp.wiring import Services

MOST = 15
NAMES = {
    NOTE: "your note",
    BOOKMARK: "bookmark",
    LESSON: "lesson",
    QUESTION: "question",
    BENCH: "free play",
    TERM: "glossary",
}
WORDS = (
    Word("some words", "find where they are"),
    Word("a number", "open what was found"),
    Word("enter alone", "go back"),
)


def search(talk: Talk, services: Services, pack: Pack) -> None:
    """Search until the person has enough. Raises Leave and StoreError."""
    index = search_index(pack, services.store)
    found: tuple[Found, ...] = ()
    while True:
        typed = talk.ask(
            "Search for some words" + (", a number to open" if found else "") + ", or enter to go back", WORDS
        )
        if not typed:
            return
        if found and typed.isdecimal() and 1 <= int(typed[:9]) <= len(found):
            open_found(talk, services, pack, found[int(typed) - 1])
            continue
        found = index.find(typed, MOST)
        if not found:
            talk.say("Nothing found. Try fewer or shorter words.")
        for number, each in enumerate(found, start=1):
            talk.say(f"{NAMES[each.entry.key.partition(':')[0]]}: {each.entry.title}. {each.excerpt}", f"{number}. ")


def open_found(talk: Talk, services: Services, pack: Pack, found: Found) -> None:
    """Read the lesson from there, ask the question, play with the cluster, or say what the term means.

    Raises Leave and StoreError.
    """
    kind, _, rest = found.entry.key.partition(":")
    if kind in (LESSON, NOTE, BOOKMARK):
        lesson, _, section = rest.partition(":")
        Reading(talk, services, pack).read(pack.lesson(lesson), int(section))
    elif kind == TERM:
        tell_terms(talk, [pack.glossary[int(rest)]])
    elif kind == QUESTION:
        Asking(talk, services, pack).alone(rest, "Question", "go back to the search", f". {found.entry.title}")
    else:
        bench = Workbench(talk, [pack.scenarios[rest]], services.facts.rules)
        bench.begin()
        bench.run("Free play: play, break, look, help, or enter to go back to the search")
