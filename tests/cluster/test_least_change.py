"""The least change that makes a claim hold: what is found is what administrators would do, and nothing less does."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from studyapp.cluster import parse_claim, simulate
from studyapp.cluster.changes import changes
from studyapp.cluster.claims.evaluation import evaluate
from studyapp.cluster.least_change import Search, holds, least_changes
from studyapp.cluster.reasons.remedies import how_many, others, tried
from studyapp.cluster.scenario import Scenario
from studyapp.packs.places import content_folder
from studyapp.packs.scenarios import load_scenario

SHIPPED = content_folder() / "windows-clustering" / "scenarios"
CLUSTER = """
title: test
release: {release}
storage: {{san: {{kind: array}}}}
hosts: {{{hosts}}}
clusters: {{c: {{kind: failover, nodes: [{nodes}]{more}}}}}
roles: {{sql: {{cluster: c, owner: n1, storage: san}}}}
services: {{db: {{role: sql}}}}
timeline: [{timeline}]
"""


def cluster(nodes: int, timeline: str = "", more: str = "", release: str = "ws2016") -> Scenario:
    """A cluster of hosts `n1…` with the role sql on n1."""
    names = [f"n{number}" for number in range(1, nodes + 1)]
    hosts = ", ".join(f"{name}: {{}}" for name in names)
    return load_scenario(
        CLUSTER.format(release=release, hosts=hosts, nodes=", ".join(names), more=more, timeline=timeline)
    )


HOSTS = """
title: test
release: ws2012r2
hosts: {h1: {}, h2: {}, h3: {}}
vms: {vm1: {host: h1}, vm2: {host: h1}}
clusters: {hv: {kind: failover, nodes: [h1, h2, h3]}}
roles:
  vm1: {cluster: hv, vm: vm1, heartbeat_monitoring: false}
  vm2: {cluster: hv, vm: vm2, heartbeat_monitoring: false}
services: {app: {runs_on: vm1}}
timeline: [{hang: vm1}]
"""
FARM = """
title: test
release: ws2012r2
hosts: {h1: {}, h2: {}}
vms: {w1: {host: h1}, w2: {host: h1}}
clusters: {f: {kind: nlb, nodes: [w1, w2], mode: unicast}}
services: {web: {nlb: f, port: 80, state: in-memory}}
"""
SITES = """
title: test
release: ws2016
sites: [east, west]
hosts: {n1: {site: east}, n2: {site: east}, n3: {site: west}, n4: {site: west}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3, n4], witness: {share: fs1, site: east}}}
roles: {sql: {cluster: c, owner: n1}}
services: {db: {role: sql}}
"""
APART = """
title: test
release: ws2012r2
hosts: {n1: {}, n2: {}, n3: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3], quorum: node-majority}}
roles: {a: {cluster: c, owner: n2, preferred: [n2, n1, n3]}, b: {cluster: c, owner: n1}}
timeline: [{crash: n2}]
"""
GUEST = """
title: test
release: ws2012r2
hosts: {h1: {}, h2: {}}
vms: {vm1: {host: h1, integration_services: false}}
clusters: {hv: {kind: failover, nodes: [h1, h2]}}
roles: {vm1: {cluster: hv, vm: vm1, heartbeat_monitoring: true}}
timeline: [{hang: vm1}]
"""
OWNERS = """
title: test
release: ws2012r2
hosts: {n1: {}, n2: {}, n3: {}}
clusters: {c: {kind: failover, nodes: [n1, n2, n3]}}
roles: {sql: {cluster: c, owner: n1, possible: [n1]}}
services: {db: {role: sql}}
timeline: [{crash: n1}]
"""
WEIGHTS = """
title: test
release: ws2012r2
hosts: {w1: {}, w2: {}}
clusters: {f: {kind: nlb, nodes: [w1, w2], mode: multicast, rules: [{ports: 80, weights: {w1: 0, w2: 100}}]}}
services: {web: {nlb: f, port: 80}}
"""
WITNESS = "c had a file share witness in a third place"
SHIPPED_WITNESS = "group had a file share witness in a third place"


@dataclass(frozen=True)
class Case:
    """A scenario, a claim, and remedies that have to be among those found: each one its changes in words."""

    scenario: Scenario
    claim: str
    remedies: tuple[tuple[str, ...], ...]
    exactly: bool = False


CASES = {
    # Understand cluster and pool quorum: what survives one failure, one after another, two at once.
    "two nodes": Case(load_scenario(SHIPPED / "two-nodes.yaml"), 'survives("app", 1)', ((SHIPPED_WITNESS,),), True),
    "four nodes": Case(load_scenario(SHIPPED / "four-nodes.yaml"), 'survives("app", 2)', ((SHIPPED_WITNESS,),), True),
    "three nodes": Case(load_scenario(SHIPPED / "three-nodes.yaml"), 'survives("app", 2)', (), True),
    "five nodes": Case(load_scenario(SHIPPED / "five-nodes.yaml"), 'survives("app", 2)', ((),), True),
    "two of four at once": Case(
        cluster(4, "{crash: [n3, n4]}"),
        'available("db")',
        (
            (WITNESS,),
            ("n3 had no vote (NodeWeight 0)",),
            ("n3 were the node that has no vote where the number is even (LowerQuorumPriorityNodeID)",),
            ("n3 did not lose its power",),
            ("n4 did not lose its power",),
        ),
    ),
    "one of three after another": Case(
        cluster(3, "{crash: n2}, {crash: n3}"), 'quorum("c")', ((WITNESS,), ("n2 did not lose its power",))
    ),
    "static quorum, one after another": Case(
        cluster(5, "{crash: n2}, {crash: n3}, {crash: n4}", ", quorum: node-majority"),
        'quorum("c")',
        (("c had dynamic quorum",), ("n3 did not lose its power",)),
    ),
    "before dynamic quorum, one after another": Case(
        cluster(5, "{crash: n2}, {crash: n3}, {crash: n4}, {crash: n5}", ", quorum: node-majority", "ws2008r2"),
        'quorum("c")',
        (
            ("n2 did not lose its power", "n3 did not lose its power"),
            ("n4 did not lose its power", "n5 did not lose its power"),
        ),
    ),
    # The same page: with the witness in one of two sites, that site has to stay.
    "the witness in a site": Case(
        load_scenario(SITES), 'survives("db", 1, "sites")', (("the witness of c were in a third place",),), True
    ),
    # The storage of a role that is lost takes it down wherever it runs.
    "the disk of the role": Case(cluster(3, "{lose: san}"), 'available("db")', (("san were not lost",),), True),
    # What a host cluster sees of its guests is a setting.
    "a guest that hangs": Case(
        load_scenario(HOSTS),
        'available("app")',
        (("hv watched the guest heartbeat of vm1",), ("vm1 did not hang",)),
        True,
    ),
    # Unicast guests without MAC address spoofing hear nothing; two guests on one host fall with it.
    "guests in unicast": Case(
        load_scenario(FARM),
        'survives("web", 1)',
        (
            ("f worked in multicast mode", "w1 were on h2 at first"),
            ("f worked in multicast mode", "w2 were on h2 at first"),
        ),
    ),
    # Sessions in memory die with their host.
    "sessions in memory": Case(
        load_scenario(FARM.replace("unicast", "multicast") + "timeline: [{load: web, clients: 100}, {crash: w1}]"),
        'sessions_lost("web") == 0',
        (
            ("the sessions of web were kept where all hosts reach them",),
            ("`load web` were left out",),
            ("w1 did not lose its power",),
        ),
    ),
    # Anti-affinity keeps roles apart where there is another node; the preferred list alone sends a to n1.
    "roles on one node": Case(
        load_scenario(APART),
        'owner("a") == "n3" and owner("b") == "n1"',
        (("the roles of c were to be kept apart (one name in AntiAffinityClassNames)",),),
    ),
    # A node that is no possible owner never has the role.
    "a role with one possible owner": Case(
        load_scenario(OWNERS),
        'available("db")',
        (("any node of c might own sql",), ("n1 did not lose its power",)),
    ),
    # Without integration services there is no heartbeat of the guest to listen to.
    "a guest without integration services": Case(
        load_scenario(GUEST), 'boots("vm1") == 1', (("vm1 had integration services",),), True
    ),
    # A share is the host's own weight of all weights.
    "a host without a weight": Case(
        load_scenario(WEIGHTS),
        'share("web", "w1") == 0.5',
        (("the rule of f for the ports from 80 on shared the load evenly",),),
        True,
    ),
    # Where nothing has started again there is nothing to divide by: the claim has no answer before the change.
    "a claim without an answer": Case(
        load_scenario(HOSTS),
        '10 / boots("vm1") == 10',
        (("hv watched the guest heartbeat of vm1",),),
        True,
    ),
    "the same fault twice": Case(
        cluster(3, "{crash: n2}, {start: n2}, {crash: n2}"),
        'up("n2")',
        (("n2 did not lose its power in step 3",),),
    ),
}


@pytest.fixture(name="case", params=CASES, ids=lambda name: str(name).replace(" ", "-"))
def one_case(request: pytest.FixtureRequest) -> Case:
    """Each case in turn."""
    return CASES[request.param]


def searched(case: Case) -> Search:
    """What is found."""
    return least_changes(parse_claim(case.claim), case.scenario)


def test_the_least_changes_are_found_and_no_fewer_do(case: Case) -> None:
    search = searched(case)
    claim = parse_claim(case.claim)
    found = [frozenset(change.text for change in remedy.changes) for remedy in search.remedies]
    assert {frozenset(texts) for texts in case.remedies} <= set(found)
    assert not case.exactly or len(found) == len(case.remedies)
    assert search.complete
    assert len({len(texts) for texts in found}) < 2, "all are of one size"
    for remedy in search.remedies:
        assert evaluate(claim, simulate(remedy.scenario)).certain is True
    if not case.remedies or case.remedies[0]:
        assert not holds(claim, case.scenario, {})
    if not case.remedies or len(case.remedies[0]) == 2:
        assert not any(holds(claim, change.scenario, {}) for change in changes(case.scenario))


def test_changes_are_told_apart(case: Case) -> None:
    offered = list(changes(case.scenario))
    assert len({change.text for change in offered}) == len(offered)
    assert all(change.scenario != case.scenario for change in offered)


def test_what_was_tried_is_counted() -> None:
    scenario = cluster(2)
    search = least_changes(parse_claim('owner("sql") == "none"'), scenario)
    singles = list(changes(scenario))
    assert sum(search.kinds.values()) == len(singles)
    assert search.kinds["witness"] == 1
    assert len(singles) < search.tried <= 1 + len(singles) + len(singles) ** 2
    assert (search.most, search.complete) == (2, True)


def test_a_search_that_ends_early_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.cluster.least_change.MOST_TRIED", 10)
    search = least_changes(parse_claim('owner("sql") == "none"'), cluster(2))
    assert (search.tried, search.most, search.complete, search.remedies) == (10, 1, False, ())


def test_what_gets_worse_comes_last_and_is_told() -> None:
    scenario = replace(cluster(2), timeline=())
    remedies = least_changes(parse_claim('single_points("db", "hosts") == []'), scenario).remedies
    costs = [remedy.costs for remedy in remedies]
    assert costs == sorted(costs)
    assert [change.text for change in remedies[0].changes] == [WITNESS]
    remedies = least_changes(parse_claim('single_points("db") == []'), scenario).remedies
    worst = {tuple(change.text for change in remedy.changes): remedy for remedy in remedies}
    nobody = worst["n1 had no vote (NodeWeight 0)", "n2 had no vote (NodeWeight 0)"]
    assert {error.rule for error in nobody.errors} == {"QRM010"}


def test_where_there_is_nothing_to_change_it_is_said() -> None:
    search = least_changes(parse_claim('not up("n1")'), load_scenario("title: t\nrelease: ws2016\nhosts: {n1: {}}\n"))
    assert how_many(search) == "no single change and no two together"
    assert tried(search) == "There is nothing here that could be changed."


ONE = {"setting": 1}
SEVERAL = {"setting": 24, "placement": 8, "witness": 1, "fault": 2}
TOLD = "24 of settings, 8 of where something is, 1 of a witness and 2 that leave out a fault or step"


@pytest.mark.parametrize(
    "search, words",
    [
        (Search((), ONE, 2, 1), "1 change was tried, one at a time: 1 of a setting."),
        (Search((), SEVERAL, 36, 1), f"35 changes were tried, one at a time: {TOLD}."),
        (Search((), SEVERAL, 600, 2), f"35 changes were tried, one at a time and in every pair: {TOLD}."),
        (
            Search((), SEVERAL, 10, 1, complete=False),
            f"35 changes can be tried: {TOLD}. The search ended after 10 runs, before each of them was tried.",
        ),
        (
            Search((), SEVERAL, 5_000, 2, complete=False),
            f"35 changes can be tried: {TOLD}. The search ended after 5,000 runs, before every pair was tried.",
        ),
    ],
)
def test_what_was_tried_is_told_as_a_person_would(search: Search, words: str) -> None:
    assert tried(search) == words


@pytest.mark.parametrize(
    "more, words", [(1, "or another one"), (2, "or one of 2 others"), (1_234, "or one of 1,234 others")]
)
def test_how_many_others_there_are(more: int, words: str) -> None:
    assert others(more) == words
