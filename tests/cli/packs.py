"""Commands about packs, run in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cli.main import main
from tests.house.tree import ROOT

SHIPPED = ROOT / "content" / "windows-clustering"

Told = pytest.CaptureFixture[str]


def run(told: Told, *words: str | Path) -> tuple[int, list[str], list[str]]:
    """A command's exit code, and its lines on standard output and standard error."""
    told.readouterr()
    code = main(["pack", *map(str, words)])
    said = told.readouterr()
    assert not [line for line in said.out.splitlines() + said.err.splitlines() if not line.isprintable()]
    return code, said.out.splitlines(), said.err.splitlines()
