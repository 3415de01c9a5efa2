"""Whole files as an author writes them, each with what becomes of it: read `tests/golden/scenarios/`.

A case is YAML, a line `=== read`, and below it either the scenario in plain words or every problem as it is printed.
`--snapshot-update` writes what becomes of each file anew; read the difference before you keep it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from studyapp.cluster.scenario import Act, FailoverCluster, Network, NlbCluster, PortRule, Scenario
from studyapp.packs.places import content_folder
from studyapp.packs.scenarios import Document, load_documents

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "scenarios"
CASES = sorted(FOLDER.glob("*.txt"))
MARK = "=== read\n"


def read(document: Document) -> Iterator[str]:
    """What becomes of a document."""
    if document.id is not None:
        yield f"id {document.id}"
    yield from (f"claim at {line}:{column}: {text}" for text, line, column in document.claims)
    yield from (problem.format() for problem in document.problems)
    if document.scenario is not None:
        yield from told(document.scenario)


def told(s: Scenario) -> Iterator[str]:
    """A scenario in plain words, with every value that differs from what is usual."""
    yield f"{s.title or 'untitled'} ({s.release})"
    if s.sites:
        yield f"sites {' '.join(s.sites)}"
    yield from (f"host {host.name}: {also(host)}" for host in s.hosts)
    yield from (f"vm {vm.name} on {vm.host}: {also(vm, 'host')}" for vm in s.vms)
    yield from (f"network {n.name}: {also(n)}" for n in s.networks if n != Network(n.name))
    yield from (f"storage {kept.name}: {kept.kind}{also(kept, 'kind', before=', ')}" for kept in s.storage)
    yield from (cluster(c) for c in s.clusters)
    for role in s.roles:
        yield f"role {role.name} in {role.cluster} on {role.owner}: {also(role, 'cluster', 'owner')}"
    for service in s.services:
        yield f"service {service.name}: {service.kind} {service.target}{also(service, 'kind', 'target', before=' ')}"
    for step in s.timeline:
        when = "then" if step.at_ms is None else f"at {step.at_ms} ms"
        yield f"{when}: {' and '.join(act(a) for a in step.acts)}"
    yield from (f"{name} {ms} ms" for name, ms in (("until", s.until_ms), ("clock", s.clock_ms)) if ms is not None)
    if s.other_facts:
        yield f"facts also of {' '.join(release for release, _ in s.other_facts)}"


def cluster(c: FailoverCluster | NlbCluster) -> str:
    nodes = " ".join(c.nodes)
    if isinstance(c, NlbCluster):
        return f"nlb cluster {c.name}: {nodes}; {c.mode}{also(c, 'nodes', 'mode', before='; ')}"
    witness = f"{c.witness.kind} {c.witness.name}{also(c.witness, 'kind', before=' ')}" if c.witness else "none"
    rest = also(c, "nodes", "witness", "quorum", before="; ")
    return f"failover cluster {c.name}: {nodes}; witness {witness}; {c.quorum}{rest}"


def act(a: Act) -> str:
    what = " | ".join(" ".join(side) for side in a.sides) or " ".join(a.subjects)
    return " ".join(part for part in (a.verb, what, also(a, "verb", "subjects", "sides")) if part)


def also(thing: DataclassInstance, *said: str, before: str = "") -> str:
    """What else a thing has that is not as usual; what begins the sentence was said already."""
    found = [
        f"{each.name} {shown(value)}"
        for each in fields(thing)
        if each.name not in ("name", *said) and (value := getattr(thing, each.name)) != usual(each)
    ]
    return f"{before}{', '.join(found)}" if found else ""


def usual(field: Field[object]) -> object:
    return () if field.default is MISSING else field.default


def shown(value: object) -> str:
    if isinstance(value, PortRule):
        return f"[{also(value)}]"
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return f"({', '.join(f'{name}: {shown(each)}' for name, each in value)})"
    return " ".join(shown(each) for each in value) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_golden(case: Path, pytestconfig: pytest.Config) -> None:
    text, _, expected = case.read_text(encoding="utf-8").partition(MARK)
    found = "---\n".join(
        "".join(f"{line}\n" for line in read(document)) for document in load_documents(text, "case.yaml")
    )
    if pytestconfig.getoption("--snapshot-update", default=False):
        case.write_text(text + MARK + found, encoding="utf-8")
    assert found == expected


def test_there_are_cases() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize("file", sorted(content_folder().glob("*/scenarios/*.yaml")), ids=lambda file: file.stem)
def test_what_ships_is_right_and_leaves_nothing_to_doubt(file: Path) -> None:
    [document] = load_documents(file.read_text(encoding="utf-8"), file.name, file=file)
    assert not document.problems
    assert document.scenario is not None
    assert document.scenario.title
    assert all("CheckHeartbeat" in dict(r.properties) for r in document.scenario.roles if r.vm is not None)
