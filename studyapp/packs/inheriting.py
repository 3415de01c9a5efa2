"""Questions and lessons that start from another one: `extends: ID` merges front matter over that of the other file.

Mappings are merged as those of scenarios are. Of a question's text each part that is not there is taken over: prompt,
answer part, explanation, hints.

While such a file is read, the lines of the files that it is made of count on, one file after the other, so that every
part has a place of its own. `Origin` says at last where that is, in terms of the files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from studyapp.packs.extending import MOST_TAKEN, Found, chain, over_base
from studyapp.packs.folder import file_id
from studyapp.packs.problems import Problem
from studyapp.packs.reading import Reader
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence, read_yaml, split_front_matter

OWN = ("id", "was", "extends")
"""What a file does not take over from the one that it extends."""
LAID_OVER = "with"
"""What a question says of its scenario: a `null` in it takes away from that, and not from the other question."""

SCENARIOS = "scenarios/"

_BESIDE = re.compile(r'there is no \w+ "([^"]+)" beside this one')
_MISSPELT = ("unknown-key", "unknown-option")
_MISSING = ("missing-key", "missing-option")
Place = TypeVar("Place")
_PLACE = re.compile(r" \(([^():]+):[0-9]+:[0-9]+\)\Z")
"""The place in another file that a message ends with."""


class Beside(Generic[Place]):
    """The files of a folder, by the ids of what they hold. They are looked through when one is asked for."""

    def __init__(
        self,
        index: Callable[[], Mapping[str, Place]],
        read: Callable[[Place], tuple[str, str]],
    ) -> None:
        """`index` gives where each is, and `read` its path and text."""
        self._index = index
        self._read = read
        self._known: Mapping[str, Place] | None = None
        self.parsed: dict[str, _File] = {}
        """The files that have been extended, by their ids."""

    @property
    def known(self) -> Mapping[str, Place]:
        """The ids, each with where it is."""
        if self._known is None:
            self._known = self._index()
        return self._known

    def find(self, name: str) -> tuple[str, str] | None:
        """The path and the text of the file of an id."""
        return self._read(self.known[name]) if name in self.known else None


@dataclass(frozen=True, slots=True)
class _File:
    """A file that others extend, read into its parts."""

    path: str
    text: str
    front: str
    node: Mapping_
    body: Lines


NOWHERE: Beside[tuple[str, str]] = Beside(dict, lambda place: place)
"""There is no other file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the parts of a file stand that is made of several: `starts` has the path of each of the others, with the
    number of lines before it; `at` is where the file itself, `path`, names the first of them.
    """

    path: str
    at: tuple[int, int]
    starts: tuple[tuple[int, str], ...]

    def told(self, problem: Problem) -> Problem:
        """A problem at its place in the file: what stands in another one is wrong where that is named."""
        start = next((each for each in reversed(self.starts) if problem.line > each[0]), None)
        if problem.path != self.path or start is None:
            return problem
        message = f"{problem.message} ({start[1]}:{problem.line - start[0]}:{problem.column})"
        return replace(problem, line=self.at[0], column=self.at[1], message=message)


def told_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Without what is wrong in a file already and is told again where another one extends that, and without what is
    missing because it is misspelt or cannot be read.
    """
    found = list(problems)
    known = {(each.code, each.path) for each in found}
    misspelt = {(_whose(each), each.hint.removeprefix("did you mean ").removesuffix("?"))
                for each in found if each.code in _MISSPELT and each.hint}  # fmt: skip
    wrong = {(_folder(each.path), file_id(each.path.rpartition("/")[2])) for each in found}
    for each in found:
        elsewhere = _PLACE.search(each.message)
        if elsewhere is not None and (each.code, elsewhere[1]) in known:
            continue
        beside = _BESIDE.search(each.message)
        if beside is not None and (_folder(each.path), beside[1]) in wrong:
            continue
        if each.code in _MISSING and any(_whose(each) == whose and key in each.message for whose, key in misspelt):
            continue
        yield each


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _whose(problem: Problem) -> str:
    """The file of a problem; of a scenario, which others may extend, all of them."""
    return SCENARIOS if problem.path.startswith(SCENARIOS) else problem.path


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of text, each with the number that it has while the file is read."""

    lines: tuple[str, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str, offset: int) -> Lines:
        """A text that stands below `offset` lines."""
        lines = tuple(text.split("\n"))
        return cls(lines, tuple(range(offset + 1, offset + len(lines) + 1)))

    def cut(self, start: int, end: int | None = None) -> Lines:
        """Some of the lines, counted from 0."""
        return Lines(self.lines[start:end], self.places[start:end])

    def __add__(self, other: Lines) -> Lines:
        return Lines(self.lines + other.lines, self.places + other.places)

    def __bool__(self) -> bool:
        return any(line.strip() for line in self.lines)

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a file comes to with those that it extends under it. `bodies` are the texts, its own first; `base` is what
    the others come to without it; `texts` are those of the other files, and `fronts` their front matter.
    """

    node: Mapping_
    base: Mapping_
    bodies: tuple[Lines, ...]
    origin: Origin
    texts: tuple[str, ...]
    fronts: tuple[str, ...]


def derived(
    node: Mapping_, text: str, path: str, noun: str, problems: list[Problem], beside: Beside[Place]
) -> Derived | None:
    """The file at `path`, which is a `noun`, with what it extends; None with a problem."""
    files: dict[str, _File] = {}

    def find(name: str, problems: list[Problem]) -> Found | None:
        file = _file(name, beside, problems)
        if file is None:
            return None
        files[file.path] = file
        return file.path, file.node, len(file.front if noun == "lesson" else file.text)

    layers = chain(node, path, problems, find, noun, lambda: beside.known, MOST_TAKEN)
    if layers is None:
        return None
    lines, starts, nodes = text.count("\n") + 1, [], [node]
    bodies = [Lines.of(*split_front_matter(text)[1:])]
    for where, layer in layers[1:]:
        file = files[where]
        starts.append((lines, where))
        nodes.append(_moved(layer, lines))
        bodies.append(Lines(file.body.lines, tuple(place + lines for place in file.body.places)))
        lines += file.text.count("\n") + 1
    base = nodes.pop()
    while len(nodes) > 1:
        base = _over(nodes.pop(), base, path, problems)
    at = node.entries["extends"][1]
    return Derived(
        node=_over(node, base, path, problems),
        base=base,
        bodies=tuple(bodies),
        origin=Origin(path, (at.line, at.column), tuple(starts)),
        texts=tuple(files[where].text for _, where in starts),
        fronts=tuple(files[where].front for _, where in starts),
    )


def _file(name: str, beside: Beside[Place], problems: list[Problem]) -> _File | None:
    """The file of an id; None where there is none, and with a problem where it cannot be read."""
    there = beside.find(name) if name not in beside.parsed else None
    if there is not None:
        path, text = there
        front, body, offset = split_front_matter(text)
        node = read_yaml(front, path, problems, 1) if front is not None else None
        if not isinstance(node, Mapping_):
            # What is wrong with it is told of the file itself in the same words, so that it is told once.
            _say_why(node, front, path, problems)
            return None
        beside.parsed[name] = _File(path, text, front or "", node, Lines.of(body, offset))
    return beside.parsed.get(name)


def _say_why(found: Node | None, front: str | None, path: str, problems: list[Problem]) -> None:
    if front is None:
        problems.append(no_front_matter(path))
    elif found is not None:
        Reader(path, problems).wrong_type(found, "the front matter", "a mapping")


def no_front_matter(path: str) -> Problem:
    """There is no front matter in a file that needs some."""
    hint = "begin the file with '---', the keys, and another '---'"
    return Problem(path, 1, 1, "no-front-matter", "there is no front matter", hint)


def _over(node: Mapping_, base: Mapping_, path: str, problems: list[Problem]) -> Mapping_:
    """A file's front matter over that of the one that it extends."""
    return over_base(base, node, Reader(path, problems), OWN, whole=(LAID_OVER,))


def _moved(node: Mapping_, lines: int) -> Mapping_:
    """The same so many lines further down."""
    entries = {text: (_scalar(key, lines), _part(value, lines)) for text, (key, value) in node.entries.items()}
    return Mapping_(entries, node.line + lines, node.column, node.path)


def _part(node: Node, lines: int) -> Node:
    if isinstance(node, Sequence):
        return Sequence(tuple(_part(item, lines) for item in node.items), node.line + lines, node.column, node.path)
    return _moved(node, lines) if isinstance(node, Mapping_) else _scalar(node, lines)


def _scalar(node: Scalar, lines: int) -> Scalar:
    return replace(node, line=node.line + lines)
