"""`studyapp backup` and `restore`: copies of everything that is remembered, and back."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.wiring import Services


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `backup` and `restore` to the command line."""
    backup = subparsers.add_parser(
        "backup",
        help="copy everything that is remembered to a file",
        description="Copy everything that is remembered to a file. This happens by itself once a day; older copies are "
        "thinned to one a day, a week and a month.",
    )
    backup.add_argument("--to", type=Path, metavar="PATH", help="a new file, or a folder (default: the data folder's)")
    backup.add_argument("--list", action="store_true", help="say which backups there are, and make none")
    backup.add_argument("--format", choices=("text", "json"), default="text", help="how it is told (default: text)")
    backup.set_defaults(run=run_backup)
    restore = subparsers.add_parser(
        "restore",
        help="put a backup in the place of what is there",
        description="Put a backup in the place of what is there, which is backed up first. All of it or nothing; a "
        "backup that is damaged is refused.",
    )
    restore.add_argument("file", type=Path, metavar="FILE", help='a backup; "studyapp backup --list" names them')
    restore.set_defaults(run=run_restore)


def run_backup(given: argparse.Namespace) -> int:
    """Make a backup, or list them. Gives 0, or 2 when it could not be made."""
    from studyapp.store.backups import list_backups, make_backup
    from studyapp.store.errors import StoreError
    from studyapp.wiring import make_services

    services = make_services()
    folder = services.paths.backups
    try:
        if given.list:
            there = [(each.path, each.at) for each in list_backups(folder)]
        else:
            if given.to is None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = make_backup(services.paths.database, given.to or folder, services.now())
            there = [(made, services.now())]
    except StoreError as error:
        return _stop("backup", str(error))
    if given.format == "json":
        print(json.dumps([{"path": str(path), "at": at.isoformat(), "bytes": _size(path)} for path, at in there]))
        return 0
    for path, at in there:
        print(f"{_local(at, services)}  {_size(path):>12,} bytes  {_shown(path)}")
    if not there:
        print("There is no backup yet: one is made by itself once a day.")
    return 0


def run_restore(given: argparse.Namespace) -> int:
    """Put a backup back. Gives 0, or 2 when it could not be."""
    from studyapp.conduct.agenda import counted
    from studyapp.store.errors import StoreError
    from studyapp.store.restoring import restore
    from studyapp.wiring import make_services

    services = make_services()
    try:
        done = restore(given.file, services.paths.database, services.paths.backups, services.now())
    except StoreError as error:
        return _stop("restore", str(error))
    print(f"Put back: {counted(done.answers, 'answer')}, {counted(done.exams, 'exam')}.")
    if done.before is not None:
        print(f"What was there before is kept in {_shown(done.before)}.")
    return 0


def _size(path: Path) -> int:
    return path.stat().st_size


def _local(at: datetime, services: Services) -> str:
    return f"{at.replace(tzinfo=at.tzinfo or UTC).astimezone(services.zone):%Y-%m-%d %H:%M}"


def _shown(path: Path) -> str:
    from studyapp.packs.problems import visible

    return visible(str(path))


def _stop(command: str, message: str) -> int:
    from studyapp.packs.problems import visible

    print(visible(f"studyapp {command}: {message}"), file=sys.stderr)
    return 2
