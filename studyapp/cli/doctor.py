"""`studyapp doctor`: whether all is well with what is remembered, and where everything is."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.wiring import Services

OLD = timedelta(days=7)
"""A backup older than this is told of: they are made whenever the program is used."""


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `doctor` to the command line."""
    doctor = subparsers.add_parser(
        "doctor",
        help="look whether all is well with what is remembered",
        description="Look whether all is well with what is remembered: the file, every row, and whether what is "
        "derived is what the answers come to. Ends with 0 when all is well, 1 when something is not, 2 when it "
        "could not look.",
    )
    doctor.add_argument("--where", action="store_true", help="only say where everything is")
    doctor.add_argument("--rebuild", action="store_true", help="make anew what is derived, and say what had been wrong")
    doctor.add_argument("--format", choices=("text", "json"), default="text", help="how it is told (default: text)")
    doctor.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Look. Gives 0 when all is well, 1 when something is not, 2 when it could not look."""
    from studyapp.store.errors import StoreError
    from studyapp.wiring import make_services

    with make_services() as services:
        where = _where(services)
        if given.where:
            _tell(given.format, {"where": where}, [f"{name}: {place}" for name, place in where.items()])
            return 0
        try:
            found = _look(services, rebuild=given.rebuild)
        except StoreError as error:
            from studyapp.packs.problems import visible

            print(visible(f"studyapp doctor: {error}"), file=sys.stderr)
            return 2
        lines = [*(f"Not well: {each}." for each in found["problems"]), *(f"{each}." for each in found["notes"])]
        _tell(given.format, {"where": where, **found}, lines)
        return 1 if found["problems"] else 0


def _where(services: Services) -> dict[str, str]:
    """Where everything is."""
    from studyapp.packs.places import content_folder, data_folder

    paths = services.paths
    return {
        "answers and exams": str(paths.database),
        "backups": str(paths.backups),
        "packs that you have installed": str(paths.packs),
        "what can be thrown away": str(paths.cache),
        "packs that come with the program": str(content_folder()),
        "facts that the program runs on": str(data_folder()),
    }


def _look(services: Services, *, rebuild: bool) -> dict[str, list[str]]:
    """What is wrong, and what there is to say. Raises StoreError."""
    from studyapp.store.backups import list_backups
    from studyapp.store.checking import check_database

    database, now = services.paths.database, services.now()
    if not database.exists():
        return {"problems": [], "notes": ["Nothing is remembered yet"]}
    problems, notes = list(check_database(database)), []
    if problems:
        notes.append(_advice(services).removesuffix("."))
    else:
        notes.append("The file is sound, and so is every row in it")
        wrong = services.store.differences()
        names = ", ".join(f"{pack}/{question}" for pack, question in wrong[:5]) + (", ..." if len(wrong) > 5 else "")
        if rebuild:
            services.store.rebuild()
            told = f"Made anew; {len(wrong)} were wrong: {names}" if wrong else "Made anew; nothing had been wrong"
            notes.append(told)
        elif wrong:
            problems.append(f"what is derived of the answers to {names} is not what they come to; --rebuild mends it")
        else:
            notes.append("What is derived of the answers is what they come to")
    backups = list_backups(services.paths.backups)
    if not backups:
        notes.append("There is no backup yet")
    else:
        age = max(0, (now - backups[0].at).days)
        newest = f"the newest {age} days old" if age else "the newest less than a day old"
        many = "is 1 backup" if len(backups) == 1 else f"are {len(backups)} backups"
        (problems if now - backups[0].at > OLD else notes).append(f"There {many}, {newest}")
    return {"problems": problems, "notes": notes}


def _advice(services: Services) -> str:
    """What to do about a file that is not sound."""
    from studyapp.store.errors import PUT_BACK, StoreError

    try:
        services.store.close()
    except StoreError as error:
        return error.try_
    return PUT_BACK


def _tell(form: str, said: dict[str, Any], lines: list[str]) -> None:
    from studyapp.packs.problems import visible

    if form == "json":
        print(json.dumps(said, indent=2))
    else:
        for line in lines:
            print(visible(line))
