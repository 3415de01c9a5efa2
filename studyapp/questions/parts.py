"""The answer part of each kind of question, as its author wrote it. Texts are Markdown with `{name}` placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from studyapp.cluster.claims.claim import Claim
    from studyapp.cluster.edits import Edit
    from studyapp.cluster.kinds import Value
    from studyapp.cluster.scenario import Scenario

ALL_OR_NOTHING = "all-or-nothing"
PER_OPTION = "per-option"
LONGEST_RUN = "longest-run"


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its text, the reason shown as feedback, and its truth, a claim or (static) a plain yes or no.

    `line` and `column` are those of the box in the author's file.
    """

    text: str
    reason: str
    claim: Claim | None
    static: bool | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class OptionsPart:
    """Options with truths: to choose one or several, or to be told true or false one by one."""

    options: tuple[Option, ...]
    scoring: str = ALL_OR_NOTHING


@dataclass(frozen=True, slots=True)
class NumberPart:
    """A number that a claim has; an answer may be off by `tolerance`. Both are in `unit`."""

    claim: Claim
    unit: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class TextPart:
    """Texts one of which a short answer must match; a `*` in one stands for any words."""

    accept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointPart:
    """A list of names that a claim has, to be found among components of these kinds (empty: of all)."""

    claim: Claim
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderStep:
    """A step to be put in order. `event` is the kind of event and the thing it happens to, where the trace decides."""

    text: str
    event: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OrderPart:
    """Steps: in the right order as they stand, or such events as the trace puts in order."""

    steps: tuple[OrderStep, ...]
    scoring: str = ALL_OR_NOTHING


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A left cell with its right cell, a text or the value of a claim. An empty left makes a right cell too many."""

    left: str
    right: str
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class MatchPart:
    """Pairs to be made."""

    rows: tuple[MatchRow, ...]


@dataclass(frozen=True, slots=True)
class BreakPart:
    """A goal to be reached by faults of components of these kinds."""

    goal: Claim
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """An edit that a design may make, and what it costs."""

    edit: Edit
    cost: int = 1


class Allowing(Protocol):
    """The edits that a variant allows. Given by whoever read the pack; raises StageError."""

    def __call__(self, values: Mapping[str, Value], scenario: Scenario, /) -> tuple[Allowed, ...]:
        """In the author's order, for these values of `vary` and `let` and their scenario."""


@dataclass(frozen=True, slots=True)
class DesignPart:
    """Goals that must hold once the scenario has been edited, for at most `budget` in all (None: whatever it costs)."""

    goals: tuple[Claim, ...]
    allowing: Allowing
    budget: int | None = None


AnswerPart = OptionsPart | NumberPart | TextPart | PointPart | OrderPart | MatchPart | BreakPart | DesignPart
