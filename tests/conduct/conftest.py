"""The small pack and its services, closed after each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from studyapp.packs.pack import Pack
from studyapp.wiring import Services
from tests.conduct.small import Clock, FailingStore, services_in, write_pack


@dataclass(frozen=True, slots=True)
class House:
    """What a test of conducting works with."""

    services: Services
    pack: Pack
    clock: Clock
    store: FailingStore
    folder: Path


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The small pack, with a store and a clock of its own."""
    folder = write_pack(tmp_path / "packs" / "small")
    services, clock, store = services_in(tmp_path)
    with services:
        yield House(services, services.open_pack("small"), clock, store, folder)
