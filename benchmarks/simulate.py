"""Simulate each shipped scenario, and each shipped question with the claims of its options, beside pushing and popping
100 tuples on a heap: `python -m benchmarks.simulate`.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial

from studyapp.cluster import simulate
from studyapp.cluster.scenario import Act, Step
from studyapp.packs.pack import load_pack
from studyapp.packs.places import content_folder
from studyapp.packs.scenarios import load_scenario
from studyapp.questions.kinds import grader_of
from studyapp.questions.question import Question, Variant
from studyapp.questions.variants import count_variants, make_variant

FOLDER = content_folder() / "windows-clustering"
MOST = 30
"""What a question may cost, in heaps."""
VARIANTS = 12
"""Variants of one question that are timed, spread over all of them."""


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


def least(work: Callable[[], object], seconds: float) -> float:
    """Seconds of one call: the least of as many calls as fit, which a busy machine disturbs least."""
    work()
    found, end = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - start)
    return found


def ask(variant: Variant) -> None:
    """What one question costs: each of its scenarios is run once, and every claim of its options is evaluated."""
    grader_of(variant).key(variant, lru_cache(simulate))


def runs(variant: Variant) -> int:
    """How many scenarios the claims of a question are about: one with `with` is about another."""
    cached = lru_cache(simulate)
    grader_of(variant).key(variant, cached)
    return cached.cache_info().misses


def variants(question: Question) -> Iterator[Variant]:
    """Some variants of a question that the model decides."""
    in_all = count_variants(question)
    for number in range(0, in_all, max(1, in_all // VARIANTS)):
        variant = make_variant(question, number)
        if variant.scenario is not None:
            yield variant


def main() -> None:
    """Print a ratio for each scenario with its first machine crashed, and for the dearest variant of each question."""
    floor = least(heap, 1.0)
    print(f"floor: 100 heap pushes and pops {floor * 1e6:.0f} µs")
    for path in sorted((FOLDER / "scenarios").glob("*.yaml")):
        scenario = load_scenario(path)
        crashed = replace(scenario, timeline=(Step((Act("crash", (scenario.machines[0],)),)),))
        events = len(simulate(crashed).trace.events)
        taken = least(partial(simulate, crashed), 0.5)
        print(f"{path.stem:24} {taken * 1e6:7.0f} µs  {events:3} events  ratio {taken / floor:5.1f}")
    pack, _ = load_pack(FOLDER)
    assert pack is not None
    print(
        f"\nquestions with their claims, the dearest variant of each, for each of its scenarios; at most {MOST} wanted"
    )
    ratios: list[float] = []
    for question in pack.questions:
        timed = [(least(partial(ask, variant), 0.1), runs(variant)) for variant in variants(question)]
        found = sorted((taken / many, taken, many) for taken, many in timed if many)
        if found:
            dearest, taken, many = found[-1]
            ratios.append(dearest / floor)
            print(
                f"{question.id:28} {taken * 1e6:7.0f} µs  scenarios {many:3}  ratio {ratios[-1]:5.1f}  "
                f"median of its variants {found[len(found) // 2][0] / floor:5.1f}"
            )
    within = sum(ratio <= MOST for ratio in ratios)
    print(f"{within} of {len(ratios)} questions within {MOST}, the median {sorted(ratios)[len(ratios) // 2]:.1f}")


if __name__ == "__main__":
    main()
