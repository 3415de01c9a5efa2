"""Edits of a scenario: each gives what its author would have written instead, or is refused with the reason."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from studyapp.cluster.edits import (
    AddNode,
    Attach,
    ChangeRule,
    Edit,
    EditError,
    GiveWitness,
    KeepSessions,
    Place,
    SetProperty,
    edited,
    in_imperative,
    slot,
)
from studyapp.cluster.scenario import Scenario, Witness
from studyapp.packs.scenarios import load_scenario

BASE = """
release: ws2012r2
sites: [east]
networks: {lan: {}, backup: {}}
storage: {san: {kind: array}, shelf: {kind: array}, volume: {kind: csv, within: san}}
hosts:
  h1: {networks: [lan, backup], storage: [san]}
  h2: {networks: [lan], storage: [san]}
  h3: {networks: [lan], storage: []}
vms:
  vm1: {host: h1, networks: [lan]}
  alone: {host: h2, networks: [lan]}
  far: {host: h1, networks: [lan, backup]}
  web1: {host: h1, networks: [lan]}
clusters:
  hv: {kind: failover, nodes: [h1, h2], witness: none, weights: {}}
  farm: {kind: nlb, nodes: [web1], mode: multicast, rules: [{ports: 80, affinity: single}]}
roles:
  vm1: {cluster: hv, owner: h1, vm: vm1}
  files: {cluster: hv, owner: h1, storage: volume}
  sql: {cluster: hv, owner: h1, possible: [h1, h2], storage: san}
services:
  db: {role: sql}
  site: {nlb: farm, port: 80, state: none}
"""

# What is edited, the words for it, and what would have stood in the file.
SAME: list[tuple[Edit, str, str, str]] = [
    (
        SetProperty("hv", "SameSubnetThreshold", 10),
        "Set SameSubnetThreshold of hv to 10",
        "weights: {}}",
        "weights: {}, heartbeat: {same_subnet_threshold: 10}}",
    ),
    (SetProperty("h2", "NodeWeight", 0), "Set NodeWeight of h2 to 0", "weights: {}", "weights: {h2: 0}"),
    (
        SetProperty("sql", "FailoverPeriod", 3_600_000),
        "Set FailoverPeriod of sql to 1",
        "storage: san}\nservices",
        "storage: san, failover_period: 1h}\nservices",
    ),
    (
        SetProperty("vm1", "CheckHeartbeat", 1),
        "Set CheckHeartbeat of vm1 to 1",
        "vm: vm1}",
        "vm: vm1, heartbeat_monitoring: true}",
    ),
    (
        SetProperty("sql", "AntiAffinityClassNames", ("a", "b")),
        "Set AntiAffinityClassNames of sql to a, b",
        "storage: san}\nservices",
        "storage: san, anti_affinity: [a, b]}\nservices",
    ),
    (
        SetProperty("farm", "AliveMsgTolerance", 7),
        "Set AliveMsgTolerance of farm to 7",
        "mode: multicast,",
        "mode: multicast, properties: {AliveMsgTolerance: 7},",
    ),
    (
        SetProperty("alone", "AutomaticCriticalErrorAction", "None"),
        "Set AutomaticCriticalErrorAction of alone to None",
        "alone: {host: h2,",
        "alone: {host: h2, properties: {AutomaticCriticalErrorAction: None},",
    ),
    (Place("alone", "h1"), "Place alone on h1", "alone: {host: h2", "alone: {host: h1"),
    (Place("sql", "h2"), "Place sql on h2", "sql: {cluster: hv, owner: h1", "sql: {cluster: hv, owner: h2"),
    (
        Place("files", "h2"),
        "Place files on h2",
        "files: {cluster: hv, owner: h1",
        "files: {cluster: hv, owner: h2",
    ),
    (
        GiveWitness("hv", Witness("share", "fs1", "east")),
        "Give hv the file share witness fs1 in east",
        "witness: none",
        "witness: {share: fs1, site: east}",
    ),
    (
        GiveWitness("hv", Witness("disk", "shelf")),
        "Give hv the disk witness shelf",
        "witness: none",
        "witness: {disk: shelf}",
    ),
    (GiveWitness("hv", None), "Take the witness of hv away", "witness: none", "witness: none"),
    (AddNode("h3", "hv"), "Add h3 to hv", "nodes: [h1, h2]", "nodes: [h1, h2, h3]"),
    (AddNode("alone", "farm"), "Add alone to farm", "nodes: [web1]", "nodes: [web1, alone]"),
    (AddNode("h1", "farm"), "Add h1 to farm", "nodes: [web1]", "nodes: [web1, h1]"),
    (Attach("h2", "backup"), "Attach h2 to backup", "h2: {networks: [lan]", "h2: {networks: [lan, backup]"),
    (Attach("h3", "san"), "Attach h3 to san", "storage: []", "storage: [san]"),
    (
        Attach("vm1", "backup"),
        "Attach vm1 to backup",
        "vm1: {host: h1, networks: [lan]",
        "vm1: {host: h1, networks: [lan, backup]",
    ),
    (
        ChangeRule("farm", 80, "affinity", "none"),
        "Set the affinity of rule farm:80 to none",
        "affinity: single",
        "affinity: none",
    ),
    (
        ChangeRule("farm", 80, "filter", "single"),
        "Set the filtering mode of rule farm:80 to single",
        "affinity: single",
        "affinity: single, filter: single",
    ),
    (
        KeepSessions("site", "in-memory"),
        "Keep the sessions of site in the memory of the server",
        "state: none",
        "state: in-memory",
    ),
]

REFUSED: list[tuple[Edit, str]] = [
    (AddNode("h1", "hv"), "h1 is a node of hv already"),
    (AddNode("web1", "farm"), "web1 is a node of farm already"),
    (Place("sql", "h3"), "h3 is no node of hv, so it cannot own sql"),
    (Place("vm1", "h3"), "h3 is no node of hv, so it cannot own vm1"),
    (Place("alone", "vm1"), "vm1 is no host, so alone cannot be placed on it"),
    (Place("far", "h2"), "far needs the network backup, and h2 is not attached to it"),
    (Attach("h1", "backup"), "h1 is attached to backup already"),
    (Attach("h1", "san"), "h1 is attached to san already"),
    (Attach("alone", "backup"), "h2, the host of alone, is not attached to backup"),
    (SetProperty("h3", "NodeWeight", 0), "h3 is no node of a failover cluster, so it has no NodeWeight"),
]


def load(text: str = BASE) -> Scenario:
    return load_scenario(text)


def told(scenario: Scenario) -> Scenario:
    """The scenario without what is only the order in which it was written."""
    clusters = tuple(replace(each, properties=tuple(sorted(each.properties))) for each in scenario.clusters)
    return replace(scenario, clusters=clusters)


@pytest.mark.parametrize("edit, words, before, after", SAME, ids=[words for _, words, _, _ in SAME])
def test_an_edit_gives_what_would_have_been_written(edit: Edit, words: str, before: str, after: str) -> None:
    assert in_imperative(edit) == words
    assert before in BASE
    expected = load(BASE.replace(before, after))
    assert told(edited(load(), [edit])) == told(expected)


def test_a_virtual_machine_takes_its_role_along() -> None:
    text = BASE.replace("vm1: {host: h1", "vm1: {host: h2").replace(
        "vm1: {cluster: hv, owner: h1", "vm1: {cluster: hv, owner: h2"
    )
    assert edited(load(), [Place("vm1", "h2")]) == load(text)


@pytest.mark.parametrize("edit, why", REFUSED, ids=[why for _, why in REFUSED])
def test_what_cannot_be_done_is_refused_with_the_reason(edit: Edit, why: str) -> None:
    with pytest.raises(EditError, match=f"^{why}$"):
        edited(load(), [edit])


def test_a_witness_brings_the_quorum_mode_that_counts_it() -> None:
    old = load(BASE.replace("ws2012r2", "ws2008r2"))
    shared = edited(old, [GiveWitness("hv", Witness("share", "fs1"))])
    assert shared.failover["hv"].quorum == "node-and-share-majority"
    assert edited(shared, [GiveWitness("hv", None)]) == old


def test_what_another_edit_makes_possible_may_be_done_in_any_order() -> None:
    free = load(BASE.replace("possible: [h1, h2], ", ""))
    edits: list[Edit] = [Place("sql", "h3"), Attach("h3", "san"), AddNode("h3", "hv")]
    made = {edited(free, order) for order in itertools.permutations(edits)}
    assert len(made) == 1
    assert made.pop().role["sql"].owner == "h3"
    with pytest.raises(EditError, match="sql needs the storage san, and h3 is not attached to it"):
        edited(free, [Place("sql", "h3"), AddNode("h3", "hv")])
    with pytest.raises(EditError, match="files needs the storage san, and h3 is not attached to it"):
        edited(free, [Place("files", "h3"), AddNode("h3", "hv")])


def test_one_thing_is_settled_once() -> None:
    one, other = SetProperty("hv", "DynamicQuorum", 0), SetProperty("hv", "DynamicQuorum", 1)
    assert slot(one) == slot(other)
    with pytest.raises(EditError, match="cannot both be done"):
        edited(load(), [one, other])


def test_a_possible_owner_may_be_asked_for() -> None:
    with pytest.raises(EditError, match="not among the possible owners"):
        edited(load(BASE.replace("possible: [h1, h2]", "possible: [h1]")), [Place("sql", "h2")])
