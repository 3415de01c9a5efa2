"""What a lesson is made of: sections of prose, with diagrams, comparisons and checkpoints between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only for their types: a pack that is remembered is opened without the readers.
    from studyapp.cluster.scenario import Scenario
    from studyapp.packs.claims import ClaimSource
    from studyapp.packs.prose import Block


@dataclass(frozen=True, slots=True)
class Prose:
    """Text to read."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DiagramPart:
    """A scenario to look at and to break, with the timeline to start with."""

    scenario: Scenario


@dataclass(frozen=True, slots=True)
class ComparePart:
    """Two scenarios side by side, each with the same timeline."""

    left: Scenario
    right: Scenario


@dataclass(frozen=True, slots=True)
class CheckpointPart:
    """A question answered in place."""

    question_id: str


@dataclass(frozen=True, slots=True)
class WorkedPart(CheckpointPart):
    """A question that is first shown worked out, and answered in place with more and more of its steps left out."""


LessonPart = Prose | DiagramPart | ComparePart | CheckpointPart


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; what stands before the first has the lesson's title."""

    title: str
    parts: tuple[LessonPart, ...]


@dataclass(frozen=True, slots=True)
class LessonClaims:
    """Claims that hold in a scenario with the block's timeline: what keeps the prose true."""

    scenario: Scenario
    claims: tuple[ClaimSource, ...]
    line: int


@dataclass(frozen=True, slots=True)
class LessonContent:
    """What a lesson is made of: what is read, and what is proved and never shown."""

    sections: tuple[Section, ...]
    claims: tuple[LessonClaims, ...] = ()
