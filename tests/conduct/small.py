"""A small pack for tests, and services that a test can look into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from studyapp.exams.sitting import Kept, Sitting
from studyapp.store.errors import FULL, StoreError
from studyapp.store.records import SittingResult
from studyapp.store.store import Store
from studyapp.study.review import Review
from studyapp.wiring import Paths, Services, make_services
from tests.exams.bank import NOON

PACK = """\
format: 1
id: small
title: A small pack
version: 1.0.0
authors: [nobody]
license: CC0-1.0
language: en
objectives:
  - id: hosts
    title: Hosts
    weight: 50
  - id: sums
    title: Sums
    weight: 50
"""

THREE_HOSTS = """\
title: Three hosts
release: ws2008r2
networks: {lan: {}}
storage: {san: {kind: array}}
hosts:
  host1: {networks: [lan], storage: [san]}
  host2: {networks: [lan], storage: [san]}
  host3: {networks: [lan], storage: [san]}
vms:
  vm1: {host: host1, networks: [lan]}
  vm2: {host: host2, networks: [lan]}
  vm3: {host: host3, networks: [lan]}
clusters:
  hv: {kind: failover, nodes: [host1, host2, host3], witness: none, quorum: node-majority}
roles:
  vm1: {cluster: hv, owner: host1, vm: vm1, heartbeat_monitoring: false}
  vm2: {cluster: hv, owner: host2, vm: vm2, heartbeat_monitoring: false}
  vm3: {cluster: hv, owner: host3, vm: vm3, heartbeat_monitoring: false}
services:
  app: {runs_on: vm2}
"""

HANGS = """\
---
kind: choice
objective: hosts
scenario: three-hosts
vary:
  vm: [vm1, vm2, vm3]
timeline:
  - hang: "{vm}"
---
The operating system of **{vm}** stops answering. What does the cluster do?

- [detected(vm)] It restarts {vm}.
  > It would have to notice first.
- [not detected(vm)] Nothing: *every* member answers.
  > The members are the hosts.
- [not quorum("hv")] It stops.
  > No vote is lost.

## Why
The heartbeat runs between the hosts.
"""

LOST = """\
---
kind: multi
objective: hosts
scenario: three-hosts
vary:
  host: [host1, host2, host3]
timeline:
  - crash: "{host}"
---
**{host}** loses its power. What is true afterwards?

- [detected(host)] The cluster misses {host}.
- [votes("hv") == 2] Two votes are present.
- [votes("hv") == 3] Three votes are present.

## Why
Two of three are more than half.
"""

SUM = """\
---
kind: choice
objective: sums
vary:
  n: [1, 2, 3, 4, 5, 6]
static: sums
---
What is {n} + 0?

- [x] {n}
- [ ] 0

## Why
Nothing is added.
"""

EXAM = """\
title: First
minutes: 20
questions: 4
pass: 700
pass_share: 0.7
draw:
  - {objective: hosts, share: 50}
  - {objective: sums, share: 50}
mode: exam
"""

FILES = {
    "pack.yaml": PACK,
    "scenarios/three-hosts.yaml": THREE_HOSTS,
    "questions/hangs.md": HANGS,
    "questions/lost.md": LOST,
    "questions/sum.md": SUM,
    "exams/first.yaml": EXAM,
}

RIGHT = {"hangs": frozenset({1}), "lost": frozenset({0, 1}), "sum": frozenset({0})}
"""The right answer to each question, in the author's order, whatever the variant."""
WRONG = {"hangs": frozenset({0}), "lost": frozenset({2}), "sum": frozenset({1})}


def write_pack(folder: Path, **changes: str | None) -> Path:
    """The pack in a folder; `changes` replaces a file by its name without folder and extension, None leaves it out."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        changed = changes.get(path.stem.replace("-", "_"), text)
        if changed is not None:
            path.write_text(changed, encoding="utf-8")
    return folder


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def on(self, **passed: float) -> datetime:
        """Let time pass; the time after it."""
        self.time += timedelta(**passed)
        return self.time


def full() -> StoreError:
    """What a full disk says."""
    return StoreError("The disk is full.", "Everything is kept.", "Free some space.", reason=FULL)


class FailingStore(Store):
    """A store that fails as often as it is told, before or after it has written."""

    failures = 0
    after = False

    def _fails(self, when: bool) -> None:
        if self.failures and self.after == when:
            self.failures -= 1
            raise full()

    def record_review(self, review: Review) -> None:
        self._fails(False)
        super().record_review(review)
        self._fails(True)

    def start_sitting(self, sitting: Sitting) -> None:
        self._fails(False)
        super().start_sitting(sitting)
        self._fails(True)

    def record_sitting_action(
        self, kept: Kept, *, reviews: Sequence[Review] = (), result: SittingResult | None = None
    ) -> None:
        self._fails(False)
        super().record_sitting_action(kept, reviews=reviews, result=result)
        self._fails(True)


def services_in(folder: Path) -> tuple[Services, Clock, FailingStore]:
    """Services over files in a folder, with a clock to set, ids that count and a store that can fail; close them."""
    clock, ids = Clock(), count(1)
    services = make_services(
        paths=Paths(folder / "data", folder / "cache"),
        content=folder / "packs",
        now=clock,
        entropy=lambda: 7,
        new_id=lambda: f"id{next(ids)}",
    )
    store = FailingStore(services.paths.database)
    store.open()
    services._store = store
    return services, clock, store
