"""Clusters to draw in tests."""

from __future__ import annotations

from dataclasses import replace

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
from tests.cluster.build import FACTS


def hosts(*names: str) -> tuple[Host, ...]:
    """Hosts on one network with one disk array."""
    return tuple(Host(name, ("lan",), ("san",)) for name in names)


def base(title: str) -> Scenario:
    """A network and a disk array."""
    return Scenario(title, "ws2008r2", networks=(Network("lan"),), storage=(Storage("san"),), facts=FACTS)


def three_hosts() -> Scenario:
    """Three clustered hosts, one highly available virtual machine each."""
    names = ("host1", "host2", "host3")
    return replace(
        base("Three clustered hosts"),
        hosts=hosts(*names),
        vms=tuple(Vm(f"vm{n}", f"host{n}", ("lan",)) for n in (1, 2, 3)),
        clusters=(FailoverCluster("hv", names, None, "node-majority"),),
        roles=tuple(
            Role(
                f"vm{n}",
                "hv",
                f"host{n}",
                storage="san",
                vm=f"vm{n}",
                properties=(("CheckHeartbeat", False),),
                starts_in_ms=60_000,
            )
            for n in (1, 2, 3)
        ),
        services=(Service("app", "runs_on", "vm2"),),
    )


def guests() -> Scenario:
    """Three clustered virtual machines, one on each of three hosts that are not clustered."""
    scenario = three_hosts()
    return replace(
        scenario,
        title="Three clustered virtual machines",
        clusters=(FailoverCluster("guests", ("vm1", "vm2", "vm3"), None, "node-majority"),),
        roles=(Role("sql", "guests", "vm2", starts_in_ms=10_000),),
        services=(Service("app", "role", "sql"),),
    )


def both_layers() -> Scenario:
    """Clustered hosts, and on them clustered virtual machines."""
    scenario, inner = three_hosts(), guests()
    return replace(
        scenario,
        title="Both layers",
        clusters=scenario.clusters + inner.clusters,
        roles=scenario.roles + inner.roles,
        services=inner.services,
    )


def web_farm() -> Scenario:
    """Five balanced virtual machines on three hosts."""
    return replace(
        base("Five web servers"),
        storage=(),
        hosts=hosts("host1", "host2", "host3"),
        vms=tuple(Vm(f"web{n}", f"host{h}", ("lan",)) for n, h in enumerate((1, 2, 2, 3, 3), start=1)),
        clusters=(NlbCluster("farm", tuple(f"web{n}" for n in range(1, 6)), "multicast"),),
        services=(Service("web", "nlb", "farm", 80),),
    )


def shop() -> Scenario:
    """Four balanced servers in front, a cluster of two with a file share witness behind."""
    return replace(
        base("A shop"),
        hosts=hosts("web1", "web2", "web3", "web4", "db1", "db2"),
        clusters=(
            NlbCluster("farm", ("web1", "web2", "web3", "web4"), "multicast"),
            FailoverCluster("db", ("db1", "db2"), Witness("share", "fs1"), "node-and-share-majority"),
        ),
        roles=(Role("sql", "db", "db1", storage="san", starts_in_ms=10_000),),
        services=(Service("site", "nlb", "farm", 80), Service("orders", "role", "sql")),
    )


def five_nodes() -> Scenario:
    """Five nodes, three roles with preferred owners on one of them."""
    names = ("n1", "n2", "n3", "n4", "n5")
    return replace(
        base("Five nodes"),
        hosts=hosts(*names),
        clusters=(FailoverCluster("group", names, None, "node-majority"),),
        roles=(
            Role("sql", "group", "n2", ("n4", "n2", "n5", "n1"), storage="san", starts_in_ms=10_000),
            Role("files", "group", "n2", ("n2", "n3", "n1"), storage="san"),
            Role("print", "group", "n2", ("n5", "n1", "n2", "n4"), storage="san"),
        ),
        services=(Service("orders", "role", "sql"),),
    )


def two_nodes() -> Scenario:
    """Two nodes and a disk witness."""
    scenario = base("Two nodes and a disk witness")
    return replace(
        scenario,
        storage=(Storage("san"), Storage("wdisk")),
        hosts=tuple(Host(name, ("lan",), ("san", "wdisk")) for name in ("n1", "n2")),
        clusters=(FailoverCluster("group", ("n1", "n2"), Witness("disk", "wdisk"), "node-and-disk-majority"),),
        roles=(Role("files", "group", "n1", storage="san", starts_in_ms=10_000),),
        services=(Service("app", "role", "files"),),
    )


def many(count: int = 20) -> Scenario:
    """More hosts than boxes can show, each with two virtual machines, some of them balanced."""
    names = tuple(f"node{n:02}" for n in range(1, count + 1))
    return replace(
        base("Many"),
        hosts=hosts(*names),
        vms=tuple(Vm(f"vm{n:02}{half}", f"node{n:02}", ("lan",)) for n in range(1, count + 1) for half in "ab"),
        clusters=(
            FailoverCluster("hv", names, None, "node-majority"),
            NlbCluster("farm", tuple(f"vm{n:02}b" for n in range(1, min(count, 8) + 1)), "igmp"),
        ),
        roles=tuple(
            Role(f"vm{n:02}a", "hv", f"node{n:02}", vm=f"vm{n:02}a", properties=(("CheckHeartbeat", False),))
            for n in range(1, count + 1)
        ),
        services=(Service("web", "nlb", "farm", 443),),
    )


def wide() -> Scenario:
    """Names of characters that take two columns, or none."""
    names = ("東京サーバー", "e\u0301t\u00e9", "ホスト3")
    return replace(
        base("幅の広い文字 [bold]"),
        hosts=hosts(*names),
        vms=(Vm("仮想マシン", names[0], ("lan",)),),
        clusters=(FailoverCluster("[red]群", names, None, "node-majority"),),
        roles=(Role("役割", "[red]群", names[0], storage="san"),),
        services=(Service("$app[0]", "role", "役割"),),
    )


ALL = {
    "three-hosts": three_hosts,
    "guests": guests,
    "both-layers": both_layers,
    "web-farm": web_farm,
    "shop": shop,
    "five-nodes": five_nodes,
    "two-nodes": two_nodes,
    "many": many,
    "wide": wide,
}
