"""Says in words what a piece of the format's JSON Schema takes, for pages that people read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import RELEASES
from studyapp.packs.glossary import LONGEST_TEXT
from studyapp.packs.parts import COUNT_MAX
from studyapp.packs.schemas import documents, question, shapes, timeline
from studyapp.packs.schemas.shapes import Rows, Shape
from studyapp.packs.shelf import OVER_KEYS
from studyapp.packs.varying import MAX_VALUES

MANY = 3
"""Keys of a mapping beyond which a table of its own has them."""

_KNOWN: tuple[tuple[Shape, str], ...] = (
    (timeline.edit(), "an edit, as below"),
    (question.OVER, "parts of a scenario: " + ", ".join(f"`{key}`" for key in OVER_KEYS)),
    (question.EVENT, "a kind of event with its thing, and `text` beside it"),
    (timeline.EDIT_ROWS["is"][0], "a witness as in a scenario; or one of `none`, `in-memory` and `shared`; or a list"),
    (shapes.known(PROPERTIES), "a [property](#properties)"),
    (shapes.choice(RELEASES), "a release"),
    (shapes.items(shapes.SCALAR, 1, MAX_VALUES), f"a list of 1 to {MAX_VALUES} values"),
    (shapes.either(shapes.WORD, shapes.items(shapes.WORD)), "one name or a list, which may be empty"),
    (shapes.either(shapes.WORD, shapes.items(shapes.WORD, 1, 1)), "one name"),
    (shapes.whole(0, COUNT_MAX), "a whole number"),
    (timeline.VALUE, "a value, a list of values, or a mapping from nodes to values"),
    (timeline.WITNESS, "`none`, or a mapping with one of `disk`, `share` and `cloud`, and `site`"),
    (documents.HOMEPAGE, "an address that begins with `https://` or `http://`"),
    (documents.EXPLAINED, f"Markdown of at most {LONGEST_TEXT:,} characters"),
    (shapes.NAMES, "one name or a list"),
    (shapes.FLAG, "`true` or `false`"),
    (shapes.CLAIM, "a claim"),
    (shapes.DURATION, "a time, such as `30s`, `500ms` or `1.5h`"),
    (shapes.PLACEHOLDER, "a placeholder"),
    (shapes.NULL, "nothing"),
    (shapes.ID, "an id"),
    (shapes.OBJECTIVE, "the id of an objective"),
    (shapes.TEXT, "a line of text"),
    (shapes.WORD, "a word"),
)
_REFERENCES = {
    "#/$defs/entry": "entries of a [timeline](#timelines)",
    "#/$defs/objective": "objectives, as below",
}


def meant(shape: Shape) -> Shape:
    """The shape without what describes it."""
    return {key: value for key, value in shape.items() if key != "description"}


def words(shape: Shape) -> str:
    """What may stand there.

    Raises:
        ValueError: the shape is of a form that has no words yet.
    """
    bare = meant(shape)
    for known, said in _KNOWN:
        if bare == known:
            return said
    for known, said in _KNOWN:
        if known in (shapes.WORD, shapes.TEXT) and bare == {**known, "maxLength": bare.get("maxLength")}:
            return f"{said} of at most {bare['maxLength']:,} characters"
    return _other(bare)


def _other(shape: Shape) -> str:
    if "$ref" in shape:
        return _REFERENCES[shape["$ref"]]
    if "const" in shape:
        return f"`{shape['const']}`"
    if "enum" in shape:
        return _choice(shape["enum"])
    if "anyOf" in shape and "properties" not in shape:
        return _either(shape["anyOf"])
    kind = shape.get("type")
    if kind in ("integer", "number"):
        return ("a whole number" if kind == "integer" else "a number") + _range(shape)
    if kind == "array":
        return f"a list of {_count(shape)}{_plural(shape['items'])}"
    if kind == "object" and isinstance(shape.get("additionalProperties"), dict):
        most = f", at most {shape['maxProperties']}" if "maxProperties" in shape else ""
        return f"a mapping from names{most}, to {_plural(shape['additionalProperties'])}"
    if kind == "object":
        return _mapping(shape)
    if kind == ["string", "number"]:
        return "one to three numbers with dots between them"
    if kind == "string":
        return "a word"
    raise ValueError(f"no words for {shape}")


def _mapping(shape: Shape) -> str:
    keys = list(shape.get("properties", ()))
    if len(keys) > MANY:
        return "a mapping, as below"
    return f"a mapping with {ticked(keys)}" if keys else "a mapping"


def _either(several: Iterable[Shape]) -> str:
    found = [shape for shape in several if meant(shape) != shapes.NULL]
    if len(found) == 2 and found[1].get("items") == found[0]:
        return f"{words(found[0])}, or a list of such"
    return ", or ".join(dict.fromkeys(words(shape) for shape in found))


def _choice(enum: Iterable[Any]) -> str:
    known = [str(word) for word in enum]
    if len(known) == 1:
        return f"`{known[0]}`"
    return f"one of {ticked(known)}"


def _range(shape: Shape) -> str:
    if "exclusiveMinimum" in shape:
        return f" above {shape['exclusiveMinimum']:,}, up to {shape['maximum']:,}"
    return f" from {shape['minimum']:,} to {_large(shape['maximum'])}"


def _large(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"


def _count(shape: Shape) -> str:
    low, high = shape.get("minItems"), shape.get("maxItems")
    if low is not None and high is not None:
        return {1: "one of ", 2: "two "}.get(low, f"{low} ") if low == high else f"{low} to {high:,} "
    if high is not None:
        return f"at most {high:,} "
    return f"{low} or more " if low is not None and low > 1 else ""


_SEVERAL = {
    "a word": "words",
    "a whole number": "whole numbers",
    "a mapping, as below": "mappings, as below",
    "a claim": "claims",
    "an id": "ids",
    "the id of an objective": "ids of objectives",
    "a line of text": "lines of text",
    "an edit, as below": "edits, as below",
    "a kind of event with its thing, and `text` beside it": "kinds of events with their things, and `text` beside each",
}


def _plural(shape: Shape) -> str:
    said = words(shape)
    if said.startswith("a mapping with "):
        return said.replace("a mapping", "mappings", 1)
    for one, several in (
        ("a line of text of", "lines of text of"),
        ("a list of", "lists of"),
        ("a whole number from", "whole numbers from"),
    ):
        if said.startswith(one):
            return said.replace(one, several, 1)
    return _SEVERAL.get(said, said)


def grid(heads: str, rows: Iterable[tuple[str, ...]]) -> str:
    """A table; `heads` are divided by bars."""
    count = heads.count("|") + 1
    lines = (f"| {' | '.join(cell(text) for text in row)} |" for row in rows)
    return "\n".join((f"| {heads} |", f"|{' --- |' * count}", *lines))


def ticked(names: Iterable[str], needed: Iterable[str] = ()) -> str:
    """Names as code with commas between them; those that must be there are bold."""
    bold = set(needed)
    return ", ".join(f"**`{name}`**" if name in bold else f"`{name}`" for name in names)


def table(rows: Rows, required: Iterable[str] = ()) -> str:
    """The keys of a mapping with what they take and mean; those that must be there are bold."""
    needed = tuple(required)
    made = ((ticked((key,), needed), words(shape), meaning) for key, (shape, meaning) in rows.items())
    return grid("key | takes | meaning", made)


def cell(text: str) -> str:
    """A text in a cell of a table, all of it."""
    return text.replace("|", "\\|").replace("<", "\\<")


def rows_of(shape: Shape) -> dict[str, tuple[Shape, str]]:
    """The keys of a mapping that is a schema already."""
    return {key: (value, value.get("description", "")) for key, value in shape["properties"].items()}
