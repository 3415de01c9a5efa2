"""`studyapp pack`: prove a pack right before a learner sees it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from studyapp.cli import archives, interchange, new, preview, regrading, schema, showing
from studyapp.cli.check import add_options, run_check


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
    add_options(check)
    check.set_defaults(run=run)
    new.add_commands(commands)
    preview.add_commands(commands, _folder)
    archives.add_commands(commands)
    interchange.add_commands(commands, _folder)
    showing.add_commands(commands, _folder)
    schema.add_commands(commands)
    regrading.add_commands(commands)


def run(given: argparse.Namespace) -> int:
    """Check a pack. Gives 0 when nothing is an error, 1 when something is, 2 when it could not run."""
    from studyapp.packs.problems import visible
    from studyapp.wiring import PackRefused

    try:
        folder = _folder(given.pack)
    except PackRefused as error:
        return _stop(visible(str(error)))
    if folder is None:
        return _stop(visible(f"{given.pack}: there is no such folder, and no pack with this id is installed"))
    return run_check(given, folder)


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
