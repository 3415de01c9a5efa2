"""The keys of front matter, pack.yaml and exams: one line of text, an id, a number or a list, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from studyapp.packs.characters import character_name, hostile_characters
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.reading import Reader
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
OBJECTIVE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*\Z")
LONGEST_ID = 100
LONGEST_LINE = 1_000
"""Characters of a title or another line of text."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or line of text with its place; `path` is the file, where that is not the one that is read."""

    text: str
    line: int
    column: int
    path: str = ""


class Fields:
    """A mapping of one of the author's files. What is wrong becomes a problem, and its value None or left out."""

    def __init__(self, node: Mapping_, what: str, path: str, problems: list[Problem]) -> None:
        self.node = node
        self.what = what
        self.path = path
        self.problems = problems
        self.read = Reader(path, problems)

    def say(self, node: Node | Word, code: str, message: str, hint: str | None = None) -> None:
        """Report an error at a place."""
        self.problems.append(Problem(node.path or self.path, node.line, node.column, code, message, hint))

    def only(self, known: Iterable[str]) -> None:
        """Report every key that is not known."""
        known = tuple(known)
        for key, _ in self.node.entries.values():
            if key.text not in known:
                self.read.known_key(key, self.what, known)

    def key(self, name: str) -> Scalar:
        """Where a key that is there is written."""
        return self.node.entries[name][0]

    def has(self, name: str) -> bool:
        """The key is there, whatever its value."""
        return name in self.node.entries

    def get(self, name: str, *, needed: bool = False) -> Node | None:
        """The value of a key, as it is written."""
        if name in self.node.entries:
            return self.node.entries[name][1]
        if needed:
            self.say(self.node, "missing-key", f"{self.what} needs the key {quoted(name)}")
        return None

    def word(self, name: str, *, needed: bool = False) -> Word | None:
        """A line of text, which may look like a number."""
        node = self.get(name, needed=needed)
        return self.line(node, name) if node is not None else None

    def line(self, node: Node, name: str) -> Word | None:
        """One line of text."""
        text = self.read.word(node, name)
        if text is None:
            return None
        if not text.strip() or len(text) > LONGEST_LINE:
            self.say(node, "out-of-range", f"{name} must have 1 to {LONGEST_LINE:,} characters")
            return None
        if self.hostile(node, name, text):
            return None
        return Word(text.strip(), node.line, node.column, node.path)

    def paragraph(self, name: str) -> str:
        """A text that may go over several lines, which are one when it is shown; empty without one."""
        node = self.get(name)
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            word = self.line(node, name) if node is not None else None
            return word.text if word is not None else ""
        folded = re.sub(r"[ \t\n]+", " ", node.value)
        word = self.line(replace(node, value=folded), name)
        return word.text if word is not None else ""

    def id(self, name: str, *, needed: bool = False, pattern: re.Pattern[str] = ID) -> Word | None:
        """A word made of small letters, digits and hyphens; an objective's has slashes too."""
        word = self.word(name, needed=needed)
        return word if word is not None and self.good_id(word, name, pattern) else None

    def good_id(self, word: Word, name: str, pattern: re.Pattern[str] = ID) -> bool:
        """The word can be an id; else it is reported."""
        if pattern.match(word.text) and len(word.text) <= LONGEST_ID:
            return True
        hint = f"small letters, digits and single hyphens, at most {LONGEST_ID}"
        self.say(word, "bad-id", f"{name} cannot be {quoted(word.text)}", hint)
        return False

    def former_ids(self) -> tuple[str, ...]:
        """The ids that the part had before (`was`)."""
        return tuple(word.text for word in self.words("was") if self.good_id(word, "was"))

    def one_of(self, name: str, known: Iterable[str], *, needed: bool = False) -> str | None:
        """One of the known words."""
        node = self.get(name, needed=needed)
        return self.read.choice(node, name, known) if node is not None else None

    def same_as(self, other: Mapping_, name: str) -> bool:
        """Report a key whose value is another than in a mapping that this one extends. False where it is."""
        own, others = (each.entries[name][1] if name in each.entries else None for each in (self.node, other))
        if not isinstance(own, Scalar) or not isinstance(others, Scalar) or own.value == others.value:
            return True
        hint = f"extend one of the {name} {own.text}, or write this one out"
        self.say(own, "other-kind", f"the {name} cannot be {quoted(own.text)}: it extends a {others.text}", hint)
        return False

    def whole(self, name: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """A whole number from `low` to `high`."""
        node = self.get(name, needed=needed)
        return self.read.whole(node, name, low, high) if node is not None else None

    def number(self, name: str, low: float, high: float, *, needed: bool = False) -> float | None:
        """A number from `low` to `high`."""
        node = self.get(name, needed=needed)
        if node is None:
            return None
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.read.wrong_type(node, name, "a number")
        elif not low <= value <= high:
            self.say(node, "out-of-range", f"{name} must be {low:g} to {high:g}, not {value:g}")
        else:
            return float(value)
        return None

    def flag(self, name: str, default: bool) -> bool:
        """`true` or `false`."""
        node = self.get(name)
        value = self.read.flag(node, name) if node is not None else None
        return default if value is None else value

    def items(self, name: str, *, needed: bool = False) -> tuple[Node, ...]:
        """The items of a list."""
        node = self.get(name, needed=needed)
        if node is None or isinstance(node, Sequence):
            return node.items if node is not None else ()
        self.read.wrong_type(node, name, "a list")
        return ()

    def words(self, name: str, *, needed: bool = False) -> tuple[Word, ...]:
        """A list of lines of text."""
        found = (self.line(item, name) for item in self.items(name, needed=needed))
        return tuple(word for word in found if word is not None)

    def mappings(self, name: str, what: str, *, needed: bool = False) -> Iterator[Fields]:
        """A list of mappings, each of them `what`."""
        for item in self.items(name, needed=needed):
            inner = open_fields(item, what, self.path, self.problems)
            if inner is not None:
                yield inner

    def hostile(self, node: Node, name: str, text: str) -> bool:
        """The text holds what one line of text may not; that is reported, if it was not when the file was read.

        An escape in a quoted YAML text makes any character without its standing in the file.
        """
        if text.isascii() and text.isprintable():
            return False
        hostile = next(hostile_characters(text), None)
        found = hostile.name if hostile is not None else next(map(character_name, re.findall("[\n\t]", text)), None)
        if found is not None and not self.read.refused_at(node):
            self.say(node, "hostile-character", f"{name} holds {found}", "remove it")
        return found is not None


def open_fields(node: Node | None, what: str, path: str, problems: list[Problem]) -> Fields | None:
    """The keys of what must be a mapping."""
    if isinstance(node, Mapping_):
        return Fields(node, what, path, problems)
    if node is not None:
        Reader(path, problems).wrong_type(node, what, "a mapping")
    return None
