"""Typed values out of YAML nodes; what does not fit becomes a problem at its place, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address
from itertools import takewhile

from studyapp.packs.characters import hostile_characters
from studyapp.packs.durations import BadDuration, parse_duration
from studyapp.packs.problems import Problem, nearest, quoted
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence

MAX_PROBLEMS = 100
"""Problems of one file that are listed."""
MAX_COMPARED = 5_000
"""Words of one file that are compared with others to give hints: comparing is slow."""

Entries = dict[str, tuple[Scalar, Node]]


def place(node: Node) -> Scalar:
    """A node's position, as something that problems can be reported at."""
    return Scalar(None, node.line, node.column, path=node.path)


def described(node: Node) -> str:
    """What a node is, in words."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping_):
        return "a mapping"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return f"the truth value {node.text or node.value}"
    if isinstance(node.value, int | float):
        return f"the number {node.text or node.value}"
    return f"the word {quoted(node.value)}"


class Reader:
    """Reads the nodes of one file. Every method returns None, or leaves out, what it refused."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.refused = 0
        self.compared = 0

    @property
    def full(self) -> bool:
        """So much is wrong that nothing more is listed."""
        return self.refused >= MAX_PROBLEMS

    def refuse(self, node: Node, code: str, message: str, hint: str | None = None) -> None:
        """Report a problem at a node, unless there were too many already."""
        self.refused += 1
        if self.refused == MAX_PROBLEMS:
            code, message, hint = "too-many-problems", "what else is wrong is not listed", None
        if self.refused <= MAX_PROBLEMS:
            self.problems.append(Problem(node.path or self.path, node.line, node.column, code, message, hint))

    def refused_at(self, node: Node) -> bool:
        """Something is wrong with what stands at this place, and was reported as this file was read."""
        path = node.path or self.path
        of_file = takewhile(lambda problem: problem.path == path, reversed(self.problems))
        return any((problem.line, problem.column) == (node.line, node.column) for problem in of_file)

    def near(self, word: str, known: Iterable[str]) -> str | None:
        """A hint at the nearest of the known words, while the search for such hints has not grown long."""
        if self.full or self.compared > MAX_COMPARED:
            return None
        known = tuple(known)
        self.compared += len(known)
        return nearest(word, known) if self.compared <= MAX_COMPARED else None

    def wrong_type(self, node: Node, what: str, wanted: str, hint: str | None = None) -> None:
        """Report a node of a kind that does not belong here, unless it has been refused for what it is."""
        if self.refused_at(node):
            return
        if hint is None and isinstance(node, Mapping_) and len(node.entries) == 1:
            [(key, value)] = node.entries.values()
            if isinstance(value, Scalar) and value.value is None:
                hint = f'a placeholder is put in quotes: "{{{key.text}}}"'
        self.refuse(node, "wrong-type", f"{what} must be {wanted}, not {described(node)}", hint)

    # -- mappings -----------------------------------------------------------------------------------------------------

    def mapping(self, node: Node, what: str, known: Iterable[str], *, empty: bool = False) -> Entries:
        """The entries of a mapping whose keys are known. With `empty`, nothing at all stands for an empty mapping."""
        entries = self.open_mapping(node, what, empty=empty)
        known = tuple(known)
        return {key: entry for key, entry in entries.items() if self.known_key(entry[0], what, known)}

    def open_mapping(self, node: Node, what: str, *, empty: bool = False) -> Entries:
        """The entries of a mapping whose keys are the author's own."""
        if isinstance(node, Mapping_):
            return node.entries
        if not (empty and isinstance(node, Scalar) and node.value is None):
            self.wrong_type(node, what, "a mapping")
        return {}

    def known_key(self, key: Scalar, what: str, known: tuple[str, ...]) -> bool:
        """True when the key may stand here; else it is reported."""
        if key.text in known:
            return True
        hint = self.near(key.text, known) or (f"known here: {', '.join(known)}" if known else None)
        self.refuse(key, "unknown-key", f"{what} has no key {quoted(key.text)}", hint)
        return False

    # -- scalars ------------------------------------------------------------------------------------------------------

    def word(self, node: Node, what: str) -> str | None:
        """A word or line of text; a number is taken as it is written."""
        if isinstance(node, Scalar) and not isinstance(node.value, bool) and node.value is not None:
            text = node.value if isinstance(node.value, str) else node.text
            return text if self.one_line(node, what, text) else None
        hint = "put it in quotes" if isinstance(node, Scalar) and isinstance(node.value, bool) else None
        self.wrong_type(node, what, "a word", hint)
        return None

    def one_line(self, node: Node, what: str, text: str) -> bool:
        """True when the text is one line that shows all of its characters; else it is reported."""
        if text.isascii() and text.isprintable():
            return True
        hostile = next(hostile_characters(text), None)
        if hostile is not None:
            if not self.refused_at(node):
                self.refuse(node, "hostile-character", f"{what} holds {hostile.name}", "remove it")
        elif "\n" in text or "\t" in text:
            self.refuse(node, "one-line", f"{what} must be one line without tabs")
        return hostile is None and "\n" not in text and "\t" not in text

    def words(self, node: Node, what: str) -> list[tuple[str, Scalar]]:
        """One word or a list of them, each with its place; a word that stands twice is reported."""
        found: dict[str, Scalar] = {}
        for item in node.items if isinstance(node, Sequence) else (node,):
            word = self.word(item, what)
            if word is None:
                continue
            if word in found:
                self.refuse(item, "named-twice", f"{quoted(word)} is named twice")
            else:
                found[word] = place(item)
        if isinstance(node, Sequence) and not node.items:
            self.refuse(node, "empty-list", f"{what}: the list is empty")
        return list(found.items())

    def items(self, node: Node, what: str, most: int) -> tuple[Node, ...]:
        """The items of a list, or the one thing that stands for such a list; at most `most`."""
        items = node.items if isinstance(node, Sequence) else (node,)
        if len(items) > most:
            self.refuse(items[most], "too-big", f"{what}: at most {most:,} are read")
        return items[:most]

    def choice(self, node: Node, what: str, known: Iterable[str]) -> str | None:
        """One of some words."""
        word = self.word(node, what)
        if word is None or word in (known := tuple(known)):
            return word
        hint = self.near(word, known) or f"known: {', '.join(known)}"
        self.refuse(node, "unknown-word", f"{what} cannot be {quoted(word)}", hint)
        return None

    def flag(self, node: Node, what: str) -> bool | None:
        """True or false."""
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.wrong_type(node, what, "true or false")
        return None

    def whole(self, node: Node, what: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`."""
        if not isinstance(node, Scalar) or isinstance(node.value, bool) or not isinstance(node.value, int):
            self.wrong_type(node, what, "a whole number")
            return None
        if not low <= node.value <= high:
            self.refuse(node, "out-of-range", f"{what} must be {low:,} to {high:,}, not {node.value:,}")
            return None
        return node.value

    def amount(self, node: Node, what: str, high: int) -> float | None:
        """A number above 0, whole or not, up to `high`."""
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong_type(node, what, "a number")
            return None
        if not 0 < value <= high:
            self.refuse(node, "out-of-range", f"{what} must be above 0 and at most {high:,}, not {value:,}")
            return None
        return value

    def address(self, node: Node, what: str, words: tuple[str, ...] = ()) -> str | None:
        """An IPv4 address, or one of some words."""
        text = self.word(node, what)
        if text is None or text in words:
            return text
        try:
            return str(IPv4Address(text))
        except AddressValueError:
            hint = " or ".join(("write four numbers from 0 to 255: 10.0.0.1", *words))
            self.refuse(node, "bad-address", f"{what} cannot be {quoted(text)}: it is no IPv4 address", hint)
            return None

    def duration(self, node: Node, what: str, low: int = 0) -> int | None:
        """A duration in milliseconds, at least `low`."""
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            self.wrong_type(node, what, "a duration", "write a number and a unit: 250ms 10s 5min 6h")
            return None
        text = node.value if isinstance(node.value, str) else node.text
        try:
            ms = parse_duration(text)
        except BadDuration as error:
            self.refuse(node, "duration", f"{what} cannot be {quoted(text)}: {error}", error.hint)
            return None
        if ms < low:
            self.refuse(node, "out-of-range", f"{what} must be at least {low} ms, not {ms} ms")
            return None
        return ms
