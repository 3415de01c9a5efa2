"""The glossary line by line: the terms of a part, all of them, and those that the search finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studyapp.packs.terms import Term
from studyapp.plain import start
from studyapp.plain.searching import search
from tests.plain.desk import Desk
from tests.plain.test_harmless import BAD, harmless, hostile

GLOSSARY = (Term("host", "A *machine*."), Term("table", "Rows and columns.", ("tables",)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.pack = replace(made.pack, glossary=GLOSSARY)
    with made.services:
        yield made


def learn(desk: Desk, *lines: str, lesson: str) -> str:
    return desk.type(lambda talk: start.learn(talk, desk.services, desk.pack, lesson), *lines)


def test_the_terms_of_a_part_are_told_and_then_all(desk: Desk) -> None:
    said = learn(desk, "terms", lesson="second")
    assert "table:\nRows and columns.\n" in said
    assert "A machine." not in said
    said = learn(desk, "all terms", "help", lesson="second")
    assert "host:\nA machine.\n\ntable:\nRows and columns.\n" in said
    assert "- terms: hear what the terms in this part mean." in said


def test_a_part_without_terms_says_so(desk: Desk) -> None:
    desk.pack = replace(desk.pack, glossary=GLOSSARY[:1])
    said = learn(desk, "terms", lesson="second")
    assert "There is no glossary term here. Type all terms for the whole glossary." in said


def test_a_pack_without_a_glossary_has_no_such_words(desk: Desk) -> None:
    desk.pack = replace(desk.pack, glossary=())
    said = learn(desk, "terms", "all terms", "help", lesson="second")
    assert '"terms" means nothing here.' in said
    assert '"all terms" means nothing here.' in said
    assert "- terms:" not in said


def test_the_search_finds_a_term_and_tells_it(desk: Desk) -> None:
    said = desk.type(lambda talk: search(talk, desk.services, desk.pack), "columns", "1", "")
    assert "1. glossary: table. Rows and columns. Also: tables\n" in said
    assert "table:\nRows and columns.\n" in said


def test_hostile_terms_are_told_harmlessly(desk: Desk) -> None:
    desk.pack = replace(hostile(desk.pack), glossary=(Term(f"zebra {BAD}", BAD, ("right",)),))
    said = learn(desk, "", "", "1", "3", "", "terms", "all terms", lesson="bad")
    said += desk.type(lambda talk: search(talk, desk.services, desk.pack), "zebra", "1", "")
    assert harmless(said)
    assert said.count("\nzebra ␛[2J␛]0;title") == 3
    assert "glossary: zebra ␛[2J" in said
