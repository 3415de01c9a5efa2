"""Exact fault analysis of structure functions: minimal cut sets, single points of failure, what is survived.

A cut set is a set of faults that takes the service down; a minimal one has no smaller one in it. A tree is made smaller
first (`reduction`), then cut into parts that share nothing, and each part's minimal cut sets are found as a family
(`families`) from the bottom up, without those that have no room in the number of faults asked for. What a part needs is
bounded: `TreeTooLarge` says that a tree takes more than `limit` steps or cut sets (a step and a set that is written
down are some hundred bytes each, so the usual limit stays below a few hundred MB), or that more than `TOGETHER`
events and parts hang together, which bounds the depth of the recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from math import comb
from operator import and_, mul, or_
from typing import TypeVar

from studyapp.cluster.analysis.families import ALWAYS, NOTHING, Families, TreeTooLarge
from studyapp.cluster.analysis.reduction import narrowed, only, parts, reduced, rooms
from studyapp.cluster.analysis.structure import Tree, components, counted, walk
from studyapp.cluster.effort import at_hand

LIMIT = 1_000_000
"""Steps, and cut sets, that one call may take."""
STEPS_A_STEP = 20
"""Of these steps, and of cut sets, as many take as long as a step of a run."""
TOGETHER = 500
"""Events and parts that one part may be made of."""
FAULT_SETS = 5_000_000
"""Fault sets that are tried one by one for one table."""
BLOCK = 1 << 16
"""Fault sets that are tried at once: one bit of an integer each."""

CutSet = tuple[str, ...]
Value = TypeVar("Value", int, list[int])
ENDS = (NOTHING, ALWAYS)


def minimal_cut_sets(
    tree: Tree, order: int | None = None, names: Sequence[str] | None = None, *, limit: int = LIMIT
) -> tuple[CutSet, ...]:
    """Every minimal cut set of at most `order` faults, the smallest first, then in the order of the components.

    Args:
        tree: The structure function.
        order: The most faults; all cut sets without it.
        names: The components that may fail, in the order that is wanted; without it all, as they come in the tree.
        limit: The most steps, and the most cut sets.

    Raises:
        TreeTooLarge: it takes more steps, has more cut sets, or hangs together too much.
        TooMuchWork: see `effort`.
    """
    names = components(tree) if names is None else tuple(dict.fromkeys(names))
    taken = limit
    try:
        found = _Parts(tree, order, names, limit)
        sets = tuple(found.named(names))
        taken = found.taken + len(sets)
    finally:
        at_hand().spend(1 + taken // STEPS_A_STEP)
    return sets


def single_points(tree: Tree, names: Sequence[str] | None = None) -> CutSet:
    """The components whose fault alone takes the service down; none if it is down without any fault."""
    return tuple(name for cut_set in minimal_cut_sets(tree, 1, names) for name in cut_set)


def survives(tree: Tree, faults: int, names: Sequence[str] | None = None, *, limit: int = LIMIT) -> bool:
    """No set of at most so many faults takes the service down.

    Raises:
        TreeTooLarge: see `minimal_cut_sets`.
    """
    names = components(tree) if names is None else names
    return not _Parts(tree, faults, names, limit).exists()


class _Parts:
    """The parts of a tree, each with the family of its minimal cut sets over its events and the parts in it."""

    def __init__(self, tree: Tree, order: int | None, names: Sequence[str], limit: int) -> None:
        self._limit = limit
        self._root = root = narrowed(reduced(only(tree, frozenset(names))))
        self._room, least = rooms(root, len(names) if order is None else order)
        self._found: dict[Tree, tuple[Families, int, list[Tree]]] = {}
        size: dict[Tree, int] = {}
        for each in walk(root):
            size[each] = 1 + sum(size[kid] for kid in each.kids)
        lightest = {each: 1 for each in size if each.is_event}
        for part in parts(root):
            variables, gates = _inside(part, lightest, size)
            if len(variables) > TOGETHER:
                raise TreeTooLarge(
                    f"{len(variables)} events and parts of this fault tree hang together; at most {TOGETHER} may"
                )
            families = Families([lightest[each] for each in variables], limit)
            try:
                family = _family(part, families, variables, gates, self._room, least)
            except TreeTooLarge as error:
                raise TreeTooLarge(f"this fault tree takes more than {limit:,} steps; ask for fewer faults") from error
            limit = families.left
            self._found[part] = (families, family, variables)
            lightest[part] = families.least[family]
        self.taken = self._limit - limit
        """Steps."""

    def exists(self) -> bool:
        """There is a cut set at all."""
        return self._found[self._root][1] != NOTHING

    def named(self, names: Sequence[str]) -> Iterator[CutSet]:
        """The cut sets by their number of faults, then in the order of the names."""
        # The first name is the highest bit, so that falling numbers are rising names.
        bit = {name: 1 << place for place, name in enumerate(reversed(names))}
        values: dict[Tree, list[list[int]]] = {}
        self._bound()
        for part, (families, family, variables) in self._found.items():
            own = [[[], [bit[each.name]]] if each.name is not None else values.pop(each) for each in variables]
            sizes = _by_size(families, family, own, self._room[part], _joined, [], [0])
            values[part] = sizes[family]
        high, low = _Names(names[: len(names) // 2]), _Names(names[len(names) // 2 :])
        places = len(names) - len(names) // 2
        rest = (1 << places) - 1
        for sets in values[self._root]:
            sets.sort(reverse=True)
            yield from [high[each >> places] + low[each & rest] for each in sets]

    def _bound(self) -> None:
        """Count before anything is written down.

        Raises:
            TreeTooLarge: there are too many cut sets, or too many halves of them.
        """
        values: dict[Tree, list[int]] = {}
        written = 0
        for part, (families, family, variables) in self._found.items():
            own = [[0, 1] if each.is_event else values[each] for each in variables]
            sizes = _by_size(families, family, own, self._room[part], mul, 0, 1)
            values[part] = sizes[family]
            written += sum(map(sum, sizes.values()))
        many = sum(values[self._root])
        if many > self._limit or written > self._limit * 4:
            raise TreeTooLarge(f"this fault tree has {many:,} minimal cut sets, too many to list; ask for fewer faults")


def _inside(part: Tree, known: Mapping[Tree, int], size: Mapping[Tree, int]) -> tuple[list[Tree], list[Tree]]:
    """The events and parts that a part is made of, depth first and the small ones first, and its gates, bottom up."""
    variables: list[Tree] = []
    gates: list[Tree] = []
    entered: set[Tree] = set()
    left = [(part, False)]
    while left:
        tree, done = left.pop()
        if done:
            gates.append(tree)
        elif tree not in entered:
            entered.add(tree)
            if tree in known:
                variables.append(tree)
            else:
                left.append((tree, True))
                left.extend((kid, False) for kid in sorted(tree.kids, key=size.__getitem__, reverse=True))
    return variables, gates


def _family(
    part: Tree,
    families: Families,
    variables: Sequence[Tree],
    gates: Sequence[Tree],
    room: Mapping[Tree, int],
    least: Mapping[Tree, int],
) -> int:
    """The minimal cut sets of a part; a gate whose sets would all be too large has none."""
    made: dict[Tree, int] = {}
    for number, each in enumerate(variables):
        made[each] = families.single(number) if families.fits(number, room[each]) else NOTHING
    for gate in gates:
        # What lies further up is added last, on top of the rest; an AND begins with it.
        kids = sorted(filter(None, (made[kid] for kid in gate.kids)), key=families.top.__getitem__)
        if not gate.is_and:
            kids.reverse()
        if gate.least > len(kids) or least[gate] > room[gate]:
            made[gate] = NOTHING
        else:
            product = partial(families.product, room=room[gate])
            made[gate] = counted(gate.least, kids, families.union, product, ENDS)
    return made[part]


def _by_size(
    families: Families,
    family: int,
    values: Sequence[list[Value]],
    room: int,
    times: Callable[[Value, Value], Value],
    none: Value,
    one: Value,
) -> dict[int, list[Value]]:
    """For each family below one: what it comes to by the number of faults, each variable standing for its value."""
    below: set[int] = {family}
    left = [family]
    while left:
        node = left.pop()
        for other in (families.low[node], families.high[node]):
            if other not in below:
                below.add(other)
                left.append(other)
    found: dict[int, list[Value]] = {NOTHING: [], ALWAYS: [one]}
    for node in sorted(below - found.keys()):
        value, high, low = values[families.top[node]], found[families.high[node]], found[families.low[node]]
        length = min(room + 1, max(len(low), len(value) + len(high) - 1))
        sizes = low + [none] * (length - len(low))
        for size, own in enumerate(value):
            if own:
                for more, other_value in enumerate(high[: length - size], size):
                    if other_value:
                        sizes[more] = sizes[more] + times(own, other_value)
        found[node] = sizes
    return found


def _joined(some: list[int], others: list[int]) -> list[int]:
    """Each fault set of the one with each of the other."""
    if len(some) == 1:
        first = some[0]
        return [first | each for each in others]
    return [one | each for one in some for each in others]


class _Names(dict[int, CutSet]):
    """The names of a fault set that is given as bits, worked out when first asked for."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(reversed(names))

    def __missing__(self, bits: int) -> CutSet:
        found = []
        left = bits
        while left:
            place = left.bit_length() - 1
            found.append(self._names[place])
            left ^= 1 << place
        self[bits] = tuple(found)
        return self[bits]


@dataclass(frozen=True, slots=True)
class Survived:
    """What a service survives, over all sets of at most so many faults."""

    sets: tuple[int, ...]
    """How many fault sets there are of each number of faults, from none on."""
    survived: tuple[int, ...]
    """How many of them leave the service up."""
    first: CutSet | None
    """The first fault set that takes it down: the smallest, then by the order of the components."""


def survived_table(trees: Mapping[str, Tree], names: Sequence[str], faults: int) -> dict[str, Survived]:
    """Try every set of at most so many faults on every service, many sets at once, one bit of an integer each.

    What several trees share is worked out once. A component that is not named never fails.

    Raises:
        TreeTooLarge: there are more than `FAULT_SETS` fault sets.
    """
    names = tuple(dict.fromkeys(names))
    totals = tuple(comb(len(names), size) for size in range(faults + 1))
    if sum(totals) > FAULT_SETS:
        raise TreeTooLarge(f"there are {sum(totals):,} fault sets; at most {FAULT_SETS:,} are tried one by one")
    order = list(walk(*dict.fromkeys(trees.values())))
    ups = {service: [0] * len(totals) for service in trees}
    first: dict[str, CutSet | None] = dict.fromkeys(trees)
    for size in range(len(totals)):
        together = combinations(range(len(names)), size)
        while block := list(islice(together, BLOCK)):
            down = _down(order, dict(zip(names, _columns(block, len(names)), strict=True)), len(block))
            for service, tree in trees.items():
                bits = down[tree]
                ups[service][size] += len(block) - bits.bit_count()
                if bits and first[service] is None:
                    first[service] = tuple(names[each] for each in block[(bits & -bits).bit_length() - 1])
    return {service: Survived(totals, tuple(ups[service]), first[service]) for service in trees}


def _columns(block: Sequence[Sequence[int]], width: int) -> list[int]:
    """For each component the fault sets that have it, as bits."""
    columns = [bytearray(len(block) // 8 + 1) for _ in range(width)]
    for place, faults in enumerate(block):
        byte, bit = place >> 3, 1 << (place & 7)
        for fault in faults:
            columns[fault][byte] |= bit
    return [int.from_bytes(column, "little") for column in columns]


def _down(order: Sequence[Tree], failing: Mapping[str, int], width: int) -> dict[Tree, int]:
    """For each tree the fault sets under which it holds, as bits."""
    ends = (0, (1 << width) - 1)
    found: dict[Tree, int] = {}
    for each in order:
        if each.name is not None:
            found[each] = failing.get(each.name, 0)
        else:
            found[each] = counted(each.least, [found[kid] for kid in each.kids], or_, and_, ends)
    return found
