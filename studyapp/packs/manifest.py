"""Reads pack.yaml: what the pack is, and the tree of its objectives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.content import Objective
from studyapp.packs.fields import OBJECTIVE, Fields, open_fields
from studyapp.packs.portable import unsafe_path
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.source import Node, Scalar, read_yaml
from studyapp.packs.texts import read_clean
from studyapp.packs.versions import is_version

MANIFEST = "pack.yaml"
"""The file that says what a pack is."""
FORMAT = 1
"""The newest format that this program reads."""
KEYS = (
    *("format", "id", "was", "title", "description", "version", "authors", "homepage", "license", "language"),
    "objectives",
)
MAX_LEVELS = 4
MAX_OBJECTIVES = 1_000
MOST_NAMES = 20
"""Ids that a pack may say it had before."""
LONGEST_HOMEPAGE = 300
HOMEPAGE = r"https?://(?=[A-Za-z0-9])[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!-~]*)?"
"""An address that may be shown as it is: of the web, in plain characters, with no name before the host that could be
taken for it."""

_HOMEPAGE = re.compile(HOMEPAGE)


class NewerFormat(Exception):
    """The pack was written for a newer program; `problem` says so with its place."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Manifest:
    """What pack.yaml says."""

    id: str
    title: str
    version: str
    language: str
    license: str
    authors: tuple[str, ...]
    objectives: tuple[Objective, ...]
    places: dict[str, tuple[int, int]]
    """Line and column of each objective's id."""
    description: str = ""
    homepage: str = ""
    was: tuple[str, ...] = ()


def load_manifest(folder: Path) -> Manifest | None:
    """What pack.yaml of the pack in a folder says, or None when it does not say what the pack is; quickly read."""
    problems: list[Problem] = []
    text = read_clean(folder / MANIFEST, MANIFEST, problems)
    try:
        return read_manifest(read_yaml(text, MANIFEST, problems), MANIFEST, problems) if text is not None else None
    except NewerFormat:
        return None


def read_manifest(node: Node | None, path: str, problems: list[Problem]) -> Manifest | None:
    """The manifest, or None when it does not say what the pack is; what is wrong is added to `problems`.

    Raises NewerFormat.
    """
    fields = open_fields(node, "pack.yaml", path, problems)
    if fields is None:
        return None
    _check_format(fields)
    fields.only(KEYS)
    identity, title = fields.id("id", needed=True), fields.word("title", needed=True)
    version = fields.word("version", needed=True)
    if identity is not None and (unsafe := unsafe_path(identity.text)) is not None:
        fields.say(identity, "bad-id", f"id cannot be {quoted(identity.text)}", unsafe.message)
    if version is not None and not is_version(version.text):
        fields.say(version, "bad-version", f"version cannot be {quoted(version.text)}", "write it like 1.2.0")
    language, licensed = fields.word("language"), fields.word("license")
    authors = tuple(word.text for word in fields.words("authors"))
    description, homepage = fields.paragraph("description"), _homepage(fields)
    was = fields.former_ids()
    if len(was) > MOST_NAMES:
        fields.say(fields.key("was"), "too-big", f"a pack names at most {MOST_NAMES} ids that it had before")
    if identity is not None and identity.text in was:
        fields.say(fields.key("was"), "duplicate-id", f"was cannot be {quoted(identity.text)}: that is its id now")
    tree = _Tree()
    for top in fields.mappings("objectives", "an objective", needed=True):
        tree.add(top, None, 1)
    _check_weights(fields, tree)
    if identity is None or title is None or version is None:
        return None
    return Manifest(
        id=identity.text,
        title=title.text,
        version=version.text,
        language=language.text if language is not None else "en",
        license=licensed.text if licensed is not None else "",
        authors=authors,
        objectives=tuple(tree.objectives),
        places=tree.places,
        description=description,
        homepage=homepage,
        was=was,
    )


def _check_format(fields: Fields) -> None:
    node = fields.get("format", needed=True)
    value = node.value if isinstance(node, Scalar) else None
    if node is None or (value == FORMAT and not isinstance(value, bool)):
        return
    if isinstance(value, int) and not isinstance(value, bool) and value > FORMAT:
        message = f"the pack has format {value}, and this program reads formats up to {FORMAT}"
        raise NewerFormat(
            Problem(fields.path, node.line, node.column, "newer-format", message, "use a newer version of studyapp")
        )
    fields.say(node, "bad-format", f"format must be {FORMAT}")


def _homepage(fields: Fields) -> str:
    """The address that is named; empty without one, or with one that is wrong, which is reported."""
    word = fields.word("homepage")
    if word is None:
        return ""
    if len(word.text) <= LONGEST_HOMEPAGE and _HOMEPAGE.fullmatch(word.text):
        return word.text
    hint = f"https:// or http:// with a host after it, at most {LONGEST_HOMEPAGE} plain characters"
    fields.say(word, "bad-homepage", f"homepage cannot be {quoted(word.text)}", hint)
    return ""


class _Tree:
    """The objectives in the order of the file, parents before their children."""

    def __init__(self) -> None:
        self.objectives: list[Objective] = []
        self.places: dict[str, tuple[int, int]] = {}

    def add(self, fields: Fields, parent: str | None, level: int) -> None:
        fields.only(("id", "title", "weight", "children"))
        identity, title = fields.id("id", needed=True, pattern=OBJECTIVE), fields.word("title", needed=True)
        weight = fields.number("weight", 0, 100, needed=parent is None)
        if parent is not None and fields.has("weight"):
            fields.say(fields.key("weight"), "weights", "only the objectives at the top have weights")
        if identity is None:
            return
        if identity.text in self.places:
            line = self.places[identity.text][0]
            fields.say(
                identity, "duplicate-id", f"there is an objective {quoted(identity.text)} already, on line {line}"
            )
            return
        if level > MAX_LEVELS or len(self.objectives) >= MAX_OBJECTIVES:
            message = f"a pack has at most {MAX_OBJECTIVES:,} objectives, {MAX_LEVELS} levels deep"
            fields.say(identity, "out-of-range", message)
            return
        self.places[identity.text] = (identity.line, identity.column)
        # One without a title is reported once, and is there for the questions that name it.
        name = title if title is not None else identity
        self.objectives.append(Objective(identity.text, name.text, weight if parent is None else None, parent))
        for child in fields.mappings("children", "an objective"):
            self.add(child, identity.text, level + 1)


def _check_weights(fields: Fields, tree: _Tree) -> None:
    weights = [objective.weight for objective in tree.objectives if objective.parent is None]
    if not fields.has("objectives") or any(weight is None for weight in weights):
        return
    total = sum(weight for weight in weights if weight is not None)
    if abs(total - 100) > 1e-9:
        message = f"the weights of the objectives at the top sum to {total:g}, not to 100"
        fields.say(fields.key("objectives"), "weights", message)
