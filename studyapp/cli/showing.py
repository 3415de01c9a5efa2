"""`studyapp pack show`: what a pack holds, and one thing of it as a learner sees it, with what stands behind it."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.packs.author_view import AuthorView
    from studyapp.packs.pack import ReadPack
    from studyapp.packs.problems import Problem
    from studyapp.packs.questions import QuestionSource
    from studyapp.plain.talk import Talk

KINDS = ("lessons", "scenarios", "questions", "exams", "objectives")
"""What a pack holds, called as its folders are."""
MOST = 2**63 - 1
LARGEST_REPORT = 100_000
"""Bytes of a report that are read."""
PROBLEMS_TOLD = 3

Find = Callable[[str], Path | None]


class NotShown(Exception):
    """What was asked for cannot be shown: the message says why. `code` is how the command ends."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Held:
    """A thing that a pack holds: which of `KINDS` it is, and its id."""

    kind: str
    id: str


def add_commands(commands: argparse._SubParsersAction[Any], find: Find) -> None:
    """Add `show` to the sub-commands of `pack`; `find` gives the folder of a pack that is named by folder or id."""
    show = commands.add_parser(
        "show",
        help="show what a pack holds, and what stands behind a question",
        description="List what a pack holds, or show one thing of it as a learner sees it. Ends with 0 when it is "
        "shown, 1 when something is wrong with it, 2 when there is no such thing.",
    )
    show.add_argument(
        "pack",
        nargs="?",
        metavar="FOLDER|ID",
        help="the pack's folder or id; left out, the pack in this folder, else the first pack; or a learner's report",
    )
    show.add_argument("thing", nargs="?", metavar="THING", help="an id, such as next-owner or scenarios/next-owner")
    which = show.add_mutually_exclusive_group()
    which.add_argument("--variant", type=_number(1), metavar="N", help="this variant of a question, from 1")
    which.add_argument("--seed", type=_number(0), metavar="N", help="the variant of a question that a seed stands for")
    show.add_argument(
        "--claims", action="store_true", help="with each claim as a sentence, its value, and what decides it"
    )
    show.add_argument("--format", choices=("text", "json"), default="text", help="how to print")
    show.set_defaults(run=run, find=find, answered=None)


def _number(least: int) -> Callable[[str], int]:
    def read(word: str) -> int:
        if not word.isascii() or not word.isdecimal() or not least <= int(word[:20]) <= MOST:
            raise argparse.ArgumentTypeError(f"a whole number from {least} on")
        return int(word)

    return read


def run(given: argparse.Namespace) -> int:
    """Show a pack, or a thing in it. Gives 0 when it is shown, 1 when it cannot be as it is wrong, 2 otherwise."""
    from studyapp.packs.problems import visible
    from studyapp.wiring import PackRefused

    try:
        folder, name = _meant(given)
        return _show(given, folder, name)
    except (NotShown, PackRefused) as error:
        for line in f"studyapp pack show: {error}".split("\n"):
            print(visible(line), file=sys.stderr)
        return error.code if isinstance(error, NotShown) else 2


def _meant(given: argparse.Namespace) -> tuple[Path, str | None]:
    """The folder of the pack, and the thing in it. One word that is no pack is a thing of the pack that is here; a
    learner's report is the variant that it is about, in the pack that is named or installed.
    """
    reported = given.thing or given.pack
    if reported is not None and reported.endswith(".json") and Path(reported).is_file():
        return _reported(given, Path(reported))
    if given.pack is None or (given.thing is None and given.find(given.pack) is None):
        here = Path("pack.yaml").is_file()
        return (Path() if here else _first_pack()), given.pack
    folder = given.find(given.pack)
    if folder is None:
        raise NotShown(f"{given.pack}: there is no such folder, and no pack with this id is installed")
    return folder, given.thing


def _reported(given: argparse.Namespace, path: Path) -> tuple[Path, str | None]:
    """The pack and the question of a report, whose words are said first; its variant is what is shown."""
    from studyapp.packs.problems import visible

    with path.open("rb") as file:
        raw = file.read(LARGEST_REPORT + 1)
    try:
        told = json.loads(raw[:LARGEST_REPORT])
        pack, question, variant = str(told["pack"]), str(told["question"]), told["variant"]
        if told["studyapp-report"] != 1 or not isinstance(variant, int) or not 0 < variant < MOST:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotShown(f"{path}: this is no report of studyapp") from None
    named = given.pack if given.thing is not None else pack
    folder = given.find(named)
    if folder is None:
        raise NotShown(f"{path} is about the pack {pack}, which is not installed: name its folder before the report")
    seed = told.get("seed")
    given.variant = variant
    given.seed = seed if isinstance(seed, int) and 0 <= seed <= MOST else None
    given.answered = told.get("answer"), told.get("verdict")
    if given.format == "text":
        print(visible(f"Reported: {' '.join(str(told.get('comment', '')).split())}"))
    return folder, f"questions/{question}"


def _first_pack() -> Path:
    from studyapp.wiring import make_services

    return make_services().catalog.find(None)


def _show(given: argparse.Namespace, folder: Path, name: str | None) -> int:
    from studyapp.packs.pack import NoPack, read_pack

    try:
        read, problems = read_pack(folder)
    except NoPack as error:
        raise NotShown(error.problem.format()) from None
    errors = [problem for problem in problems if problem.severity == "error"]
    if read is None:
        raise NotShown("\n".join(problem.format() for problem in problems[:PROBLEMS_TOLD]))
    if name is None:
        _contents(given, read, folder)
        if errors:
            told = "1 thing is" if len(errors) == 1 else f"{len(errors)} things are"
            print(f"{told} wrong in the files of this pack, and left out: studyapp pack check tells", file=sys.stderr)
        return 0
    held = _found(read, name, errors)
    if held.kind != "questions" and (given.variant is not None or given.seed is not None):
        raise NotShown(f"{name} is no question: --variant and --seed are about questions")
    if held.kind not in ("questions", "lessons") and given.claims:
        raise NotShown(f"no claims stand behind {name}: --claims is about questions and lessons")
    _thing(given, read, held)
    return 0


def things(read: ReadPack) -> Iterator[Held]:
    """Everything that a pack holds."""
    pack = read.pack
    ids = (
        [lesson.id for lesson in pack.lessons],
        list(pack.scenarios),
        [question.id for question in pack.questions],
        [blueprint.id for blueprint in pack.blueprints],
        [objective.id for objective in pack.objectives],
    )
    for kind, each in zip(KINDS, ids, strict=True):
        yield from (Held(kind, name) for name in each)


def _found(read: ReadPack, name: str, errors: list[Problem]) -> Held:
    """The thing that is meant by an id, with or without its kind before it. Raises NotShown."""
    from studyapp.packs.folder import file_id
    from studyapp.packs.problems import nearest, quoted

    kind, _, rest = name.partition("/")
    wanted = rest if kind in KINDS[:-1] and rest else name.removeprefix("objectives/")
    wanted = file_id(wanted) if wanted.endswith((".md", ".yaml")) else wanted
    every = list(things(read))
    found = [held for held in every if held.id == wanted and (wanted == name or kind == held.kind)]
    if len(found) == 1:
        return found[0]
    if found:
        which = " or ".join(f"{held.kind}/{held.id}" for held in found)
        raise NotShown(f"{quoted(wanted)} is more than one thing: say {which}")
    broken = [problem for problem in errors if file_id(problem.path.rpartition("/")[2]) == wanted]
    if broken:
        raise NotShown("\n".join(problem.format() for problem in broken[:PROBLEMS_TOLD]), code=1)
    hint = nearest(wanted, [held.id for held in every]) or "without an id all that it holds is listed"
    raise NotShown(f"{read.pack.id} holds nothing called {quoted(wanted)} ({hint})")


# -- showing ----------------------------------------------------------------------------------------------------------


def _contents(given: argparse.Namespace, read: ReadPack, folder: Path) -> None:
    from studyapp.cli import exhibits, exhibits_data

    if given.format == "json":
        print(json.dumps(exhibits_data.contents(read, folder), indent=1))
    else:
        exhibits.tell_contents(_talk(), read)


def _thing(given: argparse.Namespace, read: ReadPack, held: Held) -> None:
    from studyapp.cli import exhibits, exhibits_data
    from studyapp.packs.worlds import CannotRun

    if held.kind == "questions":
        source = next(each for each in read.questions if each.question.id == held.id)
        view = _view(given, source)
        if given.format == "json":
            print(json.dumps(exhibits_data.question(source, view, claims=given.claims), indent=1))
        else:
            if given.answered is not None:
                _tell_answer(view, *given.answered)
            exhibits.tell_view(_talk(), source, view, claims=given.claims)
    elif held.kind == "lessons":
        try:
            if given.format == "json":
                print(json.dumps(exhibits_data.lesson(read, held.id, claims=given.claims), indent=1))
            else:
                exhibits.tell_lesson(_talk(), read, held.id, claims=given.claims)
        except CannotRun as error:
            raise NotShown(f"{held.id}: {error}", code=1) from None
    elif given.format == "json":
        print(json.dumps(exhibits_data.DATA[held.kind](read, held.id), indent=1))
    else:
        exhibits.TELL[held.kind](_talk(), read, held.id)


def _tell_answer(view: AuthorView, answer: object, verdict: object) -> None:
    """Say what a learner answered, by the numbers of the options as the learner saw them and as they are shown here."""
    from studyapp.packs.problems import visible
    from studyapp.questions.kinds import misfit, told
    from studyapp.store.encoding import response_of

    said = text = json.dumps(answer, separators=(",", ":"))
    with suppress(ValueError):
        response = response_of(text)
        if not misfit(view.variant, response):
            said = told(view.variant, response) or "nothing"
    print(visible(f"Answered: {said} ({verdict})"))


def _view(given: argparse.Namespace, source: QuestionSource) -> AuthorView:
    """The variant that is asked for. Raises NotShown where it cannot be made."""
    from studyapp.cluster.claims.claim import ClaimError
    from studyapp.packs.author_view import view_variant
    from studyapp.packs.worlds import CannotRun, Worlds
    from studyapp.questions.question import StageError
    from studyapp.questions.runs import Unanswerable
    from studyapp.questions.variants import TooManyVariants, count_variants, make_variant, pick_variant

    question = source.question
    try:
        in_all = count_variants(question)
        if not 1 <= (given.variant or 1) <= in_all:
            raise NotShown(f"{question.id} has {in_all} variant{'' if in_all == 1 else 's'}: there is no other")
        if given.variant is None and given.seed is not None:
            variant = pick_variant(question, given.seed)
        else:
            variant = make_variant(question, (given.variant or 1) - 1, given.seed or 0)
        return view_variant(source, variant, Worlds())
    except (StageError, ClaimError, Unanswerable, TooManyVariants, CannotRun) as error:
        raise NotShown(f"{question.path}: this variant cannot be made: {error}", code=1) from None


def _talk() -> Talk:
    """A talk that only says; what an encoding lacks becomes a question mark."""
    from studyapp.plain.talk import Talk

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Talk(io.StringIO(), sys.stdout)
