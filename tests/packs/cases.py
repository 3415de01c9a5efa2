"""Golden cases of packs: each a few files over a pack that is right, and exactly what a check finds in it.

A file of cases is plain text. `##### NAME` begins a case, `=== PATH` a file of the pack (over the one that `RIGHT` has
there; an empty one takes it away), `=== finds` what the check says, one finding a line with its variant. In a section
whose head ends in ` (escaped)`, `\\x1b` and its like stand for the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studyapp.packs.check import CheckReport, check_pack

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "packs"

SCENARIO = """\
title: Three clustered hosts
release: ws2008r2
networks:
  lan: {}
storage:
  san: {kind: array}
hosts:
  host1: {networks: [lan], storage: [san]}
  host2: {networks: [lan], storage: [san]}
  host3: {networks: [lan], storage: [san]}
vms:
  vm1: {host: host1, networks: [lan]}
  vm2: {host: host2, networks: [lan]}
clusters:
  hv: {kind: failover, nodes: [host1, host2, host3], witness: none, quorum: node-majority}
roles:
  vm1: {cluster: hv, owner: host1, vm: vm1, storage: san, heartbeat_monitoring: false}
  vm2: {cluster: hv, owner: host2, vm: vm2, storage: san, heartbeat_monitoring: false}
  sql: {cluster: hv, owner: host1, storage: san}
services:
  db: {role: sql}
"""

RIGHT = {
    "pack.yaml": """\
format: 1
id: small
title: A small pack
version: 1.0.0
objectives:
  - {id: hosts, title: Hosts, weight: 100}
""",
    "scenarios/trio.yaml": SCENARIO,
    "questions/good.md": """\
---
kind: choice
objective: hosts
scenario: trio
vary:
  host: [host1, host2, host3]
timeline:
  - crash: "{host}"
---
{host} loses its power. Does `sql` move?

- [moved("sql")] Yes.
- [not moved("sql")] No.

## Why
It moves when its owner is gone.
""",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the files that it lays over `RIGHT`, and the findings that it expects."""

    name: str
    files: dict[str, str]
    finds: list[str]


def cases(name: str) -> list[Case]:
    """The cases of a golden file."""
    text = (GOLDEN / name).read_text(encoding="utf-8")
    return [_case(part) for part in re.split(r"^##### ", text, flags=re.MULTILINE)[1:]]


def _case(text: str) -> Case:
    title, *sections = re.split(r"^=== ", text, flags=re.MULTILINE)
    files: dict[str, str] = {}
    finds: list[str] = []
    for section in sections:
        head, _, body = section.partition("\n")
        body = body.rstrip("\n") + "\n" if body.strip() else ""
        if head == "finds":
            finds = body.splitlines()
        elif head.endswith(" (escaped)"):
            files[head.removesuffix(" (escaped)")] = re.sub(
                r"\\x(..)|\\u(....)", lambda m: chr(int(m[1] or m[2], 16)), body
            )
        else:
            files[head] = body
    return Case(title.strip(), files, finds)


def write_pack(folder: Path, files: dict[str, str]) -> Path:
    """Write a pack with these files over those of `RIGHT`."""
    for name, text in {**RIGHT, **files}.items():
        if text:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return folder


def found(report: CheckReport) -> Iterator[str]:
    """The findings as a golden file has them."""
    return (problem.format() for problem in report.problems)


def check_files(folder: Path, files: dict[str, str]) -> CheckReport:
    """Check the right pack with these files laid over it."""
    return check_pack(write_pack(folder / "pack", files))
