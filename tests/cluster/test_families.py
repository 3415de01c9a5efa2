"""Families of fault sets, compared with plain sets of sets."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.cluster.analysis.families import ALWAYS, NOTHING, Families

Sets = frozenset[frozenset[int]]


def smallest(sets: Iterable[frozenset[int]]) -> Sets:
    """Those that contain no other."""
    every = set(sets)
    return frozenset(each for each in every if not any(other < each for other in every))


EVERY_SET = [frozenset(each) for size in range(1, 5) for each in combinations(range(6), size)]
some_sets = st.lists(st.sampled_from(EVERY_SET), min_size=2, max_size=8).map(smallest) | st.just(
    frozenset([frozenset[int]()])
)


@settings(max_examples=450)
@given(some_sets, some_sets, st.integers(3, 18), st.lists(st.integers(1, 3), min_size=6, max_size=6))
def test_operations_on_families_are_those_on_sets(one: Sets, two: Sets, room: int, weights: list[int]) -> None:
    families = Families(weights, 100_000)

    def family(sets: Sets) -> int:
        made = NOTHING
        for each in sets:
            single = ALWAYS
            for variable in each:
                single = families.product(single, families.single(variable), 100)
            made = families.union(made, single)
        return made

    def fitting(sets: Sets) -> Sets:
        return frozenset(each for each in sets if sum(weights[variable] for variable in each) <= room)

    first, second = family(one), family(two)
    assert families.product(first, second, room) == family(fitting(smallest(a | b for a in one for b in two)))
    assert families.union(first, second) == family(smallest(one | two))
    assert families.within(first, room) == family(fitting(one))
    assert families.without(first, second) == family(
        frozenset(each for each in one if not any(other <= each for other in two))
    )


def test_families_keep_the_smallest_sets() -> None:
    families = Families([1, 1, 1], 1_000)
    a, b, c = (families.single(each) for each in range(3))
    ab = families.product(a, b, 3)
    assert families.union(a, ab) == a
    assert families.union(ab, a) == a
    assert families.union(NOTHING, a) == families.union(a, NOTHING) == families.union(a, a) == a
    assert families.union(a, ALWAYS) == ALWAYS
    assert families.without(ab, a) == NOTHING
    assert families.without(a, ab) == a
    assert families.without(families.union(ab, c), b) == c
    assert families.without(c, ALWAYS) == NOTHING
    assert families.product(ALWAYS, ab, 3) == families.product(ab, ALWAYS, 3) == ab
    assert families.product(a, NOTHING, 3) == NOTHING
    assert families.product(a, b, 1) == NOTHING
    assert families.within(families.union(ab, c), 1) == c
    assert not families.fits(0, 0)
