"""Two copies of the program on one store: both work, every answer is there once, and both count as one history."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from studyapp.conduct import Practice
from studyapp.store.store import Store
from tests.kill.ledger import Given, on_disk, paths
from tests.kill.lives import FEEDBACK, KINDS, SIZE, begin_practice, choose, go_on, submitting
from tests.kill.running import FullScreen, Program
from tests.kill.test_kill import make_world

ROUNDS = 3
PAIRS = [("pipes", "the full screen"), ("the full screen", "the full screen")]


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_both_answer_at_the_same_moment(tmp_path: Path, pair: tuple[str, str]) -> None:
    world = make_world(tmp_path, 1)
    asked = [Practice(world.services, world.pack, SIZE, seed).variants for seed in range(2)]
    world.services.close()
    programs: list[Program] = []
    given: list[Given] = []
    try:
        for seed, name in enumerate(pair):
            kind = KINDS[name]
            size = () if kind is FullScreen else ("--size", str(SIZE))
            programs.append(kind(world.home, "practice", str(world.folder), "--seed", str(seed), *size))
        for program in programs:
            begin_practice(program)
        for number in range(ROUNDS):
            for program, variants in zip(programs, asked, strict=True):
                option = world.chance.randint(1, len(variants[number].options))
                choose(program, option)
                index = variants[number].options[option - 1].index
                given.append((variants[number].question.id, variants[number].seed, frozenset({index})))
                program.before = program.count(FEEDBACK)
            for program in programs:
                program.send(submitting(program))
            for program in programs:
                program.wait_for(FEEDBACK, program.before)
            for program in programs:
                go_on(program, number + 2)
    finally:
        for program in programs:
            program.kill()
    there = on_disk(world.home, world.pack.id).reviews
    assert Counter((each.question_id, each.seed, each.response) for each in there) == Counter(given)
    with Store(paths(world.home).database) as store:
        assert store.differences() == ()
        counted = {question: memory.answers for question, memory in store.memories(world.pack.id).items()}
    assert counted == Counter(question for question, _, _ in given)
