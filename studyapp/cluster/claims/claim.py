"""Claims: one expression each, of a small subset of Python, about the outcome of a scenario.

A claim is parsed with `ast` and walked; nothing is ever handed to `eval`. `parse_claim` checks the form here,
`check_claim` (checking.py) the names and types against a scenario, `evaluate` (evaluation.py) finds the value in every
branch of chance.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import NoReturn

from studyapp.cluster.claims.vocabulary import FUNCTIONS

MAX_LENGTH = 2_000
"""Characters: a list that is written out has fewer than 1,000 items."""
MAX_DEPTH = 32
LARGEST = int(sys.float_info.max)
"""The largest whole number: a larger one could not be counted together with a fraction, nor with infinity."""

FORMS = {"at": 2, "ever": 1, "always": 1, "certain": 1, "possible": 1, "chance": 1}
"""Functions whose last argument is a claim, with the number of their arguments."""
GATHERERS = ("all", "any", "len")

MEANT = {
    "=": "== compares",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    **dict.fromkeys("“”„«»‘’‚", "write straight quotes: \" or '"),
}
"""What to write for signs that stand in a claim where none may, as other languages and word processors have them."""

COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod)


class ClaimError(Exception):
    """A claim that cannot be read or evaluated: what, at which column (from 1) of its text, and a hint."""

    def __init__(self, message: str, column: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.hint = hint


@dataclass(frozen=True)
class Claim:
    """A claim that has been read. `calls_model` is False when it calls no function of the model."""

    text: str
    tree: ast.expr = field(repr=False, compare=False)
    calls_model: bool


@lru_cache(maxsize=4096)  # the questions on one scenario say much the same of the same things
def parse_claim(text: str) -> Claim:
    """Read a claim. Raises ClaimError with the column of what is wrong."""
    if len(text) > MAX_LENGTH:
        raise ClaimError(f"a claim has at most {MAX_LENGTH:,} characters; this one has {len(text):,}")
    if sum(map(text.count, "([{")) > MAX_DEPTH:
        _count_brackets(text)
    shift = len(text) - len(text.lstrip())
    try:
        # What Python reads and warns of (`1and 2`) no author means.
        with warnings.catch_warnings(action="error", category=SyntaxWarning):
            tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        column = len(_before(text.strip(), error.lineno or 1)) + max(1, error.offset or 1) + shift
        hint = MEANT.get(text[column - 1 : column], "")
        raise ClaimError(f"this is not an expression: {error.msg}", column, hint) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise ClaimError(f"this is not an expression: {error}") from None
    if shift or not text.isascii() or "\n" in text:  # else the places are right already
        for node in ast.walk(tree):
            if isinstance(node, ast.expr):
                node.col_offset = len(_before(text.strip(), node.lineno, node.col_offset)) + shift
    _visit(tree, 1)
    calls = any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id not in GATHERERS for n in ast.walk(tree)
    )
    return Claim(text.strip(), tree, calls)


def _count_brackets(text: str) -> None:
    """Raise ClaimError where brackets are open too deep."""
    brackets = 0
    for column, character in enumerate(text, 1):
        brackets += (character in "([{") - (character in ")]}")
        if brackets > MAX_DEPTH:
            raise ClaimError(f"a claim is at most {MAX_DEPTH} brackets deep", column)


def _before(text: str, line: int, bytes_in_line: int = 0) -> str:
    """The text before a place that `ast` gives by its line and the bytes before it in that line."""
    lines = text.encode().splitlines(keepends=True)
    before = (*lines[: line - 1], *(part[:bytes_in_line] for part in lines[line - 1 : line]))
    return b"".join(before).decode(errors="ignore")


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint that names the nearest of `names`, or nothing."""
    close = get_close_matches(name, list(names), 1)
    return f"did you mean {close[0]}?" if close else ""


def _refuse(node: ast.expr, message: str, hint: str = "") -> NoReturn:
    raise ClaimError(message, node.col_offset + 1, hint)


def _visit(node: ast.expr, depth: int, gathered: bool = False) -> None:
    """Let through what the subset allows, no deeper than allowed."""
    if depth > MAX_DEPTH:
        _refuse(node, f"a claim is at most {MAX_DEPTH} levels deep")
    match node:
        case ast.Constant(value=int(number)) if number > LARGEST:
            _refuse(node, "the number is too large")
        case ast.Constant(value=bool() | int() | float() | str()):
            pass
        case ast.Name():
            pass
        case ast.BoolOp(values=values):
            for value in values:
                _visit(value, depth + 1)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            _visit(operand, depth + 1)
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, ARITHMETIC):
            _visit(left, depth + 1)
            _visit(right, depth + 1)
        case ast.Compare(left=left, ops=ops, comparators=others):
            for operation in ops:
                if not isinstance(operation, (ast.In, ast.NotIn, *COMPARISONS)):
                    _refuse(node, "only == != < <= > >= in compare values")
            for value in (left, *others):
                _visit(value, depth + 1)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            for value in (test, body, orelse):
                _visit(value, depth + 1)
        case ast.List(elts=items):
            for value in items:
                _visit(value, depth + 1)
        case ast.ListComp(elt=elt, generators=[one]):
            _loop(elt, one, depth)
        case ast.GeneratorExp(elt=elt, generators=[one]) if gathered:
            _loop(elt, one, depth)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            _call(node, name, arguments, depth)
        case _:
            _refuse(node, f"{_words(node)} is no part of a claim")


def _loop(elt: ast.expr, one: ast.comprehension, depth: int) -> None:
    if not isinstance(one.target, ast.Name) or len(one.ifs) > 1 or one.is_async:
        _refuse(one.target, "write one `for name in list` with at most one `if`")
    for value in (elt, one.iter, *one.ifs):
        _visit(value, depth + 1)


def _call(node: ast.expr, name: str, arguments: list[ast.expr], depth: int) -> None:
    if name not in FUNCTIONS and name not in FORMS and name not in GATHERERS:
        _refuse(node, f"there is no function {name}()", nearest(name, (*FUNCTIONS, *FORMS, *GATHERERS)))
    counts = FUNCTIONS[name].counts if name in FUNCTIONS else (FORMS.get(name, 1),)
    if len(arguments) not in counts:
        wanted = " or ".join(str(c) for c in counts)
        _refuse(node, f"{name}() takes {wanted} argument{'s' if counts != (1,) else ''}, not {len(arguments)}")
    for argument in arguments:
        if isinstance(argument, ast.Starred):
            _refuse(argument, "* is no part of a claim")
        _visit(argument, depth + 1, gathered=name in GATHERERS)


def _words(node: ast.expr) -> str:
    names = {
        ast.Attribute: "an attribute (.)",
        ast.Subscript: "a subscript ([])",
        ast.Lambda: "a lambda",
        ast.Call: "such a call",
        ast.Constant: "this literal",
        ast.GeneratorExp: "a `for` outside all(), any(), len() or a list",
        ast.JoinedStr: "an f-string",
        ast.NamedExpr: "an assignment",
        ast.Tuple: "a tuple (write a list)",
    }
    return names.get(type(node), "this")
