"""What an exam is made of: how many questions, from which objectives, in how much time, and what passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SCALE_BOTTOM = 1
SCALE_TOP = 1000
MODES = ("exam", "practice")


class Objective(Protocol):
    """What this room asks of an objective: its id, and the id of the one it is part of."""

    @property
    def id(self) -> str: ...

    @property
    def parent(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an exam whose questions stay together: a case study where it has a `scenario`, which all of its
    questions are about. There is no way back in one that is `locked`.
    """

    title: str
    questions: int
    scenario: str | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The plan of an exam.

    `minutes` is the time without extra time; `questions` counts those of `sections` too, which come last; `pass_mark`
    is a scaled score; `pass_share` the share of the points that earns exactly that score; `draw` pairs an objective
    with its share of the questions outside sections in hundredths; `mode` is one of `MODES`; `was` are ids that it had
    before.
    """

    id: str
    title: str
    minutes: int
    questions: int
    pass_mark: int
    pass_share: float
    draw: tuple[tuple[str, float], ...]
    mode: str = "exam"
    was: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def outside(self) -> int:
        """How many questions are in no section."""
        return self.questions - sum(section.questions for section in self.sections)


def ancestry(objective: str, objectives: Sequence[Objective]) -> tuple[str, ...]:
    """An objective and those it is part of, the nearest first; an unknown one is only itself."""
    parents = {each.id: each.parent for each in objectives}
    found = [objective]
    while (parent := parents.get(found[-1])) is not None and parent not in found:
        found.append(parent)
    return tuple(found)


def flaws(blueprint: Blueprint, objectives: Sequence[Objective]) -> tuple[str, ...]:
    """What keeps a blueprint from being an exam, each as a sentence for its author; empty when nothing does.

    Whether the bank has questions enough is told by drawing a form.
    """
    found = []
    if blueprint.minutes < 1:
        found.append(f"minutes is {blueprint.minutes}: an exam takes at least one minute.")
    if blueprint.questions < 1:
        found.append(f"questions is {blueprint.questions}: an exam asks at least one.")
    if not SCALE_BOTTOM < blueprint.pass_mark < SCALE_TOP:
        found.append(f"pass is {blueprint.pass_mark}: it lies between {SCALE_BOTTOM} and {SCALE_TOP}.")
    if not 0 < blueprint.pass_share < 1:
        found.append(f"pass_share is {blueprint.pass_share}: it lies between 0 and 1.")
    if blueprint.mode not in MODES:
        found.append(f"mode is {blueprint.mode}: it is one of {', '.join(MODES)}.")
    known = {each.id for each in objectives}
    drawn = [objective for objective, _ in blueprint.draw]
    found.extend(f"draw names {name}, which is no objective of the pack." for name in drawn if name not in known)
    found.extend(f"draw names {name} twice." for name in sorted({name for name in drawn if drawn.count(name) > 1}))
    found.extend(f"the share of {name} is {share}: it is more than 0." for name, share in blueprint.draw if share <= 0)
    total = sum(share for _, share in blueprint.draw)
    if abs(total - 100) > 1e-9:
        found.append(f"the shares of draw sum to {total:g}: they have to sum to 100.")
    return tuple(found)


def section_flaws(blueprint: Blueprint) -> tuple[str, ...]:
    """What is wrong with the sections, told as `flaws` tells the rest."""
    small = (each for each in blueprint.sections if each.questions < 1)
    found = [f"the section {each.title} has {each.questions} questions: it asks at least one." for each in small]
    if blueprint.outside < 0:
        inside = blueprint.questions - blueprint.outside
        found.append(f"the sections have {inside} questions together: the exam has {blueprint.questions}.")
    return tuple(found)
