"""The few figures of the first screen, read with the standard library alone, so that they are there when it is drawn.

Read-only: it makes no file, changes none, and waits for nobody long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.exams.clock import utc
from studyapp.store.errors import folder_refused, told
from studyapp.store.schema import CURRENT, connector, schema_of

if TYPE_CHECKING:
    from studyapp.study.review import LessonPlace

WAIT_MS = 200

_ENDED = "SELECT 1 FROM sitting_action WHERE sitting_id = sitting.id AND kind IN ('hand-in', 'expire')"


@dataclass(frozen=True, slots=True)
class OpenSitting:
    """A sitting that has not been handed in, though its time (`ends`) may be up."""

    id: str
    blueprint_id: str
    started: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Peek:
    """What is known about a learner in one pack.

    `answers` counts all, `answers_since` those from the asked time on; `questions` the families ever answered, and
    `missed` those of them whose last answer was not right. `due` are to be asked by the end of the day that was asked
    for; a question that was renamed is due as it was under either id. `exam_day` and `minutes` are what somebody
    studies for, if they have said so. `place` is in the lesson opened last.
    """

    answers: int = 0
    answers_since: int = 0
    questions: int = 0
    missed: int = 0
    due: int = 0
    exam_day: date | None = None
    minutes: int | None = None
    finished_lessons: int = 0
    open_sitting: OpenSitting | None = None
    place: LessonPlace | None = None


def peek(
    path: Path,
    pack: str,
    since: datetime,
    called: Mapping[str, str] | None = None,
    *,
    day_ends: datetime | None = None,
) -> Peek:
    """What the file at `path` knows of a pack; of a file that does not exist, nothing.

    `day_ends` is until when what is due is counted; without it nothing is. `called` gives the ids that questions have
    now by those that they have or had: others are not counted.

    Raises:
        StoreError: the file cannot be read.
        NaiveTime: `since` has no time zone.
    """
    moment = _text(since)
    try:
        if not path.exists():
            return Peek()
        connection = connector(path, WAIT_MS, {"mode": "ro"})()
    except sqlite3.Error as error:
        raise told(error, path) from error
    except OSError as error:
        raise folder_refused(error, path.parent) from error
    try:
        schema = schema_of(connection, path)
        if schema is None:
            return Peek()
        current = schema == CURRENT
        found = _look(connection, pack, moment, called, current=current)
        if current:
            found = replace(found, due=_due(connection, pack, day_ends, called), **_goal(connection, pack))
        return found
    except sqlite3.Error as error:
        raise told(error, path) from error
    finally:
        connection.close()


def _text(moment: datetime) -> str:
    """How a time is kept."""
    return utc(moment).isoformat(timespec="microseconds")


def _due(connection: sqlite3.Connection, pack: str, day_ends: datetime | None, called: Mapping[str, str] | None) -> int:
    """How many families come due before a moment."""
    if day_ends is None:
        return 0
    if called is None:
        (due,) = connection.execute(
            "SELECT count(*) FROM memory WHERE pack = ? AND due < ?", (pack, _text(day_ends))
        ).fetchone()
        return int(due)
    rows = connection.execute("SELECT question_id FROM memory WHERE pack = ? AND due < ?", (pack, _text(day_ends)))
    return len({called.get(question) for (question,) in rows} - {None})


def _goal(connection: sqlite3.Connection, pack: str) -> dict[str, Any]:
    """What somebody studies for, as fields of `Peek`."""
    row = connection.execute("SELECT exam_day, minutes FROM goal WHERE pack = ?", (pack,)).fetchone()
    if row is None:
        return {}
    return {"exam_day": None if row[0] is None else date.fromisoformat(row[0]), "minutes": row[1]}


_ANSWERS = "SELECT coalesce(sum(answers), 0) FROM memory WHERE pack = ?"
"""All answers, added up from the families: of those there are few where there are a hundred thousand answers."""
_ANSWERS_BEFORE = "SELECT count(*) FROM review WHERE pack = ?"
"""The same in a schema that did not keep it."""
_COUNTED = "SELECT count(*), coalesce(sum(verdict != 'right'), 0) FROM memory WHERE pack = ?"
"""The families, and those of them that were not answered rightly the last time."""
_NEWEST = "SELECT question_id, verdict, last_at FROM memory WHERE pack = ?"
"""The last answer to each family, of which each has one row."""
_NEWEST_BEFORE = "SELECT question_id, verdict, max(answered_at) FROM review WHERE pack = ? GROUP BY question_id"
"""The same in a schema that did not keep it: that takes a look at every answer."""


def _families(
    connection: sqlite3.Connection, pack: str, called: Mapping[str, str] | None, *, current: bool
) -> tuple[int, int]:
    """How many families have been answered, and how many of them not rightly the last time."""
    if current and called is None:
        questions, missed = connection.execute(_COUNTED, (pack,)).fetchone()
        return questions, missed
    newest: dict[str, tuple[str, str]] = {}
    for question, verdict, at in connection.execute(_NEWEST if current else _NEWEST_BEFORE, (pack,)):
        now = question if called is None else called.get(question)
        if now is not None:
            newest[now] = max(newest.get(now, ("", "")), (at, verdict))
    return len(newest), sum(verdict != "right" for _, verdict in newest.values())


def _look(
    connection: sqlite3.Connection, pack: str, since: str, called: Mapping[str, str] | None, *, current: bool
) -> Peek:
    """The figures, from an open database of a known schema, the `current` one or an older one."""
    (answers,) = connection.execute(_ANSWERS if current else _ANSWERS_BEFORE, (pack,)).fetchone()
    (answers_since,) = connection.execute(
        "SELECT count(*) FROM review WHERE pack = ? AND answered_at >= ?", (pack, since)
    ).fetchone()
    questions, missed = _families(connection, pack, called, current=current)
    sitting = connection.execute(
        f"SELECT id, blueprint_id, started, ends FROM sitting WHERE pack = ? AND NOT EXISTS ({_ENDED})"
        " ORDER BY started DESC LIMIT 1",
        (pack,),
    ).fetchone()
    place = connection.execute(
        "SELECT lesson_id, section, finished, at FROM lesson_place WHERE pack = ? ORDER BY at DESC LIMIT 1", (pack,)
    ).fetchone()
    (finished_lessons,) = connection.execute(
        "SELECT count(*) FROM lesson_place WHERE pack = ? AND finished", (pack,)
    ).fetchone()
    return Peek(
        answers=answers,
        answers_since=answers_since,
        questions=questions,
        missed=missed,
        finished_lessons=finished_lessons,
        open_sitting=None
        if sitting is None
        else OpenSitting(
            sitting[0], sitting[1], datetime.fromisoformat(sitting[2]), datetime.fromisoformat(sitting[3])
        ),
        place=None if place is None else _place(pack, *place),
    )


def _place(pack: str, lesson: str, section: int, finished: int, at: str) -> LessonPlace:
    # Whoever begins has none, and need not wait for what a place is.
    from studyapp.study.review import LessonPlace

    return LessonPlace(pack, lesson, section, bool(finished), datetime.fromisoformat(at))
