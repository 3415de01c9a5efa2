"""What all kinds of questions have in common: a key that the model finds, marks for an answer, and words for both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import RunTooLong
from studyapp.questions.question import FilledOption, Question, Variant
from studyapp.questions.response import Response
from studyapp.questions.runs import EMPTY, Run, Unanswerable

PartT = TypeVar("PartT")
EntryT = TypeVar("EntryT")
FormT = TypeVar("FormT", bound=Response)

Key = tuple[Any, ...]
"""What is right, entry by entry, as one grader understands it; None where an entry has no value."""
RIGHT, PARTLY, WRONG = "right", "partly", "wrong"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answered question: an option, a statement, a place in an order, a pair, a component, a goal.

    `chosen`: the learner says that it holds; `holds`: it does. `given` and `wanted` are what was answered and what is
    right, in words, where that is more than chosen or not. `label` is its number as shown, empty for what stands in no
    list; `believed` names the misconceptions under which it would hold.
    """

    index: int
    chosen: bool
    holds: bool
    reason: str = ""
    believed: tuple[str, ...] = ()
    label: str = ""
    text: str = ""
    given: str = ""
    wanted: str = ""

    @property
    def mistaken(self) -> bool:
        """Something was answered here, and it is not so."""
        return (self.chosen or self.given != "") and self.chosen != self.holds


@dataclass(frozen=True, slots=True)
class Marks:
    """What an answer is worth: of one point, with the verdict, part by part; `solution` is a right answer in words."""

    points: float
    verdict: str
    parts: tuple[Part, ...]
    solution: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that is not so and was, or could have been, answered. `what` goes after "What would make" (`2 right`,
    `yes right for 3`); the claim is what would have to hold.
    """

    what: str
    claim: Claim


def marked(parts: Sequence[Part], points: float, solution: str = "") -> Marks:
    """The marks of an answer that is right in full, in part or not at all, as its points say."""
    return Marks(points, RIGHT if points == 1 else PARTLY if points > 0 else WRONG, tuple(parts), solution)


class Grader(ABC, Generic[PartT, EntryT, FormT]):
    """Grades the answers to one kind of question. `part_type` and `form` are its answer part and its response."""

    part_type: type[PartT]
    form: type[FormT]

    def part(self, question: Question) -> PartT:
        """The answer part of a question of this kind."""
        assert isinstance(question.answer, self.part_type), "the kind of a question goes with its answer part"
        return question.answer

    def given(self, response: Response) -> FormT | None:
        """The response in the form of this kind; None where nothing was answered."""
        return response if isinstance(response, self.form) and response else None

    # -- what is shown ------------------------------------------------------------------------------------------------

    def options(
        self, question: Question, values: Mapping[str, Value], scenario: Scenario | None
    ) -> tuple[FilledOption, ...]:
        """What there is to choose, to judge or to put in its place, in the author's order. Raises StageError."""
        return ()

    def cells(self, variant: Variant, run: Run) -> tuple[FilledOption, ...]:
        """What the options are to be paired with, in the author's order. Raises ClaimError and Unanswerable."""
        return ()

    def shuffles(self, question: Question) -> bool:
        """The options are shown in an order of chance."""
        return False

    # -- what is right ------------------------------------------------------------------------------------------------

    def size(self, question: Question) -> int:
        """How many entries the key has."""
        return 1

    @abstractmethod
    def entry(self, variant: Variant, index: int, run: Run) -> EntryT:
        """One entry of the key. Raises ClaimError and Unanswerable."""

    def key(self, variant: Variant, run: Run) -> tuple[EntryT, ...]:
        """What is right. Raises ClaimError and Unanswerable."""
        return tuple(self.entry(variant, index, run) for index in range(self.size(variant.question)))

    def foreseen(self, variant: Variant, run: Run) -> tuple[EntryT | None, ...]:
        """What would be right under a belief; None for entries about which it says nothing."""
        found: list[EntryT | None] = []
        for index in range(self.size(variant.question)):
            try:
                found.append(self.entry(variant, index, run))
            except (RunTooLong, ClaimError, Unanswerable):
                found.append(None)
        return tuple(found)

    # -- what an answer is worth --------------------------------------------------------------------------------------

    @abstractmethod
    def mark(self, variant: Variant, key: tuple[EntryT | None, ...], response: Response, run: Run) -> Marks:
        """The marks of an answer by a key."""

    @abstractmethod
    def misfit(self, variant: Variant, response: FormT) -> str:
        """Why a response cannot be an answer to this variant, as a sentence; empty where it can."""

    @abstractmethod
    def told(self, variant: Variant, response: FormT) -> str:
        """A response in words, by the numbers shown where there are such."""

    @abstractmethod
    def claims(self, variant: Variant, marks: Marks) -> list[Claim]:
        """The claims that decide the answer."""

    def wishes(self, variant: Variant, response: FormT, parts: Sequence[Part]) -> Iterator[Wish]:
        """What would have to be so for the answer to be right, what was answered before what was left; nothing where
        that cannot be said. Raises ClaimError.
        """
        return iter(())

    def outcome(self, variant: Variant, response: Response, run: Run) -> Outcome:
        """The run that shows why the answer is right or wrong."""
        return run(variant.scenario or EMPTY)

    def bears(self, rule: str, outcome: Outcome) -> bool:
        """Whether a rule may bear on the answer: it was asked in that run."""
        return any(rule in branch.trace.consulted for branch in outcome.branches)
