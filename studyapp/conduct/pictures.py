"""The picture of each table of the statistics that is better seen than read; the numbers are told beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from studyapp.conduct.agenda import counted
from studyapp.conduct.charts import LABEL, Signs, below, columns, height_of, interval_bar, plot
from studyapp.study.calibration import CLAIMS

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""The rows of every table, by its name."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK = timedelta(days=7)
LEAST_WEEKS = 13
"""Weeks that are drawn however short the history is."""
BAR = 50
"""Cells of a bar."""
HIGH = 6
"""Lines of a chart."""
FEW = 5
"""A share of fewer answers is drawn as one that rests on little."""


def picture(name: str, rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """The lines of a table's picture, none wider than `width` cells; of a table without one, or without rows, none."""
    if name in _DRAWN and rows[name]:
        yield from _DRAWN[name](rows, today, width, signs)


def _weeks(days: Sequence[date], today: date, room: int) -> tuple[date, int, int]:
    """The first Monday drawn, how many weeks, and the cells of each: two where there is room for them."""
    monday = today - timedelta(days=today.weekday())
    first = min(days, default=today)
    weeks = max(LEAST_WEEKS, (monday - (first - timedelta(days=first.weekday()))) // WEEK + 1)
    weeks = max(1, min(weeks, room))
    return monday - (weeks - 1) * WEEK, weeks, 2 if 2 * weeks <= room else 1


def _months(first: date, weeks: int, cell: int) -> dict[int, str]:
    """The columns of the weeks in which a month begins, with its name."""
    mondays = [first + n * WEEK for n in range(weeks)]
    return {
        n * cell: f"{day + WEEK - timedelta(days=1):%b}"
        for n, day in enumerate(mondays)
        if (day + WEEK - timedelta(days=1)).day <= 7
    }


def _readiness(rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """A bar for the score and one for the chance to pass: full as far as is sure, half as far as may be."""
    [row] = rows["readiness"]
    if row["enough"]:
        for name in ("score", "pass"):
            drawn = interval_bar(row[f"{name}_low"], row[f"{name}_high"], min(BAR, width - LABEL), signs)
            yield f"{name:<{LABEL}}{drawn}"


def _heat(rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """The weeks as columns, Monday at the top; a denser sign is a day with more answers."""
    answers = {date.fromisoformat(row["day"]): row["answers"] for row in rows["days"]}
    first, weeks, cell = _weeks(list(answers), today, width - LABEL)
    most = max((count for day, count in answers.items() if day >= first), default=1)
    yield below(_months(first, weeks, cell), weeks * cell).rstrip()
    for weekday, name in enumerate(WEEKDAYS):
        days = [first + n * WEEK + timedelta(days=weekday) for n in range(weeks)]
        drawn = "".join(
            (" " if day > today else signs.shades[-(-4 * answers[day] // most) if day in answers else 0]).ljust(cell)
            for day in days
        )
        yield f"{name:<{LABEL}}{drawn}".rstrip()
    scale = "".join(signs.shades[1:])
    yield f"{'':<{LABEL}}{signs.shades[0]} none   {scale} up to {counted(most, 'answer')} on a day"


def _forecast(rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """The days ahead as columns; the line across is what a day has time for."""
    due = [row["due"] for row in rows["forecast"]]
    cell = min(3, max(1, (width - LABEL) // len(due)))
    shown = due[: max(1, (width - LABEL) // cell)]
    [totals] = rows["totals"]
    yield from columns(shown, HIGH, signs, cell=cell, mark=totals["a_day"])
    first = date.fromisoformat(rows["forecast"][0]["day"])
    days = [first + timedelta(days=n) for n in range(len(shown))]
    mondays = {
        n * cell: f"{day.day} {day:%b}" for n, day in enumerate(days) if not day.weekday() and n * cell > len("today")
    }
    yield below({0: "today", **mondays}, len(shown) * cell)


def _retention(rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """The share recalled in each week, beside what is aimed for, on a scale that ends at the half."""
    found = {date.fromisoformat(row["week"]): row for row in rows["weeks"] if row["recalls"]}
    if not found:
        return
    [told] = rows["retention"]
    first, weeks, cell = _weeks(list(found), today, width - LABEL)
    aim = height_of(told["target"], 0.5, 1.0, HIGH)
    points = {(x, aim): signs.mark for x in range(weeks * cell)}
    for week, row in found.items():
        if week >= first:
            sign = signs.point if row["recalls"] >= FEW else signs.faint
            points[(week - first) // WEEK * cell, height_of(row["recalled"], 0.5, 1.0, HIGH)] = sign
    labels = {HIGH - 1: "100%", aim: f"{told['target']:.0%}", 0: "50%"}
    yield from plot(points, weeks * cell, HIGH, labels, signs)
    yield below(_months(first, weeks, cell), weeks * cell).rstrip()


def _calibration(rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """How often answers were right against how sure somebody was; who knows exactly stands on the diagonal."""
    wide, high = min(44, width - LABEL), 11
    points = {(x, height_of(x, 0, wide - 1, high)): signs.diagonal for x in range(wide)}
    names = {}
    for row in rows["calibration"]:
        low, top = CLAIMS[row["certainty"]]
        x = round((low + top) / 2 * (wide - 1))
        names[max(0, x - len(row["certainty"]) // 2)] = row["certainty"]
        if row["answers"]:
            for y in range(height_of(row["right_low"], 0, 1, high), height_of(row["right_high"], 0, 1, high) + 1):
                points[x, y] = signs.whisker
            points[x, height_of(row["right"], 0, 1, high)] = signs.point if row["verdict"] != "few" else signs.faint
    yield from plot(points, wide, high, {high - 1: "100%", high // 2: "50%", 0: "0%"}, signs)
    yield below(names, wide)


def _exams(rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """The scores of the exams one after another, the last at the right, each beside what passes."""
    cell, high = 3, 11
    done = [row for row in reversed(rows["exams"]) if row["scaled"] is not None][-((width - LABEL) // cell) :]
    if not done:
        return
    points = {}
    for n, row in enumerate(done):
        passes = height_of(row["pass_mark"], 0, 1000, high)
        points.update({(n * cell + x, passes): signs.mark for x in range(cell)})
        points[n * cell + 1, height_of(row["scaled"], 0, 1000, high)] = signs.point if row["passed"] else signs.faint
    marks = {height_of(row["pass_mark"], 0, 1000, high): f"{row['pass_mark']}" for row in done}
    yield from plot(points, len(done) * cell, high, {high - 1: "1000", 0: "0", **marks}, signs)


def _time(rows: Rows, today: date, width: int, signs: Signs) -> Iterator[str]:
    """The minutes of each week as columns; the line across is what was meant to be."""
    minutes = {date.fromisoformat(row["week"]): row["minutes"] for row in rows["weeks"]}
    first, weeks, cell = _weeks(list(minutes), today, width - LABEL)
    [totals] = rows["totals"]
    values = [minutes.get(first + n * WEEK, 0.0) for n in range(weeks)]
    yield from columns(values, HIGH, signs, cell=cell, mark=7 * totals["minutes_a_day"])
    yield below(_months(first, weeks, cell), weeks * cell).rstrip()


_DRAWN = {
    "readiness": _readiness,
    "days": _heat,
    "forecast": _forecast,
    "retention": _retention,
    "calibration": _calibration,
    "exams": _exams,
    "weeks": _time,
}
"""What each table is drawn by."""
