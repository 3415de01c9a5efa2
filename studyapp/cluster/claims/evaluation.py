"""What a claim is worth: its value in every branch of chance, found by walking its tree."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, NoReturn

from studyapp.cluster.analysis.trials import TooManyFaultSets
from studyapp.cluster.chance import Undecided
from studyapp.cluster.claims.claim import FORMS, GATHERERS, Claim, ClaimError, nearest
from studyapp.cluster.claims.readers import Clients, Moment
from studyapp.cluster.claims.reading import FEWER, MAX_WORK, TOO_MUCH, Reading, TooManyCourses
from studyapp.cluster.claims.vocabulary import FUNCTIONS, Function
from studyapp.cluster.clients.service import Interval, NeedsClient
from studyapp.cluster.effort import WORTH_A_STEP, TooMuchWork, at_hand, counted
from studyapp.cluster.kinds import Value
from studyapp.cluster.trace import Branch, Outcome, Trace

LATEST = 1000 * 366 * 86_400
"""Seconds: no claim asks about a later time."""
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARITHMETIC: dict[type[ast.operator], tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Mod: ("%", operator.mod),
}


@dataclass(frozen=True, slots=True)
class Result:
    """Each value that the claim takes over the branches of chance, with its share; shares sum to 1.

    `unknown` is True when chance had too many branches to follow, so that the value cannot be known; the shares then
    tell of those that were.
    """

    values: tuple[tuple[Value, Fraction], ...]
    unknown: bool = False

    @property
    def certain(self) -> Value | None:
        """The one value, or None when it depends on chance or is unknown."""
        return self.values[0][0] if len(self.values) == 1 and not self.unknown else None

    def share(self, value: Value) -> Fraction:
        """The share of the branches in which the claim has `value`."""
        return next((s for v, s in self.values if v == value and type(v) is type(value)), Fraction(0))


Held = dict[tuple[object, ...], bool]
"""What held at some moment, or at every one, by what was asked. Found while more was open, it holds in every part."""


def evaluate(claim: Claim, outcome: Outcome, names: Mapping[str, Value] | None = None) -> Result:
    """The value of the claim in every branch.

    `names` are the values of a question's `vary` and `let`. Raises ClaimError for what only shows when it runs (a name
    that is not in the scenario, a division by zero, too many sets of faults, too much work).
    """
    found: dict[tuple[str, Value], Fraction] = {}
    known = dict(names or {})
    unknown = claim.calls_model and outcome.bounded
    with counted(MAX_WORK):
        reading = Reading()
        try:
            for branch in outcome.branches:
                for course in courses(claim.tree, branch, outcome, known, None, reading):
                    key = (type(course.value).__name__, course.value)
                    found[key] = found[key] + course.share if key in found else course.share
        except TooManyCourses:
            unknown = True
        except TooMuchWork:
            raise ClaimError(TOO_MUCH, hint=FEWER) from None
    return Result(tuple((value, share) for (_, value), share in found.items()), unknown)


@dataclass(frozen=True, slots=True)
class Course:
    """How it goes as far as a claim reads it: a trace that knows every draw that was read, for clients of each service
    that was asked about who fare alike, with its share of chance and the claim's value there.
    """

    trace: Trace
    clients: Clients
    share: Fraction
    value: Value


def courses(
    tree: ast.expr,
    branch: Branch,
    outcome: Outcome,
    names: Mapping[str, Value],
    ms: int | None,
    reading: Reading | None = None,
) -> list[Course]:
    """The courses of one branch: several where the value may depend on an open draw or on which client asks.

    Raises TooManyCourses and ClaimError.
    """
    reading = reading if reading is not None else Reading()
    pending: list[tuple[Trace, Clients, Fraction, Held]] = [(branch.trace, {}, branch.share, {})]
    found: list[Course] = []
    while pending:
        trace, chosen, share, held = pending.pop()
        moment = Moment.settled(trace) if ms is None else Moment.at(trace, ms)
        reading.course()
        try:
            found.append(Course(trace, chosen, share, Walk(outcome, chosen, reading, held).value(tree, moment, names)))
        except NeedsClient as needed:
            for cell, width in reversed(_cells(chosen.get(needed.service, Interval()), needed.edges)):
                pending.append((trace, {**chosen, needed.service: cell}, share * width, dict(held)))
        except Undecided as open_draw:
            in_all = sum(len(part) for part in open_draw.parts)
            for part in reversed(open_draw.parts):
                known = _knowing(trace, open_draw.draw, part)
                pending.append((known, chosen, share * Fraction(len(part), in_all), dict(held)))
    return found


def _knowing(trace: Trace, draw: str, left: tuple[str, ...]) -> Trace:
    """The same course where only these candidates are possible; what is read off it once serves the next claim too."""
    found: Trace | None = trace.kept.get((draw, left))
    if found is None:
        found = trace.knowing(draw, left)
        if trace.is_small:
            trace.kept[draw, left] = found
    return found


def _cells(whole: Interval, edges: Collection[Fraction]) -> list[tuple[Interval, Fraction]]:
    """The parts of an interval between the edges that lie in it, each with its share of it."""
    marks = [whole.low, *sorted(edge for edge in edges if whole.low < edge < whole.high), whole.high]
    return [(Interval(a, b), (b - a) / (whole.high - whole.low)) for a, b in pairwise(marks)]


class Walk:
    """Evaluates claims in one course, for one client of each service that is asked about."""

    def __init__(
        self, outcome: Outcome, clients: Clients, reading: Reading | None = None, held: Held | None = None
    ) -> None:
        self.outcome = outcome
        self.clients = clients
        self.reading = reading if reading is not None else Reading()
        self.held = held if held is not None else {}

    def value(self, node: ast.expr, now: Moment, names: Mapping[str, Value]) -> Value:
        """The value of an expression."""
        return _READERS[type(node)](self, node, now, names)

    def constant(self, node: ast.Constant, now: Moment, names: Mapping[str, Value]) -> Value:
        literal = node.value
        assert isinstance(literal, bool | int | float | str)
        return literal

    def name(self, node: ast.Name, now: Moment, names: Mapping[str, Value]) -> Value:
        if node.id not in names:
            _wrong(node, f"there is no name {node.id} here", nearest(node.id, names))
        return names[node.id]

    def junction(self, node: ast.BoolOp, now: Moment, names: Mapping[str, Value]) -> bool:
        stop = isinstance(node.op, ast.Or)
        for part in node.values:
            if self.truth(part, now, names) is stop:
                return stop
        return not stop

    def sign(self, node: ast.UnaryOp, now: Moment, names: Mapping[str, Value]) -> Value:
        if isinstance(node.op, ast.Not):
            return not self.truth(node.operand, now, names)
        return -self.number(node.operand, now, names)

    def choice(self, node: ast.IfExp, now: Moment, names: Mapping[str, Value]) -> Value:
        return self.value(node.body if self.truth(node.test, now, names) else node.orelse, now, names)

    def items(self, node: ast.List, now: Moment, names: Mapping[str, Value]) -> Value:
        return tuple([_item(item, self.value(item, now, names)) for item in node.elts])

    def listed(self, node: ast.ListComp | ast.GeneratorExp, now: Moment, names: Mapping[str, Value]) -> Value:
        return tuple([_item(node, value) for value in self.loop(node, now, names)])

    def truth(self, node: ast.expr, now: Moment, names: Mapping[str, Value]) -> bool:
        value = self.value(node, now, names)
        if not isinstance(value, bool):
            _wrong(node, f"true or false is needed here, not {_kind(value)}")
        return value

    def number(self, node: ast.expr, now: Moment, names: Mapping[str, Value]) -> int | float:
        value = self.value(node, now, names)
        if isinstance(value, bool) or not isinstance(value, int | float):
            _wrong(node, f"a number is needed here, not {_kind(value)}")
        return value

    def sequence(self, node: ast.expr, now: Moment, names: Mapping[str, Value]) -> tuple[bool | int | float | str, ...]:
        value = self.value(node, now, names)
        if not isinstance(value, tuple):
            _wrong(node, f"a list is needed here, not {_kind(value)}")
        return value

    def arithmetic(self, node: ast.BinOp, now: Moment, names: Mapping[str, Value]) -> Value:
        sign, function = ARITHMETIC[type(node.op)]
        a, b = self.number(node.left, now, names), self.number(node.right, now, names)
        if sign in "/%" and b == 0:
            _wrong(node, "division by zero")
        try:
            found = function(a, b)
            nothing = math.isnan(found)
        except OverflowError:
            # Whole numbers grow without end: none is larger than a fraction may be, so that all work is bounded.
            _wrong(node, "the number is too large")
        if nothing:
            _wrong(node, f"this has no value: {a:g} {sign} {b:g}")
        return found

    def compare(self, node: ast.Compare, now: Moment, names: Mapping[str, Value]) -> bool:
        a = self.value(node.left, now, names)
        for op, other in zip(node.ops, node.comparators, strict=True):
            b = self.value(other, now, names)
            if isinstance(op, ast.In | ast.NotIn):
                if not isinstance(b, tuple):
                    _wrong(other, f"`in` needs a list, not {_kind(b)}")
                holds = (a in b) is isinstance(op, ast.In)
            else:
                ordered = not isinstance(op, ast.Eq | ast.NotEq)
                if _kind(a) != _kind(b) or (ordered and _kind(a) != "a number"):
                    _wrong(node, f"{_kind(a)} cannot be compared so with {_kind(b)}")
                holds = COMPARISONS[type(op)](a, b)
            if not holds:
                return False
            a = b
        return True

    def loop(self, node: ast.ListComp | ast.GeneratorExp, now: Moment, names: Mapping[str, Value]) -> Iterable[Value]:
        one = node.generators[0]
        assert isinstance(one.target, ast.Name)
        for item in self.sequence(one.iter, now, names):
            self.reading.turn(node)
            inner = {**names, one.target.id: item}
            if all(self.truth(test, now, inner) for test in one.ifs):
                yield self.value(node.elt, now, inner)

    def call(self, node: ast.Call, now: Moment, names: Mapping[str, Value]) -> Value:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if name in GATHERERS:
            return self.gather(name, node.args[0], now, names)
        if name in FORMS:
            return self.form(node, name, node.args, now, names)
        values = [self.value(argument, now, names) for argument in node.args]
        self.reading.small()
        asked = (name, *values)
        if asked in now.read:
            found, steps = now.read[asked]
            at_hand().spend(steps)
            return found
        function = FUNCTIONS[name]
        if function.by_client or not all(isinstance(value, str) for value in values):
            # Numbers are not told apart from truth values by a key.
            return self.read(node, function, now, values)
        effort = at_hand()
        before = effort.steps
        found = self.read(node, function, now, values)
        now.read[asked] = found, effort.steps - before
        return found

    def read(self, node: ast.Call, function: Function, now: Moment, values: list[Value]) -> Value:
        for argument, value, kind in zip(node.args, values, function.kinds(len(values)), strict=True):
            problem = kind.problem(now.scenario, value)
            if problem is not None:
                _wrong(argument, *problem)
        try:
            at_hand().spend(len(now.trace.changes) // WORTH_A_STEP)
            return function.read(now, self.clients, *values)
        except TooManyFaultSets as error:
            _wrong(node, str(error))
        except TooMuchWork:
            _wrong(node, TOO_MUCH, FEWER)

    def gather(self, name: str, argument: ast.expr, now: Moment, names: Mapping[str, Value]) -> Value:
        if isinstance(argument, ast.GeneratorExp):
            items: Iterable[Value] = self.loop(argument, now, names)
        else:
            items = self.sequence(argument, now, names)
        if name == "len":
            return len(list(items))
        stop = name == "any"
        for item in items:
            if not isinstance(item, bool):
                _wrong(argument, f"{name}() needs true or false, not {_kind(item)}")
            if item is stop:
                return stop
        return not stop

    def form(
        self, node: ast.expr, name: str, arguments: list[ast.expr], now: Moment, names: Mapping[str, Value]
    ) -> Value:
        inner = arguments[-1]
        if name == "at":
            seconds = self.number(arguments[0], now, names)
            if not 0 <= seconds < LATEST:
                _wrong(arguments[0], "a time from 0 s on, and of less than a thousand years, is needed here")
            self.reading.effort.spend((len(now.trace.changes) + len(now.trace.end)) // WORTH_A_STEP)
            return self.value(inner, Moment.at(now.trace, round(seconds * 1000)), names)
        if name in ("ever", "always"):
            asked = (node, now.asked_ms, repr(names))
            if asked not in self.held:
                self.held[asked] = self.over_time(node, inner, name == "ever", now, names)
            return self.held[asked]
        share = self.share(inner, now, names)
        if name == "chance":
            return float(share)
        return share == 1 if name == "certain" else share > 0

    def over_time(self, node: ast.expr, inner: ast.expr, stop: bool, now: Moment, names: Mapping[str, Value]) -> bool:
        """Whether the inner expression holds in some moment so far (`stop` is true), or in every one."""
        for moment in now.so_far():
            self.reading.turn(node)
            if self.truth(inner, moment, names) is stop:
                return stop
        return not stop

    def share(self, node: ast.expr, now: Moment, names: Mapping[str, Value]) -> Fraction:
        """The share of chance in which an expression is true: the same in whichever course it is asked."""
        asked = (node, now.asked_ms, repr(names))
        if asked not in self.reading.shares:
            share = Fraction(0)
            for branch in self.outcome.branches:
                for course in courses(node, branch, self.outcome, names, now.asked_ms, self.reading):
                    if not isinstance(course.value, bool):
                        _wrong(node, f"true or false is needed here, not {_kind(course.value)}")
                    share += course.share * course.value
            self.reading.shares[asked] = share
        return self.reading.shares[asked]


_READERS: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Constant: Walk.constant,
    ast.Call: Walk.call,
    ast.Compare: Walk.compare,
    ast.BoolOp: Walk.junction,
    ast.Name: Walk.name,
    ast.UnaryOp: Walk.sign,
    ast.BinOp: Walk.arithmetic,
    ast.IfExp: Walk.choice,
    ast.List: Walk.items,
    ast.ListComp: Walk.listed,
    ast.GeneratorExp: Walk.listed,
}
"""What finds the value of each kind of expression."""


def _wrong(node: ast.expr, message: str, hint: str = "") -> NoReturn:
    raise ClaimError(message, node.col_offset + 1, hint)


def _item(node: ast.expr, value: Value) -> bool | int | float | str:
    if isinstance(value, tuple):
        _wrong(node, "a list holds no lists")
    return value


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a name"
    return "a list" if isinstance(value, tuple) else "a number"
