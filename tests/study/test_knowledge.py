"""What is said of somebody: nothing before there are answers, and no surer than the answers allow."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.beliefs import Shown, beliefs
from studyapp.study.calibration import calibrations
from studyapp.study.knowledge import Person, expect, person, share_interval, shifted
from studyapp.study.mastery import masteries
from studyapp.study.readiness import pass_chance, readiness
from studyapp.study.schedule import Memory, retrievability
from tests.exams.bank import LEAVES, TOPICS, family
from tests.study.answers import NOON, answer, memories

DAY = 24 * 60
BANK = [family(f"q{i}", LEAVES[i % 3]) for i in range(12)]
WEIGHTS = dict.fromkeys((each.id for each in BANK), 1 / 12)


def studied(verdict: str = "right", times: int = 5) -> dict[str, Memory]:
    """Each family asked this often, days apart, the last time yesterday."""
    made = [
        answer(each.id, verdict, -((times - n) ** 2) * DAY + i) for i, each in enumerate(BANK) for n in range(times)
    ]
    return memories(*made)


def test_of_nobody_nothing_is_known() -> None:
    assert (person([]).shift, person([]).unseen) == (0, 0.5)
    whole = expect([], NOON, person([]))
    assert (whole.low, whole.high) == (0, 1)


def test_who_forgets_less_than_expected_is_known_to() -> None:
    assert person(studied("right").values()).shift > 0 > person(studied("wrong").values()).shift


def lasting(deep: str, times: int = 8) -> dict[str, Memory]:
    """Half of the families are asked every three days, the others after ever longer times, which come out `deep`."""
    made = []
    for i, each in enumerate(BANK):
        days = [3 * n for n in range(times)] if i % 2 else [n * n for n in range(times)]
        for n, day in enumerate(days):
            verdict = deep if not i % 2 and n > 3 else "right" if n % 6 else "wrong"
            made.append(answer(each.id, verdict, (day - 60) * DAY + i))
    return memories(*made)


def test_who_forgets_more_of_what_should_last_than_of_what_is_fresh_is_known_to() -> None:
    holds, fades = person(lasting("right").values()), person(lasting("wrong").values())
    assert fades.slope < 0
    assert fades.slope < holds.slope
    assert fades.recalls(0.9, 2.0) < fades.recalls(0.9, -1.0)


def test_what_has_not_been_tried_of_a_person_stays_uncertain() -> None:
    """Answers to fresh memories say little of how lasting ones hold out."""
    fresh = {name: memory for name, memory in lasting("right").items() if int(name[1:]) % 2}
    who = person(fresh.values())
    [some] = [memory for name, memory in fresh.items() if name == "q1"]
    at = some.last_at + timedelta(days=2)
    deep = replace(some, stability=some.stability * 30, last_at=at - 30 * (at - some.last_at))
    shallow, lasts = (expect([(1.0, each)] * 200, at, who) for each in (some, deep))
    assert lasts.high - lasts.low > shallow.high - shallow.low


def test_a_prior_is_all_there_is_without_answers() -> None:
    assert person([]) == Person()


def test_more_answers_make_it_surer() -> None:
    widths = []
    for times in (1, 3, 8):
        found = readiness(WEIGHTS, studied(times=times), NOON, 20, 0.7).score
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)


def test_mastery_goes_down_with_time_and_up_the_tree() -> None:
    found = studied()
    who = person(found.values())
    now, later = (masteries(BANK, TOPICS, found, NOON + days * timedelta(days=1), who) for days in (0, 200))
    assert [each.objective for each in now] == ["nlb", "nlb/sharing", "nlb/failure", "quorum", "quorum/votes"]
    assert [(each.families, each.seen, each.answers) for each in now] == [
        (8, 8, 40),
        (4, 4, 20),
        (4, 4, 20),
        (4, 4, 20),
        (4, 4, 20),
    ]
    assert all(before.expected.mean > after.expected.mean for before, after in zip(now, later, strict=True))
    assert all(each.enough for each in now)


def test_nothing_is_said_of_an_objective_that_was_hardly_asked() -> None:
    found = masteries(BANK, TOPICS, memories(answer("q0"), answer("q0", minute=1)), NOON, Person())
    assert not any(each.enough for each in found)


def test_readiness_needs_answers_from_half_of_the_exam() -> None:
    assert not readiness(WEIGHTS, {}, NOON, 20, 0.7).enough
    few = {name: memory for name, memory in studied().items() if name in ("q0", "q1", "q2")}
    found = readiness(WEIGHTS, few, NOON, 20, 0.7)
    assert found.seen == pytest.approx(0.25)
    assert (found.answers, found.enough) == (15, False)
    assert readiness(WEIGHTS, studied(), NOON, 20, 0.7).enough


def test_what_an_exam_does_not_ask_does_not_count() -> None:
    only = {**dict.fromkeys(WEIGHTS, 0.0), "q0": 1.0}
    found = readiness(only, studied(), NOON, 20, 0.7)
    assert (found.seen, found.answers) == (1.0, 5)
    assert readiness({}, studied(), NOON, 20, 0.7).enough is False


def test_the_chance_to_pass() -> None:
    assert pass_chance(0.7, 40, 0.7) == pytest.approx(0.56, abs=0.02), "the binomial gives 0.577"
    assert pass_chance(0.8, 40, 0.7) == pytest.approx(0.96, abs=0.02), "the binomial gives 0.957"
    assert pass_chance(0.9, 40, 0.7) == pass_chance(1.0, 40, 0.7) == 0.99, "nobody passes for certain"
    assert pass_chance(0.5, 40, 0.7) == pass_chance(0.0, 40, 0.7) == pytest.approx(0.01), "or fails"


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_interval_holds_its_share(right: int, wrong: int) -> None:
    found = share_interval(right, right + wrong)
    assert 0 <= found.low <= found.mean <= found.high <= 1


def test_intervals_of_shares_hold_the_truth_eight_times_of_ten() -> None:
    chance = random.Random(1)
    held = 0
    for _ in range(4000):
        truth = chance.uniform(0.3, 0.9)
        found = share_interval(sum(chance.random() < truth for _ in range(40)), 40)
        held += found.low <= truth <= found.high
    assert 0.76 < held / 4000 < 0.84


def test_a_shift_moves_odds_and_none_moves_nothing() -> None:
    assert shifted(0.7, 0) == pytest.approx(0.7)
    assert shifted(0.5, 1) == pytest.approx(1 - shifted(0.5, -1))
    assert 0 < shifted(0.0, 0) < shifted(1.0, 0) < 1


def test_what_was_never_asked_is_expected_as_first_answers_went() -> None:
    half = memories(*(answer(f"q{i}", "right" if i % 3 == 0 else "wrong") for i in range(6)))
    who = person(half.values())
    assert who.unseen == pytest.approx(0.4), "two of six, beside two of four imagined"
    assert expect([(1.0, None)], NOON, who).mean == pytest.approx(0.4)


def test_a_memory_is_expected_as_it_is_recalled() -> None:
    [memory] = memories(answer("q0")).values()
    at = NOON + timedelta(days=3)
    assert expect([(2.0, memory)], at, replace(Person(), shift=0.0)).mean == pytest.approx(retrievability(memory, at))


CALIBRATED = [
    ("sure", 40, 39.0, "fits"),
    ("sure", 40, 30.0, "over"),
    ("sure", 9, 0.0, "few"),
    ("think-so", 40, 30.0, "fits"),
    ("think-so", 40, 12.0, "over"),
    ("think-so", 60, 60.0, "under"),
    ("guess", 40, 10.0, "fits"),
    ("guess", 40, 36.0, "under"),
]


@pytest.mark.parametrize("certainty, answers, points, verdict", CALIBRATED)
def test_certainty_is_held_against_what_was_right(certainty: str, answers: int, points: float, verdict: str) -> None:
    found = {each.certainty: each for each in calibrations({certainty: (answers, points)})}
    assert found[certainty].verdict == verdict
    assert list(found) == ["guess", "think-so", "sure"]
    assert all(each.verdict == "few" for name, each in found.items() if name != certainty)


def test_a_misconception_has_gone_when_every_question_that_showed_it_was_answered_rightly_since() -> None:
    def shown(belief: str, question: str, times: int, right_since: int) -> Shown:
        return Shown(belief, question, times, NOON + times * timedelta(days=1), right_since)

    found = beliefs(
        [
            shown("gone", "a", 1, 2),
            shown("gone", "b", 4, 1),
            shown("too-few", "a", 2, 2),
            shown("one-not-yet", "a", 1, 5),
            shown("one-not-yet", "b", 3, 0),
        ]
    )
    assert [(each.belief, each.times, each.gone) for each in found] == [
        ("one-not-yet", 4, False),
        ("too-few", 2, False),
        ("gone", 5, True),
    ]
    assert found[2].questions == ("b", "a")
    assert found[2].last_at == NOON + timedelta(days=4)
