"""`studyapp pack check`: what a check found, as lines for people, as JSON for tools, as SARIF for code hosts."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.packs.processors import MOST_JOBS, processors

if TYPE_CHECKING:
    from studyapp.packs.check import CheckReport
    from studyapp.packs.problems import Problem
    from studyapp.packs.proving import Progress
    from studyapp.packs.watching import State

LOOKS_EVERY_S = 1.0
"""Seconds between two looks at the files, as not every system tells of changes."""
STOPPED = 130
"""How a command ends that was broken off."""


def add_options(check: argparse.ArgumentParser) -> None:
    """Add what `pack check` takes."""
    check.add_argument("pack", metavar="FOLDER|ID", help="the pack's folder, or the id of a pack that is installed")
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how to print")
    check.add_argument("--jobs", type=_jobs, metavar="N", help="processors that prove at once (default: all)")
    check.add_argument("--no-cache", action="store_true", help="prove everything, also what was proved before")
    check.add_argument(
        "--watch",
        action="store_true",
        help="check again whenever a file changes, until Ctrl+C; the files are looked at once a second",
    )


def _jobs(word: str) -> int:
    if not word.isascii() or not word.isdigit() or not 1 <= int(word) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_JOBS}")
    return int(word)


def run_check(given: argparse.Namespace, folder: Path) -> int:
    """Check a pack. Gives 0 when nothing is an error, 1 when something is, 2 when it could not run."""
    if given.watch and given.format != "text":
        print("studyapp pack: --watch goes with --format text", file=sys.stderr)
        return 2
    try:
        if given.watch:
            return _watch(folder, lambda: _once(given, folder))
        return _once(given, folder)
    except KeyboardInterrupt:
        kept = "" if given.no_cache else "; what was proved so far is remembered"
        print(f"studyapp pack: stopped{kept}", file=sys.stderr)
        return STOPPED


def _once(given: argparse.Namespace, folder: Path) -> int:
    from studyapp.packs.check import ProcessLost, check_pack
    from studyapp.wiring import find_paths

    cache = None if given.no_cache else find_paths().cache
    try:
        with shown_progress() as progress:
            report = check_pack(folder, jobs=given.jobs or processors(), cache=cache, progress=progress)
    except ProcessLost as error:
        print(f"studyapp pack: {error}", file=sys.stderr)
        return 2
    _print(report, folder, given.format)
    return (0 if report.ok else 1) if report.ran else 2


@contextmanager
def shown_progress() -> Iterator[Progress | None]:
    """Shows on one line how far a proof is, and wipes it away when all is proved or it ends; nothing without a
    terminal.
    """
    from studyapp.packs.proving import now_and_then

    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return

    def tell(done: int, in_all: int, tried: int) -> None:
        so_far = f"{done:,} of {in_all:,} questions proved, {tried:,} variants tried" if done < in_all else ""
        print(f"\r\x1b[K{so_far}", end="", file=sys.stderr, flush=True)

    try:
        yield now_and_then(tell)
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _print(report: CheckReport, folder: Path, form: str) -> None:
    if form == "json":
        print(json.dumps(_as_json(report, folder), indent=1))
    elif form == "sarif":
        from studyapp.packs.sarif import sarif
        from studyapp.wiring import make_services

        log = sarif(report.problems, make_services().version, lambda path: _shown(path, folder), ran=report.ran)
        print(json.dumps(log, indent=1))
    elif report.ran:
        for problem in report.problems:
            print("\n".join(_told(problem, folder)))
        print("\n".join(_counted(report)))
    if not report.ran:
        told = "\n".join(line for problem in report.problems for line in _told(problem, folder))
        print(f"studyapp pack: {told}", file=sys.stderr)


# -- watching ---------------------------------------------------------------------------------------------------------


def _watch(folder: Path, check: Callable[[], int], wait: Callable[[float], None] = time.sleep) -> int:
    """Check again after every change until it is broken off, which ends with what the last check gave."""
    ended = 2
    try:
        while True:
            seen = _state(folder)
            ended = check()
            print("watching: the files are looked at once a second; Ctrl+C ends", flush=True)
            while _state(folder) == seen:
                wait(LOOKS_EVERY_S)
            print()
    except KeyboardInterrupt:
        print()
        return ended


def _state(folder: Path) -> State:
    from studyapp.packs.watching import CannotWatch, look

    try:
        return look(folder)
    except CannotWatch:
        return frozenset()


# -- printing ---------------------------------------------------------------------------------------------------------


def _shown(path: str, folder: Path) -> str:
    """A file of the pack as it is found from here, where that is below here; else as it is called in the pack."""
    try:
        here = folder.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path
    return path if here == "." or path == str(folder) else f"{here}/{path}"


def _told(problem: Problem, folder: Path) -> list[str]:
    """The finding on one line; below it, indented, the variant that shows it and the trace that proves it."""
    from studyapp.packs.problems import visible

    lines = [replace(problem, path=_shown(problem.path, folder), variant=None).format()]
    if problem.variant is not None:
        lines.append(f"    with {visible(problem.variant)}")
    lines.extend(f"    {visible(line)}" for line in problem.trace)
    return lines


def _counted(report: CheckReport) -> list[str]:
    from studyapp.packs.problems import several, visible

    families = f"{report.modelled} decided by the model, {report.mixed} mixed, {report.static} static"
    lines = [f"{several(report.families, 'question family', 'question families')}: {families}", report.counted()]
    if report.sampled:
        lines[-1] += f" (a family with more than {report.bound:,} variants, or of too much work, is sampled)"
    if report.claims:
        lines.append(f"{several(report.claims, 'claim')} in lessons")
    if report.wrong:
        wrong = several(report.wrong, "wrong option")
        lines.append(f"{wrong}, {report.foreseen:,} of them foreseen by a misconception")
    lines.extend(f"a solution of {question}: {visible(told)}" for question, told in (report.solutions or {}).items())
    counts = dict.fromkeys(("error", "warning"), 0)
    for problem in report.problems:
        if problem.severity in counts:
            counts[problem.severity] += 1
    lines.append(", ".join(_several(count, word) for word, count in counts.items()))
    return lines


def _several(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"


def _as_json(report: CheckReport, folder: Path) -> dict[str, Any]:
    counts = (
        "families",
        "modelled",
        "mixed",
        "static",
        "variants",
        "proved",
        "sampled",
        "large",
        "bound",
        "claims",
        "wrong",
        "untried",
    )
    return {
        "pack": folder.as_posix(),
        "ok": report.ok,
        "ran": report.ran,
        "problems": [
            {
                "path": _shown(problem.path, folder),
                "line": problem.line,
                "column": problem.column,
                "severity": problem.severity,
                "code": problem.code,
                "message": problem.message,
                "hint": problem.hint,
                "variant": problem.variant,
                "trace": list(problem.trace),
            }
            for problem in report.problems
        ],
        "summary": report.counted(),
        "counts": {name: getattr(report, name) for name in (*counts, "wrong", "foreseen")},
        "beliefs": {
            question: {str(index + 1): list(names) for index, names in options.items()}
            for question, options in (report.beliefs or {}).items()
        },
        "solutions": dict(report.solutions or {}),
    }
