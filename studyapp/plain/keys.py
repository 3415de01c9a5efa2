"""Lessons name keys of the full screen, set apart by backticks: here the words are said that are typed instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from studyapp.packs.lesson_parts import CheckpointPart, LessonPart
from studyapp.packs.prose import Block, Paragraph, Span

DIAGRAM: Mapping[str, str] = {
    "x": "break",
    "r": "repair",
    "w": "why",
    ".": "step",
    ",": "back",
    "0": "over",
    "space": "play",
}
"""The keys of the picture, and the words for them here."""
QUESTION: Mapping[str, str] = {"w": "why not", "v": "variant", "u": "sources", "!": "report", "h": "hint"}
"""The keys of a question."""
LESSON: Mapping[str, str] = {"esc": "lessons", "?": "help", "/": "find", "n": "note", "m": "bookmark", "g": "terms"}
"""The keys of a lesson; one that only the full screen needs has no word and keeps its name."""

_PRESS = re.compile(r"\b([Pp])ress $")


def words_after(part: LessonPart | None) -> Mapping[str, str]:
    """The words for the keys that a text speaks of after something alive, or (None) at the beginning of a section."""
    return {**LESSON, **(QUESTION if isinstance(part, CheckpointPart) else DIAGRAM)}


def asks_for_diagram(block: Block, words: Mapping[str, str]) -> bool:
    """Whether a paragraph names a key of the diagram, by the words for the keys that it speaks of."""
    return isinstance(block, Paragraph) and any(
        _named(span, words) and words[span.text] in DIAGRAM.values() for span in block.spans
    )


def in_words(block: Block, words: Mapping[str, str]) -> Block:
    """A paragraph with the words to type in place of keys; anything else as it is."""
    return replace(block, spans=tuple(_in_words(block.spans, words))) if isinstance(block, Paragraph) else block


def _in_words(spans: tuple[Span, ...], words: Mapping[str, str]) -> Iterator[Span]:
    for span, after in zip(spans, (*spans[1:], None), strict=True):
        if _named(span, words):
            yield replace(span, text=f'"{words[span.text]}"', style=span.style - {"code"})
        elif after is not None and _named(after, words):
            yield replace(span, text=_PRESS.sub(lambda found: "Type " if found[1] == "P" else "type ", span.text))
        else:
            yield span


def _named(span: Span, words: Mapping[str, str]) -> bool:
    return "code" in span.style and span.text in words
