"""Fault analysis, compared with trying every set of faults one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.cluster.analysis import cutsets
from studyapp.cluster.analysis.cutsets import (
    BLOCK,
    TOGETHER,
    CutSet,
    Survived,
    minimal_cut_sets,
    single_points,
    survived_table,
    survives,
)
from studyapp.cluster.analysis.families import TreeTooLarge
from studyapp.cluster.analysis.reduction import parts, reduced, rooms
from studyapp.cluster.analysis.structure import (
    FALSE,
    TRUE,
    Tree,
    all_of,
    any_of,
    at_least,
    basic,
    components,
    holds,
    walk,
)

NAMES = tuple("abcdefg")
A, B, C, D = (basic(name) for name in "abcd")


@st.composite
def trees(draw: st.DrawFn, names: tuple[str, ...] = NAMES, gates: int = 8) -> Tree:
    """A tree whose gates take whatever was made before them: events, constants, gates, some of them twice."""
    made: list[Tree] = [basic(name) for name in names]
    if draw(st.integers(0, 4)) == 0:
        made += [TRUE, FALSE]
    for _ in range(draw(st.integers(1, gates))):
        # The last ones are drawn more often, or most gates would be used by none.
        place = st.one_of(st.integers(0, len(made) - 1), st.integers(max(0, len(made) - 4), len(made) - 1))
        kids = [made[each] for each in draw(st.lists(place, min_size=1, max_size=5))]
        kind = draw(st.sampled_from(("any", "all", "some")))
        if kind == "some":
            made.append(at_least(draw(st.integers(1, len(kids))), kids))
        else:
            made.append(any_of(kids) if kind == "any" else all_of(kids))
    return made[-1]


def fault_sets(names: Iterable[str], most: int) -> Iterable[CutSet]:
    """Every set of at most so many, the smallest first, then in order."""
    names = tuple(names)
    for size in range(most + 1):
        yield from combinations(names, size)


def by_trying(tree: Tree, names: tuple[str, ...], order: int) -> tuple[CutSet, ...]:
    """The minimal cut sets, found by trying every set."""
    found: list[CutSet] = []
    for faults in fault_sets(names, order):
        if holds(tree, faults) and not any(set(each) <= set(faults) for each in found):
            found.append(faults)
    return tuple(found)


def test_a_tree_says_when_it_holds() -> None:
    tree = any_of([all_of([A, B]), at_least(2, [B, C, D])])
    down = {faults for faults in fault_sets("abcd", 4) if holds(tree, faults)}
    assert down == {
        faults for faults in fault_sets("abcd", 4) if {"a", "b"} <= {*faults} or len({*faults} & {*"bcd"}) >= 2
    }


@pytest.mark.parametrize(
    "made, simple",
    [
        (any_of([]), FALSE),
        (all_of([]), TRUE),
        (any_of([A]), A),
        (all_of([A, A]), A),
        (any_of([A, TRUE]), TRUE),
        (all_of([A, FALSE]), FALSE),
        (any_of([A, FALSE]), A),
        (all_of([A, TRUE]), A),
        (at_least(0, [A, B]), TRUE),
        (at_least(3, [A, B]), FALSE),
        (at_least(2, [A, B, TRUE]), any_of([A, B])),
        (at_least(2, [A, B, FALSE]), all_of([A, B])),
        (at_least(1, [A, B, A]), any_of([A, B])),
    ],
)
def test_trees_that_say_the_same_are_one(made: Tree, simple: Tree) -> None:
    assert made is simple


def test_a_tree_that_is_given_twice_counts_twice() -> None:
    assert minimal_cut_sets(at_least(2, [A, A, B, C])) == (("a",), ("b", "c"))
    assert not holds(at_least(3, [A, A, B, C]), "a")


def test_nodes_tell_what_they_are() -> None:
    assert A.is_event
    assert not A.is_and
    assert all_of([A, B]).is_and
    assert any_of([A, B]).is_or
    assert repr(A) == "<'a'>"
    assert repr(at_least(2, [A, B, C])) == "<2 of 3>"
    assert not TRUE.is_and


def test_the_walk_comes_to_what_is_below_first_and_to_each_once() -> None:
    shared = any_of([A, B])
    tree = all_of([any_of([shared, C]), shared, D])
    assert list(walk(tree)) == [A, B, shared, C, tree.kids[0], D, tree]
    assert list(walk(A, tree, A)) == list(walk(tree))
    assert components(tree) == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    "tree, expected",
    [
        (TRUE, ((),)),
        (FALSE, ()),
        (A, (("a",),)),
        (any_of([A, all_of([A, B])]), (("a",),)),
        (all_of([any_of([A, B]), any_of([A, C])]), (("a",), ("b", "c"))),
        (at_least(2, [A, B, C]), (("a", "b"), ("a", "c"), ("b", "c"))),
        (any_of([D, all_of([C, B])]), (("d",), ("c", "b"))),
        (all_of([any_of([A, B]), any_of([C, D])]), (("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"))),
    ],
)
def test_cut_sets_of_small_trees(tree: Tree, expected: tuple[CutSet, ...]) -> None:
    assert minimal_cut_sets(tree) == expected


@settings(max_examples=200)
@given(trees(), st.permutations(NAMES), st.integers(0, len(NAMES)))
def test_cut_sets_are_those_found_by_trying(tree: Tree, names: list[str], order: int) -> None:
    everything = by_trying(tree, tuple(names), len(names))
    assert minimal_cut_sets(tree, names=names) == everything
    assert minimal_cut_sets(tree, order, names) == tuple(each for each in everything if len(each) <= order)
    assert survives(tree, order, names) == all(len(each) > order for each in everything)
    assert single_points(tree, names) == tuple(name for each in everything if len(each) == 1 for name in each)


@settings(max_examples=80)
@given(trees(tuple("abcdefghijkl"), 16), st.integers(0, 5))
def test_cut_sets_of_larger_trees(tree: Tree, order: int) -> None:
    names = tuple("abcdefghijkl")
    assert minimal_cut_sets(tree, order, names) == by_trying(tree, names, order)


@settings(max_examples=100)
@given(trees(), st.lists(st.sampled_from(NAMES), unique=True))
def test_what_is_not_named_never_fails(tree: Tree, names: list[str]) -> None:
    assert minimal_cut_sets(tree, names=names) == by_trying(tree, tuple(names), len(names))


@settings(max_examples=100)
@given(trees())
def test_a_reduced_tree_says_the_same(tree: Tree) -> None:
    small = reduced(tree)
    assert {*components(small)} <= {*components(tree)}
    for faults in fault_sets(NAMES, len(NAMES)):
        assert holds(small, faults) == holds(tree, faults)


@settings(max_examples=60)
@given(trees())
def test_no_set_is_smaller_than_a_tree_says(tree: Tree) -> None:
    room, least = rooms(tree, len(NAMES))
    for each in walk(tree):
        smallest = min((len(found) for found in by_trying(each, NAMES, len(NAMES))), default=len(NAMES))
        assert least[each] <= smallest
        assert room[each] <= len(NAMES)


def test_what_is_known_further_up_is_taken_out() -> None:
    shared = any_of([C, D])
    assert reduced(any_of([A, all_of([A, B])])) is A
    assert reduced(all_of([A, any_of([A, B])])) is A
    assert reduced(any_of([shared, all_of([shared, A, B])])) is shared
    assert reduced(all_of([any_of([A, B]), any_of([A, C])])) is any_of([A, all_of([B, C])])
    assert reduced(at_least(2, [any_of([A, B]), any_of([A, C]), D])).kids[0] is A


def test_so_many_that_share_nothing_need_so_many_faults() -> None:
    voters = [basic(f"n{number}") for number in range(8)]
    quorum = at_least(4, voters)
    tree = any_of([quorum, all_of(voters[:2])])
    _, least = rooms(tree, 3)
    assert (least[quorum], least[tree]) == (4, 2)
    hosts = [any_of([voter, A]) for voter in voters]
    assert rooms(at_least(4, hosts), 3)[1][at_least(4, hosts)] == 1


def test_parts_share_nothing() -> None:
    left, right = any_of([A, B]), at_least(2, [C, D, basic("e")])
    assert parts(all_of([left, right])) == [left, right, all_of([left, right])]
    crossed = all_of([any_of([A, B]), any_of([A, C])])
    assert parts(crossed) == [crossed]
    assert parts(A) == [A]
    assert parts(TRUE) == [TRUE]


def test_a_set_needs_room_for_what_stands_beside_it() -> None:
    inner = any_of([C, D])
    other = all_of([basic("e"), basic("f")])
    tree = all_of([A, B, inner, any_of([other, all_of([basic("g"), basic("h")])])])
    room, least = rooms(tree, 6)
    assert least[tree] == 5
    assert room[inner] == 2
    assert room[other] == 3


@pytest.mark.parametrize("size, least", [(1, 1), (6, 1), (6, 3), (6, 6), (40, 2), (40, 39)])
def test_so_many_of_so_many(size: int, least: int) -> None:
    names = [f"n{number}" for number in range(size)]
    found = minimal_cut_sets(at_least(least, map(basic, names)))
    assert found == tuple(combinations(names, least))


def ladder(height: int, *, apart: bool) -> Tree:
    """A chain of gates, OR and AND in turn; each has an event of its own, or shares one of seven."""
    tree = basic("end")
    for step in range(height):
        event = basic(f"e{step if apart else step % 7}")
        tree = (any_of if step % 2 else all_of)([event, tree])
    return tree


def test_chains_of_five_thousand_gates() -> None:
    shared = ladder(5_000, apart=False)
    names = components(shared)
    assert minimal_cut_sets(shared, 2) == by_trying(shared, names, 2)
    assert survived_table({"web": shared}, names, 1)["web"] == survived_by_trying(shared, names, 1)

    apart = ladder(5_000, apart=True)
    assert minimal_cut_sets(apart, 1) == (("e4999",),)
    assert minimal_cut_sets(apart, 3, [f"e{each}" for each in range(5_000)]) == (
        ("e4999",),
        ("e4997", "e4998"),
        ("e4995", "e4996", "e4998"),
    )
    assert not survives(apart, 1)
    assert holds(apart, ["e4999"])
    assert not holds(apart, ["e4998"])


@pytest.mark.parametrize("gate, sizes", [(all_of, [5_001]), (any_of, [1] * 5_001)])
def test_one_kind_of_gate_five_thousand_times(gate: Callable[[Iterable[Tree]], Tree], sizes: list[int]) -> None:
    tree = basic("end")
    for step in range(5_000):
        tree = gate([tree, basic(f"e{step}")])
    assert [len(each) for each in minimal_cut_sets(tree)] == sizes


def test_wide_gates_of_shared_and_own_kids() -> None:
    wide = [all_of([basic(f"a{each}"), basic(f"b{each}")]) for each in range(300)]
    tree = any_of([*wide, all_of([any_of([A, B]), any_of([B, C])]), all_of([A, D])])
    expected = {("b",), ("a", "c"), ("a", "d")} | {(f"a{each}", f"b{each}") for each in range(300)}
    assert {tuple(sorted(each)) for each in minimal_cut_sets(tree)} == expected


def test_a_chain_of_parts_is_listed_whole() -> None:
    found = minimal_cut_sets(ladder(400, apart=True))
    assert [len(each) for each in found] == [*range(1, 201), 201]


def test_what_takes_too_long_is_refused() -> None:
    crossed = [any_of([basic(f"a{each}"), basic(f"b{each}")]) for each in range(40)]
    with pytest.raises(TreeTooLarge, match="1,099,511,627,776 minimal cut sets"):
        minimal_cut_sets(all_of(crossed))
    assert survives(all_of(crossed), 39)
    assert not survives(all_of(crossed), 40)
    meshed = at_least(6, [all_of([basic(f"n{one}"), basic(f"n{two}")]) for one, two in combinations(range(12), 2)])
    with pytest.raises(TreeTooLarge, match="more than 1,000 steps"):
        minimal_cut_sets(meshed, limit=1_000)
    ring = [basic(f"r{each}") for each in range(TOGETHER + 1)]
    around = any_of(all_of([one, two]) for one, two in zip(ring, [*ring[1:], ring[0]], strict=True))
    with pytest.raises(TreeTooLarge, match="501 events and parts"):
        survives(around, 1)


def test_as_much_hangs_together_as_may() -> None:
    ring = [basic(f"r{each}") for each in range(TOGETHER)]
    around = any_of(all_of([one, two]) for one, two in zip(ring, [*ring[1:], ring[0]], strict=True))
    assert len(minimal_cut_sets(around)) == TOGETHER


def test_reducing_may_stop_early(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = any_of([A, all_of([B, any_of([C, all_of([D, any_of([A, C, basic("e")])])])])])
    monkeypatch.setattr("studyapp.cluster.analysis.reduction.PASSES", 1)
    once = reduced(tree)
    assert by_trying(once, NAMES, 4) == by_trying(tree, NAMES, 4) == minimal_cut_sets(tree, names=NAMES)


def survived_by_trying(tree: Tree, names: tuple[str, ...], faults: int) -> Survived:
    """The same table, each set on its own."""
    totals = [0] * (faults + 1)
    ups = [0] * (faults + 1)
    first: CutSet | None = None
    for each in fault_sets(names, faults):
        totals[len(each)] += 1
        if not holds(tree, each):
            ups[len(each)] += 1
        elif first is None:
            first = each
    return Survived(tuple(totals), tuple(ups), first)


@settings(max_examples=50)
@given(st.lists(trees(), min_size=1, max_size=3), st.permutations(NAMES), st.integers(0, 4))
def test_the_table_is_that_of_trying(several: list[Tree], names: list[str], faults: int) -> None:
    services = {f"service {number}": tree for number, tree in enumerate(several)}
    table = survived_table(services, names, faults)
    assert table == {name: survived_by_trying(tree, tuple(names), faults) for name, tree in services.items()}


def test_the_table_agrees_with_the_cut_sets() -> None:
    names = [f"host{number}" for number in range(20)]
    services = {
        f"service{first}": at_least(3, [basic(names[(first + step) % 20]) for step in (0, 1, 3, 8)])
        for first in range(20)
    }
    for name, survived in survived_table(services, names, 3).items():
        assert survived.sets == (1, 20, 190, 1_140)
        assert survived.survived == (1, 20, 190, 1_136)
        assert survived.first == minimal_cut_sets(services[name], 3, names)[0]


def test_more_fault_sets_than_are_tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutsets, "BLOCK", 10)
    tree = all_of([any_of([A, B]), any_of([C, D])])
    assert survived_table({"web": tree}, NAMES, 3)["web"] == survived_by_trying(tree, NAMES, 3)
    assert BLOCK > 10


def test_a_table_with_too_many_fault_sets_is_refused() -> None:
    names = [f"host{number}" for number in range(400)]
    with pytest.raises(TreeTooLarge, match=f"{1 + 400 + comb(400, 2) + comb(400, 3):,} fault sets"):
        survived_table({"web": basic("host1")}, names, 3)
    assert survived_table({"web": basic("elsewhere")}, names, 1)["web"] == Survived((1, 400), (1, 400), None)
