"""What values of the format look like, as pieces of JSON Schema.

A schema is looser than the loader: it knows no names of things, and no rule that spans more than one mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from studyapp.packs.fields import LONGEST_ID, LONGEST_LINE
from studyapp.packs.names import LONGEST, RESERVED

Shape = dict[str, Any]
Rows = Mapping[str, tuple[Shape, str]]
"""Keys of a mapping, each with its shape and a sentence that describes it."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

WORD: Shape = {"type": ["string", "number"]}
"""A word or line of text; a number is taken as it is written."""
NULL: Shape = {"type": "null"}
FLAG: Shape = {"type": "boolean"}
CLAIM: Shape = {"type": ["string", "boolean", "number"]}
SCALAR: Shape = {"type": ["string", "boolean", "number"]}
DURATION: Shape = {"type": "string", "pattern": r"^\s*[0-9]{1,12}(\.[0-9]{1,12})? ?(ms|s|min|h)\s*$"}
PLACEHOLDER: Shape = {"type": "string", "pattern": r"\{[a-z_][a-z0-9_]*\}"}
TEXT: Shape = {"type": ["string", "number"], "minLength": 1, "maxLength": LONGEST_LINE}
ID: Shape = {"type": ["string", "integer"], "pattern": r"^\s*[a-z0-9]+(-[a-z0-9]+)*\s*$", "maxLength": LONGEST_ID}
OBJECTIVE: Shape = {
    "type": ["string", "integer"],
    "pattern": r"^\s*[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*\s*$",
    "maxLength": LONGEST_ID,
}
NAME: Shape = {"minLength": 1, "maxLength": LONGEST, "not": {"enum": list(RESERVED)}}
"""A name that an author gives a thing, where it is a key."""


def whole(low: int, high: int) -> Shape:
    """A whole number from `low` to `high`."""
    return {"type": "integer", "minimum": low, "maximum": high}


def number(low: float, high: float) -> Shape:
    """A number from `low` to `high`."""
    return {"type": "number", "minimum": low, "maximum": high}


def choice(words: Iterable[str]) -> Shape:
    """One of some words."""
    return {"enum": list(words)}


def known(words: Iterable[str]) -> Shape:
    """A word, of which these are known; others are not refused here."""
    return {"anyOf": [choice(words), WORD]}


def items(shape: Shape, low: int = 0, high: int | None = None) -> Shape:
    """A list."""
    found: Shape = {"type": "array", "items": shape}
    return found | ({"minItems": low} if low else {}) | ({"maxItems": high} if high is not None else {})


def one_or_more(shape: Shape) -> Shape:
    """One of something, or a list of them."""
    return {"anyOf": [shape, items(shape, 1)]}


def either(*shapes: Shape) -> Shape:
    """One of several shapes."""
    return {"anyOf": list(shapes)}


NAMES = one_or_more(WORD)
"""One name, or a list of them."""


def named(shape: Shape, keys: Shape | None = None, most: int | None = None) -> Shape:
    """A mapping from an author's names to things of one shape."""
    found: Shape = {"type": "object", "propertyNames": keys or NAME, "additionalProperties": shape}
    return found | ({"maxProperties": most} if most is not None else {})


def keyed(known_keys: Iterable[str], rows: Rows, required: Iterable[str] = ()) -> Shape:
    """A mapping with known keys and no others.

    Raises KeyError for a key that has no row: a key that the loader knows must be described.
    """
    return {
        "type": "object",
        "properties": {key: described(*rows[key]) for key in known_keys},
        "required": list(required),
        "additionalProperties": False,
    }


def described(shape: Shape, description: str) -> Shape:
    """A shape with a sentence that editors show."""
    return {"description": description, **shape}


def removable(rows: Rows) -> Rows:
    """Keys of a file that extends another: `null` takes one away."""
    return {key: (either(shape, NULL), text) for key, (shape, text) in rows.items()}


def extending(whole: Shape, over: Shape) -> tuple[Shape, dict[str, Shape]]:
    """A mapping that has only what is different, `over`, where it extends another; and its definitions."""
    shape: Shape = {
        "type": "object",
        "if": {"required": ["extends"]},
        "then": ref("over"),
        "else": ref("whole"),
    }
    return shape, {"whole": whole, "over": over}


def maybe_empty(shape: Shape) -> Shape:
    """Nothing at all stands for an empty mapping."""
    return either(shape, NULL)


def document(
    name: str, title: str, description: str, shape: Shape, definitions: Mapping[str, Shape] | None = None
) -> Shape:
    """A whole schema."""
    head: Shape = {"$schema": DIALECT, "$id": f"studyapp:{name}", "title": title, "description": description}
    return {**head, **shape, **({"$defs": dict(definitions)} if definitions else {})}


def ref(name: str) -> Shape:
    """A shape that stands among the definitions."""
    return {"$ref": f"#/$defs/{name}"}
