"""The table of a match: two columns, read from the raw lines so that every cell has its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from studyapp.packs.body import Body
from studyapp.packs.boxes import UnclosedBox, scan_box
from studyapp.packs.claims import ClaimSource, claim_source
from studyapp.packs.problems import Problem

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


def table_block(text: str, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The lines that the last table takes, from one to before another, counted from 1."""
    found = next((token.map for token in reversed(tokens) if token.type == "table_open"), None)
    return (found[0] + 1, found[1] + 1) if found is not None else None


def find_table(body: Body) -> PairTable | None:
    """The last table of a question; None with a problem where there is none, or it has not two columns."""
    lines = body.question.split("\n")
    found = table_block(body.question, body.tokens)
    if found is None:
        body.say(len(lines), 1, "no-table", "there is no table of pairs", HINT)
        return None
    start, end = found[0] - 1, found[1] - 1
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
            line = body.at(number + 1)
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
        message = f"the box does not end: {error.message}"
        body.problems.append(Problem(body.path, line, column + error.offset, "bad-box", message, "close it with ']'"))
        return Cell(text, None, line, column)
    if not closed:
        return Cell(text, None, line, column)
    claim = text[1:-1]
    shift = len(claim) - len(claim.lstrip())
    source = claim_source(claim.strip(), lambda at: (line, column + shift + at), body.path, body.problems)
    return Cell("", source, line, column)
