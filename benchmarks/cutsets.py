"""Fault analysis beside trying every fault set, and beside scram's process: `python -m benchmarks.cutsets`.

scram is timed as a process, its start (most of it, for small trees) and its report with it, by the fastest of its three
methods for each tree. The call of ours is timed in a process that has its imports.
"""

from __future__ import annotations

import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired

from benchmarks.scale import made
from benchmarks.simulate import best, heap
from studyapp.cluster import analyse, simulate
from studyapp.cluster.analysis.cutsets import Survived, minimal_cut_sets, survived_table
from studyapp.cluster.analysis.families import TreeTooLarge
from studyapp.cluster.analysis.structure import Tree, all_of, any_of, at_least, basic, holds
from studyapp.cluster.analysis.survival import by_trial
from studyapp.cluster.analysis.trials import Known
from studyapp.cluster.scenario import FailoverCluster, Role, Scenario, Service
from tests.cluster.test_scram import SCRAM, exchange_format, grown, reported, run_scram

METHODS = ("--bdd", "--zbdd", "--mocus")
PATIENCE = 3
"""Seconds after which a method of scram is not waited for."""
MODELS = Path("/usr/share/scram/input")
"""Where Debian's package puts the models that come with scram."""
SHIPPED = ("Chinese/chinese", "Baobab/baobab2", "Baobab/baobab1")


def services(hosts: int, many: int) -> dict[str, Tree]:
    """Services of one cluster: its quorum, and the possible owners of a role, or two balanced machines that need it."""
    chance = Random(hosts)
    names = [basic(f"host{number}") for number in range(hosts)]
    quorum = at_least(hosts // 2, names)
    made: dict[str, Tree] = {}
    for number in range(many):
        first, second, *owners = chance.sample(names, 2 + chance.randint(2, 4))
        role = all_of(owners)
        balanced = all_of([any_of([first, role]), any_of([second, at_least(2, owners)])])
        made[f"service{number}"] = any_of([quorum, chance.choice((role, balanced, any_of([role, balanced])))])
    return made


def one_by_one(trees: dict[str, Tree], names: Sequence[str], faults: int) -> dict[str, Survived]:
    """The same table, each set tried on each service."""
    made = {}
    for service, tree in trees.items():
        sets, ups, first = [0] * (faults + 1), [0] * (faults + 1), None
        for size in range(faults + 1):
            for failed in combinations(names, size):
                down = holds(tree, failed)
                sets[size] += 1
                ups[size] += not down
                first = failed if down and first is None else first
        made[service] = Survived(tuple(sets), tuple(ups), first)
    return made


def timed_scram(models: Sequence[Path], report: Path, order: int) -> float:
    """Seconds of scram's process by its fastest method; the report stays."""
    medians = []
    for method in METHODS:
        times = []
        try:
            for _ in range(3):
                started = time.perf_counter()
                run_scram(models, report, order, method, PATIENCE)
                times.append(time.perf_counter() - started)
        except TimeoutExpired:
            continue
        medians.append(sorted(times)[1])
    return min(medians)


def compare(tree: Tree, order: int, models: Sequence[Path], report: Path) -> tuple[float, float, int] | None:
    """Our seconds, scram's, and how many cut sets both found; nothing for a tree that we refuse."""
    try:
        found = minimal_cut_sets(tree, order)
    except TreeTooLarge:
        return None
    theirs = timed_scram(models, report, order)
    assert {frozenset(each) for each in found} == reported(report), "equal cut sets"
    return best(lambda: minimal_cut_sets(tree, order), 0.1), theirs, len(found)


def read(path: Path) -> Tree:
    """A model that comes with scram, without constants and negations."""
    gates = {each.attrib["name"]: each[-1] for each in ET.parse(path).getroot().iter("define-gate")}
    below = {kid.attrib["name"] for formula in gates.values() for kid in formula.iter() if "name" in kid.attrib}
    made: dict[str, Tree] = {}

    def tree(name: str) -> Tree:
        if name not in made:
            made[name] = gate(gates[name]) if name in gates else basic(name)
        return made[name]

    def gate(formula: ET.Element) -> Tree:
        kids = [tree(kid.attrib["name"]) for kid in (formula if len(formula) else [formula])]
        least = {"and": len(kids), "atleast": int(formula.get("min", 1))}.get(formula.tag, 1)
        return at_least(least, kids)

    return tree(next(name for name in gates if name not in below))


def beside_scram(folder: Path) -> None:
    """Print a line for each size of generated trees, and for each shipped model."""
    model, report = folder / "model.xml", folder / "report.xml"
    for events, order, trees in ((50, 20, 20), (50, 4, 20), (100, 6, 20), (200, 3, 20), (200, 6, 20)):
        results = []
        for seed in range(trees):
            tree = grown(events, seed)
            model.write_text(exchange_format(tree), encoding="utf-8")
            result = compare(tree, order, [model], report)
            if result is not None:
                results.append(result)
        told(f"{events} events, up to {order} faults, {len(results)} of {trees} trees", results)
    for name in SHIPPED if MODELS.is_dir() else ():
        models = [MODELS / f"{name}.xml", MODELS / f"{name}-basic-events.xml"]
        result = compare(read(models[0]), 20, models, report)
        assert result is not None
        told(name, [result])


def told(what: str, results: Sequence[tuple[float, float, int]]) -> None:
    """One line: means, their ratio, and that of the worst tree."""
    ours, theirs = (sum(each[place] for each in results) for place in (0, 1))
    print(
        f"{what:47} {sum(each[2] for each in results):7,} cut sets, {ours / len(results) * 1e3:6.1f} ms a tree, "
        f"scram {theirs / len(results) * 1e3:6.1f} ms, ratio {ours / theirs:.2f}, "
        f"worst {max(own / other for own, other, _ in results):.2f}"
    )


def clustered(hosts: int, roles: int) -> Scenario:
    """A cluster with dynamic quorum and no witness, and roles that only some of its nodes may own."""
    chance = Random(hosts)
    base = made(hosts, 0)
    names = tuple(base.host)
    owners = [tuple(sorted(chance.sample(names, chance.randint(2, 4)), key=names.index)) for _ in range(roles)]
    return replace(
        base,
        clusters=(FailoverCluster("c", names, None, "dynamic"),),
        roles=tuple(Role(f"role{n}", "c", able[0], possible=able) for n, able in enumerate(owners)),
        services=tuple(Service(f"service{n}", "role", f"role{n}") for n in range(roles)),
    )


def of_scenarios(faults: int) -> None:
    """What every service of a scenario survives, off its structure function; of a smaller one also by simulating."""
    for hosts, many in ((6, 5), (64, 200)):
        outcome = simulate(clustered(hosts, many))
        started = time.perf_counter()
        reports = {name: analyse(outcome, name, faults, "hosts") for name in outcome.trace.scenario.service}
        taken = time.perf_counter() - started
        sets = sum(sum(report.sets) for report in reports.values())
        print(f"a scenario of {hosts} hosts, {many} services, {sets:,} sets of faults: {taken * 1e3:.0f} ms")
        if hosts > 8:
            continue
        started = time.perf_counter()
        for name, report in reports.items():
            tried = by_trial(outcome.trace, name, faults, report.among, Known())
            assert report.cuts == tuple(tried), "equal answers, with equal shares of chance"
        tried_in = time.perf_counter() - started
        print(f"    each simulated, with equal answers: {tried_in * 1e3:.0f} ms, {tried_in / taken:.0f} times as long")


def main() -> None:
    """Print seconds and ratios."""
    of_scenarios(3)
    floor = best(heap)
    for hosts, many, faults in ((16, 20, 3), (64, 200, 3)):
        trees, names = services(hosts, many), [f"host{number}" for number in range(hosts)]
        started = time.perf_counter()
        table = survived_table(trees, names, faults)
        taken = time.perf_counter() - started
        sets = sum(next(iter(table.values())).sets)
        print(
            f"{hosts} hosts, {many} services, {sets:,} sets of at most {faults} faults: {taken * 1e3:.0f} ms, "
            f"ratio {taken / floor:.0f} to 100 heap operations"
        )
        if hosts <= 16:
            started = time.perf_counter()
            assert one_by_one(trees, names, faults) == table, "equal answers"
            tried = time.perf_counter() - started
            print(f"    one by one, with equal answers: {tried * 1e3:.0f} ms, {tried / taken:.0f} times as long")
    if SCRAM is None:
        print("scram is not installed: apt-get install scram")
        return
    with tempfile.TemporaryDirectory() as folder:
        beside_scram(Path(folder))


if __name__ == "__main__":
    main()
