"""Make a fault tree smaller before anything is counted: what is known further up, independent parts, room for faults.

Each step keeps the function of the whole tree, not that of every gate in it: below `e or g` the gate `g` matters only
while `e` holds not, so `e` is false inside it. Most of a tree with shared events goes that way.
"""

from __future__ import annotations

from collections import Counter
from operator import and_, or_

from studyapp.cluster.analysis.structure import FALSE, TRUE, Tree, all_of, any_of, at_least, counted, walk

PASSES = 20
"""More than any tree has needed; stopping early loses speed and nothing else."""

BESIDE = 8
"""How many gates are looked at that stand beside another; more would cost the square of a wide gate."""

WIDE = 100
"""From so many on, what a gate alone uses is grouped."""

Known = tuple[int, int]
"""What is known false and what is known true where a gate matters, as bits by place in the walk."""


def only(tree: Tree, names: frozenset[str]) -> Tree:
    """The same tree where no other component fails."""
    made: dict[Tree, Tree] = {}
    for each in walk(tree):
        if each.is_event:
            made[each] = each if each.name in names else FALSE
        else:
            made[each] = at_least(each.least, [made[kid] for kid in each.kids])
    return made[tree]


def reduced(tree: Tree) -> Tree:
    """An equal tree with fewer gates and events."""
    tree = _merged(tree)
    for _ in range(PASSES):
        before, tree = tree, _merged(_rewritten(tree))
        if tree is before:
            break
    return tree


def _merged(root: Tree) -> Tree:
    """ORs of ORs and ANDs of ANDs made one, where nothing else uses the inner one."""
    order = list(walk(root))
    uses = Counter(kid for each in order for kid in each.kids)
    inner = {
        kid
        for each in order
        for kid in each.kids
        if uses[kid] == 1 and ((each.is_or and kid.is_or) or (each.is_and and kid.is_and))
    }
    made: dict[Tree, Tree] = {}
    for each in order:
        if each in inner:
            continue
        kids: list[Tree] = []
        left = list(reversed(each.kids))
        while left:
            kid = left.pop()
            if kid in inner:
                left.extend(reversed(kid.kids))
            else:
                kids.append(made[kid])
        if not each.kids:
            made[each] = each
        elif each.is_and:
            made[each] = all_of(kids)
        else:
            made[each] = at_least(each.least, kids)
    return made[root]


def _rewritten(root: Tree) -> Tree:
    """Every gate with the events that alone make it true, or without which it never is, taken out in front of it.

    What is known in a gate holds on every way that leads to it. A gate with several uses that stands in an OR is known
    false in the others of that OR, which themselves are not known in it: were it true, the OR would be true by it.
    """
    order = list(walk(root))
    place = {tree: number for number, tree in enumerate(order)}
    uses = Counter(kid for each in order for kid in each.kids)
    alone: list[int] = []
    needed: list[int] = []
    for number, each in enumerate(order):
        if each.is_event:
            alone.append(1 << number)
            needed.append(1 << number)
            continue
        below = [place[kid] for kid in each.kids]
        alone.append(counted(each.least, [alone[kid] for kid in below], or_, and_, (0, -1)))
        needed.append(counted(len(below) - each.least + 1, [needed[kid] for kid in below], or_, and_, (0, -1)))

    outside: dict[Tree, Known] = {root: (0, 0)}
    inside: dict[Tree, tuple[Known, Known, int]] = {}
    for number in range(len(order) - 1, -1, -1):
        each = order[number]
        if not each.kids:
            continue
        # It was come to: only a gate that stands beside it, or beside one above it, is known there.
        false, true = outside[each]
        known = (false | alone[number], true | needed[number])
        shared = 0
        if each.is_or or each.is_and:
            shared = sum(1 << place[kid] for kid in each.kids if kid.kids and uses[kid] > 1)
        beside = (known[0] | (shared if each.is_or else 0), known[1] | (shared if each.is_and else 0))
        inside[each] = (known, beside, shared)
        for kid in each.kids:
            false, true = known if shared >> place[kid] & 1 else beside
            if kid.kids and not (false | true) >> place[kid] & 1:
                before = outside.get(kid, (-1, -1))
                outside[kid] = (before[0] & false, before[1] & true)

    made: dict[Tree, Tree] = {}

    def resolved(tree: Tree, known: Known) -> Tree:
        false, true = (bits >> place[tree] & 1 for bits in known)
        return FALSE if false else TRUE if true else made[tree]

    for number, each in enumerate(order):
        if not each.kids:
            made[each] = each
            continue
        known, beside, shared = inside[each]
        kids = [resolved(kid, known if shared >> place[kid] & 1 else beside) for kid in each.kids]
        needs = [resolved(order[bit], outside[each]) for bit in _bits(needed[number])]
        enough = [resolved(order[bit], outside[each]) for bit in _bits(alone[number])]
        if each.is_or and not needs:
            made[each] = any_of([*enough, *kids])
        elif each.is_and:
            made[each] = any_of([*enough, all_of([*needs, *kids])])
        else:
            made[each] = any_of([*enough, all_of([*needs, at_least(each.least, kids)])])
    return made[root]


def _bits(mask: int) -> list[int]:
    """The places of the bits that are set."""
    found = []
    while mask:
        bit = mask & -mask
        found.append(bit.bit_length() - 1)
        mask ^= bit
    return found


def parts(root: Tree) -> list[Tree]:
    """The gates below which nothing is used from elsewhere, each after those inside it; the root is the last.

    Dutuit and Rauzy: one walk notes when each node is first and last come by, a second one looks whether everything
    below a gate was come by between the gate's beginning and its end only.
    """
    first: dict[Tree, int] = {}
    last: dict[Tree, int] = {}
    end: dict[Tree, int] = {}
    left = [(root, False)]
    clock = 0
    while left:
        tree, done = left.pop()
        clock += 1
        last[tree] = clock
        if done:
            end[tree] = clock
        elif tree not in first:
            first[tree] = clock
            left.append((tree, True))
            left.extend((kid, False) for kid in reversed(tree.kids))
    spans: dict[Tree, tuple[int, int]] = {}
    found = []
    for each in end:
        if not each.kids:
            spans[each] = (first[each], last[each])
            if each is root:
                found.append(each)
            continue
        begin = min(spans[kid][0] for kid in each.kids)
        finish = max(spans[kid][1] for kid in each.kids)
        if first[each] < begin and finish < end[each]:
            found.append(each)
        spans[each] = (min(begin, first[each]), max(finish, last[each]))
    return found


def narrowed(root: Tree) -> Tree:
    """The same tree, with what only one wide OR or AND uses in groups, so that no part need be as wide as it."""
    uses = Counter(kid for each in walk(root) for kid in each.kids)
    apart = {each for each in parts(root) if uses[each] == 1} | {each for each in uses if not each.kids}
    made: dict[Tree, Tree] = {}
    for each in walk(root):
        kids = [made[kid] for kid in each.kids]
        own = [made[kid] for kid in each.kids if uses[kid] == 1 and kid in apart]
        if len(own) > WIDE and (each.is_or or each.is_and):
            gate = any_of if each.is_or else all_of
            others = [made[kid] for kid in each.kids if uses[kid] > 1 or kid not in apart]
            kids = [*others, *(gate(own[start : start + WIDE]) for start in range(0, len(own), WIDE))]
            made[each] = gate(kids)
        else:
            made[each] = at_least(each.least, kids) if kids else each
    return made[root]


def rooms(root: Tree, order: int) -> tuple[dict[Tree, int], dict[Tree, int]]:
    """How many faults a set may have in each node so that the whole has at most `order`, and has at least there.

    Beside a kid of an AND stand events that are not in it, and gates that share nothing with it: a set has those too.
    """
    nodes = list(walk(root))
    having: dict[Tree, int] = {}
    least: dict[Tree, int] = {}
    events: dict[Tree, int] = {}
    for number, each in enumerate(nodes):
        if each.is_event:
            having[each], least[each] = 1 << number, 1
            continue
        having[each] = events[each] = 0
        for kid in each.kids:
            having[each] |= having[kid]
            events[each] |= having[kid] if kid.is_event else 0
        least[each] = sorted(least[kid] for kid in each.kids)[each.least - 1] if each.kids else 0
        apart, taken = [], 0
        for kid in each.kids:
            if not having[kid] & taken:
                taken |= having[kid]
                apart.append(least[kid])
        # Of the kids that share nothing so many have to hold even where all others do.
        apart.sort()
        least[each] = max(least[each], sum(apart[: max(0, each.least - len(each.kids) + len(apart))]))
        if each.is_and:
            beside = ((events[each] & ~having[kid]).bit_count() + least[kid] for kid in each.kids)
            least[each] = max(least[each], *beside)
    room = dict.fromkeys(nodes, -1)
    room[root] = order
    for each in reversed(nodes):
        heaviest = sorted((kid for kid in each.kids if kid.kids), key=lambda kid: -least[kid])[:BESIDE]
        for kid in each.kids:
            taken = 0
            if each.is_and and kid.kids:
                apart = [
                    least[gate] - (events[each] & having[gate]).bit_count()
                    for gate in heaviest
                    if not having[gate] & having[kid]
                ]
                taken = (events[each] & ~having[kid]).bit_count() + max([0, *apart])
            room[kid] = max(room[kid], room[each] - taken)
    return room, least
