"""Whatever is written: a checked scenario that the model runs, or problems with a place. Nothing else."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.cluster.scenario import QUORUM_MODES, RELEASES, VERBS
from studyapp.cluster.simulation import simulate
from studyapp.cluster.view import NotModelledYet
from studyapp.cluster.world import RunTooLong
from studyapp.packs import unmodelled
from studyapp.packs.building import KEYS
from studyapp.packs.clusters import FAILOVER_KEYS, HEARTBEAT, NLB_KEYS
from studyapp.packs.machines import HOST_KEYS, VM_KEYS
from studyapp.packs.roles import RESTART_KEYS, ROLE_KEYS
from studyapp.packs.scenarios import Document, load_documents
from studyapp.packs.timeline import TAKES

WORDS = st.sampled_from(
    (
        *KEYS,
        *HOST_KEYS,
        *VM_KEYS,
        *FAILOVER_KEYS,
        *NLB_KEYS,
        *ROLE_KEYS,
        *RESTART_KEYS,
        *HEARTBEAT,
        *VERBS,
        *RELEASES,
        *QUORUM_MODES,
        *unmodelled.VERBS,
        *unmodelled.TOP,
        "a",
        "b",
        "c",
        "none",
        "all",
        "disk",
        "share",
        "nlb",
        "failover",
        "5s",
        "{a}",
        "\u202e",
        "",
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
release: ws2008r2
networks: {lan: , two: }
storage: {san: , wdisk: }
hosts: {a: , b: {networks: [lan]}, c: , d: }
vms: {v: {host: a}, w: {host: b, mac_spoofing: true}}
clusters:
  g: {kind: failover, nodes: [a, b, c], witness: {disk: wdisk}, weights: {c: 0}}
  f: {kind: nlb, nodes: [d, w], mode: multicast}
roles:
  r: {cluster: g, owner: b, preferred: [b, c], storage: san, starts_in: 10s}
  v: {cluster: g, vm: v, heartbeat_monitoring: true}
services: {x: {role: r}, y: {nlb: f, port: 80}, z: {runs_on: v}}
timeline:
- crash: a
- {at: 90s, fail: y, node: d}
- partition: [[a], [b, c]]
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
    if document.scenario is not None:
        try:
            simulate(document.scenario)
        except (RunTooLong, NotModelledYet):
            return


HOSTS, VMS, NETWORKS, STORAGE = ("h1", "h2", "h3", "h4"), ("v1", "v2", "v3"), ("lan", "two"), ("san", "disk")


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
        nodes = self.some(HOSTS[:3])
        guests = self.some(VMS) if draw.random() < 0.4 else []
        witness = draw.choice(["none", {"disk": "disk"}, {"share": "fs"}])
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
            }
        }
        self.places = places = {vm: draw.choice(HOSTS) for vm in VMS}
        for vm in VMS:
            if places[vm] in nodes and draw.random() < 0.5:
                roles[vm] = {
                    "cluster": "hv",
                    "vm": vm,
                    **self.maybe(lambda: draw.random() < 0.5, heartbeat_monitoring=0),
                }
        clusters: dict[str, Any] = {"hv": {"kind": "failover", "nodes": nodes, "witness": witness}}
        services: dict[str, Any] = {"db": {"role": "sql"}, "one": {"runs_on": draw.choice(HOSTS + VMS)}}
        if guests:
            clusters["guests"] = {"kind": "failover", "nodes": guests}
            roles["mail"] = {"cluster": "guests", "owner": guests[0], "starts_in": "5s"}
            services["post"] = {"role": "mail"}
        balanced = [name for name in (*HOSTS, *VMS) if name not in nodes and name not in guests]
        clusters["farm"] = {"kind": "nlb", "nodes": balanced, "mode": "multicast"}
        services["web"] = {"nlb": "farm"}
        shares = ["fs"] if isinstance(witness, dict) and "share" in witness else []
        return {
            "release": draw.choice(RELEASES[:2]),
            "networks": dict.fromkeys(NETWORKS),
            "storage": dict.fromkeys(STORAGE),
            "hosts": dict.fromkeys(HOSTS),
            "vms": {vm: {"host": host, "integration_services": draw.random() < 0.8} for vm, host in places.items()},
            "clusters": clusters,
            "roles": roles,
            "services": services,
            "timeline": self.timeline(list(services), list(roles), balanced, shares),
        }

    def timeline(self, services: list[str], roles: list[str], balanced: list[str], shares: list[str]) -> list[Any]:
        draw, entries, at = self.draw, [], 0
        for _ in range(draw.randint(1, 8)):
            verb = draw.choice(VERBS)
            entry: dict[str, Any] = {verb: draw.choice((*HOSTS, *VMS))}
            if verb in ("isolate", "rejoin"):
                entry |= self.maybe(lambda: draw.choice(NETWORKS), **{"from": 0})
            elif verb == "partition":
                things = [*HOSTS, *shares, "disk"]
                draw.shuffle(things)
                cut = draw.randint(1, len(things) - 1)
                sides = [things[:cut], things[cut:]]
                for vm, host in self.places.items():
                    sides[host in sides[1]] += [vm] if draw.random() < 0.3 else []
                entry = {verb: sides}
            elif verb == "heal":
                entry = {verb: "all"}
            elif verb in ("lose", "restore"):
                entry = {verb: draw.choice((*NETWORKS, *STORAGE, *shares))}
            elif verb in ("fail", "repair"):
                entry = {verb: draw.choice(services + roles)}
                if verb == "fail":
                    entry |= self.maybe(lambda: True, lasting=0)
                    if entry[verb] == "web":
                        entry["node"] = draw.choice(balanced)
            if draw.random() < 0.5:
                at += draw.choice([0, 1, 4, 7, 30])
                entry["at"] = f"{at}s"
            entries.append(entry)
        return entries


@given(st.integers(0, 2**32))
def test_what_is_right_is_read_and_runs(seed: int) -> None:
    [document] = checked(json.dumps(Writer(seed).scenario()))
    assert document.scenario is not None, [problem.format() for problem in document.problems]
    assert len(document.scenario.machines) == len(HOSTS) + len(VMS)
    runs(document)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_model_is_read(verb: str) -> None:
    assert verb in TAKES
    assert verb not in unmodelled.VERBS
