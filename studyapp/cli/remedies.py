"""The least change that makes a claim true, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from studyapp.cli.page import Page, hanging
from studyapp.cluster.claims.evaluation import Result
from studyapp.cluster.describe import join, per_cent
from studyapp.cluster.least_change import Remedy, Search
from studyapp.packs.facts import load_facts

SHOWN = 12
"""Remedies that the text lists at most; JSON has all."""
KINDS = {
    "setting": ("setting changed", "settings changed"),
    "placement": ("placement changed", "placements changed"),
    "witness": ("change of a witness", "changes of a witness"),
    "fault": ("fault or step left out", "faults or steps left out"),
}
NUMBERS = ("no", "one", "two")


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
        together = "no single change makes" if search.most == 1 else "no single change and no two together make"
        if not search.complete:
            together = "no change that was tried makes"
        yield from hanging("", f"{state}, and {together} it true.", page.width)
    else:
        count = len(search.remedies[0].changes)
        changes = "one change" if count == 1 else f"{NUMBERS[count]} changes together"
        yield from hanging("", f"{state}. With {changes} it would be true: if", page.width)
        for remedy in search.remedies[:SHOWN]:
            yield from _told(remedy, page)
        if len(search.remedies) > SHOWN:
            yield f"  … or one of {len(search.remedies) - SHOWN:,} others"
    yield ""
    yield from hanging("", _tried(search), page.width)


def _now(share: Fraction) -> str:
    if share in (0, 1):
        return "This is false now" if share == 0 else "Whether this is true now cannot be known"
    return f"This is true now in {per_cent(share)} of all cases"


def _told(remedy: Remedy, page: Page) -> Iterator[str]:
    yield from hanging("  - ", ", and ".join(change.text for change in remedy.changes), page.width)
    for cost in _costs(remedy):
        yield from hanging("    ", cost, page.width)


def _costs(remedy: Remedy) -> list[str]:
    """What gets worse, in sentences."""
    facts = load_facts()
    down = [f"But then {name} answers nobody even before anything happens." for name in remedy.down]
    told = [facts.told(error.rule, error.subject, error.value, error.limit) for error in remedy.errors]
    return [*down, *(f"But then validation reports an error: {text}" for text in told)]


def _tried(search: Search) -> str:
    counts = [(search.kinds.get(kind, 0), words) for kind, words in KINDS.items()]
    kinds = tuple(f"{count:,} {words[count > 1]}" for count, words in counts if count)
    said = f"Tried: {join(kinds) or 'nothing, for there is nothing to change'}"
    if kinds and search.most == 1:
        said += "; each alone" if search.complete else "; some of them alone"
    elif kinds:
        said += f"; each alone, and {'every' if search.complete else 'some'} two together"
    return f"{said}." if search.complete else f"{said}. The search ends after {search.tried:,} scenarios."
