"""What services survive: the structure function says the same as simulating every set of faults."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from studyapp.cluster import evaluate, parse_claim, simulate
from studyapp.cluster.analysis.faulttree import tree_of
from studyapp.cluster.analysis.survival import (
    MOST_SETS,
    TooManyFaultSets,
    analyse,
    by_simulation,
    components,
    cut_sets,
    minimal_cuts,
    single_points,
    survives,
)
from studyapp.cluster.misconceptions import believing
from studyapp.cluster.scenario import (
    FailoverCluster,
    Host,
    Network,
    NlbCluster,
    Role,
    Scenario,
    Service,
    Storage,
    Vm,
    Witness,
)
from studyapp.packs.facts import load_facts
from tests.cluster import build

KINDS = ("hosts", "vms", "networks", "storage", "sites", "witness")
STATIC = {None: "node-majority", "disk": "node-and-disk-majority", "share": "node-and-share-majority"}


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small clusters of hosts with a role and a highly available virtual machine, a farm, and a plain server."""
    release = draw(st.sampled_from(("ws2008r2", "ws2012", "ws2012r2", "ws2016", "ws2022")))
    names = tuple(f"h{number}" for number in range(draw(st.integers(2, 5))))
    sites = draw(st.sampled_from(((), ("east", "west"))))
    site_of = {name: draw(st.sampled_from(sites)) if sites else None for name in names}
    kind = draw(st.sampled_from((None, "disk", "share")))
    dynamic = release != "ws2008r2" and draw(st.booleans())
    store = Storage("san", site=draw(st.sampled_from(sites)) if sites else None)
    within = draw(st.booleans())
    stores = (store, Storage("wdisk"), *((Storage("disk", within="san"),) if within else ()))
    names_of = {"disk": "wdisk", "share": "fs1"}
    witness = Witness(kind, names_of[kind], draw(st.sampled_from((None, *sites)))) if kind is not None else None
    if witness is not None and witness.kind == "disk":
        witness = replace(witness, site=None)
    weights = tuple((name, 0) for name in names[1:] if draw(st.integers(0, 5)) == 0)
    cluster = FailoverCluster("c", names, witness, "dynamic" if dynamic else STATIC[kind], weights)
    possible = draw(st.sets(st.sampled_from(names)))
    owned = tuple(name for name in names if name in possible) if possible else ()
    storage = draw(st.sampled_from((None, "san", *(("disk",) if within else ()))))
    return Scenario(
        title="test",
        release=release,
        sites=sites,
        networks=(Network("lan"),),
        storage=stores,
        hosts=tuple(Host(name, ("lan",), tuple(s.name for s in stores), site=site_of[name]) for name in names),
        vms=(Vm("v1", names[0], ("lan",)), Vm("w1", names[0], ("lan",)), Vm("w2", names[-1], ("lan",))),
        clusters=(cluster, NlbCluster("f", ("w1", "w2"), "multicast")),
        roles=(
            Role("sql", "c", (owned or names)[0], possible=owned, storage=storage),
            Role("v1", "c", names[0], vm="v1", properties=(("CheckHeartbeat", False),)),
        ),
        services=(
            Service("db", "role", "sql"),
            Service("app", "runs_on", "v1"),
            Service("web", "nlb", "f", 80),
            Service("plain", "runs_on", "w2"),
        ),
        facts=load_facts().releases[release],
    )


def compare(scenario: Scenario, most: int) -> None:
    trace = simulate(scenario).trace
    among = components(scenario, KINDS)
    for service in scenario.service:
        note(service)
        assert tree_of(trace, service) is not None
        told = minimal_cuts(trace, service, most, KINDS)
        assert set(map(frozenset, told)) == set(
            map(frozenset, by_simulation(scenario, trace.rules, service, most, among))
        )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_the_tree_says_what_every_simulation_says(scenario: Scenario) -> None:
    compare(scenario, 2)


@pytest.mark.nightly
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_the_tree_says_what_every_simulation_says_of_three_faults(scenario: Scenario) -> None:
    compare(scenario, 3)


def test_a_cluster_of_three_survives_one_host_and_its_disk_is_a_single_point() -> None:
    scenario = replace(build.host_cluster(3), roles=(Role("sql", "c", "h1", storage="san"),))
    trace = simulate(scenario).trace
    assert survives(trace, "db", 1, "hosts")
    assert not survives(trace, "db", 2, "hosts")
    assert single_points(trace, "db", "all") == ("lan", "san")
    assert cut_sets(trace, "db", 2, "hosts") == ("h1 + h2", "h1 + h3", "h2 + h3")
    report = analyse(trace, "db", 3, "hosts")
    assert (report.sets, report.survived) == ((1, 3, 3, 1), (1, 3, 0, 0))


def test_under_a_belief_or_after_a_fault_every_set_is_simulated() -> None:
    scenario = build.host_cluster(4)
    believed = simulate(scenario, rules=believing("half-is-enough")).trace
    assert tree_of(believed, "db") is None
    assert survives(believed, "db", 2, "hosts")
    crashed = simulate(build.given(scenario, build.act("crash", "h1"))).trace
    assert tree_of(crashed, "db") is None
    assert single_points(crashed, "db", "hosts") == ("h2", "h3", "h4")


def test_what_is_down_already_has_the_empty_set_and_no_single_point() -> None:
    scenario = build.given(build.host_cluster(3), build.act("crash", "h1", "h2"))
    trace = simulate(scenario).trace
    assert minimal_cuts(trace, "db", 1, "hosts") == ((),)
    assert single_points(trace, "db", "hosts") == ()
    assert not survives(trace, "db", 0, "hosts")


def test_too_many_sets_are_refused_by_name() -> None:
    scenario = build.given(build.host_cluster(64), build.act("crash", "h1"))
    with pytest.raises(TooManyFaultSets, match=f"at most {MOST_SETS:,}"):
        minimal_cuts(simulate(scenario).trace, "db", 4, "hosts")


def test_claims_about_what_is_survived() -> None:
    outcome = simulate(build.host_cluster(3))
    for text, value in (
        ('survives("db", 1)', True),
        ('survives("db", 1, "networks")', False),
        ('survives("db", 1, ["hosts", "storage"])', True),
        ('single_points("db")', ("lan",)),
        ('len(cut_sets("db", 2, "hosts"))', 3),
    ):
        assert evaluate(parse_claim(text), outcome).certain == value, text
