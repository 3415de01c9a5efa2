"""Work in a process of its own: it tells, asks, gives a result, can be broken off, and may be lost."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from studyapp.packs import jobs
from studyapp.packs.apart import Apart, Line, Stopped, WorkLost
from studyapp.packs.check import check_pack
from tests.plain.desk import write_pack


def adds(line: Line, numbers: list[int]) -> int:
    """Tells each number, and asks for one more."""
    for number in numbers:
        line.say(number)
    return sum(numbers) + int(line.ask("one more?"))


def works_for_ever(line: Line, mark: Path) -> None:
    """Has begun when it says so, and tidies up when it is broken off."""
    try:
        line.say("begun")
        while True:
            time.sleep(60)
    finally:
        mark.write_text("tidied", encoding="utf-8")


def waits_for_ever(line: Line) -> None:
    """Asks what nobody answers."""
    line.ask("and?")


def dies(line: Line) -> None:
    """Ends without a word."""
    os._exit(3)


def fails(line: Line) -> None:
    """Has a fault."""
    sys.stdout.write("nothing of this is seen")
    raise RuntimeError("a fault")


def test_it_tells_asks_and_gives_its_result() -> None:
    heard: list[int] = []
    assert Apart(adds, [1, 2, 3]).run(heard.append, lambda asked: 4 if asked == "one more?" else 0) == 10
    assert heard == [1, 2, 3]


def test_work_that_is_broken_off_stops_where_it_is_and_tidies_up(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    work = Apart(works_for_ever, mark)
    with pytest.raises(Stopped):
        work.run(lambda message: work.stop())
    assert mark.read_text(encoding="utf-8") == "tidied"


def test_work_that_waits_for_an_answer_can_be_broken_off() -> None:
    work = Apart(waits_for_ever)

    def unwanted(asked: object) -> None:
        work.stop()

    with pytest.raises(Stopped):
        work.run(lambda message: None, unwanted)


def test_work_that_is_not_wanted_any_more_does_not_begin() -> None:
    work = Apart(adds, [1])
    work.stop()
    with pytest.raises(Stopped):
        work.run(lambda message: None)


@pytest.mark.parametrize("job", [dies, fails])
def test_a_process_that_ends_by_itself_is_told_so(job: object, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WorkLost, match="try again"):
        Apart(job).run(lambda message: None)  # type: ignore[arg-type]  # a job of each kind
    told = capfd.readouterr()
    assert told.out + told.err == "", "nothing reaches the screen"


def test_a_check_apart_finds_what_a_check_finds(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    (folder / "questions" / "extra.md").write_text("nothing", encoding="utf-8")
    heard: list[tuple[int, int]] = []
    found = Apart(jobs.check, folder, tmp_path / "cache", 1).run(heard.append)
    plain = check_pack(folder)
    assert not isinstance(found, str)
    assert found.problems == plain.problems
    assert found.counted() == plain.counted()
    assert heard
    assert heard[-1][0] == heard[-1][1]


def test_a_check_apart_that_is_broken_off_ends_soon(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    work = Apart(jobs.check, folder, tmp_path / "cache", 2)
    threading.Timer(0.05, work.stop).start()
    with pytest.raises(Stopped):
        work.run(lambda message: None)


def test_what_a_pack_holds_is_counted(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    heard: list[tuple[Path, jobs.Holds | None]] = []
    Apart(jobs.count, (folder, tmp_path / "nowhere")).run(heard.append)
    assert heard == [(folder, jobs.Holds(lessons=2, families=2, variants=2, exams=1)), (tmp_path / "nowhere", None)]
