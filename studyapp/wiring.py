"""The only place that builds things: paths, clock, chance, the shipped packs, the store.

Faces get one `Services` and hand it on. What takes long to import, the store and the reader of packs, is imported when
it is first asked for, so that a screen can be painted and a command can answer without it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studyapp.packs.facts import Facts
    from studyapp.packs.pack import Pack
    from studyapp.packs.problems import Problem
    from studyapp.store.store import Store

FIRST_PACK = "windows-clustering"
"""The pack that is opened when none is asked for."""
EXAMPLE_PACK = "example-pack"
"""The pack of the tutorial for authors. It is opened by its id and not offered to learners: it teaches how packs are
written, and next to nothing about clusters."""

SEEDS = 1_000_000
"""Seeds of chance are below this: short enough to be read aloud and typed in again."""


class PackRefused(Exception):
    """A pack cannot be opened: `what` says why and `try_` what to do, in sentences; `problems` are in its files."""

    def __init__(self, what: str, try_: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(f"{what} {try_}")
        self.what = what
        self.try_ = try_
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a person's files are: `data` is worth a backup, `cache` can be thrown away."""

    data: Path
    cache: Path

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.data / "studyapp.db"

    @property
    def settings(self) -> Path:
        """The file of what the person has set."""
        return self.data / "settings.json"

    @property
    def backups(self) -> Path:
        """The folder of the backups that are made by themselves."""
        return self.data / "backups"

    @property
    def packs(self) -> Path:
        """The folder of the packs that the person has installed; there may be none."""
        return self.data / "packs"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The packs that can be opened by their id: those that are installed in `home`, and those that come with the
    program, in a `folder` of folders, each named like the pack in it. An id that is both is that of the installed one.
    What has been opened is remembered in the user's `cache`.
    """

    folder: Path
    home: Path
    cache: Path

    def ids(self) -> tuple[str, ...]:
        """The ids, in order."""
        from studyapp.packs.archives.installed import installed_ids

        shipped = (manifest.parent.name for manifest in self.folder.glob("*/pack.yaml"))
        return tuple(sorted({*shipped, *installed_ids(self.home)}))

    def place(self, pack: str) -> Path:
        """The folder of a pack that is one of the `ids`.

        Raises:
            PackRefused: what is installed is damaged.
        """
        from studyapp.packs.archives.installed import DamagedPointer, find_installed

        try:
            found = find_installed(self.home, pack)
        except DamagedPointer as error:
            raise PackRefused(
                f"The pack {pack} that is installed cannot be opened: {error}.",
                f'Install it again, or remove it with "studyapp pack remove {pack}".',
            ) from error
        return found.folder(self.home) if found is not None else self.folder / pack

    def titles(self) -> dict[str, str]:
        """The titles of the packs that learners are offered, by their ids, in their order; no more of them is read.

        Whoever has installed the example pack is offered it as well.
        """
        from studyapp.packs.archives.installed import installed_ids
        from studyapp.packs.manifest import load_manifest

        found: dict[str, str] = {}
        own = set(installed_ids(self.home))
        for pack in self.ids():
            if pack == EXAMPLE_PACK and pack not in own:
                continue
            with suppress(PackRefused):
                manifest = load_manifest(self.place(pack))
                if manifest is not None:
                    found[pack] = manifest.title
        return found

    def tidy(self) -> None:
        """Remove what an installation that was killed has left. Quick where there is nothing, and never fails."""
        if self.home.is_dir():
            from studyapp.packs.archives.tidying import tidy

            tidy(self.home)

    def find(self, argument: str | None) -> Path:
        """The folder that is meant by an id or a folder; None is the first pack.

        An id comes before a folder of the same name; `./name` always is the folder.

        Raises:
            PackRefused: it is neither.
        """
        wanted = FIRST_PACK if argument is None else argument
        if wanted in self.ids():
            return self.place(wanted)
        folder = Path(wanted)
        if folder.is_dir():
            return folder
        raise PackRefused(
            f'There is no pack "{wanted}", nor a folder of that name.',
            f"Packs that can be opened are: {', '.join(self.ids())}.",
        )

    def open(self, argument: str | None = None) -> Pack:
        """The pack that is meant by an id or a folder.

        Raises:
            PackRefused: there is none, or something in its files is wrong.
        """
        from studyapp.packs.compiled import Compiled, stamp

        folder = self.find(argument)
        wanted = FIRST_PACK if argument is None else argument
        by_id = wanted in self.ids()
        compiled = Compiled(self.cache, wanted if by_id else str(folder.resolve()))
        known = compiled.open(folder)
        if known is not None:
            return known
        from studyapp.packs.pack import open_folder

        before = stamp(folder)
        # What is installed was checked in full before, and what comes with the program too.
        opened = open_folder(folder, whole=not by_id)
        pack, problems = opened.pack, opened.problems
        errors = tuple(problem for problem in problems if problem.severity == "error")
        if self.find(argument) != folder:
            # Another version has been installed meanwhile: the files of this one may have gone while they were read.
            return self.open(argument)
        if pack is None or errors:
            found = "one thing is" if len(errors) == 1 else f"{len(errors)} things are"
            raise PackRefused(
                f"The pack in {folder} cannot be used: {found} wrong in its files.",
                f'"studyapp pack check {folder}" says what and where.',
                errors or problems,
            )
        compiled.keep(before, opened)
        return pack


@dataclass(eq=False)
class Services:
    """Everything a face needs from outside.

    `now` gives aware UTC; `entropy` a seed below `SEEDS`; `new_id` an id that nothing else has; `zone` is where the
    person is, for the days.
    """

    paths: Paths
    catalog: Catalog
    now: Callable[[], datetime]
    entropy: Callable[[], int]
    new_id: Callable[[], str]
    zone: tzinfo
    _store: Store | None = field(default=None, init=False, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @cached_property
    def facts(self) -> Facts:
        """What the program knows of releases, rules and misconceptions.

        Raises:
            BadFacts: the program's own files are damaged.
        """
        from studyapp.packs.facts import load_facts

        return load_facts()

    @property
    def model_version(self) -> str:
        """The version of the model, with which answers are kept: another one may find another answer right.

        Raises:
            BadFacts: the program's own files are damaged.
        """
        from studyapp.packs.facts import model_version

        return model_version()

    @cached_property
    def version(self) -> str:
        """The program's version, or `0` where it was never installed."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("studyapp")
        except PackageNotFoundError:
            return "0"

    @property
    def store(self) -> Store:
        """The open store. It is opened when it is first asked for, by one thread while others wait; this takes long.

        Raises:
            StoreError: it cannot be opened; asking again tries again.
        """
        with self._opening:
            if self._store is None:
                from studyapp.store.store import Store

                self._keep_backups()
                self._store = Store(self.paths.database).open()
            return self._store

    def _keep_backups(self) -> None:
        """Back up what was there before, once a day. That it could not be done keeps nobody from learning: the doctor
        says how old the last backup is.
        """
        from studyapp.store.backups import keep_backups
        from studyapp.store.errors import StoreError

        with suppress(StoreError):
            keep_backups(self.paths.database, self.paths.backups, self.now())

    @property
    def store_if_open(self) -> Store | None:
        """The store if it has been opened; never waits."""
        return self._store

    def open_pack(self, argument: str | None = None) -> Pack:
        """The pack with an id, or in a folder; None is the first pack.

        Raises:
            PackRefused: there is none, or something in its files is wrong.
        """
        return self.catalog.open(argument)

    def has_open_exam(self, pack: str) -> bool:
        """Whether an exam in a pack is open and its time is not up; no where that cannot be told."""
        from studyapp.store.errors import StoreError
        from studyapp.store.peek import peek

        now = self.now()
        try:
            sitting = peek(self.paths.database, pack, now).open_sitting
        except StoreError:
            return False
        return sitting is not None and sitting.ends > now

    def close(self) -> None:
        """Close the store, if it is open."""
        with self._opening:
            store, self._store = self._store, None
        if store is not None:
            store.close()

    def __enter__(self) -> Services:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def find_paths() -> Paths:
    """Where this person's files are: below STUDYAPP_HOME if that is set, else in the platform's own folders."""
    home = os.environ.get("STUDYAPP_HOME")
    if home:
        folder = Path(home).expanduser().absolute()
        return Paths(folder / "data", folder / "cache")
    from platformdirs import user_cache_path, user_data_path

    return Paths(user_data_path("studyapp", appauthor=False), user_cache_path("studyapp", appauthor=False))


def make_services(
    *,
    paths: Paths | None = None,
    content: Path | None = None,
    now: Callable[[], datetime] | None = None,
    entropy: Callable[[], int] | None = None,
    new_id: Callable[[], str] | None = None,
    zone: tzinfo | None = None,
) -> Services:
    """The real things, except where others are given."""
    if content is None:
        from studyapp.packs.places import content_folder

        content = content_folder()
    paths = paths or find_paths()
    return Services(
        paths=paths,
        catalog=Catalog(content, paths.packs, paths.cache),
        now=now or _now,
        entropy=entropy or _entropy,
        new_id=new_id or _new_id,
        zone=zone or SystemZone(),
    )


class SystemZone(tzinfo):
    """The zone that the system is set to, with its daylight saving, whatever it is called."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """How far the clock on the wall is ahead of UTC at a time of that clock."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> None:
        """Not told apart from the rest."""

    def tzname(self, moment: datetime | None) -> str | None:
        """What the system calls it at that time."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """The time of the clock on the wall; the second of two hours that it shows twice is known as such."""
        wall = moment.replace(tzinfo=UTC).astimezone().replace(tzinfo=None)
        first = wall.astimezone().astimezone(UTC)
        return wall.replace(tzinfo=self, fold=int(first != moment.replace(tzinfo=UTC)))


def _now() -> datetime:
    return datetime.now(UTC)


def _entropy() -> int:
    return int.from_bytes(os.urandom(8)) % SEEDS


def _new_id() -> str:
    from uuid import uuid4

    return str(uuid4())
