"""Whoever follows the page of commands for authors sees what it shows, and it names every command for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.packs.check import check_pack
from tests.house import pages
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "packs" / "authoring.md"


def test_the_page_followed_to_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    regrade = "studyapp pack regrade ./my-pack"
    done = pages.follow(
        PAGE, here, monkeypatch, capsys, typed={"studyapp practice": "49\n3\n\n"}, ends={f"6: {regrade}": 1}
    )
    told = {" ".join(line.split()[1:3]) for line in done}
    assert told >= {"pack new", "pack check", "pack show", "pack schema", "pack regrade"}
    assert check_pack(here / "my-pack").ok, "the settings of an editor are no part of the pack"
