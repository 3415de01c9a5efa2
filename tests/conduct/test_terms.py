"""Which terms of the glossary stand in a section, and that the search finds all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studyapp.conduct.searching import search_index
from studyapp.conduct.terms import section_terms
from studyapp.packs.terms import Term
from tests.plain.desk import Desk

VOTE = Term("vote", "One of several.", ("votes",))
COMPARED = Term("compared", "Put side by side.")
NODE = Term("node", "A member; it has a vote.")


def test_terms_are_those_of_the_heading_and_the_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    pack = replace(desk.pack, glossary=(COMPARED, NODE, VOTE))
    first, second = pack.lessons
    assert section_terms(pack, first.sections[1]) == (COMPARED,)
    assert section_terms(pack, second.sections[0]) == (VOTE,), "tables are read too"
    assert section_terms(pack, first.sections[2]) == (), "what a checkpoint asks is not told"
    assert section_terms(desk.pack, second.sections[0]) == ()


def test_the_search_finds_terms_by_their_names_spellings_and_texts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with desk.services:
        index = search_index(replace(desk.pack, glossary=(COMPARED, NODE, VOTE)), desk.services.store)
    for typed, keys in (("vote", ["term:2", "term:1"]), ("side by side", ["term:0"]), ("votes", ["term:2"])):
        assert [each.entry.key for each in index.find(typed) if each.entry.key.startswith("term:")] == keys
    [found] = index.find("one of several")
    assert (found.entry.title, found.entry.text) == ("vote", "One of several.\nAlso: votes")
