"""What a person has been shown, held against what is on disk after each kill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from studyapp.exams.sitting import Sitting
from studyapp.questions.response import Response
from studyapp.store.records import SittingRecord
from studyapp.store.store import Store
from studyapp.study.review import Review
from studyapp.wiring import Paths

Given = tuple[str, int, Response]
"""An answer: the question, its seed, the options."""


@dataclass(frozen=True)
class Disk:
    """What is on disk."""

    reviews: tuple[Review, ...]
    sitting: Sitting | None
    sittings: tuple[SittingRecord, ...]


def paths(home: Path) -> Paths:
    """Where the program keeps things when STUDYAPP_HOME is `home`."""
    return Paths(home / "data", home / "cache")


def on_disk(home: Path, pack: str) -> Disk:
    """What the program has left behind."""
    with Store(paths(home).database) as store:
        return Disk(store.reviews(pack), store.load_open_sitting(pack), store.sittings(pack))


@dataclass
class Figures:
    """What came of the kills."""

    kills: int = 0
    between: int = 0
    """Kills between a key press and what it leads to being shown."""
    landed: int = 0
    """Of these, those after which the answer was on disk and had not been shown."""
    early: int = 0
    """Of these, those before which it had been shown after all."""
    answers: int = 0
    """Answers of practice whose feedback was shown."""
    moves: int = 0
    """Answers of an exam whose acknowledgement was shown."""
    resumed: int = 0
    """Exams that went on after a kill with all answers and the right time."""
    handed_in: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """The figures in a sentence or two."""
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.by_kind.items()))
        before = self.between - self.early - self.landed
        return (
            f"{self.kills} kills: {kinds}.\n"
            f"{self.between} of them right after a key press: {before} before anything was on disk or shown, "
            f"{self.landed} with the answer on disk only, {self.early} when it was shown.\n"
            f"{self.answers} answers with feedback and {self.moves} exam answers were shown: none lost, none twice.\n"
            f"Exams went on {self.resumed} times with all answers and the right time, and were handed in "
            f"{self.handed_in} times."
        )


@dataclass
class Ledger:
    """What must be on disk.

    `known` are the answers of practice that are; `shown` those whose feedback was shown since; `sent` the one that was
    sent and whose feedback was not. The same for the exam: `acknowledged` holds what each question's answer must be,
    `moving` what the one question may be too. `ends` is when the running exam ends, None when none may be running.
    """

    known: Counter[Given] = field(default_factory=Counter)
    shown: list[Given] = field(default_factory=list)
    sent: Given | None = None
    acknowledged: dict[int, Response] = field(default_factory=dict)
    moving: tuple[int, frozenset[int]] | None = None
    sitting: str | None = None
    ends: datetime | None = None
    starting: bool = False
    ending: bool = False
    ended: list[tuple[str, dict[int, Response]]] = field(default_factory=list)

    def judge(self, disk: Disk, figures: Figures) -> None:
        """Hold the disk against what was shown, and take what has landed for known."""
        self._practice(disk, figures)
        self._exam(disk, figures)

    def _practice(self, disk: Disk, figures: Figures) -> None:
        mine = [each for each in disk.reviews if each.sitting_id is None]
        there = Counter((each.question_id, each.seed, each.response) for each in mine)
        due = self.known + Counter(self.shown)
        assert not due - there, f"lost: {due - there}"
        more = there - due
        assert not more - Counter([self.sent] if self.sent else []), f"counted twice or never given: {more}"
        figures.landed += more.total()
        figures.answers += len(self.shown)
        self.known, self.shown, self.sent = there, [], None

    def _exam(self, disk: Disk, figures: Figures) -> None:
        self._ended(disk, figures)
        sitting, moving, starting = disk.sitting, self.moving, self.starting
        self.moving, self.starting, self.ending = None, False, False
        if self.sitting is None:
            assert sitting is None or starting, "an exam runs that nobody has started"
            if sitting is not None:
                self.sitting, self.ends = sitting.id, sitting.ends
            return
        assert sitting is not None, "the exam is lost"
        assert (sitting.id, sitting.ends) == (self.sitting, self.ends), "another exam, or another end"
        there = dict(sitting.answers)
        expected = dict(self.acknowledged)
        if moving is not None and there != expected:
            expected[moving[0]] = moving[1]
            figures.landed += 1
        assert there == expected, f"on disk {there}, shown {self.acknowledged}, on its way {moving}"
        self.acknowledged = there

    def _ended(self, disk: Disk, figures: Figures) -> None:
        """What has been handed in has a result, and one review for each answer, that stay as they were."""
        running = disk.sitting.id if disk.sitting is not None else None
        if self.sitting is not None and self.sitting != running and self.ending:
            self.ended.append((self.sitting, self.acknowledged))
            self.sitting, self.ends, self.acknowledged = None, None, {}
            figures.handed_in += 1
        results: Mapping[str, bool] = {each.id: each.result is not None for each in disk.sittings}
        for sitting, answers in self.ended:
            assert results[sitting], "an exam that was handed in has no result"
            theirs = [each for each in disk.reviews if each.sitting_id == sitting]
            assert sorted(each.id for each in theirs) == sorted(f"{sitting}:{item}" for item in answers)
            assert {each.id: each.response for each in theirs} == {
                f"{sitting}:{i}": each for i, each in answers.items()
            }
