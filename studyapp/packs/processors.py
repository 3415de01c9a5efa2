"""How many processes may prove at once."""

from __future__ import annotations

import os

MOST_JOBS = 64


def processors() -> int:
    """The processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return min(len(allowed(0)) if allowed is not None else os.cpu_count() or 1, MOST_JOBS)
