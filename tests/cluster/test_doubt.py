"""What an answer rests on: the rows of `data/` that were read, and those among them whose doubt decides it."""

from __future__ import annotations

from functools import partial

import pytest

from studyapp.cluster import parse_claim, simulate
from studyapp.cluster.doubt import Doubts, facts_read
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.world import RunTooLong
from tests.cluster import telling

TWO_AND_A_WITNESS = """
release: ws2016
hosts: {a: {}, b: {}}
storage: {disk: {kind: array}}
clusters: {c: {kind: failover, nodes: [a, b], witness: {disk: disk}}}
"""
GUEST = """
release: ws2012r2
hosts: {a: {}, b: {}}
vms: {v: {host: a}}
clusters: {hv: {kind: failover, nodes: [a, b]}}
roles: {v: {cluster: hv, vm: v, owner: a<setting>}}
"""
SITES = """
release: ws2019
sites: [east, west]
hosts: {a: {site: east}, b: {site: west}, d: {site: east}}
clusters: {c: {kind: failover, nodes: [a, b, d]}}
"""
HALVES = """
release: ws2016
sites: [east, west]
hosts: {a: {site: east}, b: {site: east}, d: {site: west}, e: {site: west}}
clusters: {c: {kind: failover, nodes: [a, b, d, e], properties: {PreferredSite: east}}}
"""
NEAR, FAR = "heartbeat.same_subnet_threshold", "heartbeat.cross_site_threshold"
WATCHED, MUTE, MISSING = (
    ", heartbeat_monitoring: true",
    "{host: a, integration_services: false}",
    "GuestHeartbeatMissingFails",
)
TRIED_AT_ONCE = """
release: ws2008r2
hosts: {a: {}, b: {}}
clusters: {c: {kind: failover, nodes: [a, b]}}
roles: {r: {cluster: c, owner: a, restart: {action: 1, threshold: 100000}}}
until: 10s
"""


@pytest.mark.parametrize(
    "timeline, claim, rows",
    [
        # Dynamic witness: what is left may be one vote, or never fewer than three while a witness counts.
        ("[crash: b]", 'quorum("c")', set()),
        ("[crash: b]", 'votes_total("c") == 1', {"witness.fewest_votes"}),
        ("[crash: b, lose: disk]", 'quorum("c")', {"witness.fewest_votes"}),
        ("[lose: disk]", 'quorum("c")', set()),
    ],
)
def test_a_last_node_beside_a_witness_is_disputed(timeline: str, claim: str, rows: set[str]) -> None:
    outcome = simulate(telling.scenario(TWO_AND_A_WITNESS, timeline))
    assert {found.fact.key for found in Doubts.of(outcome).deciding(parse_claim(claim))} == rows


@pytest.mark.parametrize("setting, doubtful", [("", True), (", heartbeat_monitoring: false", False)])
def test_a_setting_left_out_whose_default_is_disputed_decides(setting: str, doubtful: bool) -> None:
    outcome = simulate(telling.scenario(GUEST.replace("<setting>", setting), "[hang: v]"))
    found = {supposed.fact.key for supposed in Doubts.of(outcome).deciding(parse_claim('not detected("v")'))}
    assert (found == {"GuestHeartbeatMonitoringDefault"}) == doubtful
    assert doubtful or not found


@pytest.mark.parametrize(
    "made, timeline, claim, rows",
    [
        # What no run reads: the values in force, limits, and what validation says.
        (TWO_AND_A_WITNESS.replace("2016", "2019"), "[]", 'property("c", "SameSubnetThreshold") == 10', [NEAR]),
        (TWO_AND_A_WITNESS.replace("2016", "2012"), "[]", 'property("c", "max_vms") == 8000', ["failover.max_vms"]),
        (TWO_AND_A_WITNESS, "[]", 'property("c", "SameSubnetThreshold") == 10', []),
        (TWO_AND_A_WITNESS, "[]", 'property("c", "QuarantineDuration") == 7200', ["QuarantineDuration"]),
        # Documented for 2016; of later releases no source was read.
        (SITES, "[crash: b]", 'detection_time("b") == 20', ["heartbeat.cross_site_delay", FAR]),
        (SITES.replace("2019", "2016"), "[crash: b]", 'detection_time("b") == 20', []),
        # A preferred site may keep its votes when halves of a cluster part, and goes on then.
        (HALVES, "[partition: [[a, b], [d, e]]]", 'members("c") == ["a", "b"]', ["tie_breaker.preferred_site"]),
        (HALVES.replace(", properties: {PreferredSite: east}", ""), "[lose: west]", 'quorum("c")', []),
        # A guest that is listened to and has nothing to say.
        (GUEST.replace("<setting>", WATCHED).replace("{host: a}", MUTE), "[hang: v]", 'detected("v")', [MISSING]),
        (GUEST.replace("<setting>", WATCHED), "[hang: v]", 'detected("v")', []),
    ],
)
def test_a_claim_rests_on_what_it_reads_itself(made: str, timeline: str, claim: str, rows: list[str]) -> None:
    asked = parse_claim(claim)
    doubts = Doubts.of(simulate(telling.scenario(made, timeline)), [asked])
    assert sorted({found.fact.key for found in doubts.deciding(asked)}) == rows


def test_a_run_knows_the_rows_that_it_read() -> None:
    outcome = simulate(telling.scenario(TWO_AND_A_WITNESS, "[crash: b]"))
    read = {fact.key: fact for fact in facts_read(outcome)}
    assert {"heartbeat.same_subnet_delay", "heartbeat.same_subnet_threshold", "feature.dynamic_witness"} <= set(read)
    assert all(fact.source for fact in read.values())


@pytest.mark.parametrize(
    "claim, rows",
    [
        # A heartbeat a second, five missed: it is noticed after five seconds, and the node is dropped all the same.
        ('happens("removed", "b")', set()),
        ('detection_time("b") == 5', {"heartbeat.same_subnet_delay", "heartbeat.same_subnet_threshold"}),
    ],
)
def test_whatever_the_marks_a_fact_decides_what_would_be_otherwise_without_it(claim: str, rows: set[str]) -> None:
    told = TWO_AND_A_WITNESS.replace("ws2016", "ws2012r2")
    outcome = simulate(telling.scenario(told, "[crash: b]"))
    changes = Doubts.of_all(outcome).changes(parse_claim(claim))
    assert {supposed.fact.key for supposed, _ in changes} == rows
    assert all(then is not None and then.certain is False for _, then in changes)


def test_a_setting_is_supposed_only_within_its_range() -> None:
    outcome = simulate(telling.scenario(GUEST.replace("<setting>", ""), "[hang: v]"))
    for supposed, _ in Doubts.of_all(outcome).others:
        fact = supposed.fact
        made_of = next((each for each in PROPERTIES.values() if each.fact == fact.key), None)
        assert supposed.other != fact.value
        if made_of is not None and made_of.high is not None and supposed.other not in fact.also:
            assert 0 <= int(supposed.other) <= made_of.high * made_of.unit


def test_a_claim_that_would_have_no_answer_is_decided_by_the_row() -> None:
    """Watched, the guest is started again, and there is nothing to divide by."""
    outcome = simulate(telling.scenario(GUEST.replace("<setting>", ""), "[hang: v]"))
    claim = parse_claim('10 / (1 - boots("v")) == 10')
    assert {supposed.fact.key for supposed in Doubts.of(outcome).deciding(claim)} == {"GuestHeartbeatMonitoringDefault"}


def test_a_row_without_which_nothing_settles_decides_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The delay of a restart is disputed: without one a role that fails at once is tried for ever at one moment."""
    made = telling.scenario(TRIED_AT_ONCE, "[{fail: r, lasting: true}]")
    outcome = simulate(made)
    monkeypatch.setattr("studyapp.cluster.doubt.simulate", partial(simulate, step_limit=2_000))
    (supposed,) = Doubts.of(outcome).deciding(parse_claim('up("a")'))
    assert (supposed.fact.key, supposed.other) == ("RestartDelay", 0)
    with pytest.raises(RunTooLong, match="did not settle within 2,100 steps"):
        simulate(supposed.scenario, step_limit=2_000)


def test_a_fact_in_words_is_supposed_to_be_no_other() -> None:
    """How many failovers are allowed is told as the number of nodes less one: there is no half of that."""
    outcome = simulate(telling.scenario(GUEST.replace("<setting>", ", heartbeat_monitoring: false"), "[crash: a]"))
    assert "FailoverThreshold" in {fact.key for fact in facts_read(outcome)}
    assert "FailoverThreshold" not in {supposed.fact.key for supposed, _ in Doubts.of_all(outcome).others}
