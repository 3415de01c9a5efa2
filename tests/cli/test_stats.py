"""`stats` from outside: the same figures as text, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studyapp.cli.main import main
from studyapp.store.store import Store
from studyapp.wiring import find_paths
from tests.conduct.small import write_pack
from tests.study.answers import answer

TABLES = ["totals", "readiness", "days", "forecast", "mastery", "retention"]
TABLES += ["calibration", "misconceptions", "exams", "weeks"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The small pack, whose questions have been answered on each of the last thirty days."""
    folder = write_pack(tmp_path / "small")
    now = datetime.now(UTC)
    with Store(find_paths().database) as store:
        for day in range(30, 0, -1):
            for number, question in enumerate(("hangs", "lost", "sum")):
                at = now - timedelta(days=day, minutes=number)
                right = day < 28 or number == 2
                made = answer(question, "right" if right else "wrong", pack="small")
                store.record_review(
                    replace(made, id=f"{day}-{number}", answered_at=at, shown_at=at - timedelta(seconds=30))
                )
    return folder


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def test_as_json(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, "stats", str(pack), "--format", "json"))
    assert list(found) == ["pack", "day", *TABLES]
    [totals] = found["totals"]
    assert (totals["answers"], totals["questions_seen"], totals["questions"]) == (90, 3, 3)
    assert sum(each["answers"] for each in found["days"]) == 90
    [ready] = found["readiness"]
    assert ready["enough"] is True
    assert 0.8 < ready["score_low"] < ready["score"] < ready["score_high"] <= 1
    assert [each["objective"] for each in found["mastery"]] == ["hosts", "sums"]
    [retention] = found["retention"]
    assert (retention["recalls"], retention["target"]) == (87, 0.9)
    assert sum(each["recalls"] for each in found["weeks"]) == 87
    assert sum(each["answers"] for each in found["weeks"]) == 90
    assert sum(each["minutes"] for each in found["weeks"]) == pytest.approx(45, abs=0.1)
    assert [len(found["forecast"]), found["forecast"][0]["due"]] == [28, totals["due_today"]]
    [belief] = found["misconceptions"]
    assert (belief["misconception"], belief["times"], belief["gone"]) == ("half-is-enough", 6, True)


def test_as_csv(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    as_json = json.loads(told(capsys, "stats", str(pack), "--format", "json"))
    rows = list(csv.reader(io.StringIO(told(capsys, "stats", str(pack), "--format", "csv"))))
    assert rows[0] == ["table", "row", "column", "value"]
    told_of = {(table, int(row), column): value for table, row, column, value in rows[1:]}
    for table in TABLES:
        for number, row in enumerate(as_json[table], start=1):
            for column, value in row.items():
                assert told_of.pop((table, number, column)) == ("" if value is None else str(value))
    assert told_of == {}


def test_as_text(pack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = told(capsys, "stats", str(pack)).splitlines()
    assert max(map(len, lines)) <= 80
    for line in (
        "  90 answers, 93% right, in 45 minutes",
        "  3 of 3 questions met",
        "  An exam today would give",
        "  gone  6 times   half of the votes is enough to go on",
        "  sure          90 answers   93% right (89% to 96%) ",
        "  None so far.",
    ):
        assert any(each.startswith(line) for each in lines), line
    assert sum(each.startswith(("  Mon ", "  Sun ")) for each in lines) == 2


def test_a_locale_of_nothing_but_ascii_is_drawn_in_ascii(
    pack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "█" in told(capsys, "stats", str(pack))
    monkeypatch.setenv("LANG", "C")
    assert told(capsys, "stats", str(pack)).isascii()


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_no_spreadsheet_takes_a_cell_for_a_formula(name: str, pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(find_paths().database)) as connection, connection:
        connection.execute("UPDATE review SET misconception = ? WHERE misconception IS NOT NULL", (name,))
    rows = list(csv.reader(io.StringIO(told(capsys, "stats", str(pack), "--format", "csv"))))
    assert ["misconceptions", "1", "misconception", f"'{name}"] in rows


def test_hostile_text_from_a_pack_or_an_answer_is_shown_harmless(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = sqlite3.connect(find_paths().database)
    with connection:
        connection.execute("UPDATE review SET misconception = 'a\x1b[2Jb' WHERE misconception IS NOT NULL")
    connection.close()
    for form in ("text", "json", "csv"):
        assert "\x1b" not in told(capsys, "stats", str(pack), "--format", form)


def test_a_pack_that_is_not_there_is_told_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "no-such-pack"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
