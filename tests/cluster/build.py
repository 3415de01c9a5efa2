"""Scenarios for tests, built from values, with the numbers of Windows Server 2008 R2 that they rest on written out."""

from __future__ import annotations

from dataclasses import replace

from studyapp.cluster.scenario import (
    Act,
    Fact,
    FactValue,
    FailoverCluster,
    Host,
    Network,
    NlbCluster,
    Role,
    Scenario,
    Service,
    Step,
    Storage,
    Vm,
    Witness,
)
from studyapp.packs.facts import load_facts

VALUES: dict[str, FactValue] = {
    "heartbeat.same_subnet_delay": 1000,
    "heartbeat.same_subnet_threshold": 5,
    "heartbeat.cross_subnet_delay": 1000,
    "heartbeat.cross_subnet_threshold": 5,
    "LooksAlivePollInterval": 5000,
    "IsAlivePollInterval": 60_000,
    "RestartAction": 2,
    "RestartThreshold": 3,
    "RestartPeriod": 900_000,
    "RetryPeriodOnFailure": 3_600_000,
    "FailoverThreshold": "nodes-1",
    "FailoverPeriod": 21_600_000,
    "AutoFailbackType": 0,
    "FailbackWindowStart": -1,
    "FailbackWindowEnd": -1,
    "Priority": 2000,
    "priority.medium": 2000,
    "MoveTypeThreshold": 2000,
    "OfflineAction": 1,
    "ClusterEnforcedAntiAffinity": 0,
    "NodeWeight": 1,
    "feature.dynamic_quorum": False,
    "feature.group_priority": False,
    "feature.node_drain": False,
    "feature.drain_on_shutdown": False,
    "feature.dynamic_witness": False,
    "feature.tie_breaker": False,
    "feature.site_awareness": False,
    "feature.auto_prevent_quorum": False,
    "GuestHeartbeatMonitoring": True,
    "GuestHeartbeatMonitoringDefault": False,
    "nlb.AliveMsgPeriod": 1000,
    "nlb.AliveMsgTolerance": 5,
    "nlb.JoinHeartbeats": 5,
    "nlb.Convergence": 3000,
    "nlb.max_nodes": 32,
    "nlb.min_priority": 1,
    "nlb.max_priority": 32,
    "nlb.default_weight": 50,
    "nlb.min_weight": 0,
    "nlb.max_weight": 100,
    "nlb.affinity_network_bits": 24,
    "nlb.mac.unicast": "02-BF",
    "nlb.mac.multicast": "03-BF",
    "nlb.mac.igmp": "01-00-5E-7F",
    "feature.extended_affinity": True,
    "tcp.timeout": 20_000,
    "event.removed": 1135,
    "event.quorum-lost": 1177,
}
FACTS = (
    *(fact for fact in load_facts().releases["ws2008r2"] if fact.key not in VALUES),
    *(Fact(key, value, "V", "test") for key, value in VALUES.items()),
)


def machines(hosts: int, vms: int = 0) -> Scenario:
    """Hosts `h1…` and, one on each in turn, virtual machines `v1…`; one network, one disk array."""
    return Scenario(
        title="test",
        release="ws2008r2",
        networks=(Network("lan"),),
        storage=(Storage("san"),),
        hosts=tuple(Host(f"h{i + 1}", ("lan",), ("san",)) for i in range(hosts)),
        vms=tuple(Vm(f"v{i + 1}", f"h{i % hosts + 1}", ("lan",)) for i in range(vms)),
        facts=FACTS,
    )


def host_cluster(nodes: int, witness: str | None = None, *, preferred: tuple[str, ...] = ()) -> Scenario:
    """Cluster `c` over hosts `h1…` with the role `sql` on h1 behind the service `db`."""
    kinds = {"disk": ("node-and-disk-majority", Witness("disk", "san")), "share": ("node-and-share-majority", None)}
    mode, made_of = kinds.get(witness or "", ("node-majority", None))
    if witness == "share":
        made_of = Witness("share", "fs1")
    names = tuple(f"h{i + 1}" for i in range(nodes))
    return replace(
        machines(nodes),
        clusters=(FailoverCluster("c", names, made_of, mode),),
        roles=(Role("sql", "c", "h1", preferred=preferred),),
        services=(Service("db", "role", "sql"),),
    )


def virtual(nodes: int, *, monitored: bool = False) -> Scenario:
    """Cluster `hv` over the hosts, each with a highly available virtual machine; the service `app` runs on v1."""
    names = tuple(f"h{i + 1}" for i in range(nodes))
    return replace(
        machines(nodes, nodes),
        clusters=(FailoverCluster("hv", names, None, "node-majority"),),
        roles=tuple(
            Role(f"v{i + 1}", "hv", f"h{i + 1}", vm=f"v{i + 1}", properties=(("CheckHeartbeat", monitored),))
            for i in range(nodes)
        ),
        services=(Service("app", "runs_on", "v1"),),
    )


def guests(nodes: int) -> Scenario:
    """Cluster `g` over virtual machines, one a host; the role `sql` on v1 behind the service `db`."""
    names = tuple(f"v{i + 1}" for i in range(nodes))
    return replace(
        machines(nodes, nodes),
        clusters=(FailoverCluster("g", names, None, "node-majority"),),
        roles=(Role("sql", "g", "v1"),),
        services=(Service("db", "role", "sql"),),
    )


def farm(nodes: int) -> Scenario:
    """NLB cluster `f` over virtual machines, one a host, with the service `web`."""
    names = tuple(f"v{i + 1}" for i in range(nodes))
    return replace(
        machines(nodes, nodes),
        clusters=(NlbCluster("f", names, "multicast"),),
        services=(Service("web", "nlb", "f", 80),),
    )


def modern(scenario: Scenario, release: str = "ws2012r2") -> Scenario:
    """The same with the facts of a later release, and dynamic quorum in every failover cluster."""
    clusters = tuple(replace(c, quorum="dynamic") if isinstance(c, FailoverCluster) else c for c in scenario.clusters)
    return replace(scenario, release=release, facts=load_facts().releases[release], clusters=clusters)


def act(verb: str, *subjects: str, **options: object) -> Act:
    """One act; `sides=` and `networks=` as tuples."""
    return Act(verb, tuple(subjects), **options)  # type: ignore[arg-type]  # options are Act's own fields


def given(scenario: Scenario, *steps: Act | tuple[Act, ...] | Step) -> Scenario:
    """The scenario with this timeline; a tuple of acts is one step."""
    timeline = tuple(s if isinstance(s, Step) else Step(s if isinstance(s, tuple) else (s,)) for s in steps)
    return replace(scenario, timeline=timeline)
