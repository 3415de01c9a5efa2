"""What every screen works with: the services, and the pack once it has been read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from studyapp.store.errors import StoreError
from studyapp.store.settings import Settings, load_settings, save_settings
from studyapp.wiring import FIRST_PACK, PackRefused

if TYPE_CHECKING:
    from studyapp.cluster.scenario import Scenario
    from studyapp.packs.pack import Pack
    from studyapp.store.store import Store
    from studyapp.wiring import Services

PROBLEMS_TOLD = 3
"""Problems of a pack's files that are told; `pack check` tells all."""


@dataclass(slots=True)
class Desk:
    """`wanted` is the pack asked for, an id or a folder; `scenario` one that was brought along to be played with.

    `pack` is None until it has been read; `refused` says in sentences why it cannot be, and `unopened` why nothing can
    be remembered. `others` are the id and the title of each pack that could be opened instead. `settings` are what the
    person has set, and `unset` what in their file means nothing.
    """

    services: Services
    wanted: str | None = None
    seed: int | None = None
    scenario: Scenario | None = None
    pack: Pack | None = None
    others: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    unopened: str | None = None
    settings: Settings = field(default_factory=Settings)
    unset: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Read what the person has set: the first screen is painted in its colours."""
        self.settings, self.unset = load_settings(self.services.paths.settings)

    def set(self, settings: Settings) -> None:
        """Change what is set, now and on disk. Raises StoreError: it holds until the program is left."""
        keep_old = bool(self.unset)
        self.settings, self.unset = settings, ()
        save_settings(self.services.paths.settings, settings, keep_old=keep_old)

    def turn_to(self, pack: str) -> None:
        """Ask for another pack, by its id; it has to be read next."""
        self.wanted, self.pack, self.others, self.refused = pack, None, (), ()

    def read_pack(self) -> None:
        """Read the pack, and which others there are; takes long, and may be done in a thread."""
        try:
            self.pack = self.services.open_pack(self.wanted)
            self.refused = ()
        except PackRefused as error:
            told = (problem.format() for problem in error.problems[:PROBLEMS_TOLD])
            self.refused = (error.what, *told, error.try_)
        titles = self.services.catalog.titles()
        self.others = tuple((pack, title) for pack, title in titles.items() if pack != self.pack_id)

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong, in sentences."""
        return (*self.refused, *((self.unopened,) if self.unopened else ()), *self.unset)

    def open_store(self) -> None:
        """Open the store; takes longer, and may be done in a thread."""
        try:
            self.services.store  # noqa: B018  # opens it; whoever needs it finds it open
            self.unopened = None
        except StoreError as error:
            self.unopened = str(error)

    def now(self) -> datetime:
        """The time."""
        return self.services.now()

    def next_seed(self) -> int:
        """The seed that was asked for, once; from then on one of chance."""
        seed, self.seed = self.seed, None
        return self.services.entropy() if seed is None else seed

    @property
    def store(self) -> Store | None:
        """The store, if it is open."""
        return self.services.store_if_open

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.services.paths.database

    @property
    def pack_id(self) -> str:
        """The id of the pack, or what it most likely is while it has not been read: the name of its folder."""
        if self.pack is not None:
            return self.pack.id
        return Path(self.wanted).resolve().name if self.wanted else FIRST_PACK
