"""From a family to its variants: every combination of the varied values, numbered and reproducible from a seed."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from functools import lru_cache

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.effort import counted
from studyapp.cluster.kinds import Value
from studyapp.questions.filling import fill
from studyapp.questions.kinds import KINDS
from studyapp.questions.question import Question, Variant
from studyapp.questions.runs import EMPTY, simulated

MAX_COMBINATIONS = 100_000
"""Combinations of one family that are counted; a family with more is refused."""
MAX_WORK = 200_000
"""Steps that finding out which of them meet `where` may take."""

COMBINATIONS_A_STEP = 20
"""Combinations that are counted in about the time of a step."""

Combinations = tuple[tuple[tuple[str, Value], ...], ...]


class TooManyVariants(Exception):
    """The varied values multiply to more than `MAX_COMBINATIONS`, or those that count are too much work to find."""


def combinations(question: Question) -> Combinations:
    """Every combination of the varied values that meets `where`, in the author's order.

    Raises TooManyVariants, and ClaimError where `where` cannot be evaluated.
    """
    return combined(question)[0]


@lru_cache(maxsize=4096)
def combined(question: Question) -> tuple[Combinations, int]:
    """The same with the steps that finding them takes."""
    total = 1
    for _, values in question.vary:
        total *= len(values)
    if total > MAX_COMBINATIONS:
        raise TooManyVariants(f"{total:,} combinations; a family has at most {MAX_COMBINATIONS:,}")
    names = [name for name, _ in question.vary]
    every = (tuple(zip(names, c, strict=True)) for c in itertools.product(*(v for _, v in question.vary)))
    found = []
    with counted(alone=True) as effort:
        for combination in every:
            if effort.steps > MAX_WORK:
                raise TooManyVariants(f"which combinations meet `where` takes more than {MAX_WORK:,} steps to find")
            if _meets(question, combination):
                found.append(combination)
    return tuple(found), effort.steps + total // COMBINATIONS_A_STEP


def _meets(question: Question, values: tuple[tuple[str, Value], ...]) -> bool:
    if question.where is None:
        return True
    held = evaluate(question.where, simulated(EMPTY), dict(values)).certain
    if not isinstance(held, bool):
        raise ClaimError("`where` must be true or false")
    return held


def count_variants(question: Question) -> int:
    """How many variants the family has."""
    return len(combinations(question))


def variants_on(question: Question, scenario: str) -> frozenset[int]:
    """The numbers of the variants that stand on a scenario of the pack."""
    if scenario not in question.scenarios:
        return frozenset()
    named = (str(dict(values).get("scenario", scenario)) for values in combinations(question))
    return frozenset(number for number, name in enumerate(named) if name == scenario)


def pick_number(question: Question, seed: int, called: str = "") -> int:
    """The number of the variant that a seed stands for."""
    return random.Random(f"{called or question.id}:{seed}").randrange(count_variants(question))


def pick_variant(question: Question, seed: int, called: str = "") -> Variant:
    """The variant that a seed stands for. `called` is the id under which the seed was drawn, where that was another."""
    return make_variant(question, pick_number(question, seed, called), seed, called)


def make_variant(question: Question, number: int, seed: int = 0, called: str = "") -> Variant:
    """Variant `number` (from 0), its options and cells in the orders that `seed` draws under the id `called`.

    Raises StageError where the scenario or an edit of it cannot be made, ClaimError where a `let` or a cell cannot be
    evaluated, and Unanswerable where a cell has no certain value.
    """
    made = bare_variant(question, number, seed, called)
    cells = list(KINDS[question.kind].cells(made, simulated))
    random.Random(f"{called or question.id}:{seed}:cells").shuffle(cells)
    return replace(made, cells=tuple(cells)) if cells else made


def bare_variant(question: Question, number: int, seed: int = 0, called: str = "") -> Variant:
    """The same without the cells that its options are to be paired with: nothing of its timeline is run for it.

    Raises StageError and ClaimError.
    """
    values = dict(combinations(question)[number])
    if question.let:
        start = question.stage.initial(values) if question.stage is not None else EMPTY
        before = simulated(replace(start, timeline=(), until_ms=None))
        for name, claim in question.let:
            value = evaluate(claim, before, values).certain
            if value is None:
                raise ClaimError(f"`let` {name} depends on chance")
            values[name] = value
    scenario = question.stage(values) if question.stage is not None else None
    grader = KINDS[question.kind]
    options = list(grader.options(question, values, scenario))
    if grader.shuffles(question):
        random.Random(f"{called or question.id}:{seed}:order").shuffle(options)
    return Variant(
        question=question,
        number=number,
        seed=seed,
        values=tuple(values.items()),
        scenario=scenario,
        prompt=fill(question.prompt, values),
        options=tuple(options),
        why=fill(question.why, values),
        hints=tuple(fill(hint, values) for hint in question.hints),
    )
