"""The page on kinds of questions tells every kind, key, edit and code that there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studyapp.cluster.kinds import COMPONENT_KINDS
from studyapp.packs.edits import VERBS
from studyapp.packs.kinds.table import PART_KEYS, READERS
from studyapp.questions.goals import MOST_FAULTS, MOST_TRIED
from studyapp.questions.values import POINTABLE
from tests.house import pages
from tests.house.tree import ROOT
from tests.packs.broken import SOUND
from tests.packs.cases import GOLDEN, cases, check_files

SHIPPED = ROOT / "content" / "windows-clustering" / "scenarios"
PAGE = (ROOT / "docs" / "question-kinds.md").read_text(encoding="utf-8")


def column(head: str) -> list[str]:
    """The first cells of the table with this head."""
    rows = PAGE.split(f"| {head} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [row.split("|")[1].strip() for row in rows]


def test_every_kind_is_told() -> None:
    assert [word.strip("`") for word in column("kind")] == [*READERS, "lab"]


def test_every_key_is_told() -> None:
    for key in PART_KEYS:
        assert re.search(rf"`{key}[`:]|^{key}: ", PAGE, re.MULTILINE), key


def test_every_edit_is_told() -> None:
    told = {found for cell in column("edit") for found in re.findall(r"\{([\w-]+): ", cell)[:1]}
    assert told == set(VERBS)


def test_what_there_is_to_choose_from_is_told() -> None:
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([a-z ]+)`", PAGE))))
    assert words >= {*POINTABLE, *COMPONENT_KINDS}


def test_the_limits_are_told() -> None:
    assert MOST_FAULTS == 5
    assert "at most five" in PAGE
    assert f"the first {MOST_TRIED:,} sets" in PAGE


def test_every_code_is_shown_by_a_golden_case() -> None:
    told = {code for cell in column("code") for code in re.findall(r"`([\w-]+)`", cell)}
    shown = {line.split(": ")[2] for path in GOLDEN.glob("*.txt") for case in cases(path.name) for line in case.finds}
    assert not told - shown


# -- the examples -----------------------------------------------------------------------------------------------------

STAGES = {
    "five-nodes": SHIPPED / "five-nodes.yaml",
    "three-nodes": SHIPPED / "three-nodes.yaml",
    "pair": SOUND / "scenarios" / "pair.yaml",
}
TWO_NODES = """\
title: Two nodes, a machine beside them, and a disk that may become the witness
extends: pair
storage: {quorum: {kind: array}}
hosts:
  n1: {storage: [san, quorum]}
  n2: {storage: [san, quorum]}
"""
CRASH = "kind: {kind}\nscenario: three-nodes\ntimeline:\n  - crash: n1\n"
"""What stands before an example that is no whole front matter."""


def examples() -> list[pages.Block]:
    return list(pages.blocks(ROOT / "docs" / "question-kinds.md"))


@pytest.mark.parametrize("block", examples(), ids=lambda block: f"line {block.line}")
def test_the_examples_are_right(block: pages.Block, tmp_path: Path) -> None:
    front, answer = (CRASH.format(kind="match"), block.text) if block.language == "markdown" else (block.text, "")
    if "kind:" not in front:
        front = CRASH.format(kind="order") + front
    question = f"---\nobjective: hosts\n{front}---\nAs the page has it?\n\n{answer}\n## Why\nIt is an example.\n"
    stages = {f"scenarios/{name}.yaml": path.read_text(encoding="utf-8") for name, path in STAGES.items()}
    stages["scenarios/two-nodes.yaml"] = TWO_NODES
    report = check_files(tmp_path, {**stages, "questions/example.md": question})
    assert [problem.format() for problem in report.problems] == []


def test_there_is_an_example_where_one_is_needed() -> None:
    shown = {found for block in examples() for found in re.findall(r"^kind: (\S+)", block.text, re.MULTILINE)}
    assert shown >= {"number", "text", "break", "design"}
