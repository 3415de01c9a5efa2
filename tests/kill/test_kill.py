"""Killed at any moment, half of the time right after a key press: nothing that was shown is lost, nothing counts twice.

Chance is seeded; when exactly the kill arrives is not, so every judgement is about what had been shown by then.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from studyapp.packs.pack import load_pack
from studyapp.wiring import make_services
from tests.kill.ledger import Figures, Ledger, on_disk, paths
from tests.kill.lives import ANY, BETWEEN, KINDS, SHOWN, World, practise, sit
from tests.kill.running import FullScreen

QUESTIONS = 12


def write_pack(folder: Path) -> Path:
    """A pack of questions that nothing decides but their author: the model is tried elsewhere."""
    texts = {
        "pack.yaml": (
            "format: 1\nid: kills\ntitle: Kills\nversion: 1.0.0\nauthors: [nobody]\nlicense: CC-BY-4.0\nlanguage: en\n"
            "objectives:\n  - {id: all, title: Everything, weight: 100}\n"
        ),
        "exams/long.yaml": (
            f"title: Long\nminutes: 50\nquestions: {QUESTIONS}\npass: 700\npass_share: 0.7\n"
            "draw: [{objective: all, share: 100}]\nmode: exam\n"
        ),
    }
    for number in range(1, QUESTIONS + 1):
        texts[f"questions/q{number}.md"] = (
            f"---\nkind: choice\nobjective: all\n---\nSum number {number}?\n\n"
            "- [x] The first\n- [ ] The second\n- [ ] The third\n- [ ] The fourth\n\n## Why\nIt is so.\n"
        )
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def make_world(folder: Path, seed: int) -> World:
    """An empty home and a pack."""
    home, place = folder / "home", write_pack(folder / "kills")
    pack, problems = load_pack(place)
    assert pack is not None, problems
    services = make_services(paths=paths(home), content=folder)
    return World(home, place, pack, services, random.Random(seed), Ledger(), Figures())


def kill_again_and_again(world: World, times: int) -> Figures:
    """Kill the program over and over on the same files, and judge after each kill."""
    turns = [(life, name) for name in KINDS for life in (practise, sit)]
    for number in range(times):
        if number % len(turns) == 0:
            world.chance.shuffle(turns)
        life, name = turns[number % len(turns)]
        when = BETWEEN if number % 2 == 0 else world.chance.choice([SHOWN, ANY])
        life(world, KINDS[name], when)
        world.figures.kills += 1
        world.figures.between += when == BETWEEN
        world.figures.by_kind[name] += 1
        world.ledger.judge(on_disk(world.home, world.pack.id), world.figures)
    return world.figures


def tell(figures: Figures, capsys: pytest.CaptureFixture[str]) -> None:
    """Print the figures, whatever is done with a test's output."""
    with capsys.disabled():
        sys.stdout.write(f"\n{figures.told()}\n")


def test_six_kills(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell(kill_again_and_again(make_world(tmp_path, 1), 6), capsys)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", [2, 4, 5, 6])
def test_two_hundred_kills(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell(kill_again_and_again(make_world(tmp_path, seed), 50), capsys)


def test_an_exam_marks_an_answer_on_the_full_screen_only_when_it_is_on_disk(tmp_path: Path) -> None:
    world = make_world(tmp_path, 3)
    for _ in range(4):
        sit(world, FullScreen, SHOWN, strict=True)
        world.ledger.judge(on_disk(world.home, world.pack.id), world.figures)
