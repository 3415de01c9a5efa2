"""Small questions and plans for tests: options that are simply true or false, and as many variants as are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from studyapp.cluster.kinds import Value
from studyapp.exams.blueprint import Blueprint, Section
from studyapp.exams.form import Form, FormItem, FormSection
from studyapp.exams.sitting import Sitting, begin
from studyapp.questions.parts import Option, OptionsPart
from studyapp.questions.question import Content, Question

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Topic:
    """An objective as the exam room sees it."""

    id: str
    parent: str | None = None


TOPICS = (
    Topic("nlb"),
    Topic("nlb/sharing", "nlb"),
    Topic("nlb/failure", "nlb"),
    Topic("quorum"),
    Topic("quorum/votes", "quorum"),
)
LEAVES = ("nlb/sharing", "nlb/failure", "quorum/votes")


def family(
    name: str, objective: str, variants: int = 1, holds: Iterable[bool] = (True, False), on: tuple[str, ...] = ()
) -> Question:
    """A family with this many variants, on each of these scenarios if any, whose options hold or not as given."""
    options = tuple(
        Option(f"option {i} of {{n}}", f"because {i}", None, truth, i + 1, 1) for i, truth in enumerate(holds)
    )
    vary: tuple[tuple[str, tuple[Value, ...]], ...] = (("n", tuple(range(variants))),)
    if len(on) > 1:
        vary = (("scenario", on), *vary)
    answer = OptionsPart(options)
    content = Content("prompt {n}", answer, "why {n}", vary=vary)
    return Question(name, "p", "choice", objective, lambda: content, digest=f"d-{name}", scenarios=on)


def plan(questions: int, *draw: tuple[str, float], minutes: int = 20, sections: tuple[Section, ...] = ()) -> Blueprint:
    """A blueprint that passes at 700 with 70 % of the points."""
    return Blueprint("first", "First", minutes, questions, 700, 0.7, draw or (("nlb", 100),), sections=sections)


def sitting(items: int = 3, minutes: int = 20, extra: float = 1.0, sections: tuple[FormSection, ...] = ()) -> Sitting:
    """A sitting over this many questions that began at noon."""
    drawn = tuple(FormItem(f"q{i}", i, "nlb") for i in range(items))
    return begin("s1", "p", Form("first", 1, drawn, 700, 0.7, sections), minutes, NOON, extra=extra)
