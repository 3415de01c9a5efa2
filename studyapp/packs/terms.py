"""Terms of a glossary, and where they stand in a text. A pack that is remembered needs nothing else of its glossary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_PIECE = re.compile(r"\w+|[^\w\s]")
"""A word, or a sign that is part of none."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term, the Markdown text that explains it, and its other spellings: plurals, abbreviations."""

    name: str
    text: str
    also: tuple[str, ...] = ()


def spelling(text: str) -> tuple[str, ...]:
    """The words and signs of a text, whatever their case and the space between them: equal for equal spellings."""
    return tuple(_PIECE.findall(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())))


def terms_in(text: str, glossary: Iterable[Term]) -> tuple[Term, ...]:
    """The terms that stand in a text as whole words, in the order in which they first do.

    Where one is part of a longer one that stands there, the longer one counts: `preferred owner` is no `owner`.
    """
    known = {spelling(each): term for term in glossary for each in (term.name, *term.also)}
    sizes = sorted({len(each) for each in known}, reverse=True)
    pieces = spelling(text)
    found: dict[Term, None] = {}
    place = 0
    while place < len(pieces):
        size = next((size for size in sizes if pieces[place : place + size] in known), 0)
        if size:
            found[known[pieces[place : place + size]]] = None
        place += size or 1
    return tuple(found)
