"""`studyapp pack import` and `pack export` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.cli.main import main
from tests.packs.cases import write_pack

SOURCE = "::One::Sky?{T}\n\nTwo {}\n\nThree {=a ~%50%b ~c}\n"


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "bank.gift"
    file.write_text(SOURCE, encoding="utf-8")
    return file


def test_every_question_is_accounted_for(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "import", "bank.gift"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "bank.gift:3:1: refused: Two {}: it is an essay: a person must read the answer",
        "bank.gift:5:1: approximated: Three {=a ~%50%b ~c}: an option that earns part of the points counts as wrong",
        "2 questions have no explanation in the source",
        "written to bank",
        "3 questions: 1 exact, 1 approximated, 1 refused",
    ]
    assert main(["pack", "check", "bank"]) == 0


def test_the_account_as_json_adds_up(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "import", "bank.gift", "-o", "made", "--format", "json"]) == 1
    whole = json.loads(capsys.readouterr().out)
    assert whole["items"] == 3 == whole["exact"] + whole["approximated"] + whole["refused"] == len(whole["entries"])
    assert whole["entries"][1] == {
        "line": 3,
        "column": 1,
        "name": "Two {}",
        "fate": "refused",
        "notes": ["it is an essay: a person must read the answer"],
    }


def test_a_pack_goes_out_and_comes_back(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["pack", "import", "bank.gift"])
    capsys.readouterr()
    assert main(["pack", "export", "bank", "--to", "csv", "-o", "out.csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 questions: 2 exact, 0 approximated, 0 refused"
    assert main(["pack", "import", "out.csv"]) == 0
    for file in sorted(Path("bank/questions").iterdir()):
        assert (Path("out/questions") / file.name).read_bytes() == file.read_bytes()


def test_without_a_file_the_questions_go_to_standard_output(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["pack", "import", "bank.gift"])
    capsys.readouterr()
    assert main(["pack", "export", "bank", "--to", "gift"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("$CATEGORY: imported\n\n// [id:one]\n::one::[markdown]Sky? {\nTRUE\n}\n")
    assert told.err.endswith("2 questions: 2 exact, 0 approximated, 0 refused\n")


def test_what_is_left_behind_is_accounted_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = "---\nobjective: hosts\nscenario: trio\ngoal: up('host1')\n---\nDo it.\n\n## Why\nBecause.\n"
    files = {
        "lessons/one.md": "---\ntitle: One\n---\nText.\n",
        "lessons/two.md": "This one cannot be read.\n",
        "exams/one.yaml": "title: X\n",
        "labs/first.md": lab,
        "assets/a.txt": "a",
        "assets/b/c.txt": "c",
        "glossary.yaml": "host: A machine.\nnode: {text: A member., also: [nodes]}\n",
        "questions/torn.md": "No front matter.\n",
    }
    write_pack(here / "mine", files)
    assert main(["pack", "export", "mine", "--to", "csv", "-o", "out.csv"]) == 1
    assert capsys.readouterr().out.splitlines()[3:] == [
        "refused: first: only the model can judge what the learner does",
        "refused: torn: its file has errors: see pack check",
        "not carried: 2 lessons",
        "not carried: 1 scenario",
        "not carried: 1 exam",
        "not carried: 2 assets",
        "not carried: 2 terms of the glossary",
        "of pack.yaml the ids of objectives are carried, and nothing else",
        "written to out.csv",
        "5 questions: 0 exact, 3 approximated, 2 refused",
    ]


@pytest.mark.parametrize(
    "words, message",
    [
        (["import", "missing.gift"], "missing.gift: No such file or directory"),
        (["import", "bank.xml"], "bank.xml: the name does not tell the format: add --from csv or --from gift"),
        (["import", "bank.gift", "--from", "csv"], "bank.gift:1:1: there is no column"),
        (["import", "bank.gift", "-o", "taken"], "taken: there is something already"),
        (["import", "bank.gift", "-o", "bank.gift/made"], "bank.gift/made cannot be written: "),
        (["export", "nothing", "--to", "csv"], "nothing: there is no such folder"),
        (["export", "n" * 5000, "--to", "csv"], f"cannot go on: {'n' * 200}…: File name too long"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    words: list[str], message: str, bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken").mkdir()
    Path("taken/file").touch()
    assert main(["pack", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err
    assert told.err.count("\n") == 1
