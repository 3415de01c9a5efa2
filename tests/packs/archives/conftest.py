"""Every test of installing has a cupboard of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packs.archives.cupboard import Cupboard


@pytest.fixture
def at(tmp_path: Path) -> Cupboard:
    """A place for installed packs, and one for shipped ones, both empty."""
    found = Cupboard(tmp_path / "here")
    found.shipped.mkdir(parents=True)
    return found
