"""What is done with a whole pack in a process apart. Each job takes and gives plain values, and raises nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.apart import Line
from studyapp.packs.archives.archive import read_source
from studyapp.packs.archives.installing import Plan, install
from studyapp.packs.archives.refusals import Refused
from studyapp.packs.archives.telling import about_lines, installed_lines
from studyapp.packs.check import CheckReport, ProcessLost, check_pack
from studyapp.packs.pack import load_pack
from studyapp.packs.problems import Problem
from studyapp.packs.proving import Progress, now_and_then
from studyapp.questions.variants import TooManyVariants, count_variants

__all__ = ["Asked", "Done", "Holds", "check", "count", "put"]


@dataclass(frozen=True, slots=True)
class Holds:
    """How much a pack holds. `families` are its questions, `variants` all that can be made of them."""

    lessons: int
    families: int
    variants: int
    exams: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be asked before a pack is installed: which one, what it says of itself, line by line, and the reasons
    to ask, each a clause.
    """

    pack: str
    version: str
    about: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of installing a pack: what there is to say, line by line; or why it was `refused`, in one line, with
    what a check has found.
    """

    pack: str = ""
    told: tuple[str, ...] = ()
    refused: str = ""
    problems: tuple[Problem, ...] = ()


def check(line: Line, folder: Path, cache: Path, processes: int) -> CheckReport | str:
    """Check a pack; why not, as a clause, where a process was lost. Tells how far it is."""
    try:
        return check_pack(folder, jobs=processes, cache=cache, progress=_told_on(line))
    except ProcessLost as error:
        return str(error)


def count(line: Line, folders: tuple[Path, ...]) -> None:
    """Tells what each pack holds, as a pair of its folder and that."""
    for folder in folders:
        line.say((folder, _holds(folder)))


def _holds(folder: Path) -> Holds | None:
    """What a pack holds; None where it cannot be told."""
    pack, _ = load_pack(folder)
    if pack is None:
        return None
    variants = 0
    for question in pack.questions:
        try:
            variants += count_variants(question)
        except TooManyVariants:
            return None
    return Holds(len(pack.lessons), len(pack.questions), variants, len(pack.blueprints))


def put(line: Line, path: Path, home: Path, shipped: Path) -> Done:
    """Install a pack, in the place of another version where there is one. Asks what is to be asked first."""

    def confirm(plan: Plan) -> bool:
        return bool(line.ask(Asked(plan.pack.id, plan.pack.version, about_lines(plan.pack), plan.doubts)))

    try:
        plan = install(read_source(path), home, shipped, confirm, progress=_told_on(line))
    except Refused as error:
        return Done(refused=str(error), problems=error.problems)
    return Done(plan.pack.id, tuple(installed_lines(plan)))


def _told_on(line: Line) -> Progress:
    """Tells of progress every now and then."""
    return now_and_then(lambda *so_far: line.say(so_far))
