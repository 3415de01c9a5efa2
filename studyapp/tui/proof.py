"""The proof of a pack in a process apart, as a screen sees it: how far it is, what it has found, why it ended."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual.message import Message
from textual.screen import Screen

from studyapp.packs import jobs
from studyapp.packs.apart import Apart, Stopped, WorkLost
from studyapp.packs.problems import several
from studyapp.packs.processors import processors
from studyapp.packs.report import CheckReport
from studyapp.packs.watching import State


def proving(done: int, in_all: int, tried: int) -> str:
    """How far a proof is, in a few words."""
    return f"proving {done:,} of {in_all:,}, {several(tried, 'variant')} tried"


class Proof:
    """Proves a pack, again whenever that is begun. It tells the screen by messages, which are handed back to it."""

    @dataclass
    class Moved(Message):
        """So many of the questions are proved, and so many variants were tried for it."""

        work: Apart[CheckReport | str]
        done: int
        in_all: int
        tried: int

    @dataclass
    class Ended(Message):
        """There is a report, or it is said why not; neither when it was broken off."""

        work: Apart[CheckReport | str]
        state: State | None
        report: CheckReport | None
        trouble: str = ""

    def __init__(self, screen: Screen[None], folder: Path, cache: Path) -> None:
        self._screen = screen
        self._folder = folder
        self._cache = cache
        self._work: Apart[CheckReport | str] | None = None
        self.done = self.in_all = self.tried = 0
        self.report: CheckReport | None = None
        """What was found last."""
        self.state: State | None = None
        """The files of which it was found."""
        self.trouble = ""
        """Why the last proof came to nothing."""
        self.stopped = False
        """The last proof was broken off."""

    @property
    def running(self) -> bool:
        """It goes on."""
        return self._work is not None

    def begin(self, state: State | None = None) -> None:
        """Prove the pack as it is now, its files in this state; what goes on is broken off."""
        self.stop()
        self._work = work = Apart(jobs.check, self._folder, self._cache, processors())
        self.done = self.in_all = self.tried = 0
        self.trouble, self.stopped = "", False
        self._screen.run_worker(partial(self._run, work, state), thread=True, group="proof")

    def stop(self) -> None:
        """Break it off; what was proved is remembered."""
        if self._work is not None:
            self._work.stop()
            self._work = None
            self.stopped = True

    def _run(self, work: Apart[CheckReport | str], state: State | None) -> None:
        def hear(told: tuple[int, int, int]) -> None:
            self._screen.post_message(self.Moved(work, *told))

        try:
            found = work.run(hear)
        except Stopped:
            return
        except WorkLost as error:
            found = str(error)
        report = found if isinstance(found, CheckReport) else None
        self._screen.post_message(self.Ended(work, state, report, found if isinstance(found, str) else ""))

    def hear(self, event: Moved | Ended) -> bool:
        """Take in what has been told; whether it counts: of a proof that was broken off nothing does."""
        if event.work is not self._work:
            return False
        if isinstance(event, self.Moved):
            self.done, self.in_all, self.tried = event.done, event.in_all, event.tried
            return True
        self._work = None
        self.trouble = event.trouble
        if event.report is not None:
            self.report, self.state = event.report, event.state
        return True

    def told(self) -> str:
        """How it stands, in a few words."""
        if self.running:
            return proving(self.done, self.in_all, self.tried) if self.in_all else "reading the pack …"
        if self.stopped:
            return "proof stopped"
        if self.trouble:
            return self.trouble
        if self.report is None:
            return ""
        return self.report.counted() if self.report.ran else "no pack to prove"
