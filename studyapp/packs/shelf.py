"""The scenarios of a pack, by name: for lessons with a block's timeline, for questions as a stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from studyapp.cluster.scenario import Scenario
from studyapp.packs.building import SECTIONS
from studyapp.packs.extending import Layer, among, extended
from studyapp.packs.facts import load_facts
from studyapp.packs.fields import Fields, Word
from studyapp.packs.problems import Hints, Problem, nearest, quoted
from studyapp.packs.scenarios import PackStage, StageSource, placeholders, read_document, scenario_from, timeline_from
from studyapp.packs.source import Mapping_, Node, Scalar

OVER_KEYS = ("sites", *SECTIONS, "until", "clock")
"""Parts of a scenario that a question may say otherwise; for the others it has keys of its own, or none."""


@dataclass(slots=True)
class Shelf:
    """What has been read of the folder `scenarios/`. `broken` names those that are wrong, which was told already.

    `texts` are those that each scenario is made of.
    """

    scenarios: dict[str, Scenario] = field(default_factory=dict)
    sources: dict[str, StageSource] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    files: dict[str, Layer] = field(default_factory=dict)
    hints: Hints = field(default_factory=Hints)

    def add(self, text: str, name: str, path: str, problems: list[Problem]) -> None:
        """Read a scenario's file; its name is its `id:`, else the file's."""
        file = Layer(path, text)
        if file.node is not None:
            name = read_document(file.node, path, file.problems)[0] or name
        if name in self.files:
            message = f"the scenario {quoted(name)} stands in {self.files[name].path} already"
            problems.extend((*file.problems, Problem(path, 1, 1, "duplicate-id", message)))
        else:
            self.files[name] = file

    def lay(self, text: str, name: str, path: str) -> None:
        """Have the text of a scenario whose name is known, to be read when it is asked for."""
        self.files[name] = Layer(path, text)

    def add_unread(self, name: str, path: str, problems: list[Problem]) -> None:
        """Note a file that is there and cannot be read, which was told: whoever needs it is not told again."""
        self.files.setdefault(name, Layer(path, "", problems, read=True))

    def build(self, problems: list[Problem]) -> None:
        """Make scenarios of the files, now that each may extend any other."""
        for name, file in self.files.items():
            self._make(name)
            problems.extend(file.problems)

    def _make(self, name: str) -> None:
        if name in self.scenarios or name in self.broken:
            return
        file = self.files[name]
        node, found = file.node, file.problems
        used = [file.text]
        find = among(self.files, used)
        whole = extended(node, file.path, found, find, known=lambda: self.files) if node is not None else None
        scenario = scenario_from(whole, file.path, found, load_facts()) if whole is not None else None
        if whole is None or scenario is None or found:
            self.broken.add(name)
        else:
            self.scenarios[name] = scenario
            self.sources[name] = StageSource(whole, file.path)
            self.texts[name] = "\0".join(used)

    def known(self) -> Mapping[str, Scenario]:
        """The scenarios by name, not to be changed."""
        for name in self.files:
            self._make(name)
        return MappingProxyType(dict(sorted(self.scenarios.items())))

    def has(self, word: Word, path: str, problems: list[Problem]) -> bool:
        """There is such a scenario; one that is not there is reported."""
        if word.text in self.files:
            self._make(word.text)
        if word.text in self.scenarios:
            return True
        if word.text not in self.broken:
            hint = self.hints.nearest(word.text, self.scenarios)
            message = f"the pack has no scenario {quoted(word.text)}"
            problems.append(Problem(word.path or path, word.line, word.column, "unknown-scenario", message, hint))
        return False

    def staged(self, word: Word, timeline: Node | None, path: str, problems: list[Problem]) -> Scenario | None:
        """The scenario of a lesson's block: the block's timeline replaces its own; None where something is wrong."""
        if not self.has(word, path, problems):
            return None
        scenario = self.scenarios[word.text]
        if timeline is None:
            return scenario
        before = len(problems)
        steps = timeline_from(timeline, scenario, problems, path)
        return replace(scenario, timeline=steps) if len(problems) == before else None

    def stage(self, fields: Fields, words: tuple[Word, ...]) -> PackStage | None:
        """The stage of a question that uses these scenarios; None where one is missing or broken."""
        there = [self.has(word, fields.path, fields.problems) for word in words]
        if not all(there):
            return None
        release = fields.get("release")
        if release is not None and (not isinstance(release, Scalar) or release.value is None):
            fields.read.wrong_type(release, "release", "a word")
            return None
        over = fields.get("with")
        if over is not None and not isinstance(over, Mapping_):
            fields.read.wrong_type(over, "with", "a mapping, of such parts of the scenario as are to be otherwise")
            return None
        for text, (key, _) in over.entries.items() if over is not None else ():
            if text not in OVER_KEYS:
                hint = nearest(text, OVER_KEYS) or f"known here: {', '.join(OVER_KEYS)}"
                fields.say(key, "unknown-key", f"with has no key {quoted(text)}", hint)
            elif text == "until" and fields.has("until"):
                fields.say(key, "two-values", "until stands in the front matter already", "keep one of the two")
        until = fields.get("until")
        if until is not None and not any(placeholders(until)):
            fields.read.duration(until, "until")
        return PackStage(
            {word.text: self.sources[word.text] for word in words},
            fields.path,
            Scalar(None, words[0].line, words[0].column),
            timeline=fields.get("timeline"),
            release=release,
            over=over,
            until=until,
        )
