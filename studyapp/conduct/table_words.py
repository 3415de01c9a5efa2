"""The statistics in words and numbers, each picture beside its own; what every face tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from textwrap import wrap

from studyapp.conduct.agenda import counted
from studyapp.conduct.charts import Signs, interval_bar
from studyapp.conduct.pictures import picture
from studyapp.conduct.tables import Row, Table
from studyapp.study.mastery import LEAST_ANSWERS

VERDICTS = {
    "over": "too sure: right less often than you think",
    "under": "too cautious: right more often than you think",
    "fits": "as it should be",
    "few": "not enough answers yet",
}
"""What is said of a certainty."""

LATEST = 13
"""Weeks that are told one by one."""
LEAST_BAR, MOST_BAR = 10, 30
BETWEEN = 4
"""Cells between a picture and what is said beside it."""
SAID = 36
"""Cells of what is said of an objective beside its bar."""
DEEPEST = 4
"""Levels of objectives that are indented."""


def told(tables: Sequence[Table], today: date, width: int, signs: Signs | None) -> Iterator[str]:
    """The tables as lines of text."""
    for table in tables:
        yield ""
        yield table.title
        yield from (f"  {line}" for line in lines_of(table, tables, today, signs, width - 2))


def lines_of(table: Table, tables: Sequence[Table], today: date, signs: Signs | None, width: int) -> Iterator[str]:
    """One of the tables as lines of text; its picture stands before or beside it where there are `signs` to draw it."""
    if not table.rows:
        yield table.empty
        return
    if table.name == "mastery":
        yield from _mastery(table.rows, width, signs)
        return
    every = {each.name: each.rows for each in tables}
    drawn = [] if signs is None else list(picture(table.name, every, today, width, signs))
    said = _TOLD[table.name](table.rows, width)
    fits = [part for line in said for part in (_wrapped(line, width) if len(line) > width else [line])]
    yield from _beside(drawn, fits, width)


def _wrapped(line: str, width: int) -> list[str]:
    return wrap(line, width, subsequent_indent="    ")


def _beside(left: Sequence[str], right: Sequence[str], width: int) -> Iterator[str]:
    """Lines beside others where there is room for both, else one after another."""
    column = max(map(len, left), default=0) + BETWEEN
    if not left or column + max(map(len, right), default=0) > width:
        yield from left
        yield from right
        return
    for one, other in zip_longest(left, right, fillvalue=""):
        yield f"{one:<{column}}{other}".rstrip()


def _days(rows: list[Row], width: int) -> Iterator[str]:
    months: dict[str, list[Row]] = {}
    for row in rows:
        months.setdefault(row["day"][:7], []).append(row)
    for month, days in months.items():
        answers = sum(row["answers"] for row in days)
        right = sum(row["right"] * row["answers"] for row in days) / answers
        counted = "1 day" if len(days) == 1 else f"{len(days)} days"
        yield f"{month}  {counted:>7}  {answers:>6,} answers, {right:4.0%} right"
    most = max(rows, key=lambda row: row["answers"])
    yield f"The most on a day: {most['answers']:,}, on {most['day']}."


def _weeks(rows: list[Row], width: int) -> Iterator[str]:
    for row in rows[-LATEST:]:
        recalled = f", {row['recalled']:.0%} of {row['recalls']:,} recalled" if row["recalls"] else ""
        done = f"{row['minutes']:>4,.0f} min, {row['answers']:>4,} answers, {row['right']:4.0%} right"
        yield f"{row['week']}  {done}{recalled}"
    if len(rows) > 1:
        yield f"{len(rows)} weeks with {sum(row['minutes'] for row in rows) / 60:,.1f} hours altogether."


def _totals(rows: list[Row], width: int) -> Iterator[str]:
    row = rows[0]
    if not row["answers"]:
        yield "Nothing has been answered yet."
    else:
        took = f"{row['hours']:.1f} hours" if row["hours"] >= 1 else counted(max(1, round(row["hours"] * 60)), "minute")
        yield f"{counted(row['answers'], 'answer')}, {row['right']:.0%} right, in {took}"
    yield f"{row['questions_seen']:,} of {row['questions']:,} questions met"
    yield (
        f"today: {counted(row['share_of_today'], 'review')} ({row['due_today']:,} due), {row['new_today']:,} new,"
        f" about {row['minutes_today']} min"
    )


def readiness_words(row: Row) -> tuple[str, ...]:
    """What there is to say of an exam today, in sentences."""
    if not row["enough"]:
        return (f"Too few answers to foretell an exam: {row['answers']:,}, on {row['exam_seen']:.0%} of it.",)
    return (
        f"An exam today would give {_between(row['score_low'], row['score_high'])} of the points.",
        f"You would pass with a chance of {_between(row['pass_low'], row['pass_high'])}.",
    )


def _between(low: float, high: float) -> str:
    """Shares from one to another; where both are the same in whole percents, about that."""
    return f"about {low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"


def _readiness(rows: list[Row], width: int) -> Iterator[str]:
    yield from readiness_words(rows[0])


def _mastery(rows: list[Row], width: int, signs: Signs | None) -> Iterator[str]:
    """With a bar for each: full as far as it is surely known, half as far as it may be."""
    if not any(row["enough"] for row in rows):
        yield f"Not enough answers yet to say how well you know an objective: each takes {LEAST_ANSWERS}."
        return
    titles = [f"{'  ' * row['objective'].count('/')}{row['title']}" for row in rows]
    longest = max(map(len, titles))
    beside = longest + 2 + (0 if signs is None else LEAST_BAR + 2) + SAID <= width
    room = width - SAID - 2 - (longest + 2 if beside else 2 * DEEPEST)
    for title, row in zip(titles, rows, strict=True):
        known = f"{row['low']:4.0%} to {row['high']:4.0%}" if row["enough"] else "not enough answers yet"
        said = f"{known:<22}  {row['seen']:,} of {row['families']:,} met"
        if signs is not None:
            bar = max(LEAST_BAR, min(MOST_BAR, room))
            drawn = interval_bar(row["low"], row["high"], bar, signs) if row["enough"] else signs.hardly * bar
            said = f"{drawn}  {said}"
        if beside:
            yield f"{title:<{longest}}  {said}"
        else:
            indent = "  " * min(DEEPEST, row["objective"].count("/") + 1)
            yield title[:width]
            yield f"{indent}{said}"[:width]


def _retention(rows: list[Row], width: int) -> Iterator[str]:
    row = rows[0]
    if not row["recalls"]:
        yield "No question has come back after a day or more yet."
    else:
        yield (
            f"{row['recalled']:.0%} of {row['recalls']:,} recalled; {row['expected']:.0%} was expected,"
            f" {row['target']:.0%} is aimed for"
        )


def _calibration(rows: list[Row], width: int) -> Iterator[str]:
    for row in rows:
        right = (
            f"{row['right']:4.0%} right ({row['right_low']:.0%} to {row['right_high']:.0%})" if row["answers"] else ""
        )
        yield f"{row['certainty']:<9} {row['answers']:>6,} answers  {right:<25} {VERDICTS[row['verdict']]}".rstrip()


def _misconceptions(rows: list[Row], width: int) -> Iterator[str]:
    for row in rows:
        state = "gone" if row["gone"] else "held"
        times = "once" if row["times"] == 1 else f"{row['times']} times"
        first = f"{state}  {times:<9} "
        yield from wrap(
            row["says"] or row["misconception"], width, initial_indent=first, subsequent_indent=" " * len(first)
        )


def _exams(rows: list[Row], width: int) -> Iterator[str]:
    for row in rows:
        score = "open" if row["scaled"] is None else f"{row['scaled']} {'passed' if row['passed'] else 'not passed'}"
        yield f"{row['started'][:10]}  {score:<15}  {row['title']}"


def _forecast(rows: list[Row], width: int) -> Iterator[str]:
    whole = sum(row["due"] for row in rows)
    yield f"today {rows[0]['due']:,}, tomorrow {rows[1]['due']:,}, in {len(rows)} days {whole:,}"
    weeks: dict[date, int] = {}
    for row in rows:
        day = date.fromisoformat(row["day"])
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + row["due"]
    for monday, due in weeks.items():
        if due:
            yield f"week of {monday.isoformat()}  {due:>5,} due"
    waiting = 0
    for row in rows:
        waiting += row["due"] - row["done"]
        if not waiting:
            break
    if rows[0]["done"] < rows[0]["due"]:
        caught = f"you have caught up on {row['day']}" if not waiting else "that takes longer than these days"
        yield f"More is due than a day has time for: about {rows[0]['done']:,} of it a day, {caught}."


_TOLD = {
    "totals": _totals,
    "days": _days,
    "weeks": _weeks,
    "readiness": _readiness,
    "retention": _retention,
    "calibration": _calibration,
    "misconceptions": _misconceptions,
    "exams": _exams,
    "forecast": _forecast,
}
"""How each table is told as text."""
