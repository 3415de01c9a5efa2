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
FARM = """
release: ws2016
hosts: {h1: {}, h2: {}}
vms: {w1: {host: h1}, w2: {host: h2}}
clusters: {f: {kind: nlb, nodes: [w1, w2], mode: multicast}}
services: {web: {nlb: f, port: 80}}
"""
WHOLE = """\
What db survives: Four nodes, no witness (ws2016)

May fail at once: n1, n2, n3, n4 and san

Single points of failure: san

Smallest sets of 2 that take it down: none

Smallest sets of 2 that take it down, by chance: 6
  n1 + n2   in 50 % of all cases
  n1 + n3   in 50 % of all cases
  n1 + n4   in 50 % of all cases
  n2 + n3   in 50 % of all cases
  n2 + n4   in 50 % of all cases
  n3 + n4   in 50 % of all cases

Smallest sets of 3 that take it down: 4
  n1 + n2 + n3
  n1 + n2 + n4
  n1 + n3 + n4
  n2 + n3 + n4

Faults at once   Sets   Survived   By chance   Down
             0      1          1           0      0
             1      5          4           0      1
             2     10          0           6      4
             3     10          0           0     10

By chance: what is equally likely decides, such as which node of an even number
has no vote, or which client asks. To see it: studyapp simulate FILE --explain
'cut_sets("db", 3)'
"""


@pytest.fixture
def four(tmp_path: Path) -> str:
    """A file with four nodes and no witness."""
    file = tmp_path / "four.yaml"
    file.write_text(FOUR, encoding="utf-8")
    return str(file)


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints when it can answer."""
    assert main(["analyse", *words]) == 0
    return capsys.readouterr().out


def test_what_is_survived(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said([four, "--service", "db", "--faults", "3"], capsys) == WHOLE


def test_what_is_gone_and_what_falls_by_chance_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gone.yaml"
    file.write_text(FOUR + "timeline: [{crash: n1}, {crash: n2}]\n", encoding="utf-8")
    told = said([str(file), "--service", "db", "--faults", "1", "--of", "hosts"], capsys)
    assert "May fail at once: n3 and n4\nGone already: n1 and n2\n" in told
    assert "Single points of failure: none\n" in told
    assert "Single points of failure, by chance: 2\n  n3   in 50 % of all cases\n" in told


@pytest.mark.parametrize(
    "more, line",
    [
        ("timeline: [{lose: san}]", "db is down even if nothing more fails."),
        ("timeline: [{crash: [n1, n2]}]", "db is down in 50 % of all cases even if nothing more fails."),
    ],
)
def test_a_service_that_is_down_already(
    more: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "down.yaml"
    file.write_text(f"{FOUR}{more}\n", encoding="utf-8")
    assert line in said([str(file), "--service", "db", "--faults", "1"], capsys)


def test_nothing_that_could_fail_and_no_fault(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "May fail at once: nothing\n" in said([four, "--service", "sql", "--of", "vms"], capsys)
    told = said([four, "--service", "db", "--faults", "0"], capsys)
    assert "Single points" not in told
    assert told.endswith("             0      1          1           0      0\n")


def test_of_many_the_text_lists_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "many.yaml"
    names = [f"n{number}" for number in range(30)]
    hosts = ", ".join(f"{name}: {{}}" for name in names)
    cluster = f"c: {{kind: failover, nodes: [{', '.join(names)}], quorum: node-majority}}"
    roles = "roles: {sql: {cluster: c, owner: n0, possible: [n0, n1]}}"
    file.write_text(f"release: ws2016\nhosts: {{{hosts}}}\nclusters: {{{cluster}}}\n{roles}\n", encoding="utf-8")
    told = said([str(file), "--service", "sql"], capsys)
    assert "n23 and 6 more" in " ".join(told.split())
    assert "Smallest sets of 2 that take it down: 1\n  n0 + n1\n" in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_as_json_over_hosts_alone(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said([four, "--service", "db", "--of", "hosts", "--format", "json"], capsys))
    assert told["single_points"] == told["cut_sets"] == told["gone"] == []
    assert {"faults": ["n3", "n4"], "share": 0.5} in told["by_chance"]
    assert told["survived"][1:] == [
        {"faults": 1, "sets": 4, "survived": 4, "depends": 0},
        {"faults": 2, "sets": 6, "survived": 0, "depends": 6},
    ]


def test_the_least_change(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said([four, "--make", 'survives("db", 2)'], capsys)
    assert "This is false now. With one change it would be true: if\n  - c had a file share witness" in told
    assert "one at a time: " in " ".join(told.split())
    assert "and 1 of a witness." in " ".join(told.split())
    assert "This is true already." in said([four, "--make", 'survives("db", 1)'], capsys)
    told = said([four, "--make", 'survives("db", 3)'], capsys)
    assert "This is false now, and no single change and no two together make it true." in told
    assert "tried, one at a time and in every pair: " in " ".join(told.split())
    told = said([four, "--make", '"n1 + n2" in cut_sets("db", 2)'], capsys)
    assert "This is true now in 50 % of all cases. With one change" in told


def test_the_least_change_as_json(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said([four, "--make", 'survives("db", 2)', "--format", "json"], capsys))
    text = "c had a file share witness in a third place"
    assert told["remedies"] == [[{"kind": "witness", "text": text}]]
    assert (told["now"], told["costs"]) == (0.0, [[]])
    assert told["tried"]["complete"] is True
    told = json.loads(said([four, "--make", 'owner("sql") == "none"', "--format", "json"], capsys))
    assert told["remedies"] == []
    assert told["tried"]["changes"] == 2


def test_a_change_that_costs_something_says_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "farm.yaml"
    file.write_text(FARM, encoding="utf-8")
    told = " ".join(said([str(file), "--make", 'not available("web")'], capsys).split())
    assert "blocked its ports But then web answers nobody even before anything happens." in told
    assert "worked in unicast mode But then web answers nobody" in told
    assert "But then validation reports an error: w1 is a virtual machine in a unicast cluster" in told


def test_a_search_that_ends_early_says_so(
    four: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studyapp.cluster.least_change.MOST_TRIED", 5)
    told = " ".join(said([four, "--make", 'survives("db", 3)'], capsys).split())
    assert "no change that was tried makes it true" in told
    assert "The search ended after 5 runs, before each of them was tried." in told
    monkeypatch.setattr("studyapp.cluster.least_change.MOST_TRIED", 100)
    told = " ".join(said([four, "--make", 'survives("db", 3)'], capsys).split())
    assert "The search ended after 100 runs, before every pair was tried." in told


def test_both_are_told_where_both_are_asked_for(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [four, "--service", "db", "--faults", "2", "--make", 'survives("db", 2)']
    told = said(words, capsys)
    assert said(words[:5], capsys).strip() in told
    assert said([four, *words[5:]], capsys).strip() in told
    found = json.loads(said([*words, "--format", "json"], capsys))
    assert found["service"] == "db"
    assert found["claim"] == 'survives("db", 2)'


WRONG = {
    ("--service", "dbx"): "four.yaml has no service or role 'dbx'; did you mean db?",
    ("--service", "web"): "there are: db, sql",
    ("--service", "db", "--faults", "-1"): "a number from 0 to 16 is needed, not -1",
    ("--service", "db", "--of", "host"): "there is no kind of component 'host'; did you mean hosts?",
    ("--service", "db", "--of", "hosts,racks"): "'racks'; there are: hosts, vms",
    ("--make", 'owner("sqll")'): "column 7: 'sqll' is not the name of a role; did you mean sql?",
    ("--make", "1 +"): "column",
    ("--make", "1 / 0 == 1"): "column 1: division by zero",
    ("--make", 'owner("sql")'): "true or false is needed",
    ("--make", "1 == 1", "--faults", "2"): "--faults goes with --service",
    (): "there are: db, sql",
}


@pytest.mark.parametrize("words", WRONG, ids=[" ".join(words) for words in WRONG])
def test_what_cannot_be_answered_is_said_on_one_line(
    words: tuple[str, ...], four: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", four, *words]) == 2
    told = capsys.readouterr().err
    assert WRONG[words] in told
    assert told.count("\n") == 1


def test_several_scenarios_or_a_bad_one_end_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(f"{FOUR}---{FOUR}", encoding="utf-8")
    assert main(["analyse", str(file), "--service", "db"]) == 2
    assert "two.yaml: one scenario at a time, and this has 2" in capsys.readouterr().err
    file.write_text("release: ws1999\nhosts: {a: {}}\n", encoding="utf-8")
    assert main(["analyse", str(file), "--service", "db"]) == 2
    assert "two.yaml:1:10" in capsys.readouterr().err
    assert main(["analyse", str(tmp_path / "none.yaml"), "--service", "db"]) == 2
    assert "none.yaml" in capsys.readouterr().err
