"""Sheets of questions: RFC 4180, the columns that are documented, and cells that no spreadsheet obeys."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.interchange.importing import decoded
from studyapp.packs.interchange.items import REFUSED, BadSource, Choice, Item
from studyapp.packs.interchange.sheet import as_meant, harmless, read_rows, write_rows
from studyapp.packs.interchange.sheet_reading import read_sheet

CELLS = st.text("=+-@'\"\t\r\n,; ab\uff1d", max_size=6)


def rows(text: str, delimiter: str = ",") -> list[list[str]]:
    return [[cell.text for cell in row] for row in read_rows(text, delimiter)]


def places(text: str) -> list[tuple[int, int]]:
    return [(cell.line, cell.column) for row in read_rows(text, ",") for cell in row]


def test_cells_in_quotation_marks_hold_anything() -> None:
    assert rows('a,"b,c","d""e","f\ng"\n\nh,,\n') == [["a", "b,c", 'd"e', "f\ng"], ["h", "", ""]]


def test_every_cell_knows_its_place() -> None:
    assert places('a,"b\nc",d\ne,f\n') == [(1, 1), (1, 3), (2, 4), (3, 1), (3, 3)]


@pytest.mark.parametrize(
    "text, place, message",
    [
        ('a,b"c\n', (1, 4), "does not begin with one"),
        ('a,"b"c\n', (1, 6), "text after the quotation mark"),
        ('a\nb,"c\nd\n', (2, 3), "is never closed"),
    ],
)
def test_a_broken_form_is_told_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(BadSource, match=message) as raised:
        read_rows(text, ",")
    assert (raised.value.line, raised.value.column) == place


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_read_alike_by_us_and_by_others(table: list[list[str]]) -> None:
    text = write_rows(table)
    others = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [[as_meant(cell) for cell in row] for row in others] == table
    assert not [
        cell
        for row in others
        for cell in row
        if cell.lstrip(" \n\r\t")[:1] in set("=+-@") or (cell[:1] in "\t\r\n" and cell)
    ]


@given(CELLS)
def test_a_harmless_cell_is_read_back_as_it_was(text: str) -> None:
    assert as_meant(harmless(text)) == text


# -- questions ------------------------------------------------------------------------------------------------------

HEAD = "kind,prompt,right,option1,option2,reason1,why\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_delimiter_is_found_and_a_byte_order_mark_is_no_matter(delimiter: str, mark: bytes, end: str) -> None:
    text = (HEAD + "choice,Which?,2,é,b,no,because\n").replace(",", delimiter).replace("\n", end)
    (item,) = read_sheet(decoded(mark + text.encode())).items
    assert item == Item("choice", "Which?", options=(Choice("é", False, "no"), Choice("b", True)), why="because")


@pytest.mark.parametrize(
    "text, place, message",
    [
        ("", (1, 1), "the sheet is empty"),
        ("kind,promt\n", (1, 6), 'did you mean "prompt"'),
        ("kind,right\n", (1, 1), 'there is no column "prompt"'),
        ("kind,prompt,Kind\n", (1, 13), 'there are two columns "kind"'),
        ("kind,prompt,option51\n", (1, 13), 'there is no column "option51"'),
    ],
)
def test_a_wrong_header_is_told_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(BadSource, match=message) as raised:
        read_sheet(text)
    assert (raised.value.line, raised.value.column) == place


@pytest.mark.parametrize(
    "row, place, message",
    [
        ("chioce,a,1,b,c,,", (2, 1), 'did you mean "choice"'),
        (",a,1,b,c,,", (2, 1), "the row has no kind"),
        ("choice,,1,b,c,,", (2, 1), "the row has no prompt"),
        ("choice,a,one,b,c,,", (2, 10), "right names options by their numbers"),
        ("choice,a,3,b,c,,", (2, 10), "right names an option that is not there"),
        ("choice,a,2,,c,,", (2, 13), "option1 is empty"),
        ("number,a,x,,,,", (2, 10), "right is a number such as 2.5"),
        ("number,a,,,,,", (2, 1), "right has no number"),
        ("number,a,1,b,,,", (2, 12), "a question of the kind number has no option1"),
        ("choice,a,1,b,c,,,d", (2, 18), "more cells than the header"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(row: str, place: tuple[int, int], message: str) -> None:
    (entry,) = read_sheet(f"{HEAD}{row}\n").entries
    assert entry.fate == REFUSED
    assert message in entry.notes[0]
    assert (entry.line, entry.column) == place
