"""Findings of a check as pieces: where, how much it weighs, what is wrong, what to do, and the run that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from textual.content import Content

from studyapp.packs.problems import Problem
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import Gap, Piece, Run

SIGNS: Mapping[str, tuple[str, str]] = {
    "error": ("✖", "$error"),
    "warning": ("▲", "$warning"),
    "info": ("·", "$quiet"),
}
"""The sign of each severity, and its style; the word stands beside it."""
MOST_LINES = 8
"""Lines of a trace that are shown."""
MOST = 200
"""Findings that are shown; `pack check` tells all."""


def sign_of(problems: Iterable[Problem]) -> tuple[str, str]:
    """The sign of the gravest of some problems, with how many there are; empty where there are none."""
    counts = Counter(problem.severity for problem in problems)
    for severity, (sign, style) in SIGNS.items():
        if counts[severity]:
            return f"{sign} {counts[severity]}", style
    return "", ""


def finding_pieces(problems: Iterable[Problem], *, path: bool = False) -> Iterator[Piece]:
    """Each finding with an empty line after it; with `path` the file is named too."""
    problems = tuple(problems)
    for problem in problems[:MOST]:
        sign, style = SIGNS[problem.severity]
        where = f"{problem.line}:{problem.column}" if problem.line else "the file"
        if path:
            where = f"{problem.path}:{where}" if problem.line else problem.path
        mark = Content.styled(f"{sign} ", f"bold {style}")
        under = Content("  ")
        head = words(f"{where}  {problem.severity}: {problem.code}", f"bold {style}")
        yield Run(head, mark, under)
        yield Run(words(problem.message), under, under)
        if problem.hint:
            yield Run(words(problem.hint, "italic"), under, under)
        if problem.variant:
            yield Run(words(f"with {problem.variant}", "$quiet"), under, under)
        for line in problem.trace[:MOST_LINES]:
            yield Run(words(line, "$quiet"), Content("    "), Content("      "))
        if len(problem.trace) > MOST_LINES:
            yield Run(Content.styled(f"… and {len(problem.trace) - MOST_LINES} more lines", "$quiet"), Content("    "))
        yield Gap()
    if len(problems) > MOST:
        yield Run(Content(f"… and {len(problems) - MOST} more; studyapp pack check tells all"))
