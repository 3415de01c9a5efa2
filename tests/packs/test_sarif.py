"""SARIF as a code host takes it: what the schema requires is there, and nothing acts in its text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studyapp.cli.main import main
from studyapp.packs.codes import CODES
from studyapp.packs.problems import Problem
from studyapp.packs.sarif import sarif
from tests.packs.cases import RIGHT, write_pack

# What SARIF 2.1.0 requires of each kind of object that is written here, and of what kind its parts are.
REQUIRED = {
    "log": ({"version", "runs"}, {"runs": "run"}),
    "run": ({"tool"}, {"tool": "tool", "results": "result", "invocations": "invocation"}),
    "tool": ({"driver"}, {"driver": "component"}),
    "component": ({"name"}, {"rules": "rule"}),
    "rule": ({"id"}, {"shortDescription": "text", "help": "text"}),
    "invocation": ({"executionSuccessful"}, {}),
    "result": ({"message"}, {"message": "text", "locations": "location"}),
    "location": (set(), {"physicalLocation": "physical"}),
    "physical": ({"artifactLocation"}, {"artifactLocation": "artifact", "region": "region"}),
    "artifact": ({"uri"}, {}),
    "region": ({"startLine"}, {}),
    "text": ({"text"}, {}),
}


def check_object(found: Any, kind: str) -> None:
    required, parts = REQUIRED[kind]
    assert isinstance(found, dict)
    assert required <= set(found), kind
    for name, inner in parts.items():
        for part in (
            found.get(name, ()) if isinstance(found.get(name), list) else [found[name]] if name in found else ()
        ):
            check_object(part, inner)


def check_log(log: Any) -> dict[str, Any]:
    """The one run of a log that is as the standard asks."""
    check_object(log, "log")
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    [run] = log["runs"]
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        [place] = [each["physicalLocation"] for each in result["locations"]]
        region = place.get("region", {"startLine": 1, "startColumn": 1})
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
    return dict(run)


def test_the_command_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = RIGHT["questions/good.md"].replace('[not moved("sql")]', '[up("host2")]')
    write_pack(tmp_path / "my pack", {"questions/good.md": wrong, "questions/notes.txt": "Where does this belong?\n"})
    assert main(["pack", "check", "my pack", "--format", "sarif"]) == 1
    said = capsys.readouterr()
    run = check_log(json.loads(said.out))
    assert said.err == ""
    assert run["invocations"] == [{"executionSuccessful": True}]
    by_code = {result["ruleId"]: result for result in run["results"]}
    assert set(by_code) == {"no-right-option", "several-right-options", "unknown-file"}
    none = by_code["no-right-option"]
    assert none["level"] == "error"
    assert none["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "my%20pack/questions/good.md"},
        "region": {"startLine": 12, "startColumn": 3},
    }
    assert none["properties"]["variant"] == "host = host2"
    assert none["properties"]["trace"][0].startswith("00:00  host2 loses its power")
    assert "region" not in by_code["unknown-file"]["locations"][0]["physicalLocation"], "the file as a whole"


def test_a_pack_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["pack", "check", str(tmp_path / "empty"), "--format", "sarif"]) == 2
    run = check_log(json.loads(capsys.readouterr().out))
    assert run["invocations"] == [{"executionSuccessful": False}]
    assert [result["ruleId"] for result in run["results"]] == ["no-pack"]


def test_every_code_can_be_told() -> None:
    problems = [Problem("a.md", 1, 1, code, "what is wrong") for code in CODES]
    run = check_log(sarif(problems, "1.0", str))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(CODES)
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}


def test_hostile_text_is_inert() -> None:
    words = "a\x1b[31m \u202e {0} [click](http://bad.example)"
    [result] = check_log(sarif([Problem("q/\x1b\u202e.md", 1, 1, "yaml", words, None, words)], "1", str))["results"]
    text = result["message"]["text"]
    assert text == "a\\x1b[31m \\u202e {{0}} [click] (http://bad.example)"
    assert json.dumps(result).isprintable()
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "q/%1B%E2%80%AE.md"


def test_a_finding_that_moves_is_the_same_finding() -> None:
    def mark(line: int, message: str = "m") -> str:
        log = sarif([Problem("a.md", line, 1, "yaml", message)], "1", str)
        return str(log["runs"][0]["results"][0]["partialFingerprints"])

    assert mark(1) == mark(7) != mark(7, "other")
