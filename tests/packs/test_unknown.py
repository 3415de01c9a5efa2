"""What is not proved, where what happens cannot be known to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packs.cases import check_files

CHANCE = """\
title: Four hosts, and nothing says where sql goes
release: ws2012r2
storage: {san: {kind: array}}
hosts: {h1: {}, h2: {}, h3: {}, h4: {}}
clusters:
  c: {kind: failover, nodes: [h1, h2, h3, h4], witness: {share: z}, heartbeat: {same_subnet_threshold: 5}}
roles:
  sql: {cluster: c, owner: h1, storage: san}
timeline:
  - crash: h1
  - crash: h2
"""
ASKED = {
    "choice": '---\nWhere?\n\n- [certain(moved("sql"))] Elsewhere.\n- [certain(not moved("sql"))] Here.\n',
    "number": 'answer: failovers("sql")\n---\nHow often?\n',
    "order": "events:\n  - {crash: h1, text: lost}\n  - {online: sql, text: online}\n---\nWhat first?\n",
}


@pytest.mark.parametrize("kind", ASKED)
def test_nothing_is_proved_where_chance_has_too_many_courses(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studyapp.cluster.simulation.MAX_BRANCHES", 1)
    front = f"---\nkind: {kind}\nobjective: hosts\nscenario: chance\n"
    lesson = (
        '---\ntitle: L\n---\nText.\n\n```claim chance\n- crash: [h1]\n- crash: h2\n- claims:\n    - up("h3")\n```\n'
    )
    files = {
        "scenarios/chance.yaml": CHANCE,
        "questions/chance.md": f"{front}{ASKED[kind]}\n## Why\nSo it is.\n",
        "lessons/chance.md": lesson,
    }
    errors = [problem for problem in check_files(tmp_path, files).problems if problem.severity == "error"]
    assert {problem.path for problem in errors} == {"questions/chance.md", "lessons/chance.md"}
    assert {problem.code for problem in errors} == {"depends"}
    assert all("too many courses" in problem.message for problem in errors)
