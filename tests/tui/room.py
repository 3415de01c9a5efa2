"""The whole program on a screen of a given size, a pack of its own, and a hand that presses keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget

from studyapp.packs.pack import Pack, load_pack
from studyapp.questions.question import Question
from studyapp.study.review import Review
from studyapp.tui.app import StudyApp
from studyapp.tui.desk import Desk
from studyapp.tui.wanted import Wanted
from studyapp.wiring import Paths, Services, make_services
from tests.conduct.small import FailingStore
from tests.plain.desk import write_pack

Hand = Callable[["Visit"], Awaitable[None]]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RIGHT = MappingProxyType({"crash": "1", "votes": "12"})
"""The keys that choose the right options of each question of the small pack."""


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def on(self, **passed: float) -> None:
        self.time += timedelta(**passed)


class FixedDesk(Desk):
    """A desk whose pack has been read already."""

    given: Pack

    def read_pack(self) -> None:
        self.pack = self.given


@dataclass
class Room:
    """A folder with a pack and what is remembered; the program can be started in it again and again."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    failures: int = 0

    def __post_init__(self) -> None:
        self.services = self._services()
        pack, problems = load_pack(write_pack(self.folder / "packs" / "small"))
        assert pack is not None, problems
        self.pack: Pack = pack

    def _services(self) -> Services:
        ids = count()
        services = make_services(
            paths=Paths(self.folder / "data", self.folder / "cache"),
            content=self.folder / "packs",
            now=self.clock,
            entropy=lambda: 7,
            new_id=lambda: f"{self.clock().isoformat()}-{next(ids)}",
        )
        self.store = FailingStore(services.paths.database)
        self.store.open()
        services._store = self.store
        return services

    def killed(self) -> None:
        """What is left when the process ends without a word: the files."""
        self.services = self._services()

    def enter(self, hand: Hand, *, size: tuple[int, int] = (80, 24), wanted: Wanted | None = None) -> None:
        """Start the program and let a hand use it."""
        desk = FixedDesk(self.services, "small", 3)
        desk.given = self.pack
        app = StudyApp(desk, wanted)
        app.animation_level = "none"

        async def run() -> None:
            async with app.run_test(size=size, notifications=True) as pilot:
                visit = Visit(self, app, pilot)
                await visit.until(lambda: app.loaded)
                await pilot.pause()
                await hand(visit)

        asyncio.run(run())

    @property
    def reviews(self) -> tuple[Review, ...]:
        """Every answer on disk."""
        return self.store.reviews("small")


AppT = TypeVar("AppT", bound=App[Any])


class Watched(Generic[AppT]):
    """A program as it runs, with a hand at its keys."""

    app: AppT
    pilot: Pilot[Any]
    LOOKS: ClassVar[int] = 200
    """Looks at the screen before a test gives up."""

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until what they did can be seen."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        for _ in range(self.LOOKS):
            if holds():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"it never came to hold; the screen says:\n{self.text}")

    async def sees(self, *texts: str) -> None:
        """Wait until all texts can be seen."""
        await self.until(lambda: all(text in self.flat for text in texts))

    @property
    def text(self) -> str:
        """Everything that is painted, line by line."""
        return painted(self.app)

    @property
    def flat(self) -> str:
        """The same as running text, wherever lines were broken and whatever stands beside them."""
        return " ".join(self.text.translate({ord(sign): " " for sign in "│▌"}).split())


@dataclass
class Visit(Watched[StudyApp]):
    """The program as it runs."""

    room: Room
    app: StudyApp
    pilot: Pilot[Any]

    def focused(self) -> Widget | None:
        """What has the focus now."""
        return self.app.focused

    @property
    def question(self) -> Question:
        """The question that is asked."""
        from studyapp.tui.widgets.question import QuestionPane

        variant = self.app.screen.query(QuestionPane).first().variant
        assert variant is not None
        return variant.question

    @property
    def right(self) -> str:
        """The keys that answer it rightly."""
        return RIGHT[self.question.id]


def painted(app: App[Any]) -> str:
    """The screen as lines of text, as the terminal is told to show them."""
    # There is no public way to what is painted but a picture of it, which takes ten times as long.
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
