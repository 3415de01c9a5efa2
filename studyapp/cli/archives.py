"""`studyapp pack build|install|update|remove|list`: packs as one file, and the packs that a person has."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.packs.archives.installing import Plan
    from studyapp.packs.archives.listing import Listed
    from studyapp.packs.archives.refusals import Refused
    from studyapp.wiring import Services

PROBLEMS_TOLD = 3
"""Problems of a pack that are named when it is refused."""


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the sub-commands to those of `pack`."""
    build = commands.add_parser(
        "build",
        help="make one file of a pack",
        description="Check a pack and write it as one file, byte for byte the same on every system. Ends with 0 when "
        "it is written, 1 when the pack has errors, 2 when it could not be done.",
    )
    build.add_argument("folder", metavar="FOLDER", type=Path, help="the pack's folder")
    build.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write this file (default: ID-VERSION.studypack, here)"
    )
    build.set_defaults(run=run_build)
    for name, run, does, more in (
        ("install", run_install, "install a pack from a file or a folder", ""),
        ("update", run_update, "put another version in the place of one that is installed", " It must be installed."),
    ):
        command = commands.add_parser(
            name,
            help=does,
            description=f"{does[0].upper()}{does[1:]}, once it is found to be safe, whole and right.{more} What was "
            "learned is kept. Ends with 0 when it is installed, 1 when the pack does not pass or the answer is no, 2 "
            "when it could not be done.",
        )
        command.add_argument("source", metavar="FILE|FOLDER", type=Path, help="a .studypack file, or a pack's folder")
        command.add_argument("--sha256", metavar="SUM", type=_sum, help="refuse an archive with another SHA-256 sum")
        command.add_argument("--yes", action="store_true", help="do not ask, whatever there is to ask")
        command.set_defaults(run=run)
    remove = commands.add_parser(
        "remove",
        help="remove an installed pack",
        description="Remove an installed pack. What was learned is kept, and counts again once it is installed again.",
    )
    remove.add_argument("pack", metavar="ID", help="the id of the pack")
    remove.add_argument("--yes", action="store_true", help="do not ask, whatever there is to ask")
    remove.set_defaults(run=run_remove)
    listing = commands.add_parser(
        "list",
        help="list the packs that can be opened by their id",
        description="List the packs that are installed, and those that come with studyapp.",
    )
    listing.add_argument("--format", choices=("text", "json"), default="text", help="how to print")
    listing.set_defaults(run=run_list)


def _sum(text: str) -> str:
    """A reader of sums for the command line."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError("a SHA-256 sum has 64 digits, 0 to 9 and a to f")
    return text.lower()


# -- building --------------------------------------------------------------------------------------------------------


def run_build(given: argparse.Namespace) -> int:
    """Write a pack as one file."""
    from studyapp.cli.check import STOPPED, shown_progress
    from studyapp.packs.archives.building import build
    from studyapp.packs.archives.refusals import Refused
    from studyapp.packs.problems import several, visible

    try:
        with shown_progress() as progress:
            built = build(given.folder, given.output, progress)
    except Refused as error:
        return _refused(f"build: {given.folder}", error)
    except KeyboardInterrupt:
        print("studyapp pack build: stopped; nothing is written", file=sys.stderr)
        return STOPPED
    print(visible(f"{built.file}: {several(built.files, 'file')}, {built.size:,} bytes"))
    print(f"sha256 {built.sum}")
    return 0


# -- installing ------------------------------------------------------------------------------------------------------


def run_install(given: argparse.Namespace) -> int:
    """Install a pack."""
    return _install(given, update=False)


def run_update(given: argparse.Namespace) -> int:
    """Put a pack in the place of another version."""
    return _install(given, update=True)


def _install(given: argparse.Namespace, *, update: bool) -> int:
    from studyapp.packs.archives.archive import read_source
    from studyapp.packs.archives.refusals import Refused
    from studyapp.wiring import make_services

    with make_services() as services:

        def confirm(plan: Plan) -> bool:
            doubts = (*plan.doubts, *_open_exam(services, plan.pack.id))
            if given.yes or not doubts:
                return True
            for line in about_lines(plan.pack):
                print(line)
            return _agreed(f"{plan.pack.id} {plan.pack.version}", doubts, "Install it all the same")

        try:
            source = read_source(given.source)
            if given.sha256 not in (None, source.sum):
                raise Refused("other-sum", found=source.sum, wanted=given.sha256)
            # What checks a pack takes long to import, and what is refused needs none of it.
            from studyapp.cli.check import shown_progress
            from studyapp.packs.archives.installing import install
            from studyapp.packs.archives.telling import about_lines, installed_lines

            home, shipped = services.paths.packs, services.catalog.folder
            with shown_progress() as progress:
                plan = install(source, home, shipped, confirm, update=update, progress=progress)
        except Refused as error:
            return _refused(f"{given.pack_command}: {given.source}", error)
        for line in installed_lines(plan):
            print(line)
        if plan.pack.was:
            from studyapp.cli.carrying import offer_what_was_learned

            offer_what_was_learned(services, plan.pack.id, plan.pack.was, yes=given.yes)
    if not plan.done:
        print(f"to begin: studyapp practice {plan.pack.id}")
    return 0


# -- removing and listing --------------------------------------------------------------------------------------------


def run_remove(given: argparse.Namespace) -> int:
    """Remove an installed pack."""
    from studyapp.packs.archives.installing import remove
    from studyapp.packs.archives.refusals import Refused
    from studyapp.packs.problems import visible
    from studyapp.wiring import make_services

    with make_services() as services:
        home, shipped = services.paths.packs, services.catalog.folder
        try:
            doubts = _open_exam(services, given.pack)
            if doubts and not given.yes and not _agreed(given.pack, doubts, "Remove it all the same"):
                raise Refused("declined")
            remove(given.pack, home, shipped)
        except Refused as error:
            return _refused(f"remove: {given.pack}", error)
        print(visible(f"removed {given.pack}; what was learned in it is kept"))
        if given.pack in services.catalog.ids():
            print("the one that comes with studyapp is used again")
    return 0


def run_list(given: argparse.Namespace) -> int:
    """List the packs that can be opened by their id."""
    from studyapp.packs.archives.listing import HOLDS, list_packs
    from studyapp.packs.problems import several, visible
    from studyapp.wiring import make_services

    with make_services() as services:
        services.catalog.tidy()
        packs = list_packs(services.paths.packs, services.catalog.folder)
    if given.format == "json":
        print(json.dumps({"packs": [_as_json(pack, HOLDS) for pack in packs]}, indent=1))
        return 0
    for pack in packs:
        if pack.trouble is not None:
            print(visible(f"{pack.id}  cannot be opened: {pack.trouble}"))
            continue
        held = ", ".join(
            several(number, kind.removesuffix("s")) for number, kind in zip(pack.holds, HOLDS, strict=True)
        )
        comes = "installed" if pack.installed else "comes with studyapp"
        told = (pack.id, pack.version, f'"{pack.title}"', held, pack.license or "no licence", comes)
        print(visible("  ".join(told)))
        for more in (pack.description, pack.homepage):
            if more:
                print(visible(f"  {more}"))
    return 0


def _as_json(pack: Listed, holds: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "license": pack.license,
        "language": pack.language,
        "authors": list(pack.authors),
        "description": pack.description,
        "homepage": pack.homepage,
        "was": list(pack.was),
        "folder": pack.folder.as_posix(),
        "installed": pack.installed,
        "sha256": pack.sum,
        "holds": dict(zip(holds, pack.holds, strict=True)),
        "trouble": pack.trouble,
    }


# -- what they share -------------------------------------------------------------------------------------------------


def _open_exam(services: Services, pack: str) -> tuple[str, ...]:
    """A reason to ask before a pack is changed: somebody is sitting an exam in it."""
    from studyapp.packs.archives.telling import OPEN_EXAM

    return (OPEN_EXAM,) if services.has_open_exam(pack) else ()


def _agreed(what: str, doubts: tuple[str, ...], does: str) -> bool:
    """Say what there is to say, and ask."""
    from studyapp.cli.carrying import agreed
    from studyapp.packs.problems import visible

    for doubt in doubts:
        print(visible(f"{what}: {doubt}"))
    return agreed(does)


def _refused(what: str, error: Refused) -> int:
    """Say why not, on one line, and below it what a check has found first."""
    from studyapp.packs.problems import visible

    print(visible(f"studyapp pack {what}: {error}"), file=sys.stderr)
    for problem in error.problems[:PROBLEMS_TOLD]:
        print(problem.format(), file=sys.stderr)
    if len(error.problems) > PROBLEMS_TOLD:
        print(f"... and {len(error.problems) - PROBLEMS_TOLD} more", file=sys.stderr)
    return 1 if error.is_answer else 2
