"""Reads exams' blueprints. Whether they can be drawn from the bank is for the check to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from studyapp.exams.blueprint import MODES, SCALE_BOTTOM, SCALE_TOP, Blueprint, Objective, Section, flaws, section_flaws
from studyapp.packs.extending import Layer, among, extended
from studyapp.packs.fields import OBJECTIVE, Fields, Word, open_fields
from studyapp.packs.problems import Problem, nearest, quoted
from studyapp.packs.shelf import Shelf
from studyapp.packs.source import Mapping_, Node, Scalar

KEYS = ("extends", "title", "minutes", "questions", "pass", "pass_share", "draw", "sections", "mode", "id", "was")
SECTION_KEYS = ("title", "questions", "scenario", "locked")

MAX_MINUTES = 24 * 60
MAX_QUESTIONS = 500
MAX_SECTIONS = 20
LONGEST_TITLE = 60
"""Characters of the title of a section, which stands at the top of the screen beside other things."""


@dataclass(frozen=True, slots=True)
class BlueprintSource:
    """A blueprint, its file, and the places of its sections and of the objectives that it draws."""

    blueprint: Blueprint
    path: str
    sections: tuple[Word, ...] = ()
    draw: tuple[Word, ...] = ()


@dataclass(slots=True)
class ExamFiles:
    """The files of the folder `exams/`, of which each may extend any other."""

    objectives: Sequence[Objective]
    shelf: Shelf
    files: dict[str, Layer] = field(default_factory=dict)
    _again: list[tuple[str, Layer]] = field(default_factory=list)

    def add(self, text: str, name: str, path: str) -> None:
        """Have a file; its name is its `id:`, else the file's."""
        file = Layer(path, text)
        own = file.node.entries.get("id") if isinstance(file.node, Mapping_) else None
        if own is not None and isinstance(own[1], Scalar) and own[1].value is not None:
            name = own[1].text.strip()
        if self.files.setdefault(name, file) is not file:
            self._again.append((name, file))

    def read(self, problems: list[Problem], path: str = "") -> Iterator[BlueprintSource]:
        """What could be read of them, or of the one with a path; what is wrong is added to `problems`."""
        for name, file in (*self.files.items(), *self._again):
            if path not in ("", file.path):
                continue
            node, found = file.node, list(file.problems)
            find = among(self.files, [])
            whole = extended(node, file.path, found, find, "exam", lambda: self.files) if node is not None else None
            exam = None
            if whole is not None:
                exam = read_blueprint(whole, name, file.path, self.objectives, self.shelf, found)
            problems.extend(found)
            if exam is not None:
                yield exam


def read_blueprint(
    node: Node, exam: str, path: str, objectives: Sequence[Objective], shelf: Shelf, problems: list[Problem]
) -> BlueprintSource | None:
    """The blueprint with the id `exam`, or None when something about it is wrong; that is added to `problems`."""
    before = len(problems)
    fields = open_fields(node, "an exam", path, problems)
    if fields is None:
        return None
    fields.only(KEYS)
    title = fields.word("title", needed=True)
    minutes = fields.whole("minutes", 1, MAX_MINUTES, needed=True)
    questions = fields.whole("questions", 1, MAX_QUESTIONS, needed=True)
    mark = fields.whole("pass", SCALE_BOTTOM + 1, SCALE_TOP - 1, needed=True)
    share = fields.number("pass_share", 0, 1, needed=True)
    mode = fields.one_of("mode", MODES) or "exam"
    fields.id("id")
    was = fields.former_ids()
    draw = tuple(_draw(fields, {objective.id for objective in objectives}))
    shares = tuple((objective.text, part) for objective, part in draw)
    sections = tuple(_sections(fields, shelf))
    if len(problems) > before or title is None or minutes is None or questions is None or mark is None or share is None:
        return None
    parts = tuple(section for section, _ in sections)
    blueprint = Blueprint(exam, title.text, minutes, questions, mark, share, shares, mode, was, parts)
    _contradict(fields, "draw", flaws(blueprint, objectives))
    _contradict(fields, "sections", section_flaws(blueprint))
    places = tuple(at for _, at in sections), tuple(at for at, _ in draw)
    return BlueprintSource(blueprint, path, *places) if len(problems) == before else None


def _contradict(fields: Fields, key: str, flaws: Iterable[str]) -> None:
    for flaw in flaws:
        fields.say(fields.get(key) or fields.node, "blueprint", flaw.removesuffix("."))


def _draw(fields: Fields, known: set[str]) -> Iterator[tuple[Word, float]]:
    for entry in fields.mappings("draw", "an entry of draw", needed=True):
        entry.only(("objective", "share"))
        objective = entry.id("objective", needed=True, pattern=OBJECTIVE)
        part = entry.number("share", 0, 100, needed=True)
        if objective is not None and objective.text not in known:
            hint = nearest(objective.text, known)
            entry.say(objective, "unknown-objective", f"the pack has no objective {quoted(objective.text)}", hint)
        elif objective is not None and part is not None:
            yield objective, part


def _sections(fields: Fields, shelf: Shelf) -> Iterator[tuple[Section, Word]]:
    """The sections, each with the place of its title."""
    written = fields.items("sections")
    if len(written) > MAX_SECTIONS:
        fields.say(written[MAX_SECTIONS], "out-of-range", f"an exam has at most {MAX_SECTIONS} sections")
    for entry in fields.mappings("sections", "a section"):
        entry.only(SECTION_KEYS)
        title = entry.word("title", needed=True)
        if title is not None and len(title.text) > LONGEST_TITLE:
            entry.say(title, "out-of-range", f"the title of a section has at most {LONGEST_TITLE} characters")
        questions = entry.whole("questions", 1, MAX_QUESTIONS, needed=True)
        scenario = entry.word("scenario")
        locked = entry.flag("locked", False)
        there = scenario is None or shelf.has(scenario, entry.path, entry.problems)
        if title is not None and questions is not None and there:
            yield Section(title.text, questions, scenario.text if scenario is not None else None, locked), title
