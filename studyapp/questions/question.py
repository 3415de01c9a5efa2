"""What a question is: a family written by an author, and one variant of it as a learner meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from studyapp.questions.parts import OptionsPart

if TYPE_CHECKING:  # whoever only chooses a question can do without the model
    from studyapp.cluster.claims.claim import Claim
    from studyapp.cluster.kinds import Value
    from studyapp.cluster.scenario import Scenario
    from studyapp.questions.parts import AnswerPart, Option

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


class Unreadable(Exception):
    """The content of a question cannot be read after all, as nobody checked the pack; the message says why."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a question is made of. Texts are Markdown with `{name}` placeholders; `line` is where they begin."""

    prompt: str
    answer: AnswerPart
    why: str
    hints: tuple[str, ...] = ()
    vary: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    where: Claim | None = None
    let: tuple[tuple[str, Claim], ...] = ()
    stage: Stage | None = None
    shuffle: bool = True
    static_reason: str | None = None
    line: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A family: a text with names that vary. `was` are ids that it had, `digest` is a hash of its file and scenario,
    `tags` are words of the author's by which it is found, `scenarios` those of the pack that its variants stand on.

    What it takes to choose a question is known at once. `content` gives the rest, and may read it only then: it raises
    Unreadable, and so does everything that comes of it.
    """

    id: str
    pack: str
    kind: str
    objective: str
    content: Callable[[], Content]
    difficulty: int = 2
    was: tuple[str, ...] = ()
    digest: str = ""
    path: str = ""
    tags: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """What is asked."""
        return self.content().prompt

    @property
    def answer(self) -> AnswerPart:
        """What there is to answer, and what is right."""
        return self.content().answer

    @property
    def why(self) -> str:
        """The explanation."""
        return self.content().why

    @property
    def hints(self) -> tuple[str, ...]:
        """What helps, one after the other."""
        return self.content().hints

    @property
    def vary(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """The varied names with their values."""
        return self.content().vary

    @property
    def where(self) -> Claim | None:
        """What a combination of the varied values must meet."""
        return self.content().where

    @property
    def let(self) -> tuple[tuple[str, Claim], ...]:
        """Names with the claims that give their values."""
        return self.content().let

    @property
    def stage(self) -> Stage | None:
        """What builds the scenario of a variant; None of a question about none."""
        return self.content().stage

    @property
    def shuffle(self) -> bool:
        """Options stand in an order of chance."""
        return self.content().shuffle

    @property
    def static_reason(self) -> str | None:
        """Why the author decides what the model could."""
        return self.content().static_reason

    @property
    def line(self) -> int:
        """The line of its file on which its text begins."""
        return self.content().line

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of a question that has such."""
        answer = self.content().answer
        return answer.options if isinstance(answer, OptionsPart) else ()


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
