"""Everything that there is to tell of somebody in a pack, as values: what the faces draw and print."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from studyapp.conduct.agenda import Agenda, agenda
from studyapp.conduct.standing import ready
from studyapp.packs.pack import Pack
from studyapp.questions.ids import now_called
from studyapp.store.figures import Figures, Span
from studyapp.store.records import SittingRecord
from studyapp.study.agenda import questions_a_day, seconds_each
from studyapp.study.beliefs import Held, beliefs
from studyapp.study.calibration import Calibration, calibrations
from studyapp.study.day import ONE, day_begins, study_day
from studyapp.study.knowledge import person
from studyapp.study.mastery import Mastery, masteries
from studyapp.study.readiness import Readiness
from studyapp.wiring import Services

WEEKS_BACK = 53
DAYS_AHEAD = 28


@dataclass(frozen=True, slots=True)
class Statistics:
    """What there is to tell. `figures.days` lie between `first`, which is a Monday, and `today`; `a_day` is how many
    questions a day has time for. `due` has those of the days ahead on which families come due, and how many; what is
    overdue counts for today.
    """

    today: date
    first: date
    agenda: Agenda
    a_day: int
    figures: Figures
    due: tuple[tuple[date, int], ...]
    masteries: tuple[Mastery, ...]
    readiness: Readiness
    calibrations: tuple[Calibration, ...]
    beliefs: tuple[Held, ...]
    exams: tuple[SittingRecord, ...]


def statistics(services: Services, pack: Pack, now: datetime) -> Statistics:
    """Everything, as it stands at a moment.

    Raises:
        StoreError: it cannot be read.
    """
    zone, today = services.zone, study_day(now, services.zone)
    first = today - (7 * (WEEKS_BACK - 1) + today.weekday()) * ONE

    def spans(start: date, days: int) -> list[Span]:
        begins = [(start + n * ONE, day_begins(start + n * ONE, zone)) for n in range(days + 1)]
        return [(day, at, begins[place + 1][1]) for place, (day, at) in enumerate(begins[:-1])]

    known = agenda(services, pack, now)
    past, ahead = spans(first, (today - first).days + 1), spans(today, DAYS_AHEAD)
    figures = services.store.figures(pack.id, past, now_called(pack.questions))
    ends = [end for _, _, end in ahead]
    due = Counter(bisect_right(ends, memory.due) for memory in known.memories.values())
    return Statistics(
        today=today,
        first=first,
        agenda=known,
        a_day=questions_a_day(seconds_each(known.memories.values()), known.goal.minutes),
        figures=figures,
        due=tuple((ahead[place][0], due[place]) for place in range(DAYS_AHEAD) if due[place]),
        masteries=masteries(pack.questions, pack.objectives, known.memories, now, person(known.memories.values())),
        readiness=ready(pack, known, now),
        calibrations=calibrations(figures.certainties),
        beliefs=beliefs(figures.shown),
        exams=services.store.sittings(pack.id),
    )
