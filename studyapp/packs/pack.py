"""Reads a pack: a folder of plain text becomes typed content, with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from studyapp.cluster.scenario import Scenario
from studyapp.exams.blueprint import Blueprint
from studyapp.packs.blueprints import read_blueprint
from studyapp.packs.characters import hostile_characters
from studyapp.packs.fields import ID, LONGEST_ID
from studyapp.packs.folder import PackFile, list_files
from studyapp.packs.lessons import Lesson, LessonSource, read_lesson
from studyapp.packs.manifest import Manifest, NewerFormat, Objective, read_manifest
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.questions import QuestionSource, read_question
from studyapp.packs.shelf import Shelf
from studyapp.packs.source import read_text, read_yaml
from studyapp.questions.ids import Part, part_called
from studyapp.questions.question import Question

__all__ = ["NoPack", "Objective", "Pack", "ReadPack", "load_pack", "read_pack"]

MANIFEST = "pack.yaml"
MAX_HOSTILE = 10
"""Hostile characters of one file that are named."""


class NoPack(Exception):
    """There is no pack in the folder, or none that this program can read; `problem` says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's content: what could be read of it. Lessons, questions and blueprints are in the order of their files."""

    id: str
    title: str
    version: str
    language: str
    license: str
    authors: tuple[str, ...]
    objectives: tuple[Objective, ...]
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]
    scenarios: Mapping[str, Scenario]
    blueprints: tuple[Blueprint, ...]
    folder: Path

    def question(self, question: str) -> Question:
        """The question that has an id, or had it. Raises KeyError."""
        return part_called(self.questions, question)

    def lesson(self, lesson: str) -> Lesson:
        """The lesson that has an id, or had it. Raises KeyError."""
        return part_called(self.lessons, lesson)

    def blueprint(self, blueprint: str) -> Blueprint:
        """The blueprint that has an id, or had it. Raises KeyError."""
        return part_called(self.blueprints, blueprint)


@dataclass(frozen=True, slots=True)
class ReadPack:
    """A pack with the places of everything in its files: what a check works on.

    `broken` are the ids of questions whose files are wrong; `files` the paths of everything in the folder; `exams` the
    file of each blueprint.
    """

    pack: Pack
    manifest: Manifest
    lessons: tuple[LessonSource, ...]
    questions: tuple[QuestionSource, ...]
    broken: frozenset[str]
    files: frozenset[str]
    exams: Mapping[str, str]


def load_manifest(folder: Path) -> Manifest | None:
    """What pack.yaml of the pack in a folder says, or None when it does not say what the pack is; quickly read."""
    try:
        return _Reader([]).manifest((PackFile(MANIFEST, folder / MANIFEST),))
    except NoPack:
        return None


def load_pack(folder: Path) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack in a folder, or None when pack.yaml does not say what it is; and everything that is wrong with it.

    A file that is wrong is left out of the pack, so a pack with errors is not whole.
    """
    try:
        read, problems = read_pack(folder)
    except NoPack as error:
        return None, (error.problem,)
    return (read.pack if read is not None else None), problems


def read_pack(folder: Path) -> tuple[ReadPack | None, tuple[Problem, ...]]:
    """The pack in a folder with the places of its parts, and what is wrong with it. Raises NoPack."""
    if not folder.is_dir():
        raise NoPack(Problem(str(folder), 0, 0, "no-pack", "there is no such folder"))
    problems: list[Problem] = []
    reader = _Reader(problems)
    files = list_files(folder, problems)
    manifest = reader.manifest(files)
    if manifest is None:
        return None, _in_order(problems)
    shelf = Shelf()
    for file, text in reader.texts(files, "scenarios/"):
        shelf.add(text, file.id, file.name, problems)
    shelf.build(problems)
    questions = list(reader.questions(files, shelf, manifest))
    lessons = list(reader.lessons(files, shelf))
    blueprints: list[Blueprint] = []
    exams: dict[str, str] = {}
    for file, text in reader.texts(files, "exams/"):
        node = read_yaml(text, file.name, problems)
        blueprint = read_blueprint(node, file.id, file.name, manifest.objectives, problems)
        if blueprint is not None and reader.new("exam", blueprint.id, file.name):
            blueprints.append(blueprint)
            exams[blueprint.id] = file.name
    pack = Pack(
        id=manifest.id,
        title=manifest.title,
        version=manifest.version,
        language=manifest.language,
        license=manifest.license,
        authors=manifest.authors,
        objectives=manifest.objectives,
        lessons=tuple(source.lesson for source in lessons),
        questions=tuple(source.question for source in questions),
        scenarios=shelf.known(),
        blueprints=tuple(blueprints),
        folder=folder,
    )
    reader.former("question", pack.questions, {each.id: each.path for each in pack.questions})
    reader.former("lesson", pack.lessons, {each.id: each.path for each in pack.lessons})
    reader.former("exam", pack.blueprints, exams)
    names = frozenset(file.name for file in files)
    made = ReadPack(pack, manifest, tuple(lessons), tuple(questions), frozenset(reader.broken), names, exams)
    return made, _in_order(problems)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file and place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.path, p.line, p.column)))


def content_digest(*texts: str) -> str:
    """A hash of texts, whatever their line ends."""
    whole = "\0".join(text.replace("\r\n", "\n") for text in texts)
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


class _Reader:
    """Reads the files of one pack."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.ids: dict[tuple[str, str], str] = {}
        """Kind and id to the file that has it."""
        self.broken: set[str] = set()

    def manifest(self, files: tuple[PackFile, ...]) -> Manifest | None:
        """What pack.yaml says. Raises NoPack."""
        file = next((file for file in files if file.name == MANIFEST), None)
        if file is None:
            problem = next((p for p in self.problems if p.path == MANIFEST or p.code == "too-big"), None)
            raise NoPack(problem or Problem(MANIFEST, 0, 0, "no-pack", "there is no such file, so this is no pack"))
        text = self.text(file)
        if text is None:
            return None
        try:
            return read_manifest(read_yaml(text, MANIFEST, self.problems), MANIFEST, self.problems)
        except NewerFormat as error:
            raise NoPack(error.problem) from None

    def text(self, file: PackFile) -> str | None:
        """The text of a file, or None with a problem: one that holds hostile characters is not read."""
        text = read_text(file.path, file.name, self.problems)
        if text is None:
            return None
        hostile = list(islice(hostile_characters(text), MAX_HOSTILE))
        for each in hostile:
            message = f"{each.name} is not allowed: it hides or acts"
            self.problems.append(Problem(file.name, each.line, each.column, "hostile-character", message, "remove it"))
        return None if hostile else text.replace("\r\n", "\n")

    def texts(self, files: tuple[PackFile, ...], top: str) -> Iterable[tuple[PackFile, str]]:
        """The files of one folder that can be read, with their texts."""
        for file in files:
            if not file.name.startswith(top):
                continue
            if not ID.match(file.id) or len(file.id) > LONGEST_ID:
                message = f"the file's name gives the id {quoted(file.id)}"
                hint = f"small letters, digits and single hyphens, at most {LONGEST_ID}"
                self.problems.append(Problem(file.name, 0, 0, "bad-id", message, hint))
                continue
            text = self.text(file)
            if text is not None:
                yield file, text
            elif top == "questions/":
                self.broken.add(file.id)

    def new(self, kind: str, identity: str, path: str) -> bool:
        """The id is not used yet; else that is reported."""
        other = self.ids.setdefault((kind, identity), path)
        if other == path:
            return True
        message = f"the {kind} {quoted(identity)} stands in {other} already"
        self.problems.append(Problem(path, 1, 1, "duplicate-id", message))
        return False

    def former(self, kind: str, parts: Iterable[Part], paths: Mapping[str, str]) -> None:
        """What parts were called before is the id of no other, now or then; else that is reported."""
        taken = dict(paths)
        for part in parts:
            for old in part.was:
                if old in taken:
                    message = f"was cannot be {quoted(old)}: that is the {kind} in {taken[old]}"
                    self.problems.append(Problem(paths[part.id], 1, 1, "duplicate-id", message))
                else:
                    taken[old] = paths[part.id]

    def questions(self, files: tuple[PackFile, ...], shelf: Shelf, manifest: Manifest) -> Iterable[QuestionSource]:
        """The questions, each with a digest of its file and its scenarios."""
        for file, text in self.texts(files, "questions/"):
            source = read_question(text, file.id, file.name, shelf.stage, self.problems, pack=manifest.id)
            if source is None:
                self.broken.add(file.id)
            elif self.new("question", source.question.id, file.name):
                used = sorted({word.text for word in source.scenarios})
                digest = content_digest(text, *(shelf.texts[name] for name in used))
                yield replace(source, question=replace(source.question, digest=digest))

    def lessons(self, files: tuple[PackFile, ...], shelf: Shelf) -> Iterable[LessonSource]:
        """The lessons."""
        for file, text in self.texts(files, "lessons/"):
            digest = content_digest(text)
            source = read_lesson(text, file.id, file.name, shelf.staged, self.problems, digest=digest)
            if source is not None and self.new("lesson", source.lesson.id, file.name):
                yield source
