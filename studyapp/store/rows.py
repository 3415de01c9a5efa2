"""What a row may hold, told of values as SQLite has them: for rows that come from elsewhere, and for those on the disk.

The tables of what is remembered are `TABLES`; what is derived is none of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from types import SimpleNamespace
from typing import Any

from sqlmodel import SQLModel

from studyapp.store.encoding import (
    action_of,
    goal_of,
    mark_of,
    place_of,
    prediction_of,
    review_of,
    sitting_of,
    sitting_row,
)
from studyapp.store.tables import moment_text

LONGEST_NAME = 300
LONGEST_TEXT = 200_000
YEARS = range(1970, 9000)
"""Of whatever clock: what is asked again a century after any of them is still a time."""
ROUNDING = 1e-9
"""How far points may be above what they are out of: parts of a point are added up."""

Values = Mapping[str, Any]
"""A row, by the names of its columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of what is remembered: what a row is called in a history, its columns, and which of them are its key."""

    kind: str
    name: str
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in SQLModel.metadata.tables[self.name].columns)


TABLES = (
    Table("sitting", "sitting", ("id",)),
    Table("action", "sitting_action", ("sitting_id", "n")),
    Table("result", "sitting_result", ("sitting_id",)),
    Table("review", "review", ("id",)),
    Table("place", "lesson_place", ("pack", "lesson_id")),
    Table("goal", "goal", ("pack",)),
    Table("mark", "mark", ("pack", "lesson_id", "heading", "kind")),
    Table("prediction", "prediction", ("id",)),
)
"""In an order in which each row comes after those that it refers to."""


def _name(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_NAME
        and not any(unicodedata.category(character).startswith("C") for character in value)
    )


def _text(value: object) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_TEXT
        and not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)
    )


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 and isfinite(value)


def _flag(value: object) -> bool:
    return value in (0, 1) and isinstance(value, int)


def _moment(value: object) -> bool:
    if not isinstance(value, str) or len(value) != len("2026-03-01T12:00:00.000000+00:00"):
        return False
    try:
        moment = datetime.fromisoformat(value)
        return moment_text(moment) == value and moment.year in YEARS
    except (ValueError, OverflowError):
        return False


def _or_none(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or check(value)


COLUMNS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(
        ("id", "pack", "question_id", "lesson_id", "blueprint_id", "sitting_id", "model_version", "kind"),
        (_name, "a name"),
    ),
    **dict.fromkeys(("verdict",), (_name, "a name")),
    **dict.fromkeys(("misconception", "certainty"), (_or_none(_name), "a name or nothing")),
    **dict.fromkeys(("digest", "response", "form", "heading", "text", "claim"), (_text, "a text")),
    **dict.fromkeys(("said", "came"), (_name, "a name")),
    **dict.fromkeys(("seed", "variant_number", "n", "section", "scaled", "minutes"), (_whole, "a whole number")),
    **dict.fromkeys(("points", "out_of", "extra"), (_number, "a number")),
    **dict.fromkeys(("passed", "finished"), (_flag, "0 or 1")),
    **dict.fromkeys(
        ("shown_at", "answered_at", "started", "ends", "ended", "at"), (_moment, "a time, as this program writes it")
    ),
    "item": (_or_none(_whole), "a whole number or nothing"),
    "exam_day": (_or_none(_name), "a day or nothing"),
}
"""What each column holds, whichever table it is of, and how that is said."""

OPTIONAL = {("review", "sitting_id"), ("sitting_action", "response")}
"""Columns that may be empty here, though not elsewhere."""


def fault(table: Table, values: Values) -> str | None:
    """What is wrong with a row, as a sentence without its full stop; None when nothing is."""
    if tuple(values) != table.columns:
        return f"it does not have the columns of a {table.kind}"
    for column, value in values.items():
        check, what = COLUMNS[column]
        if not check(value) and not (value is None and (table.name, column) in OPTIONAL):
            return f"its {column} is not {what}"
    try:
        _MADE[table.kind](typed(values))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        return f"it says nothing that could have happened ({type(error).__name__})"
    return None


def typed(values: Values) -> Any:
    """A row with the times that it would have when it is read by the store."""
    typed = {
        name: datetime.fromisoformat(value) if COLUMNS[name][0] is _moment else value for name, value in values.items()
    }
    return SimpleNamespace(**typed, _mapping=typed)


def _sitting(row: Any) -> None:
    """Refuse a form that could not be sat."""
    sitting = sitting_of(row)
    form = sitting.form
    sound = all(_name(item.question_id) and _whole(item.seed) and _name(item.objective) for item in form.items)
    if not (sound and _whole(form.seed) and _whole(form.pass_mark) and _number(form.pass_share)):
        raise ValueError("no form")
    before = 0
    for section in form.sections:
        named = _name(section.title) and (section.scenario is None or _name(section.scenario))
        placed = _flag(section.locked) and _whole(section.first) and _whole(section.end)
        if not (named and placed and before <= section.first < section.end <= len(form.items)):
            raise ValueError("no section of these questions")
        before = section.end
    if sitting_row(sitting).form != row.form:
        raise ValueError("no form that was ever written")


def _earned(row: Any) -> None:
    """Refuse points that nobody could have: every share of points lies between 0 and 1."""
    if not 0 <= row.points <= row.out_of + ROUNDING or row.out_of <= 0:
        raise ValueError("no points")


def _review(row: Any) -> None:
    """Refuse an answer that nobody could have given."""
    review_of(row)
    _earned(row)


_MADE: Mapping[str, Callable[[Any], object]] = {
    "sitting": _sitting,
    "action": action_of,
    "result": _earned,
    "review": _review,
    "place": place_of,
    "goal": goal_of,
    "mark": mark_of,
    "prediction": prediction_of,
}
"""What makes a value of the domain of a row of each kind, which refuses what has no meaning."""
