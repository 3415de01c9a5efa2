"""Markdown of a pack, read into typed blocks that both faces can show without a parser of their own.

CommonMark with tables, footnotes and the five alerts of Git forges. Raw HTML is never obeyed: it stays as the text
that it is, and a reading names it so that a check can refuse it. No character that hides or acts gets through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from studyapp.packs.characters import clean_text, hostile_characters, hostile_entity

__all__ = [
    "Alert",
    "Block",
    "Code",
    "Heading",
    "ListBlock",
    "Paragraph",
    "Quote",
    "Rule",
    "Span",
    "Table",
    "clean_text",
    "hostile_characters",
    "parse_prose",
    "plain_spans",
    "plain_text",
    "read_prose",
]

ALERTS = ("note", "tip", "important", "warning", "caution")
MAX_NESTING = 20
"""Quotes and lists inside one another; what is deeper is read as text."""

_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_ALERT = re.compile(r"\[!(\w+)\][ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style: any of `strong`, `emphasis`, `code`, `link`; `href` is where a link leads."""

    text: str
    style: frozenset[str] = frozenset()
    href: str | None = None


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` counts from 1."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a newline in a span's text is a line break that the author asked for."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; `start` is the first item's number where it is `ordered`."""

    ordered: bool
    start: int
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """A passage set apart; `kind` is one of `ALERTS`."""

    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be shown as it is written, without its last newline."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the header."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between two parts."""


Block = Heading | Paragraph | ListBlock | Quote | Alert | Code | Table | Rule


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block that is not inside another, with its first line (from 1) and the line after its last.

    `info` is what stands after the opening fence of a code block, all of it, and `info_column` where it begins.
    """

    block: Block
    line: int
    end: int
    info: str = ""
    info_column: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in the source that a check looks at: where a link or image leads, a piece of raw HTML, an entity."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one Markdown text holds. `notes` are the texts of its footnotes, in the order of their numbers."""

    blocks: tuple[PlacedBlock, ...]
    notes: tuple[tuple[Block, ...], ...]
    links: tuple[Mark, ...]
    html: tuple[Mark, ...]
    inner_fences: tuple[Mark, ...]
    """What stands after the opening fence of each code block inside another block."""
    hidden: tuple[Mark, ...]
    """HTML entities that stand for a character that hides or acts."""


def parse_prose(markdown: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text; footnotes come last, as a numbered list after a rule."""
    reading = read_prose(markdown)
    blocks = tuple(placed.block for placed in reading.blocks)
    return (*blocks, Rule(), ListBlock(True, 1, reading.notes)) if reading.notes else blocks


def read_prose(markdown: str) -> Reading:
    """The blocks of a Markdown text with their lines, and what a check wants to look at."""
    tokens = block_tokens(markdown, inline=True)
    reader = _Reader(markdown.split("\n"))
    placed: list[PlacedBlock] = []
    notes: tuple[tuple[Block, ...], ...] = ()
    for first, last in _siblings(tokens, 0, len(tokens)):
        token = tokens[first]
        if token.type == "footnote_block_open":
            notes = tuple(reader.blocks(tokens, a + 1, b) for a, b in _siblings(tokens, first + 1, last))
            continue
        block = reader.block(tokens, first, last)
        if block is not None:
            start, end = token.map or (0, 0)
            info = token.info.strip() if token.tag == "code" else ""
            column = max(reader.source[start].find(info), 0) + 1 if info else 1
            placed.append(PlacedBlock(block, start + 1, end + 1, clean_text(info), column))
    return Reading(
        tuple(placed), notes, tuple(reader.links), tuple(reader.html), tuple(reader.fences), tuple(reader.hidden)
    )


def block_tokens(markdown: str, *, inline: bool) -> list[Token]:
    """The parser's own tokens, with or without what is inside a line; a token's `map` holds lines counted from 0."""
    parser = _parser(inline)
    return parser.parse(markdown)


def plain_text(blocks: Sequence[Block]) -> str:
    """The blocks as lines of text: nothing but characters, and the addresses of links."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks)


def plain_spans(spans: Spans) -> str:
    """The text of spans, each link followed by its address."""
    return "".join(_plain(span) for span in spans)


def _plain(span: Span) -> str:
    shown = span.href is not None and span.href not in (span.text, f"mailto:{span.text}")
    return f"{span.text} ({span.href})" if shown else span.text


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            yield from plain_spans(spans).split("\n")
        case ListBlock(ordered=ordered, start=start, items=items):
            for number, item in enumerate(items, start=start):
                marker = f"{number}. " if ordered else "- "
                yield from _indented(item, marker, " " * len(marker), "\n")
        case Quote(blocks=blocks):
            yield from _indented(blocks, "> ", "> ", "\n\n")
        case Alert(kind=kind, blocks=blocks):
            yield f"{kind.capitalize()}:"
            yield from _indented(blocks, "  ", "  ", "\n\n")
        case Code(text=text):
            yield from (f"    {line}" if line else "" for line in text.split("\n"))
        case Table(header=header, rows=rows):
            for row in (header, *rows):
                yield " | ".join(plain_spans(cell) for cell in row)
        case Rule():
            yield "---"


def _indented(blocks: Sequence[Block], first: str, others: str, between: str) -> Iterator[str]:
    text = between.join("\n".join(_lines(block)) for block in blocks)
    for number, line in enumerate(text.split("\n")):
        yield ((others if number else first) + line).rstrip()


@cache
def _parser(inline: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table").use(footnote_plugin)
    # Inline notes, `^[...]`, are not part of the format.
    parser.disable("footnote_inline")
    # An entity stays a token of its own, which tells how it is written.
    return parser.disable("text_join" if inline else ["inline", "text_join", "footnote_tail"])


def _siblings(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Each token or pair of opening and closing token between two places, as the places of its two ends."""
    place = first
    while place < last:
        end, depth = place, int(tokens[place].nesting)
        while depth > 0:
            end += 1
            depth += tokens[end].nesting
        yield place, end
        place = end + 1


_NOTE = re.compile(r"\[\^[^\]\s]+\]")
"""What points to a footnote. Where it is read as text, there is no such footnote."""


class _Reader:
    """Turns tokens into blocks, and remembers the links and the HTML on the way."""

    def __init__(self, source: list[str]) -> None:
        self.source = source
        self.links: list[Mark] = []
        self.html: list[Mark] = []
        self.fences: list[Mark] = []
        self.hidden: list[Mark] = []

    @cached_property
    def without_code(self) -> list[str]:
        """The source with blanks in place of what stands in backticks."""
        return [_CODE.sub(lambda code: " " * len(code[0]), line) for line in self.source]

    def blocks(self, tokens: Sequence[Token], first: int, last: int) -> tuple[Block, ...]:
        found = (self.block(tokens, a, b) for a, b in _siblings(tokens, first, last))
        return tuple(block for block in found if block is not None)

    def block(self, tokens: Sequence[Token], first: int, last: int) -> Block | None:
        token = tokens[first]
        match token.type:
            case "heading_open":
                return Heading(int(token.tag[1:]), self.spans(tokens[first + 1]))
            case "paragraph_open":
                return Paragraph(self.spans(tokens[first + 1]))
            case "bullet_list_open" | "ordered_list_open":
                items = tuple(self.blocks(tokens, a + 1, b) for a, b in _siblings(tokens, first + 1, last))
                return ListBlock(token.type == "ordered_list_open", int(token.attrs.get("start", 1)), items)
            case "blockquote_open":
                return self.quote(tokens, first, last)
            case "fence" | "code_block":
                if token.level and token.info.strip():
                    self.fences.append(Mark(clean_text(token.info.strip()), (token.map or [0])[0] + 1, 1))
                language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
                return Code(clean_text(language), clean_text(token.content.removesuffix("\n")))
            case "table_open":
                header, *rows = self.rows(tokens, first, last)
                return Table(header, tuple(rows))
            case "hr":
                return Rule()
            case "html_block":
                self.mark(self.html, token.content.strip(), token)
                return Paragraph((Span(clean_text(token.content.strip())),))
            case _:
                return None

    def quote(self, tokens: Sequence[Token], first: int, last: int) -> Block:
        blocks = self.blocks(tokens, first + 1, last)
        inline = tokens[first + 2] if tokens[first + 1].type == "paragraph_open" else None
        alert = _ALERT.match(inline.content) if inline is not None else None
        if alert is None or alert[1].lower() not in ALERTS or not isinstance(blocks[0], Paragraph):
            return Quote(blocks)
        head, *others = blocks[0].spans
        rest = head.text.removeprefix(f"[!{alert[1]}]").lstrip()
        spans = (Span(rest, head.style, head.href), *others) if rest else tuple(others)
        return Alert(alert[1].lower(), (Paragraph(spans), *blocks[1:]) if spans else blocks[1:])

    def rows(self, tokens: Sequence[Token], first: int, last: int) -> list[tuple[Spans, ...]]:
        rows: list[list[Spans]] = []
        for token in tokens[first:last]:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self.spans(token))
        return [tuple(row) for row in rows]

    def spans(self, inline: Token) -> Spans:
        """The children of an inline token, neighbours of one style joined."""
        spans: list[Span] = []
        styles: list[str] = []
        hrefs: list[str] = []

        def add(text: str, *also: str) -> None:
            span = Span(clean_text(text), frozenset((*styles, *also)), hrefs[-1] if hrefs else None)
            if spans and (spans[-1].style, spans[-1].href) == (span.style, span.href):
                span = Span(spans.pop().text + span.text, span.style, span.href)
            spans.append(span)

        for token in inline.children or ():
            match token.type:
                case "text" | "text_special":
                    add(token.content)
                    self.entity(token, inline)
                    for note in _NOTE.findall(token.content):
                        if f"\\{note}" not in inline.content:
                            self.mark(self.links, note, inline, self.without_code)
                case "softbreak":
                    add(" ")
                case "hardbreak":
                    add("\n")
                case "code_inline":
                    add(token.content, "code")
                case "html_inline":
                    self.mark(self.html, token.content, inline)
                    add(token.content)
                case "image":
                    self.mark(self.links, str(token.attrs.get("src", "")), inline)
                    add("".join(span.text for span in _Reader([]).spans(token)))
                    for part in token.children or ():
                        self.entity(part, inline)
                case "footnote_ref":
                    add(f"[{token.meta['id'] + 1}]")
                case "strong_open":
                    styles.append("strong")
                case "em_open":
                    styles.append("emphasis")
                case "link_open":
                    href = str(token.attrs.get("href", ""))
                    self.mark(self.links, href, inline)
                    styles.append("link")
                    hrefs.append(clean_text(href))
                case "link_close":
                    hrefs.pop()
                    styles.pop()
                case "strong_close" | "em_close":
                    styles.pop()
        return tuple(span for span in spans if span.text)

    def entity(self, token: Token, within: Token) -> None:
        """Note an entity that stands for a hostile character; what is in code is shown as it is written."""
        if token.info == "entity" and hostile_entity(token.markup):
            self.mark(self.hidden, token.markup, within, self.without_code)

    def mark(self, marks: list[Mark], text: str, within: Token, source: list[str] | None = None) -> None:
        """Note a link or a piece of HTML with the place after the one before where it is written as it is read."""
        start, end = within.map or (0, 1)
        wanted = text.split("\n", 1)[0]
        source = self.source if source is None else source
        last = marks[-1] if marks else Mark("", 0, 0)
        for number in range(max(start, last.line - 1), min(end, len(source))):
            column = source[number].find(wanted, last.column if number == last.line - 1 else 0) if wanted else -1
            if column >= 0:
                marks.append(Mark(clean_text(text), number + 1, column + 1))
                return
        marks.append(Mark(clean_text(text), start + 1, 1))
