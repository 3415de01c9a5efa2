"""The practice session: its table, and nothing beside it."""

from __future__ import annotations

import pytest

from studyapp.study.session import (
    ASKING,
    DONE,
    FEEDBACK,
    MOVES,
    UNSAVED,
    IllegalMove,
    Session,
    apply,
    begin,
    rearranged,
)

ITEMS = (("a", 1), ("b", 2))


def at(phase: str) -> Session:
    """A session in a phase."""
    return Session(ITEMS, phase=phase)


@pytest.mark.parametrize("phase", MOVES)
@pytest.mark.parametrize("move", ["answer", "skip", "saved", "advance", "give up"])
def test_the_table_is_the_machine(phase: str, move: str) -> None:
    if move in MOVES[phase]:
        assert apply(at(phase), move, "right").phase == MOVES[phase][move]
    else:
        with pytest.raises(IllegalMove):
            apply(at(phase), move, "right")


def test_every_phase_can_be_reached() -> None:
    reached = {to for moves in MOVES.values() for to in moves.values()} | {DONE}
    assert reached == set(MOVES) == {ASKING, UNSAVED, FEEDBACK, DONE}


def test_a_session_from_its_beginning_to_its_end() -> None:
    session = begin(ITEMS)
    for verdict in ("right", "wrong"):
        assert session.phase == ASKING
        session = apply(apply(session, "answer"), "saved", verdict)
        assert session.phase == FEEDBACK
        session = apply(session, "advance")
    assert (session.phase, session.index, session.verdicts) == (DONE, 1, ("right", "wrong"))


def test_a_skipped_question_has_no_verdict() -> None:
    session = apply(begin(ITEMS), "skip")
    assert (session.phase, session.index, session.verdicts) == (ASKING, 1, ())
    assert apply(session, "skip").phase == DONE


def test_a_session_without_questions_is_over() -> None:
    assert begin(()).phase == DONE


def test_what_comes_after_the_current_question_can_be_rearranged() -> None:
    session = Session((*ITEMS, ("c", 3)), phase=FEEDBACK)
    assert rearranged(session, (("c", 3), ("d", 4))).items == (("a", 1), ("c", 3), ("d", 4))
    with pytest.raises(ValueError, match="cannot stand for"):
        rearranged(session, (("c", 3),))
