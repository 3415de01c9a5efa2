"""Terms of the glossary in lines, each with what it means."""

from __future__ import annotations

from collections.abc import Iterable

from studyapp.packs.prose import parse_prose
from studyapp.packs.terms import Term
from studyapp.plain.prose import prose_lines
from studyapp.plain.talk import Talk


def tell_terms(talk: Talk, terms: Iterable[Term]) -> None:
    """Say each term, and below it its text."""
    for term in terms:
        talk.gap()
        talk.say(f"{term.name}:")
        talk.lines(prose_lines(parse_prose(term.text), talk.width))
    talk.gap()
