"""What is found for what is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.store.search import Entry, SearchIndex

ENTRIES = (
    Entry("a", "Quorum", "A cluster needs a majority of its votes. The witness has one."),
    Entry("b", "Heartbeats", "Silence of five seconds, and the cluster takes a node for failed."),
    Entry("c", "Müller's café", "vmname_1 and NLB-cluster [bold]not markup[/bold]"),
    Entry("d", "Votes", "Nothing about the other word."),
)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex(ENTRIES)


@pytest.mark.parametrize(
    "query, keys",
    [
        ("", ""),
        ("   ", ""),
        ("majority", "a"),
        ("MAJOR", "a"),
        ("maj vot", "a"),
        ("votes", "da"),  # a title counts more
        ("clus", "abc"),
        ("muller", "c"),
        ("cafe\u0301", "c"),
        ("nlb-cluster", "c"),
        ("majority silence", ""),
        ('"', ""),
        ('majority" OR "silence', ""),
        ("title : quorum", ""),
        ("NEAR(a b)", ""),
        ("*", ""),
        ("[bold]", "c"),
    ],
)
def test_what_is_found(index: SearchIndex, query: str, keys: str) -> None:
    assert sorted(found.entry.key for found in index.find(query)) == sorted(keys)


def test_the_best_comes_first(index: SearchIndex) -> None:
    assert [found.entry.key for found in index.find("votes")] == ["d", "a"]


def test_what_fits_is_marked(index: SearchIndex) -> None:
    (found,) = index.find("maj")
    assert [found.excerpt[begin:end] for begin, end in found.marks] == ["majority"]


@given(st.text(max_size=200))
def test_nothing_that_is_typed_fails(query: str) -> None:
    index = SearchIndex(ENTRIES)
    for found in index.find(query):
        assert all(0 <= begin < end <= len(found.excerpt) for begin, end in found.marks)


@given(st.text(max_size=300), st.text(max_size=30))
def test_a_text_finds_itself(text: str, title: str) -> None:
    index = SearchIndex([Entry("it", title, text)])
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in text).split()
    for word in words[:3]:
        if not any(ord(c) > 127 for c in text):
            assert index.find(word)
