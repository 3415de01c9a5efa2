"""What services survive: the structure function says the same as simulating every set of faults."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from studyapp.cluster import ClaimError, Outcome, evaluate, parse_claim, simulate
from studyapp.cluster.analysis.faulttree import down_of
from studyapp.cluster.analysis.survival import (
    MOST_SETS,
    Cut,
    analyse,
    by_trees,
    by_trial,
    components,
    cut_sets,
    cuts_in,
    each_set,
    single_points,
    survives,
)
from studyapp.cluster.analysis.trials import Known, TooManyFaultSets, known_in
from studyapp.cluster.claims.evaluation import courses
from studyapp.cluster.misconceptions import believing
from studyapp.cluster.reasons.explain import explain
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
    properties = draw(st.sampled_from(((), (("SameSubnetThreshold", 3),), (("CrossSubnetThreshold", 40),))))
    quorum = "dynamic" if dynamic else STATIC[kind]
    cluster = FailoverCluster("c", names, witness, quorum, weights, properties=properties)
    possible = draw(st.sets(st.sampled_from(names)))
    owned = tuple(name for name in names if name in possible) if possible else ()
    storage = draw(st.sampled_from((None, "san", *(("disk",) if within else ()))))
    return Scenario(
        title="test",
        release=release,
        sites=sites,
        networks=(Network("lan", routed=draw(st.booleans())),),
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
    """Over all courses together, and in each course that a draw before the faults leaves open."""
    outcome = simulate(scenario)
    trace = outcome.trace
    among = components(trace, KINDS)
    for service in scenario.service:
        note(service)
        down = down_of(trace, service)
        assert down is not None
        tried = list(each_set(trace, service, most, among, Known()))
        assert by_trees(down, most, among) == tuple(cut for cut, is_cut in tried if is_cut)
        report = analyse(outcome, service, most, KINDS)
        for size, (sets, survived, unsure) in enumerate(zip(report.sets, report.survived, report.depends, strict=True)):
            shares = [cut.share for cut, _ in tried if len(cut.faults) == size]
            assert (sets, survived, unsure) == (len(shares), shares.count(Fraction(0)), sum(0 < s < 1 for s in shares))
        draw = down.draw
        for name in draw.among if draw is not None else ():
            assert draw is not None
            course = trace.knowing(draw.draw, (name,))
            trial = by_trial(course, service, most, among, known_in(course))
            assert cuts_in(course, service, most, KINDS) == tuple(trial)


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
    outcome = simulate(scenario)
    trace = outcome.trace
    assert survives(trace, {}, "db", 1, "hosts")
    assert not survives(trace, {}, "db", 2, "hosts")
    assert single_points(trace, {}, "db", "all") == ("lan", "san")
    assert cut_sets(trace, {}, "db", 2, "hosts") == ("h1 + h2", "h1 + h3", "h2 + h3")
    report = analyse(outcome, "db", 3, "hosts")
    assert (report.sets, report.survived, report.depends) == ((1, 3, 3, 1), (1, 3, 0, 0), (0, 0, 0, 0))


def test_under_a_belief_or_after_a_fault_every_set_is_tried() -> None:
    scenario = build.host_cluster(4)
    believed = simulate(scenario, rules=believing("half-is-enough")).trace
    assert down_of(believed, "db") is None
    assert survives(believed, {}, "db", 2, "hosts")
    crashed = simulate(build.given(scenario, build.act("crash", "h1"))).trace
    assert down_of(crashed, "db") is None
    assert single_points(crashed, {}, "db", "hosts") == ("h2", "h3", "h4")


def test_what_is_down_already_has_the_empty_set_and_no_single_point() -> None:
    scenario = build.given(build.host_cluster(3), build.act("crash", "h1", "h2"))
    trace = simulate(scenario).trace
    assert cuts_in(trace, "db", 1, "hosts") == (Cut((), Fraction(1)),)
    assert single_points(trace, {}, "db", "hosts") == ()
    assert not survives(trace, {}, "db", 0, "hosts")


def test_too_many_sets_are_refused_by_name() -> None:
    scenario = build.given(build.host_cluster(65), build.act("crash", "h1"))
    with pytest.raises(TooManyFaultSets, match=f"at most {MOST_SETS:,}"):
        cuts_in(simulate(scenario).trace, "db", 4, "hosts")


def test_what_cannot_be_listed_or_counted_is_refused_by_name() -> None:
    """Of 31 nodes 16 take the majority, in any of 300,540,195 ways. Of 12 guests each goes down alone or with its host:
    that is known, but not how many of the 9,740,686 sets of at most 12 guests and hosts leave none.
    """
    many = simulate(build.host_cluster(31)).trace
    with pytest.raises(TooManyFaultSets, match="300,540,195 minimal cut sets, too many to list; ask for fewer faults"):
        cuts_in(many, "db", 16, "hosts")
    farm = simulate(build.farm(12))
    assert len(cuts_in(farm.trace, "web", 12, ("hosts", "vms"))) == 2**12
    with pytest.raises(TooManyFaultSets, match=r"9,740,686 fault sets; .*: ask for fewer faults at once"):
        analyse(farm, "web", 12, ("hosts", "vms"))


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


# -- chance -----------------------------------------------------------------------------------------------------------


def share(text: str, outcome: Outcome) -> Fraction:
    """The share of all cases in which a claim is true."""
    return evaluate(parse_claim(text), outcome).share(True)


def test_which_node_had_lost_its_vote_decides_what_a_pair_of_faults_does() -> None:
    """Of four nodes without a witness one, by chance, has no vote: two others at once take two of three votes."""
    outcome = simulate(build.modern(build.host_cluster(4)))
    assert share('"h1 + h2" in cut_sets("db", 2, "hosts")', outcome) == Fraction(1, 2)
    assert share('len(cut_sets("db", 2, "hosts")) == 3', outcome) == 1
    assert share('survives("db", 1)', outcome) == 1
    assert share('survives("db", 2)', outcome) == 0
    assert share('vote("h1") == 0 and "h1 + h2" in cut_sets("db", 2, "hosts")', outcome) == 0
    report = analyse(outcome, "db", 4, "hosts")
    pairs = {frozenset(cut.faults) for cut in report.cuts if cut.share == Fraction(1, 2)}
    assert len(pairs) == 6
    assert sum(cut.is_sure for cut in report.cuts) == len(report.cuts) - 6 == 4
    assert (report.survived, report.depends) == ((1, 4, 0, 0, 0), (0, 0, 6, 0, 0))


def test_many_nodes_have_no_courses_of_their_own_where_chance_plays_no_part() -> None:
    outcome = simulate(build.modern(build.host_cluster(64)))
    (course,) = courses(parse_claim('survives("db", 3)').tree, outcome.branches[0], outcome, {}, None)
    assert course.value is True


def test_a_draw_before_the_faults_is_the_same_for_every_set() -> None:
    """Of three nodes one fails; of the two that are left one has the vote, and is the single point."""
    outcome = simulate(build.given(build.modern(build.host_cluster(3)), build.act("crash", "h1")))
    result = evaluate(parse_claim('single_points("db", "hosts")'), outcome)
    assert dict(result.values) == {("h2",): Fraction(1, 2), ("h3",): Fraction(1, 2)}
    report = analyse(outcome, "db", 2, "hosts")
    assert report.among == ("h2", "h3")
    assert report.cuts == (
        *(Cut((name,), Fraction(1, 2)) for name in ("h2", "h3")),
        Cut(("h2", "h3"), Fraction(1)),
    )
    assert (report.sets, report.survived, report.depends) == ((1, 2, 1), (1, 0, 0), (0, 2, 0))


def crowded() -> Scenario:
    """`small` is placed before `large`, on either host that is left; only h2 has memory for `large`."""
    machines = (("small", 4, 3000), ("large", 8, 2000))
    scenario = build.modern(build.host_cluster(3))
    hosts = tuple(replace(h, memory=m) for h, m in zip(scenario.hosts, (16, 8, 4), strict=True))
    return replace(
        scenario,
        hosts=hosts,
        vms=tuple(Vm(name, "h1", ("lan",), memory=size) for name, size, _ in machines),
        roles=tuple(
            Role(name, "c", "h1", vm=name, properties=(("CheckHeartbeat", False), ("Priority", priority)))
            for name, _, priority in machines
        ),
        services=(Service("app", "runs_on", "large"),),
    )


def test_a_draw_after_the_faults_is_part_of_the_share() -> None:
    outcome = simulate(crowded())
    assert share('survives("app", 0)', outcome) == 1
    for text in ('survives("app", 1)', '"h1" in single_points("app")', 'cut_sets("app", 1, "hosts") == ["h1"]'):
        assert share(text, outcome) == Fraction(1, 2), text
    assert share('survives("app", 1) != (len(cut_sets("app", 1, "hosts")) == 0)', outcome) == 0
    assert share('survives("app", 2) and not survives("app", 1)', outcome) == 0
    report = analyse(outcome, "app", 1, "hosts")
    assert report.cuts == (Cut(("h1",), Fraction(1, 2)),)
    assert (report.survived, report.depends) == ((1, 2), (0, 1))
    why = explain(parse_claim('survives("app", 1)'), outcome).sentences
    assert any(line.startswith("When h1 fails, app is not available again in 50 % of all cases. Then ") for line in why)


def test_clients_that_get_no_answer_are_part_of_the_share() -> None:
    """Two hosts share the clients evenly, and on one the application fails: half get an answer; without it all do."""
    outcome = simulate(build.given(build.farm(2), build.act("fail", "web", node="v2", lasting=True)))
    assert share('survives("web", 0)', outcome) == share('available("web")', outcome) == Fraction(1, 2)
    assert analyse(outcome, "web", 1, "vms").cuts == (Cut((), Fraction(1, 2)), Cut(("v1",), Fraction(1)))


def test_what_chance_does_not_follow_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.cluster.simulation.MAX_BRANCHES", 1)
    outcome = simulate(replace(build.modern(build.host_cluster(4)), until_ms=60_000))
    assert share('survives("db", 0)', outcome) == 1
    with pytest.raises(TooManyFaultSets, match="after the loss of h1 chance has more courses than are followed"):
        analyse(outcome, "db", 2, "hosts")
    with pytest.raises(ClaimError, match="more courses"):
        share('survives("db", 2)', outcome)


def test_where_chance_was_not_followed_before_the_faults_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what a claim says of it as well, while a report would have to speak of every course."""
    monkeypatch.setattr("studyapp.cluster.simulation.MAX_BRANCHES", 1)
    crashed = build.given(build.modern(build.host_cluster(4)), build.act("crash", "h4"), build.act("crash", "h1"))
    outcome = simulate(crashed)
    assert outcome.trace.bounded
    for text in ('survives("db", 0)', 'owner("sql") == "h2"'):
        found = evaluate(parse_claim(text), outcome)
        assert (found.unknown, found.certain) == (True, None), text
    assert not evaluate(parse_claim("1 < 2"), outcome).unknown
    with pytest.raises(TooManyFaultSets, match=r"^chance has more courses than are followed"):
        analyse(outcome, "db", 1, "hosts")


# -- what is gone already ---------------------------------------------------------------------------------------------


def test_what_is_gone_already_cannot_fail() -> None:
    scenario = build.host_cluster(5)
    stores = (*scenario.storage, Storage("disk", within="san"))
    vms = (Vm("v1", "h5", ("lan",)), Vm("v2", "h1", ("lan",)))
    scenario = replace(scenario, storage=stores, vms=vms)
    outcome = simulate(build.given(scenario, build.act("crash", "h5"), build.act("lose", "san")))
    report = analyse(outcome, "db", 2)
    assert report.among == ("h1", "h2", "h3", "h4", "v2", "lan")
    assert report.gone == ("h5", "v1", "san", "disk")
    assert (report.sets, report.cuts[0]) == ((1, 6, 15), Cut(("lan",), Fraction(1)))
    assert all("h5" not in cut.faults for cut in report.cuts)
    text = explain(parse_claim('single_points("db", "hosts")'), outcome).sentences
    assert "Of h1, h2, h3 and h4 none takes db down by failing alone." in text


def test_a_pool_that_has_no_majority_of_its_drives_is_gone() -> None:
    hosts = build.modern(build.host_cluster(4), "ws2019")
    names = tuple(hosts.host)
    pool = Storage("pool", kind="s2d", nodes=names, drives=(4, 4, 4, 4), owner="h3")
    scenario = replace(hosts, storage=(pool,))
    outcome = simulate(build.given(scenario, build.act("crash", "h4"), build.act("crash", "h3")))
    assert analyse(outcome, "db", 1, "storage").gone == ("pool",)


def test_a_machine_that_hangs_may_still_lose_its_power() -> None:
    outcome = simulate(build.given(build.host_cluster(3), build.act("hang", "h3")))
    assert analyse(outcome, "db", 1, "hosts").gone == ()


def test_a_virtual_machine_may_fail_wherever_chance_has_put_it() -> None:
    outcome = simulate(build.given(build.modern(build.virtual(3)), build.act("crash", "h1")))
    assert analyse(outcome, "app", 1, "vms").among == ("v1", "v2", "v3")
