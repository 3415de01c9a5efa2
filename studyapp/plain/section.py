"""A section of an exam in lines: what holds in it before it begins, its cluster, and leaving it for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from studyapp.cluster.bench import Bench
from studyapp.cluster.scenario import Scenario
from studyapp.exams.form import FormSection
from studyapp.exams.sections import before
from studyapp.plain.diagram import standing
from studyapp.plain.talk import Talk, Word

BEGIN = Word("enter alone", "begin the section")


def begins(
    talk: Talk, section: FormSection, case: Scenario | None, until: Callable[[], bool], *, first: bool = False
) -> bool:
    """Say what holds in a section, and ask whether to begin it; where it comes `first` there is nowhere to stay.

    Raises Leave and TimeIsUp.
    """
    talk.gap()
    talk.say(f"Section: {section.title}")
    talk.items(before(section))
    if case is not None:
        tell_case(talk, case)
    talk.gap()
    if first:
        talk.ask("Enter to begin the section", (BEGIN,), until=until)
        return True
    words = (BEGIN, Word("back", "stay where you are"))
    return talk.ask("Enter to begin the section, or back", words, until=until).lower() not in ("back", "b")


def agrees(talk: Talk, question: str, why: Iterable[str], until: Callable[[], bool]) -> bool:
    """Ask before something is closed for good. Raises Leave and TimeIsUp."""
    talk.gap()
    talk.say(question)
    talk.items(why)
    words = (Word("yes", "go on; there is no way back"), Word("enter alone", "stay at this question"))
    return talk.ask("Type yes to go on, or enter to stay", words, until=until).lower() in ("yes", "y")


def tell_case(talk: Talk, case: Scenario) -> None:
    """Say the cluster that a section is about."""
    talk.gap()
    talk.say(f"The cluster of this section, before anything happens: {case.title}")
    talk.items(standing(Bench.of(case)))
