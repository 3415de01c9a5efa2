"""The whole format: what is left out, two spellings of one setting, facts of several releases, names of later nodes."""

from __future__ import annotations

import pytest

from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import RELEASES, VERBS, Act, PortRule, Scenario
from studyapp.packs.acts import OPTIONS, TAKES, spread
from studyapp.packs.facts import load_facts
from studyapp.packs.problems import Problem
from studyapp.packs.scenarios import BadScenario, load_scenario, timeline_from
from studyapp.packs.settings import INSTEAD
from studyapp.packs.source import read_yaml

BASE = """\
release: ws2019
sites: [east, west]
storage: {san: }
hosts: {n1: , n2: , n3: , spare: , w1: , w2: }
vms: {vm1: {host: n1}}
clusters:
  c: {kind: failover, nodes: [n1, n2, n3]CLUSTER}
  farm: {kind: nlb, nodes: [w1, w2]FARM}
roles:
  sql: {cluster: c, owner: n1, storage: sanROLE}
  vm1: {cluster: c, vm: vm1VM}
services: {web: {nlb: farm, port: 80}, spooler: {runs_on: vm1}}
"""


def scenario(timeline: str = "", **more: str) -> Scenario:
    text = BASE
    for place in ("CLUSTER", "FARM", "ROLE", "VM"):
        text = text.replace(place, f", {more[place]}" if place in more else "")
    return load_scenario(text + timeline)


def act(entry: str) -> Act:
    return scenario(f"timeline: [{entry}]\n").timeline[0].acts[0]


def codes(timeline: str = "", **more: str) -> list[str]:
    with pytest.raises(BadScenario) as raised:
        scenario(timeline, **more)
    return [problem.code for problem in raised.value.problems]


# -- two spellings --------------------------------------------------------------------------------------------------

SPELLINGS = [
    ("CLUSTER", "heartbeat: {same_subnet_delay: 2s}", "SameSubnetDelay: 2000"),
    ("CLUSTER", "heartbeat: {cross_site_threshold: 30}", "CrossSiteThreshold: 30"),
    ("CLUSTER", "heartbeat: {route_history_length: 20}", "RouteHistoryLength: 20"),
    ("CLUSTER", "lower_quorum_priority: n2", "LowerQuorumPriorityNodeID: n2"),
    ("CLUSTER", "lower_quorum_priority: n2", "LowerQuorumPriorityNodeID: 2"),
    ("CLUSTER", "lower_quorum_priority: none", "LowerQuorumPriorityNodeID: 0"),
    ("ROLE", "failover_threshold: 4", "FailoverThreshold: 4"),
    ("ROLE", "failover_period: 2h", "FailoverPeriod: 2"),
    ("ROLE", "failback: {allowed: true}", "AutoFailbackType: 1"),
    ("ROLE", "failback: {allowed: false}", "AutoFailbackType: false"),
    ("ROLE", "failback: {window: [22, 4]}", "FailbackWindowStart: 22, FailbackWindowEnd: 4"),
    ("ROLE", "anti_affinity: [a, b]", "AntiAffinityClassNames: [a, b]"),
    ("ROLE", "anti_affinity: a", "AntiAffinityClassNames: a"),
    ("ROLE", "priority: high", "Priority: 3000"),
    ("ROLE", "priority: none", "Priority: 0"),
    ("ROLE", "restart: {action: 1}", "RestartAction: 1"),
    ("ROLE", "restart: {period: 15min}", "RestartPeriod: 900000"),
    ("ROLE", "restart: {delay: 1s}", "RestartDelay: 1000"),
    ("ROLE", "restart: {retry_period: 30min}", "RetryPeriodOnFailure: 1800000"),
    ("ROLE", "restart: {pending_timeout: 1min}", "PendingTimeout: 60000"),
    ("VM", "heartbeat_monitoring: true", "CheckHeartbeat: 1"),
]


@pytest.mark.parametrize("place, short, product", SPELLINGS, ids=[short for _, short, _ in SPELLINGS])
def test_a_short_key_and_the_products_name_say_the_same(place: str, short: str, product: str) -> None:
    by_key = scenario(**{place: short})
    by_name = scenario(**{place: f"properties: {{{product}}}"})
    assert by_key == by_name == scenario(**{place: f"{short}, properties: {{{product}}}"})
    assert by_key != scenario()


def test_two_values_of_one_setting_are_bad_input() -> None:
    assert codes(ROLE="failover_threshold: 4, properties: {FailoverThreshold: 5}") == ["two-values"]
    assert codes(CLUSTER="lower_quorum_priority: n2, properties: {LowerQuorumPriorityNodeID: 1}") == ["two-values"]
    assert codes(CLUSTER="weights: {n1: 0}", VM="properties: {Priority: 1}, priority: high") == ["two-values"]


def test_node_weight_is_that_of_its_cluster_however_it_is_written() -> None:
    text = BASE.replace("n1: , n2", "n1: {properties: {NodeWeight: 0}}, n2")
    for place in ("CLUSTER", "FARM", "ROLE", "VM"):
        text = text.replace(place, "")
    by_name = load_scenario(text)
    assert by_name == scenario(CLUSTER="weights: {n1: 0}")
    assert by_name.failover["c"].weights == (("n1", 0),)
    with pytest.raises(BadScenario, match="not-a-node: w1 has a NodeWeight, and is no node of a failover cluster"):
        load_scenario(text.replace("w1: , w2", "w1: {properties: {NodeWeight: 1}}, w2"))


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_property_is_read_where_it_belongs_and_nowhere_else(name: str) -> None:
    made_of = PROPERTIES[name]
    value = {"node": "n1", "site": "east", "names": "[x]", "word": (*made_of.words, "")[0]}.get(made_of.kind, "1")
    places = {"cluster": "CLUSTER", "role": "ROLE", "nlb": "FARM"}
    for of, place in places.items():
        given = {place: f"properties: {{{name}: {value}}}"}
        if of != made_of.of:
            assert codes(**given) == ["wrong-property"]
        elif made_of.fixed:
            assert codes(**given) == ["read-only"]
        else:
            kept = {name} - {"OperationMode"}  # which is kept as the mode
            assert {found for _, found in scenario(**given).settings} == kept
    assert not made_of.fixed or name in INSTEAD


def test_settings_of_balanced_hosts_are_kept_where_their_short_keys_keep_them() -> None:
    text = BASE.replace("w1: , w2", "w1: {properties: {HostPriority: 7}}, w2")
    for place in ("CLUSTER", "FARM", "ROLE", "VM"):
        text = text.replace(place, "")
    assert load_scenario(text) == scenario(FARM="priorities: {w1: 7}")
    for word in ("IgmpMulticast", "igmpmulticast", "igmp"):
        assert scenario(FARM=f"properties: {{OperationMode: {word}}}") == scenario(FARM="mode: igmp")


def test_a_property_set_in_the_timeline_is_kept_in_the_models_unit_whatever_windows_says() -> None:
    assert act("{set: sql, property: FailoverPeriod, value: 2}").value == 7_200_000
    assert act("{set: c, property: SameSubnetThreshold, value: -5}").value == -5
    assert act("{set: c, property: ResiliencyLevel, value: 9}").value == 9
    assert act("{set: c, property: DynamicQuorum, value: false}").value == 0
    assert act("{set: c, property: PreferredSite, value: west}").value == "west"
    assert act("{set: n1, property: DynamicWeight, value: 1}").property == "DynamicWeight"
    assert act("{set: vm1, property: AutomaticCriticalErrorAction, value: None}").value == "None"
    assert act("{set: vm1, property: MacAddressSpoofing, value: on}").value == "On"
    assert act("{set: vm1, property: MacAddressSpoofing, value: false}").value == "Off"


def test_a_setting_of_a_port_rule_is_given_to_all_hosts_or_to_some() -> None:
    assert act('{set: "farm:0", property: LoadWeight, value: 30}').value == 30
    some = act('{set: "farm:0", property: LoadWeight, value: {w1: 30, w2: 0}}')
    assert (some.subjects, some.value, some.values) == (("farm:0",), None, (("w1", 30), ("w2", 0)))
    assert act('{set: "farm:0", property: Affinity, value: None}').value == "None"
    assert act('{set: "farm:0", property: Mode, value: single}').value == "Single", "whatever its letters' case"
    drained = act('{set: "farm:0", property: State, value: {w1: Disabled}, drain: true, timeout: 5s}')
    assert (drained.values, drained.drain, drained.timeout_ms) == ((("w1", "Disabled"),), True, 5000)
    joins = 'timeline: [{join: spare, to: farm}, {set: "farm:0", property: LoadWeight, value: {spare: 1}}]\n'
    assert scenario(joins).timeline[1].acts[0].values == (("spare", 1),)


# -- what is left out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", RELEASES)
def test_votes_are_dynamic_from_2012_where_nothing_else_is_said(release: str) -> None:
    text = "release: ws2025\nhosts: {a: {release: R}, b: }\nclusters: {c: {kind: failover, nodes: [a, b]WITNESS}}\n"
    for witness, static in (
        ("", "node-majority"),
        (", witness: {share: x}", "node-and-share-majority"),
        (", witness: {cloud: x}", "node-and-share-majority"),
    ):
        made = load_scenario(text.replace("R}", f"{release}}}").replace("WITNESS", witness)).failover["c"]
        assert made.quorum == (static if release < "ws2012" else "dynamic"), "the oldest node decides"


def test_a_balanced_cluster_has_the_products_rule_unless_it_has_rules() -> None:
    assert scenario().nlb["farm"].rules == (PortRule(0, 65535, "both", "multiple", "single"),)
    assert scenario(FARM="rules: []").nlb["farm"].rules == ()
    assert scenario(FARM="rules: [{ports: 80}]").nlb["farm"].rules == (PortRule(80, 80),)


def test_clients_come_from_as_many_places_as_are_asked_for() -> None:
    assert act("{load: web, clients: 5, from: 2}").addresses == spread(2) == ("10.0.1.1", "10.0.2.1")
    assert act("{load: web, clients: 3}").addresses == spread(3)
    assert len({address.rpartition(".")[0] for address in spread(10_000)}) == 10_000, "a class C range for each"
    assert spread(10_000)[-1] == "10.39.16.1"


def test_a_disk_inside_a_host_is_in_that_of_the_role_on_it() -> None:
    text = BASE.replace("san: }", "san: , box: {kind: local}, data: {within: box}}").replace("sanROLE", "data")
    for place in ("CLUSTER", "FARM", "VM"):
        text = text.replace(place, "")
    made = load_scenario(text)
    assert "box" in made.host["n1"].storage
    assert "box" not in made.host["n2"].storage
    other = text.replace("  vm1: {", "  mail: {cluster: c, owner: n2, storage: box}\n  vm1: {")
    with pytest.raises(BadScenario, match="owner-storage: n2 owns role"):
        load_scenario(other)
    load_scenario(other.replace("n1: , n2: ,", "n1: {storage: box}, n2: {storage: box},"))


# -- releases -------------------------------------------------------------------------------------------------------


def test_the_facts_of_every_release_of_a_machine_are_there() -> None:
    facts = load_facts().releases
    assert scenario().other_facts == ()
    text = (
        "release: ws2016\nhosts: {a: {release: ws2012r2}, b: {release: ws2016}}\nvms: {v: {host: a, release: ws2022}}\n"
    )
    made = load_scenario(text)
    assert made.other_facts == (("ws2012r2", facts["ws2012r2"]), ("ws2022", facts["ws2022"]))
    assert load_scenario(text, release="ws2012r2").release_of("b") == "ws2016"


def test_a_functional_level_brings_all_releases_along() -> None:
    by_property = scenario(CLUSTER="properties: {ClusterFunctionalLevel: 9}")
    assert [release for release, _ in by_property.other_facts] == [r for r in RELEASES if r != "ws2019"]
    assert by_property.level["c"] == "ws2016"
    raised = scenario("timeline: [{set: c, property: ClusterFunctionalLevel, value: 9}]\n")
    assert [release for release, _ in raised.other_facts] == [r for r in RELEASES if r != "ws2019"]


# -- names ----------------------------------------------------------------------------------------------------------


def test_who_joins_later_may_be_named_as_a_node() -> None:
    joins = "timeline:\n- {join: spare, to: c}\n- {join: [spare, vm1], to: farm}\n"
    made = scenario(joins + "- pause: spare\n- {fail: web, node: vm1}\n", ROLE="preferred: [spare, n1]")
    assert made.role["sql"].preferred == ("spare", "n1")
    assert codes("timeline: [{pause: spare}]\n", ROLE="possible: [spare, n1]") == ["not-a-node", "not-a-node"]
    assert codes("timeline: [{join: spare, to: farm}, {pause: spare}]\n") == ["not-a-node"]
    assert codes(joins, ROLE="possible: [spare]") == ["not-possible"], "at the start it is no node yet"


def test_a_timeline_for_a_checked_scenario_is_read_like_its_own() -> None:
    text = "- {join: spare, to: c}\n- {drain-stop: w1, timeout: 5s}\n- {lose: [west, cloud]}\n- stop-node: spare\n"
    made = scenario(CLUSTER="witness: {cloud: cloud}")
    problems: list[Problem] = []
    node = read_yaml(text, "x", problems)
    assert node is not None
    steps = timeline_from(node, made, problems, "x")
    assert not problems
    assert [act.verb for step in steps for act in step.acts] == ["join", "drain-stop", "lose", "stop-node"]


def test_a_share_may_lie_on_a_machine() -> None:
    made = scenario(CLUSTER="witness: {share: w1, site: east}")
    assert made.witnesses == {"w1": "c"}
    assert codes("timeline: [{lose: w1}]\n", CLUSTER="witness: {share: w1}") == ["wrong-kind"]
    assert codes(CLUSTER="witness: {cloud: w1}") == ["duplicate-name"]


def test_every_verb_and_every_option_is_read() -> None:
    assert set(TAKES) == set(VERBS)
    fields = set(Act.__dataclass_fields__) - {"verb", "subjects", "sides"}
    named = {"from": {"networks", "addresses"}, "value": {"value", "values"}}
    arrives = {field for option in OPTIONS for field in named.get(option, {option, f"{option}_ms"})}
    assert fields <= arrives
