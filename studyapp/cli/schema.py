"""`studyapp pack schema`: the format as JSON Schema, so that editors complete and check what authors type."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

NAMES = ("pack", "scenario", "question", "lesson", "lab", "exam", "glossary")


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `schema` to the sub-commands of `pack`."""
    schema = commands.add_parser(
        "schema",
        help="print the format as JSON Schema, for editors",
        description="Print the JSON Schema (2020-12) of pack.yaml, of scenarios, of exams, of the glossary, and of "
        "the front matter of questions, lessons and labs. Ends with 0 when it is printed or written, 2 when it cannot "
        "be.",
    )
    schema.add_argument("which", nargs="?", choices=NAMES, help="the schema of this kind of file (default: all)")
    schema.add_argument("--out", metavar="FOLDER", type=Path, help="write each as NAME.schema.json into this folder")
    schema.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Print or write schemas."""
    from studyapp.packs.problems import visible
    from studyapp.packs.schemas.documents import SCHEMAS

    found = {name: SCHEMAS[name]() for name in NAMES if given.which in (None, name)}
    if given.out is None:
        print(json.dumps(found[given.which] if given.which else found, indent=1))
        return 0
    files = {given.out / f"{name}.schema.json": schema for name, schema in found.items()}
    for file, schema in files.items():
        if file.exists() and not _is_ours(file, schema["$id"]):
            print(visible(f"studyapp pack schema: {file} is something else: name another folder"), file=sys.stderr)
            return 2
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        for file, schema in files.items():
            file.write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")
            print(visible(str(file)))
    except OSError as error:
        print(visible(f"studyapp pack schema: {given.out}: {error.strerror or error}"), file=sys.stderr)
        return 2
    return 0


def _is_ours(file: Path, identity: str) -> bool:
    """A schema of the same kind, which may be written anew."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(known, dict) and known.get("$id") == identity
