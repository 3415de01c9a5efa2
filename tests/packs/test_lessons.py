"""A lesson becomes sections of prose and live parts; claims are kept apart."""

from __future__ import annotations

from pathlib import Path

from studyapp.packs.content import Lesson
from studyapp.packs.lesson_parts import CheckpointPart, ComparePart, DiagramPart, Prose
from studyapp.packs.pack import load_pack
from studyapp.packs.prose import Code, ListBlock, plain_text
from tests.packs.cases import write_pack

TEXT = """---
title: Two by two
objectives: [hosts]
minutes: 12
sources: [A book, "Another: one"]
---
Before any heading.[^n]

```diagram trio
```

## First *heading*

Text.

### A smaller one

```powershell
Get-Cluster
```

```compare trio trio
- {at: 3s, hang: [vm1, vm2]}
```
More text.

```claim trio
- crash: host1
- crash: host2
- claims:
    - not quorum("hv")
```

## Empty

# Last

```question good
```

[^n]: A note.
"""


def lesson(tmp_path: Path, text: str) -> Lesson:
    pack, problems = load_pack(write_pack(tmp_path / "pack", {"lessons/02-two.md": text}))
    assert problems == ()
    assert pack is not None
    return pack.lesson("two")


def test_everything_that_a_lesson_may_hold(tmp_path: Path) -> None:
    read = lesson(tmp_path, TEXT)
    assert (read.id, read.title, read.objectives, read.minutes) == ("two", "Two by two", ("hosts",), 12)
    assert read.sources == ("A book", "Another: one")
    assert (read.path, len(read.digest)) == ("lessons/02-two.md", 64)
    assert [(section.title, [type(part) for part in section.parts]) for section in read.sections] == [
        ("Two by two", [Prose, DiagramPart]),
        ("First heading", [Prose, ComparePart, Prose]),
        ("Last", [CheckpointPart]),
        ("Notes", [Prose]),
    ]


def test_its_parts(tmp_path: Path) -> None:
    read = lesson(tmp_path, TEXT)
    before, first, last, notes = (section.parts for section in read.sections)
    assert isinstance(before[0], Prose)
    assert plain_text(before[0].blocks) == "Before any heading.[1]"
    assert isinstance(before[1], DiagramPart)
    assert (before[1].scenario.title, before[1].scenario.timeline) == ("Three clustered hosts", ())
    assert isinstance(first[0], Prose)
    assert first[0].blocks[-1] == Code("powershell", "Get-Cluster")
    assert isinstance(first[1], ComparePart)
    assert first[1].left == first[1].right
    [step] = first[1].left.timeline
    assert (step.at_ms, step.acts[0].verb, step.acts[0].subjects) == (3000, "hang", ("vm1", "vm2"))
    assert last == (CheckpointPart("good"),)
    assert isinstance(notes[0], Prose)
    assert isinstance(notes[0].blocks[0], ListBlock)


def test_claims_are_kept_apart_with_their_places(tmp_path: Path) -> None:
    [block] = lesson(tmp_path, TEXT).claims
    assert [step.acts[0].subjects for step in block.scenario.timeline] == [("host1",), ("host2",)]
    [claim] = block.claims
    assert claim.claim.text == 'not quorum("hv")'
    assert claim.place(5) == (31, 11)
    assert block.line == 27


def test_a_block_without_a_timeline_keeps_the_scenarios_own(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack", {"lessons/02-two.md": TEXT})
    scenario = folder / "scenarios" / "trio.yaml"
    scenario.write_text(scenario.read_text() + "timeline:\n  - crash: host3\n")
    pack, _ = load_pack(folder)
    assert pack is not None
    part = pack.lesson("two").sections[0].parts[1]
    assert isinstance(part, DiagramPart)
    assert part.scenario.timeline[0].acts[0].subjects == ("host3",)
