"""The facts that the program runs on, read once from `data/` into frozen values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from studyapp.cluster.scenario import RELEASES, Fact, FactValue
from studyapp.packs.places import data_folder

if TYPE_CHECKING:
    from studyapp.cluster.validation.findings import Finding

MARKS = ("V", "2", "?", "≠", "m")
VERSION_FILE = "model.toml"
"""Where the version of the model stands, beside the facts."""
_COMMON = "common"
_ROW = {"key", "value", "mark", "source", "also", "unit", "note"}
_RULE = {"text", "source"}
_BELIEF = {"says", "truth", "source", "lesson"}
_FINDING = {"severity", "title", "text", "when", "source"}
_FINDING_ID = re.compile(r"[A-Z]{3}\d{3}")
_STANDS_FOR = {"subject", "value", "limit"}
_TITLED = re.compile(r"\{([\w.]+)\}")
"""A release, or a row of which the first release with it is meant."""
_WITH_ADDRESS = re.compile(r"(.+): ((?:https?://|MicrosoftDocs/)\S.*)")
LONGEST_TITLE = 48
"""Characters of a title that a source is told by."""
SEVERITIES = ("error", "warning", "info")


class BadFacts(Exception):
    """The program's own data is damaged: which file, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: a title, and the address or the file to read; empty where there is none."""

    title: str
    address: str = ""

    @property
    def whole(self) -> str:
        """The title with all of the address."""
        return f"{self.title}: {self.address}" if self.address else self.title

    @property
    def brief(self) -> str:
        """The title, cut where it is long, and the site or the collection that it stands in."""
        title = shorten(self.title, LONGEST_TITLE, placeholder=" …")
        site = self.address.rpartition("://")[2].partition("/")[0].removeprefix("www.")
        return f"{title}, {site}" if site else title


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule of the model in a plain sentence, by the id that events carry."""

    id: str
    text: str
    sources: tuple[Source, ...]

    @property
    def source(self) -> str:
        """All sources with their addresses."""
        return "; ".join(each.whole for each in self.sources)


@dataclass(frozen=True, slots=True)
class Belief:
    """How a misconception is told.

    `says` completes the sentence "To answer like this you would have to believe that ..." and has no full stop; `truth`
    puts it right; `lesson` is the id of the lesson to read.
    """

    name: str
    says: str
    truth: str
    source: str
    lesson: str


@dataclass(frozen=True, slots=True)
class FindingText:
    """How a validation rule is told.

    `severity` is one of `SEVERITIES`; `title` says it in a few words; `text` is a sentence with `{subject}`, `{value}`
    and `{limit}` in it; `when` says what it fires on, and what those three stand for.
    """

    id: str
    severity: str
    title: str
    text: str
    when: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything in `data/`: the rows of each release and its title, and by name the rules, beliefs and findings.

    Among the rows are the severities of the findings, as `finding.ID`.
    """

    releases: Mapping[str, tuple[Fact, ...]]
    titles: Mapping[str, str]
    rules: Mapping[str, RuleText]
    misconceptions: Mapping[str, Belief]
    findings: Mapping[str, FindingText]

    def value(self, release: str, key: str) -> FactValue | None:
        """The value of a row in a release, or None when there is no such row."""
        return next((fact.value for fact in self.releases[release] if fact.key == key), None)

    def first_with(self, key: str) -> str:
        """The title of the first release in which `feature.…` is true, or that `since.…` names.

        Raises KeyError where there is none.
        """
        for release in RELEASES:
            value = self.value(release, key)
            if value:
                return self.titles[release if value is True else str(value)]
        raise KeyError(key)

    def told(self, finding: Finding) -> str:
        """A finding as a sentence: its own where it has one.

        In the value and the limit a name in braces stands for the title of a release: that release's, or that of the
        first with such a feature or setting.
        """

        def title(found: re.Match[str]) -> str:
            return self.titles.get(found[1]) or self.first_with(found[1])

        if finding.sentence:
            return finding.sentence
        words = {"value": _TITLED.sub(title, finding.value), "limit": _TITLED.sub(title, finding.limit)}
        return self.findings[finding.rule].text.format(subject=finding.subject, **words)


@cache
def load_facts() -> Facts:
    """The facts that ship with the program. Raises BadFacts when they are damaged."""
    return read_facts(data_folder())


@cache
def model_version() -> str:
    """The version of the model that ships with the program: it changes when any fact or golden trace does.

    Raises BadFacts when it is damaged.
    """
    return read_version(data_folder())


def read_version(folder: Path) -> str:
    """The version of the model in a folder of facts. Raises BadFacts."""
    file = folder / VERSION_FILE
    return _word(_table(file), "version", file)


def read_facts(folder: Path) -> Facts:
    """The facts in a folder. Raises BadFacts."""
    sources = _table(folder / "sources.toml")
    titles: dict[str, str] = {}
    releases: dict[str, tuple[Fact, ...]] = {}
    findings = {
        name: _finding(name, entry, sources, file) for file, name, entry in _entries(folder / "findings.toml", _FINDING)
    }
    severities = tuple(Fact(f"finding.{found.id}", found.severity, "V", found.source) for found in findings.values())
    for release in RELEASES:
        file = folder / "releases" / f"{release}.toml"
        titles[release] = _word(_table(file), "title", file)
        releases[release] = (*_rows(folder / "releases", release, sources).values(), *severities)
    rules = {
        name: RuleText(name, _word(entry, "text", file), tuple(map(_source, _sources(entry, sources, file))))
        for file, name, entry in _entries(folder / "rules.toml", _RULE)
    }
    misconceptions = {
        name: Belief(
            name,
            _word(entry, "says", file),
            _word(entry, "truth", file),
            _written_out(entry, sources, file),
            _word(entry, "lesson", file),
        )
        for file, name, entry in _entries(folder / "misconceptions.toml", _BELIEF)
    }
    return Facts(
        MappingProxyType(releases),
        MappingProxyType(titles),
        MappingProxyType(rules),
        MappingProxyType(misconceptions),
        MappingProxyType(findings),
    )


def _rows(folder: Path, name: str, sources: Mapping[str, Any], below: tuple[str, ...] = ()) -> dict[str, Fact]:
    """The rows of a release by key: those of what it inherits, with its own in their place."""
    if name == _COMMON:
        return _own_rows(sorted((folder / _COMMON).glob("*.toml")), sources)
    file = folder / f"{name}.toml"
    parent = _word(_table(file), "inherits", file)
    if parent in (name, *below):
        raise BadFacts(f"{file}: it inherits from itself")
    return _rows(folder, parent, sources, (name, *below)) | _own_rows([file], sources)


def _own_rows(files: list[Path], sources: Mapping[str, Any]) -> dict[str, Fact]:
    """The rows that stand in these files; none of them twice."""
    own: dict[str, Fact] = {}
    for file in files:
        for entry in _table(file).get("row", []):
            fact = _fact(entry, sources, file)
            if fact.key in own:
                raise BadFacts(f"{file}: two rows for {fact.key}")
            own[fact.key] = fact
    return own


def _fact(entry: Mapping[str, Any], sources: Mapping[str, Any], file: Path) -> Fact:
    key, mark = _word(entry, "key", file), _word(entry, "mark", file)
    if set(entry) - _ROW or mark not in MARKS:
        raise BadFacts(f"{file}: {key} has a mark or an entry that is not known")
    values = (entry.get("value"), *entry.get("also", ()))
    if not all(isinstance(value, int | bool | str) for value in values):
        raise BadFacts(f"{file}: {key} needs a value that is a number, a truth value or a word")
    source = _written_out(entry, sources, file)
    if "note" in entry:
        source = f"{source} ({_word(entry, 'note', file)})"
    return Fact(key, values[0], mark, source, tuple(values[1:]))


def _finding(name: str, entry: Mapping[str, Any], sources: Mapping[str, Any], file: Path) -> FindingText:
    severity, text = _word(entry, "severity", file), _word(entry, "text", file)
    if not _FINDING_ID.fullmatch(name) or severity not in SEVERITIES:
        raise BadFacts(f"{file}: {name} needs three letters and three digits, and one of {', '.join(SEVERITIES)}")
    try:
        named = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise BadFacts(f"{file}: {name}: {error}") from error
    if named - _STANDS_FOR:
        raise BadFacts(f"{file}: {name} may name only {', '.join(sorted(_STANDS_FOR))} in its text")
    title, when = _word(entry, "title", file), _word(entry, "when", file)
    return FindingText(name, severity, title, text, when, _written_out(entry, sources, file))


def _entries(file: Path, allowed: set[str]) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    for name, entry in _table(file).items():
        if not isinstance(entry, dict) or set(entry) != allowed:
            raise BadFacts(f"{file}: {name} needs exactly {', '.join(sorted(allowed))}")
        yield file, name, entry


def _written_out(entry: Mapping[str, Any], sources: Mapping[str, Any], file: Path) -> str:
    return "; ".join(_sources(entry, sources, file))


def _sources(entry: Mapping[str, Any], sources: Mapping[str, Any], file: Path) -> Iterator[str]:
    names = entry.get("source", [])
    if not names or not isinstance(names, list) or not all(name in sources for name in names):
        raise BadFacts(f"{file}: a source is missing from sources.toml: {names}")
    return (sources[name] for name in names)


def _source(text: str) -> Source:
    found = _WITH_ADDRESS.fullmatch(text)
    return Source(found[1], found[2]) if found is not None else Source(text)


def _word(entry: Mapping[str, Any], key: str, file: Path) -> str:
    word = entry.get(key)
    if not isinstance(word, str) or not word:
        raise BadFacts(f"{file}: {key} is missing")
    return word


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFacts(f"{file}: {error}") from error
