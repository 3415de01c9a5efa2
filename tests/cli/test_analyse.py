"""The command that tells what a service survives, and what would make a claim hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.cli.main import main

FOUR = """
title: Four nodes, no witness
release: ws2016
storage: {san: {kind: array}}
hosts: {n1: {}, n2: {}, n3: {}, n4: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3, n4]}}
roles: {sql: {cluster: c, owner: n1, storage: san}}
services: {db: {role: sql}}
"""


@pytest.fixture
def four(tmp_path: Path) -> str:
    """A file with four nodes and no witness."""
    file = tmp_path / "four.yaml"
    file.write_text(FOUR, encoding="utf-8")
    return str(file)


def test_single_points_cut_sets_and_the_table(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", four, "--service", "db", "--faults", "2"]) == 0
    told = capsys.readouterr().out
    assert "Single points of failure: san" in told
    assert "may take it down, by chance (and no smaller part of which does): 6" in told
    assert "n1 + n2  in 50 % of all cases" in told
    assert "2      10          0           6  none" in told


def test_as_json_over_hosts_alone(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", four, "--service", "db", "--of", "hosts", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["single_points"] == []
    assert told["cut_sets"] == told["gone"] == []
    assert {"faults": ["n3", "n4"], "share": 0.5} in told["by_chance"]
    assert told["survived"][1:] == [
        {"faults": 1, "sets": 4, "survived": 4, "depends": 0},
        {"faults": 2, "sets": 6, "survived": 0, "depends": 6},
    ]


def test_the_least_change(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", four, "--make", 'survives("db", 2)']) == 0
    assert "c had a file share witness in a third place" in capsys.readouterr().out
    assert main(["analyse", four, "--make", 'survives("db", 1)']) == 0
    assert "true already" in capsys.readouterr().out
    assert main(["analyse", four, "--make", 'owner("sql") == "none"', "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["remedies"] == []


WRONG = {
    ("--service", "dbx"): "there are: db, sql",
    ("--service", "db", "--faults", "-1"): "from 0 to 16",
    ("--service", "db", "--of", "racks"): "hosts, vms",
    ("--make", 'owner("sqll")'): "did you mean sql?",
    ("--make", "1 +"): "column",
    (): "there are: db, sql",
}


@pytest.mark.parametrize("words", WRONG, ids=[" ".join(words) for words in WRONG])
def test_what_cannot_be_answered_is_said_on_one_line(
    words: tuple[str, ...], four: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", four, *words]) == 2
    said = capsys.readouterr().err
    assert WRONG[words] in said
    assert said.count("\n") == 1


def test_several_scenarios_or_a_bad_one_end_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(f"{FOUR}---{FOUR}", encoding="utf-8")
    assert main(["analyse", str(file), "--service", "db"]) == 2
    assert "one scenario at a time" in capsys.readouterr().err
    file.write_text("release: ws1999\nhosts: {a: {}}\n", encoding="utf-8")
    assert main(["analyse", str(file), "--service", "db"]) == 2
    assert "two.yaml:1:10" in capsys.readouterr().err
    assert main(["analyse", str(tmp_path / "none.yaml"), "--service", "db"]) == 2
    assert "none.yaml" in capsys.readouterr().err
