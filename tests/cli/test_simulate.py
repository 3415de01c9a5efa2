"""What `simulate` prints for programs: the shape that the command line promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.cli.main import main

CHANGED = """
id: changed
release: ws2012r2
hosts: {n1: {}, n2: {}, n3: {}, n4: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3]}}
timeline: [{evict: n1}, {join: n4, to: c}]
"""


def test_the_end_names_the_nodes_that_the_cluster_has_then(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "changed.yaml"
    file.write_text(CHANGED, encoding="utf-8")
    assert main(["simulate", str(file), "--format", "json", "--no-trace"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["end"]["clusters"]["c"]["nodes"] == {"n4": "Up", "n2": "Up", "n3": "Up"}
    assert "trace" not in told


def test_a_bad_document_has_its_line_among_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "many.yaml"
    bad = CHANGED.replace("changed", "bad").replace("evict", "evikt")
    file.write_text("---".join([CHANGED, bad, CHANGED.replace("changed", "last")]), encoding="utf-8")
    assert main(["simulate", str(file), "--format", "jsonl", "--no-trace"]) == 2
    printed = capsys.readouterr()
    told = [json.loads(line) for line in printed.out.splitlines()]
    assert [one["id"] for one in told] == ["changed", "bad", "last"]
    assert ["error" in one for one in told] == [False, True, False]
    assert "evict" in told[1]["error"]
    assert "evikt" in printed.err
