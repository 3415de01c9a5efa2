"""Scenarios and exams that start from another one: `extends: NAME` merges a file over the one of that name beside it.

Mappings are merged key by key; anything else replaces what was there, and `null` takes a key away. Ids and claims
belong to the file they stand in. What comes from the other file keeps its place there, for whatever is said about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from studyapp.packs.folder import file_id
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.reading import Reader
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence, read_yaml
from studyapp.packs.texts import read_text

MAX_CHAIN = 8
"""Files that one scenario or exam is made of."""
MAX_TEXT = 1024 * 1024
"""Characters of those files together."""
MOST_TAKEN = 64 * 1024
"""Characters that a question takes over from others, or a lesson of their front matter: thousands may extend the same
one, and each is read with it.
"""
MAX_LISTED = 10_000
"""Files of a folder among which one is looked for."""
OWN = ("id", "was", "claims", "extends")
"""What a file does not take over from the one that it extends."""
UNKNOWN = {
    "scenario": "unknown-scenario",
    "question": "unknown-question",
    "lesson": "unknown-lesson",
    "exam": "unknown-exam",
}
"""The code where there is no such thing to extend, by what it is."""
ENDINGS = (".yaml", ".yml")

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}\Z")
_ENDING = re.compile(r"\.(?:ya?ml|md)\Z")

Found = tuple[str, Node, int]
"""A file's path in problems, what it holds, and the number of its characters."""
Finder = Callable[[str, list[Problem]], Found | None]
"""Gives the scenario file of a name; None with a problem where it is wrong, None alone where there is none."""


@dataclass(slots=True)
class Layer:
    """A file that others may extend: its text, and what it holds where that could be read; `problems` grow as it is
    read.
    """

    path: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    read: bool = False
    _node: Node | None = None

    @property
    def node(self) -> Node | None:
        """What it holds."""
        if not self.read:
            self.read, self._node = True, read_yaml(self.text, self.path, self.problems)
        return self._node


def among(files: Mapping[str, Layer], used: list[str]) -> Finder:
    """Finds files by their names; the texts of those that were found are added to `used`."""

    def find(name: str, problems: list[Problem]) -> Found | None:
        file = files.get(name)
        if file is None:
            return None
        if file.node is None:
            problems.extend(file.problems)
            return None
        used.append(file.text)
        return file.path, file.node, len(file.text)

    return find


def extended(
    node: Node,
    path: str,
    problems: list[Problem],
    find: Finder | None,
    noun: str = "scenario",
    known: Callable[[], Iterable[str]] = tuple,
) -> Node | None:
    """The scenario or exam with what it extends under it, or None with a problem. `find` is None for a text without a
    place; `noun` and `known` are as with `chain`.
    """
    if find is None or not isinstance(node, Mapping_) or "extends" not in node.entries:
        return node
    layers = chain(node, path, problems, find, noun, known)
    if layers is None:
        return None
    whole = _at(layers[-1][1], layers[-1][0])
    for here, over in reversed(layers[:-1]):
        whole = over_base(whole, replace(over, entries=_at(over, here).entries), Reader(path, problems), OWN)
    return whole


def over_base(
    base: Mapping_, over: Mapping_, read: Reader, own: tuple[str, ...], *, whole: tuple[str, ...] = ()
) -> Mapping_:
    """A file over the one that it extends: what each of the keys `own` says is of the file that it stands in alone."""
    kept = {key: entry for key, entry in base.entries.items() if key not in own}
    said = {key: entry for key, entry in over.entries.items() if key != "extends"}
    return merged(replace(base, entries=kept), replace(over, entries=said), read, whole=whole)


def chain(
    node: Mapping_,
    path: str,
    problems: list[Problem],
    find: Finder,
    noun: str = "scenario",
    known: Callable[[], Iterable[str]] = tuple,
    most: int = MAX_TEXT,
) -> list[tuple[str, Mapping_]] | None:
    """The file with all that it extends, one after another, each with its path; None with a problem.

    `noun` is what the files hold, `known` gives the names that there are, and `most` is how many characters are read.
    """
    layers, size = [(path, node)], 0
    while "extends" in layers[-1][1].entries:
        read = Reader(layers[-1][0], problems)
        at = layers[-1][1].entries["extends"][1]
        found = _next(read, at, find, noun, known)
        if found is None:
            return None
        size += found[2]
        passed = [where for where, _ in layers]
        if found[0] in passed:
            read.refuse(at, "cycle", f"the {noun} extends itself: {' > '.join(map(_named, (*passed, found[0])))}")
        elif len(passed) == MAX_CHAIN:
            read.refuse(at, "too-deep", f"one {noun} is made of at most {MAX_CHAIN} files")
        elif size > most:
            read.refuse(at, "too-big", f"the files that this {noun} extends are too long together")
        elif not isinstance(found[1], Mapping_):
            read.refuse(at, "bad-base", f"{_named(found[0])} is no mapping, so it cannot be extended")
        else:
            layers.append((found[0], found[1]))
            continue
        return None
    return layers


def laid_over(base: Mapping_, base_path: str, over: Mapping_, path: str, problems: list[Problem]) -> Mapping_:
    """A part of a scenario, which stands in the file `path`, merged over a whole one that stands in another file."""
    return replace(merged(_at(base, base_path), _at(over, path), Reader(path, problems)), path=base_path)


def _named(path: str) -> str:
    """The last part of a path, as messages show it."""
    return quoted(re.split(r"[/\\]", path)[-1])


def _next(read: Reader, at: Node, find: Finder, noun: str, known: Callable[[], Iterable[str]]) -> Found | None:
    name = read.word(at, "extends")
    if name is None:
        return None
    if not _NAME.match(name):
        hint = f"name another {noun} that lies beside this one, without its folder"
        read.refuse(at, "bad-name", f"extends cannot be {quoted(name)}", hint)
        return None
    before = len(read.problems)
    found = find(_ENDING.sub("", name), read.problems)
    if found is None and len(read.problems) == before:
        near = read.near(name, known())
        read.refuse(at, UNKNOWN[noun], f"there is no {noun} {quoted(name)} beside this one", near)
    return found


def _at(node: Mapping_, path: str) -> Mapping_:
    """The same, each part with the file that it stands in."""
    entries = {text: (replace(key, path=path), _marked(value, path)) for text, (key, value) in node.entries.items()}
    return replace(node, entries=entries, path=path)


def _marked(node: Node, path: str) -> Node:
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_marked(item, path) for item in node.items), path=path)
    return _at(node, path) if isinstance(node, Mapping_) else replace(node, path=path)


def merged(
    base: Mapping_, over: Mapping_, read: Reader, *, whole: tuple[str, ...] = (), removes: bool = True
) -> Mapping_:
    """The second mapping over the first. In what `whole` names, and where nothing `removes`, `null` is a value like any
    other: it is kept.
    """
    entries = dict(base.entries)
    for text, (key, value) in over.entries.items():
        known = entries.get(text)
        if removes and isinstance(value, Scalar) and value.value is None:
            if known is None:
                hint = read.near(text, base.entries) or "write {} for a thing that has nothing to say"
                read.refuse(key, "nothing-to-remove", f"there is no {quoted(text)} to take away", hint)
            entries.pop(text, None)
        elif known is not None and isinstance(known[1], Mapping_) and isinstance(value, Mapping_):
            entries[text] = (key, merged(known[1], value, read, removes=removes and text not in whole))
        else:
            entries[text] = (key, value)
    return replace(over, entries=entries)


def beside(file: Path) -> Finder:
    """Finds scenario files in the folder of a file, and nowhere else."""
    folder = file.parent

    def find(name: str, problems: list[Problem]) -> Found | None:
        for found in _called(folder, name):
            if found.resolve().parent != folder.resolve():
                return None
            path = str(found)
            text = read_text(found, path, problems)
            node = read_yaml(text, path, problems) if text is not None else None
            return (path, node, len(text)) if text is not None and node is not None else None
        return None

    return find


def names_beside(file: Path) -> Iterator[str]:
    """The names of the other scenario files in its folder."""
    return (file_id(other.name) for other in _listed(file.parent) if other != file)


def _called(folder: Path, name: str) -> Iterator[Path]:
    """The files of a folder that are scenarios of this name: the one called so, then those with a number before it."""
    for ending in ENDINGS:
        file = folder / f"{name}{ending}"
        if file.is_file():
            yield file
    yield from (file for file in _listed(folder) if file_id(file.name) == name and file.is_file())


def _listed(folder: Path) -> list[Path]:
    """The files of a folder that may be scenarios, by their names."""
    try:
        return sorted(file for file in islice(folder.iterdir(), MAX_LISTED) if file.suffix in ENDINGS)
    except OSError:
        return []
