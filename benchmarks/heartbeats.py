"""Eight nodes, all to all, one hour, three faults: the model beside SimPy, and beside itself with every heartbeat
simulated: `python -m benchmarks.heartbeats`. SimPy is in the extra `bench`.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from benchmarks.simulate import best
from studyapp.cluster import simulate
from studyapp.cluster.scenario import Scenario
from studyapp.packs.scenarios import load_scenario

NODES = tuple(f"n{number}" for number in range(1, 9))
HOUR = 3600
LIMIT = 5
FAULTS = ((600, "n8"), (1200, "n7"), (1800, "n6"))


def scenario() -> Scenario:
    """The model's cluster: node majority, heartbeats of 1 s, five of which may be missed."""
    hosts = ", ".join(f"{node}: {{}}" for node in NODES)
    crashes = "\n".join(f"  - {{at: {at}s, crash: {node}}}" for at, node in FAULTS)
    text = f"""
title: eight nodes
release: ws2008r2
hosts: {{{hosts}}}
clusters: {{c: {{kind: failover, nodes: [{", ".join(NODES)}], quorum: node-majority}}}}
timeline:
{crashes}
until: 1h
"""
    return load_scenario(text)


def on_simpy() -> list[tuple[float, str]]:
    """The same cluster as processes: each node sends to each other every second and counts what it misses."""
    import simpy

    env = simpy.Environment()
    alive = dict.fromkeys(NODES, True)
    missed = {(a, b): 0 for a in NODES for b in NODES if a != b}
    heard = dict.fromkeys(missed, False)
    removed: list[tuple[float, str]] = []

    def send(a: str, b: str) -> Generator[Any, Any, None]:
        while alive[a]:
            heard[b, a] = True
            yield env.timeout(1)

    def listen(a: str) -> Generator[Any, Any, None]:
        while alive[a]:
            yield env.timeout(1)
            for b in NODES:
                if b == a or not alive[a]:
                    continue
                missed[a, b] = 0 if heard[a, b] else missed[a, b] + 1
                heard[a, b] = False
                if missed[a, b] == LIMIT and (gone := b) not in {name for _, name in removed}:
                    removed.append((env.now, gone))

    def fail(at: int, node: str) -> Generator[Any, Any, None]:
        yield env.timeout(at)
        alive[node] = False

    for at, node in FAULTS:
        env.process(fail(at, node))
    for a in NODES:
        env.process(listen(a))
        for b in NODES:
            if a != b:
                env.process(send(a, b))
    env.run(until=HOUR)
    return removed


def main() -> None:
    """Print the ratios of one run."""
    made = scenario()
    skipping = simulate(made)
    model = [(e.at_ms / 1000, e.subject) for e in skipping.trace.events if e.kind == "removed"]
    peer = on_simpy()
    print(f"removed, model: {model}")
    print(f"removed, SimPy: {peer}")
    assert [name for _, name in model] == [name for _, name in peer]
    quick = best(lambda: simulate(replace(made)))
    start = time.perf_counter()
    every = simulate(made, every_beat=True, step_limit=1_000_000)
    slow = time.perf_counter() - start
    assert every.trace.events == skipping.trace.events, "skipping idle heartbeats changed the trace"
    start = time.perf_counter()
    on_simpy()
    other = time.perf_counter() - start
    print(f"skipping {quick * 1e3:.2f} ms, every heartbeat {slow * 1e3:.0f} ms, SimPy {other * 1e3:.0f} ms")
    print(f"SimPy / skipping {other / quick:.0f}; SimPy / every heartbeat {other / slow:.2f}; traces equal")


if __name__ == "__main__":
    main()
