"""Reads glossary.yaml: from each term to a short text, or to a mapping with that text and other spellings."""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.packs.characters import hostile_characters, hostile_entity
from studyapp.packs.fields import Fields, open_fields
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.prose import Mark, read_prose
from studyapp.packs.source import Mapping_, Node, Scalar
from studyapp.packs.terms import Term, spelling

KEYS = ("text", "also")
MAX_TERMS = 500
MAX_SPELLINGS = 10
"""Other spellings of one term."""
LONGEST_TERM = 60
LONGEST_TEXT = 2_000
"""Characters of the text of one term."""


@dataclass(frozen=True, slots=True)
class GlossarySource:
    """The terms in alphabetical order, and where their texts lead; a link has the place of the text that it is in."""

    terms: tuple[Term, ...] = ()
    links: tuple[Mark, ...] = ()


def read_glossary(node: Node | None, path: str, problems: list[Problem]) -> GlossarySource:
    """The glossary that a file holds. A term that is wrong is left out; what is wrong is added to `problems`."""
    fields = open_fields(node, "the glossary", path, problems)
    if fields is None:
        return GlossarySource()
    reading = _Reading(fields)
    for number, (key, value) in enumerate(fields.node.entries.values(), start=1):
        if number > MAX_TERMS:
            fields.say(key, "too-big", f"a glossary has at most {MAX_TERMS:,} terms; the rest is not looked at")
            break
        reading.term(key, value)
    return GlossarySource(tuple(sorted(reading.terms, key=lambda term: spelling(term.name))), tuple(reading.links))


class _Reading:
    """Gathers the terms, and knows which spellings are taken."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.terms: list[Term] = []
        self.links: list[Mark] = []
        self.lines: dict[tuple[str, ...], int] = {}
        """The line of each spelling."""

    def term(self, key: Scalar, value: Node) -> None:
        """One entry of the mapping."""
        name = self.name(key, "a term")
        what = f"the term {quoted(key.text)}"
        also: tuple[Node, ...] = ()
        text: Node | None = value
        if isinstance(value, Mapping_):
            inner = Fields(value, what, self.fields.path, self.fields.problems)
            inner.only(KEYS)
            text, also = inner.get("text", needed=True), inner.items("also")
            if len(also) > MAX_SPELLINGS:
                inner.say(also[MAX_SPELLINGS], "too-big", f"{what} has at most {MAX_SPELLINGS} other spellings")
        others = (self.name(each, "also") for each in also[:MAX_SPELLINGS])
        spelled = tuple(each for each in others if each is not None)
        markdown = self.text(text, f"the text of {what}") if text is not None else None
        if name is not None and markdown is not None:
            self.terms.append(Term(name, markdown, spelled))

    def name(self, node: Node, what: str) -> str | None:
        """A spelling that is there once, whatever its case; else None, and that is reported."""
        word = self.fields.line(node, what)
        if word is None:
            return None
        pieces = spelling(word.text)
        if len(word.text) > LONGEST_TERM:
            self.fields.say(word, "out-of-range", f"{what} must have 1 to {LONGEST_TERM} characters")
        elif not any(character.isalnum() for character in word.text):
            self.fields.say(word, "bad-name", f"{what} cannot be {quoted(word.text)}", "it needs a letter or a digit")
        elif pieces in self.lines:
            message = f"{quoted(word.text)} stands on line {self.lines[pieces]} already, whatever its case"
            self.fields.say(word, "duplicate-name", message)
        else:
            self.lines[pieces] = word.line
            return word.text
        return None

    def text(self, node: Node, what: str) -> str | None:
        """A Markdown text; None with a problem where it is none, or holds what is not shown."""
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            self.fields.read.wrong_type(node, what, "a text")
            return None
        text = node.value if isinstance(node.value, str) else node.text
        if not text.strip() or len(text) > LONGEST_TEXT:
            self.fields.say(node, "out-of-range", f"{what} must have 1 to {LONGEST_TEXT:,} characters")
            return None
        hostile = next(hostile_characters(text), None)
        if hostile is None:
            return self._shown(text, node, what)
        if not self.fields.read.refused_at(node):
            self.fields.say(node, "hostile-character", f"{what} holds {hostile.name}", "remove it")
        return None

    def _shown(self, text: str, node: Scalar, what: str) -> str | None:
        reading = read_prose(text)
        self.links.extend(Mark(mark.text, node.line, node.column) for mark in reading.links)
        if reading.html:
            hint = "put it in backticks, or write \\< for the sign"
            self.fields.say(node, "raw-html", f"{what} has HTML: {quoted(reading.html[0].text)}", hint)
        for mark in reading.hidden[:1]:
            name = hostile_entity(mark.text)
            self.fields.say(node, "hostile-character", f"{what} holds {mark.text}, {name}", "remove it")
        return None if reading.html or reading.hidden else text.strip()
