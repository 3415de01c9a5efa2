"""What there is to say of the sections of an exam: before one begins, when it is left, and how far it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studyapp.exams.blueprint import Blueprint
from studyapp.exams.form import FormSection
from studyapp.exams.sitting import Sitting

OUTSIDE = "Outside sections"
"""What the questions before the first section are called, where there are sections."""
NO_WAY_BACK = "There is no way back in this section."
"""What is said first of one that is locked."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Questions that are listed together: of a section, or those outside them; and what is to be said of them."""

    title: str
    items: range
    state: str


def plan_of(blueprint: Blueprint) -> Iterator[tuple[str, str]]:
    """The sections of an exam that has not begun: the title of each, and what it is."""
    if blueprint.sections and blueprint.outside:
        yield OUTSIDE, _questions(blueprint.outside)
    for section in blueprint.sections:
        what = _questions(section.questions)
        what += " about one cluster" if section.scenario is not None else ""
        yield section.title, f"{what}, locked" if section.locked else what


def stretches(sitting: Sitting) -> Iterator[Stretch]:
    """The questions of an exam as they belong together."""
    sections = sitting.form.sections
    first = sections[0].first if sections else len(sitting.form.items)
    if first:
        yield _stretch(sitting, OUTSIDE, range(first), locked=False)
    for section in sections:
        yield _stretch(sitting, section.title, section.items, locked=section.locked)


def _stretch(sitting: Sitting, title: str, items: range, *, locked: bool) -> Stretch:
    answered = sum(item in sitting.answers for item in items)
    closed = all(item in sitting.closed for item in items)
    told = f"{answered} of {len(items)} answered"
    return Stretch(title, items, f"{told}, {'closed' if closed else 'locked'}" if locked else told)


def before(section: FormSection) -> Iterator[str]:
    """What is said before the first question of a section, in sentences."""
    first, last = section.first + 1, section.end
    if first == last:
        yield f"It is question {first} alone."
    else:
        yield f"Questions {first} {'and' if last == first + 1 else 'to'} {last} stay together."
    if section.scenario is not None:
        yield "All of it is about one cluster, which you can look at with each question."
    if not section.locked:
        yield "You can leave it and come back until you hand in."
        return
    yield NO_WAY_BACK
    yield "Once you go on from a question that you have answered, you cannot come back to it."
    yield "A question that you pass without an answer stays open until you leave the section."
    yield "Once you leave the section, all of it is closed, answered or not."


def asked_before(sitting: Sitting, item: int) -> tuple[str, tuple[str, ...]] | None:
    """What is asked before somebody goes to a question, where that closes a locked section or one of its questions that
    is to be looked at again: the question, and why it is asked, in sentences. None where nothing is to be asked.
    """
    section = sitting.closed_by(item)
    if section is not None:
        return f"Leave the section {section.title}?", tuple(_leaving(sitting, section))
    here, number = sitting.form.section(sitting.position), sitting.position
    if here is not None and here.locked and number in sitting.answers and number in sitting.flags and item != number:
        return f"Go on from question {number + 1}?", ("It is flagged, and you will not be able to look at it again.",)
    return None


def _leaving(sitting: Sitting, section: FormSection) -> Iterator[str]:
    missing = [item for item in section.items if item not in sitting.answers]
    flagged = [item for item in section.items if item in sitting.flags]
    if missing:
        yield f"{_numbered(missing)} not answered and will count as wrong."
    else:
        yield "All its questions are answered."
    if flagged:
        yield f"{_numbered(flagged)} flagged, and you will not be able to look again."
    yield "You cannot come back to it."


def _questions(number: int) -> str:
    return f"{number} question{'s' if number != 1 else ''}"


def _numbered(items: Sequence[int]) -> str:
    """Questions by the numbers that people know them by, and the verb that follows them."""
    *others, last = (str(item + 1) for item in items)
    return f"Questions {', '.join(others)} and {last} are" if others else f"Question {last} is"
