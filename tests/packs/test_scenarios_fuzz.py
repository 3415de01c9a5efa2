"""Whatever is written: a checked scenario that the model runs, or problems with a place. Nothing else."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from studyapp.cluster.orders.handlers import VERBS as CARRIED_OUT
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import QUORUM_MODES, RELEASES, STORAGE_KINDS, VERBS
from studyapp.cluster.simulation import simulate
from studyapp.cluster.world import RunTooLong
from studyapp.packs.acts import FAILBACKS, OPTIONS, TAKES, TYPES
from studyapp.packs.balancing import AFFINITIES, FILTERS, MODES, NLB_KEYS, PROTOCOLS, RULE_KEYS
from studyapp.packs.building import KEYS
from studyapp.packs.clusters import FAILOVER_KEYS, HEARTBEAT, WITNESS_KINDS
from studyapp.packs.machines import HOST_KEYS, NETWORK_KEYS, STORAGE_KEYS, VM_KEYS
from studyapp.packs.roles import FAILBACK_KEYS, PRIORITIES, RESTART_COUNTS, RESTART_TIMES, ROLE_KEYS
from studyapp.packs.scenarios import Document, load_documents
from studyapp.packs.services import RECOVERIES, SERVICE_KEYS, STATES

OWN_WORDS = ("a", "b", "c", "none", "all", "nlb", "failover", "10.0.0.1", "dhcp", "80-90", "5s", "{a}", "\u202e", "")
WORDS = st.sampled_from(
    tuple(
        dict.fromkeys(
            (
                *(*KEYS, *NETWORK_KEYS, *STORAGE_KEYS, *HOST_KEYS, *VM_KEYS, *FAILOVER_KEYS, *NLB_KEYS, *ROLE_KEYS),
                *(*SERVICE_KEYS, *RULE_KEYS, *HEARTBEAT, *WITNESS_KINDS, *FAILBACK_KEYS, *RESTART_COUNTS),
                *(*RESTART_TIMES, *VERBS, *OPTIONS, *PROPERTIES),
                *(*RELEASES, *QUORUM_MODES, *STORAGE_KINDS, *MODES, *PROTOCOLS, *FILTERS, *AFFINITIES, *PRIORITIES),
                *(*STATES, *RECOVERIES, *TYPES, *FAILBACKS),
                *OWN_WORDS,
            )
        )
    )
)
VALUES = st.one_of(WORDS, st.none(), st.booleans(), st.integers(-2, 70), st.floats(allow_nan=False))
TREES = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=25,
)


def checked(text: str) -> list[Document]:
    """The documents of a text, once each is known to be right or to have problems with a place."""
    documents = load_documents(text, "any.yaml")
    for document in documents:
        assert (document.scenario is None) == bool(document.problems)
        for problem in document.problems:
            assert problem.line >= 1
            assert problem.column >= 1
            assert re.match(r"any\.yaml:\d+:\d+: error: [a-z-]+: ", problem.format())
            assert problem.format().isprintable()
    return documents


@given(TREES)
def test_any_tree_of_words_is_right_or_has_problems(tree: object) -> None:
    checked(json.dumps(tree))


@given(st.dictionaries(st.sampled_from(KEYS), st.dictionaries(WORDS, st.dictionaries(WORDS, VALUES, max_size=4))))
def test_any_sections_are_right_or_have_problems(tree: object) -> None:
    checked(json.dumps(tree, ensure_ascii=False))


GOOD = """\
release: ws2019
sites: [east, west]
networks: {lan: {site: east}, two: }
storage: {san: {kind: csv, size: 10}, wdisk: , pool: {kind: s2d, nodes: [a, b], drives: [2, 2]}}
hosts: {a: {site: east, memory: 64}, b: {networks: [lan], release: ws2016}, c: , d: {address: 10.0.0.1}, e: }
vms: {v: {host: a, memory: 8}, w: {host: b, mac_spoofing: true, properties: {NotMonitoredInCluster: 1}}}
clusters:
  g:
    kind: failover
    nodes: [a, b, c]
    witness: {disk: wdisk, site: west}
    weights: {c: 0}
    lower_quorum_priority: b
    heartbeat: {same_subnet_delay: 1s, cross_site_threshold: 20}
    properties: {QuarantineThreshold: 3, PreferredSite: east}
  f: {kind: nlb, nodes: [d, w], mode: {d: multicast}, rules: [{ports: 80, affinity: none, weights: {d: 10}}]}
roles:
  r: {cluster: g, owner: b, preferred: [b, c], storage: san, starts_in: 10s, priority: high, failback: {window: [1, 4]}}
  v: {cluster: g, vm: v, heartbeat_monitoring: true, monitored_services: [z], anti_affinity: [x]}
services: {x: {role: r}, y: {nlb: f, port: 80, state: in-memory}, z: {runs_on: v, recovery: [restart, none]}}
timeline:
- crash: a
- {at: 90s, fail: y, node: d}
- partition: [[a], [b, c]]
- {join: e, to: f, priority: 3}
- {set: g, property: SameSubnetThreshold, value: 8}
- {load: y, clients: 5, from: 2, lasts: 1s}
until: 1h
clock: 8h
"""
PIECES = re.findall(r"\w+|[^\w\s]|\s+", GOOD)


@given(st.integers(0, 2**32), st.integers(1, 6))
def test_any_damage_to_a_good_scenario_is_noticed_or_harmless(seed: int, times: int) -> None:
    draw = random.Random(seed)
    pieces = list(PIECES)
    for _ in range(times):
        at = draw.randrange(len(pieces))
        what = draw.randrange(4)
        if what == 0:
            del pieces[at]
        elif what == 1:
            pieces[at] = draw.choice(PIECES)
        elif what == 2:
            pieces.insert(at, draw.choice(PIECES))
        else:
            other = draw.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
    for document in checked("".join(pieces)):
        runs(document)


def runs(document: Document) -> None:
    """The model trusts what was checked: it runs it, or says what it does not model."""
    scenario = document.scenario
    if scenario is None or any(act.verb not in CARRIED_OUT for step in scenario.timeline for act in step.acts):
        return
    try:
        simulate(scenario)
    except RunTooLong:
        return


HOSTS, VMS, NETWORKS, STORAGE = ("h1", "h2", "h3", "h4"), ("v1", "v2", "v3"), ("lan", "two"), ("san", "disk")


SITES = ("east", "west")


class Writer:
    """Writes scenarios that are right, by chance."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def some(self, of: tuple[str, ...], least: int = 1) -> list[str]:
        return self.draw.sample(of, self.draw.randint(least, len(of)))

    def maybe(self, value: Callable[[], object], **where: Any) -> dict[str, Any]:
        [name] = where
        return {name: value()} if self.draw.random() < 0.5 else {}

    def scenario(self) -> dict[str, Any]:
        draw = self.draw
        self.release = draw.choice(RELEASES)
        self.nodes = nodes = self.some(HOSTS[:3])
        self.guests = guests = self.some(VMS) if draw.random() < 0.4 else []
        self.places = places = {vm: draw.choice(HOSTS) for vm in VMS}
        witness = draw.choice(["none", {"disk": "disk"}, {"share": "fs"}, {"cloud": "azure"}, {"share": "h4"}])
        self.witnesses = [x for x in ("fs", "azure") if isinstance(witness, dict) and x in witness.values()]
        roles = self.roles()
        clusters: dict[str, Any] = {"hv": {"kind": "failover", "nodes": nodes, "witness": witness, **self.votes()}}
        services: dict[str, Any] = {"db": {"role": "sql"}, "one": {"runs_on": draw.choice(HOSTS + VMS)}}
        if guests:
            clusters["guests"] = {"kind": "failover", "nodes": guests}
            roles["mail"] = {"cluster": "guests", "owner": guests[0], "starts_in": "5s"}
            services["post"] = {"role": "mail", "state": draw.choice(STATES)}
        self.balanced = balanced = [x for x in (*HOSTS, *VMS) if x not in nodes and x not in guests]
        rule = {"ports": draw.choice([80, "0-65535"]), "filter": draw.choice(FILTERS)}
        clusters["farm"] = {
            "kind": "nlb",
            "nodes": balanced,
            "mode": draw.choice(MODES),
            **self.maybe(lambda: [{**rule, **self.maybe(lambda: draw.choice(AFFINITIES), affinity=0)}], rules=0),
            **self.maybe(lambda: {balanced[0]: draw.randint(1, 33)}, priorities=0),
        }
        services["web"] = {"nlb": "farm", "port": 80}
        self.services, self.role_names = list(services), list(roles)
        return {
            "release": self.release,
            "sites": list(SITES),
            "networks": {name: self.maybe(lambda: draw.choice(SITES), site=0) for name in NETWORKS},
            "storage": {name: {"kind": draw.choice(["csv", "array", "iscsi"])} for name in STORAGE},
            "hosts": {name: {**self.maybe(lambda: draw.choice(SITES), site=0), "memory": 64} for name in HOSTS},
            "vms": {
                vm: {"host": host, "integration_services": draw.random() < 0.8, "memory": 8}
                for vm, host in places.items()
            },
            "clusters": clusters,
            "roles": roles,
            "services": services,
            "timeline": self.timeline(),
            **self.maybe(lambda: "3h", until=0),
        }

    def votes(self) -> dict[str, Any]:
        draw, nodes = self.draw, self.nodes
        return {
            **self.maybe(lambda: {draw.choice(nodes): 0}, weights=0),
            **self.maybe(lambda: draw.choice(nodes), lower_quorum_priority=0),
            **self.maybe(lambda: {"same_subnet_threshold": draw.randint(3, 12)}, heartbeat=0),
            **self.maybe(lambda: {"ClusterEnforcedAntiAffinity": 1, "ResiliencyDefaultPeriod": 10}, properties=0),
        }

    def roles(self) -> dict[str, Any]:
        draw, nodes = self.draw, self.nodes
        roles: dict[str, Any] = {
            "sql": {
                "cluster": "hv",
                "owner": nodes[0],
                **self.maybe(lambda: self.some(tuple(nodes)), preferred=0),
                **self.maybe(lambda: [nodes[0], *nodes[1:2]], possible=0),
                **self.maybe(lambda: "san", storage=0),
                **self.maybe(lambda: draw.choice(["0s", "10s"]), starts_in=0),
                **self.maybe(lambda: {"action": draw.randrange(3), "threshold": draw.randrange(3)}, restart=0),
                **self.maybe(lambda: draw.randrange(3), failover_threshold=0),
                **self.maybe(lambda: {"allowed": draw.random() < 0.7}, failback=0),
                **self.maybe(lambda: draw.choice(PRIORITIES), priority=0),
                **self.maybe(lambda: ["x"], anti_affinity=0),
            }
        }
        for vm, host in self.places.items():
            if host in nodes and draw.random() < 0.5:
                watched = self.maybe(lambda: draw.random() < 0.5, heartbeat_monitoring=0)
                roles[vm] = {"cluster": "hv", "vm": vm, **watched, **self.maybe(lambda: ["x"], anti_affinity=0)}
        return roles

    def timeline(self) -> list[Any]:
        draw, entries, at = self.draw, [], 0
        for _ in range(draw.randint(1, 8)):
            entry = self.entry(draw.choice(VERBS))
            if entry is None:
                continue
            if draw.random() < 0.5:
                at += draw.choice([0, 1, 4, 7, 30])
                entry["at"] = f"{at}s"
            entries.append(entry)
        return entries

    def entry(self, verb: str) -> dict[str, Any] | None:
        draw, takes = self.draw, TAKES[verb]
        entry: dict[str, Any] = {verb: draw.choice((*HOSTS, *VMS))}
        some = {"pause": self.nodes, "drain-stop": self.balanced, "stop-node": self.nodes + self.balanced + self.guests}
        kinds = {TAKES[name].node_of: nodes for name, nodes in some.items()}
        if takes.node_of:
            entry = {verb: draw.choice(kinds[takes.node_of])}
        match verb:
            case "isolate" | "rejoin":
                entry |= self.maybe(lambda: draw.choice(NETWORKS), **{"from": 0})
            case "partition":
                return {verb: self.sides()}
            case "heal":
                return {verb: "all"}
            case "lose" | "restore":
                return {verb: draw.choice((*NETWORKS, *STORAGE, *SITES, *self.witnesses))}
            case "fail" | "repair":
                entry = {verb: draw.choice(self.services + self.role_names)}
                if entry[verb] == "web":
                    entry["node"] = draw.choice(self.balanced)
                if verb == "fail":
                    entry |= self.maybe(lambda: True, lasting=0)
            case "move":
                entry = {verb: draw.choice(self.role_names), **self.maybe(lambda: draw.choice(HOSTS), to=0)}
                entry |= self.maybe(lambda: draw.choice(TYPES), type=0)
            case "live-migrate" | "quick-migrate":
                entry = {verb: draw.choice(VMS), **self.maybe(lambda: draw.choice(HOSTS), to=0)}
            case "storage-migrate":
                entry = {verb: draw.choice(VMS), "to": draw.choice(STORAGE)}
            case "pause":
                entry |= self.maybe(lambda: True, drain=0) | self.maybe(lambda: True, force=0)
            case "resume":
                entry |= self.maybe(lambda: draw.choice(FAILBACKS), failback=0)
            case "join":
                entry["to"] = draw.choice(["hv", "farm"])
            case "set":
                return {verb: "hv", "property": "SameSubnetThreshold", "value": draw.choice([0, 5, 20])}
            case "load":
                return {verb: draw.choice(self.services), "clients": 5, "from": 2, **self.maybe(lambda: "9s", lasts=0)}
        return entry

    def sides(self) -> list[list[str]]:
        draw = self.draw
        things = [*HOSTS, *self.witnesses, "disk"]
        draw.shuffle(things)
        cut = draw.randint(1, len(things) - 1)
        sides = [things[:cut], things[cut:]]
        for vm, host in self.places.items():
            sides[host in sides[1]] += [vm] if draw.random() < 0.3 else []
        return sides


@given(st.integers(0, 2**32))
def test_what_is_right_is_read_and_runs(seed: int) -> None:
    [document] = checked(json.dumps(Writer(seed).scenario()))
    assert document.scenario is not None, [problem.format() for problem in document.problems]
    assert len(document.scenario.machines) == len(HOSTS) + len(VMS)
    runs(document)
