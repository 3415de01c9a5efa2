"""Sittings: what is allowed when, what it changes, and that the actions alone tell the state."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.clock import NaiveTime
from studyapp.exams.sitting import (
    HANDED_IN,
    MOVES,
    RUNNING,
    Action,
    Answer,
    Expire,
    Flag,
    Go,
    HandIn,
    IllegalMove,
    Kept,
    Sitting,
    Unflag,
    apply,
    begin,
    replay,
    warnings,
)
from studyapp.questions.response import Response
from tests.exams.bank import MINUTE, NOON, sitting

ITEMS = 3
one_of_the_items = st.integers(-1, ITEMS)
actions = st.one_of(
    st.builds(Answer, one_of_the_items, st.frozensets(st.integers(0, 3), max_size=3)),
    st.builds(Flag, one_of_the_items),
    st.builds(Unflag, one_of_the_items),
    st.builds(Go, one_of_the_items),
    st.builds(HandIn),
    st.builds(Expire),
)
# Mostly forwards; now and then the clock is set back; now and then far past the end.
waits = st.one_of(st.integers(0, 240), st.integers(-60, 0), st.just(3_000))
courses = st.lists(st.tuples(actions, waits), max_size=25)


def every(kind: str) -> Action:
    """An action of a kind, on the first question."""
    made: dict[str, Action] = {
        each.kind: each for each in (Answer(0, frozenset({1})), Flag(0), Unflag(0), Go(0), HandIn(), Expire())
    }
    return made[kind]


def course(steps: list[tuple[Action, int]]) -> tuple[Sitting, list[Kept]]:
    """A sitting after these actions, leaving out those it refuses, and what it asked to be remembered."""
    state, now = sitting(ITEMS), NOON
    kept: list[Kept] = []
    for action, wait in steps:
        now += timedelta(seconds=wait)
        before = state
        try:
            state, effects = apply(state, action, now)
        except IllegalMove:
            assert state == before
            continue
        kept.extend(effects)
    return state, kept


@given(courses)
def test_what_was_kept_tells_the_state(steps: list[tuple[Action, int]]) -> None:
    state, kept = course(steps)
    assert replay(sitting(ITEMS), [(each.action, each.at) for each in kept]) == state
    assert [each.n for each in kept] == list(range(1, len(kept) + 1))


@given(courses)
def test_the_state_is_what_a_plain_reading_of_the_actions_says(steps: list[tuple[Action, int]]) -> None:
    state, kept = course(steps)
    answers: dict[int, Response] = {}
    flags: set[int] = set()
    for each in kept:
        match each.action:
            case Answer(item=item, response=response):
                answers[item] = response
            case Flag(item=item):
                flags.add(item)
            case Unflag(item=item):
                flags.discard(item)
    assert state.answers == {item: given for item, given in answers.items() if given}
    assert state.flags == flags
    assert state.unanswered == tuple(i for i in range(ITEMS) if not answers.get(i))
    endings = [each for each in kept if isinstance(each.action, HandIn | Expire)]
    assert len(endings) <= 1
    assert state.running == (not endings)
    assert not endings or kept[-1] is endings[0], "nothing follows the end"


@given(courses)
def test_no_time_is_invented_or_counted_after_the_end(steps: list[tuple[Action, int]]) -> None:
    state, kept = course(steps)
    assert all(each.at <= state.ends for each in kept)
    assert all(spent >= timedelta(0) for spent in state.spent.values())
    moments = [NOON, *(each.at for each in kept)]
    forwards = [max(timedelta(0), b - a) for a, b in pairwise(moments)]
    assert sum(state.spent.values(), timedelta(0)) == sum(forwards, timedelta(0))


@pytest.mark.parametrize("kind", MOVES[RUNNING])
def test_the_table_is_the_machine(kind: str) -> None:
    now = NOON + 20 * MINUTE if kind == Expire.kind else NOON + MINUTE
    after, _ = apply(sitting(), every(kind), now)
    assert after.phase == MOVES[RUNNING][kind]
    handed_in, _ = apply(sitting(), HandIn(), NOON + MINUTE)
    assert handed_in.phase == HANDED_IN
    with pytest.raises(IllegalMove, match="handed in"):
        apply(handed_in, every(kind), now)


@pytest.mark.parametrize("kind", [kind for kind in MOVES[RUNNING] if kind != Expire.kind])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=400)])
def test_nothing_is_accepted_from_the_end_on(kind: str, late: timedelta) -> None:
    state = sitting(minutes=20)
    with pytest.raises(IllegalMove, match="time is up"):
        apply(state, every(kind), state.ends + late)
    apply(state, every(kind), state.ends - timedelta(microseconds=1))


def test_it_hands_itself_in_as_of_its_end_however_late_that_is_noticed() -> None:
    state = sitting(minutes=20)
    with pytest.raises(IllegalMove, match="not up yet"):
        apply(state, Expire(), state.ends - timedelta(microseconds=1))
    after, (kept,) = apply(state, Expire(), state.ends + timedelta(days=3))
    assert (after.ended, after.expired, kept.at) == (state.ends, True, state.ends)
    by_hand, _ = apply(state, HandIn(), NOON + MINUTE)
    assert (by_hand.ended, by_hand.expired) == (NOON + MINUTE, False)


@pytest.mark.parametrize("action", [Answer(3, frozenset({0})), Flag(-1), Unflag(3), Go(99)])
def test_a_question_that_does_not_exist_is_refused(action: Action) -> None:
    with pytest.raises(IllegalMove, match="There is no question"):
        apply(sitting(3), action, NOON + MINUTE)


def test_an_empty_answer_takes_the_answer_back() -> None:
    state, _ = apply(sitting(), Answer(1, frozenset({2})), NOON + MINUTE)
    assert state.answers == {1: frozenset({2})}
    assert state.answered_at == {1: NOON + MINUTE}
    state, _ = apply(state, Answer(1, frozenset()), NOON + 2 * MINUTE)
    assert state.answers == state.answered_at == {}


def test_time_goes_to_the_question_that_was_looked_at() -> None:
    state = sitting()
    state, _ = apply(state, Answer(0, frozenset({1})), NOON + MINUTE)
    state, _ = apply(state, Go(2), NOON + 3 * MINUTE)
    state, _ = apply(state, Flag(0), NOON + 4 * MINUTE)
    state, _ = apply(state, Expire(), NOON + 99 * MINUTE)
    assert state.spent == {0: 3 * MINUTE, 2: 17 * MINUTE}


@pytest.mark.parametrize("extra, minutes", [(1.0, 20), (1.25, 25), (1.5, 30), (2.0, 40)])
def test_extra_time_moves_the_end(extra: float, minutes: int) -> None:
    assert sitting(minutes=20, extra=extra).ends == NOON + minutes * MINUTE


def test_other_extra_times_are_refused() -> None:
    with pytest.raises(ValueError, match=r"extra time is one of 1, 1\.25, 1\.5, 2, not 3"):
        sitting(extra=3)


def test_the_time_left_never_exceeds_the_exam_nor_falls_below_nothing() -> None:
    state = sitting(minutes=20)
    assert state.remaining(NOON + 5 * MINUTE) == 15 * MINUTE
    assert state.remaining(NOON - 60 * MINUTE) == 20 * MINUTE
    assert state.remaining(NOON + 60 * MINUTE) == timedelta(0)


@pytest.mark.parametrize(
    "minutes, seconds_left",
    [(120, [3600, 600, 300, 60]), (60, [1800, 600, 300, 60]), (20, [600, 200, 100, 20]), (1, [30, 10, 5, 1])],
)
def test_warnings_fit_the_length_of_the_exam(minutes: int, seconds_left: list[int]) -> None:
    assert [each.total_seconds() for each in warnings(minutes * MINUTE)] == seconds_left


def test_a_time_without_a_zone_is_refused_everywhere() -> None:
    naive = datetime(2026, 3, 1, 12, 5)  # noqa: DTZ001  # this is what must be refused
    state = sitting()
    with pytest.raises(NaiveTime):
        begin("s", "p", state.form, 20, naive)
    with pytest.raises(NaiveTime):
        apply(state, Flag(0), naive)
    with pytest.raises(NaiveTime):
        state.remaining(naive)
    with pytest.raises(NaiveTime):
        state.out_of_time(naive)


def test_the_time_is_that_of_the_moment_whatever_the_zone() -> None:
    elsewhere = datetime.fromisoformat("2026-03-01T23:31:00+11:00")
    with pytest.raises(IllegalMove, match="time is up"):
        apply(sitting(minutes=20), Flag(0), elsewhere)
    begun = begin("s", "p", sitting().form, 20, datetime.fromisoformat("2026-03-01T23:00:00+11:00"))
    assert begun.started == NOON
    assert begun.started.utcoffset() == timedelta(0)
