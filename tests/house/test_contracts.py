"""The contracts between the rooms cover every room, and notice what they forbid."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.tree import PURE_ROOMS, ROOMS, ROOT, contract, rooms

CONTRACTS = ("layers", "pure", "sql", "textual", "no-cycles")
# Checks folders one after another, each against all contracts or one: to begin takes longer than to check.
LINT = """
import json, os, sys
from importlinter.cli import lint_imports
for folder, contracts in json.loads(sys.argv[1]):
    os.chdir(folder)
    print("ended with", lint_imports(no_cache=True, limit_to_contracts=tuple(contracts)), end="\\0")
"""

# One import a contract forbids: the contract, where the import is written, and what it says.
FORBIDDEN = (
    ("layers", "cluster", "import studyapp.questions"),
    ("layers", "questions", "import studyapp.exams"),
    ("layers", "packs", "import studyapp.store"),
    ("layers", "store", "import studyapp.packs"),
    ("layers", "plain", "import studyapp.tui"),
    ("layers", "wiring", "import studyapp.conduct"),
    ("layers", "annexe", ""),
    ("pure", "cluster", "import time"),
    ("pure", "questions", "import random"),
    ("pure", "exams", "from pathlib import Path"),
    ("pure", "study", "def f() -> None:\n    import sqlmodel"),
    ("sql", "cli", "import sqlite3"),
    ("sql", "packs", "from sqlalchemy.orm import Session"),
    ("textual", "plain", "from textual.app import App"),
    ("textual", "cli", "import textual"),
    ("no-cycles", "cluster/first", "import studyapp.cluster.second"),
)


def house(folder: Path) -> Path:
    """A house with every room, empty but for what the contracts allow."""
    package = folder / "studyapp"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for room in ROOMS:
        (package / room).mkdir()
        (package / room / "__init__.py").touch()
    (package / "questions" / "variants.py").write_text("from random import Random\n")
    (package / "store" / "tables.py").write_text("import sqlmodel\n")
    (package / "store" / "__init__.py").write_text("import sqlite3\n")
    (package / "tui" / "app.py").write_text("from textual.app import App\n")
    (package / "cli" / "__init__.py").write_text("import studyapp.tui.app, studyapp.wiring, studyapp.plain\n")
    (package / "wiring" / "__init__.py").write_text("import studyapp.store.tables, studyapp.packs\n")
    (package / "cluster" / "world.py").write_text("import studyapp.cluster.rules\n")
    (package / "cluster" / "rules.py").write_text("import studyapp.cluster.world\n")
    (package / "cluster" / "second.py").write_text("import studyapp.cluster.first\n")
    (package / "cluster" / "first.py").touch()
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def spoilt(folder: Path, room: str, line: str) -> Path:
    """A house in which one room has an import that a contract forbids."""
    package = house(folder) / "studyapp"
    path = package / f"{room}.py" if "/" in room else package / room / "__init__.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(line + "\n")
    return folder


def lint(cases: list[tuple[Path, tuple[str, ...]]]) -> list[str]:
    """What is said of each folder, checked in a process of its own, which finds that folder's package first."""
    listed = json.dumps([(str(folder), contracts) for folder, contracts in cases])
    result = subprocess.run(
        [sys.executable, "-c", LINT, listed], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.split("\0")[:-1]


def test_an_orderly_house_keeps_every_contract_and_what_each_forbids_is_noticed(tmp_path: Path) -> None:
    broken = [
        (spoilt(tmp_path / str(number), room, line), (contract,))
        for number, (contract, room, line) in enumerate(FORBIDDEN)
    ]
    orderly, *others = lint([(house(tmp_path / "orderly"), ()), *broken])
    assert f"{len(CONTRACTS)} kept, 0 broken" in orderly
    assert orderly.endswith("ended with 0")
    for case, said in zip(FORBIDDEN, others, strict=True):
        assert "0 kept, 1 broken" in said, case
        assert said.endswith("ended with 1"), case


def test_the_contracts_are_those_that_are_tried() -> None:
    assert {each for each, _, _ in FORBIDDEN} == set(CONTRACTS)
    assert all(contract(each) for each in CONTRACTS)


def test_the_layers_are_the_rooms() -> None:
    named = [name for layer in contract("layers")["layers"] for name in re.findall(r"\w+", layer)]
    assert named == list(ROOMS)
    assert contract("layers")["exhaustive"]


def test_every_pure_room_that_exists_is_under_the_pure_contract() -> None:
    covered = {name.removeprefix("studyapp.") for name in contract("pure")["source_modules"]}
    assert covered >= set(rooms()) & set(PURE_ROOMS)
    assert covered <= set(PURE_ROOMS)
