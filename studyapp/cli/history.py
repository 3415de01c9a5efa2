"""`studyapp history`: all that is remembered as lines of JSON, out of one machine and into another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
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
    carry = commands.add_parser(
        "carry",
        help="copy what was learned in a pack to the one that it is called now",
        description="Copy what was learned in a pack to another one, which says in its pack.yaml that it was called so "
        "(was). It stays in the first as well, and copying it again changes nothing. Ends with 0 when it is copied or "
        "there is nothing to copy, 1 when the answer is no, 2 when it could not be done.",
    )
    carry.add_argument("pack", metavar="PACK", help="the pack as it is called now: its id, or a folder")
    carry.add_argument("--yes", action="store_true", help="do not ask")
    carry.set_defaults(run=run_carry)


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
                _write(given.to, lines)
    except StoreError as error:
        return _stop("export", str(error))
    except FileExistsError:
        return _stop("export", f"{given.to} is there already; name another file")
    except OSError as error:
        return _stop("export", f"{given.to or 'standard output'} cannot be written ({error.strerror or error})")
    return 0


def _write(path: Path, lines: Iterator[str]) -> None:
    """Write a new file; where that fails there is none, for half a history is of no use to anybody."""
    from studyapp.store.errors import StoreError

    made = False
    try:
        with path.open("x", encoding="utf-8", newline="\n") as sink:
            made = True
            sink.writelines(lines)
    except (OSError, StoreError):
        if made:
            path.unlink(missing_ok=True)
        raise


def run_import(given: argparse.Namespace) -> int:
    """Bring histories in, one after another. Gives 0, or 2 when one is refused: those before it are in."""
    from studyapp.conduct.agenda import counted
    from studyapp.packs.problems import visible
    from studyapp.store.errors import StoreError
    from studyapp.wiring import make_services

    try:
        with make_services() as services:
            for path in given.files:
                done = services.store.import_history(path)
                new = f"{counted(done.answers, 'answer')} and {counted(done.exams, 'exam')}"
                print(visible(f"{path}: new here are {new}; here already: {counted(done.known, 'answer')}."))
    except StoreError as error:
        return _stop("import", str(error))
    return 0


def run_carry(given: argparse.Namespace) -> int:
    """Copy what was learned under the names that a pack had. Gives 0, 1 or 2."""
    from studyapp.cli.carrying import offer_what_was_learned
    from studyapp.conduct.carrying import offers
    from studyapp.packs.manifest import load_manifest
    from studyapp.packs.problems import visible
    from studyapp.store.errors import StoreError
    from studyapp.wiring import PackRefused, make_services

    with make_services() as services:
        try:
            manifest = load_manifest(services.catalog.find(given.pack))
            if manifest is None:
                return _stop("carry", f"{given.pack}: its pack.yaml does not say what it is")
            found = offers(services, manifest.id, manifest.was)
        except (PackRefused, StoreError) as error:
            return _stop("carry", str(error))
        if found:
            return offer_what_was_learned(services, manifest.id, manifest.was, yes=given.yes)
        names = ", ".join(manifest.was)
        why = f"there is nothing in {names} that is not there" if names else "it says of no name that it had before"
        print(visible(f"{manifest.id}: {why}"))
        return 0


def _stop(command: str, message: str) -> int:
    from studyapp.packs.problems import visible

    print(visible(f"studyapp history {command}: {message}"), file=sys.stderr)
    return 2
