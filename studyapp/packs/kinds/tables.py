"""The table of a match: two columns, read from the raw lines so that every cell has its place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from studyapp.packs.body import Body
from studyapp.packs.boxes import UnclosedBox, scan_box
from studyapp.packs.claims import ClaimSource, claim_source

HINT = "write '| left | right |', a line '| --- | --- |', and one row for each pair"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its Markdown, or the claim in its box; with its place in the file."""

    text: str
    claim: ClaimSource | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PairTable:
    """The rows of a table with two columns; `line` and `end` are counted in the body's question."""

    rows: tuple[tuple[Cell, Cell], ...]
    line: int
    end: int


def find_table(body: Body) -> PairTable | None:
    """The last table of a question; None with a problem where there is none, or it has not two columns."""
    lines = body.question.split("\n")
    tables = [token.map for token in body.tokens if token.type == "table_open"]
    if not tables or tables[-1] is None:
        body.say(len(lines), 1, "no-table", "there is no table of pairs", HINT)
        return None
    start, end = tables[-1]
    rows: list[tuple[Cell, Cell]] = []
    before = len(body.problems)
    for number in (start, *range(start + 2, end)):
        cells = _split(lines[number])
        if len(cells) != 2:
            body.say(number + 1, 1, "bad-table", f"a row has two cells, not {len(cells)}", HINT)
        elif number != start:
            (left, at), (right, place) = cells
            if not right:
                body.say(number + 1, place, "bad-table", "the right cell is empty", HINT)
            line = number + 1 + body.offset
            rows.append((Cell(left, None, line, at), _right(body, right, line, place)))
    return PairTable(tuple(rows), start + 1, end + 1) if len(body.problems) == before else None


def _split(line: str) -> list[tuple[str, int]]:
    """The cells of a row, each with the column where it begins; a bar after a backslash is text."""
    bars = [place for place, sign in enumerate(line) if sign == "|" and line[place - 1 : place] != "\\"]
    if not bars or line[: bars[0]].strip():
        bars.insert(0, -1)
    if line[bars[-1] + 1 :].strip():
        bars.append(len(line))
    cells = []
    for left, right in pairwise(bars):
        raw = line[left + 1 : right]
        text = raw.strip()
        cells.append((text.replace("\\|", "|"), left + 2 + len(raw) - len(raw.lstrip()) if text else left + 2))
    return cells


def _right(body: Body, text: str, line: int, column: int) -> Cell:
    """A right cell: a box as a whole holds a claim; anything else is text."""
    if not text.startswith("[") or text.startswith("[^"):
        return Cell(text, None, line, column)
    try:
        closed = scan_box(text) == len(text)
    except UnclosedBox as error:
        body.say(line - body.offset, column + error.offset, "bad-box", f"the box does not end: {error.message}",
                 "close it with ']'")  # fmt: skip
        return Cell(text, None, line, column)
    if not closed:
        return Cell(text, None, line, column)
    claim = text[1:-1]
    shift = len(claim) - len(claim.lstrip())
    source = claim_source(claim.strip(), lambda at: (line, column + shift + at), body.path, body.problems)
    return Cell("", source, line, column)
