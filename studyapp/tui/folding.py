"""What stands for a character where nothing but ASCII can be shown. No Textual here: the command line prints too."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from rich.cells import cell_len

# fmt: off
SIGNS: Mapping[str, str] = MappingProxyType({
    "❯": ">", "›": ">", "‹": "<", "▸": ">", "»": ">", "«": "<", "⇕": "*", "≡": ":",
    "↑": "^", "↓": "v", "←": "<", "→": ">", "▲": "^",
    "●": "*", "○": "o", "✔": "+", "✖": "x", "◐": "~", "⚑": "!", "✎": "&",
    "◌": "?", "⊘": "%", "★": "*", "☆": "+", "♥": " ",
    "█": "#", "▓": "#", "▒": "+", "░": ".", "▌": "|", "•": "-", "·": "-",
    "…": "~", "≠": "#", "×": "x", "–": "-", "—": "-", "−": "-",
    "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"',
})
# fmt: on
"""A column for each sign that the program itself shows. None means anything alone: a word beside it says the same."""


def in_ascii(text: str, signs: Mapping[str, str] = SIGNS) -> str:
    """The text in characters that every terminal shows, over the same columns."""
    return text if text.isascii() else "".join(c if c.isascii() else signs.get(c) or _folded(c) for c in text)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """The letter without its accent, a line's direction, or question marks."""
    width = cell_len(character)
    name = unicodedata.name(character, "")
    if name.startswith("BOX DRAWINGS"):
        return "+" if " AND " in name else "|" if name.endswith("VERTICAL") else "-"
    if name.endswith("BLOCK") or "EIGHTH" in name or name.startswith("QUADRANT"):
        return " " * width
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if c.isascii() and c.isprintable())
    return (plain or "?" * width)[:width].ljust(width)
