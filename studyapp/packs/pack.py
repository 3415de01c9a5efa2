"""Reads a pack: a folder of plain text becomes typed content, with every problem at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from studyapp.packs.blueprints import BlueprintSource, ExamFiles
from studyapp.packs.content import Later, Lesson, Objective, Pack, uncollected
from studyapp.packs.fields import ID, LONGEST_ID
from studyapp.packs.folder import GLOSSARY, PackFile, file_id, list_files
from studyapp.packs.glossary import GlossarySource, read_glossary
from studyapp.packs.inheriting import Beside, told_once
from studyapp.packs.kinds.table import LAB
from studyapp.packs.lessons import LessonSource, read_lesson
from studyapp.packs.manifest import MANIFEST, Manifest, NewerFormat, read_manifest
from studyapp.packs.problems import Problem, quoted
from studyapp.packs.questions import Front, QuestionSource, question_of, read_content, read_front, read_question
from studyapp.packs.shelf import Shelf
from studyapp.packs.source import read_yaml, split_front_matter
from studyapp.packs.terms import Term
from studyapp.packs.texts import read_clean
from studyapp.questions.ids import Part
from studyapp.questions.question import Question

__all__ = ["NoPack", "Objective", "OpenedPack", "Pack", "ReadPack", "load_pack", "open_folder", "read_pack"]

_WAS = re.compile(r"^was:", re.MULTILINE)
_OWN_ID = re.compile(r"^id: *([a-z0-9-]+) *$", re.MULTILINE)
"""The id that a file gives its question, also where it cannot be read as a whole."""


class NoPack(Exception):
    """There is no pack in the folder, or none that this program can read; `problem` says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """A pack for those who study it, None when pack.yaml does not say what it is; and what is wrong with it.

    `texts` are those of its files by their paths, and `scenarios` the path of each scenario.
    """

    pack: Pack | None
    problems: tuple[Problem, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadPack:
    """A pack with the places of everything in its files: what a check works on.

    `broken` are the ids of questions and labs whose files are wrong, with an empty one where the folder of questions
    cannot be read; `labs` are what can be checked and not asked yet; `files` the paths of everything in the folder,
    `scenarios` of the scenarios that can be made; `exams` the blueprints by their ids; `glossary` the terms with their
    links.
    """

    pack: Pack
    manifest: Manifest
    lessons: tuple[LessonSource, ...]
    questions: tuple[QuestionSource, ...]
    broken: frozenset[str]
    files: frozenset[str]
    exams: Mapping[str, BlueprintSource]
    glossary: GlossarySource
    labs: tuple[QuestionSource, ...] = ()
    scenarios: frozenset[str] = frozenset()


def load_pack(folder: Path) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack in a folder, or None when pack.yaml does not say what it is; and everything that is wrong with it.

    A file that is wrong is left out of the pack, so a pack with errors is not whole.
    """
    opened = open_folder(folder)
    return opened.pack, opened.problems


@uncollected()
def open_folder(folder: Path, *, whole: bool = True) -> OpenedPack:
    """The pack in a folder, for those who study it: the content of a question is read when it is first asked for.

    All is read once to see whether it can be, unless `whole` is false: then what is wrong in the text of a question
    after its front matter shows only when it is asked for.
    """
    reader = Reader([])
    try:
        files, manifest = reader.begin(folder)
    except NoPack as error:
        return OpenedPack(None, (error.problem,))
    if manifest is None:
        return OpenedPack(None, _in_order(reader.problems))
    shelf = reader.shelf(files)
    questions = tuple(reader.questions_later(files, shelf, manifest, whole=whole))
    lessons = tuple(source.lesson for source in reader.lessons(files, shelf))
    reader.read_labs(files, shelf)
    exams, terms = reader.exams(files, manifest, shelf), reader.glossary(files).terms
    pack = reader.pack(folder, manifest, lessons, questions, shelf, exams, terms)
    scenarios = {name: file.path for name, file in shelf.files.items()}
    return OpenedPack(pack, _in_order(reader.problems), reader.read, scenarios)


@uncollected()
def read_pack(folder: Path) -> tuple[ReadPack | None, tuple[Problem, ...]]:
    """The pack in a folder with the places of its parts, and what is wrong with it; None where pack.yaml does not say
    what the pack is, and then what is wrong there comes before what is wrong in the other files. Raises NoPack.
    """
    reader = Reader([])
    files, manifest = reader.begin(folder)
    shelf = reader.shelf(files)
    questions = tuple(reader.questions(files, shelf, manifest))
    lessons = tuple(reader.lessons(files, shelf))
    reader.read_labs(files, shelf)
    glossary = reader.glossary(files)
    if manifest is None:
        return None, tuple(sorted(_in_order(reader.problems), key=lambda problem: problem.path != MANIFEST))
    exams = reader.exams(files, manifest, shelf)
    bank = tuple(source.question for source in questions)
    read = tuple(source.lesson for source in lessons)
    pack = reader.pack(folder, manifest, read, bank, shelf, exams, glossary.terms)
    names = frozenset(file.name for file in files)
    sources = {source.blueprint.id: source for source in exams}
    broken = frozenset(reader.broken)
    made, labs = frozenset(source.path for source in shelf.sources.values()), tuple(reader.labs)
    whole = ReadPack(pack, manifest, lessons, questions, broken, names, sources, glossary, labs, made)
    return whole, _in_order(reader.problems)


def _id_of(path: str) -> str:
    return file_id(path.rpartition("/")[2])


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file and place, each once."""
    return tuple(sorted(told_once(dict.fromkeys(problems)), key=lambda p: (p.path, p.line, p.column)))


def content_digest(*texts: str) -> str:
    """A hash of texts, whatever their line ends."""
    whole = sha256()
    for number, text in enumerate(texts):
        text = text.replace("\r\n", "\n") if "\r" in text else text
        whole.update(("\0" + text if number else text).encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


class Reader:
    """Reads the files of one pack."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.ids: dict[tuple[str, str], str] = {}
        """Kind and id to the file that has it."""
        self.broken: set[str] = set()
        self.was: dict[str, int] = {}
        """Where each file says what it was called before."""
        self.labs: list[QuestionSource] = []
        """The labs that could be read."""
        self.read: dict[str, str] = {}
        """The texts of files that are to be read again, by their paths."""

    def begin(self, folder: Path) -> tuple[tuple[PackFile, ...], Manifest | None]:
        """The files, and what pack.yaml says, None where that does not say what the pack is. Raises NoPack."""
        if not folder.is_dir():
            raise NoPack(Problem(str(folder), 0, 0, "no-pack", "there is no such folder"))
        files = list_files(folder, self.problems)
        return files, self.manifest(files)

    def manifest(self, files: tuple[PackFile, ...]) -> Manifest | None:
        """What pack.yaml says. Raises NoPack."""
        file = next((file for file in files if file.name == MANIFEST), None)
        if file is None:
            problem = next((p for p in self.problems if p.path in (MANIFEST, ".") or p.code == "too-big"), None)
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
        return read_clean(file.where, file.name, self.problems)

    def texts(self, files: tuple[PackFile, ...], top: str) -> Iterable[tuple[PackFile, str]]:
        """The files of one folder that can be read, with their texts."""
        for file in files:
            if not file.name.startswith(top):
                continue
            name = file.id
            if not ID.match(name) or len(name) > LONGEST_ID:
                message = f"the file's name gives the id {quoted(name)}"
                hint = f"small letters, digits and single hyphens, at most {LONGEST_ID}"
                self.problems.append(Problem(file.name, 0, 0, "bad-id", message, hint))
                continue
            text = self.text(file)
            if text is not None:
                former = _WAS.search(text) if "was:" in text else None
                if former is not None:
                    self.was[file.name] = text.count("\n", 0, former.start()) + 1
                yield file, text

    def unread(self, top: str) -> Iterator[tuple[str, list[Problem]]]:
        """The files of one folder in which something is wrong so far, each with that."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.path.startswith(top):
                found.setdefault(problem.path, []).append(problem)
        yield from found.items()

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
                    path = paths[part.id]
                    self.problems.append(Problem(path, self.was.get(path, 1), 1, "duplicate-id", message))
                else:
                    taken[old] = paths[part.id]

    def shelf(self, files: tuple[PackFile, ...]) -> Shelf:
        """The scenarios."""
        shelf = Shelf()
        for file, text in self.texts(files, "scenarios/"):
            self.read[file.name] = text
            shelf.add(text, file.id, file.name, self.problems)
        for path, found in self.unread("scenarios/"):
            shelf.add_unread(_id_of(path), path, found)
        shelf.build(self.problems)
        return shelf

    def questions(
        self, files: tuple[PackFile, ...], shelf: Shelf, manifest: Manifest | None
    ) -> Iterable[QuestionSource]:
        """The questions, each with a digest of its file and its scenarios."""
        pack = manifest.id if manifest is not None else ""
        texts = list(self.texts(files, "questions/"))
        beside = files_beside(lambda: texts)
        for file, text in texts:
            source = read_question(text, file.id, file.name, shelf.stage, self.problems, pack=pack, beside=beside)
            if source is None:
                own = _OWN_ID.search(text)
                self.broken.add(own[1] if own is not None else file.id)
            elif source.is_lab:
                self.lab(source)
            elif self.new("question", source.question.id, file.name):
                digest = _digest(text, source, shelf)
                yield replace(source, question=replace(source.question, digest=digest))
        self.broken.update(_id_of(path) for path, _ in self.unread("questions/"))

    def questions_later(
        self, files: tuple[PackFile, ...], shelf: Shelf, manifest: Manifest, *, whole: bool
    ) -> Iterable[Question]:
        """The questions, their content to be read later; with `whole` it is read now as well, to see what is wrong."""
        texts = list(self.texts(files, "questions/"))
        beside = files_beside(lambda: texts)
        for file, text in texts:
            later = Later(read_content, text, file.name, shelf.stage, beside)
            if whole:
                source = read_question(
                    text, file.id, file.name, shelf.stage, self.problems, pack=manifest.id, beside=beside
                )
                if source is None or source.is_lab:
                    continue
                digest = _digest(text, source, shelf)
                question = replace(source.question, content=later, digest=digest)
            else:
                front = read_front(text, file.name, shelf.stage, self.problems, beside)
                if front is None or not front.right or front.kind == LAB:
                    continue
                digest = _digest(text, front, shelf)
                question = question_of(front, file.id, file.name, later, pack=manifest.id, digest=digest)
            if self.new("question", question.id, file.name):
                self.read[file.name] = text
                yield question

    def read_labs(self, files: tuple[PackFile, ...], shelf: Shelf) -> None:
        """Read the labs that have files of their own."""
        for file, text in self.texts(files, "labs/"):
            source = read_question(text, file.id, file.name, shelf.stage, self.problems, kind=LAB)
            if source is None:
                self.broken.add(file.id)
            else:
                self.lab(source)

    def lab(self, source: QuestionSource) -> None:
        """Keep a lab, unless there is one with its id."""
        if self.new("lab", source.question.id, source.question.path):
            self.labs.append(source)

    def lessons(self, files: tuple[PackFile, ...], shelf: Shelf) -> Iterable[LessonSource]:
        """The lessons."""
        texts = list(self.texts(files, "lessons/"))
        beside = files_beside(lambda: texts)
        for file, text in texts:
            source = read_lesson(text, file.id, file.name, shelf.staged, self.problems, beside=beside)
            if source is not None and self.new("lesson", source.lesson.id, file.name):
                self.read[file.name] = text
                digest = content_digest(text, *source.fronts)
                yield replace(source, lesson=replace(source.lesson, digest=digest))

    def exams(self, files: tuple[PackFile, ...], manifest: Manifest, shelf: Shelf) -> tuple[BlueprintSource, ...]:
        """The blueprints."""
        exams = ExamFiles(manifest.objectives, shelf)
        for file, text in self.texts(files, "exams/"):
            exams.add(text, file.id, file.name)
        found = exams.read(self.problems)
        return tuple(source for source in found if self.new("exam", source.blueprint.id, source.path))

    def glossary(self, files: tuple[PackFile, ...]) -> GlossarySource:
        """The glossary; one without terms where the pack has none, or none that can be read."""
        file = next((file for file in files if file.name == GLOSSARY), None)
        text = self.text(file) if file is not None else None
        if text is None:
            return GlossarySource()
        return read_glossary(read_yaml(text, GLOSSARY, self.problems), GLOSSARY, self.problems)

    def pack(
        self,
        folder: Path,
        manifest: Manifest,
        lessons: tuple[Lesson, ...],
        questions: tuple[Question, ...],
        shelf: Shelf,
        exams: tuple[BlueprintSource, ...],
        glossary: tuple[Term, ...],
    ) -> Pack:
        """The pack of these parts, once it is seen that none has the name of another."""
        self.former("question", questions, {each.id: each.path for each in questions})
        self.former("lesson", lessons, {each.id: each.path for each in lessons})
        blueprints = tuple(source.blueprint for source in exams)
        self.former("exam", blueprints, {source.blueprint.id: source.path for source in exams})
        return Pack(
            id=manifest.id,
            title=manifest.title,
            version=manifest.version,
            language=manifest.language,
            license=manifest.license,
            authors=manifest.authors,
            objectives=manifest.objectives,
            lessons=lessons,
            questions=questions,
            known=shelf.known,
            blueprints=blueprints,
            folder=folder,
            glossary=glossary,
            description=manifest.description,
            homepage=manifest.homepage,
            was=manifest.was,
        )


def _digest(text: str, source: QuestionSource | Front, shelf: Shelf) -> str:
    """A hash of a question's file, those that it extends and its scenarios."""
    names = sorted({word.text for word in source.scenarios})
    return content_digest(text, *source.bases, *(shelf.texts[name] for name in names))


def files_beside(texts: Callable[[], Iterable[tuple[PackFile, str]]]) -> Beside[tuple[str, str]]:
    """The files of a folder, by the ids of what they hold; `texts` gives them when one is asked for."""

    def index() -> Mapping[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for file, text in texts():
            own = _OWN_ID.search(split_front_matter(text)[0] or "")
            found.setdefault(own[1] if own is not None else file.id, (file.name, text))
        return found

    return Beside(index, lambda place: place)
