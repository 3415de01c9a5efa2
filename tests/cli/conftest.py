"""Where commands about packs are run, and what they install."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which commands are run."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def packs(home: Path) -> Path:
    """Where installed packs are."""
    return home / "studyapp" / "data" / "packs"
