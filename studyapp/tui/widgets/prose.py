"""Blocks of prose as pieces that flow: headings, lists, tables, alerts, code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from textual.content import Content

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
    parse_prose,
)
from studyapp.packs.terms import Term
from studyapp.tui.text import of_spans, words
from studyapp.tui.widgets.flow import Gap, Grid, Indented, Line, Piece, Run, Written, joined

Shows = Callable[[tuple[Span, ...]], Content]
"""Makes a run of text to be seen, one after another as they are read."""

ALERT_STYLES = {
    "note": "$primary",
    "tip": "$success",
    "important": "$secondary",
    "warning": "$warning",
    "caution": "$error",
}
HEADING_STYLES = ("bold $primary", "bold $primary", "bold")


@lru_cache(maxsize=256)
def markdown(source: str) -> tuple[Piece, ...]:
    """The pieces of a Markdown text."""
    return tuple(pieces(parse_prose(source)))


def pieces(blocks: Sequence[Block], shown: Shows = of_spans) -> list[Piece]:
    """The pieces of some blocks, an empty line between one block and the next; `shown` makes each run of text."""
    found: list[Piece] = []
    for block in blocks:
        if found:
            found.append(Gap())
        found += _piece(block, shown)
    return found


def term_pieces(terms: Iterable[Term]) -> list[Piece]:
    """Terms of a glossary, each with what it means below it."""
    indent = Content("  ")
    return joined(
        (Run(words(term.name, "bold $primary")), Indented(markdown(term.text), indent, indent)) for term in terms
    )


def tight(blocks: Sequence[Block], shown: Shows = of_spans) -> list[Piece]:
    """The pieces of some blocks without empty lines between them, but where one is not plain text."""
    found: list[Piece] = []
    for number, block in enumerate(blocks):
        if number and not isinstance(block, Paragraph | ListBlock):
            found.append(Gap())
        found += _piece(block, shown)
    return found


def _piece(block: Block, shown: Shows) -> list[Piece]:
    match block:
        case Heading(level=level, spans=spans):
            style = HEADING_STYLES[min(level, len(HEADING_STYLES)) - 1]
            return [Run(shown(spans).stylize_before(style))]
        case Paragraph(spans=spans):
            return [Run(shown(spans))]
        case ListBlock():
            return _list(block, shown)
        case Quote(blocks=blocks):
            bar = Content.styled("│ ", "$line")
            return [Indented(tuple(pieces(blocks, shown)), bar, bar)]
        case Alert(kind=kind, blocks=blocks):
            style = ALERT_STYLES.get(kind, "$primary")
            bar = Content.styled("▌ ", style)
            head = Run(Content.styled(kind.capitalize(), f"bold {style}"))
            return [Indented((head, *pieces(blocks, shown)), bar, bar)]
        case Code(text=text):
            return [Written(shown((Span(text),)))]
        case Table(header=header, rows=rows):
            head_cells = tuple(shown(cell) for cell in header)
            return [Grid(head_cells, tuple(tuple(shown(cell) for cell in row) for row in rows))]
        case Rule():
            return [Line()]


def _list(block: ListBlock, shown: Shows) -> list[Piece]:
    """The items of a list; items of more than a line of text each are set apart."""
    loose = any(len(item) > 1 and not isinstance(item[1], ListBlock) for item in block.items)
    last = block.start + len(block.items) - 1
    wide = len(f"{last}. ") if block.ordered else 2
    found: list[Piece] = []
    for number, item in enumerate(block.items, start=block.start):
        if loose and found:
            found.append(Gap())
        mark = f"{number}. ".rjust(wide) if block.ordered else "• "
        found.append(Indented(tuple(tight(item, shown)), Content.styled(mark, "$primary"), Content(" " * wide)))
    return found
