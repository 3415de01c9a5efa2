"""Proof by several processes and from memory gives what proof by one does; what is in doubt is proved again."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from studyapp.cli.check import _watch
from studyapp.packs import cache as cached
from studyapp.packs import check, proving
from studyapp.packs.check import CheckReport, check_pack
from studyapp.packs.families import Family, prove_family
from studyapp.packs.findings import Findings
from studyapp.packs.pack import read_pack
from studyapp.packs.questions import QuestionSource
from studyapp.packs.report import family_data, family_from, report_data, report_from
from studyapp.packs.watching import look
from studyapp.packs.worlds import Worlds
from tests.house.tree import ROOT
from tests.packs.cases import RIGHT, write_pack

QUESTION = RIGHT["questions/good.md"]
WRONG = QUESTION.replace('[not moved("sql")]', '[up("host2")]')


def some(folder: Path, count: int = 10) -> Path:
    """A pack of several questions, one of them wrong."""
    files = {f"questions/q{number}.md": QUESTION for number in range(count)}
    return write_pack(folder / "pack", {**files, "questions/q3.md": WRONG})


def without_worlds(report: CheckReport) -> dict[str, object]:
    return {**report_data(report), "worlds": 0}


def test_several_processes_find_the_same(tmp_path: Path) -> None:
    pack = some(tmp_path)
    told: list[tuple[int, int, int]] = []
    many = check_pack(pack, jobs=2, progress=lambda *so_far: told.append(so_far))
    assert without_worlds(many) == without_worlds(check_pack(pack))
    assert not many.ok
    assert (told[0], told[-1]) == ((0, 11, 0), (11, 11, 33))
    assert not multiprocessing.active_children()


def test_processes_that_do_not_inherit_the_pack_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = some(tmp_path)
    monkeypatch.setattr(proving, "START", "spawn")
    assert without_worlds(check_pack(pack, jobs=2)) == without_worlds(check_pack(pack))
    assert not multiprocessing.active_children()


def test_reports_and_families_survive_being_written_down(tmp_path: Path) -> None:
    report = check_pack(some(tmp_path, 3))
    assert report_from(json.loads(json.dumps(report_data(report)))) == report


# -- memory -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def proved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that were proved, and not remembered."""
    found: list[str] = []
    prove = prove_family

    def watched(source: QuestionSource, worlds: Worlds, **more: Any) -> Family:
        found.append(source.question.id)
        return prove(source, worlds, **more)

    monkeypatch.setattr(proving, "prove_family", watched)
    return found


def the_file(cache: Path) -> Path:
    [found] = cache.rglob("*.json")
    return found


def test_nothing_is_proved_twice(tmp_path: Path, proved: list[str]) -> None:
    pack, cache = some(tmp_path, 4), tmp_path / "cache"
    first = check_pack(pack, cache=cache)
    assert sorted(proved) == ["good", "q0", "q1", "q2", "q3"]
    proved.clear()
    assert check_pack(pack, cache=cache) == first
    assert proved == []


def test_what_changed_is_proved_again(tmp_path: Path, proved: list[str]) -> None:
    pack, cache = some(tmp_path, 4), tmp_path / "cache"
    check_pack(pack, cache=cache)
    proved.clear()
    (pack / "questions" / "q3.md").write_text(QUESTION)
    report = check_pack(pack, cache=cache)
    assert proved == ["q3"]
    assert report.ok
    assert without_worlds(report) == without_worlds(check_pack(pack))
    proved.clear()
    scenario = pack / "scenarios" / "trio.yaml"
    scenario.write_text(scenario.read_text() + "# nothing\n")
    check_pack(pack, cache=cache)
    assert len(proved) == 5, "all of them stand on the scenario"


def test_another_program_or_other_facts_prove_again(
    tmp_path: Path, proved: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack, cache = some(tmp_path, 2), tmp_path / "cache"
    check_pack(pack, cache=cache)
    proved.clear()
    monkeypatch.setattr(cached, "program_digest", lambda: "another")
    check_pack(pack, cache=cache)
    assert len(proved) == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-5],
        lambda raw: raw.replace(b'"kind":"modelled"', b'"kind":"mixed---"'),
        lambda raw: signed(b"[" * 200_000),
        lambda raw: signed(b"{}"),
        lambda raw: signed(b"\xff"),
        lambda raw: signed(raw.partition(b"\n")[2].replace(b'"variants":3', b'"variants":"3"')),
        lambda raw: signed(raw.partition(b"\n")[2].replace(b'"problems":[', b'"problems":[[1],')),
        lambda raw: signed(raw.partition(b"\n")[2].replace(b'"beliefs":', b'"beliefs":7,"more":')),
    ],
    ids=range(9),
)
def test_what_is_in_doubt_is_thrown_away(tmp_path: Path, damage: object) -> None:
    pack, cache = some(tmp_path, 2), tmp_path / "cache"
    right = check_pack(pack, cache=cache)
    file = the_file(cache)
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    assert without_worlds(check_pack(pack, cache=cache)) == without_worlds(right)
    assert sorted(path.name for path in cache.rglob("*") if path.is_file()) == [file.name]
    assert check_pack(pack, cache=cache).problems == right.problems


def signed(raw: bytes) -> bytes:
    return sha256(cached.program_digest().encode() + raw).hexdigest().encode() + b"\n" + raw


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    pack, cache = some(tmp_path, 2), tmp_path / "cache"
    cache.write_text("a file stands where the folder should be")
    assert check_pack(pack, cache=cache).problems == check_pack(pack).problems


def test_a_pack_with_something_wrong_among_its_files_is_not_remembered_as_a_whole(tmp_path: Path) -> None:
    pack, cache = some(tmp_path, 2), tmp_path / "cache"
    (pack / "more.txt").symlink_to(tmp_path)
    assert check_pack(pack, cache=cache).problems == check_pack(pack, cache=cache).problems
    assert check._digest(pack) == ""


def test_a_question_that_moved_is_told_at_its_new_place(tmp_path: Path) -> None:
    pack, cache = some(tmp_path, 4), tmp_path / "cache"
    check_pack(pack, cache=cache)
    (pack / "questions" / "q3.md").rename(pack / "questions" / "q9.md")
    assert {problem.path for problem in check_pack(pack, cache=cache).problems if problem.severity == "error"} == {
        "questions/q9.md"
    }


# -- broken off -------------------------------------------------------------------------------------------------------


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(number) for number in found]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_breaking_off_leaves_nothing_behind(tmp_path: Path) -> None:
    varied = f"vary:\n  n: {list(range(60))}\n"
    many = QUESTION.replace("vary:\n", varied).replace("{host} l", "{n} {host} l")
    pack = write_pack(tmp_path / "pack", {f"questions/q{number}.md": many for number in range(60)})
    home = tmp_path / "home"
    run = subprocess.Popen(
        [sys.executable, "-m", "studyapp.cli.main", "pack", "check", str(pack), "--jobs", "2"],
        cwd=ROOT,
        env={**os.environ, "STUDYAPP_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        began = time.monotonic()
        while len(workers := children(run.pid)) < 2 and time.monotonic() - began < 60:
            assert run.poll() is None
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=60)
    finally:
        if run.poll() is None:
            run.kill()
    assert run.returncode == 130
    assert (out, err) == ("", "studyapp pack: stopped; what was proved so far is remembered\n")
    assert not [number for number in workers if Path(f"/proc/{number}").exists()]
    assert all(path.suffix == ".json" for path in home.rglob("*") if path.is_file())


# -- watching ---------------------------------------------------------------------------------------------------------


def test_a_change_is_checked_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = write_pack(tmp_path / "pack", {})
    checks: list[int] = []
    steps = iter(["", "a change", ""])

    def wait(seconds: float) -> None:
        assert seconds == 1.0
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        if step:
            (pack / "questions" / "more.md").write_text(step)

    def one() -> int:
        checks.append(len(checks))
        return len(checks) - 1

    assert _watch(pack, one, wait) == 1
    assert checks == [0, 1]
    assert "looked at once a second" in capsys.readouterr().out


def test_hidden_files_are_not_watched(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {".git/index": "x", ".pack.yaml.swp": "x"})
    assert sorted(Path(path).name for path, _, _ in look(pack)) == ["good.md", "pack.yaml", "trio.yaml"]


def test_families_are_written_down_whole(tmp_path: Path) -> None:
    pack = some(tmp_path, 2)
    read, _ = read_pack(pack)
    assert read is not None
    for source in read.questions:
        family = prove_family(source, Worlds())
        assert family_from(json.loads(json.dumps(family_data(family)))) == family


def test_a_finding_counts_the_variants_that_show_it_and_not_how_often_each_does() -> None:
    findings = Findings("questions/a.md")
    for host in ("host1", "host2"):
        for what in ("cluster", "storage"):
            findings.say((3, 1), "missing-key", f"the role needs {what}", values={"host": host})
    assert [problem.variant for problem in findings.problems()] == ["host = host1; and 1 more variant"]
