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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from studyapp.cluster.analysis.cutsets import CutSet, minimal_cut_sets, survived_table
from studyapp.cluster.analysis.families import TreeTooLarge
from studyapp.cluster.analysis.faulttree import HALF, Down, down_of
from studyapp.cluster.analysis.structure import Tree, all_of, any_of, basic
from studyapp.cluster.analysis.trials import FaultSet, Known, TooManyFaultSets, known_in, trials
from studyapp.cluster.chance import Undecided
from studyapp.cluster.clients.service import Interval, NeedsClient
from studyapp.cluster.effort import WORTH_A_STEP, at_hand
from studyapp.cluster.kinds import COMPONENT_KINDS
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Outcome, State, Trace

MOST_SETS = 20_000
"""Sets of faults that are simulated one by one at most."""
VALUES_A_STEP = 40
"""Values of a state of which a structure function is made in the time of a step."""
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
        return not state["power", name]
    if name in scenario.store:
        within = scenario.store[name].within
        off = state.get(("lost", name)) or not state.get(("pool", name), True)
        return bool(off) or (within is not None and is_gone(scenario, state, within))
    return bool(state.get(("lost", name)))


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


def each_set(trace: Trace, service: str, most: int, among: tuple[str, ...], known: Known) -> Iterator[tuple[Cut, bool]]:
    """Every set of at most so many faults with its share, by simulating each after what is known; and whether it is a
    cut. A set that holds one which is sure to take the service down is taken to do so too.

    Raises:
        Undecided: what a set does turns on an open draw that was made before it.
        TooManyFaultSets: there are too many to try.
    """
    may_try(among, most)
    tried = trials(trace.scenario, trace.rules, service)
    found: list[tuple[frozenset[str], Fraction]] = []
    for size in range(most + 1):
        for faults in itertools.combinations(among, size):
            at_hand().spend(len(found) // WORTH_A_STEP)
            chosen = frozenset(faults)
            least = max((share for names, share in found if names <= chosen), default=Fraction(0))
            share = tried.down(faults, known) if least < 1 else least
            if share > least:
                found.append((chosen, share))
            yield Cut(faults, share), share > least


def by_trial(trace: Trace, service: str, most: int, among: tuple[str, ...], known: Known) -> Iterator[Cut]:
    """The cuts that trying every set finds, each as soon as it is found; see `each_set`."""
    return (cut for cut, is_cut in each_set(trace, service, most, among, known) if is_cut)


def may_try(among: tuple[str, ...], most: int) -> None:
    """Raises TooManyFaultSets where there are more sets than are tried one by one."""
    if count(len(among), most) > MOST_SETS:
        raise TooManyFaultSets(
            f"{count(len(among), most):,} sets of faults would have to be tried, and at most {MOST_SETS:,} are: ask "
            "for fewer faults at once, or fewer kinds of components"
        )


def cuts_in(trace: Trace, service: str, most: int, of: Of) -> tuple[Cut, ...]:
    """The cuts of a service after one course of the run: off its structure function where it has one, else by trial.

    Raises:
        Undecided: they turn on a draw that is open in this course.
        TooManyFaultSets: there are too many to find.
    """
    at_hand().spend(1 + len(trace.end) // VALUES_A_STEP)
    among = components(trace, of)
    down = down_of(trace, service)
    if down is None:
        return tuple(by_trial(trace, service, min(most, len(among)), among, known_in(trace)))
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
    if any(luck.low < share < luck.high for share in shares):
        raise NeedsClient(key, shares)
    taken = [cut for cut in found if cut.share > luck.low]
    sets = [frozenset(cut.faults) for cut in taken]
    at_hand().spend(len(sets) ** 2 // WORTH_A_STEP)
    return tuple(cut for cut, own in zip(taken, sets, strict=True) if not any(other < own for other in sets))


def first_taken_down(trace: Trace, clients: Clients, service: str, most: int, of: Of) -> Cut | None:
    """The first of these sets; where fault sets are tried one by one, and the first that matters is sure to take the
    service down, the others are left alone. Raises as `taken_down`.
    """
    if down_of(trace, service) is None:
        among = components(trace, of)
        first = next(by_trial(trace, service, min(most, len(among)), among, known_in(trace)), None)
        if first is None or first.is_sure:
            return first
    return next(iter(taken_down(trace, clients, service, most, of)), None)


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
    sets = tuple(math.comb(len(among), size) for size in range(most + 1))
    gone = tuple(name for name in every if name not in left)
    if down is None:
        tried = list(each_set(trace, service, most, among, Known()))
        counts = Counter((len(cut.faults), cut.share > 0, cut.is_sure) for cut, _ in tried)
        survived = tuple(counts[size, False, False] for size in range(most + 1))
        depends = tuple(counts[size, True, False] for size in range(most + 1))
        return Report(among, gone, tuple(cut for cut, is_cut in tried if is_cut), sets, survived, depends)
    cuts = by_trees(down, most, among)
    survived = _left_up(cuts, among, most)
    not_sure = _left_up([cut for cut in cuts if cut.is_sure], among, most)
    return Report(among, gone, cuts, sets, survived, tuple(a - b for a, b in zip(not_sure, survived, strict=True)))


def _left_up(cuts: Sequence[Cut], among: tuple[str, ...], most: int) -> tuple[int, ...]:
    """For each number of faults how many sets hold none of the cuts; what is in no cut may be in any set."""
    down = any_of(all_of(basic(name) for name in cut.faults) for cut in cuts)
    used = tuple(name for name in among if any(name in cut.faults for cut in cuts))
    others = len(among) - len(used)
    try:
        up = survived_table({"": down}, used, min(most, len(used)))[""].survived
    except TreeTooLarge as error:
        raise TooManyFaultSets(f"{error}: ask for fewer faults at once, or fewer kinds of components") from error
    return tuple(
        sum(count * math.comb(others, size - own) for own, count in enumerate(up[: size + 1]))
        for size in range(most + 1)
    )


# -- what claims read -------------------------------------------------------------------------------------------------


def survives(trace: Trace, clients: Clients, service: str, most: int, of: Of) -> bool:
    """The service is available again after every set of at most `most` faults."""
    if down_of(trace, service) is None and _surely_falls(trace, service, most, components(trace, of)):
        return False
    return not taken_down(trace, clients, service, most, of)


LATEST = "the set that was found last to take a service down"
"""What a whole piece of work remembers of each service by its name: scenarios that it asks about in turn are alike."""


def _surely_falls(trace: Trace, service: str, most: int, among: tuple[str, ...]) -> bool:
    """Some set is sure to take the service down. Which are tried first changes how soon that is known, and nothing
    else.
    """
    most = min(most, len(among))
    may_try(among, most)
    known = known_in(trace)
    remembered: dict[str, FaultSet] = at_hand().whole.kept.setdefault(LATEST, {})
    latest = remembered.get(service, ())
    with suppress(TooManyFaultSets):
        fits = len(latest) <= most and set(latest) <= set(among)
        if fits and trials(trace.scenario, trace.rules, service).down(latest, known) == 1:
            return True
    for cut in by_trial(trace, service, most, among, known):
        if cut.is_sure:
            remembered[service] = cut.faults
            return True
    return False


def single_points(trace: Trace, clients: Clients, service: str, of: Of) -> tuple[str, ...]:
    """The components that take the service down by failing alone."""
    return tuple(cut.faults[0] for cut in taken_down(trace, clients, service, 1, of) if cut.faults)


def cut_sets(trace: Trace, clients: Clients, service: str, most: int, of: Of) -> tuple[str, ...]:
    """The minimal fault sets, each as its names joined by ` + `."""
    return tuple(" + ".join(cut.faults) for cut in taken_down(trace, clients, service, most, of))
