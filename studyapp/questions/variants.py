"""From a family to its variants: every combination of the varied values, numbered and reproducible from a seed."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Outcome
from studyapp.cluster.world import STEP_LIMIT
from studyapp.questions.question import FilledOption, Question, Variant

MAX_COMBINATIONS = 100_000
"""Combinations of one family that are counted; a family with more is refused."""

PLACEHOLDER = re.compile(r"\{\{([a-z_][a-z0-9_]*)\}\}|\{([a-z_][a-z0-9_]*)\}")


class TooManyVariants(Exception):
    """The varied values multiply to more than `MAX_COMBINATIONS`."""


def fill(text: str, values: Mapping[str, Value]) -> str:
    """Replace each `{name}` of `values`; `{{name}}` is a literal `{name}`, every other brace is text."""

    def one(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal is not None:
            return "{" + str(literal) + "}"
        return in_words(values[name]) if name in values else match.group()

    return PLACEHOLDER.sub(one, text)


def in_words(value: Value) -> str:
    """A value as a reader meets it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(in_words(item) for item in value)
    return str(value)


@lru_cache(maxsize=4096)
def combinations(question: Question) -> tuple[tuple[tuple[str, Value], ...], ...]:
    """Every combination of the varied values that meets `where`, in the author's order.

    Raises TooManyVariants, and ClaimError where `where` cannot be evaluated.
    """
    total = 1
    for _, values in question.vary:
        total *= len(values)
    if total > MAX_COMBINATIONS:
        raise TooManyVariants(f"{total:,} combinations; a family has at most {MAX_COMBINATIONS:,}")
    names = [name for name, _ in question.vary]
    every = (tuple(zip(names, c, strict=True)) for c in itertools.product(*(v for _, v in question.vary)))
    return tuple(c for c in every if _meets(question, c))


def _meets(question: Question, values: tuple[tuple[str, Value], ...]) -> bool:
    if question.where is None:
        return True
    held = evaluate(question.where, simulated(EMPTY), dict(values)).certain
    if not isinstance(held, bool):
        raise ClaimError("`where` must be true or false")
    return held


BELIEF_STEPS = 5_000
"""Steps after which a run under a misconception is given up: it predicts nothing."""

EMPTY = Scenario("", "ws2008r2")
"""A scenario with nothing in it, for claims about values alone."""


@lru_cache(maxsize=1024)
def simulated(scenario: Scenario, believed: str | None = None) -> Outcome:
    """The outcome of a scenario; one that was asked for a moment ago is not run again."""
    return simulate(scenario, believed, step_limit=BELIEF_STEPS if believed else STEP_LIMIT)


def count_variants(question: Question) -> int:
    """How many variants the family has."""
    return len(combinations(question))


def pick_variant(question: Question, seed: int) -> Variant:
    """The variant that a seed stands for."""
    number = random.Random(f"{question.id}:{seed}").randrange(count_variants(question))
    return make_variant(question, number, seed)


def make_variant(question: Question, number: int, seed: int = 0) -> Variant:
    """Variant `number` (from 0), its options in the order that `seed` draws.

    Raises StageError where the scenario cannot be built and ClaimError where a `let` cannot be evaluated.
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
    options = [
        FilledOption(index, fill(o.text, values), fill(o.reason, values), o.claim, o.static)
        for index, o in enumerate(question.options)
    ]
    if question.shuffle:
        random.Random(f"{question.id}:{seed}:order").shuffle(options)
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
