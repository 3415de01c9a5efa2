"""Quorum and membership worked out a second time, by brute force and from the sources alone: no time, no heartbeats.

Every way that chance may go is followed on its own, with its exact share. What the sources leave open is `Unspecified`.
The sentences that it keeps to:

- More than half of all votes must be present. A majority lost at once is not survived; who is gone has its vote counted
  until the others have settled without it.
- With dynamic quorum (2012) the side that goes on counts anew. From 2012 R2 the witness votes while the number of nodes
  is even, and where it cannot, one node's vote is taken: the named one's, else anyone's. In 2012 it always votes.
- Who leaves in order has its vote handed over, and knows it. A stop that would cost the quorum is refused.
- Stopped nodes join a side that they reach, else form the cluster by the newest configuration among them. A disk holds
  a copy of it; a share or cloud only a log, and gives no vote to an older one.
- A start by force needs no vote, and its configuration is the newest; the state ends with votes enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from tests.cluster.oracle_state import NOBODY, WITNESS, Config, Nodes, Rules, Side, State, Unspecified

Course = tuple[Fraction, State]
ONE = Fraction(1)


@dataclass
class Oracle:
    """Everything that may have happened to a cluster, each with its share."""

    rules: Rules
    up: Nodes = NOBODY
    isolated: Nodes = NOBODY
    cut: tuple[tuple[str, ...], ...] = ()
    witness_works: bool = True
    courses: dict[State, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        nodes = frozenset(self.rules.nodes)
        self.up = frozenset(self.rules.machines)
        first = Config(0, 0, self._voting(nodes), self.rules.without, int(self.rules.witness is not None))
        known = frozenset((n, first) for n in nodes)
        start = State(frozenset({Side(nodes, False)}), known, first, NOBODY, NOBODY, frozenset(self.rules.spare))
        self.courses = {start: ONE}
        self._follow(self._settle)

    def step(self, *acts: tuple[str, tuple[object, ...]]) -> None:
        """Let this happen at once, and everything settle. Raises Unspecified, and is then as it was before."""
        before = dict(vars(self))
        try:
            for verb, things in acts:
                names = frozenset(str(thing) for thing in things)
                if verb in DEEDS:
                    self._follow(partial(DEEDS[verb], self, names))
                self._befall(verb, things, names)
            self._follow(self._settle)
        except Unspecified:
            vars(self).update(before)
            raise

    def _follow(self, what: Callable[[State], Iterable[Course]]) -> None:
        after: dict[State, Fraction] = defaultdict(Fraction)
        for state, share in self.courses.items():
            for part, outcome in what(state):
                after[outcome] += share * part
        self.courses = dict(after)

    # -- what happens -----------------------------------------------------------------------------------------------

    def _befall(self, verb: str, things: tuple[object, ...], names: Nodes) -> None:
        if verb in ("crash", "hang", "shutdown"):
            self.up -= names
        elif verb == "start":
            self.up |= names
        elif verb == "isolate":
            self.isolated |= names
        elif verb == "rejoin":
            self.isolated -= names
        elif verb in ("lose", "restore"):
            self.witness_works = verb == "restore"
        elif verb in ("partition", "heal"):
            self.cut = things  # type: ignore[assignment]  # a partition takes sides, and heal none

    def _go_down(self, names: Nodes, state: State) -> list[Course]:
        return [(ONE, state._replace(stopped=state.stopped - names, barred=state.barred - names))]

    def _start(self, names: Nodes, state: State) -> list[Course]:
        return [(ONE, state._replace(stopped=state.stopped - names))]

    def _shut_down(self, names: Nodes, state: State) -> list[Course]:
        return [(share, after) for share, left in self._leave(names, state) for _, after in self._go_down(names, left)]

    def _leave(self, names: Nodes, state: State) -> Iterable[Course]:
        """In order: where votes are counted anew, the one who leaves hears the new count before it goes; a vote that
        nobody may take over is not given up.
        """
        side = state.side_of(names)
        if side is None:
            return [(ONE, state)]
        rest = side.members - names
        state = state.swap(side, Side(rest, side.forced) if rest else None)
        if side.forced or not self.rules.dynamic or not rest - self.rules.weightless:
            return [(ONE, state)]
        return self._recount(state, rest, tell=side.members)

    def _stop(self, names: Nodes, state: State) -> list[Course]:
        side, stopped = state.side_of(names), state.stopped | names
        if side is None:
            kept = names <= state.strangers
            return [(ONE, state if kept else state._replace(stopped=stopped, barred=state.barred - names))]
        if side.forced:
            raise Unspecified("a node of a side that runs by force is stopped")
        left = [(p, after._replace(stopped=stopped)) for p, after in self._leave(names, state)]
        return self._unless_lost(state, left, side.members - names)

    def _unless_lost(self, state: State, after: list[Course], rest: Nodes) -> list[Course]:
        """What would come of it, unless the rest has no quorum then: it is refused."""
        lost = not rest or not all(self._has_majority(s.config(rest), rest) for _, s in after)
        return [(ONE, state)] if lost else after

    def _evict(self, names: Nodes, state: State) -> list[Course]:
        """A node is taken out, and its vote with it."""
        if names <= state.strangers:
            return [(ONE, state)]
        side = self._only_side(state)
        if side is None:
            raise Unspecified("a node is evicted from a cluster that does not run")
        rest, config = side.members - names, state.config(side.members)
        out = state.swap(side, Side(rest, False))._replace(
            known=frozenset(pair for pair in state.known if pair[0] not in names),
            stopped=state.stopped - names,
            barred=state.barred - names,
            strangers=state.strangers | names,
        )
        out = self._spread(out, rest, config._replace(version=config.version + 1, voters=config.voters - names))
        return self._unless_lost(state, list(self._recount(out, rest)) if rest else [], rest)

    def _add(self, names: Nodes, state: State) -> list[Course]:
        """A machine becomes a node of a cluster that runs and that it reaches."""
        side = self._only_side(state)
        if side is None or not names <= state.strangers & self.up:
            return [(ONE, state)]
        if not self._hear(side.members | names):
            raise Unspecified("a machine is added that the cluster does not reach")
        if names & self.rules.weightless:
            raise Unspecified("a node whose vote was removed by hand is added anew")
        config = state.config(side.members)
        config = config._replace(version=config.version + 1, voters=config.voters | self._voting(names))
        state = self._spread(state, side.members, config).learn(names, config)
        return [(ONE, state._replace(strangers=state.strangers - names))]

    def _force(self, names: Nodes, state: State) -> list[Course]:
        if names <= state.running() | state.strangers:
            return [(ONE, state)]
        if any(side.forced or self._hear(side.members | names) for side in state.sides):
            raise Unspecified("a second start by force, or one beside a cluster that runs")
        config = state.config(names)
        state = state.learn(names, config._replace(forced=config.forced + 1)).swap(None, Side(names, True))
        return self._go_down(names, state)

    def _bar(self, names: Nodes, state: State) -> list[Course]:
        if names <= state.strangers:
            return [(ONE, state)]
        if names <= state.running():
            raise Unspecified("a node that runs is started with quorum prevented")
        return [(ONE, state._replace(stopped=state.stopped - names, barred=state.barred | names))]

    def _write(self, names: Nodes, state: State) -> list[Course]:
        """An administrator changes the configuration of a cluster that runs."""
        for side in state.sides:
            config = state.config(side.members)
            state = self._spread(state, side.members, config._replace(version=config.version + 1))
        return [(ONE, state)]

    def _only_side(self, state: State) -> Side | None:
        """The side that runs. Raises Unspecified for two, and for one that runs by force."""
        if len(state.sides) > 1 or any(side.forced for side in state.sides):
            raise Unspecified("nodes come and go while a cluster runs by force")
        return next(iter(state.sides), None)

    def _voting(self, nodes: Nodes) -> Nodes:
        return frozenset() if self.rules.disk_only else nodes - self.rules.weightless

    # -- who reaches whom -----------------------------------------------------------------------------------------

    def _groups(self, nodes: Nodes) -> list[Nodes]:
        """These nodes as far as they answer, in groups that hear one another."""
        places: dict[object, set[str]] = defaultdict(set)
        for node in sorted(nodes & self.up):
            part = next((i for i, side in enumerate(self.cut) if node in side), 0)
            places[node if node in self.isolated else part].add(node)
        return [frozenset(group) for group in places.values()]

    def _hear(self, nodes: Nodes) -> bool:
        return len(self._groups(nodes)) == 1 and nodes <= self.up

    def reaches_witness(self, group: Nodes) -> bool:
        if self.rules.witness is None or not self.witness_works:
            return False
        if self.rules.witness != "disk" and group & self.isolated:
            return False
        placed = [side for side in self.cut if WITNESS in side]
        return not placed or any(group & set(side) for side in placed)

    # -- quorum ---------------------------------------------------------------------------------------------------

    def _has_majority(self, config: Config, group: Nodes, witness: bool = True) -> bool:
        helped = witness and self.reaches_witness(group)
        return 2 * (config.votes_of(group) + (config.witness if helped else 0)) > config.total

    def _settle(self, state: State) -> Iterator[Course]:
        """Sides lose whom they cannot hear; then those that meet, join or form do; until nothing changes."""
        for losing in self._lose(state):
            for meeting in self._meet(losing[1]):
                for share, joined in self._gather(meeting):
                    yield losing[0] * share, joined

    def _lose(self, state: State) -> list[Course]:
        found: list[Course] = [(ONE, state)]
        for side in state.sides:
            found = [(p * q, after) for p, before in found for q, after in self._judge(before, side)]
        if len([s for s in state.sides if any(self.reaches_witness(g) for g in self._groups(s.members))]) > 1:
            raise Unspecified("two clusters that run reach one witness")
        return found

    def _judge(self, state: State, side: Side) -> list[Course]:
        config, groups = state.config(side.members), self._groups(side.members)
        if any(self.reaches_witness(g) and state.log.newer(config) for g in groups):
            raise Unspecified("a cluster that runs meets a newer configuration at its witness")
        if side.forced and len(groups) > 1:
            raise Unspecified("a side that runs by force falls apart")
        able = [group for group in groups if self._has_majority(config, group)]
        if not able:
            kept = Side(groups[0], True) if side.forced and groups else None
            return [(ONE, state.swap(side, kept))]
        found: list[Course] = []
        for group in able:
            after = state.swap(side, Side(group, False))
            found += [(share / len(able), s) for share, s in self._recount(after, group)]
        return found

    def _meet(self, state: State) -> list[State]:
        for a in state.sides:
            for b in state.sides - {a}:
                if not self._hear(a.members | b.members):
                    continue
                if a.forced == b.forced:
                    raise Unspecified("two clusters meet of which both or none run by force")
                if a.forced and self.rules.yields_to_force:
                    state = state.swap(b, None)._replace(barred=state.barred | b.members)
        return [state]

    def _gather(self, state: State) -> Iterator[Course]:
        """Those who wait join a side that they reach, else a group of them with the majority forms the cluster."""
        waiting = self.up - state.running() - state.stopped - state.strangers
        for group in self._groups(waiting):
            near = [side for side in state.sides if self._hear(side.members | group)]
            if len(near) > 1:
                raise Unspecified("a node reaches two clusters that run")
            if near:
                yield from self._join(state, near[0], group)
                return
        able = [(group, by) for group in self._groups(waiting) if (by := self._forms(state, group - state.barred))]
        if not able:
            yield ONE, state
        for group, config in able:
            formed = state.learn(group, config).swap(None, Side(group, False))
            for share, counted in self._recount(formed._replace(barred=state.barred - group), group):
                for more, after in self._gather(counted):
                    yield share * more / len(able), after

    def _join(self, state: State, side: Side, group: Nodes) -> Iterator[Course]:
        config, members = state.config(side.members), side.members | group
        enough = self._has_majority(config, members)
        joined = state.learn(group, config).swap(side, Side(members, side.forced and not enough))
        joined = joined._replace(barred=joined.barred - group)
        for share, counted in self._recount(joined, members) if enough else [(ONE, joined)]:
            for more, after in self._gather(counted):
                yield share * more, after

    def _forms(self, state: State, group: Nodes) -> Config | None:
        """The configuration by which this group may form the cluster, if it may."""
        if not group:
            return None
        config = state.config(group)
        helped = not any(self.reaches_witness(side.members) for side in state.sides)
        if helped and self.reaches_witness(group) and state.log.newer(config):
            helped = self.rules.witness == "disk"
            config = state.log if helped else config
        return config if self._has_majority(config, group, helped) else None

    # -- votes ----------------------------------------------------------------------------------------------------

    def _recount(self, state: State, group: Nodes, tell: Nodes = frozenset()) -> Iterator[Course]:
        """The votes after a change that this group survived; all of it learn them, and the witness that it reaches."""
        rules, before = self.rules, state.config(group)
        if not rules.dynamic:
            yield ONE, self._spread(state, group | tell, before)
            return
        voters = group - rules.weightless
        witness = int(rules.witness is not None and len(voters) > 0)
        if rules.adjusts_witness and (len(voters) % 2 or not self.reaches_witness(group)):
            witness = 0
        losers: Sequence[str | None] = [None]
        if rules.breaks_ties and not witness and len(voters) and len(voters) % 2 == 0:
            losers = sorted(voters)
            for settled in (rules.named, before.without):
                if settled in voters:
                    losers = [settled]
                    break
        for loser in losers:
            after = before._replace(voters=voters, without=loser, witness=witness)
            if after != before:
                after = after._replace(version=before.version + 1)
            yield Fraction(1, len(losers)), self._spread(state, group | tell, after)

    def _spread(self, state: State, group: Nodes, config: Config) -> State:
        state = state.learn(group, config)
        return state._replace(log=config) if self.reaches_witness(group & self.up) else state


DEEDS: dict[str, Callable[[Oracle, Nodes, State], Iterable[Course]]] = {
    "crash": Oracle._go_down,
    "hang": Oracle._go_down,
    "start": Oracle._start,
    "start-node": Oracle._start,
    "shutdown": Oracle._shut_down,
    "stop-node": Oracle._stop,
    "evict": Oracle._evict,
    "join": Oracle._add,
    "force-quorum": Oracle._force,
    "prevent-quorum": Oracle._bar,
    "set": Oracle._write,
}
