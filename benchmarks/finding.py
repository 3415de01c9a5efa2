"""Words in a lesson of 2,000 lines, each letter as it is typed, beside one search through the same text in one piece:
`python -m benchmarks.finding`.
"""

from __future__ import annotations

import re
from functools import partial

from benchmarks.simulate import best
from studyapp.conduct.finding import passages, runs
from studyapp.packs.content import Lesson
from studyapp.packs.lesson_parts import LessonContent, Prose, Section
from studyapp.packs.prose import parse_prose

SECTIONS, PARAGRAPHS = 40, 25
WORDS = (
    "Each member sends a short message at a steady beat, the *heartbeat*, and whoever stays silent is taken for lost."
)
PROSE = parse_prose("\n\n".join([WORDS] * PARAGRAPHS))
TYPED = "heartbeat"


def long_lesson() -> Lesson:
    """Sections of paragraphs with an empty line after each: 2,000 lines."""
    content = LessonContent(tuple(Section(f"Section {number}", (Prose(PROSE),)) for number in range(SECTIONS)))
    headings = tuple(section.title for section in content.sections)
    return Lesson("long", "A long lesson", (), None, (), headings, lambda: content, "", "lessons/long.md")


def main() -> None:
    """Print the time for each letter."""
    lesson = long_lesson()
    whole = "\n".join(runs(PROSE * SECTIONS))
    for length in range(1, len(TYPED) + 1):
        typed = TYPED[:length]
        floor = best(partial(re.findall, re.escape(typed), whole, re.IGNORECASE))
        ours = best(partial(passages, lesson, typed))
        found = len(passages(lesson, typed))
        print(f"{typed:<10} {found:>6} places  {ours * 1000:6.1f} ms  one piece {floor * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
