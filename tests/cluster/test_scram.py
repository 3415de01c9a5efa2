"""Minimal cut sets compared with those of scram, a C++ program for fault trees, on generated trees.

The trees are written in the Open-PSA exchange format, and scram's report is read back. Where the program is missing the
comparison is skipped; CONTRIBUTING.md says how to install it.
"""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from studyapp.cluster.analysis.cutsets import minimal_cut_sets, single_points
from studyapp.cluster.analysis.structure import Tree, all_of, any_of, at_least, basic, components, walk

SCRAM = shutil.which("scram")
PATIENCE = 60
"""Seconds for one tree; it takes a tenth of one."""

pytestmark = pytest.mark.skipif(SCRAM is None, reason="scram is not installed: apt-get install scram")

PLANS = [
    # How many events a tree has, the most faults of a cut set, scram's method, and how many trees.
    (8, 8, "--bdd", 8),
    (20, 20, "--bdd", 8),
    (50, 20, "--zbdd", 5),
    (50, 4, "--mocus", 3),
    (100, 6, "--zbdd", 5),
    (200, 3, "--mocus", 3),
    (200, 5, "--zbdd", 5),
]


def grown(events: int, seed: int) -> Tree:
    """A tree with so many events, most of them near its leaves, and every sixth use one of an event that is there."""
    chance = Random(seed)
    made: list[Tree] = [basic(f"e{number}") for number in range(events)]
    chance.shuffle(made)
    unused, used = made, [made[0]]
    while len(unused) > 1:
        kids = [
            unused.pop(chance.randrange(min(len(unused), 12))) for _ in range(min(len(unused), chance.randint(2, 4)))
        ]
        used += kids
        if chance.random() < 0.5:
            kids = list(dict.fromkeys([*kids, *chance.sample(used, min(2, len(used)))]))
        kind = chance.choice(("any", "all", "some"))
        if kind == "some" and len(kids) > 2:
            unused.append(at_least(chance.randint(2, len(kids) - 1), kids))
        else:
            unused.append(any_of(kids) if kind == "any" else all_of(kids))
    return unused[0]


def exchange_format(tree: Tree) -> str:
    """The tree as an Open-PSA model: one definition for each gate, one for each event."""
    root = ET.Element("opsa-mef")
    fault_tree = ET.SubElement(root, "define-fault-tree", name="tree")
    names: dict[Tree, tuple[str, str]] = {}
    for number, each in enumerate(reversed(list(walk(tree)))):
        names[each] = ("basic-event", each.name) if each.name is not None else ("gate", f"g{number}")
    for each, (kind, name) in names.items():
        if kind == "gate":
            gate = ET.SubElement(fault_tree, "define-gate", name=name)
            formula = ET.SubElement(gate, "or" if each.is_or else "and" if each.is_and else "atleast")
            if formula.tag == "atleast":
                formula.set("min", str(each.least))
            for kid in each.kids:
                ET.SubElement(formula, names[kid][0], name=names[kid][1])
    data = ET.SubElement(root, "model-data")
    for name in components(tree):
        ET.SubElement(data, "define-basic-event", name=name)
    return ET.tostring(root, encoding="unicode")


def run_scram(models: Sequence[Path], report: Path, order: int, method: str, patience: float = PATIENCE) -> None:
    """Let scram analyse a model."""
    assert SCRAM is not None
    options = [method, "--limit-order", str(order), "--output-path", str(report)]
    subprocess.run([SCRAM, *options, *map(str, models)], check=True, capture_output=True, timeout=patience)


def reported(report: Path) -> set[frozenset[str]]:
    """The minimal cut sets of a report."""
    products = ET.parse(report).getroot().iter("product")
    return {frozenset(event.attrib["name"] for event in product.iter("basic-event")) for product in products}


def compared(tree: Tree, order: int, method: str, folder: Path) -> int:
    """Compare, and say how many there were."""
    model, report = folder / "model.xml", folder / "report.xml"
    model.write_text(exchange_format(tree), encoding="utf-8")
    run_scram([model], report, order, method)
    ours = minimal_cut_sets(tree, order)
    assert {frozenset(each) for each in ours} == reported(report)
    assert len(set(ours)) == len(ours)
    assert [len(each) for each in ours] == sorted(len(each) for each in ours)
    assert single_points(tree) == tuple(each for sets in ours if len(sets) == 1 for each in sets)
    return len(ours)


@pytest.mark.parametrize("events, order, method, trees", PLANS)
def test_minimal_cut_sets_are_those_of_scram(events: int, order: int, method: str, trees: int, tmp_path: Path) -> None:
    found = sum(compared(grown(events, seed), order, method, tmp_path) for seed in range(trees))
    assert found > trees, "the trees have cut sets to compare"


@pytest.mark.nightly
@pytest.mark.parametrize("events, order, method, trees", PLANS)
def test_on_many_more_trees(events: int, order: int, method: str, trees: int, tmp_path: Path) -> None:
    for seed in range(1_000, 1_000 + 40 * trees):
        compared(grown(events, seed), order, method, tmp_path)
