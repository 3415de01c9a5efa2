"""`studyapp pack schema`: schemas on standard output and in a folder of files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.cli.schema import NAMES
from studyapp.packs.schemas.documents import SCHEMAS
from tests.cli.packs import Told, run

pytestmark = pytest.mark.usefixtures("here")


def test_the_names_are_those_that_there_are() -> None:
    assert tuple(SCHEMAS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_one_is_printed(capsys: Told, name: str) -> None:
    code, out, err = run(capsys, "schema", name)
    assert (code, err) == (0, [])
    assert json.loads("\n".join(out)) == SCHEMAS[name]()


def test_all_are_printed_by_name(capsys: Told) -> None:
    _, out, _ = run(capsys, "schema")
    assert tuple(json.loads("\n".join(out))) == NAMES


def test_files_are_written_and_written_anew(here: Path, capsys: Told) -> None:
    for _ in range(2):
        code, out, err = run(capsys, "schema", "--out", "new/folder")
        assert (code, err) == (0, [])
        assert out == [str(Path("new/folder") / f"{name}.schema.json") for name in NAMES]
    for name in NAMES:
        assert json.loads((here / "new" / "folder" / f"{name}.schema.json").read_text("utf-8")) == SCHEMAS[name]()


def test_one_is_written_alone(here: Path, capsys: Told) -> None:
    assert run(capsys, "schema", "exam", "--out", ".")[0] == 0
    assert [path.name for path in here.iterdir()] == ["exam.schema.json"]


@pytest.mark.parametrize("text", ["mine", "[]", '{"$id": "studyapp:pack"}'])
def test_what_is_something_else_is_left_alone(here: Path, capsys: Told, text: str) -> None:
    other = here / "exam.schema.json"
    other.write_text(text)
    code, out, err = run(capsys, "schema", "--out", ".")
    assert (code, out) == (2, [])
    assert err == ["studyapp pack schema: exam.schema.json is something else: name another folder"]
    assert [path.name for path in here.iterdir()] == ["exam.schema.json"]
    assert other.read_text() == text


def test_a_folder_that_cannot_be_made_is_said(here: Path, capsys: Told) -> None:
    (here / "file").write_text("")
    code, out, err = run(capsys, "schema", "--out", "file")
    assert (code, out) == (2, [])
    assert err == ["studyapp pack schema: file: File exists"]
