"""Words in a lesson: each place where they stand, in the order in which it is read."""

from __future__ import annotations

import pytest

from studyapp.conduct.finding import passages
from studyapp.packs.content import Lesson
from studyapp.packs.lesson_parts import CheckpointPart, LessonContent, Prose, Section
from studyapp.packs.prose import parse_prose

TEXT = """\
A quorum is *more than half*. Quorum, again.

- one **quo**rum

| what | is |
| --- | --- |
| votes | quorum |

> [!NOTE]
> No quorum here.

```text
quorum = 3
```
"""


def lesson(*sections: tuple[str, str]) -> Lesson:
    content = LessonContent(
        tuple(Section(title, (Prose(parse_prose(text)), CheckpointPart("quorum"))) for title, text in sections)
    )
    return Lesson("one", "One", (), None, (), tuple(t for t, _ in sections), lambda: content, "", "lessons/one.md")


def test_each_place_is_found_across_marks_and_in_every_kind_of_block() -> None:
    found = passages(lesson(("Quorum", TEXT), ("Later", "Nothing."), ("Last", "The quorum.")), "QUORUM")
    assert [(each.section, each.number) for each in found] == [*((0, number) for number in range(7)), (2, 0)]
    assert found[3].excerpt == "one quorum"
    assert found[4].excerpt == "quorum"


@pytest.mark.parametrize("wanted", ["more than half", "more   than\thalf", "MORE than"])
def test_blanks_and_case_do_not_matter(wanted: str) -> None:
    assert len(passages(lesson(("One", TEXT)), wanted)) == 1


@pytest.mark.parametrize("wanted", ["", "  ", "nowhere", "[q", "(", "q.orum", "\\"])
def test_what_is_not_there_is_not_found_and_signs_are_signs(wanted: str) -> None:
    assert passages(lesson(("One", TEXT)), wanted) == ()


def test_an_excerpt_is_one_line_cut_between_words() -> None:
    text = f"{'before ' * 20}the needle {'after ' * 20}"
    (found,) = passages(lesson(("One", text)), "needle")
    assert found.excerpt.startswith("… before ")
    assert found.excerpt.endswith(" after …")
    assert "the needle after" in found.excerpt
    assert len(found.excerpt) < 100


def test_places_do_not_overlap() -> None:
    found = passages(lesson(("One", "aaaa")), "aa")
    assert [(each.begin, each.end) for each in found] == [(0, 2), (2, 4)]
