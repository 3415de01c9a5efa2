"""What the first screen says once the pack has been read: lessons, practice, exams, and the most useful of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from studyapp.packs.pack import Pack
from studyapp.study.day import study_day
from studyapp.tui.desk import Desk
from studyapp.tui.known import Known, next_lesson
from studyapp.tui.sayings import bar, clock, count
from studyapp.tui.spoken import keys_of, spoken
from studyapp.tui.text import shows_unicode, words
from studyapp.tui.widgets.flow import BLANK, Gap, Piece, Run
from studyapp.tui.widgets.rows import Row, heading

if TYPE_CHECKING:
    from studyapp.conduct.standing import Standing

SCALE = 20
"""Cells of the bars of an exam."""


def title(desk: Desk, known: Known) -> tuple[Content, Content]:
    """The two ends of the line at the top."""
    if desk.pack is None:
        return Content("studyapp"), BLANK
    day = known.figures.exam_day
    left = (day - study_day(desk.now(), desk.services.zone)).days if day is not None else -1
    if day is None or left < 0:
        return words(desk.pack.title), Content.styled("studyapp", "$quiet")
    when = "today" if not left else "tomorrow" if left == 1 else f"in {count(left, 'day')}"
    return words(desk.pack.title), Content(f"exam {day.day} {day:%b} · {when}")


def notes(desk: Desk, known: Known) -> list[Piece]:
    """What is wrong, if anything is."""
    told = [note for note in (*desk.troubles, known.trouble) if note]
    return [piece for note in told for piece in (Run(words(note, "bold $warning")), Gap())]


def rows(desk: Desk, known: Known, stands: Standing | None = None, *, ready: bool = True) -> list[Row]:
    """Everything that can be chosen, the most useful first; `ready`: say here what an exam today would come to."""
    pack = desk.pack
    if pack is None:
        reading = "The lessons cannot be read." if desk.refused else "Reading the pack …"
        # The cursor waits for what is most useful, so while the pack is read nothing else can be chosen.
        return [heading("Lessons"), Row(Content.styled(reading, "$quiet")), *(_packs(desk) if desk.refused else ())]
    what, below = _most_useful(desk, pack, known)
    return [
        heading("Continue" if known.begun else "Start here"),
        Row(what, below=(below.stylize_before("$quiet"),), id="first"),
        *_placement(pack, known),
        Row(BLANK),
        *_today(pack, known, stands, ready=ready),
        Row(BLANK),
        heading("Lessons"),
        *_lessons(pack, known),
        Row(BLANK),
        heading("Exam"),
        *_exams(pack, known),
        Row(BLANK),
        heading("Free play"),
        Row(
            Content("Break and repair a cluster"),
            Content.styled(count(len(pack.scenarios), "cluster"), "$quiet"),
            id="bench",
        ),
        *_packs(desk),
    ]


def _most_useful(desk: Desk, pack: Pack, known: Known) -> tuple[Content, Content]:
    """What `enter` starts, in two lines."""
    sitting = known.figures.open_sitting
    if sitting is not None:
        named = (each.title for each in pack.blueprints if sitting.blueprint_id in (each.id, *each.was))
        exam = next(named, "the open one")
        left = sitting.ends - desk.now()
        state = (
            f"open, {clock(left)} left: the clock runs on" if left > timedelta(0) else "its time is up: see the result"
        )
        return Content("Exam · ") + words(exam), Content(state)
    lesson_id = next_lesson(pack, known)
    if lesson_id is None:
        return Content("Practice"), Content(
            f"all lessons are read: {_practised(pack, known)}" if pack.lessons else _practised(pack, known)
        )
    lesson = pack.lesson(lesson_id)
    number = pack.lessons.index(lesson) + 1
    place = known.places.get(lesson_id)
    if place is not None and place.section:
        section = min(place.section, len(lesson.headings) - 1)
        below = f"section {section + 1} of {len(lesson.headings)}: {lesson.headings[section]}"
    else:
        below = (
            f"about {count(lesson.minutes, 'minute')}"
            if lesson.minutes
            else spoken("press {list.choose} to start", desk.settings.keys)
        )
    return Content(f"Lesson {number} · ") + words(lesson.title), words(below)


def _placement(pack: Pack, known: Known) -> Iterator[Row]:
    """For those who begin, and may know something already."""
    if not known.begun and pack.lessons and pack.questions:
        yield Row(
            Content("I know some of this already"),
            Content.styled("a quiz, to skip lessons", "$quiet"),
            id="placement",
        )


def _lessons(pack: Pack, known: Known) -> Iterator[Row]:
    if not pack.lessons:
        yield Row(Content.styled("This pack has no lessons. Practice is below.", "$quiet"))
    for lesson in pack.lessons:
        place = known.places.get(lesson.id)
        sections = max(1, len(lesson.headings))
        if place is None:
            state, share = f"{lesson.minutes} min" if lesson.minutes else "", 0.0
        elif place.finished:
            state, share = "read", 1.0
        else:
            state, share = f"{place.section + 1} of {sections}", place.section / sections
        right = bar(share) + Content.styled(f" {state:>8}", "$quiet")
        yield Row(words(lesson.title), right, id=f"lesson:{lesson.id}", numbered=True)


def _today(pack: Pack, known: Known, stands: Standing | None, *, ready: bool) -> Iterator[Row]:
    """What there is to do, how long it takes and why it comes first; and whether the exam would be passed."""
    done = f"{stands.spent} of {stands.minutes} min " if stands is not None else ""
    share = min(1.0, stands.spent / stands.minutes) if stands is not None else 0.0
    yield Row(Content.styled("Today", "bold $primary"), Content.styled(done, "$quiet") + bar(share) if done else BLANK)
    amount = f"Practise: {stands.today}" if stands is not None else "Practise"
    why = (Content.styled(stands.why, "$quiet"),) if stands is not None else ()
    yield Row(Content(amount), below=why, id="practice")
    practised = Content.styled(_practised(pack, known), "$quiet")
    right, below = (practised, _ready(stands)) if ready else (BLANK, (practised,))
    yield Row(Content("Statistics"), right, below, id="statistics")


def _ready(stands: Standing | None) -> tuple[Content, ...]:
    """What an exam today would come to, drawn and in words."""
    if stands is None:
        return ()
    # Whoever knows where the person stands has imported these; before, nothing waits for them.
    from studyapp.conduct.charts import ASCII, FULL, interval_bar
    from studyapp.conduct.table_words import readiness_words
    from studyapp.conduct.tables import readiness_row
    from studyapp.tui.widgets.charts import coloured, looks_of

    row = readiness_row(stands.readiness)
    if not row["enough"]:
        return tuple(Content.styled(line, "$quiet") for line in readiness_words(row))
    signs = FULL if shows_unicode() else ASCII
    looks = looks_of(signs)
    return tuple(
        coloured(interval_bar(low, high, SCALE, signs), looks)
        + Content.styled(f"  {low:.0%} to {high:.0%}  {what}", "$quiet")
        for what, low, high in (
            ("exam score today", row["score_low"], row["score_high"]),
            ("chance to pass it", row["pass_low"], row["pass_high"]),
        )
    )


def _practised(pack: Pack, known: Known) -> str:
    figures = known.figures
    if not figures.answers:
        return "nothing answered yet"
    seen = f"{figures.questions} of {len(pack.questions)} answered"
    seen = f"{seen}, {figures.missed} to look at again" if figures.missed else seen
    return f"{figures.due} due today · {seen}" if figures.due else seen


def _exams(pack: Pack, known: Known) -> Iterator[Row]:
    if not pack.blueprints:
        yield Row(Content.styled("This pack has no exam.", "$quiet"))
    for blueprint in pack.blueprints:
        what = f"{count(blueprint.questions, 'question')}, {blueprint.minutes} min"
        best = known.best.get(blueprint.id)
        state = f"{what} · best {best} of 1000" if best is not None else what
        yield Row(words(blueprint.title), Content.styled(state, "$quiet"), id=f"exam:{blueprint.id}")


def _packs(desk: Desk) -> Iterator[Row]:
    """The other packs, if there are any, and the way to all of them."""
    yield Row(BLANK)
    yield heading("Other packs" if desk.others else "Packs")
    for pack, title in desk.others:
        yield Row(words(title), Content.styled(pack, "$quiet"), id=f"pack:{pack}")
    yield Row(Content("Install, remove and check packs"), _key(desk, "home.packs"), id="packs")
    yield Row(BLANK)
    yield heading("Settings")
    yield Row(Content("Colours, movement, and keys of your own"), _key(desk, "app.settings"), id="settings")


def _key(desk: Desk, action: str) -> Content:
    """What is pressed for an action."""
    return Content.styled(keys_of(action, desk.settings.keys)[0], "$quiet")
