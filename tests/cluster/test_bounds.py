"""The work of a run and of an answer is bounded by counts, so that the same is given up on every machine."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

import pytest

from studyapp.cluster.claims.claim import ClaimError, parse_claim
from studyapp.cluster.claims.evaluation import courses, evaluate
from studyapp.cluster.claims.reading import Reading
from studyapp.cluster.effort import TooMuchWork, at_hand, counted
from studyapp.cluster.least_change import least_changes
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.simulation import simulate
from studyapp.cluster.world import RunTooLong
from studyapp.packs.scenarios import load_scenario

SIMULATION = "studyapp.cluster.simulation"
READING = "studyapp.cluster.claims.reading"


def crowd(roles: int) -> Scenario:
    """Each role goes from h1 to one of three hosts, and from h2 on if it was that one: two courses for each role."""
    return load_scenario(
        "title: Nothing says where roles go\nrelease: ws2012r2\nstorage: {san: {kind: array}}\n"
        "hosts: {h1: {}, h2: {}, h3: {}, h4: {}}\n"
        "clusters:\n  c: {kind: failover, nodes: [h1, h2, h3, h4], witness: {share: z}}\n"
        "roles:\n" + "".join(f"  r{n}: {{cluster: c, owner: h1, storage: san}}\n" for n in range(roles)) + "timeline:\n"
        "  - crash: h1\n  - crash: h2\n"
    )


def test_every_course_is_followed_within_the_bounds() -> None:
    outcome = simulate(crowd(4))
    assert not outcome.bounded
    assert len(outcome.branches) == 2**4
    assert sum(branch.share for branch in outcome.branches) == 1
    assert outcome.steps == simulate(crowd(4)).steps > 2**4


BOUNDS = [
    ("MAX_STEPS", 40, range(1, 2), "too much may happen: only the first of "),
    ("MAX_STEPS", 1, range(1, 2), "too many branches of chance"),
    ("MAX_BRANCHES", 8, range(2, 9), "too many branches of chance"),
    ("MAX_HISTORIES", 8, range(2, 9), "too many branches of chance"),
]


@pytest.mark.parametrize("name, bound, branches, said", BOUNDS)
def test_past_a_bound_the_first_course_stands_for_the_rest(
    name: str, bound: int, branches: range, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = simulate(crowd(4))
    monkeypatch.setattr(f"{SIMULATION}.{name}", bound)
    outcome = simulate(crowd(4))
    assert outcome.bounded
    assert len(outcome.branches) in branches
    assert outcome.steps < whole.steps
    assert sum((branch.share for branch in outcome.branches), Fraction(0)) == 1
    told = [event.detail for branch in outcome.branches for event in branch.trace.events if event.kind == "bounded"]
    assert any(detail.startswith(said) for detail in told)
    assert simulate(crowd(4)) == outcome
    assert evaluate(parse_claim('certain(up("h3"))'), outcome).unknown


def test_what_is_certain_is_found_once_and_not_in_each_course(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 courses ask, and asking goes over 64 courses: not 64 times 64."""
    outcome = simulate(crowd(6))
    assert len(outcome.branches) == 64
    monkeypatch.setattr(f"{READING}.MAX_COURSES", 600)
    found = evaluate(parse_claim('certain(moved("r1")) and possible(owner("r1") == "h3")'), outcome)
    assert found.certain is True
    assert evaluate(parse_claim('chance(owner("r1") == "h3")'), outcome).certain == 0.5


def test_what_held_over_time_is_found_once_and_not_in_each_part_of_a_course() -> None:
    """The role is on h3 or h4, which is asked after every moment has been looked at: neither part looks again."""
    outcome = simulate(crowd(1))
    branch = outcome.branches[0]
    reading = Reading()
    parts = courses(parse_claim('always(up("h3")) and owner("r0") == "h3"').tree, branch, outcome, {}, None, reading)
    assert [part.value for part in parts] == [True, False]
    assert reading.courses == 3
    assert reading.turns == len(list(branch.trace.moments()))


@pytest.mark.parametrize(
    "text, values",
    [
        ("[chance(x == 1) for x in [1, 2]]", (1.0, 0.0)),
        ("[chance(at(t, owner('r0') == 'h1')) for t in [0, 100]]", (1.0, 0.0)),
        ("[ever(not up(x)) for x in ['h2', 'h3']]", (True, False)),
        ("[at(t, always(up('h2'))) for t in [0, 1000]]", (True, False)),
    ],
)
def test_what_was_found_is_not_taken_for_something_else(text: str, values: tuple[float | bool, ...]) -> None:
    """The names that stand in it, and the time it is asked about, are part of the question."""
    assert evaluate(parse_claim(text), simulate(crowd(1))).certain == values


MANY = 'len([1 for a in nodes("c") if owner("r0") == a or owner("r1") == a or owner("r2") == a])'


def test_a_claim_that_takes_too_many_courses_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = simulate(crowd(3))
    whole = evaluate(parse_claim(MANY), outcome)
    assert not whole.unknown
    assert len(whole.values) > 1
    monkeypatch.setattr(f"{READING}.MAX_COURSES", 3)
    found = evaluate(parse_claim(MANY), outcome)
    assert (found.unknown, found.certain) == (True, None)
    assert evaluate(parse_claim("1 < 2"), simulate(crowd(0))).certain is True


@pytest.mark.parametrize(
    "text",
    [
        'len([a for a in nodes("c") for b in [1]]) > 0',
        'all(any(any(a != b for b in nodes("c")) for c in nodes("c")) for a in nodes("c"))',
        'ever(ever(ever(up("h1") and down("h1"))))',
    ],
)
def test_a_claim_that_goes_over_too_many_things_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = simulate(crowd(1))
    monkeypatch.setattr(f"{READING}.MAX_TURNS", 10)
    with pytest.raises(ClaimError):
        evaluate(parse_claim(text), outcome)


def test_a_search_for_the_least_change_ends_when_it_has_taken_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    never = parse_claim('up("h1") and not up("h1")')
    whole = least_changes(never, crowd(1), most=1)
    assert whole.complete
    monkeypatch.setattr("studyapp.cluster.least_change.MOST_STEPS", 100)
    cut = least_changes(never, crowd(1), most=1)
    assert not cut.complete
    assert 1 < cut.tried < whole.tried


def test_a_change_whose_run_does_not_end_is_no_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there takes too long to answer; with the crash left out there is less to simulate, and an answer."""
    scenario = crowd(0)
    monkeypatch.setattr("studyapp.cluster.world.STEPS_EACH", 0)
    limit = max(simulate(replace(scenario, timeline=(step,))).steps for step in scenario.timeline)
    monkeypatch.setattr("studyapp.cluster.least_change.STEP_LIMIT", limit)
    monkeypatch.setattr("studyapp.cluster.least_change.simulate", partial(simulate, step_limit=limit))
    with pytest.raises(RunTooLong):
        simulate(scenario, step_limit=limit)
    found = least_changes(parse_claim('up("h1")'), scenario, most=1)
    assert found.complete
    assert [change.kind for remedy in found.remedies for change in remedy.changes] == ["fault"]


# -- what counts ------------------------------------------------------------------------------------------------------


def test_what_is_remembered_counts_like_what_is_found_anew() -> None:
    claims = ['downtime("r0") > 5', 'survives("r0", 2)', 'cut_sets("r0", 2) == []', 'len(single_points("r0")) > 0']
    for text in claims:
        outcome, taken = simulate(crowd(1)), []
        for _ in range(3):
            with counted() as effort:
                evaluate(parse_claim(text), outcome)
            taken.append(effort.steps)
        assert taken[0] == taken[1] == taken[2] > 0, text


def test_a_part_counts_towards_the_whole_and_what_stands_alone_does_not() -> None:
    with counted(10) as whole:
        with counted() as part:
            part.spend(4)
            assert part.whole is whole
        with counted(alone=True) as other:
            other.spend(100)
            assert other.whole is other
        assert whole.steps == 4
        at_hand().spend(6)
        with pytest.raises(TooMuchWork):
            at_hand().spend(1)


@pytest.mark.parametrize(
    "text, column", [('survives("r0", 2)', 1), ('up("h3") and len(cut_sets("r0", 3)) > 0', 18), ('up("h3")', 1)]
)
def test_a_claim_that_takes_too_much_work_is_refused(text: str, column: int, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = simulate(crowd(1))
    evaluate(parse_claim(text), outcome)
    monkeypatch.setattr("studyapp.cluster.claims.evaluation.MAX_WORK", 0 if text == 'up("h3")' else 30)
    with pytest.raises(ClaimError) as caught:
        evaluate(parse_claim(text), outcome)
    assert caught.value.column == column
