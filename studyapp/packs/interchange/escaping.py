"""Text as Markdown that reads the same: nothing in it is taken for a sign, nothing hides or acts."""

from __future__ import annotations

import re

from studyapp.packs.characters import hostile_characters

Converted = tuple[str, tuple[str, ...]]
"""Markdown, and how it differs from what was there."""

NO_BREAK = "\N{NO-BREAK SPACE}"
_SIGNS = re.compile(r"[\\`*_\[\]<>&|]")
_LINE_START = re.compile(r"^(\s*)([#+=~:-]|\d{1,9}(?=[.)]))", re.MULTILINE)
_WIDEST = 40


def without_hostile(text: str) -> Converted:
    """The text without characters that hide or act."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = list(hostile_characters("\n".join(lines)))
    for each in reversed(found):
        line = lines[each.line - 1]
        lines[each.line - 1] = line[: each.column - 1] + line[each.column :]
    return "\n".join(lines), tuple(dict.fromkeys(f"{each.name} is left out" for each in found))


def escaped(text: str) -> str:
    """Plain text as Markdown that reads the same; a line break is one that was asked for."""
    return escaped_starts(escaped_signs(text))


def escaped_signs(text: str) -> str:
    """Text whose signs are no marks, but for those that are only at the start of a line."""
    return _SIGNS.sub(r"\\\g<0>", text)


def escaped_starts(text: str) -> str:
    """Markdown no line of which begins with the mark of a block."""
    return _LINE_START.sub(_escaped_start, text)


def _escaped_start(found: re.Match[str]) -> str:
    before, sign = found.groups()
    return f"{before}{sign}\\" if sign[0].isdigit() else f"{before}\\{sign}"


def indentation(spaces: str) -> str:
    """What a line begins with, as spaces that Markdown keeps: one space alone is none."""
    width = min(len(spaces.expandtabs(4)), _WIDEST)
    return NO_BREAK * width if width > 1 else ""
