"""Which of two versions of a pack is the newer: numbers by size, `1.2` and `1.2.0` are one, a trial comes before."""

from __future__ import annotations

import re

LONGEST = 50
"""Characters of a version."""

_VERSION = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?(?:-([0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*))?\Z")

Rank = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def is_version(text: str) -> bool:
    """The text is a version: one to three numbers, and after a hyphen the name of a trial."""
    return len(text) <= LONGEST and text.isascii() and _VERSION.match(text) is not None


def rank(version: str) -> Rank:
    """What versions are compared by, in the order of semantic versioning: `1.0.0-rc.1` comes before `1.0.0`.

    Raises:
        ValueError: it is no version.
    """
    found = _VERSION.match(version)
    if found is None:
        raise ValueError(f"{version} is no version")
    trial = found[4].split(".") if found[4] else []
    numbers = tuple(int(number or 0) for number in found.group(1, 2, 3))
    # A part in digits comes before one in letters.
    return numbers, not trial, tuple((not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in trial)
