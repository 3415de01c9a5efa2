"""A claim as a plain English sentence, so that an author can hold it against the words of the option beside it.

The sentence says what the claim says, no more: negation is carried down to the smallest part that has words for it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TypeVar

from studyapp.cluster.claims.claim import Claim
from studyapp.cluster.claims.vocabulary import FUNCTIONS
from studyapp.cluster.claims.wording import CLAUSES, COMPONENTS, COUNTED, EVENTS, LOGGED, NOUNS, SECONDS
from studyapp.cluster.kinds import Value

IS = {
    ast.Eq: "",
    ast.NotEq: " not",
    ast.Lt: " less than",
    ast.LtE: " at most",
    ast.Gt: " more than",
    ast.GtE: " at least",
}
"""What stands between `is` and the value that is compared with."""
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.Lt: ast.GtE, ast.Gt: ast.LtE, ast.In: ast.NotIn,
    ast.NotEq: ast.Eq, ast.GtE: ast.Lt, ast.LtE: ast.Gt, ast.NotIn: ast.In,
}  # fmt: skip
MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.Eq, ast.NotEq: ast.NotEq, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
}  # fmt: skip
SIGNS = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divided by", ast.Mod: "modulo"}
FORMS = {
    "ever": ("at some time {}", "at no time {}"),
    "always": ("all the time {}", "not all the time {}"),
    "certain": ("it is certain that {}", "it is not certain that {}"),
    "possible": ("it is possible that {}", "it is not possible that {}"),
}
LONG = (*(text.partition("{}")[0] for said in FORMS.values() for text in said), "at ", "for ", "if ", "(")
"""How clauses begin that would seem to go on over the next one."""
TIMES = {1: "once", 2: "twice"}
OPENERS = frozenset(
    (
        *("the", "no", "a", "some", "it", "at", "all", "for", "each", "there", "if", "whether", "validation", "not"),
        *("event", "nothing", "clustering", "connections", "chance", "minus"),
    )
)
"""Words of ours that a sentence may begin with."""
UNKNOWN = object()
"""What stands for a value that is not written out."""

Word = TypeVar("Word", str, tuple[str, str])


def sentence(claim: Claim, names: Mapping[str, Value] | None = None) -> str:
    """The claim as a sentence. `names` are the values of a variant, which stand in place of their names.

    A claim that is neither true nor false becomes a noun: what the value is of.
    """
    names = names or {}
    speech = _Speech(names)
    text = speech.clause(claim.tree) if speech.is_logical(claim.tree) else speech.noun(claim.tree)
    own = {node.value for node in ast.walk(claim.tree) if isinstance(node, ast.Constant)} | set(names.values())
    bracket = text.startswith("(")
    word = text[bracket:].split(" ", 1)[0]
    if word in OPENERS and word not in own:
        text = text[: bracket + 1].upper() + text[bracket + 1 :]
    return f"{text}."


def joined(parts: Sequence[str], word: str) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *before, last = parts
    return f"{', '.join(before)} {word} {last}" if before else last


class Phrase(str):
    """Words of ours that stand for a loop's name."""

    __slots__ = ()


class _Speech:
    """Says the parts of a claim; `known` are names with what stands for them."""

    def __init__(self, known: Mapping[str, Value]) -> None:
        self.known = known

    def with_name(self, name: str, phrase: str) -> _Speech:
        """The same where a loop's name stands for a phrase."""
        return _Speech({**self.known, name: Phrase(phrase)})

    # -- what is true or false ----------------------------------------------------------------------------------------

    def is_logical(self, node: ast.expr) -> bool:
        """The expression is true or false, as far as its form tells."""
        match node:
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.Constant(value=value):
                return isinstance(value, bool)
            case ast.Name(id=name):
                return isinstance(self.known.get(name), bool)
            case ast.IfExp(body=body, orelse=orelse):
                return self.is_logical(body) and self.is_logical(orelse)
            case ast.Call(func=ast.Name(id="at"), args=[_, inner]):
                return self.is_logical(inner)
            case ast.Call(func=ast.Name(id=name)):
                return name in FORMS or name in ("all", "any") or _gives(name) == "true or false"
        return False

    def clause(self, node: ast.expr, holds: bool = True) -> str:
        """That the expression is true, or with `holds` false that it is not."""
        match node:
            case ast.BoolOp(op=op, values=values):
                return self.junction(values, isinstance(op, ast.And) is holds, holds)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.clause(operand, not holds)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [left, *others]
                pairs = [
                    self.compared(a, type(op) if holds else OPPOSITE[type(op)], b)
                    for a, op, b in zip(sides, ops, others, strict=False)
                ]
                return joined(pairs, "and" if holds else "or")
            case ast.IfExp(test=test, body=body, orelse=orelse):
                then, otherwise = self.clause(body, holds), self.clause(orelse, holds)
                return f"if {self.clause(test)}, {then}, and otherwise {otherwise}"
            case ast.Name(id=name):
                return f"{name} is {'true' if holds else 'false'}"
            case ast.Constant(value=bool(value)):
                return "it is so whatever happens" if value is holds else "it is never so"
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.called(node, name, arguments, holds)
        return f"{self.noun(node)} is {'true' if holds else 'false'}"

    def junction(self, values: Sequence[ast.expr], both: bool, holds: bool) -> str:
        """Several together; what is joined by the other word stands in brackets."""
        parts = [part for value in values for part in self.parts(value, both, holds)]
        word = "and" if both else "or"
        if any("," in part or part.startswith(LONG) for part in parts):
            *before, last = parts
            return f"{'; '.join(before)}; {word} {last}"
        return f"{', '.join(parts[:-1])}, {word} {parts[-1]}" if parts[2:] else f" {word} ".join(parts)

    def parts(self, node: ast.expr, both: bool, holds: bool) -> list[str]:
        """What one of several adds to them: itself, or its own parts where they are joined by the same word."""
        while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node, holds = node.operand, not holds
        if not isinstance(node, ast.BoolOp):
            said = self.clause(node, holds)
            return [f"({said})" if isinstance(node, ast.IfExp) else said]
        if (isinstance(node.op, ast.And) is holds) is both:
            return [part for value in node.values for part in self.parts(value, both, holds)]
        return [f"({self.clause(node, holds)})"]

    def whole(self, node: ast.expr, holds: bool = True) -> str:
        """A clause after words that are about all of it."""
        said = self.clause(node, holds)
        return f"({said})" if isinstance(node, ast.BoolOp | ast.IfExp) else said

    def called(self, node: ast.expr, name: str, arguments: list[ast.expr], holds: bool) -> str:
        """A function that is true or false."""
        if name in FORMS:
            return FORMS[name][not holds].format(self.whole(arguments[0]))
        if name == "at":
            return f"at {self.noun(arguments[0])} s {self.whole(arguments[1], holds)}"
        if name in ("all", "any"):
            return self.gathered(arguments[0], (name == "all") is holds, holds)
        if name == "happens":
            said = self.event(arguments[0], arguments[1])
            return said if holds else f"it never happens that {said}"
        if name == "before":
            first, second = self.event(arguments[0], arguments[1]), self.event(arguments[2], arguments[3])
            said = f"{first} before {second}, if that happens at all"
            return said if holds else f"it is not so that {said}"
        if name not in CLAUSES:
            return f"{self.noun(node)} is {'true' if holds else 'false'}"
        return self.filled(_worded(CLAUSES, name, arguments)[not holds], arguments)

    def gathered(self, node: ast.expr, every: bool, holds: bool) -> str:
        """`all` or `any`, of which one is the other's opposite."""
        if not isinstance(node, ast.GeneratorExp | ast.ListComp):
            word = "each" if every else "at least one"
            return f"{word} of {self.noun(node)} is {'true' if holds else 'false'}"
        one = node.generators[0]
        assert isinstance(one.target, ast.Name)
        name, over = one.target.id, self.noun(one.iter)
        which = f"{'each' if every else 'at least one'} of {over}"
        uses = sum(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node.elt))
        if not one.ifs and uses == 1:
            said = self.with_name(name, which).clause(node.elt, holds)
            # Where it does not stand first, "no cluster has found each" would say something else.
            if said.startswith(f"{which} ") and not isinstance(node.elt, ast.BoolOp | ast.IfExp):
                return said
        inner = self.with_name(name, name)
        condition = f" for which {inner.clause(one.ifs[0])}" if one.ifs else ""
        which = f"{'each' if every else 'at least one'} {name} of {over}"
        return f"for {which}{condition}, {inner.clause(node.elt, holds)}"

    # -- comparisons --------------------------------------------------------------------------------------------------

    def compared(self, left: ast.expr, op: type[ast.cmpop], right: ast.expr) -> str:
        """Two values side by side; what asks the model stands first."""
        if op in (ast.In, ast.NotIn):
            return self.among(left, op is ast.In, right)
        if self.literal(left) is not UNKNOWN and self.literal(right) is UNKNOWN:
            left, op, right = right, MIRRORED[op], left
        value = self.literal(right)
        if isinstance(value, bool) and self.is_logical(left):
            return self.clause(left, (op is ast.Eq) is value)
        if isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id in COUNTED:
            said = self.counted(left.func.id, left.args, op, value)
            if said:
                return said
        noun = left.id if isinstance(left, ast.Name) and value is not UNKNOWN else self.noun(left)
        if isinstance(value, tuple) and len(value) == 1 and op in (ast.Eq, ast.NotEq):
            return f"{_shown(value[0])} is{IS[op]} the only one of {noun}"
        if op in (ast.Eq, ast.NotEq) and (value == "none" or value == ()) and noun.startswith("the "):
            bare, is_list = noun.removeprefix("the "), value == ()
            if op is ast.Eq:
                return f"there {'are' if is_list else 'is'} no {bare}"
            return f"there are {bare}" if is_list else f"there is {'an' if bare[0] in 'aeiou' else 'a'} {bare}"
        return f"{noun} {'are' if _is_list(left) else 'is'}{IS[op]} {self.measured(right, self.unit(left))}"

    def among(self, left: ast.expr, inside: bool, right: ast.expr) -> str:
        """Whether something is in a list."""
        value = self.literal(right)
        noun = left.id if isinstance(left, ast.Name) and value is not UNKNOWN else self.noun(left)
        if isinstance(value, tuple) and value:
            shown = [_shown(item) for item in value]
            if inside:
                return f"{noun} is {joined(shown, 'or')}"
            return f"{noun} is {'neither ' if shown[1:] else 'not '}{joined(shown, 'nor')}"
        return f"{noun} is{'' if inside else ' not'} among {self.noun(right)}"

    def counted(self, name: str, arguments: Sequence[ast.expr], op: type[ast.cmpop], value: object) -> str:
        """How often something happens; empty where a number says it better."""
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            return ""
        happens, never = (self.filled(text, arguments) for text in COUNTED[name])
        if (op, value) in ((ast.Eq, 0), (ast.LtE, 0), (ast.Lt, 1)):
            return never
        if (op, value) in ((ast.Gt, 0), (ast.NotEq, 0)):
            op, value = ast.GtE, 1
        times = TIMES.get(value, f"{value} times")
        often = {ast.Eq: times, ast.GtE: f"at least {times}", ast.LtE: f"at most {times}"}
        often |= {ast.Gt: f"more than {times}", ast.Lt: f"fewer than {value} times"}
        return f"{happens} {often[op]}" if op in often and (op, value) != (ast.Lt, 0) else ""

    # -- values -------------------------------------------------------------------------------------------------------

    def noun(self, node: ast.expr) -> str:
        """What the value is, or what it is of."""
        match node:
            case ast.Constant(value=bool() | int() | float() | str() as value):
                return _shown(value)
            case ast.Name(id=name):
                return _shown(self.known[name]) if name in self.known else name
            case ast.List(elts=items):
                return joined([self.noun(item) for item in items], "and") if items else "nothing"
            case ast.BinOp(left=left, op=op, right=right):
                return f"{self.bracketed(left)} {SIGNS[type(op)]} {self.bracketed(right)}"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                written = self.literal(node)
                return f"minus {self.bracketed(operand)}" if written is UNKNOWN else _shown(written)
            case ast.IfExp(test=test, body=body, orelse=orelse) if not self.is_logical(node):
                return f"{self.noun(body)} if {self.clause(test)}, else {self.noun(orelse)}"
            case ast.ListComp() | ast.GeneratorExp():
                return self.listed(node)
            case ast.Call(func=ast.Name(id=name), args=arguments) if not self.is_logical(node):
                return self.valued(name, arguments)
        return f"whether {self.clause(node)}"

    def valued(self, name: str, arguments: list[ast.expr]) -> str:
        """A function that has another value than true or false."""
        match name:
            case "len":
                return f"the number of {self.several(arguments[0])}"
            case "at":
                return f"{self.noun(arguments[1])} at {self.noun(arguments[0])} s"
            case "chance":
                return f"the chance that {self.clause(arguments[0])}"
            case "time_of":
                return f"the time until {self.event(arguments[0], arguments[1])}"
        return self.filled(_worded(NOUNS, name, arguments), arguments)

    def several(self, node: ast.expr) -> str:
        """What is counted."""
        if not isinstance(node, ast.ListComp | ast.GeneratorExp) or not node.generators[0].ifs:
            return self.noun(node).removeprefix("the ")
        one = node.generators[0]
        assert isinstance(one.target, ast.Name)
        name = one.target.id
        return f"{name} among {self.noun(one.iter)} for which {self.with_name(name, name).clause(one.ifs[0])}"

    def listed(self, node: ast.ListComp | ast.GeneratorExp) -> str:
        """What a loop picks from a list, or makes of it."""
        one = node.generators[0]
        assert isinstance(one.target, ast.Name)
        name, inner = one.target.id, self.with_name(one.target.id, one.target.id)
        condition = f" for which {inner.clause(one.ifs[0])}" if one.ifs else ""
        if isinstance(node.elt, ast.Name) and node.elt.id == name:
            return f"the {name} of {self.noun(one.iter)}{condition}" if condition else self.noun(one.iter)
        return f"{inner.noun(node.elt)} for each {name} of {self.noun(one.iter)}{condition}"

    def event(self, kind: ast.expr, thing: ast.expr) -> str:
        """Something that happens, as a clause."""
        said = self.noun(kind)
        return EVENTS.get(said, LOGGED).format(self.noun(thing), said)

    # -- words --------------------------------------------------------------------------------------------------------

    def filled(self, text: str, arguments: Sequence[ast.expr]) -> str:
        """A text with the arguments of a call in it."""
        return text.format(*(self.argument(argument) for argument in arguments))

    def argument(self, node: ast.expr) -> str:
        """An argument; kinds of components have names of their own."""
        value = self.literal(node)
        words = [COMPONENTS.get(str(item)) for item in (value if isinstance(value, tuple) else (value,))]
        known = [word for word in words if word is not None]
        return joined(known, "and") if known and len(known) == len(words) else self.noun(node)

    def bracketed(self, node: ast.expr) -> str:
        """A value within a calculation."""
        return f"({self.noun(node)})" if isinstance(node, ast.BinOp | ast.IfExp) else self.noun(node)

    def literal(self, node: ast.expr) -> object:
        """The value of what is written out, or of a known name; `UNKNOWN` of anything else."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.known.get(name, UNKNOWN)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
            case ast.List(elts=items):
                found = tuple(self.literal(item) for item in items)
                return UNKNOWN if UNKNOWN in found else found
        return UNKNOWN

    def unit(self, node: ast.expr) -> str:
        """The unit of a value: `s`, `%` for a share, or none."""
        match node:
            case ast.Call(func=ast.Name(id="at"), args=[_, inner]):
                return self.unit(inner)
            case ast.Call(func=ast.Name(id="share" | "chance")):
                return "%"
            case ast.Call(func=ast.Name(id=name)) if name in SECONDS:
                return "s"
        return ""

    def measured(self, node: ast.expr, unit: str) -> str:
        """A value beside one that has a unit."""
        value = self.literal(node)
        if isinstance(value, bool) or not isinstance(value, int | float) or not unit:
            return self.noun(node)
        return f"{value * 100:g}%" if unit == "%" else f"{value:g} {unit}"


def _worded(table: Mapping[str, Word], name: str, arguments: Sequence[ast.expr]) -> Word:
    """The row of a function for so many arguments."""
    more = f"{name}+"
    return table[more if more in table and len(arguments) > min(FUNCTIONS[name].counts) else name]


def _gives(name: str) -> str:
    return FUNCTIONS[name].gives if name in FUNCTIONS else ""


def _is_list(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="at"), args=[_, inner]):
            return _is_list(inner)
        case ast.Call(func=ast.Name(id=name)):
            return _gives(name) == "a list"
    return isinstance(node, ast.List | ast.ListComp)


def _shown(value: object) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return joined([_shown(item) for item in value], "and") if value else "nothing"
    text = str(value)
    return text if isinstance(value, Phrase) or (text and " " not in text) else f'"{text}"'
