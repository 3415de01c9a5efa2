"""Scenarios: what is read, what is refused and where."""

from __future__ import annotations

import pytest

from studyapp.cluster.scenario import Act, FailoverCluster, NlbCluster, Role, Service, Step, Witness
from studyapp.packs.problems import Problem
from studyapp.packs.scenarios import BadScenario, load_scenario

GOOD = """\
title: Three hosts
release: ws2008r2
networks:
  lan: {}
  backup:
storage:
  san: {kind: array}
  wdisk: {kind: iscsi}
  own: {kind: local}
hosts:
  host1: {networks: [lan, backup], storage: [san, wdisk, own], features: [hyper-v]}
  host2: {networks: [lan, backup], storage: [san, wdisk]}
  host3: {}
  web1: {networks: [lan]}
vms:
  vm1: {host: host1}
  vm2: {host: host2, networks: [lan], mac_spoofing: true, integration_services: false}
clusters:
  hv:
    kind: failover
    nodes: [host1, host2, host3]
    witness: {disk: wdisk}
    weights: {host3: 0}
    heartbeat: {same_subnet_delay: 1500ms, cross_subnet_threshold: 20}
  farm:
    kind: nlb
    nodes: [vm2, web1]
roles:
  vm1: {cluster: hv, vm: vm1, heartbeat_monitoring: false, starts_in: 1min}
  sql:
    cluster: hv
    owner: host2
    preferred: [host2, host1]
    possible: [host1, host2]
    storage: san
    restart: {action: 1, threshold: 2, period: 0.5h}
    failover_threshold: 3
    failover_period: 2h
services:
  db: {role: sql}
  web: {nlb: farm, port: 80}
  app: {runs_on: vm1}
timeline:
  - hang: vm2
  - {at: 90s, crash: host1}
  - {at: 90s, fail: web, node: web1, lasting: true}
  - isolate: [host2, host3]
    from: lan
  - partition: [[host1, host2], [host3]]
  - heal: all
until: 3h
"""


def bad(text: str, **given: str) -> list[tuple[str, int, int]]:
    """The codes and places of a text's problems."""
    return [(p.code, p.line, p.column) for p in problems_of(text, **given)]


def problems_of(text: str, **given: str) -> tuple[Problem, ...]:
    with pytest.raises(BadScenario) as raised:
        load_scenario(text, **given)
    return raised.value.problems


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def test_everything_that_is_written_arrives() -> None:
    s = load_scenario(GOOD)
    assert (s.title, s.release, s.until_ms) == ("Three hosts", "ws2008r2", 10_800_000)
    assert [network.name for network in s.networks] == ["lan", "backup"]
    assert [(kept.name, kept.kind) for kept in s.storage] == [("san", "array"), ("wdisk", "iscsi"), ("own", "local")]
    assert s.host["host1"].features == ("hyper-v",)
    assert s.vm["vm2"].mac_spoofing
    assert not s.vm["vm2"].integration_services
    assert s.clusters == (
        FailoverCluster(
            "hv",
            ("host1", "host2", "host3"),
            Witness("disk", "wdisk"),
            "node-and-disk-majority",
            (("host3", 0),),
            properties=(("SameSubnetDelay", 1500), ("CrossSubnetThreshold", 20)),
        ),
        NlbCluster("farm", ("vm2", "web1"), "unicast"),
    )
    assert s.roles == (
        Role("vm1", "hv", "host1", vm="vm1", starts_in_ms=60_000, properties=(("CheckHeartbeat", False),)),
        Role(
            "sql",
            "hv",
            "host2",
            preferred=("host2", "host1"),
            possible=("host1", "host2"),
            storage="san",
            properties=(
                ("FailoverThreshold", 3),
                ("FailoverPeriod", 7_200_000),
                ("RestartAction", 1),
                ("RestartThreshold", 2),
                ("RestartPeriod", 1_800_000),
            ),
        ),
    )
    assert s.services == (
        Service("db", "role", "sql"),
        Service("web", "nlb", "farm", 80),
        Service("app", "runs_on", "vm1"),
    )
    assert s.timeline == (
        Step((Act("hang", ("vm2",)),)),
        Step((Act("crash", ("host1",)), Act("fail", ("web",), node="web1", lasting=True)), 90_000),
        Step((Act("isolate", ("host2", "host3"), networks=("lan",)),)),
        Step((Act("partition", sides=(("host1", "host2"), ("host3",))),)),
        Step((Act("heal", ("all",)),)),
    )
    assert s.fact["LooksAlivePollInterval"].value == 5000


def test_what_is_left_out() -> None:
    s = load_scenario(GOOD)
    assert s.host["host3"].networks == ("lan", "backup"), "a machine is on every network"
    assert s.host["host3"].storage == ("san", "wdisk"), "and on all storage but that of others alone"
    assert s.vm["vm1"].networks == ("lan", "backup"), "a virtual machine is on the networks of its host"
    bare = load_scenario("release: ws2025\nhosts: {a: {}, b: }\n")
    assert [network.name for network in bare.networks] == ["network"]
    assert bare.host["b"].networks == ("network",)
    assert (bare.title, bare.timeline, bare.until_ms) == ("", (), None)
    watched = load_scenario(changed("heartbeat_monitoring: false, ", ""))
    assert watched.role["vm1"].properties == ()


@pytest.mark.parametrize(
    "witness, quorum, mode",
    [
        ("", "", "node-majority"),
        ("witness: none", "", "node-majority"),
        ("witness: {share: fs1}", "", "node-and-share-majority"),
        ("witness: {disk: san}", "", "node-and-disk-majority"),
        ("witness: {disk: san}", "quorum: disk-only", "disk-only"),
    ],
)
def test_the_quorum_mode_follows_the_witness(witness: str, quorum: str, mode: str) -> None:
    inner = ", ".join(part for part in ("kind: failover, nodes: [a, b]", witness, quorum) if part)
    s = load_scenario(f"release: ws2008\nhosts: {{a: , b: }}\nstorage: {{san: }}\nclusters: {{c: {{{inner}}}}}\n")
    assert s.failover["c"].quorum == mode


CHANGES = [
    # the scenario as a whole
    ("title: Three hosts", "titel: Three hosts", [("unknown-key", 1, 1)]),
    ("title: Three hosts", "title: [a]", [("wrong-type", 1, 8)]),
    ("title: Three hosts", 'title: "a\\u202eb"', [("hostile-character", 1, 8)]),
    ("title: Three hosts", "title: |\n  a\n  b", [("one-line", 1, 8)]),
    ("title: Three hosts", "title: " + "a" * 201, [("out-of-range", 1, 8)]),
    ("title: Three hosts", "extends: other", [("extends-nowhere", 1, 1)]),
    ("release: ws2008r2", "release: ws2008 r2", [("unknown-word", 2, 10)]),
    ("release: ws2008r2", "release: 2008", [("unknown-word", 2, 10)]),
    ("until: 3h", "until: 3", [("duration", 51, 8)]),
    ("until: 3h", "until: 3d", [("duration", 51, 8)]),
    ("until: 3h", "until: -3h", [("duration", 51, 8)]),
    ("until: 3h", "until: 0.0001s", [("duration", 51, 8)]),
    ("until: 3h", "until: 99999h", [("duration", 51, 8)]),
    ("until: 3h", "until:", [("wrong-type", 51, 7)]),
    # networks, storage, machines
    ("  lan: {}", "  lan: {site: east}", [("unknown-name", 4, 15)]),
    ("  lan: {}", "  lan: {sit: east}", [("unknown-key", 4, 9)]),
    ("  lan: {}", "  lan: []", [("wrong-type", 4, 8)]),
    ("san: {kind: array}", "san: {kind: raid}", [("unknown-word", 7, 15)]),
    ("  host3: {}", "  host3: {networks: [wan]}", [("unknown-name", 13, 22)]),
    ("  host3: {}", "  host3: {networks: [lan, lan]}", [("named-twice", 13, 27)]),
    ("  host3: {}", "  host3: {networks: []}", [("empty-list", 13, 21)]),
    ("  host3: {}", "  host3: {storage: lan}", [("wrong-kind", 13, 20)]),
    (
        "  web1: {networks: [lan]}",
        "  vm1: {networks: [lan]}",
        [("duplicate-name", 16, 3), ("unknown-name", 27, 18), ("duplicate-name", 29, 3), ("unknown-name", 46, 32)],
    ),
    ("  backup:", "  all: {}", [("bad-name", 5, 3), ("unknown-name", 11, 27), ("unknown-name", 12, 27)]),
    ("  own: {kind: local}", "  true: {kind: local}", [("bad-name", 9, 3), ("unknown-name", 11, 58)]),
    ("  vm1: {host: host1}", "  vm1: {}", [("missing-key", 16, 3)]),
    ("  vm1: {host: host1}", "  vm1: {host: hots1}", [("unknown-name", 16, 15)]),
    ("  vm1: {host: host1}", "  vm1: {host: vm2}", [("wrong-kind", 16, 15)]),
    ("mac_spoofing: true", "mac_spoofing: yes", [("wrong-type", 17, 53)]),
    ("host: host2, networks: [lan]", "host: web1, networks: [backup]", [("host-network", 17, 31)]),
    # clusters
    ("    kind: nlb", "    kind: nbl", [("unknown-word", 26, 11)]),
    ("    kind: nlb", "    mode: multicast", [("missing-key", 25, 3)]),
    ("    kind: nlb", "    kind: nlb\n    quorum: dynamic", [("unknown-key", 27, 5)]),
    ("    nodes: [vm2, web1]", "    nodes: []", [("empty-list", 27, 12)]),
    ("    nodes: [vm2, web1]", "    nodes: [vm2, web1, san]", [("wrong-kind", 27, 24)]),
    ("host3]\n    witness", "host4]\n    witness", [("unknown-name", 21, 27)]),
    ("witness: {disk: wdisk}", "witness: wdisk", [("wrong-type", 22, 14)]),
    ("witness: {disk: wdisk}", "witness: {}", [("missing-key", 22, 14)]),
    ("witness: {disk: wdisk}", "witness: {share: fs1, site: west}", [("unknown-name", 22, 33)]),
    ("witness: {disk: wdisk}", "witness: {share: fs1, disk: san}", [("one-of", 22, 14)]),
    ("witness: {disk: wdisk}", "witness: {share: san}", [("duplicate-name", 22, 22)]),
    ("witness: {disk: wdisk}", "witness: {disk: lan}", [("wrong-kind", 22, 21)]),
    ("witness: {disk: wdisk}", "quorum: dynamic", [("quorum-release", 22, 13)]),
    ("witness: {disk: wdisk}", "quorum: disk-only", [("quorum-witness", 22, 13)]),
    ("witness: {disk: wdisk}", "quorum: node-and-share-majority", [("quorum-witness", 22, 13)]),
    ("witness: {disk: wdisk}", "witness: {share: fs1}\n    quorum: disk-only", [("quorum-witness", 23, 13)]),
    ("witness: {disk: wdisk}", "witness: {disk: wdisk}\n    quorum: node-majority", [("quorum-witness", 23, 13)]),
    ("weights: {host3: 0}", "weights: {host3: 2}", [("out-of-range", 23, 22)]),
    ("weights: {host3: 0}", "weights: {host3: true}", [("wrong-type", 23, 22)]),
    ("weights: {host3: 0}", "weights: {web1: 0}", [("unknown-name", 23, 15)]),
    ("weights: {host3: 0}", "dynamic_weights: {host3: 0}", [("not-for-this", 23, 5)]),
    ("same_subnet_delay: 1500ms", "same_subnet_delay: 1500", [("duration", 24, 36)]),
    ("same_subnet_delay: 1500ms", "same_subnet_delay: 0s", [("out-of-range", 24, 36)]),
    ("same_subnet_delay: 1500ms", "same_subnet_threshold: 0", [("out-of-range", 24, 40)]),
    ("same_subnet_delay: 1500ms", "same_subnet_threshold: 2.5", [("wrong-type", 24, 40)]),
    # roles and services
    ("cluster: hv\n", "cluster: farm\n", [("wrong-kind", 31, 14)]),
    ("cluster: hv\n", "priority: high\n", [("missing-key", 30, 3)]),
    ("    owner: host2\n", "", [("missing-key", 30, 3)]),
    ("    owner: host2\n", "    owner: web1\n", [("not-a-node", 32, 12)]),
    ("    owner: host2\n", "    owner: host3\n", [("not-possible", 32, 12)]),
    ("[host2, host1]\n", "[host2, host9]\n", [("not-a-node", 33, 24)]),
    ("    storage: san", "    storage: own", [("owner-storage", 35, 14)]),
    ("    storage: san", "    storage: lan", [("wrong-kind", 35, 14)]),
    ("    storage: san", "    heartbeat_monitoring: true", [("not-for-this", 35, 5)]),
    ("    storage: san", "    vm: vm1", [("owner-host", 32, 12), ("two-roles", 35, 9)]),
    ("{cluster: hv, vm: vm1,", "{cluster: hv, vm: vm2,", [("duplicate-name", 29, 3)]),
    ("{cluster: hv, vm: vm1,", "{cluster: hv, vm: vm1, owner: host2,", [("owner-host", 29, 38)]),
    ("starts_in: 1min", "starts_in: 1", [("duration", 29, 71)]),
    ("action: 1", "action: 3", [("out-of-range", 36, 23)]),
    ("failover_threshold: 3", "failover_threshold: -1", [("out-of-range", 37, 25)]),
    ("  db: {role: sql}", "  db: {}", [("missing-key", 40, 3)]),
    ("  db: {role: sql}", "  db: {role: sql, runs_on: vm1}", [("one-of", 40, 3)]),
    ("  db: {role: sql}", "  db: {role: sq1}", [("unknown-name", 40, 14)]),
    ("  db: {role: sql}", "  db: {runs_on: sql}", [("wrong-kind", 40, 17)]),
    ("port: 80", "port: 65536", [("out-of-range", 41, 26)]),
    # the timeline
    ("  - hang: vm2", "  - hang: vm3", [("unknown-name", 44, 11)]),
    ("  - hang: vm2", "  - hang: hv", [("wrong-kind", 44, 11)]),
    ("  - hang: vm2", "  - hang: {vm}", [("wrong-type", 44, 11)]),
    ("  - hang: vm2", "  - hang: [vm2, vm2]", [("named-twice", 44, 17)]),
    ("  - hang: vm2", "  - hang: []", [("empty-list", 44, 11)]),
    ("  - hang: vm2", "  - hang:", [("wrong-type", 44, 10)]),
    ("  - hang: vm2", "  - hang", [("wrong-type", 44, 5)]),
    ("  - hang: vm2", "  - {hang: vm2, crash: vm1}", [("two-verbs", 44, 17)]),
    ("  - hang: vm2", "  - {hang: vm2, lasting: true}", [("unknown-option", 44, 17)]),
    ("  - hang: vm2", "  - {hang: vm2, move: sql}", [("two-verbs", 44, 17)]),
    ("  - hang: vm2", "  - hangs: vm2", [("unknown-verb", 44, 5)]),
    ("  - hang: vm2", "  - at: 5s", [("missing-verb", 44, 5)]),
    ("  - hang: vm2", "  - {}", [("missing-verb", 44, 5)]),
    ("  - hang: vm2", "  - {at: 5, hang: vm2}", [("duration", 44, 10)]),
    ("  - hang: vm2", "  - {at: 91s, hang: vm2}", [("at-decreases", 45, 10), ("at-decreases", 46, 10)]),
    ("  - hang: vm2", "  - start: [vm2, db]", [("wrong-kind", 44, 18)]),
    ("  - hang: vm2", "  - lose: [lan, san, host1]", [("wrong-kind", 44, 22)]),
    ("  - hang: vm2", "  - {fail: sql, node: host1}", [("not-for-this", 44, 17)]),
    ("  - hang: vm2", "  - {fail: sql, lasting: 5s}", [("wrong-type", 44, 26)]),
    ("  - hang: vm2", "  - fail: web", [("missing-node", 44, 11)]),
    ("node: web1", "node: host1", [("not-a-node", 46, 32)]),
    ("    from: lan", "    from: wan", [("unknown-name", 48, 11)]),
    ("    from: lan", "    to: lan", [("unknown-option", 48, 5)]),
    ("  - isolate: [host2, host3]\n    from: lan", "  - isolate: web1\n    from: backup", [("host-network", 48, 11)]),
    ("[[host1, host2], [host3]]", "[host1, host2]", [("wrong-type", 49, 17), ("wrong-type", 49, 24)]),
    ("[[host1, host2], [host3]]", "[[host1, host2], [host2]]", [("named-twice", 49, 34)]),
    ("[[host1, host2], [host3]]", "[[host1, host2]]", [("one-side", 49, 16)]),
    ("[[host1, host2], [host3]]", "[[host1], [lan]]", [("wrong-kind", 49, 27)]),
    ("[[host1, host2], [host3]]", "host1", [("wrong-type", 49, 16)]),
    ("[[host1, host2], [host3]]", "[[host1, vm2], [host2]]", [("torn-apart", 49, 25)]),
    ("heal: all", "heal: host1", [("unknown-word", 50, 11)]),
]


@pytest.mark.parametrize("old, new, expected", CHANGES, ids=[f"{new.strip()[:50]!r}" for _, new, _ in CHANGES])
def test_what_is_refused_and_where(old: str, new: str, expected: list[tuple[str, int, int]]) -> None:
    text = changed(old, new)
    found = bad(text)
    assert found == expected, "\n".join(p.format() for p in problems_of(text))


@pytest.mark.parametrize(
    "old, new",
    [
        ("release: ws2008r2", "release: ws2012"),
        ("san: {kind: array}", "san: {kind: csv}"),
        ("    kind: nlb", "    kind: nlb\n    mode: {vm2: unicast, web1: igmp}"),
        ("    kind: nlb", "    kind: nlb\n    priorities: {vm2: 33, web1: 33}"),
        ("    kind: nlb", "    kind: nlb\n    rules: [{ports: 80, filter: single, weights: {vm2: 500}, timeout: 1h}]"),
        ("    nodes: [vm2, web1]", "    nodes: [vm2, web1, host1]"),
        ("    nodes: [vm2, web1]", "    nodes: [vm1, web1]"),
        ("  web1: {networks: [lan]}", "  web1: {networks: [backup], address: dhcp}"),
        ("witness: {disk: wdisk}", "witness: {cloud: azure}"),
        ("witness: {disk: wdisk}", "witness: {share: web1}"),
        ("witness: {disk: wdisk}", "witness: {disk: own}"),
        ("witness: {disk: wdisk}", "witness: none"),
        ("weights: {host3: 0}", "weights: {host1: 0, host2: 0, host3: 0}"),
        ("same_subnet_delay: 1500ms", "same_subnet_delay: 9s"),
        ("same_subnet_delay: 1500ms", "same_subnet_threshold: 121"),
        ("same_subnet_delay: 1500ms", "cross_site_delay: 1s"),
        ("heartbeat: {same", "properties: {QuarantineDuration: 0, CrossSiteThreshold: 2}\n    heartbeat: {same"),
        ("preferred: [host2, host1]", "preferred: [host3]"),
        ("restart: {action: 1,", "failback: {allowed: true}\n    restart: {action: 1,"),
        ("  - hang: vm2", "  - {set: hv, property: SameSubnetThreshold, value: 0}"),
        ("  - hang: vm2", "  - {set: hv, property: WitnessDynamicWeight, value: 1}"),
        ("  - hang: vm2", "  - {live-migrate: sql, to: web1}"),
        ("  - hang: vm2", "  - {join: host1, to: farm, priority: 99}"),
        ("[[host1, host2], [host3]]", "[[host1], [host2, vm1]]"),
    ],
)
def test_what_windows_would_refuse_or_advise_against_is_read(old: str, new: str) -> None:
    load_scenario(changed(old, new))
