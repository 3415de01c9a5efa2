"""What would make an answer right, as pieces."""

from __future__ import annotations

from textual.content import Content

from studyapp.conduct.remedies import WhatIf
from studyapp.questions.grader import Wish
from studyapp.tui.spoken import Keymap, quietly
from studyapp.tui.text import words
from studyapp.tui.widgets.flow import Gap, Indented, Piece, Run


def searching(wish: Wish) -> list[Piece]:
    """What is being looked for."""
    return [_question(f"What would make {wish.what}?"), Run(Content.styled("Looking for the least change …", "$quiet"))]


def told(found: WhatIf) -> list[Piece]:
    """The least changes with what they cost, and what was tried."""
    pieces: list[Piece] = [_question(found.question), Run(words(found.line))]
    for text, costs in found.changes:
        price = tuple(Run(words(cost, "$warning")) for cost in costs)
        pieces.append(Indented((Run(words(text)), *price), Content.styled("• ", "$secondary"), Content("  ")))
    if found.more:
        pieces.append(Run(words(f"… {found.more}", "$quiet")))
    return [*pieces, Run(words(found.tried, "$quiet")), Gap()]


def pictured(found: WhatIf, keymap: Keymap) -> list[Piece]:
    """What the picture shows now."""
    said = "The cluster at the end, if " + found.changes[0][0] + "."
    back = quietly("Back to the replay with {feedback.step-back} and {feedback.step}", keymap)
    return [Gap(), Run(words(said, "bold")), Run(back)]


def _question(text: str) -> Piece:
    return Run(words(text, "bold $secondary"))
