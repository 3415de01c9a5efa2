"""`studyapp history`: all that is remembered as lines of JSON, out of one machine and into another."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `history` and its sub-commands to the command line."""
    history = subparsers.add_parser(
        "history",
        help="bring what you have done from one machine to another",
        description="Write all that is remembered as lines of JSON, or bring in what another machine wrote: nothing of "
        "either side is lost, whichever is brought to the other.",
    )
    commands = history.add_subparsers(dest="history_command", metavar="COMMAND", required=True)
    out = commands.add_parser(
        "export",
        help="write it",
        description="Write all that is remembered as lines of JSON: answers, exams, places in lessons, goals. The same "
        "history always gives the same lines.",
    )
    out.add_argument("--to", type=Path, metavar="FILE", help="a new file (default: standard output)")
    out.set_defaults(run=run_export)
    into = commands.add_parser(
        "import",
        help="bring in what another machine wrote",
        description="Bring in what another machine wrote: all of a file, or nothing of it when anything in it is not "
        "as it was written. Bringing it in again changes nothing.",
    )
    into.add_argument("files", nargs="+", type=Path, metavar="FILE", help='what "studyapp history export" has written')
    into.set_defaults(run=run_import)


def run_export(given: argparse.Namespace) -> int:
    """Write the history. Gives 0, or 2 when it could not be."""
    from studyapp.store.errors import StoreError
    from studyapp.wiring import make_services

    try:
        with make_services() as services:
            lines = services.store.export_history()
            if given.to is None:
                sys.stdout.writelines(lines)
            else:
                with given.to.open("x", encoding="utf-8", newline="\n") as sink:
                    sink.writelines(lines)
    except StoreError as error:
        return _stop("export", str(error))
    except FileExistsError:
        return _stop("export", f"{given.to} is there already; name another file")
    except OSError as error:
        return _stop("export", f"{given.to or 'standard output'} cannot be written ({error.strerror or error})")
    return 0


def run_import(given: argparse.Namespace) -> int:
    """Bring histories in, one after another. Gives 0, or 2 when one is refused: those before it are in."""
    from studyapp.packs.problems import visible
    from studyapp.store.errors import StoreError
    from studyapp.wiring import make_services

    try:
        with make_services() as services:
            for path in given.files:
                done = services.store.import_history(path)
                print(
                    visible(
                        f"{path}: {done.answers:,} answers and {done.exams:,} exams are new here, "
                        f"{done.known:,} answers were here already."
                    )
                )
    except StoreError as error:
        return _stop("import", str(error))
    return 0


def _stop(command: str, message: str) -> int:
    from studyapp.packs.problems import visible

    print(visible(f"studyapp history {command}: {message}"), file=sys.stderr)
    return 2
