"""What is wrong with an author's file, where, and what to do about it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from studyapp.packs.characters import is_hostile
from studyapp.packs.codes import SEVERITIES, severity_of

__all__ = ["SEVERITIES", "Hints", "Problem", "closest", "nearest", "quoted", "several", "visible"]

MOST_COMPARED = 1_000_000
"""Names of a pack that are compared with others to give hints."""
# Format, control, surrogate, private and unassigned characters, and the two line separators.
_UNSEEN = ("C", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one place in a file.

    `path` is the file as the author knows it; `line` and `column` count characters from 1 (line 0: the file as a
    whole). `code` is one of `codes.CODES`. `variant` tells which variant of a question shows it, and `trace` the lines
    of the run that prove it.
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    hint: str | None = None
    variant: str | None = None
    trace: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        """How much it weighs: one of `SEVERITIES`."""
        return severity_of(self.code)

    def __str__(self) -> str:
        return self.format()

    def format(self) -> str:
        """One line, `file:line:column: severity: code: message`, safe to print whatever the file holds."""
        hint = f" ({self.hint})" if self.hint else ""
        variant = f" [{self.variant}]" if self.variant else ""
        return visible(
            f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.code}: {self.message}{hint}{variant}"
        )


def visible(text: str) -> str:
    """The text on one line, with every character that a terminal would obey or hide written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(c) if unicodedata.category(c).startswith(_UNSEEN) or is_hostile(c) else c for c in text)


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quoted(text: object, limit: int = 60) -> str:
    """A word of the author's, in double quotes and shortened when it is long."""
    words = str(text)
    return f'"{words}"' if len(words) <= limit else f'"{words[: limit - 1]}…"'


def nearest(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the known word nearest to this one, or None when nothing is near."""
    found = closest(word, known)
    return f"did you mean {quoted(found)}?" if found is not None else None


def closest(word: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The known word nearest to this one, or None when none is so much alike."""
    return next(iter(difflib.get_close_matches(word[:80], list(known), n=1, cutoff=alike)), None)


class Hints:
    """Hints at the nearest of many names, for all files of a pack together: comparing is slow, and comes to an end."""

    def __init__(self) -> None:
        self.compared = 0

    def nearest(self, word: str, known: Collection[str]) -> str | None:
        """A hint that names the known word nearest to this one, or None when nothing is near or enough was compared."""
        self.compared += len(known)
        return nearest(word, known) if self.compared <= MOST_COMPARED else None


def several(number: int, word: str, words: str = "") -> str:
    """A number with its noun: `1 file`, `3 files`; `words` where more of them are called otherwise."""
    return f"{number:,} {word if number == 1 else words or f'{word}s'}"
