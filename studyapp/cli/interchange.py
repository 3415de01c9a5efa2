"""`studyapp pack import` and `pack export`: packs from other formats and into them, every item accounted for."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from studyapp.packs.interchange.items import Account, Entry

FORMATS = ("csv", "gift")
MOST_VARIANTS = 1_000


def add_commands(commands: argparse._SubParsersAction[Any], find: Callable[[str], Path | None]) -> None:
    """Add both to the sub-commands of `pack`; `find` gives the folder of a pack that is named by folder or id."""
    importing = commands.add_parser(
        "import",
        help="make a pack from CSV or Moodle GIFT",
        description="Make a pack from a file of questions, and say of every one what became of it. Ends with 0 when "
        "all of them were carried, 1 when one was refused, 2 when there is nothing to read.",
    )
    importing.add_argument("file", metavar="FILE", help="the file of questions (-: standard input)")
    importing.add_argument("-o", "--output", metavar="FOLDER", help="where the pack is written (a new folder)")
    importing.add_argument("--from", dest="form", choices=FORMATS, help="the file's format, if its name does not tell")
    importing.add_argument("--format", choices=("text", "json"), default="text", help="how to print")
    importing.set_defaults(run=run_import)
    exporting = commands.add_parser(
        "export",
        help="write a pack as CSV or Moodle GIFT",
        description="Write the questions of a pack in another format, each variant as a question of its own, and say "
        "of every one what became of it. Ends with 0 when all were carried, 1 when one was refused, 2 when there is no "
        "pack.",
    )
    exporting.add_argument("pack", metavar="FOLDER|ID", help="the pack's folder, or the id of a pack that is installed")
    exporting.add_argument("--to", dest="form", choices=FORMATS, required=True, help="the format")
    exporting.add_argument("-o", "--output", metavar="FILE", help="where it is written, if not to standard output")
    exporting.add_argument(
        "--variants", type=_variants, default=10, metavar="N", help="at most so many of each question (10)"
    )
    exporting.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print what became of them"
    )
    exporting.set_defaults(run=run_export, find=find)


def _variants(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or not 1 <= int(word[:9]) <= MOST_VARIANTS or len(word) > 9:
        raise argparse.ArgumentTypeError(f"1 to {MOST_VARIANTS:,}")
    return int(word)


def run_import(given: argparse.Namespace) -> int:
    """Make a pack."""
    from studyapp.packs.interchange.importing import ENDINGS, decoded, import_text
    from studyapp.packs.interchange.items import BadSource
    from studyapp.packs.new_folder import FolderTaken, write_new
    from studyapp.packs.problems import visible

    file = Path(given.file)
    form = given.form or ENDINGS.get(file.suffix.lower())
    if form is None:
        return _stop("import", f"{given.file}: the name does not tell the format: add --from csv or --from gift")
    try:
        raw = sys.stdin.buffer.read() if given.file == "-" else file.read_bytes()
        name = visible(file.stem).strip() or "imported"
        imported = import_text(decoded(raw), form, name)
    except OSError as error:
        return _stop("import", f"{given.file}: {error.strerror or error}")
    except BadSource as error:
        return _stop("import", f"{given.file}:{error.line}:{error.column}: {error.message}")
    folder = Path(given.output or imported.id)
    written = bool(imported.files)
    if written:
        try:
            write_new(folder, imported.data)
        except FolderTaken:
            return _stop("import", f"{folder}: there is something already: name another folder with -o")
        except OSError as error:
            return _stop("import", f"{folder} cannot be written: {error.strerror or error}")
    said = []
    if imported.unexplained:
        said.append(f"{_count(imported.unexplained, 'question has', 'questions have')} no explanation in the source")
    said.append(f"written to {folder}" if written else "nothing is written: no question could be carried")
    return _tell(imported.account, given, sys.stdout, said, given.file)


def run_export(given: argparse.Namespace) -> int:
    """Write a pack."""
    from studyapp.packs.interchange.exporting import export_pack
    from studyapp.packs.pack import NoPack, read_pack

    folder = given.find(given.pack)
    if folder is None:
        return _stop("export", f"{given.pack}: there is no such folder, and no pack with this id is installed")
    try:
        read, problems = read_pack(folder)
    except NoPack as error:
        return _stop("export", error.problem.format())
    if read is None:
        return _stop("export", problems[0].format() if problems else f"{given.pack}: it cannot be read")
    text, account = export_pack(read, given.form, given.variants)
    if given.output:
        try:
            Path(given.output).write_bytes(text.encode())
        except OSError as error:
            return _stop("export", f"{given.output}: {error.strerror or error}")
    else:
        sys.stdout.write(text)
    report = sys.stdout if given.output else sys.stderr
    return _tell(account, given, report, [f"written to {given.output}"] if given.output else [], "")


def _tell(account: Account, given: argparse.Namespace, to: IO[str], said: list[str], source: str) -> int:
    """Print what became of each item. Gives 1 where one was refused."""
    from studyapp.packs.interchange.items import FATES, REFUSED
    from studyapp.packs.problems import visible

    counts = {fate: account.count(fate) for fate in FATES}
    if given.format == "json":
        entries = [_as_json(entry) for entry in account.entries]
        whole = {"items": len(entries), **counts, "remarks": list(account.remarks), "entries": entries}
        print(json.dumps(whole, indent=1), file=to)
    else:
        for entry in account.entries:
            if entry.notes:
                place = f"{source}:{entry.line}:{entry.column}: " if source else ""
                name = f"{entry.name}: " if entry.name else ""
                print(visible(f"{place}{entry.fate}: {name}{'; '.join(entry.notes)}"), file=to)
        for line in (*account.remarks, *said):
            print(visible(line), file=to)
        told = ", ".join(f"{count} {fate}" for fate, count in counts.items())
        print(f"{_count(len(account.entries), 'question', 'questions')}: {told}", file=to)
    return 1 if counts[REFUSED] or not account.entries else 0


def _as_json(entry: Entry) -> dict[str, Any]:
    return {
        "line": entry.line,
        "column": entry.column,
        "name": entry.name,
        "fate": entry.fate,
        "notes": list(entry.notes),
    }


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _stop(command: str, message: str) -> int:
    from studyapp.packs.problems import visible

    print(f"studyapp pack {command}: {visible(message)}", file=sys.stderr)
    return 2
