"""HTML as exporters and word processors write it: the Markdown shows the words of it, no more and no less."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.packs.interchange.markup import FORMATS
from studyapp.packs.prose import block_tokens

LOUD = "colours, and lines under or through text, are left out"
TEXTS = (
    *("word", "Text", "«x»", "(a)", "a.", "x:", "1", "1.", ". y", "2)", "-", "- z", "#", "# h", "*", "_u_", "~", "[l]"),
    *("|", "&lt;", "&amp;", "&nbsp;", "&nbsp;&nbsp;", " ", "\n", "é", "==", "+", "&gt;", '"', "{", "\\", "!", "~~~"),
)
TAGS = (
    *("b", "i", "strong", "em", "code", "p", "span", "div", "ul", "ol", "li", "pre", "blockquote", "h3"),
    'a href="https://a.example/x"',
)
pieces = st.recursive(
    st.sampled_from((*TEXTS, "<br>")),
    lambda inner: st.builds(
        lambda tag, inside: f"<{tag}>{''.join(inside)}</{tag.split()[0]}>",
        st.sampled_from(TAGS),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


def shown(markdown: str) -> str:
    """The words that a reader sees."""
    words: list[str] = []
    for token in block_tokens(markdown, inline=True):
        words.extend(
            child.content for child in token.children or () if child.type in ("text", "text_special", "code_inline")
        )
        words.append(token.content if token.type == "fence" else "")
    return "".join("".join(words).split())


def convert(text: str) -> str:
    return FORMATS["html"](text)[0]


@given(st.lists(pieces, min_size=1, max_size=4).map("".join))
def test_what_is_shown_are_the_words_of_the_html(text: str) -> None:
    words = "".join(html.unescape(re.sub(r"<[a-zA-Z/][^>]*>", "", text)).split())
    assert shown(convert(text)) == words


@pytest.mark.parametrize(
    "text, made",
    [
        ("a <b>[East]</b> wind", "a **\\[East\\]** wind"),
        ("<b>*note</b>", "**\\*note**"),
        ("x<b>«y»</b>z", "x«**y**»z"),
        ("<b>Tip:</b>read", "**Tip**:read"),
        ("<b>a <strong>b</strong> c</b>", "**a b c**"),
        ("<b> a </b>b", "**a** b"),
        ("<b>a<br>b</b>", "**a**\\\n**b**"),
        ("<p><b></b><i> </i>a</p>", "a"),
        ("<code>a<br>b</code>", "`a`\\\n`b`"),
    ],
)
def test_emphasis_stands_around_words(text: str, made: str) -> None:
    assert convert(text) == made


@pytest.mark.parametrize(
    "text, made",
    [
        ("<p>1<span>.</span> one</p>", "1\\. one"),
        ("<b>a</b>- b", "**a**- b"),
        ("<p><br>a<br></p>", "a"),
        ("<p>a&nbsp;: b</p><p>&nbsp;</p>", "a : b"),
        ("<p>&nbsp;&nbsp;a</p>", "\xa0\xa0a"),
        ("if x:<br>\n&nbsp;&nbsp; &nbsp;y", "if x:\\\n\xa0\xa0\xa0\xa0y"),
        ("<pre>if x:\n&nbsp;&nbsp;y</pre>", "```\nif x:\n  y\n```"),
    ],
)
def test_spaces_that_do_not_break_indent_lines_and_nothing_else(text: str, made: str) -> None:
    assert convert(text) == made


@pytest.mark.parametrize(
    "text, made",
    [
        ("<ol><li>a<ul><li>b<p>c</p></li></ul></li><li>d</li></ol>", "1. a\n   - b\n\n     c\n\n1. d"),
        ("<ul><li>a<blockquote>b</blockquote></li></ul>", "- a\n\n  > b"),
        ("<blockquote><ul><li>a</li><li>b</li></ul></blockquote>", "> - a\n> - b"),
        ("<ul><ul>a</ul></ul>", "a"),
        ("<ol><li><pre>a\nb</pre></li></ol>", "1. ```\n   a\n   b\n   ```"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a\n\nb"),
    ],
)
def test_what_stands_in_a_list_stands_in_its_item(text: str, made: str) -> None:
    assert convert(text) == made


@pytest.mark.parametrize(
    "text, made, notes",
    [
        ("H<sub>2</sub>O, 10<sup>-3</sup>", "H₂O, 10⁻³", ()),
        ("x<sup>ab</sup>", "x^(ab)", ("<sup> is shown with ^",)),
        ("v<sub>q</sub>", "v\\_q", ("<sub> is shown with _",)),
    ],
)
def test_raised_and_lowered_text_stays_apart_from_what_it_follows(text: str, made: str, notes: tuple[str, ...]) -> None:
    assert FORMATS["html"](text) == (made, notes)


@pytest.mark.parametrize(
    "text, made, notes",
    [
        ('<b style="font-weight: normal;">a</b>', "a", ()),
        ('<span style="font-weight:700">a</span>', "**a**", ()),
        ('<span style="FONT-STYLE: Italic">a</span>', "*a*", ()),
        ('<span style="color: red">a</span>', "a", (LOUD,)),
        ('<p style="text-decoration: underline">a</p>', "a", (LOUD,)),
        ('<span style="color: #1d2125; background-color: rgb(255, 255, 255)">a</span>', "a", ()),
        ('<span style="color: rgb(200, 0, 0)">a</span>', "a", (LOUD,)),
        ('<span style="background: #ff0">a</span>', "a", (LOUD,)),
    ],
)
def test_a_style_counts_as_far_as_markdown_has_it_and_is_told_where_not(
    text: str, made: str, notes: tuple[str, ...]
) -> None:
    assert FORMATS["html"](text) == (made, notes)


@pytest.mark.parametrize(
    "text, made",
    [
        ("<p>a</p   <p>b</p>", "a\n\nb"),
        ("a <b and c<d", "a \\<b and c\\<d"),
        ("3 < 4 <b>x</b>", "3 \\< 4 **x**"),
    ],
)
def test_a_tag_that_is_not_finished_takes_no_words_with_it(text: str, made: str) -> None:
    assert convert(text) == made


@pytest.mark.parametrize("text", ["\\(a^2\\)", "\\[a^2\\]", "$$a^2$$"])
def test_mathematics_is_told(text: str) -> None:
    assert "mathematics is shown as it is written" in FORMATS["html"](text)[1]
