"""One variant of a question as its author sees it: what is right, why, and who would believe what is wrong.

Each claim stands beside what it decides as a sentence, with its value, the facts that decide it, and the misconceptions
under which the wrong would be right. Nothing is judged here: `check` does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.doubt import Doubts
from studyapp.cluster.kinds import Value
from studyapp.packs.claimed import Claimed, claimed, claimed_in_lesson
from studyapp.packs.kinds.options import OptionsSource
from studyapp.packs.kinds.source import believing
from studyapp.packs.lesson_parts import LessonClaims
from studyapp.packs.questions import QuestionSource
from studyapp.packs.worlds import CannotRun, Worlds
from studyapp.questions.grader import Grader, Key
from studyapp.questions.question import Variant
from studyapp.questions.response import NOTHING
from studyapp.questions.runs import EMPTY, Unanswerable


@dataclass(frozen=True, slots=True)
class AuthorView:
    """A variant, the claims that decide it, and what is right: `key` is None where that cannot be found, as `trouble`
    says. `solution` tells what is right in words where the key is more than options that hold.

    `believers` names for each wrong option the misconceptions that predict it; `answers` tells for other kinds what
    would be right under each misconception that leads elsewhere. `tried` are all that bear on the variant.
    """

    variant: Variant
    claims: tuple[Claimed, ...]
    key: Key | None
    trouble: str
    solution: str
    believers: Mapping[int, tuple[str, ...]]
    answers: Mapping[str, str]
    tried: tuple[str, ...]


def view_variant(source: QuestionSource, variant: Variant, worlds: Worlds) -> AuthorView:
    """What the author of a question sees of one variant of it. Raises CannotRun where its scenario does not settle."""
    answer, grader = source.answer, source.answer.grader
    outcome = worlds.outcome(variant.scenario or EMPTY)
    otherwise = Doubts.of_all(outcome) if variant.scenario is not None else Doubts(outcome, ())
    claims = tuple(_decided(each, otherwise, variant.names) for each in claimed(source, variant, worlds.outcome))
    try:
        key: Key | None = grader.key(variant, worlds.outcome)
        trouble = ""
    except (ClaimError, Unanswerable) as error:
        key, trouble = None, error.message
    believers: dict[int, tuple[str, ...]] = {}
    answers: dict[str, str] = {}
    tried = tuple(worlds.beliefs(variant.scenario)) if variant.scenario is not None and key is not None else ()
    solution = ""
    if key is not None and isinstance(answer, OptionsSource):
        believers = dict(_believers(grader, variant, key, worlds, tried))
    elif key is not None:
        solution = grader.mark(variant, key, NOTHING, worlds.outcome).solution
        answers = dict(_answers(grader, variant, key, worlds, tried))
    return AuthorView(variant, claims, key, trouble, solution, believers, answers, tried)


def view_block(block: LessonClaims, worlds: Worlds) -> tuple[Claimed, ...]:
    """The same of the claims of a lesson's block, in their order. Raises CannotRun."""
    otherwise = Doubts.of_all(worlds.outcome(block.scenario))
    return tuple(_decided(each, otherwise, {}) for each in claimed_in_lesson(block, worlds.outcome))


def _decided(found: Claimed, otherwise: Doubts, names: Mapping[str, Value]) -> Claimed:
    """The same claim with the facts that decide it."""
    if found.result is None:
        return found
    try:
        return replace(found, decided_by=otherwise.changes(found.claim, names))
    except ClaimError as error:
        return replace(found, result=None, why=None, trouble=error.message)


def _believers(
    grader: Grader[Any, Any, Any], variant: Variant, key: Key, worlds: Worlds, tried: tuple[str, ...]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """For each option that does not hold, the misconceptions under which it would."""
    foreseen = {name: grader.foreseen(variant, believing(worlds, name)) for name in tried}
    for index, holds in enumerate(key):
        if not holds:
            yield index, tuple(name for name, keys in foreseen.items() if keys[index])


def _answers(
    grader: Grader[Any, Any, Any], variant: Variant, key: Key, worlds: Worlds, tried: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """What would be right under each misconception that leads to another answer."""
    for name in tried:
        run = believing(worlds, name)
        foreseen = grader.foreseen(variant, run)
        if None in foreseen or foreseen == key:
            continue
        try:
            yield name, grader.mark(variant, foreseen, NOTHING, run).solution
        except CannotRun:
            continue
