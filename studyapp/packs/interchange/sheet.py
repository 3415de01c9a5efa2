"""Comma-separated values as RFC 4180 has them: cells with their places, none of which a spreadsheet obeys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from studyapp.packs.interchange.items import BadSource

DELIMITERS = ",;\t|"
MOST_CELLS = 200
"""Cells of one row."""

_FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""The beginning of a cell that a spreadsheet may take for a formula, or a sign before it for harmless."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with the place where it begins."""

    text: str
    line: int
    column: int


def read_rows(text: str, delimiter: str) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a text whose lines end in newlines; empty lines are none. Raises BadSource."""
    return _Rows(text, delimiter).read()


class _Rows:
    """Reads from the first character to the last, counting lines and columns."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter
        self.place = 0
        self.line = 1
        self.line_start = 0
        self.plain = re.compile(f'[^{re.escape(delimiter)}"\n]*')

    @property
    def column(self) -> int:
        return self.place - self.line_start + 1

    def read(self) -> tuple[tuple[Cell, ...], ...]:
        rows = []
        while self.place < len(self.text):
            row = self.row()
            if len(row) > 1 or row[0].text.strip():
                rows.append(row)
        return tuple(rows)

    def row(self) -> tuple[Cell, ...]:
        cells = [self.cell()]
        while self.text[self.place : self.place + 1] == self.delimiter:
            self.place += 1
            if len(cells) == MOST_CELLS:
                raise BadSource(f"a row has more than {MOST_CELLS} cells", self.line, self.column)
            cells.append(self.cell())
        if self.text[self.place : self.place + 1] == "\n":
            self.next_line()
        return tuple(cells)

    def next_line(self) -> None:
        self.place += 1
        self.line += 1
        self.line_start = self.place

    def cell(self) -> Cell:
        line, column = self.line, self.column
        if self.text[self.place : self.place + 1] == '"':
            return Cell(self.quoted(line, column), line, column)
        found = self.plain.match(self.text, self.place)
        assert found is not None, "an empty cell matches too"
        self.place = found.end()
        if self.text[self.place : self.place + 1] == '"':
            raise BadSource("a quotation mark in a cell that does not begin with one", self.line, self.column)
        return Cell(found[0], line, column)

    def quoted(self, line: int, column: int) -> str:
        parts: list[str] = []
        self.place += 1
        while True:
            end = self.text.find('"', self.place)
            if end < 0:
                raise BadSource("the quotation mark that opens this cell is never closed", line, column)
            part = self.text[self.place : end]
            parts.append(part)
            if (last := part.rfind("\n")) >= 0:
                self.line += part.count("\n")
                self.line_start = self.place + last + 1
            self.place = end + 1
            if self.text[self.place : self.place + 1] != '"':
                break
            parts.append('"')
            self.place += 1
        if self.text[self.place : self.place + 1] not in ("", "\n", self.delimiter):
            raise BadSource("text after the quotation mark that closes a cell", self.line, self.column)
        return "".join(parts)


def write_rows(rows: Iterable[Iterable[str]]) -> str:
    """Rows as RFC 4180 has them, every cell in quotation marks and none of them a formula."""
    quoted = (",".join('"' + harmless(cell).replace('"', '""') + '"' for cell in row) for row in rows)
    return "".join(f"{row}\r\n" for row in quoted)


def harmless(text: str) -> str:
    """The text of a cell so that no spreadsheet obeys it: an apostrophe stands before what may be a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_meant(text: str) -> str:
    """The text of a cell without the apostrophe that makes it harmless."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
