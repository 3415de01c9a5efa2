"""What a search for the least change has found, in words: what would have to be different, what that costs, what was
tried.
"""

from __future__ import annotations

from collections.abc import Callable

from studyapp.cluster.describe import join
from studyapp.cluster.least_change import Remedy, Search
from studyapp.cluster.validation.findings import Finding

KINDS = {
    "setting": ("of a setting", "of settings"),
    "placement": ("of where something is", "of where something is"),
    "witness": ("of a witness", "of a witness"),
    "fault": ("that leaves out a fault or step", "that leave out a fault or step"),
}
"""The kinds of changes, to go after how many there are: after one, and after several."""


def condition(remedy: Remedy) -> str:
    """What would have to be different, to go after "if": `vm1 were on host2 at first`."""
    return ", and ".join(change.text for change in remedy.changes)


def others(more: int) -> str:
    """That there are more remedies than those told, to go after these."""
    return "or another one" if more == 1 else f"or one of {more:,} others"


def how_many(search: Search) -> str:
    """With how many changes it would be so, as the end of a sentence; or that no search has found any."""
    if search.remedies:
        return "one change" if len(search.remedies[0].changes) == 1 else "two changes together"
    if not search.complete:
        return "no change that was tried"
    return "no single change" if search.most == 1 else "no single change and no two together"


def costs(remedy: Remedy, finding: Callable[[Finding], str]) -> list[str]:
    """What gets worse, in sentences; `finding` says what validation reports."""
    down = [f"But then {name} answers nobody even before anything happens." for name in remedy.down]
    return [*down, *(f"But then validation reports an error: {finding(error)}" for error in remedy.errors)]


def tried(search: Search) -> str:
    """What was tried, in a sentence or two."""
    counts = [(search.kinds.get(kind, 0), words) for kind, words in KINDS.items()]
    kinds = join(tuple(f"{count:,} {words[count > 1]}" for count, words in counts if count))
    if not kinds:
        return "There is nothing here that could be changed."
    pairs = search.most > 1
    in_all = sum(search.kinds.values())
    several = in_all > 1
    changes = f"{in_all:,} change{'s' if several else ''}"
    if search.complete:
        how = "one at a time and in every pair" if pairs else "one at a time"
        return f"{changes} {'were' if several else 'was'} tried, {how}: {kinds}."
    left = "every pair" if pairs else "each of them"
    return f"{changes} can be tried: {kinds}. The search ended after {search.tried:,} runs, before {left} was tried."
