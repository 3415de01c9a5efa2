"""What a service survives: the sets of faults that take it down, found exactly.

A set of faults is components that fail at once when all before has settled: hosts and virtual machines crash; networks,
storage, sites and witnesses are lost. What is off or lost by then is none of them. A set takes the service down when a
client gets no answer after everything has settled: for sure where no client gets one whatever chance decides, else in a
share of all cases (of chance, and of clients where only some get an answer).

- Draws that were made before the faults, such as which node had lost its vote, are part of the course that is looked
  at: a claim has its own value in each, and depends where they differ. The report looks at all courses together.
- Draws after the faults, such as where a role goes, are part of the share. A claim may come out either way by them, as
  if chance were as kind or unkind after one set as after any other: what the less likely one needs to take the service
  down is enough for the likelier one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from studyapp.cluster.analysis.cutsets import CutSet, minimal_cut_sets, survived_table
from studyapp.cluster.analysis.families import TreeTooLarge
from studyapp.cluster.analysis.faulttree import HALF, Down, down_of
from studyapp.cluster.analysis.structure import Tree, all_of, any_of, basic
from studyapp.cluster.analysis.trials import FaultSet, Known, TooManyFaultSets, known_in, trials
from studyapp.cluster.chance import OneOf, Undecided, candidates
from studyapp.cluster.clients.service import Interval, NeedsClient
from studyapp.cluster.kinds import COMPONENT_KINDS
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome, State, Trace

MOST_SETS = 200_000
"""Sets of faults that are simulated one by one at most."""
ONLY_NETWORK = "network"
"""The network of a scenario that names none: no component of its own."""
AFTER_FAULTS = " after faults"
"""Behind the name of a service: what chance, and which client, decide after faults."""

Of = str | tuple[str, ...]
Clients = Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Cut:
    """A set of faults that takes a service down in `share` of all cases (1: for sure), no part of which is as likely
    to.
    """

    faults: FaultSet
    share: Fraction

    @property
    def is_sure(self) -> bool:
        """It takes the service down whatever chance decides."""
        return self.share == 1


# -- what may fail ----------------------------------------------------------------------------------------------------


def every_component(scenario: Scenario, of: Of) -> tuple[str, ...]:
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


def components(trace: Trace, of: Of) -> tuple[str, ...]:
    """Those that may still fail when all of the run has settled."""
    scenario = trace.scenario
    return tuple(name for name in every_component(scenario, of) if not is_gone(scenario, trace.end, name))


def is_gone(scenario: Scenario, state: State, name: str) -> bool:
    """A component is off or lost already, or what it lies in is; that a machine hangs does not make it so."""
    if name in scenario.machines:
        return not state["power", name] or all(not state["power", host] for host in _hosts(state, name))
    if name in scenario.store:
        within = scenario.store[name].within
        off = state.get(("lost", name)) or not state.get(("pool", name), True)
        return bool(off) or (within is not None and is_gone(scenario, state, within))
    return bool(state.get(("lost", name)))


def _hosts(state: State, machine: str) -> tuple[str, ...]:
    """Where a virtual machine may be; a host is where it is."""
    host = state.get(("host", machine))
    if isinstance(host, OneOf):
        return candidates(state, host)
    return (host or machine,)


def count(components_in_all: int, most: int) -> int:
    """The number of sets of at most so many components."""
    return sum(math.comb(components_in_all, size) for size in range(most + 1))


# -- what takes it down -----------------------------------------------------------------------------------------------


def by_trees(down: Down, most: int, among: tuple[str, ...]) -> tuple[Cut, ...]:
    """Every cut of at most so many faults, read off the structure function. Raises TooManyFaultSets."""
    surely = _minimal(down.surely, most, among)
    found = [Cut(faults, Fraction(1)) for faults in surely]
    if down.draw is not None:
        perhaps = _minimal(down.perhaps, most, among)
        found += [Cut(faults, HALF) for faults in set(perhaps).difference(surely)]
        place = {name: number for number, name in enumerate(among)}
        found.sort(key=lambda cut: (len(cut.faults), *(place[name] for name in cut.faults)))
    return tuple(found)


def _minimal(tree: Tree, most: int, among: tuple[str, ...]) -> tuple[CutSet, ...]:
    try:
        return minimal_cut_sets(tree, most, among)
    except TreeTooLarge as error:
        raise TooManyFaultSets(str(error)) from error


def by_trial(trace: Trace, service: str, most: int, among: tuple[str, ...], known: Known) -> tuple[Cut, ...]:
    """The same by simulating each set, after what is known. A set that holds one which is sure to take the service down
    is taken to do so too.

    Raises:
        Undecided: what a set does turns on an open draw that was made before it.
        TooManyFaultSets: there are too many to try.
    """
    if count(len(among), most) > MOST_SETS:
        raise TooManyFaultSets(f"{count(len(among), most):,} sets of faults; at most {MOST_SETS:,} are tried")
    tried = trials(trace.scenario, trace.rules, service)
    found: list[tuple[frozenset[str], Cut]] = []
    for size in range(most + 1):
        for faults in itertools.combinations(among, size):
            chosen = frozenset(faults)
            least = max((cut.share for names, cut in found if names <= chosen), default=Fraction(0))
            if least < 1 and (share := tried.down(faults, known)) > least:
                found.append((chosen, Cut(faults, share)))
    return tuple(cut for _, cut in found)


def cuts_in(trace: Trace, service: str, most: int, of: Of) -> tuple[Cut, ...]:
    """The cuts of a service after one course of the run: off its structure function where it has one, else by trial.

    Raises:
        Undecided: they turn on a draw that is open in this course.
        TooManyFaultSets: there are too many to find.
    """
    among = components(trace, of)
    down = down_of(trace, service)
    if down is None:
        return by_trial(trace, service, min(most, len(among)), among, known_in(trace))
    found = by_trees(down, most, among)
    if down.draw is not None and not all(cut.is_sure for cut in found):
        raise Undecided(down.draw.draw, tuple((name,) for name in down.draw.among))
    return found


def taken_down(trace: Trace, clients: Clients, service: str, most: int, of: Of) -> tuple[Cut, ...]:
    """The smallest sets that take a service down in one course, as chance and clients have it.

    Raises:
        NeedsClient: what chance decides after the faults plays a part, and is not given.
        Undecided, TooManyFaultSets: see `cuts_in`.
    """
    found = cuts_in(trace, service, most, of)
    shares = {cut.share for cut in found}
    if shares <= {1}:
        return found
    key = service + AFTER_FAULTS
    luck = clients.get(key, Interval())
    if any(luck.low < share < luck.high for share in shares) or key not in clients:
        raise NeedsClient(key, shares)
    taken = [cut for cut in found if cut.share > luck.low]
    sets = [frozenset(cut.faults) for cut in taken]
    return tuple(cut for cut, own in zip(taken, sets, strict=True) if not any(other < own for other in sets))


@dataclass(frozen=True, slots=True)
class Report:
    """What a service survives over all courses of chance: what may fail and what is gone already; the cuts of at most
    so many faults; for each number of faults how many sets there are, how many are sure to leave it available, and
    after how many that depends.
    """

    among: tuple[str, ...]
    gone: tuple[str, ...]
    cuts: tuple[Cut, ...]
    sets: tuple[int, ...]
    survived: tuple[int, ...]
    depends: tuple[int, ...]


def analyse(outcome: Outcome, service: str, most: int, of: Of = "all") -> Report:
    """Everything about the sets of at most `most` faults and a service. Raises TooManyFaultSets."""
    trace = outcome.trace
    left = {name for branch in outcome.branches for name in components(branch.trace, of)}
    every = every_component(trace.scenario, of)
    among = tuple(name for name in every if name in left)
    most = min(most, len(among))
    down = down_of(trace, service) if len(outcome.branches) == 1 and not trace.drawn else None
    cuts = by_trial(trace, service, most, among, Known()) if down is None else by_trees(down, most, among)
    trees = {"perhaps": _any(cuts), "surely": _any(cut for cut in cuts if cut.is_sure)}
    try:
        table = survived_table(trees, among, most)
    except TreeTooLarge as error:
        raise TooManyFaultSets(str(error)) from error
    survived, surely = table["perhaps"].survived, table["surely"].survived
    return Report(
        among,
        tuple(name for name in every if name not in left),
        cuts,
        table["surely"].sets,
        survived,
        tuple(not_sure - safe for not_sure, safe in zip(surely, survived, strict=True)),
    )


def _any(cuts: Iterable[Cut]) -> Tree:
    """Down as soon as one of the cuts has happened."""
    return any_of(all_of(basic(name) for name in cut.faults) for cut in cuts)


# -- what claims read -------------------------------------------------------------------------------------------------


def survives(trace: Trace, clients: Clients, service: str, most: int, of: Of) -> bool:
    """The service is available again after every set of at most `most` faults."""
    return not taken_down(trace, clients, service, most, of)


def single_points(trace: Trace, clients: Clients, service: str, of: Of) -> tuple[str, ...]:
    """The components that take the service down by failing alone."""
    return tuple(cut.faults[0] for cut in taken_down(trace, clients, service, 1, of) if cut.faults)


def cut_sets(trace: Trace, clients: Clients, service: str, most: int, of: Of) -> tuple[str, ...]:
    """The minimal fault sets, each as its names joined by ` + `."""
    return tuple(" + ".join(cut.faults) for cut in taken_down(trace, clients, service, most, of))
