"""What a pack is made of, for those who study it. Nothing here reads anything, so that a pack that is remembered can be
opened without the readers; what is long is read when it is first asked for.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from studyapp.questions.ids import part_called

if TYPE_CHECKING:
    from studyapp.cluster.scenario import Scenario
    from studyapp.exams.blueprint import Blueprint
    from studyapp.packs.lesson_parts import LessonClaims, LessonContent, Section
    from studyapp.packs.terms import Term
    from studyapp.questions.question import Question


T = TypeVar("T")


class Later(Generic[T]):
    """Something that is made when it is first asked for, and once: by calling `make` with what is given."""

    __slots__ = ("_given", "_made", "_make")

    def __init__(self, make: Callable[..., T], *given: object) -> None:
        self._make = make
        self._given = given
        self._made: T | None = None

    def __call__(self) -> T:
        if self._made is None:
            self._made = self._make(*self._given)
        return self._made


@contextmanager
def uncollected() -> Iterator[None]:
    """Reading makes much and throws nothing away: to look for garbage meanwhile costs a third of the time, and to look
    through all that is new once it is made a tenth. So it counts as old at once.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Objective:
    """A part of what the pack teaches. `weight` is its share of an exam in hundredths, None below the top;
    `parent` is the id of the objective that it is part of.
    """

    id: str
    title: str
    weight: float | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. `minutes` is the author's guess of the time it takes, None without one; `was` are ids that it had;
    `headings` are the titles of its sections. `content` gives these, and may read them only then.
    """

    id: str
    title: str
    objectives: tuple[str, ...]
    minutes: int | None
    sources: tuple[str, ...]
    headings: tuple[str, ...]
    content: Callable[[], LessonContent]
    digest: str
    path: str
    was: tuple[str, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """What there is to read."""
        return self.content().sections

    @property
    def claims(self) -> tuple[LessonClaims, ...]:
        """What keeps the prose true."""
        return self.content().claims


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's content: what could be read of it. Lessons, questions and blueprints are in the order of their files,
    the terms of the glossary in that of the alphabet.
    """

    id: str
    title: str
    version: str
    language: str
    license: str
    authors: tuple[str, ...]
    objectives: tuple[Objective, ...]
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]
    known: Callable[[], Mapping[str, Scenario]]
    blueprints: tuple[Blueprint, ...]
    folder: Path
    glossary: tuple[Term, ...] = ()
    description: str = ""
    homepage: str = ""
    was: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[tuple[str, int], ...]:
        """The tags of its questions, each with how many have it, whatever its case; the most used first."""
        counts = Counter(tag.casefold() for question in self.questions for tag in question.tags)
        spelled = {tag.casefold(): tag for question in reversed(self.questions) for tag in question.tags}
        return tuple(
            (spelled[tag], number) for tag, number in sorted(counts.items(), key=lambda each: (-each[1], each))
        )

    def tagged(self, tag: str) -> tuple[Question, ...]:
        """The questions that have a tag, whatever its case."""
        wanted = tag.strip().casefold()
        return tuple(each for each in self.questions if wanted in (own.casefold() for own in each.tags))

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The scenarios by name, not to be changed."""
        return self.known()

    def objective_title(self, objective: str) -> str:
        """The title of an objective; its id where there is no such objective."""
        return next((each.title for each in self.objectives if each.id == objective), objective)

    def question(self, question: str) -> Question:
        """The question that has an id, or had it. Raises KeyError."""
        return part_called(self.questions, question)

    def lesson(self, lesson: str) -> Lesson:
        """The lesson that has an id, or had it. Raises KeyError."""
        return part_called(self.lessons, lesson)

    def blueprint(self, blueprint: str) -> Blueprint:
        """The blueprint that has an id, or had it. Raises KeyError."""
        return part_called(self.blueprints, blueprint)
