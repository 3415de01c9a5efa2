"""The glossary on the full screen: the terms of a section, all of them, and those that the search finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studyapp.packs.terms import Term
from studyapp.tui.screens.lesson import LessonScreen
from studyapp.tui.screens.search import SearchScreen
from studyapp.tui.screens.terms import Terms
from tests.plain.test_harmless import hostile
from tests.tui.room import Room, Visit

GLOSSARY = (Term("host", "A *machine*."), Term("pair", "Two of [a kind].", ("pairs",)))


def room_with(tmp_path: Path, *terms: Term) -> Room:
    room = Room(tmp_path)
    room.pack = replace(room.pack, glossary=terms)
    return room


def test_the_terms_of_a_section_are_told_and_all_on_a_key(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("enter", "g")
        await visit.sees("Terms · The first lesson", "pair Two of [a kind].", "a All terms", "esc Back")
        assert "A machine." not in visit.flat
        await visit.press("a")
        await visit.sees("Glossary · Small things", "host A machine.", "pair Two of [a kind].")
        await visit.press("a")
        await visit.until(lambda: "A machine." not in visit.flat)
        await visit.press("g")
        await visit.until(lambda: isinstance(visit.app.screen, LessonScreen))

    room_with(tmp_path, *GLOSSARY).enter(hand)


def test_a_section_without_terms_says_so_and_offers_all(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("enter", "right", "g")
        await visit.sees("Terms · Compared", "There is no glossary term here.", "a All terms")
        await visit.press("a")
        await visit.sees("host A machine.")
        await visit.press("escape")
        await visit.until(lambda: isinstance(visit.app.screen, LessonScreen))

    room_with(tmp_path, *GLOSSARY).enter(hand)


def test_a_pack_without_a_glossary_has_no_such_key(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("enter", "g")
        assert isinstance(visit.app.screen, LessonScreen)

    Room(tmp_path).enter(hand)


def test_help_and_palette_know_the_key(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("enter", "question_mark")
        told = visit.flat
        assert told.index("What the terms in this section mean") < told.index("Home")
        await visit.press("escape", "ctrl+p", *"terms")
        await visit.sees("Terms (g)")
        await visit.press("enter")
        await visit.until(lambda: isinstance(visit.app.screen, Terms))

    room_with(tmp_path, *GLOSSARY).enter(hand, size=(120, 320))


def test_a_long_glossary_scrolls_in_the_smallest_window(tmp_path: Path) -> None:
    terms = [Term(f"term{number:02}", "Words of it.") for number in range(40)]

    async def hand(visit: Visit) -> None:
        await visit.press("enter", "g", "a")
        await visit.sees("term00", "esc Back")
        assert "term39" not in visit.flat
        await visit.press("end")
        await visit.sees("term39", "esc Back")
        await visit.press("home")
        await visit.sees("term00")

    room_with(tmp_path, *terms).enter(hand, size=(60, 16))


def test_the_search_finds_a_term_and_tells_it(tmp_path: Path) -> None:
    async def hand(visit: Visit) -> None:
        await visit.press("slash", *"pairs")
        await visit.sees("1 place", "pair", "glossary", "Two of [a kind]. Also: pairs")
        await visit.press("enter")
        await visit.until(lambda: isinstance(visit.app.screen, Terms))
        await visit.sees("Glossary", "pair Two of [a kind].")
        await visit.press("escape")
        await visit.until(lambda: isinstance(visit.app.screen, SearchScreen))

    room_with(tmp_path, *GLOSSARY).enter(hand)


def test_hostile_terms_are_shown_as_they_are(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.pack = hostile(room.pack)

    async def hand(visit: Visit) -> None:
        await visit.press("enter")
        await visit.until(lambda: isinstance(visit.app.screen, LessonScreen))
        await visit.press("g")
        await visit.until(lambda: isinstance(visit.app.screen, Terms))
        await visit.sees("␛[2J␛]0;title", "[@click=app.quit] {x} %s")
        assert "\x1b" not in visit.text

    room.enter(hand, size=(140, 45))
