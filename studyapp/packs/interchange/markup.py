"""Markdown out of what other formats write: plain text, HTML, foreign Markdown. Nothing that hides or acts gets in.

Each function gives the Markdown and how it differs from what was there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from studyapp.packs.characters import hostile_entity
from studyapp.packs.interchange.escaping import Converted, escaped, indentation, without_hostile
from studyapp.packs.interchange.hypertext import from_html, from_moodle
from studyapp.packs.prose import block_tokens, read_prose

_ROUNDS = 5


def from_plain(text: str) -> Converted:
    """Plain text, its lines kept."""
    clean, notes = without_hostile(text)
    return _joined_lines([_plain_line(line) for line in clean.strip().split("\n")]), notes


def _plain_line(line: str) -> str:
    words = escaped(" ".join(line.split()))
    return indentation(line[: len(line) - len(line.lstrip())]) + words if words else ""


def _joined_lines(lines: list[str]) -> str:
    """Lines with the breaks between them kept; an empty line is a new paragraph."""
    text = "\\\n".join(lines)
    return re.sub(r"(?:\\\n)*\\\n\\\n|(?<=\n)\\\n", "\n\n", text) if "" in lines else text


def from_markdown(text: str) -> Converted:
    """Markdown, with raw HTML in it shown as text."""
    clean, notes = without_hostile(text)
    lower, entities = _without_entities(clean.strip())
    told = [*notes, *entities]
    for _ in range(_ROUNDS):
        marks = read_prose(lower).html
        if not marks:
            break
        told.append("HTML is shown as text")
        lines = lower.split("\n")
        for mark in sorted(marks, key=lambda each: (each.line, each.column), reverse=True):
            line = lines[mark.line - 1]
            at = mark.column - 1 if line[mark.column - 1 : mark.column] == "<" else line.find("<")
            if at >= 0:
                lines[mark.line - 1] = f"{line[:at]}\\{line[at:]}"
        lower = "\n".join(lines)
    if read_prose(lower).html:
        lower = lower.replace("<", "&lt;")
    return lower, tuple(dict.fromkeys(told))


def _without_entities(text: str) -> Converted:
    """Markdown without entities that stand for characters which hide or act."""
    told: list[str] = []
    if "&" not in text:
        return text, ()
    for _ in range(_ROUNDS):
        lines, hidden = text.split("\n"), read_prose(text).hidden
        if not hidden:
            return text, tuple(told)
        for mark in sorted(hidden, key=lambda each: (each.line, each.column), reverse=True):
            line, start = lines[mark.line - 1], mark.column - 1
            lines[mark.line - 1] = line[:start] + line[start:].removeprefix(mark.text)
        told.extend(f"{hostile_entity(mark.text)} is left out" for mark in hidden)
        text = "\n".join(lines)
    return text.replace("&", "&amp;"), tuple(told)


def with_lower_headings(text: str) -> Converted:
    """Markdown without headings of the second level, which begin the sections of a question: they are of the third."""
    if "##" not in text:
        return text, ()
    lines = text.split("\n")
    for token in block_tokens(text, inline=False):
        if token.type == "heading_open" and token.level == 0 and token.markup == "##" and token.map:
            lines[token.map[0]] = lines[token.map[0]].replace("##", "###", 1)
    lower = "\n".join(lines)
    return lower, ("a heading is set one lower",) if lower != text else ()


FORMATS: Mapping[str, Callable[[str], Converted]] = MappingProxyType(
    {"moodle": from_moodle, "html": from_html, "plain": from_plain, "markdown": from_markdown}
)
