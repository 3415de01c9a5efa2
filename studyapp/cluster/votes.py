"""The votes of a failover cluster as its nodes know them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from studyapp.cluster.chance import OneOf, is_among
from studyapp.cluster.scenario import Setting


class Table(NamedTuple):
    """Who has a vote. Every node keeps the table as it was when it was last a member; a higher `epoch` is newer.

    `voters` are the nodes that have one, but for `without`, whose vote was taken to keep the number odd (by chance, so
    that it may be open which of them it is); `witness` is the witness's vote, 0 or 1.
    """

    epoch: int
    voters: frozenset[str]
    without: str | OneOf | None
    witness: int
    settings: frozenset[tuple[str, str, Setting]] = frozenset()
    """(thing, property, value): what was set while the cluster ran, which is part of its configuration."""

    @property
    def total(self) -> int:
        """The votes of which a side needs more than half."""
        return len(self.voters) - (self.without is not None) + self.witness

    def present(self, state: Mapping[Any, Any], side: Collection[str]) -> int:
        """The votes of the nodes of a side. Raises Undecided where it matters which node has lost its vote."""
        return sum(n in self.voters for n in side) - is_among(state, self.without, side)
