"""What the first screen knows of the person: figures that are there at once, and more once the store is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from studyapp.store.errors import StoreError
from studyapp.store.peek import Peek, peek
from studyapp.study.review import LessonPlace
from studyapp.tui.desk import Desk

if TYPE_CHECKING:
    from studyapp.packs.pack import Pack

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
        figures = peek(desk.database, desk.pack_id, desk.now() - LATELY)
        store = desk.store
        if store is None:
            return Known(figures)
        best: dict[str, int] = {}
        for sitting in store.sittings(desk.pack_id):
            if sitting.result is not None:
                best[sitting.blueprint_id] = max(sitting.result.scaled, best.get(sitting.blueprint_id, 0))
        return Known(figures, {place.lesson_id: place for place in store.lesson_places(desk.pack_id)}, best)
    except StoreError as error:
        return Known(trouble=str(error))


def next_lesson(pack: Pack, known: Known) -> str | None:
    """The lesson to go on with: the one opened last, or the next after it that is not read; None when all are."""
    place = known.figures.place
    ids = [lesson.id for lesson in pack.lessons]
    if place is not None and place.lesson_id in ids and not place.finished:
        return place.lesson_id
    after = ids.index(place.lesson_id) + 1 if place is not None and place.lesson_id in ids else 0
    return next((each for each in (*ids[after:], *ids[:after]) if not known.finished(each)), None)
