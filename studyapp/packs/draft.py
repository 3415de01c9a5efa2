"""A pack while it is written: reads one file at a time with what that stands on, however wrong the others are.

Whether it is right is for the check to say. What is read here is what its author looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studyapp.cluster.scenario import Scenario
from studyapp.exams.blueprint import Blueprint
from studyapp.packs.blueprints import ExamFiles
from studyapp.packs.content import Lesson
from studyapp.packs.folder import FOLDERS, GLOSSARY, PackFile, file_id, list_files
from studyapp.packs.glossary import GlossarySource
from studyapp.packs.inheriting import Beside, told_once
from studyapp.packs.kinds.table import LAB
from studyapp.packs.lessons import read_lesson
from studyapp.packs.manifest import MANIFEST, Manifest
from studyapp.packs.pack import NoPack, Reader, files_beside
from studyapp.packs.problems import Problem
from studyapp.packs.questions import QuestionSource, read_question
from studyapp.packs.shelf import Shelf

Content = Lesson | QuestionSource | Scenario | Blueprint | Manifest | GlossarySource
"""What a file of a pack can be."""
Stamp = tuple[str, int, int]

KEPT = "It comes with the pack, and lessons may link to it. Nothing of it is shown here."
NO_OBJECTIVES = f"It needs the objectives of {MANIFEST}, which cannot be read."
NOT_WHOLE = "It stands on another file that cannot be read as it is. What is wrong there is said below."
GONE = "There is no such file any more."


@dataclass(frozen=True, slots=True)
class Page:
    """A file as it has been read: what it is, None where that cannot be told, and `told` says why as a sentence, unless
    the problems do. `others` are those of the files that it stands on, where it has none of its own and cannot be read.
    """

    name: str
    content: Content | None
    problems: tuple[Problem, ...] = ()
    told: str = ""
    others: tuple[Problem, ...] = ()


class Draft:
    """The pack in a folder. What several files stand on is read again only when it has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: tuple[PackFile, ...] = ()
        """The files in the order of the format: what the pack is, lessons, scenarios, questions, exams, the rest."""
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the names and kinds of files."""
        self._shelf: tuple[tuple[Stamp, ...], Shelf, tuple[Problem, ...]] | None = None
        self.look()

    def look(self) -> None:
        """See which files there are now."""
        found: list[Problem] = []
        self.files = tuple(sorted(list_files(self.folder, found), key=_place))
        self.problems = tuple(found)

    @property
    def manifest(self) -> Manifest | None:
        """What pack.yaml says, where that can be read."""
        return self._manifest([])

    def read(self, name: str) -> Page:
        """The file with this path inside the folder, as it is now."""
        problems = [problem for problem in self.problems if problem.path == name]
        file = next((each for each in self.files if each.name == name), None)
        if file is None:
            return Page(name, None, tuple(problems), "" if problems else GONE)
        top = _top(name)
        if name not in (MANIFEST, GLOSSARY) and not FOLDERS.get(top):
            return Page(name, None, tuple(problems), KEPT)
        if top == "exams" and self.manifest is None:
            return Page(name, None, tuple(problems), NO_OBJECTIVES)
        content = self._content(file, top, problems)
        problems = list(told_once(problems))
        own = tuple(dict.fromkeys(problem for problem in problems if problem.path == name))
        if content is not None or own:
            return Page(name, content, own)
        return Page(name, None, (), NOT_WHOLE, tuple(dict.fromkeys(self._others(file, top, problems))))

    def _others(self, file: PackFile, top: str, problems: list[Problem]) -> Iterator[Problem]:
        """What is wrong with the files that one stands on: those that it extends, and scenarios that it names."""
        shelf, _ = self._scenarios()
        text = _raw(file).decode("utf-8", "replace")

        def named(name: str) -> bool:
            return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text) is not None

        for name in sorted(shelf.broken):
            layer = shelf.files[name]
            if layer.path == file.name or named(name):
                yield from layer.problems
        if top != "scenarios":
            others = [problem for problem in problems if problem.path != file.name]
            yield from [each for each in others if named(file_id(each.path.rpartition("/")[2]))] or others

    def question(self, question: str) -> QuestionSource | None:
        """The question with this id; None where there is none that can be read."""
        files = [file for file in self.files if file.name.startswith("questions/")]
        # Nearly always a question has the id that its file's name gives; only else are the others looked through.
        for file in sorted(files, key=lambda each: each.id != question):
            if file.id == question or question.encode() in _raw(file):
                content = self._content(file, "questions", [])
                if isinstance(content, QuestionSource) and content.question.id == question:
                    return content
        return None

    # -- each kind of file ---------------------------------------------------------------------------------------------

    def _content(self, file: PackFile, top: str, problems: list[Problem]) -> Content | None:
        if file.name == MANIFEST:
            return self._manifest(problems)
        if file.name == GLOSSARY:
            return Reader(problems).glossary((file,))
        shelf, found = self._scenarios()
        if top == "scenarios":
            problems += found
            name = next((name for name, each in shelf.files.items() if each.path == file.name), "")
            return shelf.scenarios.get(name)
        for _, text in Reader(problems).texts((file,), f"{top}/"):
            beside = self._beside(f"{top}/", problems)
            if top == "lessons":
                lesson = read_lesson(text, file.id, file.name, shelf.staged, problems, beside=beside)
                return lesson.lesson if lesson is not None else None
            if top == "labs":
                read_question(text, file.id, file.name, shelf.stage, problems, kind=LAB)
                return None
            if top == "questions":
                source = read_question(text, file.id, file.name, shelf.stage, problems, beside=beside)
                return source if source is None or not source.is_lab else None
            return self._exam(file, shelf, problems)
        return None

    def _exam(self, file: PackFile, shelf: Shelf, problems: list[Problem]) -> Blueprint | None:
        """An exam, which may stand on another."""
        manifest = self.manifest
        exams = ExamFiles(manifest.objectives if manifest is not None else (), shelf)
        for each, text in Reader([]).texts(self.files, "exams/"):
            exams.add(text, each.id, each.name)
        return next((source.blueprint for source in exams.read(problems, file.name)), None)

    def _beside(self, top: str, problems: list[Problem]) -> Beside[tuple[str, str]]:
        """The files of a folder, for one that extends another; what keeps one of them from being read is a problem."""
        return files_beside(lambda: Reader(problems).texts(self.files, top))

    def _manifest(self, problems: list[Problem]) -> Manifest | None:
        try:
            return Reader(problems).manifest(self.files)
        except NoPack as error:
            problems.append(error.problem)
            return None

    def _scenarios(self) -> tuple[Shelf, tuple[Problem, ...]]:
        """All scenarios, for each may stand on another."""
        files = tuple(file for file in self.files if file.name.startswith("scenarios/"))
        stamps = tuple(map(_stamp, files))
        if self._shelf is None or self._shelf[0] != stamps:
            found: list[Problem] = []
            shelf = Reader(found).shelf(files)
            self._shelf = stamps, shelf, tuple(found)
        return self._shelf[1], self._shelf[2]


def _top(name: str) -> str:
    """The folder at the top of the pack that a file is in; empty for one that is in none."""
    return name.partition("/")[0] if "/" in name else ""


def _place(file: PackFile) -> tuple[int, str]:
    """Where a file stands among the others."""
    tops = ["", *FOLDERS]
    top = _top(file.name)
    first = file.name != MANIFEST if not top else 1 + (tops.index(top) if top in tops else len(tops))
    return int(first), file.name


def _stamp(file: PackFile) -> Stamp:
    """What tells that a file has changed."""
    try:
        status = file.path.stat()
    except OSError:
        return file.name, 0, 0
    return file.name, status.st_mtime_ns, status.st_size


def _raw(file: PackFile) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError:
        return b""
