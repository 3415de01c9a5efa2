"""Scenarios that start from another one: `extends: NAME` merges a file over the one of that name beside it.

Mappings are merged key by key; anything else replaces what was there, and `null` takes a key away. Id and claims belong
to the file they stand in. What comes from the other file keeps its place there, for whatever is said about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from studyapp.packs.folder import file_id
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.reading import Reader
from studyapp.packs.source import Mapping_, Node, Scalar, Sequence, read_yaml
from studyapp.packs.texts import read_text

MAX_CHAIN = 8
"""Files that one scenario is made of."""
MAX_TEXT = 1024 * 1024
"""Characters of those files together."""
MAX_LISTED = 10_000
"""Files of a folder among which one is looked for."""
OWN = ("id", "claims", "extends")
"""What a file does not take over from the one that it extends."""
ENDINGS = (".yaml", ".yml")

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}\Z")

Found = tuple[str, Node, int]
"""A file's path in problems, what it holds, and the number of its characters."""
Finder = Callable[[str, list[Problem]], Found | None]
"""Gives the scenario file of a name; None with a problem where it is wrong, None alone where there is none."""


def extended(node: Node, path: str, problems: list[Problem], find: Finder | None) -> Node | None:
    """The scenario with what it extends under it, or None with a problem. `find` is None for a text without a place."""
    if find is None or not isinstance(node, Mapping_) or "extends" not in node.entries:
        return node
    layers, passed, size = [node], [path], 0
    while "extends" in layers[-1].entries:
        read = Reader(passed[-1], problems)
        at = layers[-1].entries["extends"][1]
        found = _next(read, at, find)
        if found is None:
            return None
        size += found[2]
        if found[0] in passed:
            read.refuse(at, "cycle", f"the scenario extends itself: {' > '.join(map(_named, (*passed, found[0])))}")
        elif len(passed) == MAX_CHAIN:
            read.refuse(at, "too-deep", f"one scenario is made of at most {MAX_CHAIN} files")
        elif size > MAX_TEXT:
            read.refuse(at, "too-big", "the files that this scenario extends are too long together")
        elif not isinstance(found[1], Mapping_):
            read.refuse(at, "bad-base", f"{_named(found[0])} is no mapping, so it cannot be extended")
        else:
            layers.append(found[1])
            passed.append(found[0])
            continue
        return None
    merged = _at(layers.pop(), passed.pop())
    while layers:
        over, here = layers.pop(), passed.pop()
        kept = {key: entry for key, entry in merged.entries.items() if key not in OWN}
        own = {key: entry for key, entry in _at(over, here).entries.items() if key != "extends"}
        merged = _merged(replace(merged, entries=kept), replace(over, entries=own), Reader(path, problems))
    return merged


def laid_over(base: Mapping_, base_path: str, over: Mapping_, path: str, problems: list[Problem]) -> Mapping_:
    """A part of a scenario, which stands in the file `path`, merged over a whole one that stands in another file."""
    return replace(_merged(_at(base, base_path), _at(over, path), Reader(path, problems)), path=base_path)


def _named(path: str) -> str:
    """The last part of a path, as messages show it."""
    return quoted(re.split(r"[/\\]", path)[-1])


def _next(read: Reader, at: Node, find: Finder) -> Found | None:
    name = read.word(at, "extends")
    if name is None:
        return None
    if not _NAME.match(name):
        hint = "name a scenario that lies beside this one, without its folder"
        read.refuse(at, "bad-name", f"extends cannot be {quoted(name)}", hint)
        return None
    before = len(read.problems)
    found = find(name.removesuffix(".yaml").removesuffix(".yml"), read.problems)
    if found is None and len(read.problems) == before:
        read.refuse(at, "unknown-scenario", f"there is no scenario {quoted(name)} beside this one")
    return found


def _at(node: Mapping_, path: str) -> Mapping_:
    """The same, each part with the file that it stands in."""
    entries = {text: (replace(key, path=path), _marked(value, path)) for text, (key, value) in node.entries.items()}
    return replace(node, entries=entries, path=path)


def _marked(node: Node, path: str) -> Node:
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_marked(item, path) for item in node.items), path=path)
    return _at(node, path) if isinstance(node, Mapping_) else replace(node, path=path)


def _merged(base: Mapping_, over: Mapping_, read: Reader) -> Mapping_:
    """The second mapping over the first."""
    entries = dict(base.entries)
    for text, (key, value) in over.entries.items():
        known = entries.get(text)
        if isinstance(value, Scalar) and value.value is None:
            if known is None:
                hint = read.near(text, base.entries) or "write {} for a thing that has nothing to say"
                read.refuse(key, "nothing-to-remove", f"there is no {quoted(text)} to take away", hint)
            entries.pop(text, None)
        elif known is not None and isinstance(known[1], Mapping_) and isinstance(value, Mapping_):
            entries[text] = (key, _merged(known[1], value, read))
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


def _called(folder: Path, name: str) -> Iterator[Path]:
    """The files of a folder that are scenarios of this name: the one called so, then those with a number before it."""
    for ending in ENDINGS:
        file = folder / f"{name}{ending}"
        if file.is_file():
            yield file
    try:
        others = sorted(islice(folder.iterdir(), MAX_LISTED))
    except OSError:
        return
    for file in others:
        if file.suffix in ENDINGS and file_id(file.name) == name and file.is_file():
            yield file
