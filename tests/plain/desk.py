"""A small pack, services whose clock is set by hand, and somebody who types."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from studyapp.packs.pack import Pack, load_pack
from studyapp.plain.talk import Talk
from studyapp.wiring import Paths, Services, make_services

PACK = {
    "pack.yaml": """
format: 1
id: small
title: Small things
version: 1.0.0
authors: [nobody]
license: CC-BY-4.0
language: en
objectives:
  - {id: hosts, title: Hosts and silence, weight: 60}
  - {id: votes, title: Votes, weight: 40}
""",
    "scenarios/pair.yaml": """
title: Two hosts and a disk
release: ws2008r2
networks:
  lan: {}
storage:
  san: {kind: array}
hosts:
  host1: {networks: [lan], storage: [san], features: [hyper-v]}
  host2: {networks: [lan], storage: [san], features: [hyper-v]}
vms:
  vm1: {host: host1, networks: [lan], integration_services: true}
clusters:
  hv: {kind: failover, nodes: [host1, host2], witness: {disk: san}, quorum: node-and-disk-majority}
roles:
  vm1: {cluster: hv, owner: host1, vm: vm1, storage: san, heartbeat_monitoring: false, starts_in: 60s}
services:
  app: {runs_on: vm1}
""",
    "scenarios/alone.yaml": """
title: One host alone
release: ws2008r2
networks:
  lan: {}
hosts:
  host1: {networks: [lan], storage: [], features: [hyper-v]}
vms:
  vm1: {host: host1, networks: [lan], integration_services: true}
services:
  app: {runs_on: vm1}
""",
    "questions/crash.md": """
---
kind: choice
objective: hosts
scenario: pair
shuffle: false
timeline:
  - crash: host1
---
**host1** loses its power. What becomes of vm1?

- [host_of("vm1") == "host2" and up("vm1")] It starts on host2.
  > The other host is free.
- [not up("vm1")] It stays down.
  > Only where nothing is clustered.

## Hint
Who misses host1?

## Why
The host that is left starts it again.
""",
    "questions/votes.md": """
---
kind: multi
objective: votes
scenario: pair
shuffle: false
timeline:
  - hang: host2
---
**host2** hangs. What holds?

- [quorum("hv")] The cluster goes on.
- [members("hv") == ["host1"]] host1 is the only member.
- [detected("host1")] host1 is taken for failed.

## Why
A disk and a node are two votes of three.
""",
    "lessons/01-first.md": """
---
title: The first lesson
objectives: [hosts]
minutes: 5
sources: ["A book"]
---
Here is a pair.

```diagram pair
- hang: vm1
```

Press `space` to see what happens. Then read on.

Nothing notices it.

## Compared

```compare pair alone
- crash: host1
```

The left one comes back.

## Asked

```question crash
```

That was all.
""",
    "lessons/02-second.md": """
---
title: The second lesson
objectives: [votes]
---
Nothing but words, and a table.

| who | votes |
| --- | --- |
| host1 | 1 |
| disk | 1 |
""",
    "exams/short.yaml": """
title: A short exam
minutes: 10
questions: 2
pass: 700
pass_share: 0.7
draw:
  - {objective: hosts, share: 50}
  - {objective: votes, share: 50}
mode: exam
""",
}

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def write_pack(folder: Path) -> Path:
    """The small pack, written to a folder."""
    for name, text in PACK.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.removeprefix("\n"), encoding="utf-8")
    return folder


@dataclass
class Clock:
    """A clock that moves by `step` each time it is read."""

    now: datetime = START
    step: timedelta = timedelta(seconds=1)

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


@dataclass
class Desk:
    """A pack, services, and what was said last."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    said: str = ""

    def __post_init__(self) -> None:
        pack, problems = load_pack(write_pack(self.folder / "small"))
        assert pack is not None, problems
        assert not problems
        self.pack: Pack = pack
        ids = count()
        self.services: Services = make_services(
            paths=Paths(self.folder / "data", self.folder / "cache"),
            content=self.folder,
            now=self.clock,
            entropy=lambda: 7,
            new_id=lambda: f"id-{next(ids)}",
        )

    def type(self, begin: Callable[[Talk], None], *lines: str) -> str:
        """Begin something and type lines; what was said."""
        sink = io.StringIO()
        begin(Talk(io.StringIO("".join(f"{line}\n" for line in lines)), sink, 80))
        self.said = sink.getvalue()
        return self.said
