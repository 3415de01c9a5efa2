"""Check the shipped pack, per question and per variant: `python -m benchmarks.check`."""

from __future__ import annotations

import time

from benchmarks.simulate import best, heap
from studyapp.packs.check import check_pack
from studyapp.packs.pack import load_pack
from studyapp.packs.places import content_folder


def main() -> None:
    """Print the cost of reading and of proving, beside the same heap operations."""
    folder = content_folder() / "windows-clustering"
    floor = best(heap)
    started = time.perf_counter()
    load_pack(folder)
    read = time.perf_counter() - started
    for beliefs in (False, True):
        started = time.perf_counter()
        report = check_pack(folder, beliefs=beliefs)
        taken = time.perf_counter() - started
        words = "with beliefs" if beliefs else "proof alone"
        print(
            f"{words}: {taken / report.families * 1000:.1f} ms a family, {taken / report.variants * 1000:.2f} ms a "
            f"variant, ratio {taken / report.variants / floor:.0f} to 100 heap operations, "
            f"{taken / read:.1f} to reading"
        )


if __name__ == "__main__":
    main()
