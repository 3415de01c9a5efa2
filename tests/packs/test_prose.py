"""Markdown becomes typed blocks, and nothing that hides or acts gets through."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.characters import hostile_entity, mixed_words
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
    clean_text,
    hostile_characters,
    parse_prose,
    plain_text,
    read_prose,
)


def style(*names: str) -> frozenset[str]:
    return frozenset(names)


def texts(value: Any) -> Iterator[str]:
    """Every text in some blocks, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, Block | Span):
        for name in type(value).__slots__:
            yield from texts(getattr(value, name))


def test_a_paragraph_keeps_its_styles() -> None:
    [block] = parse_prose("a *b **c*** `d` [e](http://f.example/g)\nnew line  \nbroken line")
    assert block == Paragraph(
        (
            Span("a "),
            Span("b ", style("emphasis")),
            Span("c", style("emphasis", "strong")),
            Span(" "),
            Span("d", style("code")),
            Span(" "),
            Span("e", style("link"), "http://f.example/g"),
            Span(" new line\nbroken line"),
        )
    )


def test_every_kind_of_block() -> None:
    blocks = parse_prose(
        "# One\n\n## Two\n\n> quoted\n\n> [!NOTE]\n> Mind this.\n\n3. x\n4. y\n\n- z\n\n---\n\n"
        "| a | b |\n|---|---|\n| 1 | *2* |\n\n```python x\nprint()\n```\n\n    indented\n"
    )
    assert blocks == (
        Heading(1, (Span("One"),)),
        Heading(2, (Span("Two"),)),
        Quote((Paragraph((Span("quoted"),)),)),
        Alert("note", (Paragraph((Span("Mind this."),)),)),
        ListBlock(True, 3, ((Paragraph((Span("x"),)),), (Paragraph((Span("y"),)),))),
        ListBlock(False, 1, ((Paragraph((Span("z"),)),),)),
        Rule(),
        Table(((Span("a"),), (Span("b"),)), (((Span("1"),), (Span("2", style("emphasis")),)),)),
        Code("python", "print()"),
        Code("", "indented"),
    )


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_the_five_alerts(kind: str) -> None:
    [alert] = parse_prose(f"> [!{kind}]\n> **One** two.\n>\n> Three.")
    assert alert == Alert(
        kind.lower(), (Paragraph((Span("One", style("strong")), Span(" two."))), Paragraph((Span("Three."),)))
    )
    assert parse_prose(f"> [!{kind}]") == (Alert(kind.lower(), ()),)


def test_what_only_looks_like_an_alert_is_a_quotation() -> None:
    for text in ("> [!FOO]\n> x", "> [!NOTE] x", "> a [!NOTE]"):
        [block] = parse_prose(text)
        assert isinstance(block, Quote)


def test_a_picture_becomes_its_words() -> None:
    assert plain_text(parse_prose("See ![the *three* hosts](a.png).")) == "See the three hosts."


def test_footnotes_come_last() -> None:
    blocks = parse_prose("One[^a] two[^b].\n\n[^b]: Bee.\n[^a]: Ay.\n")
    assert plain_text(blocks) == "One[1] two[2].\n\n---\n\n1. Ay.\n2. Bee."


def test_plain_text_shows_where_links_lead() -> None:
    assert plain_text(parse_prose("[here](http://a.example/b) and <http://c.example>")) == (
        "here (http://a.example/b) and http://c.example"
    )


def test_plain_text_of_everything() -> None:
    text = (
        "> a\n> b\n\n> [!TIP]\n> c\n\n1. d\n\n   e\n\n- f\n  - g\n\n```x\nh\n\ni\n```\n\n| j | k |\n|-|-|\n| l | m |\n"
    )
    assert plain_text(parse_prose(text)) == (
        "> a b\n\nTip:\n  c\n\n1. d\n   e\n\n- f\n  - g\n\n    h\n\n    i\n\nj | k\nl | m"
    )


def test_html_stays_text_and_is_named() -> None:
    reading = read_prose("a <b>c</b>\n\n<div>\nd\n</div>\n\n`<code>` and 1 < 2 and \\<e>\n")
    assert plain_text([placed.block for placed in reading.blocks]) == (
        "a <b>c</b>\n\n<div>\nd\n</div>\n\n<code> and 1 < 2 and <e>"
    )
    assert [(mark.text, mark.line, mark.column) for mark in reading.html] == [
        ("<b>", 1, 3),
        ("</b>", 1, 7),
        ("<div>\nd\n</div>", 3, 1),
    ]


def test_a_link_that_would_run_something_is_no_link() -> None:
    for href in ("javascript:alert(1)", "vbscript:x", "data:text/html,x", "file:///x"):
        [block] = parse_prose(f"[a]({href})")
        assert isinstance(block, Paragraph)
        assert all(span.href is None for span in block.spans)


def test_blocks_know_their_lines() -> None:
    reading = read_prose("one\ntwo\n\n  ```claim  a b \nx\n```\n")
    assert [(p.line, p.end, p.info, p.info_column) for p in reading.blocks] == [(1, 3, "", 1), (4, 7, "claim  a b", 6)]
    assert [(m.text, m.line) for m in read_prose("- ```lab x\n  ```\n").inner_fences] == [("lab x", 1)]


@pytest.mark.parametrize(
    "character, shown",
    [
        ("\x1b", "␛"),
        ("\x00", "␀"),
        ("\x7f", "␡"),
        ("\x9b", "<U+009B>"),
        ("\u202e", "<U+202E>"),
        ("\u2066", "<U+2066>"),
        ("\u200b", "<U+200B>"),
        ("\u200d", "<U+200D>"),
        ("\ufeff", "<U+FEFF>"),
        ("\u2028", "<U+2028>"),
        ("\u00ad", "<U+00AD>"),
        ("\U000e0041", "<U+E0041>"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_a_hostile_character_is_shown(character: str, shown: str) -> None:
    assert clean_text(f"a{character}b") == f"a{shown}b"
    [found] = hostile_characters(f"x\na{character}b")
    assert (found.line, found.column) == (2, 2)
    assert found.name.startswith(f"U+{ord(character):04X} ")


@pytest.mark.parametrize(
    "entity, name",
    [
        ("&#x202E;", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("&#8238;", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("&rlm;", "U+200F RIGHT-TO-LEFT MARK"),
        ("&ZeroWidthSpace;", "U+200B ZERO WIDTH SPACE"),
        ("&#27;", "U+001B ESCAPE"),
        ("&#x9B;", "U+009B a control character"),
        ("&#xD800;", "U+D800 a control character"),
        *(dict.fromkeys(("&amp;", "&#65;", "&eacute;", "&nbsp;", "&#10;", "&#9999999;", "&unknown;"), "").items()),
    ],
)
def test_an_entity_for_a_hostile_character_is_named_by_it(entity: str, name: str) -> None:
    assert hostile_entity(entity) == name
    assert [(mark.text, mark.line, mark.column) for mark in read_prose(f"a `{entity}`\n{entity}").hidden] == (
        [(entity, 2, 1)] if name else []
    )


@pytest.mark.parametrize(
    "text, found",
    [
        ("one\na h\u043est1", (2, 3, 0x43E)),
        ("\u0391lpha", (1, 1, 0x391)),
        ("x\u0421\u041eM_2", (1, 1, 0x421)),
        ("plain", None),
        ("na\u00efve Gr\u00f6\u00dfe \u03bcs k\u03a9 \u0394t", None),
        ("IP-\u0430\u0434\u0440\u0435\u0441 SMS\u043a\u0430 \u0421\u041e\u041c1 \u0441\u0435\u0442\u044c", None),
    ],
)
def test_a_word_that_is_not_what_it_looks_like(text: str, found: tuple[int, int, int] | None) -> None:
    said = [(each.line, each.column, each.name[:6]) for each in mixed_words(text)]
    assert said == ([(*found[:2], f"U+{found[2]:04X}")] if found is not None else [])


def test_what_is_not_hostile_stays() -> None:
    for text in ("a\nb", "é ﬁ 汉字 🙂 ⚠️ عربى", "e\u0301", "[/red] $x[0] {name}"):
        assert clean_text(text) == text
        assert not list(hostile_characters(text))
    assert clean_text("a\tb\r\nc") == "a   b\nc"


def test_an_entity_does_not_smuggle_a_hostile_character_in() -> None:
    assert plain_text(parse_prose("a&#x202e;b&#27;c&#x200b;d")) == "a<U+202E>b\ufffdc<U+200B>d"


@given(st.text(max_size=200))
def test_no_text_brings_a_hostile_character_to_the_screen(text: str) -> None:
    for shown in texts(parse_prose(text)):
        assert not list(hostile_characters(shown))
        assert not [c for c in shown if unicodedata.category(c) == "Cc" and c != "\n"]


@given(st.text(alphabet="[]()*_`~>#-+|!^:<a \n\t1.&;\\", max_size=400))
def test_markup_of_any_kind_is_read(text: str) -> None:
    plain_text(parse_prose(text))


@pytest.mark.parametrize("text", ["[", "![", "> ", "- ", "[a](", "*a **a ", "`", "<a ", "[^1]", "|a", "1) "])
def test_deep_or_unclosed_markup_takes_no_longer_than_its_length_allows(text: str) -> None:
    started = time.perf_counter()
    parse_prose(text * (50_000 // len(text)))
    assert time.perf_counter() - started < 20
