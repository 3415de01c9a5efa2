"""Domain values to rows and back. What is written here is read for ever: forms only grow, meanings never change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from studyapp.exams.form import Form, FormItem, FormSection
from studyapp.exams.sitting import Action, Answer, Expire, Flag, Go, HandIn, Kept, Sitting, Unflag
from studyapp.questions.response import Number, Ordered, Paired, Picked, Response, Said, Text
from studyapp.store.records import SittingRecord, SittingResult
from studyapp.store.tables import ActionRow, GoalRow, MarkRow, PlaceRow, PredictionRow, ResultRow, SittingRow
from studyapp.study.agenda import Goal
from studyapp.study.marks import Mark, Prediction
from studyapp.study.review import LessonPlace, Review


def response_text(response: Response) -> str:
    """A response as it is kept: chosen options as a JSON list of their numbers in order, anything else as an object
    whose key says what it is.
    """
    match response:
        case Said(yes=yes, no=no):
            kept: object = {"yes": sorted(yes), "no": sorted(no)}
        case Number(value=value):
            kept = {"number": value}
        case Text(text=text):
            kept = {"text": text}
        case Ordered(steps=steps):
            kept = {"order": list(steps)}
        case Paired(cells=cells):
            kept = {"pairs": list(cells)}
        case Picked(names=names):
            kept = {"names": sorted(names)}
        case _:
            kept = sorted(response)
    return json.dumps(kept, separators=(",", ":"))


def response_of(text: str) -> Response:
    """The response that was kept.

    Raises:
        ValueError: no response was ever kept so.
    """
    try:
        response = _response(json.loads(text))
        if response is not None and response_text(response) == text:
            return response
    except (TypeError, RecursionError):
        pass
    raise ValueError(f"no response: {text}")


def _response(kept: object) -> Response | None:
    """The response of one of the forms that `response_text` writes; whether it is whole shows when it is written."""
    match kept:
        case list(options) if _places(options):
            return frozenset(options)
        case {"yes": list(yes), "no": list(no)} if _places(yes) and _places(no):
            return Said(frozenset(yes), frozenset(no))
        case {"number": int(value) | float(value)} if not isinstance(value, bool):
            return Number(value)
        case {"text": str(typed)}:
            return Text(typed)
        case {"order": list(steps)} if _places(steps):
            return Ordered(tuple(steps))
        case {"pairs": list(cells)} if _places(cell for cell in cells if cell is not None):
            return Paired(tuple(cells))
        case {"names": list(names)} if all(isinstance(name, str) for name in names):
            return Picked(frozenset(names))
    return None


def _places(entries: Iterable[object]) -> bool:
    return all(isinstance(entry, int) and not isinstance(entry, bool) and entry >= 0 for entry in entries)


def review_values(review: Review) -> dict[str, Any]:
    """A review as the columns of `ReviewRow`."""
    values = {name: getattr(review, name) for name in review.__slots__}
    return {**values, "response": response_text(review.response)}


def review_of(row: Any) -> Review:
    """The review in a row with the columns of `ReviewRow`."""
    values = dict(row._mapping)
    return Review(**{**values, "response": response_of(values["response"])})


def sitting_row(sitting: Sitting) -> SittingRow:
    """A sitting's beginning as a row."""
    form = sitting.form
    sections = [[each.title, each.scenario, each.locked, each.first, each.end] for each in form.sections]
    return SittingRow(
        id=sitting.id,
        pack=sitting.pack,
        blueprint_id=sitting.blueprint_id,
        form=json.dumps(
            {
                "seed": form.seed,
                "pass_mark": form.pass_mark,
                "pass_share": form.pass_share,
                "items": [[item.question_id, item.seed, item.objective] for item in form.items],
                **({"sections": sections} if sections else {}),
            },
            separators=(",", ":"),
        ),
        started=sitting.started,
        ends=sitting.ends,
        extra=sitting.extra,
    )


def sitting_of(row: SittingRow) -> Sitting:
    """The sitting in a row, as it began."""
    form = json.loads(row.form)
    items = tuple(FormItem(question, seed, objective) for question, seed, objective in form["items"])
    sections = tuple(FormSection(*section) for section in form.get("sections", ()))
    return Sitting(
        id=row.id,
        pack=row.pack,
        blueprint_id=row.blueprint_id,
        form=Form(row.blueprint_id, form["seed"], items, form["pass_mark"], form["pass_share"], sections),
        started=row.started,
        ends=row.ends,
        extra=row.extra,
    )


def action_row(kept: Kept) -> ActionRow:
    """One action of a sitting as a row."""
    action = kept.action
    return ActionRow(
        sitting_id=kept.sitting_id,
        n=kept.n,
        kind=action.kind,
        item=None if isinstance(action, HandIn | Expire) else action.item,
        response=response_text(action.response) if isinstance(action, Answer) else None,
        at=kept.at,
    )


def action_of(row: ActionRow) -> Action:
    """The action in a row."""
    match row.kind, row.item, row.response:
        case Answer.kind, int(item), str(response):
            return Answer(item, response_of(response))
        case Flag.kind, int(item), None:
            return Flag(item)
        case Unflag.kind, int(item), None:
            return Unflag(item)
        case Go.kind, int(item), None:
            return Go(item)
        case HandIn.kind, None, None:
            return HandIn()
        case Expire.kind, None, None:
            return Expire()
    raise ValueError(f"no action of a sitting: {row.kind}, {row.item}, {row.response}")


def result_row(result: SittingResult) -> ResultRow:
    """A result as a row."""
    return ResultRow(
        sitting_id=result.sitting_id,
        points=result.points,
        out_of=result.out_of,
        scaled=result.scaled,
        passed=result.passed,
        ended=result.ended,
    )


def record_of(row: SittingRow, result: ResultRow | None) -> SittingRecord:
    """A sitting and its result, if it has one, as they stand in the history."""
    return SittingRecord(
        id=row.id,
        pack=row.pack,
        blueprint_id=row.blueprint_id,
        started=row.started,
        ends=row.ends,
        extra=row.extra,
        result=None
        if result is None
        else SittingResult(result.sitting_id, result.points, result.out_of, result.scaled, result.passed, result.ended),
    )


def place_row(place: LessonPlace) -> PlaceRow:
    """A place in a lesson as a row."""
    return PlaceRow(
        pack=place.pack, lesson_id=place.lesson_id, section=place.section, finished=place.finished, at=place.at
    )


def place_of(row: PlaceRow) -> LessonPlace:
    """The place in a row."""
    return LessonPlace(row.pack, row.lesson_id, row.section, row.finished, row.at)


def goal_row(goal: Goal) -> GoalRow:
    """A goal as a row."""
    day = None if goal.exam_day is None else goal.exam_day.isoformat()
    return GoalRow(pack=goal.pack, exam_day=day, minutes=goal.minutes, at=goal.at)


def goal_of(row: GoalRow) -> Goal:
    """The goal in a row."""
    day = None if row.exam_day is None else date.fromisoformat(row.exam_day)
    return Goal(row.pack, day, row.minutes, row.at)


def mark_row(mark: Mark) -> MarkRow:
    """A note or a bookmark as a row."""
    return MarkRow(**asdict(mark))


def mark_of(row: MarkRow) -> Mark:
    """The note or the bookmark in a row."""
    return Mark(row.pack, row.lesson_id, row.heading, row.kind, row.text, row.at)


def prediction_row(prediction: Prediction) -> PredictionRow:
    """A prediction as a row."""
    return PredictionRow(**asdict(prediction))


def prediction_of(row: PredictionRow) -> Prediction:
    """The prediction in a row."""
    return Prediction(row.id, row.pack, row.lesson_id, row.claim, row.said, row.came, row.certainty, row.at)
