"""What is claimed, claim by claim, as an author looks at it: in words, with its value, beside what it decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from studyapp.cluster.claims.claim import Claim, ClaimError
from studyapp.cluster.claims.evaluation import Result, evaluate
from studyapp.cluster.claims.sentences import sentence
from studyapp.cluster.doubt import Supposition
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons.explain import Explanation, explain
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import RunTooLong
from studyapp.packs.claims import ClaimSource
from studyapp.packs.lesson_parts import LessonClaims
from studyapp.packs.questions import QuestionSource
from studyapp.questions.filling import in_words
from studyapp.questions.question import Variant
from studyapp.questions.runs import EMPTY, TOO_MANY, simulated

Run = Callable[[Scenario], Outcome]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim in one variant, or in a block of a lesson.

    `index` is the entry of the answer that it decides, in a block its place; `line` and `column` are where it is
    written, and `sentence` what it says. `result` is its value, None where it has none, as `trouble` says; `why` tells
    what happened and what was read. `decided_by` has each fact with another value of which it would be otherwise, and
    what it would be then (None: nothing); that is found out for those who ask for it, and empty for others.
    """

    index: int
    line: int
    column: int
    claim: Claim
    sentence: str
    result: Result | None = None
    why: Explanation | None = None
    trouble: str = ""
    decided_by: tuple[tuple[Supposition, Result | None], ...] = ()

    @property
    def value(self) -> str:
        """The value in words, or why there is none."""
        if self.result is None:
            return self.trouble
        if self.result.certain is not None:
            return _told(self.result.certain)
        if self.result.unknown:
            return TOO_MANY
        told = ", ".join(f"{_told(each)} in {share} of all cases" for each, share in self.result.values)
        return f"chance decides: {told}"

    @property
    def holds(self) -> bool | None:
        """Whether it is true whatever chance decides; None where it is not true or false, or chance decides."""
        value = self.result.certain if self.result is not None else None
        return value if isinstance(value, bool) else None

    @property
    def wrong(self) -> bool:
        """It has no value, or none that holds whatever chance decides: nothing can be graded by it."""
        return self.result is None or self.result.certain is None

    @property
    def read(self) -> tuple[str, ...]:
        """Sentences on what the model read last."""
        return self.why.in_short if self.why is not None else ()


def claimed(source: QuestionSource, variant: Variant, run: Run = simulated) -> tuple[Claimed, ...]:
    """The claims that decide what is right in a variant, in the order of the file."""
    scenario = variant.scenario or EMPTY
    return tuple(_claimed(index, each, scenario, variant.names, run) for index, each in source.answer.claims)


def claimed_in_lesson(block: LessonClaims, run: Run = simulated) -> Iterator[Claimed]:
    """The claims of a block in a lesson, which say whether its prose is true."""
    for index, each in enumerate(block.claims):
        yield _claimed(index, each, block.scenario, {}, run)


def _claimed(index: int, source: ClaimSource, scenario: Scenario, names: Mapping[str, Value], run: Run) -> Claimed:
    line, column = source.place(1)
    claim = source.claim
    found = Claimed(index, line, column, claim, sentence(claim, names))
    try:
        outcome = run(scenario)
        return replace(found, result=evaluate(claim, outcome, names), why=explain(claim, outcome, names))
    except ClaimError as error:
        return replace(found, trouble=error.message)
    except RunTooLong as error:
        return replace(found, trouble=str(error))


def _told(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return in_words(value) if value != () else "nothing"
