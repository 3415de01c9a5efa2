"""Gathers what is wrong with one question: each finding once, with the first variant that shows it and their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.kinds import Value
from studyapp.cluster.trace import Outcome
from studyapp.packs.claims import ClaimSource, claim_problem
from studyapp.packs.problems import Problem
from studyapp.packs.worlds import trace_lines
from studyapp.questions.filling import in_words

Place = tuple[int, int]
"""Line and column."""


class Findings:
    """The findings of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.seen = 0
        """How often something was found wrong, the same thing in several variants counted each time."""
        self._found: dict[tuple[str, int, int, str], tuple[Problem, list[str | None]]] = {}
        """What was found first, and the variants that show it, which come one after another."""

    def __len__(self) -> int:
        return len(self._found)

    def add(self, problem: Problem) -> None:
        """Keep the first finding of its kind at its place, and count the variants that show it."""
        key = (problem.code, problem.line, problem.column, "" if problem.variant else problem.message)
        _, variants = self._found.setdefault(key, (problem, []))
        if problem.variant not in variants[-1:]:
            variants.append(problem.variant)
        self.seen += problem.severity == "error"

    def say(
        self,
        place: Place,
        code: str,
        message: str,
        hint: str | None = None,
        *,
        values: Mapping[str, Value] | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        """Add a finding; `values` are those of the variant that shows it, `outcome` the run that proves it."""
        variant = in_short(values) if values else None
        trace = trace_lines(outcome) if outcome is not None else ()
        self.add(Problem(self.path, *place, code, message, hint, variant, trace))

    def claim(self, error: ClaimError, source: ClaimSource, values: Mapping[str, Value] | None = None) -> None:
        """Add what is wrong with a claim."""
        problem = claim_problem(error, source.place, self.path)
        self.add(replace(problem, variant=in_short(values) if values else None))

    def problems(self) -> tuple[Problem, ...]:
        """The findings in the order in which they came."""
        return tuple(self._told(problem, len(variants)) for problem, variants in self._found.values())

    def _told(self, problem: Problem, count: int) -> Problem:
        if count == 1 or problem.variant is None:
            return problem
        variants = "1 more variant" if count == 2 else f"{count - 1} more variants"
        return replace(problem, variant=f"{problem.variant}; and {variants}")


def in_short(values: Mapping[str, Value]) -> str:
    """The values of a variant on one line."""
    return ", ".join(f"{name} = {in_words(value)}" for name, value in values.items())
