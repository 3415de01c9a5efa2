"""What is claimed, claim by claim, as an author looks at it: in words, with its value, beside what it decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.claims.sentences import sentence
from studyapp.cluster.kinds import Value
from studyapp.cluster.reasons.explain import explain
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import RunTooLong
from studyapp.packs.claims import ClaimSource
from studyapp.packs.lesson_parts import LessonClaims
from studyapp.packs.questions import QuestionSource
from studyapp.questions.filling import in_words
from studyapp.questions.question import Variant
from studyapp.questions.runs import EMPTY, simulated

Run = Callable[[Scenario], Outcome]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim with its value. `index` is the entry of the answer that it decides, `text` what is written in the file,
    `sentence` what that says; `value` is told in words, and `holds` None unless it is true or false whatever chance
    decides. `wrong`: it has no value, and `value` says why. `read` are sentences on what the model read last.
    """

    index: int
    line: int
    column: int
    text: str
    sentence: str
    value: str
    holds: bool | None = None
    wrong: bool = False
    read: tuple[str, ...] = ()


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
    said = sentence(claim, names)
    try:
        result = evaluate(claim, run(scenario), names)
        read = explain(claim, run(scenario), names).in_short
    except ClaimError as error:
        return Claimed(index, line, column, claim.text, said, error.message, wrong=True)
    except RunTooLong as error:
        return Claimed(index, line, column, claim.text, said, str(error), wrong=True)
    value = result.certain
    if value is not None:
        holds = value if isinstance(value, bool) else None
        return Claimed(index, line, column, claim.text, said, _told(value), holds, read=read)
    told = ", ".join(f"{_told(each)} in {share} of all cases" for each, share in result.values)
    return Claimed(index, line, column, claim.text, said, f"chance decides: {told}", wrong=True, read=read)


def _told(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return in_words(value) if value != () else "nothing"
