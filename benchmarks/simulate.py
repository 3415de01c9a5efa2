"""Simulate each shipped scenario, beside pushing and popping 100 tuples on a heap: `python -m benchmarks.simulate`."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import replace

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Act, Step
from studyapp.packs.places import content_folder
from studyapp.packs.scenarios import load_scenario


def best(work: Callable[[], object], seconds: float = 0.4) -> float:
    """Seconds of one call: the median over as many calls as fit."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def heap() -> None:
    """One hundred tuples onto a heap and off again."""
    queue: list[tuple[int, int]] = []
    for number in range(100):
        heapq.heappush(queue, (number * 7919 % 101, number))
    while queue:
        heapq.heappop(queue)


def main() -> None:
    """Print a ratio for each scenario with its first machine crashed."""
    floor = best(heap)
    print(f"floor: 100 heap pushes and pops {floor * 1e6:.0f} µs")
    for path in sorted((content_folder() / "windows-clustering" / "scenarios").glob("*.yaml")):
        scenario = load_scenario(path)
        crashed = replace(scenario, timeline=(Step((Act("crash", (scenario.machines[0],)),)),))
        events = len(simulate(crashed).trace.events)
        taken = best(lambda s=crashed: simulate(s))  # type: ignore[misc]  # the default binds the loop's scenario
        print(f"{path.stem:24} {taken * 1e6:7.0f} µs  {events:3} events  ratio {taken / floor:5.1f}")


if __name__ == "__main__":
    main()
