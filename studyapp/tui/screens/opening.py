"""From what is wanted to the screen that shows it. Imported when the pack is: it brings every other screen."""

from __future__ import annotations

from studyapp.conduct.exam import ExamConductor
from studyapp.conduct.trouble import ConductError
from studyapp.packs.pack import Pack
from studyapp.store.errors import StoreError
from studyapp.tui.desk import Desk
from studyapp.tui.screens.base import StudyScreen
from studyapp.tui.screens.bench import BenchList, BenchScreen
from studyapp.tui.screens.exam import ExamRules
from studyapp.tui.screens.lesson import LessonScreen
from studyapp.tui.screens.practice import PracticeScreen
from studyapp.tui.screens.result import ResultScreen
from studyapp.tui.screens.search import SearchScreen
from studyapp.tui.screens.sitting import SittingScreen
from studyapp.tui.screens.statistics import StatisticsScreen


def screen_for(desk: Desk, pack: Pack, what: str, which: str) -> StudyScreen | str:
    """The screen for a `lesson`, `practice`, a `placement`, a `question`, an `exam`, `bench` or `search`, or why not.

    `which` is the id of a lesson (with `#` and the number of a section, from 0), of a question, an exam or a scenario;
    how many questions to practise (with `:` and the tag that they are to have); or the lesson in which to search first.
    """
    if what == "practice":
        size, _, tag = which.partition(":")
        return PracticeScreen(desk, pack, int(size) if size else None, tag=tag)
    if what == "search":
        return SearchScreen(desk, pack, which)
    if what == "statistics":
        return StatisticsScreen(desk, pack)
    if what == "placement":
        return PracticeScreen(desk, pack, placing=True)
    if what == "question":
        return PracticeScreen(desk, pack, question=which)
    if what == "bench":
        return _bench(desk, pack, which)
    if what == "exam":
        return _exam(desk, pack, which)
    name, _, section = which.partition("#")
    lesson = next((each for each in pack.lessons if each.id == name), None)
    if lesson is None:
        return "This pack has no such lesson." if pack.lessons else "This pack has no lessons: practise instead."
    return LessonScreen(desk, pack, lesson, int(section) if section else None)


def _bench(desk: Desk, pack: Pack, which: str) -> StudyScreen | str:
    """The scenario that was brought along, or that of the pack; without either the list of them."""
    if not which:
        if desk.scenario is not None:
            return BenchScreen(desk.scenario)
        return BenchList(pack) if pack.scenarios else "This pack has no scenarios to play with."
    scenario = pack.scenarios.get(which)
    return BenchScreen(scenario) if scenario is not None else "This pack has no such scenario."


def _exam(desk: Desk, pack: Pack, which: str) -> StudyScreen | str:
    """The open exam, wherever it stands; else the rules of the one that is wanted."""
    try:
        conductor = ExamConductor.resume(desk.services, pack, desk.now())
    except (ConductError, StoreError) as error:
        return str(error)
    if conductor is not None:
        return SittingScreen(desk, pack, conductor) if conductor.running else ResultScreen(desk, pack, conductor)
    blueprint = next((each for each in pack.blueprints if which in (each.id, "")), None)
    if blueprint is None:
        return "This pack has no exam: practise instead." if not pack.blueprints else "This pack has no such exam."
    return ExamRules(desk, pack, blueprint)
