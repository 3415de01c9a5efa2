"""Finds texts that are nearly the same among many, in about linear time."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

ALIKE = 0.85
"""Share of their runs of words that two texts have in common from which they are alike."""
RUN = 3
"""Words of one run."""
FEWEST_RUNS = 12
"""Runs below which a text is too short to be compared."""
MOST_COMPARED = 50
"""Texts with a run in common that each is compared with: a run that more have says little."""


def pairs(texts: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, float]]:
    """Each text that is like an earlier one: the earlier, itself, and the share that is the same."""
    runs = [_runs(text) for text in texts]
    often = Counter(run for found in runs for run in found)
    same: dict[tuple[str, ...], int] = {}
    shelf: dict[int, list[int]] = {}
    for number, (text, found) in enumerate(zip(texts, runs, strict=True)):
        if len(found) < FEWEST_RUNS:
            continue
        first = same.setdefault(text, number)
        if first != number:
            yield first, number, 1.0
            continue
        # Two sets that have so much in common share one of the rarest runs of each.
        rarest = sorted(found, key=lambda run: (often[run], run))
        rarest = rarest[: len(found) - math.ceil(ALIKE * len(found)) + 1]
        near = {other for run in rarest for other in shelf.get(run, ())[:MOST_COMPARED]}
        share, best = max(((_in_common(runs[other], found), -other) for other in near), default=(0.0, 0))
        if share >= ALIKE:
            yield -best, number, share
        for run in rarest:
            shelf.setdefault(run, []).append(number)


def _runs(text: tuple[str, ...]) -> array[int]:
    """The runs of a text, each once, as checksums: texts are many, and memory is not."""
    return array("L", sorted({crc32(" ".join(text[i : i + RUN]).encode()) for i in range(len(text) - RUN + 1)}))


def _in_common(one: array[int], other: array[int]) -> float:
    mine, others = set(one), set(other)
    return len(mine & others) / len(mine | others)
