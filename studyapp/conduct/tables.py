"""Statistics as tables: rows of plain values, for every face and for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from studyapp.conduct.agenda import minutes_of
from studyapp.conduct.statistics import DAYS_AHEAD
from studyapp.study.agenda import spread
from studyapp.study.schedule import RETENTION

if TYPE_CHECKING:
    from studyapp.conduct.statistics import Statistics
    from studyapp.packs.facts import Facts
    from studyapp.packs.pack import Pack
    from studyapp.store.figures import DayFigures
    from studyapp.study.readiness import Readiness

Row = dict[str, Any]


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
    exams = {each: blueprint for blueprint in pack.blueprints for each in (*blueprint.was, blueprint.id)}
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
                    "minutes_today": minutes_of(today),
                    "minutes_a_day": found.agenda.goal.minutes,
                    "a_day": found.a_day,
                }
            ],
            "",
        ),
        Table(
            "readiness",
            "Readiness",
            [readiness_row(found.readiness)],
            "",
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
        Table("forecast", "What comes due", _forecast(found), "Nothing comes due in the four weeks ahead."),
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
                    "target": RETENTION,
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
            "None so far.",
        ),
        Table(
            "exams",
            "Exams",
            [
                {
                    "started": each.started.isoformat(),
                    "exam": each.blueprint_id,
                    "title": exams[each.blueprint_id].title if each.blueprint_id in exams else each.blueprint_id,
                    "pass_mark": exams[each.blueprint_id].pass_mark if each.blueprint_id in exams else None,
                    "scaled": each.result.scaled if each.result else None,
                    "passed": each.result.passed if each.result else None,
                    "extra": each.extra,
                }
                for each in found.exams
            ],
            "None so far.",
        ),
        Table("weeks", "Time, week by week", _weeks(found), "Nothing has been answered yet."),
    ]


def readiness_row(found: Readiness) -> Row:
    """What there is to say of an exam today; None where there is not enough to say it."""
    said = (found.score.low, found.score.mean, found.score.high, found.pass_low, found.pass_high)
    names = ("score_low", "score", "score_high", "pass_low", "pass_high")
    return {
        "enough": found.enough,
        **{name: round(value, 3) if found.enough else None for name, value in zip(names, said, strict=True)},
        "exam_seen": round(found.seen, 3),
        "answers": found.answers,
    }


def _weeks(found: Statistics) -> list[Row]:
    """The weeks in which anything was answered, by their Mondays."""
    weeks: dict[date, list[DayFigures]] = {}
    for each in found.figures.days:
        weeks.setdefault(each.day - timedelta(days=each.day.weekday()), []).append(each)
    recalled = {week: (recalls, points) for week, recalls, points in found.figures.recalled_by_week}
    rows = []
    for week, days in weeks.items():
        answers = sum(each.answers for each in days)
        recalls, points = recalled.get(week, (0, 0.0))
        rows.append(
            {
                "week": week.isoformat(),
                "answers": answers,
                "right": _share(sum(each.points for each in days), answers),
                "minutes": round(sum(each.seconds for each in days) / 60, 1),
                "recalls": recalls,
                "recalled": _share(points, recalls),
            }
        )
    return rows


def _forecast(found: Statistics) -> list[Row]:
    """Each day ahead: what comes due on it, and what of all that is due then there is time for."""
    if not found.due:
        return []
    due = dict(found.due)
    days = [found.today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    coming = [due.get(day, 0) for day in days]
    done = spread(coming, found.a_day)
    return [
        {"day": day.isoformat(), "due": count, "done": some}
        for day, count, some in zip(days, coming, done, strict=True)
    ]


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 3) if whole else None
