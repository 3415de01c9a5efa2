"""What standard output is: how wide it is, and whether it takes more than ASCII."""

from __future__ import annotations

import shutil
import sys

LEAST_WIDTH = 40
"""Columns below which the text is not made narrower."""


def columns() -> int:
    """How wide lines may be."""
    return max(LEAST_WIDTH, shutil.get_terminal_size().columns)


def shows_unicode() -> bool:
    """Standard output can be written more than ASCII."""
    try:
        "●│█≠…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
