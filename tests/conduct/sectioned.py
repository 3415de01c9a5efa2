"""An exam with a case study and a locked section, laid beside the small pack of the faces' tests."""

from __future__ import annotations

from pathlib import Path

EASY = """\
---
kind: choice
objective: hosts
static: only to be asked
shuffle: false
---
What is {number} + 0?

- [x] {number}
- [ ] 0

## Why
Nothing is added.
"""

EXAM = """\
title: In sections
extends: short
questions: 5
draw:
  - {objective: hosts, share: 100}
sections:
  - {title: The pair, scenario: pair, questions: 2}
  - {title: In a row, questions: 2, locked: true}
"""


def write_sections(folder: Path, exam: str = EXAM) -> None:
    """Add the exam, and questions enough: one is asked outside sections, then two on the pair, then two in a row."""
    for name, number in (("one", 1), ("two", 2), ("three", 3)):
        path = folder / "questions" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(EASY.replace("{number}", str(number)), encoding="utf-8")
    (folder / "exams").mkdir(exist_ok=True)
    (folder / "exams" / "with-sections.yaml").write_text(exam, encoding="utf-8")
