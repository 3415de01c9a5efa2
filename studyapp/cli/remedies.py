"""The least change that makes a claim true, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from studyapp.cli.page import Page, hanging
from studyapp.cluster.claims.evaluation import Result
from studyapp.cluster.describe import per_cent
from studyapp.cluster.least_change import Remedy, Search
from studyapp.cluster.reasons.remedies import condition, costs, how_many, others, tried
from studyapp.packs.facts import load_facts

SHOWN = 12
"""Remedies that the text lists at most; JSON has all."""


def as_json(claim: str, now: Result, search: Search) -> dict[str, Any]:
    """Everything that was found, and what was tried."""
    return {
        "claim": claim,
        "now": float(now.share(True)),
        "remedies": [[{"kind": c.kind, "text": c.text} for c in r.changes] for r in search.remedies],
        "costs": [_costs(remedy) for remedy in search.remedies],
        "tried": {"scenarios": search.tried, "changes": search.most, "complete": search.complete, **search.kinds},
    }


def as_text(claim: str, now: Result, search: Search, page: Page) -> Iterator[str]:
    """The same for a person to read."""
    yield from hanging("", claim, page.width)
    yield ""
    if search.remedies and not search.remedies[0].changes:
        yield "This is true already."
        return
    state = _now(now.share(True))
    if not search.remedies:
        made = "make" if search.complete and search.most == 2 else "makes"
        yield from hanging("", f"{state}, and {how_many(search)} {made} it true.", page.width)
    else:
        yield from hanging("", f"{state}. With {how_many(search)} it would be true: if", page.width)
        for remedy in search.remedies[:SHOWN]:
            yield from _told(remedy, page)
        if len(search.remedies) > SHOWN:
            yield f"  … {others(len(search.remedies) - SHOWN)}"
    yield ""
    yield from hanging("", tried(search), page.width)


def _now(share: Fraction) -> str:
    if share in (0, 1):
        return "This is false now" if share == 0 else "Whether this is true now cannot be known"
    return f"This is true now in {per_cent(share)} of all cases"


def _told(remedy: Remedy, page: Page) -> Iterator[str]:
    yield from hanging("  - ", condition(remedy), page.width)
    for cost in _costs(remedy):
        yield from hanging("    ", cost, page.width)


def _costs(remedy: Remedy) -> list[str]:
    return costs(remedy, load_facts().told)
