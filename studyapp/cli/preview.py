"""`studyapp pack preview`: a pack on the full screen as its author looks at it while writing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studyapp.cli.terminal import no_full_screen

Find = Callable[[str], Path | None]
"""The folder of a pack that is named by its folder or its id. Raises PackRefused."""

PLAIN = "the preview is a full screen"
INSTEAD = "studyapp pack check {pack} --watch tells the same findings line by line, again after every change"


def add_commands(commands: argparse._SubParsersAction[Any], find: Find) -> None:
    """Add the sub-command to those of `pack`."""
    preview = commands.add_parser(
        "preview",
        help="see a pack as you write it, every claim in words",
        description="See a pack as you write it: lessons and questions as learners meet them, every claim in words "
        "beside its option, every variant, and what is wrong where. What you save is shown at once. Ends with 0 when "
        "it is left, 2 when it cannot be shown.",
    )
    preview.add_argument("pack", metavar="FOLDER|ID", help="the pack's folder, or the id of a pack that is installed")
    preview.add_argument("--plain", action="store_true", help="say how to do the same line by line")
    preview.set_defaults(run=lambda given: run(given, find))


def run(given: argparse.Namespace, find: Find) -> int:
    """Show the preview until it is left. Gives 0, or 2 when it cannot be shown."""
    from studyapp.packs.problems import visible
    from studyapp.wiring import PackRefused, make_services

    why_not = PLAIN if given.plain else no_full_screen()
    if why_not is not None:
        return _stop(visible(f"{why_not}; {INSTEAD.format(pack=given.pack)}"))
    try:
        folder = find(given.pack)
    except PackRefused as error:
        return _stop(visible(str(error)))
    if folder is None:
        return _stop(visible(f"{given.pack}: there is no such folder, and no pack with this id is installed"))
    from studyapp.tui.preview import run as run_screen

    with make_services() as services:
        return run_screen(services, folder)


def _stop(message: str) -> int:
    print(f"studyapp pack preview: {message}", file=sys.stderr)
    return 2
