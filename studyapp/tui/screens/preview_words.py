"""What the preview of a pack says above a file and below it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from studyapp.packs.problems import Problem
from studyapp.questions.filling import in_words
from studyapp.tui.previewing import View
from studyapp.tui.text import words
from studyapp.tui.widgets.findings import finding_pieces
from studyapp.tui.widgets.flow import Gap, Piece, Run

BEFORE = "This file cannot be read as it is now. What you see is what it was before."
NOTHING_YET = "This file cannot be read as it is. What is wrong with it is said below."


READING = "Reading the pack …"
EMPTY = "There is no file here yet. A pack begins with pack.yaml."


def note(text: str) -> list[Piece]:
    """What is said where nothing can be shown."""
    return [Run(words(text, "$quiet"))]


def head_pieces(view: View, shown: View, face: str) -> list[Piece]:
    """What is to be known before a file is looked at."""
    found: list[Piece] = []
    if not view.good:
        said = view.trouble or view.page.told or NOTHING_YET
        if shown.good:
            said = BEFORE if not (view.trouble or view.page.told) else f"{said} What you see is what it was before."
        found += [_warning(said)] if shown.good or not view.page.told else [Run(words(view.page.told))]
    elif view.trouble:
        found.append(_warning(view.trouble))
    if shown.total:
        names = shown.variant.names if shown.variant is not None else {}
        values = ", ".join(f"{name} = {in_words(value)}" for name, value in names.items())
        number = Content.styled(f"Variant {shown.number + 1:,} of {shown.total:,}", "bold")
        found.append(Run(number + words(f"  {face}", "$accent")))
        if values:
            found.append(Run(words(values, "$quiet")))
    return [*found, Gap()] if found else []


def _warning(text: str) -> Piece:
    return Run(words(text, "bold $warning"), Content.styled("▲ ", "bold $warning"), Content("  "))


def found_pieces(problems: Sequence[Problem], view: View | None, *, running: bool, fresh: bool) -> list[Piece]:
    """The findings of a file, and how much they are to be relied on."""
    if view is None:
        return []
    others = view.page.others
    if not problems and others:
        where = Run(words("Findings in the files that it stands on", "bold $primary"))
        return [where, *finding_pieces(others, path=True)][:-1]
    if not problems:
        said = "No findings." if fresh else "Nothing found yet: the pack is being proved." if running else "Not proved."
        return [Run(Content.styled(said, "$quiet"))]
    head = "Findings" if fresh or not running else "Findings so far; the pack is being proved again"
    return [Run(Content.styled(head, "bold $primary")), *finding_pieces(problems)][:-1]
