"""Every kind of block can be heard: what a page shows by its looks is a word here."""

from __future__ import annotations

from textwrap import dedent

import pytest

from studyapp.packs.prose import parse_prose
from studyapp.plain.prose import one_line, prose_lines


def told(markdown: str, width: int = 60) -> str:
    return "\n".join(prose_lines(parse_prose(dedent(markdown).strip()), width))


def test_paragraphs_lose_their_marks_and_keep_their_words() -> None:
    assert told("The *hosts* are **clustered**; `app` runs in vm2.") == "The hosts are clustered; app runs in vm2."


def test_code_of_several_words_is_quoted() -> None:
    assert told("Type `Get-ClusterNode n1` now.") == 'Type "Get-ClusterNode n1" now.'


def test_a_link_is_followed_by_its_address() -> None:
    assert told("Read [this](https://example.test/x).") == "Read this (https://example.test/x)."
    assert told("<https://example.test/x>") == "https://example.test/x"


def test_a_heading_is_said_to_be_one() -> None:
    assert told("### Votes\n\nCount them.") == "Heading: Votes\n\nCount them."


def test_lists_keep_their_order_and_depth() -> None:
    text = """
    3. three
    4. four
       - inside
    """
    assert told(text) == "3. three\n\n4. four\n\n   - inside"


def test_an_alert_and_a_quotation_say_what_they_are() -> None:
    assert told("> [!WARNING]\n> Mind the gap.") == "Warning:\n  Mind the gap."
    assert told("> So it is.") == "Quotation:\n  So it is."


def test_code_stays_as_it_is_written() -> None:
    assert told("```powershell\nGet-ClusterNode |\n  Stop-Node\n```") == (
        "Code (powershell):\n    Get-ClusterNode |\n      Stop-Node"
    )


def test_a_table_is_told_row_by_row_with_names() -> None:
    table = "| role | owners |\n| --- | --- |\n| sql | n4, n2 |\n| files | |"
    assert told(table) == "Table, 2 rows:\n- role: sql; owners: n4, n2\n- role: files; owners: nothing"


def test_a_wide_row_has_a_line_for_each_cell() -> None:
    table = "| question | answer |\n| --- | --- |\n| Who notices a dead host? | The other hosts, by its silence |"
    assert told(table, 44) == (
        "Table, 1 row:\n- question: Who notices a dead host?\n  answer: The other hosts, by its silence"
    )


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_fit(width: int) -> None:
    text = "> - Some words that are long enough to be wrapped, and `code` too.\n\n1. " + "word " * 40
    assert all(len(line) <= width for line in told(text, width).split("\n"))


def test_blocks_become_one_line_for_an_option() -> None:
    assert one_line(parse_prose("It starts **vm2**\nelsewhere.")) == "It starts vm2 elsewhere."
