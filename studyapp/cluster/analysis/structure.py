"""Structure functions: what must fail together so that a service is down, as a formula over faults.

A tree is an event (one component has failed) or a gate (at least so many of the trees below it hold). A gate of one is
an OR, a gate of all an AND; nothing is negated, so a further fault never brings a service back. Trees that say the same
are the same object, wherever they were built: what is shared is shared by itself, and trees are compared by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from weakref import WeakValueDictionary

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True, repr=False)
class Tree:
    """One node; made by the functions below and by nothing else, so that equal trees are one."""

    name: str | None
    """The event's component; a gate has none."""
    least: int
    """How many of `kids` must hold; 0 of an event."""
    kids: tuple[Tree, ...]

    @property
    def is_event(self) -> bool:
        """The fault of one component."""
        return self.name is not None

    @property
    def is_or(self) -> bool:
        """One of them is enough."""
        return self.least == 1

    @property
    def is_and(self) -> bool:
        """All of them are needed."""
        return self.least == len(self.kids) > 0

    def __repr__(self) -> str:
        """The node alone: what is below may be of any depth."""
        return f"<{self.name!r}>" if self.is_event else f"<{self.least} of {len(self.kids)}>"


_KNOWN: WeakValueDictionary[tuple[str | None, int, tuple[Tree, ...]], Tree] = WeakValueDictionary()
"""Every tree that somebody holds, so that its equal is found."""


def _tree(name: str | None, least: int, kids: tuple[Tree, ...]) -> Tree:
    key = (name, least, kids)
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = Tree(name, least, kids)
    return found


TRUE = _tree(None, 0, ())
"""Down whatever happens."""
FALSE = _tree(None, 1, ())
"""Never down."""


def basic(name: str) -> Tree:
    """The fault of one component."""
    return _tree(name, 0, ())


def any_of(trees: Iterable[Tree]) -> Tree:
    """OR: down as soon as one of them is."""
    return at_least(1, dict.fromkeys(trees))


def all_of(trees: Iterable[Tree]) -> Tree:
    """AND: down only when all of them are."""
    kids = dict.fromkeys(trees)
    return at_least(len(kids), kids)


def at_least(least: int, trees: Iterable[Tree]) -> Tree:
    """Down when at least so many are; a tree that is given twice counts twice, as a member with two votes does."""
    kids = tuple(trees)
    if TRUE in kids or FALSE in kids:
        least -= kids.count(TRUE)
        kids = tuple(each for each in kids if each is not TRUE and each is not FALSE)
    if least <= 0:
        return TRUE
    if least > len(kids):
        return FALSE
    if least in (1, len(kids)):
        kids = tuple(dict.fromkeys(kids))
        least = min(least, len(kids))
        if len(kids) == 1:
            return kids[0]
    return _tree(None, least, kids)


def walk(*roots: Tree) -> Iterator[Tree]:
    """Every node once, those below a node before it, in the order of the trees; no recursion, for any depth."""
    entered: set[Tree] = set()
    left: list[tuple[Tree, bool]] = [(root, False) for root in reversed(roots)]
    while left:
        tree, done = left.pop()
        if done or (tree not in entered and not tree.kids):
            entered.add(tree)
            yield tree
        elif tree not in entered:
            entered.add(tree)
            left.append((tree, True))
            left.extend((kid, False) for kid in reversed(tree.kids))


def components(*roots: Tree) -> tuple[str, ...]:
    """The names of all events, in the order in which a reader meets them."""
    return tuple(tree.name for tree in walk(*roots) if tree.name is not None)


def counted(
    least: int,
    values: Sequence[Value],
    either: Callable[[Value, Value], Value],
    both: Callable[[Value, Value], Value],
    ends: tuple[Value, Value],
) -> Value:
    """At least so many of the values, in any algebra with an OR, an AND, and `ends`: false and true.

    A row for each number that may still matter; of an OR or an AND one row, so that those are plain folds.
    """
    none, every = ends
    rows = [every] + [none] * least
    for seen, value in enumerate(values, 1):
        for row in range(min(least, seen), max(1, least - len(values) + seen) - 1, -1):
            rows[row] = either(rows[row], both(rows[row - 1], value))
    return rows[least]


def holds(tree: Tree, faults: Collection[str]) -> bool:
    """Down under exactly these faults."""
    values: dict[Tree, bool] = {}
    for each in walk(tree):
        values[each] = each.name in faults if each.is_event else sum(values[kid] for kid in each.kids) >= each.least
    return values[tree]
