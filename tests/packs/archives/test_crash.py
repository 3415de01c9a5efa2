"""Killed at every step, or refused a step by the disk: what is installed is always whole, and nothing is left over."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.packs.archives.installed import POINTER
from studyapp.packs.archives.refusals import Refused
from studyapp.packs.archives.tidying import tidy
from tests.packs.archives.cupboard import Cupboard, Tree, files_of, source_of, tree
from tests.packs.archives.faults import STEPS, full, in_a_process, killed, short, stepping, steps_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy a process")

OLD, NEW = source_of("1.0.0"), source_of("1.1.0", {"assets/new.txt": "new\n"})

Does = Callable[[Cupboard], object]

CASES: dict[str, tuple[Does | None, Does, list[dict[str, bytes] | None]]] = {
    # What was done before, what is killed, and what may be installed afterwards.
    "first": (None, lambda at: at.install(NEW), [None, files_of("1.1.0", {"assets/new.txt": "new\n"})]),
    "update": (
        lambda at: at.install(OLD),
        lambda at: at.install(NEW),
        [files_of("1.0.0"), files_of("1.1.0", {"assets/new.txt": "new\n"})],
    ),
    "removal": (lambda at: at.install(OLD), lambda at: at.remove(), [files_of("1.0.0"), None]),
}


def prepared(folder: Path, case: str) -> tuple[Cupboard, Does, list[dict[str, bytes] | None]]:
    """A cupboard as it is before what is killed."""
    before, does, outcomes = CASES[case]
    at = Cupboard(folder / "start")
    at.shipped.mkdir(parents=True)
    at.home.mkdir(parents=True)
    if before is not None:
        before(at)
    return at, does, outcomes


def copied(at: Cupboard, folder: Path) -> Cupboard:
    """The same cupboard elsewhere."""
    shutil.copytree(at.folder, folder)
    return Cupboard(folder)


def ends(at: Cupboard, does: Does, folder: Path) -> tuple[Tree, Tree]:
    """Everything in the cupboard before and after what is done undisturbed."""
    after = copied(at, folder)
    before = tree(after.folder / "data")
    does(after)
    return before, tree(after.folder / "data")


def counted(at: Cupboard, does: Does, folder: Path) -> list[tuple[str, str]]:
    """The steps that something takes in a copy of the cupboard."""
    there = copied(at, folder / "counted")
    return steps_of(lambda: does(there), folder)


def settled(found: Tree) -> Tree:
    """A tree without the folder of all packs where that is empty: whether it is there means nothing."""
    return {} if set(found) <= {"packs"} else found


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("case", CASES)
def test_killed_at_every_step(case: str, every: int, tmp_path: Path) -> None:
    at, does, outcomes = prepared(tmp_path, case)
    before, after = map(settled, ends(at, does, tmp_path / "whole"))
    steps = counted(at, does, tmp_path)
    assert len(steps) >= 6
    seen = []
    for number in (*range(0, len(steps) - 1, every), len(steps) - 1):
        there = copied(at, tmp_path / str(number))

        def do(there: Cupboard = there, number: int = number) -> None:
            with stepping(number, killed):
                does(there)

        assert in_a_process(do) == -signal.SIGKILL, steps[number]
        assert there.files in outcomes, steps[number]
        tidy(there.home)
        assert there.files in outcomes, steps[number]
        assert settled(tree(there.folder / "data")) in (before, after), steps[number]
        seen.append(settled(tree(there.folder / "data")) == after)
        does_again = in_a_process(lambda there=there: does(there))  # type: ignore[misc]  # a default fixes the value
        if does_again == 0:
            assert settled(tree(there.folder / "data")) == after, steps[number]
    assert seen == sorted(seen), "from one step on it has happened, and never before"
    assert not seen[0]
    assert seen[-1]


@pytest.mark.parametrize("case", CASES)
def test_killed_while_what_was_left_is_removed(case: str, tmp_path: Path) -> None:
    at, does, outcomes = prepared(tmp_path, case)
    before, after = map(settled, ends(at, does, tmp_path / "whole"))
    steps = counted(at, does, tmp_path)
    for number in range(0, len(steps), 5):
        left = copied(at, tmp_path / f"left {number}")

        def do(left: Cupboard = left, number: int = number) -> None:
            with stepping(number, killed):
                does(left)

        in_a_process(do)
        removing = counted(left, lambda there: tidy(there.home), tmp_path / f"removing {number}")
        for second in range(0, len(removing), 3):
            there = copied(left, tmp_path / f"{number} {second}")

            def again(there: Cupboard = there, second: int = second) -> None:
                with stepping(second, killed):
                    tidy(there.home)

            assert in_a_process(again) == -signal.SIGKILL
            assert there.files in outcomes
            tidy(there.home)
            assert settled(tree(there.folder / "data")) in (before, after)


@pytest.mark.parametrize("onwards", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_the_disk_is_full_at_every_step(case: str, onwards: bool, tmp_path: Path) -> None:
    at, does, outcomes = prepared(tmp_path, case)
    before, after = map(settled, ends(at, does, tmp_path / "whole"))
    steps = counted(at, does, tmp_path)
    for number, (name, _) in enumerate(steps):
        if onwards and name in ("unlink", "rmdir"):
            continue  # what cannot even be removed is left to the next start
        there = copied(at, tmp_path / f"{number}")
        refused = None
        with stepping(number, full, onwards=onwards):
            try:
                does(there)
            except Refused as error:
                refused = error
        assert there.files in outcomes
        if refused is not None:
            assert refused.code == "not-writable"
            assert "No space left on device" in str(refused)
        if name not in ("unlink", "rmdir"):
            expected = {True: (before,), False: (after,)}[refused is not None]
            found = settled(tree(there.folder / "data"))
            # Once the pointer has been replaced it has happened, though the disk would not say that it will stay.
            assert found in expected or (name == "fsync" and found == after), steps[number]
        tidy(there.home)
        assert settled(tree(there.folder / "data")) in (before, after), steps[number]


def test_what_is_written_in_small_parts_is_whole(tmp_path: Path) -> None:
    at, does, outcomes = prepared(tmp_path, "update")
    first = next(number for number, (name, _) in enumerate(counted(at, does, tmp_path)) if name == "write")
    with stepping(first, short, onwards=True):
        does(at)
    assert at.files == outcomes[1]


def test_every_file_is_on_disk_before_its_folder_counts(tmp_path: Path) -> None:
    at, does, _ = prepared(tmp_path, "update")
    steps = steps_of(lambda: does(at), at.home)
    names = [name for name, _ in steps]
    place = steps.index(("rename", ".new"))
    pointer = steps.index(("replace", f"small/{POINTER}.new"))
    assert place < pointer
    written = [path for name, path in steps[:place] if name == "open" and path.startswith(".new/")]
    assert sorted(written) == sorted([f".new/{name}" for name in NEW.files] * 2), "opened to be written, then to stay"
    folders = {".new", *(f".new/{name.rpartition('/')[0]}" for name in NEW.files if "/" in name)}
    assert names[:place].count("fsync") == len(NEW.files) + len(folders), "each file, and each folder that lists one"
    assert "write" not in names[names.index("fsync") : place]
    assert names[place:pointer].count("fsync") == 3, "the pack's folder, that of all packs, and the new pointer"
    assert names[pointer + 1] == "fsync", "the folder that the pointer is in"
    assert set(names) <= set(STEPS)
    assert not [step for step in steps[:pointer] if step[0] in ("unlink", "rmdir")], "nothing is removed before"
