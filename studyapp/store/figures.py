"""Figures over all that is remembered of a pack, added up by SQLite: there may be a million answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from studyapp.store.tables import moment_text
from studyapp.study.beliefs import Shown
from studyapp.study.schedule import LONGEST

Span = tuple[date, datetime, datetime]
"""A day, its first moment and the first after it."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What was done on a day: how many answers, what they earned of a point each, and the seconds spent on them."""

    day: date
    answers: int
    points: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """`days` has those days of the asked ones on which anything was done.

    `answers`, `points`, `seconds` and `since` are of all answers ever. `certainties` gives for each how many answers
    were given with it and what they earned. `recalls` counts answers a day or more after the one before, `recalled`
    is what they earned, `expected` what FSRS expected. `recalled_by_week` has how many such answers there were and what
    they earned, for each week that has any, by the day that it begins with; such a week has seven times 24 hours.
    """

    answers: int
    points: float
    seconds: float
    since: datetime | None
    days: tuple[DayFigures, ...]
    certainties: dict[str, tuple[int, float]]
    shown: tuple[Shown, ...]
    recalls: int
    recalled: float
    expected: float
    recalled_by_week: tuple[tuple[date, int, float], ...]


_SECONDS = "min(max((julianday(answered_at) - julianday(shown_at)) * 86400.0, 0.0), :longest)"
_POINTS = "points / CASE WHEN out_of THEN out_of ELSE 1.0 END"

QUERIES = {
    "whole": f"""
        SELECT count(*), coalesce(sum({_POINTS}), 0.0), coalesce(sum({_SECONDS}), 0.0), min(answered_at)
        FROM review WHERE pack = :pack
    """,
    "days": f"""
        SELECT span.key, count(*), sum({_POINTS}), sum({_SECONDS})
        FROM json_each(:spans) AS span CROSS JOIN review
        WHERE pack = :pack
          AND answered_at >= json_extract(span.value, '$[0]') AND answered_at < json_extract(span.value, '$[1]')
        GROUP BY span.key
    """,
    "certainties": f"""
        SELECT certainty, count(*), sum({_POINTS}) FROM review
        WHERE pack = :pack AND certainty IS NOT NULL GROUP BY certainty
    """,
    "shown": """
        WITH shown AS MATERIALIZED (
            SELECT misconception, question_id, count(*) AS times, max(answered_at) AS last FROM review
            WHERE pack = :pack AND misconception IS NOT NULL GROUP BY misconception, question_id
        )
        SELECT misconception, question_id, times, last, (
            SELECT count(*) FROM review
            WHERE pack = :pack AND question_id = shown.question_id AND answered_at > shown.last AND verdict = 'right'
        )
        FROM shown
    """,
    "right": """
        SELECT count(*) FROM json_each(:ids) AS id CROSS JOIN review
        WHERE pack = :pack AND question_id = id.value AND answered_at > :after AND verdict = 'right'
    """,
    "recalls": """
        SELECT coalesce(sum(recalls), 0), coalesce(sum(recalled), 0.0), coalesce(sum(expected), 0.0)
        FROM memory WHERE pack = :pack
    """,
    "weeks": f"""
        SELECT CAST((julianday(answered_at) - julianday(:since)) / 7 AS INTEGER) AS week, count(*), sum(points) FROM (
            SELECT answered_at, {_POINTS} AS points, (
                SELECT max(answered_at) FROM review AS earlier WHERE earlier.pack = :pack
                    AND earlier.question_id = review.question_id AND earlier.answered_at < review.answered_at
            ) AS before
            FROM review WHERE pack = :pack AND answered_at >= :since
        )
        WHERE julianday(answered_at) - julianday(before) >= 1 GROUP BY week
    """,
}
"""What is asked of the database; `tests/store/test_figures.py` says by which index each is answered."""


def read(connection: Connection, pack: str, days: Sequence[Span], called: Mapping[str, str] | None = None) -> Figures:
    """The figures of a pack, for these days of the past. `called` gives the ids that questions have now by those that
    they have or had: what was shown in others can never be seen to have gone, and is left out.
    """
    answers, points, seconds, since = _ask(connection, "whole", pack=pack, longest=LONGEST.total_seconds())[0]
    spent = _ask(connection, "days", pack=pack, spans=_spans(days), longest=LONGEST.total_seconds())
    recalls, recalled, expected = _ask(connection, "recalls", pack=pack)[0]
    weeks = _ask(connection, "weeks", pack=pack, since=moment_text(days[0][1]))
    return Figures(
        answers=answers,
        points=points,
        seconds=seconds,
        since=None if since is None else datetime.fromisoformat(since),
        days=tuple(DayFigures(days[int(place)][0], *rest) for place, *rest in sorted(spent)),
        certainties={name: (count, earned) for name, count, earned in _ask(connection, "certainties", pack=pack)},
        shown=_shown(connection, pack, called),
        recalls=recalls,
        recalled=recalled,
        expected=expected,
        recalled_by_week=tuple((days[0][0] + week * timedelta(days=7), *rest) for week, *rest in sorted(weeks)),
    )


def _shown(connection: Connection, pack: str, called: Mapping[str, str] | None) -> tuple[Shown, ...]:
    """The misconceptions that showed in each family; the answers to one that was renamed are taken together."""
    rows = [
        Shown(belief, question, times, datetime.fromisoformat(last), right)
        for belief, question, times, last, right in _ask(connection, "shown", pack=pack)
    ]
    if called is None:
        return tuple(rows)
    ids: dict[str, list[str]] = {}
    for name, now in called.items():
        ids.setdefault(now, []).append(name)
    groups: dict[tuple[str, str], list[Shown]] = {}
    for each in rows:
        if each.question_id in called:
            groups.setdefault((each.belief, called[each.question_id]), []).append(each)
    found = []
    for (belief, now), some in groups.items():
        last, right = max(each.last_at for each in some), some[0].right_since
        if len(ids[now]) > 1:
            asked = {"ids": json.dumps(ids[now]), "after": moment_text(last)}
            [(right,)] = _ask(connection, "right", pack=pack, **asked)
        found.append(Shown(belief, now, sum(each.times for each in some), last, right))
    return tuple(found)


def _ask(connection: Connection, query: str, **values: object) -> list[tuple]:  # type: ignore[type-arg]  # as many columns as the query has
    return [tuple(row) for row in connection.exec_driver_sql(QUERIES[query], values)]


def _spans(days: Sequence[Span]) -> str:
    """Days as JSON, for the database."""
    return json.dumps([[moment_text(begins), moment_text(ends)] for _, begins, ends in days])
