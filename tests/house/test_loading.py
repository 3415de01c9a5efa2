"""What a process really loads, seen from outside: the contracts read the source, these tests run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import PURE_ROOMS, ROOT, project, rooms

HEAVY = ("textual", "rich", "sqlmodel", "sqlalchemy", "alembic", "pydantic", "yaml", "markdown_it", "asyncio")

# Loads each named module, then says which modules came with it.
LOAD = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for each in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        if not each.name.endswith(".__main__"):
            importlib.import_module(each.name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""

# Runs the program as its entry point does, then says on the last line what it has loaded.
RUN = """
import atexit, json, sys
atexit.register(lambda: print("\\n" + json.dumps(sorted({name.split(".")[0] for name in sys.modules}))))
from studyapp.cli.main import main
sys.exit(main())
"""

# Opens the full screen without a terminal, and says what is loaded once the first screen has been painted.
PAINT = """
import json, sys
from studyapp.tui.app import StudyApp
from studyapp.tui.desk import Desk
from studyapp.wiring import make_services

def load(app):
    app.exit(sorted({name.split(".")[0] for name in sys.modules}))

StudyApp.load = load
print(json.dumps(StudyApp(Desk(make_services(), None, None)).run(headless=True, size=(80, 24))))
"""
LATER_THAN_PAINT = {"sqlmodel", "sqlalchemy", "alembic", "pydantic"}


def process(code: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh process that finds the checkout's package."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_pure_rooms_load_the_standard_library_only(tmp_path: Path) -> None:
    pure = [f"studyapp.{room}" for room in rooms() if room in PURE_ROOMS]
    result = process(LOAD, *pure, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    loaded = set(json.loads(result.stdout))
    assert loaded >= set(pure)
    assert not {name.split(".")[0] for name in loaded} - {"studyapp"} - sys.stdlib_module_names


@pytest.mark.parametrize(
    "option, says", [("--help", "usage: studyapp"), ("--version", f"studyapp {project()['project']['version']}\n")]
)
def test_the_command_line_answers_without_loading_what_is_heavy(option: str, says: str, tmp_path: Path) -> None:
    result = process(RUN, option, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    said, _, loaded = result.stdout.rstrip("\n").rpartition("\n")
    assert said.startswith(says)
    assert not set(json.loads(loaded)) & set(HEAVY)


@pytest.mark.parametrize(
    "words", ["pack show", "pack show next-owner --claims", "pack schema", "pack new mine", "pack regrade"]
)
def test_work_on_a_pack_needs_neither_a_screen_nor_the_store(words: str, tmp_path: Path) -> None:
    result = process(RUN, *words.split(), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert not set(json.loads(result.stdout.splitlines()[-1])) & {"textual", *LATER_THAN_PAINT}


def test_the_first_screen_is_painted_before_the_store_is_imported(tmp_path: Path) -> None:
    result = process(PAINT, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    painted = set(json.loads(result.stdout.splitlines()[-1]))
    assert "textual" in painted
    assert not painted & LATER_THAN_PAINT
