"""Finding words in one lesson: where they stand in its text, in the order in which it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studyapp.packs.content import Lesson
from studyapp.packs.lesson_parts import Prose
from studyapp.packs.prose import Alert, Block, Code, Heading, ListBlock, Paragraph, Quote, Rule, Table

AROUND = 40
"""Characters that an excerpt has on either side of what was found, and some more to the end of a word."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A place where the words stand: the `section` of the lesson and which of its places it is, both counted from 0,
    and from where to where in a run of `text`.
    """

    section: int
    number: int
    text: str
    begin: int
    end: int

    @property
    def excerpt(self) -> str:
        """What stands around it, on one line."""
        text, begin, end = self.text, self.begin, self.end
        start, stop = max(0, begin - AROUND), min(len(text), end + AROUND)
        before = text[start:begin] if not start else f"… {text[start:begin].partition(' ')[2]}"
        after = text[end:stop] if stop == len(text) else f"{text[end:stop].rpartition(' ')[0]} …"
        return " ".join(f"{before}{text[begin:end]}{after}".split())


def pattern(wanted: str) -> re.Pattern[str] | None:
    """What finds words, whatever their case, and however blanks and lines are between them; None without any."""
    parts = wanted.split()
    return re.compile(r"\s+".join(map(re.escape, parts)), re.IGNORECASE) if parts else None


def passages(lesson: Lesson, wanted: str) -> tuple[Passage, ...]:
    """Every place in a lesson where these words stand; what is alive in it is left out."""
    words = pattern(wanted)
    if words is None:
        return ()
    found: list[Passage] = []
    for number, section in enumerate(lesson.sections):
        blocks = [block for part in section.parts if isinstance(part, Prose) for block in part.blocks]
        here = ((text, *each.span()) for text in (section.title, *runs(blocks)) for each in words.finditer(text))
        found.extend(Passage(number, place, *where) for place, where in enumerate(here))
    return tuple(found)


def runs(blocks: Sequence[Block]) -> Iterator[str]:
    """Each run of text in some blocks, as it is shown, in the order in which it is read."""
    for block in blocks:
        match block:
            case Heading(spans=spans) | Paragraph(spans=spans):
                yield "".join(span.text for span in spans)
            case ListBlock(items=items):
                for item in items:
                    yield from runs(item)
            case Quote(blocks=inner) | Alert(blocks=inner):
                yield from runs(inner)
            case Code(text=text):
                yield text
            case Table(header=header, rows=rows):
                for row in (header, *rows):
                    yield from ("".join(span.text for span in cell) for cell in row)
            case Rule():
                pass
