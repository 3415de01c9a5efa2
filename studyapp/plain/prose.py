"""Prose as lines to be read or heard: what a page shows by its looks is said in a word here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studyapp.packs.prose import (
    Alert,
    Block,
    Code,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
)
from studyapp.plain.wrapping import columns, indented, wrap

Spans = tuple[Span, ...]


def prose_lines(blocks: Sequence[Block], width: int) -> list[str]:
    """The blocks as lines that fit `width`, an empty line between two blocks."""
    lines: list[str] = []
    for block in blocks:
        found = list(_lines(block, width))
        if found and lines:
            lines.append("")
        lines.extend(found)
    return lines


def spoken(spans: Spans) -> str:
    """Spans as text without marks; code of several words in double quotes, a link followed by its address."""
    return "".join(_spoken(span) for span in spans)


def one_line(blocks: Sequence[Block]) -> str:
    """The text of blocks in one paragraph, for the choices of a question."""
    return " ".join(line.strip() for line in prose_lines(blocks, 10_000) if line)


def _spoken(span: Span) -> str:
    text = f'"{span.text}"' if "code" in span.style and " " in span.text.strip() else span.text
    leads_on = span.href is not None and span.href not in (span.text, f"mailto:{span.text}")
    return f"{text} ({span.href})" if leads_on else text


def _lines(block: Block, width: int) -> Iterator[str]:
    match block:
        case Heading(spans=spans):
            yield from wrap(f"Heading: {spoken(spans)}", width)
        case Paragraph(spans=spans):
            yield from wrap(spoken(spans), width)
        case ListBlock(ordered=ordered, start=start, items=items):
            yield from _list(ordered, start, items, width)
        case Quote(blocks=blocks):
            yield "Quotation:"
            yield from indented(prose_lines(blocks, width - 2), "  ")
        case Alert(kind=kind, blocks=blocks):
            yield f"{kind.capitalize()}:"
            yield from indented(prose_lines(blocks, width - 2), "  ")
        case Code(language=language, text=text):
            yield f"Code ({language}):" if language else "Code:"
            yield from indented(text.split("\n"), "    ")
        case Table():
            yield from _table(block, width)
        case Rule():
            return


def _list(ordered: bool, start: int, items: tuple[tuple[Block, ...], ...], width: int) -> Iterator[str]:
    loose = any(len(item) > 1 for item in items)
    for number, item in enumerate(items, start=start):
        if loose and number > start:
            yield ""
        marker = f"{number}. " if ordered else "- "
        yield from indented(prose_lines(item, width - len(marker)), marker)


def _table(table: Table, width: int) -> Iterator[str]:
    """Each row as its cells with their names: on one line where that fits, else a line for each cell."""
    names = [spoken(cell) for cell in table.header]
    count = len(table.rows)
    yield from wrap(f"Table, {count} {'row' if count == 1 else 'rows'}:", width)
    for row in table.rows:
        cells = [_cell(name, spoken(cell)) for name, cell in zip(names, row, strict=True)]
        line = "- " + "; ".join(cell for cell in cells if cell)
        if columns(line) <= width:
            yield line
        else:
            for place, cell in enumerate(cell for cell in cells if cell):
                yield from wrap(cell, width, "  " if place else "- ", "    ")


def _cell(name: str, text: str) -> str:
    text = " ".join(text.split()) or "nothing"
    return f"{name}: {text}" if name.strip() else text
