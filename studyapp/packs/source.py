"""Strict YAML 1.2 with positions.

Limits hold on the text and on its stream of events, before anything is built. Anchors, aliases, merge keys, tags and
directives are refused: what a file says stands where it is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml import events

from studyapp.packs.problems import Problem, quoted

MAX_BYTES = 1024 * 1024
"""Bytes of one file or document."""
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

_SAVE = "save the file as UTF-8 without a byte order mark"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)")
_WORDS: dict[str, Value] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", "")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("+-.0123456789")
"""What a number begins with."""
_INT = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class Mapping_:
    """A mapping, in the order of the file: a key's text to the key where it stands and its value."""

    entries: dict[str, tuple[Scalar, Node]]
    line: int
    column: int
    path: str = ""


Node = Scalar | Sequence | Mapping_


def read_text(file: Path, path: str, problems: list[Problem]) -> str | None:
    """The text of a file, or None with a problem: not readable, too big, not UTF-8. `path` is its name in problems."""
    try:
        if not file.is_file():
            problems.append(Problem(path, 0, 0, "not-a-file", "there is no such file"))
            return None
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(Problem(path, 0, 0, "not-readable", f"the file cannot be read: {error.strerror or error}"))
        return None
    return decode(raw, path, problems)


def decode(raw: bytes, path: str, problems: list[Problem]) -> str | None:
    """Bytes as text, or None with a problem."""
    if len(raw) > MAX_BYTES:
        problems.append(_too_big(path, 0))
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(Problem(path, 1, 1, "encoding", "the file is UTF-16, not UTF-8", _SAVE))
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8"))
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        problems.append(Problem(path, line, column, "encoding", message, _SAVE))
        return None


def check_characters(text: str, path: str, problems: list[Problem], line_offset: int = 0) -> bool:
    """True when the text holds no byte order mark and no control character; else one problem for the first."""
    found = _REFUSED.search(text)
    if found is None:
        return True
    line, column = _place(text[: found.start()])
    code = ord(found[0])
    if code == 0xFEFF:
        what, hint = "a byte order mark", _SAVE
    elif code == 0x0D:
        what, hint = "a carriage return without a line feed", "end lines with a line feed"
    else:
        what, hint = f"the control character U+{code:04X}", "remove it"
    problems.append(Problem(path, line + line_offset, column, "character", f"{what} is not allowed", hint))
    return False


def split_front_matter(text: str) -> tuple[str | None, str, int]:
    """The YAML between two lines `---` at the top, the text after them, and the number of lines before that text.

    The YAML begins on line 2 of the file (`read_yaml(..., line_offset=1)`). Without front matter, or when its second
    `---` is missing, the first is None and the text is whole.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :]), number + 1
    return None, text, 0


def read_yaml(text: str, path: str, problems: list[Problem], line_offset: int = 0) -> Node | None:
    """The one document of a YAML text, or None; whatever is wrong is added to `problems`.

    `line_offset` is the number of lines before the text in its file. A duplicate key is a problem and the first of the
    two is kept, so that a reader can go on and find more.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        problems.append(_too_big(path, line_offset + 1))
        return None
    if not check_characters(text, path, problems, line_offset):
        return None
    before = len(problems)
    found = _count(text, path, problems, line_offset)
    if len(problems) > before:
        return None
    if not found:
        problems.append(Problem(path, line_offset + 1, 1, "yaml-empty", "nothing is written here"))
        return None
    return _Builder(yaml.parse(text, Loader=_LOADER), path, problems, line_offset).node()


def _too_big(path: str, line: int) -> Problem:
    return Problem(path, line, min(line, 1), "too-big", f"more than {MAX_BYTES // 1024 // 1024} MiB of text")


def _place(before: str) -> tuple[int, int]:
    """Line and column of what follows this text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _mark(mark: Any) -> tuple[int, int, int]:
    """Line and column of a mark of the parser's, from 1, and its index in the text."""
    return mark.line + 1, mark.column + 1, mark.index


_ENDS = (events.SequenceEndEvent, events.MappingEndEvent)
_STARTS = (events.SequenceStartEvent, events.MappingStartEvent)
_NODES = (events.ScalarEvent, *_STARTS, events.AliasEvent)


def _count(text: str, path: str, problems: list[Problem], offset: int) -> int:
    """The number of events of the document's nodes, once they are known to be few, shallow and of the allowed kinds."""
    found = documents = 0
    before = len(problems)
    open_: list[int] = [0]
    """How many nodes the document, and each open list in it, has so far; a mapping begins below zero, as it has two for
    each entry.
    """

    def refuse(event: events.Event, code: str, message: str, hint: str | None = None) -> None:
        line, column, _ = _mark(event.start_mark)
        problems.append(Problem(path, line + offset, column, code, message, hint))

    try:
        event: Any
        for event in yaml.parse(text, Loader=_LOADER):
            kind = event.__class__
            if kind in _NODES:
                found += 1
                open_[-1] += 1
                if kind is events.AliasEvent:
                    hint = "write the value again"
                    refuse(event, "yaml-alias", f"aliases ({quoted(event.anchor)}) are not allowed", hint)
                elif event.anchor is not None:
                    hint = "remove the anchor"
                    refuse(event, "yaml-anchor", f"anchors ({quoted(event.anchor)}) are not allowed", hint)
                elif event.tag is not None:
                    refuse(event, "yaml-tag", f"tags ({quoted(event.tag)}) are not allowed", "remove the tag")
                if open_[-1] > MAX_ITEMS:
                    refuse(event, "too-big", f"a list or mapping of more than {MAX_ITEMS:,} entries")
                    return 0
                if kind in _STARTS:
                    open_.append(-MAX_ITEMS if kind is events.MappingStartEvent else 0)
                    if len(open_) - 1 > MAX_DEPTH:
                        refuse(event, "yaml-depth", f"lists and mappings are nested more than {MAX_DEPTH} deep")
                        return 0
            elif kind in _ENDS:
                found += 1
                open_.pop()
            elif kind is events.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    refuse(event, "yaml-documents", "a second document begins here; one is allowed")
                    return 0
                if event.version or event.tags:
                    refuse(event, "yaml-directive", "directives (%) are not allowed", "remove the line")
            if found > MAX_EVENTS:
                refuse(event, "too-big", f"more than {MAX_EVENTS:,} words, lists and mappings")
                return 0
            if len(problems) - before >= MAX_REFUSED:
                return 0
    except yaml.MarkedYAMLError as error:
        problems.append(_syntax(error, text, path, offset))
    except yaml.YAMLError as error:
        problems.append(Problem(path, offset + 1, 1, "yaml", f"this is not YAML: {error}"))
    return found


_OPENS_A_VALUE = re.compile(r"\s*(?:- +)*(?:[\w-]+: +)?[\"'\[{]")


def _syntax(error: yaml.MarkedYAMLError, text: str, path: str, offset: int) -> Problem:
    """The parser's complaint, with the remedy for what authors run into."""
    unclosed = error.context_mark is not None and "quoted scalar" in (error.context or "")
    mark = error.context_mark if unclosed or error.problem_mark is None else error.problem_mark
    lines = text.split("\n")
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    if line >= len(lines):  # the parser ends a text that does not end in a newline with one
        line, column = len(lines) - 1, len(lines[-1])
    written = lines[line]
    begin = error.context_mark.line if error.context_mark is not None else line
    hint = None
    if written[column : column + 1] == "\t" or written[:column].endswith("\t"):
        hint = "indent with spaces, not with tabs"
    elif written[column : column + 1] in ("@", "`", "%"):
        hint = "put the value in quotes"
    elif begin < line and "flow" in (error.context or ""):
        hint = f"what begins on line {begin + 1 + offset} is not closed"
    elif _OPENS_A_VALUE.match(written):
        hint = "text that begins with a quote or a bracket must be put in quotes as a whole"
    message = ", ".join(part for part in (error.problem, error.context) if part)
    return Problem(path, line + 1 + offset, column + 1, "yaml", f"this is not YAML: {message}", hint)


class _Builder:
    """Nodes from the events of a text that were counted before: nesting is at most `MAX_DEPTH`."""

    def __init__(self, stream: Iterator[Any], path: str, problems: list[Problem], offset: int) -> None:
        self._events = stream
        self._path = path
        self._problems = problems
        self._offset = offset
        self._refused = 0

    def node(self) -> Node:
        """The node of the document."""
        return next(self._made(event) for event in self._events if event.__class__ in _NODES)

    def _made(self, event: Any) -> Node:
        line, column, index = _mark(event.start_mark)
        line += self._offset
        kind = event.__class__
        if kind is events.SequenceStartEvent:
            return Sequence(tuple(self._until_end()), line, column)
        if kind is events.MappingStartEvent:
            return Mapping_(self._entries(), line, column)
        text: str = event.value
        plain = not event.style
        quotes = 0 if plain else 2
        as_written = event.style not in ("|", ">") and event.end_mark.index - index == len(text) + quotes
        value = self._value(text, line, column) if plain else text
        if not plain and (hidden := _REFUSED.search(text)) is not None:
            message = f"the control character U+{ord(hidden[0]):04X} is not allowed, however it is written"
            self._refuse(Scalar(None, line, column), "character", message, "remove it")
        return Scalar(value, line, column, text, plain, column + quotes // 2 if as_written and "\n" not in text else 0)

    def _until_end(self) -> list[Node]:
        nodes: list[Node] = []
        while (event := next(self._events)).__class__ not in _ENDS:
            nodes.append(self._made(event))
        return nodes

    def _entries(self) -> dict[str, tuple[Scalar, Node]]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        nodes = self._until_end()
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
        if text[0] not in _NUMERIC:
            return text
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

    def _refuse(self, node: Node, code: str, message: str, hint: str | None = None) -> None:
        self._refused += 1
        if self._refused == MAX_PROBLEMS:
            code, message, hint = "too-many-problems", "what else is wrong is not listed", None
        if self._refused <= MAX_PROBLEMS:
            self._problems.append(Problem(self._path, node.line, node.column, code, message, hint))
