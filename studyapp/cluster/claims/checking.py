"""Names and types of a claim, checked against a scenario before anything is simulated."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from studyapp.cluster.claims.claim import FORMS, GATHERERS, Claim, ClaimError, nearest
from studyapp.cluster.claims.vocabulary import FUNCTIONS, WORDS
from studyapp.cluster.kinds import EVENT, THING, Value
from studyapp.cluster.scenario import Scenario

LOGICAL = "true or false"
NUMBER = "a number"
NAME = "a name"
LIST = "a list"
ANY = "anything"
MOST_NAMED = 24
"""Texts that a hint lists at most."""


def type_of(value: Value) -> str:
    """The type of a value, in words."""
    if isinstance(value, bool):
        return LOGICAL
    if isinstance(value, str):
        return NAME
    return LIST if isinstance(value, tuple) else NUMBER


def check_claim(claim: Claim, scenario: Scenario | None, names: Mapping[str, Value]) -> tuple[ClaimError, ...]:
    """Everything wrong with the claim's names and types; `names` are those of `vary` and `let` with their values."""
    checker = _Checker(scenario, names)
    checker.type(claim.tree, {name: type_of(value) for name, value in names.items()})
    return tuple(checker.problems)


def never_given(claim: Claim, scenario: Scenario) -> Iterator[ClaimError]:
    """Each text that is compared with what a function gives, and that it can give of no cluster with these parts: a
    name or state that is misspelt, which no fault of the types shows.
    """
    for node in ast.walk(claim.tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = (node.left, *node.comparators)
        for one, other in (*pairwise(sides), *pairwise(reversed(sides))):
            words = _words(one, scenario)
            for text in other.elts if isinstance(other, ast.List) else (other,):
                if words is None or not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                    continue
                if text.value not in words:
                    hint = nearest(text.value, words) or (
                        f"it may be {', '.join(words)}" if len(words) <= MOST_NAMED else ""
                    )
                    yield ClaimError(
                        f'the claim compares with "{text.value}", which this never is', text.col_offset + 1, hint
                    )


def _words(node: ast.expr, scenario: Scenario) -> Collection[str] | None:
    """All texts that an expression may give, where it is a call whose texts are known."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    if node.func.id == "at":
        return _words(node.args[1], scenario)
    words = WORDS.get(node.func.id)
    return words(scenario) if words is not None else None


class _Checker:
    def __init__(self, scenario: Scenario | None, names: Mapping[str, Value]) -> None:
        self.scenario = scenario
        self.names = names
        self.problems: list[ClaimError] = []

    def say(self, node: ast.expr, message: str, hint: str = "") -> None:
        self.problems.append(ClaimError(message, node.col_offset + 1, hint))

    def need(self, node: ast.expr, wanted: str, known: Mapping[str, str]) -> None:
        found = self.type(node, known)
        if found not in (wanted, ANY):
            self.say(node, f"{wanted} is needed here, not {found}")

    def type(self, node: ast.expr, known: Mapping[str, str]) -> str:
        """The type of an expression; problems inside it are collected."""
        match node:
            case ast.Constant(value=value):
                assert isinstance(value, bool | int | float | str)
                return type_of(value)
            case ast.Name(id=name):
                if name not in known:
                    self.say(node, f"there is no name {name} here", self.unquoted(name) or nearest(name, known))
                return known.get(name, ANY)
            case ast.BoolOp(values=values):
                for part in values:
                    self.need(part, LOGICAL, known)
                return LOGICAL
            case ast.UnaryOp(op=op, operand=operand):
                wanted = LOGICAL if isinstance(op, ast.Not) else NUMBER
                self.need(operand, wanted, known)
                return wanted
            case ast.BinOp(left=left, right=right):
                self.need(left, NUMBER, known)
                self.need(right, NUMBER, known)
                return NUMBER
            case ast.Compare(left=left, ops=ops, comparators=others):
                self.compare(left, ops, others, known)
                return LOGICAL
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.need(test, LOGICAL, known)
                kinds = {self.type(body, known), self.type(orelse, known)}
                return kinds.pop() if len(kinds) == 1 else ANY
            case ast.List(elts=items):
                for item in items:
                    self.type(item, known)
                return LIST
            case ast.ListComp() | ast.GeneratorExp():
                self.loop(node, known)
                return LIST
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return self.call(node.func.id, node.args, known)

    def unquoted(self, name: str) -> str:
        """A hint where a name is that of a thing or of an event, so that it lacks its quotes."""
        scenario = self.scenario
        named = scenario is not None and any(kind.problem(scenario, name) is None for kind in (THING, EVENT))
        return f'names of things stand in quotes: "{name}"' if named else ""

    def compare(self, left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr], known: Mapping[str, str]) -> None:
        a, first = self.type(left, known), left
        for op, other in zip(ops, others, strict=True):
            b = self.type(other, known)
            if isinstance(op, ast.In | ast.NotIn):
                if b not in (LIST, ANY):
                    self.say(other, f"`in` needs a list, not {b}")
            elif ANY not in (a, b):
                if a != b:
                    self.say(first, f"{a} cannot be compared with {b}")
                elif not isinstance(op, ast.Eq | ast.NotEq) and a != NUMBER:
                    self.say(first, f"{a} has no order: only == and != compare it")
            a, first = b, other

    def loop(self, node: ast.ListComp | ast.GeneratorExp, known: Mapping[str, str]) -> str:
        one = node.generators[0]
        self.need(one.iter, LIST, known)
        assert isinstance(one.target, ast.Name)
        inner = {**known, one.target.id: ANY}
        for test in one.ifs:
            self.need(test, LOGICAL, inner)
        return self.type(node.elt, inner)

    def call(self, name: str, arguments: list[ast.expr], known: Mapping[str, str]) -> str:
        if name in GATHERERS:
            self.need(arguments[0], LIST, known)
            return NUMBER if name == "len" else LOGICAL
        if name in FORMS:
            if name == "at":
                self.need(arguments[0], NUMBER, known)
                return self.type(arguments[1], known)
            self.need(arguments[0], LOGICAL, known)
            return NUMBER if name == "chance" else LOGICAL
        function = FUNCTIONS[name]
        for argument, kind in zip(arguments, function.kinds(len(arguments)), strict=True):
            found = self.type(argument, known)
            value: Value | None = None
            if isinstance(argument, ast.Constant) and isinstance(argument.value, bool | int | float | str):
                value = argument.value
            elif isinstance(argument, ast.Name):
                value = self.names.get(argument.id)
            if value is not None and self.scenario is not None:
                problem = kind.problem(self.scenario, value)
                if problem is not None:
                    self.say(argument, *problem)
            elif kind.takes not in (found, "anything") and found != ANY:
                said = f"the name of {kind.word}" if kind.takes == NAME else kind.word
                self.say(argument, f"{said} is needed here, not {found}")
        if self.scenario is None:
            self.problems.append(ClaimError(f"{name}() needs a scenario, and there is none"))
        return function.gives
