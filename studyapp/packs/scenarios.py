"""Scenarios from text: one, or many documents of which a bad one does not stop the others; and those of a question.

Raises nothing for what an author wrote: problems are collected, and `BadScenario` or `StageError` carries them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import NoReturn

from studyapp.cluster.kinds import Value
from studyapp.cluster.scenario import Scenario
from studyapp.packs import source
from studyapp.packs.building import scenario_from
from studyapp.packs.durations import BadDuration, parse_duration
from studyapp.packs.extending import beside, extended, laid_over, names_beside
from studyapp.packs.facts import load_facts
from studyapp.packs.problems import Problem, nearest, quoted
from studyapp.packs.reading import Reader
from studyapp.packs.source import Mapping_, Node, Scalar, read_yaml
from studyapp.packs.texts import read_text
from studyapp.packs.timeline import timeline_from
from studyapp.questions.filling import PLACEHOLDER, fill
from studyapp.questions.question import StageError

__all__ = [
    "BadScenario",
    "Document",
    "PackStage",
    "StageSource",
    "load_documents",
    "load_scenario",
    "read_document",
    "scenario_from",
    "timeline_from",
]

_MARKER = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_ID_LINE = re.compile(r"^id: *([\w./-]{1,100})[ \r]*$", re.MULTILINE)
"""What tells which document it was, where the YAML is too broken to be read."""

ClaimText = tuple[str, int, int]
"""A claim as it is written, with the line and column of its first character."""


class BadScenario(Exception):
    """A scenario that is not right; `problems` say where and why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.format() for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its id and claims, and its scenario, or None with the problems that it has."""

    path: str
    id: str | None
    scenario: Scenario | None
    claims: tuple[ClaimText, ...]
    problems: tuple[Problem, ...]


def load_scenario(
    text_or_path: str | Path, *, release: str | None = None, events: Sequence[str] = (), until: str | None = None
) -> Scenario:
    """The checked scenario of a text, or of a file when given a Path or one line that ends in `.yaml` or `.yml`.

    `release` is used instead of the scenario's own; `events` are timeline entries in YAML that its timeline goes on
    with; `until` is a duration that replaces its own. Raises BadScenario.
    """
    problems: list[Problem] = []
    path, text = "<text>", str(text_or_path)
    if isinstance(text_or_path, Path) or re.fullmatch(r"[^\n]+\.ya?ml", text_or_path):
        path = str(text_or_path)
        text = read_text(Path(text_or_path), path, problems) or ""
    if not problems:
        document = _document(text, path, 0, _Given(release, events, until, Path(path) if path != "<text>" else None))
        if document.scenario is not None:
            return document.scenario
        problems.extend(document.problems)
    raise BadScenario(tuple(problems))


def load_documents(
    text: str,
    path: str,
    *,
    release: str | None = None,
    events: Sequence[str] = (),
    until: str | None = None,
    file: Path | None = None,
) -> list[Document]:
    """Every document of a text, in order, each as right or wrong as it is; `path` is its name in problems.

    `file` is where the text stands: a document may extend a scenario that lies beside it. The limits on size hold for
    each document. A text without any document gives one that says so.
    """
    given = _Given(release, events, until, file)
    return [_document(part, path, lines, given) for part, lines in _parts(text)]


def read_document(node: Node, path: str, problems: list[Problem]) -> tuple[str | None, tuple[ClaimText, ...]]:
    """The id and the claims that stand in a scenario's document."""
    if not isinstance(node, Mapping_):
        return None, ()
    read = Reader(path, problems)
    own_id = read.word(node.entries["id"][1], "id") if "id" in node.entries else None
    claims: list[ClaimText] = []
    if "claims" in node.entries:
        written = node.entries["claims"][1]
        if not isinstance(written, source.Sequence):
            read.wrong_type(written, "claims", "a list", "begin each claim with a dash")
            return own_id, ()
        for item in written.items:
            if isinstance(item, Scalar) and item.value is not None:
                text = item.text.strip()
                if read.one_line(item, "a claim", text):
                    claims.append((text, *item.position(item.text.index(text))))
            else:
                hint = "put a claim that begins with a quote or a bracket in quotes as a whole"
                read.wrong_type(item, "a claim", "text", hint)
    return own_id, tuple(claims)


class _Given:
    """What is given beside the documents, read once."""

    def __init__(self, release: str | None, events: Sequence[str], until: str | None, file: Path | None = None) -> None:
        self.release = release
        self.file = file
        self.problems: list[Problem] = []
        self.events: list[tuple[str, Node]] = []
        self.until_ms: int | None = None
        for number, event in enumerate(events, start=1):
            name = f"<event {number}>"
            node = read_yaml(event, name, self.problems)
            nodes = node.items if isinstance(node, source.Sequence) else (node,)
            self.events.extend((name, entry) for entry in nodes if entry is not None)
        if until is not None:
            try:
                self.until_ms = parse_duration(until)
            except BadDuration as error:
                message = f"until cannot be {quoted(until)}: {error}"
                self.problems.append(Problem("<until>", 1, 1, "duration", message, error.hint))


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """The texts of the documents, each with the number of lines before it; nothing before or after a marker is none."""
    starts = [0, *(found.start() for found in _MARKER.finditer(text) if found.start())]
    lines = 0
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(text)
        part = text[start:end]
        at_the_edge = number in (0, len(starts) - 1)
        if len(starts) == 1 or not (at_the_edge and _is_nothing(part)):
            yield part, lines
        lines += part.count("\n")


def _is_nothing(part: str) -> bool:
    """A marker, blank lines and comments, and no more."""
    lines = part.removeprefix("---").split("\n")
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines)


def _document(text: str, path: str, lines: int, given: _Given) -> Document:
    problems: list[Problem] = list(given.problems)
    node = read_yaml(text.removeprefix("---") if _is_nothing(text) else text, path, problems, lines)
    if node is None:
        found = _ID_LINE.search(text)
        return Document(path, found[1] if found else None, None, (), tuple(problems))
    own_id, claims = read_document(node, path, problems)
    find, known = (beside(given.file), partial(names_beside, given.file)) if given.file is not None else (None, tuple)
    whole = extended(node, path, problems, find, known=known)
    if whole is None:
        return Document(path, own_id, None, claims, tuple(problems))
    readers = {name: Reader(name, problems) for name, _ in given.events}
    events = [(readers[name], entry) for name, entry in given.events]
    scenario = scenario_from(
        whole, path, problems, load_facts(), release=given.release, events=events, until_ms=given.until_ms
    )
    problems.sort(key=lambda problem: (problem.path != path, problem.path, problem.line, problem.column))
    return Document(path, own_id, None if problems else scenario, claims, tuple(problems))


# -- the scenarios of a question ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class StageSource:
    """A scenario file of a pack, as it was parsed."""

    node: Node
    path: str


# What was built is kept for all questions together: many stand on one scenario, and there may be thousands of them.
Used = tuple[tuple[str, type, Value], ...]
"""The values that something depends on, by their names; of two that are equal the type tells them apart."""


@lru_cache(maxsize=256)
def _base(source: StageSource, release: str | None) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """The scenario of a file under a release, and what is wrong with it."""
    problems: list[Problem] = []
    scenario = scenario_from(source.node, source.path, problems, load_facts(), release=release)
    return scenario, tuple(problems)


@lru_cache(maxsize=256)
def _altered(stage: PackStage, name: str, release: str | None, used: Used) -> Scenario:
    """A scenario with what a question says of it laid over it. Raises StageError."""
    return stage.altered(name, release, {each: value for each, _, value in used})


@lru_cache(maxsize=1024)
def _built(stage: PackStage, used: Used) -> Scenario:
    """The scenario of a stage with the values that it depends on. Raises StageError."""
    return stage.built({each: value for each, _, value in used})


def _used(names: Iterable[str], values: Mapping[str, Value]) -> Used:
    return tuple((name, type(values[name]), values[name]) for name in names if name in values)


class PackStage:
    """Builds the scenario of a question's variant, and says in the question's file what is wrong with it.

    `scenarios` are those that the question may use: one, or the values of a varied name `scenario`. `timeline` is the
    question's own (None: the scenario's), and so is `until`, until when the run goes on at least; `release` is that of
    the front matter, and a varied name `release` goes before it. All may hold placeholders. `at` is where problems are
    reported that have no place of their own in the file `path`.
    """

    def __init__(
        self,
        scenarios: Mapping[str, StageSource],
        path: str,
        at: Node,
        *,
        timeline: Node | None = None,
        release: Scalar | None = None,
        over: Mapping_ | None = None,
        until: Node | None = None,
    ) -> None:
        self._over = over
        self._until = until
        self._scenarios = dict(scenarios)
        self._path = path
        self._at = at
        self._timeline = timeline
        self._release = release
        self._named: list[str] = []
        """The names that the scenario depends on, once they have been looked for."""

    def __call__(self, values: Mapping[str, Value]) -> Scenario:
        """The checked scenario of these values, timeline included. Raises StageError."""
        if not self._named:
            written = (self._timeline, self._release, self._over, self._until)
            self._named = sorted({"scenario", "release", *(name for node in written for name in placeholders(node))})
        return _built(self, _used(self._named, values))

    def initial(self, values: Mapping[str, Value]) -> Scenario:
        """The scenario of these values before the question's timeline: what `let` sees. Raises StageError."""
        name = str(values["scenario"]) if "scenario" in values else next(iter(self._scenarios), "")
        release: str | None = None
        if "release" in values:
            release = str(values["release"])
        elif self._release is not None:
            release = fill(self._release.text, values)
        if self._over is not None:
            return _altered(self, name, release, _used(sorted(set(placeholders(self._over))), values))
        scenario, problems = _base(self._source(name), release)
        if scenario is None:
            why = f"with release {release}" if release is not None else f"scenario {name}"
            self._fail(
                self._problem(p.code, f"{why}: {p.message} ({p.path}:{p.line}:{p.column})", p.hint) for p in problems
            )
        return scenario

    @property
    def says_otherwise(self) -> bool:
        """What is drawn is not only that of a scenario's name."""
        return self._over is not None

    def _source(self, name: str) -> StageSource:
        if name not in self._scenarios:
            message = f"there is no scenario {quoted(name)}"
            self._fail([self._problem("unknown-scenario", message, nearest(name, self._scenarios))])
        return self._scenarios[name]

    def altered(self, name: str, release: str | None, values: Mapping[str, Value]) -> Scenario:
        """A scenario with what the question says of it laid over it, built anew. Raises StageError."""
        assert self._over is not None, "only a question that says so has its own"
        base, problems = self._source(name), list[Problem]()
        written = filled(self._over, values, self._path, problems)
        assert isinstance(base.node, Mapping_), "a scenario that could be made is a mapping"
        assert isinstance(written, Mapping_), "what is filled in keeps its form"
        node = laid_over(base.node, base.path, written, self._path, problems)
        if self._timeline is not None:
            # What the scenario would do by itself may be about things that the question takes away.
            node = replace(node, entries={key: entry for key, entry in node.entries.items() if key != "timeline"})
        scenario = scenario_from(node, base.path, problems, load_facts(), release=release)
        if scenario is None or problems:
            self._fail(
                p
                if p.path == self._path
                else self._problem(p.code, f"scenario {name}: {p.message} ({p.path}:{p.line}:{p.column})", p.hint)
                for p in problems
            )
        return scenario

    def built(self, values: Mapping[str, Value]) -> Scenario:
        """The same, built anew."""
        scenario = self.initial(values)
        problems: list[Problem] = []
        if self._timeline is not None:
            node = filled(self._timeline, values, self._path, problems)
            scenario = replace(scenario, timeline=timeline_from(node, scenario, problems, self._path))
        if self._until is not None:
            ends = filled(self._until, values, self._path, problems)
            scenario = replace(scenario, until_ms=Reader(self._path, problems).duration(ends, "until"))
        if problems:
            self._fail(problems)
        return scenario

    def _problem(self, code: str, message: str, hint: str | None) -> Problem:
        at = self._release or self._at
        return Problem(self._path, at.line, at.column, code, message, hint)

    def _fail(self, problems: Iterable[Problem]) -> NoReturn:
        raise StageError(tuple(problems))


def placeholders(node: Node | None) -> Iterator[str]:
    """The names that stand for values somewhere in it."""
    if isinstance(node, Scalar):
        yield from (found[2] for found in PLACEHOLDER.finditer(node.text) if found[2] is not None)
    elif isinstance(node, source.Sequence):
        for item in node.items:
            yield from placeholders(item)
    elif node is not None:
        for key, value in node.entries.values():
            yield from placeholders(key)
            yield from placeholders(value)


def filled(node: Node, values: Mapping[str, Value], path: str, problems: list[Problem]) -> Node:
    """The node with its placeholders filled; each part keeps its place in the file."""
    if isinstance(node, Scalar):
        return _filled_scalar(node, values)
    if isinstance(node, source.Sequence):
        return replace(node, items=tuple(filled(item, values, path, problems) for item in node.items))
    entries: dict[str, tuple[Scalar, Node]] = {}
    for key, value in node.entries.values():
        text = fill(key.text, values)
        if text in entries:
            message = f"the key {quoted(text)} stands twice when placeholders are filled"
            problems.append(Problem(path, key.line, key.column, "duplicate-key", message))
        entries[text] = (replace(key, text=text, value=text), filled(value, values, path, problems))
    return replace(node, entries=entries)


def _filled_scalar(node: Scalar, values: Mapping[str, Value]) -> Node:
    """A scalar that is exactly one placeholder takes the value with its type; a list of values becomes a list."""
    whole = PLACEHOLDER.fullmatch(node.text)
    if whole is not None and whole[2] in values:
        value = values[whole[2]]
        if isinstance(value, tuple):
            return source.Sequence(tuple(replace(node, value=v, text=str(v)) for v in value), node.line, node.column)
        return replace(node, value=value, text=str(value))
    text = fill(node.text, values)
    return node if text == node.text else replace(node, value=text, text=text)
