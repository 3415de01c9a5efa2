"""What docs/packs/format.md says that is in no table: its beginning, what sections are, and examples."""

from __future__ import annotations

HEAD = """\
# The format of packs

Every file, key, verb and function that a pack may use, with what it takes and what it means. This page is made from the
program's own tables, so it says what this version reads.

- To learn how to write a pack, begin with [the tutorial](tutorial.md).
- How each kind of question is answered is told in [kinds of questions](../question-kinds.md), what a check may find in
  [what a check of a pack finds](../pack-findings.md).
- `studyapp pack schema` gives the same tables to your editor, which then completes and checks what you type.

Keys in **bold** must be there.
"""

TERMS = """\
```yaml
heartbeat: A short message that each member sends at a steady beat.
node:
  text: A member of a *failover cluster*.
  also: [nodes]
```"""
"""A glossary."""

SECTIONS_OF_EXAMS = """\
The questions outside sections come first, then the sections as they are written. Outside sections, and in those that
are not locked, one may go back and forth, change answers and mark questions until the exam is handed in. A key shows
the cluster of a case study, as it is before anything happens, with each of its questions.

A **locked** section is like the series of the vendor's exams, where the same problem is asked about again and again:
whoever goes on from a question that is answered cannot come back to it, and whoever leaves the section cannot come back
to any of it. Both is said before it begins, and leaving is confirmed. In the vendor's exams every section closes when
it is left: lock those of an exam that is to be like them.

A section draws from the objectives of `draw`, or from all questions of the pack on its `scenario`: those that name it,
and of those that vary `scenario` the variants in which it is that one. What a question says otherwise by `with` its own
picture shows. In an exam with sections no question is asked twice, not even in another variant. Whether it can be drawn
does not depend on chance then, so that the check proves it for every sitting.
"""
"""What sections of an exam are."""

EXAM = """\
```yaml
title: With a case study
extends: first-try
questions: 10
sections:
  - {title: Case study, scenario: branch-office, questions: 4}
  - {title: Series, scenario: three-nodes, questions: 3, locked: true}
```"""
"""An exam with sections."""
