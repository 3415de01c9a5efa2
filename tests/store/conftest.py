"""A store for each test, closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of a test is; the folder does not exist yet, and its name needs quoting."""
    return tmp_path / "a folder with 100% #odd? names" / "studyapp.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An open, empty store."""
    with Store(path, wait_ms=200) as opened:
        yield opened
