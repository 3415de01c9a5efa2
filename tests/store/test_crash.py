"""Killed at any moment, or run twice at once: what was answered stays answered, once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from studyapp.store.store import Store
from tests.house.tree import ROOT

# Answers for ever, a question and then a move in an exam, and says what is on disk as soon as the store has said so.
ANSWER = """
import json, sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from studyapp.exams.form import Form, FormItem
from studyapp.exams.sitting import Answer, apply, begin
from studyapp.store.store import Store
from studyapp.study.review import Review
path, name = Path(sys.argv[1]), sys.argv[2]
now = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
store = Store(path, parameters=json.loads(sys.argv[3])).open()
form = Form("first", 1, tuple(FormItem(f"q{i}", i, "nlb") for i in range(9)), 700, 0.7)
state = begin(f"sitting-{name}", f"pack-{name}", form, 20, now)
store.start_sitting(state)
print("ready", flush=True)
for i in range(1_000_000):
    marked = frozenset({i % 4})
    review = Review(f"{name}-{i}", "p", f"q{i % 7}", i, 0, "d", "1", marked, 1, 1, "right", None, None, now, now)
    store.record_review(review)
    print("review", review.id, flush=True)
    state, (kept,) = apply(state, Answer(i % 9, marked), now + timedelta(microseconds=i))
    store.record_sitting_action(kept)
    print("move", i + 1, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A process that goes on answering, and the file that it writes to."""

    process: subprocess.Popen[bytes]
    says: Path


def start(path: Path, name: str, parameters: Mapping[str, str] = MappingProxyType({})) -> Running:
    """A process that goes on answering."""
    path.parent.mkdir(exist_ok=True)
    says = path.parent / f"{name}.txt"
    with says.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", ANSWER, str(path), name, json.dumps(dict(parameters))],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Running(process, says)


def kill_after(running: Sequence[Running], seconds: float) -> list[tuple[list[str], int]]:
    """Let processes answer for a while, kill them, and tell for each the answers and moves it knew to be on disk."""
    for each in running:
        while each.process.poll() is None and not each.says.read_bytes().startswith(b"ready\n"):
            time.sleep(0.01)
    time.sleep(seconds)
    for each in running:
        each.process.kill()
    told = []
    for each in running:
        assert each.process.wait(timeout=30) == -signal.SIGKILL, each.says.read_text()
        words = [line.split() for line in each.says.read_text().splitlines(keepends=True) if line.endswith("\n")]
        assert {word[0] for word in words} <= {"ready", "review", "move"}, words
        answers = [what[1] for what in words if what[0] == "review"]
        told.append((answers, sum(what[0] == "move" for what in words)))
    return told


def holds(path: Path, names: Sequence[str], told: Sequence[tuple[list[str], int]], parameters: dict[str, str]) -> None:
    """What the processes knew is there, once, and at most the one thing more that each had under way."""
    with Store(path, parameters=parameters) as store:
        there = [each.id for each in store.reviews("p")]
        assert len(set(there)) == len(there)
        assert store.differences() == (), "each answer counts once, whoever gave it"
        for name, (answers, moves) in zip(names, told, strict=True):
            mine = [each for each in there if each.startswith(f"{name}-")]
            assert set(answers) <= set(mine)
            assert len(mine) - len(answers) in (0, 1)
            state = store.load_open_sitting(f"pack-{name}")
            assert state is not None
            assert state.moves - moves in (0, 1)
            assert set(state.answers.items()) == {
                (item, frozenset({last % 4}))
                for item in range(9)
                for last in [max((i for i in range(state.moves) if i % 9 == item), default=None)]
                if last is not None
            }


def crash_again_and_again(path: Path, times: int, parameters: dict[str, str]) -> None:
    """Kill a process at one moment after another, over the same file."""
    chance = random.Random(times)
    for i in range(times):
        told = kill_after([start(path, str(i), parameters)], chance.uniform(0, 0.15))
        holds(path, [str(i)], told, parameters)


def test_killed_at_any_moment(path: Path) -> None:
    crash_again_and_again(path, 3, {})


def test_killed_at_any_moment_with_a_rollback_journal(path: Path) -> None:
    crash_again_and_again(path, 2, {"vfs": "unix-none"})


def test_two_at_once_both_killed(path: Path) -> None:
    told = kill_after([start(path, "one"), start(path, "two")], 0.3)
    assert all(answers for answers, _ in told), "both got a turn"
    holds(path, ["one", "two"], told, {})


@pytest.mark.nightly
def test_killed_two_hundred_times(path: Path) -> None:
    crash_again_and_again(path, 200, {})


@pytest.mark.nightly
def test_killed_a_hundred_times_with_a_rollback_journal(path: Path) -> None:
    crash_again_and_again(path, 100, {"vfs": "unix-none"})


@pytest.mark.nightly
def test_many_at_once_from_the_first_moment(tmp_path: Path) -> None:
    for i in range(20):
        path = tmp_path / str(i) / "studyapp.db"
        names = ["a", "b", "c", "d"]
        told = kill_after([start(path, name) for name in names], 0.2)
        holds(path, names, told, {})
