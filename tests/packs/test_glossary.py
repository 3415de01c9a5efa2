"""A glossary is read, and its terms are found in texts. What is wrong with one: tests/golden/broken/glossary.txt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.draft import Draft
from studyapp.packs.glossary import LONGEST_TERM, LONGEST_TEXT, MAX_TERMS, GlossarySource, read_glossary
from studyapp.packs.pack import load_pack
from studyapp.packs.problems import Problem
from studyapp.packs.source import read_yaml
from studyapp.packs.terms import Term, spelling, terms_in
from tests.packs.cases import write_pack


def read(text: str) -> tuple[tuple[Term, ...], list[str]]:
    """The terms of a glossary, and the codes of what is wrong with it."""
    problems: list[Problem] = []
    source = read_glossary(read_yaml(text, "glossary.yaml", problems), "glossary.yaml", problems)
    return source.terms, [problem.code for problem in problems]


# fmt: off
GOOD = [
    ("node: A member.\n", (Term("node", "A member."),)),
    ("node: {text: A member.}\n", (Term("node", "A member."),)),
    ("node: {text: A member., also: [nodes, member]}\n", (Term("node", "A member.", ("nodes", "member")),)),
    ("node: |\n  A *member*.\n\n  - one\n", (Term("node", "A *member*.\n\n- one"),)),
    ("B: b\na: a\nC: c\n", (Term("a", "a"), Term("B", "b"), Term("C", "c"))),
    ("on: No truth value.\n2016: 2016\n", (Term("2016", "2016"), Term("on", "No truth value."))),
    ("C++: A language.\nC: Another.\n", (Term("C", "Another."), Term("C++", "A language."))),
    ("preferred_owner: A word.\n", (Term("preferred_owner", "A word."),)),
    ("größe: Länge\n", (Term("größe", "Länge"),)),
    ("{}\n", ()),
    (f"{'x' * LONGEST_TERM}: {'y ' * (LONGEST_TEXT // 2 - 1)}y\n",
     (Term("x" * LONGEST_TERM, "y " * (LONGEST_TEXT // 2 - 1) + "y"),)),
]
# fmt: on


@pytest.mark.parametrize("text, terms", GOOD, ids=range(len(GOOD)))
def test_what_is_right_is_read(text: str, terms: tuple[Term, ...]) -> None:
    assert read(text) == (terms, [])


BAD = {
    "a long text": (f"a: {'y' * (LONGEST_TEXT + 1)}\nb: c\n", "out-of-range"),
    "a long term": (f"{'a' * (LONGEST_TERM + 1)}: x\nb: c\n", "out-of-range"),
    "letters of another case": ("GRÖSSE: x\nb: c\ngröße: y\n", "duplicate-name"),
    "a truth value": ("a: true\nb: c\n", "wrong-type"),
    "nothing but a comment": ("a: # later\nb: c\n", "wrong-type"),
    "a mapping for a text": ("a: {text: {text: x}}\nb: c\n", "wrong-type"),
    "a mapping for a spelling": ("a: {text: x, also: [{b: x}]}\nb: c\n", "wrong-type"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said_once_and_the_rest_is_read(case: str) -> None:
    text, code = BAD[case]
    terms, codes = read(text)
    assert codes == [code]
    assert Term("b", "c") in terms


def test_a_glossary_has_an_end() -> None:
    terms, codes = read("".join(f"term {number}: x\n" for number in range(MAX_TERMS + 5)))
    assert (len(terms), codes) == (MAX_TERMS, ["too-big"])


def test_a_pack_has_its_terms_and_one_without_has_none(tmp_path: Path) -> None:
    pack, problems = load_pack(write_pack(tmp_path / "with", {"glossary.yaml": "vote: One of several.\n"}))
    assert pack is not None
    assert (pack.glossary, problems) == ((Term("vote", "One of several."),), ())
    pack, problems = load_pack(write_pack(tmp_path / "without", {}))
    assert pack is not None
    assert (pack.glossary, problems) == ((), ())


def test_an_author_sees_the_terms(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack", {"glossary.yaml": "vote: One of several.\nnode:\n"})
    page = Draft(folder).read("glossary.yaml")
    assert isinstance(page.content, GlossarySource)
    assert page.content.terms == (Term("vote", "One of several."),)
    assert [(each.line, each.code) for each in page.problems] == [(2, "wrong-type")]


# -- finding --------------------------------------------------------------------------------------------------------

KNOWN = tuple(
    Term(name, "x", also)
    for name, also in (
        ("node", ("nodes",)),
        ("owner", ("owners",)),
        ("preferred owner", ("preferred owners",)),
        ("NLB", ("Network Load Balancing",)),
        ("C++", ()),
        ("Größe", ()),
    )
)

FOUND = [
    ("Two Nodes and a NODE.", ["node"]),
    ("An anode is none, and noded neither; nor is node_1.", []),
    ("A node's owner; the owners.", ["node", "owner"]),
    ("The preferred owner runs it.", ["preferred owner"]),
    ("The preferred\n  owners are owners.", ["preferred owner", "owner"]),
    ("It is preferred. Owner is n1.", ["owner"]),
    ("network load\tbalancing (NLB)", ["NLB"]),
    ("network load", []),
    ("In C++, not in C.", ["C++"]),
    ("Die GRÖSSE zählt, die Gro\u0308\u00dfe auch.", ["Größe"]),
    ("", []),
]


@pytest.mark.parametrize("text, names", FOUND, ids=[text for text, _ in FOUND])
def test_terms_are_found_as_whole_words(text: str, names: list[str]) -> None:
    assert [term.name for term in terms_in(text, KNOWN)] == names


WORDS = st.sampled_from(["node", "Nodes", "owner", "preferred", "NLB", "network", "load", "x", "vote", "anode", "é"])
BETWEEN = st.sampled_from([" ", "  ", "\n", "-", ". ", ", ", "", "'s "])
TEXTS = st.lists(st.tuples(WORDS, BETWEEN), max_size=30).map(lambda parts: "".join(a + b for a, b in parts))
NAMES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), unique_by=spelling, max_size=8)


def stands_in(name: str, text: str) -> bool:
    """The words of a name follow one another in a text, whole and whatever their case: said by other means."""
    words = r"\s*".join(map(re.escape, name.split()))
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


@given(TEXTS, NAMES)
def test_a_term_that_is_found_stands_in_the_text(text: str, names: list[str]) -> None:
    found = {term.name for term in terms_in(text, [Term(name, "x") for name in names])}
    assert all(stands_in(name, text) for name in found)
    single = {name for name in names if " " not in name}
    alone = {name for name in single if stands_in(name, text)}
    assert {term.name for term in terms_in(text, [Term(name, "x") for name in single])} == alone


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_any_text_is_looked_through(text: str, name: str) -> None:
    for term in terms_in(text, [Term(name, "x", ("node",))]):
        assert spelling(term.name) or "node" in spelling(text)
