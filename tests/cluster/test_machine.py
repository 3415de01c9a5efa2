"""Whatever is done to whatever clusters, in whatever order: what must hold after every step.

Five small worlds, from a bare host cluster to hosts, guests and balanced servers at once, live through random timelines
of all verbs that the model has, in every release.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from studyapp.cluster import Outcome, evaluate, parse_claim, simulate
from studyapp.cluster.orders.handlers import VERBS
from studyapp.cluster.scenario import Scenario
from studyapp.cluster.trace import Trace
from tests.cluster.worlds import Life, acts_of, starts, with_act, world

BY_THE_CLOCK = "balancing"
"""The rule whose turn comes by itself, every so often."""
LIMIT = 20_000
"""Queue entries after which a timeline of a few steps has gone round in circles."""


# -- what must hold ---------------------------------------------------------------------------------------------------


def check_traces(outcome: Outcome) -> None:
    assert sum(branch.share for branch in outcome.branches) == 1
    for branch in outcome.branches:
        check_trace(branch.trace)


def check_trace(trace: Trace) -> None:
    times = [event.at_ms for event in trace.events]
    assert times == sorted(times), "time went back"
    changed = [change.at_ms for change in trace.changes]
    assert changed == sorted(changed), "time went back"
    for seq, event in enumerate(trace.events, 1):
        assert event.seq == seq
        assert event.cause is not None or event.rule in ("timeline", "chance", BY_THE_CLOCK), f"no cause: {event}"
        # An order may take a step before it: a host that is off is switched on first.
        ordered = (
            event.rule == "timeline" and event.cause is not None and trace.events[event.cause - 1].rule == "timeline"
        )
        assert event.cause is None or event.rule not in ("timeline", "chance") or ordered, event
        assert event.cause is None or 0 < event.cause < seq, f"caused by what came later: {event}"
        assert event.cause is not None or event.kind in (*VERBS, "refused", "bounded"), event


def always(made: Scenario, forced: bool) -> list[str]:
    """Claims that hold in every branch at every moment."""
    found = []
    for name in made.failover:
        machines = made.vm if made.failover[name].nodes[0] in made.vm else made.host
        votes = " + ".join(f'vote("{n}")' for n in machines)
        found.append(f'votes("{name}") <= votes_total("{name}")')
        found.append(f'votes_total("{name}") == {votes} + witness_vote("{name}")')
        found.append(f'quorum("{name}") == (len(members("{name}")) > 0)')
        if not forced:
            found.append(f'clusters_formed("{name}") <= 1')
    for name, role in made.role.items():
        found.append(f'owner("{name}") == "none" or owner("{name}") in nodes("{role.cluster}")')
        found.append(f'not online("{name}") or owner("{name}") != "none"')
    return found


def settled(made: Scenario, forced: bool) -> list[str]:
    """Claims that hold when everything has settled; where a second side may run by force, roles may be on the other."""
    found = []
    for name, role in made.role.items():
        if not forced:
            runs = f'quorum("{role.cluster}") and online("{name}")'
            found.append(f'not ({runs}) or owner("{name}") in members("{role.cluster}")')
        if role.vm is not None:
            found.append(f'not (online("{name}") and up("{name}")) or host_of("{name}") == owner("{name}")')
    return found + [f'forced("{c}") or not quorum("{c}") or votes("{c}") >= votes_needed("{c}")' for c in made.failover]


def asked(made: Scenario) -> list[str]:
    """Claims whose values must not depend on how chance is followed."""
    found = [f"[{', '.join(call.format(c) for c in made.failover)}]" for call in ('votes_total("{}")', 'quorum("{}")')]
    found = [claim for claim in found if claim != "[]"]
    found += [f'members("{c.name}")' for c in made.clusters]
    found += [f'owner("{r}")' for r in made.role] + [f'state("{m}")' for m in (*made.role, *made.vm)]
    found += [f'{call}("{s}")' for s in made.service for call in ("available", "outages")]
    return found


def value_of(claim: str, outcome: Outcome) -> object:
    return frozenset(evaluate(parse_claim(claim), outcome).values)


def check(made: Scenario, outcome: Outcome) -> None:
    """Everything that must hold of a scenario that has been lived through."""
    forced = any(act.verb == "force-quorum" for step in made.timeline for act in step.acts)
    check_traces(outcome)
    for claim in [f"always({each})" for each in always(made, forced)] + settled(made, forced):
        assert evaluate(parse_claim(claim), outcome).certain is True, claim
    assert simulate(made, step_limit=LIMIT) == outcome, "the same input gave another trace"
    eager = simulate(made, eager=True, step_limit=LIMIT)
    check_traces(eager)
    if not any(branch.trace.bounded for branch in (*outcome.branches, *eager.branches)):
        for claim in asked(made):
            assert value_of(claim, eager) == value_of(claim, outcome), f"lazy and eager differ: {claim}"


class Clusters(RuleBasedStateMachine):
    """Grows a timeline act by act and looks at the whole of what follows."""

    def __init__(self) -> None:
        super().__init__()
        self.made = Scenario("none", "ws2008")
        self.outcome = Outcome(())
        self.empty = self.made
        """The world before anything happens."""
        self.looked = 0

    @initialize(start=starts())
    def choose(self, start: Life) -> None:
        self.made = self.empty = start.made
        self.run()

    def run(self) -> None:
        self.outcome = simulate(self.made, step_limit=LIMIT)

    def fits(self, verb: str) -> bool:
        """The world has something that the verb takes, and chance has not spread too far."""
        return len(self.outcome.branches) <= 40 and not acts_of(self.empty)[verb].is_empty

    def grow(self, verb: str, data: st.DataObject) -> None:
        act = data.draw(acts_of(self.empty)[verb], label="act")
        when = data.draw(st.sampled_from(["then", "then", "soon", "with"]), label="when")
        at_ms = None
        if when == "soon":
            latest = max(branch.trace.end_ms for branch in self.outcome.branches)
            at_ms = latest + data.draw(st.integers(0, 12_000), label="later")
        steps = with_act(self.made.timeline, act, together=when == "with", at_ms=at_ms)
        self.made = replace(self.made, timeline=steps)
        self.run()

    @rule()
    def wait(self) -> None:
        """Nothing is done: what may always be chosen, also where chance has spread too far to go on."""

    @invariant()
    def holds(self) -> None:
        if self.looked == len(self.made.timeline):
            return
        self.looked = len(self.made.timeline)
        check_traces(self.outcome)

    def teardown(self) -> None:
        if self.outcome.branches:
            note(telling_of(self.outcome))
            check(self.made, self.outcome)


def telling_of(outcome: Outcome) -> str:
    lines: list[str] = []
    for branch in outcome.branches:
        lines.append(f"-- {branch.share}")
        lines += [f"{e.at_ms:>8} {e.kind} {e.subject}: {e.detail} <{e.cause} {e.rule}>" for e in branch.trace.events]
    return "\n".join(lines)


def _rule(verb: str) -> Any:
    @precondition(lambda self: self.fits(verb))
    @rule(data=st.data())
    def grow(self: Clusters, data: st.DataObject) -> None:
        self.grow(verb, data)

    return grow


for _verb in VERBS:
    setattr(Clusters, _verb.replace("-", "_"), _rule(_verb))


def test_every_verb_is_tried() -> None:
    assert set(acts_of(world("whole", "ws2016", "none"))) == set(VERBS)


def live_through(examples: int) -> None:
    run_state_machine_as_test(
        Clusters,
        settings=settings(max_examples=examples, stateful_step_count=10, suppress_health_check=list(HealthCheck)),
    )


def test_invariants_hold() -> None:
    live_through(300)


@pytest.mark.nightly
def test_invariants_hold_over_many() -> None:
    live_through(5_000)
