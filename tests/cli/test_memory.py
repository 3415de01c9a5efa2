"""`goal`, `backup`, `restore`, `history` and `doctor` from outside: what they say, and how they end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.cli.main import main
from studyapp.store.store import Store
from studyapp.wiring import find_paths
from tests.store.test_all_or_nothing import room_for
from tests.store.test_history import fill, text_of
from tests.store.test_trouble import change
from tests.study.answers import answer

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def studyapp(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the program in this process: its code, what it says and what it says of errors."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:
            code = int(str(ended.code))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def database() -> Path:
    """A store with one of everything, where the program looks for it."""
    path = find_paths().database
    with Store(path) as store:
        fill(store)
    return path


def text_at(path: Path) -> str:
    with Store(path) as store:
        return text_of(store)


def test_a_backup_and_back(studyapp: Run, database: Path) -> None:
    before = text_at(database)
    code, out, _ = studyapp("backup")
    assert code == 0
    [backup] = find_paths().backups.iterdir()
    assert str(backup) in out
    with Store(database) as store:
        store.record_review(answer("later", minute=900))
    code, out, _ = studyapp("restore", backup)
    assert code == 0
    assert out.startswith("Put back: 4 answers, 1 exam.\nWhat was there before is kept in ")
    assert text_at(database) == before
    code, out, _ = studyapp("backup", "--list")
    assert (code, len(out.splitlines())) == (0, 2)
    code, out, _ = studyapp("backup", "--list", "--format", "json")
    assert [sorted(each) for each in json.loads(out)] == [["at", "bytes", "path"]] * 2


def test_a_backup_to_a_place_of_ones_own(studyapp: Run, database: Path, tmp_path: Path) -> None:
    assert studyapp("backup", "--to", tmp_path / "mine.backup")[0] == 0
    code, _, err = studyapp("backup", "--to", tmp_path / "mine.backup")
    assert (code, err.count("\n")) == (2, 1)
    assert "is there already" in err
    assert studyapp("restore", tmp_path / "mine.backup")[0] == 0
    assert studyapp("backup", "--to", tmp_path)[0] == 0


def test_what_cannot_be_is_told_on_one_line(studyapp: Run, tmp_path: Path) -> None:
    nasty = tmp_path / "a\x1b[2Jb"
    nasty.write_text("no backup")
    for words in (
        ("backup",),
        ("restore", nasty),
        ("restore", tmp_path / "nowhere"),
        ("history", "import", nasty),
        ("history", "export", "--to", tmp_path / "no" / "folder"),
        ("goal", "no-such-pack"),
    ):
        code, out, err = studyapp(*words)
        assert (code, out) == (2, ""), words
        assert err.startswith(f"studyapp {words[0]}"), words
        assert err.count("\n") == 1, words
        assert "\x1b" not in err


def test_what_can_not_be_meant_is_refused(studyapp: Run) -> None:
    for words in (
        ("goal", "--exam", "tomorrow"),
        ("goal", "--exam", "2026-02-30"),
        ("goal", "--exam", "20261214"),
        ("goal", "--minutes", "0"),
        ("goal", "--minutes", "1441"),
        ("history",),
        ("restore",),
    ):
        code, _, err = studyapp(*words)
        assert (code, err.count("\n")) == (2, 1), words


def test_a_history_goes_from_one_machine_to_another(
    studyapp: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = text_at(database)
    path = tmp_path / "history.jsonl"
    assert studyapp("history", "export", "--to", path)[0] == 0
    assert path.read_text(encoding="utf-8") == before
    assert studyapp("history", "export")[1] == before
    code, _, err = studyapp("history", "export", "--to", path)
    assert (code, "is there already" in err) == (2, True)
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "another"))
    code, out, _ = studyapp("history", "import", path, path)
    assert code == 0
    assert out.splitlines() == [
        f"{path}: new here are 4 answers and 1 exam; here already: 0 answers.",
        f"{path}: new here are 0 answers and 0 exams; here already: 4 answers.",
    ]
    assert text_at(find_paths().database) == before


def test_half_a_history_is_not_left_where_the_disk_is_full(studyapp: Run, database: Path, tmp_path: Path) -> None:
    with Store(database) as store:
        for minute in range(80):
            store.record_review(answer("many", minute=1000 + minute))
    path = tmp_path / "history.jsonl"
    with room_for(32 * 1024):
        code, _, err = studyapp("history", "export", "--to", path)
    assert (code, "cannot be written" in err, path.exists()) == (2, True, False)
    assert studyapp("history", "export", "--to", path)[0] == 0


def test_the_doctor_finds_nothing_where_all_is_well(studyapp: Run, database: Path) -> None:
    code, out, _ = studyapp("doctor")
    assert code == 0
    assert out.splitlines()[:2] == [
        "The file is sound, and so is every row in it.",
        "What is derived of the answers is what they come to.",
    ]
    code, out, _ = studyapp("doctor", "--format", "json")
    assert json.loads(out)["problems"] == []


def test_the_doctor_says_where_everything_is(studyapp: Run) -> None:
    code, out, _ = studyapp("doctor", "--where")
    assert code == 0
    assert f"answers and exams: {find_paths().database}\n" in out
    assert not find_paths().database.exists(), "looking makes nothing"
    assert studyapp("doctor") == (0, "Nothing is remembered yet.\n", "")


def test_the_doctor_finds_and_mends_what_is_derived(studyapp: Run, database: Path) -> None:
    change(database, "UPDATE memory SET stability = 77 WHERE question_id = 'a'")
    code, out, _ = studyapp("doctor")
    assert (code, "the answers to p/a is not what they come to" in out) == (1, True)
    code, out, _ = studyapp("doctor", "--rebuild")
    assert (code, "Made anew; 1 were wrong: p/a." in out) == (0, True)
    assert "Made anew; nothing had been wrong." in studyapp("doctor", "--rebuild")[1]


def test_the_doctor_finds_what_never_happened(studyapp: Run, database: Path) -> None:
    change(database, "UPDATE review SET verdict = 'maybe' WHERE question_id = 'a'")
    code, out, _ = studyapp("doctor")
    assert code == 1
    assert out.startswith("Not well: row 1 of review: ")
    assert 'Put one of your backups in its place with "studyapp restore"' in out


def test_the_doctor_says_what_to_do_about_a_file_of_a_newer_studyapp(studyapp: Run, database: Path) -> None:
    change(database, "UPDATE alembic_version SET version_num = '9999'")
    code, out, _ = studyapp("doctor")
    assert (code, "\nUpdate studyapp, or name another folder in STUDYAPP_HOME.\n" in out) == (1, True)
    assert "restore" not in out


def test_the_doctor_finds_a_damaged_file(studyapp: Run, database: Path) -> None:
    database.write_bytes(b"nothing like it" * 999)
    code, out, _ = studyapp("doctor")
    assert (code, "is damaged, or is not a database" in out) == (1, True)
    assert 'Put one of your backups in its place with "studyapp restore"' in out


def test_a_goal_is_set_and_told(studyapp: Run) -> None:
    code, out, _ = studyapp("goal")
    assert code == 0
    assert out.splitlines()[0] == "Windows clustering: no exam set, 20 min a day."
    code, out, _ = studyapp("goal", "--exam", "2199-12-14", "--minutes", "35")
    assert out.splitlines()[0] == "Windows clustering: exam on 2199-12-14, 35 min a day."
    assert out.splitlines()[1].startswith("The exam is in ")
    code, out, _ = studyapp("goal", "--format", "json")
    told = json.loads(out)
    assert (told["exam"], told["minutes"]) == ("2199-12-14", 35)
    passed = studyapp("goal", "--exam", "2020-02-29")[1].splitlines()[0]
    assert passed == "Windows clustering: exam on 2020-02-29, which is past, 35 min a day."
    assert studyapp("goal", "--exam", "none")[1].splitlines()[0] == "Windows clustering: no exam set, 35 min a day."


def test_a_backup_is_made_when_the_store_is_opened(studyapp: Run, database: Path) -> None:
    shutil.rmtree(find_paths().backups, ignore_errors=True)
    studyapp("goal")
    assert len(list(find_paths().backups.iterdir())) == 1
    studyapp("goal")
    assert len(list(find_paths().backups.iterdir())) == 1
