"""The page on what is remembered says what is so: its table is the program's, and its commands run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from studyapp.cli.main import main
from studyapp.store.store import Store
from studyapp.study.schedule import RATINGS
from studyapp.wiring import find_paths
from tests.house.tree import ROOT
from tests.store.test_history import fill

PAGE = (ROOT / "docs" / "your-data.md").read_text(encoding="utf-8")
NAMES = {1: "again", 2: "hard", 3: "good", 4: "easy"}
ROWS = {
    "Right, under half a minute": ("right", 0),
    "Right": ("right", 1),
    "Right, over three minutes": ("right", 2),
    "Partly right": ("partly", 1),
    "Wrong": ("wrong", 1),
}


def test_the_table_of_ratings_is_the_programs() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
    told = {row[0]: row[1:] for row in rows[2:]}
    assert told == {
        name: [NAMES[RATINGS[verdict, certainty][pace]] for certainty in ("sure", "think-so", "guess", None)]
        for name, (verdict, pace) in ROWS.items()
    }
    for verdict in ("partly", "wrong"):
        for certainty in ("sure", "think-so", "guess", None):
            assert len(set(RATINGS[verdict, certainty])) == 1, "one row says it for every pace"


def test_the_commands_run_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Store(find_paths().database) as store:
        fill(store)
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    assert len(lines) == 6
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "studyapp"
        assert main(words) == 0, line
    assert capsys.readouterr().err == ""
