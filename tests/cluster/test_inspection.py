"""What `property()` reads: values in force in the product's unit, limits, and keys of the scenario."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from studyapp.cluster import evaluate, parse_claim, simulate
from studyapp.cluster.claims.checking import check_claim
from studyapp.packs.scenarios import load_scenario

WORLD = """
release: ws2016
sites: [east]
networks: {lan: {}}
storage:
  san: {kind: iscsi, size: 0.5, site: east}
  vol: {kind: csv}
hosts:
  h1: {site: east, memory: 64}
  h2: {address: 10.0.0.2}
  h3: {}
  w1: {}
  w2: {release: ws2019}
  w3: {}
vms:
  v1:
    host: h1
    memory: 8
    properties: {AutomaticCriticalErrorActionTimeout: 90, MacAddressSpoofing: On, HostPriority: 3}
  v2: {host: h1, mac_spoofing: false}
clusters:
  c:
    kind: failover
    nodes: [h1, h2, h3]
    weights: {h3: 0}
    lower_quorum_priority: h2
    properties: {ResiliencyDefaultPeriod: 90, PreferredSite: east}
  farm:
    kind: nlb
    nodes: [w1, w2]
    mode: {w1: igmp, w2: multicast}
    priorities: {w1: 5}
    address: 10.0.0.9
    rules:
      - {ports: 80, protocol: tcp, affinity: network, timeout: 90s, weights: {w1: 30}}
      - {ports: 443, filter: single}
  mixed: {kind: nlb, nodes: [v1, v2], properties: {OperationMode: IgmpMulticast}}
  shared: {kind: nlb, nodes: [w3], mode: multicast, rules: [{ports: 80, weights: {w3: 7}}, {ports: 81}]}
roles:
  v1: {cluster: c, vm: v1, storage: vol, heartbeat_monitoring: true, priority: high}
  sql: {cluster: c, owner: h2, storage: san, starts_in: 1500ms, anti_affinity: [x, y], failover_period: 90min}
services:
  db: {role: sql}
"""

VALUES: list[tuple[str, str, object]] = [
    ("c", "ResiliencyDefaultPeriod", 90),
    ("c", "QuarantineDuration", 7200),
    ("c", "PreferredSite", "east"),
    ("c", "LowerQuorumPriorityNodeID", 2),
    ("c", "DynamicQuorum", 1),
    ("c", "WitnessDynamicWeight", 0),
    ("c", "ClusterFunctionalLevel", 9),
    ("c", "SameSubnetThreshold", 10),
    ("c", "FailoverPeriod", "none"),
    ("c", "max_nodes", 64),
    ("farm", "max_nodes", 32),
    ("farm", "max_vms", "none"),
    ("h1", "max_vms", "none"),
    ("h3", "NodeWeight", 0),
    ("h3", "DynamicWeight", 0),
    ("h1", "NodeWeight", 1),
    ("w1", "NodeWeight", "none"),
    ("sql", "NodeWeight", "none"),
    ("v1", "NodeWeight", "none"),
    ("sql", "FailoverPeriod", 1.5),
    ("sql", "FailoverThreshold", 2),
    ("sql", "AntiAffinityClassNames", ["x", "y"]),
    ("v1", "AntiAffinityClassNames", []),
    ("v1", "Priority", 3000),
    ("v1", "priority", 3000),
    ("v1", "CheckHeartbeat", 1),
    ("sql", "CheckHeartbeat", 0),
    ("v1", "AutomaticCriticalErrorActionTimeout", 90),
    ("v1", "AutomaticCriticalErrorAction", "Pause"),
    ("v1", "NotMonitoredInCluster", 0),
    ("h1", "NotMonitoredInCluster", "none"),
    ("farm", "AliveMsgTolerance", 5),
    ("c", "AliveMsgTolerance", "none"),
    ("san", "kind", "iscsi"),
    ("san", "size", 0.5),
    ("vol", "size", "none"),
    ("c", "kind", "failover"),
    ("farm", "kind", "nlb"),
    ("db", "kind", "none"),
    ("h1", "kind", "none"),
    ("h1", "memory", 64),
    ("v1", "memory", 8),
    ("v1", "site", "east"),
    ("san", "site", "east"),
    ("h3", "site", "none"),
    ("h2", "address", "10.0.0.2"),
    ("farm", "address", "10.0.0.9"),
    ("w2", "release", "ws2019"),
    ("h1", "release", "ws2016"),
    ("san", "release", "none"),
    ("w1", "mode", "igmp"),
    ("shared", "mode", "multicast"),
    ("h1", "mode", "none"),
    ("w1", "priority", 5),
    ("w1", "HostPriority", 5),
    ("v1", "HostPriority", 3),
    ("v1", "MacAddressSpoofing", "On"),
    ("v2", "MacAddressSpoofing", "Off"),
    ("w1", "MacAddressSpoofing", "none"),
    ("shared", "OperationMode", "Multicast"),
    ("mixed", "OperationMode", "IgmpMulticast"),
    ("mixed", "mode", "igmp"),
    ("c", "OperationMode", "none"),
    ("h1", "HostPriority", "none"),
    ("farm", "HostPriority", "none"),
    ("w2", "priority", 2),
    ("farm", "priority", "none"),
    ("h1", "priority", "none"),
    ("w1", "weight", 30),
    ("w2", "weight", 50),
    ("w3", "weight", "none"),
    ("farm", "weight", "none"),
    ("h1", "weight", "none"),
    ("farm:80", "affinity", "network"),
    ("farm:80", "protocol", "tcp"),
    ("farm:80", "timeout", 90),
    ("farm:443", "filter", "single"),
    ("farm:443", "timeout", 0),
    ("sql", "starts_in", 1.5),
    ("farm", "timeout", "none"),
    ("shared", "mac", "none"),
    ("c", "mac", "none"),
    ("c", "quorum", "dynamic"),
]


def asked(document: dict[str, Any], thing: str, name: str) -> object:
    """The value of `property()` at the end."""
    scenario = load_scenario(yaml.safe_dump(document, sort_keys=False))
    claim = parse_claim(f'property("{thing}", "{name}")')
    assert not list(check_claim(claim, scenario, {}))
    value = evaluate(claim, simulate(scenario)).certain
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("thing, name, value", VALUES, ids=[f"{thing} {name}" for thing, name, _ in VALUES])
def test_the_value_in_force(thing: str, name: str, value: object) -> None:
    found = asked(yaml.safe_load(WORLD), thing, name)
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


THREE: dict[str, Any] = {
    "release": "ws2012r2",
    "hosts": {"n1": {}, "n2": {}, "n3": {}, "w1": {}, "w2": {}},
    "clusters": {
        "c": {"kind": "failover", "nodes": ["n1", "n2"]},
        "farm": {"kind": "nlb", "nodes": ["w1"], "mode": "multicast"},
    },
    "roles": {"sql": {"cluster": "c", "owner": "n1"}},
}


def test_what_was_set_on_the_timeline() -> None:
    timeline = [{"set": "sql", "property": "FailoverThreshold", "value": 4}]
    assert asked(THREE | {"timeline": timeline}, "sql", "FailoverThreshold") == 4
    timeline = [{"join": "n3", "to": "c"}]
    assert asked(THREE | {"timeline": timeline}, "sql", "FailoverThreshold") == 2
    assert asked(THREE | {"timeline": timeline}, "n3", "NodeWeight") == 1
    assert asked(THREE, "n3", "NodeWeight") == "none"
    timeline = [{"set": "c", "property": "LowerQuorumPriorityNodeID", "value": "n2"}]
    assert asked(THREE | {"timeline": timeline}, "c", "LowerQuorumPriorityNodeID") == 2
    assert asked(THREE, "c", "LowerQuorumPriorityNodeID") == 0


def test_who_joined_a_balanced_cluster_has_what_it_was_given() -> None:
    timeline = [{"join": "w2", "to": "farm", "priority": 9, "weight": 20}]
    assert asked(THREE | {"timeline": timeline}, "w2", "priority") == 9
    assert asked(THREE | {"timeline": timeline}, "w2", "weight") == 20


@pytest.mark.parametrize("release, value", [("ws2008r2", "none"), ("ws2012r2", "none"), ("ws2016", 20)])
def test_a_release_without_a_property_has_no_value_for_it(release: str, value: object) -> None:
    assert asked(THREE | {"release": release}, "c", "CrossSiteThreshold") == value


def test_the_level_of_nodes_from_before_there_was_such_a_property() -> None:
    assert asked(THREE, "c", "ClusterFunctionalLevel") == 8
    level = {"kind": "failover", "nodes": ["n1", "n2"], "properties": {"ClusterFunctionalLevel": 8}}
    clusters = THREE["clusters"] | {"c": level}
    assert asked(THREE | {"release": "ws2016", "clusters": clusters}, "c", "ClusterFunctionalLevel") == 8
