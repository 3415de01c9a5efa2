"""What somebody has done in a pack, under the ids that its parts have now; what is gone from the pack is left out."""

from __future__ import annotations

from dataclasses import replace

from studyapp.packs.pack import Pack
from studyapp.questions.ids import now_called
from studyapp.store.store import Store
from studyapp.study.review import LessonPlace


def lesson_places(store: Store, pack: Pack) -> dict[str, LessonPlace]:
    """Where somebody is in each lesson that has been opened, the last opened first.

    Raises:
        StoreError: it cannot be read.
    """
    called = now_called(pack.lessons)
    found: dict[str, LessonPlace] = {}
    for place in store.lesson_places(pack.id):
        now = called.get(place.lesson_id)
        if now is not None:
            found.setdefault(now, replace(place, lesson_id=now))
    return found


def best_scores(store: Store, pack: Pack) -> dict[str, int]:
    """The best scaled score in each exam that has been handed in.

    Raises:
        StoreError: it cannot be read.
    """
    called = now_called(pack.blueprints)
    best: dict[str, int] = {}
    for sitting in store.sittings(pack.id):
        now = called.get(sitting.blueprint_id)
        if now is not None and sitting.result is not None:
            best[now] = max(sitting.result.scaled, best.get(now, 0))
    return best
