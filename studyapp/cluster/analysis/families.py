"""Families of fault sets none of which contains another, as decision diagrams in which equal families are one number.

A family is a node: its top variable, the sets that have it (`high`, without it) and the sets that have it not (`low`).
`NOTHING` is the family without a set, `ALWAYS` the family of the empty set alone. Variables go down by number, so the
operations recurse at most as deep as there are variables. Every operation keeps the smallest sets only: a set that
contains another is dropped as soon as they meet.

The operations are those of zero-suppressed decision diagrams with subsumption (Minato; Rauzy's `without`), cut off at a
number of faults. Cutting off early is exact: what grows out of a set is never smaller than it. Diagrams of the whole
function, made smaller only at the end, were tried and cost far more here: most of what they tell apart is cut off.
"""

from __future__ import annotations

from collections.abc import Sequence

NOTHING = 0
ALWAYS = 1


class TreeTooLarge(Exception):
    """A tree takes more work or memory than was allowed."""


class Families:
    """The families over one list of variables, each with the number of faults that it stands for at least."""

    __slots__ = (
        "_differences", "_known", "_left", "_products", "_unions", "_weights", "_within",
        "having", "high", "least", "low", "most", "top",
    )  # fmt: skip

    def __init__(self, weights: Sequence[int], steps: int) -> None:
        self._weights = weights
        self._left = steps
        last = len(weights)
        # One entry for each node; the first two are `NOTHING` and `ALWAYS`.
        self.top = [last, last]
        self.high = [NOTHING, NOTHING]
        self.low = [NOTHING, NOTHING]
        self.having = [0, 0]  # the variables in any of the sets, as bits
        self.least = [1 << 60, 0]  # the weight of the lightest set, and of the heaviest
        self.most = [-1, 0]
        self._known: dict[int, int] = {}
        self._unions: dict[int, int] = {}
        self._products: dict[int, int] = {}
        self._differences: dict[int, int] = {}
        self._within: dict[int, int] = {}

    @property
    def left(self) -> int:
        """Steps that are still allowed."""
        return self._left

    def single(self, variable: int) -> int:
        """The family of one set with one variable."""
        return self._node(variable, ALWAYS, NOTHING)

    def fits(self, variable: int, room: int) -> bool:
        """The lightest that the variable stands for has room."""
        return self._weights[variable] <= room

    def _node(self, variable: int, high: int, low: int) -> int:
        if not high:
            return low
        key = (high << 32 | low) << 16 | variable
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.top)
            weight = self._weights[variable]
            self.top.append(variable)
            self.high.append(high)
            self.low.append(low)
            self.having.append(self.having[high] | self.having[low] | 1 << variable)
            self.least.append(min(self.least[high] + weight, self.least[low]))
            self.most.append(max(self.most[high] + weight, self.most[low]))
        return found

    def _step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TreeTooLarge

    def without(self, family: int, other: int) -> int:
        """The sets of the family that contain none of the other's."""
        tops, lows = self.top, self.low
        top = tops[family]
        while tops[other] < top:
            other = lows[other]
        if not other:
            return family
        if other == ALWAYS or not family or family == other:
            return NOTHING
        if self.least[other] > self.most[family] or not self.having[family] & self.having[other]:
            return family
        key = family << 32 | other
        found = self._differences.get(key)
        if found is None:
            self._step()
            high = before = self.high[family]
            if top == tops[other]:
                high = self.without(high, self.high[other])
                other = lows[other]
            if high:
                high = self.without(high, other)
            low = self.without(lows[family], other)
            unchanged = high == before and low == lows[family]
            found = self._differences[key] = family if unchanged else self._node(top, high, low)
        return found

    def union(self, one: int, two: int) -> int:
        """The smallest sets of both."""
        if one == two or not two:
            return one
        if not one:
            return two
        if one == ALWAYS or two == ALWAYS:
            return ALWAYS
        key = one << 32 | two if one < two else two << 32 | one
        found = self._unions.get(key)
        if found is None:
            self._step()
            if self.top[one] > self.top[two]:
                one, two = two, one
            top, high = self.top[one], self.high[one]
            if top == self.top[two]:
                high = self.union(high, self.high[two])
                two = self.low[two]
            low = self.union(self.low[one], two)
            found = self._unions[key] = self._node(top, self.without(high, low), low)
        return found

    def within(self, family: int, room: int) -> int:
        """The sets of at most so much weight."""
        if self.most[family] <= room:
            return family
        if self.least[family] > room:
            return NOTHING
        key = family << 32 | room
        found = self._within.get(key)
        if found is None:
            self._step()
            top = self.top[family]
            high = self.within(self.high[family], room - self._weights[top])
            found = self._within[key] = self._node(top, high, self.within(self.low[family], room))
        return found

    def product(self, one: int, two: int, room: int) -> int:
        """The smallest sets that hold a set of each, and have at most so much weight."""
        if self.least[one] > room or self.least[two] > room:
            return NOTHING
        if one in (ALWAYS, two):
            return self.within(two, room)
        if two == ALWAYS:
            return self.within(one, room)
        room = min(room, self.most[one] + self.most[two])
        key = (one << 32 | two if one < two else two << 32 | one) << 32 | room
        found = self._products.get(key)
        if found is None:
            self._step()
            if self.top[one] > self.top[two]:
                one, two = two, one
            top = self.top[one]
            high, low, other = self.high[one], self.low[one], two
            if top == self.top[two]:
                # `(h1 + l1)(h2 + l2)` holds `l1 l2`, which is dropped beside the sets without the variable.
                high, two = self.union(high, low), self.low[two]
                other = self.union(self.high[other], two)
            low = self.product(low, two, room)
            high = self.product(high, other, room - self._weights[top])
            found = self._products[key] = self._node(top, self.without(high, low), low)
        return found
