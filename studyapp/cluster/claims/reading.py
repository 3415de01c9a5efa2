"""What finding one answer may take: bounded by counts, so that the same is given up on every machine."""

from __future__ import annotations

import ast
from fractions import Fraction

from studyapp.cluster.claims.claim import ClaimError
from studyapp.cluster.effort import at_hand

MAX_COURSES = 20_000
"""Courses of chance that one answer may take to find."""
MAX_TURNS = 200_000
"""Things that a claim may go over in all, each as often as it does."""
MAX_WORK = 200_000
"""Steps that one answer may take to find: those of the runs that it tries, and what takes as long."""
TURNS_A_STEP = 10
"""Things that are gone over, or functions asked, in about the time of a step."""
TOO_MUCH = f"finding this takes more than {MAX_WORK:,} steps"
FEWER = "ask about fewer things at once"


class TooManyCourses(ClaimError):
    """Chance leaves more courses open than one answer may take to find."""


class Reading:
    """What finding one answer has taken so far, and the shares of chance that it has found. What it takes counts
    towards the work at hand, whose limit is that of the answer: TooMuchWork says that it is passed.
    """

    def __init__(self) -> None:
        self.courses = self.turns = self._small = 0
        self.effort = at_hand()
        self.shares: dict[tuple[object, ...], Fraction] = {}

    def course(self) -> None:
        """Another course. Raises TooManyCourses and TooMuchWork."""
        self.courses += 1
        self.effort.spend(1)
        if self.courses > MAX_COURSES:
            raise TooManyCourses("chance leaves more courses open than are followed: ask about fewer things at once")

    def turn(self, node: ast.expr) -> None:
        """Another thing that a claim goes over. Raises ClaimError and TooMuchWork."""
        self.turns += 1
        if self.turns > MAX_TURNS:
            raise ClaimError(f"this goes over more than {MAX_TURNS:,} things", node.col_offset + 1, FEWER)
        self.small()

    def small(self) -> None:
        """Another small thing that is done. Raises TooMuchWork."""
        self._small += 1
        if self._small % TURNS_A_STEP == 0:
            self.effort.spend(1)
