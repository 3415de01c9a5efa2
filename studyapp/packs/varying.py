"""What makes a question a family: names with several values, names derived of these, and which combinations count."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

from studyapp.cluster.kinds import Value
from studyapp.packs.claims import ClaimSource, read_claim
from studyapp.packs.fields import Fields, Word, open_fields
from studyapp.packs.problems import quoted
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

MAX_VALUES = 100
"""Values of one varied name."""
MAX_NAMES = 20
"""Names of `vary` and of `let`."""

_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


def read_vary(fields: Fields) -> tuple[tuple[tuple[str, tuple[Value, ...]], ...], dict[str, Word]]:
    """The varied names with their values, and the places of the names."""
    inner = _named(fields, "vary")
    found: list[tuple[str, tuple[Value, ...]]] = []
    places: dict[str, Word] = {}
    if inner is None:
        return (), {}
    for name, (key, node) in inner.node.entries.items():
        if not _good_name(inner, key):
            continue
        if not isinstance(node, Sequence) or not 1 <= len(node.items) <= MAX_VALUES:
            inner.say(node, "wrong-type", f"{name} must be a list of 1 to {MAX_VALUES} values")
            continue
        values: list[Value] = []
        seen: set[tuple[type, Value]] = set()
        for item in node.items:
            value = _value(inner, name, item)
            if value is None:
                continue
            if (type(value), value) in seen:
                inner.say(item, "duplicate-value", f"{name} has the value {quoted(value)} twice")
            seen.add((type(value), value))
            values.append(value)
        found.append((name, tuple(values)))
        places[name] = Word(name, key.line, key.column)
    return tuple(found), places


def _value(fields: Fields, name: str, node: Node) -> Value | None:
    if not isinstance(node, Scalar) or node.value is None:
        hint = "put text that begins with a bracket in quotes"
        fields.say(node, "wrong-type", f"each value of {name} is a word, a number or a truth value", hint)
        return None
    if isinstance(node.value, str) and fields.hostile(node, name, node.value):
        return None
    return node.value


def read_let(fields: Fields, varied: Mapping[str, Word]) -> dict[str, ClaimSource]:
    """The derived names, each with its claim."""
    inner = _named(fields, "let")
    found: dict[str, ClaimSource] = {}
    if inner is None:
        return found
    for name, (key, node) in inner.node.entries.items():
        if name in varied:
            inner.say(key, "duplicate-name", f"{name} is already a name of vary")
        elif _good_name(inner, key):
            source = read_claim(inner, node)
            if source is not None:
                found[name] = source
    return found


def read_where(fields: Fields) -> ClaimSource | None:
    """What a combination of the varied values must meet."""
    node = fields.get("where")
    source = read_claim(fields, node) if node is not None else None
    if source is not None and node is not None and source.claim.calls_model:
        fields.say(node, "bad-claim", "where is about the varied names alone: it cannot ask the model")
    return source


def scenarios_of(fields: Fields) -> tuple[Word, ...]:
    """The scenario, or the values of a varied `scenario`."""
    word = fields.word("scenario")
    vary = fields.node.entries.get("vary")
    varied = vary[1].entries.get("scenario") if vary is not None and isinstance(vary[1], Mapping_) else None
    if varied is None:
        return (word,) if word is not None else ()
    if word is not None:
        fields.say(varied[0], "duplicate-name", "scenario stands in the front matter already")
    items = varied[1].items if isinstance(varied[1], Sequence) else ()
    return tuple(Word(item.text, item.line, item.column) for item in items if isinstance(item, Scalar))


def _named(fields: Fields, name: str) -> Fields | None:
    node = fields.get(name)
    inner = open_fields(node, name, fields.path, fields.problems)
    if inner is not None and len(inner.node.entries) > MAX_NAMES:
        inner.say(inner.node, "out-of-range", f"{name} has more than {MAX_NAMES} names")
    return inner


def _good_name(fields: Fields, key: Scalar) -> bool:
    if _NAME.match(key.text) and not keyword.iskeyword(key.text) and len(key.text) <= 40:
        return True
    hint = "use small letters, digits and underscores, and no word of the claim language"
    fields.say(key, "bad-name", f"{quoted(key.text)} is no name", hint)
    return False
