"""The model does what its golden traces say, and its version tells when either changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cluster import simulate
from studyapp.packs.facts import BadFacts, load_facts, model_version, read_version
from studyapp.packs.scenarios import load_scenario
from tests.cluster.traces import FOLDER, model_digest, parts, traced

GOLDEN = sorted(FOLDER.glob("*.txt"))
RULES_AT_WORK = 38
RENEW = "read what changed, then run python -m tests.cluster.traces"


@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_a_trace_is_as_it_was(path: Path) -> None:
    scenario, trace = parts(path)
    assert traced(scenario) == trace, RENEW


def test_the_version_goes_with_the_facts_and_the_traces() -> None:
    assert model_version() == model_digest(), RENEW


def test_the_traces_show_what_the_model_can_do() -> None:
    """Every rule that some event of the outcome cases names is at work in a trace; others only speak in reasons."""
    seen = {
        event.rule
        for path in GOLDEN
        for branch in simulate(load_scenario(parts(path)[0])).branches
        for event in branch.trace.events
    }
    assert len(GOLDEN) >= 24
    assert len(seen & set(load_facts().rules)) >= RULES_AT_WORK


def test_a_changed_trace_changes_the_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = model_digest()
    for path in GOLDEN:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr("tests.cluster.traces.FOLDER", tmp_path)
    assert model_digest() == before
    first = tmp_path / GOLDEN[0].name
    first.write_text(first.read_text(encoding="utf-8").replace("settled", "at rest"), encoding="utf-8")
    assert model_digest() != before


@pytest.mark.parametrize("text", ["", 'version = ""\n', "version = 3\n", "version =\n"])
def test_a_damaged_version_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.toml").write_text(text)
    with pytest.raises(BadFacts, match=r"model\.toml"):
        read_version(tmp_path)
