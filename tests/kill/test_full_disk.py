"""A disk that is really full, driven through both faces: nothing is lost whose feedback was shown, and it goes on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.conduct import Practice
from studyapp.questions.question import Variant
from tests.kill.ledger import on_disk
from tests.kill.lives import (
    FEEDBACK,
    KINDS,
    SIZE,
    World,
    acknowledgement,
    answer,
    begin_exam,
    begin_practice,
    choose,
    go_on,
    items_of,
    move,
    position,
    submitting,
)
from tests.kill.running import FullScreen, Piped, Program
from tests.kill.test_kill import make_world

pytestmark = pytest.mark.nightly

MEGABYTES = 6
FULL = r"(?i)\bfull\b"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A home on a disk of its own with little space."""
    home = tmp_path / "home"
    home.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(home)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command for a disk of its own")
    if done.returncode:
        pytest.skip(f"a disk of its own may not be mounted here: {done.stderr.strip()}")
    yield home
    subprocess.run(["umount", "--lazy", str(home)], timeout=60, check=True)


def fill(home: Path) -> Path:
    """Take all the space there is."""
    filler = home / "filler"
    with filler.open("wb", buffering=0) as sink:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    sink.write(b"\0" * size)
            except OSError:
                continue
    return filler


def plan(folder: Path, seed: int) -> tuple[World, tuple[Variant, ...]]:
    """An empty home and a pack, and the questions that practice will ask."""
    world = make_world(folder, seed)
    asked = Practice(world.services, world.pack, SIZE, seed).variants
    world.services.close()
    return world, asked


def start(kind: type[Program], world: World, seed: int) -> Program:
    """Begin to practise."""
    size = () if kind is FullScreen else ("--size", str(SIZE))
    return kind(world.home, "practice", str(world.folder), "--seed", str(seed), *size)


def fill_before_an_answer(world: World, program: Program, first: Variant, disk: Path) -> tuple[Path, int]:
    """Answer the first question, and submit an option for the second while the disk has no space any more.

    Gives what takes the space, and how often feedback had been shown before.
    """
    begin_practice(program)
    answer(world, program, first)
    go_on(program, 2)
    filler = fill(disk)
    choose(program, 1)
    shown = program.count(FEEDBACK)
    program.send(submitting(program))
    program.wait_for(FULL)
    return filler, shown


@pytest.mark.parametrize("name", KINDS)
def test_the_disk_fills_up_in_the_middle_of_a_session(tmp_path: Path, small_disk: Path, name: str) -> None:
    world, asked = plan(tmp_path, 1)
    program = start(KINDS[name], world, 1)
    try:
        filler, shown = fill_before_an_answer(world, program, asked[0], small_disk)
        assert program.count(FEEDBACK) == shown, "no verdict before the answer is on disk"
        assert "kept here" in " ".join(program.shown.split())
        filler.unlink()
        program.send("r" if isinstance(program, FullScreen) else "\n")
        program.wait_for(FEEDBACK, shown)
        world.ledger.shown.append((asked[1].question.id, asked[1].seed, frozenset({asked[1].options[0].index})))
        go_on(program, 3)
        answer(world, program, asked[2])
    finally:
        program.kill()
    world.ledger.judge(on_disk(world.home, world.pack.id), world.figures)
    assert world.figures.answers == 3


@pytest.mark.parametrize("name", KINDS)
def test_killed_while_an_answer_waits_for_space(tmp_path: Path, small_disk: Path, name: str) -> None:
    world, asked = plan(tmp_path, 2)
    program = start(KINDS[name], world, 2)
    try:
        filler, _ = fill_before_an_answer(world, program, asked[0], small_disk)
    finally:
        program.kill()
    filler.unlink()
    world.ledger.judge(on_disk(world.home, world.pack.id), world.figures)
    assert world.figures.answers == 1, "what was shown is there, and nothing else"


@pytest.mark.parametrize("name", ["pipes", "the full screen"])
def test_the_disk_fills_up_in_the_middle_of_an_exam(tmp_path: Path, small_disk: Path, name: str) -> None:
    world, kind = make_world(tmp_path, 4), KINDS[name]
    ledger = world.ledger
    ledger.starting = True
    program = kind(world.home, "exam", str(world.folder))
    try:
        begin_exam(world, program)
        items = items_of(world)
        move(world, program, items)
        filler = fill(small_disk)
        item = position(program)
        key = "1" if kind is FullScreen else "1\n"
        taken = acknowledgement(program, item, 1)
        before = program.count(taken)
        program.send(key)
        program.wait_for(FULL)
        if kind is FullScreen:
            program.wait_for("not on disk")
            filler.unlink()
            program.send("n")
            program.wait(lambda: position(program) != item and not program.count(FULL))
        else:
            assert program.count(taken) == before, "it is not said to be saved before it is"
            filler.unlink()
            program.send(key)
            program.wait_for(taken, before)
        ledger.acknowledged[item] = frozenset({items[item][0]})
    finally:
        program.kill()
    ledger.judge(on_disk(world.home, world.pack.id), world.figures)


def test_a_start_on_a_full_disk_says_so_and_one_with_space_goes_on(tmp_path: Path, small_disk: Path) -> None:
    world, asked = plan(tmp_path, 3)
    filler = fill(small_disk)
    early = Piped(world.home, "practice", str(world.folder), "--size", "1")
    try:
        early.wait_for(FULL)
        assert "Traceback" not in early.shown
    finally:
        early.kill()
    filler.unlink()
    program = start(Piped, world, 3)
    try:
        begin_practice(program)
        answer(world, program, asked[0])
    finally:
        program.kill()
    world.ledger.judge(on_disk(world.home, world.pack.id), world.figures)
    assert world.figures.answers == 1
