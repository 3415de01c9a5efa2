"""How the model grows: 64 nodes with 8,000 virtual machines that lose a rack, over a day; seven nodes that are lost one
by one, in every course of chance; and its cost against the number of events, nodes and machines with the fitted
exponents: `python -m benchmarks.scale`.
"""

from __future__ import annotations

import gc
import math
import resource
import time
from dataclasses import replace

from studyapp.cluster import simulate
from studyapp.cluster.scenario import (
    Act,
    FailoverCluster,
    Host,
    Network,
    Role,
    Scenario,
    Step,
    Storage,
    Vm,
    Witness,
)
from studyapp.packs.facts import load_facts

DAY = 86_400_000
RELEASE = "ws2012r2"


def made(nodes: int, vms: int, *steps: Step, until_ms: int | None = None) -> Scenario:
    """Clustered hosts with a witness and highly available virtual machines, evenly spread."""
    hosts = tuple(f"host{number}" for number in range(nodes))
    no_heartbeat = (("CheckHeartbeat", False),)
    return Scenario(
        title="scale",
        release=RELEASE,
        networks=(Network("lan"),),
        storage=(Storage("san"),),
        hosts=tuple(Host(name, ("lan",), ("san",)) for name in hosts),
        vms=tuple(Vm(f"vm{number}", hosts[number % nodes], ("lan",)) for number in range(vms)),
        clusters=(FailoverCluster("c", hosts, Witness("share", "fs1"), "dynamic"),),
        roles=tuple(
            Role(f"vm{n}", "c", hosts[n % nodes], vm=f"vm{n}", starts_in_ms=30_000, properties=no_heartbeat)
            for n in range(vms)
        ),
        timeline=steps,
        until_ms=until_ms,
        facts=load_facts().releases[RELEASE],
    )


def seconds(scenario: Scenario, times: int = 3) -> float:
    """The least time of a few runs, each on a scenario of its own."""
    found = []
    for _ in range(times):
        fresh = replace(scenario)
        gc.collect()
        start = time.perf_counter()
        simulate(fresh)
        found.append(time.perf_counter() - start)
    return min(found)


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of the least-squares line through the logarithms."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - middle_x) ** 2 for x in xs)


def rack() -> None:
    """A rack of eight hosts is lost and a day goes by; owners stay open."""
    lost = Step((Act("crash", tuple(f"host{number}" for number in range(8))),))
    scenario = made(64, 8_000, lost, until_ms=DAY)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = seconds(scenario)
    outcome = simulate(scenario)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    events, branches = len(outcome.trace.events), len(outcome.branches)
    print(f"64 nodes, 8,000 VMs, a rack lost, one day: {taken:.2f} s, {events:,} events, {branches} branch")
    print(f"  memory of the whole process {after // 1024} MB ({(after - before) // 1024} MB by the runs)")


def one_by_one(*roles: Role) -> None:
    """Seven nodes without a witness lose six, each when the cluster has settled after the one before."""
    base = made(7, 0, *(Step((Act("crash", (f"host{number}",)),)) for number in range(6)))
    cluster = FailoverCluster("c", tuple(base.host), None, "dynamic")
    scenario = replace(base, clusters=(cluster,), roles=roles)
    outcome = simulate(scenario)
    assert sum(branch.share for branch in outcome.branches) == 1
    assert not any(branch.trace.bounded for branch in outcome.branches)
    what = "with a role that goes to any node" if roles else "the cluster alone"
    taken = seconds(scenario, 9)
    print(f"7 nodes, six lost one by one, {what}: {taken * 1e3:.1f} ms, {len(outcome.branches)} branches, all exact")


def toggles(count: int, node: str = "host1") -> tuple[Step, ...]:
    """One node that crashes and starts, over and over."""
    return tuple(Step((Act("start" if number % 2 else "crash", (node,)),)) for number in range(count))


def report(what: str, points: list[tuple[int, float]]) -> None:
    """One line a size, and the exponent."""
    for size, taken in points:
        print(f"  {size:>7,} {what:7} {taken * 1e3:9.1f} ms  {taken / size * 1e6:7.1f} µs each")
    print(f"  exponent over {what}: {exponent(points):.2f}")


def main() -> None:
    """Print everything."""
    rack()
    one_by_one()
    one_by_one(Role("sql", "c", "host0"))
    events: list[tuple[int, float]] = []
    for count in (30, 300, 3_000, 30_000):
        scenario = made(3, 0, *toggles(count))
        logged = len(simulate(scenario).trace.events)
        events.append((logged, seconds(scenario, 3 if count < 30_000 else 1)))
    report("events", events)
    report("nodes", [(n, seconds(made(n, 0, *toggles(20)))) for n in (2, 4, 8, 16, 32, 64)])
    one = Step((Act("crash", ("host1",)),))
    report("VMs", [(n, seconds(made(8, n, one))) for n in (10, 100, 1_000, 8_000)])


if __name__ == "__main__":
    main()
