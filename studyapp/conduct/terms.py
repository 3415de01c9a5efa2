"""The terms of a glossary that stand in what is read."""

from __future__ import annotations

from studyapp.packs.content import Pack
from studyapp.packs.lesson_parts import Prose, Section
from studyapp.packs.prose import plain_text
from studyapp.packs.terms import Term, terms_in

NONE_HERE = "There is no glossary term here."


def section_text(section: Section) -> str:
    """What a section says, without its heading and what is alive in it."""
    return "\n".join(plain_text(part.blocks) for part in section.parts if isinstance(part, Prose))


def section_terms(pack: Pack, section: Section) -> tuple[Term, ...]:
    """The terms in the heading and the text of a section, in the order in which they first stand there."""
    return terms_in(f"{section.title}\n{section_text(section)}", pack.glossary)
