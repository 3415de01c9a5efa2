"""Strict YAML 1.2 with positions.

Limits hold on the text and on its stream of events, before what passes them is built. Anchors, aliases, merge keys,
tags and directives are refused: what a file says stands where it is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from yaml import events

from studyapp.packs.problems import Problem, quoted
from studyapp.packs.texts import MAX_BYTES, REFUSED, check_characters, too_big

MAX_DEPTH = 32
"""Lists and mappings inside one another."""
MAX_EVENTS = 200_000
"""Events of one document: twice its lists and mappings, and its words."""
MAX_ITEMS = 10_000
"""Entries of one list or mapping."""
MAX_DIGITS = 30
MAX_REFUSED = 20
"""Refused anchors, aliases and tags after which the rest of a document is not looked at."""
MAX_PROBLEMS = 100
"""Duplicate keys and the like of one document that are listed."""

Value = str | int | float | bool | None

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, Value] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", "")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NOT_WORDS = frozenset(("", *"+-.0123456789"))
"""What a number begins with, and nothing at all."""
_FENCE = re.compile(r"^---[^\S\n]*$", re.MULTILINE)
"""A line of three dashes, which begins and ends front matter."""
_INT = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")


# Nothing changes them, though they are not frozen: frozen ones take twice as long to make, and files are full of them.


@dataclass(slots=True)
class Scalar:
    """A word, number, truth value or nothing. `text` is how it is written, without quotes; `plain`: without quotes.

    `exact` is the column of the first character of `text` when the text stands in the file character by character on
    one line, else 0.
    """

    value: Value
    line: int
    column: int
    text: str = ""
    plain: bool = True
    exact: int = 0
    path: str = ""
    """The file it stands in, where that is not the file that is read (`extends`)."""

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset` of `text`; the scalar's own where that is not known."""
        return (self.line, self.exact + offset) if self.exact else (self.line, self.column)


@dataclass(slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int
    path: str = ""


@dataclass(slots=True)
class Mapping_:
    """A mapping, in the order of the file: a key's text to the key where it stands and its value."""

    entries: dict[str, tuple[Scalar, Node]]
    line: int
    column: int
    path: str = ""


Node = Scalar | Sequence | Mapping_


def split_front_matter(text: str) -> tuple[str | None, str, int]:
    """The YAML between two lines `---` at the top, the text after them, and the number of lines before that text. Where
    the file ends with the second `---`, the text is empty and stands on that line.

    The YAML begins on line 2 of the file (`read_yaml(..., line_offset=1)`). Without front matter, or when its second
    `---` is missing, the first is None and the text is whole.
    """
    first = _FENCE.match(text)
    second = _FENCE.search(text, first.end() + 1) if first is not None else None
    if first is None or second is None:
        return None, text, 0
    more = second.end() < len(text)
    lines = text.count("\n", 0, second.start()) + more
    return text[first.end() + 1 : second.start()] or "\n", text[second.end() + 1 :], lines


def read_yaml(text: str, path: str, problems: list[Problem], line_offset: int = 0) -> Node | None:
    """The one document of a YAML text, or None; whatever is wrong is added to `problems`.

    `line_offset` is the number of lines before the text in its file. A duplicate key is a problem and the first of the
    two is kept, so that a reader can go on and find more.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        problems.append(too_big(path, line_offset + 1))
        return None
    if not check_characters(text, path, problems, line_offset):
        return None
    built = _Builder(text, path, line_offset)
    node = built.document()
    if node is None and not built.refused:
        problems.append(Problem(path, line_offset + 1, 1, "yaml-empty", "nothing is written here"))
    problems.extend(built.refused or built.problems)
    return node if not built.refused else None


_ENDS = (events.SequenceEndEvent, events.MappingEndEvent)
_AROUND = (events.StreamStartEvent, events.StreamEndEvent, events.DocumentEndEvent)


_TOLD_WHERE_BEGUN = ("quoted scalar", "simple key", "an alias", "an anchor", "a tag")
"""What the parser only sees to be wrong where it does not go on, which may be lines below."""
_LOOK = "look for a wrong indentation, and above it for a colon without a space"
_OPENS_A_VALUE = re.compile(r"\s*(?:- +)*(?:[\w-]+: +)?[\"'\[{]")


def _syntax(error: yaml.MarkedYAMLError, text: str, path: str, offset: int) -> Problem:
    """The parser's complaint, with the remedy for what authors run into."""
    begun = error.context_mark is not None and any(part in (error.context or "") for part in _TOLD_WHERE_BEGUN)
    mark = error.context_mark if begun or error.problem_mark is None else error.problem_mark
    lines = text.split("\n")
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    if line >= len(lines):  # the parser ends a text that does not end in a newline with one
        line, column = len(lines) - 1, len(lines[-1])
    written = lines[line]
    begin = error.context_mark.line if error.context_mark is not None else line
    hint = None
    if written[column : column + 1] == "\t" or written[:column].endswith("\t"):
        hint = "indent with spaces, not with tabs"
    elif written[column : column + 1] in ("@", "`", "%", "*", "&"):
        hint = "put the value in quotes"
    elif "mapping values" in (error.problem or ""):
        inside = ": " in written[:column]
        hint = "put a text that holds a colon and a space in quotes as a whole" if inside else _LOOK
    elif begin < line and "flow" in (error.context or ""):
        hint = f"what begins on line {begin + 1 + offset} is not closed"
    elif "simple key" in (error.context or ""):
        hint = "a colon and a space follow a key"
    elif _OPENS_A_VALUE.match(written):
        hint = "text that begins with a quote or a bracket must be put in quotes as a whole"
    message = ", ".join(part for part in (error.problem, error.context) if part)
    return Problem(path, line + 1 + offset, column + 1, "yaml", f"this is not YAML: {message}", hint)


class _Full(Exception):
    """So much is wrong, or so much is written, that the rest of the text is not looked at."""


class _Builder:
    """Nodes from the events of a text, one by one, so that no limit is passed before it is seen.

    `refused` is what no text may hold; where there is any, nothing that was built is used. `problems` are in what was
    built.
    """

    def __init__(self, text: str, path: str, offset: int) -> None:
        self._text = text
        self._path = path
        self._offset = offset
        self._next: Callable[[], Any] = _LOADER(text).get_event
        self._depth = self._found = self._duplicates = 0
        self.refused: list[Problem] = []
        self.problems: list[Problem] = []

    def document(self) -> Node | None:
        """The node of the document; None where nothing is written, or the text ends before its node does."""
        node: Node | None = None
        documents = 0
        try:
            while (event := self._next()) is not None:
                kind = event.__class__
                if kind is events.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        self._stop(event, "yaml-documents", "a second document begins here; one is allowed")
                    if event.version or event.tags:
                        self._not_allowed(event, "yaml-directive", "directives (%) are not allowed", "remove the line")
                elif kind not in _AROUND:
                    node = self._made(event)
        except _Full:
            pass
        except yaml.MarkedYAMLError as error:
            self.refused.append(_syntax(error, self._text, self._path, self._offset))
        except yaml.YAMLError as error:
            self.refused.append(Problem(self._path, self._offset + 1, 1, "yaml", f"this is not YAML: {error}"))
        return node

    def _made(self, event: Any) -> Node:
        kind = event.__class__
        self._found += 1
        if self._found > MAX_EVENTS:
            self._too_many(event)
        if kind is events.AliasEvent or event.anchor is not None or event.tag is not None:
            self._check_properties(event)
        mark = event.start_mark
        line, column = mark.line + 1 + self._offset, mark.column + 1
        if kind is events.ScalarEvent:
            text: str = event.value
            if event.style:
                return self._quoted(event, text, line, column)
            value = text if text[:1] not in _NOT_WORDS and text not in _WORDS else self._value(text, line, column)
            exact = column if event.end_mark.index - mark.index == len(text) and "\n" not in text else 0
            return Scalar(value, line, column, text, True, exact)
        if kind is events.SequenceStartEvent:
            return Sequence(tuple(self._until_end(event, MAX_ITEMS)), line, column)
        if kind is events.MappingStartEvent:
            return Mapping_(self._entries(self._until_end(event, 2 * MAX_ITEMS)), line, column)
        return Scalar(None, line, column)

    def _quoted(self, event: Any, text: str, line: int, column: int) -> Scalar:
        """A scalar in quotes, or one that takes whole lines."""
        written = event.style not in ("|", ">") and event.end_mark.index - event.start_mark.index == len(text) + 2
        if (hidden := REFUSED.search(text)) is not None:
            message = f"the control character U+{ord(hidden[0]):04X} is not allowed, however it is written"
            self._refuse(Scalar(None, line, column), "character", message, "remove it")
        return Scalar(text, line, column, text, False, column + 1 if written and "\n" not in text else 0)

    def _until_end(self, start: Any, most: int) -> list[Node]:
        """The nodes of a list or mapping that begins here; of a mapping two for each entry."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._stop(start, "yaml-depth", f"lists and mappings are nested more than {MAX_DEPTH} deep")
        nodes: list[Node] = []
        while (event := self._next()).__class__ not in _ENDS:
            if len(nodes) == most:
                self._stop(event, "too-big", f"a list or mapping of more than {MAX_ITEMS:,} entries")
            nodes.append(self._made(event))
        self._depth -= 1
        self._found += 1
        if self._found > MAX_EVENTS:
            self._too_many(event)
        return nodes

    def _entries(self, nodes: list[Node]) -> dict[str, tuple[Scalar, Node]]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._refuse(key, "yaml-key", "a key must be a word")
            elif key.plain and key.text == "<<":
                self._refuse(key, "yaml-merge", "merge keys (<<) are not allowed", "write the entries again")
            elif key.text in entries:
                first = entries[key.text][0]
                self._refuse(key, "duplicate-key", f"the key {quoted(key.text)} is already used on line {first.line}")
            else:
                entries[key.text] = (key, value)
        return entries

    def _value(self, text: str, line: int, column: int) -> Value:
        """A plain scalar by the core schema of YAML 1.2."""
        if text in _WORDS:
            return _WORDS[text]
        if len(text) <= MAX_DIGITS and _INT.match(text):
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        if len(text) <= MAX_DIGITS and _FLOAT.match(text) and math.isfinite(float(text)):
            return float(text)
        if any(pattern.match(text) for pattern in (_INT, _FLOAT, _NOT_FINITE)):
            place = Scalar(text, line, column)
            self._refuse(
                place, "yaml-number", f"the number {quoted(text)} is too long or not finite", "put it in quotes"
            )
        return text

    # -- what is wrong ------------------------------------------------------------------------------------------------

    def _check_properties(self, event: Any) -> None:
        if event.__class__ is events.AliasEvent:
            message = f"aliases ({quoted(event.anchor)}) are not allowed"
            self._not_allowed(event, "yaml-alias", message, "write the value again")
        elif event.anchor is not None:
            message = f"anchors ({quoted(event.anchor)}) are not allowed"
            self._not_allowed(event, "yaml-anchor", message, "remove the anchor")
        else:
            self._not_allowed(event, "yaml-tag", f"tags ({quoted(event.tag)}) are not allowed", "remove the tag")

    def _not_allowed(self, event: Any, code: str, message: str, hint: str | None = None) -> None:
        mark = event.start_mark
        self.refused.append(Problem(self._path, mark.line + 1 + self._offset, mark.column + 1, code, message, hint))
        if len(self.refused) >= MAX_REFUSED:
            raise _Full

    def _stop(self, event: Any, code: str, message: str) -> NoReturn:
        self._not_allowed(event, code, message)
        raise _Full

    def _too_many(self, event: Any) -> NoReturn:
        self._stop(event, "too-big", f"more than {MAX_EVENTS:,} words, lists and mappings")

    def _refuse(self, node: Node, code: str, message: str, hint: str | None = None) -> None:
        self._duplicates += 1
        if self._duplicates == MAX_PROBLEMS:
            code, message, hint = "too-many-problems", "what else is wrong is not listed", None
        if self._duplicates <= MAX_PROBLEMS:
            self.problems.append(Problem(self._path, node.line, node.column, code, message, hint))
