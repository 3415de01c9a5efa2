"""One person sits one exam once: what may happen when, and what it changes.

A sitting runs until it is handed in, by the person or by itself when its time is up. Its end is fixed when it starts
and goes by the wall clock: closing the program does not stop it. While it runs, questions are answered (an empty answer
takes it back), flagged and visited in any order; nothing is judged. A locked section closes behind one: going on from
a question that has been answered closes it, and leaving the section closes all of it. At its end and after it nothing
is accepted but handing it in by itself, and once handed in it never changes again.

`MOVES` is that paragraph as a table. An action that it does not list, or that comes too late or too early, raises
`IllegalMove` and changes nothing. A sitting is never stored: its start and its actions are, and `replay` folds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from studyapp.exams.clock import utc
from studyapp.exams.form import Form, FormSection

if TYPE_CHECKING:
    # Only for its type: what is known of the past is looked at before any question is.
    from studyapp.questions.response import Response

RUNNING = "running"
HANDED_IN = "handed-in"

EXTRA_TIMES = (1.0, 1.25, 1.5, 2.0)
"""What the time may be multiplied by, agreed on before the start."""

WARNINGS = (timedelta(minutes=10), timedelta(minutes=5), timedelta(minutes=1))
"""How much is left when an exam of an hour or more says so; a shorter one does in proportion."""


class IllegalMove(Exception):
    """An action that the sitting does not allow now; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer question `item`, counted from 0; an empty response takes the answer back."""

    item: int
    response: Response
    kind: ClassVar[str] = "answer"


@dataclass(frozen=True, slots=True)
class Flag:
    """Mark question `item` to be looked at again."""

    item: int
    kind: ClassVar[str] = "flag"


@dataclass(frozen=True, slots=True)
class Unflag:
    """Take the mark off question `item`."""

    item: int
    kind: ClassVar[str] = "unflag"


@dataclass(frozen=True, slots=True)
class Go:
    """Look at question `item`."""

    item: int
    kind: ClassVar[str] = "go"


@dataclass(frozen=True, slots=True)
class HandIn:
    """Hand in before the time is up."""

    kind: ClassVar[str] = "hand-in"


@dataclass(frozen=True, slots=True)
class Expire:
    """The time is up: hand in as of the end, however much later it is noticed."""

    kind: ClassVar[str] = "expire"


Action = Answer | Flag | Unflag | Go | HandIn | Expire

MOVES: Mapping[str, Mapping[str, str]] = {
    RUNNING: {
        Answer.kind: RUNNING,
        Flag.kind: RUNNING,
        Unflag.kind: RUNNING,
        Go.kind: RUNNING,
        HandIn.kind: HANDED_IN,
        Expire.kind: HANDED_IN,
    },
    HANDED_IN: {},
}
"""Phase to legal action to the phase after it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An effect: this action is the sitting's `n`th (from 1), happened `at`, and has to be remembered."""

    sitting_id: str
    n: int
    action: Action
    at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """The state of a sitting.

    `started` and `ends` are UTC; `extra` is what the time was multiplied by, already part of `ends`. `answers` holds
    answered questions only, by number from 0, and `answered_at` when they were; `spent` is the time each question was
    looked at. `position` is the question looked at since `touched`, and `closed` are those that one can no longer go
    to. `moves` counts the actions so far. `ended` is when it was handed in, and `expired` whether it did so by itself.
    """

    id: str
    pack: str
    blueprint_id: str
    form: Form
    started: datetime
    ends: datetime
    extra: float = 1.0
    answers: Mapping[int, Response] = field(default_factory=lambda: MappingProxyType({}))
    flags: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()
    position: int = 0
    phase: str = RUNNING
    spent: Mapping[int, timedelta] = field(default_factory=lambda: MappingProxyType({}))
    answered_at: Mapping[int, datetime] = field(default_factory=lambda: MappingProxyType({}))
    touched: datetime | None = None
    moves: int = 0
    ended: datetime | None = None
    expired: bool = False

    @property
    def running(self) -> bool:
        """Not handed in yet, though its time may be up."""
        return self.phase == RUNNING

    @property
    def unanswered(self) -> tuple[int, ...]:
        """The questions without an answer, in order."""
        return tuple(item for item in range(len(self.form.items)) if item not in self.answers)

    def beside(self, item: int, by: int) -> int | None:
        """The nearest question before (`by` is -1) or after another (1) that one can go to; None when there is none."""
        numbers = range(item + 1, len(self.form.items)) if by > 0 else range(item - 1, -1, -1)
        return next((number for number in numbers if number not in self.closed), None)

    def entered_by(self, item: int) -> FormSection | None:
        """The section that going to a question enters for the first time."""
        there = self.form.section(item)
        if there is None or item == self.position:
            # The first question of all is gone to by beginning.
            return None if self.moves else there
        known = self.position in there.items or not self.spent.keys().isdisjoint(there.items)
        return None if known else there

    def closed_by(self, item: int) -> FormSection | None:
        """The locked section that going to a question closes."""
        here = self.form.section(self.position)
        return None if here is None or not here.locked or item in here.items else here

    def out_of_time(self, now: datetime) -> bool:
        """Whether the end has come."""
        return utc(now) >= self.ends

    def remaining(self, now: datetime) -> timedelta:
        """The time left: never negative, and never more than the exam takes, should the clock be set back."""
        return max(timedelta(0), min(self.ends - utc(now), self.ends - self.started))


def warnings(length: timedelta) -> tuple[timedelta, ...]:
    """How much is left when an exam of this length says so, the first first: the half, then what is scaled to it."""
    hour = timedelta(hours=1)
    scaled = tuple(each * (length / hour) for each in WARNINGS) if length < hour else WARNINGS
    return (length / 2, *scaled)


def begin(
    sitting_id: str, pack: str, form: Form, minutes: int, now: datetime, *, extra: float = 1.0, position: int = 0
) -> Sitting:
    """A sitting that starts now and ends after its minutes, multiplied by the extra time.

    Raises:
        NaiveTime: `now` has no time zone.
        ValueError: the extra time is none of `EXTRA_TIMES`.
    """
    if extra not in EXTRA_TIMES:
        raise ValueError(f"extra time is one of {', '.join(f'{each:g}' for each in EXTRA_TIMES)}, not {extra:g}")
    started = utc(now)
    return Sitting(
        id=sitting_id,
        pack=pack,
        blueprint_id=form.blueprint_id,
        form=form,
        started=started,
        ends=started + timedelta(minutes=minutes) * extra,
        extra=extra,
        position=position,
    )


def apply(sitting: Sitting, action: Action, now: datetime) -> tuple[Sitting, tuple[Kept, ...]]:
    """The sitting after an action, and what has to be remembered.

    Raises:
        IllegalMove: the action is not allowed; the sitting is as it was.
        NaiveTime: `now` has no time zone.
    """
    at = _moment(sitting, action, utc(now))
    phase = MOVES[sitting.phase][action.kind]
    looked_at = action.item if isinstance(action, Answer) else sitting.position
    after = replace(
        sitting,
        phase=phase,
        moves=sitting.moves + 1,
        touched=at,
        spent=_with_time(sitting, looked_at, at),
    )
    if isinstance(action, Answer | Go):
        after = replace(after, position=action.item, closed=_closed(sitting, action.item))
    match action:
        case Answer(item=item, response=response):
            answers = {each: given for each, given in sitting.answers.items() if each != item}
            times = {each: when for each, when in sitting.answered_at.items() if each != item}
            if response:
                answers[item], times[item] = response, at
            after = replace(after, answers=MappingProxyType(answers), answered_at=MappingProxyType(times))
        case Flag(item=item):
            after = replace(after, flags=sitting.flags | {item})
        case Unflag(item=item):
            after = replace(after, flags=sitting.flags - {item})
        case HandIn() | Expire():
            after = replace(after, ended=at, expired=isinstance(action, Expire))
    return after, (Kept(sitting.id, after.moves, action, at),)


def replay(start: Sitting, actions: Iterable[tuple[Action, datetime]]) -> Sitting:
    """The sitting that these actions led to, from the state in which it began.

    Raises:
        IllegalMove: no sitting can have gone this way.
    """
    sitting = start
    for action, at in actions:
        sitting, _ = apply(sitting, action, at)
    return sitting


def _moment(sitting: Sitting, action: Action, now: datetime) -> datetime:
    """When a legal action counts as having happened; raises `IllegalMove` for any other."""
    if action.kind not in MOVES[sitting.phase]:
        raise IllegalMove("The exam has been handed in: nothing in it can be changed.")
    if isinstance(action, Answer | Flag | Unflag | Go) and not 0 <= action.item < len(sitting.form.items):
        raise IllegalMove(f"There is no question {action.item + 1}: the exam has {len(sitting.form.items)}.")
    if isinstance(action, Answer | Flag | Unflag | Go) and action.item in sitting.closed:
        raise IllegalMove(f"Question {action.item + 1} is closed: in a locked section there is no way back.")
    if isinstance(action, Expire):
        if not sitting.out_of_time(now):
            raise IllegalMove("The time is not up yet.")
        return sitting.ends
    if sitting.out_of_time(now):
        raise IllegalMove("The time is up: what was answered before counts.")
    return now


def _closed(sitting: Sitting, item: int) -> frozenset[int]:
    """The questions that are closed once one has gone to a question."""
    here = sitting.form.section(sitting.position)
    if here is None or not here.locked or item == sitting.position:
        return sitting.closed
    if item not in here.items:
        return sitting.closed.union(here.items)
    return sitting.closed | {sitting.position} if sitting.position in sitting.answers else sitting.closed


def _with_time(sitting: Sitting, item: int, at: datetime) -> Mapping[int, timedelta]:
    """The time spent, with that since the last action put on one question; a clock set back adds nothing."""
    passed = max(timedelta(0), at - (sitting.touched or sitting.started))
    return MappingProxyType({**sitting.spent, item: sitting.spent.get(item, timedelta(0)) + passed})
