"""Statistics as tables: rows of plain values, and how they are laid out as text; for every face."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.conduct.statistics import Statistics
    from studyapp.packs.facts import Facts
    from studyapp.packs.pack import Pack

Row = dict[str, Any]

VERDICTS = {
    "over": "less often right than you are sure to be",
    "under": "more often right than you think",
    "fits": "as it should be",
    "few": "not enough answers yet",
}
"""What is said of a certainty."""

SHADES = "·░▒▓█"
ASCII_SHADES = ".-+*#"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name for programs, its title for people, and its rows, which all have the same columns."""

    name: str
    title: str
    rows: list[Row]
    empty: str


def tables(found: Statistics, pack: Pack, facts: Facts) -> list[Table]:
    """All tables, in the order in which they are told."""
    figures, today = found.figures, found.agenda.today
    exams = {each.id: each.title for each in pack.blueprints}
    ready = found.readiness
    return [
        Table(
            "totals",
            "Altogether",
            [
                {
                    "answers": figures.answers,
                    "right": _share(figures.points, figures.answers),
                    "questions_seen": len(found.agenda.memories),
                    "questions": len(pack.questions),
                    "hours": round(figures.seconds / 3600, 2),
                    "due_today": today.due,
                    "share_of_today": today.share,
                    "new_today": today.new,
                    "minutes_today": round(today.seconds / 60),
                }
            ],
            "",
        ),
        Table(
            "readiness",
            "Readiness",
            [
                {
                    "enough": ready.enough,
                    "score_low": round(ready.score.low, 3) if ready.enough else None,
                    "score": round(ready.score.mean, 3) if ready.enough else None,
                    "score_high": round(ready.score.high, 3) if ready.enough else None,
                    "pass_low": round(ready.pass_low, 3) if ready.enough else None,
                    "pass_high": round(ready.pass_high, 3) if ready.enough else None,
                    "exam_seen": round(ready.seen, 3),
                    "answers": ready.answers,
                }
            ],
            "",
        ),
        Table(
            "mastery",
            "Mastery by objective",
            [
                {
                    "objective": each.objective,
                    "title": pack.objective_title(each.objective),
                    "enough": each.enough,
                    "low": round(each.expected.low, 3) if each.enough else None,
                    "share": round(each.expected.mean, 3) if each.enough else None,
                    "high": round(each.expected.high, 3) if each.enough else None,
                    "seen": each.seen,
                    "families": each.families,
                    "answers": each.answers,
                }
                for each in found.masteries
            ],
            "This pack has no questions.",
        ),
        Table(
            "retention",
            "Recall a day or more later",
            [
                {
                    "recalls": figures.recalls,
                    "recalled": _share(figures.recalled, figures.recalls),
                    "expected": _share(figures.expected, figures.recalls),
                    "target": 0.9,
                }
            ],
            "",
        ),
        Table(
            "calibration",
            "Certainty",
            [
                {
                    "certainty": each.certainty,
                    "answers": each.answers,
                    "right_low": round(each.right.low, 3) if each.answers else None,
                    "right": round(each.right.mean, 3) if each.answers else None,
                    "right_high": round(each.right.high, 3) if each.answers else None,
                    "verdict": each.verdict,
                }
                for each in found.calibrations
            ],
            "",
        ),
        Table(
            "misconceptions",
            "Misconceptions",
            [
                {
                    "misconception": each.belief,
                    "says": facts.misconceptions[each.belief].says if each.belief in facts.misconceptions else None,
                    "times": each.times,
                    "last": each.last_at.isoformat(),
                    "gone": each.gone,
                    "questions": ", ".join(each.questions),
                }
                for each in found.beliefs
            ],
            "None has shown.",
        ),
        Table(
            "exams",
            "Exams",
            [
                {
                    "started": each.started.isoformat(),
                    "exam": each.blueprint_id,
                    "title": exams.get(each.blueprint_id, each.blueprint_id),
                    "scaled": each.result.scaled if each.result else None,
                    "passed": each.result.passed if each.result else None,
                    "extra": each.extra,
                }
                for each in found.exams
            ],
            "None has been sat.",
        ),
        Table(
            "days",
            "Days",
            [
                {
                    "day": each.day.isoformat(),
                    "answers": each.answers,
                    "right": _share(each.points, each.answers),
                    "minutes": round(each.seconds / 60, 1),
                }
                for each in figures.days
            ],
            "Nothing has been answered yet.",
        ),
        Table(
            "forecast",
            "What comes due",
            [{"day": day.isoformat(), "due": count} for day, count in figures.due],
            "Nothing comes due in the four weeks ahead.",
        ),
    ]


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 3) if whole else None


def drawn(found: Statistics, told: Sequence[Table], width: int, *, unicode: bool) -> Iterator[str]:
    """The tables as lines of text."""
    for table in told:
        yield ""
        yield table.title
        yield from (f"  {line}" for line in lines_of(found, table, width - 2, unicode=unicode))


def lines_of(found: Statistics, table: Table, width: int, *, unicode: bool) -> Iterator[str]:
    """One table as lines of text; the days as a calendar with numbers below."""
    if not table.rows:
        yield table.empty
    elif table.name == "days":
        yield from calendar(found, SHADES if unicode else ASCII_SHADES)
    else:
        yield from _TOLD[table.name](table.rows, width)


def calendar(found: Statistics, shades: str) -> Iterator[str]:
    """The weeks as columns, Monday at the top; a darker sign is a day with more answers. Below, answers by month."""
    answers = {each.day: each.answers for each in found.figures.days}
    most = max(answers.values(), default=1)
    weeks = (found.today - found.first).days // 7 + 1
    for weekday, name in enumerate(WEEKDAYS):
        days = (found.first + timedelta(days=7 * week + weekday) for week in range(weeks))
        signs = "".join(
            " " if day > found.today else shades[-(-4 * answers[day] // most)] if day in answers else shades[0]
            for day in days
        )
        yield f"{name} {signs}"
    yield f"{shades[0]} none, {shades[1]} up to {-(-most // 4)}, {shades[4]} up to {most} answers on a day"
    months: dict[str, list[float]] = {}
    for each in found.figures.days:
        sums = months.setdefault(f"{each.day:%Y-%m}", [0, 0, 0])
        for place, value in enumerate((each.answers, each.points, each.seconds)):
            sums[place] += value
    for month, (count, points, seconds) in months.items():
        yield f"{month}  {count:>6,.0f} answers, {points / count:4.0%} right, {seconds / 60:,.0f} min"


def _totals(rows: list[Row], width: int) -> Iterator[str]:
    row = rows[0]
    if not row["answers"]:
        yield "Nothing has been answered yet."
    else:
        yield f"{row['answers']:,} answers, {row['right']:.0%} right, in {row['hours']:.1f} hours"
    yield f"{row['questions_seen']:,} of {row['questions']:,} questions met"
    yield (
        f"today: {row['share_of_today']:,} of {row['due_today']:,} due, {row['new_today']:,} new,"
        f" about {row['minutes_today']} min"
    )


def _readiness(rows: list[Row], width: int) -> Iterator[str]:
    row = rows[0]
    if not row["enough"]:
        yield f"Not enough answers yet: {row['answers']:,}, on {row['exam_seen']:.0%} of what the exam asks."
        return
    yield f"An exam today would give {row['score_low']:.0%} to {row['score_high']:.0%} of the points."
    yield f"You would pass with a chance of {row['pass_low']:.0%} to {row['pass_high']:.0%}."


def _mastery(rows: list[Row], width: int) -> Iterator[str]:
    for row in rows:
        title = f"{'  ' * row['objective'].count('/')}{row['title']}"
        known = f"{row['low']:4.0%} to {row['high']:4.0%}" if row["enough"] else "not enough answers yet"
        yield f"{title[: width - 46]:<{width - 46}} {known:<22}  {row['seen']:>4} of {row['families']:>4} met"


def _retention(rows: list[Row], width: int) -> Iterator[str]:
    row = rows[0]
    if not row["recalls"]:
        yield "Nothing has been asked again a day or more later yet."
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
    most = max(row["due"] for row in rows)
    for row in rows:
        yield f"{row['day']}  {row['due']:>5,}  {'#' * -(-row['due'] * 30 // most)}"


_TOLD = {
    "totals": _totals,
    "readiness": _readiness,
    "mastery": _mastery,
    "retention": _retention,
    "calibration": _calibration,
    "misconceptions": _misconceptions,
    "exams": _exams,
    "forecast": _forecast,
}
"""How each table is told as text."""
