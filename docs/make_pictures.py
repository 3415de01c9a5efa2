"""Make the pictures of the documentation with the program itself: `python -m docs.make_pictures [NAME ...]`.

Each is a screen drawn in a fixed size with a data folder of its own. Addresses of outside fonts are taken out, so that
a picture asks nothing of the network.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from studyapp.exams.form import chance
from studyapp.study.agenda import Goal
from studyapp.study.review import Review
from studyapp.tui.app import StudyApp
from studyapp.tui.desk import Desk
from studyapp.tui.wanted import Wanted
from studyapp.wiring import Paths, Services, make_services

PICTURES = Path(__file__).parent / "pictures"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = 70
Play = Callable[[Pilot[int]], Awaitable[None]]


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys, each when the one before has been dealt with."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def lesson(pilot: Pilot[int]) -> None:
    """Host 2 has crashed, and its virtual machine runs again elsewhere."""
    await press(pilot, "tab", "right", "x", "enter", "end")


async def worked(pilot: Pilot[int]) -> None:
    """A worked example, found by its words."""
    await press(pilot, "slash", *"worked out", "escape", *["down"] * 3)


async def question(pilot: Pilot[int]) -> None:
    """An answer, and why it is right or wrong."""
    await press(pilot, "4", "enter", "3")


async def what_if(pilot: Pilot[int]) -> None:
    """A wrong answer, and the least change that would make it right."""
    await press(pilot, "2", "enter", "3", "w")
    await pilot.pause(3)


async def home(pilot: Pilot[int]) -> None:
    """The first screen, after some weeks."""
    await pilot.pause(1)


async def statistics(pilot: Pilot[int]) -> None:
    """The figures of some weeks."""


def study(services: Services) -> None:
    """Some weeks of practice by somebody who becomes better and is often too sure."""
    pack = services.open_pack()
    ids = [question.id for question in pack.questions]
    beliefs = sorted(services.facts.misconceptions)[:6]
    services.store.set_goal(Goal(pack.id, (NOW + timedelta(days=14)).date(), 20, NOW))
    for day in range(DAYS, 0, -1):
        at = NOW - timedelta(days=day, minutes=chance("hour", day) % 300)
        for number in range(0 if chance("pause", day) % 4 == 0 else 3 + chance("size", day) % 16):
            place = (chance("family", day, number) % len(ids)) * (DAYS - day + 12) // (DAYS + 12)
            draw = chance("answer", day, number) % 100
            right = draw < 55 + (DAYS - day) // 2
            certainty = ("guess", "think-so", "sure")[min(2, (100 - draw) // 28)]
            took = timedelta(seconds=20 + chance("time", day, number) % 60)
            review = Review(
                id=f"00000000-0000-4000-8000-{day:06}{number:06}",
                pack=pack.id,
                question_id=ids[place],
                seed=number,
                variant_number=0,
                digest="0" * 64,
                model_version="1",
                response=frozenset({0}),
                points=float(right),
                out_of=1.0,
                verdict="right" if right else "wrong",
                misconception=None if right or draw % 2 else beliefs[draw % len(beliefs)],
                certainty=certainty,
                shown_at=at,
                answered_at=(at := at + took),
            )
            services.store.record_review(review)


async def bench(pilot: Pilot[int]) -> None:
    """Clustered hosts and clustered guests, after a host was lost."""
    await press(pilot, "x", "enter", "end")


async def search(pilot: Pilot[int]) -> None:
    """What is found for a word that has been begun."""
    await pilot.pause(1)
    await press(pilot, *"heartb")


async def exam(pilot: Pilot[int]) -> None:
    """The first questions of an exam, one of them flagged."""
    await press(pilot, "enter", "1", "f", "n", "2")


async def section(pilot: Pilot[int]) -> None:
    """A locked section of an exam, before it begins."""
    await press(pilot, "enter", "g", "end", "enter")


SCENES: dict[str, tuple[Wanted | None, tuple[int, int], Play]] = {
    "lesson": (Wanted("lesson", "hosts-or-guests"), (100, 40), lesson),
    "worked": (Wanted("lesson", "failover-clustering"), (100, 40), worked),
    "question": (Wanted("practice", "5"), (110, 44), question),
    "home": (None, (90, 34), home),
    "statistics": (Wanted("statistics"), (150, 52), statistics),
    "what-if": (Wanted("practice", "5"), (110, 52), what_if),
    "free-play": (Wanted("bench", "both-layers"), (100, 28), bench),
    "search": (Wanted("search"), (90, 26), search),
    "exam": (Wanted("exam"), (100, 32), exam),
    "section": (Wanted("exam", "in-sections"), (100, 26), section),
}

STUDIED = ("home", "statistics")
"""Scenes of somebody who has studied for some weeks."""


async def draw(name: str, home: Path) -> None:
    """Draw one scene into `docs/pictures/NAME.svg`."""
    wanted, size, play = SCENES[name]
    services = make_services(paths=Paths(home / "data", home / "cache"), now=lambda: NOW, entropy=lambda: 11)
    if name in STUDIED:
        study(services)
    app = StudyApp(Desk(services, None, 4), wanted)
    async with app.run_test(size=size) as pilot:
        while not app.loaded:
            await pilot.pause(0.05)
        await pilot.pause(0.3)
        await play(pilot)
        await pilot.pause(0.3)
        picture = app.export_screenshot(title="studyapp")
    services.close()
    picture = re.sub(r"@font-face\s*\{.*?\}", "", picture, flags=re.DOTALL)
    picture = re.sub(r"<!--.*?-->", "", picture, flags=re.DOTALL)
    picture = re.sub(r"font-family: [^;]*Fira Code[^;]*;", "font-family: Menlo, Consolas, monospace;", picture)
    (PICTURES / f"{name}.svg").write_text(re.sub(r"\s+\n", "\n", picture), encoding="utf-8")


def main() -> None:
    """Draw the named scenes, or every one."""
    PICTURES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or SCENES:
        with tempfile.TemporaryDirectory() as home:
            asyncio.run(draw(name, Path(home)))


if __name__ == "__main__":
    main()
