"""What one reading of the model rests on: a sentence that says what was read and why, and the events behind it.

Nothing here is invented: every sentence is read off the trace, a state of it, the scenario or its facts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from studyapp.cluster import view
from studyapp.cluster.claims.readers import Clients, Moment
from studyapp.cluster.describe import join
from studyapp.cluster.reasons import silence
from studyapp.cluster.scenario import Fact, Scenario
from studyapp.cluster.trace import Event, State, Trace

MOST_NAMED = 6
"""Names that a sentence lists; of more it tells how many others there are."""
MOST_EVENTS = 3
"""Events of one kind that a reading goes back to: the latest."""

POWER = (
    *("crash", "hang", "shutdown", "start", "online", "offline", "restart", "failover", "failed"),
    *("live-migrate", "quick-migrate", "paused-critical", "resumed"),
)
"""Kinds of events that turn a machine on or off, or silence it."""
PLACE = (
    *("failover", "failback", "restart", "online", "offline", "failed", "move", "live-migrate", "quick-migrate"),
    *("paused-critical", "resumed"),
)
"""Kinds of events that say where a role is and how it is."""
MEMBERSHIP = (
    *("removed", "joined", "quorum-kept", "quorum-lost", "votes", "unforced", "evict", "join", "isolated"),
    *("quarantined", "converged"),
)
"""Kinds of events that say who belongs to a cluster and who votes."""


LEAVING = ("removed", "quorum-lost", "stop-node", "shutdown", "crash", "evict", "suspend", "drain-stop")
"""Kinds of events that cost a node its membership."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`sentence` says what was read; `events` are the numbers of those that made it so, told with their causes, and
    `alone` of those told without; of `quiet` ones it is told why nothing followed; `rules` are those that no event
    carries.
    """

    sentence: str
    events: tuple[int, ...] = ()
    quiet: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    alone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A moment that is looked at, for one client of each service."""

    now: Moment
    clients: Clients

    @property
    def scenario(self) -> Scenario:
        """The scenario of the trace."""
        return self.now.scenario

    @property
    def state(self) -> State:
        """The state at this moment."""
        return self.now.state

    @property
    def when(self) -> str:
        """The moment in words, to begin a sentence with."""
        return "At the end" if self.now.asked_ms is None else f"At {at_time(self.now.asked_ms)}"

    def at(self, ms: int) -> Look:
        """The same at another time."""
        return Look(Moment.at(self.now.trace, ms), self.clients)

    def last(self, things: Iterable[str | None], kinds: Iterable[str], most: int = 1) -> tuple[int, ...]:
        """The numbers of the latest events of these kinds that happened to one of these things, up to now."""
        subjects, wanted = set(things), set(kinds)
        found = [e for e in self.now.events if e.subject in subjects and e.kind in wanted]
        return tuple(e.seq for e in self.telling(found)[-most:])

    def telling(self, found: list[Event]) -> list[Event]:
        """Those events that did not find so already what they ask for; all of them where there is no other."""
        return [e for e in found if e.rule != "timeline" or not _found_so(self.now.trace, e)] or found

    def of_cluster(self, cluster: str, kinds: Iterable[str], most: int = 1) -> tuple[int, ...]:
        """The number of the latest event of these kinds that belongs to a cluster; of several at one time at most so
        many.
        """
        wanted = set(kinds)
        found = [e for e in self.now.events if e.kind in wanted and cluster in (e.cluster, e.subject)]
        return tuple(e.seq for e in found[-most:] if e.at_ms == found[-1].at_ms)

    def quiet(self, *things: str) -> tuple[int, ...]:
        """The faults of these things, or of what they stand on, that nothing has followed."""
        near = {name for thing in things for name in stands_on(self.scenario, self.now.trace.start, thing)}
        found = (e.seq for e in silence.without_consequence(self.now.trace, silence.HARMLESS) if e.subject in near)
        return tuple(seq for seq in found if seq <= len(self.now.events))

    def unseen(self, *things: str) -> tuple[int, str]:
        """The latest fault of these things, or of what they stand on, that somebody will notice only later: its number
        and a sentence that says so; 0 and "" where there is none.
        """
        near = {name for thing in things for name in stands_on(self.scenario, self.now.trace.start, thing)}
        seen = len(self.now.events)
        for later in self.now.trace.events[seen:]:
            if later.kind in ("detected", "removed"):
                for cause in reversed(self.now.trace.why(later.seq)):
                    if cause.seq <= seen and cause.kind in silence.FAULTS and cause.subject in near:
                        return cause.seq, f" {later.cluster} notices only at {at_time(later.at_ms)} what has happened."
        return 0, ""

    def event(self, seq: int) -> Event:
        """The event of a number."""
        return self.now.trace.events[seq - 1]


def lost(look: Look, cluster: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How the nodes were lost that are no members: the event of the first, told with its causes, and what the others go
    back to.
    """
    found = view.members(look.scenario, look.state, cluster)
    missing = [n for n in view.nodes(look.scenario, look.state, cluster) if n not in found]
    left = [seq for n in missing for seq in _left(look, cluster, n)]
    roots = [look.now.trace.why(seq)[0].seq for seq in left[1 : MOST_EVENTS + 1]]
    return tuple(left[:1]), tuple(roots)


def _found_so(trace: Trace, event: Event) -> bool:
    """An order to bring down a machine that was down, or up one that was up."""
    machine = event.subject
    if event.kind not in ("crash", "hang", "shutdown", "start") or machine not in trace.scenario.machines:
        return False
    before, after = (trace.after(seq) for seq in (event.seq - 1, event.seq))
    if view.powered(before, machine) != view.powered(after, machine):
        return False
    return view.answers(before, machine) == view.answers(after, machine) == (event.kind == "start")


def _left(look: Look, cluster: str, node: str) -> tuple[int, ...]:
    """How a node was lost to its cluster."""
    mine = [e for e in look.now.events if e.subject == node and (e.cluster == cluster or e.kind in (*LEAVING, *POWER))]
    own = look.telling([e for e in mine if e.kind in LEAVING] or mine)
    return tuple(e.seq for e in own[-1:]) or look.of_cluster(cluster, ("quorum-lost",))


def at_time(ms: int) -> str:
    """A moment as `mm:ss`, past an hour as `h:mm:ss`, with tenths where they matter."""
    tenths = f".{ms % 1000 // 100}" if ms % 1000 else ""
    hours = f"{ms // 3_600_000}:" if ms >= 3_600_000 else ""
    return f"{hours}{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{tenths}"


def seconds(value: float) -> str:
    """A number of seconds as people read it."""
    return f"{value:g} s"


def names(found: Iterable[str]) -> str:
    """Names as a person lists them; of many the first and how many others there are."""
    listed = tuple(found)
    if len(listed) > MOST_NAMED:
        return f"{', '.join(listed[: MOST_NAMED - 1])} and {len(listed) - MOST_NAMED + 1} others"
    return join(listed) or "none"


def times(count: int) -> str:
    """How often."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def plural(count: int, word: str) -> str:
    """A number of things."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def many(found: Collection[str], one: str, several: str) -> str:
    """One form of a word or the other."""
    return one if len(found) == 1 else several


def stands_on(scenario: Scenario, state: State, thing: str) -> tuple[str, ...]:
    """A thing and everything that its fate may hang on: the role or machine of a service, the node of a role, the host
    of a virtual machine, the nodes of a cluster, their networks and storage.
    """
    found: dict[str, None] = {}
    waiting = [thing]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += _below(scenario, state, name)
    return tuple(found)


def _below(scenario: Scenario, state: State, name: str) -> list[str]:
    below: list[str | None] = []
    if name in scenario.service:
        below.append(scenario.service[name].target)
    if name in scenario.role:
        role = scenario.role[name]
        below += [role.vm, role.owner, role.storage]
    if name in scenario.vm:
        below += [view.host_of(state, name), *scenario.vm[name].networks]
    elif name in scenario.host:
        below += scenario.host[name].networks
    for cluster in scenario.clusters:
        if cluster.name == name:
            below += cluster.nodes
            witness = scenario.failover[name].witness if name in scenario.failover else None
            below.append(witness.name if witness is not None else None)
    return [each for each in below if each is not None and each != name]


_DOUBT = {
    "?": "a value that no source confirms",
    "≠": "a value on which the sources disagree",
    "m": "a simplification of the model",
}


def fact_of(scenario: Scenario, key: str, cluster: str | None = None) -> Fact | None:
    """A fact of the release that a cluster runs by, else of the scenario's; None where that release has none."""
    return scenario.facts_of[scenario.level.get(cluster or "", scenario.release)].get(key)


def doubt(fact: Fact | None) -> str:
    """What is to be said of a doubtful fact, to be put after its value."""
    return f", {_DOUBT[fact.mark]}" if fact is not None and fact.mark in _DOUBT else ""


def release_name(release: str) -> str:
    """`ws2012r2` as people write it."""
    year = release.removeprefix("ws")
    return f"Windows Server {year[:4]}{' R2' if year.endswith('r2') else ''}"
