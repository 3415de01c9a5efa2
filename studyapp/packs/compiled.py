"""A pack that has been opened is remembered in the user's cache folder, so that it opens again without being read.

What is kept is what it takes to choose what to study, and the texts of the files; the rest is read from these when it
is first asked for, as ever. A pack is known by the names, sizes, times and numbers of all its files, as Git knows what
has changed: to read 10,000 files would take longer than all else. A file that changed less than two seconds before the
pack was remembered might change again within the same tick of its clock: then the pack is read anew.
"""

from __future__ import annotations

import json
import os
import stat
from array import array
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.exams.blueprint import Blueprint, Section
from studyapp.packs.cache import file_name, forget, read_cached, write_cached
from studyapp.packs.content import Later, Lesson, Objective, Pack, uncollected
from studyapp.packs.terms import Term
from studyapp.questions.question import Question, Unreadable

if TYPE_CHECKING:
    from studyapp.cluster.scenario import Scenario
    from studyapp.packs.inheriting import Beside
    from studyapp.packs.lesson_parts import LessonContent
    from studyapp.packs.pack import OpenedPack
    from studyapp.packs.shelf import Shelf
    from studyapp.questions.question import Content

TICK_NS = 2_000_000_000
"""Nanoseconds of the coarsest clock that a file system keeps."""
MOST_ENTRIES = 50_000
"""Files and folders beyond which a pack is not remembered."""

_63_BITS = 2**63 - 1
_PACK = ("id", "title", "version", "language", "license", "description", "homepage")
_LESSON = ("id", "title", "objectives", "minutes", "sources", "headings", "digest", "path", "was")
_QUESTION = ("id", "kind", "objective", "difficulty", "was", "digest", "path", "tags", "scenarios")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a folder looks like from outside: a hash of its place and of what its files are called, how long they are
    and when they were changed; and the last of these times, in nanoseconds.
    """

    hash: str
    newest_ns: int


def stamp(folder: Path) -> Stamp | None:
    """The stamp of a folder; None where it cannot be looked through, or holds too much."""
    whole = sha256(str(folder.resolve()).encode("utf-8", "surrogatepass"))
    newest, left = 0, MOST_ENTRIES
    waiting = [os.fspath(folder)]
    try:
        while waiting:
            place = waiting.pop()
            with os.scandir(place) as found:
                entries = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda e: e.name)
            left -= len(entries)
            if left < 0:
                return None
            names, numbers = [place], array("q")
            for entry in entries:
                has = entry.stat(follow_symlinks=False)
                names.append(entry.name)
                if stat.S_ISDIR(has.st_mode):
                    waiting.append(entry.path)
                    numbers.append(has.st_mode)
                else:
                    changed, moved = has.st_mtime_ns, has.st_ctime_ns
                    newest = max(newest, changed, moved)
                    numbers.extend((has.st_mode, has.st_size, has.st_ino & _63_BITS, changed, moved))
            whole.update("\0".join(names).encode("utf-8", "surrogatepass") + b"\0\0" + numbers.tobytes())
    except (OSError, OverflowError):
        return None
    return Stamp(whole.hexdigest(), newest)


class Compiled:
    """What is remembered of one pack. `cache` is where the user's cache is, `of` the name under which it is opened."""

    def __init__(self, cache: Path, of: str) -> None:
        self.path = cache / "packs" / file_name(of)

    @uncollected()
    def open(self, folder: Path) -> Pack | None:
        """The pack in a folder, if it is just what was remembered; None on any doubt."""
        try:
            written_ns = self.path.stat().st_mtime_ns
        except OSError:
            return None
        now, raw = stamp(folder), read_cached(self.path)
        if now is None or raw is None or now.newest_ns + TICK_NS > written_ns:
            return None
        try:
            begin = raw.index(b"\n") + 1
            told = json.loads(raw[:begin])
            return _pack(told, _Texts(raw, begin, told), folder) if told["stamp"] == now.hash else None
        except (ValueError, TypeError, LookupError, RecursionError):
            forget(self.path)
            return None

    def keep(self, before: Stamp | None, opened: OpenedPack) -> None:
        """Remember a pack in which nothing is wrong; `before` is the stamp that its folder had before it was read."""
        if before is None or opened.pack is None:
            return
        places: dict[str, tuple[int, int]] = {}
        texts: list[bytes] = []
        end = 0
        for path, text in opened.texts.items():
            texts.append(text.encode())
            places[path] = end, (end := end + len(texts[-1]))
        pack = opened.pack
        told = {
            "stamp": before.hash,
            "pack": [getattr(pack, name) for name in _PACK],
            "authors": pack.authors,
            "was": pack.was,
            "objectives": [[each.id, each.title, each.weight, each.parent] for each in pack.objectives],
            "blueprints": [asdict(each) for each in pack.blueprints],
            "glossary": [[each.name, each.text, each.also] for each in pack.glossary],
            "lessons": [[*(getattr(each, name) for name in _LESSON), *places[each.path]] for each in pack.lessons],
            "questions": [
                [*(getattr(each, name) for name in _QUESTION), *places[each.path]] for each in pack.questions
            ],
            "scenarios": {name: [path, *places[path]] for name, path in opened.scenarios.items()},
        }
        head = json.dumps(told, separators=(",", ":")).encode()
        write_cached(self.path, b"\n".join((head, b"".join(texts))))


class _Texts:
    """The texts of a pack's files, and what is read from them. The readers are imported when something is."""

    def __init__(self, whole: bytes, begin: int, told: Mapping[str, Any]) -> None:
        self._whole = whole
        self._begin = begin
        self._told = told

    def text(self, start: int, end: int) -> str:
        """The text from one byte to another."""
        return self._whole[self._begin + start : self._begin + end].decode()

    @cached_property
    def shelf(self) -> Shelf:
        """The scenarios, each to be made when it is asked for."""
        from studyapp.packs.shelf import Shelf

        shelf = Shelf()
        for name, (path, start, end) in self._told["scenarios"].items():
            shelf.lay(self.text(start, end), name, path)
        return shelf

    def beside(self, kind: str) -> Beside[tuple[str, int, int]]:
        """The files of the questions or lessons, by their ids."""
        from studyapp.packs.inheriting import Beside

        at = (_QUESTION if kind == "questions" else _LESSON).index("path")
        return Beside(
            lambda: {row[0]: (row[at], *row[-2:]) for row in self._told[kind]},
            lambda place: (place[0], self.text(*place[1:])),
        )

    def scenarios(self) -> Mapping[str, Scenario]:
        """All scenarios by name."""
        return self.shelf.known()

    def question(self, path: str, start: int, end: int) -> Content:
        """The content of a question. Raises Unreadable."""
        from studyapp.packs.questions import read_content

        return read_content(self.text(start, end), path, self.shelf.stage, self.beside("questions"))

    def lesson(self, path: str, start: int, end: int) -> LessonContent:
        """The content of a lesson. Raises Unreadable."""
        from studyapp.packs.lessons import read_lesson

        beside = self.beside("lessons")
        source = read_lesson(self.text(start, end), "", path, self.shelf.staged, [], beside=beside)
        if source is None:
            raise Unreadable(f"{path} cannot be read")
        return source.lesson.content()


def _pack(told: Mapping[str, Any], texts: _Texts, folder: Path) -> Pack:
    """The pack that was remembered. Raises ValueError, TypeError and LookupError for what was never written so."""
    fields = dict(zip(_PACK, told["pack"], strict=True))
    return Pack(
        **fields,
        authors=tuple(told["authors"]),
        objectives=tuple(Objective(*row) for row in told["objectives"]),
        lessons=tuple(_lesson(row, texts.lesson) for row in told["lessons"]),
        questions=tuple(_question(row, fields["id"], texts.question) for row in told["questions"]),
        known=texts.scenarios,
        blueprints=tuple(_blueprint(row) for row in told["blueprints"]),
        folder=folder,
        glossary=tuple(Term(name, text, tuple(also)) for name, text, also in told["glossary"]),
        was=tuple(told["was"]),
    )


def _question(row: list[Any], pack: str, read: Callable[..., Content]) -> Question:
    name, kind, objective, difficulty, was, digest, path, tags, scenarios, start, end = row
    content, words = Later(read, path, start, end), (tuple(tags), tuple(scenarios))
    return Question(name, pack, kind, objective, content, difficulty, tuple(was), digest, path, *words)


def _lesson(row: list[Any], read: Callable[..., LessonContent]) -> Lesson:
    name, title, objectives, minutes, sources, headings, digest, path, was, start, end = row
    content = Later(read, path, start, end)
    parts = tuple(objectives), minutes, tuple(sources), tuple(headings)
    return Lesson(name, title, *parts, content, digest, path, tuple(was))


def _blueprint(row: Mapping[str, Any]) -> Blueprint:
    draw = tuple((objective, share) for objective, share in row["draw"])
    sections = tuple(Section(**section) for section in row["sections"])
    return Blueprint(**{**row, "draw": draw, "was": tuple(row["was"]), "sections": sections})
