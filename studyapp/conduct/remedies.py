"""What would make a wrong answer right, for both faces: one question after another, each with its answer."""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.cluster.least_change import Search
from studyapp.cluster.reasons.remedies import condition, costs, how_many, others, tried
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Trace
from studyapp.packs.facts import Facts
from studyapp.questions.grader import Wish
from studyapp.questions.question import Variant
from studyapp.questions.remedies import remedy

SHOWN = 3
"""Remedies that are told at most."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """An answer to "what would make this right?".

    `question` and `line` are sentences; `changes` the least changes, each to go after "if", with what it costs; `more`
    that there are others, if so. `tried` says what was tried; `trace` is the course with the first change.
    """

    question: str
    line: str
    changes: tuple[tuple[str, tuple[str, ...]], ...]
    more: str
    tried: str
    trace: Trace | None


def what_if(facts: Facts, variant: Variant, wish: Wish) -> WhatIf:
    """Look for what would make a wish come true; takes from a few milliseconds to some seconds."""
    search = remedy(variant, wish)
    told = [(condition(found), tuple(costs(found, facts.told))) for found in search.remedies[:SHOWN]]
    first = search.remedies[0].scenario if search.remedies else None
    return WhatIf(
        question=f"What would make {wish.what}?",
        line=_line(search),
        changes=tuple(told),
        more=others(len(search.remedies) - SHOWN) if len(search.remedies) > SHOWN else "",
        tried=tried(search),
        trace=simulate(first).trace.decided() if first is not None else None,
    )


def _line(search: Search) -> str:
    counted = how_many(search)
    counted = f"{counted[0].upper()}{counted[1:]}"
    if not search.remedies:
        return f"{counted} of this cluster would."
    if len(search.remedies) == 1:
        return f"{counted} would make it right: if"
    return f"{counted} would make it right, and any of these will do: if"
