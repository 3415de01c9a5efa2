"""Whatever is done to hosts and virtual machines: nobody is left half-way, and leaving chance open changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from studyapp.cluster import evaluate, parse_claim, simulate, view
from studyapp.cluster.claims.claim import Claim
from studyapp.cluster.scenario import (
    Act,
    FailoverCluster,
    Host,
    Network,
    Role,
    Scenario,
    Service,
    Step,
    Storage,
    Vm,
    Witness,
)
from studyapp.cluster.trace import Outcome, Trace
from studyapp.packs.facts import load_facts

RELEASES = ("ws2008r2", "ws2012", "ws2012r2", "ws2016", "ws2022")
DISKS, NETWORKS, GUESTS = ("san", "san2"), ("lan", "prod"), ("v1", "v2", "v3")
BRANCHES = 200


@dataclass(frozen=True)
class Maker:
    """Draws scenarios."""

    random: Random

    def scenario(self) -> Scenario:
        """Hosts in a cluster, guests on them that may be highly available and may be nodes, and what happens."""
        choice = self.random.choice
        release, nodes = choice(RELEASES), [f"h{number + 1}" for number in range(choice((2, 3, 4)))]
        mode, share = "dynamic" if release != "ws2008r2" else "node-majority", choice((None, Witness("share", "fs1")))
        vms = [
            Vm(name, nodes[number % len(nodes)], choice((("prod",), NETWORKS))) for number, name in enumerate(GUESTS)
        ]
        clusters = [FailoverCluster("hv", tuple(nodes), share, mode)]
        roles = [self.role(vm) for vm in vms if choice((True, True, True, False))]
        if choice((True, False)):
            clusters.append(FailoverCluster("g", GUESTS, None, mode))
            roles.append(Role("sql", "g", "v1", storage="disks", starts_in_ms=3000))
        made = Scenario(
            title="drawn",
            release=release,
            networks=tuple(Network(name) for name in NETWORKS),
            storage=(Storage("san", choice(("csv", "smb"))), Storage("san2", "csv"), Storage("disks", "iscsi")),
            hosts=tuple(Host(name, NETWORKS, (*DISKS, "disks")) for name in nodes),
            vms=tuple(vms),
            clusters=tuple(clusters),
            roles=tuple(roles),
            services=(
                Service("app", "runs_on", "v1", recovery=choice(((), ("restart", "none"), ("restart-computer",)))),
            ),
            facts=load_facts().releases[release],
        )
        return replace(made, timeline=self.timeline(made))

    def role(self, vm: Vm) -> Role:
        """A virtual machine made highly available."""
        starts, disk = self.random.choice((0, 5000, 30_000)), self.random.choice((*DISKS, None))
        watched = (("CheckHeartbeat", self.random.choice((0, 1))),)
        monitored = ("app",) if vm.name == "v1" else ()
        return Role(vm.name, "hv", vm.host, (), (), disk, vm.name, starts, monitored, watched)

    def timeline(self, made: Scenario) -> tuple[Step, ...]:
        """Steps one after another, at times or when all has settled."""
        now, timed, steps = 0, self.random.choice((True, False)), []
        for _ in range(self.random.randint(1, 6)):
            now += self.random.choice((500, 3000, 8000, 15_000, 40_000, 100_000, 300_000))
            steps.append(Step((self.act(made),), now if timed else None))
        return tuple(steps)

    def act(self, made: Scenario) -> Act:
        """One thing that happens."""
        choice, hosts = self.random.choice, [host.name for host in made.hosts]
        vm, host, verb = choice(GUESTS), choice(hosts), choice((*ON_MACHINES, *ON_HOSTS, *ON_GUESTS, *ON_THINGS))
        if verb in ON_MACHINES:
            return Act(verb, (choice((vm, host)),))
        if verb in ON_HOSTS:
            return Act(verb, (host,), networks=choice(((), ("prod",))) if verb in ("isolate", "rejoin") else ())
        if verb == "storage-migrate":
            return Act(verb, (vm,), to=choice(DISKS))
        if verb in ON_GUESTS:
            return Act(verb, (vm,), to=choice((host, None)), switch_over_ms=choice((None, 7000, 25_000)))
        if verb == "fail":
            return Act(verb, ("app",), lasting=choice((True, False)))
        return Act(verb, (choice((*DISKS, "disks", *NETWORKS)),))


ON_MACHINES = ("crash", "hang", "start", "shutdown")
ON_HOSTS = ("isolate", "rejoin", "pause", "resume")
ON_GUESTS = ("live-migrate", "quick-migrate", "storage-migrate")
ON_THINGS = ("lose", "restore", "fail")
CLAIMS = (
    'host_of("v1")',
    'boots("v1")',
    'keeps_state("v2")',
    'downtime("app")',
    'state("v3")',
    'members("hv")',
    'happens("isolated", "h1")',
    'ever(state("v1") == "Migrating")',
)


def settled(trace: Trace) -> None:
    """No virtual machine is left on its way, and each is where its cluster has it."""
    scenario, end = trace.scenario, trace.end
    for vm in scenario.vm:
        shown, role = view.vm_state(end, vm), scenario.ha_vms.get(vm)
        assert shown in ("Running", "Off", "PausedCritical")
        assert bool(end.get(("standstill", vm))) == (shown == "PausedCritical")
        assert not end.get(("moving-to", vm))
        if role is not None and view.is_owned(end, role):
            assert view.owner(end, role) == view.host_of(end, vm)
    assert not any(view.is_unmonitored(end, role) for role in scenario.role)
    assert not any(view.is_isolated(end, "hv", host) for host in scenario.host)


def values(claim: Claim, outcome: Outcome) -> list[str]:
    """What the claim may come to, each with its share, whatever came first."""
    return sorted(str(value) for value in evaluate(claim, outcome).values)


def run_one(scenario: Scenario) -> None:
    eager, lazy = simulate(scenario, eager=True), simulate(scenario)
    assume(len(eager.branches) < BRANCHES)
    for branch in eager.branches:
        settled(branch.trace)
    for written in CLAIMS:
        claim = parse_claim(written)
        assert values(claim, lazy) == values(claim, eager), written


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_nobody_is_left_half_way(random: Random) -> None:
    run_one(Maker(random).scenario())


@pytest.mark.nightly
@settings(max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_nobody_is_left_half_way_over_many(random: Random) -> None:
    run_one(Maker(random).scenario())
