"""Lines fit the width, and lose nothing by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.plain.wrapping import columns, indented, wrap


def test_a_short_text_is_one_line() -> None:
    assert list(wrap("two words", 20)) == ["two words"]


def test_later_lines_stand_under_the_first_word() -> None:
    assert list(wrap("one two three", 8, "- ")) == ["- one", "  two", "  three"]


def test_a_word_that_is_too_wide_stays_whole() -> None:
    assert list(wrap("see https://example.test/a-long-address now", 12)) == [
        "see",
        "https://example.test/a-long-address",
        "now",
    ]


def test_a_newline_of_the_author_stays() -> None:
    assert list(wrap("one\ntwo", 20, "* ")) == ["* one", "  two"]


def test_wide_and_joining_characters_are_measured_as_they_are_shown() -> None:
    assert columns("集群 cluster") == 12
    assert columns("e\u0301") == 1
    assert list(wrap("集群 集群 集群", 9)) == ["集群 集群", "集群"]


def test_empty_lines_get_no_spaces() -> None:
    assert list(indented(["a", "", "b"], "- ")) == ["- a", "", "  b"]


WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters=" \n"), min_size=1, max_size=30), max_size=30)


@given(WORDS, st.integers(5, 80))
def test_no_word_is_lost_and_no_line_of_several_words_is_too_wide(words: list[str], width: int) -> None:
    lines = list(wrap(" ".join(words), width, "* "))
    kept = [line.removeprefix("* " if number == 0 else "  ") for number, line in enumerate(lines)]
    assert [word.rstrip() for line in kept for word in line.split(" ")] == ([word.rstrip() for word in words] or ["*"])
    for line in lines:
        assert columns(line) <= width or " " not in line[2:]


def test_a_space_that_holds_words_together_does_so() -> None:
    assert list(wrap("at 5\u00a0s", 4)) == ["at", "5\u00a0s"]


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_nothing_makes_empty_lines(text: str) -> None:
    assert not "".join(wrap(text, 10)).strip()
