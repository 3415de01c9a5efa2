"""Claims in an author's files, each with the places of its characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studyapp.cluster.claims.claim import Claim, ClaimError, parse_claim
from studyapp.packs.fields import Fields
from studyapp.packs.problems import Problem
from studyapp.packs.source import Node, Scalar

Places = Callable[[int], tuple[int, int]]
"""Line and column of a column (from 1) of a claim's text."""


@dataclass(frozen=True, slots=True)
class ClaimSource:
    """A claim with the place of its first character, and how to find the place of another column (from 1)."""

    claim: Claim
    place: Places


def read_claim(fields: Fields, node: Node) -> ClaimSource | None:
    """A claim that is written as a value in YAML; None with a problem when it is none."""
    if not isinstance(node, Scalar) or node.value is None:
        hint = "put a claim that begins with a quote or a bracket in quotes as a whole"
        fields.say(node, "bad-claim", "this is not a claim", hint)
        return None
    text = str(node.value) if isinstance(node.value, bool) else node.text
    shift = len(text) - len(text.lstrip())

    def place(column: int) -> tuple[int, int]:
        return node.position(shift + column - 1)

    return claim_source(text.strip(), place, fields.path, fields.problems)


def claim_source(text: str, place: Places, path: str, problems: list[Problem]) -> ClaimSource | None:
    """A claim out of its text; None with a problem when it cannot be read."""
    try:
        return ClaimSource(parse_claim(text), place)
    except ClaimError as error:
        problems.append(claim_problem(error, place, path))
        return None


def claim_problem(error: ClaimError, place: Places, path: str) -> Problem:
    """What is wrong with a claim, at its place in the author's file."""
    line, column = place(error.column)
    return Problem(path, line, column, "bad-claim", error.message, error.hint or None)
