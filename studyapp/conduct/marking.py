"""Notes and bookmarks in lessons, found again by the headings of their sections, for both faces."""

from __future__ import annotations

from collections.abc import Mapping

from studyapp.packs.content import Lesson, Pack
from studyapp.questions.ids import now_called
from studyapp.store.store import Store
from studyapp.study.marks import BOOKMARK, LONGEST_NOTE, Mark
from studyapp.wiring import Services

Place = tuple[str, int]
"""The id of a lesson and the number of a section, from 0."""


def marks(store: Store, pack: Pack, kind: str) -> Mapping[Place, str]:
    """The texts of all notes, or of all bookmarks, by their places, in the order of the lessons.

    One whose section has gone is at the first section of its lesson: nothing that somebody wrote is lost. Of several at
    one place the texts are joined.

    Raises:
        StoreError: they cannot be read.
    """
    called = now_called(pack.lessons)
    order = {lesson.id: number for number, lesson in enumerate(pack.lessons)}
    found: dict[Place, str] = {}
    for mark in store.marks(pack.id):
        lesson_id = called.get(mark.lesson_id)
        if mark.kind != kind or lesson_id is None:
            continue
        headings = pack.lesson(lesson_id).headings
        place = (lesson_id, headings.index(mark.heading) if mark.heading in headings else 0)
        found[place] = f"{found[place]}\n\n{mark.text}" if kind != BOOKMARK and place in found else mark.text
    return dict(sorted(found.items(), key=lambda each: (order[each[0][0]], each[0][1])))


def mark(services: Services, pack: Pack, lesson: Lesson, section: int, kind: str, text: str) -> None:
    """Put a mark at a section, or take it away with an empty text.

    Raises:
        StoreError: it has not been kept.
    """
    kept = text.strip()[:LONGEST_NOTE]
    services.store.set_mark(Mark(pack.id, lesson.id, lesson.headings[section], kind, kept, services.now()))
