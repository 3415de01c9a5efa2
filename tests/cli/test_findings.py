"""What validation says, and what was refused, as `simulate` tells it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.cli.main import main

TWO = """
title: Two nodes and a cloud
release: ws2012r2
hosts: {n1: {}, n2: {}}
clusters: {c: {kind: failover, nodes: [n1, n2], witness: {cloud: azure}, heartbeat: {same_subnet_threshold: 6}}}
timeline: [{set: c, property: SameSubnetThreshold, value: 121}, {resume: n1}]
claims: ['finding("QRM002")', 'supported("c")', 'finding("OPS012")', 'at(0, finding("OPS012"))']
"""


@pytest.fixture
def two(tmp_path: Path) -> str:
    """A file with two nodes and a witness that their release has not got."""
    file = tmp_path / "two.yaml"
    file.write_text(TWO, encoding="utf-8")
    return str(file)


def test_findings_as_json(two: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", two, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [claim["value"] for claim in told["claims"]] == [True, False, True, True]
    cloud, patience, value, resumed = told["findings"]
    assert all(set(f) == {"rule", "severity", "subject", "property", "text", "source"} for f in told["findings"])
    assert (cloud["rule"], cloud["severity"], cloud["subject"], cloud["property"]) == ("QRM002", "error", "c", None)
    assert cloud["text"] == "The witness of c is in the cloud; that came with Windows Server 2016."
    assert cloud["source"].startswith("What's new in failover clustering: ")
    assert (patience["rule"], patience["severity"]) == ("NET002", "warning")
    assert "waits 6 s for a node on its own subnet and only 5 s for" in patience["text"]
    assert (value["rule"], value["subject"], value["property"]) == ("OPS009", "c", "SameSubnetThreshold")
    assert "3 to 120" in value["text"]
    assert (resumed["rule"], resumed["subject"], resumed["property"]) == ("OPS012", "n1", None)


def test_findings_as_text(two: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", two]) == 0
    told = capsys.readouterr().out
    assert "What validation says" in told
    assert "error    QRM002  The witness of c is in the cloud" in told


def test_nothing_is_said_where_nothing_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "right.yaml"
    file.write_text("release: ws2012r2\nhosts: {h1: {}}\nvms: {v1: {host: h1}}\n", encoding="utf-8")
    assert main(["simulate", str(file)]) == 0
    assert "validation" not in capsys.readouterr().out
