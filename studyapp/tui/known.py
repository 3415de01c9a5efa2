"""What the first screen knows of the person: figures that are there at once, and more once the store is open."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from studyapp.questions.ids import now_called
from studyapp.store.errors import StoreError
from studyapp.store.peek import Peek, peek
from studyapp.study.day import day_after
from studyapp.tui.desk import Desk

if TYPE_CHECKING:
    from studyapp.packs.content import Lesson
    from studyapp.packs.pack import Pack
    from studyapp.study.review import LessonPlace

LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person in one pack.

    `places` is where they are in each lesson opened, `best` the best score in each exam; `trouble` says what
    could not be read, in sentences.
    """

    figures: Peek = field(default_factory=Peek)
    places: Mapping[str, LessonPlace] = field(default_factory=dict)
    best: Mapping[str, int] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def begun(self) -> bool:
        """Whether anything has been done in the pack."""
        return self.figures.answers > 0 or self.figures.place is not None or self.figures.open_sitting is not None

    def finished(self, lesson: str) -> bool:
        """Whether a lesson has been read to its end."""
        place = self.places.get(lesson)
        return place is not None and place.finished


def look(desk: Desk) -> Known:
    """Read what is known; quick enough to be done before the first paint, when the store is not open."""
    try:
        since = desk.now() - LATELY
        day_ends = day_after(desk.now(), desk.services.zone)
        if desk.pack is None:
            return Known(peek(desk.database, desk.pack_id, since, day_ends=day_ends))
        figures = peek(desk.database, desk.pack_id, since, now_called(desk.pack.questions), day_ends=day_ends)
        store = desk.store
        if store is None:
            return Known(figures)
        # It leads to the reader of packs, for which the first paint does not wait.
        from studyapp.conduct.progress import best_scores, lesson_places

        return Known(figures, lesson_places(store, desk.pack), best_scores(store, desk.pack))
    except StoreError as error:
        return Known(trouble=str(error))


def likely_next(desk: Desk) -> Lesson | None:
    """The lesson that is most likely opened next; to be asked while the store is not open."""
    if desk.pack is None:
        return None
    lesson = next_lesson(desk.pack, look(desk))
    return desk.pack.lesson(lesson) if lesson is not None else None


def read_ahead(lesson: Lesson | None) -> None:
    """Read a lesson, so that nobody waits for it; in a thread."""
    from studyapp.questions.question import Unreadable

    if lesson is not None:
        with suppress(Unreadable):
            lesson.content()


def next_lesson(pack: Pack, known: Known) -> str | None:
    """The lesson to go on with: the one opened last, or the next after it that is not read; None when all are."""
    place = known.figures.place
    ids = [lesson.id for lesson in pack.lessons]
    last = now_called(pack.lessons).get(place.lesson_id) if place is not None else None
    if last is not None and place is not None and not place.finished:
        return last
    after = ids.index(last) + 1 if last is not None else 0
    return next((each for each in (*ids[after:], *ids[:after]) if not known.finished(each)), None)
