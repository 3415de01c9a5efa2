"""`studyapp pack`: prove a pack right before a learner sees it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.cli import archives, interchange

if TYPE_CHECKING:
    from studyapp.packs.check import CheckReport
    from studyapp.packs.problems import Problem

LATER = {
    "new": "start a pack",
    "preview": "show a pack's questions with their claims as sentences",
    "show": "show what a pack holds",
}
"""Sub-commands of the design that are refused by name until they exist."""


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `pack` and its sub-commands to the command line."""
    pack = subparsers.add_parser(
        "pack", help="check, build, install and remove packs", description="Work with packs of lessons and questions."
    )
    commands = pack.add_subparsers(dest="pack_command", metavar="COMMAND", required=True)
    check = commands.add_parser(
        "check",
        help="prove every variant of every question",
        description="Prove a pack: every variant of every question, every claim, every link. Ends with 0 when nothing "
        "is an error, 1 when something is, 2 when there is no pack to check.",
    )
    check.add_argument("pack", metavar="FOLDER|ID", help="the pack's folder, or the id of a pack that is installed")
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how to print")
    check.set_defaults(run=run)
    archives.add_commands(commands)
    interchange.add_commands(commands, _folder)
    for name, does in LATER.items():
        later = commands.add_parser(name, help=f"{does} (not modelled yet)", description=f"{does}: not modelled yet.")
        later.add_argument("words", nargs="*", help="not modelled yet")
        later.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Run a sub-command. Gives 0 when nothing is an error, 1 when something is, 2 when it could not run."""
    if given.pack_command in LATER:
        return _stop(f"studyapp pack {given.pack_command} is not modelled yet")
    if given.format == "sarif":
        return _stop("the format sarif is not modelled yet")
    from studyapp.packs.check import check_pack
    from studyapp.packs.problems import visible
    from studyapp.wiring import PackRefused

    try:
        folder = _folder(given.pack)
    except PackRefused as error:
        return _stop(visible(str(error)))
    if folder is None:
        return _stop(visible(f"{given.pack}: there is no such folder, and no pack with this id is installed"))
    report = check_pack(folder)
    if given.format == "json":
        print(json.dumps(_as_json(report, folder), indent=1))
    elif report.ran:
        for problem in report.problems:
            print("\n".join(_told(problem, folder)))
        print("\n".join(_counted(report)))
    if not report.ran:
        return _stop("\n".join(line for problem in report.problems for line in _told(problem, folder)))
    return 0 if report.ok else 1


def _stop(message: str) -> int:
    print(f"studyapp pack: {message}", file=sys.stderr)
    return 2


def _folder(words: str) -> Path | None:
    """The folder of a pack that is named by its folder or its id. Raises PackRefused."""
    if Path(words).is_dir():
        return Path(words)
    from studyapp.wiring import make_services

    catalog = make_services().catalog
    return catalog.place(words) if words in catalog.ids() else None


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
    from studyapp.packs.problems import visible

    families = f"{report.modelled} decided by the model, {report.mixed} mixed, {report.static} static"
    lines = [
        f"{report.families} question families: {families}",
        f"{report.variants} variants: {report.proved} proved",
    ]
    if report.sampled:
        lines[-1] += (
            f", {report.sampled} sampled, not proved (a family with more than {report.bound:,} variants is sampled)"
        )
    if report.claims:
        lines.append(f"{report.claims} claims in lessons")
    if report.wrong:
        lines.append(f"{report.wrong} wrong options, {report.foreseen} of them foreseen by a misconception")
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
    counts = ("families", "modelled", "mixed", "static", "variants", "proved", "sampled", "bound", "claims", "wrong")
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
        "counts": {name: getattr(report, name) for name in (*counts, "foreseen")},
        "beliefs": {
            question: {str(index + 1): list(names) for index, names in options.items()}
            for question, options in (report.beliefs or {}).items()
        },
        "solutions": dict(report.solutions or {}),
    }
