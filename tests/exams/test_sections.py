"""Sections: drawn whole and without a family twice, closed behind one where they are locked, counted by themselves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.exams.blueprint import Blueprint, Section, ancestry, section_flaws
from studyapp.exams.form import SEEDS, Form, FormError, FormSection, draw_form, largest_remainder
from studyapp.exams.score import report
from studyapp.exams.sections import NO_WAY_BACK, asked_before, before, plan_of, stretches
from studyapp.exams.sitting import Action, Answer, Expire, Flag, Go, HandIn, IllegalMove, Sitting, Unflag, apply, replay
from studyapp.questions.grading import Grade
from studyapp.questions.question import Question
from studyapp.questions.variants import pick_variant, variants_on
from tests.exams.bank import LEAVES, MINUTE, NOON, TOPICS, family, plan, sitting

PLACES = ("east", "west")
HELD = frozenset({0})

banks = st.lists(
    st.tuples(st.sampled_from(LEAVES), st.integers(1, 3), st.sampled_from([(), ("east",), ("west",), PLACES])),
    max_size=14,
).map(lambda rows: [family(f"f{i}", objective, variants, on=on) for i, (objective, variants, on) in enumerate(rows)])
parts = st.lists(
    st.builds(Section, st.just("S"), st.integers(1, 3), st.sampled_from([None, *PLACES]), st.booleans()),
    min_size=1,
    max_size=3,
).map(tuple)
draws = st.sampled_from(
    [(("nlb", 100.0),), (("nlb", 60.0), ("quorum", 40.0)), (("quorum", 50.0), ("nlb/failure", 50.0))]
)
seeds = st.integers(0, SEEDS)


def could_ask(blueprint: Blueprint, bank: list[Question]) -> list[frozenset[str]]:
    """For each question of an exam the families that would do."""
    counts = largest_remainder(blueprint.outside, [share for _, share in blueprint.draw])
    within = {each.id: set(ancestry(each.objective, TOPICS)) for each in bank}
    found: list[frozenset[str]] = []
    for (objective, _), count in zip(blueprint.draw, counts, strict=True):
        found += [frozenset(each.id for each in bank if objective in within[each.id])] * count
    drawn = {objective for objective, _ in blueprint.draw}
    for section in blueprint.sections:
        fit = (each for each in bank if section.scenario in each.scenarios or not section.scenario)
        found += [frozenset(each.id for each in fit if section.scenario or within[each.id] & drawn)] * section.questions
    return found


def can_be_filled(wanted: list[frozenset[str]]) -> bool:
    """Whether each place can have a family of its own: as many as there are, of whichever places (Hall's theorem)."""
    kinds = Counter(wanted)
    sets = list(kinds)
    return all(
        len(frozenset().union(*(each for i, each in enumerate(sets) if chosen >> i & 1)))
        >= sum(kinds[each] for i, each in enumerate(sets) if chosen >> i & 1)
        for chosen in range(1, 1 << len(sets))
    )


@given(banks, parts, draws, st.integers(0, 4), seeds)
def test_a_form_with_sections_is_as_its_blueprint_says_or_refused_whatever_the_seed(
    bank: list[Question], sections: tuple[Section, ...], draw: tuple[tuple[str, float], ...], outside: int, seed: int
) -> None:
    blueprint = plan(outside + sum(each.questions for each in sections), *draw, sections=sections)
    possible = can_be_filled(could_ask(blueprint, bank))
    try:
        form = draw_form(blueprint, bank, TOPICS, seed)
    except FormError:
        assert not possible, "a form that can be drawn was refused"
        return
    assert possible
    asked = [item.question_id for item in form.items]
    assert len(asked) == blueprint.questions
    assert len(set(asked)) == len(asked), "no family twice"
    assert [each.end - each.first for each in form.sections] == [each.questions for each in sections]
    assert [each.first for each in form.sections] == [outside, *(each.end for each in form.sections[:-1])]
    by_id = {each.id: each for each in bank}
    for section, made in zip(sections, form.sections, strict=True):
        assert (made.title, made.scenario, made.locked) == (section.title, section.scenario, section.locked)
        for item in form.items[made.first : made.end]:
            variant = pick_variant(by_id[item.question_id], item.seed)
            if section.scenario is not None:
                assert dict(variant.values).get("scenario", section.scenario) == section.scenario
                assert section.scenario in variant.question.scenarios
    wanted = zip((name for name, _ in draw), largest_remainder(outside, [share for _, share in draw]), strict=True)
    assert Counter(item.objective for item in form.items[:outside]) == {name: n for name, n in wanted if n}
    assert draw_form(blueprint, bank[::-1], TOPICS, seed) == form


def test_what_another_part_needs_is_left_to_it() -> None:
    """The series could take any, the draw and the case study have one each: whatever chance says, all three fit."""
    bank = [family("on", "nlb/sharing", on=("east",)), family("votes", "quorum/votes"), family("free", "nlb/sharing")]
    sections = (Section("Series", 1, locked=True), Section("Case", 1, "east"))
    blueprint = plan(3, ("quorum", 50), ("nlb", 50), sections=sections)
    for seed in range(40):
        assert [item.question_id for item in draw_form(blueprint, bank, TOPICS, seed).items] == ["votes", "free", "on"]


def test_a_section_may_be_about_something_that_the_exam_does_not_draw() -> None:
    bank = [family("a", "nlb/sharing"), family("b", "quorum/votes", on=("east",)), family("c", "nlb", on=("east",))]
    form = draw_form(plan(3, ("nlb", 100), sections=(Section("Case", 2, "east"),)), bank, TOPICS, 1)
    assert {item.question_id: item.objective for item in form.items} == {"a": "nlb", "b": "quorum", "c": "nlb"}


def test_the_variants_of_a_section_stand_on_its_scenario() -> None:
    varied = family("varied", "nlb", 3, on=PLACES)
    assert variants_on(varied, "east") == {0, 1, 2}
    assert variants_on(varied, "west") == {3, 4, 5}
    assert variants_on(varied, "north") == frozenset()
    assert variants_on(family("one", "nlb", 2, on=("east",)), "east") == {0, 1}


@pytest.mark.parametrize(
    "sections, told",
    [
        ((Section("S", 20),), ()),
        ((Section("S", 21),), ("the sections have 21 questions together: the exam has 20.",)),
        ((Section("A", 15), Section("B", 6)), ("the sections have 21 questions together: the exam has 20.",)),
        ((Section("A", 0),), ("the section A has 0 questions: it asks at least one.",)),
    ],
)
def test_what_is_wrong_with_sections_is_said(sections: tuple[Section, ...], told: tuple[str, ...]) -> None:
    assert section_flaws(plan(20, sections=sections)) == told


# -- sitting ---------------------------------------------------------------------------------------------------------

CASE = FormSection("Case", "east", False, 2, 4)
SERIES = FormSection("Series", None, True, 4, 7)


def sat(*actions: Action) -> Sitting:
    """Seven questions, two of them outside sections, two of a case study, three of a locked section."""
    moments = (NOON + (number + 1) * timedelta(seconds=10) for number in range(len(actions)))
    return replay(sitting(7, sections=(CASE, SERIES)), zip(actions, moments, strict=True))


@pytest.mark.parametrize(
    "actions, closed",
    [
        ((Answer(0, HELD), Go(3), Answer(3, HELD), Go(0)), set()),  # nothing closes but what is locked
        ((Go(4),), set()),
        ((Go(4), Answer(4, HELD)), set()),  # one is still there
        ((Go(4), Answer(4, HELD), Go(4)), set()),
        ((Go(4), Answer(4, HELD), Go(5)), {4}),
        ((Go(4), Go(5)), set()),  # passed without an answer
        ((Go(4), Answer(4, HELD), Answer(4, frozenset()), Go(5)), set()),  # taken back
        ((Go(4), Answer(4, HELD), Flag(5), Go(6), Go(5)), {4}),
        ((Go(4), Answer(4, HELD), Answer(5, HELD)), {4}),  # to answer is to go there
        ((Go(4), Go(0)), {4, 5, 6}),
        ((Go(4), Answer(4, HELD), Go(3)), {4, 5, 6}),
        ((Go(4), Answer(0, HELD)), {4, 5, 6}),
    ],
)
def test_a_locked_section_closes_behind_one(actions: tuple[Action, ...], closed: set[int]) -> None:
    assert sat(*actions).closed == closed


@pytest.mark.parametrize("action", [Answer(4, HELD), Answer(4, frozenset()), Flag(4), Unflag(4), Go(4)])
def test_what_is_closed_is_as_it_was(action: Action) -> None:
    left = sat(Go(4), Answer(4, HELD), Go(5))
    with pytest.raises(IllegalMove, match="Question 5 is closed: in a locked section there is no way back"):
        apply(left, action, NOON + MINUTE)
    assert left.answers == {4: HELD}


@pytest.mark.parametrize("action", [HandIn(), Expire()])
def test_a_locked_section_does_not_keep_an_exam_from_ending(action: Action) -> None:
    at = NOON + (19 if isinstance(action, HandIn) else 20) * MINUTE
    ended, _ = apply(sat(Go(4), Answer(4, HELD), Go(5)), action, at)
    assert (ended.running, ended.answers) == (False, {4: HELD})


def test_next_and_back_pass_what_is_closed() -> None:
    state = sat(Go(4), Go(5), Answer(5, HELD), Go(4), Answer(4, HELD))
    assert (state.position, state.closed) == (4, frozenset({5}))
    assert (state.beside(4, 1), state.beside(4, -1), state.beside(6, 1), state.beside(0, -1)) == (6, 3, None, None)


@pytest.mark.parametrize(
    "actions, item, closing, opening",
    [
        ((), 0, None, None),
        ((), 2, None, CASE),
        ((Go(2),), 3, None, None),  # it has begun
        ((Go(2), Go(0)), 3, None, None),  # it was seen before
        ((Go(2),), 4, None, SERIES),
        ((Go(4),), 5, None, None),
        ((Go(4),), 2, SERIES, CASE),
        ((Go(2), Go(4)), 2, SERIES, None),
        ((Go(4), Go(1)), 2, None, CASE),
    ],
)
def test_a_section_is_entered_once_and_a_locked_one_closed_by_leaving(
    actions: tuple[Action, ...], item: int, closing: FormSection | None, opening: FormSection | None
) -> None:
    state = sat(*actions)
    assert (state.closed_by(item), state.entered_by(item)) == (closing, opening)


def test_an_exam_may_begin_with_a_section() -> None:
    whole = FormSection("All", "east", True, 0, 3)
    state = sitting(3, sections=(whole,))
    assert (state.entered_by(0), state.entered_by(1)) == (whole, None)
    state, _ = apply(state, Flag(0), NOON + MINUTE)
    assert state.entered_by(0) is None


# -- what is said and counted ----------------------------------------------------------------------------------------


def test_each_section_is_counted_by_itself() -> None:
    grades = {number: Grade(1, 1, "right", (), None, None, None) for number in range(6)}
    ended, _ = apply(sat(Answer(0, HELD), Answer(2, HELD), Answer(4, HELD), Answer(6, HELD)), HandIn(), NOON + MINUTE)
    made = report(ended, grades)
    assert made.by_section == (("Case", 1.0, 2.0), ("Series", 1.0, 2.0)), "the last question is withdrawn"
    assert (made.points, made.out_of) == (3, 6)
    assert report(apply(sitting(3), HandIn(), NOON + MINUTE)[0], grades).by_section == ()


def test_what_is_said_of_sections() -> None:
    sections = (Section("Case", 2, "east"), Section("Series", 3, locked=True))
    assert list(plan_of(plan(7, sections=sections))) == [
        ("Outside sections", "2 questions"),
        ("Case", "2 questions about one cluster"),
        ("Series", "3 questions, locked"),
    ]
    assert list(plan_of(plan(7))) == []
    assert NO_WAY_BACK in set(before(SERIES))
    assert NO_WAY_BACK not in set(before(CASE))
    state = sat(Answer(0, HELD), Go(4), Answer(4, HELD), Flag(6), Go(5))
    assert [(each.title, each.items, each.state) for each in stretches(state)] == [
        ("Outside sections", range(2), "1 of 2 answered"),
        ("Case", range(2, 4), "0 of 2 answered"),
        ("Series", range(4, 7), "1 of 3 answered, locked"),
    ]
    assert asked_before(state, 0) == (
        "Leave the section Series?",
        (
            "Questions 6 and 7 are not answered and will count as wrong.",
            "Question 7 is flagged, and you will not be able to look again.",
            "You cannot come back to it.",
        ),
    )
    after, _ = apply(state, Go(0), NOON + MINUTE)
    assert [each.state for each in stretches(after)][-1] == "1 of 3 answered, closed"


def test_a_form_without_sections_is_in_none() -> None:
    form: Form = sitting(3).form
    assert [form.section(item) for item in range(3)] == [None] * 3


@pytest.mark.parametrize(
    "actions, item, asked",
    [
        ((Answer(0, HELD), Flag(0)), 1, None),  # it can be looked at again
        ((Go(4), Answer(4, HELD)), 5, None),  # that it closes was said before the section began
        ((Go(4), Flag(4)), 5, None),  # it stays open
        ((Go(4), Answer(4, HELD), Flag(4)), 4, None),
        ((Go(4), Answer(4, HELD), Flag(4)), 5, "Go on from question 5?"),
        ((Go(4), Answer(4, HELD), Flag(4)), 0, "Leave the section Series?"),
    ],
)
def test_nothing_that_is_to_be_looked_at_again_closes_unasked(
    actions: tuple[Action, ...], item: int, asked: str | None
) -> None:
    found = asked_before(sat(*actions), item)
    assert (found[0] if found is not None else None) == asked
