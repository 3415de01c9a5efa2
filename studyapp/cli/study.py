"""`studyapp learn`, `practice`, `exam` and `lab`, on a full screen or line by line; and no command at all."""

from __future__ import annotations

import gc
import io
import sys
from typing import TYPE_CHECKING, Any, TextIO

from studyapp.cli.terminal import no_full_screen

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import SimpleNamespace

    from studyapp.cluster.scenario import Scenario
    from studyapp.packs.pack import Pack
    from studyapp.packs.problems import Problem
    from studyapp.plain.talk import Talk
    from studyapp.wiring import PackRefused, Services

PROBLEMS_TOLD = 3
"""Problems of a pack that are named when it is refused."""
MAX_SEED = 2**63 - 1
MAX_SIZE = 1000

LINE_BY_LINE = "so this goes on line by line (--plain says so from the start)"


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `learn`, `practice`, `exam` and `lab` to the command line."""
    learn = _command(subparsers, "learn", "read lessons and try things on live diagrams")
    learn.add_argument("--lesson", metavar="ID", help="open this lesson, such as hosts-or-guests")
    practice = _command(subparsers, "practice", "answer questions, each with feedback and its proof")
    practice.add_argument("--size", type=_whole(1, MAX_SIZE), metavar="N", help="how many questions (line by line: 10)")
    practice.add_argument("--tag", metavar="WORD", default="", help="only questions with this tag, whatever its case")
    _command(subparsers, "exam", "sit a timed exam, or go on with the open one")
    lab: argparse.ArgumentParser = subparsers.add_parser(
        "lab",
        help="play with a cluster: break it, repair it, ask why",
        description="Free play: break and repair a cluster, step through what happens, ask why. Nothing is graded.",
    )
    lab.add_argument(
        "scenario",
        nargs="?",
        metavar="SCENARIO",
        help="a file, or the id of one in the pack (default: a list of those)",
    )
    lab.add_argument("--pack", metavar="PACK", help="the id of a pack, or a folder (default: the first pack)")
    lab.add_argument("--plain", action="store_true", help="line by line: for screen readers, pipes and slow links")
    lab.set_defaults(run=run)


def _command(subparsers: argparse._SubParsersAction[Any], name: str, does: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}. Every answer is on disk before anything is said of it.",
    )
    command.add_argument(
        "pack", nargs="?", metavar="PACK", help="the id of a pack, or a folder (default: the first pack)"
    )
    command.add_argument("--plain", action="store_true", help="line by line: for screen readers, pipes and slow links")
    command.add_argument("--seed", type=_whole(0, MAX_SEED), metavar="N", help="draw the same questions again")
    command.set_defaults(run=run)
    return command


def _whole(least: int, most: int) -> Any:
    """A reader of whole numbers for the command line."""
    from argparse import ArgumentTypeError

    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text[:20]) <= most:
            raise ArgumentTypeError(f"it takes a whole number from {least} to {most}")
        return int(text)

    return read


def run(given: argparse.Namespace) -> int:
    """Run a command. Gives 0 when it was left or came to its end, 2 when it could not begin."""
    return _start(given.command, given)


def run_home(given: argparse.Namespace | SimpleNamespace) -> int:
    """The program without a command: the first screen, or a menu where there is no terminal."""
    return _start("home", given)


def _start(command: str, given: argparse.Namespace | SimpleNamespace) -> int:
    from studyapp.wiring import PackRefused, make_services

    prog = "studyapp" if command == "home" else f"studyapp {command}"
    plain = getattr(given, "plain", False)
    why_not = None if plain else no_full_screen()
    if why_not is not None:
        print(f"{prog}: {why_not}, {LINE_BY_LINE}", file=sys.stderr)
    wanted = getattr(given, "pack", None)
    with make_services() as services:
        services.catalog.tidy()
        try:
            if plain or why_not is not None:
                return _plain(prog, command, services, services.open_pack(wanted), given)
            services.catalog.find(wanted)
        except PackRefused as error:
            return _refused(prog, error)
        scenario: Scenario | str = ""
        if command == "lab" and given.scenario is not None:
            found = _scenario(prog, given.scenario)
            if isinstance(found, int):
                return found
            scenario = found
        # Nothing that is made on the way to the first screen is thrown away. The app looks for garbage again once the
        # pack has been read.
        gc.disable()
        from studyapp.tui.app import run as run_screen

        asked = {name: getattr(given, name, None) for name in ("seed", "lesson", "size")}
        return run_screen(services, wanted, command, scenario=scenario, tag=getattr(given, "tag", ""), **asked)


def _scenario(prog: str, named: str) -> Scenario | str | int:
    """The scenario of a file, or the id that may be one of the pack; the exit code where the file cannot be used."""
    if not named.endswith((".yaml", ".yml")):
        return named
    from pathlib import Path

    from studyapp.packs.scenarios import BadScenario, load_scenario

    try:
        return load_scenario(Path(named))
    except BadScenario as error:
        return _problems(f"{prog}: the scenario cannot be used", error.problems)


def _refused(prog: str, error: PackRefused) -> int:
    """Say why a pack cannot be opened, and its first problems."""
    from studyapp.packs.problems import visible

    return _problems(visible(f"{prog}: {error.what} {error.try_}"), error.problems)


def _problems(first: str, problems: Sequence[Problem]) -> int:
    """Say why something cannot be used, and what is wrong in its files; gives the exit code."""
    print(first, file=sys.stderr)
    for problem in problems[:PROBLEMS_TOLD]:
        print(problem.format(), file=sys.stderr)
    if len(problems) > PROBLEMS_TOLD:
        print(f"... and {len(problems) - PROBLEMS_TOLD} more", file=sys.stderr)
    return 2


def _plain(prog: str, command: str, services: Services, pack: Pack, given: argparse.Namespace | SimpleNamespace) -> int:
    """Line by line."""
    from studyapp.conduct import ConductError
    from studyapp.packs.problems import visible
    from studyapp.plain import start
    from studyapp.store.errors import StoreError

    talk = _talk()
    try:
        if command == "learn":
            known = [lesson.id for lesson in pack.lessons]
            if given.lesson is not None and given.lesson not in known:
                told = f'{prog}: {pack.id} has no lesson "{given.lesson}"; it has: {", ".join(known) or "none"}'
                print(visible(told), file=sys.stderr)
                return 2
            start.learn(talk, services, pack, given.lesson)
        elif command == "practice":
            size = start.SIZE if given.size is None else given.size
            start.practice(talk, services, pack, size, given.seed, given.tag)
        elif command == "lab":
            found = _scenario(prog, given.scenario) if given.scenario is not None else ""
            if isinstance(found, int):
                return found
            if isinstance(found, str) and found and found not in pack.scenarios:
                told = f'{prog}: {pack.id} has no scenario "{found}"; it has: {", ".join(pack.scenarios) or "none"}'
                print(visible(told), file=sys.stderr)
                return 2
            start.bench(talk, services, pack, found)
        elif command == "exam":
            start.exam(talk, services, pack, given.seed)
        else:
            start.home(talk, services, pack)
    except (ConductError, StoreError) as error:
        print(visible(f"{prog}: {error}"), file=sys.stderr)
        return 2
    return 0


def _talk() -> Talk:
    """A talk over standard input and output, whatever they are; what an encoding lacks becomes a question mark."""
    from studyapp.plain.talk import Talk

    source: TextIO = io.StringIO() if sys.stdin is None else sys.stdin
    sink: TextIO = io.StringIO() if sys.stdout is None else sys.stdout
    for stream in (source, sink):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    return Talk(source, sink)
