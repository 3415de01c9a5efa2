"""The one way by which text that others wrote comes onto the screen: as it is, never as markup.

Textual reads `[` in a plain string as the start of markup. A `Content` made here shows every character, and characters
that hide or act show a visible stand-in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from studyapp.packs.characters import clean_text, locale_shows_unicode

if TYPE_CHECKING:
    # Only for its type: the first screen is painted before Markdown is read.
    from studyapp.packs.prose import Span

SPAN_STYLES = {"strong": "bold", "emphasis": "italic", "code": "bold $code", "link": "underline"}
"""Styles of the marks of prose, by theme variables only."""


def words(text: str, style: str = "") -> Content:
    """The text, in a style of our own where one is given."""
    shown = clean_text(text)
    return Content.styled(shown, style) if style else Content(shown)


def of_spans(spans: Iterable[Span]) -> Content:
    """A run of prose; a link shows its words, for nothing outside is ever opened."""
    return Content("").join(
        words(span.text, " ".join(look for mark, look in SPAN_STYLES.items() if mark in span.style)) for span in spans
    )


def shows_unicode(environ: Mapping[str, str] | None = None, encoding: str | None = None) -> bool:
    """Whether the terminal shows more than ASCII, by its locale and the encoding of what is written to it."""
    environ = os.environ if environ is None else environ
    encoding = (sys.__stdout__.encoding if sys.__stdout__ is not None else "") if encoding is None else encoding
    if encoding and "utf" not in encoding.lower():
        return False
    if environ.get("TERM") == "dumb":
        return False
    return locale_shows_unicode(environ)
