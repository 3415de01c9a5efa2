"""What a service survives: the fault sets that take it down, found exactly.

A fault set is components that fail at once when all before has settled: hosts and virtual machines crash; networks,
storage, sites and witnesses are lost. It takes a service down when, after everything has settled, a client is not sure
to get an answer, whatever chance decides.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from studyapp.cluster.analysis.cutsets import minimal_cut_sets, survived_table
from studyapp.cluster.analysis.families import TreeTooLarge
from studyapp.cluster.analysis.faulttree import tree_of
from studyapp.cluster.analysis.structure import all_of, any_of, basic
from studyapp.cluster.chance import Undecided
from studyapp.cluster.clients.service import answered
from studyapp.cluster.kinds import COMPONENT_KINDS
from studyapp.cluster.rules import Rules
from studyapp.cluster.scenario import Act, Scenario, Step
from studyapp.cluster.simulation import simulate
from studyapp.cluster.trace import Trace

MOST_SETS = 200_000
"""Fault sets that are simulated one by one at most."""
ONLY_NETWORK = "network"
"""The network of a scenario that names none: no component of its own."""

FaultSet = tuple[str, ...]
Of = str | tuple[str, ...]


class TooManyFaultSets(Exception):
    """There are more fault sets than can be tried."""


def components(scenario: Scenario, of: Of) -> tuple[str, ...]:
    """The components of some kinds (`all`: of every kind), in the order of the scenario."""
    kinds = COMPONENT_KINDS if of == "all" else (of,) if isinstance(of, str) else of
    networks = tuple(scenario.network) if tuple(scenario.network) != (ONLY_NETWORK,) else ()
    named = {
        "hosts": tuple(scenario.host),
        "vms": tuple(scenario.vm),
        "networks": networks,
        "storage": tuple(scenario.store),
        "sites": scenario.sites,
        "witness": tuple(c.witness.name for c in scenario.failover.values() if c.witness is not None),
    }
    return tuple(dict.fromkeys(name for kind in kinds for name in named[kind]))


def after_faults(scenario: Scenario, faults: Iterable[str]) -> Scenario:
    """The scenario whose timeline goes on with these faults, all at once."""
    acts = tuple(Act("crash" if name in scenario.machines else "lose", (name,)) for name in faults)
    return replace(scenario, timeline=(*scenario.timeline, Step(acts)))


def takes_down(scenario: Scenario, rules: Rules, service: str, faults: FaultSet) -> bool:
    """After these faults at once a client of the service is not sure to get an answer."""
    outcome = simulate(after_faults(scenario, faults) if faults else scenario, rules=rules)
    return any(_may_fail(branch.trace, service) for branch in outcome.branches)


def _may_fail(trace: Trace, service: str) -> bool:
    try:
        return answered(trace, trace.end, service) < 1
    except Undecided as question:
        return any(_may_fail(trace.knowing(question.draw, part), service) for part in question.parts)


def count(components_in_all: int, most: int) -> int:
    """The number of fault sets of at most so many components."""
    return sum(math.comb(components_in_all, size) for size in range(most + 1))


@lru_cache(maxsize=256)
def by_simulation(
    scenario: Scenario, rules: Rules, service: str, most: int, among: tuple[str, ...]
) -> tuple[FaultSet, ...]:
    """Every minimal fault set of at most `most` components, each set simulated; smaller ones first.

    Raises TooManyFaultSets.
    """
    if count(len(among), most) > MOST_SETS:
        raise TooManyFaultSets(f"{count(len(among), most):,} sets of faults; at most {MOST_SETS:,} are tried")
    found: list[frozenset[str]] = []
    for size in range(most + 1):
        for faults in itertools.combinations(among, size):
            chosen = frozenset(faults)
            if not any(cut <= chosen for cut in found) and takes_down(scenario, rules, service, faults):
                found.append(chosen)
    return tuple(tuple(name for name in among if name in cut) for cut in found)


def minimal_cuts(trace: Trace, service: str, most: int, of: Of) -> tuple[FaultSet, ...]:
    """The minimal fault sets of at most `most` components that take a service down after what has happened: off its
    structure function where it has one, else by simulating every set. Raises TooManyFaultSets.
    """
    among = components(trace.scenario, of)
    tree = tree_of(trace, service)
    if tree is None:
        return by_simulation(trace.scenario, trace.rules, service, min(most, len(among)), among)
    try:
        return minimal_cut_sets(tree, most, among)
    except TreeTooLarge as error:
        raise TooManyFaultSets(str(error)) from error


@dataclass(frozen=True, slots=True)
class Report:
    """What a service survives: its components, the minimal fault sets of at most so many of them, and for each number
    of faults how many sets there are and how many leave it available.
    """

    among: tuple[str, ...]
    cuts: tuple[FaultSet, ...]
    sets: tuple[int, ...]
    survived: tuple[int, ...]


def analyse(trace: Trace, service: str, most: int, of: Of = "all") -> Report:
    """Everything about the fault sets of a service, up to `most` faults. Raises TooManyFaultSets."""
    among = components(trace.scenario, of)
    most = min(most, len(among))
    cuts = minimal_cuts(trace, service, most, of)
    down = any_of(all_of(basic(name) for name in cut) for cut in cuts)
    try:
        table = survived_table({service: down}, among, most)[service]
    except TreeTooLarge as error:
        raise TooManyFaultSets(str(error)) from error
    return Report(among, cuts, table.sets, table.survived)


# -- what claims read -------------------------------------------------------------------------------------------------


def survives(trace: Trace, service: str, most: int, of: Of) -> bool:
    """The service is available again after every set of at most `most` faults."""
    return not minimal_cuts(trace, service, most, of)


def single_points(trace: Trace, service: str, of: Of) -> tuple[str, ...]:
    """The components that take the service down by failing alone."""
    return tuple(cut[0] for cut in minimal_cuts(trace, service, 1, of) if cut)


def cut_sets(trace: Trace, service: str, most: int, of: Of) -> tuple[str, ...]:
    """The minimal fault sets, each as its names joined by ` + `."""
    return tuple(" + ".join(cut) for cut in minimal_cuts(trace, service, most, of))
