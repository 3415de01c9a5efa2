"""A practice session: questions asked one after another, each answered and then looked back on.

The session asks; an answer locks the question; once it is on disk the feedback is shown; going on asks the next, and
after the last the session is done. A question may be skipped while it has no answer. `MOVES` is that as a table. A move
that it does not list raises `IllegalMove` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

ASKING = "asking"
UNSAVED = "unsaved"
FEEDBACK = "feedback"
DONE = "done"


class IllegalMove(Exception):
    """A move that the session does not allow now; the message says why."""


MOVES: Mapping[str, Mapping[str, str]] = {
    ASKING: {"answer": UNSAVED, "skip": ASKING},
    UNSAVED: {"saved": FEEDBACK},
    FEEDBACK: {"advance": ASKING},
    DONE: {},
}
"""Phase to legal move to the phase after it; going on past the last question ends the session."""

_REFUSALS = {
    ASKING: "Answer the question first.",
    UNSAVED: "The answer is not saved yet: try again to save it.",
    FEEDBACK: "The question has been answered: go on to the next.",
    DONE: "The session is over.",
}


@dataclass(frozen=True, slots=True)
class Session:
    """The state of a practice session.

    `items` are (question id, seed); `index` counts from 0; `verdicts` those of the questions whose answers are saved.
    """

    items: tuple[tuple[str, int], ...]
    index: int = 0
    phase: str = ASKING
    verdicts: tuple[str, ...] = ()


def begin(items: tuple[tuple[str, int], ...]) -> Session:
    """A session over these questions; one without questions is over before it begins."""
    return Session(items, phase=ASKING if items else DONE)


def apply(session: Session, move: str, verdict: str | None = None) -> Session:
    """The session after a move; `saved` takes the verdict of the answer.

    Raises:
        IllegalMove: the move is not allowed; the session is as it was.
    """
    if move not in MOVES[session.phase]:
        raise IllegalMove(_REFUSALS[session.phase])
    after = replace(session, phase=MOVES[session.phase][move])
    if move == "saved":
        after = replace(after, verdicts=(*session.verdicts, verdict or ""))
    if move in ("advance", "skip"):
        last = session.index + 1 >= len(session.items)
        after = replace(after, phase=DONE) if last else replace(after, index=session.index + 1)
    return after


def rearranged(session: Session, rest: tuple[tuple[str, int], ...]) -> Session:
    """The session with other questions after the current one; as many as before.

    Raises:
        ValueError: they are more or fewer.
    """
    done = session.items[: session.index + 1]
    if len(done) + len(rest) != len(session.items):
        raise ValueError(f"{len(rest)} questions cannot stand for {len(session.items) - len(done)}")
    return replace(session, items=(*done, *rest))
