"""Whole files as an author writes them, each with what becomes of it: read `tests/golden/scenarios/`.

A case is YAML, a line `=== read`, and below it either the scenario in plain words or every problem as it is printed.
`--snapshot-update` writes what becomes of each file anew; read the difference before you keep it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.cluster.scenario import Act, FailoverCluster, NlbCluster, Role, Scenario
from studyapp.packs.places import content_folder
from studyapp.packs.scenarios import Document, load_documents

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
    for host in s.hosts:
        yield f"host {host.name}: {also(networks=host.networks, storage=host.storage, features=host.features)}"
    for vm in s.vms:
        spoofing = "spoofs" if vm.mac_spoofing else ""
        services = "" if vm.integration_services else "no integration services"
        yield f"vm {vm.name} on {vm.host}: {also(networks=vm.networks, spoofing=spoofing, services=services)}"
    yield from (f"storage {kept.name}: {kept.kind}" for kept in s.storage)
    yield from (cluster(c) for c in s.clusters)
    yield from (role(r) for r in s.roles)
    yield from (f"service {x.name}: {x.kind} {x.target}{f' port {x.port}' if x.port else ''}" for x in s.services)
    for step in s.timeline:
        when = "then" if step.at_ms is None else f"at {step.at_ms} ms"
        yield f"{when}: {' and '.join(act(a) for a in step.acts)}"
    if s.until_ms is not None:
        yield f"until {s.until_ms} ms"


def cluster(c: FailoverCluster | NlbCluster) -> str:
    nodes = " ".join(c.nodes)
    if isinstance(c, NlbCluster):
        return f"nlb cluster {c.name}: {nodes}; {c.mode}"
    witness = f"{c.witness.kind} {c.witness.name}" if c.witness else "none"
    settings = also(weights=dict(c.weights), properties=dict(c.properties))
    return f"failover cluster {c.name}: {nodes}; witness {witness}; {c.quorum}{'; ' if settings else ''}{settings}"


def role(r: Role) -> str:
    settings = also(
        vm=r.vm or "",
        storage=r.storage or "",
        preferred=r.preferred,
        possible=r.possible,
        starts=f"{r.starts_in_ms} ms" if r.starts_in_ms else "",
        properties=dict(r.properties),
    )
    return f"role {r.name} in {r.cluster} on {r.owner}: {settings}"


def act(a: Act) -> str:
    what = " | ".join(" ".join(side) for side in a.sides) or " ".join(a.subjects)
    return " ".join(part for part in (a.verb, what, also(networks=a.networks, node=a.node, lasting=a.lasting)) if part)


def also(**settings: object) -> str:
    found = {name: value for name, value in settings.items() if value}
    return ", ".join(f"{n} {' '.join(v) if isinstance(v, tuple) else v}" for n, v in found.items())


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
    [document] = load_documents(file.read_text(encoding="utf-8"), file.name)
    assert not document.problems
    assert document.scenario is not None
    assert document.scenario.title
    assert all("CheckHeartbeat" in dict(r.properties) for r in document.scenario.roles if r.vm is not None)
