"""`studyapp pack check` as it is used: lines, JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.cli.main import main
from tests.packs.cases import RIGHT, cases, write_pack

WRONG = RIGHT["questions/good.md"].replace('[not moved("sql")]', '[up("host2")]')


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_pack_that_is_right(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_pack(here / "mine", {})
    assert main(["pack", "check", "mine"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines()[:2] == [
        "1 question family: 1 decided by the model, 0 mixed, 0 static",
        "proved 3 of 3 variants",
    ]
    assert said.out.splitlines()[-1] == "no errors, no warnings"


def test_findings_are_lines_with_the_variant_and_the_trace_below(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_pack(here / "mine", {"questions/good.md": WRONG})
    assert main(["pack", "check", "mine"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "mine/questions/good.md:12:3: error: no-right-option: no option holds"
    assert lines[1] == "    with host = host2"
    assert lines[2].startswith("    00:00  host2 loses its power")
    assert lines[-1] == "2 errors, no warnings"


def test_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_pack(here / "mine", {"questions/good.md": WRONG})
    assert main(["pack", "check", str(here / "mine"), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["ran"], told["counts"]["variants"]) == (False, True, 3)
    first = told["problems"][0]
    assert (first["path"], first["line"], first["column"]) == ("mine/questions/good.md", 12, 3)
    assert (first["severity"], first["code"], first["variant"]) == ("error", "no-right-option", "host = host2")
    assert first["trace"]


def test_a_solution_is_shown_where_there_must_be_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_pack(here / "mine", cases("every-kind.txt")[0].files)
    assert main(["pack", "check", "mine"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "a solution of break: host1 and host2" in lines
    witness, slow = "Give group the file share witness fs1", "Set SameSubnetThreshold of group to 10"
    assert f"a solution of design: {witness} (costs 1) and {slow} (costs 1)" in lines
    assert main(["pack", "check", "mine", "--format", "json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["solutions"]) == {"break", "design"}


def test_an_installed_pack_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", "example-pack"]) == 0
    assert "no errors" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words, said",
    [
        (["check", "nowhere"], "nowhere: there is no such folder, and no pack with this id is installed"),
        (["check", "empty"], "empty/pack.yaml:0:0: error: no-pack: there is no such file, so this is no pack"),
        (["check", "newer"], "newer/pack.yaml:1:9: error: newer-format: the pack has format 9"),
        (["check", "mine", "--watch", "--format", "json"], "--watch goes with --format text"),
    ],
)
def test_what_cannot_run_ends_with_2(
    words: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "empty").mkdir()
    write_pack(here / "newer", {"pack.yaml": "format: 9\n"})
    write_pack(here / "mine", {})
    assert main(["pack", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("studyapp pack: ")
    assert said in told.err


def test_nothing_that_a_pack_holds_reaches_the_terminal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = WRONG.replace("host1, host2", '"a\x1b[31m\u202e", host2').replace("kind: choice", "k\x07ind: choice")
    write_pack(here / "mine", {"questions/good.md": hostile})
    write_pack(here / "other", {"questions/good.md": WRONG.replace("objective: hosts", 'objective: "\\e[31m"')})
    for name in ("mine", "other"):
        assert main(["pack", "check", name]) == 1
        assert capsys.readouterr().out.replace("\n", "").isprintable()


def test_progress_is_shown_on_a_terminal_and_wiped_away(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(here / "mine", {"questions/more.md": RIGHT["questions/good.md"]})
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["pack", "check", "mine", "--jobs", "1", "--no-cache"]) == 0
    said = capsys.readouterr()
    wipe = "\r\x1b[K"
    so_far = [f"{n} of 2 questions proved, {n * 3} variants tried" for n in (0, 1)]
    assert said.err == "".join(f"{wipe}{line}" for line in (*so_far, "", ""))
    assert "\x1b" not in said.out


@pytest.mark.parametrize("jobs", ["0", "65", "-1", "two", ""])
def test_jobs_that_cannot_be(here: Path, jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["pack", "check", "mine", "--jobs", jobs])
    assert ended.value.code == 2
    assert "from 1 to 64" in capsys.readouterr().err


def test_what_is_sampled_is_called_so(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studyapp.packs.families.MAX_VARIANTS", 2)
    write_pack(
        here / "mine", {"questions/one.md": RIGHT["questions/good.md"].replace("[host1, host2, host3]", "[host1]")}
    )
    assert main(["pack", "check", "mine", "--jobs", "1", "--no-cache"]) == 0
    assert "proved 1 of 1 variants; sampled 2 of 3, not proved" in capsys.readouterr().out
