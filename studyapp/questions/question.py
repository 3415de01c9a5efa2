"""What a question is: a family written by an author, and one variant of it as a learner meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from studyapp.cluster.claims.claim import Claim
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.questions.parts import AnswerPart, Option, OptionsPart

CERTAINTIES = ("guess", "think-so", "sure")


class Stage(Protocol):
    """Builds the checked scenario of a variant. Given by whoever read the pack; both ways raise StageError."""

    def __call__(self, values: Mapping[str, Value], /) -> Scenario:
        """The scenario of these values of `vary` and `let`, its timeline included."""

    def initial(self, values: Mapping[str, Value], /) -> Scenario:
        """The scenario of these values of `vary` before the timeline: what `let` sees."""


class StageError(Exception):
    """A variant whose scenario cannot be built; `problems` say why, in the terms of the room that read the pack."""

    def __init__(self, problems: tuple[object, ...]) -> None:
        super().__init__("; ".join(str(p) for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Question:
    """A family: a text with names that vary. `was` are ids that it had, `digest` is a hash of its file and scenario."""

    id: str
    pack: str
    kind: str
    objective: str
    prompt: str
    answer: AnswerPart
    why: str
    hints: tuple[str, ...] = ()
    vary: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    where: Claim | None = None
    let: tuple[tuple[str, Claim], ...] = ()
    stage: Stage | None = None
    difficulty: int = 2
    shuffle: bool = True
    static_reason: str | None = None
    was: tuple[str, ...] = ()
    digest: str = ""
    path: str = ""
    line: int = 1

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of a question that has such."""
        return self.answer.options if isinstance(self.answer, OptionsPart) else ()


@dataclass(frozen=True, slots=True)
class FilledOption:
    """Something to choose, to judge or to put in its place, with its placeholders filled: an option, a statement, a
    step, a cell, a component, an edit. `index` is its place in the author's order.
    """

    index: int
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One question as asked: options stand in the order shown, `cells` are what they are to be paired with."""

    question: Question
    number: int
    seed: int
    values: tuple[tuple[str, Value], ...]
    scenario: Scenario | None
    prompt: str
    options: tuple[FilledOption, ...]
    why: str
    hints: tuple[str, ...]
    cells: tuple[FilledOption, ...] = ()

    @property
    def names(self) -> dict[str, Value]:
        """The values of `vary` and `let`, for claims."""
        return dict(self.values)
